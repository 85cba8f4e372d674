//! Two plans held against each other: rule by rule, and who has other placements.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::Audit;
use crate::change::plan_in;
use crate::domain::{Before, Case, ParticipantIx, Placement, Plan};
use crate::rules::RuleIx;
use crate::words::Index;

/// What one rule costs in two plans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleChange {
    /// The rule.
    pub rule: RuleIx,
    /// Its measure in the first and in the second plan.
    pub measure: (f64, f64),
    /// Its cost in the first and in the second plan.
    pub cost: (f64, f64),
}

/// Every rule that is not off in both, in the registry's order.
#[must_use]
pub fn rule_changes(first: &Audit, second: &Audit) -> Vec<RuleChange> {
    let of = |audit: &Audit, rule| audit.of(rule).map_or((0.0, 0.0), |o| (o.measure, o.cost));
    let on = |rule: &RuleIx| first.of(*rule).is_some() || second.of(*rule).is_some();
    let rules = (0..crate::rules::RULES.len()).map(RuleIx::new).filter(on);
    rules
        .map(|rule| {
            let (a, b) = (of(first, rule), of(second, rule));
            RuleChange { rule, measure: (a.0, b.0), cost: (a.1, b.1) }
        })
        .collect()
}

/// Who has a path in two plans, of two cases that share ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Touched {
    /// In both cases, with other placements in the second plan: numbers of the second case.
    pub changed: Vec<ParticipantIx>,
    /// Only in the second case.
    pub joined: Vec<ParticipantIx>,
    /// Only in the first case: numbers there.
    pub left: Vec<ParticipantIx>,
}

/// Whose placements differ: another position or another span; a change of mentor alone touches nobody.
#[must_use]
pub fn touched(old: &Case, before: &Plan, new: &Case, after: &Plan) -> Touched {
    let there = plan_in(old, before, new);
    let id = |p: ParticipantIx| new.participants[p].named.id.as_str();
    let had: BTreeMap<&str, usize> = old.participants.iter().map(|(p, row)| (row.named.id.as_str(), before.paths[p].len())).collect();
    let here: BTreeSet<&str> = new.participants.ids().map(id).collect();
    let spans = |path: &[Placement]| path.iter().map(|pl| (pl.from, pl.until, pl.position)).collect::<Vec<_>>();
    // A placement that cannot even be said in the new case is another one too.
    let differs = |p: &ParticipantIx| spans(&there.paths[*p]) != spans(&after.paths[*p]) || had.get(id(*p)) != Some(&there.paths[*p].len());
    Touched {
        changed: new.participants.ids().filter(|p| had.contains_key(id(*p))).filter(differs).collect(),
        joined: new.participants.ids().filter(|p| !had.contains_key(id(*p))).collect(),
        left: old.participants.iter().filter(|(_, row)| !here.contains(row.named.id.as_str())).map(|(p, _)| p).collect(),
    }
}

/// What a plan's moves cost in money.
#[must_use]
pub fn money(case: &Case, plan: &Plan) -> f64 {
    let of = |(p, path): (ParticipantIx, &Vec<Placement>)| {
        let befores = std::iter::once(Before::Start).chain(path.iter().map(|pl| Before::Placement(pl.position)));
        path.iter().zip(befores).filter_map(|(pl, before)| case.relocating(p, before, pl.position)).map(|r| r.cost).sum::<f64>()
    };
    plan.paths.iter().map(of).sum()
}

/// Seat-periods that the business needs filled and the plan leaves empty, and periods in which people have no placement.
#[must_use]
pub fn unfilled(case: &Case, plan: &Plan) -> (u64, u64) {
    let count = case.calendar.count;
    let mut filled = vec![0u32; case.positions.len() * count];
    let mut idle = 0;
    for (p, path) in plan.paths.iter() {
        for t in &case.participants[p].timeline.periods {
            match path.iter().find(|pl| pl.covers(*t)) {
                Some(pl) => filled[pl.position.index() * count + t.index()] += 1,
                None => idle += 1,
            }
        }
    }
    let short = |(q, position): (crate::domain::PositionIx, &crate::domain::Position)| {
        let missing = |t: crate::words::Period| u64::from(position.demand[t].saturating_sub(filled[q.index() * count + t.index()]));
        case.calendar.periods().filter(|t| position.open[*t]).map(missing).sum::<u64>()
    };
    (case.positions.iter().map(short).sum(), idle)
}
