//! Facts about people: mentors, cohorts, participants, groups, and each participant's timeline.

use std::collections::BTreeMap;

use super::facts::{
    Clause, CohortIx, CountryIx, CredentialIx, FamilyIx, KindIx, Levels, Named, ParticipantIx, PersonIx, PositionIx, RegionIx, RoleIx, SiteIx, Span,
    StageIx, TargetIx, TrackIx,
};
use super::plan::Placement;
use crate::words::{Coordinates, Index, Period, Table};

/// Someone in a reporting line.
#[derive(Debug, Clone)]
pub struct Person {
    /// Id and name.
    pub named: Named,
    /// Their manager.
    pub reports_to: Option<PersonIx>,
}

/// A distance that mentors reach or groups share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Within {
    /// The same site.
    Site,
    /// The same region.
    Region,
    /// The same country.
    Country,
    /// Kilometres.
    Km(f64),
    /// Any distance.
    Anywhere,
}

/// Someone who supports participants outside their reporting line.
#[derive(Debug, Clone)]
pub struct Mentor {
    /// The person.
    pub person: PersonIx,
    /// Id and name.
    pub named: Named,
    /// Where they are.
    pub site: Option<SiteIx>,
    /// Per period: mentees at once.
    pub capacity: Table<Period, u32>,
    /// How far they reach; `None` means their own site.
    pub reach: Option<Within>,
    /// Stages they can mentor; `None` means all.
    pub stages: Option<Vec<StageIx>>,
    /// Families they can mentor; `None` means all.
    pub families: Option<Vec<FamilyIx>>,
    /// Per period: are they there?
    pub available: Table<Period, bool>,
}

/// Participants who start together on one track.
#[derive(Debug, Clone)]
pub struct Cohort {
    /// Id and name.
    pub named: Named,
    /// Its track.
    pub track: TrackIx,
    /// First period; may lie before the horizon.
    pub start: i64,
}

/// Where a participant lives.
#[derive(Debug, Clone, PartialEq)]
pub enum Home {
    /// At a site.
    Site(SiteIx),
    /// Elsewhere.
    Place {
        /// Where it is.
        at: Option<Coordinates>,
        /// Its country.
        country: Option<CountryIx>,
        /// Its region.
        region: Option<RegionIx>,
    },
}

/// A completed placement of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// What.
    pub role: RoleIx,
    /// Where.
    pub site: SiteIx,
    /// How long.
    pub periods: u32,
}

/// Where a participant is when the horizon opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Current {
    /// The position.
    pub position: PositionIx,
    /// Periods worked in it so far.
    pub worked: u32,
}

/// What comes before a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Before {
    /// Nothing in the plan: `current` (ended, or being continued), else history, else joining.
    Start,
    /// A placement in this position.
    Placement(PositionIx),
}

/// Someone who is developed.
#[derive(Debug, Clone)]
pub struct Participant {
    /// The person.
    pub person: PersonIx,
    /// Id and name.
    pub named: Named,
    /// Their cohort.
    pub cohort: CohortIx,
    /// Their track, by the cohort.
    pub track: TrackIx,
    /// Where they live.
    pub home: Option<Home>,
    /// The role they are developed for.
    pub target: Option<TargetIx>,
    /// Difficulty mastered.
    pub level: f64,
    /// Levels at the start.
    pub competencies: Levels,
    /// Credentials, and the period since which each is held (the smallest number for always).
    pub credentials: BTreeMap<CredentialIx, i64>,
    /// Completed placements, oldest first.
    pub history: Vec<Past>,
    /// Where they are now.
    pub current: Option<Current>,
    /// Where they may go.
    pub mobility: Mobility,
    /// What they wish.
    pub ratings: Ratings,
    /// How much they mind moves.
    pub minds_moves: f64,
    /// How much they mind waiting.
    pub minds_waiting: f64,
    /// Burden from earlier years.
    pub carried: f64,
    /// What they must have done: their own list, else the track's.
    pub curriculum: Vec<Clause>,
    /// Roles they may not take.
    pub barred_roles: Vec<RoleIx>,
    /// Sites they may not go to.
    pub barred_sites: Vec<SiteIx>,
    /// Positions they may not take.
    pub barred_positions: Vec<PositionIx>,
    /// Placements that must be.
    pub pinned: Vec<Span>,
    /// The periods in which they can work.
    pub timeline: Timeline,
}

