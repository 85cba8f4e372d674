//! The page holds what the terminal says, once, and nothing in it can run that is not ours.

use serde_json::Value;

use super::super::fixture::{audit, case, file, p, plan, policy, shown as plain};
use super::super::{Look, costs};
use super::*;
use crate::domain::Participant;
use crate::io::{ReadPlan, read_plan};
use crate::words::Index;

fn page_of(case: &Case, read: &ReadPlan, off: &[&str], broken: bool) -> String {
    let policy = policy(off);
    let audit = audit(&policy, broken);
    html(&Shown {
        case,
        policy: &policy,
        plan: &read.plan,
        audit: &audit,
        file: &read.file,
        #[cfg(feature = "plan")]
        against: None,
    })
    .expect("a page")
}

fn page() -> String {
    page_of(&case(), &file("\"rules\": []", "2.5"), &[], false)
}

/// The data as they stand in the page.
fn embedded(page: &str) -> &str {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").expect("the page has data");
    rest.split_once("</script>").expect("they end").0
}

fn data(page: &str) -> Value {
    serde_json::from_str(embedded(page)).expect("JSON")
}

#[test]
fn the_page_needs_nothing_else() {
    let page = page();
    let strange =
        ["src=", "<link", "@import", "url(", "fetch(", "XMLHttpRequest", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("];
    let ours = page.replace(embedded(&page), "");
    assert!(strange.iter().all(|word| !ours.contains(word)), "{:?}", strange.iter().find(|word| ours.contains(**word)));
    let addresses: Vec<&str> =
        ours.split("http").skip(1).map(|rest| &rest[..28.min(rest.len())]).filter(|rest| rest.starts_with("s:") || rest.starts_with("://")).collect();
    assert_eq!(addresses, ["://www.w3.org/2000/svg\", tag"], "the name of SVG is no address");
    assert!(ours.contains("default-src 'none'"));
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    assert_eq!(page(), page());
}

#[test]
fn names_cannot_run() {
    let evil = "</script><script>alert(1)</script><!--<script> & \"quoted\" 'too' =1+cmd|' /C calc'!A0 \u{2028}\u{202e}李\u{1f600}";
    let mut case = case();
    case.name = evil.to_owned();
    case.participants[p(0)].named.name = evil.to_owned();
    case.participants[p(1)].named.id = "a/b#c?d%e".to_owned();
    for site in 0..case.sites.len() {
        case.sites[crate::domain::SiteIx::new(site)].named.name = evil.to_owned();
    }
    let read = file("\"rules\": []", "2.5");
    let page = page_of(&case, &read, &[], false);
    assert_eq!(page.matches("<script").count(), self::page().matches("<script").count());
    assert_eq!(page.matches("</script").count(), self::page().matches("</script").count());
    assert!(!embedded(&page).contains(['<', '>', '&']));
    assert!(page.contains("<title>&lt;/script&gt;"));
    let data = data(&page);
    assert_eq!((data["name"].as_str(), data["people"][0]["name"].as_str(), data["sites"][0]["name"].as_str()), (Some(evil), Some(evil), Some(evil)));
    assert_eq!(data["people"][1]["id"], "a/b#c?d%e");
}

#[test]
fn the_page_says_what_the_terminal_says() {
    let (case, policy, plan) = (case(), policy(&[]), plan());
    let audit = audit(&policy, false);
    let data = data(&page());
    let table = plain(&costs(&case, &audit, &Look::default()), 80);
    let rules = data["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), audit.outcomes.len());
    for rule in rules.iter().filter(|r| r["points"].as_f64() > Some(0.0)) {
        let line = table.lines().find(|l| l.split_whitespace().next() == rule["id"].as_str()).expect("in the table");
        for part in ["mode", "weight", "cost", "share"] {
            assert!(line.contains(rule[part].as_str().expect("text")), "{part} of {line}");
        }
        // The table may break a long measure.
        let measure = rule["measure"].as_str().expect("text");
        assert!(line.contains(measure.split(' ').next().expect("a number")), "{measure} of {line}");
    }
    let idle = Waiting::of(&case, &plan, &file("\"rules\": []", "2.5").file);
    let proof = Proof::stated(&file("\"rules\": []", "2.5").file, audit.objective());
    let said = plain(&summary(&case, &policy, &plan, &audit, &idle, &proof), 80).split_whitespace().collect::<Vec<_>>().join(" ");
    for line in data["summary"].as_array().expect("lines") {
        for piece in line[1].as_array().expect("pieces") {
            assert!(said.contains(&piece[0].as_str().expect("text").replace('\u{a0}', " ")), "{piece} in {said}");
        }
    }
}

#[test]
fn people_have_their_steps_their_reasons_and_their_gaps() {
    let stated = r#""unplaced": [{"participant": "li", "from": 7, "until": 10, "reasons": ["3 of 7 places break seats"]}]"#;
    let data = data(&page_of(&case(), &file(stated, "2.5"), &[], false));
    let amara = &data["people"][0];
    assert_eq!(amara["placed"], "full");
    let step = &amara["path"][1];
    assert_eq!(
        (step["when"].as_str(), step["step"].as_str(), step["first_day"].as_str(), step["last_day"].as_str()),
        (Some("2027-Q4 to 2028-Q3"), Some("+2.0"), Some("2027-10-01"), Some("2028-09-30"))
    );
    assert_eq!(step["mentors"], serde_json::json!([[0, "2027-Q4 to 2028-Q1"], [1, "2028-Q2 to 2028-Q3"]]));
    assert_eq!(amara["path"][2]["pinned"], true);
    assert_eq!(
        amara["path"][0]["why"],
        serde_json::json!(["It is 2.0 harder than what was mastered before (ideal: 2.0).", "The business needs people in this position."])
    );
    let zoe = &data["people"][1];
    assert_eq!(zoe["path"][0]["step"], Value::Null, "she goes on with what she did");
    assert_eq!(zoe["away"], serde_json::json!([[4, 5, true]]));
    assert_eq!(zoe["idle"][0]["reasons"], serde_json::json!([]));
    assert_eq!(data["people"][2]["idle"][0]["reasons"][0], "3 of 7 places break seats");
    assert_eq!((data["people"][3]["placed"].as_str(), data["people"][3]["idle"][0]["long"].as_str()), (Some("none"), Some("6 quarters")));
    assert_eq!(data["rules"][0]["found"][0]["who"], serde_json::json!([3]), "the dearest rule's worst finding first");
}

#[test]
fn places_are_cells_in_runs_and_moves_are_routes() {
    let data = data(&page());
    let position = &data["positions"][0];
    assert_eq!(position["short"], "Inbound & Receiving");
    assert_eq!(position["cells"][0], serde_json::json!([0, 3, "2/2✓", "2 of 2 seats taken, 1 needed", "full"]));
    assert_eq!(position["cells"][1], serde_json::json!([3, 10, "0/2▾", "0 of 2 seats taken, 1 needed: too few", "short"]));
    assert_eq!(data["positions"][1]["cells"].as_array().and_then(|c| c.last()), Some(&serde_json::json!([8, 10, "–", "closed", "closed"])));
    let mentor = data["mentors"][0]["cells"][0].clone();
    assert_eq!(mentor, serde_json::json!([0, 3, "2/2", "2 mentees of 2 possible", "full"]));
    let moves: u64 = data["routes"].as_array().expect("routes").iter().filter_map(|r| r["moves"].as_u64()).sum();
    assert_eq!(moves, 4);
    assert!(data["summary"].to_string().contains("4 moves"));
    assert_eq!(data["routes"][0]["from"], 0, "those who begin come from home");
}

#[test]
fn what_is_wrong_is_said_first() {
    let alerts = |off: &[&str], broken: bool, stated: &str| data(&page_of(&case(), &file(stated, "2.5"), off, broken))["alerts"].to_string();
    assert_eq!(alerts(&[], false, "\"rules\": []"), "[]");
    assert!(alerts(&["harder-than-last"], false, "\"rules\": []").contains("No ladder"));
    assert!(alerts(&[], true, "\"rules\": []").contains("not legal: it breaks hard rules: seats and mentoring"));
    assert!(alerts(&[], false, "\"objective\": 1").contains("1 number of the plan's file differs"));
    assert!(alerts(&[], false, r#""instance": {"sha256": "00"}"#).contains("another state of the instance"));
}

#[test]
fn nobody_and_nothing_is_a_page_too() {
    let mut case = case();
    let nobody = read_plan(br#"{"placements": []}"#, &case).expect("a plan of nobody");
    let idle = data(&page_of(&case, &nobody, &[], false));
    assert_eq!((idle["routes"].as_array().map(Vec::len), idle["people"][0]["placed"].as_str()), (Some(0), Some("none")));
    case.participants = Default::default();
    case.mentors = Default::default();
    let empty = ReadPlan { plan: Plan { paths: Default::default() }, ..nobody };
    let policy = policy(&[]);
    let audit = crate::audit::audit(&case, &policy, &empty.plan);
    let shown = Shown {
        case: &case,
        policy: &policy,
        plan: &empty.plan,
        audit: &audit,
        file: &empty.file,
        #[cfg(feature = "plan")]
        against: None,
    };
    assert_eq!(data(&html(&shown).expect("a page"))["people"], serde_json::json!([]));
}

#[test]
fn two_thousand_people_fit_into_an_email() {
    let mut case = case();
    let rows: Vec<Participant> = case.participants.rows().to_vec();
    let read = file("\"rules\": []", "2.5");
    let mut plan = read.plan.clone();
    for i in 4..2_000 {
        let mut row = rows[i % 4].clone();
        row.named.id = format!("p{i}");
        case.participants.push(row);
        plan.paths.push(read.plan.paths[p(i % 4)].clone());
    }
    let page = page_of(&case, &ReadPlan { plan, ..read }, &[], false);
    assert!(page.len() < 4_000_000, "{} bytes", page.len());
    assert_eq!(data(&page)["people"].as_array().map(Vec::len), Some(2_000));
}

#[cfg(feature = "plan")]
#[test]
fn two_plans_are_compared_in_the_same_form() {
    let (case, policy, read) = (case(), policy(&[]), file("\"rules\": []", "2.5"));
    let mut plan = read.plan.clone();
    plan.paths[p(0)].pop();
    let (first, second) = (crate::audit::audit(&case, &policy, &read.plan), crate::audit::audit(&case, &policy, &plan));
    let before = super::super::Side { case: &case, plan: &read.plan, audit: &first };
    let shown = Shown { case: &case, policy: &policy, plan: &plan, audit: &second, file: &read.file, against: Some(before) };
    let against = data(&html(&shown).expect("a page"))["against"].clone();
    assert_eq!(against["head"], "1 person with other placements, 3 with the same");
    let kept: Vec<Option<bool>> = against["changed"][0]["path"].as_array().expect("a path").iter().map(|had| had["kept"].as_bool()).collect();
    assert_eq!((against["changed"][0]["who"].as_u64(), kept), (Some(0), vec![Some(true), Some(true), Some(false)]));
    let text = plain(&super::super::diff(before, super::super::Side { case: &case, plan: &plan, audit: &second }, &Look::default()), 80);
    assert!(text.starts_with(against["told"][0].as_str().expect("text")), "{text}");
}
