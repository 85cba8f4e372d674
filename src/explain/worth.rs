//! What one more of anything is worth, by the prices of the rows that couple paths, and what pins cost; verified by solving.

use std::collections::BTreeMap;

use super::remedy::{Place, Remedy};
use super::requirement::{Requirement, without};
use super::resolve::{Ask, Resolved, resolve};
use crate::brief::{Brief, Sense};
use crate::domain::{Case, Plan, Policy, Subject};
use crate::pricing::{Coupling, Multipliers};
use crate::rules::rule;
use crate::solve::{Clock, Options};
use crate::words::{Index, Period};

/// Prices below this say nothing.
const NOTHING: f64 = 1e-6;
/// Share of a budget that is tried as more of it.
const MORE_BUDGET: f64 = 0.01;

/// One more of something.
#[derive(Debug, Clone)]
pub struct Worth {
    /// The change.
    pub remedy: Remedy,
    /// What the prices say that it saves, in points: an estimate, at most right for small changes.
    pub price: f64,
    /// The best plan with it, if that was solved.
    pub verified: Option<Resolved>,
}

/// What one more is worth by the multipliers of a bound: of seats, mentors' capacity, housing, newcomers and budget, the best
/// first. Prices of periods in a row are one change. Linear in rows.
#[must_use]
pub fn worth(brief: &Brief<'_>, coupling: &Coupling, multipliers: &Multipliers) -> Vec<Worth> {
    let case = brief.case;
    let mut places: BTreeMap<Place, BTreeMap<Period, f64>> = BTreeMap::new();
    let mut found = Vec::new();
    for (row, price) in coupling.rows.iter().zip(&multipliers.0).filter(|(row, price)| row.sense == Sense::AtMost && **price > NOTHING) {
        let id = rule(brief.told[row.sentence].rule).id;
        let mut at = |place, t| *places.entry(place).or_default().entry(t).or_default() += *price;
        match (id, row.subject) {
            ("seats", Subject::PositionAt(q, t)) => at(Place::Seats(q), t),
            ("mentoring", Subject::MentorAt(m, t)) => at(Place::Mentees(m), t),
            ("housing", Subject::SiteAt(s, t)) => at(Place::Housing(s), t),
            ("arrivals", Subject::SiteAt(s, t)) => at(Place::Arrivals(s), t),
            ("budget", subject) => {
                let year = if let Subject::Year(y) = subject { Some(y) } else { None };
                let more = (MORE_BUDGET * row.limit).max(1.0);
                found.push(Worth { remedy: Remedy::Budget(year, more), price: price * more, verified: None });
            }
            _ => {}
        }
    }
    for (place, by) in places {
        let cells: Vec<(Period, f64)> = by.into_iter().filter(|(t, _)| open(case, place, *t)).collect();
        for run in cells.chunk_by(|a, b| a.0.index() + 1 == b.0.index()) {
            let until = Period::new(run[run.len() - 1].0.index() + 1);
            let price = run.iter().map(|(_, price)| price).sum();
            found.push(Worth { remedy: Remedy::More(place, run[0].0, until, 1), price, verified: None });
        }
    }
    found.sort_by(|a, b| b.price.total_cmp(&a.price));
    found
}

/// Whether more room would be of use in a period.
fn open(case: &Case, place: Place, t: Period) -> bool {
    match place {
        Place::Seats(q) => case.positions[q].open[t],
        Place::Mentees(m) => case.mentors[m].available[t],
        Place::Housing(s) | Place::Arrivals(s) => case.sites[s].open[t],
    }
}

/// Solves the instance with the first `most` of these changes, one at a time, from the plan; the time is shared evenly.
///
/// # Errors
/// If HiGHS fails.
pub fn verify(case: &Case, policy: &Policy, found: &mut [Worth], most: usize, ask: &Ask<'_>) -> Result<(), String> {
    let most = most.min(found.len());
    let clock = Clock::start(ask.options.time_limit);
    for (i, worth) in found[..most].iter_mut().enumerate() {
        let (changed, laxer) = Remedy::applied(case, policy, [&worth.remedy]);
        let Some(options) = share(&clock, most - i, ask) else { return Ok(()) };
        worth.verified = resolve(&changed, &laxer, &Ask { options: &options, ..*ask })?.0;
    }
    Ok(())
}

/// A pin, and the best plan without it, if there was time.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// The pin.
    pub pin: Requirement,
    /// The best plan without it.
    pub without: Option<Resolved>,
}

/// What each pin costs: the best plan without it, solved from the plan; the time is shared evenly.
///
/// # Errors
/// If HiGHS fails.
pub fn pins(case: &Case, policy: &Policy, ask: &Ask<'_>) -> Result<Vec<Pinned>, String> {
    let all: Vec<Requirement> =
        case.participants.iter().flat_map(|(p, person)| (0..person.pinned.len()).map(move |i| Requirement::Pin(p, i))).collect();
    let clock = Clock::start(ask.options.time_limit);
    let left = all.len();
    let mut found = Vec::with_capacity(left);
    for (i, pin) in all.into_iter().enumerate() {
        let (less, laxer) = without(case, policy, [&pin]);
        let without = match share(&clock, left - i, ask) {
            Some(options) => resolve(&less, &laxer, &Ask { options: &options, ..*ask })?.0,
            None => None,
        };
        found.push(Pinned { pin, without });
    }
    Ok(found)
}

/// Options with an even share of the time that is left; `None` if none is.
fn share(clock: &Clock, among: usize, ask: &Ask<'_>) -> Option<Options> {
    if clock.ended(ask.stop) {
        return None;
    }
    let time_limit = clock.left().map(|left| std::time::Duration::from_secs_f64(left / among.max(1) as f64));
    Some(Options { time_limit, ..ask.options.clone() })
}

/// What a plan saves in a variant, at least and at most: by the plan that was found, and by what is proven of all.
#[must_use]
pub fn saves(before: &Plan, case: &Case, policy: &Policy, after: &Resolved) -> (f64, f64) {
    let objective = crate::audit::measure(case, policy, before).objective();
    (objective - after.objective, objective - after.bound)
}
