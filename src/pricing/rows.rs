//! The rows that couple paths, with what a multiplier on each may be (MODEL.md, section 6).
//!
//! A row is `Σ coefficients ≤ limit` or `≥ limit` over all paths. What a path contributes to a row is the sum over its events,
//! so a multiplier prices events. Mentors are the exception: a worked period uses *one* suitable mentor, the cheapest, so needs
//! of one class (the same suitable mentors) and period have a row of their own, priced from the rows of the mentors.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::brief::{Brief, Held, Sense, Sentence, Stamp};
use crate::domain::{Case, MentorIx, ParticipantIx, PositionIx, SiteIx, Subject};
use crate::words::{Index, Period, Table};

/// A row across paths.
#[derive(Debug, Clone)]
pub struct CouplingRow {
    /// Place of its sentence in the brief.
    pub sentence: usize,
    /// What it is about.
    pub subject: Subject,
    /// The site that tells it from others about the same subject.
    pub at: Option<SiteIx>,
    /// Which side is bounded.
    pub sense: Sense,
    /// The bound, without what slack adds.
    pub limit: f64,
    /// Points of a unit of slack; `None` if there is no slack (a hard rule).
    pub slack: Option<f64>,
    /// The largest slack.
    pub most_slack: f64,
    /// Rows with the same number share one slack: their multipliers together are at most its points.
    pub shared: usize,
}

impl CouplingRow {
    /// How far a sum is beyond the bound; below 0 if there is room.
    #[must_use]
    pub fn off(&self, sum: f64) -> f64 {
        match self.sense {
            Sense::AtMost => sum - self.limit,
            Sense::AtLeast => self.limit - sum,
        }
    }

    /// Whether nothing may go beyond: a hard bound from above.
    #[must_use]
    pub fn caps(&self) -> bool {
        self.sense == Sense::AtMost && self.slack.is_none()
    }

    /// Whether nothing may be missing: a hard bound from below.
    #[must_use]
    pub fn floors(&self) -> bool {
        self.sense == Sense::AtLeast && self.slack.is_none()
    }
}

/// All rows across paths of a brief.
#[derive(Debug)]
pub struct Coupling {
    /// The rows, numbered; then come the rows of needs for mentors, which are not among these.
    pub rows: Vec<CouplingRow>,
    /// Per slack: the rows that share it; of the rows of mentors none.
    pub sharing: Vec<Vec<u32>>,
    /// Per sentence: its first row.
    first: Vec<usize>,
    /// The sentence about mentors, if any.
    pub supply: Option<Supply>,
    /// Sentences that want all or none, by their place in the brief.
    pub quorate: Vec<usize>,
    periods: usize,
}

/// Mentors, and the classes of needs that the same mentors suit.
#[derive(Debug)]
pub struct Supply {
    /// Place of the sentence in the brief.
    pub sentence: usize,
    /// Mentors who suit each class.
    pub classes: Vec<Vec<MentorIx>>,
    /// The same, those who suit the fewest classes first.
    pub spare: Vec<Vec<MentorIx>>,
    /// Per mentor and period: how many needs they can meet.
    pub capacity: Table<MentorIx, Table<Period, u32>>,
    /// Points of a need that is not met; `None` if all must be.
    pub unmet: Option<f64>,
    by_position: Table<PositionIx, usize>,
    of_mentors: FxHashMap<(PositionIx, MentorIx), usize>,
    first_row: usize,
}

impl Coupling {
    /// The rows of a brief. Linear in rows, and in positions times mentors.
    #[must_use]
    pub fn new(brief: &Brief<'_>) -> Self {
        let periods = brief.case.calendar.count;
        let mut this = Self { rows: Vec::new(), sharing: Vec::new(), first: Vec::new(), supply: None, quorate: Vec::new(), periods };
        let mut shared = 0;
        for (sentence, told) in brief.told.iter().enumerate() {
            this.first.push(this.rows.len());
            let weight = match told.stamp {
                Stamp::Hard => None,
                Stamp::Soft(weight) => Some(weight),
            };
            let mut row = |subject, at, sense, limit, slack: Option<f64>, most_slack, shared| {
                this.rows.push(CouplingRow { sentence, subject, at, sense, limit, slack, most_slack, shared });
            };
            match &told.sentence {
                Sentence::Rows { rows, .. } => {
                    let mut slacks: BTreeMap<Subject, (usize, f64)> = BTreeMap::new();
                    for r in rows {
                        // One slack for all rows of a subject, at the points of the first (as in the exact program).
                        let at_most = r.sense == Sense::AtMost;
                        let (number, unit) = if at_most { *slacks.entry(r.subject).or_insert((shared, r.unit)) } else { (shared, r.unit) };
                        shared += 1;
                        let most = if at_most { f64::INFINITY } else { r.limit };
                        row(r.subject, r.at, r.sense, r.limit, weight.map(|w| w * unit), most, number);
                    }
                }
                Sentence::WorstOf { groups, constant, scale, .. } => {
                    for (i, (_, members)) in groups.iter().enumerate() {
                        for p in members {
                            let limit = -constant(*p) * scale(*p);
                            row(Subject::Participant(*p), None, Sense::AtMost, limit, weight, f64::INFINITY, shared + i);
                        }
                    }
                    shared += groups.len();
                }
                Sentence::Quorum { subject, at_least, members, conditions } => {
                    let empty = |p: &&ParticipantIx| brief.case.participants[**p].timeline.is_empty();
                    let sure = |p: &&ParticipantIx| empty(p) && conditions.iter().all(|c| (c.held)(**p) != Held::No);
                    let limit = f64::from(at_least.saturating_sub(members.iter().filter(sure).count() as u32));
                    row(*subject, None, Sense::AtLeast, limit, weight, limit, shared);
                    shared += 1;
                }
                Sentence::Supply { suits, themselves, mentors, capacity } => {
                    let mut supply = Supply::new(brief.case, sentence, weight, suits, themselves, mentors, capacity);
                    supply.first_row = this.rows.len();
                    for (m, of) in supply.capacity.iter() {
                        for (t, n) in of.iter() {
                            let subject = Subject::MentorAt(m, t);
                            this.rows.push(CouplingRow {
                                sentence,
                                subject,
                                at: None,
                                sense: Sense::AtMost,
                                limit: f64::from(*n),
                                slack: None,
                                most_slack: 0.0,
                                shared,
                            });
                            shared += 1;
                        }
                    }
                    this.supply = Some(supply);
                }
                Sentence::AllOrNone { .. } => this.quorate.push(sentence),
                _ => {}
            }
        }
        let mentors = this.supply.as_ref().map(|s| s.sentence);
        this.sharing = vec![Vec::new(); this.rows.iter().map(|r| r.shared + 1).max().unwrap_or(0)];
        for (i, row) in this.rows.iter().enumerate().filter(|(_, row)| Some(row.sentence) != mentors) {
            this.sharing[row.shared].push(i as u32);
        }
        this
    }

