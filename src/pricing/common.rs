//! What participants have in common, stored once: lists of what is added to rows, the placements of a position, first moves.
//! Most people of a cohort differ in few of their positions, so a lattice is little more than a list of numbers of these.

use std::hash::Hash;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::kinds::Span;
use super::moves::Term;
use super::whole::whole;

/// Gives every different list a number.
struct Interner<T> {
    known: IndexSet<Box<[T]>, FxBuildHasher>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { known: IndexSet::default() }
    }
}

impl<T: Copy + Eq + Hash> Interner<T> {
    fn number(&mut self, list: &[T]) -> u32 {
        let known = self.known.get_index_of(list).unwrap_or_else(|| self.known.insert_full(list.into()).0);
        known as u32
    }

    /// Takes over another interner's lists, changed; the result maps its numbers to these.
    fn absorb(&mut self, other: Self, change: impl Fn(&mut [T])) -> Vec<u32> {
        let take = |mut list: Box<[T]>| {
            change(&mut list);
            self.known.insert_full(list).0 as u32
        };
        other.known.into_iter().map(take).collect()
    }
}

/// Rows that follow each other and get the same: who has to be where someone else is adds to a row of every other place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Run<T> {
    first: u32,
    rows: u32,
    each: T,
}

/// A first move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Points at once and after idle ticks; burden.
    pub(super) adjacent: f64,
    pub(super) apart: f64,
    pub(super) burden: f64,
    /// Whether it counts for the bound on moves.
    pub(super) counts: bool,
    /// Where the bundles of its ticks begin.
    bundles: u32,
}

/// An open placement of a position before its kind is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) span: Span,
    pub(super) points: f64,
    pub(super) burden: f64,
    pub(super) bundle: u32,
}

/// Numbers in a cell, and in a first move before its bundles.
const CELL: usize = 4;
const ENTRY: usize = 4;

impl Cell {
    fn bits(self) -> [u64; CELL] {
        let (first, after) = self.span;
        [u64::from(first) << 8 | u64::from(after), self.points.to_bits(), self.burden.to_bits(), u64::from(self.bundle)]
    }

    fn of(bits: &[u64]) -> Self {
        let span = ((bits[0] >> 8) as u8, bits[0] as u8);
        Self { span, points: f64::from_bits(bits[1]), burden: f64::from_bits(bits[2]), bundle: bits[3] as u32 }
    }
}

/// Gathers what some participants have; each list, strip (the open placements of a position) and first move is kept once.
#[derive(Default)]
pub(super) struct Gathered {
    lists: Interner<Run<u64>>,
    strips: Interner<u64>,
    entries: Interner<u64>,
    runs: Vec<Run<u64>>,
    numbers: Vec<u64>,
}

/// The numbers that strips and first moves of one part of the participants get among all.
pub(super) struct Renumbered {
    pub(super) strips: Vec<u32>,
    pub(super) entries: Vec<u32>,
}

impl Gathered {
    /// The number of what is added to rows.
    pub(super) fn list(&mut self, terms: &[Term]) -> u32 {
        self.runs.clear();
        for (row, c) in terms {
            match self.runs.last_mut() {
                Some(run) if run.first + run.rows == *row && run.each == c.to_bits() => run.rows += 1,
                _ => self.runs.push(Run { first: *row, rows: 1, each: c.to_bits() }),
            }
        }
        self.lists.number(&self.runs)
    }

    /// The number of a strip.
    pub(super) fn strip(&mut self, cells: &[Cell]) -> u32 {
        self.numbers.clear();
        self.numbers.extend(cells.iter().flat_map(|c| c.bits()));
        self.strips.number(&self.numbers)
    }

