//! `rungs report`: what is written, where, and what is not.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn rungs(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rungs")).current_dir(folder).args(args).env("NO_COLOR", "1").output().expect("rungs runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Two people in two quarters, and a plan made by hand.
fn folder() -> tempfile::TempDir {
    let instance = json!({
        "format": "rungs/1", "name": "Small", "calendar": {"start": "2027-01-01", "unit": "quarter", "count": 2},
        "stages": [{"id": "team", "name": "Team lead"}],
        "roles": [{"id": "lead", "name": "Team lead", "stage": "team", "difficulty": 2}],
        "sites": [{"id": "leipzig", "name": "Leipzig"}],
        "positions": [{"id": "lead-l", "role": "lead", "site": "leipzig", "seats": 2}],
        "tracks": [{"id": "path", "length": 2}],
        "cohorts": [{"id": "c27", "track": "path", "start": 0}],
        "participants": [{"id": "ana", "name": "Ana <Ruiz>", "cohort": "c27"}, {"id": "bo", "name": "Bo Lind", "cohort": "c27"}]
    });
    let placement = |who: &str, until: u32| json!({"participant": who, "position": "lead-l", "from": 0, "until": until});
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, value: Value| std::fs::write(folder.path().join(name), value.to_string()).expect("written");
    write("i.json", instance);
    write("p.json", json!({"placements": [placement("ana", 2), placement("bo", 1)]}));
    write("q.json", json!({"placements": [placement("ana", 2), placement("bo", 2)]}));
    write("wrong.json", json!({"placements": [placement("anna", 2)]}));
    folder
}

fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").expect("the page has data");
    serde_json::from_str(rest.split_once("</script>").expect("they end").0).expect("JSON")
}

#[test]
fn a_report_is_one_file_beside_the_plan_or_where_it_is_asked_for() {
    let folder = folder();
    let run = rungs(folder.path(), &["report", "i.json", "p.json"]);
    assert_eq!((run.status.code(), run.stdout.len()), (Some(0), 0), "{}", text(&run.stderr));
    assert!(text(&run.stderr).contains("written: p.html"));
    let page = std::fs::read_to_string(folder.path().join("p.html")).expect("written");
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert_eq!(data(&page)["people"][0]["name"], "Ana <Ruiz>");
    assert_eq!(data(&page)["people"][1]["idle"][0]["when"], "2027-Q2");
    let printed = rungs(folder.path(), &["report", "i.json", "p.json", "-o", "-"]);
    assert_eq!(text(&printed.stdout), page, "the same bytes on standard output");
}

#[test]
fn a_report_from_a_workbook_is_the_same() {
    let folder = folder();
    let convert = |args: &[&str]| assert_eq!(rungs(folder.path(), args).status.code(), Some(0), "{args:?}");
    convert(&["convert", "i.json", "i.xlsx"]);
    convert(&["convert", "p.json", "p.xlsx", "--instance", "i.json"]);
    let page = |instance: &str, plan: &str| text(&rungs(folder.path(), &["report", instance, plan, "-o", "-"]).stdout);
    assert_eq!(data(&page("i.xlsx", "p.xlsx"))["people"], data(&page("i.json", "p.json"))["people"]);
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let folder = folder();
    let run = rungs(folder.path(), &["report", "i.json", "wrong.json", "-o", "r.html"]);
    assert_eq!(run.status.code(), Some(3));
    let said = text(&run.stderr);
    assert!(said.contains("did you mean 'ana'?") && said.ends_with("nothing was written\n"), "{said}");
    assert!(!folder.path().join("r.html").exists());
    for input in ["i.json", "p.json"] {
        let over = rungs(folder.path(), &["report", "i.json", "p.json", "-o", input]);
        assert_eq!(over.status.code(), Some(2), "{}", text(&over.stderr));
        assert!(text(&over.stderr).contains("would be overwritten"));
    }
    let nowhere = rungs(folder.path(), &["report", "i.json", "p.json", "-o", "nowhere/r.html"]);
    assert_eq!(nowhere.status.code(), Some(1), "{}", text(&nowhere.stderr));
}

#[cfg(feature = "plan")]
#[test]
fn another_plan_or_scenario_is_compared_with() {
    let folder = folder();
    let run = rungs(folder.path(), &["report", "i.json", "q.json", "--against", "p.json", "-o", "-"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let against = data(&text(&run.stdout))["against"].clone();
    assert_eq!(against["changed"][0]["who"], 1);
    let differing = text(&rungs(folder.path(), &["diff", "i.json", "p.json", "q.json"]).stdout);
    assert!(differing.starts_with(against["told"][0].as_str().expect("text")), "{differing}");
    // The other plan's own instance, in which someone else took part.
    let there = std::fs::read_to_string(folder.path().join("i.json")).expect("readable").replace("\"bo\"", "\"cy\"").replace("Bo Lind", "Cy Holm");
    std::fs::write(folder.path().join("other.json"), there).expect("written");
    let plan = std::fs::read_to_string(folder.path().join("p.json")).expect("readable").replace("\"bo\"", "\"cy\"");
    std::fs::write(folder.path().join("o.json"), plan).expect("written");
    let args = ["report", "i.json", "q.json", "--against", "o.json", "--against-instance", "other.json", "-o", "-"];
    let against = data(&text(&rungs(folder.path(), &args).stdout))["against"].clone();
    assert_eq!((against["joined"].clone(), against["left"][0][0].as_str()), (json!([1]), Some("Cy Holm")));
    let alone = rungs(folder.path(), &["report", "i.json", "q.json", "--against-instance", "other.json"]);
    assert_eq!(alone.status.code(), Some(2));
}
