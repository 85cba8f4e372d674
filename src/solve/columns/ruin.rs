//! Ruin and recreate (Schrimpf, Schneider, Stamm-Wilbrandt & Dueck 2000): someone who pays much for what they have, and a few who
//! hold what they want, are taken out of the plan (slack induction: Christiaens & Vanden Berghe 2020), and one after the other
//! takes the cheapest path that has room, and does what must be done and nobody does. A plan that is a little dearer for it is
//! taken too (simulated annealing). This is quick where many people share a position: a step prices a few people, and solves no
//! program.

use chacha20::ChaCha8Rng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;

use super::Search;
use super::ledger::{BROKEN, Cost, Ledger};
use crate::pricing::{Ceiling, Column, CouplingRow, Prices, Pricing, Scratch};

/// Points of a unit of a row that is full: so much that nobody takes it who can do without.
const NEVER: f64 = 1e6;
/// Steps that are tried side by side, whatever the number of threads, so that it does not matter.
const SIDES: usize = 2;
/// People who are taken out at once.
const TAKEN: std::ops::RangeInclusive<usize> = 2..=5;
/// People who are taken out at least where something must be done.
const PARTNERS: usize = 2;
/// People who are asked for what one of them wants or holds at most.
const ASKED: usize = 4;
/// Points by which a plan may get dearer in a step, on average.
const WARMTH: f64 = 1.0;
/// Rounds after which prices of what only some sums leave room in, such as money, are looked at; in how many steps of them it was
/// overdrawn if it is too cheap or too dear; what it costs then, in points of its largest coefficient at first, and how fast that
/// rises and falls.
const LOOK: usize = 64;
const OFTEN: usize = 6;
const SELDOM: usize = 3;
const DEARER: f64 = 1_000.0;
const RISE: f64 = 1.5;
const FALL: f64 = 0.9;
/// Points of the largest coefficient below which it costs nothing more.
const LITTLE: f64 = 1.0;
/// An epoch has a round for so many people, and this many rounds at least; if the plan is not better by this share after two, they
/// were the last. Where penalties lead the search for paths, steps take long, and what else there is gains less.
const PEOPLE: usize = 8;
const EPOCH: usize = 256;
const LED_EPOCH: usize = 64;
const WORTH: f64 = 0.01;
const LED_WORTH: f64 = 0.0002;

/// Improves a plan step by step, as long as that helps much. The same whatever the number of threads.
pub(super) fn improve<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, ledger: &mut Ledger<'p, 'b, 'c>) {
    let Some(mut frame) = Frame::new(search, ledger) else { return };
    let mut sides: Vec<Side<'_, '_, '_>> = (0..SIDES).map(|_| Side::new(&frame, ledger.clone())).collect();
    let seed = u64::from(search.options.seed);
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut own: Vec<ChaCha8Rng> = (1..=SIDES as u64).map(|k| ChaCha8Rng::seed_from_u64(seed + k * 1_000_003)).collect();
    let mut visits = vec![0u32; ledger.columns.len()];
    let mut overdrawn = vec![0usize; frame.funds.len()];
    let mut current = frame.merit(ledger);
    let (epoch, worth) = if search.effort.exact { ((ledger.columns.len() / PEOPLE).max(EPOCH), WORTH) } else { (LED_EPOCH, LED_WORTH) };
    let mut past = [Cost { points: f64::INFINITY, broken: f64::INFINITY }, ledger.cost()];
    let mut heats = Vec::new();
    for round in 0.. {
        if search.ends() {
            break;
        }
        if round % LOOK.max(ledger.columns.len() / LOOK) == 0 {
            heats = frame.heats(&sides[0].ledger, &visits);
        }
        if round % LOOK == 0 && frame.reprice(&mut overdrawn, &mut sides) {
            current = frame.merit(&sides[0].ledger);
        }
        let seeds: Vec<usize> = (0..SIDES).map(|_| drawn(&heats, &mut dice)).collect();
        seeds.iter().for_each(|n| visits[*n] += 1);
        let steps: Vec<Vec<(usize, Column)>> =
            sides.par_iter_mut().zip(&mut own).zip(seeds).map(|((side, dice), seed)| frame.step(side, seed, dice)).collect();
        for step in steps.into_iter().filter(|step| !step.is_empty()) {
            let old = frame.apply(&mut sides[0], &step);
            let cost = frame.merit(&sides[0].ledger);
            for (n, fund) in overdrawn.iter_mut().zip(&frame.funds) {
                *n += usize::from(frame.left(sides[0].ledger.sums[fund.row], fund.row) < -1e-6);
            }
            let allowed = current.points - WARMTH * dice.random::<f64>().max(f64::MIN_POSITIVE).ln();
            if cost.broken < current.broken - 1e-6 || (cost.broken <= current.broken + 1e-6 && cost.points <= allowed) {
                sides[1..].par_iter_mut().for_each(|side| {
                    frame.apply(side, &step);
                });
                current = cost;
            } else {
                frame.apply(&mut sides[0], &old);
            }
        }
        if (round + 1) % EPOCH.min(epoch) == 0 {
            search.keep(&sides[0].ledger);
        }
        if (round + 1) % epoch == 0 {
            let now = sides[0].ledger.cost();
            if now.broken > past[0].broken - 1e-6 && now.points > (1.0 - worth) * past[0].points {
                break;
            }
            past = [past[1], now];
        }
    }
    *ledger = sides.swap_remove(0).ledger;
    search.keep(ledger);
}

