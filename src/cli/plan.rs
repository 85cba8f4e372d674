//! `plan` and `export`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::{ExportArgs, LogFormat, Method, PlanArgs, SearchArgs};
use super::live::Live;
use super::{Exit, Halt, fault, out, problem_lines, read_instance, source, warn};
use crate::audit::measure;
use crate::brief::{Brief, brief};
use crate::desk::{Settled, Unplaced, paths_of, settle, unplaced};
use crate::domain::Case;
use crate::explain::{Oracle, Possible, hard_only, possible};
use crate::intake::Intake;
use crate::io::plan_file::{PlanFile, Solver, Status, Unplaced as UnplacedRow};
use crate::io::{Json, Problem, compose, stated};
use crate::pricing::{Coupling, certificate};
use crate::report::{Look, Proof, Waiting, possible as why_not, summary};
use crate::rules::rule;
use crate::solve::{Options, Paths, Solved, Stop, Verdict, finishes, gap, solve_by};
use crate::workbook as book;

/// Plans an instance, audits the plan, writes it and says what it is.
pub(super) fn plan(args: &PlanArgs) -> Result<Exit, Halt> {
    let taken = book::instance(&source(&args.instance)?).map_err(|problems| Halt::invalid(&args.instance, &problems))?;
    warn_as(args.log_format, &args.instance, &taken.warnings);
    // What comes through a pipe has no place beside it.
    let piped = args.instance.metadata().map_or(args.instance == Path::new("-"), |m| !m.is_file() && !m.is_dir());
    let ending = super::workbook::ending(&args.instance);
    let beside = || if piped { PathBuf::from("-") } else { args.instance.with_extension(format!("plan.{ending}")) };
    let output = args.output.clone().unwrap_or_else(beside);
    out::spare(&args.instance, &output)?;
    super::workbook::can_write(&output)?;
    let brief = brief(&taken.case, &taken.policy);
    let start = start(args, &taken)?;
    let options = options(&args.search);
    if args.method == Method::Auto && args.log_format == LogFormat::Text && !args.quiet {
        out::talk(&why(&taken.case));
    }
    let live = Live::new(args.log_format, args.quiet);
    let stop = listen_for_interrupt(live.stopping());
    let solved = {
        let listener = live.listener();
        solve_by(args.method.into(), &brief, &options, start.as_ref(), &listener, &stop).map_err(|e| Halt::new(Exit::Failed, fault(&e)))?
    };
    let Some(paths) = &solved.paths else {
        return Err(match solved.verdict {
            Verdict::Infeasible => {
                if !args.quiet && args.log_format == LogFormat::Text {
                    out::talk("no plan keeps every hard rule; looking for the rules that conflict");
                }
                let why = infeasible(&taken, &options, &stop)?;
                match args.log_format {
                    LogFormat::Text => out::as_it_stands(&why),
                    LogFormat::Jsonl => {
                        let why = anstream::adapter::strip_str(&why).to_string();
                        out::as_it_stands(&serde_json::json!({"event": "infeasible", "explanation": why}).to_string());
                    }
                }
                return Ok(Exit::Infeasible);
            }
            _ if stop.asked() => Halt::new(Exit::Interrupted, "interrupted before a plan was found; nothing was written"),
            _ => Halt::new(Exit::NoPlan, no_plan(&solved, &options)),
        });
    };
    let found = settle(&taken.case, &taken.policy, &brief, paths, &solved).map_err(|e| Halt::new(Exit::Failed, fault(&e)))?;
    let idle = unplaced(&brief, &found.plan, taken.policy.named("coverage").on());
    let file = file(args, &brief, &found, &solved, &idle);
    if let Err(halt) = super::workbook::write_plan(&output, &taken, &found.plan, &file) {
        return Err(out::saved(halt, "plan", &out::json(&file)?));
    }
    tell(args, &taken, &found, &solved, &idle, &output, &file);
    Ok(if stop.asked() { Exit::Interrupted } else { Exit::Done })
}

/// What is about to be done, and why.
fn why(case: &Case) -> String {
    let people = case.participants.rows().iter().filter(|p| !p.timeline.is_empty()).count();
    let few = if finishes(case) { "; what it leaves open is proven by one program over everyone" } else { "" };
    format!("method: columns (column generation, {people} participants{few})")
}

