//! Many people part by part: those who work at the same sites are planned anew together, beside everyone else, each part by
//! column generation and a dive of its own (in the spirit of POP: Narayanan et al. 2021, with parts that share little in place of
//! random ones).

use std::collections::BTreeMap;
use std::sync::Arc;

use chacha20::ChaCha8Rng;
use petgraph::unionfind::UnionFind;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::beside::{Ground, Start, relax};
use super::dive::{self, dive};
use super::ledger::{Cost, Ledger};
use super::master::{Master, Relaxed};
use super::neighbourhood::Haste;
use super::{Alarm, Search, neighbourhood};
use crate::brief::Choice;
use crate::pricing::{Column, Multipliers, Scratch};
use crate::words::Index;

/// People in a part at most.
const PART: usize = 250;
/// Parts that are planned side by side, whatever the number of threads, so that it does not matter.
const BATCH: usize = 2;
/// A part's relaxation is left when it is this near its bound.
const NEAR: f64 = 2e-3;
/// What others want of a row has a price for a part if they want at least this share.
const OTHERS: f64 = 1.0 / 3.0;
/// How often every part is planned at most, and by how much of the plan's points it must have become better to go on.
const TURNS: u32 = 4;
const WORTH: f64 = 0.005;

/// Plans all parts anew, each time other ones, as long as that helps.
pub(super) fn improve<'p, 'b, 'c>(
    search: &Search<'p, 'b, 'c, '_>,
    master: &Master<'p, 'b, 'c>,
    ledger: &mut Ledger<'p, 'b, 'c>,
) -> Result<(), String> {
    let multipliers = search.state.lock().expect("no thread panics with the lock").multipliers.clone();
    let Some((found, _)) = search.priced(&multipliers) else { return Ok(()) };
    // Where people would work if there were room.
    let Some(wanted) = found.into_iter().map(|c| c.path).collect::<Option<Vec<Column>>>() else { return Ok(()) };
    for turn in 0..TURNS {
        let before = ledger.cost();
        sweep(search, ledger, &multipliers, &wanted, turn)?;
        // Who found no room in a part may find it where parts meet.
        neighbourhood::improve(search, master, ledger, Haste::Urgent)?;
        let now = ledger.cost();
        if search.ends() || (now.broken >= before.broken && now.points > (1.0 - WORTH) * before.points) {
            break;
        }
    }
    Ok(())
}

/// A plan from the master's fractions, part by part: each dives in what is left of every row beside those who are placed and the
/// fractions of those who are not.
pub(super) fn from_fractions<'p, 'b, 'c>(
    search: &Search<'p, 'b, 'c, '_>,
    master: &Master<'p, 'b, 'c>,
    relaxed: &Relaxed,
) -> Option<Ledger<'p, 'b, 'c>> {
    let (pricing, coupling) = (search.pricing, search.pricing.coupling);
    let mut prices = vec![0.0; coupling.len()];
    relaxed.prices.iter().for_each(|(row, price)| prices[*row] = *price);
    let mut wishes: Vec<Vec<(f64, Column)>> = vec![Vec::new(); pricing.len()];
    let mut pooled: Vec<Vec<Column>> = vec![Vec::new(); pricing.len()];
    for ((number, column), value) in master.columns.iter().zip(&relaxed.values) {
        if *value > 1e-6 {
            wishes[*number].push((*value, column.clone()));
        }
        if column.value(&prices) - relaxed.shares[master.row(*number)] < dive::NEAR {
            pooled[*number].push(column.clone());
        }
    }
    let main = |list: &Vec<(f64, Column)>| list.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, c)| c.clone());
    let parts = parts(search, &wishes.iter().map(main).collect::<Option<Vec<Column>>>()?, 0);
    let share = |numbers: &[usize], sums: &mut Vec<f64>, sign: f64| {
        let terms =
            numbers.iter().flat_map(|n| &wishes[*n]).flat_map(|(share, column)| column.terms.iter().map(move |(r, c)| (*r as usize, share * c)));
        terms.for_each(|(r, c)| sums[r] += sign * c);
    };
    let mut wished = vec![0.0; coupling.len()];
    parts.iter().for_each(|part| share(part, &mut wished, 1.0));
    let mut placed = vec![0.0; coupling.len()];
    let mut columns: Vec<Option<Column>> = vec![None; pricing.len()];
    let half = parts.len().div_ceil(BATCH);
    for i in 0..half {
        let batch: Vec<&Vec<usize>> = (0..BATCH).filter_map(|b| parts.get(i + b * half)).collect();
        let solve = |part: &&Vec<usize>| {
            let mut rest = wished.clone();
            share(part, &mut rest, -1.0);
            for (r, (rest, placed)) in rest.iter_mut().zip(&placed).enumerate() {
                *rest = placed + of_others(search, r, *rest, wished[r], *placed);
            }
            let mut master = Master::of(pricing, search.options.seed, part, Some(rest));
            part.iter().flat_map(|n| pooled[*n].iter().map(move |c| (*n, c))).for_each(|(n, c)| {
                master.add(n, c);
            });
            let mut alarm = Alarm { clock: search.clock, stop: search.stop };
            let relaxed = master.solve(&mut alarm, &|| search.left())?;
            dive(search, &master, relaxed)
        };
        let found: Vec<_> = batch.par_iter().map(solve).collect();
        for (part, found) in batch.into_iter().zip(found) {
            share(part, &mut wished, -1.0);
            for (n, column) in part.iter().zip(found?) {
                column.terms.iter().for_each(|(r, c)| placed[*r as usize] += c);
                columns[*n] = Some(column);
            }
        }
    }
    Some(Ledger::new(pricing, columns.into_iter().collect::<Option<Vec<_>>>()?))
}

