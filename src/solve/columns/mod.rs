//! Column generation: large cohorts, with a bound that anyone can check.
//!
//! The program over whole paths (Dantzig & Wolfe 1960) is solved by pricing: prices on the rows that couple paths, the cheapest
//! path of everyone at these prices, new columns, new prices (Desaulniers, Desrosiers & Solomon 2005). The steps:
//!
//! 1. [`warm`]: prices by the volume algorithm (Barahona & Anbil 2000), which needs no program and leaves good first columns;
//! 2. [`generate`]: the restricted master's duals, smoothed towards the best prices so far (Wentges 1997), until the
//!    Lagrangian bound meets the master;
//! 3. [`round`](dive::round): a first plan from the master's fractions, everyone else by price with what capacity is left;
//! 4. [`improve`](neighbourhood::improve): large-neighbourhood search (Shaw 1998; over columns: Maher & Rönnberg 2023): some
//!    people are freed, near-optimal paths are enumerated for them and a small integer program chooses anew;
//! 5. [`enumerate`](neighbourhood::enumerate): once every path whose reduced cost is below the gap can be listed, the integer program over
//!    these paths proves the optimum (Baldacci, Christofides & Mingozzi 2008).
//!
//! At every moment there is a best plan and a best bound. The bound is Lagrangian and its multipliers are kept: they are the
//! certificate.

mod dive;
mod ledger;
mod master;
mod neighbourhood;

use std::sync::Mutex;

use super::highs::{Report, Watch};
use super::{Clock, Listener, Options, Paths, Progress, Solved, Stop, Verdict, gap};
use crate::brief::{Brief, Sense};
use crate::pricing::{Cheapest, Column, Coupling, Multipliers, Pricing};
use crate::words::Table;
use ledger::{Cost, Ledger};
use master::Master;

/// Passes of the volume algorithm.
const PASSES: usize = 60;
/// The first passes, in which the running average forgets faster.
const COARSE: usize = 12;
/// How far above the best bound a step aims, as a share of it: at first, when much is to come, and later.
const FIRST_AHEAD: f64 = 0.3;
const AHEAD: f64 = 0.05;
/// Share of the best prices in those that are tried next.
const SMOOTHING: f64 = 0.5;
/// Shares of a time limit after which the first prices are left, no more columns are generated, and no dive begins: the search
/// needs the rest.
const WARMING: f64 = 0.35;
const GENERATING: f64 = 0.5;
const DIVING: f64 = 0.7;
/// The master is left when bound and relaxation are this near: with many people the last columns cost more than they prove.
const RELAXED_GAP: f64 = 1e-7;
const LARGE_RELAXED_GAP: f64 = 2e-4;
/// More people than this are many.
const MANY: usize = 400;

/// Solves the brief until the gap asked for, or until nothing helps, or a limit. Starts from `start` if it is given.
///
/// # Errors
/// If HiGHS fails in a way that is neither a limit nor infeasibility.
pub(super) fn solve(brief: &Brief<'_>, options: &Options, start: Option<&Paths>, listener: &Listener<'_>, stop: &Stop) -> Result<Solved, String> {
    super::pooled(options.threads, || {
        let clock = Clock::start(options.time_limit);
        let coupling = Coupling::new(brief);
        let ends = || clock.ended(stop);
        let Some(pricing) = Pricing::new(brief, &coupling, &ends) else { return Ok(nothing(&clock, Verdict::Stopped)) };
        let search = Search { pricing: &pricing, options, clock, listener, stop, state: Mutex::new(State::new(&coupling)) };
        search.run(start)
    })
}

/// One search.
pub(super) struct Search<'s, 'b, 'c, 'l> {
    pricing: &'s Pricing<'b, 'c>,
    options: &'s Options,
    clock: Clock,
    listener: &'s Listener<'l>,
    stop: &'s Stop,
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
    rounds: u64,
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
            rounds: 0,
            size: (0, 0),
        }
    }
}

