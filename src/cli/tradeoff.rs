//! `tradeoff`: the efficient frontier between rules.

use indicatif::ProgressBar;

use super::args::TradeoffArgs;
use super::audit::unknown_rule;
use super::explain::failed;
use super::plan::{cores, listen_for_interrupt};
use super::{Exit, Halt, out, read_instance, workbook as book};
use crate::audit::rule_id;
use crate::desk::{Between, Frontier, frontier};
use crate::domain::{Mode, Policy};
use crate::io::compose;
use crate::report::{Look, frontier as said, frontier_svg};
use crate::rules::{RuleIx, find, rule};
use crate::solve::{Method, Options};

/// Finds the plans between rules, and says what each costs.
pub(super) fn tradeoff(args: &TradeoffArgs) -> Result<Exit, Halt> {
    let taken = read_instance(&args.instance)?;
    let (case, policy) = (&taken.case, &taken.policy);
    let rules = args.between.iter().map(|id| priced(policy, id)).collect::<Result<Vec<_>, _>>()?;
    if let Some(twice) = rules.iter().enumerate().find(|(i, r)| rules[..*i].contains(r)) {
        return Err(Halt::new(Exit::Usage, format!("the rule '{}' is named twice", rule_id(*twice.1))));
    }
    for output in args.output.iter().chain(&args.svg) {
        out::spare(&args.instance, output)?;
        out::try_out(output)?;
    }
    let plans = args.plans.as_ref().map(|folder| out::folder(folder)).transpose()?;
    let stop = listen_for_interrupt(|| out::talk("stopping; the plans found by then are kept"));
    let options = Options { threads: cores(args.search.threads), ..super::whatif::options(&args.search, 1) };
    let asked = Between { rules: &rules, levels: usize::from(args.points), method: Method::surest(case), options: &options, stop: &stop };
    let bar = super::whatif::bar(1 + rules.len() * (asked.levels + 1), "plans", args.search.quiet);
    let found = found(&bar, frontier(case, policy, &asked, || bar.inc(1)))?;
    for (i, point) in found.points.iter().enumerate() {
        if let Some(folder) = plans {
            let file = compose(case, &point.settled.plan, &point.settled.audit);
            let name = format!("{}.plan.{}", i + 1, book::ending(&args.instance));
            book::write_plan(&folder.join(name), &taken, &point.settled.plan, &file)?;
        }
    }
    if let Some(file) = &args.svg {
        out::write(file, &frontier_svg(case, &found))?;
    }
    let text = said(case, &found, &Look::default());
    match &args.output {
        Some(file) => {
            out::write(file, &data(&found)?)?;
            out::as_it_stands(&text);
        }
        None => out::print(&text)?,
    }
    Ok(if stop.asked() { Exit::Interrupted } else { Exit::Done })
}

fn found(bar: &ProgressBar, found: Result<Option<Frontier>, String>) -> Result<Frontier, Halt> {
    bar.finish_and_clear();
    found.map_err(failed)?.ok_or_else(|| Halt::new(Exit::NoPlan, "no plan was found, so there is nothing to trade; rungs plan says why"))
}

/// A rule that costs points.
fn priced(policy: &Policy, id: &str) -> Result<RuleIx, Halt> {
    let ix = find(id).ok_or_else(|| unknown_rule(id))?;
    let setting = policy.of(ix);
    let costs = match setting.mode {
        Mode::Soft => setting.weight > 0.0,
        Mode::Hard => rule(ix).counts_when_hard() && setting.weight > 0.0,
        Mode::Off => false,
    };
    let how = if setting.mode == Mode::Soft { "has no weight" } else { setting.mode.name() };
    let hint = "only rules that cost points can be traded: make it soft and give it a weight in the instance";
    if costs {
        Ok(ix)
    } else {
        Err(Halt::new(Exit::Usage, format!("the rule '{id}' is {how} in this instance, so it costs nothing\n  hint: {hint}")))
    }
}

/// The frontier as CSV: one line a plan.
fn data(found: &Frontier) -> Result<String, Halt> {
    let names = found.rules.iter().map(|r| rule_id(*r).to_owned());
    let head =
        ["plan", "pressed", "at_most"].map(str::to_owned).into_iter().chain(names).chain(["all_else", "total", "bound", "gap"].map(str::to_owned));
    let number = |n: Option<f64>| n.map_or(String::new(), |n| n.to_string());
    let line = |(i, point): (usize, &crate::desk::Point)| {
        let (pressed, limit) = point.pressed.map_or((String::new(), None), |(rule, limit)| (rule_id(rule).to_owned(), Some(limit)));
        // Nothing is 0, whatever its sign.
        let costs = point.costs.iter().chain([&point.rest, &point.settled.objective]).map(|cost| (cost + 0.0).to_string());
        let first = [(i + 1).to_string(), pressed, number(limit)];
        first.into_iter().chain(costs).chain([number(point.bound), number(point.gap())]).collect::<Vec<_>>()
    };
    out::csv(std::iter::once(head.collect()).chain(found.points.iter().enumerate().map(line)))
}
