//! The desk: from a method's choices back to the domain's words. Paths become a [`Plan`], mentors are assigned, and idle spans
//! get their reasons.

mod alternatives;
mod compare;
mod mentors;
mod place;
mod reasons;
mod replan;
mod settle;
mod stress;
mod swaps;
mod tradeoff;
mod whatif;

pub use alternatives::{Unlike, similarity, unlike};
pub use compare::{RuleChange, Touched, money, rule_changes, touched, unfilled};
pub use mentors::assign_mentors;
pub use place::{Offer, places};
pub use reasons::{Reason, Unplaced, unplaced};
pub use replan::{Done, Published, Replanned, Why, replan};
pub use settle::{Settled, settle};
pub use stress::{Draw, Stress, Stressed, stress};
pub use swaps::{Swap, Swaps, swaps};
pub use tradeoff::{Between, Frontier, Point, frontier};
pub use whatif::{Base, Scenario, scenario};

use crate::brief::Choice;
use crate::domain::{Case, Placement, Plan};
use crate::solve::Paths;
use crate::words::{Index, Period, Table};

/// The plan of chosen paths, without mentors.
#[must_use]
pub fn plan_of(case: &Case, paths: &Paths) -> Plan {
    let placement = |c: &Choice| {
        let periods = &case.participants[c.participant].timeline.periods;
        Placement { position: c.position, from: periods[c.first], until: Period::new(periods[c.after - 1].index() + 1), mentors: Vec::new() }
    };
    Plan { paths: paths.rows().iter().map(|path| path.iter().map(placement).collect()).collect() }
}

/// The choices of a plan; `None` if some path is none on its timeline.
#[must_use]
pub fn paths_of(case: &Case, plan: &Plan) -> Option<Paths> {
    let of = |p| crate::brief::events(case, plan, p).map(|events| events.choices);
    case.participants.ids().map(of).collect::<Option<Vec<_>>>().map(Table::new)
}