/// Writes the model with readable names.
pub(super) fn export(args: &ExportArgs) -> Result<Exit, Halt> {
    if !args.output.extension().is_some_and(|e| e == "lp" || e == "mps") {
        return Err(Halt::new(Exit::Usage, "the model's file must end in .lp or .mps; with --pseudonyms KEYFILE the instance itself is written"));
    }
    let taken = read_instance(&args.instance)?;
    let brief = brief(&taken.case, &taken.policy);
    // HiGHS writes the file itself: into a folder of its own first, so that a failure leaves nothing half written.
    let failed = |e: &dyn std::fmt::Display| Halt::new(Exit::Failed, format!("{} cannot be written: {e}", args.output.display()));
    let folder = tempfile::tempdir().map_err(|e| failed(&e))?;
    let ending = args.output.extension().and_then(|e| e.to_str()).unwrap_or("lp");
    let there = folder.path().join(format!("model.{ending}"));
    crate::solve::export(&brief, cores(None), &there.to_string_lossy()).map_err(|e| failed(&e))?;
    let text = std::fs::read_to_string(&there).map_err(|e| failed(&e))?;
    out::write(&args.output, &text)?;
    Ok(Exit::Done)
}

/// What a method is asked, by the command line.
pub(super) fn options(search: &SearchArgs) -> Options {
    Options { time_limit: search.time_limit, gap: search.gap, seed: search.seed, threads: cores(search.threads), node_limit: None }
}

pub(super) fn cores(asked: Option<u16>) -> usize {
    asked.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// Warnings, for people or for machines.
fn warn_as(format: LogFormat, path: &Path, warnings: &[Problem]) {
    match format {
        LogFormat::Text => warn(warnings),
        LogFormat::Jsonl if warnings.is_empty() => {}
        LogFormat::Jsonl => out::as_it_stands(&problem_lines(&path.display().to_string(), warnings)),
    }
}

fn start(args: &PlanArgs, taken: &Intake) -> Result<Option<Paths>, Halt> {
    let Some(path) = &args.start else { return Ok(None) };
    let read = book::plan(&source(path)?, &taken.case).map_err(|problems| Halt::invalid(path, &problems))?;
    warn_as(args.log_format, path, &read.warnings);
    let broken = measure(&taken.case, &taken.policy, &read.plan).breaches().filter(|o| rule(o.rule).id != "mentoring").count();
    let paths = paths_of(&taken.case, &read.plan).filter(|_| broken == 0);
    if paths.is_none() {
        let what = format!("{} breaks hard rules (rungs check lists them), so the search does not start from it", path.display());
        match args.log_format {
            LogFormat::Text => out::talk(&format!("warning: {what}")),
            LogFormat::Jsonl => out::as_it_stands(&serde_json::json!({"event": "warning", "message": what}).to_string()),
        }
    }
    Ok(paths)
}

/// The first Ctrl-C asks the method to stop and keeps the best plan, and is `told`; a second one ends the program at once.
pub(super) fn listen_for_interrupt(told: impl Fn() + Send + 'static) -> Stop {
    let stop = Stop::default();
    let heard = stop.clone();
    // Without a handler Ctrl-C just ends the program, which is no reason not to plan.
    let _ = ctrlc::set_handler(move || {
        if heard.asked() {
            std::process::exit(Exit::Interrupted as i32);
        }
        heard.ask();
        told();
    });
    stop
}

fn no_plan(solved: &Solved, options: &Options) -> String {
    let bound = solved.bound.map_or(String::new(), |b| format!("; every plan costs at least {b:.3}"));
    let in_time = options.time_limit.is_none_or(|limit| solved.seconds < limit.as_secs_f64());
    let hint = match solved.method {
        // Without any path, the column method gives up early only where someone's search for one does.
        crate::solve::Method::Columns if in_time && solved.columns.is_empty() => {
            "More time would not help: somebody has so many paths that the search for one that keeps every rule along it was cut \
             short. `--method exact` may find a plan"
        }
        _ => "Give more time with --time-limit",
    };
    format!("no plan was found in {:.1} s{bound}. Nothing was written. {hint}", solved.seconds)
}

/// Seconds that the search for what conflicts may take where no time limit is given.
const EXPLAINING: u64 = 60;

/// Why there is no plan, and what would make one.
fn infeasible(taken: &Intake, options: &Options, stop: &Stop) -> Result<String, Halt> {
    let limit = options.time_limit.unwrap_or(Duration::from_secs(EXPLAINING));
    let limited = Options { time_limit: Some(limit), ..options.clone() };
    let mut oracle = Oracle::new(&limited, stop);
    let found = possible(&taken.case, &hard_only(&taken.policy, false), None, &mut oracle).map_err(|e| Halt::new(Exit::Failed, fault(&e)))?;
    let said = match found {
        Possible::No(..) => why_not(&taken.case, &found, "keeps every hard rule", &Look::default()),
        _ => "No plan keeps every hard rule: this is proven. What conflicts was not found out in time; give more with --time-limit.\n".to_owned(),
    };
    Ok(format!("{said}\nNothing was written."))
}

fn file(args: &PlanArgs, brief: &Brief<'_>, found: &Settled, solved: &Solved, idle: &[Unplaced]) -> PlanFile {
    let case = brief.case;
    let number = |n: f64| serde_json::Number::from_f64(n).map_or(serde_json::Value::Null, serde_json::Value::Number);
    let options = [
        ("gap", number(args.search.gap)),
        ("time_limit_seconds", args.search.time_limit.map_or(serde_json::Value::Null, |t| number(t.as_secs_f64()))),
        ("start", serde_json::Value::Bool(args.start.is_some())),
    ];
    let counts = [("columns", solved.size.0 as u64), ("rows", solved.size.1 as u64), ("nodes", solved.nodes)];
    PlanFile {
        status: Some(found.status),
        bound: found.bound,
        gap: found.bound.map(|b| gap(found.objective, b)),
        unplaced: idle.iter().map(|u| row(case, u)).collect(),
        certificate: solved.multipliers.as_ref().map(|m| certificate(brief, &Coupling::new(brief), m, solved.root_bound)),
        solver: Some(Solver {
            version: Some(format!("rungs {}", env!("CARGO_PKG_VERSION"))),
            method: Some(solved.method.word().to_owned()),
            seed: Some(Json(args.search.seed.into())),
            options: options.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.to_owned(), Json(v))).collect(),
            // The clock would make two equal runs differ; it is told on the terminal instead, unless a limit struck.
            seconds: (found.status == Status::Feasible).then_some(solved.seconds),
            counts: counts.into_iter().map(|(k, n)| (k.to_owned(), Json(n.into()))).collect(),
        }),
        ..compose(case, &found.plan, &found.audit)
    }
}

