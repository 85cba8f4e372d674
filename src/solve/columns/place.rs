//! Places for one person beside a plan of everyone else: for each position that a path of theirs may begin with, the cheapest
//! such path in the room that is left; and where a position is full, the cheapest path that takes it from one other person, who
//! goes elsewhere (an ejection chain of one link: Glover 1996). Only those who take part are priced.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::ejection::Books;
use super::ledger::{Cost, Ledger, shortage};
use crate::brief::{Brief, Choice, Sense};
use crate::domain::{ParticipantIx, Plan, PositionIx, Subject};
use crate::pricing::{Column, Coupling, Held, Prices, Pricing, Scratch};
use crate::rules::RuleIx;
use crate::words::{Period, Table};

/// Paths that are tried for each of the best first positions, and how much dearer they may be: what has no price, such as
/// company at a site, may make a dearer one the cheapest.
const WAYS: usize = 6;
const WITHIN: f64 = 25.0;
/// Full positions that others are asked to leave, and who is asked for each.
const FULL: usize = 8;
const ASKED: usize = 10;
/// Points of a unit of what is full: so much that nobody takes it.
const NEVER: f64 = 1e6;

/// A path for someone beside a plan.
#[derive(Debug, Clone)]
pub struct Way {
    /// Its placements.
    pub choices: Vec<Choice>,
    /// Points that the plan costs with it, and with whoever makes way, less what it costs without the person.
    pub points: f64,
    /// The part of that which rules across paths cost, by rule.
    pub shared: BTreeMap<RuleIx, f64>,
    /// Who makes way, and the path that they have then.
    pub displaced: Option<(ParticipantIx, Vec<Choice>)>,
}

/// The best ways to place someone, the cheapest first, no two of which begin in the same position with the same people in it; at
/// most `most` that touch nobody, and at most so many that take a full place. `None` if some path of the plan is none on its
/// timeline. O(positions that they may begin with × their program), and a few programs for each of those who may make way.
#[must_use]
pub(in super::super) fn ways(brief: &Brief<'_>, plan: &Plan, who: ParticipantIx, most: usize) -> Option<Vec<Way>> {
    let coupling = Coupling::new(brief);
    let others = Held::new(brief, &coupling, plan, &|p| p != who)?;
    let alone = Pricing::of(brief, &coupling, &[who], &|| false)?;
    if alone.is_empty() {
        return Some(Vec::new());
    }
    let mut ledger = Ledger::beside(&alone, vec![nowhere(who)], others);
    let tight = tight(&ledger);
    let room = room(&ledger, &tight, None);
    let free = alone.prices(marginal(&ledger));
    let least = |(scratch, room, free): &mut (Scratch, Prices, Prices), position: PositionIx| {
        let mut least = |prices: &mut Prices| {
            prices.begin_with(position);
            alone.cheapest(0, prices, scratch).bound
        };
        (position, least(room), least(free))
    };
    let openings: Vec<(PositionIx, f64, f64)> =
        alone.openings(0).into_par_iter().map_init(|| (Scratch::default(), room.clone(), free.clone()), least).collect();
    let mut full: Vec<(f64, PositionIx)> = Vec::new();
    let mut best: Vec<(f64, PositionIx)> = Vec::new();
    for (position, there, anyhow) in openings {
        if there < f64::INFINITY {
            best.push((there, position));
        }
        if anyhow < there - 1e-6 {
            full.push((anyhow, position));
        }
    }
    for list in [&mut best, &mut full] {
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    }
    best.truncate(2 * most);
    let several = |(scratch, room): &mut (Scratch, Prices), (_, position): (f64, PositionIx)| {
        room.begin_with(position);
        alone.several(0, room, scratch, WAYS, WITHIN)
    };
    let tried: Vec<Vec<Column>> = best.into_par_iter().map_init(|| (Scratch::default(), room.clone()), several).collect();
    let mut found: Vec<Way> = Vec::new();
    for columns in tried {
        let ways = columns.into_iter().filter_map(|column| weighed(&mut ledger, vec![(0, column)], who));
        found.extend(ways.min_by(|a, b| a.points.total_cmp(&b.points)));
    }
    found.sort_by(|a, b| a.points.total_cmp(&b.points));
    found.truncate(most);
    let open = |scratch: &mut Scratch, (_, position): (f64, PositionIx)| {
        let mut prices = self::room(&ledger, &tight, Some(position));
        prices.begin_with(position);
        alone.cheapest(0, &prices, scratch).path.map(|column| (position, column))
    };
    full.truncate(FULL);
    let wanted: Vec<(PositionIx, Column)> = full.into_par_iter().map_init(Scratch::default, open).flatten().collect();
    let mut displacing = displacing(&alone, plan, who, wanted)?;
    displacing.truncate(most);
    found.extend(displacing);
    Some(found)
}

