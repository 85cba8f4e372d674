//! Column generation: large cohorts, with a bound that anyone can check.
//!
//! The program over whole paths (Dantzig & Wolfe 1960) is solved by pricing: prices on the rows that couple paths, the cheapest
//! path of everyone at these prices, new columns, new prices (Desaulniers, Desrosiers & Solomon 2005). The steps:
//!
//! 1. [`bundle`]: prices, columns and fractions by a proximal bundle method with a model for each participant, and no linear
//!    program; for a sample of the people first where there are many;
//! 2. with few people [`generate`](Search::generate): the restricted master's duals, smoothed towards the best prices so far
//!    (Wentges 1997), until the Lagrangian bound meets the master;
//! 3. [`dive`]: a plan from the fractions, a few people at a time, with new prices for everyone else, and again around those who
//!    found no good place;
//! 4. [`ejection`] chains (Glover 1996) make room for those who still have none, here and between batches of 5; [`ruin`] improves what many share, and meets hard
//!    demands that nobody meets (where penalties lead the search for paths, in turns with what follows);
//! 5. [`improve`](neighbourhood::improve): large-neighbourhood search (Shaw 1998; over columns: Maher & Rönnberg 2023): some
//!    people are freed; column generation beside the plan of everyone else shows whether anything can be gained, and a small
//!    integer program over what it found chooses anew; once that gains little, and there was no master, the bundle moves its prices
//!    on;
//! 6. [`enumerate`](neighbourhood::enumerate): once every path whose reduced cost is below the gap can be listed, the integer program over
//!    these paths proves the optimum (Baldacci, Christofides & Mingozzi 2008).
//!
//! At every moment there is a best plan and a best bound. The bound is Lagrangian and its multipliers are kept: they are the
//! certificate.

mod beside;
mod bundle;
mod dive;
mod ejection;
mod exchange;
mod ledger;
mod master;
mod neighbourhood;
mod place;
mod ruin;

pub(super) use exchange::exchanges;
pub use exchange::{Exchange, Exchanges};
pub use place::Way;
pub(super) use place::ways;

use std::sync::Mutex;

use super::highs::{Report, Watch};
use super::{Clock, Listener, Method, Options, Paths, Progress, Solved, Start, Stop, Verdict, gap};
use crate::brief::{Brief, Choice};
use crate::domain::ParticipantIx;
use crate::pricing::{Ceiling, Cheapest, Column, Coupling, Multipliers, Prices, Pricing};
use crate::words::Table;
use bundle::Bundle;
use ledger::{Cost, Ledger};
use master::{Master, Relaxed};
use neighbourhood::{Haste, Pool, Scene};

/// Share of the best prices in those that are tried next.
const SMOOTHING: f64 = 0.5;
/// Shares of a time limit after which the first prices are left, and no more columns are generated: the search needs the rest.
const WARMING: f64 = 0.35;
const GENERATING: f64 = 0.5;
/// The master is left when bound and relaxation are this near.
const RELAXED_GAP: f64 = 1e-7;
/// Batches without a better plan after which a search that began near the end looks for better prices.
const HASTE: usize = 6;
/// The same before ruin and recreate has its turn.
const TURN: usize = 3;
/// Columns this much dearer than the cheapest are remembered.
const POOLED: f64 = 5.0;
/// With more people than this there is no master over everyone: what it gains in the plan costs more than it is worth.
const MANY: usize = 400;
/// With more people than this for a position, what one of them leaves suits another.
const CROWDED: usize = 10;

/// What is tried before the search goes on.
struct Effort {
    /// Epochs of the bundle before the first look at what prices prove, and such looks at most.
    epochs: usize,
    looks: usize,
    /// Rounds of column generation for a neighbourhood, and people who are freed at first.
    rounds: usize,
    freed: usize,
    /// Pricing finds the cheapest paths, and their bounds are what they cost. Else what prices prove says little of the prices; no
    /// master over everyone ends, nor are all paths listed; and who begins with no penalties proves another bound.
    exact: bool,
}

