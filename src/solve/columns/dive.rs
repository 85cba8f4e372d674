//! A first plan: people are decided a few at a time, by the relaxation of everyone still undecided beside those who are.

use chacha20::ChaCha8Rng;
use rand::SeedableRng;

use super::Search;
use super::bundle::Bundle;
use super::ejection::dear;
use super::ledger::{Hall, Ledger};
use super::master::{Master, Relaxed, needs_in};
use super::neighbourhood::{Around, Scene, grow, users};
use crate::pricing::{Ceiling, Column, Prices, Pricing, Scratch};

/// Columns of at least this value count as decided.
const DECIDED: f64 = 0.9;
/// Share of the undecided people who are decided in a step of the dive, at least.
const STEP: f64 = 0.15;
/// The same where there is no program, of those who had nothing when it began.
const DECISIONS: f64 = 0.03;
/// How often those who found no good place are decided anew, with how many people around each; rounds of pricing before that.
const ATTEMPTS: usize = 6;
const AROUND: usize = 40;
const ROUNDS_BEFORE: usize = 4;
/// A column this much dearer than the cheapest of its participant is still liked.
const CHEAP: f64 = 1.0;
/// Rounds of pricing after each step.
const ROUNDS: usize = 3;
/// Columns of an undecided participant that may be this much dearer than the cheapest go along into the next step.
const NEAR: f64 = 30.0;

/// Dives, for the participants of a program: decides what the relaxation has decided, and the largest of the others a few at a time, as far as there is room for
/// them; after each step prices anew for everyone else, with only what has room left (Sadykov, Vanderbeck, Pessoa, Tahiri &
/// Uchoa 2019, without backtracking). Who finds no room takes what is left.
pub(super) fn dive<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, master: &Master<'p, 'b, 'c>, relaxed: Relaxed) -> Option<Vec<Column>> {
    let pricing = search.pricing;
    let mut room = Room::new(pricing, vec![0.0; pricing.coupling.len()], master.halls());
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
            let column = fitting(number, &mut room, &mut scratch, || any(master, number))?;
            room.take(&column);
            chosen[number] = Some(column);
            continue;
        }
        room.close();
        let mut next = Master::of(pricing, search.options.seed, &undecided, Some(room.used.clone()));
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
            let ceilings: Vec<Ceiling<'_>> = relaxed.shares.iter().map(|share| Ceiling::below(*share)).collect();
            let found = pricing.all_below(&undecided, &room.prices, &ceilings);
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
            let column = fitting(*number, &mut room, &mut scratch, || any(master, *number))?;
            room.take(&column);
            chosen[*number] = Some(column);
        }
    }
    master.members.iter().map(|n| chosen[*n].take()).collect()
}

/// A plan from the fractions of a bundle. At the end of a dive few places are left, and some find none that is good: these, with
/// people around them who hold what they would like, are decided anew beside everyone else, while that helps (a dive with
/// backtracking, in place of one decision by a group of them).
pub(super) fn decide<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, bundle: &mut Bundle<'p, 'b, 'c>) -> Option<Ledger<'p, 'b, 'c>> {
    let pricing = search.pricing;
    let mut chosen = vec![None; pricing.len()];
    decide_open(search, bundle, &mut chosen)?;
    let plan = |chosen: &[Option<Column>]| Some(Ledger::new(pricing, chosen.iter().cloned().collect::<Option<Vec<Column>>>()?));
    let mut ledger = plan(&chosen)?;
    let scene = Scene::new(search);
    let mut dice = ChaCha8Rng::seed_from_u64(search.options.seed.into());
    let mut scratch = Scratch::default();
    for _ in 0..ATTEMPTS {
        let regrets = scene.regrets(&ledger);
        let stuck = dear(&regrets);
        if stuck.is_empty() || search.ends() {
            break;
        }
        search.keep(&ledger);
        let users = users(&ledger);
        let cheap = |n: usize| bundle.shares(n).map(|(_, c)| c).filter(|c| scene.regret(n, c) < CHEAP).cloned().collect();
        let mut wanted: Vec<Vec<Column>> = (0..regrets.len()).map(cheap).collect();
        let (mut taken, mut group) = (vec![false; regrets.len()], Vec::new());
        for seed in stuck {
            if !taken[seed] {
                wanted[seed] = scene.wanted(pricing, seed, &mut scratch);
                let around = Around { regrets: &regrets, users: &users, prices: &scene.prices.rows, wanted: &wanted };
                group.extend(grow(&ledger, &around, seed, AROUND.min(regrets.len()), &mut taken, &mut dice));
            }
        }
        for n in &group {
            chosen[*n] = None;
            bundle.reopen(*n);
        }
        decide_open(search, bundle, &mut chosen)?;
        let next = plan(&chosen)?;
        if next.cost().better(ledger.cost()) {
            ledger = next;
            continue;
        }
        for n in group {
            bundle.decide(n, &ledger.columns[n]);
            chosen[n] = Some(ledger.columns[n].clone());
        }
    }
    Some(ledger)
}

