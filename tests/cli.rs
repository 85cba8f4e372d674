//! The program as its users meet it: exit codes, what goes where, what is written and what is not.
#![cfg(feature = "plan")]

mod common;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use common::{folder_with, rungs, text};

/// Two people, two rungs, four quarters.
fn small() -> Value {
    json!({
        "format": "rungs/1", "name": "Small", "calendar": {"start": "2027-01-01", "unit": "quarter", "count": 4},
        "stages": [{"id": "team", "name": "Team lead"}, {"id": "site", "name": "Site lead"}],
        "roles": [
            {"id": "lead", "name": "Team lead", "stage": "team", "difficulty": 2, "duration": {"min": 2, "max": 2}},
            {"id": "head", "name": "Site lead", "stage": "site", "difficulty": 4, "duration": {"min": 2, "max": 2}, "after": [["lead"]]}
        ],
        "sites": [{"id": "leipzig", "name": "Leipzig", "lat": 51.34, "lon": 12.37}, {"id": "dresden", "name": "Dresden", "lat": 51.05, "lon": 13.74}],
        "positions": [
            {"id": "lead-l", "role": "lead", "site": "leipzig"}, {"id": "lead-d", "role": "lead", "site": "dresden"},
            {"id": "head-l", "role": "head", "site": "leipzig", "seats": 2}
        ],
        "tracks": [{"id": "path", "length": 4, "stages": [{"stage": "team"}, {"stage": "site", "placements": {"min": 1}}]}],
        "cohorts": [{"id": "c27", "track": "path", "start": 0}],
        "participants": [
            {"id": "ana", "name": "Ana Ruiz", "cohort": "c27", "home": "leipzig"}, {"id": "bo", "name": "Bo Lind", "cohort": "c27", "home": "dresden"}
        ]
    })
}

