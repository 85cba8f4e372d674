//! The restricted master: the linear program over the columns known so far. Rows that no plan is near are left out until they
//! are broken.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::highs::{Lp, LpSolution, Watch};
use super::ledger::{BROKEN, Hall, Ledger, short_of, unit};
use crate::brief::Sense;
use crate::pricing::{Column, Coupling, Multipliers, Pricing};
use crate::words::Period;

/// From so many participants on the first solve is by the interior point method, which has no basis to begin with.
const INTERIOR: usize = 300;

/// The linear program and what its columns and rows stand for.
pub(super) struct Master<'p, 'b, 'c> {
    pub(super) pricing: &'p Pricing<'b, 'c>,
    lp: Lp,
    /// The columns, with their numbers in the program, in order; and whose they are.
    pub(super) columns: Vec<(usize, Column)>,
    lp_columns: Vec<usize>,
    known: FxHashSet<(usize, Vec<crate::brief::Choice>)>,
    /// Per priced row: the columns with a coefficient there.
    uses: FxHashMap<u32, Vec<(u32, f64)>>,
    /// The participants whose columns it has, with their convexity rows; and what everyone else adds to rows, if it is not all.
    pub(super) members: Vec<usize>,
    place: FxHashMap<usize, usize>,
    rest: Option<Vec<f64>>,
    /// Rows of the program: convexity first, then coupling rows, then sets of needs.
    active: BTreeMap<usize, usize>,
    slacks: BTreeMap<usize, usize>,
    /// Slacks of which it is known how much the others need.
    floored: FxHashSet<usize>,
    halls: Vec<(Hall, usize)>,
    short: BTreeMap<Period, usize>,
    simplex: bool,
}

/// Where the master stands.
pub(super) struct Relaxed {
    pub(super) objective: f64,
    /// Per column its value.
    pub(super) values: Vec<f64>,
    pub(super) multipliers: Multipliers,
    /// The price of a unit of each priced row of the program.
    pub(super) prices: Vec<(usize, f64)>,
    /// Per participant of the program: the price of their convexity row.
    pub(super) shares: Vec<f64>,
}

impl<'p, 'b, 'c> Master<'p, 'b, 'c> {
    /// The program of everyone.
    pub(super) fn new(pricing: &'p Pricing<'b, 'c>, seed: u32) -> Self {
        Self::of(pricing, seed, &(0..pricing.len()).collect::<Vec<_>>(), None)
    }

    /// The program of some participants beside a plan of everyone else.
    pub(super) fn beside(ledger: &Ledger<'p, 'b, 'c>, seed: u32, members: &[usize], halls: &[Hall]) -> Self {
        let mut rest = ledger.sums.clone();
        members.iter().flat_map(|n| &ledger.columns[*n].terms).for_each(|(r, c)| rest[*r as usize] -= c);
        let mut this = Self::of(ledger.pricing, seed, members, Some(rest));
        for number in members {
            this.add(*number, &ledger.columns[*number]);
        }
        for hall in halls {
            this.limit(hall.clone());
        }
        this
    }

    /// The program of some participants, beside what everyone else adds to rows.
    pub(super) fn of(pricing: &'p Pricing<'b, 'c>, seed: u32, members: &[usize], rest: Option<Vec<f64>>) -> Self {
        let mut lp = Lp::new(seed);
        for _ in members {
            lp.row(1.0, 1.0, &[]);
        }
        // Someone without a path yet.
        for row in 0..members.len() {
            lp.column(20.0 * BROKEN, 1.0, &[(row, 1.0)]);
        }
        Self {
            pricing,
            lp,
            columns: Vec::new(),
            lp_columns: Vec::new(),
            known: FxHashSet::default(),
            uses: FxHashMap::default(),
            members: members.to_vec(),
            place: members.iter().enumerate().map(|(row, n)| (*n, row)).collect(),
            rest,
            active: BTreeMap::new(),
            slacks: BTreeMap::new(),
            floored: FxHashSet::default(),
            halls: Vec::new(),
            short: BTreeMap::new(),
            simplex: members.len() < INTERIOR,
        }
    }