/// Decides for those who have nothing yet: those whose path is nearly decided, a share of them at least each time, as far as there is
/// room; everyone else is priced anew where room is left, and settles.
fn decide_open<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, bundle: &mut Bundle<'p, 'b, 'c>, chosen: &mut [Option<Column>]) -> Option<()> {
    let pricing = search.pricing;
    let open: Vec<usize> = (0..chosen.len()).filter(|n| chosen[*n].is_none()).collect();
    let least = ((open.len() as f64 * DECISIONS) as usize).max(1);
    let mut used = vec![0.0; pricing.coupling.len()];
    chosen.iter().flatten().flat_map(|column| &column.terms).for_each(|(r, c)| used[*r as usize] += c);
    let mut room = Room::new(pricing, used, bundle.halls().cloned().collect());
    let mut scratch = Scratch::default();
    let settle = |bundle: &mut Bundle<'p, 'b, 'c>, room: &mut Room<'p, 'b, 'c>| {
        let mut prices = std::mem::take(&mut room.prices);
        bundle.go_on(&mut prices, &|column| room.fits(column));
        room.prices = prices;
    };
    if open.len() < chosen.len() {
        // What they know has no room any more.
        (0..ROUNDS_BEFORE).for_each(|_| settle(bundle, &mut room));
    }
    loop {
        let mut pool: Vec<(f64, usize, Column)> = Vec::new();
        for n in open.iter().copied().filter(|n| chosen[*n].is_none()) {
            let best = bundle.shares(n).max_by(|a, b| a.0.total_cmp(&b.0));
            pool.extend(best.map(|(share, column)| (share, n, column.clone())));
        }
        if pool.is_empty() || search.ends() {
            break;
        }
        pool.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut taken = 0;
        let mut take = |n: usize, column: &Column, room: &mut Room<'p, 'b, 'c>| {
            room.take(column);
            bundle.decide(n, column);
            chosen[n] = Some(column.clone());
        };
        for (share, n, column) in &pool {
            if (*share >= DECIDED || taken < least) && room.fits(column) {
                take(*n, column, &mut room);
                taken += 1;
            }
        }
        if taken == 0 {
            let n = pool[0].1;
            let column = fitting(n, &mut room, &mut scratch, || Some(pool[0].2.clone()))?;
            take(n, &column, &mut room);
        }
        room.close();
        settle(bundle, &mut room);
    }
    for n in open {
        if chosen[n].is_none() {
            let column = fitting(n, &mut room, &mut scratch, || bundle.shares(n).next().map(|(_, column)| column.clone()))?;
            room.take(&column);
            bundle.decide(n, &column);
            chosen[n] = Some(column);
        }
    }
    Some(())
}

/// Any column of a participant.
fn any(master: &Master<'_, '_, '_>, number: usize) -> Option<Column> {
    master.columns.iter().find(|(n, _)| *n == number).map(|(_, column)| column.clone())
}

/// Capacity left while a plan is put together.
struct Room<'p, 'b, 'c> {
    pricing: &'p Pricing<'b, 'c>,
    /// What the columns taken add to rows.
    used: Vec<f64>,
    halls: Vec<(Hall, f64)>,
    /// Prices at which what has no room is forbidden, and nothing costs anything.
    prices: Prices,
    /// Rows that became tighter since the prices were last looked at.
    tighter: Vec<usize>,
}

