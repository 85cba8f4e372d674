//! From the paths that a method found to an audited plan.

use super::{assign_mentors, plan_of};
use crate::audit::{Audit, audit};
use crate::brief::{Brief, brief};
use crate::domain::{Case, Plan, Policy};
use crate::io::plan_file::Status;
use crate::rules::rule;
use crate::solve::{Paths, Solved, Verdict, gap};

/// A plan, what it is worth, and what is proven of it.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The plan, mentors included.
    pub plan: Plan,
    /// What it is worth by the facts.
    pub audit: Audit,
    /// How good it is known to be.
    pub status: Status,
    /// Its cost, by the audit.
    pub objective: f64,
    /// No plan costs less, if that was proven of anything.
    pub bound: Option<f64>,
}

/// From paths to an audited plan. The audit's objective must be the solver's, where that is given.
///
/// # Errors
/// What is our fault, in words: no mentors, a hard rule that is broken, another objective than the solver's.
pub fn settle(case: &Case, policy: &Policy, brief: &Brief<'_>, paths: &Paths, solved: &Solved) -> Result<Settled, String> {
    let plan = assign_mentors(brief, plan_of(case, paths))?;
    let audit = audit(case, policy, &plan);
    let broken: Vec<&str> = audit.breaches().map(|o| rule(o.rule).id).collect();
    if !broken.is_empty() {
        return Err(format!("the plan found breaks {}", broken.join(", ")));
    }
    let objective = audit.objective();
    if let Some(told) = solved.objective
        && (told - objective).abs() > 1e-5 * objective.abs().max(1.0)
    {
        return Err(format!("the solver says that the plan costs {told}, the audit {objective}"));
    }
    let bound = solved.bound.map(|b| b.min(objective));
    let gap_now = bound.map_or(f64::INFINITY, |b| gap(objective, b));
    let status = match solved.verdict {
        _ if gap_now <= 1e-6 => Status::Optimal,
        Verdict::Proven => Status::WithinGap,
        _ => Status::Feasible,
    };
    Ok(Settled { plan, audit, status, objective, bound })
}

/// The same for paths found where the sentences were others than the rules' own: what the solver says of cost and bound has more in
/// it than the plan's, and counts for nothing. `None` if there are no paths.
///
/// # Errors
/// As [`settle`].
pub(super) fn settle_plainly(case: &Case, policy: &Policy, solved: &Solved) -> Result<Option<Settled>, String> {
    let Some(paths) = &solved.paths else { return Ok(None) };
    let plain = Solved { objective: None, bound: None, verdict: Verdict::Stopped, ..solved.clone() };
    settle(case, policy, &brief(case, policy), paths, &plain).map(Some)
}
