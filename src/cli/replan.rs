//! `replan` and `diff`.

use std::path::{Path, PathBuf};

use super::args::{DiffArgs, LogFormat, ReplanArgs};
use super::live::Live;
use super::plan::{cores, listen_for_interrupt, row};
use super::{Exit, Halt, bytes, fault, out, read_instance, read_plan_file, read_rows, workbook as book};
use crate::audit::audit;
use crate::brief::brief;
use crate::change::{Changed, events};
use crate::desk::{Done, Published, Replanned, replan as again, unplaced};
use crate::domain::Case;
use crate::intake::Intake;
use crate::io::plan_file::{PlanFile, Solver, Status};
use crate::io::{Json, Problem, compose};
use crate::report::{Look, Side, diff as differing, must_break, replanned};
use crate::solve::Options;
use crate::words::{Index, Period};

/// Replans after events: what is published stays, and the fewest people are touched.
pub(super) fn replan(args: &ReplanArgs) -> Result<Exit, Halt> {
    let (raw, taken) = read_rows(&args.instance)?;
    let until = period(&args.published_until, &taken)?;
    let changed = match (&args.events, &args.now) {
        (Some(file), _) => events(&bytes(file)?, &raw, args.search.seed.into()).map_err(|problems| Halt::invalid(file, &problems))?.1,
        (None, Some(file)) => by_hand(file, &taken.case)?,
        (None, None) => Changed { raw, taken: taken.clone() },
    };
    let read = read_plan_file(&args.plan, &taken)?;
    let instance = args.events.as_ref().map(|_| args.instance_output.clone().unwrap_or_else(|| beside(&args.output)));
    for output in [Some(&args.output), instance.as_ref()].into_iter().flatten() {
        [&args.instance, &args.plan].into_iter().chain(&args.events).chain(&args.now).try_for_each(|file| out::spare(file, output))?;
    }
    if instance.as_ref() == Some(&args.output) {
        return Err(Halt::new(Exit::Usage, format!("the plan and the instance cannot both be {}: name another file", args.output.display())));
    }
    book::can_write(&args.output)?;
    instance.as_ref().map_or(Ok(()), |instance| book::can_write_instance(instance))?;
    let live = Live::new(LogFormat::Text, args.search.quiet);
    let stop = listen_for_interrupt(live.stopping());
    let listener = live.listener();
    let options = Options { threads: cores(args.search.threads), ..super::whatif::options(&args.search, 1) };
    let published = Published {
        taken: &taken,
        plan: &read.plan,
        certificate: read.file.certificate.as_ref(),
        changed: &changed,
        until,
        touch_at_most: args.touch_at_most,
        break_glass: args.break_glass.is_some(),
    };
    let case = &changed.taken.case;
    let found = again(&published, &options, &listener, &stop).map_err(|e| Halt::new(Exit::Failed, fault(&e)))?;
    drop(listener);
    let done = match found {
        Replanned::Done(done) => done,
        other => return Err(refused(args, case, other)),
    };
    write(args, instance.as_deref(), &changed, &done)?;
    let before = audit(&taken.case, &taken.policy, &read.plan);
    let old = Side { case: &taken.case, plan: &read.plan, audit: &before };
    let new = Side { case, plan: &done.settled.plan, audit: &done.settled.audit };
    out::as_it_stands(&replanned(old, new, &done, until, &Look::default()));
    if args.output != Path::new("-") && !args.search.quiet {
        let of = instance.as_ref().or(args.now.as_ref()).map_or(String::new(), |instance| format!(", a plan of {}", instance.display()));
        out::as_it_stands(&format!("\nwritten: {}{of}", args.output.display()));
    }
    Ok(if stop.asked() { Exit::Interrupted } else { Exit::Done })
}

/// The instance as somebody has changed it, whose periods must be those of the plan's.
fn by_hand(now: &Path, case: &Case) -> Result<Changed, Halt> {
    let (raw, taken) = read_rows(now)?;
    let (was, is) = (&case.calendar, &taken.case.calendar);
    if (was.start, was.unit) != (is.start, is.unit) {
        let what = format!("the calendar of {} begins on another day, or has other periods, than that of the plan's instance", now.display());
        return Err(Halt::new(Exit::Usage, format!("{what}\n  hint: keep the calendar as it was; make it longer if you have to")));
    }
    Ok(Changed { raw, taken })
}

/// Writes the plan and the instance after the events: both or neither, since each is of no use without the other.
fn write(args: &ReplanArgs, instance: Option<&Path>, changed: &Changed, done: &Done) -> Result<(), Halt> {
    let file = file(args, changed, done);
    let mut all = vec![(args.output.as_path(), book::plan_contents(&args.output, &changed.taken, &done.settled.plan, &file)?)];
    if let Some(instance) = instance {
        all.push((instance, book::rows_contents(instance, &changed.raw)?));
    }
    let Err(halt) = out::put_all(&all) else { return Ok(()) };
    let halt = out::saved(halt, "plan", &out::json(&file)?);
    Err(if instance.is_some() { out::saved(halt, "instance", &out::json(&changed.raw)?) } else { halt })
}