/// What those who are not placed yet may keep of a row of which they wish some: no more than their share of what is left, and
/// where the row counts whole units none of those of which the part wishes the greater half.
fn of_others(search: &Search<'_, '_, '_, '_>, r: usize, others: f64, all: f64, placed: f64) -> f64 {
    let Some(row) = search.pricing.coupling.rows.get(r).filter(|row| row.caps()) else { return others };
    let left = (row.limit - placed).max(0.0);
    let scale = if all > left { left / all } else { 1.0 };
    let (others, own) = (others * scale, (all - others) * scale);
    if search.pricing.largest(r) == 1.0 { others.min(left - (own - 0.01).round()).max(0.0) } else { others }
}

/// Plans every part anew once.
fn sweep<'p, 'b, 'c>(
    search: &Search<'p, 'b, 'c, '_>,
    ledger: &mut Ledger<'p, 'b, 'c>,
    multipliers: &Multipliers,
    wanted: &[Column],
    turn: u32,
) -> Result<(), String> {
    let pricing = search.pricing;
    let ground = Ground::new(pricing);
    let prices = multipliers.prices(pricing.coupling);
    let parts = parts(search, wanted, turn);
    let pooled: Vec<Vec<Column>> = ledger.columns.iter().zip(wanted).map(|(a, b)| vec![a.clone(), b.clone()]).collect();
    let mut total = vec![0.0; pricing.coupling.len()];
    wanted.iter().flat_map(|c| &c.terms).for_each(|(r, c)| total[*r as usize] += c);
    // Parts side by side should share little: neighbours in the list do not.
    let half = parts.len().div_ceil(BATCH);
    for i in 0..half {
        if search.ends() {
            return Ok(());
        }
        let batch: Vec<&Vec<usize>> = (0..BATCH).filter_map(|b| parts.get(i + b * half)).collect();
        let solve = |part: &&Vec<usize>| -> Result<Option<_>, String> {
            let rewards = rewards(search, part, wanted, &total, multipliers);
            let start = Start { pooled: &pooled, prices: Some(&prices), rewards: &rewards, near: NEAR, worth: 1e-6 };
            let program = Master::beside(ledger, search.options.seed, part, &[]);
            let Some(group) = relax(search, &ground, program, Some(ledger), &start, &mut Scratch::default()) else { return Ok(None) };
            let Some(columns) = dive(search, &group.master, group.relaxed) else { return Ok(None) };
            let mut own = ledger.clone();
            own.swap(part.iter().copied().zip(columns).collect());
            neighbourhood::mend(search, &ground, &mut own, part, &pooled)?;
            Ok(Some((part.iter().map(|n| own.columns[*n].clone()).collect::<Vec<_>>(), rewards)))
        };
        let found: Vec<_> = batch.par_iter().map(solve).collect();
        for (part, found) in batch.into_iter().zip(found) {
            let Some((columns, rewards)) = found? else { continue };
            let merit = |ledger: &Ledger<'_, '_, '_>| {
                let cost = ledger.cost();
                Cost { points: cost.points + rewards.iter().map(|(r, points)| points * ledger.sums[*r]).sum::<f64>(), ..cost }
            };
            let before = merit(ledger);
            let old = ledger.swap(part.iter().copied().zip(columns).collect());
            if merit(ledger).broken > before.broken + 1e-6 {
                // What the parts beside it took is gone.
                neighbourhood::mend(search, &ground, ledger, part, &pooled)?;
            }
            if !merit(ledger).better(before) {
                ledger.swap(old);
            }
        }
        search.keep(ledger);
    }
    Ok(())
}

