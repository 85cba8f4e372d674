//! What a rule's `seen` half may look at, and how it names what it sees.

use std::collections::BTreeMap;

use super::phrase::among;
use super::{Outcome, Step, Walk};
use crate::domain::{Case, GroupIx, GroupKind, ParticipantIx, Policy, PositionIx, Setting};
use crate::words::{Index, Period, Table};

/// What a rule's `seen` half may look at.
pub struct Sight<'a> {
    /// The facts.
    pub case: &'a Case,
    /// All settings.
    pub policy: &'a Policy,
    /// The rule's own setting.
    pub setting: &'a Setting,
    /// Every participant's path, read along their timeline.
    pub walks: &'a Table<ParticipantIx, Walk<'a>>,
    /// What the rules before this one found, in the registry's order.
    pub outcomes: &'a [Outcome],
}

/// Two members of a group who both work in a period.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meeting {
    /// Their group.
    pub(crate) group: GroupIx,
    /// The member who comes first in the instance.
    pub(crate) a: ParticipantIx,
    /// The other.
    pub(crate) b: ParticipantIx,
    /// When.
    pub(crate) period: Period,
    /// Where each works.
    pub(crate) at: (PositionIx, PositionIx),
    /// Whether they are within the group's distance.
    pub(crate) near: bool,
}

impl<'a> Sight<'a> {
    /// The walks of those of whom anything is asked: whose timeline is not empty.
    pub(crate) fn asked(&self) -> impl Iterator<Item = &'a Walk<'a>> + use<'a> {
        self.walks.rows().iter().filter(|w| !w.timeline.is_empty())
    }

    /// Who works at each key: every participant once, in the instance's order.
    pub(crate) fn working<K: Ord>(&self, mut key: impl FnMut(&Walk<'_>, &Step<'_>, Period) -> Option<K>) -> BTreeMap<K, Vec<ParticipantIx>> {
        let mut working: BTreeMap<K, Vec<ParticipantIx>> = BTreeMap::new();
        for walk in self.asked() {
            for step in &walk.steps {
                for period in step.worked(walk.timeline) {
                    if let Some(key) = key(walk, step, period) {
                        let there = working.entry(key).or_default();
                        if there.last() != Some(&walk.participant) {
                            there.push(walk.participant);
                        }
                    }
                }
            }
        }
        working
    }

    /// Every period in which two members of a group of this kind both work.
    pub(crate) fn meetings(&self, kind: GroupKind) -> Vec<Meeting> {
        let mut found = Vec::new();
        for (group, row) in self.case.groups.iter().filter(|(_, g)| g.kind == kind) {
            let mut members = row.members.clone();
            members.sort_unstable();
            members.dedup();
            for (i, &a) in members.iter().enumerate() {
                for &b in &members[i + 1..] {
                    let (x, y) = (&self.walks[a], &self.walks[b]);
                    for (tick, &period) in x.timeline.periods.iter().enumerate() {
                        let other = y.timeline.tick(period).and_then(|t| y.at(t));
                        if let (Some(here), Some(there)) = (x.at(tick), other) {
                            let at = (here.position, there.position);
                            let near = self.case.within(self.case.positions[at.0].site, self.case.positions[at.1].site, row.within);
                            found.push(Meeting { group, a, b, period, at, near });
                        }
                    }
                }
            }
        }
        found
    }

    /// A participant's name.
    pub(crate) fn name(&self, participant: ParticipantIx) -> &'a str {
        &self.case.participants[participant].named.name
    }

    /// Participants by name.
    pub(crate) fn names(&self, participants: &[ParticipantIx]) -> String {
        among(participants.iter().map(|p| self.name(*p)), "and")
    }

    /// A period in words.
    pub(crate) fn when(&self, period: Period) -> String {
        let known = self.case.calendar.begins(i64::try_from(period.index()).unwrap_or(i64::MAX)).is_some();
        if known { self.case.calendar.label(period) } else { format!("period {}", period.index()) }
    }

    /// A span in words: its first and its last period.
    pub(crate) fn span(&self, from: Period, until: Period) -> String {
        if until.index() <= from.index() + 1 {
            return self.when(from);
        }
        format!("{} to {}", self.when(from), self.when(Period::new(until.index() - 1)))
    }

    /// A position and a span in words, for instance `Operations manager at Leipzig (2028-Q1 to 2028-Q3)`.
    pub(crate) fn spell(&self, position: PositionIx, from: Period, until: Period) -> String {
        format!("{} ({})", self.case.position_name(position), self.span(from, until))
    }

    /// A placement in words, with whose it is.
    pub(crate) fn placed(&self, walk: &Walk<'_>, step: &Step<'_>) -> String {
        format!("{}: {}", self.name(walk.participant), self.spell(step.position, step.placement.from, step.placement.until))
    }

    /// Ticks of a timeline in words, those in a row (without leave between) as a span.
    pub(crate) fn ticks(&self, walk: &Walk<'_>, ticks: &[usize]) -> String {
        let next = |tick: usize| walk.timeline.periods[tick].index() + 1;
        let runs = ticks.chunk_by(|a, b| next(*a) == walk.timeline.periods[*b].index());
        let words: Vec<String> = runs
            .map(|run| {
                let (first, last) = (walk.timeline.periods[run[0]], walk.timeline.periods[run[run.len() - 1]]);
                self.span(first, Period::new(last.index() + 1))
            })
            .collect();
        words.join(", ")
    }
}

impl std::fmt::Debug for Sight<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sight").field("setting", self.setting).finish_non_exhaustive()
    }
}