/// Someone by chance, by the sums of all heats before and with theirs.
fn drawn(heats: &[f64], dice: &mut ChaCha8Rng) -> usize {
    let at = dice.random::<f64>() * heats.last().copied().unwrap_or(0.0);
    heats.partition_point(|sum| *sum <= at).min(heats.len() - 1)
}

/// A hard row in which some coefficients find room when others do not, and what a unit of it costs beyond its price.
struct Fund {
    row: usize,
    dearer: f64,
}

/// What all steps look at.
struct Frame<'p, 'b, 'c> {
    pricing: &'p Pricing<'b, 'c>,
    /// Prices of rows that are not full, and what everyone pays and would take if nothing were.
    base: Prices,
    shares: Vec<f64>,
    wanted: Vec<Column>,
    /// Rows of places: nothing may go beyond, and everyone takes one unit or none.
    places: Vec<bool>,
    /// Rows of demands: nothing may be missing, and everyone does one unit or none.
    demands: Vec<bool>,
    any_demand: bool,
    funds: Vec<Fund>,
}

/// A plan, and the prices of what has room beside it.
struct Side<'p, 'b, 'c> {
    ledger: Ledger<'p, 'b, 'c>,
    /// What rows hold while some are taken out.
    used: Vec<f64>,
    /// Per row of places: who holds one.
    holders: Vec<Vec<u32>>,
    prices: Prices,
    scratch: Scratch,
}

impl<'p, 'b, 'c> Side<'p, 'b, 'c> {
    fn new(frame: &Frame<'p, 'b, 'c>, ledger: Ledger<'p, 'b, 'c>) -> Self {
        let mut holders: Vec<Vec<u32>> = vec![Vec::new(); ledger.sums.len()];
        for (n, column) in ledger.columns.iter().enumerate() {
            frame.places_of(column).for_each(|r| holders[r].push(n as u32));
        }
        let mut prices = frame.base.clone();
        let marked = (0..ledger.sums.len()).filter(|r| frame.places[*r] || frame.demands[*r]);
        prices.set_all(frame.pricing, marked.map(|r| (r, frame.price(ledger.sums[r], r))));
        Self { used: ledger.sums.clone(), ledger, holders, prices, scratch: Scratch::default() }
    }
}

impl<'p, 'b, 'c> Frame<'p, 'b, 'c> {
    /// At the best multipliers so far; `None` if time is up.
    fn new(search: &Search<'p, 'b, 'c, '_>, ledger: &Ledger<'p, 'b, 'c>) -> Option<Self> {
        let pricing = search.pricing;
        let multipliers = search.state.lock().expect("no thread panics with the lock").multipliers.clone();
        let base = pricing.prices_of(&multipliers);
        let base = if search.effort.exact { base } else { base.rough() };
        let (found, _) = search.priced_below(&multipliers, &base, &vec![Ceiling::NONE; pricing.len()])?;
        let shares = found.iter().map(|c| c.bound).collect();
        let wanted = found.into_iter().zip(&ledger.columns).map(|(c, own)| c.path.unwrap_or_else(|| own.clone())).collect();
        let hard = |r: &usize| pricing.largest_capped(*r) > 0.0;
        let whole = |r: &usize| pricing.largest(*r) == 1.0;
        let all = 0..pricing.coupling.len();
        let places = all.clone().map(|r| hard(&r) && whole(&r)).collect();
        let must = |r: &usize| pricing.coupling.rows.get(*r).is_some_and(CouplingRow::floors);
        let demands: Vec<bool> = all.clone().map(|r| must(&r) && whole(&r)).collect();
        let funds = all.filter(|r| hard(r) && !whole(r)).map(|row| Fund { row, dearer: 0.0 }).collect();
        Some(Self { pricing, base, shares, wanted, places, any_demand: demands.contains(&true), demands, funds })
    }