const USUAL: Effort = Effort { epochs: 5, looks: 60, rounds: 40, freed: 24, exact: true };
/// Where penalties lead the search for paths, it takes long.
const LED: Effort = Effort { epochs: 12, looks: 16, rounds: 8, freed: 8, exact: false };

impl Effort {
    fn of(pricing: &Pricing<'_, '_>) -> &'static Self {
        if pricing.is_led() { &LED } else { &USUAL }
    }
}

/// Share of a bound that may be lost by rounding, where the next whole number is proven.
const ROUNDING: f64 = 1e-9;
/// How many times as long as the first pricing the last one may take.
const RESERVED: f64 = 1.5;

/// Solves the brief until the gap asked for, or until nothing helps, or a limit. Starts from `start` if it is given.
///
/// # Errors
/// If HiGHS fails in a way that is neither a limit nor infeasibility.
pub(super) fn solve(brief: &Brief<'_>, options: &Options, start: &Start, listener: &Listener<'_>, stop: &Stop) -> Result<Solved, String> {
    if !brief.caps.is_empty() {
        return Err("the column method keeps no upper bound on the points of a rule".to_owned());
    }
    super::pooled(options.threads, || {
        let clock = Clock::start(options.time_limit);
        let coupling = Coupling::new(brief);
        let ends = || clock.ended(stop);
        let Some(mut pricing) = Pricing::new(brief, &coupling, &ends) else { return Ok(nothing(&clock, Verdict::Stopped)) };
        if let Some(stay) = &start.stay {
            pricing.charge_changes(&stay.kept, stay.points, stay.counted.map(|sentence| coupling.row(sentence, 0)));
        }
        let search = Search {
            pricing: &pricing,
            options,
            near: start.near,
            hands_over: start.hands_over,
            clock,
            listener,
            stop,
            effort: Effort::of(&pricing),
            whole: pricing.is_whole(),
            state: Mutex::new(State::new(&coupling)),
        };
        match &start.multipliers {
            Some(multipliers) => search.go_on(start, multipliers),
            None => search.run(start.paths.as_ref()),
        }
    })
}

/// One search.
pub(super) struct Search<'s, 'b, 'c, 'l> {
    pricing: &'s Pricing<'b, 'c>,
    options: &'s Options,
    /// A gap of fewer points is good enough.
    near: f64,
    /// Another method goes on where little helps.
    hands_over: bool,
    clock: Clock,
    listener: &'s Listener<'l>,
    stop: &'s Stop,
    effort: &'static Effort,
    /// Whether every plan costs a whole number of points.
    whole: bool,
    state: Mutex<State>,
}

/// Stops a program when time is up or someone asks.
struct Alarm<'a> {
    clock: Clock,
    stop: &'a Stop,
}

impl Watch for Alarm<'_> {
    fn asked_to_stop(&mut self) -> bool {
        self.clock.ended(self.stop)
    }

    fn report(&mut self, _: Report) {}
}

/// The best so far.
struct State {
    /// What the multipliers prove.
    bound: f64,
    /// What is proven beyond that, by listing paths.
    proven: f64,
    multipliers: Multipliers,
    /// Cheapest path values at the multipliers of the bound.
    shares: Vec<f64>,
    incumbent: Option<f64>,
    columns: Vec<Column>,
    /// Paths that the relaxation was made of.
    pool: Vec<(ParticipantIx, Vec<Choice>)>,
    rounds: u64,
    /// Seconds that the first pricing of everyone took.
    pricing: f64,
    size: (usize, usize),
}

impl State {
    fn new(coupling: &Coupling) -> Self {
        Self {
            bound: f64::NEG_INFINITY,
            proven: f64::NEG_INFINITY,
            multipliers: Multipliers::none(coupling),
            shares: Vec::new(),
            incumbent: None,
            columns: Vec::new(),
            pool: Vec::new(),
            rounds: 0,
            pricing: 0.0,
            size: (0, 0),
        }
    }
}

/// Why there is nothing to go on with.
enum Ended {
    /// Someone has no path.
    Infeasible,
    /// Time was up, or somebody's search for a path was cut short.
    Stopped,
}

