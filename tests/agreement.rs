//! `told` against `seen`: for random small cases and random, mostly illegal plans, what each rule tells the optimiser comes to
//! the same amount, subject by subject, as what the audit sees. A brief that is too lenient and one that is too strict both
//! show up here; solving and auditing alone would only show the first.
#![cfg(feature = "plan")]

mod common;

use std::collections::BTreeMap;

use rungs::audit::measure;
use rungs::brief::{brief, evaluate};
use rungs::desk::assign_mentors;
use rungs::domain::{Mode, Subject};
use rungs::rules::{RULES, RuleIx, rule};
use rungs::words::Index;

const CASES: u64 = 1500;
const PLANS: u64 = 8;

/// How often a rule was kept and broken.
#[derive(Default, Clone, Copy)]
struct Seen {
    kept: usize,
    broken: usize,
}

#[test]
fn told_and_seen_agree_on_every_rule() {
    let mut coverage = vec![Seen::default(); RULES.len()];
    let mut cases = 0;
    for seed in 0..CASES {
        let Some((case, policy)) = common::case(seed, common::SMALL) else { continue };
        cases += 1;
        let brief = brief(&case, &policy);
        for draw in 0..PLANS {
            let bare = common::plan(&case, seed * 1000 + draw);
            // Every other plan goes without mentors, so that `mentoring` is broken often enough.
            let plan = if draw % 2 == 0 { assign_mentors(&brief, bare.clone()).expect("small assignments are solved") } else { bare };
            let told = evaluate(&brief, &plan).expect("random plans lie on their timelines");
            let audit = measure(&case, &policy, &plan);
            for outcome in &audit.outcomes {
                let id = rule(outcome.rule).id;
                let place = &mut coverage[outcome.rule.index()];
                if outcome.measure > 0.0 {
                    place.broken += 1
                } else {
                    place.kept += 1
                }
                if id == "mentoring" && draw % 2 == 1 {
                    continue;
                }
                let amounts = |of: &BTreeMap<(RuleIx, Subject), f64>| -> BTreeMap<Subject, f64> {
                    of.iter().filter(|((r, _), _)| *r == outcome.rule).map(|((_, s), a)| (*s, *a)).collect()
                };
                let mut seen_amounts: BTreeMap<Subject, f64> = BTreeMap::new();
                let mut seen_breach: BTreeMap<Subject, f64> = BTreeMap::new();
                for finding in &outcome.findings {
                    *seen_amounts.entry(finding.subject).or_default() += finding.amount;
                    *seen_breach.entry(finding.subject).or_default() += finding.breach;
                }
                let context =
                    || format!("rule {id} ({:?}), seed {seed}, plan {draw}:\n{}\n{plan:?}", outcome.mode, common::instance(seed, common::SMALL));
                if outcome.mode == Mode::Hard {
                    assert_same(&amounts(&told.hard), &seen_breach, &context);
                    let broken = |of: &BTreeMap<Subject, f64>| of.values().any(|amount| *amount > 0.0);
                    assert_eq!(broken(&amounts(&told.hard)), broken(&seen_breach), "kept or broken, however little\n{}", context());
                }
                if outcome.weight > 0.0 {
                    assert_same(&amounts(&told.soft), &seen_amounts, &context);
                }
            }
            if draw % 2 == 0 {
                let gap = (told.cost - audit.objective()).abs();
                assert!(
                    gap <= 1e-6 * audit.objective().abs().max(1.0),
                    "cost told {} and seen {}, seed {seed}, plan {draw}",
                    told.cost,
                    audit.objective()
                );
            }
        }
    }
    assert!(cases > CASES as usize / 2, "only {cases} random cases were valid");
    for (seen, rule) in coverage.iter().zip(RULES) {
        assert!(seen.kept >= 50 && seen.broken >= 50, "{}: kept {} times, broken {} times", rule.id, seen.kept, seen.broken);
    }
}

fn assert_same(told: &BTreeMap<Subject, f64>, seen: &BTreeMap<Subject, f64>, context: &dyn Fn() -> String) {
    let subjects = told.keys().chain(seen.keys());
    for subject in subjects {
        let (a, b) = (told.get(subject).copied().unwrap_or(0.0), seen.get(subject).copied().unwrap_or(0.0));
        assert!((a - b).abs() <= 1e-6 * b.abs().max(1.0), "{subject:?}: told {a}, seen {b}\n{}", context());
    }
}
