//! Large-neighbourhood search: some people are freed, near-optimal paths are listed for them, and an integer program over these
//! paths chooses anew beside everyone else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chacha20::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::super::exact::{Ask, run};
use super::super::model::{Label, Model};
use super::beside::{Group, Start, relax};
use super::bundle::{Bundle, Stand};
use super::ejection::{self, DEAR};
use super::ledger::{BROKEN, Hall, Ledger, shortage, unit};
use super::master::Master;
use super::{Alarm, Search};
use crate::brief::{Sense, Sentence, Stamp};
use crate::pricing::{Column, Prices, Pricing, Scratch};
use crate::words::{Index, Period};

/// People that are freed at once at most.
const MOST_FREED: usize = 60;
/// Paths listed for each beside its columns, and how much dearer they may be at most.
const PATHS: usize = 50;
const WITHIN: f64 = 60.0;
/// Columns this much dearer than the cheapest of their participant are of use.
const POOLED: f64 = 60.0;
/// A column this much dearer than the cheapest of its participant is still wanted.
const WANTED: f64 = 0.01;
/// Paths that someone wants of whom none are known.
const SOME: usize = 5;
/// Paths of all in one integer program, about.
const WAYS: usize = 600;
/// Nodes of one integer program.
const NODES: u32 = 300;
/// Nodes of the program over everyone's paths, which is to prove the optimum.
const ALL_NODES: u32 = 100_000;
/// Programs that are solved side by side, whatever the number of threads, so that it does not matter.
const BATCH: usize = 4;
const MOST_BATCH: usize = 32;
const BATCH_PEOPLE: usize = 200;
/// A neighbourhood is left for now if no more than this share of its cost can be gained: at first, halved as long as most are left,
/// and at last. Its relaxation is near enough when it is this share of that near its bound; later, it is taken exactly.
const WORTH: f64 = 1e-3;
const LEAST_WORTH: f64 = 1e-6;
const NEAR: f64 = 0.5;
/// More people are freed when in more than so many of ten groups nothing can be gained, fewer when in fewer than so many.
const IDLE: usize = 5;
const SPENT: usize = 8;
const BUSY: usize = 2;
const CHANGE: usize = 4;
/// Batches without a better plan after which more is tried.
const GROWTH: usize = 6;
/// Prices are moved on when so many batches close less than this share of the gap.
const CLOSED: f64 = 0.1;
const MOST_EFFORT: usize = 20;
/// How often others make way for someone whose path is dear before everyone is looked at again, and how many more are asked to each
/// time.
const TRIES: u32 = 6;
const MORE: usize = 12;
/// Batches between chains for those whose path is still dear, and for how many of them.
const BETWEEN: usize = 3;
const CHAINS: usize = 4;
/// Batches without a better plan after which the search ends if no time limit is given.
const PATIENCE: usize = 60;
/// The same where another method goes on.
const HANDED_OVER: usize = 12;
/// Paths over all people up to which the integer program over all of them is tried, if nobody has more than their share of that; when
/// so many batches found nothing better, and again when the gap is that much less.
const ENUMERABLE: usize = 30_000;
const STALE: usize = 4;
const CLOSER: f64 = 0.7;
/// The same when more batches found nothing better, whoever has how many: such programs take minutes, in which nothing else is tried.
const UNEVEN: usize = 15_000;
const STUCK: usize = 24;

/// How long a search goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Haste {
    /// Until so many batches in a row found nothing better.
    Batches(usize),
    /// As long as there is hope, and with a time limit to its end.
    None,
}

/// What may be of use: columns of each participant, and sets of needs with too few mentors.
pub(super) struct Pool {
    pub(super) columns: Vec<Vec<Column>>,
    pub(super) halls: Vec<Hall>,
}

impl Pool {
    /// What a bundle knows.
    pub(super) fn of_bundle(bundle: &Bundle<'_, '_, '_>) -> Self {
        let of = |n| bundle.shares(n).map(|(_, column)| column.clone()).collect();
        Self { columns: (0..bundle.members.len()).map(of).collect(), halls: bundle.halls().cloned().collect() }
    }

