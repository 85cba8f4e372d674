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
use rungs::explain::{Oracle, Remedy, Requirement, conflict, hard_only, relaxations, without};
use rungs::rules::RULES;
use rungs::solve::{Listener, Options, Stop, Verdict, solve};
use rungs::words::Index;
use serde_json::json;

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

/// A random instance; every other one with a single seat in every position, and without most rules that keep people apart.
fn random(seed: u64) -> Option<(Case, Policy)> {
    let mut instance = common::instance(seed, common::SMALL);
    if seed.is_multiple_of(2) {
        for position in instance["positions"].as_array_mut().expect("a list") {
            position["seats"] = json!(1);
        }
        for rule in ["harder-than-last", "stretch", "track", "after", "no-repeat", "curriculum"] {
            instance["rules"][rule] = json!({"mode": "off"});
        }
    }
    rungs::intake::intake(instance.to_string().as_bytes()).ok().map(|taken| (taken.case, taken.policy))
}

fn kind(requirement: &Requirement) -> String {
    match requirement {
        Requirement::Rule(ix) => RULES[ix.index()].id.to_owned(),
        other => format!("{other:?}").split('(').next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn conflicts_are_minimal_and_relaxations_work() {
    let (mut found, mut seed, mut relaxed, mut cured) = (0, 0, 0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut remedies: BTreeMap<String, usize> = BTreeMap::new();
    while found < 200 {
        seed += 1;
        let Some((case, policy)) = random(seed) else { continue };
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
            *kinds.entry(kind(member)).or_default() += 1;
            assert!(!member.words(&case).is_empty());
        }
        let relaxations = relaxations(&case, &hard, None, &conflict, &mut oracle).expect("HiGHS runs");
        cured += usize::from(!relaxations.is_empty());
        for relaxation in &relaxations {
            relaxed += 1;
            let (changed, laxer) = Remedy::applied(&case, &hard, &relaxation.remedies);
            assert!(plan(&changed, &laxer).is_some(), "{relaxation:?} does not help; {}", context());
            for remedy in &relaxation.remedies {
                let word = match remedy {
                    Remedy::Drop(requirement) => format!("drop {}", kind(requirement)),
                    other => format!("{other:?}").split([' ', '(']).next().unwrap_or_default().to_owned(),
                };
                *remedies.entry(word).or_default() += 1;
                assert!(!remedy.words(&case).is_empty());
            }
        }
    }
    println!("{found} conflicts, seeds up to {seed}: {kinds:?}");
    println!("{relaxed} relaxations of {cured} instances: {remedies:?}");
    assert!(kinds.len() > 15 && cured > 190, "{kinds:?}, {cured} can be cured");
}
