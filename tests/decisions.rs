//! Decisions: what scenarios, replanning and comparing plans answer, each held against another way to find it out.
#![cfg(feature = "plan")]

mod common;

use std::sync::{Arc, Mutex};

use rungs::audit::audit;
use rungs::brief::{Brief, Choice, Condition, End, Held, Sentence, Stamp, Told, brief, events};
use rungs::change::{Changed, plan_in, retake, scenarios};
use rungs::desk::{Published, Replanned, replan, settle, touched};
use rungs::domain::{Mode, ParticipantIx, Plan, Policy, Setting, Subject};
use rungs::generate::{Profile, Recipe, generate};
use rungs::rules::{RULES, RuleIx, find};
use rungs::solve::{Listener, Method, Options, Stop, Verdict, solve_by};
use rungs::words::{Index, Period, Table};
use serde_json::{Value, json};

use common::{folder_with, rungs, small, text};

const SCENARIOS: &str = r#"
[[scenarios]]
name = "Leipzig closes"
changes = [{ close = { site = "leipzig" } }]

[[scenarios]]
name = "two places close"
changes = [{ close = { site = "leipzig" } }, { close = { site = "$other" } }, { rules = { coverage = { mode = "hard" } } }]
values = { other = ["dresden", "halle"] }

[[scenarios]]
name = "someone leaves"
changes = [{ drop = { cohort = "c27", count = 1 } }]
draws = 3
"#;

