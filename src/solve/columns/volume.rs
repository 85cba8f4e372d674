//! First prices, and first columns: the volume algorithm (Barahona & Anbil 2000), a subgradient method whose direction is what a
//! running average of the cheapest paths breaks.

use super::Search;
use super::WARMING;
use super::master::Master;
use crate::pricing::{Cheapest, Multipliers};

/// Passes of the volume algorithm.
const PASSES: usize = 60;
const FEW_PASSES: usize = 15;
/// The first passes, in which the running average forgets faster.
const COARSE: usize = 12;
/// How far above the best bound a step aims, as a share of it: at first, when much is to come, and later.
const FIRST_AHEAD: f64 = 0.3;
const AHEAD: f64 = 0.05;

/// Steps along the rows that the average breaks; the columns found on the way go into the master. Says whether everyone has a
/// path, as far as there was time to see. Begins at no prices, or at given ones.
pub(super) fn warm(search: &Search<'_, '_, '_, '_>, master: &mut Master<'_, '_, '_>, from: Option<&Multipliers>) -> bool {
    let coupling = search.pricing.coupling;
    let mentors = coupling.supply.as_ref().map(|s| s.sentence);
    // From prices near the best a few passes say what has changed.
    let passes = if from.is_some() { FEW_PASSES } else { PASSES };
    let mut best = from.cloned().unwrap_or_else(|| Multipliers::none(coupling));
    let Some((found, mut best_bound)) = search.priced(&best) else { return true };
    if best_bound == f64::INFINITY {
        return false;
    }
    let sums = |found: &[Cheapest]| {
        let mut sums = vec![0.0; coupling.rows.len()];
        for column in found.iter().filter_map(|c| c.path.as_ref()) {
            column.terms.iter().filter(|(r, _)| (*r as usize) < coupling.rows.len()).for_each(|(r, c)| sums[*r as usize] += c);
        }
        sums
    };
    let mut average = sums(&found);
    let add = |master: &mut Master<'_, '_, '_>, found: Vec<Cheapest>| {
        found.into_iter().enumerate().for_each(|(n, c)| {
            c.path.inspect(|column| {
                master.add(n, column);
            });
        });
    };
    add(master, found);
    let ahead = if from.is_some() { AHEAD / 2.0 } else { FIRST_AHEAD };
    let mut target = best_bound + ahead * best_bound.abs().max(1.0);
    let (mut step, mut worse) = (1.0, 0);
    for pass in 0..passes {
        if search.past(WARMING) {
            break;
        }
        let weight = if pass < COARSE { 0.25 } else { 0.1 };
        let off: Vec<f64> = coupling
            .rows
            .iter()
            .zip(&average)
            .zip(&best.0)
            .map(|((row, sum), multiplier)| {
                let off = row.off(*sum);
                if Some(row.sentence) == mentors || (off < 0.0 && *multiplier <= 0.0) { 0.0 } else { off }
            })
            .collect();
        let norm: f64 = off.iter().map(|o| o * o).sum();
        if norm < 1e-12 {
            break;
        }
        let length = step * (target - best_bound).max(1e-6) / norm;
        let mut tried = Multipliers(best.0.iter().zip(&off).map(|(m, o)| m + length * o).collect());
        tried.clip(coupling);
        let Some((found, bound)) = search.priced(&tried) else { return true };
        let fresh = sums(&found);
        average.iter_mut().zip(&fresh).for_each(|(a, f)| *a = (1.0 - weight) * *a + weight * f);
        if pass >= passes / 3 {
            add(master, found);
        }
        if bound > best_bound + 1e-4 * best_bound.abs().max(1.0) * 0.01 {
            (best, worse) = (tried, 0);
            step = (step * 1.1f64).min(2.0);
            best_bound = bound;
        } else {
            worse += 1;
            if worse >= 4 {
                (step, worse) = (step * 0.6, 0);
            }
        }
        if target - best_bound < 0.4 * AHEAD * best_bound.abs() {
            target = best_bound + AHEAD * best_bound.abs().max(1.0);
        }
    }
    for (r, m) in best.0.iter().enumerate() {
        if *m > 1e-9 {
            master.activate(r);
        }
    }
    true
}
