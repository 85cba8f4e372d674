//! Explanations, verified: every conflict is minimal, every relaxation works, by solving again.
#![cfg(feature = "plan")]
#![allow(clippy::print_stdout, reason = "a test says what it saw")]

mod common;

use std::collections::BTreeMap;
use std::sync::Mutex;

use rungs::audit::measure;
use rungs::brief::brief;
use rungs::change::{Change, Draws, changed};
use rungs::desk::{assign_mentors, paths_of, plan_of, settle};
use rungs::domain::{Case, Mode, ParticipantIx, Plan, Policy, PositionIx, Span};
use rungs::explain::{
    Ask, Oracle, Remedy, Requirement, Short, WhyNot, Wish, alternatives, conflict, hard_only, pins, relaxations, supply, verify, why_not, without,
    worth,
};
use rungs::io::Document;
use rungs::io::raw::Instance;
use rungs::pricing::{Coupling, Multipliers};
use rungs::rules::{RULES, RuleIx};
use rungs::solve::{Listener, Method, Options, Stop, Verdict, solve, solve_by};
use rungs::words::{Index, Period};
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
fn random(seed: u64) -> serde_json::Value {
    let mut instance = common::instance(seed, common::SMALL);
    if seed.is_multiple_of(2) {
        for position in instance["positions"].as_array_mut().expect("a list") {
            position["seats"] = json!(1);
        }
        for rule in ["harder-than-last", "stretch", "track", "after", "no-repeat", "curriculum"] {
            instance["rules"][rule] = json!({"mode": "off"});
        }
    }
    instance
}

fn take(instance: &serde_json::Value) -> Option<(Case, Policy)> {
    rungs::intake::intake(instance.to_string().as_bytes()).ok().map(|taken| (taken.case, taken.policy))
}

/// Whether changes of the raw rows that say the same as remedies help too; `None` where there are no words for some.
fn helps_raw(instance: &serde_json::Value, case: &Case, remedies: &[Remedy]) -> Option<bool> {
    let changes: Vec<Change> = remedies.iter().map(|r| r.changes(case)).collect::<Option<Vec<_>>>()?.concat();
    let text = instance.to_string();
    let raw = Document::parse(text.as_bytes()).expect("JSON").read::<Instance>().0;
    let changed = changed(&raw, &changes, &mut Draws::new(1, 0), "changes").unwrap_or_else(|wrong| panic!("{wrong:?}\n{changes:?}"));
    let coverage = RULES.iter().position(|r| r.id == "coverage").map(RuleIx::new);
    let fill = !remedies.iter().any(|r| matches!(r, Remedy::Soften(ix) if Some(*ix) == coverage));
    Some(plan(&changed.taken.case, &hard_only(&changed.taken.policy, fill)).is_some())
}

/// The best plan's objective, proven; `None` if there is no plan.
fn optimum(case: &Case, policy: &Policy) -> Option<(f64, Plan)> {
    let brief = brief(case, policy);
    let silent: Listener<'_> = Mutex::new(Box::new(|_| {}));
    let solved = solve(&brief, &Options::default(), None, &silent, &Stop::default()).expect("HiGHS runs");
    let paths = solved.paths.as_ref()?;
    let settled = settle(case, policy, &brief, paths, &solved).expect("legal");
    assert_eq!(solved.verdict, Verdict::Proven);
    Some((settled.objective, settled.plan))
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-4 * a.abs().max(1.0)
}