    /// What the program of everyone knows.
    pub(super) fn of_master(master: &Master<'_, '_, '_>) -> Self {
        let mut columns: Vec<Vec<Column>> = vec![Vec::new(); master.members.len()];
        master.columns.iter().for_each(|(n, column)| columns[*n].push(column.clone()));
        Self { columns, halls: master.halls() }
    }
}

/// Improves the plan until the gap asked for is proven, nothing helps, time is up, or haste ends it.
///
/// `prices`: where prices may be moved on, once batches close little of the gap.
pub(super) fn improve<'p, 'b, 'c>(
    search: &Search<'p, 'b, 'c, '_>,
    pool: &Pool,
    mut prices: Option<(&mut Bundle<'p, 'b, 'c>, Stand)>,
    ledger: &mut Ledger<'p, 'b, 'c>,
    haste: Haste,
) -> Result<(), String> {
    let pricing = search.pricing;
    let n = pricing.len();
    let free = pricing.prices(vec![0.0; pricing.coupling.len()]);
    let look = |columns: &[Vec<Column>]| {
        let scene = Scene::new(search);
        let pooled = scene.within(columns, POOLED);
        let wanted = scene.within(&pooled, WANTED);
        (scene, pooled, wanted)
    };
    let (mut scene, mut pooled, mut wanted) = look(&pool.columns);
    let mut halls: Vec<Hall> = pool.halls.clone();
    let mut dice = ChaCha8Rng::seed_from_u64(search.options.seed.into());
    let least = search.effort.freed.min(n);
    let (mut freed, mut stale) = (least, 0);
    // Below which gap all paths are listed next, and how many there may be, of all and of one.
    let (mut next_gap, mut most) = (f64::INFINITY, [ENUMERABLE, (ENUMERABLE / n.max(1)).max(4)]);
    let mut worth = WORTH;
    let mut visits = vec![0u32; n];
    let mut scratch = Scratch::default();
    // Gaps before the last batches.
    let mut gaps = VecDeque::from([f64::INFINITY; GROWTH]);
    let patience = match haste {
        Haste::Batches(batches) => batches,
        Haste::None if search.hands_over => HANDED_OVER,
        Haste::None if search.options.time_limit.is_some() => usize::MAX,
        Haste::None => PATIENCE,
    };
    let mut batch = 0;
    while !search.ends() && !search.done() && stale < patience && n > 0 {
        batch += 1;
        if batch % BETWEEN == 0 {
            ejection::improve(search, &scene, ledger, CHAINS);
        }
        let regrets = scene.regrets(ledger);
        let cost = ledger.cost();
        let gap = cost.points - search.state.lock().expect("no thread panics with the lock").bound;
        gaps.push_back(gap);
        if gaps.pop_front().is_some_and(|before| gap > (1.0 - CLOSED) * before)
            && let Some((bundle, stand)) = prices.take()
        {
            bundle.raise(search, stand);
            (scene, pooled, wanted) = look(&Pool::of_bundle(bundle).columns);
            continue;
        }
        if stale >= STUCK && most[0] != UNEVEN {
            (next_gap, most) = (f64::INFINITY, [UNEVEN, UNEVEN]);
        }
        if cost.broken <= 1e-6 && gap < next_gap && stale >= STALE && search.effort.exact {
            next_gap = CLOSER * gap;
            if enumerate(search, ledger, &mut halls, gap, most)? {
                continue;
            }
        }
        let users = users(ledger);
        let dear = || (0..n).filter(|n| regrets[*n] > DEAR && visits[*n] < TRIES).collect();
        let urgent: Vec<usize> = if cost.broken > 1e-6 { ledger.breakers() } else { dear() };
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut taken = vec![false; n];
        for _ in 0..(n / BATCH_PEOPLE).clamp(BATCH, MOST_BATCH) {
            let from = if urgent.iter().any(|n| !taken[*n]) { urgent.as_slice() } else { &[] };
            let Some(seed) = seed(&regrets, from, &taken, &visits, &mut dice) else { break };
            visits[seed] += 1;
            if wanted[seed].is_empty() {
                wanted[seed] = scene.wanted(pricing, seed, &mut scratch);
            }
            let around = Around { regrets: &regrets, users: &users, prices: &scene.prices.rows, wanted: &wanted };
            let more = if regrets[seed] > DEAR { MORE * (visits[seed] as usize - 1) } else { 0 };
            groups.push(grow(ledger, &around, seed, (freed + more).min(MOST_FREED.min(n)), &mut taken, &mut dice));
        }
        let near = Near { pooled: &pooled, halls: &halls, free: &free, effort: (1 + stale / GROWTH).min(MOST_EFFORT), worth };
        let solve = |group: &Vec<usize>| again(search, ledger, group, &near);
        let chosen: Vec<Result<Option<Chosen>, String>> = groups.par_iter().map(solve).collect();
        let (mut better, mut idle) = (false, 0);
        for (chosen, group) in chosen.into_iter().zip(&groups) {
            let Some(chosen) = chosen? else {
                idle += 1;
                continue;
            };
            halls.extend(chosen.halls.into_iter().filter(|h| !halls.contains(h)).collect::<Vec<_>>());
            let before = ledger.cost();
            let old = ledger.swap(group.iter().copied().zip(chosen.columns).collect());
            if ledger.cost().better(before) {
                better = true;
            } else {
                ledger.swap(old);
                // Where pricing is not exact, that nothing is found is all that says that nothing can be gained.
                idle += usize::from(!search.effort.exact);
            }
        }
        stale = if better { 0 } else { stale + 1 };
        if better {
            search.keep(ledger);
        }
        if 10 * idle > SPENT * groups.len() {
            worth = (worth / 2.0).max(LEAST_WORTH);
        }
        if 10 * idle > IDLE * groups.len() {
            freed = (freed + CHANGE).min(MOST_FREED.min(n));
        } else if 10 * idle < BUSY * groups.len() {
            freed = freed.saturating_sub(CHANGE).max(least);
        }
    }
    Ok(())
}

