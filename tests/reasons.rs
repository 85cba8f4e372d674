//! Why someone is idle, by the audit alone: every position is tried in every stretch of every idle span, and what the hard
//! rules then find must be what the desk says (it asks the brief). And what an elastic policy is.
#![cfg(feature = "plan")]

mod common;

use std::collections::BTreeMap;

use rungs::audit::measure;
use rungs::brief::brief;
use rungs::desk::{Reason, assign_mentors, unplaced};
use rungs::domain::{Case, Mode, ParticipantIx, Placement, Plan, Policy};
use rungs::rules::RuleIx;
use rungs::words::{Index, Period};

const CASES: usize = 500;

#[test]
fn reasons_are_what_the_audit_finds() {
    let (mut spans, mut possible, mut broken, mut seed) = (0, 0, 0, 0);
    let mut done = 0;
    while done < CASES {
        seed += 1;
        let Some((case, policy)) = common::case(seed, common::TINY) else { continue };
        done += 1;
        let plan = common::plan(&case, seed);
        let found = unplaced(&brief(&case, &policy), &plan, true);
        let expected = idle(&case, &plan);
        assert_eq!(
            found.iter().map(|u| (u.participant, u.from, u.until)).collect::<Vec<_>>(),
            expected.iter().map(|(p, s)| (*p, s[0], next(s[s.len() - 1]))).collect::<Vec<_>>()
        );
        for (u, (p, span)) in found.iter().zip(&expected) {
            spans += 1;
            let tally = tally(&case, &policy, &plan, *p, span);
            let said: BTreeMap<Option<RuleIx>, usize> = u
                .reasons
                .iter()
                .map(|r| match r {
                    Reason::Breaks(ix, n) => (Some(*ix), *n),
                    Reason::Costs(n) => (None, *n),
                })
                .collect();
            assert_eq!(said, tally, "seed {seed}\n{}\n{plan:?}", common::instance(seed, common::TINY));
            assert_eq!(said.values().sum::<usize>(), case.positions.len());
            let counts: Vec<usize> = u
                .reasons
                .iter()
                .map(|r| match r {
                    Reason::Breaks(_, n) | Reason::Costs(n) => *n,
                })
                .collect();
            assert!(counts.is_sorted_by(|a, b| a >= b), "the most frequent reason first: {counts:?}");
            possible += usize::from(said.contains_key(&None));
            broken += usize::from(said.keys().any(Option::is_some));
        }
        assert!(unplaced(&brief(&case, &policy), &plan, false).iter().all(|u| u.reasons.is_empty()));
    }
    assert!(spans > CASES / 2 && possible > 20 && broken > 20, "{spans} spans, {possible} that can be filled, {broken} that cannot everywhere");
}

/// The idle spans of everyone's timeline, leave left out.
fn idle(case: &Case, plan: &Plan) -> Vec<(ParticipantIx, Vec<Period>)> {
    let mut spans = Vec::new();
    for (p, person) in case.participants.iter() {
        let works = |t: Period| plan.paths[p].iter().any(|placed| placed.from <= t && t < placed.until);
        for run in person.timeline.periods.chunk_by(|a, b| works(*a) == works(*b)).filter(|run| !works(run[0])) {
            spans.push((p, run.to_vec()));
        }
    }
    spans
}

/// How many positions break which rule first, in the stretch where the fewest hard rules break more than before (the first
/// such stretch, by start and then by length); `None`: those that break none there.
fn tally(case: &Case, policy: &Policy, plan: &Plan, p: ParticipantIx, span: &[Period]) -> BTreeMap<Option<RuleIx>, usize> {
    let before = breaches(case, policy, plan);
    let mut tally = BTreeMap::new();
    for position in case.positions.ids() {
        let stretches = (0..span.len()).flat_map(|a| (a..span.len()).map(move |b| (a, b)));
        let broken = stretches.map(|(a, b)| {
            let mut trial = plan.clone();
            trial.paths[p].push(Placement { position, from: span[a], until: next(span[b]), mentors: Vec::new() });
            let after = breaches(case, policy, &trial);
            after.into_iter().filter(|(ix, amount)| *amount > before.get(ix).copied().unwrap_or(0.0) + 1e-9).map(|(ix, _)| ix).collect::<Vec<_>>()
        });
        let fewest = broken.min_by_key(Vec::len).expect("a span has a stretch");
        *tally.entry(fewest.first().copied()).or_default() += 1;
    }
    tally
}

/// What each hard rule forbids of a plan whose mentors are shared out anew.
fn breaches(case: &Case, policy: &Policy, plan: &Plan) -> BTreeMap<RuleIx, f64> {
    let mut bare = plan.clone();
    for p in case.participants.ids() {
        bare.paths[p].iter_mut().for_each(|placed| placed.mentors.clear());
    }
    let mentored = if policy.named("mentoring").mode == Mode::Hard { assign_mentors(&brief(case, policy), bare).expect("mentors") } else { bare };
    measure(case, policy, &mentored).breaches().map(|o| (o.rule, o.breach)).collect()
}

fn next(period: Period) -> Period {
    Period::new(period.index() + 1)
}
