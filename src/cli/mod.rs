//! The command line: the only place that prints, exits and reads the environment.
//!
//! Data goes to standard output, talk to standard error. Exit codes: see [`Exit`].

mod args;
mod audit;
#[cfg(feature = "plan")]
mod live;
mod out;
#[cfg(feature = "plan")]
mod plan;
mod reference;
#[cfg(feature = "plan")]
mod synthetic;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::intake::{Intake, intake_file};
use crate::io::{Problem, ReadPlan, read_bytes, read_plan};
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
    /// `check` found something.
    Found = 6,
    /// Interrupted; the best plan so far is kept.
    Interrupted = 130,
}

/// What stops a command: what to say, and how to end.
#[derive(Debug)]
pub struct Halt {
    exit: Exit,
    message: String,
}

impl Halt {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// All problems of a file, each in its place.
    fn invalid(file: &Path, problems: &[Problem]) -> Self {
        let errors = problems.iter().filter(|p| p.is_error()).count();
        let list: String = problems.iter().map(|p| format!("{p}\n\n")).collect();
        let count = if errors == 1 { "1 problem".to_owned() } else { format!("{errors} problems") };
        Self::new(Exit::Invalid, format!("{list}{}: {count}; nothing was written", file.display()))
    }
}

/// Runs the program on the command line's words.
pub fn run() -> ExitCode {
    let done = match Args::parse().command {
        #[cfg(feature = "plan")]
        Command::Plan(args) => plan::plan(&args),
        #[cfg(feature = "plan")]
        Command::Export(args) => plan::export(&args),
        #[cfg(feature = "plan")]
        Command::Generate(args) => synthetic::generate(&args),
        Command::Check(args) => audit::check(&args),
        Command::Show(args) => audit::show(&args),
        Command::Rules(args) => reference::rules(&args),
        Command::Schema(args) => reference::schema(&args),
    };
    let exit = done.unwrap_or_else(|halt| {
        out::talk(&halt.message);
        halt.exit
    });
    ExitCode::from(exit as u8)
}

/// The instance in a file; warnings are said.
fn read_instance(path: &Path) -> Result<Intake, Halt> {
    let taken = intake_file(path).map_err(|problems| Halt::invalid(path, &problems))?;
    for warning in &taken.warnings {
        out::talk(&format!("{warning}\n"));
    }
    Ok(taken)
}

/// The plan in a file; warnings are said.
fn read_plan_file(path: &Path, taken: &Intake) -> Result<ReadPlan, Halt> {
    let bytes = read_bytes(path).map_err(|problem| Halt::invalid(path, &[problem]))?;
    let read = read_plan(&bytes, &taken.case).map_err(|problems| Halt::invalid(path, &problems))?;
    for warning in &read.warnings {
        out::talk(&format!("{warning}\n"));
    }
    Ok(read)
}
