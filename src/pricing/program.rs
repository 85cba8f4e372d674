//! The dynamic program: the cheapest completion of every partial path, from the last tick to the first.

use std::ops::Range;

use super::lattice::Lattice;
use super::skeleton::{START, Skeleton};
use super::{Prices, Pricing};
use crate::words::Index;

/// Room for one thread's programs; reused from participant to participant.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Price of each cell, by kind, next and span; and where each kind's begin.
    cells: Vec<f64>,
    cells_at: Vec<u32>,
    /// Per pair of nexts: points of the move at once and after idle ticks, in blocks of kinds that are filled when they are asked.
    at_once: Vec<f64>,
    apart: Vec<f64>,
    /// Per pair: where its prices begin, and whether it counts for the bound on moves.
    priced_at: Vec<u32>,
    counts: Vec<u8>,
    /// The same with the prices of one tick.
    now: Vec<f64>,
    /// Per block: which of the tables are filled (bits), and the tick of `now` (twice the tick, plus 1 after idle ticks, plus 1).
    filled: Vec<(u8, u32)>,
    /// Completion of each free node: by member of its kind and moves left; nodes that the participant has not share the infinite
    /// ones in front.
    free: Vec<f64>,
    free_at: Vec<u32>,
    /// Completion of each begin node: by member of its kind and moves left; if moves are bounded, with an infinite one in front
    /// of each member for no move left.
    begin: Vec<f64>,
    begin_at: Vec<u32>,
}

impl Scratch {
    /// The prices of a member's cells, one for each span of its kind.
    pub(super) fn cells(&self, kind: u32, member: usize, spans: usize) -> &[f64] {
        let at = self.cells_at[kind as usize] as usize + member * spans;
        &self.cells[at..at + spans]
    }

    /// The completion of a free node.
    pub(super) fn completion(&self, free: u32, member: usize, left: usize, width: usize) -> f64 {
        self.free[self.free_at[free as usize] as usize + member * width + left]
    }
}

/// One participant's program at given prices.
pub(super) struct Program<'l, 'b, 'c> {
    pub(super) pricing: &'l Pricing<'b, 'c>,
    pub(super) lattice: &'l Lattice,
    pub(super) skeleton: &'l Skeleton,
    pub(super) prices: &'l Prices,
    /// The number of moves is bounded; else that is relaxed.
    pub(super) bounded: bool,
    /// Numbers of moves left that are told apart.
    pub(super) width: usize,
    /// What a unit of burden costs.
    pub(super) burden: f64,
    /// Paths may have idle ticks before a placement.
    pub(super) idle: bool,
}

