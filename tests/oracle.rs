//! The oracle: on tiny cases, brute force over all plans, by the rules' `seen` halves alone, finds the same optimum as the
//! exact method, or finds like it that there is none.
#![cfg(feature = "plan")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test says what it saw")]

mod common;

use std::sync::Mutex;

use rungs::audit::measure;
use rungs::brief::brief;
use rungs::desk::{assign_mentors, plan_of};
use rungs::domain::{Case, Mentoring, Mode, ParticipantIx, Placement, Plan, Policy, PositionIx, Setting, Subject};
use rungs::rules::{RULES, Reach, RuleIx};
use rungs::solve::{Options, Stop, Verdict, solve};
use rungs::words::{Index, Period, Table};

/// Cases that brute force can do; the issue asks for a thousand.
const WANTED: usize = 1000;
/// Larger cases are skipped.
const MOST_PLANS: usize = 60_000;

#[test]
fn brute_force_and_the_exact_method_agree() {
    let (mut compared, mut infeasible, mut seed) = (0, 0, 0);
    while compared < WANTED {
        seed += 1;
        assert!(seed < 20 * WANTED as u64, "only {compared} cases were small enough");
        let Some((case, policy)) = common::case(seed, common::TINY) else { continue };
        let Some(best) = brute_force(&case, &policy) else { continue };
        compared += 1;
        let brief = brief(&case, &policy);
        let silent: rungs::solve::Listener<'_> = Mutex::new(Box::new(|_| {}));
        let solved = solve(&brief, &Options::default(), None, &silent, &Stop::default()).expect("HiGHS runs");
        let context = || format!("seed {seed}:\n{}", common::instance(seed, common::TINY));
        let Some(best) = best else {
            infeasible += 1;
            assert_eq!(solved.verdict, Verdict::Infeasible, "brute force finds no plan; {}", context());
            continue;
        };
        assert_eq!(solved.verdict, Verdict::Proven, "brute force finds {best}; {}", context());
        let plan = assign_mentors(&brief, plan_of(&case, solved.paths.as_ref().expect("proven"))).expect("mentors");
        let audit = measure(&case, &policy, &plan);
        assert!(audit.legal(), "{:?}\n{}", audit.breaches().map(|o| RULES[o.rule.index()].id).collect::<Vec<_>>(), context());
        let tolerance = 2e-6 * best.abs().max(1.0);
        assert!((audit.objective() - best).abs() <= tolerance, "exact {} and brute force {best}; {}", audit.objective(), context());
        let bound = solved.bound.expect("proven");
        assert!(bound <= best + tolerance && bound >= best - tolerance, "bound {bound} and optimum {best}; {}", context());
    }
    assert!(infeasible >= WANTED / 100, "only {infeasible} cases without a plan");
    println!("{compared} cases compared, {infeasible} of them infeasible, seeds up to {seed}");
}

/// The best objective of all plans; `None` inside if there is no legal plan, outside if there are too many to try.
fn brute_force(case: &Case, policy: &Policy) -> Option<Option<f64>> {
    let alone = own_rules_only(policy);
    let mut choices: Vec<Vec<Vec<Placement>>> = Vec::new();
    for p in case.participants.ids() {
        let all = all_paths(case, p);
        let own_fault = |path: &[Placement]| {
            let audit = measure(case, &alone, &only(case, p, path));
            audit.outcomes.iter().flat_map(|o| &o.findings).any(|f| f.subject == Subject::Participant(p) && f.breach > 0.0)
        };
        let legal = all.into_iter().filter(|path| !own_fault(path));
        let legal: Vec<_> = legal.take(MOST_PLANS).collect();
        choices.push(legal);
    }
    let plans = choices.iter().try_fold(1usize, |n, c| n.checked_mul(c.len()))?;
    if plans > MOST_PLANS {
        return None;
    }
    let mut best: Option<f64> = None;
    let mut pick = vec![0; choices.len()];
    if plans == 0 {
        return Some(None);
    }
    loop {
        let mut plan = Plan { paths: Table::new(pick.iter().zip(&choices).map(|(i, c)| c[*i].clone()).collect()) };
        if policy.named("mentoring").on() {
            share_mentors(case, &mut plan);
        }
        let audit = measure(case, policy, &plan);
        if audit.legal() {
            best = Some(best.map_or(audit.objective(), |b| b.min(audit.objective())));
        }
        let Some(place) = (0..pick.len()).find(|i| pick[*i] + 1 < choices[*i].len()) else { return Some(best) };
        pick[..place].fill(0);
        pick[place] += 1;
    }
}

