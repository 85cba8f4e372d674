//! Defaults and checks, one line each.

use serde_json::{Value, json};

use super::intake;
use crate::domain::{Home, Mode, Within};
use crate::words::Index;

/// A small sound instance: two roles at two sites, three participants, four quarters of 2027.
fn base() -> Value {
    json!({
        "format": "rungs/1",
        "calendar": {"start": "2027-01-01", "unit": "quarter", "count": 4},
        "competencies": [{"id": "people", "levels": 3}, {"id": "lean"}],
        "stages": [{"id": "am"}, {"id": "om"}],
        "difficulty": {"people": 1.0, "scope": 2.0},
        "roles": [
            {"id": "sort", "stage": "am", "difficulty": 3, "family": "ops", "develops": {"people": 1, "lean": 2}},
            {"id": "shift", "stage": "om", "demands": {"people": 2, "scope": 1.5}, "requires": {"people": 1}, "duration": {"min": 2}}
        ],
        "sites": [{"id": "leeds", "lat": 53.8, "lon": -1.5, "region": "north"}, {"id": "york", "lat": 53.96, "lon": -1.08, "open": [{"from": 1}]}],
        "positions": [
            {"id": "sort@leeds", "role": "sort", "site": "leeds", "manager": "boss"},
            {"id": "shift@york", "role": "shift", "site": "york", "difficulty_add": -0.5, "open": [{"until": 3}], "seats": [1, 2, 3, 4]}
        ],
        "people": [{"id": "boss", "name": "Bo Sseman", "reports_to": "head"}, {"id": "head"}],
        "tracks": [{"id": "t", "length": 4}, {"id": "om-first", "length": 2, "stages": [{"stage": "om"}]}],
        "targets": [{"id": "leader", "needed": 2}],
        "cohorts": [{"id": "now", "track": "t", "start": 0}, {"id": "old", "track": "om-first", "start": "2026-Q4"}],
        "participants": [
            {"id": "ana", "name": "Ana Ruiz", "cohort": "now", "home": "leeds"},
            {"id": "ben", "cohort": "old", "history": [{"role": "sort", "site": "leeds", "periods": 2}], "extension": 1},
            {"id": "cy", "cohort": "old"}
        ]
    })
}

/// The base with values put at JSON pointers; `/-` at the end of a list adds to it.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut instance = base();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        match instance.pointer_mut(parent).unwrap_or_else(|| panic!("{parent} is there")) {
            Value::Array(items) if key == "-" => items.push(value.clone()),
            Value::Array(items) => items[key.parse::<usize>().expect("a number")] = value.clone(),
            other => other[key] = value.clone(),
        }
    }
    instance
}

fn taken(changes: &[(&str, Value)]) -> super::Intake {
    intake(with(changes).to_string().as_bytes()).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

/// The codes of all problems.
fn codes(changes: &[(&str, Value)]) -> Vec<&'static str> {
    let problems = intake(with(changes).to_string().as_bytes()).map_or_else(|p| p, |t| t.warnings);
    problems.iter().map(|p| p.code).collect()
}

fn check(pointer: &str, value: Value, expected: &[&str]) {
    assert_eq!(codes(&[(pointer, value.clone())]), expected, "{pointer} = {value}");
}

#[test]
fn the_base_is_sound() {
    assert_eq!(codes(&[]), [] as [&str; 0]);
}

#[test]
fn defaults_are_those_of_the_format() {
    let taken = taken(&[("/mentors", json!([{"id": "mia"}, {"id": "boss", "reach": "anywhere"}]))]);
    let (case, policy) = (&taken.case, &taken.policy);
    assert_eq!((case.name.as_str(), case.currency.as_str()), ("unnamed", "USD"));
    assert_eq!(case.competencies.rows()[1].levels, 2, "the highest level named");
    let (sort, shift) = (&case.roles.rows()[0], &case.roles.rows()[1]);
    assert_eq!((sort.duration.min, sort.duration.max, shift.difficulty), (1, None, 5.0));
    assert!(sort.starts.rows().iter().all(|s| *s));
    assert_eq!(sort.named.name, "sort");
    let (first, second) = (&case.positions.rows()[0], &case.positions.rows()[1]);
    assert_eq!((first.seats.rows(), first.demand.rows(), first.priority), (&[1, 1, 1, 1][..], &[0, 0, 0, 0][..], 1.0));
    assert_eq!((second.difficulty, second.seats.rows(), second.open.rows()), (4.5, &[1, 2, 3, 4][..], &[false, true, true, false][..]));
    assert_eq!(case.tracks.rows().iter().map(|t| t.entry_level).collect::<Vec<_>>(), [1.0, 2.5], "easiest of the first stage less the ideal step");
    assert_eq!(case.targets.rows()[0].needed.iter().map(|(p, n)| (p.index(), *n)).collect::<Vec<_>>(), [(3, 2)]);
    let levels: Vec<f64> = case.participants.rows().iter().map(|p| p.level).collect();
    assert_eq!(levels, [1.0, 3.0, 2.5], "the track's entry level, or the hardest role of history");
    let timelines: Vec<usize> = case.participants.rows().iter().map(|p| p.timeline.len()).collect();
    assert_eq!(timelines, [4, 2, 1]);
    assert_eq!(case.participants.rows()[0].home, Some(Home::Site(crate::domain::SiteIx::new(0))));
    assert_eq!(case.mentors.rows()[0].capacity.rows(), [1, 1, 1, 1]);
    assert_eq!(case.mentors.rows()[1].reach, Some(Within::Anywhere));
    assert_eq!(case.mentors.rows()[1].named.name, "Bo Sseman", "a mentor is a person");
    let people: Vec<&str> = case.people.rows().iter().map(|p| p.named.name.as_str()).collect();
    assert_eq!(people, ["Bo Sseman", "head", "mia", "Ana Ruiz", "ben", "cy"]);
    assert_eq!(case.people.rows()[0].reports_to.map(Index::index), Some(1));
    assert_eq!(policy.named("mentoring").mode, Mode::Hard);
    assert_eq!(policy.named("stability").mode, Mode::Off);
    assert_eq!((policy.named("stretch").weight, policy.named("stretch").number("max_step")), (1.0, 4.0));
    assert_eq!(policy.named("fairness").rules("counts").len(), 1);
}