#[test]
fn scenarios_are_answered_in_a_table_and_as_data() {
    let folder = folder_with(&small(), &[("s.toml", SCENARIOS)]);
    let run = |threads: &str, file: &str| {
        let run = rungs(folder.path(), &["whatif", "i.json", "s.toml", "--threads", threads, "-o", file, "--plans", "plans", "-q"]);
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        (text(&run.stderr), std::fs::read(folder.path().join(file)).expect("written"))
    };
    let (said, one) = run("1", "a.json");
    assert_eq!(one, run("3", "b.json").1, "the same bytes whatever the threads");
    assert_eq!(said.lines().find(|line| line.chars().count() > 80), None, "{said}");
    let result: Value = serde_json::from_slice(&one).expect("JSON");
    let by_name = |name: &str| {
        result["scenarios"].as_array().expect("a list").iter().find(|s| s["scenario"] == name).unwrap_or_else(|| panic!("{name} in {result}"))
    };
    assert_eq!(by_name("Leipzig closes")["touched"], json!(["ana"]));
    assert_eq!(by_name("two places close: other dresden")["outcome"], "no plan");
    assert_eq!(
        by_name("two places close: other dresden")["conflict"].as_array().map(|c| c.iter().any(|m| m.to_string().contains("coverage"))),
        Some(true)
    );
    assert_eq!(by_name("someone leaves #3")["left"], 1);
    let csv = text(&run("2", "c.csv").1);
    assert_eq!(csv.lines().count(), 7, "{csv}");
    // Every scenario's plan is legal for its own instance.
    let (plan, instance) = ("plans/Leipzig-closes.plan.json", "plans/Leipzig-closes.instance.json");
    let check = rungs(folder.path(), &["check", instance, plan, "--bound"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
    // Who has the instance as sheets gets sheets.
    assert_eq!(rungs(folder.path(), &["convert", "i.json", "i.xlsx"]).status.code(), Some(0));
    let sheets = rungs(folder.path(), &["whatif", "i.xlsx", "s.toml", "--plans", "sheets", "-q"]);
    assert_eq!(sheets.status.code(), Some(0), "{}", text(&sheets.stderr));
    let (plan, instance) = ("sheets/Leipzig-closes.plan.xlsx", "sheets/Leipzig-closes.instance.xlsx");
    assert_eq!(rungs(folder.path(), &["check", instance, plan, "--bound"]).status.code(), Some(0));
}

/// Faults of the form beside faults that only the instance shows: neither hides the other.
const MIXED: &str = r#"
[[scenarios]]
name = "a"
changes = [{ sets = { position = "l" } }, { close = { site = "leipzg", from = "2027-Q9" } }]

[[scenarios]]
name = "a"
changes = [{ drop = { cohort = "c27", share = 1.5 } }]
draws = 0

[[scenarios]]
name = "v"
changes = [{ seats = { position = "l", add = "$n" } }, { bar = { participant = "anna", site = "halle" } }]
values = { n = [] }
"#;

#[test]
fn a_bad_scenario_file_lists_every_problem_with_its_line() {
    let bad = "[[scenarios]]\nname = \"a\"\nchanges = [\n  { close = { site = \"leipzg\" } },\n  { drop = { cohort = \"c27\", share = 2 } },\n]\n\n[[scenarios]]\nname = \"b\"\nchange = []\n\n[[scenarios]]\nname = \"c\"\nchanges = [{ seats = { position = \"l\", add = \"$mor\" } }]\nvalues = { more = [1] }\n";
    let folder = folder_with(
        &small(),
        &[
            ("s.toml", bad),
            ("t.toml", &bad.replace("change = []", "changes = []").replace("$mor\"", "$more\"")),
            ("u.toml", "name = x\n"),
            ("v.toml", MIXED),
            ("e.toml", "[[events]]\nclosed = { site = \"halle\" }\n[[events]]\nclose = { site = \"hale\" }\n"),
        ],
    );
    let said = |file: &str| {
        let run = rungs(folder.path(), &["whatif", "i.json", file]);
        assert_eq!(run.status.code(), Some(3), "{}", text(&run.stderr));
        text(&run.stderr)
    };
    insta::assert_snapshot!(said("s.toml"));
    insta::assert_snapshot!(said("t.toml"));
    insta::assert_snapshot!(said("v.toml"));
    let event = rungs(folder.path(), &["replan", "i.json", "--plan", "p.json", "--published-until", "1", "--events", "e.toml", "-o", "n.json"]);
    let event = text(&event.stderr);
    assert!(event.contains("'closed'") && event.contains("'hale'") && event.contains("e.toml: 2 problems"), "{event}");
    assert!(said("u.toml").contains("E110") && said("u.toml").contains("line 1"), "{}", said("u.toml"));
}

#[test]
fn a_closure_touches_whom_it_must_and_says_why() {
    let closing = "events = [{ close = { site = \"leipzig\", from = 2 } }]\n";
    let folder = folder_with(&small(), &[("e.toml", closing)]);
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "-q"]).status.code(), Some(0));
    let run =
        rungs(folder.path(), &["replan", "i.json", "--plan", "p.json", "--published-until", "2027-Q3", "--events", "e.toml", "-o", "n.plan.json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let said = text(&run.stderr);
    assert!(said.contains("1 person touched") && said.contains("Proven") && said.contains("Ana Ruiz") && said.contains("closed"), "{said}");
    assert_eq!(rungs(folder.path(), &["check", "n.instance.json", "n.plan.json"]).status.code(), Some(0));
    let diff = rungs(folder.path(), &["diff", "i.json", "p.json", "n.plan.json", "--second-instance", "n.instance.json"]);
    assert_eq!(diff.status.code(), Some(6));
    assert!(text(&diff.stdout).contains("Ana Ruiz") && !text(&diff.stdout).contains("Bo Lind"), "{}", text(&diff.stdout));
    assert_eq!(rungs(folder.path(), &["diff", "i.json", "p.json", "p.json"]).status.code(), Some(0));
}

/// The plan and the instance after the events are of no use without each other.
#[cfg(unix)]
#[test]
fn a_replan_writes_both_of_its_files_or_neither() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let folder = folder_with(&small(), &[("e.toml", "events = [{ close = { site = \"leipzig\", from = 2 } }]\n"), ("old.json", "old")]);
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "-q"]).status.code(), Some(0));
    let replan = |plan: &str, instance: &str| {
        let args = ["replan", "i.json", "--plan", "p.json", "--published-until", "2027-Q3", "--events", "e.toml", "-q"];
        rungs(folder.path(), &[&args[..], &["-o", plan, "--instance-output", instance]].concat())
    };
    for (plan, instance) in [("/dev/full", "old.json"), ("old.json", "/dev/full")] {
        let run = replan(plan, instance);
        let said = text(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{said}");
        assert_eq!(std::fs::read_to_string(folder.path().join("old.json")).expect("there"), "old", "{said}");
        let saved = |what: &str| {
            let head = format!("the {what} was saved as ");
            said.lines().find_map(|line| line.strip_prefix(head.as_str())?.strip_suffix(" instead")).expect("saved").to_owned()
        };
        let check = rungs(folder.path(), &["check", &saved("instance"), &saved("plan")]);
        assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
        [saved("instance"), saved("plan")].iter().for_each(|file| std::fs::remove_file(file).expect("removed"));
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 4, "nothing is left beside them");
    assert_eq!(replan("same.xlsx", "same.xlsx").status.code(), Some(2));
    // With --quiet the report is said all the same: it is what the command is run for. Sheets stay sheets.
    let run = replan("n.plan.ods", "n.xlsx");
    let said = text(&run.stderr);
    assert!(run.status.code() == Some(0) && said.contains("1 person touched") && !said.contains("written:"), "{said}");
    assert_eq!(rungs(folder.path(), &["check", "n.xlsx", "n.plan.ods"]).status.code(), Some(0));
    let args = ["replan", "i.json", "--plan", "p.json", "--published-until", "2027-Q3", "--events", "e.toml", "-o", "m.plan.xlsx"];
    assert_eq!(rungs(folder.path(), &args).status.code(), Some(0));
    assert_eq!(rungs(folder.path(), &["check", "m.instance.xlsx", "m.plan.xlsx"]).status.code(), Some(0));
}

