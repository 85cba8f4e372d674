//! Moves between two placements: the same for everyone, so one table serves all participants.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::ears::{Ears, MoveEar};
use super::whole::whole;
use crate::brief::{Bounds, Brief, Move, Sentence, Stamp};
use crate::domain::{Before, ParticipantIx, PositionIx, SiteIx};
use crate::words::{Index, Period};

/// What a row gets: its number and a coefficient.
pub(super) type Term = (u32, f64);

/// Sorts terms by row, with one term for each and none that is 0.
pub(super) fn merge(terms: &mut Vec<Term>) {
    terms.sort_by_key(|(r, _)| *r);
    terms.dedup_by(|b, a| {
        let same = a.0 == b.0;
        a.1 += if same { b.1 } else { 0.0 };
        same
    });
    terms.retain(|(_, c)| *c != 0.0);
}

/// What a pair adds to rows: period by period, rows and coefficients, these as bits.
type Heard = Vec<(u32, u32, u64)>;
type FxIndexSet<T> = IndexSet<T, FxBuildHasher>;

/// Positions that are listened to together as what comes before.
const ROWS: usize = 64;

/// Points and rows of every pair of positions in a row on a path. Positions that add the same to all rows are one class.
#[derive(Debug, Default)]
pub(super) struct Moves {
    positions: usize,
    /// Points of a pair with no idle tick between, and with some; infinite where a gate forbids it.
    adjacent: Vec<f64>,
    apart: Vec<f64>,
    /// The same for what counts as burden; empty if nothing of moves does.
    burden: Vec<f64>,
    /// Points that are multiplied with what the participant minds: which ear, points, and whether they are burden.
    minded: Vec<(usize, Vec<f64>, bool)>,
    /// The sentence that bounds a number of moves on a path, and which pairs it counts.
    pub(super) counted: Option<usize>,
    counts: Vec<bool>,
    /// Class of a position as the placement before, and as the placement that begins.
    from: Vec<u32>,
    to: Vec<u32>,
    to_classes: usize,
    from_classes: usize,
    /// Per period, class before and class that begins: where the terms begin.
    begins: Vec<u32>,
    terms: Vec<Term>,
    /// Per pair of classes: whether some move between them leaves a site, and whether some stays at one.
    sides: Vec<(bool, bool)>,
}

impl Moves {
    /// Whether all points, burdens and coefficients of rows are whole.
    pub(super) fn is_whole(&self) -> bool {
        let minded = self.minded.iter().flat_map(|(_, points, _)| points);
        self.adjacent.iter().chain(&self.apart).chain(&self.burden).chain(minded).copied().all(whole) && self.terms.iter().all(|(_, c)| whole(*c))
    }

    /// Listens to every sentence about moves for every pair. O(positions² × (sentences + periods)).
    pub(super) fn new(brief: &Brief<'_>, ears: &Ears<'_, '_>) -> Self {
        let n = brief.case.positions.len();
        // Any participant stands for all: between two placements a sentence hears the positions alone.
        let anyone = ParticipantIx::new(0);
        let pair = |before: usize, to: usize, adjacent: bool| Move {
            participant: anyone,
            before: Before::Placement(PositionIx::new(before)),
            to: PositionIx::new(to),
            adjacent,
            continues: false,
        };
        let table = |at: &(dyn Fn(usize, usize) -> f64 + Sync)| -> Vec<f64> {
            (0..n).into_par_iter().flat_map_iter(|before| (0..n).map(move |to| at(before, to))).collect()
        };
        let of = |ear: &MoveEar<'_, '_>, mv: &Move| match (ear.tone.stamp, (ear.amount)(mv)) {
            (Stamp::Hard, amount) => {
                if amount > 0.0 {
                    f64::INFINITY
                } else {
                    0.0
                }
            }
            (Stamp::Soft(weight), amount) => weight * amount,
        };
        let alike = |ear: &&MoveEar<'_, '_>| ear.minds.is_none();
        let plain = |adjacent: bool| table(&|before, to| ears.moves.iter().filter(alike).map(|ear| of(ear, &pair(before, to, adjacent))).sum());
        let heavy = |ear: &&MoveEar<'_, '_>| alike(ear) && ear.tone.burden;
        let burden = if ears.moves.iter().any(|ear| heavy(&ear)) {
            table(&|before, to| ears.moves.iter().filter(heavy).map(|ear| of(ear, &pair(before, to, true))).filter(|b| b.is_finite()).sum())
        } else {
            Vec::new()
        };
        let minded = ears.moves.iter().enumerate().filter(|(_, ear)| ear.minds.is_some());
        let minded = minded.map(|(i, ear)| (i, table(&|before, to| of(ear, &pair(before, to, true))), ear.tone.burden));
        let counted = brief.told.iter().position(|t| t.stamp == Stamp::Hard && matches!(&t.sentence, Sentence::Count { mv: Some(_), .. }));
        let counts: Vec<bool> = match counted.map(|i| &brief.told[i].sentence) {
            Some(Sentence::Count { mv: Some(mv), .. }) => table(&|before, to| mv(&pair(before, to, true))).into_iter().map(|n| n > 0.0).collect(),
            _ => Vec::new(),
        };
        let mut this = Self {
            positions: n,
            adjacent: plain(true),
            apart: plain(false),
            burden,
            minded: minded.collect(),
            counted,
            counts,
            from: vec![0; n],
            to: vec![0; n],
            to_classes: 1,
            from_classes: 1,
            begins: Vec::new(),
            terms: Vec::new(),
            sides: Vec::new(),
        };
        this.rows(brief, ears, &pair);
        let sites = |of: &[u32], classes: usize| {
            let mut sites: Vec<BTreeSet<SiteIx>> = vec![BTreeSet::new(); classes];
            brief.case.positions.iter().zip(of).for_each(|((_, position), class)| {
                sites[*class as usize].insert(position.site);
            });
            sites
        };
        let (from, to) = (sites(&this.from, this.from_classes), sites(&this.to, this.to_classes));
        let side = |(a, b): (&BTreeSet<SiteIx>, &BTreeSet<SiteIx>)| (a.len() > 1 || b.len() > 1 || a != b, !a.is_disjoint(b));
        this.sides = from.iter().flat_map(|a| to.iter().map(move |b| side((a, b)))).collect();
        this
    }

