//! Scenarios from the base plan's state against the same scenarios from nothing, in one run: 20 scenarios of a generated
//! 500-person, 12-quarter instance to the same gap, side by side on all cores, each search on one thread.
//!
//! `cargo bench --bench whatif` prints both times and their ratio. Not a criterion bench: one run takes minutes.
#![allow(clippy::print_stdout)]

use std::sync::Mutex;
use std::time::Instant;

use rayon::prelude::*;
use rungs::brief::brief;
use rungs::change::{Changed, retake, scenarios};
use rungs::desk::{Base, scenario, settle};
use rungs::generate::{Profile, Recipe, generate};
use rungs::solve::{Listener, Method, Options, Stop, gap, solve_by};

/// The gap asked of every search.
const GAP: f64 = 0.02;

/// Twenty questions that a coordinator asks.
const ASKED: &str = r#"
[[scenarios]]
name = "one drop-out"
changes = [{ drop = { cohort = "class-2027-01-01", count = 1 } }]
draws = 6
[[scenarios]]
name = "one in fifty drops out"
changes = [{ drop = { cohort = "class-2028-01-01", share = 0.02 } }]
draws = 4
[[scenarios]]
name = "seats"
changes = [{ seats = { position = "am-sort@charlotte", remove = "$fewer" } }]
values = { fewer = [1, 2, 3] }
[[scenarios]]
name = "money"
changes = [{ budget = { scale = "$times" } }]
values = { times = [0.98, 1.05] }
[[scenarios]]
name = "late start"
changes = [{ delay = { cohort = "class-2028-01-01", count = 3, periods = 1 } }]
draws = 2
[[scenarios]]
name = "wishes weigh more"
changes = [{ rules = { preference = { weight = 12 } } }]
[[scenarios]]
name = "leave"
changes = [{ leave = { cohort = "class-2027-01-01", count = 3, from = "2028-Q1", until = "2028-Q2" } }]
draws = 2
"#;

fn main() {
    let base = retake(generate(&Recipe::new(Profile::Operations, 500, 1))).expect("sound");
    let asked = scenarios(ASKED.as_bytes(), &base.raw, 1).expect("sound");
    let stop = Stop::default();
    let silent: Listener<'_> = Mutex::new(Box::new(|_| {}));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let nearer = Options { gap: 0.8 * GAP, threads: cores, ..Options::default() };
    let from = Base::new(&base.taken, None, &nearer, &silent, &stop).expect("no fault").expect("a plan");
    println!("the base plan: {:.1} s, {:.1} points", began.elapsed().as_secs_f64(), from.audit.objective());
    let options = Options { gap: GAP, threads: 1, ..Options::default() };
    let instances: Vec<Changed> = asked.iter().map(|s| s.instance(&base.raw, 1).expect("sound")).collect();
    let began = Instant::now();
    let warm: Vec<(f64, f64)> = instances
        .par_iter()
        .map(|changed| {
            let went = scenario(&from, changed, &options, &stop).expect("no fault");
            let settled = went.settled.expect("a plan");
            (settled.objective, gap(settled.objective, settled.bound.expect("a bound")))
        })
        .collect();
    let warm_seconds = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let cold: Vec<(f64, f64)> = instances
        .par_iter()
        .map(|changed| {
            let (case, policy) = (&changed.taken.case, &changed.taken.policy);
            let told = brief(case, policy);
            let silent: Listener<'_> = Mutex::new(Box::new(|_| {}));
            let solved = solve_by(Method::Columns, &told, &options, None, &silent, &stop).expect("no fault");
            let settled = settle(case, policy, &told, solved.paths.as_ref().expect("a plan"), &solved).expect("audited");
            (settled.objective, gap(settled.objective, settled.bound.expect("a bound")))
        })
        .collect();
    let cold_seconds = began.elapsed().as_secs_f64();
    for ((asked, warm), cold) in asked.iter().zip(&warm).zip(&cold) {
        println!("{:28} from the base {:9.1} ({:.2} %)  from nothing {:9.1} ({:.2} %)", asked.name, warm.0, warm.1 * 100.0, cold.0, cold.1 * 100.0);
        assert!(warm.1 <= GAP && cold.1 <= GAP, "both prove the gap");
    }
    println!(
        "{} scenarios from the base: {warm_seconds:.1} s, from nothing: {cold_seconds:.1} s, ratio {:.3}",
        asked.len(),
        warm_seconds / cold_seconds
    );
    assert!(warm_seconds <= cold_seconds / 3.0, "at most a third");
}
