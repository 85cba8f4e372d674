//! Why someone is where they are, and why not elsewhere: counterfactuals, each solved.

use super::conflict::{Conflict, conflict};
use super::oracle::{Answer, Oracle, Wish, hard_only};
use super::resolve::{Ask, Resolved, resolve};
use crate::audit::Audit;
use crate::domain::{Case, ParticipantIx, Plan, Policy, PositionIx, Subject};
use crate::network::Network;
use crate::rules::RuleIx;
use crate::solve::{Clock, Method, Options, Stop};

/// Arcs up to which a network's states carry what is counted along the path.
const ARCS: usize = 4_000;

/// What each rule costs on someone's own path, the dearest first. Rules that couple paths are nobody's own.
#[must_use]
pub fn own_costs(audit: &Audit, participant: ParticipantIx) -> Vec<(RuleIx, f64)> {
    let mut own: Vec<(RuleIx, f64)> = Vec::new();
    for outcome in &audit.outcomes {
        let amount: f64 = outcome.findings.iter().filter(|f| f.subject == Subject::Participant(participant)).map(|f| f.amount).sum();
        if outcome.weight * amount > 0.0 {
            own.push((outcome.rule, outcome.weight * amount));
        }
    }
    own.sort_by(|a, b| b.1.total_cmp(&a.1));
    own
}

/// Another path for someone, everyone else left where they are.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The position that was asked for.
    pub position: PositionIx,
    /// The best plan with it.
    pub resolved: Resolved,
}

/// The best other paths for one participant that leave everyone else's as they are: each position that is on some path of
/// theirs and not in the plan is asked for, and solved. The cheapest first; each path once. The second is whether all were
/// tried in time.
///
/// # Errors
/// If HiGHS fails.
pub fn alternatives(
    case: &Case,
    policy: &Policy,
    plan: &Plan,
    participant: ParticipantIx,
    options: &Options,
    stop: &Stop,
) -> Result<(Vec<Alternative>, bool), String> {
    let clock = Clock::start(options.time_limit);
    let brief = crate::brief::brief(case, policy);
    let network = Network::new(&brief, participant, ARCS);
    let mut open: Vec<PositionIx> = network.choices().map(|c| c.position).collect();
    open.sort_unstable();
    open.dedup();
    open.retain(|q| !plan.paths[participant].iter().any(|p| p.position == *q));
    let mut found: Vec<Alternative> = Vec::new();
    for position in open {
        if clock.ended(stop) {
            return Ok((sorted(found), false));
        }
        let wish = Wish { participant, position, period: None };
        let limited = Options { time_limit: clock.left().map(std::time::Duration::from_secs_f64), ..options.clone() };
        let ask = Ask { from: plan, wish: Some(wish), alone: Some(participant), method: Method::Exact, options: &limited, stop };
        if let (Some(resolved), _) = resolve(case, policy, &ask)?
            && !found.iter().any(|other| other.resolved.plan.paths[participant] == resolved.plan.paths[participant])
        {
            found.push(Alternative { position, resolved });
        }
    }
    Ok((sorted(found), true))
}

fn sorted(mut found: Vec<Alternative>) -> Vec<Alternative> {
    found.sort_by(|a, b| a.resolved.objective.total_cmp(&b.resolved.objective).then(a.position.cmp(&b.position)));
    found
}

/// Why a wish is not granted.
#[derive(Debug, Clone)]
pub enum WhyNot {
    /// It is: the plan grants it.
    Granted,
    /// They are not at work then, or at no time in the horizon: on leave, or outside their track.
    Away,
    /// What is hard forbids it: a minimal set, verified.
    Forbidden(Conflict),
    /// It can be had, and this is the best plan with it.
    Possible(Resolved),
    /// Time was up.
    Unknown,
}

/// Why a participant is not in a position (in a period, or at any time): what forbids it, or what the plan loses if it is
/// forced, found by solving with everyone free to move.
///
/// # Errors
/// If HiGHS fails.
pub fn why_not(case: &Case, policy: &Policy, plan: &Plan, wish: Wish, method: Method, options: &Options, stop: &Stop) -> Result<WhyNot, String> {
    let timeline = &case.participants[wish.participant].timeline;
    if timeline.is_empty() || wish.period.is_some_and(|t| timeline.tick(t).is_none()) {
        return Ok(WhyNot::Away);
    }
    let granted = crate::brief::events(case, plan, wish.participant).is_some_and(|events| events.choices.iter().any(|c| wish.granted(case, c)));
    if granted {
        return Ok(WhyNot::Granted);
    }
    let clock = Clock::start(options.time_limit);
    let hard = hard_only(policy, false);
    let mut oracle = Oracle::new(options, stop);
    match oracle.ask(case, &hard, Some(wish))? {
        Answer::No => return Ok(conflict(case, &hard, Some(wish), &mut oracle)?.map_or(WhyNot::Unknown, WhyNot::Forbidden)),
        Answer::Unknown => return Ok(WhyNot::Unknown),
        Answer::Yes => {}
    }
    let limited = Options { time_limit: clock.left().map(std::time::Duration::from_secs_f64), ..options.clone() };
    let ask = Ask { from: plan, wish: Some(wish), alone: None, method, options: &limited, stop };
    Ok(resolve(case, policy, &ask)?.0.map_or(WhyNot::Unknown, WhyNot::Possible))
}
