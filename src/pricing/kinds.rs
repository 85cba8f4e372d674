//! Kinds: positions that no sentence along a path tells apart. What a path must remember is then told by the kinds alone, and
//! the positions of a kind differ only in points, rows and moves.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::brief::Choice;
use crate::domain::PositionIx;
use crate::network::{Arc as Event, Ground, Label};

/// A next placement: its position, and whether it goes on with `current`.
pub(super) type Next = (PositionIx, bool);

/// First tick and the tick after the last.
pub(super) type Span = (u8, u8);

/// How a path may end after a placement, at a tick: points and burden as bits; `None` if a gate forbids it.
pub(super) type Ending = Option<(u64, u64)>;

/// Positions that every sentence tells apart from the others alone: the smallest parts of kinds.
#[derive(Debug)]
pub(super) struct Atom {
    pub(super) continues: bool,
    /// Per tick: how a path may end there.
    pub(super) ends: Arc<[Ending]>,
    pub(super) positions: Vec<PositionIx>,
    /// The spans that somebody may have here, in order, with a placement that stands for all of them.
    pub(super) spans: Vec<(Span, Choice)>,
    /// Whether somebody may begin here: at once, and after idle ticks.
    pub(super) first: (bool, bool),
}

/// All placements of some participants, as a ground for labels.
pub(super) struct Atoms {
    pub(super) atoms: Vec<Atom>,
    pub(super) ticks: usize,
}

impl Ground for Atoms {
    fn choices(&self) -> impl Iterator<Item = &Choice> {
        self.atoms.iter().flat_map(|a| a.spans.iter().map(|(_, choice)| choice))
    }

    fn hears_moves(&self) -> bool {
        false
    }

