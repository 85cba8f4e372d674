//! Every profile is taken in without errors, its planted plan is legal and places everybody, and the same seed gives the same bytes.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::*;
use crate::audit::audit;
use crate::intake::{Intake, intake};
use crate::io::raw::PerPeriod;
use crate::io::{Problem, read_plan};

fn taken_in(instance: &Instance) -> Intake {
    let text = serde_json::to_vec(instance).expect("plain data");
    intake(&text).unwrap_or_else(|problems| panic!("{:?}: {:#?}", instance.name, problems.iter().take(5).collect::<Vec<_>>()))
}

/// Audits the planted plan: nothing hard is broken, nobody waits.
fn check(recipe: &Recipe) {
    let (instance, rows) = planted(recipe);
    assert_eq!(instance.participants.len(), recipe.participants);
    let Intake { case, policy, warnings } = taken_in(&instance);
    assert!(warnings.is_empty(), "{recipe:?}: {:#?}", warnings.iter().take(5).collect::<Vec<&Problem>>());
    let text = serde_json::to_vec(&serde_json::json!({ "placements": rows })).expect("plain data");
    let plan = read_plan(&text, &case).unwrap_or_else(|problems| panic!("{recipe:?}: {:#?}", problems.first())).plan;
    let audit = audit(&case, &policy, &plan);
    let breaches: Vec<String> = audit.breaches().map(|outcome| format!("{outcome:?}").chars().take(400).collect()).collect();
    assert!(audit.legal(), "{recipe:?}: {breaches:#?}");
    let coverage = crate::rules::find("coverage").and_then(|rule| audit.of(rule)).expect("coverage is on");
    assert!(coverage.measure == 0.0, "{recipe:?}: coverage {}", coverage.measure);
}

#[test]
fn every_profile_is_valid_and_its_plan_legal() {
    for profile in Profile::ALL {
        for participants in [1, 5, 40, 300] {
            check(&Recipe::new(*profile, participants, 7));
        }
    }
}

#[test]
fn other_recipes_are_valid_and_their_plans_legal() {
    for (seed, profile) in Profile::ALL.iter().enumerate() {
        let recipe = |participants| Recipe::new(*profile, participants, seed as u64);
        check(&Recipe { tight: 1.0, budget: Some(1.0), ..recipe(60) });
        check(&Recipe { tight: 0.5, ..recipe(60) });
        check(&Recipe { periods: Some(6), ..recipe(60) });
        check(&Recipe { periods: Some(30), ..recipe(60) });
        check(&Recipe { sites: Some(60), positions: Some(250), ..recipe(100) });
    }
}

#[test]
fn too_few_seats_are_valid_too() {
    for profile in Profile::ALL {
        taken_in(&generate(&Recipe { tight: 1.4, budget: Some(0.5), ..Recipe::new(*profile, 60, 3) }));
    }
}

/// Participant-periods of the planted plan and seat-periods of the instance, by stage.
fn use_and_seats(recipe: &Recipe) -> BTreeMap<String, (f64, f64)> {
    let (instance, rows) = planted(recipe);
    let stages: BTreeMap<&str, &str> = instance.roles.iter().map(|r| (r.id.as_str(), r.stage.as_str())).collect();
    let posts: BTreeMap<&str, &str> = instance.positions.iter().map(|p| (p.id.as_str(), stages[p.role.as_str()])).collect();
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let index = |period: &crate::io::raw::Period| if let crate::io::raw::Period::Index(i) = period { *i as f64 } else { f64::NAN };
    for row in &rows {
        sums.entry(posts[row.position.as_str()].to_owned()).or_default().0 += index(&row.until) - index(&row.from);
    }
    let count = f64::from(instance.calendar.count);
    for position in &instance.positions {
        let open = position.open.iter().flatten().map(|r| r.until.as_ref().map_or(count, index) - r.from.as_ref().map_or(0.0, index)).sum::<f64>();
        let open = if position.open.is_some() { open } else { count };
        let seats = match position.seats.as_ref().expect("always given") {
            PerPeriod::Every(n) => f64::from(*n) * open,
            PerPeriod::Each(list) => list.iter().map(|n| f64::from(*n)).sum(),
        };
        sums.entry(posts[position.id.as_str()].to_owned()).or_default().1 += seats;
    }
    sums
}

