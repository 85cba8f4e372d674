//! What a finding or a row of the optimisation is about. The audit and the brief name their subjects alike, so that
//! the two can be held against each other and a certificate can name its rows.

use super::facts::{Case, CohortIx, GroupIx, MentorIx, ParticipantIx, PositionIx, SiteIx, TargetIx};
use crate::words::{Index, Period};

/// Whom or what an amount is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// One participant's path.
    Participant(ParticipantIx),
    /// A position in a period.
    PositionAt(PositionIx, Period),
    /// A site in a period.
    SiteAt(SiteIx, Period),
    /// All who need a mentor in a period.
    MentorsAt(Period),
    /// A mentor in a period.
    MentorAt(MentorIx, Period),
    /// Two members of a group in a period.
    PairAt(GroupIx, ParticipantIx, ParticipantIx, Period),
    /// Everyone.
    Everyone,
    /// A calendar year.
    Year(i16),
    /// A cohort.
    Cohort(CohortIx),
    /// A target by the end of a period.
    TargetBy(TargetIx, Period),
}

impl Subject {
    /// A short key for files: the ids and period numbers of what it names, joined by `/`.
    #[must_use]
    pub fn key(&self, case: &Case) -> String {
        let person = |p: &ParticipantIx| case.participants[*p].named.id.as_str();
        match self {
            Self::Participant(p) => person(p).to_owned(),
            Self::PositionAt(q, t) => format!("{}/{}", case.positions[*q].id, t.index()),
            Self::SiteAt(s, t) => format!("{}/{}", case.sites[*s].named.id, t.index()),
            Self::MentorsAt(t) => t.index().to_string(),
            Self::MentorAt(m, t) => format!("{}/{}", case.mentors[*m].named.id, t.index()),
            Self::PairAt(g, a, b, t) => format!("{}/{}/{}/{}", case.groups[*g].id, person(a), person(b), t.index()),
            Self::Everyone => "total".to_owned(),
            Self::Year(year) => year.to_string(),
            Self::Cohort(c) => case.cohorts[*c].named.id.clone(),
            Self::TargetBy(target, by) => format!("{}/{}", case.targets[*target].named.id, by.index()),
        }
    }
}