#[test]
fn what_is_published_changes_only_where_the_glass_is_broken() {
    let folder = folder_with(&small(), &[("e.toml", "[[events]]\nclose = { site = \"leipzig\", from = 1 }\n")]);
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "-q"]).status.code(), Some(0));
    let replan = |more: &[&str]| {
        let args = ["replan", "i.json", "--plan", "p.json", "--published-until", "2027-Q3", "--events", "e.toml", "-o", "n.plan.json"];
        rungs(folder.path(), &[&args[..], more].concat())
    };
    let refused = replan(&[]);
    assert_eq!(refused.status.code(), Some(4), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("Ana Ruiz") && text(&refused.stderr).contains("--break-glass"), "{}", text(&refused.stderr));
    assert!(!folder.path().join("n.plan.json").exists());
    let done = replan(&["--break-glass", "the landlord has cancelled"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let plan: Value = serde_json::from_slice(&std::fs::read(folder.path().join("n.plan.json")).expect("written")).expect("JSON");
    assert_eq!(plan["solver"]["options"]["break_glass"], "the landlord has cancelled");
    assert_eq!(plan["solver"]["options"]["published_changed"], json!(["ana"]));
    let low = replan(&["--break-glass", "x", "--touch-at-most", "0"]);
    assert_eq!(low.status.code(), Some(4));
    assert!(text(&low.stderr).contains("at least 1"), "{}", text(&low.stderr));
}

/// Where the glass is broken, only the periods change that must, even if the plan would be better with others.
#[test]
fn a_broken_glass_frees_no_other_published_period() {
    let mut instance = small();
    instance["roles"][0]["duration"] = json!({"min": 1, "max": 4});
    instance["participants"][0]["ratings"] = json!({"sites": {"halle": 2}});
    instance["rules"]["no-repeat"] = json!({"mode": "off"});
    instance["rules"]["harder-than-last"] = json!({"mode": "off"});
    let row = |who: &str, at: &str| json!({"participant": who, "position": at, "from": 0, "until": 4});
    let plan = json!({"placements": [row("ana", "l"), row("bo", "d")]}).to_string();
    let folder = folder_with(&instance, &[("p.json", &plan), ("e.toml", "[[events]]\nclose = { site = \"leipzig\", from = 1 }\n")]);
    let args =
        ["replan", "i.json", "--plan", "p.json", "--published-until", "2027-Q4", "--events", "e.toml", "-o", "n.json", "--break-glass", "sold"];
    let run = rungs(folder.path(), &args);
    let said = text(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{said}");
    assert!(said.contains("published and changed: 2027-Q2, 2027-Q3\n"), "{said}");
    let plan: Value = serde_json::from_slice(&std::fs::read(folder.path().join("n.json")).expect("written")).expect("JSON");
    let had: Vec<(&Value, &Value, &Value)> =
        plan["placements"].as_array().expect("a list").iter().map(|p| (&p["position"], &p["from"], &p["until"])).collect();
    assert_eq!(had, [(&json!("l"), &json!(0), &json!(1)), (&json!("h"), &json!(1), &json!(4)), (&json!("d"), &json!(0), &json!(4))], "{said}");
}

/// Who lives in a spreadsheet changes a copy by hand: who is not in it any more has left.
#[test]
fn a_plan_is_taken_from_the_instance_as_it_was_to_a_copy_changed_by_hand() {
    let mut later = small();
    later["participants"].as_array_mut().expect("a list").pop();
    later["sites"][0]["open"] = json!([{"from": 0, "until": 2}]);
    let mut shifted = later.clone();
    shifted["calendar"]["start"] = json!("2027-04-01");
    let folder = folder_with(&small(), &[("later.json", &later.to_string()), ("shifted.json", &shifted.to_string())]);
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "-q"]).status.code(), Some(0));
    let replan = |now: &str, more: &[&str]| {
        let args = ["replan", "i.json", "--now", now, "--plan", "p.json", "--published-until", "2027-Q3", "-o", "n.json"];
        rungs(folder.path(), &[&args[..], more].concat())
    };
    let run = replan("later.json", &[]);
    let said = text(&run.stderr);
    assert!(run.status.code() == Some(0) && said.contains("1 person touched") && said.contains("Ana Ruiz"), "{said}");
    assert_eq!(rungs(folder.path(), &["check", "later.json", "n.json"]).status.code(), Some(0));
    assert!(!folder.path().join("n.instance.json").exists(), "the copy is the instance");
    let shifted = replan("shifted.json", &[]);
    assert!(shifted.status.code() == Some(2) && text(&shifted.stderr).contains("keep the calendar"), "{}", text(&shifted.stderr));
    assert_eq!(replan("later.json", &["--events", "e.toml"]).status.code(), Some(2));
    // The plan of before beside the instance of now: who is gone is named, with the way out.
    let gone = text(&rungs(folder.path(), &["check", "later.json", "p.json"]).stderr);
    assert!(gone.contains("'bo'") && gone.contains("--now AFTER"), "{gone}");
}

