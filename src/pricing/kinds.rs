//! Kinds: positions that no sentence along one participant's path tells apart. What a path must remember is then told by the
//! kinds alone, and the positions of a kind differ only in points, rows and moves.

use rustc_hash::FxHashMap;

use super::ears::Ears;
use crate::brief::{Choice, End};
use crate::domain::{Before, ParticipantIx, PositionIx};
use crate::network::{Arc, Ground, Label};

/// A next placement: its position, and whether it goes on with `current`.
pub(super) type Next = (PositionIx, bool);

/// First tick and the tick after the last.
pub(super) type Span = (u8, u8);

/// The placements that gates leave to a participant, before they are put into kinds.
pub(super) struct Open {
    /// Positions in order, those that go on with `current` first of their position.
    pub(super) nexts: Vec<Next>,
    /// Per next its choices, in the order of their spans.
    pub(super) choices: Vec<Vec<Choice>>,
    pub(super) ticks: usize,
    /// The timeline is cut.
    pub(super) cut: bool,
}

impl Ground for Open {
    fn choices(&self) -> impl Iterator<Item = &Choice> {
        self.choices.iter().flatten()
    }

    fn hears_moves(&self) -> bool {
        false
    }

    /// By the longest chain of spans that do not overlap, whatever the gates of moves; every placement comes with a move.
    fn longest(&self, adds: &dyn Fn(&Arc) -> f64) -> Option<f64> {
        let mut best = vec![f64::NEG_INFINITY; self.ticks + 1];
        best[0] = 0.0;
        let mut from: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.ticks + 1];
        for choice in self.choices() {
            from[choice.first].push((choice.after, adds(&Arc::Place(*choice))));
        }
        for tick in 0..=self.ticks {
            if tick > 0 {
                best[tick] = best[tick].max(best[tick - 1]);
            }
            for (after, amount) in &from[tick] {
                best[*after] = best[*after].max(best[tick] + amount);
            }
        }
        Some(best[self.ticks])
    }

    fn meets(&self, earlier: &dyn Fn(&Choice) -> bool, later: &dyn Fn(&Choice) -> bool) -> bool {
        let first_end = self.choices().filter(|c| earlier(c)).map(|c| c.after).min();
        let last_begin = self.choices().filter(|c| later(c)).map(|c| c.first).max();
        matches!((first_end, last_begin), (Some(end), Some(begin)) if end <= begin)
    }
}

/// How a path may end after a placement, at a tick: points and burden; `None` if a gate forbids it.
pub(super) type Ending = Option<(u64, u64)>;

/// The kinds of a participant's positions, and which labels they carry.
pub(super) struct Kinds {
    /// Per next: its kind, numbered by first occurrence.
    pub(super) of: Vec<u32>,
    pub(super) count: usize,
    /// What tells the kinds apart, in their order.
    pub(super) heard: Vec<Vec<u32>>,
    /// Per kind and tick: how a path may end there.
    pub(super) endings: Vec<Vec<Ending>>,
    /// Spans of each kind: every span of some position of it.
    pub(super) spans: Vec<Vec<Span>>,
    /// Per label: whether the kinds (and so the skeleton) carry it.
    pub(super) carried: Vec<bool>,
    /// Per label: its signatures by number.
    pub(super) signatures: Vec<Vec<Vec<u64>>>,
}

/// Positions are put into at most so many kinds, or one for so many positions.
const KINDS: usize = 24;
const POSITIONS_A_KIND: usize = 3;