    /// Adds a column, unless it is there.
    pub(super) fn add(&mut self, number: usize, column: &Column) -> bool {
        if !self.known.insert((number, column.choices.clone())) {
            return false;
        }
        let mut terms: Vec<(usize, f64)> = vec![(self.place[&number], 1.0)];
        terms.extend(column.terms.iter().filter_map(|(r, c)| self.active.get(&(*r as usize)).map(|row| (*row, *c))));
        for (hall, row) in &self.halls {
            let needs = needs_in(self.pricing.coupling, hall, column);
            if needs > 0.0 {
                terms.push((*row, needs));
            }
        }
        for (r, c) in &column.terms {
            self.uses.entry(*r).or_default().push((self.columns.len() as u32, *c));
        }
        self.lp_columns.push(self.lp.column(column.points, f64::INFINITY, &terms));
        self.columns.push((number, column.clone()));
        true
    }

    /// Takes a coupling row into the program.
    pub(super) fn activate(&mut self, r: usize) {
        if self.active.contains_key(&r) {
            return;
        }
        let row = &self.pricing.coupling.rows[r];
        let (cost, most) = row.slack.map_or((BROKEN / unit(self.pricing, r), f64::INFINITY), |points| (points, row.most_slack));
        let slack = *self.slacks.entry(row.shared).or_insert_with(|| self.lp.column(cost, most, &[]));
        let uses = self.uses.get(&(r as u32)).into_iter().flatten();
        let mut terms: Vec<(usize, f64)> = uses.map(|(i, c)| (self.lp_columns[*i as usize], *c)).collect();
        let limit = row.limit - self.others(r);
        let number = match row.sense {
            Sense::AtMost => {
                terms.push((slack, -1.0));
                // What the others exceed alone is slack whatever happens here.
                if limit < 0.0 {
                    self.lp.bound(slack, -limit, most.max(-limit));
                }
                self.lp.row(f64::NEG_INFINITY, limit, &terms)
            }
            Sense::AtLeast => {
                terms.push((slack, 1.0));
                self.lp.row(limit, f64::INFINITY, &terms)
            }
        };
        self.active.insert(r, number);
    }

    /// What everyone who is not in the program adds to a row.
    pub(super) fn others(&self, r: usize) -> f64 {
        self.rest.as_ref().map_or(0.0, |rest| rest[r])
    }

    /// The slack columns' rows that are in the program, by what they share; and the periods of sets of needs.
    pub(super) fn held(&self) -> (impl Iterator<Item = usize> + '_, impl Iterator<Item = Period> + '_) {
        (self.slacks.keys().copied(), self.short.keys().copied())
    }

    /// Takes a set of needs into the program.
    pub(super) fn limit(&mut self, hall: Hall) -> bool {
        if self.halls.iter().any(|(known, _)| *known == hall) {
            return false;
        }
        let cost = self.pricing.coupling.supply.as_ref().and_then(|s| s.unmet).unwrap_or(BROKEN);
        let short = *self.short.entry(hall.period).or_insert_with(|| self.lp.column(cost, f64::INFINITY, &[]));
        let needs = |(i, (_, column)): (usize, &(usize, Column))| (self.lp_columns[i], needs_in(self.pricing.coupling, &hall, column));
        let mut terms: Vec<(usize, f64)> = self.columns.iter().enumerate().map(needs).filter(|(_, n)| *n > 0.0).collect();
        terms.push((short, -1.0));
        let others: f64 = hall.classes.iter().map(|c| self.others(self.pricing.coupling.need_row(*c, hall.period))).sum();
        let row = self.lp.row(f64::NEG_INFINITY, f64::from(hall.capacity) - others, &terms);
        self.halls.push((hall, row));
        true
    }

    /// The sets of needs found so far.
    pub(super) fn halls(&self) -> Vec<Hall> {
        self.halls.iter().map(|(hall, _)| hall.clone()).collect()
    }

    /// Number of rows in the program that couple paths.
    pub(super) fn rows(&self) -> usize {
        self.active.len() + self.halls.len()
    }

    /// Solves the program, and again with the rows that its solution breaks. `None` if time is up or HiGHS fails.
    pub(super) fn solve<W: Watch>(&mut self, watch: &mut W, seconds: &dyn Fn() -> f64) -> Option<Relaxed> {
        loop {
            let left = seconds();
            if left <= 0.0 || watch.asked_to_stop() {
                return None;
            }
            self.lp.by(self.simplex);
            let mut solved = self.lp.solve(watch, left);
            if solved.is_none() && seconds() > 0.0 && !watch.asked_to_stop() {
                self.lp.forget();
                self.lp.by(!self.simplex);
                solved = self.lp.solve(watch, seconds());
            }
            let solution = solved?;
            self.simplex = true;
            if !self.separate(&solution) {
                return Some(self.relaxed(&solution));
            }
        }
    }

