use serde_json::{Value, json};

use super::{Change, Changed, Draws, changed};
use crate::intake::intake_rows;
use crate::io::{Document, Problem};

fn instance() -> Value {
    json!({
        "format": "rungs/1", "name": "Small", "calendar": {"start": "2027-01-01", "unit": "quarter", "count": 4},
        "stages": [{"id": "team"}, {"id": "top"}],
        "roles": [
            {"id": "lead", "stage": "team", "difficulty": 2, "duration": {"min": 2, "max": 3}},
            {"id": "head", "stage": "top", "difficulty": 4, "duration": {"min": 1}}
        ],
        "sites": [{"id": "leipzig", "housing": 3}, {"id": "dresden", "open": [{"from": 0, "until": 3}]}],
        "positions": [
            {"id": "lead-l", "role": "lead", "site": "leipzig", "seats": 2}, {"id": "lead-d", "role": "lead", "site": "dresden"},
            {"id": "head-l", "role": "head", "site": "leipzig", "seats": [1, 1, 2, 2], "demand": 1}
        ],
        "mentors": [{"id": "mo", "reach": "anywhere"}],
        "tracks": [{"id": "path", "length": 4}],
        "cohorts": [{"id": "c27", "track": "path", "start": 0}, {"id": "c26", "track": "path", "start": "2026-Q3"}],
        "participants": [
            {"id": "ana", "name": "Ana Ruiz", "cohort": "c27", "pinned": [{"position": "lead-d", "from": 0, "until": 2}]},
            {"id": "bo", "cohort": "c27"}, {"id": "cy", "cohort": "c27"},
            {"id": "di", "cohort": "c26", "current": {"position": "lead-l", "worked": 1}}
        ],
        "groups": [{"id": "pair", "members": ["ana", "bo"], "kind": "apart"}, {"id": "three", "members": ["ana", "bo", "cy"], "kind": "apart"}],
        "relocation": {"base": 100, "budget": {"total": 500}}
    })
}

fn read(changes: &Value) -> (Vec<Change>, Vec<Problem>) {
    let text = json!({ "changes": changes }).to_string();
    let document = Document::parse(text.as_bytes()).expect("JSON");
    let list: &serde_json::value::RawValue =
        serde_json::from_str::<std::collections::BTreeMap<&str, &serde_json::value::RawValue>>(document.root().get()).expect("an object")["changes"];
    let mut reader = crate::io::Reader::default();
    let read = <Vec<Change> as crate::io::Read>::read(&mut reader, list).unwrap_or_default();
    (read, reader.into_problems())
}

fn apply(changes: Value) -> Result<Changed, Vec<Problem>> {
    let (base, _) = intake_rows(instance().to_string().as_bytes()).expect("sound");
    let (changes, problems) = read(&changes);
    if problems.is_empty() { changed(&base, &changes, &mut Draws::new(1, 0), "changes") } else { Err(problems) }
}

/// What stands at a path after a change.
fn check(change: Value, pointer: &str, expected: Value) {
    let changed = apply(json!([change.clone()])).unwrap_or_else(|p| panic!("{change}: {p:?}"));
    let now = serde_json::to_value(&changed.raw).expect("JSON");
    assert_eq!(now.pointer(pointer).unwrap_or(&Value::Null), &expected, "{change}");
}

