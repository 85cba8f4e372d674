//! Pricing against brute force: at random prices, the cheapest path of every participant of random tiny cases is what trying
//! every sequence of placements finds, and a column costs what the brief says.
#![cfg(feature = "plan")]

mod common;

use rand::RngExt;
use rungs::brief::{Brief, Choice, Events, Sense, Sentence, Stamp, brief, evaluate, events};
use rungs::desk::plan_of;
use rungs::domain::{Case, ParticipantIx, Policy, Subject};
use rungs::pricing::{Ceiling, Coupling, Pricing, Scratch};
use rungs::rules::{Reach, rule};
use rungs::solve::Paths;
use rungs::words::Table;

const CASES: usize = 1500;
/// Sequences that brute force tries for one participant.
const MOST: usize = 6_000;

#[test]
fn the_cheapest_path_is_the_cheapest() {
    let (mut compared, mut none, mut several, mut ceilings) = (0, 0, 0, 0);
    for (seed, case, policy) in (0..).filter_map(|seed| common::case(seed, common::TINY).map(|(case, policy)| (seed, case, policy))).take(CASES) {
        let brief = brief(&case, &policy);
        let coupling = Coupling::new(&brief);
        let pricing = Pricing::new(&brief, &coupling, &|| false).expect("nothing ends it");
        let mut dice = common::stream(seed ^ 0xda1a);
        let rows = (0..coupling.len()).map(|r| {
            let price = if dice.random_bool(0.4) { f64::from(dice.random_range(0..400u32)) / 8.0 } else { 0.0 };
            if coupling.rows.get(r).is_some_and(|row| row.sense == Sense::AtLeast) { -price } else { price }
        });
        let rows: Vec<f64> = rows.collect();
        let prices = pricing.prices(rows.clone());
        let mut scratch = Scratch::default();
        for number in 0..pricing.len() {
            let p = pricing.participant(number);
            let Some(all) = all_paths(&brief, &policy, p) else { continue };
            let cost = |(path, points, burden): &(Vec<Choice>, f64, f64)| points + priced(&brief, &coupling, &rows, p, path, *burden);
            let possible = all.iter().filter(|(path, ..)| !impossible(&brief, p, path));
            let best = possible.clone().map(cost).fold(f64::INFINITY, f64::min);
            let found = pricing.cheapest(number, &prices, &mut scratch);
            let context = || format!("seed {seed}, {}\n{}", case.participants[p].named.id, common::instance(seed, common::TINY));
            let same = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-7 * b.abs().max(1.0);
            assert!(same(found.bound, best), "pricing {} and brute force {best}; {:?}; {}", found.bound, found.path, context());
            compared += 1;
            none += usize::from(best.is_infinite());
            if let Some(column) = found.path {
                assert!(
                    same(pricing.value(number, &column, &prices), best),
                    "the column costs {}; {}",
                    pricing.value(number, &column, &prices),
                    context()
                );
                let (_, points, _) = all.iter().find(|(path, ..)| *path == column.choices).expect("a column keeps what is hard");
                assert!(same(column.points, *points), "{} points, not {points}; {}", column.points, context());
            }
            if best.is_finite() {
                // Below a ceiling above it the same is found, below one that it does not reach nothing is.
                let above =
                    pricing.cheapest_below(number, &prices, &mut scratch, Ceiling::below(best + f64::from(dice.random_range(1..200u32)) / 4.0));
                assert!(same(above.bound, best) && above.path.is_some(), "below a ceiling {}, not {best}; {}", above.bound, context());
                let ceiling = best - f64::from(dice.random_range(1..200u32)) / 4.0;
                let below = pricing.cheapest_below(number, &prices, &mut scratch, Ceiling::below(ceiling));
                assert!(below.bound == ceiling && below.path.is_none(), "nothing costs less than {ceiling}; {}", context());
                ceilings += 1;
            }
            // What is forbidden is forbidden, whether it is passed over or only dear beyond everything.
            let mut shut = prices.clone();
            (0..coupling.len()).filter(|r| coupling.rows.get(*r).is_some_and(|row| row.caps()) && dice.random_bool(0.3)).for_each(|r| {
                shut.block(&pricing, r, 0.0);
            });
            let whole = pricing.cheapest(number, &shut, &mut scratch);
            shut.narrow(&pricing, &[number]);
            let narrow = pricing.cheapest(number, &shut, &mut scratch);
            assert!(same(narrow.bound, whole.bound), "narrowed {}, not {}; {}", narrow.bound, whole.bound, context());
            let list = pricing.several(number, &prices, &mut scratch, 5, 30.0);
            let mut costs: Vec<f64> = possible.map(cost).collect();
            costs.sort_by(f64::total_cmp);
            for (column, cost) in list.iter().zip(&costs) {
                assert!(same(pricing.value(number, column, &prices), *cost), "one of several; {}", context());
                several += 1;
            }
        }
    }
    assert!(compared > CASES && none > 0 && several > CASES && ceilings > CASES, "{compared} compared, {none} without a path, {several} of several");
}