/// Prices and cheapest paths that plans are held against.
pub(super) struct Scene {
    pub(super) prices: Prices,
    pub(super) shares: Vec<f64>,
}

impl Scene {
    pub(super) fn new(search: &Search<'_, '_, '_, '_>) -> Self {
        let state = search.state.lock().expect("no thread panics with the lock");
        Self { prices: search.pricing.prices_of(&state.multipliers), shares: state.shares.clone() }
    }

    /// How much more each path costs at the prices than the cheapest.
    pub(super) fn regrets(&self, ledger: &Ledger<'_, '_, '_>) -> Vec<f64> {
        ledger.columns.iter().enumerate().map(|(number, column)| self.regret(number, column)).collect()
    }

    /// Columns that cost so much more than the cheapest at most.
    fn within(&self, lists: &[Vec<Column>], most: f64) -> Vec<Vec<Column>> {
        lists.iter().enumerate().map(|(number, list)| list.iter().filter(|c| self.regret(number, c) < most).cloned().collect()).collect()
    }

    /// The same of one path.
    pub(super) fn regret(&self, number: usize, column: &Column) -> f64 {
        column.value(&self.prices.rows) - self.shares[number]
    }

    /// Some paths of someone that cost little at the prices.
    pub(super) fn wanted(&self, pricing: &Pricing<'_, '_>, number: usize, scratch: &mut Scratch) -> Vec<Column> {
        pricing.several(number, &self.prices, scratch, SOME, WITHIN)
    }
}

/// What every neighbourhood looks at.
struct Near<'a> {
    /// Columns of each participant that were near the relaxation.
    pooled: &'a [Vec<Column>],
    halls: &'a [Hall],
    /// Prices at which no row costs anything.
    free: &'a Prices,
    /// How much more is tried than at first.
    effort: usize,
    /// A neighbourhood is left for now if no more than this share of its cost can be gained.
    worth: f64,
}