    /// The rows of places in which someone with a column has one.
    fn places_of<'a>(&'a self, column: &'a Column) -> impl Iterator<Item = usize> + 'a {
        column.terms.iter().map(|(r, _)| *r as usize).filter(|r| self.places[*r])
    }

    fn left(&self, used: f64, r: usize) -> f64 {
        self.pricing.coupling.rows[r].limit - used
    }

    fn full(&self, used: f64, r: usize) -> bool {
        self.places[r] && self.left(used, r) < 1.0 - 1e-9
    }

    /// What a row costs that holds so much.
    fn price(&self, used: f64, r: usize) -> f64 {
        let short = self.demands[r] && self.left(used, r) > 1e-9;
        let more = if self.full(used, r) { NEVER } else { 0.0 };
        self.base.rows[r] + if short { -BROKEN } else { more }
    }

    /// What a plan costs, where what funds hold has its price.
    fn merit(&self, ledger: &Ledger<'_, '_, '_>) -> Cost {
        let cost = ledger.cost();
        Cost { points: cost.points + self.funds.iter().map(|fund| fund.dearer * ledger.sums[fund.row]).sum::<f64>(), ..cost }
    }

    /// What everyone pays more than their share, the sums of all; less for those who were visited.
    fn heats(&self, ledger: &Ledger<'_, '_, '_>, visits: &[u32]) -> Vec<f64> {
        let regret = |n: usize| (ledger.columns[n].value(&self.base.rows) - self.shares[n]).max(0.0);
        let heats = (0..visits.len()).map(|n| (regret(n) + 0.5) / f64::from(1 + visits[n]));
        heats
            .scan(0.0, |sum, heat| {
                *sum += heat;
                Some(*sum)
            })
            .collect()
    }