    fn rows(&mut self, brief: &Brief<'_>, ears: &Ears<'_, '_>, pair: &(dyn Fn(usize, usize, bool) -> Move + Sync)) {
        let n = self.positions;
        let periods: Vec<Period> = brief.case.calendar.periods().collect();
        let row = |before: usize| {
            let (mut own, mut list) = (FxIndexSet::<Heard>::default(), Heard::new());
            let mut number = |to: usize| {
                list.clear();
                for t in &periods {
                    ears.move_terms(&pair(before, to, true), *t, |(r, c)| list.push((t.index() as u32, r, c.to_bits())));
                }
                own.get_index_of(&list).unwrap_or_else(|| own.insert_full(list.clone()).0)
            };
            let numbers: Vec<usize> = (0..n).map(&mut number).collect();
            (own, numbers)
        };
        // Pairs that add the same in every period have one number; some rows after the others, so that not all lists are held at once.
        let mut known: FxIndexSet<Heard> = FxIndexSet::default();
        let mut heard: Vec<u32> = Vec::with_capacity(n * n);
        for first in (0..n).step_by(ROWS) {
            let rows: Vec<(FxIndexSet<Heard>, Vec<usize>)> = (first..n.min(first + ROWS)).into_par_iter().map(row).collect();
            for (own, numbers) in rows {
                let among: Vec<u32> = own.into_iter().map(|list| known.insert_full(list).0 as u32).collect();
                heard.extend(numbers.into_iter().map(|own| among[own]));
            }
        }
        let mut rows: FxHashMap<&[u32], u32> = FxHashMap::default();
        for q in 0..n {
            let next = rows.len() as u32;
            self.from[q] = *rows.entry(&heard[q * n..(q + 1) * n]).or_insert(next);
        }
        let mut columns: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
        for q in 0..n {
            let next = columns.len() as u32;
            self.to[q] = *columns.entry((0..n).map(|before| heard[before * n + q]).collect()).or_insert(next);
        }
        (self.from_classes, self.to_classes) = (rows.len().max(1), columns.len().max(1));
        let member = |of: &[u32], class: usize| of.iter().position(|c| *c as usize == class);
        let (froms, tos): (Vec<_>, Vec<_>) =
            ((0..self.from_classes).map(|c| member(&self.from, c)).collect(), (0..self.to_classes).map(|c| member(&self.to, c)).collect());
        self.begins.push(0);
        for t in 0..periods.len() as u32 {
            for from in &froms {
                for to in &tos {
                    let list = from.zip(*to).map_or(&[][..], |(a, b)| &known[heard[a * n + b] as usize]);
                    let (first, after) = (list.partition_point(|(at, ..)| *at < t), list.partition_point(|(at, ..)| *at <= t));
                    self.terms.extend(list[first..after].iter().map(|(_, r, c)| (*r, f64::from_bits(*c))));
                    self.begins.push(self.terms.len() as u32);
                }
            }
        }
    }

    /// Whether no gate forbids a pair to everyone.
    pub(super) fn open(&self, before: usize, to: usize, adjacent: bool) -> bool {
        let at = before * self.positions + to;
        (if adjacent { self.adjacent[at] } else { self.apart[at] }) < f64::INFINITY
    }

    /// Points of a pair for someone who minds so much (one factor for each minded sentence).
    pub(super) fn points(&self, before: usize, to: usize, adjacent: bool, minds: &[f64]) -> f64 {
        let at = before * self.positions + to;
        let plain = if adjacent { self.adjacent[at] } else { self.apart[at] };
        plain + self.minded.iter().zip(minds).map(|((_, points, _), minds)| if *minds == 0.0 { 0.0 } else { points[at] * minds }).sum::<f64>()
    }

