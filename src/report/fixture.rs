//! A small case with everything that reports have to show, its plan, and findings made by hand, so that the wording of the
//! rules does not move the snapshots.

use crate::audit::{Audit, Finding, Outcome};
use crate::domain::{Case, Mode, ParticipantIx, Plan, Policy, PositionIx, Subject};
use crate::io::{ReadPlan, read_plan};
use crate::rules::{RULES, RuleIx};
use crate::words::{Index, Period};

/// Ten quarters, three stages, six positions at three sites, four people in two cohorts, two mentors.
const INSTANCE: &str = r#"{"format": "rungs/1", "name": "graduate-ladder", "currency": "EUR",
  "calendar": {"start": "2027-01-01", "unit": "quarter", "count": 10},
  "stages": [{"id": "am", "name": "Area manager"}, {"id": "om", "name": "Operations manager"}, {"id": "gm", "name": "Site manager"}],
  "roles": [
    {"id": "am", "name": "Area Manager, Inbound & Receiving", "stage": "am", "difficulty": 3},
    {"id": "night", "name": "Area Manager, Night", "stage": "am", "difficulty": 3.5},
    {"id": "om", "name": "Operations Manager", "stage": "om", "difficulty": 5},
    {"id": "peak", "name": "Operations Manager for the Peak Season, Cross-Border", "stage": "om", "difficulty": 5.25},
    {"id": "gm", "name": "Site Manager", "stage": "gm", "difficulty": 7.5}],
  "sites": [
    {"id": "joliet", "name": "Joliet Fulfilment Centre", "lat": 41.5, "lon": -88.1},
    {"id": "lodz", "name": "Łódź Sortation Hub", "lat": 51.8, "lon": 19.5},
    {"id": "cork", "name": "Cork", "lat": 51.9, "lon": -8.5}],
  "positions": [
    {"id": "am@joliet", "role": "am", "site": "joliet", "seats": 2, "demand": 1},
    {"id": "night@lodz", "role": "night", "site": "lodz", "demand": 1, "open": [{"until": 8}]},
    {"id": "om@lodz", "role": "om", "site": "lodz", "seats": 2},
    {"id": "peak@cork", "role": "peak", "site": "cork"},
    {"id": "gm@joliet", "role": "gm", "site": "joliet"},
    {"id": "gm@cork", "role": "gm", "site": "cork"},
    {"id": "om@cork", "role": "om", "site": "cork"}],
  "mentors": [
    {"id": "ingrid", "name": "Ingrid Halvorsen", "capacity": 2, "reach": "anywhere", "available": [{"until": 9}]},
    {"id": "denise", "name": "Denise Kowalczyk", "reach": "anywhere", "available": [{"until": 9}]},
    {"id": "tyrone", "name": "Tyrone Baptiste", "reach": "anywhere"}],
  "tracks": [{"id": "pathway", "name": "Operations pathway", "length": 10, "entry_level": 1}],
  "cohorts": [{"id": "2027", "name": "Class of 2027", "track": "pathway", "start": 0}, {"id": "2028", "name": "Class of 2028", "track": "pathway", "start": 4}],
  "participants": [
    {"id": "amara", "name": "Amara Okafor", "cohort": "2027", "home": "joliet", "pinned": [{"position": "gm@joliet", "from": 7, "until": 10}]},
    {"id": "zoe", "name": "Zoë Łukasiewicz-Brzęczyszczykiewicz", "cohort": "2027", "home": "joliet",
      "current": {"position": "am@joliet", "worked": 1}, "leave": [{"from": 4, "until": 5, "holds_seat": true}]},
    {"id": "li", "name": "李小龍", "cohort": "2028", "home": "joliet"},
    {"id": "diego", "name": "Diego <Marroquín>", "cohort": "2028", "home": "joliet"}],
  "relocation": {"base": 2500, "per_km": 6, "budget": {"total": 60000, "per_year": {"2027": 1000}}},
  "rules": {OFF}}"#;

/// Someone fully placed with a pin, someone who goes on over a leave and waits, someone idle at the end, someone not placed.
const PLAN: &str = r#"{"placements": [
  {"participant": "amara", "position": "am@joliet", "from": 0, "until": 3, "mentors": [{"mentor": "ingrid"}]},
  {"participant": "amara", "position": "om@lodz", "from": 3, "until": 7, "step": 2,
    "mentors": [{"mentor": "ingrid", "until": 5}, {"mentor": "denise", "from": 5}]},
  {"participant": "amara", "position": "gm@joliet", "from": 7, "until": 10, "step": STEP, "mentors": [{"mentor": "denise", "until": 9}]},
  {"participant": "zoe", "position": "am@joliet", "from": 0, "until": 3, "mentors": [{"mentor": "ingrid"}]},
  {"participant": "zoe", "position": "peak@cork", "from": 3, "until": 6, "mentors": [{"mentor": "denise", "until": 4}, {"mentor": "denise", "from": 5}]},
  {"participant": "zoe", "position": "gm@cork", "from": 7, "until": 10, "mentors": [{"mentor": "ingrid", "until": 9}]},
  {"participant": "li", "position": "night@lodz", "from": 4, "until": 7, "mentors": [{"mentor": "ingrid"}]}], STATED}"#;

