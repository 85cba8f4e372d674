//! Cheapest paths through a lattice at given prices.
//!
//! A backward dynamic program over the skeleton's nodes and the positions of their kinds gives the cheapest completion of every
//! partial path (completion bounds), with the number of moves left as one more resource. Sentences that the skeleton does not
//! carry are relaxed there (state-space relaxation: Christofides, Mingozzi & Toth 1981) and kept exactly in a best-first label
//! search that the completion bounds guide (A*: Hart, Nilsson & Raphael 1968); mostly the relaxed path keeps them and no search
//! is needed.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Pricing;
use super::lattice::Lattice;
use super::moves::{Term, merge};
use super::skeleton::{START, Skeleton};
use crate::brief::{Choice, End, Move};
use crate::domain::{Before, ParticipantIx};
use crate::network::{Arc, Label, State};
use crate::words::Index;

/// A path as a column: what it costs and what it adds to rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Whose path.
    pub participant: ParticipantIx,
    /// Its placements, in time order.
    pub choices: Vec<Choice>,
    /// Points of the path alone.
    pub points: f64,
    /// What it adds to rows, by row; needs for mentors included.
    pub terms: Vec<Term>,
}

/// Prices of a round: one for each row, and what follows from them once for all participants.
#[derive(Debug, Clone)]
pub struct Prices {
    /// Points per unit of each priced row ([`super::Coupling::len`] of them): how much a unit of a path's coefficient adds.
    pub rows: Vec<f64>,
    /// The price of each bundle of terms.
    pub(super) bundles: Vec<f64>,
    pub(super) moves: Vec<f64>,
    /// Some move has a price below 0.
    pub(super) paid_to_move: bool,
    /// The sum of all prices below 0 of rows that count who is ready.
    pub(super) ready: f64,
}

impl Prices {
    /// Forbids every placement and move that adds more than `most` to a row.
    pub fn block(&mut self, pricing: &Pricing<'_, '_>, row: usize, most: f64) {
        for (bundle, c) in pricing.uses(row) {
            if *c > most + 1e-9 {
                self.bundles[*bundle as usize] = f64::INFINITY;
            }
        }
        for (cell, c) in pricing.move_uses(row) {
            if *c > most + 1e-9 {
                self.moves[*cell as usize] = f64::INFINITY;
            }
        }
    }
}

/// What is found for a participant.
#[derive(Debug, Clone)]
pub struct Cheapest {
    /// No path of the participant costs less than this at the prices; infinite if there is no path.
    pub bound: f64,
    /// A path of that cost, unless the search was cut short.
    pub path: Option<Column>,
}

/// Labels that one search may make.
const LABELS: usize = 60_000;

/// Room for one thread's searches; reused from participant to participant.
#[derive(Debug, Default)]
pub struct Scratch {
    cells: Vec<f64>,
    /// Points of moves between the lattice's positions, at once and after idle ticks.
    moves: Vec<f64>,
    apart: Vec<f64>,
    /// The same at the prices of one tick.
    now: Vec<f64>,
    /// Per pair: where its prices begin, and whether it counts for the bound on moves.
    priced_at: Vec<u32>,
    counts: Vec<u8>,
    /// Completion of each free node: by member of its kind and moves left.
    free: Vec<f64>,
    free_at: Vec<u32>,
    /// Completion of each begin node: by member of its kind and moves left, with an infinite one in front for no move left.
    begin: Vec<f64>,
    begin_at: Vec<u32>,
}

/// One participant's dynamic program at given prices, solved.
pub(super) struct Solved<'s, 'l> {
    lattice: &'l Lattice,
    skeleton: &'l Skeleton,
    scratch: &'s Scratch,
    prices: &'s Prices,
    width: usize,
    burden: f64,
    idle: bool,
}