fn nothing(clock: &Clock, verdict: Verdict) -> Solved {
    Solved {
        method: Method::Columns,
        verdict,
        paths: None,
        objective: None,
        bound: None,
        nodes: 0,
        size: (0, 0),
        root_bound: None,
        seconds: clock.seconds(),
        multipliers: None,
        columns: Vec::new(),
    }
}

impl<'s, 'b, 'c> Search<'s, 'b, 'c, '_> {
    fn run(&self, start: Option<&Paths>) -> Result<Solved, String> {
        let own = start.and_then(|paths| self.columns(paths)).map(|columns| Ledger::new(self.pricing, columns));
        own.iter().for_each(|ledger| self.keep(ledger));
        let mut bundle = match bundle::relax(self, None) {
            Ok(bundle) => bundle,
            Err(Ended::Infeasible) => return Ok(nothing(&self.clock, Verdict::Infeasible)),
            Err(Ended::Stopped) => return Ok(self.solved()),
        };
        own.iter().flat_map(|ledger| ledger.columns.iter().cloned().enumerate()).for_each(|(n, column)| bundle.offer(n, Some(column)));
        let stand = bundle.stand();
        let (dived, pool) = self.dive(&mut bundle);
        if let Some(mut ledger) = dived {
            self.settle(&mut ledger);
            if let Some(own) = own.filter(|own| own.cost().better(ledger.cost())) {
                ledger = own;
            }
            self.take_turns(&pool, &mut ledger)?;
            // Without a master, prices are not the best yet.
            let raised = (self.pricing.len() > MANY && self.effort.exact).then_some((&mut bundle, stand));
            neighbourhood::improve(self, &pool, raised, &mut ledger, Haste::None)?;
        }
        Ok(self.solved())
    }

    /// A plan from a bundle, and the columns that may be of use in better ones.
    fn dive(&self, bundle: &mut Bundle<'s, 'b, 'c>) -> (Option<Ledger<'s, 'b, 'c>>, Pool) {
        let (ledger, pool) = if self.pricing.len() > MANY || !self.effort.exact {
            let ledger = dive::decide(self, bundle);
            (ledger, Pool::of_bundle(bundle))
        } else {
            let mut master = bundle.master(self.options.seed);
            // A plan that is there soon; what the program gives is mostly better.
            let soon = dive::decide(self, bundle);
            soon.iter().for_each(|ledger| self.keep(ledger));
            let columns = self.generate(&mut master).and_then(|relaxed| dive::dive(self, &master, relaxed));
            (columns.map(|columns| Ledger::new(self.pricing, columns)).or(soon), Pool::of_master(&master))
        };
        self.pool(&pool);
        ledger.iter().for_each(|ledger| self.keep(ledger));
        (ledger, pool)
    }

    /// Makes room for whoever found none.
    fn settle(&self, ledger: &mut Ledger<'s, 'b, 'c>) {
        if self.ends() || self.done() {
            return;
        }
        ejection::improve(self, &Scene::new(self), ledger, usize::MAX);
        if self.pricing.len() > CROWDED * self.pricing.brief.case.positions.len() || !self.effort.exact {
            ruin::improve(self, ledger);
        }
    }

    /// Where penalties lead the search for paths: neighbourhoods, and ruin and recreate again, as long as both together find better plans.
    fn take_turns(&self, pool: &Pool, ledger: &mut Ledger<'s, 'b, 'c>) -> Result<(), String> {
        while !self.effort.exact && !self.ends() && !self.done() {
            let before = ledger.cost();
            neighbourhood::improve(self, pool, None, ledger, Haste::Batches(TURN))?;
            let mut other = ledger.clone();
            ruin::improve(self, &mut other);
            if other.cost().better(ledger.cost()) {
                *ledger = other;
            }
            if !ledger.cost().better(before) {
                break;
            }
        }
        Ok(())
    }

    /// From the paths and prices of an earlier search: everyone is priced once there, whoever has to gets another path, and what
    /// is left to gain is sought near by, at last as from nothing.
    fn go_on(&self, start: &Start, multipliers: &Multipliers) -> Result<Solved, String> {
        let mut from = multipliers.clone();
        from.clip(self.pricing.coupling);
        let Some((found, bound)) = self.priced(&from) else { return Ok(self.solved()) };
        if bound == f64::INFINITY {
            return Ok(nothing(&self.clock, Verdict::Infeasible));
        }
        let path = |n: usize| start.paths.as_ref().and_then(|paths| self.pricing.column(n, &paths[self.pricing.participant(n)]));
        let kept: Vec<Option<Column>> = (0..self.pricing.len()).map(path).collect();
        let homeless: Vec<usize> = (0..kept.len()).filter(|n| kept[*n].is_none()).collect();
        let idle = |n: usize| self.pricing.column(n, &[]);
        let given = |(n, column): (usize, Option<Column>)| column.or_else(|| found[n].path.clone()).or_else(|| idle(n));
        let Some(columns) = kept.into_iter().enumerate().map(given).collect::<Option<Vec<Column>>>() else { return self.run(start.paths.as_ref()) };
        let mut pool = Pool { columns: columns.iter().map(|c| vec![c.clone()]).collect(), halls: Vec::new() };
        found.into_iter().enumerate().for_each(|(n, cheapest)| pool.columns[n].extend(cheapest.path));
        let numbers: std::collections::HashMap<ParticipantIx, usize> = (0..self.pricing.len()).map(|n| (self.pricing.participant(n), n)).collect();
        for (p, choices) in &start.columns {
            if let Some((n, column)) = numbers.get(p).and_then(|n| Some((*n, self.pricing.column(*n, choices)?))) {
                pool.columns[n].push(column);
            }
        }
        let mut ledger = Ledger::new(self.pricing, columns);
        self.keep(&ledger);
        ejection::settle(self, &mut ledger, &homeless);
        self.keep(&ledger);
        self.pool(&pool);
        if self.ends() || self.done() {
            return Ok(self.solved());
        }
        neighbourhood::improve(self, &pool, None, &mut ledger, Haste::Batches(HASTE))?;
        if !self.ends() && !self.done() {
            let Ok(mut bundle) = bundle::relax(self, Some(&from)) else { return Ok(self.solved()) };
            pool.columns.into_iter().enumerate().for_each(|(n, list)| list.into_iter().for_each(|column| bundle.offer(n, Some(column))));
            let (dived, pool) = self.dive(&mut bundle);
            if let Some(mut dived) = dived {
                self.settle(&mut dived);
                if dived.cost().better(ledger.cost()) {
                    ledger = dived;
                }
            }
            if !self.ends() && !self.done() {
                neighbourhood::improve(self, &pool, None, &mut ledger, Haste::None)?;
            }
        }
        Ok(self.solved())
    }

    /// Remembers the paths that cost little more than the cheapest at the prices.
    fn pool(&self, pool: &Pool) {
        let scene = Scene::new(self);
        let near = |n: usize, c: &Column| scene.regret(n, c) < POOLED;
        let of =
            |(n, list): (usize, &Vec<Column>)| list.iter().filter(|c| near(n, c)).map(|c| (c.participant, c.choices.clone())).collect::<Vec<_>>();
        let all = pool.columns.iter().enumerate().flat_map(of).collect();
        self.state.lock().expect("no thread panics with the lock").pool = all;
    }

    /// Whether to stop at once, with time left for what must be done at last.
    fn ends(&self) -> bool {
        self.clock.ended(self.stop) || (!self.effort.exact && self.left() < self.reserved())
    }

    /// Seconds that the bound of a plan takes at last: no plan, no bound.
    fn reserved(&self) -> f64 {
        let state = self.state.lock().expect("no thread panics with the lock");
        if state.incumbent.is_some() { RESERVED * state.pricing } else { 0.0 }
    }

    /// Whether this share of the time limit is over.
    fn past(&self, share: f64) -> bool {
        self.options.time_limit.is_some_and(|limit| self.clock.seconds() > share * limit.as_secs_f64())
    }

    /// Whether the gap asked for is proven.
    fn done(&self) -> bool {
        let state = self.state.lock().expect("no thread panics with the lock");
        let proven = state.bound.max(state.proven);
        state.incumbent.is_some_and(|objective| gap(objective, proven) <= self.options.gap || objective - proven < self.near)
    }

    fn left(&self) -> f64 {
        self.clock.left().unwrap_or(1e9)
    }

    /// Cheapest paths of everyone at multipliers, which then count for the bound. `None` if time is up.
    fn priced(&self, multipliers: &Multipliers) -> Option<(Vec<Cheapest>, f64)> {
        self.priced_below(multipliers, &self.pricing.prices_of(multipliers), &vec![Ceiling::NONE; self.pricing.len()])
    }

    /// The same at their prices, where only paths count that cost less than a known one each, as the ceilings say.
    fn priced_below(&self, multipliers: &Multipliers, prices: &Prices, ceilings: &[Ceiling<'_>]) -> Option<(Vec<Cheapest>, f64)> {
        let before = self.clock.seconds();
        let mut found = Vec::with_capacity(self.pricing.len());
        let numbers: Vec<usize> = (0..self.pricing.len()).collect();
        for part in numbers.chunks(2_000) {
            if self.ends() {
                return None;
            }
            found.extend(self.pricing.all_below(part, prices, &ceilings[part[0]..]));
        }
        self.pricing.learn(&numbers, &found);
        let bound = self.pricing.bound_of(multipliers, &found);
        let mut state = self.state.lock().expect("no thread panics with the lock");
        if state.rounds == 0 {
            state.pricing = self.clock.seconds() - before;
        }
        state.rounds += 1;
        if bound > state.bound {
            state.bound = bound;
            state.multipliers = multipliers.clone();
            state.shares = found.iter().map(|c| c.bound).collect();
            if self.whole {
                let next = (bound - ROUNDING * bound.abs().max(1.0)).ceil();
                state.proven = state.proven.max(next.min(state.incumbent.unwrap_or(f64::INFINITY)));
            }
        }
        drop(state);
        self.tell();
        Some((found, bound))
    }

    /// Column generation proper.
    fn generate(&self, master: &mut Master<'_, '_, '_>) -> Option<Relaxed> {
        let mut last = None;
        loop {
            if self.ends() || self.past(GENERATING) {
                return last;
            }
            let mut watching = Alarm { clock: self.clock, stop: self.stop };
            let Some(relaxed) = master.solve(&mut watching, &|| self.left()) else { return last };
            let (bound, best) = {
                let mut state = self.state.lock().expect("no thread panics with the lock");
                state.size = (master.columns.len(), master.rows());
                (state.bound, state.multipliers.clone())
            };
            if relaxed.objective - bound <= RELAXED_GAP * relaxed.objective.abs().max(1.0) {
                return Some(relaxed);
            }
            let mut smoothing = SMOOTHING;
            let mut any = false;
            // Smoothed prices may miss what the master's own prices find.
            while !any {
                let mut tried = relaxed.multipliers.clone();
                tried.0.iter_mut().zip(&best.0).for_each(|(m, b)| *m = smoothing * b + (1.0 - smoothing) * *m);
                tried.clip(self.pricing.coupling);
                let Some((found, _)) = self.priced(&tried) else { return Some(relaxed) };
                for (n, cheapest) in found.into_iter().enumerate() {
                    if let Some(column) = cheapest.path {
                        any |= master.add(n, &column);
                    }
                }
                if smoothing == 0.0 {
                    break;
                }
                smoothing = if smoothing > 0.2 { smoothing / 2.0 } else { 0.0 };
            }
            if !any {
                return Some(relaxed);
            }
            last = Some(relaxed);
        }
    }

    /// Keeps a plan if it is legal and the best.
    fn keep(&self, ledger: &Ledger<'_, '_, '_>) {
        let Cost { points, broken } = ledger.cost();
        if broken > 1e-6 {
            return;
        }
        let mut state = self.state.lock().expect("no thread panics with the lock");
        if state.incumbent.is_none_or(|before| points < before) {
            state.incumbent = Some(points);
            state.columns.clone_from(&ledger.columns);
            drop(state);
            self.tell();
        }
    }

    /// The columns of given paths; `None` if some path breaks what is hard along it.
    fn columns(&self, paths: &Paths) -> Option<Vec<Column>> {
        (0..self.pricing.len()).map(|n| self.pricing.column(n, &paths[self.pricing.participant(n)])).collect()
    }

    fn tell(&self) {
        let state = self.state.lock().expect("no thread panics with the lock");
        let progress = Progress {
            seconds: self.clock.seconds(),
            incumbent: state.incumbent,
            bound: state.bound.is_finite().then(|| state.bound.max(state.proven).min(state.incumbent.unwrap_or(f64::INFINITY))),
            nodes: state.rounds,
        };
        drop(state);
        if let Ok(mut listener) = self.listener.lock() {
            listener(progress);
        }
    }

    /// A bound that multipliers alone do not prove.
    fn prove(&self, bound: f64) {
        let mut state = self.state.lock().expect("no thread panics with the lock");
        state.proven = state.proven.max(bound.min(state.incumbent.unwrap_or(f64::INFINITY)));
        drop(state);
        self.tell();
    }

    /// What the multipliers prove to anyone who begins with no penalties, as the search did not.
    fn certified(&self, state: &State) -> f64 {
        self.pricing.forget();
        self.pricing.bound(&state.multipliers, &|n| state.columns.get(n).cloned())
    }

    fn solved(&self) -> Solved {
        let state = self.state.lock().expect("no thread panics with the lock");
        // Where there is no plan, nobody recomputes its bound.
        let again = !self.effort.exact && state.incumbent.is_some();
        let certified = Some(state.bound).filter(|b| b.is_finite()).map(|bound| if again { self.certified(&state) } else { bound });
        let bound = Some(state.bound.max(state.proven).max(certified.unwrap_or(f64::NEG_INFINITY))).filter(|b| b.is_finite());
        let good = |(objective, bound): (f64, f64)| gap(objective, bound) <= self.options.gap || objective - bound < self.near;
        let proven = state.incumbent.zip(bound).is_some_and(good);
        let mut paths: Paths = Table::new(vec![Vec::new(); self.pricing.brief.case.participants.len()]);
        state.columns.iter().for_each(|column| paths[column.participant].clone_from(&column.choices));
        Solved {
            method: Method::Columns,
            verdict: if proven { Verdict::Proven } else { Verdict::Stopped },
            paths: state.incumbent.map(|_| paths),
            objective: state.incumbent,
            bound,
            nodes: state.rounds,
            size: state.size,
            root_bound: certified,
            seconds: self.clock.seconds(),
            multipliers: Some(state.multipliers.clone()),
            columns: state.pool.clone(),
        }
    }
}

