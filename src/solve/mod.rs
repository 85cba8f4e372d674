//! Methods: from the brief and the networks to chosen paths and a proof. The only place with solvers, tolerances, threads and
//! the clock. No method names a rule: they read sentences.

mod columns;
mod compile;
mod exact;
mod highs;
mod model;

pub use columns::{Exchange, Exchanges, Way};
pub use compile::compile;
pub use exact::export;
pub use model::{Column, Label, Model, ModelRow};

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::brief::{Brief, Choice};
use crate::domain::{Case, ParticipantIx, Plan};
use crate::pricing::Multipliers;
use crate::words::Table;

/// What a method is asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Stop after this long, with the best plan so far.
    pub time_limit: Option<Duration>,
    /// Stop when the plan is proven to be this near the best: `(objective − bound) / max(1, |objective|)`.
    pub gap: f64,
    /// Seed of the solver's random choices.
    pub seed: u32,
    /// Threads for building networks. The solver itself uses one, so that results are the same every time.
    pub threads: usize,
    /// Stop after so many nodes of the search tree: for tests that must not depend on the clock.
    pub node_limit: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self { time_limit: None, gap: 1e-6, seed: 1, threads: 1, node_limit: None }
    }
}

/// Set from outside (Ctrl-C) to stop a method at its next look.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks to stop.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
    /// Whether someone asked.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Where a method stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Since the method began.
    pub seconds: f64,
    /// Objective of the best plan so far, if there is one.
    pub incumbent: Option<f64>,
    /// Lower bound on every plan's objective so far, if there is one.
    pub bound: Option<f64>,
    /// Nodes of the search tree done.
    pub nodes: u64,
}

impl Progress {
    /// The gap, once there are an incumbent and a bound.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        Some(gap(self.incumbent?, self.bound?))
    }
}

/// `(objective − bound) / max(1, |objective|)` (MODEL.md, section 3).
#[must_use]
pub fn gap(objective: f64, bound: f64) -> f64 {
    (objective - bound) / objective.abs().max(1.0)
}

/// Whom a method tells where it stands.
pub type Listener<'l> = Mutex<Box<dyn FnMut(Progress) + Send + 'l>>;

/// Nobody.
#[must_use]
pub fn silent<'l>() -> Listener<'l> {
    Mutex::new(Box::new(|_| {}))
}

/// Why a method stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The gap asked for is proven.
    Proven,
    /// It is proven that no plan keeps the hard rules.
    Infeasible,
    /// A limit was reached or someone asked to stop.
    Stopped,
}

/// Chosen placements, per participant in time order.
pub type Paths = Table<ParticipantIx, Vec<Choice>>;

/// What a method found.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The method that had the last word.
    pub method: Method,
    /// Why it stopped.
    pub verdict: Verdict,
    /// The best paths found, if any.
    pub paths: Option<Paths>,
    /// What those paths cost, as the solver says.
    pub objective: Option<f64>,
    /// Lower bound on every plan's objective, if one was proven.
    pub bound: Option<f64>,
    /// Nodes of the search tree.
    pub nodes: u64,
    /// Columns and rows of the model.
    pub size: (usize, usize),
    /// The bound before any branching, if the solver said so.
    pub root_bound: Option<f64>,
    /// Seconds used.
    pub seconds: f64,
    /// Multipliers that prove `root_bound`, by the column method.
    pub multipliers: Option<Multipliers>,
    /// Paths that the relaxation was made of, by the column method.
    pub columns: Vec<(ParticipantIx, Vec<Choice>)>,
}

impl Solved {
    /// What is known after this and an earlier search of the same brief.
    fn after(self, earlier: Self, asked: f64) -> Self {
        let worse = earlier.objective.is_some_and(|before| self.objective.is_none_or(|now| before <= now));
        let (paths, objective) = if worse { (earlier.paths, earlier.objective) } else { (self.paths, self.objective) };
        let bound = self.bound.into_iter().chain(earlier.bound).reduce(f64::max);
        let proven = objective.zip(bound).is_some_and(|(objective, bound)| gap(objective, bound) <= asked);
        Self {
            method: self.method,
            verdict: if proven { Verdict::Proven } else { self.verdict },
            paths,
            objective,
            bound,
            nodes: earlier.nodes + self.nodes,
            size: self.size,
            // What the multipliers prove.
            root_bound: earlier.root_bound,
            seconds: earlier.seconds + self.seconds,
            multipliers: earlier.multipliers,
            columns: earlier.columns,
        }
    }
}

/// A way to solve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// One mixed-integer program over everyone.
    Exact,
    /// Column generation.
    Columns,
    /// Column generation, and where few people leave something open the exact method after it.
    Auto,
}

impl Method {
    /// The one method that is the surest for so many people.
    #[must_use]
    pub fn surest(case: &Case) -> Self {
        if finishes(case) { Self::Exact } else { Self::Columns }
    }

    /// Its word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Columns => "columns",
            Self::Auto => "auto",
        }
    }
}

/// Where a search of the column method begins.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// Paths that people have. Whose path breaks something along it is given another one.
    pub paths: Option<Paths>,
    /// Prices near the best ones: with these the search begins at the paths, and prices everyone once before it improves.
    pub multipliers: Option<Multipliers>,
    /// Paths that may be of use, by participant.
    pub columns: Vec<(ParticipantIx, Vec<Choice>)>,
    /// Paths that people would rather keep.
    pub stay: Option<Stay>,
    /// A gap of fewer points is good enough.
    pub near: f64,
    /// Another method goes on from here: the search ends where little helps, whatever time is left.
    pub hands_over: bool,
}

