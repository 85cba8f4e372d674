//! Explanations, verified: every conflict is minimal, every relaxation works, by solving again.
#![cfg(feature = "plan")]
#![allow(clippy::print_stdout, reason = "a test says what it saw")]

mod common;

use std::collections::BTreeMap;
use std::sync::Mutex;

use rungs::audit::measure;
use rungs::brief::brief;
use rungs::desk::{assign_mentors, plan_of};
use rungs::domain::{Case, Plan, Policy};
use rungs::explain::{Oracle, Requirement, conflict, hard_only, without};
use rungs::rules::RULES;
use rungs::solve::{Listener, Options, Stop, Verdict, solve};
use rungs::words::Index;

/// A plan that keeps what is hard, audited; `None` if it is proven that there is none.
fn plan(case: &Case, policy: &Policy) -> Option<Plan> {
    let brief = brief(case, policy);
    let silent: Listener<'_> = Mutex::new(Box::new(|_| {}));
    let solved = solve(&brief, &Options { gap: 1e9, ..Options::default() }, None, &silent, &Stop::default()).expect("HiGHS runs");
    let Some(paths) = &solved.paths else {
        assert_eq!(solved.verdict, Verdict::Infeasible);
        return None;
    };
    let plan = assign_mentors(&brief, plan_of(case, paths)).expect("mentors");
    let audit = measure(case, policy, &plan);
    assert!(audit.legal(), "{:?}", audit.breaches().map(|o| RULES[o.rule.index()].id).collect::<Vec<_>>());
    Some(plan)
}

#[test]
fn conflicts_are_minimal() {
    let (mut found, mut seed) = (0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    while found < 200 {
        seed += 1;
        let Some((case, policy)) = common::case(seed, common::SMALL) else { continue };
        let hard = hard_only(&policy, true);
        if plan(&case, &hard).is_some() {
            continue;
        }
        found += 1;
        let stop = Stop::default();
        let mut oracle = Oracle::new(&Options::default(), &stop);
        let conflict = conflict(&case, &hard, None, &mut oracle).expect("HiGHS runs").expect("there is no plan");
        assert!(conflict.minimal && !conflict.members.is_empty());
        let context = || format!("seed {seed}: {:?}", conflict.members);
        let (less, laxer) = without(&case, &hard, &conflict.dropped);
        assert!(plan(&less, &laxer).is_none(), "no conflict once the rest is dropped; {}", context());
        for member in &conflict.members {
            let (less, laxer) = without(&case, &hard, conflict.dropped.iter().chain([member]));
            assert!(plan(&less, &laxer).is_some(), "{member:?} plays no part; {}", context());
            let kind = match member {
                Requirement::Rule(ix) => RULES[ix.index()].id.to_owned(),
                other => format!("{other:?}").split('(').next().unwrap_or_default().to_owned(),
            };
            *kinds.entry(kind).or_default() += 1;
        }
    }
    println!("{found} conflicts, seeds up to {seed}: {kinds:?}");
    assert!(kinds.len() > 15, "{kinds:?}");
}