fn silent<'l>() -> Listener<'l> {
    Mutex::new(Box::new(|_| {}))
}

fn planned(taken: &rungs::intake::Intake) -> Plan {
    let told = brief(&taken.case, &taken.policy);
    let options = Options { gap: 0.02, ..Options::default() };
    let solved = solve_by(Method::Columns, &told, &options, None, &silent(), &Stop::default()).expect("HiGHS runs");
    settle(&taken.case, &taken.policy, &told, solved.paths.as_ref().expect("a plan"), &solved).expect("audited").plan
}

/// The fewest people touched, with 200 for each period that someone loses, by the exact method: who keeps their path meets every
/// one of its conditions, and a quorum counts who does.
fn fewest_by_exact(old: &rungs::domain::Case, plan: &Plan, changed: &Changed) -> f64 {
    let case = &changed.taken.case;
    let off = |policy: Policy, ix: RuleIx| {
        let setting = policy.of(ix).clone();
        let mode = if setting.mode == Mode::Soft { Mode::Off } else { setting.mode };
        policy.with(ix, Setting { mode, weight: 0.0, ..setting })
    };
    let hard = (0..RULES.len()).map(RuleIx::new).fold(changed.taken.policy.clone(), off);
    let there = plan_in(old, plan, case);
    let kept: Arc<Table<ParticipantIx, Vec<Choice>>> =
        Arc::new(case.participants.ids().map(|p| events(case, &there, p).expect("on the timeline").choices).collect());
    let longest = kept.rows().iter().map(Vec::len).max().unwrap_or(0);
    let condition = |i: usize| {
        let (held, earns) = (Arc::clone(&kept), Arc::clone(&kept));
        Condition {
            held: Box::new(move |p: ParticipantIx| if held[p].len() <= i { Held::Yes } else { Held::No }),
            earns: Box::new(move |c: &Choice| earns[c.participant].get(i) == Some(c)),
        }
    };
    let rule = find("stability").expect("a rule");
    let mut told: Vec<Told<'_>> = brief(case, &hard).told;
    let n = case.participants.len() as u32;
    let quorum = Sentence::Quorum {
        subject: Subject::Everyone,
        at_least: n,
        members: case.participants.ids().collect(),
        conditions: (0..longest).map(condition).collect(),
    };
    told.push(Told { rule, stamp: Stamp::Soft(1.0), sentence: quorum });
    told.push(Told { rule, stamp: Stamp::Soft(200.0), sentence: Sentence::Wait(Box::new(|_, _| 1.0)) });
    let rest = Sentence::End(Box::new(|e: &End| (case.participants[e.participant].timeline.len() - e.at) as f64));
    told.push(Told { rule, stamp: Stamp::Soft(200.0), sentence: rest });
    let solved = solve_by(Method::Exact, &Brief::new(case, told), &Options::default(), None, &silent(), &Stop::default()).expect("HiGHS runs");
    assert_eq!(solved.verdict, Verdict::Proven);
    solved.objective.expect("a plan")
}

