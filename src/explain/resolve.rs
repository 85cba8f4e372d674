//! Plans of variants, solved from a plan that is known.

use super::oracle::Wish;
use crate::audit::{Audit, measure};
use crate::brief::{Bounds, Brief, Choice, Sentence, Stamp, Told, When, Who, brief};
use crate::desk::{Settled, paths_of, settle};
use crate::domain::{Case, ParticipantIx, Plan, Policy};
use crate::rules::find;
use crate::solve::{Method, Options, Paths, Solved, Stop, Verdict, silent, solve_by};
use crate::words::Table;

/// Share of the objective that all that differs from a plan may cost where nothing else decides.
const NEARNESS: f64 = 1e-5;

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
    let legal = ask.wish.is_none() && measure(case, policy, ask.from).legal();
    let start = base.as_ref().filter(|_| legal);
    let solved = solve_by(ask.method, &brief, ask.options, start, &silent(), ask.stop)?;
    let Some(paths) = &solved.paths else { return Ok((None, solved.verdict == Verdict::Infeasible)) };
    // The solver's objective has the price of nearness in it, which no plan pays.
    let settled = settle(case, policy, &brief, paths, &Solved { objective: None, ..solved.clone() })?;
    let Settled { plan, audit, objective, .. } = settled;
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
