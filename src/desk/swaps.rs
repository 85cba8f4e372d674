//! Swaps: exchanges between people, as plans that have been audited.

use super::assign_mentors;
use crate::audit::audit;
use crate::brief::brief;
use crate::domain::{Case, ParticipantIx, Plan, Policy};
use crate::solve::{Exchange, exchanges};
use crate::words::{Period, Table};

/// Points up to which two costs are the same.
const SAME: f64 = 1e-5;

/// A swap.
#[derive(Debug, Clone)]
pub struct Swap {
    /// Each takes what the next one has in the span, the last what the first one has; with what changes in their own points.
    pub who: Vec<(ParticipantIx, f64)>,
    /// The span.
    pub span: (Period, Period),
    /// What changes in the plan's cost.
    pub points: f64,
    /// The plan with it, audited.
    pub plan: Plan,
}

/// The swaps of a plan.
#[derive(Debug, Clone)]
pub struct Swaps {
    /// Nobody is worse off in their own points, and somebody better; the largest gain first.
    pub gentle: Vec<Swap>,
    /// Others, those that cost the plan least first.
    pub cheap: Vec<Swap>,
    /// Everything was looked at.
    pub whole: bool,
}

/// The best swaps of a plan, at most `most` of each kind, in circles of at most `longest` people. Each has been audited: it breaks no
/// rule that the plan keeps, and costs what it says. See [`exchanges`] for what is looked at.
///
/// # Errors
/// What is our fault, in words, or that the plan breaks something along a path.
pub fn swaps(case: &Case, policy: &Policy, plan: &Plan, longest: usize, most: usize, threads: usize) -> Result<Swaps, String> {
    let told = brief(case, policy);
    let found = exchanges(&told, plan, longest, threads).ok_or("a path of the plan breaks a rule by itself")?;
    let before = audit(case, policy, plan).objective();
    let settle = |exchange: &Exchange| -> Result<Swap, String> {
        let mut with = plan.clone();
        let mut paths = Table::new(vec![Vec::new(); case.participants.len()]);
        exchange.who.iter().zip(&exchange.paths).for_each(|(p, path)| paths[*p].clone_from(path));
        let fresh = super::plan_of(case, &paths);
        exchange.who.iter().for_each(|p| with.paths[*p].clone_from(&fresh.paths[*p]));
        with.paths = with
            .paths
            .rows()
            .iter()
            .map(|path| path.iter().map(|pl| crate::domain::Placement { mentors: Vec::new(), ..pl.clone() }).collect())
            .collect();
        let with = assign_mentors(&told, with)?;
        let seen = audit(case, policy, &with);
        let wrong = (seen.objective() - before - exchange.points).abs() > SAME * before.abs().max(1.0);
        if wrong || !seen.legal() {
            return Err(format!("a swap was to change the plan's cost by {}, and the audit says {}", exchange.points, seen.objective() - before));
        }
        let who = exchange.who.iter().copied().zip(exchange.own.iter().copied()).collect();
        Ok(Swap { who, span: exchange.span, points: exchange.points, plan: with })
    };
    let some = |list: &[Exchange]| list.iter().take(most).map(settle).collect::<Result<Vec<_>, _>>();
    Ok(Swaps { gentle: some(&found.gentle)?, cheap: some(&found.cheap)?, whole: found.whole })
}
