//! Column generation for some people beside the plan of everyone else.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ledger::Ledger;
use super::master::{Master, Relaxed};
use super::{Alarm, Search};
use crate::pricing::{Column, CouplingRow, Prices, Pricing, Scratch};

/// Rounds of column generation.
const ROUNDS: usize = 40;
/// Share of the first prices in those that are tried next, as long as much is found.
const SMOOTHING: f64 = 0.5;

/// What is the same for every group.
pub(super) struct Ground {
    /// The largest coefficient in each row that nothing may go beyond; 0 in the others.
    largest: Vec<f64>,
    /// Prices at which no row costs anything.
    free: Prices,
}

impl Ground {
    pub(super) fn new(pricing: &Pricing<'_, '_>) -> Self {
        let caps = |r: usize| pricing.coupling.rows.get(r).is_some_and(CouplingRow::caps);
        let largest = (0..pricing.coupling.len()).map(|r| if caps(r) { pricing.largest(r) } else { 0.0 }).collect();
        Self { largest, free: pricing.prices(vec![0.0; pricing.coupling.len()]) }
    }

    /// Prices at which only what has no room left beside everyone who is not in the program is forbidden.
    fn room(&self, master: &Master<'_, '_, '_>, ledger: Option<&Ledger<'_, '_, '_>>) -> Prices {
        let pricing = master.pricing;
        let coupling = pricing.coupling;
        let used = |r: usize| master.others(r);
        let breaks = |shared: usize| ledger.is_some_and(|ledger| ledger.breaks(shared));
        let mut room = self.free.clone();
        for (r, row) in coupling.rows.iter().enumerate().filter(|(r, row)| self.largest[*r] > 0.0 && !breaks(row.shared)) {
            let left = row.limit - used(r);
            if left < self.largest[r] {
                room.block(pricing, r, left);
            }
        }
        if coupling.supply.as_ref().is_some_and(|s| s.unmet.is_none()) {
            for hall in master.halls() {
                let needs: Vec<usize> = hall.classes.iter().map(|c| coupling.need_row(*c, hall.period)).collect();
                if needs.iter().map(|r| used(*r)).sum::<f64>() > f64::from(hall.capacity) - 1.0 + 1e-9 {
                    needs.into_iter().for_each(|r| room.block(pricing, r, 0.0));
                }
            }
        }
        room
    }
}

/// A group, relaxed.
pub(super) struct Group<'p, 'b, 'c> {
    pub(super) master: Master<'p, 'b, 'c>,
    pub(super) relaxed: Relaxed,
    pub(super) prices: Prices,
    /// Lower bound on what the group and the rows that it uses cost, and what they cost now.
    pub(super) bound: f64,
    pub(super) current: f64,
}

/// Relaxes the program of a group beside others, until its relaxation is near enough to the bound. `None` if that shows that
/// nothing worth while can be gained over a plan, or if time is up.
pub(super) fn relax<'p, 'b, 'c>(
    search: &Search<'p, 'b, 'c, '_>,
    ground: &Ground,
    mut master: Master<'p, 'b, 'c>,
    ledger: Option<&Ledger<'p, 'b, 'c>>,
    first: &Start<'_>,
    scratch: &mut Scratch,
) -> Option<Group<'p, 'b, 'c>> {
    let pricing = search.pricing;
    let mut prices = ground.room(&master, ledger);
    let group = master.members.clone();
    let group = group.as_slice();
    master.reward(first.rewards);
    for number in group {
        first.pooled[*number].iter().for_each(|column| {
            master.add(*number, column);
        });
    }
    if let Some(rows) = first.prices {
        prices.set_all(pricing, rows.iter().copied().enumerate());
        for number in group {
            pricing.cheapest(*number, &prices, scratch).path.inspect(|column| {
                master.add(*number, column);
            });
        }
    }
    let mut bound = f64::NEG_INFINITY;
    let mut last = None;
    let mut exact = vec![0.0; pricing.coupling.len()];
    let mut smoothing = if first.prices.is_some() { SMOOTHING } else { 0.0 };
    'rounds: for _ in 0..ROUNDS {
        let mut alarm = Alarm { clock: search.clock, stop: search.stop };
        let relaxed = master.solve(&mut alarm, &|| search.left())?;
        relaxed.prices.iter().for_each(|(row, price)| exact[*row] = *price);
        let (slacks, periods) = master.held();
        let current = ledger.map_or(f64::INFINITY, |ledger| {
            group.iter().map(|n| ledger.columns[*n].points).sum::<f64>() + ledger.slacks(slacks, periods) - master.rewarded(&ledger.sums)
        });
        loop {
            let smooth = |(r, price): (usize, &f64)| (r, smoothing * first.prices.map_or(*price, |base| base[r]) + (1.0 - smoothing) * price);
            prices.set_all(pricing, exact.iter().enumerate().map(smooth));
            let found: Vec<_> = group.iter().map(|number| pricing.cheapest(*number, &prices, scratch)).collect();
            if smoothing == 0.0 {
                bound = bound.max(relaxed.objective + found.iter().zip(&relaxed.shares).map(|(c, share)| (c.bound - share).min(0.0)).sum::<f64>());
                if current.is_finite() && bound >= current - first.worth * current.abs().max(1.0) {
                    return None;
                }
            }
            if relaxed.objective - bound <= first.near * relaxed.objective.abs().max(1.0) {
                last = Some((relaxed, current));
                break 'rounds;
            }
            let mut any = 0;
            for ((cheapest, number), share) in found.into_iter().zip(group).zip(&relaxed.shares) {
                if let Some(column) = cheapest.path.filter(|column| column.value(&exact) < share - 1e-7) {
                    any += usize::from(master.add(*number, &column));
                }
            }
            if smoothing > 0.0 && any * 20 < group.len() {
                // Little is found there any more: from now on at the program's own prices.
                smoothing = 0.0;
                continue;
            }
            last = Some((relaxed, current));
            if any == 0 {
                break 'rounds;
            }
            break;
        }
    }
    last.map(|(relaxed, current)| Group { master, relaxed, prices, bound, current })
}

/// What the relaxation of a group begins with.
pub(super) struct Start<'a> {
    /// Columns of each participant.
    pub(super) pooled: &'a [Vec<Column>],
    /// Prices of rows at which everyone in the group has a column from the beginning.
    pub(super) prices: Option<&'a [f64]>,
    /// What units of rows that are left are worth to others.
    pub(super) rewards: &'a Arc<BTreeMap<usize, f64>>,
    /// How near bound and relaxation must be, as a share of it.
    pub(super) near: f64,
    /// What must be to gain over a plan, as a share of what it costs.
    pub(super) worth: f64,
}