/// Solves a neighbourhood: column generation for the group beside the plan of everyone else, then the integer program over its
/// columns and more paths near them. `None` if the relaxation shows that nothing can be gained.
fn again<'p, 'b, 'c>(
    search: &Search<'p, 'b, 'c, '_>,
    ledger: &Ledger<'p, 'b, 'c>,
    group: &[usize],
    near: &Near<'_>,
) -> Result<Option<Chosen>, String> {
    let pricing = search.pricing;
    let mut scratch = Scratch::default();
    let worth = if near.effort == 1 { near.worth } else { LEAST_WORTH };
    let first = Start { pooled: near.pooled, near: if worth > LEAST_WORTH { worth * NEAR } else { 0.0 }, rough: near.effort == 1, worth };
    let program = Master::beside(ledger, search.options.seed, group, near.halls);
    let Some(relaxed) = relax(search, near.free, program, ledger, &first, &mut scratch) else { return Ok(None) };
    let Group { master, relaxed, prices, bound, current } = relaxed;
    let shares = relaxed.shares;
    let gap = current - bound;
    let mut ways: Vec<Vec<(f64, Column)>> = group.iter().map(|_| Vec::new()).collect();
    let place = |number: usize| group.binary_search(&number).expect("a member");
    for (number, column) in &master.columns {
        let reduced = pricing.value(*number, column, &prices) - shares[place(*number)];
        ways[place(*number)].push((reduced, column.clone()));
    }
    for (i, number) in group.iter().enumerate() {
        let found = pricing.several(*number, &prices, &mut scratch, PATHS * near.effort, gap.min(WITHIN));
        ways[i].extend(found.into_iter().map(|c| (pricing.value(*number, &c, &prices) - shares[i], c)));
    }
    let mut all: Vec<f64> = ways.iter().flatten().map(|(reduced, _)| *reduced).filter(|r| *r <= gap).collect();
    all.sort_by(f64::total_cmp);
    let most = all.get(WAYS * near.effort).copied().unwrap_or(gap).min(gap);
    let ways: Vec<Vec<Column>> = ways
        .into_iter()
        .zip(group)
        .map(|(mut list, number)| {
            list.sort_by(|a, b| a.0.total_cmp(&b.0));
            let near = list.into_iter().filter(|(reduced, _)| *reduced <= most).map(|(_, c)| c);
            distinct(std::iter::once(ledger.columns[*number].clone()).chain(near).collect())
        })
        .collect();
    choose(search, ledger, group, &ways, near.halls, NODES * near.effort as u32)
}

/// Every path whose reduced cost is below the gap, for everyone, and the integer program over all of them, if so many paths at most are
/// listed of all and of one: its optimum is then the optimum. Whether a better plan or a proof came of it.
pub(super) fn enumerate(
    search: &Search<'_, '_, '_, '_>,
    ledger: &mut Ledger<'_, '_, '_>,
    halls: &mut Vec<Hall>,
    gap: f64,
    [mut left, most]: [usize; 2],
) -> Result<bool, String> {
    let pricing = search.pricing;
    let n = pricing.len();
    let (multipliers, bound) = {
        let state = search.state.lock().expect("no thread panics with the lock");
        (state.multipliers.clone(), state.bound)
    };
    let prices = pricing.prices_of(&multipliers);
    let mut ways: Vec<Vec<Column>> = Vec::new();
    let numbers: Vec<usize> = (0..n).collect();
    for part in numbers.chunks(16) {
        if search.ends() {
            return Ok(false);
        }
        let list = |scratch: &mut Scratch, n: &usize| pricing.every(*n, &prices, scratch, most.min(left), gap + 1e-6);
        let found: Option<Vec<Vec<Column>>> = part.par_iter().map_init(Scratch::default, list).collect();
        let Some(found) = found else { return Ok(false) };
        let listed: usize = found.iter().map(Vec::len).sum();
        if listed > left {
            return Ok(false);
        }
        left -= listed;
        ways.extend(found);
    }
    for (number, list) in ways.iter_mut().enumerate() {
        list.insert(0, ledger.columns[number].clone());
        *list = distinct(std::mem::take(list));
    }
    let before = ledger.cost();
    loop {
        let known = halls.len();
        let Some(chosen) = choose(search, ledger, &numbers, &ways, halls, ALL_NODES)? else { return Ok(false) };
        halls.extend(chosen.halls.into_iter().filter(|h| !halls.contains(h)).collect::<Vec<_>>());
        let old = ledger.swap(numbers.iter().copied().zip(chosen.columns).collect());
        let now = ledger.cost();
        if now.broken > 1e-6 && halls.len() > known {
            ledger.swap(old);
            continue;
        }
        if !now.better(before) {
            ledger.swap(old);
        }
        search.keep(ledger);
        if now.broken <= 1e-6 {
            // A plan with a path that is not listed costs at least the bound plus the gap.
            search.prove((bound + gap).min(now.points - chosen.open));
        }
        return Ok(chosen.proven || now.better(before));
    }
}