/// What a unit is worth that a part leaves of a row: the multiplier, as far as others want the row.
fn rewards(
    search: &Search<'_, '_, '_, '_>,
    part: &[usize],
    wanted: &[Column],
    total: &[f64],
    multipliers: &Multipliers,
) -> Arc<BTreeMap<usize, f64>> {
    let mut own: FxHashMap<usize, f64> = FxHashMap::default();
    part.iter().flat_map(|n| &wanted[*n].terms).for_each(|(r, c)| *own.entry(*r as usize).or_default() += c);
    let mut rewards = BTreeMap::new();
    let priced = |r: &usize| search.pricing.coupling.rows[*r].caps() && multipliers.0[*r] > 0.0 && total[*r] > 0.0;
    for r in (0..multipliers.0.len()).filter(priced) {
        let others = 1.0 - own.get(&r).copied().unwrap_or(0.0) / total[r];
        if others > OTHERS {
            rewards.insert(r, multipliers.0[r] * others);
        }
    }
    Arc::new(rewards)
}

/// Parts of at most so many people: sites to which the same people go are put together, the strongest ties first.
fn parts(search: &Search<'_, '_, '_, '_>, wanted: &[Column], turn: u32) -> Vec<Vec<usize>> {
    let case = search.pricing.brief.case;
    let site = |choice: &Choice| case.positions[choice.position].site.index();
    // Where each is most of the time.
    let main: Vec<Option<usize>> = wanted
        .iter()
        .map(|column| {
            let mut ticks: BTreeMap<usize, usize> = BTreeMap::new();
            column.choices.iter().for_each(|c| *ticks.entry(site(c)).or_default() += c.after - c.first);
            ticks.into_iter().max_by_key(|(site, ticks)| (*ticks, std::cmp::Reverse(*site))).map(|(site, _)| site)
        })
        .collect();
    let mut people = vec![0usize; case.sites.len()];
    main.iter().flatten().for_each(|s| people[*s] += 1);
    let mut ties: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (column, main) in wanted.iter().zip(&main) {
        let Some(main) = main else { continue };
        for other in column.choices.iter().map(site).filter(|s| s != main) {
            *ties.entry((other.min(*main), other.max(*main))).or_default() += 1.0;
        }
    }
    let mut dice = ChaCha8Rng::seed_from_u64(u64::from(search.options.seed) + u64::from(turn) * 1_000_003);
    let mut ties: Vec<(f64, (usize, usize))> = ties.into_iter().map(|(pair, n)| (n * (0.5 + dice.random::<f64>()), pair)).collect();
    ties.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut groups = UnionFind::<usize>::new(case.sites.len());
    for (_, (a, b)) in ties {
        let (a, b) = (groups.find(a), groups.find(b));
        let together = people[a] + people[b];
        if a != b && together <= PART {
            groups.union(a, b);
            people[groups.find(a)] = together;
        }
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, main) in main.iter().enumerate() {
        // Who has no placement goes with those of any one site.
        let at = main.map_or(0, |site| groups.find(site));
        parts.entry(at).or_default().push(number);
    }
    parts.into_values().flat_map(|part| part.chunks(PART).map(<[usize]>::to_vec).collect::<Vec<_>>()).collect()
}
