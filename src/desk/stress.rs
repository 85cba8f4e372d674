//! A plan under stress: what may happen is drawn many times, and the plan is replanned each time.

use rayon::prelude::*;

use super::replan::{Done, Published, Replanned, replan};
use super::{touched, unfilled};
use crate::change::{Change, Changed, Draws, Rates, changed};
use crate::domain::Plan;
use crate::intake::Intake;
use crate::io::Problem;
use crate::io::plan_file::Certificate;
use crate::io::raw::Instance;
use crate::solve::{Options, Stop, silent};
use crate::words::{Index, Period};

/// What is put under stress.
#[derive(Debug, Clone, Copy)]
pub struct Stress<'a> {
    /// The instance's rows.
    pub raw: &'a Instance,
    /// The instance.
    pub taken: &'a Intake,
    /// The plan.
    pub plan: &'a Plan,
    /// Its prices, if it carries any.
    pub certificate: Option<&'a Certificate>,
    /// What may happen.
    pub rates: &'a Rates,
    /// How often it is drawn.
    pub draws: usize,
    /// Seed of the draws.
    pub seed: u64,
    /// What is held in reserve in every draw: changes of the instance.
    pub reserve: &'a [Change],
}

/// How the plan stands a draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stressed {
    /// Seat-periods that the business needs filled and are not.
    pub empty: u64,
    /// Periods in which people are without a placement.
    pub idle: u64,
    /// People with other placements than before.
    pub touched: usize,
    /// The plan's cost.
    pub points: f64,
    /// That no fewer people can be touched is proven.
    pub proven: bool,
}

/// One draw.
#[derive(Debug, Clone)]
pub struct Draw<T> {
    /// What happened.
    pub events: Vec<Change>,
    /// How the plan stands it; `None` if no plan was found.
    pub stressed: Option<Stressed>,
    /// What was seen of the new plan.
    pub seen: Option<T>,
}

/// Draws what may happen and replans each time, side by side on the threads of the current pool; each draw has its own stream, so
/// that the result does not depend on their number. `see` looks at every new plan; it and the instance are not kept.
///
/// # Errors
/// What is our fault, in words.
pub fn stress<T: Send>(
    asked: &Stress<'_>,
    options: &Options,
    stop: &Stop,
    see: impl Fn(&Changed, &Done) -> T + Sync,
    tell: impl Fn() + Sync,
) -> Result<Vec<Draw<T>>, String> {
    let numbers: Vec<usize> = (0..asked.draws).collect();
    let one = |number: &usize| {
        let drawn = draw(asked, *number, options, stop, &see);
        tell();
        drawn
    };
    numbers.par_iter().map(one).collect()
}

fn draw<T>(asked: &Stress<'_>, number: usize, options: &Options, stop: &Stop, see: &impl Fn(&Changed, &Done) -> T) -> Result<Draw<T>, String> {
    let Stress { raw, taken, plan, certificate, rates, .. } = *asked;
    let mut draws = Draws::new(asked.seed, number);
    let events = rates.draw(&taken.case, plan, &mut draws);
    let changed = befallen(raw, asked.reserve, &events).map_err(|problems| problems.iter().map(|p| p.what.clone()).collect::<Vec<_>>().join("; "))?;
    let published = Published { taken, plan, certificate, changed: &changed, until: Period::new(0), touch_at_most: None, break_glass: false };
    let Replanned::Done(done) = replan(&published, options, &silent(), stop)? else { return Ok(Draw { events, stressed: None, seen: None }) };
    let case = &changed.taken.case;
    let (empty, idle) = unfilled(case, &done.settled.plan);
    let others = touched(&taken.case, plan, case, &done.settled.plan).changed.len();
    let stressed = Stressed { empty, idle, touched: others, points: done.settled.objective, proven: done.proven };
    Ok(Draw { events, stressed: Some(stressed), seen: Some(see(&changed, &done)) })
}

/// The instance after events, with what is in reserve. An event that contradicts something else that is so (such as a late start
/// of someone with a pin at the beginning) does not happen.
fn befallen(raw: &Instance, reserve: &[Change], events: &[Change]) -> Result<Changed, Vec<Problem>> {
    let with = |events: &[Change]| {
        let all: Vec<Change> = reserve.iter().chain(events).cloned().collect();
        changed(raw, &all, &mut Draws::new(0, 0), "events")
    };
    with(events).or_else(|_| {
        let mut kept: Vec<Change> = Vec::new();
        for event in events {
            kept.push(event.clone());
            if with(&kept).is_err() {
                kept.pop();
            }
        }
        with(&kept)
    })
}