fn distinct(mut ways: Vec<Column>) -> Vec<Column> {
    let mut seen = BTreeSet::new();
    ways.retain(|c| seen.insert(c.choices.clone()));
    ways
}

/// Per priced row: who uses it.
pub(super) fn users(ledger: &Ledger<'_, '_, '_>) -> Vec<Vec<u32>> {
    let mut users = vec![Vec::new(); ledger.sums.len()];
    for (number, column) in ledger.columns.iter().enumerate() {
        column.terms.iter().for_each(|(r, _)| users[*r as usize].push(number as u32));
    }
    users
}

/// What a choice of people looks at.
pub(super) struct Around<'a> {
    pub(super) regrets: &'a [f64],
    pub(super) users: &'a [Vec<u32>],
    pub(super) prices: &'a [f64],
    /// Per participant: columns that cost no more than the cheapest.
    pub(super) wanted: &'a [Vec<Column>],
}

/// Someone who pays much more than their share, among those for whom it is urgent if there are any.
fn seed(regrets: &[f64], urgent: &[usize], taken: &[bool], visits: &[u32], dice: &mut ChaCha8Rng) -> Option<usize> {
    let heat = |n: usize| (regrets[n].max(0.0) + 0.1) / f64::from(1 + visits[n]);
    let all: Vec<usize> = if urgent.is_empty() { (0..regrets.len()).collect() } else { urgent.to_vec() };
    let free: Vec<usize> = all.into_iter().filter(|n| !taken[*n]).collect();
    let total: f64 = free.iter().map(|n| heat(*n)).sum();
    let mut left = dice.random::<f64>() * total;
    let found = free.iter().copied().find(|n| {
        left -= heat(*n);
        left <= 0.0
    });
    found.or(free.last().copied())
}

/// People to free around one: those who hold what has a price near their path.
pub(super) fn grow(
    ledger: &Ledger<'_, '_, '_>,
    around: &Around<'_>,
    seed: usize,
    size: usize,
    taken: &mut [bool],
    dice: &mut ChaCha8Rng,
) -> Vec<usize> {
    let Around { regrets, users, prices, .. } = *around;
    let mut group = vec![seed];
    taken[seed] = true;
    let mut at = 0;
    while group.len() < size && at < group.len() {
        let member = group[at];
        at += 1;
        let mut near: Vec<(f64, usize)> = Vec::new();
        // What they hold, and what they would hold if they could choose at the prices.
        let held = std::iter::once(&ledger.columns[member]).chain(around.wanted[member].iter());
        let rows: BTreeSet<u32> = held.flat_map(|c| c.terms.iter().map(|(r, _)| *r)).collect();
        let mut score: BTreeMap<usize, f64> = BTreeMap::new();
        for r in rows.iter().filter(|r| prices[**r as usize].abs() > 1e-9 && users[**r as usize].len() < 400) {
            for other in &users[*r as usize] {
                if !taken[*other as usize] {
                    *score.entry(*other as usize).or_default() += prices[*r as usize].abs().min(100.0);
                }
            }
        }
        near.extend(score.into_iter().map(|(other, score)| ((score + regrets[other].max(0.0)) * (0.3 + dice.random::<f64>()), other)));
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, other) in near.into_iter().take(6) {
            if group.len() < size && !taken[other] {
                taken[other] = true;
                group.push(other);
            }
        }
    }
    while group.len() < size {
        let free: Vec<usize> = (0..regrets.len()).filter(|n| !taken[*n]).collect();
        if free.is_empty() {
            break;
        }
        let pick = free[((dice.random::<f64>() * free.len() as f64) as usize).min(free.len() - 1)];
        taken[pick] = true;
        group.push(pick);
    }
    group.sort_unstable();
    group
}

/// What an integer program chose.
struct Chosen {
    columns: Vec<Column>,
    /// Sets of needs that turned out to have too few mentors.
    halls: Vec<Hall>,
    proven: bool,
    /// How much cheaper another choice could be.
    open: f64,
}