    /// The number of a first move: points at once and after idle ticks, burden, whether it counts, and its list in each tick.
    pub(super) fn entry(&mut self, adjacent: f64, apart: f64, burden: f64, counts: bool, bundles: impl Iterator<Item = u32>) -> u32 {
        self.numbers.clear();
        self.numbers.extend([adjacent.to_bits(), apart.to_bits(), burden.to_bits(), u64::from(counts)]);
        self.numbers.extend(bundles.map(u64::from));
        self.entries.number(&self.numbers)
    }

    /// The cells of a strip, in the order of their spans.
    pub(super) fn cells(&self, strip: u32) -> impl Iterator<Item = Cell> + '_ {
        self.strips.known[strip as usize].chunks_exact(CELL).map(Cell::of)
    }

    /// Takes over what another gathered.
    pub(super) fn absorb(&mut self, other: Self) -> Renumbered {
        let lists = self.lists.absorb(other.lists, |_| ());
        let new = |bundle: &mut u64| *bundle = u64::from(lists[*bundle as usize]);
        Renumbered {
            strips: self.strips.absorb(other.strips, |cells| cells.chunks_exact_mut(CELL).for_each(|cell| new(&mut cell[CELL - 1]))),
            entries: self.entries.absorb(other.entries, |entry| entry[ENTRY..].iter_mut().for_each(new)),
        }
    }

    /// All of it as it is priced, for participants who have these strips and first moves. Those lists that several of them
    /// have come first. What was gathered of lists is gone.
    pub(super) fn settle<'s>(&mut self, have: impl Iterator<Item = (&'s [u32], &'s [u32])>) -> (Common, Fresh) {
        let (mut of_strip, mut of_entry) = (vec![Has::Nobody; self.strips.known.len()], vec![Has::Nobody; self.entries.known.len()]);
        for (who, (strips, entries)) in have.enumerate() {
            strips.iter().for_each(|s| of_strip[*s as usize].also(Has::One(who as u32)));
            entries.iter().for_each(|e| of_entry[*e as usize].also(Has::One(who as u32)));
        }
        let mut lists: Vec<Box<[Run<u64>]>> = std::mem::take(&mut self.lists).known.into_iter().collect();
        let mut of_list = vec![Has::Nobody; lists.len()];
        for (cells, has) in self.strips.known.iter().zip(&of_strip) {
            cells.chunks_exact(CELL).for_each(|cell| of_list[cell[CELL - 1] as usize].also(*has));
        }
        for (entry, has) in self.entries.known.iter().zip(&of_entry) {
            entry[ENTRY..].iter().for_each(|list| of_list[*list as usize].also(*has));
        }
        let mut order: Vec<u32> = (0..lists.len() as u32).collect();
        order.sort_by_key(|list| of_list[*list as usize] != Has::Several);
        let shared = of_list.iter().filter(|has| **has == Has::Several).count();
        let runs = Vec::with_capacity(lists.iter().map(|list| list.len()).sum());
        let mut common = Common { bundles: Bundles { begins: vec![0], runs, shared }, ..Common::default() };
        let mut bundles = vec![0; order.len()];
        for (number, list) in order.into_iter().enumerate() {
            bundles[list as usize] = number as u32;
            // Gone at once: together they are most of the memory.
            let list = std::mem::take(&mut lists[list as usize]);
            let runs = list.iter().map(|run| Run { first: run.first, rows: run.rows, each: f64::from_bits(run.each) });
            common.bundles.runs.extend(runs);
            common.bundles.begins.push(common.bundles.runs.len() as u32);
        }
        for entry in &self.entries.known {
            let of = |i: usize| f64::from_bits(entry[i]);
            let at = common.entry_bundles.len() as u32;
            common.entries.push(Entry { adjacent: of(0), apart: of(1), burden: of(2), counts: entry[3] == 1, bundles: at });
            common.entry_bundles.extend(entry[ENTRY..].iter().map(|list| bundles[*list as usize]));
        }
        (common, Fresh { bundles, layouts: Interner::default(), places: FxHashMap::default() })
    }
}

/// Who has something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Has {
    Nobody,
    One(u32),
    Several,
}

