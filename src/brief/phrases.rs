//! Phrases that several rules use: bounds beyond what is held, conditions on competencies and roles, moves between sites, rows per
//! site or pair.

use std::sync::{Arc, OnceLock};

use super::sentence::{Bounds, Condition, Held, Row, Sense, Sentence, When};
use super::{Choice, Move};
use crate::domain::{
    Case, CompetencyIx, Current, GroupKind, Levels, Limits, ParticipantIx, Relocating, RoleIx, Site, SiteIx, Subject, Target, Within,
};
use crate::words::{Index, Period, Table};

impl Bounds {
    /// Bounds of what the plan adds to what is held: the maximum is at least what is held, the minimum is asked `when`, if ever.
    #[must_use]
    pub fn beyond_held(limits: Limits, held: u32, when: Option<When>) -> Self {
        let missing = limits.min.saturating_sub(held);
        Self {
            at_least: when.filter(|_| missing > 0).map(|when| (f64::from(missing), when)),
            at_most: limits.max.map(|max| f64::from(max.max(held) - held)),
        }
    }
}

impl When {
    /// When the minima of a track or curriculum are asked of a participant, if ever: never of a cut timeline.
    #[must_use]
    pub fn minima(case: &Case, participant: ParticipantIx, everyone: bool) -> Option<Self> {
        match (case.participants[participant].timeline.cut, everyone) {
            (true, _) => None,
            (false, true) => Some(Self::Always),
            (false, false) => Some(Self::Finished),
        }
    }
}

impl Row {
    /// A row whose sum is at most a limit, each unit beyond counting 1.
    #[must_use]
    pub fn at_most(subject: Subject, limit: f64) -> Self {
        Self { subject, sense: Sense::AtMost, limit, unit: 1.0, at: None }
    }
}

impl<'c> Condition<'c> {
    /// A competency is held at a level: from the start, by history, by `current` once it has ended, or by a completed role.
    #[must_use]
    pub fn level(case: &'c Case, competency: CompetencyIx, wanted: u32) -> Self {
        let reaches = move |levels: &Levels| levels.get(&competency).is_some_and(|level| *level >= wanted);
        Self::by_roles(case, move |role| reaches(&case.roles[role].develops), move |p| reaches(&case.participants[p].competencies))
    }

    /// One of these roles has been completed.
    #[must_use]
    pub fn completed(case: &'c Case, group: &'c [RoleIx]) -> Self {
        Self::by_roles(case, move |role| group.contains(&role), |_| false)
    }

    /// Everything that being ready for a target takes: one condition for each level asked and each group of experience.
    pub fn ready(case: &'c Case, target: &'c Target) -> impl Iterator<Item = Self> + 'c {
        let levels = target.requires.iter().flat_map(|(competency, level)| (1..=*level).map(|wanted| (*competency, wanted)));
        levels
            .map(|(competency, wanted)| Self::level(case, competency, wanted))
            .chain(target.experience.iter().map(|group| Self::completed(case, group)))
    }

    fn by_roles(case: &'c Case, gives: impl Fn(RoleIx) -> bool, from_start: impl Fn(ParticipantIx) -> bool + Send + Sync + 'c) -> Self {
        // Asked of every placement, so the roles are gone through once.
        let of_role: Arc<Table<RoleIx, bool>> = Arc::new(case.roles.ids().map(gives).collect());
        let gives = of_role.clone();
        Self {
            held: Box::new(move |p| {
                let person = &case.participants[p];
                let completed = |c: Current| c.worked >= case.role(c.position).duration.min;
                let ended = person.current.is_some_and(|c| completed(c) && gives[case.positions[c.position].role]);
                match (from_start(p) || person.history.iter().any(|past| gives[past.role]), ended) {
                    (true, _) => Held::Yes,
                    (false, true) => Held::IfEnded,
                    (false, false) => Held::No,
                }
            }),
            earns: Box::new(move |c: &Choice| of_role[case.positions[c.position].role] && c.completes(case)),
        }
    }
}

/// Moves, as [`Case::relocating`] tells them. Every pair of positions is asked about, so those from a site are measured once, when
/// they are first asked about.
pub struct Relocations<'c> {
    case: &'c Case,
    from: Table<SiteIx, OnceLock<Table<SiteIx, Option<Relocating>>>>,
}

impl<'c> Relocations<'c> {
    /// The moves of a case.
    #[must_use]
    pub fn new(case: &'c Case) -> Self {
        Self { case, from: case.sites.ids().map(|_| OnceLock::new()).collect() }
    }

    /// What moving house a move asks for; `None` if nothing.
    #[must_use]
    pub fn of(&self, m: &Move) -> Option<Relocating> {
        let Self { case, from } = self;
        let Some(before) = case.coming_from(m.participant, m.before) else { return case.relocating(m.participant, m.before, m.to) };
        from[before].get_or_init(|| case.sites.ids().map(|to| case.relocating_between(before, to)).collect())[case.positions[m.to].site]
    }
}