#[test]
fn a_plan_is_made_checked_and_shown() {
    let folder = folder_with(&small(), &[]);
    let run = rungs(folder.path(), &["plan", "i.json", "-o", "p.json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert!(run.stdout.is_empty(), "talk goes to standard error");
    let plan: Value = serde_json::from_slice(&std::fs::read(folder.path().join("p.json")).expect("written")).expect("JSON");
    assert_eq!(plan["status"], "optimal");
    assert_eq!(plan["placements"].as_array().map(Vec::len), Some(4));
    let check = rungs(folder.path(), &["check", "i.json", "p.json"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
    let show = rungs(folder.path(), &["show", "i.json", "p.json"]);
    assert_eq!(show.status.code(), Some(0));
    let shown = text(&show.stdout);
    assert!(shown.contains("Ana Ruiz") && shown.contains("Bo Lind"), "{shown}");
    let wide = shown.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None, "wider than 80 columns");
}

#[test]
fn the_plan_can_go_to_standard_output_and_the_default_place_is_beside_the_instance() {
    let folder = folder_with(&small(), &[]);
    let run = rungs(folder.path(), &["plan", "i.json", "-o", "-"]);
    let plan: Value = serde_json::from_slice(&run.stdout).expect("nothing but the plan");
    assert_eq!(plan["format"], "rungs-plan/1");
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-q"]).status.code(), Some(0));
    assert!(folder.path().join("i.plan.json").exists());
}

#[test]
fn same_input_seed_and_options_give_the_same_bytes_whatever_the_threads() {
    let plans = |instance: &Value| rungs(folder_with(instance, &[]).path(), &["plan", "i.json", "-o", "-", "-q"]).status.code() == Some(0);
    let random = (12..).map(|seed| common::instance(seed, common::SMALL)).find(plans).expect("one has a plan");
    for instance in [small(), random] {
        let folder = folder_with(&instance, &[]);
        let outputs: Vec<Vec<u8>> =
            ["1", "2", "7"].iter().map(|n| rungs(folder.path(), &["plan", "i.json", "-o", "-", "-q", "--threads", n]).stdout).collect();
        assert!(!outputs[0].is_empty());
        assert!(outputs.iter().all(|o| *o == outputs[0]));
    }
}

#[test]
fn invalid_input_lists_every_problem_and_writes_nothing() {
    let mut broken = small();
    broken["participants"][0]["cohort"] = json!("c28");
    broken["participants"][1]["hme"] = json!("dresden");
    broken["positions"][0]["seats"] = json!(-1);
    let folder = folder_with(&broken, &[]);
    let run = rungs(folder.path(), &["plan", "i.json", "-o", "p.json"]);
    assert_eq!(run.status.code(), Some(3));
    let said = text(&run.stderr);
    for part in ["c28", "did you mean 'c27'", "hme", "seats", "line 1"] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
    assert!(!folder.path().join("p.json").exists());
}

#[test]
fn that_nothing_was_written_is_said_where_something_would_have_been() {
    let folder = folder_with(&small(), &[]);
    let said = |args: &[&str]| {
        let run = rungs(folder.path(), args);
        assert_eq!(run.status.code(), Some(3), "{args:?}");
        text(&run.stderr)
    };
    for args in [&["plan", "absent.json"][..], &["plan", "i.json", "--start", "i.json"], &["show", "i.json", "absent.json", "--svg", "p.svg"]] {
        assert!(said(args).ends_with(": 1 problem; nothing was written\n"), "{args:?}");
    }
    for args in [&["check", "absent.json", "p.json"][..], &["check", "i.json", "i.json"], &["show", "i.json", "absent.json"]] {
        assert!(said(args).ends_with(": 1 problem\n"), "{args:?}");
    }
}

#[test]
fn impossible_input_is_proven_so_and_explained() {
    let mut impossible = small();
    impossible["positions"][2]["seats"] = json!(1);
    impossible["rules"] = json!({"coverage": {"mode": "hard"}});
    let folder = folder_with(&impossible, &[]);
    let run = rungs(folder.path(), &["plan", "i.json", "-o", "p.json"]);
    assert_eq!(run.status.code(), Some(4), "{}", text(&run.stderr));
    assert!(text(&run.stderr).contains("coverage"), "{}", text(&run.stderr));
    assert!(!folder.path().join("p.json").exists());
}

#[test]
fn a_hand_made_plan_is_checked_in_words() {
    let folder = folder_with(&small(), &[]);
    let plan = json!({"placements": [{"participant": "ana", "position": "head-l", "from": 0, "until": 2}]});
    std::fs::write(folder.path().join("hand.json"), plan.to_string()).expect("written");
    let run = rungs(folder.path(), &["check", "i.json", "hand.json"]);
    assert_eq!(run.status.code(), Some(6));
    let said = text(&run.stdout);
    assert!(said.contains("Ana Ruiz") && said.contains("after"), "{said}");
    let tampered = rungs(folder.path(), &["plan", "i.json", "-o", "-", "-q"]);
    let mut plan: Value = serde_json::from_slice(&tampered.stdout).expect("JSON");
    plan["objective"] = json!(1.0);
    std::fs::write(folder.path().join("tampered.json"), plan.to_string()).expect("written");
    assert_eq!(rungs(folder.path(), &["check", "i.json", "tampered.json"]).status.code(), Some(6));
}

#[test]
fn a_bound_is_confirmed_from_its_certificate_and_refused_once_tampered_with() {
    let folder = folder_with(&small(), &[]);
    let planned = rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "--method", "columns"]);
    assert_eq!(planned.status.code(), Some(0), "{}", text(&planned.stderr));
    let check = || rungs(folder.path(), &["check", "i.json", "p.json", "--bound"]);
    let confirmed = check();
    assert_eq!(confirmed.status.code(), Some(0), "{}", text(&confirmed.stdout));
    assert!(text(&confirmed.stdout).contains("Bound confirmed"), "{}", text(&confirmed.stdout));
    let path = folder.path().join("p.json");
    let plan: Value = serde_json::from_slice(&std::fs::read(&path).expect("a plan")).expect("JSON");
    let tampered = |change: &dyn Fn(&mut Value)| {
        let mut plan = plan.clone();
        change(&mut plan);
        std::fs::write(&path, plan.to_string()).expect("written");
        let out = check();
        assert_eq!(out.status.code(), Some(6), "{}", text(&out.stdout));
        text(&out.stdout)
    };
    let more = tampered(&|p| p["certificate"]["bound"] = json!(p["certificate"]["bound"].as_f64().expect("a bound") + 1.0));
    assert!(more.contains("Bound refused") && more.contains("proves only"), "{more}");
    let without = tampered(&|p| p["certificate"] = Value::Null);
    assert!(without.contains("no certificate"), "{without}");
    let strange = tampered(&|p| p["certificate"]["rows"] = json!([{"rule": "seats", "key": "nowhere/0", "multiplier": 1.0}]));
    assert!(strange.contains("no row 'nowhere/0'"), "{strange}");
    let moved = tampered(&|p| p["objective"] = json!(1.0));
    assert!(moved.contains("do not agree"), "{moved}");
}

#[test]
fn usage_errors_have_their_code() {
    let folder = folder_with(&small(), &[]);
    for args in [
        &["plan"][..],
        &["plan", "i.json", "--gap", "much"],
        &["plan", "i.json", "--time-limit", "-3"],
        &["rules", "seets"],
        &["plan", "i.json", "-o", "i.json"],
    ] {
        assert_eq!(rungs(folder.path(), args).status.code(), Some(2), "{args:?}");
    }
    assert!(text(&rungs(folder.path(), &["rules", "seets"]).stderr).contains("seats"));
    let said = text(&rungs(folder.path(), &["template", "t.xlsx", "--profile", "opperations"]).stderr);
    assert!(said.contains("[possible values: operations") && said.contains("--help"), "{said}");
    assert_eq!(said.lines().find(|line| line.chars().count() > 80), None, "{said}");
    let help = rungs(folder.path(), &["--help"]);
    assert!(help.status.success() && help.stderr.is_empty() && text(&help.stdout).contains("Exit codes"));
    let none = rungs(folder.path(), &[]);
    assert!(none.status.code() == Some(2) && text(&none.stderr).contains("Exit codes"));
    assert_eq!(rungs(folder.path(), &["plan", "absent.json"]).status.code(), Some(3));
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-o", "no/such/folder/p.json"]).status.code(), Some(1));
}

#[test]
fn progress_and_results_are_json_lines_on_request() {
    let folder = folder_with(&small(), &[]);
    let run = rungs(folder.path(), &["plan", "i.json", "--log-format", "jsonl"]);
    let lines: Vec<Value> = text(&run.stderr).lines().map(|l| serde_json::from_str(l).expect("a JSON object a line")).collect();
    assert_eq!(lines.last().expect("a last line")["event"], "done");
}

#[test]
fn a_model_is_exported_with_readable_names() {
    let folder = folder_with(&small(), &[]);
    for file in ["m.lp", "m.mps"] {
        assert_eq!(rungs(folder.path(), &["export", "i.json", "-o", file]).status.code(), Some(0));
        let model = std::fs::read_to_string(folder.path().join(file)).expect("written");
        assert!(model.contains("place_ana_lead_l"), "{file}");
    }
    assert_eq!(rungs(folder.path(), &["export", "i.json", "-o", "m.txt"]).status.code(), Some(2));
}

#[test]
fn limits_and_interrupts_keep_what_was_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = rungs(folder.path(), &["generate", "--profile", "operations", "--participants", "60", "--seed", "3", "-o", "i.json"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let run = rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "--time-limit", "0.01"]);
    assert_eq!(run.status.code(), Some(5), "{}", text(&run.stderr));
    assert!(!folder.path().join("p.json").exists());
    let child = Command::new(env!("CARGO_BIN_EXE_rungs"))
        .current_dir(folder.path())
        .args(["plan", "i.json", "-o", "p.json", "--log-format", "jsonl"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("rungs runs");
    std::thread::sleep(Duration::from_secs(2));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    let run = child.wait_with_output().expect("it ends");
    assert_eq!(run.status.code(), Some(130), "{}", text(&run.stderr));
    // Whether a plan was found by then depends on the machine; if so it is whole and legal.
    if folder.path().join("p.json").exists() {
        assert_eq!(rungs(folder.path(), &["check", "i.json", "p.json"]).status.code(), Some(0));
    }
}

#[test]
fn the_same_seed_generates_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["generate", "--profile", "medical", "--participants", "12", "--seed", "5"];
    let (a, b) = (rungs(folder.path(), &args), rungs(folder.path(), &args));
    assert!(!a.stdout.is_empty() && a.stdout == b.stdout);
    assert!(text(&a.stderr).starts_with("sha256 "));
}

#[test]
fn what_comes_through_a_pipe_is_planned_to_standard_output() {
    let folder = folder_with(&small(), &[]);
    let file = std::fs::File::open(folder.path().join("i.json")).expect("open");
    let run =
        Command::new(env!("CARGO_BIN_EXE_rungs")).current_dir(folder.path()).args(["plan", "-", "-q"]).stdin(file).output().expect("rungs runs");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let plan: Value = serde_json::from_slice(&run.stdout).expect("nothing but the plan");
    assert_eq!(plan["status"], "optimal");
    assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1, "nothing is left beside the instance");
}

