//! `whatif`: scenarios side by side, each from the base plan's state.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use serde::Serialize;

use super::args::{EachArgs, LogFormat, WhatifArgs};
use super::live::Live;
use super::plan::{cores, listen_for_interrupt};
use super::{Exit, Halt, bytes, fault, out, read_plan_file, read_rows, workbook as book};
use crate::change::{Changed, Scenario, scenarios};
use crate::desk::{Base, Scenario as Went, scenario};
use crate::explain::{Oracle, Possible, Relaxation, hard_only, possible};
use crate::io::compose;
use crate::io::plan_file::{Certificate, PlanFile};
use crate::pricing::{Coupling, certificate};
use crate::report::{Asked, Look, compared};
use crate::rules::rule;
use crate::solve::{Options, Stop, gap};

/// The base is planned a little nearer the best than what is asked of scenarios, so that these begin near it.
const NEARER: f64 = 0.8;

/// Solves scenarios and says what each does to the plan.
pub(super) fn whatif(args: &WhatifArgs) -> Result<Exit, Halt> {
    let (raw, taken) = read_rows(&args.instance)?;
    let asked = scenarios(&bytes(&args.scenarios)?, &raw, args.search.seed.into()).map_err(|problems| Halt::invalid(&args.scenarios, &problems))?;
    for output in args.output.iter() {
        [&args.instance, &args.scenarios].into_iter().chain(&args.plan).try_for_each(|file| out::spare(file, output))?;
        out::try_out(output)?;
    }
    let plans = args.plans.as_ref().map(|folder| out::folder(folder)).transpose()?;
    let given = args.plan.as_ref().map(|path| read_plan_file(path, &taken)).transpose()?;
    let live = Live::new(LogFormat::Text, args.search.quiet);
    let stop = listen_for_interrupt(live.stopping());
    let base = base(args, &taken, given.map(|read| (read.plan, read.file.certificate)), live, &stop)?;
    let bar = bar(asked.len(), "scenarios", args.search.quiet);
    let options = options(&args.search, 1);
    let one = |asked: &Scenario| -> Result<(Changed, Went, Option<Possible>), Halt> {
        let changed = asked.instance(&raw, args.search.seed.into()).map_err(|problems| Halt::invalid(&args.scenarios, &problems))?;
        let went = scenario(&base, &changed, &options, &stop).map_err(|e| Halt::new(Exit::Failed, fault(&format!("{}: {e}", asked.name))))?;
        if let Some(folder) = plans {
            keep(folder, book::ending(&args.instance), &asked.name, &changed, &went)?;
        }
        let why = if went.settled.is_some() { None } else { Some(why(&changed, &options, &stop)?) };
        bar.inc(1);
        Ok((changed, went, why))
    };
    let work = || asked.par_iter().map(one).collect::<Result<Vec<_>, Halt>>();
    let went = match rayon::ThreadPoolBuilder::new().num_threads(cores(args.search.threads)).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }?;
    bar.finish_and_clear();
    let mut lines: Vec<Asked<'_>> = Vec::with_capacity(asked.len());
    for (asked, (changed, went, why)) in asked.iter().zip(&went) {
        lines.push(Asked { name: &asked.name, case: &changed.taken.case, went, why: why.as_ref() });
    }
    let text = compared(&base, &lines, &Look { more: "--output has all".to_owned(), ..Look::default() });
    match &args.output {
        Some(file) => {
            out::write(file, &data(file, base.audit.objective(), &lines)?)?;
            out::as_it_stands(&text);
        }
        None => out::print(&text)?,
    }
    Ok(if stop.asked() { Exit::Interrupted } else { Exit::Done })
}

/// What each search is asked.
pub(super) fn options(search: &EachArgs, threads: usize) -> Options {
    Options { time_limit: search.time_limit, gap: search.gap, seed: search.seed, threads, node_limit: None }
}

/// Seconds that the search for what conflicts in one scenario may take where no time limit is given.
const EXPLAINING: u64 = 30;

/// Why a scenario has no plan, and what would make one.
fn why(changed: &Changed, options: &Options, stop: &Stop) -> Result<Possible, Halt> {
    let limit = options.time_limit.unwrap_or(Duration::from_secs(EXPLAINING));
    let mut oracle = Oracle::new(&Options { time_limit: Some(limit), ..options.clone() }, stop);
    let hard = hard_only(&changed.taken.policy, false);
    possible(&changed.taken.case, &hard, None, &mut oracle).map_err(|e| Halt::new(Exit::Failed, fault(&e)))
}

fn base<'a>(
    args: &WhatifArgs,
    taken: &'a crate::intake::Intake,
    given: Option<(crate::domain::Plan, Option<Certificate>)>,
    live: Live,
    stop: &Stop,
) -> Result<Base<'a>, Halt> {
    let limits = Options { gap: args.search.gap * NEARER, ..options(&args.search, cores(args.search.threads)) };
    let listener = live.listener();
    let base = Base::new(taken, given, &limits, &listener, stop).map_err(|e| Halt::new(Exit::Failed, fault(&e)))?;
    let none = "no plan of the instance as it is was found, so there is nothing to compare with; rungs plan says why";
    let base = base.ok_or_else(|| Halt::new(Exit::NoPlan, none))?;
    let broken: Vec<&str> = base.audit.breaches().map(|o| rule(o.rule).id).collect();
    if !broken.is_empty() {
        out::talk(&format!("warning: the base plan breaks {}; rungs check says where", broken.join(", ")));
    }
    Ok(base)
}

/// A bar of so many things.
pub(super) fn bar(many: usize, things: &str, quiet: bool) -> ProgressBar {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(many as u64) };
    bar.set_style(ProgressStyle::with_template(&format!("{{bar:30}} {{pos}} of {{len}} {things}  {{elapsed_precise}}")).expect("a sound template"));
    bar.tick();
    bar
}