/// Shows a search without a limit that tells nobody.
#[cfg(test)]
fn alone<'b, 'c, R>(pricing: &Pricing<'b, 'c>, look: impl FnOnce(&Search<'_, 'b, 'c, '_>) -> R) -> R {
    look(&Search {
        pricing,
        options: &Options::default(),
        near: 0.0,
        hands_over: false,
        clock: Clock::start(None),
        listener: &Mutex::new(Box::new(|_| {})),
        stop: &Stop::default(),
        effort: Effort::of(pricing),
        whole: pricing.is_whole(),
        state: Mutex::new(State::new(pricing.coupling)),
    })
}

/// Shows the pricing of people where seats and money for moves are short.
#[cfg(test)]
fn tight<R>(people: usize, seed: u64, look: impl FnOnce(&Pricing<'_, '_>) -> R) -> R {
    use crate::generate::{Profile, Recipe, generate};
    let recipe = Recipe { tight: 0.97, budget: Some(1.0), ..Recipe::new(Profile::Operations, people, seed) };
    let text = serde_json::to_string(&generate(&recipe)).expect("an instance is JSON");
    let crate::intake::Intake { case, policy, .. } = crate::intake::intake(text.as_bytes()).expect("valid");
    let told = crate::brief::brief(&case, &policy);
    let coupling = Coupling::new(&told);
    look(&Pricing::new(&told, &coupling, &|| false).expect("nothing ends it"))
}