#[test]
fn files_given_in_the_wrong_place_are_told_apart_and_never_overwritten() {
    let folder = folder_with(&small(), &[]);
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "-q"]).status.code(), Some(0));
    for (args, said) in [(&["plan", "p.json"][..], "this is a plan"), (&["check", "i.json", "i.json"], "this is an instance")] {
        let run = rungs(folder.path(), args);
        assert_eq!(run.status.code(), Some(3));
        assert!(text(&run.stderr).contains(said) && text(&run.stderr).contains("1 problem"), "{}", text(&run.stderr));
    }
    let before = std::fs::read(folder.path().join("i.json")).expect("read");
    for args in [&["plan", "i.json", "-o", "./i.json"][..], &["show", "i.json", "p.json", "--svg", "./i.json"]] {
        assert_eq!(rungs(folder.path(), args).status.code(), Some(2), "{args:?}");
    }
    assert_eq!(std::fs::read(folder.path().join("i.json")).expect("read"), before);
}

#[test]
fn an_output_that_cannot_be_written_is_said_before_the_search() {
    let folder = folder_with(&small(), &[]);
    std::fs::create_dir(folder.path().join("taken")).expect("made");
    for output in ["taken", "nowhere/p.json"] {
        let run = rungs(folder.path(), &["plan", "i.json", "-o", output]);
        assert_eq!(run.status.code(), Some(1));
        let said = text(&run.stderr);
        assert!(said.contains("cannot be written") && !said.contains("method:"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn devices_are_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = folder_with(&small(), &[]);
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-q", "-o", "/dev/null"]).status.code(), Some(0));
    assert!(std::fs::metadata("/dev/null").expect("there").file_type().is_char_device());
    if !Path::new("/dev/full").exists() {
        return;
    }
    let run = Command::new(env!("CARGO_BIN_EXE_rungs"))
        .current_dir(folder.path())
        .args(["plan", "i.json", "-q", "-o", "/dev/full"])
        .env("TMPDIR", folder.path())
        .output()
        .expect("rungs runs");
    assert_eq!(run.status.code(), Some(1));
    let said = text(&run.stderr);
    let saved = said.lines().find_map(|l| l.strip_prefix("the plan was saved as ")?.strip_suffix(" instead")).expect("where the plan was saved");
    assert_eq!(rungs(folder.path(), &["check", "i.json", saved]).status.code(), Some(0), "{said}");
}

#[test]
fn conflicts_and_relaxations_are_told() {
    let mut pinned = small();
    pinned["relocation"] = json!({"base": 1000, "budget": {"total": 500}});
    pinned["participants"][1]["pinned"] = json!([{"position": "lead-l", "from": 0, "until": 2}]);
    let mut seats = small();
    seats["positions"][2]["seats"] = json!(1);
    seats["rules"] = json!({"coverage": {"mode": "hard"}});
    let mut stuck = small();
    stuck["participants"][0]["current"] = json!({"position": "lead-l", "worked": 0});
    stuck["participants"][1]["current"] = json!({"position": "lead-l", "worked": 0});
    for (instance, parts) in [
        (
            pinned,
            &[
                "Bo Lind is pinned to Team lead at Leipzig (2027-Q1 to 2027-Q2)",
                "the budget for moves is USD 500",
                "1. drop this",
                "USD 500 more budget",
            ][..],
        ),
        (seats, &["the rule coverage", "Site lead at Leipzig has 1 seat", "1 more seat for Site lead at Leipzig, 2027-Q3 to 2027-Q4"]),
        (stuck, &["Team lead lasts at least 2 periods", "Team lead at Leipzig has 1 seat", "Ana Ruiz and Bo Lind"]),
    ] {
        let run = rungs(folder_with(&instance, &[]).path(), &["plan", "i.json", "-o", "p.json"]);
        assert_eq!(run.status.code(), Some(4));
        let said = text(&run.stderr);
        assert!(parts.iter().all(|part| said.contains(part)), "{parts:?} in\n{said}");
    }
}

#[test]
fn numbers_beyond_reason_are_refused_and_names_beyond_reason_are_shown() {
    for (path, number, said) in [
        ("/roles/0/difficulty", json!(1e300), "too large a number"),
        ("/roles/0/difficulty", json!(-9e6), "at least -1000000"),
        ("/rules/coverage/weight", json!(1e12), "from 0 to 1000000000"),
        ("/participants/0/minds/moves", json!(1e9), "from 0 to 1000000"),
        ("/participants/0/ratings/sites/dresden", json!(1e9), "from -1000000 to 1000000"),
    ] {
        let mut huge = small();
        huge["rules"] = json!({"coverage": {"mode": "soft", "weight": 1}});
        huge["participants"][0]["minds"] = json!({"moves": 1});
        huge["participants"][0]["ratings"] = json!({"sites": {"dresden": 1}});
        *huge.pointer_mut(path).expect("there") = number;
        let run = rungs(folder_with(&huge, &[]).path(), &["plan", "i.json"]);
        assert_eq!(run.status.code(), Some(3), "{path}");
        assert!(text(&run.stderr).contains(said), "{}", text(&run.stderr));
    }
    let mut odd = small();
    odd["participants"][0]["name"] = json!("n".repeat(300_000));
    odd["participants"][1]["name"] = json!(" ");
    odd["name"] = json!("\u{202e}\u{1b}[31m");
    let folder = folder_with(&odd, &[]);
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-q", "-o", "p.json"]).status.code(), Some(0));
    let shown = text(&rungs(folder.path(), &["show", "i.json", "p.json"]).stdout);
    assert!(!shown.contains(['\u{202e}', '\u{1b}']) && shown.contains("  bo ") && shown.len() < 10_000, "{shown}");
}

#[test]
fn a_coordinator_needs_no_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str], code: i32| {
        let run = rungs(folder.path(), args);
        assert_eq!(run.status.code(), Some(code), "{args:?}: {}{}", text(&run.stdout), text(&run.stderr));
        text(&run.stdout) + &text(&run.stderr)
    };
    std::fs::write(folder.path().join("i.json"), small().to_string()).expect("written");
    run(&["convert", "i.json", "i.xlsx"], 0);
    assert!(run(&["check", "i.xlsx"], 0).contains("2 participants, 3 positions, 4 periods: no problem"));
    run(&["plan", "i.xlsx", "-q"], 0);
    assert!(run(&["check", "i.xlsx", "i.plan.xlsx"], 0).contains("Legal"));
    // The plan is for the same instance, whatever file it is in.
    assert!(run(&["check", "i.json", "i.plan.xlsx"], 0).contains("numbers agree"));
    assert!(run(&["show", "i.xlsx", "i.plan.xlsx"], 0).contains("Ana Ruiz"));
    run(&["plan", "i.xlsx", "--start", "i.plan.xlsx", "-o", "next.xlsx", "-q"], 0);
    run(&["plan", "i.xlsx", "-o", "sheets/", "-q"], 0);
    assert!(run(&["check", "i.xlsx", "sheets"], 0).contains("Legal"));
    // What it places is pinned in an instance; the plan of that one is the same again.
    run(&["convert", "i.xlsx", "pinned.xlsx", "--pin", "i.plan.xlsx"], 0);
    run(&["convert", "pinned.xlsx", "pinned.json"], 0);
    let pinned: Value = serde_json::from_slice(&std::fs::read(folder.path().join("pinned.json")).expect("written")).expect("JSON");
    assert_eq!(pinned["participants"][0]["pinned"].as_array().map(Vec::len), Some(2), "{pinned}");
    run(&["convert", "pinned.xlsx", "again.xlsx", "--pin", "i.plan.xlsx"], 0);
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect("written");
    assert_eq!(read("pinned.xlsx"), read("again.xlsx"), "each pin once");
    run(&["plan", "pinned.xlsx", "-q"], 0);
    assert!(run(&["check", "pinned.xlsx", "i.plan.xlsx"], 0).contains("fingerprints differ"), "another instance: the pins are part of it");
    assert!(run(&["check", "pinned.xlsx", "pinned.plan.xlsx"], 0).contains("Legal"));
    // A placement is changed by hand, in the folder that the plan was converted to.
    run(&["convert", "i.plan.xlsx", "plan", "--instance", "i.xlsx"], 0);
    let file = folder.path().join("plan/Placements.csv");
    let placements = std::fs::read_to_string(&file).expect("written");
    std::fs::write(&file, placements.replacen("2027-Q3", "2027-Q4", 1)).expect("written");
    assert!(run(&["check", "i.xlsx", "plan"], 6).contains("Not legal"));
    run(&["convert", "plan", "plan.json", "--instance", "i.xlsx"], 0);
    assert!(run(&["check", "i.xlsx", "plan.json"], 6).contains("Not legal"));
}

#[test]
fn a_workbook_is_given_back_with_its_problems_marked() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut broken = small();
    broken["participants"][0]["cohort"] = json!("c28");
    std::fs::write(folder.path().join("i.json"), broken.to_string()).expect("written");
    assert_eq!(rungs(folder.path(), &["convert", "i.json", "i.xlsx"]).status.code(), Some(0), "what is wrong can be converted");
    let check = rungs(folder.path(), &["check", "i.xlsx", "--mark", "m.xlsx"]);
    assert_eq!(check.status.code(), Some(3));
    let said = text(&check.stderr);
    for part in ["sheet Participants, cell C2", "did you mean 'c27'?", "written: m.xlsx", "Participants row 2 'Ana Ruiz'"] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
    // What is marked is read as before.
    let again = text(&rungs(folder.path(), &["check", "m.xlsx"]).stderr);
    assert!(again.contains("sheet Participants, cell C2"), "{again}");
}

