//! Facts about the programme: places, roles, positions, tracks, targets, and what follows from them.

use std::collections::BTreeMap;

use super::people::{Before, Cohort, Group, Home, Mentor, Participant, Past, Person, Within};
use crate::words::{Calendar, Coordinates, Index, Period, Table, index};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
#[derive(Debug, Clone)]
pub struct Clause {
    /// What it counts.
    pub scope: Scope,
    /// Placements.
    pub placements: Limits,
    /// Worked periods.
    pub periods: Limits,
}

/// What a clause counts.
#[derive(Debug, Clone)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Case {
    /// The role of a position.
    #[must_use]
    pub fn role(&self, position: PositionIx) -> &Role {
        &self.roles[self.positions[position].role]
    }

    /// The site of a position.
    #[must_use]
    pub fn site(&self, position: PositionIx) -> &Site {
        &self.sites[self.positions[position].site]
    }

    /// The stage of a position.
    #[must_use]
    pub fn stage(&self, position: PositionIx) -> StageIx {
        self.role(position).stage
    }

    /// Kilometres between two sites: 0 if they are the same, `None` if unknown.
    #[must_use]
    pub fn km(&self, a: SiteIx, b: SiteIx) -> Option<f64> {
        if a == b {
            return Some(0.0);
        }
        Some(self.sites[a].at?.km(self.sites[b].at?))
    }

    /// Kilometres from a participant's home to a site; `None` if unknown or without a home.
    #[must_use]
    pub fn km_from_home(&self, participant: ParticipantIx, site: SiteIx) -> Option<f64> {
        match self.participants[participant].home.as_ref()? {
            Home::Site(home) => self.km(*home, site),
            Home::Place { at, .. } => Some((*at)?.km(self.sites[site].at?)),
        }
    }

    /// Whether a distance is known and within commuting range.
    #[must_use]
    pub fn commutes(&self, km: Option<f64>) -> bool {
        km.is_some_and(|km| crate::words::excess(km, self.relocation.commute_km) == 0.0)
    }

    /// The move that a placement at `to` is, coming from what was before it; `None` if it is no move.
    ///
    /// The site before the first placement is `current`'s, else the last of `history`, else home; with none, no move.
    #[must_use]
    pub fn relocating(&self, participant: ParticipantIx, before: Before, to: PositionIx) -> Option<Relocating> {
        let to = self.positions[to].site;
        let from = match self.site_before(participant, before) {
            Some(site) => Some(site),
            None => match self.participants[participant].home.as_ref()? {
                Home::Site(site) => Some(*site),
                Home::Place { .. } => None,
            },
        };
        let km = match from {
            Some(site) if site == to => return None,
            Some(site) => self.km(site, to),
            None => self.km_from_home(participant, to),
        };
        if self.commutes(km) {
            return None;
        }
        let known = km.unwrap_or(0.0);
        let listed = from.and_then(|site| self.relocation.pairs.get(&(site, to)).copied());
        Some(Relocating { km: known, cost: listed.unwrap_or(self.relocation.base + self.relocation.per_km * known) })
    }

    /// The site worked at before a placement (home does not count), if any.
    #[must_use]
    pub fn site_before(&self, participant: ParticipantIx, before: Before) -> Option<SiteIx> {
        match before {
            Before::Placement(position) => Some(self.positions[position].site),
            Before::Start => {
                let p = &self.participants[participant];
                p.current.map(|c| self.positions[c.position].site).or(p.history.last().map(|h| h.site))
            }
        }
    }

    /// The role held before a placement, if any.
    #[must_use]
    pub fn role_before(&self, participant: ParticipantIx, before: Before) -> Option<RoleIx> {
        match before {
            Before::Placement(position) => Some(self.positions[position].role),
            Before::Start => {
                let p = &self.participants[participant];
                p.current.map(|c| self.positions[c.position].role).or(p.history.last().map(|h| h.role))
            }
        }
    }

    /// The difficulty that a placement's step starts from.
    #[must_use]
    pub fn level_before(&self, participant: ParticipantIx, before: Before) -> f64 {
        match before {
            Before::Placement(position) => self.positions[position].difficulty,
            Before::Start => {
                let p = &self.participants[participant];
                p.current.map_or(p.level, |c| self.positions[c.position].difficulty)
            }
        }
    }

    /// The step of a placement: its difficulty less that of what was before it.
    #[must_use]
    pub fn step(&self, participant: ParticipantIx, before: Before, to: PositionIx) -> f64 {
        self.positions[to].difficulty - self.level_before(participant, before)
    }

    /// What counts as held before the plan begins: history, then `current` with the periods worked in it. (Whether `current`
    /// goes on or has ended, it is one placement, and a continuation adds periods to it but no placement.)
    #[must_use]
    pub fn held(&self, participant: ParticipantIx) -> Vec<Past> {
        let p = &self.participants[participant];
        let current = p.current.map(|c| {
            let position = &self.positions[c.position];
            Past { role: position.role, site: position.site, periods: c.worked }
        });
        p.history.iter().copied().chain(current).collect()
    }

    /// The rating of a position for a participant: the sum for its role, family, site, region and kind.
    #[must_use]
    pub fn rating(&self, participant: ParticipantIx, position: PositionIx) -> f64 {
        let ratings = &self.participants[participant].ratings;
        let (role, site) = (self.role(position), self.site(position));
        let of = |score: Option<&f64>| score.copied().unwrap_or(0.0);
        of(ratings.roles.get(&self.positions[position].role))
            + of(role.family.and_then(|f| ratings.families.get(&f)))
            + of(ratings.sites.get(&self.positions[position].site))
            + of(site.region.and_then(|r| ratings.regions.get(&r)))
            + of(site.kind.and_then(|k| ratings.kinds.get(&k)))
    }

    /// Smallest and largest rating of any position for a participant. Linear in positions.
    #[must_use]
    pub fn rating_range(&self, participant: ParticipantIx) -> (f64, f64) {
        self.positions
            .ids()
            .map(|q| self.rating(participant, q))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), r| (lo.min(r), hi.max(r)))
    }

    /// Whether a mentor may support a participant in a position: reach, stage, family, and outside the reporting line.
    /// Availability and capacity are asked period by period.
    #[must_use]
    pub fn mentor_suits(&self, mentor: MentorIx, participant: ParticipantIx, position: PositionIx) -> bool {
        let m = &self.mentors[mentor];
        let role = self.role(position);
        m.stages.as_ref().is_none_or(|stages| stages.contains(&role.stage))
            && m.families.as_ref().is_none_or(|families| role.family.is_some_and(|f| families.contains(&f)))
            && m.person != self.participants[participant].person
            && self.positions[position].manager.is_none_or(|manager| !self.in_line(manager, m.person))
            && self.in_reach(m, self.positions[position].site)
    }

    /// Whether a person is the manager, above the manager, or anywhere below the manager.
    #[must_use]
    pub fn in_line(&self, manager: PersonIx, person: PersonIx) -> bool {
        self.reports_up_to(manager, person) || self.reports_up_to(person, manager)
    }

    /// Whether `boss` is `person` or above them. Linear in the height of the line, which intake proved to have no cycle.
    fn reports_up_to(&self, person: PersonIx, boss: PersonIx) -> bool {
        std::iter::successors(Some(person), |p| self.people[*p].reports_to).any(|p| p == boss)
    }

    fn in_reach(&self, mentor: &Mentor, site: SiteIx) -> bool {
        if mentor.reach == Some(Within::Anywhere) {
            return true;
        }
        let Some(home) = mentor.site else { return false };
        self.within(home, site, mentor.reach.unwrap_or(Within::Site))
    }

    /// Whether two sites are within a distance: the same site, a region or country that both give and share, or kilometres.
    #[must_use]
    pub fn within(&self, a: SiteIx, b: SiteIx, distance: Within) -> bool {
        let (x, y) = (&self.sites[a], &self.sites[b]);
        match distance {
            Within::Site => a == b,
            Within::Region => x.region.is_some() && x.region == y.region,
            Within::Country => x.country.is_some() && x.country == y.country,
            Within::Km(limit) => self.km(a, b).is_some_and(|km| crate::words::excess(km, limit) == 0.0),
            Within::Anywhere => true,
        }
    }

    /// Whether a role at a site is counted by an `of` clause.
    #[must_use]
    pub fn matches(&self, scope: &Scope, role: RoleIx, site: SiteIx) -> bool {
        fn lists<T: PartialEq>(list: Option<&Vec<T>>, value: Option<T>) -> bool {
            list.is_none_or(|l| value.is_some_and(|v| l.contains(&v)))
        }
        let Scope::Of { roles, families, stages, sites, kinds, regions } = scope else { return true };
        lists(roles.as_ref(), Some(role))
            && lists(families.as_ref(), self.roles[role].family)
            && lists(stages.as_ref(), Some(self.roles[role].stage))
            && lists(sites.as_ref(), Some(site))
            && lists(kinds.as_ref(), self.sites[site].kind)
            && lists(regions.as_ref(), self.sites[site].region)
    }

    /// The value by which an `each` clause tells placements apart, as a plain number; `None` if it is not given.
    #[must_use]
    pub fn attribute(&self, attribute: Attribute, role: RoleIx, site: SiteIx) -> Option<usize> {
        match attribute {
            Attribute::Site => Some(site.index()),
            Attribute::Family => self.roles[role].family.map(Index::index),
            Attribute::Kind => self.sites[site].kind.map(Index::index),
            Attribute::Region => self.sites[site].region.map(Index::index),
        }
    }

    /// The name of a value of an attribute.
    #[must_use]
    pub fn attribute_name(&self, attribute: Attribute, value: usize) -> &str {
        match attribute {
            Attribute::Site => &self.sites[SiteIx::new(value)].named.name,
            Attribute::Family => &self.families[FamilyIx::new(value)],
            Attribute::Kind => &self.kinds[KindIx::new(value)],
            Attribute::Region => &self.regions[RegionIx::new(value)],
        }
    }

    /// How many values an attribute has.
    #[must_use]
    pub fn attribute_count(&self, attribute: Attribute) -> usize {
        match attribute {
            Attribute::Site => self.sites.len(),
            Attribute::Family => self.families.len(),
            Attribute::Kind => self.kinds.len(),
            Attribute::Region => self.regions.len(),
        }
    }

    /// A position in words: its role's name and its site's.
    #[must_use]
    pub fn position_name(&self, position: PositionIx) -> String {
        format!("{} at {}", self.role(position).named.name, self.site(position).named.name)
    }
}