/// Ways that take a full place from someone who goes elsewhere: for each place the cheapest.
fn displacing(alone: &Pricing<'_, '_>, plan: &Plan, who: ParticipantIx, wanted: Vec<(PositionIx, Column)>) -> Option<Vec<Way>> {
    let (brief, coupling) = (alone.brief, alone.coupling);
    let case = brief.case;
    let holders = |position: PositionIx, path: &Column| -> Vec<ParticipantIx> {
        let periods: Vec<_> = path.choices.first().into_iter().flat_map(|c| c.periods(case)).collect();
        let there =
            |p: &ParticipantIx| plan.paths[*p].iter().any(|pl| pl.position == position && periods.iter().any(|t| pl.from <= *t && *t < pl.until));
        case.participants.ids().filter(|p| *p != who && there(p)).take(ASKED).collect()
    };
    let asked: Vec<Vec<ParticipantIx>> = wanted.iter().map(|(position, path)| holders(*position, path)).collect();
    let mut some: Vec<ParticipantIx> = asked.iter().flatten().copied().chain([who]).collect();
    some.sort_unstable();
    some.dedup();
    let others = || Held::new(brief, coupling, plan, &|p| some.binary_search(&p).is_err());
    let (others, pricing) = rayon::join(others, || alone.of_others(&some, &|| false));
    let (others, pricing) = (others?, pricing?);
    let own = |n: usize| {
        let p = pricing.participant(n);
        let choices = crate::brief::events(case, plan, p).map_or(Vec::new(), |events| events.choices);
        if p == who { Some(nowhere(who)) } else { pricing.column(n, &choices) }
    };
    // A path that breaks something hard by itself is not for this to mend: without columns for all there is no comparing.
    let Some(columns) = (0..pricing.len()).map(own).collect::<Option<Vec<Column>>>() else { return Some(Vec::new()) };
    let ledger = Ledger::beside(&pricing, columns, others);
    let number = |p: ParticipantIx| (0..pricing.len()).find(|n| pricing.participant(*n) == p);
    let newcomer = number(who)?;
    let (books, prices) = Books::of(&pricing, pricing.prices(marginal(&ledger)), NEVER, false, &ledger);
    // Side by side, each beside books of its own.
    let taken = |scratch: &mut Scratch, ((_, path), asked): ((PositionIx, Column), Vec<ParticipantIx>)| {
        let (mut ledger, mut prices) = (ledger.clone(), prices.clone());
        let old = ledger.swap(vec![(newcomer, path.clone())]);
        path.terms.iter().for_each(|(r, _)| books.mark(&mut prices, &ledger, *r as usize, 0.0));
        let elsewhere = |p: ParticipantIx| {
            let n = number(p)?;
            Some((n, books.cheapest(&mut prices, &ledger, n, scratch).1?))
        };
        let moved: Vec<(usize, Column)> = asked.into_iter().filter_map(elsewhere).collect();
        ledger.swap(old);
        let ways = moved.into_iter().filter_map(|moved| weighed(&mut ledger, vec![(newcomer, path.clone()), moved], who));
        ways.min_by(|a, b| a.points.total_cmp(&b.points))
    };
    let mut found: Vec<Way> = wanted.into_par_iter().zip(asked).map_init(Scratch::default, taken).flatten().collect();
    found.sort_by(|a, b| a.points.total_cmp(&b.points));
    Some(found)
}

/// Someone who is not in the plan: nothing is charged for them.
fn nowhere(participant: ParticipantIx) -> Column {
    Column { participant, choices: Vec::new(), points: 0.0, terms: Vec::new() }
}

