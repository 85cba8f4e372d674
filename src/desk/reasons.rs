//! Why someone is not placed, and why there is no plan: from plans that were tried, never from a search trace.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use crate::brief::{Amounts, Brief, evaluate};
use crate::domain::{ParticipantIx, Placement, Plan};
use crate::rules::{RuleIx, rule};
use crate::words::{Index, Period};

/// An idle span of someone's timeline, and why nothing fills it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unplaced {
    /// Who.
    pub participant: ParticipantIx,
    /// First idle period.
    pub from: Period,
    /// The period after the last idle one.
    pub until: Period,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What stands against some of the places that were tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// So many of the places tried break this hard rule (and no fewer rules in any span tried), everything else unchanged.
    Breaks(RuleIx, usize),
    /// So many of the places tried keep every hard rule, but the plan as a whole would cost more.
    Costs(usize),
}

impl Reason {
    /// In words; `tried` is the number of places tried.
    #[must_use]
    pub fn words(&self, tried: usize) -> String {
        match self {
            Self::Breaks(ix, 1) => format!("1 of {tried} places breaks {}", rule(*ix).id),
            Self::Breaks(ix, n) => format!("{n} of {tried} places break {}", rule(*ix).id),
            Self::Costs(1) => format!("1 of {tried} places is possible, but costs more than it gains"),
            Self::Costs(n) => format!("{n} of {tried} places are possible, but cost more than they gain"),
        }
    }
}

/// At most so many plans are tried for the reasons of one plan: reasons for the first spans are worth more than a long wait.
const TRIES: usize = 200_000;

/// Every idle span with its reasons: each position is tried in each stretch of the span, everything else unchanged (mentors
/// are shared out anew), and the rule named for a position is the first of the fewest hard rules broken.
///
/// Without `why` the spans alone are given: where nothing asks for every period to be filled, an idle one needs no reason.
#[must_use]
pub fn unplaced(brief: &Brief<'_>, plan: &Plan, why: bool) -> Vec<Unplaced> {
    let case = brief.case;
    let mut tries = if why { TRIES } else { 0 };
    let mut found = Vec::new();
    // Many people have too many places to try: then this is not asked for, and it takes seconds.
    let base = LazyCell::new(|| evaluate(brief, plan).map(|amounts| by_rule(&amounts)).unwrap_or_default());
    for (p, person) in case.participants.iter() {
        for ticks in person.timeline.idle(&plan.paths[p]) {
            let (from, until) = person.timeline.span(&ticks);
            let cost = case.positions.len() * ticks.len() * (ticks.len() + 1) / 2 * case.participants.len().max(1);
            let mut why = Vec::new();
            if cost <= tries {
                tries -= cost;
                why = reasons(brief, plan, &base, p, &person.timeline.periods[ticks]);
            }
            found.push(Unplaced { participant: p, from, until, reasons: why });
        }
    }
    found
}

fn reasons(brief: &Brief<'_>, plan: &Plan, base: &BTreeMap<RuleIx, f64>, p: ParticipantIx, span: &[Period]) -> Vec<Reason> {
    let mut tally: BTreeMap<Option<RuleIx>, usize> = BTreeMap::new();
    let mut trial = plan.clone();
    for position in brief.case.positions.ids() {
        let mut fewest: Option<Vec<RuleIx>> = None;
        for a in 0..span.len() {
            for b in a..span.len() {
                let placement = Placement { position, from: span[a], until: Period::new(span[b].index() + 1), mentors: Vec::new() };
                trial.paths[p].push(placement);
                let broken = evaluate(brief, &trial).map(|amounts| newly_broken(base, &by_rule(&amounts)));
                trial.paths[p].pop();
                let Some(broken) = broken else { continue };
                if fewest.as_ref().is_none_or(|f| broken.len() < f.len()) {
                    fewest = Some(broken);
                }
            }
        }
        *tally.entry(fewest.and_then(|f| f.first().copied())).or_default() += 1;
    }
    let mut reasons: Vec<Reason> = tally.into_iter().map(|(r, n)| r.map_or(Reason::Costs(n), |ix| Reason::Breaks(ix, n))).collect();
    reasons.sort_by_key(|r| match r {
        Reason::Breaks(ix, n) => (std::cmp::Reverse(*n), ix.index()),
        Reason::Costs(n) => (std::cmp::Reverse(*n), usize::MAX),
    });
    reasons
}

/// Hard rules that a trial breaks more than the plan does.
fn newly_broken(base: &BTreeMap<RuleIx, f64>, trial: &BTreeMap<RuleIx, f64>) -> Vec<RuleIx> {
    trial.iter().filter(|(rule, amount)| **amount > base.get(rule).copied().unwrap_or(0.0) + 1e-9).map(|(rule, _)| *rule).collect()
}

fn by_rule(amounts: &Amounts) -> BTreeMap<RuleIx, f64> {
    let mut sums = BTreeMap::new();
    for ((rule, _), amount) in &amounts.hard {
        *sums.entry(*rule).or_default() += amount;
    }
    sums
}