/// What is asked about a participant and a site, which every placement asks: looked at once for everyone who is asked about.
pub fn by_site<'c, T: Copy + Send + Sync + 'c>(
    case: &'c Case,
    of: impl Fn(ParticipantIx, SiteIx) -> T + Send + Sync + 'c,
) -> impl Fn(ParticipantIx, SiteIx) -> T + Send + Sync + 'c {
    let known: Table<ParticipantIx, OnceLock<Table<SiteIx, T>>> = case.participants.ids().map(|_| OnceLock::new()).collect();
    move |p, at| known[p].get_or_init(|| case.sites.ids().map(|site| of(p, site)).collect())[at]
}

/// Rows for the sites that limit something, one for each period.
pub struct SiteRows<'c> {
    case: &'c Case,
    limits: Table<SiteIx, Option<&'c Table<Period, u32>>>,
    first: Table<SiteIx, usize>,
}

impl<'c> SiteRows<'c> {
    /// The rows of the sites for which a limit is given.
    #[must_use]
    pub fn new(case: &'c Case, limit: impl Fn(&'c Site) -> Option<&'c Table<Period, u32>>) -> Self {
        let limits: Table<SiteIx, _> = case.sites.rows().iter().map(limit).collect();
        let mut next = 0;
        let first = limits
            .rows()
            .iter()
            .map(|l| {
                let here = next;
                next += l.map_or(0, Table::len);
                here
            })
            .collect();
        Self { case, limits, first }
    }

    /// The rows, in the order that [`SiteRows::row`] numbers.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let of_site = |(site, limit): (SiteIx, &Option<&Table<Period, u32>>)| {
            limit.iter().flat_map(|l| l.iter()).map(|(t, n)| Row::at_most(Subject::SiteAt(site, t), f64::from(*n))).collect::<Vec<_>>()
        };
        self.limits.iter().flat_map(of_site).collect()
    }

    /// Whether a site limits it at all.
    #[must_use]
    pub fn bounds(&self, site: SiteIx) -> bool {
        self.limits[site].is_some()
    }

    /// The row of a site that bounds, in a period.
    #[must_use]
    pub fn row(&self, site: SiteIx, period: Period) -> usize {
        debug_assert!(period.index() < self.case.calendar.count);
        self.first[site] + period.index()
    }
}

/// For each pair of members of the groups of a kind, each period and each site: the first at the site and the second at a
/// site in conflict with it are at most one. The rows of a pair and period share their subject, and so their slack.
pub fn pairs<'c>(case: &'c Case, kind: GroupKind, conflict: impl Fn(SiteIx, SiteIx, Within) -> bool) -> Sentence<'c> {
    let mut rows = Vec::new();
    // Per participant and pair: its first row, and for the second of the pair which distance is meant.
    let mut of: Vec<Vec<(usize, Option<usize>)>> = vec![Vec::new(); case.participants.len()];
    let mut distances: Vec<Within> = Vec::new();
    let (periods, sites) = (case.calendar.count, case.sites.len());
    for (g, group) in case.groups.iter().filter(|(_, group)| group.kind == kind) {
        let distance = distances.iter().position(|known| *known == group.within).unwrap_or_else(|| {
            distances.push(group.within);
            distances.len() - 1
        });
        let mut members = group.members.clone();
        members.sort_unstable();
        for (i, a) in members.iter().enumerate() {
            for b in &members[i + 1..] {
                of[a.index()].push((rows.len(), None));
                of[b.index()].push((rows.len(), Some(distance)));
                rows.extend(case.calendar.periods().flat_map(|t| {
                    let row = move |at| Row { at: Some(at), ..Row::at_most(Subject::PairAt(g, *a, *b, t), 1.0) };
                    case.sites.ids().map(row)
                }));
            }
        }
    }
    debug_assert!(rows.len() % (periods * sites).max(1) == 0);
    // Asked of every placement, so what is in conflict with each site is looked for once.
    let with = |here, distance| case.sites.ids().filter(|there| conflict(*there, here, distance)).collect::<Vec<SiteIx>>();
    let conflicts: Vec<Table<SiteIx, Vec<SiteIx>>> =
        distances.into_iter().map(|distance| case.sites.ids().map(|here| with(here, distance)).collect()).collect();
    Sentence::Rows {
        rows,
        choice: Some(Box::new(move |c: &Choice, emit| {
            let here = case.positions[c.position].site;
            for (first, distance) in &of[c.participant.index()] {
                for period in c.periods(case) {
                    let row = |site: SiteIx| first + period.index() * sites + site.index();
                    match distance {
                        None => emit(row(here), 1.0),
                        Some(distance) => conflicts[*distance][here].iter().for_each(|there| emit(row(*there), 1.0)),
                    }
                }
            }
        })),
        mv: None,
    }
}