impl<'p, 'b, 'c> Room<'p, 'b, 'c> {
    /// What there is room for beside what others add to rows.
    fn new(pricing: &'p Pricing<'b, 'c>, used: Vec<f64>, halls: Vec<Hall>) -> Self {
        let coupling = pricing.coupling;
        let needs = |hall: &Hall| hall.classes.iter().map(|c| used[coupling.need_row(*c, hall.period)]).sum::<f64>();
        let halls = halls.into_iter().map(|hall| (hall.clone(), f64::from(hall.capacity) - needs(&hall))).collect();
        let prices = pricing.prices(vec![0.0; coupling.len()]).rough();
        let mut this = Self { pricing, used, tighter: (0..coupling.len()).collect(), halls, prices };
        this.close();
        this
    }

    fn left(&self, r: usize) -> f64 {
        if self.pricing.largest_capped(r) > 0.0 { self.pricing.coupling.rows[r].limit - self.used[r] } else { f64::INFINITY }
    }

    /// Whether a column fits into every hard row.
    fn fits(&self, column: &Column) -> bool {
        let rows = column.terms.iter().all(|(r, c)| *c <= self.left(*r as usize) + 1e-9);
        rows && self.halls.iter().all(|(hall, left)| needs_in(self.pricing.coupling, hall, column) <= left + 1e-9)
    }

    fn take(&mut self, column: &Column) {
        for (r, c) in &column.terms {
            self.used[*r as usize] += c;
            self.tighter.push(*r as usize);
        }
        for (hall, left) in &mut self.halls {
            *left -= needs_in(self.pricing.coupling, hall, column);
        }
    }

    /// Forbids what has no room left.
    fn close(&mut self) {
        for r in std::mem::take(&mut self.tighter) {
            let left = self.left(r);
            self.prices.close(self.pricing, r, left);
        }
        self.halls.iter().filter(|(_, left)| *left < 1.0 - 1e-9).for_each(|(hall, _)| hall.close(self.pricing, &mut self.prices));
    }
}

/// The cheapest path that fits; else the emptiest; if the search for a path was cut short, one that is known.
fn fitting(n: usize, room: &mut Room<'_, '_, '_>, scratch: &mut Scratch, known: impl FnOnce() -> Option<Column>) -> Option<Column> {
    let pricing = room.pricing;
    room.close();
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
    pricing.cheapest(n, &free, scratch).path.or_else(known)
}

/// A plan in which nobody is decided anew.
#[cfg(test)]
pub(super) fn once<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, bundle: &mut Bundle<'p, 'b, 'c>) -> Ledger<'p, 'b, 'c> {
    let mut chosen = vec![None; search.pricing.len()];
    decide_open(search, bundle, &mut chosen).expect("a plan");
    Ledger::new(search.pricing, chosen.into_iter().map(|column| column.expect("everyone is decided")).collect())
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::{decide, once};

    /// Deciding anew around those who found no good place never makes the plan worse, and leaves fewer of them on the whole.
    #[test]
    fn decides_anew() {
        let (mut first, mut anew) = (0, 0);
        for seed in 1..=5 {
            tight(80, seed, |pricing| {
                // A search each, so that both begin with the same prices.
                let dived = |again: bool| {
                    alone(pricing, |search| {
                        let Ok(mut bundle) = bundle::relax(search, None) else { panic!("everyone has a path") };
                        let ledger = if again { decide(search, &mut bundle).expect("a plan") } else { once(search, &mut bundle) };
                        let fresh = Ledger::new(search.pricing, ledger.columns.clone()).cost();
                        assert!((ledger.cost().points - fresh.points).abs() < 1e-6 * fresh.points, "{:?} {fresh:?}", ledger.cost());
                        (ejection::dear(&Scene::new(search).regrets(&ledger)).len(), ledger.cost())
                    })
                };
                let ((stuck, before), (fewer, after)) = (dived(false), dived(true));
                assert!(!before.better(after), "{before:?}, then {after:?}");
                first += stuck;
                anew += fewer;
            });
        }
        assert!(anew < first, "{first} found no good place, then {anew}");
    }
}