#[test]
fn templates_are_written_and_only_where_they_can_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let code = |args: &[&str]| rungs(folder.path(), args).status.code();
    assert_eq!(code(&["template", "e.xlsx"]), Some(0));
    assert_eq!(code(&["check", "e.xlsx"]), Some(3), "there is nothing in it");
    assert_eq!(code(&["template", "t", "--profile", "mba"]), Some(0));
    assert_eq!(code(&["check", "t"]), Some(0));
    assert_eq!(code(&["convert", "e.xlsx", "e"]), Some(0), "what is half done can be converted");
    for wrong in ["t.csv", "t.doc", "t.json"] {
        assert_eq!(code(&["template", wrong]), Some(2), "{wrong}");
    }
    assert_eq!(code(&["convert", "e.xlsx", "e.xlsx"]), Some(2));
    assert_eq!(code(&["check", "t", "--mark", "absent/m.xlsx"]), Some(1));
}

#[test]
fn what_is_short_and_what_would_help_is_explained() {
    let mut short = small();
    short["positions"][2]["seats"] = json!(1);
    short["participants"][1]["pinned"] = json!([{"position": "lead-d", "from": 0, "until": 2}]);
    let folder = folder_with(&short, &[]);
    let run = rungs(folder.path(), &["explain", "i.json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    insta::assert_snapshot!("explained", text(&run.stdout));
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "-q"]).status.code(), Some(0));
    let said = |args: &[&str]| {
        let run = rungs(folder.path(), &[args, &["--plan", "p.json"]].concat());
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        assert!(text(&run.stdout).lines().all(|line| line.chars().count() <= 80), "{}", text(&run.stdout));
        text(&run.stdout)
    };
    assert!(said(&["explain", "why", "i.json", "ana"]).starts_with("Ana Ruiz\n"));
    assert!(said(&["explain", "why", "i.json", "Bo Lind", "lead-d", "2027-Q2"]).contains("Bo Lind has it"));
    let other = said(&["explain", "why", "i.json", "bo", "Team lead at Leipzig"]);
    assert!(other.contains("Bo Lind is pinned to Team lead at Dresden") && !other.contains("seats"), "{other}");
    let forced = said(&["explain", "why", "i.json", "ana", "lead-d", "0"]);
    assert!(forced.contains("cannot be Team lead at Dresden in 2027-Q1") && forced.contains("pinned"), "{forced}");
    let worth = said(&["explain", "worth", "i.json"]);
    assert!(worth.contains("1 more seat for Site lead at Leipzig"), "{worth}");
    assert!(said(&["explain", "pins", "i.json"]).contains("Bo Lind is pinned"));
    for (args, part) in [
        (&["explain", "why", "i.json", "anna", "--plan", "p.json"][..], "did you mean 'ana'?"),
        (&["explain", "why", "i.json", "ana", "lead", "--plan", "p.json"], "there is no position 'lead'"),
        (&["explain", "why", "i.json", "ana", "lead-l", "2031", "--plan", "p.json"], "periods go from 2027-Q1 to 2027-Q4"),
        (&["explain"], "instance"),
    ] {
        let run = rungs(folder.path(), args);
        assert_eq!(run.status.code(), Some(2), "{args:?}");
        assert!(text(&run.stderr).to_lowercase().contains(&part.to_lowercase()), "{}", text(&run.stderr));
    }
}