impl Pricing<'_, '_> {
    /// The cheapest path of the participant with this number among those who have a timeline.
    #[must_use]
    pub fn cheapest(&self, number: usize, prices: &Prices, scratch: &mut Scratch) -> Cheapest {
        let lattice = &self.lattices[number];
        let Some(solved) = self.solved(lattice, prices, scratch, 0.0) else { return Cheapest { bound: f64::INFINITY, path: None } };
        let bound = solved.value();
        if bound == f64::INFINITY {
            return Cheapest { bound, path: None };
        }
        let column = solved.trace(self).and_then(|choices| self.column(number, &choices));
        if lattice.fine.is_empty() {
            return Cheapest { bound, path: column };
        }
        // What the relaxation left out costs the path nothing, and pays nobody: then it is the cheapest of all.
        let cheap = |c: &Column| self.rewards(number, prices) == 0.0 && self.value(number, c, prices) <= bound + 1e-9 * bound.abs().max(1.0);
        if let Some(column) = column.filter(cheap) {
            return Cheapest { bound, path: Some(column) };
        }
        let (mut found, bound) = solved.search(self, number, 1, f64::INFINITY);
        Cheapest { bound, path: found.pop() }
    }

    /// Up to so many cheapest paths of a participant, each dearer than the cheapest by at most `within` points, in order.
    #[must_use]
    pub fn several(&self, number: usize, prices: &Prices, scratch: &mut Scratch, count: usize, within: f64) -> Vec<Column> {
        let lattice = &self.lattices[number];
        let Some(solved) = self.solved(lattice, prices, scratch, within) else { return Vec::new() };
        if solved.value() == f64::INFINITY { Vec::new() } else { solved.search(self, number, count, within).0 }
    }

    /// The most (as a number below 0) that sentences outside the skeleton can pay someone for being ready at the end: completions
    /// must leave room for that.
    fn rewards(&self, number: usize, prices: &Prices) -> f64 {
        let paid = self.labels(number).iter().filter(|l| l.counts_ready());
        paid.map(|l| prices.rows[self.coupling.row(l.sentence, 0)].min(0.0)).sum()
    }

    /// What a column costs at prices.
    #[must_use]
    pub fn value(&self, number: usize, column: &Column, prices: &Prices) -> f64 {
        debug_assert_eq!(self.lattices[number].participant, column.participant);
        column.points + column.terms.iter().map(|(r, c)| prices.rows[*r as usize] * c).sum::<f64>()
    }

    fn solved<'s, 'l>(&'l self, lattice: &'l Lattice, prices: &'s Prices, scratch: &'s mut Scratch, within: f64) -> Option<Solved<'s, 'l>> {
        lattice.skeleton.source?;
        let burden: f64 = lattice.burden_rows.iter().map(|(row, scale)| prices.rows[*row as usize] * scale).sum();
        let skeleton = &*lattice.skeleton;
        let width = lattice.most_moves.map_or(1, |most| usize::from(most) + 1);
        scratch.price(self, lattice, prices, burden);
        scratch.layout(lattice, width);
        let dp = Program { lattice, skeleton, prices, width, burden };
        dp.run(self, scratch, false);
        let direct = scratch.free[scratch.free_at[skeleton.source? as usize] as usize + width - 1];
        let idle = !(direct < f64::INFINITY && dp.idle_costs(scratch) >= direct + within);
        if idle {
            dp.run(self, scratch, true);
        }
        Some(Solved { lattice, skeleton, scratch, prices, width, burden, idle })
    }