impl Program<'_, '_, '_> {
    /// Solves it; first without idle ticks before a placement, and with them only if they may be worth having: if a path with
    /// some can cost at most `within` more than one without. O(live nodes × options × positions of a kind²).
    pub(super) fn solve(&mut self, scratch: &mut Scratch, within: f64) -> f64 {
        let Some(source) = self.skeleton.source.filter(|s| self.lattice.has_free(self.skeleton, *s as usize)) else { return f64::INFINITY };
        self.price(scratch);
        self.layout(scratch);
        self.idle = false;
        self.run(scratch);
        let value = |this: &Self, scratch: &Scratch| scratch.completion(source, 0, this.width - 1, this.width);
        let direct = value(self, scratch);
        if direct < f64::INFINITY && self.idle_costs(scratch) >= direct + within {
            return direct;
        }
        self.idle = true;
        self.run(scratch);
        value(self, scratch)
    }

    /// Numbers per member of a begin node.
    fn stride(&self) -> usize {
        if self.bounded { self.width + 1 } else { 1 }
    }

    fn price(&self, scratch: &mut Scratch) {
        let Self { lattice, prices, burden, .. } = *self;
        let common = &self.pricing.common;
        scratch.cells.clear();
        scratch.cells_at.clear();
        for (kind, spans) in self.skeleton.spans.iter().enumerate() {
            scratch.cells_at.push(scratch.cells.len() as u32);
            for at in lattice.cells[lattice.of_kind(kind as u32)].iter().map(|at| *at as usize) {
                let (from, all) = (scratch.cells.len(), at..at + spans.len());
                let priced = common.points[all.clone()].iter().zip(&common.of_cell[all.clone()]);
                scratch.cells.extend(priced.map(|(points, bundle)| points + prices.bundle(self.pricing, *bundle)));
                if burden != 0.0 && !common.burden.is_empty() {
                    scratch.cells[from..].iter_mut().zip(&common.burden[all]).for_each(|(cell, b)| *cell += burden * b);
                }
            }
        }
        let (n, kinds) = (lattice.nexts.len(), self.skeleton.spans.len());
        for table in [&mut scratch.at_once, &mut scratch.apart, &mut scratch.now] {
            if table.len() < n * n {
                table.resize(n * n, 0.0);
            }
        }
        if scratch.priced_at.len() < n * n {
            scratch.priced_at.resize(n * n, 0);
            scratch.counts.resize(n * n, 0);
        }
        scratch.filled.clear();
        scratch.filled.resize(kinds * kinds, (0, 0));
    }

    fn layout(&self, scratch: &mut Scratch) {
        let Self { lattice, skeleton, width, .. } = *self;
        let size = |kind: u32| if kind == START { 1 } else { lattice.of_kind(kind).len() };
        let most = (0..skeleton.spans.len() as u32).map(size).max().unwrap_or(1).max(1);
        let mut next = most * width;
        scratch.free_at.clear();
        scratch.free_at.extend(skeleton.frees.iter().enumerate().map(|(f, node)| {
            let at = next;
            let live = lattice.has_free(skeleton, f);
            next += if live { size(node.kind) * width } else { 0 };
            if live { at as u32 } else { 0 }
        }));
        scratch.free.clear();
        scratch.free.resize(next, f64::INFINITY);
        let mut next = 0;
        scratch.begin_at.clear();
        scratch.begin_at.extend(skeleton.begins.iter().enumerate().map(|(b, node)| {
            let at = next;
            next += if lattice.has_begin(b) { size(node.kind) * self.stride() } else { 0 };
            at as u32
        }));
        scratch.begin.clear();
        scratch.begin.resize(next, f64::INFINITY);
    }

    /// From the last tick to the first.
    fn run(&self, scratch: &mut Scratch) {
        let Self { lattice, skeleton, .. } = *self;
        for tick in (0..skeleton.layers.len()).rev() {
            let (begins, frees) = skeleton.layers[tick].clone();
            for b in begins.filter(|b| lattice.has_begin(*b as usize)) {
                self.begin(scratch, b as usize);
            }
            // Those after idle ticks in one go: they have moves of their own.
            for idle in [false, true].into_iter().filter(|idle| self.idle || !idle) {
                for f in frees.clone().filter(|f| skeleton.frees[*f as usize].idle == idle && lattice.has_free(skeleton, *f as usize)) {
                    self.free(scratch, f as usize);
                }
            }
        }
    }

    fn begin(&self, scratch: &mut Scratch, b: usize) {
        let Self { lattice, skeleton, width, burden, .. } = *self;
        let begin = &skeleton.begins[b];
        let members = lattice.of_kind(begin.kind);
        let stride = self.stride();
        let (first, spans) = (scratch.cells_at[begin.kind as usize] as usize, skeleton.spans[begin.kind as usize].len());
        let at = scratch.begin_at[b] as usize;
        let here = &mut scratch.begin[at..at + members.len() * stride];
        here.fill(f64::INFINITY);
        for arc in skeleton.arcs(begin) {
            if !lattice.has_span(begin.kind, arc.span) {
                continue;
            }
            let extra = arc.points + burden * arc.burden;
            let to = scratch.free_at[arc.to as usize] as usize;
            let rest = &scratch.free[to..to + members.len() * width];
            let cells = scratch.cells[first + usize::from(arc.span)..].iter().step_by(spans).take(members.len()).map(|cell| cell + extra);
            if self.bounded {
                for ((cell, here), rest) in cells.zip(here.chunks_exact_mut(stride)).zip(rest.chunks_exact(width)) {
                    for (best, rest) in here[1..].iter_mut().zip(rest) {
                        lower(best, cell + rest);
                    }
                }
            } else {
                for ((cell, best), rest) in cells.zip(here.iter_mut()).zip(rest) {
                    lower(best, cell + rest);
                }
            }
        }
    }

    fn free(&self, scratch: &mut Scratch, f: usize) {
        let Self { lattice, skeleton, width, .. } = *self;
        let free = &skeleton.frees[f];
        let tick = usize::from(free.tick);
        let at = scratch.free_at[f] as usize;
        let members = if free.kind == START { 0..1 } else { lattice.of_kind(free.kind) };
        let size = members.len() * width;
        scratch.free[at..at + size].fill(self.ending(f as u32).unwrap_or(f64::INFINITY));
        if let Some((to, extra)) = self.waiting(f as u32) {
            let to = scratch.free_at[to as usize] as usize;
            for x in 0..size {
                let value = scratch.free[to + x] + extra;
                lower(&mut scratch.free[at + x], value);
            }
        }
        let (n, stride) = (lattice.nexts.len(), self.stride());
        for b in skeleton.options(free).iter().filter(|b| lattice.has_begin(**b as usize)) {
            let kind = skeleton.begins[*b as usize].kind;
            let next = lattice.of_kind(kind);
            if free.kind != START {
                self.block(scratch, free.kind, kind, tick, free.idle);
            }
            let Scratch { free: completions, begin, now, counts, begin_at, .. } = &mut *scratch;
            let rest = &begin[begin_at[*b as usize] as usize..][..next.len() * stride];
            if free.kind == START {
                for (rest, j) in rest.chunks_exact(stride).zip(next) {
                    let (mv, counts) = self.entering(j, tick, free.idle);
                    let skip = usize::from(self.bounded && !counts);
                    for (best, rest) in completions[at..at + width].iter_mut().zip(&rest[skip..]) {
                        lower(best, mv + rest);
                    }
                }
                continue;
            }
            let rows = members.clone().map(|i| i * n + next.start..i * n + next.end);
            let best = &mut completions[at..at + size];
            match (self.bounded, width) {
                (false, _) => best.iter_mut().zip(rows).for_each(|(best, row)| lower(best, least(&now[row], rest))),
                (true, 1) => least_bounded::<1>(best, now, counts, rows, rest),
                (true, 2) => least_bounded::<2>(best, now, counts, rows, rest),
                (true, 3) => least_bounded::<3>(best, now, counts, rows, rest),
                (true, 4) => least_bounded::<4>(best, now, counts, rows, rest),
                (true, 5) => least_bounded::<5>(best, now, counts, rows, rest),
                _ => {
                    for (best, row) in best.chunks_exact_mut(width).zip(rows) {
                        for ((mv, used), rest) in now[row.clone()].iter().zip(&counts[row]).zip(rest.chunks_exact(stride)) {
                            best.iter_mut().zip(&rest[1 - usize::from(*used)..]).for_each(|(best, rest)| lower(best, mv + rest));
                        }
                    }
                }
            }
        }
    }

    /// The price of the first move to a next, and whether it counts for the bound on moves.
    pub(super) fn entering(&self, next: usize, tick: usize, idle: bool) -> (f64, bool) {
        let common = &self.pricing.common;
        let entry = common.entry(self.lattice.entries[next]);
        if self.prices.first.is_some_and(|first| first != self.lattice.nexts[next].0) {
            return (f64::INFINITY, entry.counts);
        }
        let points = (if idle { entry.apart } else { entry.adjacent }) + self.burden * entry.burden;
        (points + self.prices.bundle(self.pricing, common.entry_bundle(entry, tick)), entry.counts)
    }

    /// The price of a move between two nexts, but for rows; where its prices begin; and whether it counts for the bound on moves.
    fn moving(&self, i: usize, j: usize, idle: bool) -> (f64, usize, bool) {
        let moves = &self.pricing.moves;
        let ((from, _), (to, continues)) = (self.lattice.nexts[i], self.lattice.nexts[j]);
        let (a, b) = (from.index(), to.index());
        let mut points = if continues { f64::INFINITY } else { moves.points(a, b, !idle, &self.lattice.minds) };
        if self.burden != 0.0 && moves.burdens() {
            points += self.burden * moves.burden(a, b, &self.lattice.minds);
        }
        (points, moves.cell(a, b), moves.counts(a, b))
    }

    /// The price of a move between two nexts whose placement begins at a tick, and whether it counts for the bound on moves.
    pub(super) fn move_to(&self, i: usize, j: usize, tick: usize, idle: bool) -> (f64, bool) {
        let (points, cell, counts) = self.moving(i, j, idle);
        (points + self.prices.moves[self.pricing.moves.part(usize::from(self.lattice.periods[tick])) + cell], counts)
    }

    /// Fills the prices of moves between two kinds at a tick.
    fn block(&self, scratch: &mut Scratch, from: u32, to: u32, tick: usize, idle: bool) {
        let block = from as usize * self.skeleton.spans.len() + to as usize;
        let stamp = (tick as u32) << 1 | u32::from(idle);
        let (filled, when) = scratch.filled[block];
        if when == stamp + 1 {
            return;
        }
        let (rows, columns, n) = (self.lattice.of_kind(from), self.lattice.of_kind(to), self.lattice.nexts.len());
        let bit = 1 << u8::from(idle);
        let table = if idle { &mut scratch.apart } else { &mut scratch.at_once };
        if filled & bit == 0 {
            for i in rows.clone() {
                for j in columns.clone() {
                    let (points, cell, counts) = self.moving(i, j, idle);
                    table[i * n + j] = points;
                    scratch.priced_at[i * n + j] = cell as u32;
                    scratch.counts[i * n + j] = u8::from(counts);
                }
            }
        }
        scratch.filled[block] = (filled | bit, stamp + 1);
        let prices = &self.prices.moves[self.pricing.moves.part(usize::from(self.lattice.periods[tick]))..];
        for i in rows {
            let row = i * n + columns.start..i * n + columns.end;
            let cells = scratch.priced_at[row.clone()].iter().map(|at| prices[*at as usize]);
            for ((now, points), price) in scratch.now[row.clone()].iter_mut().zip(&table[row]).zip(cells) {
                *now = points + price;
            }
        }
    }

    /// What ending a path at a free node costs, if it may end there.
    pub(super) fn ending(&self, free: u32) -> Option<f64> {
        let node = &self.skeleton.frees[free as usize];
        if node.kind == START && self.prices.first.is_some() {
            return None;
        }
        let end = self.skeleton.end(node)?;
        let ready: f64 = end.ready.iter().map(|s| self.prices.rows[self.pricing.coupling.row(*s as usize, 0)]).sum();
        Some(end.points + self.burden * end.burden + ready)
    }

    /// The free node a tick later, and what waiting costs.
    pub(super) fn waiting(&self, free: u32) -> Option<(u32, f64)> {
        let node = &self.skeleton.frees[free as usize];
        let (to, points, b) = node.wait.filter(|_| self.idle)?;
        let (wait, wb) = self.lattice.waits[usize::from(node.tick)];
        Some((to, points + wait + self.burden * (b + wb)))
    }

    /// At least what a path with an idle tick before a placement costs: by the cheapest chain of placements, moves left aside.
    fn idle_costs(&self, scratch: &Scratch) -> f64 {
        let Self { lattice, skeleton, prices, burden, .. } = *self;
        // Moves that are paid for would make the chain no bound.
        if prices.paid_to_move {
            return f64::NEG_INFINITY;
        }
        let ticks = lattice.periods.len();
        let mut cells: Vec<Vec<(usize, f64)>> = vec![Vec::new(); ticks + 1];
        for (kind, spans) in skeleton.spans.iter().enumerate() {
            for (s, (first, after)) in spans.iter().enumerate() {
                if lattice.has_span(kind as u32, s as u16) {
                    let of = (0..lattice.of_kind(kind as u32).len()).map(|member| scratch.cells(kind as u32, member, spans.len())[s]);
                    cells[usize::from(*first)].push((usize::from(*after), of.fold(f64::INFINITY, f64::min)));
                }
            }
        }
        let mut ends = vec![f64::INFINITY; ticks + 1];
        for free in skeleton.frees.iter().enumerate().filter(|(f, _)| lattice.has_free(skeleton, *f)).map(|(_, f)| f) {
            if let Some(e) = skeleton.end(free) {
                let end = &mut ends[usize::from(free.tick)];
                *end = end.min(e.points + burden * e.burden + prices.ready);
            }
        }
        // From the end: without an idle tick, and with at least one before a placement.
        let mut chain = vec![[f64::INFINITY; 2]; ticks + 1];
        for tick in (0..=ticks).rev() {
            let mut here = [ends[tick], f64::INFINITY];
            for (after, cost) in &cells[tick] {
                here[0] = here[0].min(cost + chain[*after][0]);
                here[1] = here[1].min(cost + chain[*after][1]);
            }
            if tick < ticks {
                let (wait, b) = lattice.waits[tick];
                let after = chain[tick + 1][0].min(chain[tick + 1][1]);
                here[1] = here[1].min(wait + burden * b + after);
            }
            chain[tick] = here;
        }
        chain[0][1]
    }
}