    /// Number of priced rows: those of [`Coupling::rows`], then one for each class of needs and period.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len() + self.supply.as_ref().map_or(0, |s| s.classes.len() * self.periods)
    }

    /// Whether no row couples paths.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of a sentence's row.
    #[must_use]
    pub fn row(&self, sentence: usize, row: usize) -> usize {
        self.first[sentence] + row
    }

    /// The row of a mentor in a period.
    #[must_use]
    pub fn mentor_row(&self, mentor: MentorIx, period: Period) -> usize {
        self.supply.as_ref().map_or(0, |s| s.first_row) + mentor.index() * self.periods + period.index()
    }

    /// The row of a class of needs in a period.
    #[must_use]
    pub fn need_row(&self, class: usize, period: Period) -> usize {
        self.rows.len() + class * self.periods + period.index()
    }

    /// The class and period of a row of needs.
    #[must_use]
    pub fn need(&self, row: usize) -> Option<(usize, Period)> {
        let i = row.checked_sub(self.rows.len())?;
        Some((i / self.periods, Period::new(i % self.periods)))
    }

    /// The key of a row in a certificate.
    #[must_use]
    pub fn key(&self, case: &Case, row: &CouplingRow) -> String {
        let subject = row.subject.key(case);
        row.at.map_or(subject.clone(), |site| format!("{subject}/{}", case.sites[site].named.id))
    }
}

impl Supply {
    fn new(
        case: &Case,
        sentence: usize,
        unmet: Option<f64>,
        suits: &(dyn Fn(MentorIx, PositionIx) -> bool + Send + Sync),
        themselves: &(dyn Fn(ParticipantIx) -> Option<MentorIx> + Send + Sync),
        mentors: &[MentorIx],
        capacity: &(dyn Fn(MentorIx, Period) -> u32 + Send + Sync),
    ) -> Self {
        let mut classes: Vec<Vec<MentorIx>> = Vec::new();
        let mut known: BTreeMap<Vec<MentorIx>, usize> = BTreeMap::new();
        let mut class = |able: Vec<MentorIx>| {
            *known.entry(able).or_insert_with_key(|able| {
                classes.push(able.clone());
                classes.len() - 1
            })
        };
        let able: Table<PositionIx, Vec<MentorIx>> =
            case.positions.ids().map(|q| mentors.iter().copied().filter(|m| suits(*m, q)).collect()).collect();
        let by_position: Table<PositionIx, usize> = able.rows().iter().map(|able| class(able.clone())).collect();
        let mut of_mentors = FxHashMap::default();
        for m in case.participants.ids().filter_map(themselves) {
            for (q, able) in able.iter().filter(|(_, able)| able.contains(&m)) {
                of_mentors.insert((q, m), class(able.iter().copied().filter(|x| *x != m).collect()));
            }
        }
        let capacity = case.mentors.ids().map(|m| case.calendar.periods().map(|t| if mentors.contains(&m) { capacity(m, t) } else { 0 }).collect());
        let mut suited = vec![0u32; case.mentors.len()];
        classes.iter().flatten().for_each(|m| suited[m.index()] += 1);
        let mut spare = classes.clone();
        spare.iter_mut().for_each(|able| able.sort_by_key(|m| (suited[m.index()], *m)));
        Self { sentence, classes, spare, capacity: capacity.collect(), unmet, by_position, of_mentors, first_row: 0 }
    }

    /// The class of what someone in a position needs; `who` is the mentor that they are, if any.
    #[must_use]
    pub fn class(&self, position: PositionIx, who: Option<MentorIx>) -> usize {
        who.and_then(|m| self.of_mentors.get(&(position, m)).copied()).unwrap_or(self.by_position[position])
    }

    /// Whether a class has anyone in a period.
    #[must_use]
    pub fn any(&self, class: usize, period: Period) -> bool {
        self.classes[class].iter().any(|m| self.capacity[*m][period] > 0)
    }
}
