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
use rungs::io::plan_file::{Certificate, CertificateRow};
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

/// The same whatever the number of threads, and each tampered certificate refused.
#[test]
fn certificates() {
    let (mut kept, mut lower) = (0, 0);
    for (_, case, policy) in (0..).filter_map(|seed| common::case(seed, common::SMALL).map(|(case, policy)| (seed, case, policy))).take(CASES / 4) {
        let brief = brief(&case, &policy);
        let found = solved(Method::Columns, &brief);
        let options = Options { threads: 2, ..Options::default() };
        let again = solve_by(Method::Columns, &brief, &options, None, &Mutex::new(Box::new(|_| {})), &Stop::default()).expect("HiGHS does not fail");
        assert_eq!(
            (&found.paths, found.objective, found.bound, &found.multipliers),
            (&again.paths, again.objective, again.bound, &again.multipliers)
        );
        let (Some(multipliers), Some(root)) = (&found.multipliers, found.root_bound) else { continue };
        let stated = certificate(&brief, &Coupling::new(&brief), multipliers, Some(root));
        let Some(row) = stated.rows.first().cloned() else { continue };
        let with = |rows: Vec<CertificateRow>| recompute(&brief, &Certificate { rows, bound: stated.bound }, None);
        let other = |row: CertificateRow| with(std::iter::once(row).chain(stated.rows.iter().skip(1).cloned()).collect());
        assert!(other(CertificateRow { multiplier: -row.multiplier, ..row.clone() }).is_err(), "below 0");
        assert!(other(CertificateRow { multiplier: f64::NAN, ..row.clone() }).is_err(), "no number");
        assert!(other(CertificateRow { key: format!("{}?", row.key), ..row.clone() }).is_err(), "no such row");
        assert!(other(CertificateRow { rule: "duration".to_owned(), ..row.clone() }).is_err(), "no such row of that rule");
        assert!(with([vec![row.clone()], stated.rows.clone()].concat()).is_err(), "twice");
        let changed = other(CertificateRow { multiplier: row.multiplier * 3.0 + 5.0, ..row }).expect("a row with a multiplier");
        let objective = found.objective.unwrap_or(f64::INFINITY);
        assert!(changed <= objective + 1e-6 * objective.abs().max(1.0), "whatever the multipliers, a plan costs at least the bound");
        kept += 1;
        lower += usize::from(changed < root - 1e-6 * root.abs().max(1.0));
    }
    assert!(kept > CASES / 20 && lower > kept / 20, "{kept} certificates, {lower} that prove less once changed");
}

/// What the column method leaves open of a small case the exact method finishes: the optimum, or that there is no plan.
#[test]
fn auto_proves_what_is_small() {
    let (mut finished, mut infeasible) = (0, 0);
    for (seed, case, policy) in (0..).filter_map(|seed| common::case(seed, common::SMALL).map(|(case, policy)| (seed, case, policy))).take(CASES / 2)
    {
        let brief = brief(&case, &policy);
        let context = format!("seed {seed}\n{}", common::instance(seed, common::SMALL));
        let (exact, found) = (solved(Method::Exact, &brief), solved(Method::Auto, &brief));
        assert_eq!(found.verdict, exact.verdict, "{context}");
        finished += usize::from(found.method == Method::Exact && found.verdict == Verdict::Proven);
        if found.verdict == Verdict::Infeasible {
            infeasible += 1;
            continue;
        }
        let best = exact.objective.expect("proven");
        let plan = objective(&case, &policy, &brief, &found, &context);
        assert!((plan - best).abs() <= 2e-6 * best.abs().max(1.0), "{plan}, optimum {best}; {context}");
        let root = found.root_bound.unwrap_or(f64::NEG_INFINITY);
        assert!(found.bound.is_some_and(|bound| bound >= root && bound <= best + 2e-6 * best.abs().max(1.0)), "{context}");
    }
    println!("{finished} finished by the exact method, {infeasible} infeasible");
    assert!(finished > 0 && infeasible > CASES / 20, "{finished} finished, {infeasible} infeasible");
}

#[test]
fn bound_optimum_plan() {
    let (mut compared, mut without, mut off, mut proven, mut infeasible) = (0, 0, 0.0, 0, 0);
    for (seed, case, policy) in (0..).filter_map(|seed| common::case(seed, common::SMALL).map(|(case, policy)| (seed, case, policy))) {
        if compared + without >= CASES {
            break;
        }
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
            let again = recompute(&brief, &stated, None).expect("its own rows");
            let root = found.root_bound.expect("a certificate has a bound");
            assert!((again - root).abs() <= 1e-6 * root.abs().max(1.0), "recomputed {again}, claimed {root}; {context}");
            let plan = found.paths.as_ref().map(|paths| plan_of(&case, paths));
            let beside = recompute(&brief, &stated, plan.as_ref()).expect("its own rows");
            assert!((again - beside).abs() <= 1e-9 * root.abs().max(1.0), "{again} alone, {beside} with the plan; {context}");
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
    println!(
        "{compared} compared, {proven} proven, {without} without a plan, {infeasible} infeasible, {:.4} % off on average",
        100.0 * off / compared as f64
    );
    assert!(off / compared as f64 <= 0.005, "{} off on average", off / compared as f64);
    assert!(without <= CASES / 100, "{without} without a plan");
}
