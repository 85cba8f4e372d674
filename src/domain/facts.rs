//! Facts about the programme: places, roles, positions, tracks, targets.

use std::collections::BTreeMap;

use super::people::{Cohort, Group, Mentor, Participant, Person};
use crate::words::{Calendar, Coordinates, Period, Table, index};

index! {
    /// A competency of the instance.
    CompetencyIx,
    /// A rung of the ladder, in the ladder's order.
    StageIx,
    /// A function or business area that roles name.
    FamilyIx,
    /// A kind of site.
    KindIx,
    /// A region that sites or homes name.
    RegionIx,
    /// A country that sites or homes name.
    CountryIx,
    /// A work authorisation, language or clearance.
    CredentialIx,
    /// A role.
    RoleIx,
    /// A site.
    SiteIx,
    /// A position.
    PositionIx,
    /// A person in a reporting line.
    PersonIx,
    /// A mentor.
    MentorIx,
    /// A track.
    TrackIx,
    /// A target.
    TargetIx,
    /// A cohort.
    CohortIx,
    /// A participant.
    ParticipantIx,
    /// A group of participants.
    GroupIx,
}

/// Everything known about sites, roles, mentors and participants. Never invalid.
#[derive(Debug, Clone)]
pub struct Case {
    /// The instance's name.
    pub name: String,
    /// Currency of all money amounts.
    pub currency: String,
    /// SHA-256 of the canonical instance, in lower-case hexadecimal.
    pub sha256: String,
    /// The horizon.
    pub calendar: Calendar,
    /// Competencies.
    pub competencies: Table<CompetencyIx, Competency>,
    /// The ladder, lowest rung first.
    pub stages: Table<StageIx, Named>,
    /// Families, by name.
    pub families: Table<FamilyIx, String>,
    /// Kinds of site, by name.
    pub kinds: Table<KindIx, String>,
    /// Regions, by name.
    pub regions: Table<RegionIx, String>,
    /// Countries, by name.
    pub countries: Table<CountryIx, String>,
    /// Credentials, by name.
    pub credentials: Table<CredentialIx, String>,
    /// Roles.
    pub roles: Table<RoleIx, Role>,
    /// Sites.
    pub sites: Table<SiteIx, Site>,
    /// Positions.
    pub positions: Table<PositionIx, Position>,
    /// People of the reporting lines: everyone under `people`, and every mentor, participant and manager.
    pub people: Table<PersonIx, Person>,
    /// Mentors.
    pub mentors: Table<MentorIx, Mentor>,
    /// Tracks.
    pub tracks: Table<TrackIx, Track>,
    /// Targets.
    pub targets: Table<TargetIx, Target>,
    /// Cohorts.
    pub cohorts: Table<CohortIx, Cohort>,
    /// Participants.
    pub participants: Table<ParticipantIx, Participant>,
    /// Couples and other groups.
    pub groups: Table<GroupIx, Group>,
    /// What moves cost.
    pub relocation: Relocation,
    /// The plan that `stability` compares with; empty if there is none.
    pub baseline: Vec<Span>,
}

/// A thing with an id for the files and a name for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name; the id if none was given.
    pub name: String,
}

/// A competency and its highest level.
#[derive(Debug, Clone)]
pub struct Competency {
    /// Id and name.
    pub named: Named,
    /// The highest level; 0 = none.
    pub levels: u32,
}

/// Levels of some competencies; those not listed are 0.
pub type Levels = BTreeMap<CompetencyIx, u32>;

/// A kind of job.
#[derive(Debug, Clone)]
pub struct Role {
    /// Id and name.
    pub named: Named,
    /// Its rung.
    pub stage: StageIx,
    /// Its function or business area.
    pub family: Option<FamilyIx>,
    /// How hard it is.
    pub difficulty: f64,
    /// Shortest and longest stay, in worked periods.
    pub duration: Limits,
    /// Per period of the horizon: may it begin then?
    pub starts: Table<Period, bool>,
    /// Levels asked at entry.
    pub requires: Levels,
    /// Levels held on completion.
    pub develops: Levels,
    /// Of every group at least one role completed before.
    pub after: Vec<Vec<RoleIx>>,
    /// Roles that may not be the placement just before.
    pub not_right_after: Vec<RoleIx>,
    /// 0 to 1.
    pub intensity: f64,
    /// Exposure to senior leaders, 0 to 1.
    pub visibility: f64,
}

/// Whole numbers with a lower and, perhaps, an upper bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Limits {
    /// At least this many.
    pub min: u32,
    /// At most this many, if bounded.
    pub max: Option<u32>,
}

