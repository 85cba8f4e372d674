//! Cheapest paths through a lattice at given prices.
//!
//! A backward dynamic program over the skeleton's nodes and the positions of their kinds ([`super::program`]) gives the
//! cheapest completion of every partial path that may lie on a cheap one (completion bounds). It leaves out the sentences that
//! the skeleton does not carry and, at first, the bound on moves (state-space relaxation: Christofides, Mingozzi & Toth 1981).
//! Mostly the cheapest relaxed path keeps them all and so is the cheapest; else the number of moves left becomes a resource,
//! and the other sentences are kept in a best-first label search that the completion bounds guide (A*: Hart, Nilsson & Raphael
//! 1968).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Pricing;
use super::column::{Column, Walk};
use super::lattice::Lattice;
use super::program::{Program, Scratch, wider};
use super::skeleton::START;
use crate::brief::{Choice, End};
use crate::domain::{Before, PositionIx};
use crate::network::Arc;

/// Prices of a round: one for each row, and what follows from them once for all participants.
#[derive(Debug, Clone, Default)]
pub struct Prices {
    /// Points per unit of each priced row ([`super::Coupling::len`] of them): how much a unit of a path's coefficient adds.
    pub rows: Vec<f64>,
    /// The price of each bundle of terms that several participants have.
    pub(super) bundles: Vec<f64>,
    /// The most that a placement may add to each row; nothing is forbidden if it is empty.
    pub(super) most: Vec<f64>,
    pub(super) moves: Vec<f64>,
    /// At most the least prices of moves in each period to each class, from another site and within one.
    pub(super) nearest: Vec<(f64, f64)>,
    /// The position that every path begins with, if one must.
    pub(super) first: Option<PositionIx>,
    /// Lattices without what is forbidden.
    pub(super) narrow: FxHashMap<usize, Lattice>,
}

impl Prices {
    /// Forbids every path whose first placement is in another position.
    pub fn begin_with(&mut self, position: PositionIx) {
        self.first = Some(position);
    }

    /// The price of a bundle.
    pub(super) fn bundle(&self, pricing: &Pricing<'_, '_>, bundle: u32) -> f64 {
        if let Some(price) = self.bundles.get(bundle as usize) {
            return *price;
        }
        let of = |(r, c): (u32, f64)| match self.most.get(r as usize) {
            Some(most) if c > most + 1e-9 => f64::INFINITY,
            _ => self.rows[r as usize] * c,
        };
        pricing.common.bundles.get(bundle).map(of).sum()
    }

    /// Looks once at what is forbidden to some participants, so that pricing them passes it over. What is forbidden later still is.
    pub fn narrow(&mut self, pricing: &Pricing<'_, '_>, numbers: &[usize]) {
        let of = |number: usize| {
            let (lattice, skeleton) = pricing.paths(number);
            let open = |cell: usize| {
                let common = &pricing.common;
                common.points[cell] < f64::INFINITY && self.bundle(pricing, common.of_cell[cell]) < f64::INFINITY
            };
            (number, lattice.narrowed(skeleton, open))
        };
        self.narrow = numbers.par_iter().map(|number| of(*number)).collect::<Vec<_>>().into_iter().collect();
    }

    /// Whether nothing that is forbidden is part of a column.
    #[must_use]
    pub fn allow(&self, column: &Column) -> bool {
        self.most.is_empty() || column.terms.iter().all(|(r, c)| *c <= self.most[*r as usize] + 1e-9)
    }

    /// Gives a row another price. Linear in the placements and moves that add to it.
    pub fn set(&mut self, pricing: &Pricing<'_, '_>, row: usize, price: f64) {
        let before = std::mem::replace(&mut self.rows[row], price);
        let more = price - before;
        if more != 0.0 {
            pricing.uses(row).iter().for_each(|(bundle, c)| self.bundles[*bundle as usize] += more * c);
            for (cell, c) in pricing.move_uses(row) {
                let moves = &mut self.moves[*cell as usize];
                *moves += more * c;
                let nearest = &mut self.nearest[pricing.moves.nearest_of(*cell as usize)];
                *nearest = (nearest.0.min(*moves), nearest.1.min(*moves));
            }
        }
    }

