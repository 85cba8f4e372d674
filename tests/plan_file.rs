//! Plan files: what is read of them, and what is said of broken ones.

use std::path::Path;

use rungs::intake::{Intake, intake_file};
use rungs::io::{Problem, ReadPlan, read_plan};
use rungs::words::Index;
use serde_json::{Value, json};

fn taken() -> Intake {
    intake_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("instances/operations-pathway.json")).expect("sound")
}

fn read(file: &Value) -> Result<ReadPlan, Vec<Problem>> {
    read_plan(serde_json::to_string_pretty(file).expect("JSON").as_bytes(), &taken().case)
}

fn said(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("{p}\n\n")).collect()
}

#[test]
fn a_plan_by_hand_needs_placements_alone() {
    let case = taken().case;
    let mentor = &case.mentors.rows()[0].named.id;
    let file = json!({"placements": [
        {"participant": "niamh", "position": "om-launch@dublin", "from": "2028-Q1", "until": 6, "mentors": [{"mentor": mentor}]},
        {"participant": "niamh", "position": "am-sort@dublin", "from": 0, "until": "2027-10-01"}
    ]});
    let read = read(&file).unwrap_or_else(|problems| panic!("{}", said(&problems)));
    let (niamh, _) = case.participants.iter().find(|(_, p)| p.named.id == "niamh").expect("in the instance");
    let spans: Vec<(usize, usize)> = read.plan.paths[niamh].iter().map(|p| (p.from.index(), p.until.index())).collect();
    assert_eq!(spans, [(0, 3), (4, 6)], "in time order");
    let support = &read.plan.paths[niamh][1].mentors[0];
    assert_eq!((support.from.index(), support.until.index()), (4, 6), "the placement's span");
    assert_eq!(read.plan.paths.rows().iter().filter(|p| p.is_empty()).count(), case.participants.len() - 1);
    assert!(read.warnings.is_empty());
}

#[test]
fn a_plan_for_another_instance_is_read_with_a_warning() {
    let file = json!({"format": "rungs-plan/1", "instance": {"name": "x", "sha256": "0000"}, "placements": []});
    let read = read(&file).expect("read");
    assert_eq!(read.warnings.iter().map(|p| p.code).collect::<Vec<_>>(), ["W703"]);
}

#[test]
fn broken_plans_are_told_all_their_problems() {
    let file = json!({
        "format": "rungs-plan/2", "status": "best", "objectiv": 3,
        "placements": [
            {"participant": "niahm", "position": "am-sort@dublin", "from": 0, "until": 3},
            {"participant": "niamh", "position": "am-sort@dublin", "from": 3, "until": 3},
            {"participant": "niamh", "position": "am-sort@dubln", "from": -1, "until": 2},
            {"participant": "niamh", "position": "am-sort@dublin", "from": 2, "until": 13, "mentors": [{"mentor": "nobody", "from": 5, "until": 4}]},
            {"participant": "niamh", "position": "am-sort@dublin", "from": "2027-Q9"}
        ]
    });
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(said(&read(&file).expect_err("refused")));
    });
    assert_eq!(read(&json!({"format": "rungs/1"})).expect_err("refused").iter().map(|p| p.code).collect::<Vec<_>>(), ["E107"]);
}