/// What columns cost more than those that are there; `None` if they break something hard.
fn weighed(ledger: &mut Ledger<'_, '_, '_>, fresh: Vec<(usize, Column)>, who: ParticipantIx) -> Option<Way> {
    let (before, shared) = (ledger.cost(), ledger.shared_points());
    let paths: Vec<(ParticipantIx, Vec<Choice>)> = fresh.iter().map(|(_, c)| (c.participant, c.choices.clone())).collect();
    let old = ledger.swap(fresh);
    let (after, mut now) = (ledger.cost(), ledger.shared_points());
    ledger.swap(old);
    let Cost { points, broken } = after;
    if broken > before.broken + 1e-6 {
        return None;
    }
    now.iter_mut().for_each(|(rule, points)| *points -= shared.get(rule).copied().unwrap_or(0.0));
    now.retain(|_, points| points.abs() > 1e-9);
    let of = |newcomer: bool| paths.iter().find(|(p, _)| (*p == who) == newcomer).cloned();
    Some(Way { choices: of(true)?.1, points: points - before.points, shared: now, displaced: of(false) })
}

/// What one unit more of each row costs as the books stand.
fn marginal(ledger: &Ledger<'_, '_, '_>) -> Vec<f64> {
    let coupling = ledger.pricing.coupling;
    let mut rows: Vec<f64> = coupling
        .rows
        .iter()
        .zip(&ledger.sums)
        .map(|(row, sum)| match (row.slack, row.sense) {
            (Some(points), Sense::AtMost) if sum + 1.0 > row.limit + 1e-9 => points,
            (Some(points), Sense::AtLeast) if *sum < row.limit - 1e-9 => -points,
            _ => 0.0,
        })
        .collect();
    // The rows of burdens have limits that the books move: what they cost is seen when a path is weighed.
    let burdens = |sentence: usize| matches!(ledger.pricing.brief.told[sentence].sentence, crate::brief::Sentence::WorstOf { .. });
    rows.iter_mut().zip(&coupling.rows).filter(|(_, row)| burdens(row.sentence)).for_each(|(price, _)| *price = 0.0);
    rows.resize(coupling.len(), 0.0);
    rows
}

/// What a row that is full leaves.
enum Tight {
    /// So much may be added to it.
    Left(f64),
    /// A unit of it costs so many points.
    Dear(f64),
}

/// The rows that are full for the first person of the books. Of mentors: those needs of which one more is one more that is not met.
fn tight(ledger: &Ledger<'_, '_, '_>) -> Vec<(usize, Tight)> {
    let (pricing, coupling) = (ledger.pricing, ledger.pricing.coupling);
    let left = |r: usize| coupling.rows[r].limit - ledger.sums[r];
    let used = |r: &usize| pricing.largest(*r) > 0.0;
    let capped = (0..coupling.rows.len()).filter(|r| pricing.is_tight(*r, left(*r)));
    let short = |more: Option<usize>, period: Period| {
        let needs = |c: usize| ledger.sums[coupling.need_row(c, period)].round() as u32 + u32::from(Some(c) == more);
        shortage(coupling, &needs, period, 1).0
    };
    let now: Table<Period, u32> = pricing.brief.case.calendar.periods().map(|t| short(None, t)).collect();
    let unmet = coupling.supply.as_ref().and_then(|supply| supply.unmet);
    let needed = |r: usize| {
        let (class, period) = coupling.need(r)?;
        (short(Some(class), period) > now[period]).then(|| (r, unmet.map_or(Tight::Left(0.0), Tight::Dear)))
    };
    let needed: Vec<(usize, Tight)> = (coupling.rows.len()..coupling.len()).into_par_iter().filter(used).filter_map(needed).collect();
    capped.map(|r| (r, Tight::Left(left(r)))).chain(needed).collect()
}

/// Prices for the first person of the books at which nothing that is full can be had, but for the seats of a position.
fn room(ledger: &Ledger<'_, '_, '_>, tight: &[(usize, Tight)], but: Option<PositionIx>) -> Prices {
    let (pricing, rows) = (ledger.pricing, &ledger.pricing.coupling.rows);
    let mut prices = pricing.prices(marginal(ledger));
    let open = |r: usize| rows.get(r).is_some_and(|row| matches!(row.subject, Subject::PositionAt(q, _) if Some(q) == but));
    for (r, tight) in tight.iter().filter(|(r, _)| !open(*r)) {
        match tight {
            Tight::Left(left) => prices.block(pricing, *r, *left),
            Tight::Dear(points) => prices.set(pricing, *r, *points),
        }
    }
    prices
}