    /// The column of given placements; `None` if they break something hard along the path.
    #[must_use]
    pub fn column(&self, number: usize, choices: &[Choice]) -> Option<Column> {
        let lattice = &self.lattices[number];
        let skeleton = &*lattice.skeleton;
        let p = lattice.participant;
        let (mut points, mut burden) = (0.0, 0.0);
        let mut terms: Vec<Term> = Vec::new();
        let (mut node, mut last, mut left) = (skeleton.source?, None::<usize>, lattice.most_moves);
        for choice in choices {
            while usize::from(skeleton.frees[node as usize].tick) < choice.first {
                let (to, p, b) = skeleton.frees[node as usize].wait?;
                let (wp, wb) = lattice.waits[usize::from(skeleton.frees[node as usize].tick)];
                points += p + wp;
                burden += b + wb;
                node = to;
            }
            let free = &skeleton.frees[node as usize];
            let j = (0..lattice.nexts.len()).find(|j| lattice.nexts[*j] == (choice.position, choice.continues))?;
            let begin = free.options.iter().map(|b| &skeleton.begins[*b as usize]).find(|b| lattice.of_kind(b.kind).contains(&j))?;
            let (mp, mb, counts) = match last {
                None => {
                    let entry = &lattice.entry[j];
                    terms.extend(self.bundles.get(lattice.entry_bundles[j * lattice.periods.len() + choice.first]));
                    (if free.idle { entry.apart } else { entry.adjacent }, entry.burden, entry.counts)
                }
                Some(i) => {
                    let (a, b) = (lattice.nexts[i].0.index(), lattice.nexts[j].0.index());
                    terms.extend(self.moves.terms(a, b, usize::from(lattice.periods[choice.first])));
                    let points = if choice.continues { f64::INFINITY } else { self.moves.points(a, b, !free.idle, &lattice.minds) };
                    let burden = if self.moves.burdens() { self.moves.burden(a, b, &lattice.minds) } else { 0.0 };
                    (points, burden, self.moves.counts(a, b))
                }
            };
            if counts && let Some(left) = &mut left {
                *left = left.checked_sub(1)?;
            }
            let arcs = &skeleton.arcs[begin.arcs.start as usize..begin.arcs.end as usize];
            let span = (choice.first as u8, choice.after as u8);
            let arc = arcs.iter().find(|a| lattice.spans[begin.kind as usize][usize::from(a.span)] == span)?;
            let cell = lattice.cells[j] as usize + usize::from(arc.span);
            points += mp + lattice.points[cell] + arc.points;
            burden += mb + lattice.burden.get(cell).copied().unwrap_or(0.0) + arc.burden;
            terms.extend(self.bundles.get(lattice.bundles[cell]));
            (node, last) = (arc.to, Some(j));
        }
        let end = skeleton.frees[node as usize].end.as_ref()?;
        points += end.points;
        burden += end.burden;
        if !points.is_finite() {
            return None;
        }
        for sentence in &end.ready {
            terms.push((self.coupling.row(*sentence as usize, 0) as u32, 1.0));
        }
        if !lattice.fine.is_empty() {
            let labels = self.labels(number);
            let mut state: State = labels.iter().map(Label::start).collect();
            let mut walk = Walk { pricing: self, participant: p, labels, points: 0.0, burden: 0.0, ready: Vec::new() };
            let (mut before, mut free) = (Before::Start, 0);
            for choice in choices {
                for tick in free..choice.first {
                    walk.pass(&mut state, &Arc::Wait(tick))?;
                }
                walk.place(&mut state, before, *choice, free == choice.first)?;
                (before, free) = (Before::Placement(choice.position), choice.after);
            }
            walk.pass(&mut state, &Arc::End(End { participant: p, last: before, at: free }))?;
            points += walk.points;
            burden += walk.burden;
            terms.extend(walk.ready.iter().map(|s| (self.coupling.row(*s, 0) as u32, 1.0)));
        }
        terms.extend(lattice.burden_rows.iter().map(|(row, scale)| (*row, burden * scale)));
        merge(&mut terms);
        Some(Column { participant: p, choices: choices.to_vec(), points, terms })
    }
}

/// Fine labels along one path.
struct Walk<'w, 'b, 'c> {
    pricing: &'w Pricing<'b, 'c>,
    participant: ParticipantIx,
    labels: &'w [Label<'b, 'c>],
    points: f64,
    burden: f64,
    ready: Vec<usize>,
}