impl Has {
    fn also(&mut self, other: Self) {
        *self = match (*self, other) {
            (Self::Nobody, other) => other,
            (this, Self::Nobody) => this,
            (Self::One(a), Self::One(b)) if a == b => other,
            _ => Self::Several,
        };
    }
}

/// What several participants' lattices point at.
#[derive(Debug, Default)]
pub(super) struct Common {
    pub(super) bundles: Bundles,
    /// Points of placements, strip by strip, one for each span of the kind; infinite where one is not open.
    pub(super) points: Vec<f64>,
    /// The part of the points that counts as burden; empty if nothing of placements does.
    pub(super) burden: Vec<f64>,
    /// What a placement adds to rows: a bundle.
    pub(super) of_cell: Vec<u32>,
    entries: Vec<Entry>,
    entry_bundles: Vec<u32>,
}

/// Numbers on the way from what was gathered to what is priced.
pub(super) struct Fresh {
    bundles: Vec<u32>,
    layouts: Interner<Span>,
    places: FxHashMap<(u32, u32), u32>,
}

impl Common {
    /// Whether all points, burdens and coefficients of rows are whole.
    pub(super) fn is_whole(&self) -> bool {
        let entry = |e: &Entry| whole(e.adjacent) && whole(e.apart) && whole(e.burden);
        let cells = self.points.iter().chain(&self.burden).copied().all(whole);
        cells && self.entries.iter().all(entry) && (0..self.bundles.len() as u32).flat_map(|b| self.bundles.get(b)).all(|(_, c)| whole(c))
    }

    /// A first move.
    pub(super) fn entry(&self, number: u32) -> &Entry {
        &self.entries[number as usize]
    }

    /// What a first move adds to rows if its placement begins at a tick: a bundle.
    pub(super) fn entry_bundle(&self, entry: &Entry, tick: usize) -> u32 {
        self.entry_bundles[entry.bundles as usize + tick]
    }

    /// The number of a kind's list of spans.
    pub(super) fn layout(fresh: &mut Fresh, spans: &[Span]) -> u32 {
        fresh.layouts.number(spans)
    }

    /// Where the cells of a strip begin in a kind with given spans; they are written when they are first asked for.
    pub(super) fn place(&mut self, gathered: &Gathered, fresh: &mut Fresh, strip: u32, layout: u32, burdens: bool) -> u32 {
        if let Some(known) = fresh.places.get(&(layout, strip)) {
            return *known;
        }
        let spans = &fresh.layouts.known[layout as usize];
        let at = self.points.len();
        self.points.resize(at + spans.len(), f64::INFINITY);
        self.of_cell.resize(at + spans.len(), 0);
        if burdens {
            self.burden.resize(at + spans.len(), 0.0);
        }
        for cell in gathered.cells(strip) {
            let to = at + spans.binary_search(&cell.span).expect("a span of the kind");
            self.points[to] = cell.points;
            self.of_cell[to] = fresh.bundles[cell.bundle as usize];
            if burdens {
                self.burden[to] = cell.burden;
            }
        }
        fresh.places.insert((layout, strip), at as u32);
        at as u32
    }
}

/// Lists of what is added to rows, each stored once; first those that several participants have.
#[derive(Debug, Default)]
pub(super) struct Bundles {
    begins: Vec<u32>,
    runs: Vec<Run<f64>>,
    pub(super) shared: usize,
}

impl Bundles {
    /// The terms of a bundle, in the order of their rows.
    pub(super) fn get(&self, bundle: u32) -> impl Iterator<Item = Term> + '_ {
        let runs = &self.runs[self.begins[bundle as usize] as usize..self.begins[bundle as usize + 1] as usize];
        runs.iter().flat_map(|run| (run.first..run.first + run.rows).map(|row| (row, run.each)))
    }

    pub(super) fn len(&self) -> usize {
        self.begins.len().saturating_sub(1)
    }
}
