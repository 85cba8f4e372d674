//! A path as the plan sees it: placements within the horizon, where each came from, and what the move cost.

use super::path::Path;
use super::people::{Home, Person};
use super::world::World;

/// A placement of the plan.
#[derive(Debug, Clone)]
pub(super) struct Leg {
    pub(super) post: usize,
    /// First period.
    pub(super) from: usize,
    /// The period after the last.
    pub(super) until: usize,
    /// Periods worked.
    pub(super) worked: Vec<usize>,
    /// It began before the horizon.
    pub(super) continues: bool,
    /// Site of the placement before, if there was one.
    pub(super) before: Option<usize>,
    /// Cost of the move, if it is one.
    pub(super) moved: Option<f64>,
}

/// The placements of somebody's path within the horizon.
pub(super) fn legs(world: &World<'_>, person: &Person, path: &Path) -> Vec<Leg> {
    let mut before = if person.past.is_empty() { None } else { person.near() };
    let mut legs = Vec::new();
    for stay in &path.stays {
        let site = world.posts[stay.post].site;
        let worked: Vec<usize> = path.worked(stay).collect();
        if let Some(&first) = worked.first() {
            let (from, until) = path.span(stay);
            let continues = from < 0;
            let moved = match (before, person.home) {
                _ if continues => None,
                (Some(last), _) => (!world.commutes(last, site)).then(|| world.cost(last, site)),
                (None, Home::Unknown) => None,
                (None, _) => person.move_from_home(world, site),
            };
            legs.push(Leg { post: stay.post, from: first, until: until as usize, worked, continues, before, moved });
        }
        before = Some(site);
    }
    legs
}

/// What somebody has held before the horizon opens: position, periods, and whether they are still there.
pub(super) fn behind(path: &Path) -> Vec<(usize, usize, bool)> {
    let before = |stay: &super::path::Stay| path.timeline.periods[stay.first..stay.first + stay.len].iter().filter(|p| **p < 0).count();
    let held = path.stays.iter().filter(|s| before(s) > 0).map(|s| (s.post, before(s), path.span(s).1 >= 0));
    held.collect()
}