#[test]
fn seats_are_as_tight_as_asked() {
    for profile in Profile::ALL.iter().filter(|p| **p != Profile::Mentoring) {
        for tight in [0.6, 0.9, 1.0, 1.25] {
            for (stage, (used, seats)) in use_and_seats(&Recipe { tight, ..Recipe::new(*profile, 300, 7) }) {
                assert!((used / seats / tight - 1.0).abs() < 0.05, "{profile:?} at {tight}, {stage}: {used} of {seats}");
            }
        }
    }
}

#[test]
fn a_seed_gives_the_same_bytes_on_every_machine() {
    let hashes: Vec<String> = Profile::ALL
        .iter()
        .map(|profile| {
            let text = serde_json::to_vec(&generate(&Recipe::new(*profile, 30, 7))).expect("plain data");
            let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{} {hash}", profile.word())
        })
        .collect();
    assert_eq!(hashes, HASHES, "instances changed: if that is meant, say so in the changelog and store the new hashes");
}

const HASHES: &[&str] = &[
    "operations a589bca1aab66396b487cd72835be6040375e103b6c21e382c4230698d01d5c4",
    "mba 612ecbb4ad1cdbb2f8c2aee0c416118536c432b39a09dc774a4d14d0fcd2fc5e",
    "launch 1bd073ba9b1fc6f0cda40c949a4a2dc3a3bd4c76d5ce6aabaa9634b7f23f99d1",
    "emerging 370a31176867832361ca209daa0111102f5f28b6dd2050233ae27f8f409212d0",
    "assessed 54fc5dafa80971269053a63592045e6345646e7206070278999298a9b5bda386",
    "study 0ad695a280adeafdac525d3de1a5d166b2268da28bbed3fa3a7a8e6dca65f410",
    "academy 45bd0d2a0f04ccde12f8840f93954ab2163d580ea65336b9e16b1e94b4920a32",
    "mentoring 2c86f5591857720424ecd25657013b629f72ab11295146cbb2dd76ca5a0ca156",
    "cohorts cf5b621edfc5c938d2f9ab647faf34fa6a9ace4833e5c345f806df21f3f52967",
    "medical 6b54c8379e05fe0e02ae4cb1af5e13fb33c9f47d190ec74eabbbb44450e83965",
];

#[test]
fn another_seed_is_another_instance() {
    let recipe = Recipe::new(Profile::Operations, 20, 7);
    assert_eq!(generate(&recipe), generate(&recipe));
    assert_ne!(generate(&recipe), generate(&Recipe { seed: 8, ..recipe }));
}

#[test]
fn size_grows_with_the_participants_alone() {
    let bytes = |participants| serde_json::to_vec(&generate(&Recipe::new(Profile::Operations, participants, 7))).expect("plain data").len();
    let (small, big) = (bytes(2000), bytes(8000));
    assert!(big < small * 5, "{small} bytes at 2,000 participants, {big} at 8,000");
}

#[test]
fn forced_sites_and_positions_are_kept_to() {
    let instance = generate(&Recipe { sites: Some(400), positions: Some(1300), ..Recipe::new(Profile::Operations, 2000, 7) });
    assert_eq!(instance.sites.len(), 400);
    assert!((1235..=1365).contains(&instance.positions.len()), "{} positions", instance.positions.len());
}

#[test]
fn profiles_are_known_by_their_words() {
    for profile in Profile::ALL {
        assert_eq!(profile.word().parse(), Ok(*profile));
        assert!(!profile.about().is_empty());
    }
    assert!("operation".parse::<Profile>().is_err());
}