    /// The part of the points that counts as burden.
    pub(super) fn burden(&self, before: usize, to: usize, minds: &[f64]) -> f64 {
        let at = before * self.positions + to;
        let minded = self.minded.iter().zip(minds).filter(|((_, _, counts), _)| *counts);
        self.burden.get(at).copied().unwrap_or(0.0) + minded.map(|((_, points, _), minds)| points[at] * minds).sum::<f64>()
    }

    /// Whether moves can be part of a burden.
    pub(super) fn burdens(&self) -> bool {
        !self.burden.is_empty() || self.minded.iter().any(|(_, _, counts)| *counts)
    }

    /// The sentences that are multiplied with what a participant minds.
    pub(super) fn minded(&self) -> impl Iterator<Item = usize> + '_ {
        self.minded.iter().map(|(sentence, ..)| *sentence)
    }

    /// The least points of a move to each position, from another site and within its own, for someone who minds so much.
    /// O(positions²).
    pub(super) fn near(&self, brief: &Brief<'_>, minds: &[f64]) -> Vec<(f64, f64)> {
        let site = |q: usize| brief.case.positions[PositionIx::new(q)].site;
        let of = |to: usize| {
            let mut least = (f64::INFINITY, f64::INFINITY);
            for before in 0..self.positions {
                let points = self.points(before, to, true, minds).min(self.points(before, to, false, minds));
                let side = if site(before) == site(to) { &mut least.1 } else { &mut least.0 };
                *side = side.min(points);
            }
            least
        };
        (0..self.positions).into_par_iter().map(of).collect()
    }

    /// The least prices of a move in each period to each class, from another site and within one; moves cost `priced`.
    pub(super) fn nearest(&self, priced: &[f64]) -> Vec<(f64, f64)> {
        if priced.is_empty() {
            return Vec::new();
        }
        let mut nearest = vec![(f64::INFINITY, f64::INFINITY); priced.len() / self.from_classes];
        let periods = nearest.chunks_exact_mut(self.to_classes).zip(priced.chunks_exact(self.from_classes * self.to_classes));
        for (nearest, priced) in periods {
            for (row, sides) in priced.chunks_exact(self.to_classes).zip(self.sides.chunks_exact(self.to_classes)) {
                for ((nearest, price), (leaves, stays)) in nearest.iter_mut().zip(row).zip(sides) {
                    nearest.0 = if *leaves && *price < nearest.0 { *price } else { nearest.0 };
                    nearest.1 = if *stays && *price < nearest.1 { *price } else { nearest.1 };
                }
            }
        }
        nearest
    }

    /// Where those of a period are, class by class.
    pub(super) fn nearest_at(&self, period: usize) -> usize {
        period * self.to_classes
    }

    /// The class of a position as what a move leads to.
    pub(super) fn to_class(&self, position: usize) -> u32 {
        self.to[position]
    }

    /// Where those of a cell of [`Moves::priced`] are.
    pub(super) fn nearest_of(&self, cell: usize) -> usize {
        cell / (self.from_classes * self.to_classes) * self.to_classes + cell % self.to_classes
    }

    /// Whether the pair counts for the bound on the number of moves.
    pub(super) fn counts(&self, before: usize, to: usize) -> bool {
        self.counts.get(before * self.positions + to).copied().unwrap_or(false)
    }

    /// The number of a pair's cell in each period's part of [`Moves::priced`].
    pub(super) fn cell(&self, before: usize, to: usize) -> usize {
        self.from[before] as usize * self.to_classes + self.to[to] as usize
    }

    /// Where a period's part of [`Moves::priced`] begins. Pairs that are looked at together lie together.
    pub(super) fn part(&self, period: usize) -> usize {
        period * self.from_classes * self.to_classes
    }

    /// What a pair adds to rows when the second placement begins in a period.
    pub(super) fn terms(&self, before: usize, to: usize, period: usize) -> &[Term] {
        let at = self.part(period) + self.cell(before, to);
        &self.terms[self.begins[at] as usize..self.begins[at + 1] as usize]
    }

    /// Every term, with the number of its cell in [`Moves::priced`].
    pub(super) fn each_term(&self, mut see: impl FnMut(u32, Term)) {
        for (cell, w) in self.begins.windows(2).enumerate() {
            self.terms[w[0] as usize..w[1] as usize].iter().for_each(|term| see(cell as u32, *term));
        }
    }

    /// The price of each class pair and period, when every row has one: `[(period × from classes + from) × to classes + to]`.
    pub(super) fn priced(&self, price: &[f64]) -> Vec<f64> {
        let cells = self.begins.par_windows(2);
        cells.map(|w| self.terms[w[0] as usize..w[1] as usize].iter().map(|(r, c)| price[*r as usize] * c).sum()).collect()
    }
}

/// The most moves that a participant may make by the sentence that bounds them.
pub(super) fn most_moves(brief: &Brief<'_>, counted: Option<usize>, participant: ParticipantIx) -> Option<f64> {
    match counted.map(|i| &brief.told[i].sentence) {
        Some(Sentence::Count { who, bounds, .. }) if who.includes(participant) => {
            let Bounds { at_most, at_least } = bounds(participant);
            at_most.filter(|_| at_least.is_none())
        }
        _ => None,
    }
}