/// Text as it shows without styles; no line is wider than the width.
pub(super) fn shown(text: &str, width: usize) -> String {
    let plain = anstream::adapter::strip_str(text).to_string();
    for line in plain.lines() {
        assert!(super::text::width(line) <= width, "wider than {width} columns: {line}");
        assert_eq!(line.trim_end(), line, "blanks at the end of a line");
    }
    plain
}

pub(crate) fn p(i: usize) -> ParticipantIx {
    ParticipantIx::new(i)
}

/// The case with some rules switched off.
pub(crate) fn with_off(off: &[&str]) -> (Case, Policy) {
    let off: Vec<String> = off.iter().map(|id| format!("\"{id}\": {{\"mode\": \"off\"}}")).collect();
    let taken = crate::intake::intake(INSTANCE.replace("OFF", &off.join(", ")).as_bytes()).expect("the fixture is valid");
    (taken.case, taken.policy)
}

pub(crate) fn case() -> Case {
    with_off(&[]).0
}

pub(crate) fn policy(off: &[&str]) -> Policy {
    with_off(off).1
}

/// The plan's file, with what it states of itself and of its last step.
pub(crate) fn file(stated: &str, step: &str) -> ReadPlan {
    read_plan(PLAN.replace("STATED", stated).replace("STEP", step).as_bytes(), &case()).expect("the fixture's plan can be read")
}

pub(crate) fn plan() -> Plan {
    file("\"rules\": []", "2.5").plan
}

/// What an audit of the plan by that policy might find.
pub(crate) fn audit(policy: &Policy, broken: bool) -> Audit {
    let quarter = |t| Period::new(t);
    let outcomes = policy.asked().map(|(ix, setting)| {
        let weight = if setting.mode == Mode::Soft || RULES[ix.index()].id == "stretch" { setting.weight } else { 0.0 };
        let who = Subject::Participant;
        let findings = match RULES[ix.index()].id {
            "stretch" => vec![finding(who(p(0)), 0.5, 0.0, "Amara Okafor steps by 2.5 to Site Manager, 0.5 off the ideal step")],
            "coverage" => vec![
                finding(who(p(2)), 3.0, 0.0, "李小龍 is idle for 3 periods"),
                finding(who(p(3)), 6.0, 0.0, "Diego <Marroquín> is idle for 6 periods"),
                finding(who(p(1)), 1.0, 0.0, "Zoë Łukasiewicz-Brzęczyszczykiewicz is idle for 1 period"),
            ],
            "preference" => vec![finding(who(p(0)), 2.25, 0.0, "Amara Okafor: regret 2.25"), finding(who(p(2)), 3.0, 0.0, "李小龍: regret 3")],
            "relocation" => vec![finding(who(p(0)), 54_321.4, 0.0, "Amara Okafor moves twice")],
            "demand" => vec![finding(Subject::PositionAt(PositionIx::new(0), quarter(3)), 7.0, 0.0, "")],
            "seats" if broken => {
                vec![finding(Subject::PositionAt(PositionIx::new(4), quarter(7)), 1.0, 1.0, "Site Manager at Cork, 2028-Q4: 2 people, 1 seat")]
            }
            "mentoring" if broken => vec![
                finding(Subject::MentorsAt(quarter(9)), 1.0, 1.0, "Amara Okafor has no mentor in 2029-Q2"),
                finding(Subject::MentorsAt(quarter(9)), 2.0, 2.0, "a long finding that has to be wrapped because it goes on and on about two people"),
            ],
            _ => Vec::new(),
        };
        outcome(ix, setting.mode, weight, findings)
    });
    Audit { outcomes: outcomes.collect(), mentor_changes: 1 }
}

fn finding(subject: Subject, amount: f64, breach: f64, words: &str) -> Finding {
    Finding { subject, amount, breach, words: words.to_owned() }
}

fn outcome(rule: RuleIx, mode: Mode, weight: f64, findings: Vec<Finding>) -> Outcome {
    let measure: f64 = findings.iter().map(|f| f.amount).sum();
    let breach = findings.iter().map(|f| f.breach).sum();
    Outcome { rule, mode, measure, weight, cost: weight * measure, breach, findings }
}