    /// Gives rows other prices, and looks again at what the nearest moves cost: [`Prices::set`] sees what has become cheaper alone.
    /// As [`Prices::set`] for each of them, and linear in the classes of moves and periods.
    pub fn set_all(&mut self, pricing: &Pricing<'_, '_>, prices: impl IntoIterator<Item = (usize, f64)>) {
        prices.into_iter().for_each(|(row, price)| self.set(pricing, row, price));
        self.nearest = pricing.moves.nearest(&self.moves);
    }

    /// Forbids every placement and move that adds more than `most` to a row.
    pub fn block(&mut self, pricing: &Pricing<'_, '_>, row: usize, most: f64) {
        if self.most.is_empty() {
            self.most = vec![f64::INFINITY; self.rows.len()];
        }
        self.most[row] = self.most[row].min(most);
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
    /// A path of that cost; if the search was cut short a dearer one, or none.
    pub path: Option<Column>,
}

/// Points that what the relaxation leaves out mostly costs at most.
const OWED: f64 = 20.0;
/// A ceiling so little above the least that paths cost is looked up to at once.
pub(super) const NEAR_CEILING: f64 = 80.0;
/// Labels that one search may make.
const LABELS: usize = 60_000;
/// More points than any path costs.
const HURRY: f64 = 1e9;

/// One participant's program, solved.
struct Solved<'s, 'l, 'b, 'c> {
    program: Program<'l, 'b, 'c>,
    scratch: &'s Scratch,
    value: f64,
}

impl<'b, 'c> Pricing<'b, 'c> {
    /// The cheapest path of a participant that costs less than `ceiling`, whatever path is kept; the bound is never above that.
    pub(super) fn free_cheapest(&self, number: usize, prices: &Prices, scratch: &mut Scratch, ceiling: f64) -> Cheapest {
        let (lattice, _) = self.paths(number);
        let (bounded, complete) = (lattice.most_moves.is_some(), !lattice.fine && lattice.most_moves.is_none());
        let rewards = self.rewards(number, prices);
        // What the relaxation left out costs the path nothing, and pays nobody: then it is the cheapest of all.
        let cheap = |c: &Column, value: f64| complete || (rewards == 0.0 && self.value(number, c, prices) <= value + 1e-9 * value.abs().max(1.0));
        let most = ceiling - rewards;
        let least = self.program(number, prices, false).prepare(scratch);
        for bounds in [false, true].into_iter().filter(|bounds| bounded || !bounds) {
            let program = self.program(number, prices, bounds);
            let value = program.solve(scratch, least, 0.0, most);
            let solved = Solved { program, scratch, value };
            if solved.value >= most {
                return Cheapest { bound: ceiling, path: None };
            }
            let column = solved.trace().and_then(|choices| self.free_column(number, &choices));
            if let Some(column) = column.filter(|c| cheap(c, solved.value)) {
                return Cheapest { bound: solved.value, path: Some(column) };
            }
            if bounds == bounded {
                let (mut found, bound) = self.found(number, prices, scratch, least, &Sought { count: 1, within: None, ceiling });
                return Cheapest { bound: bound.min(ceiling), path: found.pop() };
            }
        }
        unreachable!("the last round returns")
    }

    /// Up to so many cheapest paths of a participant, each dearer than the cheapest by at most `within` points, in order, whatever
    /// path is kept.
    pub(super) fn free_several(&self, number: usize, prices: &Prices, scratch: &mut Scratch, count: usize, within: f64) -> Vec<Column> {
        let least = self.program(number, prices, false).prepare(scratch);
        self.found(number, prices, scratch, least, &Sought { count, within: Some(within), ceiling: f64::INFINITY }).0
    }