/// The policy with every rule that couples paths, and every soft one, off: what one path alone must keep.
fn own_rules_only(policy: &Policy) -> Policy {
    RULES.iter().enumerate().fold(policy.clone(), |kept, (i, rule)| {
        let ix = RuleIx::new(i);
        let setting = policy.of(ix);
        let keep = rule.reach == Reach::Path && setting.mode == Mode::Hard;
        if keep { kept } else { kept.with(ix, Setting { mode: Mode::Off, ..setting.clone() }) }
    })
}

/// A plan in which nobody else is placed.
fn only(case: &Case, p: ParticipantIx, path: &[Placement]) -> Plan {
    let mut plan = Plan { paths: case.participants.ids().map(|_| Vec::new()).collect() };
    plan.paths[p] = path.to_vec();
    plan
}

/// Every sequence of placements on a participant's timeline.
fn all_paths(case: &Case, p: ParticipantIx) -> Vec<Vec<Placement>> {
    let ticks = &case.participants[p].timeline.periods;
    let mut done: Vec<Vec<Placement>> = Vec::new();
    let mut open: Vec<(usize, Vec<Placement>)> = vec![(0, Vec::new())];
    while let Some((tick, path)) = open.pop() {
        if tick == ticks.len() {
            done.push(path);
            continue;
        }
        open.push((tick + 1, path.clone()));
        for position in case.positions.ids() {
            for after in tick + 1..=ticks.len() {
                let mut longer = path.clone();
                longer.push(placement(position, ticks, tick, after));
                open.push((after, longer));
            }
        }
    }
    done
}

fn placement(position: PositionIx, ticks: &[Period], first: usize, after: usize) -> Placement {
    Placement { position, from: ticks[first], until: Period::new(ticks[after - 1].index() + 1), mentors: Vec::new() }
}

/// As many worked periods with a mentor as can be, period by period, by augmenting paths.
fn share_mentors(case: &Case, plan: &mut Plan) {
    for period in case.calendar.periods() {
        let mut needs = Vec::new();
        for (p, path) in plan.paths.iter() {
            for (i, placed) in path.iter().enumerate() {
                let works = case.participants[p].timeline.tick(period).is_some();
                if works && placed.from <= period && period < placed.until {
                    needs.push((p, i, placed.position));
                }
            }
        }
        let mut seats: Vec<(rungs::domain::MentorIx, Option<usize>)> = Vec::new();
        for (m, mentor) in case.mentors.iter() {
            let room = if mentor.available[period] { mentor.capacity[period] } else { 0 };
            seats.extend((0..room.min(8)).map(|_| (m, None)));
        }
        for need in 0..needs.len() {
            let mut tried = vec![false; seats.len()];
            augment(case, &needs, need, &mut seats, &mut tried);
        }
        for (m, taken) in seats {
            let Some(need) = taken else { continue };
            let (p, i, _) = needs[need];
            let until = Period::new(period.index() + 1);
            plan.paths[p][i].mentors.push(Mentoring { mentor: m, from: period, until });
        }
    }
}

type Needs = [(ParticipantIx, usize, PositionIx)];
type Seats = [(rungs::domain::MentorIx, Option<usize>)];

fn augment(case: &Case, needs: &Needs, need: usize, seats: &mut Seats, tried: &mut [bool]) -> bool {
    for s in 0..seats.len() {
        let (p, _, position) = needs[need];
        if !tried[s] && case.mentor_suits(seats[s].0, p, position) {
            tried[s] = true;
            if seats[s].1.is_none_or(|other| augment(case, needs, other, seats, tried)) {
                seats[s].1 = Some(need);
                return true;
            }
        }
    }
    false
}
