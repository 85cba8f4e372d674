//! The dynamic program: the cheapest completion of every partial path, from the last tick to the first, of all that lie on a
//! cheap path ([`super::outlook`] says which may).

use super::ascent::Sums;
use super::lattice::Lattice;
use super::outlook::Outlook;
use super::search::NEAR_CEILING;
use super::skeleton::{Place, START, Skeleton};
use super::{Prices, Pricing};
use crate::words::Index;

/// Points above the least that a path costs up to which completions are sought at first, if no path is known; and how many times
/// as much each time.
const FIRST_ROOM: f64 = 20.0;
const MORE_ROOM: f64 = 6.0;
/// More room than this is no limit.
const MOST_ROOM: f64 = 1e5;

/// What paths may cost next, if those that cost from `least` up to a limit were too few: what is needed, if that is known; else
/// there is some times as much room.
pub(super) fn wider(least: f64, limit: f64, needed: Option<f64>) -> f64 {
    let next = needed.unwrap_or(least + MORE_ROOM * (limit - least));
    if next - least > MOST_ROOM { f64::INFINITY } else { next }
}

/// Room for one thread's programs; reused from participant to participant.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Price of each cell, by kind, next and span; and where each kind's begin.
    pub(super) cells: Vec<f64>,
    pub(super) cells_at: Vec<u32>,
    /// What each list of sums is charged.
    charges: Vec<f64>,
    /// Where the members of each node are, and which may lie on a cheap path.
    pub(super) outlook: Outlook,
    /// Completion of each free node: by exit of its tail and moves left; infinite where it lies on no cheap path.
    free: Vec<f64>,
    /// Completion of each begin node: by member of its kind and moves left; if moves are bounded, with an infinite one in front
    /// of each member for no move left.
    begin: Vec<f64>,
    /// Members of each begin node of a tick that may lie on a cheap path, with what they cost to the end at least if the move to
    /// them leaves a site, the cheapest first; and where those of each begin node are.
    ranked: Vec<(f64, u32)>,
    ranks: Vec<(u32, u32)>,
}

impl Scratch {
    /// The prices of a member's cells, one for each span of its kind.
    pub(super) fn cells(&self, kind: u32, member: usize, spans: usize) -> &[f64] {
        let at = self.cells_at[kind as usize] as usize + member * spans;
        &self.cells[at..at + spans]
    }

    /// The completion of a free node.
    pub(super) fn completion(&self, free: u32, exit: usize, left: usize, width: usize) -> f64 {
        let frees = &self.outlook.frees;
        if frees.of(free).is_empty() { f64::INFINITY } else { self.free[(frees.at(free) + exit) * width + left] }
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
    /// What the mould adds up along a path, and the penalty of a unit of each; and what that adds to every path.
    pub(super) sums: &'l Sums,
    pub(super) penalties: &'l [f64],
    pub(super) constant: f64,
}

impl Program<'_, '_, '_> {
    /// Prices everything and looks ahead; at least what every path costs, whatever bounds moves. O(placements, plus arcs × positions of
    /// a kind, plus free nodes × options).
    pub(super) fn prepare(&self, scratch: &mut Scratch) -> f64 {
        if !self.skeleton.source.is_some_and(|s| self.lattice.has_free(self.skeleton, s as usize)) {
            return f64::INFINITY;
        }
        self.price(scratch);
        let mut outlook = std::mem::take(&mut scratch.outlook);
        self.layout(&mut outlook);
        let least = outlook.back(self, scratch);
        scratch.outlook = outlook;
        least
    }

