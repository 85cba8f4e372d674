//! Which placements a participant's network need not tell apart: those that no sentence about moves and ends does.

use std::collections::HashMap;

use crate::brief::{Brief, Choice, End, Move, Sentence, Stamp};
use crate::domain::{Before, Case, ParticipantIx, PositionIx};
use crate::words::Index;

/// A next placement: its position, and whether it goes on with `current`.
type Next = (PositionIx, bool);

/// The classes of one participant. Only positions that some choice is left for take part.
pub(super) struct Classes {
    fresh: Vec<usize>,
    idle: Vec<usize>,
    fresh_member: Vec<Before>,
    idle_member: Vec<Before>,
    begin: Vec<Vec<Next>>,
    allowed: HashMap<(Before, bool, usize), bool>,
}

impl Classes {
    pub(super) fn new(brief: &Brief<'_>, participant: ParticipantIx) -> Self {
        let case = brief.case;
        let ears = Ears::new(brief, participant);
        let nexts = ears.nexts();
        let befores: Vec<Before> = std::iter::once(Before::Start)
            .chain(nexts.iter().map(|n| Before::Placement(n.0)))
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect();
        // What is heard of every pair: first the classes of what may come before, then those of what may come next.
        let heard = |adjacent: bool| -> Vec<Vec<Heard>> {
            befores.iter().map(|before| nexts.iter().map(|next| ears.of_move(*before, *next, adjacent)).collect()).collect()
        };
        let (adjacent, apart) = (heard(true), heard(false));
        let slots = case.positions.len() + 1;
        let (mut fresh, mut idle) = (vec![usize::MAX; slots], vec![usize::MAX; slots]);
        let (mut fresh_member, mut idle_member) = (Vec::new(), Vec::new());
        let mut by_idle: HashMap<&Vec<Heard>, usize> = HashMap::new();
        for (i, before) in befores.iter().enumerate() {
            let class = *by_idle.entry(&apart[i]).or_insert_with(|| {
                idle_member.push(*before);
                idle_member.len() - 1
            });
            idle[slot(*before)] = class;
        }
        let mut by_fresh: HashMap<FreshKey<'_>, usize> = HashMap::new();
        for (i, before) in befores.iter().enumerate() {
            let class = *by_fresh.entry((*before == Before::Start, idle[slot(*before)], &adjacent[i], ears.of_end(*before))).or_insert_with(|| {
                fresh_member.push(*before);
                fresh_member.len() - 1
            });
            fresh[slot(*before)] = class;
        }
        let mut begin: Vec<Vec<Next>> = Vec::new();
        let mut by_begin: HashMap<(bool, Vec<&Heard>), usize> = HashMap::new();
        for (j, next) in nexts.iter().enumerate() {
            let column = adjacent.iter().chain(&apart).map(|row| &row[j]).collect();
            let class = *by_begin.entry((next.1, column)).or_insert_with(|| {
                begin.push(Vec::new());
                begin.len() - 1
            });
            begin[class].push(*next);
        }
        let place: HashMap<Next, usize> = nexts.iter().enumerate().map(|(j, n)| (*n, j)).collect();
        let mut allowed = HashMap::new();
        for (i, before) in befores.iter().enumerate() {
            for (class, members) in begin.iter().enumerate() {
                let j = place[&members[0]];
                allowed.insert((*before, true, class), adjacent[i][j].is_some());
                allowed.insert((*before, false, class), apart[i][j].is_some());
            }
        }
        Self { fresh, idle, fresh_member, idle_member, begin, allowed }
    }

    pub(super) fn fresh(&self, before: Before) -> usize {
        self.fresh[slot(before)]
    }
    pub(super) fn idle(&self, before: Before) -> usize {
        self.idle[slot(before)]
    }
    pub(super) fn fresh_count(&self) -> usize {
        self.fresh_member.len()
    }
    pub(super) fn idle_count(&self) -> usize {
        self.idle_member.len()
    }
    pub(super) fn fresh_member(&self, class: usize) -> Before {
        self.fresh_member[class]
    }
    pub(super) fn idle_member(&self, class: usize) -> Before {
        self.idle_member[class]
    }
    pub(super) fn begin_count(&self) -> usize {
        self.begin.len()
    }
    pub(super) fn begin_members(&self, class: usize) -> impl Iterator<Item = PositionIx> + '_ {
        self.begin[class].iter().map(|n| n.0)
    }
    pub(super) fn begin_continues(&self, class: usize) -> bool {
        self.begin[class][0].1
    }
    pub(super) fn allowed(&self, before: Before, adjacent: bool, class: usize) -> bool {
        self.allowed[&(before, adjacent, class)]
    }
}

