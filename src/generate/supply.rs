//! Seats, demand, beds, arrivals and money: as much as the paths of all participants need, made as scarce as the recipe says.

use std::collections::BTreeMap;

use super::dice::{Dice, List};
use super::legs::Leg;
use super::path::Loads;
use super::people::Person;
use super::world::World;

/// Numbers by period for every position or site; none where nothing is counted.
pub(super) type Counts = Vec<Option<Vec<u32>>>;

/// Seats by position and period.
///
/// In every period each stage has the participants that the paths put there, divided by `tight`. What that leaves beyond
/// those paths first keeps seats as they were in the period before, then opens empty positions, then goes to the biggest.
/// Above 1, seats are missing, and keep missing at the same positions.
pub(super) fn seats(world: &World<'_>, loads: &Loads, tight: f64) -> Vec<Vec<u32>> {
    let horizon = world.horizon;
    let mut seats: Vec<Vec<u32>> = loads.posts.chunks(horizon).map(<[u32]>::to_vec).collect();
    for stage in 0..world.programme.stages.len() {
        let posts: Vec<usize> = (0..world.posts.len()).filter(|&p| world.roles[world.posts[p].role].stage == stage).collect();
        let mut carried = 0.0;
        for period in 0..horizon {
            let used: u32 = posts.iter().map(|&p| seats[p][period]).sum();
            let wanted = f64::from(used) / tight + carried;
            let total = (wanted.round().max(0.0) as u32).max(if tight <= 1.0 { used } else { 0 });
            carried = wanted - f64::from(total);
            if total >= used {
                add(world, &posts, period, total - used, &mut seats);
            } else {
                remove(loads, horizon, &posts, period, used - total, &mut seats);
            }
        }
    }
    seats
}

fn add(world: &World<'_>, posts: &[usize], period: usize, mut extra: u32, seats: &mut [Vec<u32>]) {
    let open: Vec<usize> = posts.iter().copied().filter(|&p| world.is_open(&world.posts[p], period as i64)).collect();
    let before = |seats: &[Vec<u32>], p: usize| if period == 0 { 0 } else { seats[p][period - 1] };
    for &p in &open {
        let kept = before(seats, p).saturating_sub(seats[p][period]).min(extra);
        seats[p][period] += kept;
        extra -= kept;
    }
    for &p in open.iter().filter(|&&p| period == 0 || world.posts[p].open.is_some_and(|(from, _)| from == period)) {
        if seats[p][period] == 0 && extra > 0 {
            seats[p][period] = 1;
            extra -= 1;
        }
    }
    let all: u64 = open.iter().map(|&p| world.posts[p].size as u64).sum();
    let share = extra;
    for &p in &open {
        let own = (u64::from(share) * world.posts[p].size as u64 / all.max(1)) as u32;
        seats[p][period] += own;
        extra -= own;
    }
    for &p in open.iter().cycle().take(extra as usize) {
        seats[p][period] += 1;
    }
}

fn remove(loads: &Loads, horizon: usize, posts: &[usize], period: usize, mut missing: u32, seats: &mut [Vec<u32>]) {
    if period > 0 {
        for &p in posts {
            let short = loads.posts[p * horizon + period - 1].saturating_sub(seats[p][period - 1]).min(seats[p][period]).min(missing);
            seats[p][period] -= short;
            missing -= short;
        }
    }
    while missing > 0 {
        let most = posts.iter().map(|&p| seats[p][period]).max().unwrap_or(0);
        if most == 0 {
            return;
        }
        for &p in posts {
            if missing > 0 && seats[p][period] == most {
                seats[p][period] -= 1;
                missing -= 1;
            }
        }
    }
}

/// Seats that the business needs filled, with a priority, at some positions.
pub(super) fn demand(world: &World<'_>, loads: &Loads, seats: &[Vec<u32>], seed: u64) -> Vec<Option<(Vec<u32>, f64)>> {
    let at = |p: usize| {
        let mut dice = Dice::new(seed, List::Supply, (1 << 24) + p);
        let important = dice.chance(12);
        let part = dice.between(4, 8) as u32;
        let priority = *dice.pick(&[0.5, 1.0, 1.0, 2.0]);
        let used = loads.posts[p * world.horizon..(p + 1) * world.horizon].iter();
        let wanted: Vec<u32> = used.zip(&seats[p]).map(|(used, seats)| (used * part).div_ceil(10).min(*seats)).collect();
        (important && wanted.iter().any(|n| *n > 0)).then_some((wanted, priority))
    };
    (0..world.posts.len()).map(at).collect()
}

