//! Plans of nearly the same cost that differ most from a plan and from each other (in the spirit of Bard, Shu, Morrice &
//! Leykum 2017, who ask a second program for dissimilar plans).
//!
//! Every person-period in the position that an earlier plan has there counts; the plan with the fewest is sought that costs at most
//! so much. The exact method has the cost as a row. The column method weighs a person-period that is alike against points, and
//! halves the range of weights until the cost is just kept.

use super::settle::settle_plainly;
use super::{Settled, paths_of};
use crate::brief::{Brief, Choice, Sentence, Stamp, Told, brief};
use crate::domain::{Case, Mode, Plan, Policy};
use crate::pricing::Multipliers;
use crate::rules::{RuleIx, find, rule};
use crate::solve::{Method, Options, Paths, Start, Stop, silent, solve_by, solve_from};
use crate::words::Period;

/// Weights that the column method tries for one plan.
const TRIES: usize = 5;

/// What is asked of alternatives.
#[derive(Debug, Clone, Copy)]
pub struct Unlike<'a> {
    /// How many.
    pub count: usize,
    /// How much dearer each may be, as a share of the plan's cost.
    pub within: f64,
    /// How each is sought.
    pub method: Method,
    /// Limits of each search.
    pub options: &'a Options,
    /// Set to stop it; what was found by then is given.
    pub stop: &'a Stop,
}

/// Plans that cost at most so much more than a plan and are as unlike it, and each other, as was found; in the order in which they
/// were found. Fewer than were asked if the next one is like an earlier one in everything.
///
/// # Errors
/// What is our fault, in words.
pub fn unlike(case: &Case, policy: &Policy, base: &Settled, asked: &Unlike<'_>, mut tell: impl FnMut()) -> Result<Vec<Settled>, String> {
    let most = base.objective + asked.within * base.objective.abs() + 1e-6;
    let Some(first) = paths_of(case, &base.plan) else { return Err("a path of the plan does not lie on its timeline".to_owned()) };
    let mut known = vec![first];
    let mut found: Vec<Settled> = Vec::new();
    while found.len() < asked.count && !asked.stop.asked() {
        let search = Search { case, policy, known: &known, most, base, asked };
        let next = if asked.method == Method::Exact { search.exactly()? } else { search.weighed()? };
        let Some(next) = next else { break };
        let paths = paths_of(case, &next.plan).ok_or("a plan found does not lie on its timelines")?;
        if known.contains(&paths) {
            break;
        }
        known.push(paths);
        found.push(next);
        tell();
    }
    Ok(found)
}

/// How alike two plans are: the share of all periods of all timelines in which people have the same position, or none, in both.
#[must_use]
pub fn similarity(case: &Case, a: &Plan, b: &Plan) -> f64 {
    let at = |plan: &Plan, p, t: Period| plan.paths[p].iter().find(|pl| pl.covers(t)).map(|pl| pl.position);
    let cells = || case.participants.iter().flat_map(|(p, person)| person.timeline.periods.iter().map(move |t| (p, *t)));
    let same = cells().filter(|(p, t)| at(a, *p, *t) == at(b, *p, *t)).count();
    same as f64 / cells().count().max(1) as f64
}

struct Search<'a> {
    case: &'a Case,
    policy: &'a Policy,
    known: &'a [Paths],
    most: f64,
    base: &'a Settled,
    asked: &'a Unlike<'a>,
}

impl Search<'_> {
    /// The brief in which each person-period that a known plan has too costs so many points, told under `timeline`.
    fn told(&self, weight: f64) -> Brief<'_> {
        let mut told = brief(self.case, self.policy).told;
        let known = self.known;
        let alike = move |c: &Choice| {
            let shared = |own: &Choice| if own.position == c.position { own.after.min(c.after).saturating_sub(own.first.max(c.first)) } else { 0 };
            known.iter().flat_map(|paths| &paths[c.participant]).map(shared).sum::<usize>() as f64
        };
        let rule = find("timeline").expect("timeline is a registered rule");
        told.push(Told { rule, stamp: Stamp::Soft(weight), sentence: Sentence::Choice(Box::new(alike)) });
        Brief::new(self.case, told)
    }

    /// A person-period that is alike weighs as much as all that may be spent.
    fn heaviest(&self) -> f64 {
        (self.most - self.base.objective).max(1.0)
    }

    fn exactly(&self) -> Result<Option<Settled>, String> {
        let costs = |(ix, setting): &(RuleIx, &crate::domain::Setting)| setting.mode == Mode::Soft || rule(*ix).counts_when_hard();
        let rules: Vec<RuleIx> = self.policy.asked().filter(costs).map(|(ix, _)| ix).collect();
        let told = self.told(self.heaviest());
        let told = if rules.is_empty() { told } else { told.capped(rules, self.most) };
        let solved = solve_by(Method::Exact, &told, self.asked.options, self.known.first(), &silent(), self.asked.stop)?;
        settle_plainly(self.case, self.policy, &solved)
    }

    fn weighed(&self) -> Result<Option<Settled>, String> {
        let (mut low, mut high) = (self.heaviest() / 1e3, self.heaviest());
        let mut best: Option<Settled> = None;
        let mut multipliers: Option<Multipliers> = None;
        for _ in 0..TRIES {
            if self.asked.stop.asked() {
                break;
            }
            let weight = (low * high).sqrt();
            let told = self.told(weight);
            let start = Start { paths: self.known.last().cloned(), multipliers, ..Start::default() };
            let solved = solve_from(&start, &told, self.asked.options, &silent(), self.asked.stop)?;
            multipliers = solved.multipliers.clone();
            match settle_plainly(self.case, self.policy, &solved)?.filter(|s| s.objective <= self.most) {
                Some(kept) => {
                    low = weight;
                    let fewer = |old: &Settled| self.alike(&kept.plan) < self.alike(&old.plan);
                    if best.as_ref().is_none_or(fewer) {
                        best = Some(kept);
                    }
                }
                None => high = weight,
            }
        }
        Ok(best)
    }

    fn alike(&self, plan: &Plan) -> f64 {
        let of = |paths: &Paths| similarity(self.case, &super::plan_of(self.case, paths), plan);
        self.known.iter().map(of).sum()
    }
}
