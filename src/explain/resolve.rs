//! Plans of variants, solved from a plan that is known, and what differs.

use std::sync::Mutex;

use super::oracle::Wish;
use crate::audit::{Audit, measure};
use crate::brief::{Bounds, Brief, Choice, Sentence, Stamp, Told, When, Who, brief};
use crate::desk::{assign_mentors, paths_of, plan_of};
use crate::domain::{Case, ParticipantIx, Placement, Plan, Policy};
use crate::rules::{RuleIx, find};
use crate::solve::{Listener, Method, Options, Paths, Stop, Verdict, solve_by};
use crate::words::Table;

/// Share of the objective that all that differs from a plan may cost where nothing else decides.
const NEARNESS: f64 = 1e-4;

/// A plan of a variant.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The plan, with mentors.
    pub plan: Plan,
    /// What it is worth by the audit.
    pub audit: Audit,
    /// Its objective.
    pub objective: f64,
    /// No plan of the variant costs less.
    pub bound: f64,
}

/// What a variant is solved with.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The plan that is known: the search starts from it, and of equally good plans the nearest is wanted.
    pub from: &'a Plan,
    /// Something asked beside the rules.
    pub wish: Option<Wish>,
    /// Whoever is not this participant keeps their path.
    pub alone: Option<ParticipantIx>,
    /// The method.
    pub method: Method,
    /// Its limits.
    pub options: &'a Options,
    /// Set to stop it.
    pub stop: &'a Stop,
}

/// Solves a variant; `None` if it has no plan, or none was found in time (then the second is false).
///
/// # Errors
/// If HiGHS fails, or the plan found is not what the audit says: faults of ours.
pub fn resolve(case: &Case, policy: &Policy, ask: &Ask<'_>) -> Result<(Option<Resolved>, bool), String> {
    let told = brief(case, policy);
    let told = match ask.wish {
        Some(wish) => wish.told(told),
        None => told,
    };
    let base = paths_of(case, ask.from);
    let scale = base.as_ref().map_or(1.0, |_| measure(case, policy, ask.from).objective().abs().max(1.0));
    let brief = match &base {
        Some(paths) => near(told, paths, scale, ask.alone),
        None => told,
    };
    let silent: Listener<'_> = Mutex::new(Box::new(|_| {}));
    let legal = ask.wish.is_none() && measure(case, policy, ask.from).legal();
    let start = base.as_ref().filter(|_| legal);
    let solved = solve_by(ask.method, &brief, ask.options, start, &silent, ask.stop)?;
    let Some(paths) = &solved.paths else { return Ok((None, solved.verdict == Verdict::Infeasible)) };
    let plan = assign_mentors(&brief, plan_of(case, paths))?;
    let audit = measure(case, policy, &plan);
    if let Some(broken) = audit.breaches().next() {
        return Err(format!("the plan found breaks {}", crate::rules::rule(broken.rule).id));
    }
    let objective = audit.objective();
    // What nearness adds is in the solver's bound, and in no plan's cost.
    let bound = (solved.bound.unwrap_or(0.0) - NEARNESS * scale).min(objective);
    Ok((Some(Resolved { plan, audit, objective, bound }), true))
}

/// The brief with a hair's price on every placement that is not in the plan; and where all but one keep their path, with gates
/// that leave the others nothing else. Both are told under `timeline`, whose points nobody counts.
fn near<'c>(brief: Brief<'c>, paths: &Paths, scale: f64, alone: Option<ParticipantIx>) -> Brief<'c> {
    let case = brief.case;
    let rule = find("timeline").expect("timeline is a registered rule");
    let periods: usize = case.participants.rows().iter().map(|p| p.timeline.len()).sum();
    let base: Table<ParticipantIx, Vec<Choice>> = paths.clone();
    let gated = base.clone();
    let mut told = brief.told;
    told.push(Told {
        rule,
        stamp: Stamp::Soft(NEARNESS * scale / periods.max(1) as f64),
        sentence: Sentence::Choice(Box::new(move |c: &Choice| if base[c.participant].contains(c) { 0.0 } else { 1.0 })),
    });
    if let Some(one) = alone {
        let others: Vec<ParticipantIx> = base_ids(paths).filter(|p| *p != one).collect();
        let (kept, lengths) = (gated.clone(), gated.clone());
        let sentence = Sentence::Choice(Box::new(move |c: &Choice| f64::from(u8::from(c.participant != one && !gated[c.participant].contains(c)))));
        told.push(Told { rule, stamp: Stamp::Hard, sentence });
        let sentence = Sentence::Count {
            who: Who::Only(others),
            choice: Box::new(move |c: &Choice| f64::from(u8::from(kept[c.participant].contains(c)))),
            mv: None,
            bounds: Box::new(move |p| Bounds { at_least: Some((lengths[p].len() as f64, When::Always)), at_most: None }),
        };
        told.push(Told { rule, stamp: Stamp::Hard, sentence });
    }
    Brief::new(case, told)
}

/// Those who have a path.
fn base_ids(paths: &Paths) -> impl Iterator<Item = ParticipantIx> + '_ {
    paths.iter().filter(|(_, path)| !path.is_empty()).map(|(p, _)| p)
}

/// Someone whose path differs between two plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Who.
    pub participant: ParticipantIx,
    /// Placements that are no more.
    pub lost: Vec<Placement>,
    /// Placements that are new.
    pub gained: Vec<Placement>,
}

/// Everyone whose placements differ, whatever their mentors.
#[must_use]
pub fn touched(before: &Plan, after: &Plan) -> Vec<Touched> {
    let bare = |path: &[Placement]| path.iter().map(|p| Placement { mentors: Vec::new(), ..p.clone() }).collect::<Vec<_>>();
    let of = |(p, path): (ParticipantIx, &Vec<Placement>)| {
        let (old, new) = (bare(path), bare(&after.paths[p]));
        let only = |these: &[Placement], those: &[Placement]| these.iter().filter(|x| !those.contains(x)).cloned().collect::<Vec<_>>();
        Touched { participant: p, lost: only(&old, &new), gained: only(&new, &old) }
    };
    before.paths.iter().map(of).filter(|t| !(t.lost.is_empty() && t.gained.is_empty())).collect()
}

/// What each rule costs more (or less, below 0) in one audit than in another; those that cost the same are left out.
#[must_use]
pub fn dearer(before: &Audit, after: &Audit) -> Vec<(RuleIx, f64)> {
    let cost = |audit: &Audit, rule| audit.of(rule).map_or(0.0, |o| o.cost);
    let mut all: Vec<RuleIx> = before.outcomes.iter().chain(&after.outcomes).map(|o| o.rule).collect();
    all.sort_unstable();
    all.dedup();
    let differ = all.into_iter().map(|rule| (rule, cost(after, rule) - cost(before, rule)));
    differ.filter(|(_, d)| d.abs() > 1e-9).collect()
}
