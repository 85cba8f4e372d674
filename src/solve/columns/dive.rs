//! A first plan: what the relaxation has decided, then everyone else by price with what capacity is left.

use super::Search;
use super::ledger::Ledger;
use super::master::{Master, Relaxed};
use crate::brief::Sense;
use crate::pricing::{Column, Coupling, Prices, Scratch};

/// Columns of at least this value count as decided.
const DECIDED: f64 = 0.9;
/// Share of the undecided people who are decided in a step of the dive, at least; more where there are many.
const STEP: f64 = 0.08;
const LARGE_STEP: f64 = 0.3;
const LARGE: usize = 400;
/// A dive that costs so much more than the relaxation goes no further.
const JUMP: f64 = 0.02;
/// Rounds of pricing after each step.
const ROUNDS: usize = 1;

/// Dives: fixes the columns that the relaxation has decided, and the largest of the others a few at a time; after each step
/// prices anew for everyone else (Sadykov, Vanderbeck, Pessoa, Tahiri & Uchoa 2019, without backtracking).
pub(super) fn dive<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, master: &mut Master<'p, 'b, 'c>, relaxed: Relaxed) -> Option<Ledger<'p, 'b, 'c>> {
    let pricing = search.pricing;
    let n = pricing.len();
    let mut fixed: Vec<Option<usize>> = vec![None; n];
    let mut relaxed = relaxed;
    let ceiling = relaxed.objective + JUMP * relaxed.objective.abs().max(1.0);
    while !search.ends() {
        let mut best: Vec<(f64, usize, usize)> = Vec::new();
        let mut seen = vec![0.0f64; n];
        for (i, value) in relaxed.values.iter().enumerate() {
            let number = master.columns[i].0;
            if fixed[number].is_none() && *value > 1e-6 {
                best.push((*value, i, number));
                seen[number] = seen[number].max(*value);
            }
        }
        best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let open = fixed.iter().filter(|f| f.is_none()).count();
        if open == 0 {
            break;
        }
        if relaxed.objective > ceiling {
            // There is no room for everyone left: each takes what the relaxation likes most, and the search mends it.
            for (_, i, number) in best {
                fixed[number].get_or_insert(i);
            }
            break;
        }
        let least = ((open as f64 * if n > LARGE { LARGE_STEP } else { STEP }) as usize).max(if n > LARGE { 10 } else { 1 });
        let mut taken = 0;
        for (value, i, number) in best {
            if fixed[number].is_none() && (value >= DECIDED || taken < least) {
                fixed[number] = Some(i);
                master.fix(i, true);
                taken += 1;
            }
        }
        if taken == 0 {
            break;
        }
        let undecided: Vec<usize> = (0..n).filter(|number| fixed[*number].is_none()).collect();
        for round in 0..=ROUNDS {
            let mut alarm = super::Alarm { clock: search.clock, stop: search.stop };
            let Some(solved) = master.solve(&mut alarm, &|| search.left()) else { break };
            relaxed = solved;
            if round == ROUNDS || undecided.is_empty() || search.ends() {
                break;
            }
            let mut multipliers = relaxed.multipliers.clone();
            multipliers.clip(pricing.coupling);
            let prices = pricing.prices_of(&multipliers);
            let mut any = false;
            for (number, found) in undecided.iter().zip(pricing.all(&undecided, &prices)) {
                if let Some(column) = found.path.filter(|_| found.bound < relaxed.shares[*number] - 1e-6) {
                    any |= master.add(*number, &column);
                }
            }
            if !any {
                break;
            }
        }
    }
    let columns: Option<Vec<Column>> = fixed.iter().map(|f| f.map(|i| master.columns[i].1.clone())).collect();
    fixed.iter().flatten().for_each(|i| master.fix(*i, false));
    columns.map(|columns| Ledger::new(pricing, columns))
}

/// Capacity left while a plan is put together.
struct Room<'p> {
    coupling: &'p Coupling,
    left: Vec<f64>,
    halls: Vec<(super::ledger::Hall, f64)>,
}