/// The files of a folder and the folders in it, by their names.
fn files(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("listed") {
        let path = entry.expect("listed").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).expect("readable"));
        }
    }
    found
}

/// The small instance with someone whose id is no file's name, mentors, a couple, and texts in which people are named; and a plan.
fn with_people() -> tempfile::TempDir {
    let mut people = small();
    people["participants"][1] = json!({"id": "Bo/Lind", "name": "Bo Lind", "cohort": "c27", "home": "dresden",
        "ratings": {"sites": {"leipzig": 2, "dresden": -1}}, "minds": {"moves": 2}});
    people["people"] = json!([{"id": "kim", "name": "Kim Okoye"}, {"id": "ana", "name": "Ana Ruiz", "reports_to": "kim"}]);
    people["mentors"] = json!([{"id": "mia", "name": "Mia Varga", "capacity": 2, "reach": "anywhere"}, {"id": "kim", "reach": "anywhere"}]);
    people["positions"][0]["manager"] = json!("kim");
    people["groups"] = json!([{"id": "ana+bo", "members": ["ana", "Bo/Lind"], "kind": "together", "within": "country"}]);
    people["rules"] = json!({"together": {"mode": "off"}});
    people["name"] = json!("Small, for Ana Ruiz and BO LIND");
    people["cohorts"][0]["name"] = json!("Kim Okoye's class");
    people["baseline"] = json!([{"participant": "ana", "position": "lead-l", "from": 0, "until": 2}]);
    let folder = folder_with(&people, &[]);
    let run = rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "-q"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    folder
}