fn nothing(clock: &Clock, verdict: Verdict) -> Solved {
    Solved {
        verdict,
        paths: None,
        objective: None,
        bound: None,
        nodes: 0,
        size: (0, 0),
        root_bound: None,
        seconds: clock.seconds(),
        multipliers: None,
    }
}

impl<'s, 'b, 'c> Search<'s, 'b, 'c, '_> {
    fn run(&self, start: Option<&Paths>) -> Result<Solved, String> {
        let mut master = Master::new(self.pricing, self.options.seed);
        if let Some(columns) = start.and_then(|paths| self.columns(paths)) {
            columns.iter().enumerate().for_each(|(n, c)| {
                master.add(n, c);
            });
            self.keep(&Ledger::new(self.pricing, columns));
        }
        if !self.warm(&mut master) {
            return Ok(nothing(&self.clock, Verdict::Infeasible));
        }
        if !self.ends() {
            self.keep(&dive::round(self, &master, None));
        }
        let relaxed = self.generate(&mut master);
        if !self.ends() && !self.done() {
            let mut ledger = dive::round(self, &master, relaxed.as_ref());
            self.keep(&ledger);
            let dived = relaxed.filter(|_| !self.past(DIVING)).and_then(|relaxed| dive::dive(self, &mut master, relaxed));
            if let Some(dived) = dived {
                self.keep(&dived);
                // What a dive breaks is little, and mended soon: that beats a plan that leaves many idle.
                ledger = dived;
            }
            let state = self.state.lock().expect("no thread panics with the lock");
            let kept = state.incumbent.filter(|kept| *kept <= ledger.cost().points).map(|_| state.columns.clone());
            drop(state);
            if let Some(columns) = kept {
                ledger = Ledger::new(self.pricing, columns);
            }
            neighbourhood::improve(self, &mut master, ledger)?;
        }
        Ok(self.solved())
    }

    /// Whether to stop at once.
    fn ends(&self) -> bool {
        self.clock.ended(self.stop)
    }

    /// Whether this share of the time limit is over.
    fn past(&self, share: f64) -> bool {
        self.options.time_limit.is_some_and(|limit| self.clock.seconds() > share * limit.as_secs_f64())
    }

    /// Whether the gap asked for is proven.
    fn done(&self) -> bool {
        let state = self.state.lock().expect("no thread panics with the lock");
        state.incumbent.is_some_and(|objective| gap(objective, state.bound.max(state.proven)) <= self.options.gap)
    }

    fn left(&self) -> f64 {
        self.clock.left().unwrap_or(1e9)
    }

    /// Cheapest paths of everyone at multipliers, which then count for the bound. `None` if time is up.
    fn priced(&self, multipliers: &Multipliers) -> Option<(Vec<Cheapest>, f64)> {
        let prices = self.pricing.prices_of(multipliers);
        let mut found = Vec::with_capacity(self.pricing.len());
        let numbers: Vec<usize> = (0..self.pricing.len()).collect();
        for part in numbers.chunks(2_000) {
            if self.ends() {
                return None;
            }
            found.extend(self.pricing.all(part, &prices));
        }
        let bound = self.pricing.bound_of(multipliers, &found);
        let mut state = self.state.lock().expect("no thread panics with the lock");
        state.rounds += 1;
        if bound > state.bound {
            state.bound = bound;
            state.multipliers = multipliers.clone();
            state.shares = found.iter().map(|c| c.bound).collect();
        }
        drop(state);
        self.tell();
        Some((found, bound))
    }

    /// The volume algorithm: steps along the rows that a running average of the cheapest paths breaks. Says whether everyone
    /// has a path, as far as there was time to see.
    fn warm(&self, master: &mut Master<'_, '_, '_>) -> bool {
        let coupling = self.pricing.coupling;
        let mentors = coupling.supply.as_ref().map(|s| s.sentence);
        let mut best = Multipliers::none(coupling);
        let Some((found, mut best_bound)) = self.priced(&best) else { return true };
        if best_bound == f64::INFINITY {
            return false;
        }
        let sums = |found: &[Cheapest]| {
            let mut sums = vec![0.0; coupling.rows.len()];
            for column in found.iter().filter_map(|c| c.path.as_ref()) {
                column.terms.iter().filter(|(r, _)| (*r as usize) < coupling.rows.len()).for_each(|(r, c)| sums[*r as usize] += c);
            }
            sums
        };
        let mut average = sums(&found);
        let add = |master: &mut Master<'_, '_, '_>, found: Vec<Cheapest>| {
            found.into_iter().enumerate().for_each(|(n, c)| {
                c.path.inspect(|column| {
                    master.add(n, column);
                });
            });
        };
        add(master, found);
        // A plan to hold on to, whatever comes; the prices to come make better ones.
        self.keep(&dive::round(self, master, None));
        let mut target = best_bound + FIRST_AHEAD * best_bound.abs().max(1.0);
        let (mut step, mut worse) = (1.0, 0);
        for pass in 0..PASSES {
            if self.past(WARMING) {
                break;
            }
            let weight = if pass < COARSE { 0.25 } else { 0.1 };
            let off: Vec<f64> = coupling
                .rows
                .iter()
                .zip(&average)
                .zip(&best.0)
                .map(|((row, sum), multiplier)| {
                    let off = match row.sense {
                        Sense::AtMost => sum - row.limit,
                        Sense::AtLeast => row.limit - sum,
                    };
                    if Some(row.sentence) == mentors || (off < 0.0 && *multiplier <= 0.0) { 0.0 } else { off }
                })
                .collect();
            let norm: f64 = off.iter().map(|o| o * o).sum();
            if norm < 1e-12 {
                break;
            }
            let length = step * (target - best_bound).max(1e-6) / norm;
            let mut tried = Multipliers(best.0.iter().zip(&off).map(|(m, o)| m + length * o).collect());
            tried.clip(coupling);
            let Some((found, bound)) = self.priced(&tried) else { return true };
            let fresh = sums(&found);
            average.iter_mut().zip(&fresh).for_each(|(a, f)| *a = (1.0 - weight) * *a + weight * f);
            if pass >= PASSES / 3 {
                add(master, found);
            }
            if bound > best_bound + 1e-4 * best_bound.abs().max(1.0) * 0.01 {
                (best, worse) = (tried, 0);
                step = (step * 1.1f64).min(2.0);
                best_bound = bound;
            } else {
                worse += 1;
                if worse >= 4 {
                    (step, worse) = (step * 0.6, 0);
                }
            }
            if target - best_bound < 0.4 * AHEAD * best_bound.abs() {
                target = best_bound + AHEAD * best_bound.abs().max(1.0);
            }
        }
        for (r, m) in best.0.iter().enumerate() {
            if *m > 1e-9 {
                master.activate(r);
            }
        }
        true
    }

    /// Column generation proper.
    fn generate(&self, master: &mut Master<'_, '_, '_>) -> Option<master::Relaxed> {
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
            let near = if self.pricing.len() > MANY { LARGE_RELAXED_GAP } else { RELAXED_GAP };
            if relaxed.objective - bound <= near * relaxed.objective.abs().max(1.0) {
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

    fn solved(&self) -> Solved {
        let state = self.state.lock().expect("no thread panics with the lock");
        let bound = Some(state.bound.max(state.proven)).filter(|b| b.is_finite());
        let proven = state.incumbent.zip(bound).is_some_and(|(objective, bound)| gap(objective, bound) <= self.options.gap);
        let mut paths: Paths = Table::new(vec![Vec::new(); self.pricing.brief.case.participants.len()]);
        state.columns.iter().for_each(|column| paths[column.participant].clone_from(&column.choices));
        Solved {
            verdict: if proven { Verdict::Proven } else { Verdict::Stopped },
            paths: state.incumbent.map(|_| paths),
            objective: state.incumbent,
            bound,
            nodes: state.rounds,
            size: state.size,
            root_bound: Some(state.bound).filter(|b| b.is_finite()),
            seconds: self.clock.seconds(),
            multipliers: Some(state.multipliers.clone()),
        }
    }
}
