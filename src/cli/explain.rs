//! `explain`: what is short, what conflicts, why someone is where they are, what one more is worth.

use std::path::Path;
use std::time::Duration;

use super::args::{Explain, ExplainArgs, PinsArgs, SearchArgs, WhyArgs, WorthArgs};
use super::plan::{listen_for_interrupt, options};
use super::{Exit, Halt, fault, out, read_instance, read_plan_file};
use crate::audit::{audit, measure};
use crate::brief::brief;
use crate::domain::{Case, ParticipantIx, Plan, PositionIx};
use crate::explain::{Ask, Wish, alternatives, diagnose, pins, verify, why_not, worth};
use crate::intake::Intake;
use crate::io::{ReadPlan, suggest};
use crate::pricing::{Coupling, Multipliers, multipliers};
use crate::report::{Look, diagnosis, got, others, pinned, refused, worths};
use crate::solve::{Method as By, Options, Stop, silent, solve_by};
use crate::words::{Index, Period};

/// Seconds that an explanation may take where no time limit is given.
const PATIENCE: u64 = 120;

/// Changes that are listed by what they are worth.
const BEST: usize = 15;

/// Everything is said: it was asked for.
fn whole_look() -> Look {
    Look { limit: usize::MAX, ..Look::default() }
}

/// Explains an instance: supply against demand, and why there is no plan, if there is none; or what is asked beside.
pub(super) fn explain(args: &ExplainArgs) -> Result<Exit, Halt> {
    match (&args.what, &args.instance) {
        (Some(Explain::Why(args)), _) => why(args),
        (Some(Explain::Worth(args)), _) => what_is_worth(args),
        (Some(Explain::Pins(args)), _) => what_pins_cost(args),
        (None, Some(instance)) => whole(args, instance),
        (None, None) => Err(Halt::new(Exit::Usage, "name an instance")),
    }
}

fn whole(args: &ExplainArgs, instance: &Path) -> Result<Exit, Halt> {
    let taken = read_instance(instance)?;
    let known = args.plan.as_ref().map(|path| read_plan_file(path, &taken)).transpose()?;
    let (options, stop) = patient(&args.search);
    let known = known.map(|read| read.plan);
    let found = diagnose(&taken.case, &taken.policy, known, &options, &stop).map_err(failed)?;
    out::print(&diagnosis(&taken.case, &found, &whole_look()))?;
    Ok(ended(&stop))
}

/// Options with a time limit, and what Ctrl-C sets.
pub(super) fn patient(search: &SearchArgs) -> (Options, Stop) {
    let asked = options(search);
    let limit = asked.time_limit.unwrap_or(Duration::from_secs(PATIENCE));
    (Options { time_limit: Some(limit), ..asked }, listen_for_interrupt(|| out::talk("stopping; what is known by then is said")))
}

pub(super) fn failed(e: String) -> Halt {
    Halt::new(Exit::Failed, fault(&e))
}

pub(super) fn ended(stop: &Stop) -> Exit {
    if stop.asked() { Exit::Interrupted } else { Exit::Done }
}

/// The instance, and a plan that keeps its hard rules.
pub(super) fn with_plan(instance: &Path, plan: &Path) -> Result<(Intake, ReadPlan), Halt> {
    let taken = read_instance(instance)?;
    let read = legal_plan(instance, plan, &taken)?;
    Ok((taken, read))
}

/// A plan that keeps the hard rules of an instance.
pub(super) fn legal_plan(instance: &Path, plan: &Path, taken: &Intake) -> Result<ReadPlan, Halt> {
    let read = read_plan_file(plan, taken)?;
    if !measure(&taken.case, &taken.policy, &read.plan).legal() {
        let (instance, plan) = (instance.display(), plan.display());
        return Err(Halt::new(Exit::Found, format!("{plan} breaks hard rules; `rungs check {instance} {plan}` lists them")));
    }
    Ok(read)
}

fn why(args: &WhyArgs) -> Result<Exit, Halt> {
    let (taken, read) = with_plan(&args.of.instance, &args.of.plan)?;
    let (case, policy, plan) = (&taken.case, &taken.policy, &read.plan);
    let participant = find_participant(case, &args.participant)?;
    let (options, stop) = patient(&args.search);
    let seen = audit(case, policy, plan);
    let look = whole_look();
    let Some(position) = &args.position else {
        let (found, all) = alternatives(case, policy, plan, participant, &options, &stop).map_err(failed)?;
        out::print(&(got(case, plan, &seen, participant, &look) + "\n" + &others(case, &seen, participant, &found, all, &look)))?;
        return Ok(ended(&stop));
    };
    let position = find_position(case, position)?;
    let period = args.period.as_ref().map(|text| find_period(case, text)).transpose()?;
    let wish = Wish { participant, position, period };
    let found = why_not(case, policy, plan, wish, By::Auto, &options, &stop).map_err(failed)?;
    out::print(&refused(case, plan, &seen, wish, &found, &look))?;
    Ok(ended(&stop))
}

