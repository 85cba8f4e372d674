//! A participant's path as people speak of it: stops, steps between them, and whether the programme has a ladder at all.

use crate::audit::Audit;
use crate::domain::{Before, Case, Mode, ParticipantIx, Placement, Plan, PositionIx, Relocating};
use crate::words::{Index, Period};

use super::text::level;

/// One placement with what came before it.
#[derive(Debug)]
pub(super) struct Stop<'a> {
    pub(super) placement: &'a Placement,
    pub(super) position: PositionIx,
    pub(super) difficulty: f64,
    /// Difficulty less what was mastered before.
    pub(super) step: f64,
    /// The placement goes on with where the person is when the horizon opens: it is no new step.
    pub(super) continues: bool,
    pub(super) pinned: bool,
    pub(super) relocating: Option<Relocating>,
}

/// The stops of a path, in time order.
pub(super) fn stops<'a>(case: &'a Case, plan: &'a Plan, p: ParticipantIx) -> Vec<Stop<'a>> {
    let person = &case.participants[p];
    let mut placements: Vec<&Placement> = plan.paths[p].iter().collect();
    placements.sort_by_key(|x| (x.from, x.until, x.position));
    let mut before = Before::Start;
    let mut stops = Vec::with_capacity(placements.len());
    for placement in placements {
        let position = placement.position;
        let goes_on = person.current.is_some_and(|c| c.position == position) && person.timeline.periods.first() == Some(&placement.from);
        stops.push(Stop {
            placement,
            position,
            difficulty: case.positions[position].difficulty,
            step: case.step(p, before, position),
            continues: before == Before::Start && goes_on,
            pinned: person.pinned.iter().any(|s| (s.position, s.from, s.until) == (position, placement.from, placement.until)),
            relocating: case.relocating(p, before, position),
        });
        before = Before::Placement(position);
    }
    stops
}

/// Worked periods of a placement.
pub(super) fn worked<'a>(case: &'a Case, p: ParticipantIx, placement: &'a Placement) -> impl Iterator<Item = Period> + 'a {
    case.participants[p].timeline.periods.iter().copied().filter(|t| placement.from <= *t && *t < placement.until)
}

/// The sign of a step: rising, level or falling.
pub(super) fn arrow(step: f64) -> &'static str {
    match step {
        s if s > 1e-9 => "↗",
        s if s < -1e-9 => "↘",
        _ => "→",
    }
}

/// A span in words, last period included: `2027-Q1`, `2027-Q1 to 2027-Q3`.
pub(crate) fn span(case: &Case, from: Period, until: Period) -> String {
    let last = Period::new(until.index().saturating_sub(1).max(from.index()));
    if last == from { case.calendar.label(from) } else { format!("{} to {}", case.calendar.label(from), case.calendar.label(last)) }
}

/// The line that every report carries if the programme has no ladder, or may leave it at a cost.
#[must_use]
pub fn ladder_notice(audit: &Audit) -> Option<String> {
    let outcome = crate::rules::find("harder-than-last").and_then(|ix| audit.of(ix));
    match outcome {
        None => Some("No ladder: the rule harder-than-last is off, so a placement need not be harder than the one before.".to_owned()),
        Some(o) if o.mode == Mode::Soft && o.measure > 0.0 => {
            Some(format!("The ladder is not kept everywhere: harder-than-last is soft, and steps fall short by {} in all.", level(o.measure)))
        }
        Some(_) => None,
    }
}