impl Walk<'_, '_, '_> {
    fn pass(&mut self, state: &mut State, arc: &Arc) -> Option<()> {
        for (label, value) in self.labels.iter().zip(state.iter_mut()) {
            let (next, amount) = label.after(self.pricing.brief.case, *value, arc)?;
            *value = next;
            if amount > 0.0 {
                if label.counts_ready() {
                    self.ready.push(label.sentence);
                } else {
                    let (points, burden) = self.pricing.charge(label.sentence, amount);
                    self.points += points;
                    self.burden += burden;
                }
            }
        }
        Some(())
    }

    fn place(&mut self, state: &mut State, before: Before, choice: Choice, adjacent: bool) -> Option<()> {
        let mv = Move { participant: self.participant, before, to: choice.position, adjacent, continues: choice.continues };
        self.pass(state, &Arc::Move(mv, choice.first))?;
        self.pass(state, &Arc::Place(choice))
    }
}

/// The backward program.
struct Program<'l> {
    lattice: &'l Lattice,
    skeleton: &'l Skeleton,
    prices: &'l Prices,
    width: usize,
    burden: f64,
}

impl Scratch {
    /// Prices of all cells and of moves between the lattice's positions.
    fn price(&mut self, pricing: &Pricing<'_, '_>, lattice: &Lattice, prices: &Prices, burden: f64) {
        self.cells.clear();
        let cells = lattice.points.iter().zip(&lattice.bundles).map(|(points, bundle)| points + prices.bundles[*bundle as usize]);
        self.cells.extend(cells);
        if burden != 0.0 {
            self.cells.iter_mut().zip(&lattice.burden).for_each(|(cell, b)| *cell += burden * b);
        }
        self.moves.clear();
        self.priced_at.clear();
        self.counts.clear();
        let heavy = burden != 0.0 && pricing.moves.burdens();
        let bounded = lattice.most_moves.is_some();
        let (to_classes, periods) = (pricing.moves.to_classes, prices.moves.len() / (pricing.moves.from_classes * pricing.moves.to_classes).max(1));
        for (before, _) in &lattice.nexts {
            let row = pricing.moves.from[before.index()] as usize * to_classes;
            for (to, continues) in &lattice.nexts {
                let (a, b) = (before.index(), to.index());
                let points = if *continues { f64::INFINITY } else { pricing.moves.points(a, b, true, &lattice.minds) };
                self.moves.push(if heavy { points + burden * pricing.moves.burden(a, b, &lattice.minds) } else { points });
                self.priced_at.push(((row + pricing.moves.to[b] as usize) * periods) as u32);
                self.counts.push(u8::from(bounded && pricing.moves.counts(a, b)));
            }
        }
        self.apart.clear();
    }

    fn layout(&mut self, lattice: &Lattice, width: usize) {
        let size = |kind: u32| if kind == START { 1 } else { lattice.of_kind(kind).len() };
        let lay = |at: &mut Vec<u32>, width: usize, kinds: &mut dyn Iterator<Item = u32>| {
            at.clear();
            let mut next = 0;
            for kind in kinds {
                at.push(next as u32);
                next += size(kind) * width;
            }
            next
        };
        let frees = lay(&mut self.free_at, width, &mut lattice.skeleton.frees.iter().map(|f| f.kind));
        let begins = lay(&mut self.begin_at, width + 1, &mut lattice.skeleton.begins.iter().map(|b| b.kind));
        self.free.clear();
        self.free.resize(frees, f64::INFINITY);
        self.begin.clear();
        self.begin.resize(begins, f64::INFINITY);
    }

    fn apart(&mut self, pricing: &Pricing<'_, '_>, lattice: &Lattice, burden: f64) {
        if self.apart.is_empty() {
            let heavy = burden != 0.0 && pricing.moves.burdens();
            for (before, _) in &lattice.nexts {
                for (to, continues) in &lattice.nexts {
                    let (a, b) = (before.index(), to.index());
                    let points = if *continues { f64::INFINITY } else { pricing.moves.points(a, b, false, &lattice.minds) };
                    self.apart.push(if heavy { points + burden * pricing.moves.burden(a, b, &lattice.minds) } else { points });
                }
            }
        }
    }
}