/// Where a participant may go.
#[derive(Debug, Clone, Default)]
pub struct Mobility {
    /// At most this many moves.
    pub max_moves: Option<u32>,
    /// At most this far from home.
    pub max_km: Option<f64>,
    /// Only these sites.
    pub sites: Option<Vec<SiteIx>>,
    /// Only these regions.
    pub regions: Option<Vec<RegionIx>>,
    /// Only these countries.
    pub countries: Option<Vec<CountryIx>>,
    /// Not these sites.
    pub not_sites: Vec<SiteIx>,
    /// At least this many worked periods between two moves.
    pub min_stay: u32,
}

/// Scores of what a participant wishes.
#[derive(Debug, Clone, Default)]
pub struct Ratings {
    /// By role.
    pub roles: BTreeMap<RoleIx, f64>,
    /// By family.
    pub families: BTreeMap<FamilyIx, f64>,
    /// By site.
    pub sites: BTreeMap<SiteIx, f64>,
    /// By region.
    pub regions: BTreeMap<RegionIx, f64>,
    /// By kind of site.
    pub kinds: BTreeMap<KindIx, f64>,
}

/// Participants who want to be, or must not be, near each other.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Who.
    pub members: Vec<ParticipantIx>,
    /// Together or apart.
    pub kind: GroupKind,
    /// How near.
    pub within: Within,
}

/// What a group asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    /// Within the distance.
    Together,
    /// Not within the distance.
    Apart,
}

/// What kind of leave a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// A placement may pause over it.
    pub pauses: bool,
    /// A paused placement keeps its seat.
    pub holds_seat: bool,
}

/// The periods in which a participant can work, in order, and the leave that lies between.
///
/// Spans, durations, adjacency and counts are measured in *ticks*: places in this list.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// The periods, oldest first.
    pub periods: Vec<Period>,
    /// Leave between the start and the end of the track, by period.
    pub leave: BTreeMap<Period, Leave>,
    /// The track runs on past the horizon.
    pub cut: bool,
    /// The track's end as a period (exclusive); may lie outside the horizon.
    pub track_end: i64,
}

impl Timeline {
    /// Number of ticks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.periods.len()
    }

    /// Whether there is no period to work in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.periods.is_empty()
    }

    /// The tick of a period, if it is one.
    #[must_use]
    pub fn tick(&self, period: Period) -> Option<usize> {
        self.periods.binary_search(&period).ok()
    }

    /// Leave periods strictly between tick `a` and the tick before `b`: those over which a placement of these ticks pauses.
    pub fn leave_inside(&self, a: usize, b: usize) -> impl Iterator<Item = (Period, Leave)> + '_ {
        let span = if b > a { Some((self.periods[a], self.periods[b - 1])) } else { None };
        span.into_iter().flat_map(|(first, last)| self.leave.range(first..last).map(|(p, l)| (*p, *l)))
    }

    /// Leave periods before the end of tick `b - 1`; none if `b` is 0.
    #[must_use]
    pub fn leave_before(&self, b: usize) -> usize {
        if b == 0 { 0 } else { self.leave.range(..self.periods[b - 1]).count() }
    }

    /// The worked periods of a placement.
    pub fn worked<'t>(&'t self, placement: &Placement) -> impl Iterator<Item = Period> + use<'t> {
        let (from, until) = (placement.from, placement.until);
        self.periods.iter().copied().filter(move |t| from <= *t && *t < until)
    }

    /// The ticks in a row that a path leaves empty, as ranges.
    #[must_use]
    pub fn idle(&self, path: &[Placement]) -> Vec<std::ops::Range<usize>> {
        let idle = |t: &Period| !path.iter().any(|x| x.covers(*t));
        let mut spans: Vec<std::ops::Range<usize>> = Vec::new();
        for (tick, _) in self.periods.iter().enumerate().filter(|(_, t)| idle(t)) {
            match spans.last_mut() {
                Some(span) if span.end == tick => span.end = tick + 1,
                _ => spans.push(tick..tick + 1),
            }
        }
        spans
    }

    /// The horizon's periods from the first tick of a range to the one after its last.
    #[must_use]
    pub fn span(&self, ticks: &std::ops::Range<usize>) -> (Period, Period) {
        (self.periods[ticks.start], Period::new(self.periods[ticks.end - 1].index() + 1))
    }

    /// Whether a placement may span ticks `a..b`: no leave that does not pause lies inside.
    #[must_use]
    pub fn unbroken(&self, a: usize, b: usize) -> bool {
        self.leave_inside(a, b).all(|(_, leave)| leave.pauses)
    }
}

impl Participant {
    /// Whether a credential is held in a period.
    #[must_use]
    pub fn holds(&self, credential: CredentialIx, period: Period) -> bool {
        self.credentials.get(&credential).is_some_and(|from| *from <= period.index() as i64)
    }
}