impl Room<'_> {
    /// Whether a column fits into every hard row.
    fn fits(&self, column: &Column) -> bool {
        let hard = |r: &usize| self.coupling.rows.get(*r).is_some_and(|row| row.slack.is_none() && row.sense == Sense::AtMost);
        let rows = column.terms.iter().all(|(r, c)| !hard(&(*r as usize)) || *c <= self.left[*r as usize] + 1e-9);
        rows && self.halls.iter().all(|(hall, left)| super::master::needs_in(self.coupling, hall, column) <= left + 1e-9)
    }

    fn take(&mut self, column: &Column) {
        column.terms.iter().for_each(|(r, c)| self.left[*r as usize] -= c);
        for (hall, left) in &mut self.halls {
            *left -= super::master::needs_in(self.coupling, hall, column);
        }
    }
}

/// Rounds the relaxation to a plan.
pub(super) fn round<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, master: &Master<'_, '_, '_>, relaxed: Option<&Relaxed>) -> Ledger<'p, 'b, 'c> {
    let pricing = search.pricing;
    let coupling = pricing.coupling;
    let mut left: Vec<f64> = coupling.rows.iter().map(|row| if row.sense == Sense::AtMost { row.limit } else { f64::INFINITY }).collect();
    left.resize(coupling.len(), f64::INFINITY);
    let mut room = Room { coupling, left, halls: master.halls().into_iter().map(|h| (h.clone(), f64::from(h.capacity))).collect() };
    let mut chosen: Vec<Option<Column>> = vec![None; pricing.len()];
    let multipliers = search.state.lock().expect("no thread panics with the lock").multipliers.clone();
    let mut order: Vec<(usize, f64)> = (0..pricing.len()).map(|n| (n, 0.0)).collect();
    if let Some(relaxed) = relaxed {
        let mut decided: Vec<usize> = (0..relaxed.values.len()).filter(|i| relaxed.values[*i] >= DECIDED).collect();
        decided.sort_by(|a, b| relaxed.values[*b].total_cmp(&relaxed.values[*a]).then(a.cmp(b)));
        for i in decided {
            let (n, column) = &master.columns[i];
            if chosen[*n].is_none() && room.fits(column) {
                room.take(column);
                chosen[*n] = Some(column.clone());
            }
        }
        // Those who cost most by their own prices have the fewest ways: they choose first.
        order.iter_mut().for_each(|(n, share)| *share = -relaxed.shares[*n]);
        order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    }
    let mut prices = pricing.prices_of(&multipliers);
    let hard: Vec<bool> = (0..coupling.len())
        .map(|r| coupling.rows.get(r).is_some_and(|row| row.slack.is_none() && row.sense == Sense::AtMost && pricing.largest(r) > 0.0))
        .collect();
    for (r, hard) in hard.iter().enumerate() {
        if *hard && room.left[r] < pricing.largest(r) {
            prices.block(pricing, r, room.left[r]);
        }
    }
    let mut scratch = Scratch::default();
    for (n, _) in order {
        if chosen[n].is_some() {
            continue;
        }
        let column = fitting(search, n, &prices, &mut scratch, &room);
        room.take(&column);
        for (r, _) in &column.terms {
            let r = *r as usize;
            if hard.get(r) == Some(&true) && room.left[r] < pricing.largest(r) {
                prices.block(pricing, r, room.left[r]);
            }
        }
        chosen[n] = Some(column);
    }
    Ledger::new(pricing, chosen.into_iter().map(|c| c.expect("everyone has a column")).collect())
}

/// The cheapest path that fits; else the emptiest.
fn fitting(search: &Search<'_, '_, '_, '_>, n: usize, prices: &Prices, scratch: &mut Scratch, room: &Room<'_>) -> Column {
    let pricing = search.pricing;
    if let Some(column) = pricing.cheapest(n, prices, scratch).path {
        if room.fits(&column) {
            return column;
        }
        if let Some(column) = pricing.several(n, prices, scratch, 30, 2_000.0).into_iter().find(|c| room.fits(c)) {
            return column;
        }
    }
    if let Some(nothing) = pricing.column(n, &[]) {
        return nothing;
    }
    // Someone who must work where there is no room: the search makes room.
    let free = pricing.prices_of(&crate::pricing::Multipliers::none(pricing.coupling));
    let cheapest = pricing.cheapest(n, &free, scratch).path;
    cheapest.unwrap_or_else(|| Column { participant: pricing.participant(n), choices: Vec::new(), points: 0.0, terms: Vec::new() })
}