#[test]
fn a_track_without_a_position_in_its_first_stage_begins_at_nothing() {
    let taken = taken(&[("/stages", json!([{"id": "none"}, {"id": "am"}, {"id": "om"}]))]);
    assert_eq!(taken.case.tracks.rows()[0].entry_level, 0.0);
}

#[test]
fn settings_of_rules_are_read() {
    let rules = json!({"moves": {"mode": "soft", "weight": 7}, "stretch": {"mode": "soft", "max_step": 3}, "peers": {"mode": "off"},
        "fairness": {"counts": ["moves", "preference"], "of": "total"}, "waiting": {"mode": "soft", "weight": 1, "counts_leave": true}});
    let taken = taken(&[("/rules", rules), ("/baseline", json!([]))]);
    let of = |id| taken.policy.named(id);
    assert_eq!((of("moves").mode, of("moves").weight), (Mode::Soft, 7.0));
    assert_eq!((of("stretch").mode, of("stretch").weight, of("stretch").number("max_step")), (Mode::Soft, 1.0, 3.0));
    assert_eq!((of("peers").mode, of("fairness").choice("of"), of("waiting").flag("counts_leave")), (Mode::Off, "total", true));
    assert_eq!(of("fairness").rules("counts").len(), 2);
    assert_eq!(of("stability").mode, Mode::Soft, "a baseline is given, if empty");
}

#[test]
fn every_spelling_of_a_field_is_read() {
    let none: &[&str] = &[];
    check("/participants/0/home", json!({"lat": 53.8, "lon": -1.5, "country": "GB"}), none);
    check("/participants/0/home", Value::Null, none);
    check("/participants/0/credentials", json!(["a", {"id": "b", "from": "2027-Q2"}]), none);
    check("/targets/0/needed", json!([{"by": 0, "count": 1}, {"by": "2027-12-31", "count": 2}]), none);
    check("/groups", json!([{"id": "g", "members": ["ana", "ben"], "kind": "apart", "within": 50}]), none);
    check("/sites/0/housing", json!([0, 1, 2, 3]), none);
    check("/calendar/count", json!(4.0), none);
    check("/cohorts/0/start", json!("2025"), none);
    check("/participants/0/leave", json!([{"from": "2027-Q2", "until": "2027-07-01", "holds_seat": true}]), none);
    check("/participants/0/mobility", json!({"sites": [], "regions": ["north"]}), none);
}

