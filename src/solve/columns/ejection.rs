//! Ejection chains (Glover 1996): who found no room takes the path that they like best where the fewest places are full, and
//! whoever can make way at the least cost does, as long as it takes. What was fought over gets dearer, so that a chain turns away from
//! it (negotiated congestion: McMurchie & Ebeling 1995; guided ejection: Nagata & Bräysy 2009).

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::Search;
use super::ledger::{Ledger, unit};
use super::neighbourhood::Scene;
use crate::pricing::{Column, Prices, Pricing, Scratch};

/// Whose path costs so much more than the cheapest at the prices begins a chain.
pub(super) const DEAR: f64 = 300.0;
/// Points of a unit of a row that is full, of the most that one placement or move adds: so much that few are sought, and less than
/// leaving someone idle all the time; and by what share of that it gets dearer whenever someone has to make way in it.
const FULL: f64 = 1_000.0;
const FOUGHT: f64 = 0.5;
/// People who may be asked to make way for what is over its bound; how often some are asked to in a chain at most, and not those who
/// did last; who are looked at for each place, and for each sum such as money.
const CROWD: usize = 60;
const CHAIN: usize = 150;
const LAST: usize = 10;
const CANDIDATES: usize = 16;
const SPENDERS: usize = 64;
/// People who are priced side by side, whatever the number of threads, so that it does not matter.
const ASIDE: usize = 2;

/// Whose path is dear, the dearest first; `regrets`: how much more each path costs at the prices than the cheapest.
pub(super) fn dear(regrets: &[f64]) -> Vec<usize> {
    let mut dear: Vec<usize> = (0..regrets.len()).filter(|n| regrets[*n] > DEAR).collect();
    dear.sort_by(|a, b| regrets[*b].total_cmp(&regrets[*a]).then(a.cmp(b)));
    dear
}

/// Tries a chain for those whose path is dear, the dearest first, so many of them at most.
pub(super) fn improve<'p>(search: &Search<'p, '_, '_, '_>, scene: &Scene, ledger: &mut Ledger<'p, '_, '_>, most: usize) {
    let stuck = dear(&scene.regrets(ledger));
    if stuck.is_empty() {
        return;
    }
    let (mut books, prices) = Books::of(search.pricing, scene.prices.clone(), FULL, true, ledger);
    let mut prices = copies(prices);
    for number in stuck.into_iter().take(most) {
        if search.ends() {
            return;
        }
        if chain(&mut books, &mut prices, ledger, number) {
            search.keep(ledger);
        }
    }
}

/// Tries a chain for some people, and then for whoever holds what is over its bound, as long as anything is.
pub(super) fn settle<'p>(search: &Search<'p, '_, '_, '_>, ledger: &mut Ledger<'p, '_, '_>, some: &[usize]) {
    let (mut books, prices) = Books::of(search.pricing, Scene::new(search).prices, FULL, true, ledger);
    let mut prices = copies(prices);
    for number in some {
        if search.ends() || ledger.cost().broken <= 1e-6 {
            return;
        }
        chain(&mut books, &mut prices, ledger, *number);
    }
    let mut tried = BTreeSet::new();
    while ledger.cost().broken > 1e-6 && !search.ends() {
        let breakers = ledger.breakers();
        // What so many share, such as money, is not mended by one of them making way.
        if breakers.len() > CROWD {
            return;
        }
        let Some(number) = breakers.into_iter().find(|n| !tried.contains(n)) else { return };
        tried.insert(number);
        chain(&mut books, &mut prices, ledger, number);
    }
}

/// Which rows are full, and at what price.
pub(super) struct Books<'p, 'b, 'c> {
    pricing: &'p Pricing<'b, 'c>,
    /// Prices of rows that are not full.
    base: Vec<f64>,
    /// Rows that nothing may go beyond.
    hard: Vec<bool>,
    /// Points of what is full, of the most that one placement or move adds.
    full: f64,
    /// Whether a row is full as soon as that does not fit: of money, something is left for whoever can't do without.
    spared: bool,
    /// How often someone had to make way in a row in this chain.
    fought: BTreeMap<usize, u32>,
}

impl<'p, 'b, 'c> Books<'p, 'b, 'c> {
    /// The books of a plan at given prices, where the most that one placement or move adds to what is full costs so much.
    pub(super) fn of(pricing: &'p Pricing<'b, 'c>, mut prices: Prices, full: f64, spared: bool, ledger: &Ledger<'_, '_, '_>) -> (Self, Prices) {
        let hard = (0..pricing.coupling.len()).map(|r| pricing.largest_capped(r) > 0.0).collect();
        let books = Self { pricing, base: prices.rows.clone(), hard, full, spared, fought: BTreeMap::new() };
        for r in 0..pricing.coupling.len() {
            books.mark(&mut prices, ledger, r, 0.0);
        }
        (books, prices)
    }

    /// What a row costs once so much of what it holds is gone.
    fn price(&self, ledger: &Ledger<'_, '_, '_>, r: usize, gone: f64) -> f64 {
        let unit = unit(self.pricing, r);
        let least = if self.spared { unit } else { 1.0 };
        let full = self.hard[r] && self.pricing.coupling.rows[r].limit - (ledger.sums[r] - gone) < least - 1e-9;
        let dearer = || self.full * (1.0 + FOUGHT * f64::from(self.fought.get(&r).copied().unwrap_or(0))) / unit;
        if full { self.base[r] + dearer() } else { self.base[r] }
    }