    /// Activates rows that a solution breaks; whether there were any.
    fn separate(&mut self, solution: &LpSolution) -> bool {
        let mut sums = self.rest.clone().unwrap_or_else(|| vec![0.0; self.pricing.coupling.len()]);
        for (i, (_, column)) in self.columns.iter().enumerate() {
            let value = solution.columns[self.lp_columns[i]];
            if value > 1e-9 {
                column.terms.iter().for_each(|(r, c)| sums[*r as usize] += c * value);
            }
        }
        let supply = self.pricing.coupling.supply.as_ref().map(|s| s.sentence);
        let rows = &self.pricing.coupling.rows;
        let broken = |r: usize| rows[r].off(sums[r]) > 1e-7 * rows[r].limit.abs().max(1.0);
        let mine: Vec<usize> = match self.rest {
            None => (0..rows.len()).collect(),
            Some(_) => {
                let mut used: Vec<usize> = self.uses.keys().map(|r| *r as usize).filter(|r| *r < rows.len()).collect();
                used.sort_unstable();
                used
            }
        };
        let mut found: Vec<usize> =
            mine.into_iter().filter(|r| !self.active.contains_key(r) && Some(rows[*r].sentence) != supply && broken(*r)).collect();
        // Rows that only others use matter where they share a slack with one of the program's, and there the worst of them.
        if self.rest.is_some() {
            for shared in self.slacks.keys().filter(|shared| !self.floored.contains(*shared)) {
                let theirs = self.pricing.coupling.sharing[*shared].iter().map(|r| *r as usize);
                let worst = theirs
                    .filter(|r| !self.uses.contains_key(&(*r as u32)) && !self.active.contains_key(r) && broken(*r))
                    .reduce(|worst, r| if rows[r].off(sums[r]) > rows[worst].off(sums[worst]) { r } else { worst });
                found.extend(worst);
            }
            self.floored.extend(self.slacks.keys());
        }
        found.iter().for_each(|r| self.activate(*r));
        let mut more = !found.is_empty();
        if supply.is_some() {
            for period in self.pricing.brief.case.calendar.periods() {
                if let Some(hall) = short_of(self.pricing.coupling, &sums, period) {
                    more |= self.limit(hall);
                }
            }
        }
        more
    }

    fn relaxed(&self, solution: &LpSolution) -> Relaxed {
        let coupling = self.pricing.coupling;
        let mut multipliers = Multipliers::none(coupling);
        let mut needs: BTreeMap<usize, f64> = BTreeMap::new();
        for (hall, row) in &self.halls {
            hall.classes.iter().for_each(|class| *needs.entry(coupling.need_row(*class, hall.period)).or_default() -= solution.duals[*row]);
        }
        let prices = self.active.iter().map(|(r, row)| (*r, -solution.duals[*row])).chain(needs).collect();
        for (r, row) in &self.active {
            let dual = solution.duals[*row];
            multipliers.0[*r] = match coupling.rows[*r].sense {
                Sense::AtMost => -dual,
                Sense::AtLeast => dual,
            };
        }
        for (hall, row) in &self.halls {
            let price = (-solution.duals[*row]).max(0.0);
            if price > 0.0 {
                hall.charge(coupling, price, &mut multipliers);
            }
        }
        Relaxed {
            objective: solution.objective,
            values: self.lp_columns.iter().map(|c| solution.columns[*c]).collect(),
            multipliers,
            prices,
            shares: solution.duals[..self.members.len()].to_vec(),
        }
    }

    /// The convexity row of a participant of the program.
    pub(super) fn row(&self, number: usize) -> usize {
        self.place[&number]
    }
}

/// How many needs of a column are in a set.
pub(super) fn needs_in(coupling: &Coupling, hall: &Hall, column: &Column) -> f64 {
    let of = |(r, c): &(u32, f64)| match coupling.need(*r as usize) {
        Some((class, period)) if period == hall.period && hall.classes.binary_search(&class).is_ok() => *c,
        _ => 0.0,
    };
    column.terms.iter().map(of).sum()
}