/// One path for each of a group, the rest of the plan as it is.
fn choose(
    search: &Search<'_, '_, '_, '_>,
    ledger: &Ledger<'_, '_, '_>,
    group: &[usize],
    ways: &[Vec<Column>],
    halls: &[Hall],
    nodes: u32,
) -> Result<Option<Chosen>, String> {
    let pricing = search.pricing;
    let coupling = pricing.coupling;
    let supply = coupling.supply.as_ref();
    let mut model = Model::default();
    let mut rows: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    let mut others: FxHashMap<usize, f64> = FxHashMap::default();
    for (i, number) in group.iter().enumerate() {
        let p = pricing.participant(*number);
        let mut one = Vec::new();
        for (w, way) in ways[i].iter().enumerate() {
            let column = model.column(way.points, 1.0, true, Label::Path(p, w));
            one.push((column, 1.0));
            way.terms.iter().for_each(|(r, c)| rows.entry(*r as usize).or_default().push((column, *c)));
        }
        model.equal(one, 1.0, Label::Path(p, usize::MAX));
        ledger.columns[*number].terms.iter().for_each(|(r, c)| *others.entry(*r as usize).or_default() += c);
    }
    let rest = |r: usize| ledger.sums[r] - others.get(&r).copied().unwrap_or(0.0);
    // Slacks that rows share cost what the rows of the others need at least.
    let mut slacks: BTreeMap<usize, Option<usize>> = BTreeMap::new();
    for (r, terms) in rows.iter().filter(|(r, _)| **r < coupling.rows.len()) {
        let row = &coupling.rows[*r];
        let rule = pricing.brief.told[row.sentence].rule;
        let label = Label::Of(rule, row.subject);
        let slack = *slacks.entry(row.shared).or_insert_with(|| {
            // A hard row that the plan breaks now may stay broken, at a high price.
            let broken = ledger.breaks(row.shared);
            match row.slack {
                Some(points) => Some(model.column(points, f64::INFINITY, false, label)),
                None if broken => Some(model.column(BROKEN / unit(pricing, *r), f64::INFINITY, false, label)),
                None => None,
            }
        });
        let mut terms = terms.clone();
        let limit = row.limit - rest(*r);
        match row.sense {
            Sense::AtMost => {
                terms.extend(slack.map(|s| (s, -1.0)));
                model.at_most(terms, limit, label);
            }
            Sense::AtLeast => {
                terms.extend(slack.map(|s| (s, 1.0)));
                model.at_least(terms, limit, label);
            }
        }
    }
    for (shared, slack) in &slacks {
        if let Some(slack) = slack {
            let least = ledger.off_without(*shared, &|r| rows.contains_key(&r));
            if least > 0.0 {
                model.at_least(vec![(*slack, 1.0)], least, model.columns[*slack].label);
            }
        }
    }
    let mut shorts: BTreeMap<Period, usize> = BTreeMap::new();
    let mut limited = |model: &mut Model, hall: &Hall| {
        let mut terms: Vec<(usize, f64)> = Vec::new();
        for class in &hall.classes {
            terms.extend(rows.get(&coupling.need_row(*class, hall.period)).into_iter().flatten());
        }
        if terms.is_empty() {
            return;
        }
        let used: f64 = hall.classes.iter().map(|c| rest(coupling.need_row(*c, hall.period))).sum();
        let sentence = supply.map_or(0, |s| s.sentence);
        let label = Label::Of(pricing.brief.told[sentence].rule, crate::domain::Subject::MentorsAt(hall.period));
        let points = supply.and_then(|s| s.unmet).unwrap_or(BROKEN);
        let short = *shorts.entry(hall.period).or_insert_with(|| model.column(points, f64::INFINITY, false, label));
        terms.push((short, -1.0));
        model.at_most(terms, f64::from(hall.capacity) - used, label);
    };
    halls.iter().for_each(|hall| limited(&mut model, hall));
    quorate(search, ledger, group, ways, &mut model);
    let mut found: Vec<Hall> = Vec::new();
    for _ in 0..6 {
        let mut hint = vec![0.0; model.columns.len()];
        let mut first = 0;
        for list in ways {
            hint[first] = 1.0;
            first += list.len();
        }
        let mut alarm = Alarm { clock: search.clock, stop: search.stop };
        let options = super::super::Options { node_limit: Some(nodes), ..search.options.clone() };
        let ask = Ask {
            options: &options,
            clock: &search.clock,
            gap: if nodes >= ALL_NODES { search.options.gap } else { 1e-4 },
            relaxed: false,
            hint: Some(&hint),
            brisk: nodes < ALL_NODES,
        };
        let solved = run(&model, &ask, &mut alarm)?;
        let Some(values) = &solved.values else { return Ok(None) };
        let mut first = 0;
        let mut columns = Vec::new();
        for list in ways {
            let of = |w: &usize| values[first + w];
            let best = (0..list.len()).max_by(|a, b| of(a).total_cmp(&of(b)).then(b.cmp(a))).expect("at least the path they have");
            columns.push(list[best].clone());
            first += list.len();
        }
        // Mentors are looked at afterwards: a set of needs with too few becomes a row.
        let mut fresh: Vec<Hall> = Vec::new();
        if supply.is_some() {
            let mut needs: FxHashMap<usize, f64> = FxHashMap::default();
            let mut periods: BTreeSet<Period> = BTreeSet::new();
            for (r, c) in columns.iter().flat_map(|c| &c.terms).filter(|(r, _)| coupling.need(*r as usize).is_some()) {
                *needs.entry(*r as usize).or_default() += c;
                periods.extend(coupling.need(*r as usize).map(|(_, t)| t));
            }
            for period in periods {
                let of = |class: usize| {
                    let r = coupling.need_row(class, period);
                    (rest(r) + needs.get(&r).copied().unwrap_or(0.0)).round() as u32
                };
                if let (_, Some(hall)) = shortage(coupling, &of, period, 1)
                    && !halls.contains(&hall)
                    && !found.contains(&hall)
                {
                    fresh.push(hall);
                }
            }
        }
        if fresh.is_empty() {
            let proven = solved.verdict == super::Verdict::Proven;
            return Ok(Some(Chosen { columns, halls: found, proven, open: (solved.objective - solved.bound).max(0.0) }));
        }
        for hall in fresh {
            limited(&mut model, &hall);
            found.push(hall);
        }
    }
    Ok(None)
}