    /// By the longest chain of spans that do not overlap, whatever the gates of moves; every placement comes with a move.
    fn longest(&self, adds: &dyn Fn(&Event) -> f64) -> Option<f64> {
        let mut best = vec![f64::NEG_INFINITY; self.ticks + 1];
        best[0] = 0.0;
        let mut from: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.ticks + 1];
        for choice in self.choices() {
            from[choice.first].push((choice.after, adds(&Event::Place(*choice))));
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

/// Atoms put into kinds, and which labels the kinds carry.
pub(super) struct Kinds {
    /// Per atom: its kind, numbered by first occurrence.
    pub(super) of: Vec<u32>,
    pub(super) count: usize,
    /// Per kind: its spans in order, each with a placement that stands for all.
    pub(super) spans: Vec<Vec<(Span, Choice)>>,
    /// Per kind: an atom of it.
    pub(super) member: Vec<usize>,
    /// Per label: whether the kinds (and so the skeleton) carry it.
    pub(super) carried: Vec<bool>,
    /// Per carried label, in order, and kind: whether a placement of the kind asks it.
    pub(super) asks: Vec<Vec<bool>>,
}

/// Positions are put into at most so many kinds, or one for so many positions.
const KINDS: usize = 24;
const POSITIONS_A_KIND: usize = 3;

/// No voice yet.
const SILENT: u32 = u32::MAX;

impl Kinds {
    /// Puts atoms into kinds by as many sentences as leave the kinds few, those that tell fewest apart first.
    /// `signatures`: what each label makes of every placement, in the order of the ground. O(sentences × atoms × kinds × spans).
    pub(super) fn new(ground: &Atoms, labels: &[Label<'_, '_>], signatures: &[Vec<u64>], refuse: &[usize]) -> Self {
        let atoms = &ground.atoms;
        let mut sentences: Vec<usize> = labels.iter().map(|l| l.sentence).collect();
        sentences.dedup();
        // What the labels of a sentence make of every placement, by number, beside what is told apart already.
        let heard = |s: usize, before: Option<&Vec<u32>>| -> Vec<u32> {
            let nothing = || vec![0; signatures.first().map_or(0, Vec::len)];
            let own = labels.iter().zip(signatures).filter(|(l, _)| l.sentence == s);
            own.fold(before.cloned().unwrap_or_else(nothing), |voices, (_, signatures)| {
                let mut known: FxHashMap<(u32, u64), u32> = FxHashMap::default();
                let number = |(voice, signature): (u32, &u64)| {
                    let fresh = known.len() as u32;
                    *known.entry((voice, *signature)).or_insert(fresh)
                };
                voices.into_iter().zip(signatures).map(number).collect()
            })
        };
        let places = ground.ticks + 1;
        let mut ends: FxHashMap<(bool, &[Ending]), u32> = FxHashMap::default();
        let mut end_of: Vec<u32> = Vec::with_capacity(atoms.len());
        for atom in atoms {
            let fresh = ends.len() as u32;
            end_of.push(*ends.entry((atom.continues, &atom.ends[..])).or_insert(fresh));
        }
        let alike = vec![0; atoms.len()];
        let mut wanted: Vec<(usize, usize)> =
            sentences.iter().filter(|s| !refuse.contains(s)).map(|s| (grouped(atoms, places, &alike, &heard(*s, None)).1, *s)).collect();
        wanted.sort_unstable();
        let most = KINDS.max(atoms.iter().map(|a| a.positions.len()).sum::<usize>() / POSITIONS_A_KIND);
        let mut voices: Vec<u32> = vec![0; ground.choices().count()];
        let (mut of, mut count) = grouped(atoms, places, &end_of, &voices);
        let mut taken: Vec<usize> = Vec::new();
        for (_, s) in wanted {
            let finer = heard(s, Some(&voices));
            let (parts, n) = grouped(atoms, places, &end_of, &finer);
            if n <= most {
                (of, count, voices) = (parts, n, finer);
                taken.push(s);
            }
        }
        let carried: Vec<bool> = labels.iter().map(|l| taken.contains(&l.sentence)).collect();
        let mut spans: Vec<Vec<(Span, Choice)>> = vec![Vec::new(); count];
        for (atom, kind) in atoms.iter().zip(&of) {
            spans[*kind as usize].extend(atom.spans.iter().copied());
        }
        for list in &mut spans {
            list.sort_unstable_by_key(|(span, choice)| (*span, choice.participant, choice.position));
            list.dedup_by_key(|(span, _)| *span);
        }
        let asks = |l: &Label<'_, '_>| spans.iter().map(|list| list.iter().any(|(_, c)| l.asks(l.signature(c)))).collect();
        let asks = labels.iter().zip(&carried).filter(|(_, carried)| **carried).map(|(l, _)| asks(l)).collect();
        let member = (0..count).map(|k| of.iter().position(|x| *x as usize == k).expect("every kind has a member")).collect();
        Self { of, count, spans, member, carried, asks }
    }
}

/// Atoms with the same key that say the same wherever both say something, and both say something somewhere, go together.
fn grouped(atoms: &[Atom], places: usize, keys: &[u32], voices: &[u32]) -> (Vec<u32>, usize) {
    let mut groups: Vec<(u32, Vec<u32>)> = Vec::new();
    let at = |(first, after): Span| usize::from(first) * places + usize::from(after);
    let mut rest = voices;
    let of = atoms.iter().zip(keys).map(|(atom, key)| {
        let (voices, others) = rest.split_at(atom.spans.len());
        rest = others;
        let goes = |(other, said): &(u32, Vec<u32>)| {
            let mut both = false;
            let same = atom.spans.iter().zip(voices).all(|((span, _), voice)| {
                let there = said[at(*span)];
                both |= there == *voice;
                there == *voice || there == SILENT
            });
            other == key && same && both
        };
        let group = groups.iter().position(goes).unwrap_or_else(|| {
            groups.push((*key, vec![SILENT; places * places]));
            groups.len() - 1
        });
        for ((span, _), voice) in atom.spans.iter().zip(voices) {
            groups[group].1[at(*span)] = *voice;
        }
        group as u32
    });
    let of = of.collect();
    (of, groups.len())
}