    /// The cheapest paths with everything that they must keep, and a bound below the cheapest of all, once the program is prepared
    /// and costs at least so much.
    fn found(&self, number: usize, prices: &Prices, scratch: &mut Scratch, least: f64, sought: &Sought) -> (Vec<Column>, f64) {
        let (lattice, _) = self.paths(number);
        let (owed, beyond) = (-self.rewards(number, prices), sought.within.unwrap_or(0.0));
        // How much dearer than the cheapest relaxed path what is sought may be: what the relaxation leaves out is not known before.
        let mut room = beyond + if lattice.fine { OWED } else { 0.0 };
        let enough = sought.ceiling + owed - least;
        if enough <= NEAR_CEILING {
            room = enough.max(0.0);
        }
        loop {
            let program = self.program(number, prices, lattice.most_moves.is_some());
            let value = program.solve(scratch, least, room, f64::INFINITY);
            let solved = Solved { program, scratch, value };
            if solved.value == f64::INFINITY {
                return (Vec::new(), f64::INFINITY);
            }
            let found = solved.search(number, sought);
            if found.first.is_none() && !found.cut && solved.value + room - owed >= sought.ceiling {
                return (Vec::new(), sought.ceiling);
            }
            let needed = found.first.map(|first| first - solved.value + beyond + owed);
            if room == f64::INFINITY
                || needed.is_some_and(|needed| needed <= room + 1e-9 * solved.value.abs().max(1.0))
                || (found.cut && !found.columns.is_empty())
            {
                // Nothing dearer than what there was room for was looked at.
                return (found.columns, found.bound.min(solved.value + room - owed));
            }
            room = if found.cut { f64::INFINITY } else { wider(0.0, room + OWED, needed) };
        }
    }

    /// The most (as a number below 0) that sentences outside the skeleton can pay someone for being ready at the end: completions
    /// must leave room for that.
    fn rewards(&self, number: usize, prices: &Prices) -> f64 {
        let paid = self.fine(number).iter().filter(|l| l.counts_ready());
        paid.map(|l| prices.rows[self.coupling.row(l.sentence, 0)].min(0.0)).sum()
    }

    /// What a column costs at prices.
    #[must_use]
    pub fn value(&self, number: usize, column: &Column, prices: &Prices) -> f64 {
        debug_assert_eq!(self.lattices[number].participant, column.participant);
        column.value(&prices.rows)
    }

    pub(super) fn program<'s>(&'s self, number: usize, prices: &'s Prices, bounds: bool) -> Program<'s, 'b, 'c> {
        let (lattice, skeleton) = self.paths(number);
        let lattice = prices.narrow.get(&number).unwrap_or(lattice);
        let burden: f64 = lattice.burden_rows.iter().map(|(row, scale)| prices.rows[*row as usize] * scale).sum();
        let most = lattice.most_moves.filter(|_| bounds);
        let width = most.map_or(1, |most| usize::from(most) + 1);
        Program { pricing: self, lattice, skeleton, prices, bounded: most.is_some(), width, burden }
    }
}

impl Solved<'_, '_, '_, '_> {
    fn completion(&self, free: u32, member: usize, left: usize) -> f64 {
        self.scratch.completion(free, member, left, self.program.width)
    }

    /// Every step from a free node: what it costs, the choice, and where it leads.
    fn steps(&self, free: u32, member: usize, left: usize, mut see: impl FnMut(f64, Choice, u32, usize, usize)) {
        let Program { lattice, skeleton, bounded, .. } = self.program;
        let node = &skeleton.frees[free as usize];
        let tick = usize::from(node.tick);
        for b in skeleton.options(node).iter().filter(|b| lattice.has_begin(**b as usize)) {
            let begin = &skeleton.begins[*b as usize];
            let first = lattice.of_kind(begin.kind).start;
            for m in self.scratch.outlook.begins.of(*b).iter().map(|m| *m as usize) {
                let j = first + m;
                let (mv, counts) = match node.kind {
                    START => self.program.entering(j, tick, node.idle),
                    kind => self.program.move_to(lattice.of_kind(kind).start + member, j, tick, node.idle),
                };
                let used = usize::from(bounded && counts);
                if mv == f64::INFINITY || used > left {
                    continue;
                }
                for arc in skeleton.arcs(begin) {
                    let spans = &skeleton.spans[begin.kind as usize];
                    let cell = self.scratch.cells(begin.kind, m, spans.len())[usize::from(arc.span)];
                    if cell < f64::INFINITY {
                        let span = spans[usize::from(arc.span)];
                        let choice = super::mould::choice(lattice.participant, lattice.nexts[j], span);
                        see(mv + cell + self.program.passing(arc), choice, arc.to, m, left - used);
                    }
                }
            }
        }
    }

