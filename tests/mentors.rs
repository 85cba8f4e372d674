//! Mentors against brute force: with the paths fixed, as many worked periods as can be have a mentor, and with that many the
//! changes of mentor are as few as can be.
#![cfg(feature = "plan")]

mod common;

use std::collections::BTreeMap;

use rand::RngExt;
use rungs::audit::measure;
use rungs::brief::brief;
use rungs::desk::assign_mentors;
use rungs::domain::{Case, MentorIx, ParticipantIx, Plan, PositionIx, Within};
use rungs::rules::find;
use rungs::words::{Index, Period};

const CASES: usize = 300;

/// Worked periods without a mentor, then changes.
type Cost = (usize, usize);
/// Per participant: the mentor of the last worked period (`None`: it had none); absent before the first.
type Last = Vec<Option<Option<MentorIx>>>;

#[test]
fn mentors_change_as_rarely_as_can_be() {
    let (mut compared, mut tight, mut changing, mut seed) = (0, 0, 0, 0);
    let size = common::Size { periods: 6, positions: 4, participants: 3 };
    let rule = find("mentoring").expect("a rule");
    while compared < CASES {
        seed += 1;
        let Some((mut case, policy)) = common::case(seed, size) else { continue };
        if case.mentors.len() < 2 || !policy.named("mentoring").on() {
            continue;
        }
        scarce(&mut case, seed);
        compared += 1;
        let bare = common::plan(&case, seed);
        let (uncovered, changes) = brute_force(&case, &bare);
        let plan = assign_mentors(&brief(&case, &policy), bare.clone()).expect("small assignments are solved");
        let mut stripped = plan.clone();
        for p in case.participants.ids() {
            stripped.paths[p].iter_mut().for_each(|placement| placement.mentors.clear());
        }
        assert_eq!(stripped, bare, "seed {seed}: only mentors are filled in");
        let audit = measure(&case, &policy, &plan);
        let found = (audit.of(rule).expect("on").measure, audit.mentor_changes);
        assert_eq!(found, (uncovered as f64, changes), "seed {seed}\n{}\n{plan:?}", common::instance(seed, size));
        assert_eq!(lonely(&case, &plan), uncovered, "seed {seed}: a span of support covers worked periods alone, and all of them\n{plan:?}");
        tight += usize::from(uncovered > 0);
        changing += usize::from(changes > 0);
    }
    assert!(tight >= CASES / 10 && changing >= CASES / 10, "{tight} with too few mentors, {changing} with changes");
}

/// Worked periods without a mentor.
///
/// # Panics
/// If support is noted for a period that is not worked.
fn lonely(case: &Case, plan: &Plan) -> usize {
    let mut lonely = 0;
    for (p, path) in plan.paths.iter() {
        for placed in path {
            let supported: Vec<usize> = placed.mentors.iter().flat_map(|m| m.from.index()..m.until.index()).collect();
            let worked = |t: &usize| case.participants[p].timeline.tick(Period::new(*t)).is_some();
            assert!(supported.iter().all(worked), "support during leave: {placed:?}");
            lonely += (placed.from.index()..placed.until.index()).filter(|t| worked(t) && !supported.contains(t)).count();
        }
    }
    lonely
}

/// Mentors who reach everywhere, with little room that changes from period to period.
fn scarce(case: &mut Case, seed: u64) {
    let mut dice = common::stream(seed ^ 0x5eed);
    let (periods, mentors): (Vec<Period>, Vec<MentorIx>) = (case.calendar.periods().collect(), case.mentors.ids().collect());
    for m in mentors {
        let mentor = &mut case.mentors[m];
        if dice.random_bool(0.9) {
            mentor.reach = Some(Within::Anywhere);
        }
        for t in &periods {
            mentor.capacity[*t] = [0, 1, 1, 1, 2][dice.random_range(0..5)];
            mentor.available[*t] = dice.random_bool(0.85);
        }
    }
}

/// The least cost over all ways to share out the mentors, period by period.
fn brute_force(case: &Case, plan: &Plan) -> Cost {
    let mut best: BTreeMap<Last, Cost> = BTreeMap::from([(vec![None; case.participants.len()], (0, 0))]);
    for period in case.calendar.periods() {
        let mut room: Vec<u32> = case.mentors.rows().iter().map(|m| if m.available[period] { m.capacity[period] } else { 0 }).collect();
        let mut shares = Vec::new();
        share(case, &works(case, plan, period), &mut room, &mut Vec::new(), &mut shares);
        let mut next: BTreeMap<Last, Cost> = BTreeMap::new();
        for (last, cost) in &best {
            for given in &shares {
                let (mut now, mut total) = (last.clone(), *cost);
                for (p, mentor) in given {
                    let before = now[p.index()].replace(*mentor);
                    total.0 += usize::from(mentor.is_none());
                    total.1 += usize::from(matches!((before, mentor), (Some(Some(a)), Some(b)) if a != *b));
                }
                let known = next.entry(now).or_insert(total);
                *known = total.min(*known);
            }
        }
        best = next;
    }
    best.into_values().min().expect("nobody may have a mentor at all")
}

fn works(case: &Case, plan: &Plan, period: Period) -> Vec<(ParticipantIx, PositionIx)> {
    let at = |(p, path): (ParticipantIx, &Vec<rungs::domain::Placement>)| {
        case.participants[p].timeline.tick(period)?;
        path.iter().find(|placed| placed.from <= period && period < placed.until).map(|placed| (p, placed.position))
    };
    plan.paths.iter().filter_map(at).collect()
}

type Given = Vec<(ParticipantIx, Option<MentorIx>)>;

/// Every way to share out the mentors of one period.
fn share(case: &Case, needs: &[(ParticipantIx, PositionIx)], room: &mut [u32], so_far: &mut Given, all: &mut Vec<Given>) {
    let Some(((p, position), rest)) = needs.split_first() else { return all.push(so_far.clone()) };
    let able = case.mentors.ids().filter(|m| case.mentor_suits(*m, *p, *position));
    for mentor in std::iter::once(None).chain(able.map(Some)) {
        if let Some(m) = mentor {
            if room[m.index()] == 0 {
                continue;
            }
            room[m.index()] -= 1;
        }
        so_far.push((*p, mentor));
        share(case, rest, room, so_far, all);
        so_far.pop();
        if let Some(m) = mentor {
            room[m.index()] += 1;
        }
    }
}
