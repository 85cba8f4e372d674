//! A first plan: people are decided a few at a time, by the relaxation of everyone still undecided beside those who are.

use super::Search;
use super::ledger::{Hall, Ledger};
use super::master::{Master, Relaxed, needs_in};
use crate::pricing::{Column, Coupling, CouplingRow, Prices, Scratch};

/// Columns of at least this value count as decided.
const DECIDED: f64 = 0.9;
/// Share of the undecided people who are decided in a step of the dive, at least.
const STEP: f64 = 0.15;
/// Rounds of pricing after each step.
const ROUNDS: usize = 3;
/// Columns of an undecided participant that may be this much dearer than the cheapest go along into the next step.
pub(super) const NEAR: f64 = 30.0;

/// Dives, for the participants of a program: decides what the relaxation has decided, and the largest of the others a few at a time, as far as there is room for
/// them; after each step prices anew for everyone else, with only what has room left (Sadykov, Vanderbeck, Pessoa, Tahiri &
/// Uchoa 2019, without backtracking). Who finds no room takes what is left.
pub(super) fn dive<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, master: &Master<'p, 'b, 'c>, relaxed: Relaxed) -> Option<Vec<Column>> {
    let pricing = search.pricing;
    let mut room = Room::new(search, master);
    let mut chosen: Vec<Option<Column>> = vec![None; pricing.len()];
    // Columns of those who are undecided, with their values and reduced costs.
    let mut pool: Vec<(f64, f64, usize, Column)> = Vec::with_capacity(master.columns.len());
    let price = |relaxed: &Relaxed, master: &Master<'p, 'b, 'c>, pool: &mut Vec<(f64, f64, usize, Column)>| {
        let mut prices = vec![0.0; pricing.coupling.len()];
        relaxed.prices.iter().for_each(|(row, price)| prices[*row] = *price);
        pool.clear();
        for ((number, column), value) in master.columns.iter().zip(&relaxed.values) {
            pool.push((*value, column.value(&prices) - relaxed.shares[master.row(*number)], *number, column.clone()));
        }
        pool.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
    };
    price(&relaxed, master, &mut pool);
    let mut scratch = Scratch::default();
    loop {
        let open = master.members.iter().filter(|n| chosen[**n].is_none()).count();
        let least = ((open as f64 * STEP) as usize).max(1);
        let mut taken = 0;
        for (value, _, number, column) in &pool {
            if chosen[*number].is_none() && (*value >= DECIDED || taken < least) && *value > 1e-6 && room.fits(column) {
                room.take(column);
                chosen[*number] = Some(column.clone());
                taken += 1;
            }
        }
        let undecided: Vec<usize> = master.members.iter().copied().filter(|n| chosen[*n].is_none()).collect();
        if undecided.is_empty() || search.ends() {
            break;
        }
        if taken == 0 {
            // Nothing of what the relaxation likes has room: the first of them takes what is left.
            let number = undecided[0];
            let column = fitting(search, number, &mut room, &mut scratch).or_else(|| any(master, number))?;
            room.take(&column);
            chosen[number] = Some(column);
            continue;
        }
        room.close(search);
        let mut next = Master::of(pricing, search.options.seed, &undecided, Some(room.used.clone()));
        next.reward(&master.rewards);
        room.halls.iter().for_each(|(hall, _)| {
            next.limit(hall.clone());
        });
        for (_, reduced, number, column) in &pool {
            if chosen[*number].is_none() && *reduced < NEAR && room.fits(column) {
                next.add(*number, column);
            }
        }
        let mut solved = None;
        for round in 0..=ROUNDS {
            let mut alarm = super::Alarm { clock: search.clock, stop: search.stop };
            let Some(relaxed) = next.solve(&mut alarm, &|| search.left()) else { break };
            let relaxed = solved.insert(relaxed);
            if round == ROUNDS {
                break;
            }
            room.prices.set_all(pricing, relaxed.prices.iter().copied());
            let found = pricing.all(&undecided, &room.prices);
            room.prices.set_all(pricing, relaxed.prices.iter().map(|(row, _)| (*row, 0.0)));
            let mut any = false;
            for ((number, found), share) in undecided.iter().zip(found).zip(&relaxed.shares) {
                if let Some(column) = found.path.filter(|_| found.bound < share - 1e-6) {
                    any |= next.add(*number, &column);
                }
            }
            if !any {
                break;
            }
        }
        let Some(relaxed) = solved else { break };
        price(&relaxed, &next, &mut pool);
    }
    for number in &master.members {
        if chosen[*number].is_none() {
            let column = fitting(search, *number, &mut room, &mut scratch).or_else(|| any(master, *number))?;
            room.take(&column);
            chosen[*number] = Some(column);
        }
    }
    master.members.iter().map(|n| chosen[*n].take()).collect()
}

/// Any column of a participant.
fn any(master: &Master<'_, '_, '_>, number: usize) -> Option<Column> {
    master.columns.iter().find(|(n, _)| *n == number).map(|(_, column)| column.clone())
}

