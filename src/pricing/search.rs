//! Cheapest paths through a lattice at given prices.
//!
//! A backward dynamic program over the skeleton's nodes and the positions of their kinds ([`super::program`]) gives the
//! cheapest completion of every partial path that may lie on a cheap one (completion bounds). It leaves out the sentences that
//! the skeleton does not carry and, at first, the bound on moves (state-space relaxation: Christofides, Mingozzi & Toth 1981).
//! Mostly the cheapest relaxed path keeps them all and so is the cheapest; else the number of moves left becomes a resource,
//! and the other sentences are kept in a best-first label search that the completion bounds guide (A*: Hart, Nilsson & Raphael
//! 1968). Where these have too many states for a search, [`super::led`] finds good paths.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Pricing;
use super::column::Column;
use super::lattice::Lattice;
use super::program::{Program, Scratch, wider};
use super::tree::{Found, Solved, Sought};
use crate::domain::PositionIx;

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
    /// Good paths are enough: no bound needs to be near what they cost.
    pub(super) rough: bool,
    /// Bounds are all that is asked for: where paths are not needed for them, none are sought.
    pub(super) bare: bool,
    /// Per participant: penalties of sums to begin with; none if it is empty.
    pub(super) penalties: Arc<Vec<Vec<f64>>>,
    /// Lattices without what is forbidden.
    pub(super) narrow: FxHashMap<usize, Lattice>,
}

impl Prices {
    /// Forbids every path whose first placement is in another position.
    pub fn begin_with(&mut self, position: PositionIx) {
        self.first = Some(position);
    }

    /// Asks for good paths alone, where what is left to the search takes long: bounds may then be far below what they cost.
    #[must_use]
    pub fn rough(self) -> Self {
        Self { rough: true, ..self }
    }

    /// Asks for bounds alone.
    #[must_use]
    pub(super) fn bare(self) -> Self {
        Self { bare: true, ..self }
    }

    /// Penalties of sums to begin with, if some are known.
    pub(super) fn penalties_of(&self, number: usize) -> Option<&Vec<f64>> {
        self.penalties.get(number).filter(|known| !known.is_empty())
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
            let open = |_, _, cell: usize| {
                let common = &pricing.common;
                common.points[cell] < f64::INFINITY && self.bundle(pricing, common.of_cell[cell]) < f64::INFINITY
            };
            (number, lattice.narrowed(skeleton, pricing.brief.case, open))
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

    /// Forbids what has no room in a row that nothing may go beyond, where so much is `left`.
    pub fn close(&mut self, pricing: &Pricing<'_, '_>, row: usize, left: f64) {
        if pricing.is_tight(row, left) {
            self.block(pricing, row, left);
        }
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

/// What a path must cost less than to be of interest, and a path that costs so much or little more, if one is known: it helps where
/// penalties lead the search.
#[derive(Debug, Clone, Copy)]
pub struct Ceiling<'k> {
    /// Points at the prices.
    pub points: f64,
    /// The path.
    pub path: Option<&'k Column>,
}

impl Ceiling<'_> {
    /// Every path is of interest.
    pub const NONE: Self = Self::below(f64::INFINITY);

    /// Only paths are of interest that cost less than so many points.
    #[must_use]
    pub const fn below(points: f64) -> Self {
        Self { points, path: None }
    }
}

impl<'k> Ceiling<'k> {
    /// Only paths are of interest that cost less than one that is known.
    #[must_use]
    pub fn of(path: &'k Column, prices: &Prices) -> Self {
        Self { points: path.value(&prices.rows), path: Some(path) }
    }
}

/// What is found for a participant.
#[derive(Debug, Clone)]
pub struct Cheapest {
    /// No path of the participant costs less than this at the prices; infinite if there is no path.
    pub bound: f64,
    /// A path of that cost; if the search was cut short a dearer one, or none.
    pub path: Option<Column>,
    /// Penalties of sums with which the bound was found.
    pub penalties: Vec<f64>,
}

/// Points that what the relaxation leaves out mostly costs at most.
const OWED: f64 = 20.0;
/// A ceiling so little above the least that paths cost is looked up to at once.
pub(super) const NEAR_CEILING: f64 = 80.0;

impl<'b, 'c> Pricing<'b, 'c> {
    /// The cheapest path of a participant that costs less than `ceiling`, whatever path is kept; the bound is never above that.
    pub(super) fn free_cheapest(&self, number: usize, prices: &Prices, scratch: &mut Scratch, ceiling: Ceiling<'_>) -> Cheapest {
        if !self.sums(number).is_empty() {
            return self.led(number, prices, scratch, ceiling);
        }
        let ceiling = ceiling.points;
        let (lattice, _) = self.paths(number);
        let (bounded, complete) = (lattice.most_moves.is_some(), !lattice.fine && lattice.most_moves.is_none());
        let rewards = self.rewards(number, prices);
        // What the relaxation left out costs the path nothing, and pays nobody: then it is the cheapest of all.
        let cheap = |c: &Column, value: f64| complete || (rewards == 0.0 && self.value(number, c, prices) <= value + 1e-9 * value.abs().max(1.0));
        let most = ceiling - rewards;
        let of = |bound: f64, path: Option<Column>| Cheapest { bound, path, penalties: Vec::new() };
        let least = self.program(number, prices, &[], false).prepare(scratch);
        if least >= most {
            return of(ceiling, None);
        }
        for bounds in [false, true].into_iter().filter(|bounds| bounded || !bounds) {
            let program = self.program(number, prices, &[], bounds);
            let value = program.solve(scratch, least, 0.0, most);
            let solved = Solved { program, scratch, value, ahead: false };
            if solved.value >= most {
                return of(ceiling, None);
            }
            let column = solved.trace().and_then(|choices| self.free_column(number, &choices));
            if let Some(column) = column.filter(|c| cheap(c, solved.value)) {
                return of(solved.value, Some(column));
            }
        }
        let Found { mut columns, bound, .. } = self.found(number, prices, scratch, least, &Sought { count: 1, within: None, ceiling });
        of(bound.min(ceiling), columns.pop())
    }

