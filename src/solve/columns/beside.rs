//! Column generation for some people beside the plan of everyone else.

use super::ledger::Ledger;
use super::master::{Master, Relaxed};
use super::{Alarm, Search};
use crate::pricing::{Ceiling, Cheapest, Column, Prices, Scratch};

/// Prices at which only what has no room left beside everyone who is not in the program is forbidden. `free`: those at which no row
/// costs anything.
fn room(free: &Prices, master: &Master<'_, '_, '_>, ledger: &Ledger<'_, '_, '_>) -> Prices {
    let (pricing, coupling) = (master.pricing, master.pricing.coupling);
    let used = |r: usize| master.others(r);
    let mut room = free.clone();
    for (r, row) in coupling.rows.iter().enumerate().filter(|(_, row)| !ledger.breaks(row.shared)) {
        room.close(pricing, r, row.limit - used(r));
    }
    for hall in master.halls() {
        let needs: f64 = hall.classes.iter().map(|c| used(coupling.need_row(*c, hall.period))).sum();
        if needs > f64::from(hall.capacity) - 1.0 + 1e-9 {
            hall.close(pricing, &mut room);
        }
    }
    room
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
/// nothing worth while can be gained over the plan, or if time is up. `free`: prices at which no row costs anything.
pub(super) fn relax<'p, 'b, 'c>(
    search: &Search<'p, 'b, 'c, '_>,
    free: &Prices,
    mut master: Master<'p, 'b, 'c>,
    ledger: &Ledger<'p, 'b, 'c>,
    first: &Start<'_>,
    scratch: &mut Scratch,
) -> Option<Group<'p, 'b, 'c>> {
    let pricing = search.pricing;
    let group = master.members.clone();
    let room = room(free, &master, ledger);
    let mut prices = if first.rough { room.rough() } else { room };
    prices.narrow(pricing, &group);
    for number in &group {
        first.pooled[*number].iter().filter(|column| prices.allow(column)).for_each(|column| {
            master.add(*number, column);
        });
    }
    let mut bound = f64::NEG_INFINITY;
    let mut last = None;
    for _ in 0..search.effort.rounds {
        let mut alarm = Alarm { clock: search.clock, stop: search.stop };
        let relaxed = master.solve(&mut alarm, &|| search.left())?;
        prices.set_all(pricing, relaxed.prices.iter().copied());
        let (slacks, periods) = master.held();
        let current = group.iter().map(|n| ledger.columns[*n].points).sum::<f64>() + ledger.slacks(slacks, periods);
        // Nothing is wanted that costs more than the columns of the program do.
        let of = |(number, share): (&usize, &f64)| {
            // Exact pricing needs no path to begin with.
            let known = master.columns.iter().filter(|(n, _)| !search.effort.exact && n == number).map(|(_, column)| column);
            let path = known.min_by(|a, b| a.value(&prices.rows).total_cmp(&b.value(&prices.rows)));
            pricing.cheapest_below(*number, &prices, scratch, Ceiling { points: *share, path })
        };
        let found: Vec<Cheapest> = group.iter().zip(&relaxed.shares).map(of).collect();
        bound = bound.max(relaxed.objective + found.iter().zip(&relaxed.shares).map(|(c, share)| (c.bound - share).min(0.0)).sum::<f64>());
        if bound >= current - first.worth * current.abs().max(1.0) {
            return None;
        }
        let near = relaxed.objective - bound <= first.near * relaxed.objective.abs().max(1.0);
        let mut any = false;
        for ((cheapest, number), share) in found.into_iter().zip(&group).zip(&relaxed.shares) {
            if let Some(column) = cheapest.path.filter(|column| !near && column.value(&prices.rows) < share - 1e-7) {
                any |= master.add(*number, &column);
            }
        }
        last = Some((relaxed, current));
        if !any {
            break;
        }
    }
    last.map(|(relaxed, current)| Group { master, relaxed, prices, bound, current })
}

/// What the relaxation of a group begins with.
pub(super) struct Start<'a> {
    /// Columns of each participant.
    pub(super) pooled: &'a [Vec<Column>],
    /// How near bound and relaxation must be, as a share of it.
    pub(super) near: f64,
    /// Good paths are enough.
    pub(super) rough: bool,
    /// What must be to gain over the plan, as a share of what it costs.
    pub(super) worth: f64,
}