/// Writes a scenario's plan and the instance that it is of.
fn keep(folder: &Path, ending: &str, name: &str, changed: &Changed, went: &Went) -> Result<(), Halt> {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let stem: PathBuf = folder.join(plain);
    let beside = |what: &str| PathBuf::from(format!("{}.{what}.{ending}", stem.display()));
    book::write_rows(&beside("instance"), &changed.raw)?;
    match &went.settled {
        Some(settled) => book::write_plan(&beside("plan"), &changed.taken, &settled.plan, &plan_file(changed, went)?),
        None => Ok(()),
    }
}

fn plan_file(changed: &Changed, went: &Went) -> Result<PlanFile, Halt> {
    let settled = went.settled.as_ref().ok_or_else(|| Halt::new(Exit::Failed, fault("a plan is missing")))?;
    let told = crate::brief::brief(&changed.taken.case, &changed.taken.policy);
    Ok(PlanFile {
        status: Some(settled.status),
        bound: settled.bound,
        gap: settled.bound.map(|b| gap(settled.objective, b)),
        certificate: went.solved.multipliers.as_ref().map(|m| certificate(&told, &Coupling::new(&told), m, went.solved.root_bound)),
        ..compose(&changed.taken.case, &settled.plan, &settled.audit)
    })
}

/// One scenario as data.
#[derive(Serialize)]
struct Line<'a> {
    scenario: &'a str,
    outcome: &'static str,
    objective: Option<f64>,
    difference: Option<f64>,
    bound: Option<f64>,
    gap: Option<f64>,
    touched: Option<Vec<&'a str>>,
    joined: Option<usize>,
    left: Option<usize>,
    money: Option<f64>,
    seat_periods_empty: Option<u64>,
    periods_idle: Option<u64>,
    rules: BTreeMap<&'static str, f64>,
    conflict: Vec<String>,
    remedies: Vec<String>,
}

fn line<'a>(base: f64, a: &Asked<'a>) -> Line<'a> {
    let (conflict, remedies) = match a.why {
        Some(Possible::No(conflict, relaxations)) => {
            let together = |r: &Relaxation| r.remedies.iter().map(|r| r.words(a.case)).collect::<Vec<_>>().join(" and ");
            (conflict.members.iter().map(|m| m.words(a.case)).collect(), relaxations.iter().map(together).collect())
        }
        _ => (Vec::new(), Vec::new()),
    };
    let settled = a.went.settled.as_ref();
    let id = |p: &crate::domain::ParticipantIx| a.case.participants[*p].named.id.as_str();
    let touched = a.went.touched.as_ref();
    Line {
        scenario: a.name,
        outcome: match (settled, a.went.impossible) {
            (Some(_), _) => "plan",
            (None, true) => "no plan",
            (None, false) => "none found",
        },
        objective: settled.map(|s| s.objective),
        difference: settled.map(|s| s.objective - base),
        bound: settled.and_then(|s| s.bound),
        gap: settled.and_then(|s| s.bound.map(|b| gap(s.objective, b))),
        touched: touched.map(|t| t.changed.iter().map(id).collect()),
        joined: touched.map(|t| t.joined.len()),
        left: touched.map(|t| t.left.len()),
        money: settled.map(|_| a.went.money),
        seat_periods_empty: settled.map(|_| a.went.unfilled.0),
        periods_idle: settled.map(|_| a.went.unfilled.1),
        rules: a.went.rules.iter().map(|c| (rule(c.rule).id, c.cost.1 - c.cost.0)).collect(),
        conflict,
        remedies,
    }
}

/// The result as CSV (one line a scenario, one column a rule that differs anywhere) or JSON, by the file's ending.
fn data(file: &Path, base: f64, asked: &[Asked<'_>]) -> Result<String, Halt> {
    let lines: Vec<Line<'_>> = asked.iter().map(|a| line(base, a)).collect();
    if file.extension().is_some_and(|e| e == "json") {
        return out::json(&serde_json::json!({ "base": base, "scenarios": lines }));
    }
    let rules: BTreeSet<&str> = lines.iter().flat_map(|l| l.rules.iter().filter(|(_, d)| d.abs() > 5e-7).map(|(id, _)| *id)).collect();
    let head = [
        "scenario",
        "outcome",
        "objective",
        "difference",
        "bound",
        "gap",
        "touched",
        "joined",
        "left",
        "money",
        "seat_periods_empty",
        "periods_idle",
        "conflict",
        "remedies",
    ];
    let mut records: Vec<Vec<String>> = vec![head.into_iter().chain(rules.iter().copied()).map(str::to_owned).collect()];
    for l in &lines {
        let number = |n: Option<f64>| n.map_or(String::new(), |n| n.to_string());
        let whole = |n: Option<u64>| n.map_or(String::new(), |n| n.to_string());
        let cells = [
            l.scenario.to_owned(),
            l.outcome.to_owned(),
            number(l.objective),
            number(l.difference),
            number(l.bound),
            number(l.gap),
            whole(l.touched.as_ref().map(|t| t.len() as u64)),
            whole(l.joined.map(|n| n as u64)),
            whole(l.left.map(|n| n as u64)),
            number(l.money),
            whole(l.seat_periods_empty),
            whole(l.periods_idle),
            l.conflict.join("; "),
            l.remedies.join("; "),
        ];
        let of = |id: &&str| l.rules.get(id).map_or(String::new(), f64::to_string);
        records.push(cells.into_iter().chain(rules.iter().map(of)).collect());
    }
    out::csv(records)
}