pub(super) fn find_participant(case: &Case, text: &str) -> Result<ParticipantIx, Halt> {
    let all: Vec<(ParticipantIx, [String; 2])> = case.participants.iter().map(|(p, x)| (p, [x.named.id.clone(), x.named.name.clone()])).collect();
    find(&all, text, "participant")
}

fn find_position(case: &Case, text: &str) -> Result<PositionIx, Halt> {
    let all: Vec<(PositionIx, [String; 2])> = case.positions.iter().map(|(q, x)| (q, [x.id.clone(), case.position_name(q)])).collect();
    find(&all, text, "position")
}

/// The one thing with an id, or else with a name.
fn find<I: Copy>(all: &[(I, [String; 2])], text: &str, thing: &str) -> Result<I, Halt> {
    if let Some((i, _)) = all.iter().find(|(_, [id, _])| id == text) {
        return Ok(*i);
    }
    let named: Vec<&(I, [String; 2])> = all.iter().filter(|(_, [_, name])| name.eq_ignore_ascii_case(text)).collect();
    match named[..] {
        [(i, _)] => Ok(*i),
        [] => {
            let near = suggest(text, all.iter().flat_map(|(_, both)| both.iter().map(String::as_str)));
            let hint = near.map_or(String::new(), |near| format!("\n  hint: did you mean '{near}'?"));
            Err(Halt::new(Exit::Usage, format!("there is no {thing} '{text}'{hint}")))
        }
        _ => {
            let ids: Vec<&str> = named.iter().map(|(_, [id, _])| id.as_str()).collect();
            Err(Halt::new(Exit::Usage, format!("more than one {thing} is called '{text}'\n  hint: give an id: {}", ids.join(", "))))
        }
    }
}

fn find_period(case: &Case, text: &str) -> Result<Period, Halt> {
    let count = case.calendar.count;
    let place = case.calendar.resolve(text).ok().or_else(|| text.parse().ok()).and_then(|i| usize::try_from(i).ok()).filter(|i| *i < count);
    place.map(Period::new).ok_or_else(|| {
        let (first, last) = (case.calendar.label(Period::new(0)), case.calendar.label(Period::new(count.saturating_sub(1))));
        Halt::new(Exit::Usage, format!("'{text}' is no period of the horizon\n  hint: periods go from {first} to {last}"))
    })
}

fn what_is_worth(args: &WorthArgs) -> Result<Exit, Halt> {
    let (taken, read) = with_plan(&args.instance, &args.plan)?;
    let (case, policy) = (&taken.case, &taken.policy);
    let (options, stop) = patient(&args.search);
    let brief = brief(case, policy);
    let coupling = Coupling::new(&brief);
    let prices = match &read.file.certificate {
        Some(certificate) => multipliers(&brief, &coupling, certificate),
        None => priced(&taken, &read.plan, &options, &stop)?,
    };
    let mut found = worth(&brief, &coupling, &prices);
    let ask = Ask { from: &read.plan, wish: None, alone: None, method: By::Auto, options: &options, stop: &stop };
    verify(case, policy, &mut found, args.verify, &ask).map_err(failed)?;
    let best = Look { limit: args.verify.max(BEST), more: "each worth no more than these".to_owned(), ..Look::default() };
    out::print(&worths(case, policy, &read.plan, &found, &best))?;
    Ok(ended(&stop))
}

/// Prices where the plan carries none: those of the column method's linear program, in a third of the time.
fn priced(taken: &Intake, plan: &Plan, options: &Options, stop: &Stop) -> Result<Multipliers, Halt> {
    let brief = brief(&taken.case, &taken.policy);
    // Any gap will do: the search ends with the prices.
    let quick = Options { gap: 1e9, time_limit: options.time_limit.map(|t| t / 3), ..options.clone() };
    let start = crate::desk::paths_of(&taken.case, plan);
    let solved = solve_by(By::Columns, &brief, &quick, start.as_ref(), &silent(), stop).map_err(failed)?;
    Ok(solved.multipliers.unwrap_or_else(|| Multipliers::none(&Coupling::new(&brief))))
}

fn what_pins_cost(args: &PinsArgs) -> Result<Exit, Halt> {
    let (taken, read) = with_plan(&args.of.instance, &args.of.plan)?;
    let (options, stop) = patient(&args.search);
    let ask = Ask { from: &read.plan, wish: None, alone: None, method: By::Auto, options: &options, stop: &stop };
    let found = pins(&taken.case, &taken.policy, &ask).map_err(failed)?;
    out::print(&pinned(&taken.case, &taken.policy, &read.plan, &found, &whole_look()))?;
    Ok(ended(&stop))
}