    /// Solves it, once it is prepared and costs at least so much: completions are exact on every path that costs at most `within`
    /// more than the cheapest, and never too low; if no path costs less than `ceiling`, what is returned is not below that either.
    /// O(pairs of positions that may lie on such paths).
    pub(super) fn solve(&self, scratch: &mut Scratch, least: f64, within: f64, ceiling: f64) -> f64 {
        let Some(source) = self.skeleton.source.filter(|_| least < ceiling) else { return f64::INFINITY };
        let mut outlook = std::mem::take(&mut scratch.outlook);
        let (known, _) = outlook.path(self, scratch, false);
        // What the cheapest path may cost, so that it is found.
        let most = known.min(ceiling);
        let mut cheapest = if ceiling - least <= NEAR_CEILING { most } else { most.min(least + FIRST_ROOM) };
        let value = loop {
            let limit = cheapest + within;
            let sure = (limit + 1e-9 * limit.abs().max(1.0)).min(f64::MAX);
            outlook.forth(self, scratch, sure);
            self.run(scratch, &outlook);
            let first = (outlook.frees.at(source) + 1) * self.width - 1;
            let value = if outlook.frees.of(source).is_empty() { f64::INFINITY } else { scratch.free[first] };
            if value + within <= sure || limit == f64::INFINITY {
                break value;
            }
            if cheapest >= ceiling {
                break f64::INFINITY;
            }
            cheapest = match value < f64::INFINITY {
                true => wider(least, cheapest, Some(value)),
                false if cheapest >= known => f64::INFINITY,
                false => wider(least, cheapest, None).min(most),
            };
        };
        scratch.outlook = outlook;
        value
    }

    /// The least prices of moves in the period of a tick, by what they lead to.
    pub(super) fn nearest(&self, tick: usize) -> &[(f64, f64)] {
        let moves = &self.pricing.moves;
        self.lattice.periods.get(tick).map_or(&[], |period| &self.prices.nearest[moves.nearest_at(usize::from(*period))..])
    }

    /// Numbers per member of a begin node.
    fn stride(&self) -> usize {
        if self.bounded { self.width + 1 } else { 1 }
    }

    fn price(&self, scratch: &mut Scratch) {
        let Self { lattice, prices, burden, .. } = *self;
        let common = &self.pricing.common;
        self.sums.charges(self.penalties, &mut scratch.charges);
        scratch.cells.clear();
        scratch.cells_at.clear();
        for (kind, spans) in self.skeleton.spans.iter().enumerate() {
            scratch.cells_at.push(scratch.cells.len() as u32);
            for j in lattice.of_kind(kind as u32) {
                let at = lattice.cells[j] as usize;
                let (from, all) = (scratch.cells.len(), at..at + spans.len());
                let priced = common.points[all.clone()].iter().zip(&common.of_cell[all.clone()]);
                scratch.cells.extend(priced.map(|(points, bundle)| points + prices.bundle(self.pricing, *bundle)));
                if burden != 0.0 && !common.burden.is_empty() {
                    scratch.cells[from..].iter_mut().zip(&common.burden[all]).for_each(|(cell, b)| *cell += burden * b);
                }
                if !self.sums.is_empty() {
                    let lists = self.sums.lists(lattice.nexts[j]).iter();
                    scratch.cells[from..].iter_mut().zip(lists).for_each(|(cell, list)| *cell += scratch.charges[*list as usize]);
                }
            }
        }
    }

    fn layout(&self, outlook: &mut Outlook) {
        let Self { lattice, skeleton, .. } = *self;
        let size = |kind: u32| lattice.of_kind(kind).len();
        // What leads to a free node that the participant has not reads no bound there, for whichever member.
        let exits = |tail: u32| lattice.of_tail(tail).len();
        let most = (0..lattice.tails() as u32).map(exits).max().unwrap_or(1).max(1);
        let frees = skeleton.frees.iter().enumerate();
        outlook.frees.lay(most, frees.map(|(f, node)| if lattice.has_free(skeleton, f) { exits(node.tail) } else { 0 }));
        let begins = skeleton.begins.iter().enumerate();
        outlook.begins.lay(0, begins.map(|(b, node)| if lattice.has_begin(b) { size(node.kind) } else { 0 }));
    }