impl Program<'_> {
    /// From the last tick to the first. O(free nodes × options × positions of a kind²).
    fn run(&self, pricing: &Pricing<'_, '_>, scratch: &mut Scratch, idle: bool) {
        let Self { lattice, skeleton, burden, .. } = *self;
        if idle {
            scratch.apart(pricing, lattice, burden);
        }
        for tick in (0..skeleton.layers.len()).rev() {
            let (begins, frees) = skeleton.layers[tick].clone();
            if begins.is_empty() && frees.is_empty() {
                continue;
            }
            for b in begins {
                self.begin(scratch, b as usize);
            }
            let priced = |scratch: &mut Scratch, apart: bool| {
                let period = lattice.periods.get(tick).map_or(0, |t| usize::from(*t));
                let table = if apart { &scratch.apart } else { &scratch.moves };
                let now = table
                    .iter()
                    .zip(&scratch.priced_at)
                    .map(|(points, at)| if *points == f64::INFINITY { f64::INFINITY } else { points + self.prices.moves[*at as usize + period] });
                scratch.now.clear();
                scratch.now.extend(now);
            };
            if tick < lattice.periods.len() {
                priced(scratch, false);
            }
            for f in frees.clone().filter(|f| !skeleton.frees[*f as usize].idle) {
                self.free(pricing, scratch, f as usize, idle);
            }
            if idle && tick < lattice.periods.len() {
                priced(scratch, true);
                for f in frees.filter(|f| skeleton.frees[*f as usize].idle) {
                    self.free(pricing, scratch, f as usize, idle);
                }
            }
        }
    }

    fn begin(&self, scratch: &mut Scratch, b: usize) {
        let Self { lattice, skeleton, width, burden, .. } = *self;
        let begin = &skeleton.begins[b];
        let members = lattice.of_kind(begin.kind);
        let at = scratch.begin_at[b] as usize;
        let here = &mut scratch.begin[at..at + members.len() * (width + 1)];
        here.fill(f64::INFINITY);
        for arc in &skeleton.arcs[begin.arcs.start as usize..begin.arcs.end as usize] {
            let extra = arc.points + burden * arc.burden;
            let to = scratch.free_at[arc.to as usize] as usize;
            let rest = scratch.free[to..to + members.len() * width].chunks_exact(width);
            for ((j, here), rest) in members.clone().zip(here.chunks_exact_mut(width + 1)).zip(rest) {
                let cell = scratch.cells[lattice.cells[j] as usize + usize::from(arc.span)] + extra;
                if cell < f64::INFINITY {
                    for (best, rest) in here[1..].iter_mut().zip(rest) {
                        let value = cell + rest;
                        *best = if value < *best { value } else { *best };
                    }
                }
            }
        }
    }

    fn free(&self, pricing: &Pricing<'_, '_>, scratch: &mut Scratch, f: usize, idle: bool) {
        let Self { lattice, skeleton, prices, width, burden } = *self;
        let free = &skeleton.frees[f];
        let tick = usize::from(free.tick);
        let at = scratch.free_at[f] as usize;
        let members = if free.kind == START { 0..1 } else { lattice.of_kind(free.kind) };
        let count = members.len();
        let end = free.end.as_ref().map_or(f64::INFINITY, |e| {
            let ready: f64 = e.ready.iter().map(|s| prices.rows[pricing.coupling.row(*s as usize, 0)]).sum();
            e.points + burden * e.burden + ready
        });
        scratch.free[at..at + count * width].fill(end);
        if let Some((to, points, b)) = free.wait.filter(|_| idle) {
            let (wait, wb) = lattice.waits[tick];
            let extra = points + wait + burden * (b + wb);
            let to = scratch.free_at[to as usize] as usize;
            for x in 0..count * width {
                let value = scratch.free[to + x] + extra;
                scratch.free[at + x] = scratch.free[at + x].min(value);
            }
        }
        let n = lattice.nexts.len();
        let Scratch { free: completions, begin: begins, now, counts, begin_at, .. } = scratch;
        for b in &free.options {
            let next = lattice.of_kind(skeleton.begins[*b as usize].kind);
            let from = begin_at[*b as usize] as usize;
            let rest = &begins[from..from + next.len() * (width + 1)];
            if free.kind == START {
                for (rest, j) in rest.chunks_exact(width + 1).zip(next) {
                    let entry = &lattice.entry[j];
                    let points = (if free.idle { entry.apart } else { entry.adjacent }) + burden * entry.burden;
                    let mv = points + prices.bundles[lattice.entry_bundles[j * lattice.periods.len() + tick] as usize];
                    let used = usize::from(entry.counts && lattice.most_moves.is_some());
                    for (best, rest) in completions[at..at + width].iter_mut().zip(&rest[1 - used..]) {
                        *best = best.min(mv + rest);
                    }
                }
                continue;
            }
            for (best, i) in completions[at..at + count * width].chunks_exact_mut(width).zip(members.clone()) {
                let row = i * n + next.start..i * n + next.end;
                for ((mv, used), rest) in now[row.clone()].iter().zip(&counts[row]).zip(rest.chunks_exact(width + 1)) {
                    if *mv < f64::INFINITY {
                        for (best, rest) in best.iter_mut().zip(&rest[1 - usize::from(*used)..]) {
                            let value = mv + rest;
                            *best = if value < *best { value } else { *best };
                        }
                    }
                }
            }
        }
    }

    /// At least what a path with an idle tick before a placement costs: by the cheapest chain of placements, moves left aside.
    fn idle_costs(&self, scratch: &Scratch) -> f64 {
        let Self { lattice, skeleton, prices, burden, .. } = *self;
        // Moves that are paid for would make the chain no bound.
        if prices.paid_to_move {
            return f64::NEG_INFINITY;
        }
        let ticks = lattice.periods.len();
        let mut chain = vec![vec![f64::INFINITY; 2]; ticks + 1];
        let mut cells: Vec<Vec<(usize, f64)>> = vec![Vec::new(); ticks + 1];
        for kind in 0..lattice.spans.len() {
            for (s, (first, after)) in lattice.spans[kind].iter().enumerate() {
                let of = lattice.of_kind(kind as u32).map(|j| scratch.cells[lattice.cells[j] as usize + s]);
                let least = of.fold(f64::INFINITY, f64::min);
                cells[usize::from(*first)].push((usize::from(*after), least));
            }
        }
        let finish = skeleton.frees.iter().filter_map(|f| f.end.as_ref().map(|e| (usize::from(f.tick), e)));
        let mut ends = vec![f64::INFINITY; ticks + 1];
        for (tick, e) in finish {
            ends[tick] = ends[tick].min(e.points + burden * e.burden + prices.ready);
        }
        // From the end: 0 no idle tick yet, 1 at least one, before a placement.
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
            chain[tick] = here.to_vec();
        }
        chain[0][1]
    }
}