    /// Up to so many cheapest paths of a participant, each dearer than the cheapest by at most `within` points, in order, whatever
    /// path is kept; and whether there are no others.
    pub(super) fn free_several(&self, number: usize, prices: &Prices, scratch: &mut Scratch, count: usize, within: f64) -> (Vec<Column>, bool) {
        if !self.sums(number).is_empty() {
            return (self.led_several(number, prices, scratch, count, within), false);
        }
        let least = self.program(number, prices, &[], false).prepare(scratch);
        let found = self.found(number, prices, scratch, least, &Sought { count, within: Some(within), ceiling: f64::INFINITY });
        (found.columns, found.whole)
    }

    /// The cheapest paths with everything that they must keep, and a bound below the cheapest of all, once the program is prepared
    /// and costs at least so much.
    fn found(&self, number: usize, prices: &Prices, scratch: &mut Scratch, least: f64, sought: &Sought) -> Found {
        let (lattice, _) = self.paths(number);
        let (owed, beyond) = (-self.rewards(number, prices), sought.within.unwrap_or(0.0));
        // How much dearer than the cheapest relaxed path what is sought may be: what the relaxation leaves out is not known before.
        let mut room = beyond + if lattice.fine { OWED } else { 0.0 };
        let enough = sought.ceiling + owed - least;
        if enough <= NEAR_CEILING {
            room = enough.max(0.0);
        }
        loop {
            let program = self.program(number, prices, &[], lattice.most_moves.is_some());
            let value = program.solve(scratch, least, room, f64::INFINITY);
            let solved = Solved { program, scratch, value, ahead: false };
            if solved.value == f64::INFINITY {
                return Found::none(f64::INFINITY);
            }
            let found = solved.search(number, sought);
            if found.first.is_none() && !found.cut && solved.value + room - owed >= sought.ceiling {
                return Found::none(sought.ceiling);
            }
            let needed = found.first.map(|first| first - solved.value + beyond + owed);
            if room == f64::INFINITY
                || needed.is_some_and(|needed| needed <= room + 1e-9 * solved.value.abs().max(1.0))
                || (found.cut && !found.columns.is_empty())
            {
                // Nothing dearer than what there was room for was looked at.
                return Found { bound: found.bound.min(solved.value + room - owed), ..found };
            }
            room = if found.cut { f64::INFINITY } else { wider(0.0, room + OWED, needed) };
        }
    }

    /// The most (as a number below 0) that sentences outside the skeleton can pay someone for being ready at the end: completions
    /// must leave room for that.
    pub(super) fn rewards(&self, number: usize, prices: &Prices) -> f64 {
        let paid = self.fine(number).iter().filter(|l| l.counts_ready());
        paid.map(|l| prices.rows[self.coupling.row(l.sentence, 0)].min(0.0)).sum()
    }

    /// What a column costs at prices.
    #[must_use]
    pub fn value(&self, number: usize, column: &Column, prices: &Prices) -> f64 {
        debug_assert_eq!(self.lattices[number].participant, column.participant);
        column.value(&prices.rows)
    }

    /// The program of a participant at given prices.
    pub(super) fn program<'s>(&'s self, number: usize, prices: &'s Prices, penalties: &'s [f64], bounds: bool) -> Program<'s, 'b, 'c> {
        self.program_of(self.narrowest(number, prices), number, prices, penalties, bounds)
    }

    /// The lattice of a participant, without what prices are known to forbid.
    pub(super) fn narrowest<'s>(&'s self, number: usize, prices: &'s Prices) -> &'s Lattice {
        prices.narrow.get(&number).unwrap_or(&self.lattices[number])
    }

    /// The program of a participant's lattice, or of one that is narrower.
    pub(super) fn program_of<'s>(
        &'s self,
        lattice: &'s Lattice,
        number: usize,
        prices: &'s Prices,
        penalties: &'s [f64],
        bounds: bool,
    ) -> Program<'s, 'b, 'c> {
        let (_, skeleton) = self.paths(number);
        let burden: f64 = lattice.burden_rows.iter().map(|(row, scale)| prices.rows[*row as usize] * scale).sum();
        let most = lattice.most_moves.filter(|_| bounds);
        let width = most.map_or(1, |most| usize::from(most) + 1);
        let sums = self.sums(number);
        let constant = sums.constant(penalties);
        Program { pricing: self, lattice, skeleton, prices, bounded: most.is_some(), width, burden, sums, penalties, constant }
    }
}