fn kind(requirement: &Requirement) -> String {
    match requirement {
        Requirement::Rule(ix) => RULES[ix.index()].id.to_owned(),
        other => format!("{other:?}").split('(').next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn conflicts_are_minimal_and_relaxations_work() {
    let (mut found, mut seed, mut relaxed, mut cured, mut said) = (0, 0, 0, 0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut remedies: BTreeMap<String, usize> = BTreeMap::new();
    while found < 200 {
        seed += 1;
        let instance = random(seed);
        let Some((case, policy)) = take(&instance) else { continue };
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
            if let Some(helps) = helps_raw(&instance, &case, &relaxation.remedies) {
                assert!(helps, "{relaxation:?} does not help the instance itself; {}", context());
                said += 1;
            }
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
    println!("{relaxed} relaxations of {cured} instances, {said} of them in words of changes too: {remedies:?}");
    assert!(kinds.len() > 15 && cured > 190 && said > 200, "{kinds:?}, {cured} can be cured");
}

/// The least objective of all plans that have one of the placements a wish allows, by pinning each in turn.
fn by_pins(case: &Case, policy: &Policy, wish: Wish) -> Option<f64> {
    let ticks = case.participants[wish.participant].timeline.periods.clone();
    let mut best: Option<f64> = None;
    for first in 0..ticks.len() {
        for last in first..ticks.len() {
            if wish.period.is_some_and(|t| !ticks[first..=last].contains(&t)) {
                continue;
            }
            let mut pinned = case.clone();
            let until = Period::new(ticks[last].index() + 1);
            pinned.participants[wish.participant].pinned.push(Span {
                participant: wish.participant,
                position: wish.position,
                from: ticks[first],
                until,
            });
            if let Some((objective, _)) = optimum(&pinned, policy) {
                best = Some(best.map_or(objective, |b| b.min(objective)));
            }
        }
    }
    best
}

#[test]
fn why_not_is_what_pinning_each_placement_finds() {
    let (mut done, mut seed, mut forbidden, mut possible) = (0, 0, 0, 0);
    let (options, stop) = (Options::default(), Stop::default());
    while done < 60 || possible < 10 {
        seed += 1;
        assert!(seed < 3000, "{done} wishes, {possible} possible");
        let Some((case, policy)) = common::case(seed, common::TINY) else { continue };
        if policy.named("pinned").mode != Mode::Hard {
            continue;
        }
        let Some((objective, plan)) = optimum(&case, &policy) else { continue };
        done += 1;
        let wish = Wish {
            participant: ParticipantIx::new(seed as usize % case.participants.len()),
            position: PositionIx::new(seed as usize / 3 % case.positions.len()),
            period: seed.is_multiple_of(2).then(|| Period::new(seed as usize / 2 % case.calendar.count)),
        };
        let expected = by_pins(&case, &policy, wish);
        match why_not(&case, &policy, &plan, wish, Method::Exact, &options, &stop).expect("HiGHS runs") {
            WhyNot::Granted => assert!(near(expected.expect("the plan itself"), objective), "seed {seed}"),
            WhyNot::Forbidden(conflict) => {
                forbidden += 1;
                assert!(conflict.minimal && expected.is_none(), "seed {seed}: {expected:?}, {conflict:?}");
            }
            WhyNot::Possible(other) => {
                possible += 1;
                let expected = expected.unwrap_or_else(|| {
                    panic!(
                        "seed {seed}: there is no such plan as {wish:?} {:?} {:?}\n{}",
                        other.plan,
                        case.participants[wish.participant],
                        common::instance(seed, common::TINY)
                    )
                });
                assert!(near(other.objective, expected), "seed {seed}: {} and {expected}", other.objective);
                assert!(other.bound <= other.objective && other.objective >= objective - 1e-4 * objective.abs().max(1.0));
                let choices = paths_of(&case, &other.plan).expect("on the timeline");
                assert!(choices[wish.participant].iter().any(|c| wish.granted(&case, c)), "seed {seed}");
            }
            WhyNot::Away => assert!(expected.is_none(), "seed {seed}: {expected:?}"),
            WhyNot::Unknown => panic!("no limit is set"),
        }
        let (others, all) = alternatives(&case, &policy, &plan, wish.participant, &options, &stop).expect("HiGHS runs");
        assert!(all && others.iter().map(|o| o.resolved.objective).is_sorted());
        for other in &others {
            let kept = |p: ParticipantIx| {
                plan.paths[p]
                    .iter()
                    .all(|x| other.resolved.plan.paths[p].iter().any(|y| (x.position, x.from, x.until) == (y.position, y.from, y.until)))
            };
            assert!(case.participants.ids().filter(|p| *p != wish.participant).all(kept), "seed {seed}: someone else was moved");
        }
    }
    println!("{done} wishes, seeds up to {seed}: {forbidden} forbidden, {possible} possible");
    assert!(forbidden > 15, "{forbidden} forbidden");
}

#[test]
fn what_is_worth_and_what_pins_cost_are_verified() {
    let (mut seed, mut worths, mut lifted) = (0, 0, 0);
    let (options, stop) = (Options::default(), Stop::default());
    while worths < 40 || lifted < 8 {
        assert!(seed < 2000, "{worths} changes, {lifted} pins");
        seed += 1;
        let instance = random(seed);
        let Some((case, policy)) = take(&instance) else { continue };
        let Some((objective, plan)) = optimum(&case, &policy) else { continue };
        let ask = Ask { from: &plan, wish: None, alone: None, method: Method::Exact, options: &options, stop: &stop };
        if worths < 40 {
            let told = brief(&case, &policy);
            let coupling = Coupling::new(&told);
            let silent: Listener<'_> = Mutex::new(Box::new(|_| {}));
            let quick = Options { gap: 1e9, ..Options::default() };
            let priced = solve_by(Method::Columns, &told, &quick, paths_of(&case, &plan).as_ref(), &silent, &stop).expect("HiGHS runs");
            let prices = priced.multipliers.unwrap_or_else(|| Multipliers::none(&coupling));
            let mut found = worth(&told, &coupling, &prices);
            assert!(found.iter().map(|w| -w.price).is_sorted());
            verify(&case, &policy, &mut found, 2, &ask).expect("HiGHS runs");
            for one in found.iter().take(2) {
                worths += 1;
                let after = one.verified.as_ref().expect("no limit is set");
                assert!(after.objective <= objective + 1e-4 * objective.abs().max(1.0), "seed {seed}: more room costs more");
                let changes = one.remedy.changes(&case).expect("room has words");
                let text = instance.to_string();
                let raw = Document::parse(text.as_bytes()).expect("JSON").read::<Instance>().0;
                let same = changed(&raw, &changes, &mut Draws::new(1, 0), "changes").expect("sound");
                let (expected, _) = optimum(&same.taken.case, &same.taken.policy).expect("a plan");
                assert!(near(after.objective, expected), "seed {seed}: {} and {expected} with {changes:?}", after.objective);
            }
        }
        if policy.named("pinned").mode != Mode::Hard {
            continue;
        }
        for pin in pins(&case, &policy, &ask).expect("HiGHS runs") {
            lifted += 1;
            let Requirement::Pin(p, i) = pin.pin else { panic!("a pin") };
            let mut free = case.clone();
            free.participants[p].pinned.remove(i);
            let (expected, _) = optimum(&free, &policy).expect("the plan itself");
            let without = pin.without.expect("no limit is set");
            assert!(near(without.objective, expected) && without.objective <= objective + 1e-4 * objective.abs().max(1.0), "seed {seed}");
        }
    }
    println!("{worths} changes and {lifted} pins, seeds up to {seed}");
}

#[test]
fn what_counting_calls_short_is_impossible() {
    let (mut seed, mut seats, mut mentors) = (0, 0, 0);
    while seats < 40 || mentors < 5 {
        seed += 1;
        assert!(seed < 3000, "{seats} shortages of seats, {mentors} of mentors");
        let Some((case, policy)) = take(&random(seed)) else { continue };
        let hard = hard_only(&policy, true);
        let found = supply(&case, &hard);
        let short = |of: Short| found.shortages.iter().filter(|s| s.of == of).count();
        let stages = found.shortages.iter().filter(|s| matches!(s.of, Short::Stage(_))).count();
        seats += short(Short::Seats);
        mentors += short(Short::Mentors);
        if !found.pathless.is_empty() || short(Short::Seats) + short(Short::Mentors) + stages > 0 {
            assert!(plan(&case, &hard).is_none(), "seed {seed}: {:?}", found.shortages);
        }
        for shortage in &found.shortages {
            assert!(shortage.needed > shortage.at_best && shortage.there <= shortage.at_best, "{shortage:?}");
            assert!(!shortage.words(&case).is_empty() && shortage.from < shortage.until);
        }
    }
    println!("{seats} shortages of seats and {mentors} of mentors, seeds up to {seed}");
}