/// Why nothing is written.
fn refused(args: &ReplanArgs, case: &Case, found: Replanned) -> Halt {
    match found {
        Replanned::Done(_) => Halt::new(Exit::Failed, fault("a plan was taken for none")),
        Replanned::MustBreak { people, proven } => {
            let who = must_break(case, &people, &Look::default());
            let sure = if proven { "no plan keeps" } else { "no plan was found that keeps" };
            let what = format!("{sure} what is published before {}; it would have to change for:\n\n{who}", args.published_until);
            Halt::new(Exit::Infeasible, format!("{what}\nNothing was written. To change it all the same, say why: --break-glass \"reason\""))
        }
        Replanned::CapTooLow(fewest) => {
            let what = format!("at least {fewest} people must be touched: this is proven. Nothing was written; raise --touch-at-most");
            Halt::new(Exit::Infeasible, what)
        }
        Replanned::None { impossible: true } => {
            let what = "after these events no plan keeps every hard rule, whoever is touched: this is proven. Nothing was written";
            Halt::new(Exit::Infeasible, what)
        }
        Replanned::None { impossible: false } => Halt::new(Exit::NoPlan, "no plan was found. Nothing was written. Give more time with --time-limit"),
    }
}

/// Where the instance after the events goes: beside the plan, as sheets where the plan is.
fn beside(plan: &Path) -> PathBuf {
    if plan == Path::new("-") {
        return PathBuf::from("replanned.instance.json");
    }
    let ending = plan.extension().map(|e| e.to_string_lossy().to_lowercase()).filter(|e| ["json", "xlsx", "ods"].contains(&e.as_str()));
    let name = if ending.is_some() { plan.file_stem() } else { plan.file_name() };
    let name = name.map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let ending = if book::is_folder(plan) { "xlsx" } else { ending.as_deref().unwrap_or("json") };
    plan.with_file_name(format!("{}.instance.{ending}", name.strip_suffix(".plan").unwrap_or(&name)))
}

/// A period of the horizon, or its end, from the command line.
fn period(text: &str, taken: &Intake) -> Result<Period, Halt> {
    let calendar = &taken.case.calendar;
    let found = text.parse::<i64>().ok().filter(|_| text.len() < 4).map_or_else(|| calendar.resolve(text).ok(), Some);
    let Some(found) = found else {
        let problem = Problem::error("E303", "", format!("--published-until: '{text}' names no period"))
            .hint("write a number, a label (2027, 2027-H1, 2027-Q3, 2027-04, 2027-W14), or a date (2027-04-01)");
        return Err(Halt::new(Exit::Usage, problem.to_string()));
    };
    let clipped = found.clamp(0, calendar.count as i64);
    Ok(Period::new(usize::try_from(clipped).unwrap_or(0)))
}

/// The plan file. What the search proved holds for plans that touch so few and keep what is published, not for every plan, so the
/// plan claims no bound.
fn file(args: &ReplanArgs, changed: &Changed, done: &Done) -> PlanFile {
    let case = &changed.taken.case;
    let told = brief(case, &changed.taken.policy);
    let idle = unplaced(&told, &done.settled.plan, changed.taken.policy.named("coverage").on());
    let id = |p| serde_json::Value::from(case.participants[p].named.id.as_str());
    let broken: Vec<serde_json::Value> = done.touched.iter().filter(|w| !w.published.is_empty()).map(|w| id(w.participant)).collect();
    let options = [
        ("gap", serde_json::json!(args.search.gap)),
        ("published_until", serde_json::json!(args.published_until)),
        ("touch_at_most", serde_json::json!(args.touch_at_most)),
        ("break_glass", serde_json::json!(args.break_glass)),
        ("published_changed", if broken.is_empty() { serde_json::Value::Null } else { broken.into() }),
        ("touched", done.touched.iter().map(|w| id(w.participant)).collect()),
    ];
    PlanFile {
        status: Some(Status::Feasible),
        unplaced: idle.iter().map(|u| row(case, u)).collect(),
        solver: Some(Solver {
            version: Some(format!("rungs {}", env!("CARGO_PKG_VERSION"))),
            method: Some("replan".to_owned()),
            seed: Some(Json(args.search.seed.into())),
            options: options.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.to_owned(), Json(v))).collect(),
            seconds: None,
            counts: [("touched", done.touched.len()), ("fewest_touched", done.fewest)]
                .into_iter()
                .map(|(k, n)| (k.to_owned(), Json(n.into())))
                .collect(),
        }),
        ..compose(case, &done.settled.plan, &done.settled.audit)
    }
}

/// Two plans in words.
pub(super) fn diff(args: &DiffArgs) -> Result<Exit, Halt> {
    let first = read_instance(&args.instance)?;
    let other = args.second_instance.as_ref().map(|path| read_instance(path)).transpose()?;
    let second = other.as_ref().unwrap_or(&first);
    let (a, b) = (read_plan_file(&args.first, &first)?, read_plan_file(&args.second, second)?);
    let (seen, now) = (audit(&first.case, &first.policy, &a.plan), audit(&second.case, &second.policy, &b.plan));
    let old = Side { case: &first.case, plan: &a.plan, audit: &seen };
    let new = Side { case: &second.case, plan: &b.plan, audit: &now };
    let look = if args.all { Look { limit: usize::MAX, ..Look::default() } } else { Look::default() };
    out::print(&differing(old, new, &look))?;
    let who = crate::desk::touched(&first.case, &a.plan, &second.case, &b.plan);
    let same = who.changed.is_empty() && who.joined.is_empty() && who.left.is_empty() && (seen.objective() - now.objective()).abs() < 1e-6;
    Ok(if same { Exit::Done } else { Exit::Found })
}