#[test]
fn changes_do_what_they_say() {
    check(json!({"close": {"site": "leipzig", "from": "2027-Q3"}}), "/sites/0/open", json!([{"from": 0, "until": 2}]));
    check(json!({"close": {"site": "dresden", "from": 1, "until": 2}}), "/sites/1/open", json!([{"from": 0, "until": 1}, {"from": 2, "until": 3}]));
    check(json!({"open": {"site": "dresden"}}), "/sites/1/open", Value::Null);
    check(json!({"seats": {"position": "head-l", "add": 1, "until": 1}}), "/positions/2/seats", json!([2, 1, 2, 2]));
    check(json!({"seats": {"role": "lead", "remove": 5}}), "/positions/0/seats", json!(0));
    check(json!({"seats": {"site": "leipzig", "scale": 1.5}}), "/positions/2/seats", json!([2, 2, 3, 3]));
    check(json!({"demand": {"scale": 2}}), "/positions/2/demand", json!(2));
    check(json!({"housing": {"site": "leipzig", "set": 1, "from": 2}}), "/sites/0/housing", json!([3, 3, 1, 1]));
    check(json!({"housing": {"unlimited": true}}), "/sites/0/housing", Value::Null);
    check(json!({"arrivals": {"site": "dresden", "set": 1}}), "/sites/1/arrivals", json!(1));
    check(json!({"lose_mentor": {"mentor": "mo"}}), "/mentors/0/available", json!([]));
    check(json!({"lose_mentor": {"mentor": "mo", "from": 1}}), "/mentors/0/available", json!([{"from": 0, "until": 1}]));
    check(json!({"add_mentor": {"id": "ny", "capacity": 2}}), "/mentors/1/capacity", json!(2));
    check(json!({"capacity": {"add": 2}}), "/mentors/0/capacity", json!(3));
    check(json!({"shift": {"cohort": "c26", "periods": 1}}), "/cohorts/1/start", json!(-1));
    check(json!({"budget": {"scale": 0.5}}), "/relocation/budget/total", json!(250.0));
    check(json!({"budget": {"unlimited": true}}), "/relocation/budget", Value::Null);
    check(json!({"budget": {"year": "2027", "set": 200}}), "/relocation/budget/per_year/2027", json!(200.0));
    check(json!({"rules": {"demand": {"weight": 50}}}), "/rules/demand/weight", json!(50.0));
    check(json!({"pin": {"participant": "bo", "position": "lead-l", "until": 2}}), "/participants/1/pinned/0/until", json!(2));
    check(json!({"unpin": {"participant": "ana"}}), "/participants/0/pinned", Value::Null);
    check(json!({"bar": {"participant": "bo", "site": "leipzig"}}), "/participants/1/barred/sites", json!(["leipzig"]));
    check(json!({"delay": {"participant": "bo", "periods": 2}}), "/participants/1/extension", json!(2));
    check(json!({"delay": {"participant": "bo", "periods": 2}}), "/participants/1/leave/0/until", json!(2));
    check(json!({"leave": {"participant": "bo", "from": 1, "until": 2, "pauses": false}}), "/participants/1/leave/0/pauses", json!(false));
    check(json!({"add": {"like": "ana", "count": 2}}), "/participants/5/name", json!("Ana Ruiz (3)"));
    check(json!({"add": {"participant": {"id": "ed", "cohort": "c27"}}}), "/participants/4/id", json!("ed"));
}

#[test]
fn who_drops_out_takes_along_what_is_theirs() {
    let after = apply(json!([{"drop": {"participant": "ana"}}])).expect("sound");
    assert_eq!(after.raw.participants.len(), 3);
    assert_eq!(after.raw.groups.len(), 1, "a group of one is none");
    assert_eq!(after.raw.groups[0].members, ["bo", "cy"]);
}

#[test]
fn where_a_place_closes_pins_lapse_and_short_stays_are_cut() {
    let after = apply(json!([{"close": {"position": "lead-d", "from": 1}}])).expect("sound");
    assert!(after.raw.participants[0].pinned.is_empty());
    check(json!({"close": {"position": "lead-l"}}), "/participants/3/current", Value::Null);
    check(json!({"close": {"position": "lead-l", "from": 1}}), "/participants/3/current/worked", json!(1));
}

#[test]
fn draws_follow_the_seed() {
    let (base, _) = intake_rows(instance().to_string().as_bytes()).expect("sound");
    let (changes, _) = read(&json!([{"drop": {"cohort": "c27", "share": 0.34}}]));
    let left = |number| {
        let after = changed(&base, &changes, &mut Draws::new(7, number), "changes").expect("sound");
        after.raw.participants.into_iter().map(|p| p.id).collect::<Vec<_>>()
    };
    assert_eq!(left(3), left(3));
    assert!((0..20).all(|n| left(n).len() == 3));
    let all: std::collections::BTreeSet<Vec<String>> = (0..20).map(left).collect();
    assert_eq!(all.len(), 3, "each of the three drops out in some draw");
}

#[test]
fn a_changed_instance_is_named_by_its_text() {
    let hash = |changes: Value| apply(changes).expect("sound").taken.case.sha256;
    assert_ne!(hash(json!([{"capacity": {"add": 1}}])), hash(json!([{"capacity": {"add": 2}}])));
}

#[test]
fn every_problem_has_its_place_and_a_hint() {
    let said = |changes: Value| {
        let problems = apply(changes).expect_err("wrong");
        problems.iter().map(|p| p.to_string() + "\n").collect::<String>()
    };
    insta::assert_snapshot!(said(json!([
        {"close": {"site": "leipzg"}},
        {"close": {"site": "dresden", "from": 3}},
        {"close": {}},
        {"seats": {"position": "lead-l", "add": 1, "set": 3}},
        {"seats": {"position": "lead-l", "add": 0}},
        {"seats": {"add": 1}},
        {"drop": {"cohort": "c27", "share": 1.5}},
        {"drop": {"cohort": "c27", "share": 0.1}},
        {"leave": {"participant": "an", "from": "2027-Q9"}},
        {"budget": {"year": "2030", "add": 5}},
        {"delay": {"participant": "bo", "cohort": "c27", "periods": 1}},
    ])));
    insta::assert_snapshot!(said(json!([{"clos": {"site": "leipzig"}}, {"close": {"sit": "leipzig"}}, {"drop": {}, "add": {}}, 3])));
    insta::assert_snapshot!(said(json!([{"pin": {"participant": "ana", "position": "lead-l", "from": 1, "until": 3}}])));
}