/// Every path that keeps the hard sentences about it alone, with its points and its burden.
fn all_paths(brief: &Brief<'_>, policy: &Policy, p: ParticipantIx) -> Option<Vec<(Vec<Choice>, f64, f64)>> {
    let case = brief.case;
    let ticks = case.participants[p].timeline.len();
    let mut done = Vec::new();
    let mut open: Vec<(usize, Vec<Choice>)> = vec![(0, Vec::new())];
    while let Some((tick, path)) = open.pop() {
        if done.len() > MOST {
            return None;
        }
        if tick == ticks {
            done.push(path);
            continue;
        }
        open.push((tick + 1, path.clone()));
        for position in case.positions.ids() {
            for after in tick + 1..=ticks {
                let longer = path.iter().copied().chain([Choice::new(case, p, position, tick, after)]).collect();
                open.push((after, longer));
            }
        }
    }
    let worst = policy.named("fairness");
    let counted = if worst.on() { worst.rules("counts").to_vec() } else { Vec::new() };
    let told = |path: Vec<Choice>| {
        let mut paths: Paths = Table::new(vec![Vec::new(); case.participants.len()]);
        paths[p].clone_from(&path);
        let amounts = evaluate(brief, &plan_of(case, &paths)).expect("on the timeline");
        let own = |rule_ix: &rungs::rules::RuleIx, s: &Subject| rule(*rule_ix).reach == Reach::Path && *s == Subject::Participant(p);
        if amounts.hard.iter().any(|((r, s), amount)| own(r, s) && *amount > 0.0) {
            return None;
        }
        let soft = amounts.soft.iter().filter(|((r, s), _)| own(r, s));
        let (mut points, mut burden) = (0.0, 0.0);
        for ((r, _), amount) in soft {
            let weight = policy.of(*r).weight;
            points += weight * amount;
            burden += if counted.contains(r) { weight * amount } else { 0.0 };
        }
        Some((path, points, burden))
    };
    Some(done.into_iter().filter_map(told).collect())
}

fn walked(case: &Case, p: ParticipantIx, path: &[Choice]) -> Events {
    let mut paths: Paths = Table::new(vec![Vec::new(); case.participants.len()]);
    paths[p] = path.to_vec();
    events(case, &plan_of(case, &paths), p).expect("on the timeline")
}

/// What a path pays for rows.
fn priced(brief: &Brief<'_>, coupling: &Coupling, rows: &[f64], p: ParticipantIx, path: &[Choice], burden: f64) -> f64 {
    let case = brief.case;
    let events = walked(case, p, path);
    let mut total = 0.0;
    for (s, told) in brief.told.iter().enumerate() {
        match &told.sentence {
            Sentence::Rows { choice, mv, .. } => {
                let mut emit = |row: usize, c: f64| total += c * rows[coupling.row(s, row)];
                for (c, m) in events.choices.iter().zip(&events.moves) {
                    choice.iter().for_each(|f| f(c, &mut emit));
                    mv.iter().for_each(|f| f(m, case.participants[p].timeline.periods[c.first], &mut emit));
                }
            }
            Sentence::Supply { themselves, .. } => {
                let supply = coupling.supply.as_ref().expect("told");
                for c in &events.choices {
                    let class = supply.class(c.position, themselves(p));
                    total += c.periods(case).map(|t| rows[coupling.need_row(class, t)]).sum::<f64>();
                }
            }
            Sentence::WorstOf { groups, scale, .. } => {
                let mut first = 0;
                for (_, members) in groups {
                    if let Ok(i) = members.binary_search(&p) {
                        total += burden * scale(p) * rows[coupling.row(s, first + i)];
                    }
                    first += members.len();
                }
            }
            Sentence::Quorum { members, .. } if members.contains(&p) && ready(brief, s, p, &events) => total += rows[coupling.row(s, 0)],
            _ => {}
        }
    }
    total
}

fn ready(brief: &Brief<'_>, sentence: usize, p: ParticipantIx, events: &Events) -> bool {
    use rungs::brief::Held;
    let Sentence::Quorum { conditions, .. } = &brief.told[sentence].sentence else { return false };
    let continued = events.choices.first().is_some_and(|c| c.continues);
    conditions.iter().all(|c| match (c.held)(p) {
        Held::Yes => true,
        Held::IfEnded if !continued => true,
        _ => events.choices.iter().any(&c.earns),
    })
}

/// Whether a placement of the path alone breaks a hard row, or has a period that no mentor is there for.
fn impossible(brief: &Brief<'_>, p: ParticipantIx, path: &[Choice]) -> bool {
    let events = walked(brief.case, p, path);
    let mut impossible = false;
    for told in brief.told.iter().filter(|t| t.stamp == Stamp::Hard) {
        match &told.sentence {
            Sentence::Rows { rows, choice: Some(f), .. } => {
                for c in &events.choices {
                    let mut sums = vec![0.0; rows.len()];
                    f(c, &mut |row, amount| sums[row] += amount);
                    impossible |= rows.iter().zip(sums).any(|(row, sum)| row.sense == Sense::AtMost && sum > row.limit + 1e-9);
                }
            }
            Sentence::Supply { themselves, capacity, suits, mentors } => {
                let able = |c: &Choice, t| mentors.iter().any(|m| suits(*m, c.position) && themselves(p) != Some(*m) && capacity(*m, t) > 0);
                impossible |= events.choices.iter().any(|c| c.periods(brief.case).any(|t| !able(c, t)));
            }
            _ => {}
        }
    }
    impossible
}