impl Solved<'_, '_> {
    fn value(&self) -> f64 {
        self.skeleton.source.map_or(f64::INFINITY, |s| self.completion(s, 0, self.width - 1))
    }

    fn completion(&self, free: u32, member: usize, left: usize) -> f64 {
        self.scratch.free[self.scratch.free_at[free as usize] as usize + member * self.width + left]
    }

    /// Every step from a free node: what it costs, the choice, and where it leads.
    fn steps(&self, pricing: &Pricing<'_, '_>, free: u32, member: usize, left: usize, mut see: impl FnMut(f64, Choice, u32, usize, usize)) {
        let (lattice, skeleton) = (self.lattice, self.skeleton);
        let node = &skeleton.frees[free as usize];
        let tick = usize::from(node.tick);
        let n = lattice.nexts.len();
        let to_classes = pricing.moves.to_classes;
        let calendar = self.prices.moves.len() / (pricing.moves.from_classes * to_classes).max(1);
        for b in &node.options {
            let begin = &skeleton.begins[*b as usize];
            for (m, j) in lattice.of_kind(begin.kind).enumerate() {
                let (mv, counts) = if node.kind == START {
                    let entry = &lattice.entry[j];
                    let points = (if node.idle { entry.apart } else { entry.adjacent }) + self.burden * entry.burden;
                    (points + self.prices.bundles[lattice.entry_bundles[j * lattice.periods.len() + tick] as usize], entry.counts)
                } else {
                    let i = lattice.of_kind(node.kind).start + member;
                    let table = if node.idle { &self.scratch.apart } else { &self.scratch.moves };
                    let (a, b) = (lattice.nexts[i].0.index(), lattice.nexts[j].0.index());
                    let at = (pricing.moves.from[a] as usize * to_classes + pricing.moves.to[b] as usize) * calendar;
                    (table[i * n + j] + self.prices.moves[at + usize::from(lattice.periods[tick])], pricing.moves.counts(a, b))
                };
                let used = usize::from(self.width > 1 && counts);
                if mv == f64::INFINITY || used > left {
                    continue;
                }
                for arc in &skeleton.arcs[begin.arcs.start as usize..begin.arcs.end as usize] {
                    let cell = self.scratch.cells[lattice.cells[j] as usize + usize::from(arc.span)];
                    if cell == f64::INFINITY {
                        continue;
                    }
                    let (first, after) = lattice.spans[begin.kind as usize][usize::from(arc.span)];
                    let (position, continues) = lattice.nexts[j];
                    let choice =
                        Choice { participant: lattice.participant, position, first: usize::from(first), after: usize::from(after), continues };
                    see(mv + cell + arc.points + self.burden * arc.burden, choice, arc.to, m, left - used);
                }
            }
        }
    }

