//! The command line: the only place that prints, exits and reads the environment.
//!
//! Data goes to standard output, talk to standard error. Exit codes: see [`Exit`].

#[cfg(feature = "plan")]
mod alternatives;
mod args;
mod audit;
#[cfg(feature = "plan")]
mod explain;
#[cfg(feature = "plan")]
mod handout;
#[cfg(feature = "plan")]
mod live;
mod out;
mod page;
#[cfg(feature = "plan")]
mod place;
#[cfg(feature = "plan")]
mod plan;
#[cfg(feature = "plan")]
mod pseudonyms;
mod reference;
#[cfg(feature = "plan")]
mod replan;
#[cfg(feature = "plan")]
mod stress;
#[cfg(feature = "plan")]
mod swaps;
#[cfg(feature = "plan")]
mod synthetic;
#[cfg(feature = "plan")]
mod tradeoff;
#[cfg(feature = "plan")]
mod whatif;
mod workbook;

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::intake::Intake;
#[cfg(feature = "plan")]
use crate::io::raw::Instance;
use crate::io::{Problem, ReadPlan, read_bytes, reason};
use crate::workbook::{self as book, Source};
use args::{Args, Command};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// A plan that passes the audit was written, or what was asked for was done.
    Done = 0,
    /// An internal or input/output error.
    Failed = 1,
    /// The command line was not understood.
    Usage = 2,
    /// The input is invalid; all problems are listed.
    Invalid = 3,
    /// No plan keeps the hard rules, and that is proven; an explanation is written.
    Infeasible = 4,
    /// A limit was reached without a plan.
    NoPlan = 5,
    /// `check` found something, or `diff` a difference.
    Found = 6,
    /// Interrupted; the best plan so far is kept.
    Interrupted = 130,
}

impl Exit {
    /// Every way to end, and what it says.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Done, "done; a plan that was written has passed the audit"),
        (Self::Failed, "an internal or input/output error"),
        (Self::Usage, "the command line was not understood"),
        (Self::Invalid, "the input is invalid; all problems are listed"),
        (Self::Infeasible, "no plan keeps the hard rules: proven, and explained"),
        (Self::NoPlan, "a limit was reached before a plan was found"),
        (Self::Found, "check found something, or diff a difference"),
        (Self::Interrupted, "interrupted; the best plan so far is kept"),
    ];
}

/// Problems that are said at most: nobody reads more at once, and a mistake in a script makes millions.
const MOST_SAID: usize = 1_000;

/// What stops a command: what to say, and how to end.
#[derive(Debug)]
pub struct Halt {
    exit: Exit,
    message: String,
    /// What is wrong with the input.
    problems: Vec<Problem>,
    #[cfg(feature = "plan")]
    file: String,
}

impl Halt {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            problems: Vec::new(),
            #[cfg(feature = "plan")]
            file: String::new(),
        }
    }

    /// All problems of a file, each in its place.
    fn invalid(file: &Path, problems: &[Problem]) -> Self {
        let errors = problems.iter().filter(|p| p.is_error()).count();
        let count = if errors == 1 { "1 problem".to_owned() } else { format!("{errors} problems") };
        let halt = Self::new(Exit::Invalid, format!("{}: {count}", file.display()));
        Self {
            problems: problems.to_vec(),
            #[cfg(feature = "plan")]
            file: file.display().to_string(),
            ..halt
        }
    }

    /// What to say to people.
    fn said(&self) -> String {
        let mut list: String = self.problems.iter().take(MOST_SAID).map(|p| format!("{p}\n\n")).collect();
        if self.problems.len() > MOST_SAID {
            list += &format!("and {} more\n\n", self.problems.len() - MOST_SAID);
        }
        list + &self.message
    }

    /// What to say to machines: a line for each problem, and one for the end.
    #[cfg(feature = "plan")]
    fn lines(&self) -> String {
        let end = serde_json::json!({"event": "failed", "exit": self.exit as u8, "message": self.message});
        problem_lines(&self.file, &self.problems) + &end.to_string()
    }
}

/// Runs the program on the command line's words.
pub fn run() -> ExitCode {
    let command = match Args::try_parse() {
        Ok(args) => args.command,
        Err(wrong) if wrong.use_stderr() && wrong.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            out::misunderstood(&wrong.render().ansi().to_string());
            return ExitCode::from(Exit::Usage as u8);
        }
        // Help, which has its width, and the version.
        Err(asked) => asked.exit(),
    };
    std::panic::set_hook(Box::new(|panic| out::talk(&format!("internal error: {panic}. {OURS}"))));
    // What failed has been said by the hook.
    let exit = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| done(command))).unwrap_or(Exit::Failed);
    ExitCode::from(exit as u8)
}

/// Whose fault an internal error is.
const OURS: &str = "This is a fault of rungs: please report it with the instance";

/// What to say of an error that is ours and was found before anything was written.
#[cfg(feature = "plan")]
fn fault(what: &str) -> String {
    format!("internal error: {what}. Nothing was written. {OURS}")
}