impl Kinds {
    /// Puts positions into kinds by as many labels as leave the kinds few, those that tell fewest apart first.
    pub(super) fn new(ears: &Ears<'_, '_>, p: ParticipantIx, open: &Open, labels: &[Label<'_, '_>], refuse: &[usize]) -> Self {
        let mut spans: Vec<Span> = open.choices().map(|c| (c.first as u8, c.after as u8)).collect();
        spans.sort_unstable();
        spans.dedup();
        let (mut parts, mut signatures) = (Vec::new(), Vec::new());
        for label in labels {
            let mut known: FxHashMap<Vec<u64>, u32> = FxHashMap::default();
            let mut all: Vec<Vec<u64>> = Vec::new();
            let hears = !refuse.contains(&label.sentence) && !label.hears_moves();
            let part: Vec<u32> = if hears {
                let of = |(position, continues): &Next| {
                    let choice = |(first, after): &Span| Choice {
                        participant: p,
                        position: *position,
                        first: usize::from(*first),
                        after: usize::from(*after),
                        continues: *continues,
                    };
                    spans.iter().map(|span| label.signature(&choice(span))).collect::<Vec<u64>>()
                };
                let mut number = |signature: Vec<u64>| {
                    *known.entry(signature).or_insert_with_key(|s| {
                        all.push(s.clone());
                        all.len() as u32 - 1
                    })
                };
                open.nexts.iter().map(|next| number(of(next))).collect()
            } else {
                Vec::new()
            };
            parts.push(part);
            signatures.push(all);
        }
        let ends: Vec<Vec<Ending>> = open
            .nexts
            .iter()
            .map(|(q, _)| (0..=open.ticks).map(|at| ears.ending(&End { participant: p, last: Before::Placement(*q), at })).collect())
            .collect();
        // By ends and whether `current` goes on first, then sentence by sentence.
        let mut of: Vec<u32> = numbered(open.nexts.iter().zip(&ends).map(|((_, continues), ends)| (*continues, ends.clone())));
        let mut heard: Vec<usize> = Vec::new();
        let mut carried = vec![false; labels.len()];
        let mut sentences: Vec<usize> = labels.iter().map(|l| l.sentence).collect();
        sentences.dedup();
        let labels_of = |s: usize| (0..labels.len()).filter(move |i| labels[*i].sentence == s);
        let split = |of: &[u32], s: usize| {
            let key = |i: usize| (of[i], labels_of(s).map(|l| parts[l][i]).collect::<Vec<u32>>());
            numbered((0..of.len()).map(key))
        };
        let most = KINDS.max(open.nexts.len() / POSITIONS_A_KIND);
        let hears = |s: &usize| labels_of(*s).all(|l| !parts[l].is_empty() || open.nexts.is_empty());
        let mut wanted: Vec<(usize, usize)> =
            sentences.into_iter().filter(hears).map(|s| (split(&vec![0; of.len()], s).iter().max().map_or(0, |m| *m as usize + 1), s)).collect();
        wanted.sort_unstable();
        for (_, s) in wanted {
            let finer = split(&of, s);
            if finer.iter().max().map_or(0, |m| *m as usize + 1) <= most {
                of = finer;
                labels_of(s).for_each(|l| carried[l] = true);
                heard.extend(labels_of(s));
            }
        }
        heard.sort_unstable();
        let count = of.iter().max().map_or(0, |m| *m as usize + 1);
        let member = |kind: usize| of.iter().position(|k| *k as usize == kind).expect("every kind has a member");
        let mut kind_spans: Vec<Vec<Span>> = vec![Vec::new(); count];
        for (i, choices) in open.choices.iter().enumerate() {
            kind_spans[of[i] as usize].extend(choices.iter().map(|c| (c.first as u8, c.after as u8)));
        }
        for list in &mut kind_spans {
            list.sort_unstable();
            list.dedup();
        }
        Self {
            count,
            heard: (0..count).map(|k| heard.iter().map(|l| parts[*l][member(k)]).collect()).collect(),
            endings: (0..count).map(|k| ends[member(k)].clone()).collect(),
            spans: kind_spans,
            carried,
            signatures,
            of,
        }
    }
}

/// Numbers by first occurrence.
fn numbered<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> Vec<u32> {
    let mut known: FxHashMap<K, u32> = FxHashMap::default();
    keys.map(|key| {
        let next = known.len() as u32;
        *known.entry(key).or_insert(next)
    })
    .collect()
}
