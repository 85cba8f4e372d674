//! Plans: what was decided.

use super::facts::{MentorIx, ParticipantIx, PositionIx};
use crate::words::{Period, Table};

/// The paths of all participants, in the instance's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Per participant: placements in time order.
    pub paths: Table<ParticipantIx, Vec<Placement>>,
}

/// One participant in one position for a span of periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Where.
    pub position: PositionIx,
    /// The first period worked.
    pub from: Period,
    /// The period after the last one worked; may be the horizon's end.
    pub until: Period,
    /// Who supports it, and when.
    pub mentors: Vec<Mentoring>,
}

impl Placement {
    /// Whether a period lies between its first and its last, leave included.
    #[must_use]
    pub fn covers(&self, period: Period) -> bool {
        self.from <= period && period < self.until
    }
}

/// One mentor's support of a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mentoring {
    /// Who.
    pub mentor: MentorIx,
    /// First period.
    pub from: Period,
    /// The period after the last.
    pub until: Period,
}

impl Mentoring {
    /// Whether a period lies between its first and its last.
    #[must_use]
    pub fn covers(&self, period: Period) -> bool {
        self.from <= period && period < self.until
    }
}