    /// From the last tick to the first.
    fn run(&self, scratch: &mut Scratch, outlook: &Outlook) {
        let (frees, begins) = (outlook.frees.size * self.width, outlook.begins.size * self.stride());
        scratch.free.resize(scratch.free.len().max(frees), 0.0);
        scratch.begin.resize(scratch.begin.len().max(begins), 0.0);
        // A free node comes before the begin nodes of its tick.
        let (mut frees, mut begins) = (outlook.frees.order.iter().rev().peekable(), outlook.begins.order.iter().rev().peekable());
        for (tick, (begin, free)) in self.skeleton.layers.iter().enumerate().rev() {
            scratch.ranked.clear();
            scratch.ranks.clear();
            scratch.ranks.resize(begin.len(), (0, 0));
            while let Some(b) = begins.next_if(|b| begin.contains(b)) {
                self.begin(scratch, outlook, *b);
                scratch.ranks[(b - begin.start) as usize] = self.rank(scratch, outlook, *b, tick);
            }
            while let Some(f) = frees.next_if(|f| free.contains(f)) {
                self.free(scratch, outlook, *f);
            }
        }
    }

    fn begin(&self, scratch: &mut Scratch, outlook: &Outlook, b: u32) {
        let Self { lattice, skeleton, width, .. } = *self;
        let begin = &skeleton.begins[b as usize];
        let (stride, spans) = (self.stride(), skeleton.spans[begin.kind as usize].len());
        let skip = usize::from(self.bounded);
        let all = outlook.begins.at(b) * stride;
        scratch.begin[all..all + lattice.of_kind(begin.kind).len() * stride].fill(f64::INFINITY);
        let first = scratch.cells_at[begin.kind as usize] as usize;
        let exit = &lattice.exit()[lattice.of_kind(begin.kind)];
        for arc in skeleton.arcs(begin).iter().filter(|arc| !outlook.frees.of(arc.to).is_empty()) {
            let (extra, to) = (self.passing(arc), outlook.frees.at(arc.to));
            for member in outlook.begins.of(b).iter().map(|m| *m as usize) {
                let cell = scratch.cells[first + member * spans + usize::from(arc.span)] + extra;
                let at = all + member * stride + skip;
                let rest = &scratch.free[(to + usize::from(exit[member])) * width..][..width];
                scratch.begin[at..at + width].iter_mut().zip(rest).for_each(|(best, rest)| lower(best, cell + rest));
            }
        }
    }

    /// Puts the members of a begin node in the order of what they cost at least; where they are.
    fn rank(&self, scratch: &mut Scratch, outlook: &Outlook, b: u32, tick: usize) -> (u32, u32) {
        let (first, stride) = (self.lattice.of_kind(self.skeleton.begins[b as usize].kind).start, self.stride());
        let (prices, from) = (self.nearest(tick), scratch.ranked.len());
        for member in outlook.begins.of(b) {
            // The most moves left cost the least.
            let rest = scratch.begin[(outlook.begins.at(b) + *member as usize + 1) * stride - 1];
            scratch.ranked.push((rest + outlook.least_moves(prices, first + *member as usize).0, *member));
        }
        scratch.ranked[from..].sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        (from as u32, scratch.ranked.len() as u32)
    }