/// Replans after events, audits, and gives the fewest touched (with 200 for each period lost) and how many were.
fn replanned(base: &Changed, plan: &Plan, changed: &Changed) -> (f64, usize) {
    let published =
        Published { taken: &base.taken, plan, certificate: None, changed, until: Period::new(0), touch_at_most: None, break_glass: false };
    let found = replan(&published, &Options { gap: 0.02, ..Options::default() }, &silent(), &Stop::default()).expect("no fault");
    let Replanned::Done(done) = found else { panic!("{found:?}") };
    assert!(done.proven && audit(&changed.taken.case, &changed.taken.policy, &done.settled.plan).legal());
    let people = touched(&base.taken.case, plan, &changed.taken.case, &done.settled.plan).changed.len();
    assert!(people <= done.fewest);
    (people as f64 + 200.0 * done.lost as f64, people)
}

#[test]
fn as_few_are_touched_as_the_exact_method_proves_and_a_full_solve_touches_many_more() {
    let base = retake(generate(&Recipe { periods: Some(6), ..Recipe::new(Profile::Operations, 40, 3) })).expect("sound");
    let plan = planned(&base.taken);
    let used = &plan.paths[ParticipantIx::new(0)][0];
    let place = &base.taken.case.positions[used.position].id;
    let holders =
        plan.paths.rows().iter().flatten().filter(|pl| pl.position == used.position && pl.from <= used.from && used.from < pl.until).count();
    let asked = format!(
        "[[scenarios]]\nname = \"drop-out\"\nchanges = [{{ drop = {{ participant = \"{}\" }} }}]\n\
         [[scenarios]]\nname = \"seat\"\nchanges = [{{ seats = {{ position = \"{place}\", set = {}, from = {}, until = {} }} }}]\n",
        base.taken.case.participants[ParticipantIx::new(5)].named.id,
        holders - 1,
        used.from.index(),
        used.until.index(),
    );
    for asked in scenarios(asked.as_bytes(), &base.raw, 1).expect("sound") {
        let changed = asked.instance(&base.raw, 1).expect("sound");
        let (fewest, people) = replanned(&base, &plan, &changed);
        assert_eq!(fewest, fewest_by_exact(&base.taken.case, &plan, &changed), "{}", asked.name);
        let again = touched(&base.taken.case, &plan, &changed.taken.case, &planned(&changed.taken)).changed.len();
        assert!(again >= 5 * people.max(1), "{}: {people} touched, and {again} by a full solve", asked.name);
    }
}