    fn ending(&self, pricing: &Pricing<'_, '_>, free: u32) -> Option<f64> {
        let end = self.skeleton.frees[free as usize].end.as_ref()?;
        let ready: f64 = end.ready.iter().map(|s| self.prices.rows[pricing.coupling.row(*s as usize, 0)]).sum();
        Some(end.points + self.burden * end.burden + ready)
    }

    fn waiting(&self, free: u32) -> Option<(u32, f64)> {
        let node = &self.skeleton.frees[free as usize];
        let (to, points, b) = node.wait.filter(|_| self.idle)?;
        let (wait, wb) = self.lattice.waits[usize::from(node.tick)];
        Some((to, points + wait + self.burden * (b + wb)))
    }

    /// The cheapest relaxed path: every step is the one whose cost and completion are least.
    fn trace(&self, pricing: &Pricing<'_, '_>) -> Option<Vec<Choice>> {
        let (mut free, mut member, mut left) = (self.skeleton.source?, 0, self.width - 1);
        let mut choices = Vec::new();
        loop {
            let mut best = (self.ending(pricing, free).unwrap_or(f64::INFINITY), None);
            if let Some((to, cost)) = self.waiting(free) {
                let value = cost + self.completion(to, member, left);
                if value < best.0 {
                    best = (value, Some((None, to, member, left)));
                }
            }
            self.steps(pricing, free, member, left, |cost, choice, to, m, left| {
                let value = cost + self.completion(to, m, left);
                if value < best.0 {
                    best = (value, Some((Some(choice), to, m, left)));
                }
            });
            match best {
                (value, _) if value == f64::INFINITY => return None,
                (_, None) => return Some(choices),
                (_, Some((choice, to, m, l))) => {
                    choices.extend(choice);
                    (free, member, left) = (to, m, l);
                }
            }
        }
    }

