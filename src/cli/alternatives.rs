//! `alternatives`: plans of nearly the same cost that differ most.

use super::args::{AlternativesArgs, LogFormat};
use super::explain::{failed, legal_plan};
use super::live::Live;
use super::plan::{cores, listen_for_interrupt};
use super::{Exit, Halt, out, read_instance};
use crate::audit::audit;
use crate::brief::brief;
use crate::desk::{Settled, Unlike, settle, similarity, unlike};
use crate::intake::Intake;
use crate::io::compose;
use crate::io::plan_file::Status;
use crate::report::{Look, unlike as said};
use crate::solve::{Method, Options, Stop, solve_by};

/// Finds plans unlike a plan, and says how alike they are.
pub(super) fn alternatives(args: &AlternativesArgs) -> Result<Exit, Halt> {
    let taken = read_instance(&args.instance)?;
    let case = &taken.case;
    for output in args.output.iter() {
        [&args.instance].into_iter().chain(&args.plan).try_for_each(|file| out::spare(file, output))?;
        out::try_out(output)?;
    }
    let plans = args.plans.as_ref().map(|folder| out::folder(folder)).transpose()?;
    let options = Options { threads: cores(args.search.threads), ..super::whatif::options(&args.search, 1) };
    let live = Live::new(LogFormat::Text, args.search.quiet);
    let stop = listen_for_interrupt(live.stopping());
    let base = base(args, &taken, &options, live, &stop)?;
    let asked = Unlike { count: usize::from(args.count), within: args.within, method: Method::surest(case), options: &options, stop: &stop };
    let bar = super::whatif::bar(asked.count, "plans", args.search.quiet);
    let found = unlike(case, &taken.policy, &base, &asked, || bar.inc(1));
    bar.finish_and_clear();
    let all: Vec<Settled> = std::iter::once(base).chain(found.map_err(failed)?).collect();
    for (i, settled) in all.iter().enumerate() {
        if let Some(folder) = plans {
            let file = compose(case, &settled.plan, &settled.audit);
            super::workbook::write_plan(&folder.join(format!("{i}.plan.{}", super::workbook::ending(&args.instance))), &taken, &settled.plan, &file)?;
        }
    }
    let text = said(case, &all, args.within, &Look::default());
    match &args.output {
        Some(file) => {
            out::write(file, &data(&taken, &all)?)?;
            out::as_it_stands(&text);
        }
        None => out::print(&text)?,
    }
    if (2..=asked.count).contains(&all.len()) {
        out::talk(&format!("{} were asked for; no more was found that costs so little and differs from these", asked.count));
    }
    Ok(if stop.asked() { Exit::Interrupted } else { Exit::Done })
}

/// The plan given, or the best one found.
fn base(args: &AlternativesArgs, taken: &Intake, options: &Options, live: Live, stop: &Stop) -> Result<Settled, Halt> {
    if let Some(path) = &args.plan {
        let plan = legal_plan(&args.instance, path, taken)?.plan;
        let seen = audit(&taken.case, &taken.policy, &plan);
        return Ok(Settled { objective: seen.objective(), plan, audit: seen, status: Status::Feasible, bound: None });
    }
    let told = brief(&taken.case, &taken.policy);
    let listener = live.listener();
    let solved = solve_by(Method::Auto, &told, options, None, &listener, stop).map_err(failed)?;
    let none = || Halt::new(Exit::NoPlan, "no plan was found, so there is nothing to differ from; rungs plan says why");
    let paths = solved.paths.as_ref().ok_or_else(none)?;
    settle(&taken.case, &taken.policy, &told, paths, &solved).map_err(failed)
}

/// Costs and likenesses as CSV: one line a plan, the first being the plan itself.
fn data(taken: &Intake, all: &[Settled]) -> Result<String, Halt> {
    let head = ["plan".to_owned(), "points".to_owned()].into_iter().chain((0..all.len()).map(|i| format!("like_{i}"))).collect();
    let line = |(i, one): (usize, &Settled)| {
        let like = all.iter().map(|other| similarity(&taken.case, &one.plan, &other.plan).to_string());
        [i.to_string(), one.objective.to_string()].into_iter().chain(like).collect::<Vec<_>>()
    };
    out::csv(std::iter::once(head).chain(all.iter().enumerate().map(line)))
}