    fn free(&self, scratch: &mut Scratch, outlook: &Outlook, f: u32) {
        let Self { lattice, skeleton, width, .. } = *self;
        let free = &skeleton.frees[f as usize];
        let tick = usize::from(free.tick);
        let (stride, exits) = (self.stride(), lattice.of_tail(free.tail));
        let Scratch { free: completions, begin, ranked, ranks, .. } = &mut *scratch;
        let first_begin = skeleton.layers[tick].0.start;
        let all = outlook.frees.at(f) * width;
        completions[all..all + exits.len() * width].fill(f64::INFINITY);
        let ending = self.ending(f).unwrap_or(f64::INFINITY);
        let waiting = self.waiting(f).filter(|(to, _)| !outlook.frees.of(*to).is_empty());
        let prices = self.nearest(tick);
        for exit in outlook.frees.of(f).iter().map(|exit| *exit as usize) {
            let at = all + exit * width;
            completions[at..at + width].fill(ending);
            if let Some((to, extra)) = waiting {
                let to = (outlook.frees.at(to) + exit) * width;
                for left in 0..width {
                    let value = completions[to + left] + extra;
                    lower(&mut completions[at + left], value);
                }
            }
            let best = &mut completions[at..at + width];
            for b in skeleton.options(free).iter().copied().filter(|b| !outlook.begins.of(*b).is_empty()) {
                let kind = skeleton.begins[b as usize].kind;
                let (next, at) = (lattice.of_kind(kind).start, outlook.begins.at(b));
                let look = |best: &mut [f64], to: usize, (mv, counts): (f64, bool)| {
                    let rest = &begin[(at + to) * stride..][usize::from(self.bounded && !counts)..];
                    best.iter_mut().zip(rest).for_each(|(best, rest)| lower(best, mv + rest));
                };
                if free.tail == START {
                    for to in outlook.begins.of(b).iter().map(|m| *m as usize) {
                        look(best, to, self.entering(next + to, tick, free.idle));
                    }
                    continue;
                }
                let from = lattice.leaves(exits.start + exit);
                let (at_site, least) = outlook.at_site_of(from, b, kind);
                for to in if least < best[0] { at_site } else { 0..0 } {
                    let rest = begin[(at + to + 1) * stride - 1];
                    if rest + outlook.least_moves(prices, next + to).1 < best[0] {
                        look(best, to, self.move_to(from, next + to, tick, free.idle));
                    }
                }
                let (first, end) = ranks[(b - first_begin) as usize];
                for (least, to) in &ranked[first as usize..end as usize] {
                    if *least >= best[0] {
                        break;
                    }
                    look(best, *to as usize, self.move_to(from, next + *to as usize, tick, free.idle));
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

    /// The price of a move between two nexts whose placement begins at a tick, and whether it counts for the bound on moves.
    pub(super) fn move_to(&self, i: usize, j: usize, tick: usize, idle: bool) -> (f64, bool) {
        let moves = &self.pricing.moves;
        let ((from, _), (to, continues)) = (self.lattice.nexts[i], self.lattice.nexts[j]);
        let (a, b) = (from.index(), to.index());
        let mut points = if continues { f64::INFINITY } else { moves.points(a, b, !idle, &self.lattice.minds) };
        if self.burden != 0.0 && moves.burdens() {
            points += self.burden * moves.burden(a, b, &self.lattice.minds);
        }
        let price = self.prices.moves[moves.part(usize::from(self.lattice.periods[tick])) + moves.cell(a, b)];
        (points + price, moves.counts(a, b))
    }

    /// What ending a path at a free node costs, if it may end there.
    pub(super) fn ending(&self, free: u32) -> Option<f64> {
        let node = &self.skeleton.frees[free as usize];
        if node.tail == START && self.prices.first.is_some() {
            return None;
        }
        let end = self.skeleton.end(node)?;
        let ready: f64 = end.ready.iter().map(|s| self.prices.rows[self.pricing.coupling.row(*s as usize, 0)]).sum();
        Some(end.points + self.burden * end.burden + ready + self.constant)
    }

    /// What a placement adds for its kind, whichever position it has.
    pub(super) fn passing(&self, arc: &Place) -> f64 {
        arc.points + self.burden * arc.burden
    }

    /// The free node a tick later, and what waiting costs.
    pub(super) fn waiting(&self, free: u32) -> Option<(u32, f64)> {
        let node = &self.skeleton.frees[free as usize];
        let (to, points, b) = node.wait?;
        let (wait, wb) = self.lattice.waits[usize::from(node.tick)];
        Some((to, points + wait + self.burden * (b + wb)))
    }
}

/// Written so that it becomes one instruction on several numbers at once.
pub(super) fn lower(best: &mut f64, value: f64) {
    *best = if value < *best { value } else { *best };
}