/// Beds, and newcomers in a period, at some sites.
pub(super) fn guests(world: &World<'_>, people: &[Person], legs: &[Vec<Leg>], seed: u64) -> (Counts, Counts) {
    let horizon = world.horizon;
    let mut beds = vec![vec![0u32; horizon]; world.map.sites.len()];
    let mut newcomers = beds.clone();
    for (person, legs) in people.iter().zip(legs) {
        for leg in legs {
            let site = world.posts[leg.post].site;
            let away = person.near().is_none() || person.move_from_home(world, site).is_some();
            if away {
                leg.worked.iter().for_each(|&p| beds[site][p] += 1);
            }
            if !leg.continues && leg.before != Some(site) {
                newcomers[site][leg.from] += 1;
            }
        }
    }
    let counted = |percent: usize, salt: usize, used: Vec<Vec<u32>>| -> Counts {
        // Every so-maniest site, so that even a small map has one.
        let step = ((100 + percent / 2) / percent.max(1)).min(used.len());
        let offset = Dice::new(seed, List::Supply, (salt + 2) << 24).below(step);
        let one = |(site, used): (usize, Vec<u32>)| {
            let mut dice = Dice::new(seed, List::Supply, (salt << 24) + site);
            if percent == 0 || site % step != offset {
                return None;
            }
            let most = used.iter().copied().max().unwrap_or(0);
            if dice.chance(60) {
                return Some(vec![(most + most / 20).max(1); horizon]);
            }
            Some(used.into_iter().map(|n| (n + n / 10).max(most.div_ceil(4)).max(1)).collect())
        };
        used.into_iter().enumerate().map(one).collect()
    };
    let habits = &world.programme.habits;
    (counted(habits.housing, 2, beds), counted(habits.arrivals, 3, newcomers))
}

/// Money for moves: in all, and in some calendar years. A tenth more than the paths cost, or what the recipe says.
pub(super) fn budget(world: &World<'_>, legs: &[Vec<Leg>], factor: Option<f64>) -> (f64, BTreeMap<i16, f64>) {
    let factor = factor.unwrap_or(1.1);
    let round = |amount: f64| (amount / 100.0).ceil() * 100.0;
    let mut years: BTreeMap<i16, f64> = BTreeMap::new();
    for leg in legs.iter().flatten() {
        let day = world.calendar.begins(leg.from as i64);
        if let (Some(cost), Some(day)) = (leg.moved, day) {
            *years.entry(day.year()).or_default() += cost;
        }
    }
    let total = round(years.values().sum::<f64>() * factor);
    let many = years.len() > 1;
    // The last year stays free, so that what is saved earlier can be spent.
    if let Some(last) = years.keys().next_back().copied() {
        years.remove(&last);
    }
    years.values_mut().for_each(|spent| *spent = round(*spent * (factor + 0.05)));
    years.retain(|_, amount| many && *amount < total);
    (total, years)
}

/// The periods from the first to the last with a seat, if the number of seats is the same in all of them.
pub(super) fn window(seats: &[u32]) -> Option<(u32, (usize, usize))> {
    let from = seats.iter().position(|n| *n > 0)?;
    let until = seats.iter().rposition(|n| *n > 0)? + 1;
    seats[from..until].iter().all(|n| *n == seats[from]).then_some((seats[from], (from, until)))
}

/// A list as a number if it says the same in every period in which it counts.
pub(super) fn flat(list: &[u32], open: Option<(usize, usize)>) -> Option<u32> {
    let (from, until) = open.unwrap_or((0, list.len()));
    let counted = &list[from.min(list.len())..until.min(list.len())];
    counted.first().copied().filter(|first| counted.iter().all(|n| n == first))
}