/// Paths that people would rather keep.
#[derive(Debug, Clone)]
pub struct Stay {
    /// The paths; those without one are charged nothing.
    pub kept: Table<ParticipantIx, Option<Vec<Choice>>>,
    /// Points that any other path costs.
    pub points: f64,
    /// The sentence whose one row counts those who change.
    pub counted: Option<usize>,
}

/// Solves a brief by the column method from where an earlier search stood.
///
/// # Errors
/// If HiGHS fails in a way that is neither a limit nor infeasibility.
pub fn solve_from(start: &Start, brief: &Brief<'_>, options: &Options, listener: &Listener<'_>, stop: &Stop) -> Result<Solved, String> {
    columns::solve(brief, options, start, listener, stop)
}

/// The best places for one person beside a plan of everyone else: at most `most` that touch nobody, and then those for which one
/// other person makes way, each list with the cheapest first. `None` if some path of the plan is none on its timeline.
#[must_use]
pub fn places(brief: &Brief<'_>, plan: &Plan, who: ParticipantIx, most: usize) -> Option<Vec<Way>> {
    rayon::scope(|_| columns::ways(brief, plan, who, most))
}

/// What people could take over from each other, in circles of at most `longest`: see [`Exchanges`]. `None` if some path of the plan
/// is none on its timeline or breaks something hard by itself.
#[must_use]
pub fn exchanges(brief: &Brief<'_>, plan: &Plan, longest: usize, threads: usize) -> Option<Exchanges> {
    pooled(threads, || columns::exchanges(brief, plan, longest))
}

/// Solves a brief by a method until the gap asked for, or until a limit. Starts from `start` if it is given.
///
/// # Errors
/// If HiGHS fails in a way that is neither a limit nor infeasibility.
pub fn solve_by(
    method: Method,
    brief: &Brief<'_>,
    options: &Options,
    start: Option<&Paths>,
    listener: &Listener<'_>,
    stop: &Stop,
) -> Result<Solved, String> {
    match method {
        Method::Exact => exact::solve(brief, options, start, listener, stop),
        Method::Columns => columns::solve(brief, options, &Start { paths: start.cloned(), ..Start::default() }, listener, stop),
        Method::Auto => auto(brief, options, start, listener, stop),
    }
}

/// People up to whom one program over everyone is proven in reasonable time.
const EXACT: usize = 30;

/// Whether the exact method may finish what the column method leaves open: with few people.
#[must_use]
pub fn finishes(case: &Case) -> bool {
    case.participants.rows().iter().filter(|p| !p.timeline.is_empty()).count() <= EXACT
}

/// Solves a brief by the column method; where few people are to be planned and it leaves something open, the exact method goes on
/// from its plan and proves the optimum, or that there is none.
fn auto(brief: &Brief<'_>, options: &Options, start: Option<&Paths>, listener: &Listener<'_>, stop: &Stop) -> Result<Solved, String> {
    let clock = Clock::start(options.time_limit);
    let few = finishes(brief.case);
    let first = Start { paths: start.cloned(), hands_over: few, ..Start::default() };
    let open = columns::solve(brief, options, &first, listener, stop)?;
    if !few || open.verdict != Verdict::Stopped || clock.ended(stop) {
        return Ok(open);
    }
    let rest = Options { time_limit: clock.left().map(Duration::from_secs_f64), ..options.clone() };
    // What is known already is never taken back.
    let going_on: Listener<'_> = Mutex::new(Box::new(|progress: Progress| {
        if let Ok(mut listener) = listener.lock() {
            let best = progress.incumbent.into_iter().chain(open.objective).reduce(f64::min);
            let bound = progress.bound.into_iter().chain(open.bound).reduce(f64::max);
            listener(Progress { seconds: open.seconds + progress.seconds, incumbent: best, bound, nodes: open.nodes + progress.nodes });
        }
    }));
    let exact = exact::solve(brief, &rest, open.paths.as_ref().or(start), &going_on, stop)?;
    drop(going_on);
    Ok(exact.after(open, options.gap))
}

/// Solves a brief exactly: see [`solve_by`].
///
/// # Errors
/// If HiGHS fails in a way that is neither a limit nor infeasibility.
pub fn solve(brief: &Brief<'_>, options: &Options, start: Option<&Paths>, listener: &Listener<'_>, stop: &Stop) -> Result<Solved, String> {
    solve_by(Method::Exact, brief, options, start, listener, stop)
}

/// Works on so many threads.
fn pooled<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// The time left of a limit.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    began: Instant,
    limit: Option<Duration>,
}

impl Clock {
    /// Starts a clock.
    #[must_use]
    pub fn start(limit: Option<Duration>) -> Self {
        Self { began: Instant::now(), limit }
    }
    /// Seconds since the start.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }
    /// Whether the limit is reached or someone asked to stop.
    #[must_use]
    pub fn ended(&self, stop: &Stop) -> bool {
        stop.asked() || self.left() == Some(0.0)
    }
    /// Seconds left, if there is a limit; never negative.
    #[must_use]
    pub fn left(&self) -> Option<f64> {
        self.limit.map(|l| (l.as_secs_f64() - self.seconds()).max(0.0))
    }
}