    /// Gives a row the price that it has once so much of what it holds is gone.
    pub(super) fn mark(&self, prices: &mut Prices, ledger: &Ledger<'_, '_, '_>, r: usize, gone: f64) {
        prices.set(self.pricing, r, self.price(ledger, r, gone));
    }

    /// Whether a row that nothing may go beyond holds too much.
    fn over(&self, ledger: &Ledger<'_, '_, '_>, r: usize) -> bool {
        self.hard[r] && ledger.sums[r] > self.pricing.coupling.rows[r].limit + 1e-6
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
fn chain(books: &mut Books<'_, '_, '_>, prices: &mut [Prices], ledger: &mut Ledger<'_, '_, '_>, number: usize) -> bool {
    let before = ledger.cost();
    let mut undo: Vec<(usize, Column)> = Vec::new();
    let swap = |books: &Books<'_, '_, '_>, ledger: &mut Ledger<'_, '_, '_>, prices: &mut [Prices], number: usize, column: Column| {
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
    undo.extend(swap(books, ledger, prices, number, column));
    for _ in 0..CHAIN {
        let Some(r) = touched.iter().map(|r| *r as usize).find(|r| books.over(ledger, *r)) else { break };
        *books.fought.entry(r).or_default() += 1;
        prices.iter_mut().for_each(|prices| books.mark(prices, ledger, r, 0.0));
        let last = &moved[moved.len().saturating_sub(LAST)..];
        let of = |column: &Column| column.terms.iter().find(|(row, _)| *row as usize == r).map_or(0.0, |(_, c)| *c);
        let holders: Vec<usize> = (0..ledger.columns.len()).filter(|n| !last.contains(n) && of(&ledger.columns[*n]) > 0.0).collect();
        let most = if unit(books.pricing, r) > 1.0 { SPENDERS } else { CANDIDATES };
        let every = holders.len().div_ceil(most).max(1);
        let some: Vec<usize> = holders.into_iter().skip(moved.len() % every).step_by(every).collect();
        let way = |prices: &mut Prices, scratch: &mut Scratch, n: usize| {
            let own = &ledger.columns[n];
            let (value, path) = books.cheapest(prices, ledger, n, scratch);
            let path = path?;
            // By the points that it costs to make way with what is over, whatever else is full: of money, few have much.
            let over = ledger.sums[r] - books.pricing.coupling.rows[r].limit;
            let saved = (of(own) - of(&path)).min(over);
            let dearer = value - of(&path) * (books.price(ledger, r, of(own)) - books.base[r]) - own.value(&books.base);
            (saved > 0.0).then_some((dearer / saved, n, path))
        };
        let ways: Vec<Vec<(f64, usize, Column)>> = prices
            .par_iter_mut()
            .enumerate()
            .map(|(k, prices)| {
                let mut scratch = Scratch::default();
                some.iter().skip(k).step_by(ASIDE).filter_map(|n| way(prices, &mut scratch, *n)).collect()
            })
            .collect();
        let mut ways = ways.concat();
        ways.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, n, column) in ways {
            if !books.over(ledger, r) {
                break;
            }
            touched.extend(column.terms.iter().map(|(r, _)| *r));
            moved.push(n);
            undo.extend(swap(books, ledger, prices, n, column));
        }
    }
    let better = ledger.cost().better(before);
    if !better {
        for (n, column) in undo.into_iter().rev() {
            swap(books, ledger, prices, n, column);
        }
    }
    for r in std::mem::take(&mut books.fought).into_keys() {
        prices.iter_mut().for_each(|prices| books.mark(prices, ledger, r, 0.0));
    }
    better
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::{Books, DEAR, FULL, Scene, chain, copies, dear};

    /// Where places and money are short, chains find room for some of those who have little, break nothing, and leave books and prices
    /// as a fresh look at the plan finds them.
    #[test]
    fn makes_room() {
        let (mut before, mut after) = (0.0, 0.0);
        for seed in 1..=4 {
            tight(100, seed, |pricing| {
                alone(pricing, |search| {
                    let Ok(mut bundle) = bundle::relax(search, None) else { panic!("everyone has a path") };
                    let mut ledger = dive::once(search, &mut bundle);
                    let scene = Scene::new(search);
                    let paid = |ledger: &Ledger<'_, '_, '_>| scene.regrets(ledger).iter().filter(|regret| **regret > DEAR).sum::<f64>();
                    let stuck = dear(&scene.regrets(&ledger));
                    before += paid(&ledger);
                    let (mut books, prices) = Books::of(search.pricing, scene.prices.clone(), FULL, true, &ledger);
                    let mut prices = copies(prices);
                    for n in stuck {
                        let cost = ledger.cost();
                        let better = chain(&mut books, &mut prices, &mut ledger, n);
                        assert_eq!(better, ledger.cost().better(cost));
                        assert!(ledger.cost().broken <= cost.broken + 1e-6);
                        let fresh = Ledger::new(search.pricing, ledger.columns.clone());
                        assert!((ledger.cost().points - fresh.cost().points).abs() < 1e-6 * fresh.cost().points);
                        let (_, marked) = Books::of(search.pricing, scene.prices.clone(), FULL, true, &ledger);
                        assert!(prices.iter().all(|prices| prices.rows == marked.rows));
                    }
                    after += paid(&ledger);
                })
            });
        }
        assert!(after < 0.8 * before, "{before} points for want of a good place, then {after}");
    }
}