    /// The cheapest paths, with the labels that the skeleton does not carry: best first by cost so far plus completion.
    /// Also gives a bound below the cheapest, which is its cost unless the search was cut short.
    fn search(&self, pricing: &Pricing<'_, '_>, number: usize, count: usize, within: f64) -> (Vec<Column>, f64) {
        let (labels, p) = (pricing.labels(number), self.lattice.participant);
        let mut arena: Vec<Reached> = Vec::new();
        let mut queue: BinaryHeap<Open> = BinaryHeap::new();
        let Some(source) = self.skeleton.source else { return (Vec::new(), f64::INFINITY) };
        let start: State = labels.iter().map(Label::start).collect();
        arena.push(Reached { parent: usize::MAX, choice: None, cost: 0.0, free: source, member: 0, left: self.width - 1, state: start, done: false });
        queue.push(Open { value: self.value(), node: 0 });
        let (mut found, mut first): (Vec<Column>, Option<f64>) = (Vec::new(), None);
        let mut least = self.value();
        let owed = |walk: &Walk<'_, '_, '_>| {
            let ready: f64 = walk.ready.iter().map(|s| self.prices.rows[pricing.coupling.row(*s, 0)]).sum();
            walk.points + self.burden * walk.burden + ready
        };
        let ready = pricing.rewards(number, self.prices);
        while let Some(Open { value, node }) = queue.pop() {
            least = value;
            if first.is_some_and(|f| value > f + within) || found.len() >= count {
                break;
            }
            if arena[node].done {
                let mut choices: Vec<Choice> = Vec::new();
                let mut at = node;
                while at != usize::MAX {
                    choices.extend(arena[at].choice);
                    at = arena[at].parent;
                }
                choices.reverse();
                first = first.or(Some(value));
                found.extend(pricing.column(number, &choices));
                continue;
            }
            if arena.len() > LABELS {
                break;
            }
            let (free, member, left, cost) = (arena[node].free, arena[node].member, arena[node].left, arena[node].cost);
            let here = &self.skeleton.frees[free as usize];
            let tick = usize::from(here.tick);
            let before = if here.kind == START {
                Before::Start
            } else {
                Before::Placement(self.lattice.nexts[self.lattice.of_kind(here.kind).start + member].0)
            };
            let walk = || Walk { pricing, participant: p, labels, points: 0.0, burden: 0.0, ready: Vec::new() };
            let mut fresh: Vec<(f64, Reached)> = Vec::new();
            if let Some(end) = self.ending(pricing, free) {
                let (mut state, mut over) = (arena[node].state.clone(), walk());
                let at = if here.kind == START { 0 } else { tick };
                if over.pass(&mut state, &Arc::End(End { participant: p, last: before, at })).is_some() {
                    let total = cost + end + owed(&over);
                    fresh.push((total, Reached { parent: node, choice: None, cost: total, free, member, left, state, done: true }));
                }
            }
            if let Some((to, step)) = self.waiting(free) {
                let (mut state, mut over) = (arena[node].state.clone(), walk());
                if over.pass(&mut state, &Arc::Wait(tick)).is_some() {
                    let cost = cost + step + owed(&over);
                    fresh.push((
                        cost + self.completion(to, member, left) + ready,
                        Reached { parent: node, choice: None, cost, free: to, member, left, state, done: false },
                    ));
                }
            }
            self.steps(pricing, free, member, left, |step, choice, to, m, l| {
                let rest = self.completion(to, m, l);
                if rest == f64::INFINITY || first.is_some_and(|f| cost + step + rest + ready > f + within) {
                    return;
                }
                let (mut state, mut over) = (arena[node].state.clone(), walk());
                if over.place(&mut state, before, choice, !here.idle).is_some() {
                    let cost = cost + step + owed(&over);
                    fresh.push((
                        cost + rest + ready,
                        Reached { parent: node, choice: Some(choice), cost, free: to, member: m, left: l, state, done: false },
                    ));
                }
            });
            for (value, reached) in fresh.into_iter().filter(|(value, _)| *value < f64::INFINITY) {
                arena.push(reached);
                queue.push(Open { value, node: arena.len() - 1 });
            }
        }
        let exhausted = first.is_none() && queue.is_empty() && arena.len() <= LABELS;
        let bound = first.unwrap_or(if exhausted { f64::INFINITY } else { least });
        (found, bound)
    }
}

/// A label of the search.
struct Reached {
    parent: usize,
    choice: Option<Choice>,
    cost: f64,
    free: u32,
    member: usize,
    left: usize,
    state: State,
    done: bool,
}

/// A label to be looked at; the cheapest first, of equals the older.
struct Open {
    value: f64,
    node: usize,
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        other.value.total_cmp(&self.value).then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Open {}