/// The least sum of a move and what is left after it, four side by side so that none waits for the one before.
fn least(moves: &[f64], rest: &[f64]) -> f64 {
    let mut best = [f64::INFINITY; 4];
    let (moves, last) = moves.as_chunks::<4>();
    let (rest, last_rest) = rest.as_chunks::<4>();
    for (moves, rest) in moves.iter().zip(rest) {
        for lane in 0..4 {
            lower(&mut best[lane], moves[lane] + rest[lane]);
        }
    }
    for ((best, mv), rest) in best.iter_mut().zip(last).zip(last_rest) {
        lower(best, mv + rest);
    }
    let [mut lowest, others @ ..] = best;
    others.into_iter().for_each(|other| lower(&mut lowest, other));
    lowest
}

/// The same by moves left, so many that they stay in registers; what is left has an infinite number in front for no move left.
fn least_bounded<const WIDTH: usize>(best: &mut [f64], moves: &[f64], counts: &[u8], rows: impl Iterator<Item = Range<usize>>, rest: &[f64]) {
    for (best, row) in best.as_chunks_mut::<WIDTH>().0.iter_mut().zip(rows) {
        let mut lowest = *best;
        for ((mv, used), rest) in moves[row.clone()].iter().zip(&counts[row]).zip(rest.chunks_exact(WIDTH + 1)) {
            let rest = if *used == 1 { &rest[..WIDTH] } else { &rest[1..] };
            for lane in 0..WIDTH {
                lower(&mut lowest[lane], mv + rest[lane]);
            }
        }
        *best = lowest;
    }
}

/// Written so that it becomes one instruction on several numbers at once.
fn lower(best: &mut f64, value: f64) {
    *best = if value < *best { value } else { *best };
}