fn slot(before: Before) -> usize {
    match before {
        Before::Start => 0,
        Before::Placement(position) => position.index() + 1,
    }
}

/// Everything any sentence makes of a pair, as bits; `None` if a hard sentence forbids it.
type Heard = Option<Vec<u64>>;

/// What makes two placements one class when they have just ended: not the start, the same once idle, the same moves and ends.
type FreshKey<'h> = (bool, usize, &'h Vec<Heard>, Vec<u64>);

/// Every sentence about moves and ends, listened to for one participant.
struct Ears<'b, 'c> {
    brief: &'b Brief<'c>,
    case: &'c Case,
    participant: ParticipantIx,
}

impl<'b, 'c> Ears<'b, 'c> {
    fn new(brief: &'b Brief<'c>, participant: ParticipantIx) -> Self {
        Self { brief, case: brief.case, participant }
    }

    /// The positions for which the hard sentences leave some choice.
    fn nexts(&self) -> Vec<Next> {
        let ticks = self.case.participants[self.participant].timeline.len();
        let gates: Vec<_> = self.hard().filter_map(|s| if let Sentence::Choice(f) = s { Some(f) } else { None }).collect();
        let open = |choice: &Choice| gates.iter().all(|f| f(choice) == 0.0);
        let mut nexts = Vec::new();
        for position in self.case.positions.ids() {
            let choices = |from: usize| (from..ticks).flat_map(move |first| (first + 1..=ticks).map(move |after| (first, after)));
            let make = |(first, after)| Choice::new(self.case, self.participant, position, first, after);
            let continues = self.case.participants[self.participant].current.is_some_and(|c| c.position == position);
            if continues && (1..=ticks).any(|after| open(&make((0, after)))) {
                nexts.push((position, true));
            }
            if choices(usize::from(continues)).any(|span| open(&make(span))) {
                nexts.push((position, false));
            }
        }
        nexts
    }

    fn hard(&self) -> impl Iterator<Item = &'b Sentence<'c>> {
        self.brief.told.iter().filter(|t| t.stamp == Stamp::Hard).map(|t| &t.sentence)
    }

    fn of_move(&self, before: Before, (to, continues): Next, adjacent: bool) -> Heard {
        if continues && (before != Before::Start || !adjacent) {
            return None;
        }
        let mv = Move { participant: self.participant, before, to, adjacent, continues };
        let forbidden = self
            .hard()
            .any(|s| matches!(s, Sentence::Move { amount, minds } if amount(&mv) * minds.as_ref().map_or(1.0, |f| f(self.participant)) > 0.0));
        if forbidden {
            return None;
        }
        let mut heard = Vec::new();
        for told in self.brief.about(self.participant).map(|(_, told)| told) {
            match &told.sentence {
                Sentence::Move { amount, .. } => heard.push(amount(&mv).to_bits()),
                Sentence::Count { who, mv: Some(f), .. } if who.includes(self.participant) => heard.push(f(&mv).to_bits()),
                Sentence::Spacing { who, mv: f, .. } if who.includes(self.participant) => heard.push(u64::from(f(&mv))),
                Sentence::Rows { mv: Some(f), .. } => {
                    for period in &self.case.participants[self.participant].timeline.periods {
                        f(&mv, *period, &mut |row, amount| heard.extend([row as u64, amount.to_bits()]));
                        heard.push(u64::MAX);
                    }
                }
                _ => {}
            }
        }
        Some(heard)
    }

    /// Everything any sentence makes of a path that ends after this placement, at any tick.
    fn of_end(&self, last: Before) -> Vec<u64> {
        let ticks = self.case.participants[self.participant].timeline.len();
        let ends = self.brief.told.iter().filter_map(|t| if let Sentence::End(f) = &t.sentence { Some(f) } else { None });
        let at = |at| End { participant: self.participant, last, at };
        ends.flat_map(|f| (0..=ticks).map(move |t| f(&at(t)).to_bits())).collect()
    }
}
