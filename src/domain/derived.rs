//! What follows from the facts: distances, moves, steps, ratings, who may mentor whom, what a clause counts.

use rustc_hash::FxHashMap;

use super::facts::{
    Attribute, Case, Clause, FamilyIx, KindIx, MentorIx, ParticipantIx, PersonIx, PositionIx, RegionIx, Relocating, Role, RoleIx, Scope, Site,
    SiteIx, StageIx,
};
use super::people::{Before, Home, Mentor, Past, Within};
use crate::words::{Index, Period};

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
        if let Some(from) = self.coming_from(participant, before) {
            return self.relocating_between(from, to);
        }
        self.participants[participant].home.as_ref()?;
        self.moved(self.km_from_home(participant, to), None)
    }

    /// The move from one site to another; `None` if it is no move.
    #[must_use]
    pub fn relocating_between(&self, from: SiteIx, to: SiteIx) -> Option<Relocating> {
        if from == to {
            return None;
        }
        self.moved(self.km(from, to), self.relocation.pairs.get(&(from, to)).copied())
    }

    /// A move so far, at the cost that is listed for it; `None` if it is within commuting range.
    fn moved(&self, km: Option<f64>, listed: Option<f64>) -> Option<Relocating> {
        if self.commutes(km) {
            return None;
        }
        let known = km.unwrap_or(0.0);
        Some(Relocating { km: known, cost: listed.unwrap_or(self.relocation.base + self.relocation.per_km * known) })
    }

    /// The site that someone comes from to a placement: the one worked at before, else the one at home; `None` without either.
    #[must_use]
    pub fn coming_from(&self, participant: ParticipantIx, before: Before) -> Option<SiteIx> {
        self.site_before(participant, before).or(match self.participants[participant].home {
            Some(Home::Site(site)) => Some(site),
            Some(Home::Place { .. }) | None => None,
        })
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

    /// The different clauses of curricula, each with those who have it, in order. Who has a clause twice is in two lists.
    #[must_use]
    pub fn clauses(&self) -> Vec<(&Clause, Vec<ParticipantIx>)> {
        let mut known: FxHashMap<(&Clause, usize), usize> = FxHashMap::default();
        let mut all: Vec<(&Clause, Vec<ParticipantIx>)> = Vec::new();
        for (p, person) in self.participants.iter() {
            for (i, clause) in person.curriculum.iter().enumerate() {
                let times = person.curriculum[..i].iter().filter(|c| *c == clause).count();
                let at = *known.entry((clause, times)).or_insert_with(|| {
                    all.push((clause, Vec::new()));
                    all.len() - 1
                });
                all[at].1.push(p);
            }
        }
        all
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
        self.positions.ids().map(|q| self.rating(participant, q)).fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), r| (lo.min(r), hi.max(r)))
    }

    /// Whether a mentor may support a participant in a position: reach, stage, family, and outside the reporting line.
    /// Availability and capacity are asked period by period.
    #[must_use]
    pub fn mentor_suits(&self, mentor: MentorIx, participant: ParticipantIx, position: PositionIx) -> bool {
        self.mentors[mentor].person != self.participants[participant].person && self.mentor_suits_at(mentor, position)
    }

    /// Whether a mentor suits whoever is in a position, but for themselves.
    #[must_use]
    pub fn mentor_suits_at(&self, mentor: MentorIx, position: PositionIx) -> bool {
        let m = &self.mentors[mentor];
        let role = self.role(position);
        m.stages.as_ref().is_none_or(|stages| stages.contains(&role.stage))
            && m.families.as_ref().is_none_or(|families| role.family.is_some_and(|f| families.contains(&f)))
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

    /// A span in words, from its first period to its last: `2027-Q1`, `2027-Q1 to 2027-Q3`. The second period given is the one
    /// after the last.
    #[must_use]
    pub fn span(&self, from: Period, until: Period) -> String {
        let (first, last) = (self.calendar.label(from), Period::new(until.index().saturating_sub(1).max(from.index())));
        if last == from { first } else { format!("{first} to {}", self.calendar.label(last)) }
    }
}