    /// Makes dearer what was overdrawn often, and cheaper again what was not; whether anything changed.
    fn reprice(&mut self, overdrawn: &mut [usize], sides: &mut [Side<'p, 'b, 'c>]) -> bool {
        let mut changed = Vec::new();
        for (fund, overdrawn) in self.funds.iter_mut().zip(overdrawn) {
            let (before, most) = (fund.dearer, self.pricing.largest(fund.row));
            match std::mem::take(overdrawn) {
                OFTEN.. => fund.dearer = (before * RISE).max(DEARER / most),
                0..SELDOM => fund.dearer = if before * most > LITTLE { before * FALL } else { 0.0 },
                _ => {}
            }
            if fund.dearer != before {
                changed.push((fund.row, self.base.rows[fund.row] + fund.dearer));
            }
        }
        if !changed.is_empty() {
            sides.par_iter_mut().for_each(|side| side.prices.set_all(self.pricing, changed.iter().copied()));
        }
        !changed.is_empty()
    }

    /// Someone, and people who hold what they want or have, and so on from these.
    fn ruin(&self, side: &Side<'p, 'b, 'c>, seed: usize, dice: &mut ChaCha8Rng) -> Vec<usize> {
        let size = dice.random_range(TAKEN);
        let mut group = vec![seed];
        let mut at = 0;
        while at < group.len() && group.len() < size {
            let member = group[at];
            at += 1;
            let wanted = self.places_of(&self.wanted[member]).filter(|r| self.full(side.used[*r], *r));
            let held = self.places_of(&side.ledger.columns[member]).filter(|r| self.base.rows[*r] > 1e-9);
            let mut rows: Vec<usize> = wanted.chain(held).collect();
            rows.shuffle(dice);
            let most = size.min(group.len() + ASKED);
            for r in rows.into_iter().filter(|r| !side.holders[*r].is_empty()) {
                let one = side.holders[r][dice.random_range(0..side.holders[r].len())] as usize;
                if group.len() < most && !group.contains(&one) {
                    group.push(one);
                }
            }
        }
        // Where few hold what others want, anyone may do what somebody has to.
        while self.any_demand && group.len() < PARTNERS.min(self.shares.len()) {
            let one = dice.random_range(0..self.shares.len());
            if !group.contains(&one) {
                group.push(one);
            }
        }
        group
    }

    /// A step: the columns that change.
    fn step(&self, side: &mut Side<'p, 'b, 'c>, seed: usize, dice: &mut ChaCha8Rng) -> Vec<(usize, Column)> {
        let mut group = self.ruin(side, seed, dice);
        let old: Vec<Column> = group.iter().map(|n| side.ledger.columns[*n].clone()).collect();
        old.iter().for_each(|column| self.shift(side, column, -1.0));
        // The one who pays most chooses first every other time.
        let from = usize::from(dice.random::<bool>());
        group[from..].shuffle(dice);
        let mut fresh = Vec::with_capacity(group.len());
        for n in group {
            let own = &side.ledger.columns[n];
            let found = self.pricing.cheapest_below(n, &side.prices, &mut side.scratch, Ceiling::of(own, &side.prices)).path;
            let column = found.unwrap_or_else(|| own.clone());
            self.shift(side, &column, 1.0);
            fresh.push((n, column));
        }
        fresh.iter().for_each(|(_, column)| self.shift(side, column, -1.0));
        old.iter().for_each(|column| self.shift(side, column, 1.0));
        fresh.retain(|(n, column)| column.choices != side.ledger.columns[*n].choices);
        fresh
    }

    /// Adds a column to what rows hold, or takes it away.
    fn shift(&self, side: &mut Side<'p, 'b, 'c>, column: &Column, sign: f64) {
        for (r, c) in column.terms.iter().map(|(r, c)| (*r as usize, c)) {
            let before = self.price(side.used[r], r);
            side.used[r] += sign * c;
            let after = self.price(side.used[r], r);
            if before != after {
                side.prices.set(self.pricing, r, after);
            }
        }
    }

    /// Replaces columns, and returns those that were there.
    fn apply(&self, side: &mut Side<'p, 'b, 'c>, fresh: &[(usize, Column)]) -> Vec<(usize, Column)> {
        for (n, column) in fresh {
            let old = side.ledger.columns[*n].clone();
            self.places_of(&old).for_each(|r| side.holders[r].retain(|holder| *holder as usize != *n));
            self.places_of(column).for_each(|r| side.holders[r].push(*n as u32));
            self.shift(side, &old, -1.0);
            self.shift(side, column, 1.0);
        }
        side.ledger.swap(fresh.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use crate::audit::audit;
    use crate::brief::brief;
    use crate::desk::{assign_mentors, plan_of};
    use crate::generate::{Profile, Recipe, planted};
    use crate::intake::{Intake, intake};

    /// Steps leave the books as a fresh look at the plan finds them, break nothing that was kept, and place those who were idle;
    /// however many threads there are.
    #[test]
    fn places_whoever_waits() {
        let (instance, _) = planted(&Recipe::new(Profile::Operations, 60, 3));
        let Intake { case, policy, .. } = intake(&serde_json::to_vec(&instance).expect("plain data")).expect("a good instance");
        let brief = brief(&case, &policy);
        let coupling = Coupling::new(&brief);
        let improved = |threads: usize| {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads").install(|| {
                let pricing = Pricing::new(&brief, &coupling, &|| false).expect("time");
                alone(&pricing, |search| {
                    let pricing = search.pricing;
                    let Ok(bundle) = bundle::relax(search, None) else { panic!("everyone has a path") };
                    let idle = |n: usize| pricing.column(n, &[]).or_else(|| bundle.shares(n).next().map(|(_, column)| column.clone()));
                    let columns: Vec<Column> = (0..pricing.len()).map(|n| idle(n).expect("a path")).collect();
                    let mut ledger = Ledger::new(pricing, columns);
                    let before = ledger.cost();
                    super::improve(search, &mut ledger);
                    let (now, fresh) = (ledger.cost(), Ledger::new(pricing, ledger.columns.clone()).cost());
                    assert!((now.points - fresh.points).abs() < 1e-6 * fresh.points && (now.broken - fresh.broken).abs() < 1e-9, "{now:?} {fresh:?}");
                    assert!(now.broken <= before.broken && now.points < 0.8 * before.points, "{before:?} {now:?}");
                    let solved = search.solved();
                    let plan = assign_mentors(&brief, plan_of(&case, solved.paths.as_ref().expect("a plan"))).expect("mentors");
                    let audit = audit(&case, &policy, &plan);
                    assert!(audit.legal());
                    assert!((audit.objective() - solved.objective.expect("a plan")).abs() < 1e-6 * audit.objective());
                    ledger.columns.into_iter().map(|column| column.choices).collect::<Vec<_>>()
                })
            })
        };
        assert_eq!(improved(1), improved(2));
    }
}