#[test]
fn everyone_gets_a_letter() {
    let folder = with_people();
    let run = |args: &[&str], code: i32| {
        let run = rungs(folder.path(), args);
        assert_eq!(run.status.code(), Some(code), "{args:?}: {}{}", text(&run.stdout), text(&run.stderr));
        text(&run.stdout) + &text(&run.stderr)
    };
    assert!(run(&["letters", "i.json", "p.json", "-o", "letters"], 0).contains("letters (2 letters)"));
    let letters = files(&folder.path().join("letters"));
    let names: Vec<&String> = letters.keys().collect();
    assert_eq!(names, ["Bo-Lind-85a9bb48.md", "ana.md"].map(String::from).iter().collect::<Vec<_>>());
    let ana = text(&letters["ana.md"]);
    for part in ["# Ana Ruiz", "1 January 2027 to 30 June 2027", "Your mentor: ", "Why this: "] {
        assert!(ana.contains(part), "{part} is missing in\n{ana}");
    }
    // The template that is printed makes the same letters, and one of one's own makes others.
    std::fs::write(folder.path().join("own.md"), run(&["letters", "--print-template"], 0)).expect("written");
    run(&["letters", "i.json", "p.json", "--template", "own.md", "-o", "again"], 0);
    assert_eq!(files(&folder.path().join("again")), letters);
    std::fs::write(folder.path().join("own.html.j2"), "<p>{{ person.name }} &amp; {{ placements | length }}</p>").expect("written");
    assert_eq!(run(&["letters", "i.json", "p.json", "--template", "own.html.j2", "--only", "Ana Ruiz", "-o", "-"], 0), "<p>Ana Ruiz &amp; 2</p>\n");
    assert!(run(&["letters", "i.json", "p.json", "--only", "ana", "-o", "letters"], 0).contains("left alone: Bo-Lind-85a9bb48.md"));
    run(&["letters", "i.json", "p.json", "-o", "all.md"], 0);
    assert!(std::fs::read_to_string(folder.path().join("all.md")).expect("written").contains("\n---\n\n# Bo Lind"));
    // What is wrong is said with its line, and nothing is written.
    std::fs::write(folder.path().join("bad.md"), "Dear\n{{ persn.name }}").expect("written");
    let said = run(&["letters", "i.json", "p.json", "--template", "bad.md", "-o", "bad"], 3);
    assert!(said.contains("at line 2") && said.contains("did you mean 'person'?") && !folder.path().join("bad").exists(), "{said}");
    assert!(run(&["letters", "i.json", "p.json", "--only", "Anna Ruiz", "-o", "-"], 2).contains("did you mean 'Ana Ruiz'?"));
    run(&["letters", "i.json", "p.json", "-o", "i.json"], 2);
    run(&["letters", "i.json"], 2);
}