fn done(command: Command) -> Exit {
    let writes = command.writes();
    #[cfg(feature = "plan")]
    let machine = command.speaks_json();
    let done = match command {
        #[cfg(feature = "plan")]
        Command::Plan(args) => plan::plan(&args),
        #[cfg(feature = "plan")]
        Command::Export(args) if args.pseudonyms.is_some() || args.restore.is_some() => pseudonyms::export(&args),
        #[cfg(feature = "plan")]
        Command::Export(args) => plan::export(&args),
        #[cfg(feature = "plan")]
        Command::Generate(args) => synthetic::generate(&args),
        #[cfg(feature = "plan")]
        Command::Explain(args) => explain::explain(&args),
        #[cfg(feature = "plan")]
        Command::Whatif(args) => whatif::whatif(&args),
        #[cfg(feature = "plan")]
        Command::Diff(args) => replan::diff(&args),
        #[cfg(feature = "plan")]
        Command::Replan(args) => replan::replan(&args),
        #[cfg(feature = "plan")]
        Command::Letters(args) => handout::letters(&args),
        #[cfg(feature = "plan")]
        Command::Calendar(args) => handout::calendar(&args),
        #[cfg(feature = "plan")]
        Command::Place(args) => place::place(&args),
        #[cfg(feature = "plan")]
        Command::Tradeoff(args) => tradeoff::tradeoff(&args),
        #[cfg(feature = "plan")]
        Command::Alternatives(args) => alternatives::alternatives(&args),
        #[cfg(feature = "plan")]
        Command::Swaps(args) => swaps::swaps(&args),
        #[cfg(feature = "plan")]
        Command::Stress(args) => stress::stress(&args),
        Command::Check(args) => audit::check(&args),
        Command::Template(args) => workbook::template(&args),
        Command::Convert(args) => workbook::convert(&args),
        Command::Show(args) => audit::show(&args),
        Command::Rules(args) => reference::rules(&args),
        #[cfg(feature = "plan")]
        Command::Guide(args) => reference::guide(&args),
        Command::Schema(args) => reference::schema(&args),
        Command::Report(args) => page::report(&args),
    };
    done.unwrap_or_else(|mut halt| {
        halt.message += if halt.exit == Exit::Invalid && writes { "; nothing was written" } else { "" };
        #[cfg(feature = "plan")]
        if machine {
            out::as_it_stands(&halt.lines());
            return halt.exit;
        }
        out::talk(&halt.said());
        halt.exit
    })
}

/// What a file or folder holds; `-` is standard input.
fn source(path: &Path) -> Result<Source, Halt> {
    let source = if path == Path::new("-") { Source::of_bytes(bytes(path)?) } else { Source::open(path) };
    source.map_err(|problems| Halt::invalid(path, &problems))
}

/// The bytes of a file; `-` is standard input.
fn bytes(path: &Path) -> Result<Vec<u8>, Halt> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        return match std::io::stdin().lock().read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(e) => Err(Halt::new(Exit::Failed, format!("standard input cannot be read: {}", reason(&e)))),
        };
    }
    read_bytes(path).map_err(|problem| Halt::invalid(path, &[problem]))
}

/// The instance in a JSON file, a workbook or a folder of CSV files; warnings are said.
fn read_instance(path: &Path) -> Result<Intake, Halt> {
    let taken = book::instance(&source(path)?).map_err(|problems| Halt::invalid(path, &problems))?;
    warn(&taken.warnings);
    Ok(taken)
}

/// A JSON line for each problem of a file.
#[cfg(feature = "plan")]
fn problem_lines(file: &str, problems: &[Problem]) -> String {
    let line = |problem: &Problem| {
        let mut line = serde_json::json!({"event": "problem", "file": file});
        if let (Some(line), Ok(serde_json::Value::Object(problem))) = (line.as_object_mut(), serde_json::to_value(problem)) {
            line.extend(problem);
        }
        line.to_string() + "\n"
    };
    problems.iter().map(line).collect()
}

/// The same with its raw rows.
#[cfg(feature = "plan")]
fn read_rows(path: &Path) -> Result<(Instance, Intake), Halt> {
    let read = book::instance_rows(&source(path)?).map_err(|problems| Halt::invalid(path, &problems))?;
    warn(&read.1.warnings);
    Ok(read)
}

/// The plan in a JSON file, a workbook or a folder of CSV files; warnings are said.
fn read_plan_file(path: &Path, taken: &Intake) -> Result<ReadPlan, Halt> {
    let read = book::plan(&source(path)?, &taken.case).map_err(|problems| Halt::invalid(path, &problems))?;
    warn(&read.warnings);
    Ok(read)
}

fn warn(warnings: &[Problem]) {
    warnings.iter().take(MOST_SAID).for_each(|warning| out::talk(&format!("{warning}\n")));
    if warnings.len() > MOST_SAID {
        out::talk(&format!("and {} more warnings\n", warnings.len() - MOST_SAID));
    }
}
