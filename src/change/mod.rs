//! Changes of an instance in the domain's words: what scenarios, events, counterfactuals and simulations are made of.
//!
//! A [`Change`] is applied to the raw rows, and the ordinary intake takes the result in, so that a changed instance is an
//! instance like any other. A change that names something unknown, contradicts itself or changes nothing is a problem with its
//! place and a hint.
//!
//! Where a change leaves room, this is its meaning:
//! - Whoever drops out is taken out of the instance with all that is theirs; what their earlier moves cost is no longer counted.
//! - A late start is leave at the beginning of the timeline, and the track ends as much later.
//! - Where a place closes, pins there lapse, and a current placement that cannot last its least duration before is cut short: it
//!   does not count as completed, and the person is free when the horizon opens.
//! - A mentor who is lost stays listed, without a period in which they are available: the rule `mentoring` stays as it was.

mod carry;
mod edit;
mod people;
mod places;
mod rates;
mod scenarios;
mod words;

#[cfg(test)]
mod tests;

pub use carry::{carry, plan_in};
pub use rates::{Rates, RatesFile, StageRates, StageRow};
pub use scenarios::{EventFile, Scenario, ScenarioFile, ScenarioRow, events, scenarios};
pub use words::*;

use crate::generate::dice::{Dice, List};
use crate::intake::{Intake, calendar, intake};
use crate::io::Problem;
use crate::io::raw::Instance;
use edit::Edit;

/// The draws of a change: one stream for each number.
#[derive(Debug)]
pub struct Draws(Dice);

impl Draws {
    /// The stream of a number.
    #[must_use]
    pub fn new(seed: u64, number: usize) -> Self {
        Self(Dice::new(seed, List::Changes, number))
    }

    /// Whether something of this rate happens, in steps of a millionth.
    pub(crate) fn happens(&mut self, rate: f64) -> bool {
        const STEPS: usize = 1_000_000;
        self.0.below(STEPS) < (rate * STEPS as f64).round() as usize
    }

    /// A whole number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0.below(n)
    }
}

/// An instance after changes.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Its raw rows.
    pub raw: Instance,
    /// The instance, taken in; its hash is that of the raw rows' text.
    pub taken: Intake,
}

impl Change {
    /// Changes the raw rows of a sound instance; `at` is the change's path in its file. Gives what is wrong with the change:
    /// then the rows are not to be used.
    pub fn apply(&self, instance: &mut Instance, draws: &mut Draws, at: &str) -> Vec<Problem> {
        let calendar = calendar(instance);
        let at = crate::io::child_path(at, self.word());
        let mut edit = Edit { raw: instance, calendar, dice: &mut draws.0, at, problems: Vec::new(), changed: false };
        match self {
            Self::Close(c) => edit.close(c),
            Self::Open(c) => edit.open_up(c),
            Self::Seats(c) => edit.seats(c, false),
            Self::Demand(c) => edit.seats(c, true),
            Self::Housing(c) => edit.places(c, |site| &mut site.housing),
            Self::Arrivals(c) => edit.places(c, |site| &mut site.arrivals),
            Self::LoseMentor(c) => edit.lose_mentor(c),
            Self::AddMentor(c) => edit.add_mentor(c),
            Self::Capacity(c) => edit.capacity(c),
            Self::Drop(c) => edit.drop_out(c),
            Self::Add(c) => edit.add(c),
            Self::Delay(c) => edit.delay(c),
            Self::Leave(c) => edit.leave(c),
            Self::Shift(c) => edit.shift(c),
            Self::Budget(c) => edit.budget(c),
            Self::Rules(c) => edit.rules(c),
            Self::Pin(c) => edit.pin(c),
            Self::Unpin(c) => edit.unpin(c),
            Self::Bar(c) => edit.bar(c),
        }
        if edit.problems.is_empty() && !edit.changed {
            let what = format!("the change '{}' changes nothing", self.word());
            edit.wrong("E904", "", what).hint = Some("everything it asks for is so already".to_owned());
        }
        edit.problems
    }
}

/// An instance after changes, applied in order and taken in. `at` is the path of the list of changes in its file.
///
/// # Errors
/// All problems of the changes; if there are none, those of the changed instance, each at the list of changes.
pub fn changed(base: &Instance, changes: &[Change], draws: &mut Draws, at: &str) -> Result<Changed, Vec<Problem>> {
    apply_all(base, changes, draws, at, &|_| false)
}

/// As [`changed`], where some changes may change nothing.
fn apply_all(base: &Instance, changes: &[Change], draws: &mut Draws, at: &str, may_idle: &dyn Fn(usize) -> bool) -> Result<Changed, Vec<Problem>> {
    let mut raw = base.clone();
    let apply = |(i, change): (usize, &Change)| {
        let mut problems = change.apply(&mut raw, draws, &format!("{at}[{i}]"));
        problems.retain(|p| p.code != "E904" || !may_idle(i));
        problems
    };
    let problems: Vec<Problem> = changes.iter().enumerate().flat_map(apply).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    retake(raw).map_err(|found| {
        let errors = found.into_iter().filter(Problem::is_error);
        let placed = errors.map(|p| {
            let what = format!("with these changes, {}", p.what);
            let mut placed = Problem::error(p.code, at, what);
            placed.hint = p.hint;
            placed
        });
        placed.collect()
    })
}

/// Takes in raw rows as if they came from a file.
///
/// # Errors
/// As [`intake`].
pub fn retake(raw: Instance) -> Result<Changed, Vec<Problem>> {
    let text = serde_json::to_vec(&raw).expect("rows of finite numbers are JSON");
    let taken = intake(&text)?;
    Ok(Changed { raw, taken })
}
