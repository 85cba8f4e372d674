//! A participant's path as people speak of it: stops, steps between them, and whether the programme has a ladder at all.

use crate::audit::Audit;
use crate::domain::{Before, Case, Home, Mode, ParticipantIx, Placement, Plan, PositionIx, Relocating};

use super::text::level;

/// One placement with what came before it.
#[derive(Debug)]
pub(crate) struct Stop<'a> {
    pub(crate) placement: &'a Placement,
    pub(crate) position: PositionIx,
    pub(crate) difficulty: f64,
    /// Difficulty less what was mastered before.
    pub(crate) step: f64,
    /// The placement goes on with where the person is when the horizon opens: it is no new step.
    pub(crate) continues: bool,
    pub(crate) pinned: bool,
    pub(crate) relocating: Option<Relocating>,
}

/// The stops of a path, in time order.
pub(crate) fn stops<'a>(case: &'a Case, plan: &'a Plan, p: ParticipantIx) -> Vec<Stop<'a>> {
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

/// The sign of a step: rising, level or falling.
pub(super) fn arrow(step: f64) -> &'static str {
    match step {
        s if s > 1e-9 => "↗",
        s if s < -1e-9 => "↘",
        _ => "→",
    }
}

/// Where someone's home is: the site, else the region or the country, as far as it is known.
pub(crate) fn home(case: &Case, p: ParticipantIx) -> Option<String> {
    match case.participants[p].home.as_ref()? {
        Home::Site(site) => Some(case.sites[*site].named.name.clone()),
        Home::Place { country, region, .. } => region.map(|r| case.regions[r].clone()).or(country.map(|c| case.countries[c].clone())),
    }
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