#[test]
fn checks_hold_at_their_edges() {
    check("/calendar/count", json!(0), &["E307"]);
    check("/calendar/start", json!("2027-1-1"), &["E303"]);
    check("/roles/0/intensity", json!(1), &[]);
    check("/roles/0/intensity", json!(1.01), &["E301"]);
    check("/roles/0/develops/people", json!(3), &[]);
    check("/roles/0/develops/people", json!(4), &["E308"]);
    check("/roles/0/duration", json!({"min": 2, "max": 2}), &[]);
    check("/roles/0/duration", json!({"min": 3, "max": 2}), &["E302"]);
    check("/roles/0/duration", json!({"max": 0}), &["E302", "E301"]);
    check("/roles/1/demands/scop", json!(1), &["E403"]);
    check("/positions/1/seats", json!([1, 1, 1]), &["E305"]);
    check("/participants/0/pinned", json!([{"position": "sort@leeds", "from": 0, "until": 4}]), &[]);
    check("/participants/0/pinned", json!([{"position": "sort@leeds", "from": 0, "until": 5}]), &["E306"]);
    check("/participants/0/pinned", json!([{"position": "sort@leeds", "from": -1, "until": 2}]), &["E306"]);
    check(
        "/participants/0/pinned",
        json!([{"position": "sort@leeds", "from": 0, "until": 2}, {"position": "shift@york", "from": 2, "until": 4}]),
        &[],
    );
    check("/participants/0/current", json!({"position": "shift@york", "worked": 1}), &["E502"]);
    check("/participants/0/current", json!({"position": "shift@york", "worked": 2}), &["W111"]);
    check("/participants/2/level", json!(8.5), &[]);
    check("/participants/2/level", json!(8.6), &["W102"]);
    check("/people/1/reports_to", json!("boss"), &["E404"]);
    check("/people/1/reports_to", json!("ana"), &[]);
    check("/people/1/reports_to", json!("someone"), &["W104"]);
    check("/relocation", json!({"pairs": [{"from": "leeds", "to": "york", "cost": 5}, {"from": "york", "to": "leeds", "cost": 5}]}), &[]);
    check("/relocation", json!({"pairs": [{"from": "leeds", "to": "york", "cost": 5}, {"from": "york", "to": "leeds", "cost": 6}]}), &["E408"]);
    check(
        "/baseline",
        json!([{"participant": "ana", "position": "sort@leeds", "from": 0, "until": 2}, {"participant": "ana", "position": "shift@york", "from": 2}]),
        &[],
    );
    check("/participants", json!([]), &["E204"]);
    check("/format", json!("rungs/2"), &["E107"]);
    check("/targets", json!([]), &[]);
    check("/participants/0/target", json!("leder"), &["E203"]);
    assert_eq!(codes(&[("/targets", json!([])), ("/participants/0/target", json!("leader"))]), ["E203"]);
    assert_eq!(codes(&[("/competencies", json!([]))]), ["E203"; 3]);
    check("/positions/-", json!({"id": "sort@leeds", "role": "sort", "site": "york"}), &["E201"]);
    check("/rules", json!({"stability": {"mode": "soft"}, "stretch": {"mode": "soft"}}), &[]);
    check("/rules", json!({"mobility": {"mode": "soft"}}), &["E604"]);
}

#[test]
fn it_is_said_if_nobody_can_have_a_mentor() {
    let hard = |mode: &str| json!({"mentoring": {"mode": mode, "weight": 1}});
    assert_eq!(codes(&[("/rules", hard("off"))]), ["W105"]);
    assert_eq!(codes(&[("/rules", hard("soft"))]), [] as [&str; 0]);
    check("/rules", json!({"mentoring": {"mode": "hard"}}), &["W113"]);
    let problems = taken(&[("/rules", json!({"mentoring": {"mode": "hard"}}))]).warnings;
    assert_eq!(problems[0].place.path, "rules.mentoring");
    // Leeds has area managers under Bo; who mentors there is outside that line.
    let mia = |more: Value| {
        let mut mentor = json!({"id": "mia", "site": "leeds"});
        mentor.as_object_mut().expect("a row").extend(more.as_object().expect("fields").clone());
        json!([mentor])
    };
    check("/mentors", mia(json!({})), &[]);
    check("/mentors", mia(json!({"stages": ["am"]})), &[]);
    check("/mentors", mia(json!({"stages": ["om"]})), &["W113"]);
    check("/mentors", mia(json!({"capacity": [0, 0, 0, 1]})), &[]);
    check("/mentors", mia(json!({"capacity": 0})), &["W113"]);
    check("/mentors", mia(json!({"available": [{"from": 4}]})), &["W113"]);
    check("/mentors", mia(json!({"id": "head"})), &["W113"]);
    check("/mentors", mia(json!({"id": "ana"})), &[]);
    assert_eq!(codes(&[("/mentors", mia(json!({"capacity": 0}))), ("/rules", hard("soft"))]), [] as [&str; 0]);
    let alone = with(&[]).pointer("/participants/0").cloned().expect("Ana");
    assert_eq!(codes(&[("/mentors", mia(json!({"id": "ana"}))), ("/participants", json!([alone]))]), ["W113"]);
}

#[test]
fn a_field_given_twice_is_an_error_even_if_it_is_null() {
    let text = base().to_string().replacen("\"id\":\"ana\"", "\"id\":null,\"id\":\"ana\"", 1);
    let problems = intake(text.as_bytes()).expect_err("given twice");
    assert!(problems.iter().any(|p| p.code == "E105" && p.place.path == "participants[0].id"));
}

#[test]
fn the_hash_is_of_what_is_written_not_of_what_it_means() {
    let hash = |changes: &[(&str, Value)]| taken(changes).case.sha256;
    assert_eq!(hash(&[]), hash(&[("/participants/0/carried", Value::Null)]));
    assert_eq!(hash(&[]), hash(&[("/calendar/count", json!(4.0))]));
    assert_ne!(hash(&[]), hash(&[("/participants/0/carried", json!(0))]));
}
