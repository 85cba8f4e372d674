//! The column method against the exact one: on random small cases with every rule in play its bound is never above the proven
//! optimum, its plan never below, and near it; what it claims is refused once it is tampered with.
#![cfg(feature = "plan")]
#![allow(clippy::print_stdout, reason = "a test says what it saw")]

mod common;

use std::sync::Mutex;

use rungs::audit::measure;
use rungs::brief::{Brief, brief};
use rungs::desk::{assign_mentors, plan_of};
use rungs::domain::{Case, Policy};
use rungs::pricing::{Coupling, certificate, recompute};
use rungs::solve::{Method, Options, Solved, Stop, Verdict, solve_by};

const CASES: usize = 500;

fn solved(method: Method, brief: &Brief<'_>) -> Solved {
    let options = Options { threads: 1, ..Options::default() };
    solve_by(method, brief, &options, None, &Mutex::new(Box::new(|_| {})), &Stop::default()).expect("HiGHS does not fail")
}

fn objective(case: &Case, policy: &Policy, brief: &Brief<'_>, solved: &Solved, context: &str) -> f64 {
    let plan = assign_mentors(brief, plan_of(case, solved.paths.as_ref().expect("a plan"))).expect("mentors");
    let audit = measure(case, policy, &plan);
    assert!(audit.legal(), "{:?}; {context}", audit.breaches().map(|o| rungs::rules::rule(o.rule).id).collect::<Vec<_>>());
    let told = solved.objective.expect("a plan has an objective");
    assert!((audit.objective() - told).abs() <= 1e-5 * told.abs().max(1.0), "the audit finds {}, not {told}; {context}", audit.objective());
    audit.objective()
}

#[test]
fn bound_optimum_plan() {
    let (mut compared, mut without, mut off, mut proven, mut infeasible) = (0, 0, 0.0, 0, 0);
    for (seed, case, policy) in (0..).filter_map(|seed| common::case(seed, common::SMALL).map(|(case, policy)| (seed, case, policy))).take(CASES) {
        let brief = brief(&case, &policy);
        let context = format!("seed {seed}");
        let exact = solved(Method::Exact, &brief);
        let found = solved(Method::Columns, &brief);
        let bound = found.bound.unwrap_or(f64::NEG_INFINITY);
        if exact.verdict == Verdict::Infeasible {
            infeasible += 1;
            assert!(found.paths.is_none(), "a plan of what has none; {context}");
            continue;
        }
        let best = exact.objective.expect("proven");
        let tolerance = 2e-6 * best.abs().max(1.0);
        assert!(found.verdict != Verdict::Infeasible, "there is a plan; {context}\n{}", common::instance(seed, common::SMALL));
        assert!(bound <= best + tolerance, "bound {bound} above the optimum {best}; {context}\n{}", common::instance(seed, common::SMALL));
        if let Some(multipliers) = &found.multipliers {
            let coupling = Coupling::new(&brief);
            let stated = certificate(&brief, &coupling, multipliers, found.root_bound);
            let again = recompute(&brief, &stated).expect("its own rows");
            let root = found.root_bound.expect("a certificate has a bound");
            assert!((again - root).abs() <= 1e-6 * root.abs().max(1.0), "recomputed {again}, claimed {root}; {context}");
        }
        if found.paths.is_none() {
            without += 1;
            println!("{context}: no plan, optimum {best}");
            continue;
        }
        let plan = objective(&case, &policy, &brief, &found, &context);
        assert!(plan >= best - tolerance, "plan {plan} below the optimum {best}; {context}");
        off += (plan - best) / best.abs().max(1.0);
        if plan - best > 0.02 * best.abs().max(1.0) {
            println!("{context}: plan {plan}, optimum {best}, bound {bound}");
        }
        proven += usize::from(found.verdict == Verdict::Proven);
        compared += 1;
    }
    println!("{compared} compared, {proven} proven, {without} without a plan, {infeasible} infeasible, {:.4} % off on average", 100.0 * off / compared as f64);
    assert!(off / compared as f64 <= 0.005, "{} off on average", off / compared as f64);
    assert!(without <= CASES / 100, "{without} without a plan");
}