pub(super) fn row(case: &Case, idle: &Unplaced) -> UnplacedRow {
    UnplacedRow {
        participant: case.participants[idle.participant].named.id.clone(),
        from: stated(idle.from),
        until: stated(idle.until),
        reasons: words(case, idle),
    }
}

pub(super) fn words(case: &Case, idle: &Unplaced) -> Vec<String> {
    idle.reasons.iter().map(|r| r.words(case.positions.len())).collect()
}

fn tell(args: &PlanArgs, taken: &Intake, found: &Settled, solved: &Solved, idle: &[Unplaced], output: &Path, file: &PlanFile) {
    if args.log_format == LogFormat::Jsonl {
        let line = serde_json::json!({"event": "done", "status": file.status, "objective": file.objective, "bound": file.bound, "gap": file.gap,
            "seconds": solved.seconds, "nodes": solved.nodes, "columns": solved.size.0, "rows": solved.size.1, "root_bound": solved.root_bound,
            "output": output.to_string_lossy()});
        return out::as_it_stands(&line.to_string());
    }
    if args.quiet {
        return;
    }
    let proof = Proof {
        status: found.status,
        objective: found.objective,
        bound: found.bound,
        gap: file.gap,
        seconds: solved.seconds,
        method: file.solver.as_ref().and_then(|s| s.method.clone()).unwrap_or_default(),
    };
    let waiting: Vec<Waiting> =
        idle.iter().map(|u| Waiting { participant: u.participant, from: u.from, until: u.until, reasons: words(&taken.case, u) }).collect();
    out::as_it_stands(&summary(&taken.case, &taken.policy, &found.plan, &found.audit, &waiting, &proof));
    let place: PathBuf = output.to_owned();
    if place != Path::new("-") {
        let (instance, plan) = (args.instance.display(), place.display());
        out::as_it_stands(&format!("\nwritten: {plan}\nsee it:  rungs show {instance} {plan}"));
    }
}
