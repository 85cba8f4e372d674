//! The whole explanation of an instance: what is short, and why there is no plan, or none that fills every timeline.

use super::conflict::{Conflict, conflict};
use super::oracle::{Answer, Oracle, Wish, hard_only};
use super::relax::{Relaxation, relaxations};
use super::supply::{Supply, supply};
use crate::domain::{Case, Mode, Plan, Policy};
use crate::solve::{Options, Stop};

/// What can be said of an instance before there is a plan.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    /// Supply against demand, counted.
    pub supply: Supply,
    /// Whether a plan can keep the hard rules.
    pub hard: Possible,
    /// Whether a plan can also fill every timeline; `None` where nothing more than the hard rules is asked (`coverage` is hard or
    /// off), or no plan keeps those.
    pub filled: Option<Possible>,
}

/// Whether there is a plan.
#[derive(Debug, Clone)]
pub enum Possible {
    /// There is one.
    Yes,
    /// There is none: why, and what would make one.
    No(Conflict, Vec<Relaxation>),
    /// Time was up before either was known.
    Unknown,
}

/// Explains an instance within the options' time limit; each search within it is exact. A plan that is known spares the search
/// for one.
///
/// # Errors
/// If HiGHS fails.
pub fn diagnose(case: &Case, policy: &Policy, known: Option<Plan>, options: &Options, stop: &Stop) -> Result<Diagnosis, String> {
    let supply = supply(case, &hard_only(policy, true));
    let mut oracle = Oracle::new(options, stop).knowing(known);
    let hard = possible(case, &hard_only(policy, false), None, &mut oracle)?;
    let more = policy.named("coverage").mode == Mode::Soft && matches!(hard, Possible::Yes);
    let filled = if more { Some(possible(case, &hard_only(policy, true), None, &mut oracle)?) } else { None };
    Ok(Diagnosis { supply, hard, filled })
}

/// Whether there is a plan that keeps what is hard and grants a wish, and if not, why and what would make one.
///
/// # Errors
/// If HiGHS fails.
pub fn possible(case: &Case, policy: &Policy, wish: Option<Wish>, oracle: &mut Oracle<'_>) -> Result<Possible, String> {
    Ok(match oracle.ask(case, policy, wish)? {
        Answer::Yes => Possible::Yes,
        Answer::Unknown => Possible::Unknown,
        // What would help needs time too.
        Answer::No => match oracle.share(0.6, |oracle| conflict(case, policy, wish, oracle))? {
            Some(conflict) => {
                let relaxations = relaxations(case, policy, wish, &conflict, oracle)?;
                Possible::No(conflict, relaxations)
            }
            None => Possible::Unknown,
        },
    })
}