/// Capacity left while a plan is put together.
struct Room<'p> {
    coupling: &'p Coupling,
    /// What the columns taken add to rows.
    used: Vec<f64>,
    /// Per priced row: the largest coefficient there if it is hard and bounded from above; else 0.
    largest: Vec<f64>,
    halls: Vec<(Hall, f64)>,
    /// Prices at which what has no room is forbidden, and nothing costs anything.
    prices: Prices,
    /// Rows that became tighter since the prices were last looked at.
    tighter: Vec<usize>,
}

impl<'p> Room<'p> {
    /// What a program's participants have room in.
    fn new(search: &Search<'p, '_, '_, '_>, master: &Master<'_, '_, '_>) -> Self {
        let (pricing, coupling) = (search.pricing, search.pricing.coupling);
        let hard = |r: usize| coupling.rows.get(r).is_some_and(CouplingRow::caps);
        let largest: Vec<f64> = (0..coupling.len()).map(|r| if hard(r) { pricing.largest(r) } else { 0.0 }).collect();
        let used: Vec<f64> = (0..coupling.len()).map(|r| master.others(r)).collect();
        let needs = |hall: &Hall| hall.classes.iter().map(|c| used[coupling.need_row(*c, hall.period)]).sum::<f64>();
        let halls = master.halls().into_iter().map(|hall| (hall.clone(), f64::from(hall.capacity) - needs(&hall))).collect();
        let prices = pricing.prices(vec![0.0; coupling.len()]);
        let mut this = Self { coupling, used, tighter: (0..coupling.len()).collect(), largest, halls, prices };
        this.close(search);
        this
    }

    fn left(&self, r: usize) -> f64 {
        if self.largest[r] > 0.0 { self.coupling.rows[r].limit - self.used[r] } else { f64::INFINITY }
    }

    /// Whether a column fits into every hard row.
    fn fits(&self, column: &Column) -> bool {
        let rows = column.terms.iter().all(|(r, c)| *c <= self.left(*r as usize) + 1e-9);
        rows && self.halls.iter().all(|(hall, left)| needs_in(self.coupling, hall, column) <= left + 1e-9)
    }

    fn take(&mut self, column: &Column) {
        for (r, c) in &column.terms {
            self.used[*r as usize] += c;
            self.tighter.push(*r as usize);
        }
        for (hall, left) in &mut self.halls {
            *left -= needs_in(self.coupling, hall, column);
        }
    }

    /// Forbids what has no room left.
    fn close(&mut self, search: &Search<'_, '_, '_, '_>) {
        for r in std::mem::take(&mut self.tighter) {
            if self.left(r) < self.largest[r] {
                self.prices.block(search.pricing, r, self.left(r));
            }
        }
        if self.coupling.supply.as_ref().is_some_and(|s| s.unmet.is_none()) {
            for (hall, _) in self.halls.iter().filter(|(_, left)| *left < 1.0 - 1e-9) {
                for class in &hall.classes {
                    self.prices.block(search.pricing, self.coupling.need_row(*class, hall.period), 0.0);
                }
            }
        }
    }
}

/// The cheapest path that fits; else the emptiest. `None` if the search for a path was cut short.
fn fitting(search: &Search<'_, '_, '_, '_>, n: usize, room: &mut Room<'_>, scratch: &mut Scratch) -> Option<Column> {
    let pricing = search.pricing;
    room.close(search);
    if let Some(column) = pricing.cheapest(n, &room.prices, scratch).path {
        if room.fits(&column) {
            return Some(column);
        }
        if let Some(column) = pricing.several(n, &room.prices, scratch, 30, 2_000.0).into_iter().find(|c| room.fits(c)) {
            return Some(column);
        }
    }
    if let Some(nothing) = pricing.column(n, &[]) {
        return Some(nothing);
    }
    // Someone who must work where there is no room: the search makes room.
    let free = pricing.prices_of(&crate::pricing::Multipliers::none(pricing.coupling));
    pricing.cheapest(n, &free, scratch).path
}

/// A plan by price: one after the other, everyone takes the cheapest path that has room.
pub(super) fn greedy<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, master: &Master<'p, 'b, 'c>) -> Option<Ledger<'p, 'b, 'c>> {
    let pricing = search.pricing;
    let mut room = Room::new(search, master);
    let multipliers = search.state.lock().expect("no thread panics with the lock").multipliers.clone();
    room.prices.set_all(pricing, multipliers.prices(pricing.coupling).into_iter().enumerate());
    let mut scratch = Scratch::default();
    // Who must work chooses first, then who has the longest way to go, and the fewest placements to choose from, chooses first.
    let mut order: Vec<usize> = (0..pricing.len()).collect();
    order.sort_by_cached_key(|number| {
        let (ticks, open) = pricing.freedom(*number);
        (pricing.column(*number, &[]).is_some(), std::cmp::Reverse(ticks), open)
    });
    let mut columns: Vec<Option<Column>> = vec![None; pricing.len()];
    for number in order {
        let column = fitting(search, number, &mut room, &mut scratch)?;
        room.take(&column);
        columns[number] = Some(column);
    }
    let columns: Option<Vec<Column>> = columns.into_iter().collect();
    columns.map(|columns| Ledger::new(pricing, columns))
}