    /// The cheapest relaxed path: every step is the one whose cost and completion are least.
    fn trace(&self) -> Option<Vec<Choice>> {
        let (mut free, mut member, mut left) = (self.program.skeleton.source?, 0, self.program.width - 1);
        let mut choices = Vec::new();
        loop {
            let mut best = (self.program.ending(free).unwrap_or(f64::INFINITY), None);
            if let Some((to, cost)) = self.program.waiting(free) {
                let value = cost + self.completion(to, member, left);
                if value < best.0 {
                    best = (value, Some((None, to, member, left)));
                }
            }
            self.steps(free, member, left, |cost, choice, to, m, left| {
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

    /// The cheapest paths, with the labels that the skeleton does not carry: best first by cost so far plus completion. What the
    /// labels say of a step is asked when its turn comes.
    fn search(&self, number: usize, sought: &Sought) -> Found {
        let (count, within) = (sought.count, sought.within.unwrap_or(f64::INFINITY));
        let Program { pricing, lattice, skeleton, prices, burden, width, .. } = self.program;
        let (labels, p) = (pricing.labels(number), lattice.participant);
        let source = skeleton.source.expect("a path has a cost");
        let mut arena = vec![Reached { parent: usize::MAX, step: Step::Begin, cost: 0.0, free: source, member: 0, left: width - 1, state: 0 }];
        // The states of all labels at what has been asked, one after the other.
        let mut states: Vec<u64> = labels.iter().map(|l| l.start()).collect();
        let mut queue: BinaryHeap<Open> = BinaryHeap::new();
        queue.push(Open { value: self.value, node: 0 });
        let (mut found, mut first): (Vec<Column>, Option<f64>) = (Vec::new(), None);
        let mut least = self.value;
        let rewards = pricing.rewards(number, prices);
        let mut next = vec![0u64; labels.len()];
        // Once too many labels were made, any path is sought: the deepest first.
        let mut hurry = 0.0;
        let depth =
            |reached: &Reached| f64::from(skeleton.frees[reached.free as usize].tick) + f64::from(u8::from(matches!(reached.step, Step::End)));
        while let Some(Open { value, node }) = queue.pop() {
            if hurry == 0.0 {
                least = value;
            }
            if first.is_some_and(|f| value > f + within) || found.len() >= count {
                break;
            }
            if hurry == 0.0 && first.is_none() && value >= sought.ceiling {
                return Found { columns: found, bound: value, first, cut: false };
            }
            let Reached { parent, step, free, member, left, .. } = arena[node];
            if arena[node].state == UNASKED {
                let from = arena[parent].state;
                next.copy_from_slice(&states[from..from + labels.len()]);
                let mut walk = Walk::new(pricing, p, &labels);
                let before = |at: &Reached| match skeleton.frees[at.free as usize].kind {
                    START => Before::Start,
                    kind => Before::Placement(lattice.nexts[lattice.of_kind(kind).start + at.member].0),
                };
                let (earlier, tick) = (&arena[parent], usize::from(skeleton.frees[arena[parent].free as usize].tick));
                let passed = match step {
                    Step::Begin => Some(()),
                    Step::Wait => walk.pass(&mut next, &Arc::Wait(tick)),
                    Step::Place(choice) => walk.place(&mut next, before(earlier), choice, !skeleton.frees[earlier.free as usize].idle),
                    Step::End => {
                        let last = before(earlier);
                        walk.pass(&mut next, &Arc::End(End { participant: p, last, at: if last == Before::Start { 0 } else { tick } }))
                    }
                };
                if passed.is_none() {
                    continue;
                }
                let ready: f64 = walk.ready.iter().map(|s| prices.rows[pricing.coupling.row(*s, 0)]).sum();
                let owed = walk.points + burden * walk.burden + ready;
                arena[node].state = states.len();
                arena[node].cost += owed;
                states.extend(&next);
                let value = if matches!(step, Step::End) { arena[node].cost } else { value + owed };
                if hurry == 0.0 && value > least {
                    queue.push(Open { value, node });
                    continue;
                }
            }
            if matches!(step, Step::End) {
                let mut choices: Vec<Choice> = Vec::new();
                let mut at = node;
                while at != usize::MAX {
                    if let Step::Place(choice) = arena[at].step {
                        choices.push(choice);
                    }
                    at = arena[at].parent;
                }
                choices.reverse();
                found.extend(pricing.free_column(number, &choices));
                if hurry > 0.0 {
                    break;
                }
                first = first.or(Some(value));
                continue;
            }
            if arena.len() > 2 * LABELS || (arena.len() > LABELS && !found.is_empty()) {
                break;
            }
            if arena.len() > LABELS && hurry == 0.0 {
                hurry = HURRY;
                let open = std::mem::take(&mut queue).into_iter();
                queue = open.map(|Open { value, node }| Open { value: value - hurry * depth(&arena[node]), node }).collect();
            }
            let cost = arena[node].cost;
            let mut open = |value: f64, reached: Reached| {
                if value < f64::INFINITY && first.is_none_or(|f| value <= f + within) {
                    queue.push(Open { value: value - hurry * depth(&reached), node: arena.len() });
                    arena.push(reached);
                }
            };
            if let Some(end) = self.program.ending(free) {
                let cost = cost + end;
                open(cost + rewards, Reached { parent: node, step: Step::End, cost, free, member, left, state: UNASKED });
            }
            if let Some((to, step)) = self.program.waiting(free) {
                let cost = cost + step;
                let value = cost + self.completion(to, member, left) + rewards;
                open(value, Reached { parent: node, step: Step::Wait, cost, free: to, member, left, state: UNASKED });
            }
            self.steps(free, member, left, |step, choice, to, m, l| {
                let cost = cost + step;
                let value = cost + self.completion(to, m, l) + rewards;
                open(value, Reached { parent: node, step: Step::Place(choice), cost, free: to, member: m, left: l, state: UNASKED });
            });
        }
        let exhausted = found.is_empty() && first.is_none() && queue.is_empty() && hurry == 0.0;
        let bound = first.unwrap_or(if exhausted { f64::INFINITY } else { least });
        Found { columns: found, bound, first, cut: first.is_none() && !exhausted }
    }
}

/// What a label search looks for: so many paths, none dearer than the cheapest by more than `within`, if that is given; nothing, if
/// none costs less than `ceiling`.
struct Sought {
    count: usize,
    within: Option<f64>,
    ceiling: f64,
}

/// What a label search found.
struct Found {
    columns: Vec<Column>,
    /// No path that it may look at costs less.
    bound: f64,
    /// What the cheapest costs, if it was found.
    first: Option<f64>,
    /// Too many labels were made before that.
    cut: bool,
}

/// The labels have not been asked yet.
const UNASKED: usize = usize::MAX;

/// What led to a label of the search.
#[derive(Clone, Copy)]
enum Step {
    Begin,
    Wait,
    Place(Choice),
    End,
}

/// A label of the search.
struct Reached {
    parent: usize,
    step: Step,
    cost: f64,
    free: u32,
    member: usize,
    left: usize,
    /// Where its states begin, or [`UNASKED`].
    state: usize,
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