#[test]
fn calendars_are_handed_out_and_updated() {
    let folder = with_people();
    let run = |args: &[&str], code: i32| {
        let run = rungs(folder.path(), args);
        assert_eq!(run.status.code(), Some(code), "{args:?}: {}{}", text(&run.stdout), text(&run.stderr));
        text(&run.stdout) + &text(&run.stderr)
    };
    run(&["calendar", "i.json", "p.json", "-o", "calendars"], 0);
    let first = files(&folder.path().join("calendars"));
    for name in ["people/ana.ics", "people/Bo-Lind-85a9bb48.ics", "sites/leipzig.ics"] {
        assert!(first.contains_key(name), "{name} is not among {:?}", first.keys());
    }
    assert!(first.keys().any(|name| name.starts_with("mentors/")));
    run(&["calendar", "i.json", "p.json", "-o", "calendars"], 0);
    assert_eq!(files(&folder.path().join("calendars")), first, "handed out again, nothing has changed");
    // Ana's first placement begins a quarter later in a plan made by hand.
    let mut plan: Value = serde_json::from_slice(&std::fs::read(folder.path().join("p.json")).expect("read")).expect("JSON");
    plan["placements"][0]["from"] = json!(1);
    std::fs::write(folder.path().join("q.json"), plan.to_string()).expect("written");
    run(&["calendar", "i.json", "q.json", "-o", "next", "--replaces", "calendars"], 0);
    run(&["calendar", "i.json", "q.json", "-o", "calendars"], 0);
    let second = files(&folder.path().join("calendars"));
    assert_eq!(files(&folder.path().join("next")), second);
    let ana = text(&second["people/ana.ics"]);
    assert!(ana.contains("DTSTART;VALUE=DATE:20270401\r\n") && ana.contains("SEQUENCE:1\r\n"), "{ana}");
    std::fs::write(folder.path().join("calendars/people/odd.ics"), "hello").expect("written");
    assert!(run(&["calendar", "i.json", "p.json", "-o", "calendars"], 3).contains("people/odd.ics is no calendar"));
    assert!(run(&["calendar", "i.json", "p.json", "-o", "calendars", "--replaces", "nowhere"], 2).contains("no folder of calendars"));
}

#[test]
fn nobody_is_recognised_by_name_and_the_key_brings_everyone_back() {
    let folder = with_people();
    let run = |args: &[&str], code: i32| {
        let run = rungs(folder.path(), args);
        assert_eq!(run.status.code(), Some(code), "{args:?}: {}{}", text(&run.stdout), text(&run.stderr));
        text(&run.stdout) + &text(&run.stderr)
    };
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("written");
    let value = |name: &str| serde_json::from_str::<Value>(&read(name)).expect("JSON");
    // A plan with all that names people: options of a replan, reasons, a certificate.
    let mut plan = value("p.json");
    plan["solver"]["options"] = json!({"touched": ["ana", "Bo/Lind"], "break_glass": "Ana Ruiz asked"});
    plan["unplaced"] = json!([{"participant": "ana", "from": 3, "until": 4, "reasons": ["Bo Lind has it"]}]);
    let rows = [("fairness", "Bo/Lind"), ("mentoring", "mia/3"), ("together", "ana+bo/ana/Bo/Lind/2/leipzig"), ("demand", "lead-l/1")];
    plan["certificate"] = json!({"bound": 0, "rows": rows.map(|(rule, key)| json!({"rule": rule, "key": key, "multiplier": 1}))});
    std::fs::write(folder.path().join("p.json"), plan.to_string()).expect("written");

    assert!(run(&["export", "i.json", "--pseudonyms", "key.json", "-o", "public.json"], 0).contains("a new file"));
    assert!(run(&["export", "i.json", "p.json", "--pseudonyms", "key.json", "-o", "public.plan.json"], 0).contains("used again"));
    for file in ["public.json", "public.plan.json"] {
        let shown = read(file).to_lowercase();
        for word in ["ana", "ruiz", "bo", "lind", "kim", "okoye", "mia", "varga", "bo/lind", "ana+bo"] {
            let found = shown.split(|c: char| !c.is_alphanumeric() && !"/+".contains(c)).any(|part| part == word);
            assert!(!found, "{word} is in {file}:\n{shown}");
        }
        for original in [value("i.json"), value("p.json")] {
            let sha = original["instance"]["sha256"].as_str().unwrap_or("no fingerprint");
            assert!(!shown.contains(sha));
        }
    }
    // It is an instance and its plan like any other.
    let checked = run(&["check", "public.json", "public.plan.json"], 0);
    assert!(checked.contains("Legal") && !checked.contains("another state"), "{checked}");
    // The same key gives the same pseudonyms, in a workbook too, and is not written again.
    let key = read("key.json");
    run(&["export", "i.json", "--pseudonyms", "key.json", "-o", "public.xlsx"], 0);
    run(&["convert", "public.xlsx", "same.json"], 0);
    assert_eq!((value("same.json"), read("key.json")), (value("public.json"), key));
    // And back, by the key alone.
    run(&["export", "public.json", "--restore", "key.json", "-o", "back.json"], 0);
    run(&["export", "public.json", "public.plan.json", "--restore", "key.json", "-o", "back.plan.json"], 0);
    run(&["convert", "i.json", "plain.json"], 0);
    run(&["convert", "p.json", "plain.plan.json", "--instance", "i.json"], 0);
    assert_eq!((read("back.json"), read("back.plan.json")), (read("plain.json"), read("plain.plan.json")));
    // Another key gives others: they follow from nothing.
    run(&["export", "i.json", "--pseudonyms", "other.json", "-o", "other.public.json"], 0);
    assert_ne!(value("other.public.json")["participants"], value("public.json")["participants"]);
    // A file that is no key is refused and stays.
    std::fs::write(folder.path().join("notes.txt"), "notes").expect("written");
    run(&["export", "i.json", "--pseudonyms", "notes.txt", "-o", "x.json"], 3);
    assert!(run(&["export", "i.json", "--pseudonyms", "p.json", "-o", "x.json"], 3).contains("format"));
    assert_eq!((read("notes.txt").as_str(), folder.path().join("x.json").exists()), ("notes", false));
    run(&["export", "i.json", "--pseudonyms", "key.json", "-o", "key.json"], 2);
    run(&["export", "i.json", "p.json", "-o", "x.json"], 2);
    assert!(run(&["export", "i.json", "-o", "x.json"], 2).contains("--pseudonyms"));
}

