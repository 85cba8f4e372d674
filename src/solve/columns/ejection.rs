//! Ejection chains (Glover 1996): who found no room takes the path that they like best where the fewest places are full, and
//! whoever can make way at the least cost does, as long as it takes.

use rayon::prelude::*;

use super::Search;
use super::ledger::Ledger;
use super::neighbourhood::Scene;
use crate::pricing::{Column, Prices, Pricing, Scratch};

/// Whose path costs so much more than the cheapest at the prices begins a chain.
pub(super) const DEAR: f64 = 300.0;
/// Points of a unit of a row that is full: so much that few are sought, and less than leaving someone idle all the time.
const FULL: f64 = 1_000.0;
/// People who may be asked to make way for what is over its bound; who make way in a chain at most; who are looked at for each.
const CROWD: usize = 60;
const CHAIN: usize = 12;
const CANDIDATES: usize = 16;
/// People who are priced side by side, whatever the number of threads, so that it does not matter.
const ASIDE: usize = 2;

/// Whose path is dear, the dearest first; `regrets`: how much more each path costs at the prices than the cheapest.
pub(super) fn dear(regrets: &[f64]) -> Vec<usize> {
    let mut dear: Vec<usize> = (0..regrets.len()).filter(|n| regrets[*n] > DEAR).collect();
    dear.sort_by(|a, b| regrets[*b].total_cmp(&regrets[*a]).then(a.cmp(b)));
    dear
}

/// Tries a chain for everyone whose path is dear, the dearest first.
pub(super) fn improve<'p>(search: &Search<'p, '_, '_, '_>, ledger: &mut Ledger<'p, '_, '_>) {
    let scene = Scene::new(search);
    let stuck = dear(&scene.regrets(ledger));
    let (books, prices) = Books::of(search.pricing, scene.prices, FULL, ledger);
    let mut prices = copies(prices);
    for number in stuck {
        if search.ends() {
            return;
        }
        if chain(&books, &mut prices, ledger, number) {
            search.keep(ledger);
        }
    }
}

/// Tries a chain for some people, and then for whoever holds what is over its bound, as long as anything is.
pub(super) fn settle<'p>(search: &Search<'p, '_, '_, '_>, ledger: &mut Ledger<'p, '_, '_>, some: &[usize]) {
    let (books, prices) = Books::of(search.pricing, Scene::new(search).prices, FULL, ledger);
    let mut prices = copies(prices);
    for number in some {
        if search.ends() || ledger.cost().broken <= 1e-6 {
            return;
        }
        chain(&books, &mut prices, ledger, *number);
    }
    let mut tried = std::collections::BTreeSet::new();
    while ledger.cost().broken > 1e-6 && !search.ends() {
        let breakers = ledger.breakers();
        // What so many share, such as money, is not mended by one of them making way.
        if breakers.len() > CROWD {
            return;
        }
        let Some(number) = breakers.into_iter().find(|n| !tried.contains(n)) else { return };
        tried.insert(number);
        chain(&books, &mut prices, ledger, number);
    }
}

/// Which rows are full, and at what price.
pub(super) struct Books<'p, 'b, 'c> {
    pricing: &'p Pricing<'b, 'c>,
    /// Prices of rows that are not full.
    base: Vec<f64>,
    /// Rows that nothing may go beyond.
    hard: Vec<bool>,
    /// Points of a unit of a row that is full.
    full: f64,
}

impl<'p, 'b, 'c> Books<'p, 'b, 'c> {
    /// The books of a plan at given prices, where a unit of what is full costs so much.
    pub(super) fn of(pricing: &'p Pricing<'b, 'c>, mut prices: Prices, full: f64, ledger: &Ledger<'_, '_, '_>) -> (Self, Prices) {
        let hard = (0..pricing.coupling.len()).map(|r| pricing.largest_capped(r) > 0.0).collect();
        let books = Self { pricing, base: prices.rows.clone(), hard, full };
        for r in 0..pricing.coupling.len() {
            books.mark(&mut prices, ledger, r, 0.0);
        }
        (books, prices)
    }