/// A place of work.
#[derive(Debug, Clone)]
pub struct Site {
    /// Id and name.
    pub named: Named,
    /// Its kind.
    pub kind: Option<KindIx>,
    /// Its country.
    pub country: Option<CountryIx>,
    /// Its region.
    pub region: Option<RegionIx>,
    /// Where it is.
    pub at: Option<Coordinates>,
    /// Credentials needed to work there.
    pub requires: Vec<CredentialIx>,
    /// Per period: is it open?
    pub open: Table<Period, bool>,
    /// Per period: people from elsewhere at once; `None` if unlimited.
    pub housing: Option<Table<Period, u32>>,
    /// Per period: newcomers; `None` if unlimited.
    pub arrivals: Option<Table<Period, u32>>,
}

/// A role at a site, with seats.
#[derive(Debug, Clone)]
pub struct Position {
    /// Its id.
    pub id: String,
    /// What is done there.
    pub role: RoleIx,
    /// Where.
    pub site: SiteIx,
    /// Per period: how many participants fit.
    pub seats: Table<Period, u32>,
    /// Per period: how many the business needs.
    pub demand: Table<Period, u32>,
    /// How much a seat short counts.
    pub priority: f64,
    /// Whom it reports to.
    pub manager: Option<PersonIx>,
    /// The role's difficulty + `difficulty_add`.
    pub difficulty: f64,
    /// Extra step that good support here allows.
    pub support: f64,
    /// Per period: are the position and its site both open?
    pub open: Table<Period, bool>,
}

/// The shape a programme's path must have.
#[derive(Debug, Clone)]
pub struct Track {
    /// Id and name.
    pub named: Named,
    /// Length in periods.
    pub length: u32,
    /// Difficulty already mastered by someone who joins.
    pub entry_level: f64,
    /// Its stages in the ladder's order; none bounds none.
    pub stages: Vec<TrackStage>,
    /// Clauses of the curriculum.
    pub curriculum: Vec<Clause>,
    /// Roles one of which must come last; empty if any may.
    pub capstone: Vec<RoleIx>,
    /// Distinct families asked of a finished path.
    pub breadth_families: u32,
    /// Distinct sites asked of a finished path.
    pub breadth_sites: u32,
}

impl Track {
    /// The place of a stage in the track's list, if it is listed.
    #[must_use]
    pub fn rung(&self, stage: StageIx) -> Option<usize> {
        self.stages.iter().position(|s| s.stage == stage)
    }
}

/// What a track asks of one stage.
#[derive(Debug, Clone)]
pub struct TrackStage {
    /// The stage.
    pub stage: StageIx,
    /// Placements in it.
    pub placements: Limits,
    /// Worked periods in it.
    pub periods: Limits,
}

/// One clause of a curriculum.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clause {
    /// What it counts.
    pub scope: Scope,
    /// Placements.
    pub placements: Limits,
    /// Worked periods.
    pub periods: Limits,
}

/// What a clause counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Placements that match every list that is given.
    Of {
        /// Roles, if given.
        roles: Option<Vec<RoleIx>>,
        /// Families, if given.
        families: Option<Vec<FamilyIx>>,
        /// Stages, if given.
        stages: Option<Vec<StageIx>>,
        /// Sites, if given.
        sites: Option<Vec<SiteIx>>,
        /// Kinds of site, if given.
        kinds: Option<Vec<KindIx>>,
        /// Regions, if given.
        regions: Option<Vec<RegionIx>>,
    },
    /// Placements at each value by itself.
    Each(Attribute),
}

/// What an `each` clause tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// The site.
    Site,
    /// The role's family.
    Family,
    /// The site's kind.
    Kind,
    /// The site's region.
    Region,
}

/// A future role, and what being ready for it takes.
#[derive(Debug, Clone)]
pub struct Target {
    /// Id and name.
    pub named: Named,
    /// Levels asked.
    pub requires: Levels,
    /// Of every group at least one role completed.
    pub experience: Vec<Vec<RoleIx>>,
    /// Ready people wanted: by the end of which period, how many.
    pub needed: Vec<(Period, u32)>,
}

/// What moves cost.
#[derive(Debug, Clone, Default)]
pub struct Relocation {
    /// Per move.
    pub base: f64,
    /// Per kilometre.
    pub per_km: f64,
    /// No move within this distance.
    pub commute_km: f64,
    /// Costs of given pairs, under both orders.
    pub pairs: BTreeMap<(SiteIx, SiteIx), f64>,
    /// Limit of all moves together.
    pub budget_total: Option<f64>,
    /// Limits by calendar year.
    pub budget_per_year: BTreeMap<i16, f64>,
}

/// A participant in a position from one period until another (exclusive): a pin or an entry of the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Who.
    pub participant: ParticipantIx,
    /// Where.
    pub position: PositionIx,
    /// First period.
    pub from: Period,
    /// The period after the last; may be the horizon's end.
    pub until: Period,
}

/// A change of site that is a move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relocating {
    /// Distance in kilometres; 0 if unknown.
    pub km: f64,
    /// What it costs.
    pub cost: f64,
}