#[test]
fn the_guide_works_as_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let guide = text(&rungs(folder.path(), &["guide"]).stdout);
    let mut block = false;
    let mut run = 0;
    let mut said = String::new();
    for line in guide.lines() {
        if line.starts_with("```") {
            block = line == "```console";
        } else if line == "<!-- by hand -->" {
            stay_longer(folder.path());
        } else if line == "<!-- someone leaves -->" {
            someone_leaves(folder.path());
        } else if let Some(command) = line.strip_prefix("$ rungs ").filter(|_| block) {
            let (command, note) = command.split_once('#').unwrap_or((command, ""));
            let (command, into) = command.split_once('>').map_or((command, None), |(command, file)| (command, Some(file.trim())));
            let found = rungs(folder.path(), &command.split_whitespace().collect::<Vec<_>>());
            let code = if note.contains("exit code 6") { 6 } else { 0 };
            said = text(&found.stdout) + &text(&found.stderr);
            assert_eq!(found.status.code(), Some(code), "{line}: {said}");
            if let Some(file) = into {
                std::fs::write(folder.path().join(file), &found.stdout).expect("written");
            }
            run += 1;
        } else if block && !line.is_empty() {
            assert!(said.contains(line), "the guide says '{line}', the program:\n{said}");
        }
    }
    assert!(run > 12, "{run} commands");
    assert_eq!(rungs(folder.path(), &["check", "later.xlsx", "next.xlsx"]).status.code(), Some(0));
    // Who has left is in the plan no more; that they were is said where the plan of before is read beside the workbook of now.
    let gone = text(&rungs(folder.path(), &["check", "later.xlsx", "mended.xlsx"]).stderr);
    assert!(gone.contains("'p0012'") && gone.contains("--now AFTER"), "{gone}");
    let pages = rungs(folder.path(), &["guide", "-o", "pages"]);
    assert_eq!(pages.status.code(), Some(0), "{}", text(&pages.stderr));
    assert!(files(&folder.path().join("pages")).contains_key("guide.html"));
}

/// What the guide asks its readers to do by hand: the rows of somebody who leaves are taken out.
fn someone_leaves(folder: &Path) {
    let run = |args: &[&str]| assert_eq!(rungs(folder, args).status.code(), Some(0), "{args:?}");
    run(&["convert", "programme.xlsx", "later"]);
    for entry in std::fs::read_dir(folder.join("later")).expect("listed") {
        let file = entry.expect("an entry").path();
        let sheet = std::fs::read_to_string(&file).expect("read");
        let rows: String = sheet.split_inclusive("\r\n").filter(|row| !row.split(',').take(2).any(|cell| cell == "p0012")).collect();
        std::fs::write(&file, rows).expect("written");
    }
    run(&["convert", "later", "later.xlsx"]);
}

/// What the guide asks its readers to do by hand: the first placement of the plan lasts a quarter longer.
fn stay_longer(folder: &Path) {
    let run = |args: &[&str]| assert_eq!(rungs(folder, args).status.code(), Some(0), "{args:?}");
    run(&["convert", "plan.xlsx", "sheets", "--instance", "programme.xlsx"]);
    let file = folder.join("sheets/Placements.csv");
    let sheet = std::fs::read_to_string(&file).expect("written");
    let row = sheet.lines().nth(1).expect("a placement").to_owned();
    let cells: Vec<&str> = row.split(',').collect();
    let (year, quarter) = cells[3].split_once("-Q").expect("a quarter");
    let later = match quarter.parse::<u16>().expect("a number") {
        4 => format!("{}-Q1", year.parse::<u16>().expect("a year") + 1),
        n => format!("{year}-Q{}", n + 1),
    };
    let changed = row.replacen(&format!("{},{}", cells[2], cells[3]), &format!("{},{later}", cells[2]), 1);
    std::fs::write(&file, sheet.replacen(&row, &changed, 1)).expect("written");
    run(&["convert", "sheets", "changed.xlsx", "--instance", "programme.xlsx"]);
}

#[test]
fn machines_are_told_of_problems_line_by_line() {
    let mut broken = small();
    broken["participants"][0]["cohort"] = json!("c28");
    broken["sites"][0]["name"] = json!("\u{1b}[31mLeipzig");
    broken["participants"][1]["home"] = json!("\u{1b}[31mdresden\u{202e}");
    let folder = folder_with(&broken, &[]);
    let run = rungs(folder.path(), &["plan", "i.json", "--log-format", "jsonl"]);
    assert_eq!(run.status.code(), Some(3));
    let lines: Vec<Value> = text(&run.stderr).lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect();
    assert_eq!((&lines[0]["event"], &lines[0]["code"], &lines[0]["file"]), (&json!("problem"), &json!("E203"), &json!("i.json")));
    let last = lines.last().expect("a line");
    assert_eq!((&last["event"], &last["exit"]), (&json!("failed"), &json!(3)));
    // To people, what would colour the terminal is spelt out.
    let said = text(&rungs(folder.path(), &["check", "i.json"]).stderr);
    assert!(!said.contains(['\u{1b}', '\u{202e}']) && said.contains("\\u{1b}[31mdresden"), "{said}");
}
