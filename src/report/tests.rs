//! Snapshots of every report at 80 columns, without styles.

use insta::assert_snapshot;

use super::fixture::{audit, case, file, p, plan, policy, shown};
use super::*;
use crate::io::plan_file::Status;
use crate::rules::find;
use crate::words::{Index, Period};

/// A search that was stopped before it knew a bound.
fn stopped() -> Proof {
    Proof { status: Status::Feasible, objective: 10.0, bound: None, gap: None, seconds: 60.0, method: "exact".to_owned() }
}

#[test]
fn board_at_80_columns() {
    assert_snapshot!(shown(&board(&case(), &plan(), &audit(&policy(&[]), false), &Look::default()), 80));
}

#[test]
fn board_in_blocks_of_years() {
    let look = Look { width: 48, limit: 1, ..Look::default() };
    assert_snapshot!(shown(&board(&case(), &plan(), &audit(&policy(&["harder-than-last"]), false), &look), 48));
}

#[test]
fn positions_at_80_columns() {
    assert_snapshot!(shown(&positions(&case(), &plan(), &audit(&policy(&[]), false), &Look::default()), 80));
}

#[test]
fn mentors_at_80_columns() {
    assert_snapshot!(shown(&mentors(&case(), &plan(), &audit(&policy(&[]), false), &Look::default()), 80));
}

#[test]
fn costs_at_80_columns() {
    assert_snapshot!(shown(&costs(&case(), &audit(&policy(&[]), false), &Look::default()), 80));
}

#[test]
fn details_worst_first() {
    let rule = find("coverage").unwrap();
    assert_snapshot!(shown(&details(&case(), &audit(&policy(&[]), false), rule, &Look { limit: 2, ..Look::default() }), 80));
}

#[test]
fn summary_at_80_columns() {
    let end = Proof { status: Status::WithinGap, objective: 1543.2, bound: Some(1530.9), gap: None, seconds: 12.2, method: "columns".to_owned() };
    let reasons = ["15 of 24 places break seats".to_owned(), "9 of 24 places are possible, but cost more than they gain".to_owned()];
    let idle = Waiting { participant: p(2), from: Period::new(7), until: Period::new(10), reasons: reasons.to_vec() };
    let all = [idle, Waiting { participant: p(1), from: Period::new(6), until: Period::new(7), reasons: Vec::new() }];
    let policy = policy(&[]);
    assert_snapshot!(shown(&summary(&case(), &policy, &plan(), &audit(&policy, false), &all, &end), 80));
}

#[test]
fn summary_without_a_ladder() {
    let policy = policy(&["harder-than-last", "fairness", "mentoring"]);
    assert_snapshot!(shown(&summary(&case(), &policy, &plan(), &audit(&policy, true), &[], &stopped()), 80));
}

#[test]
fn check_of_a_legal_plan() {
    let audit = audit(&policy(&[]), false);
    let read = file("\"objective\": 10807.321", "2.5");
    assert_snapshot!(shown(&check(&case(), &read.plan, &audit, Some(&read.file), &Look::default()), 80));
}

#[test]
fn check_of_a_broken_plan() {
    let stated = r#""objective": 9000, "bound": 9500, "gap": 0, "status": "optimal", "instance": {"sha256": "0000"},
        "rules": [{"id": "coverage", "mode": "hard", "measure": 9, "weight": 1000, "cost": 9000}]"#;
    let mut audit = audit(&policy(&[]), true);
    audit.outcomes.retain(|o| ["coverage", "seats", "mentoring"].contains(&crate::audit::rule_id(o.rule)));
    let read = file(stated, "3");
    assert_snapshot!(shown(&check(&case(), &read.plan, &audit, Some(&read.file), &Look::default()), 80));
}

#[test]
fn the_rule_book_and_its_pages() {
    let book = shown(&rule_book(), 80);
    for rule in crate::rules::RULES {
        assert!(shown(&rule_page(rule), 80).contains("mode"), "{}", rule.id);
        assert!(book.contains(&format!("  {} ", rule.id)), "{}", rule.id);
    }
}

#[test]
fn bounds_are_confirmed_or_refused() {
    let look = Look::default();
    let said = [bound(1530.9, Ok(1530.9), &look), bound(1530.9, Ok(1200.0), &look), bound(1530.9, Err("it carries no certificate"), &look)];
    assert_snapshot!(shown(&said.concat(), 80));
}

#[test]
fn the_picture_is_well_formed() {
    let svg = ladder_svg(&case(), &plan(), &audit(&policy(&[]), false), &[]);
    assert_snapshot!(svg);
}

#[test]
fn names_are_escaped_in_the_picture() {
    let svg = ladder_svg(&case(), &plan(), &audit(&policy(&[]), false), &[p(3), p(1)]);
    assert!(svg.contains("Diego &lt;Marroquín&gt;") && !svg.contains("<Marroquín"));
}

#[test]
fn every_report_says_that_there_is_no_ladder() {
    let policy = policy(&["harder-than-last"]);
    let (case, plan, audit, look) = (case(), plan(), audit(&policy, false), Look::default());
    let texts = [
        board(&case, &plan, &audit, &look),
        positions(&case, &plan, &audit, &look),
        mentors(&case, &plan, &audit, &look),
        costs(&case, &audit, &look),
        summary(&case, &policy, &plan, &audit, &[], &stopped()),
        check(&case, &plan, &audit, None, &look),
        ladder_svg(&case, &plan, &audit, &[]),
    ];
    assert!(texts.iter().all(|text| anstream::adapter::strip_str(text).to_string().contains("No ladder")));
}

#[test]
fn nothing_fails_on_an_empty_plan() {
    let mut case = case();
    case.participants = Default::default();
    case.mentors = Default::default();
    let plan = crate::domain::Plan { paths: Default::default() };
    let policy = policy(&[]);
    let (audit, look) = (audit(&policy, false), Look::default());
    let all = [
        board(&case, &plan, &audit, &look),
        positions(&case, &plan, &audit, &look),
        mentors(&case, &plan, &audit, &look),
        ladder_svg(&case, &plan, &audit, &[]),
    ];
    assert!(all.iter().all(|text| !text.contains("NaN") && !text.contains("inf")));
}