    /// Gives a row the price that it has once so much of what it holds is gone.
    pub(super) fn mark(&self, prices: &mut Prices, ledger: &Ledger<'_, '_, '_>, r: usize, gone: f64) {
        let full = self.hard[r] && self.pricing.coupling.rows[r].limit - (ledger.sums[r] - gone) < 1.0 - 1e-9;
        prices.set(self.pricing, r, if full { self.base[r] + self.full } else { self.base[r] });
    }

    /// The cheapest path of someone who gives up what they hold.
    pub(super) fn cheapest(&self, prices: &mut Prices, ledger: &Ledger<'_, '_, '_>, number: usize, scratch: &mut Scratch) -> (f64, Option<Column>) {
        let own = &ledger.columns[number].terms;
        own.iter().for_each(|(r, c)| self.mark(prices, ledger, *r as usize, *c));
        let found = self.pricing.cheapest(number, prices, scratch);
        own.iter().for_each(|(r, _)| self.mark(prices, ledger, *r as usize, 0.0));
        (found.bound, found.path)
    }
}

/// Copies of prices that are kept alike, so that several people may be priced side by side.
fn copies(prices: Prices) -> Vec<Prices> {
    vec![prices; ASIDE]
}

/// One chain: kept if the plan is better for it.
fn chain(books: &Books<'_, '_, '_>, prices: &mut [Prices], ledger: &mut Ledger<'_, '_, '_>, number: usize) -> bool {
    let before = ledger.cost();
    let mut undo: Vec<(usize, Column)> = Vec::new();
    let swap = |ledger: &mut Ledger<'_, '_, '_>, prices: &mut [Prices], number: usize, column: Column| {
        let rows: Vec<u32> = column.terms.iter().map(|(r, _)| *r).collect();
        let old = ledger.swap(vec![(number, column)]);
        let all = rows.iter().chain(old.iter().flat_map(|(_, c)| c.terms.iter().map(|(r, _)| r)));
        all.for_each(|r| prices.iter_mut().for_each(|prices| books.mark(prices, ledger, *r as usize, 0.0)));
        old
    };
    let mut scratch = Scratch::default();
    let (_, Some(column)) = books.cheapest(&mut prices[0], ledger, number, &mut scratch) else { return false };
    let mut touched: Vec<u32> = column.terms.iter().map(|(r, _)| *r).collect();
    let mut moved = vec![number];
    undo.extend(swap(ledger, prices, number, column));
    let over = |ledger: &Ledger<'_, '_, '_>, r: usize| books.hard[r] && ledger.sums[r] > books.pricing.coupling.rows[r].limit + 1e-6;
    while let Some(r) = touched.iter().copied().find(|r| over(ledger, *r as usize)) {
        if moved.len() > CHAIN {
            break;
        }
        let holds = |n: &usize| !moved.contains(n) && ledger.columns[*n].terms.iter().any(|(row, c)| *row == r && *c > 0.0);
        let holders: Vec<usize> = (0..ledger.columns.len()).filter(holds).collect();
        let some: Vec<usize> = holders.iter().copied().step_by(holders.len().div_ceil(CANDIDATES).max(1)).collect();
        let way = |prices: &mut Prices, scratch: &mut Scratch, n: usize| {
            let (value, path) = books.cheapest(prices, ledger, n, scratch);
            (value - ledger.columns[n].value(&books.base), n, path)
        };
        let ways: Vec<Vec<(f64, usize, Option<Column>)>> = prices
            .par_iter_mut()
            .enumerate()
            .map(|(k, prices)| {
                let mut scratch = Scratch::default();
                some.iter().skip(k).step_by(ASIDE).map(|n| way(prices, &mut scratch, *n)).collect()
            })
            .collect();
        let best = ways.into_iter().flatten().filter(|(dearer, _, _)| *dearer < 2.5 * FULL).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let Some((_, n, Some(column))) = best else { break };
        touched.extend(column.terms.iter().map(|(r, _)| *r));
        moved.push(n);
        undo.extend(swap(ledger, prices, n, column));
    }
    let better = ledger.cost().better(before);
    if !better {
        for (n, column) in undo.into_iter().rev() {
            swap(ledger, prices, n, column);
        }
    }
    better
}