/// All or none: places in periods that the group may use and too few others do.
fn quorate(search: &Search<'_, '_, '_, '_>, ledger: &Ledger<'_, '_, '_>, group: &[usize], ways: &[Vec<Column>], model: &mut Model) {
    let pricing = search.pricing;
    for (q, sentence) in pricing.coupling.quorate.iter().enumerate() {
        let told = &pricing.brief.told[*sentence];
        let Sentence::AllOrNone { place, subject, min } = &told.sentence else { continue };
        let at = |column: &Column| {
            let cells = column.choices.iter().flat_map(|c| c.periods(pricing.brief.case).map(move |t| (place(c), t.index())));
            cells.collect::<Vec<_>>()
        };
        let mut terms: BTreeMap<(usize, usize), Vec<(usize, f64)>> = BTreeMap::new();
        let mut own: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        let mut first = 0;
        for (i, number) in group.iter().enumerate() {
            for (w, way) in ways[i].iter().enumerate() {
                at(way).into_iter().for_each(|cell| terms.entry(cell).or_default().push((first + w, 1.0)));
            }
            at(&ledger.columns[*number]).into_iter().for_each(|cell| *own.entry(cell).or_default() += 1);
            first += ways[i].len();
        }
        for (cell, terms) in terms {
            let others = ledger.present(q, cell) - own.get(&cell).copied().unwrap_or(0);
            if others >= *min {
                continue;
            }
            let label = Label::Of(told.rule, subject(cell.0, Period::new(cell.1)));
            let (others, min, most) = (f64::from(others), f64::from(*min), group.len() as f64);
            // used = 1 if anybody is there; few = 1 if they are fewer than the minimum.
            let used = model.column(0.0, 1.0, true, label);
            let few = match told.stamp {
                Stamp::Soft(weight) => Some(model.column(weight, 1.0, true, label)),
                Stamp::Hard => None,
            };
            let mut all: Vec<(usize, f64)> = terms.clone();
            all.push((used, -(most + others)));
            model.at_most(all, -others, label);
            let mut enough = terms;
            enough.push((used, -min));
            enough.extend(few.map(|f| (f, min)));
            model.at_least(enough, -others, label);
        }
    }
}
