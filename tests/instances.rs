//! Every instance in `instances/` plans to a proven optimum and to the outcome that `instances/expected.toml` states; the plan
//! passes the audit, and an outside checker that shares no code with us agrees with it.
#![cfg(feature = "plan")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test says what it saw")]

use std::path::{Path, PathBuf};
use std::process::Command;

use rungs::audit::audit;
use rungs::intake::intake_file;
use rungs::io::{read_bytes, read_plan};
use rungs::rules::find;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_instance_has_an_expectation() {
    let expected = expectations();
    let mut files: Vec<String> = std::fs::read_dir(root().join("instances"))
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    files.sort();
    let named: Vec<&String> = expected.keys().collect();
    assert_eq!(named, files.iter().collect::<Vec<_>>());
}

fn expectations() -> std::collections::BTreeMap<String, toml::Table> {
    let text = std::fs::read_to_string(root().join("instances/expected.toml")).expect("readable");
    let table: toml::Table = text.parse().expect("TOML");
    table.into_iter().map(|(name, value)| (name, value.as_table().expect("a table per instance").clone())).collect()
}

/// Plans an instance with the program itself and holds plan, audit, outside checker and expectation together.
fn check(name: &str) {
    let instance = root().join("instances").join(format!("{name}.json"));
    let folder = tempfile::tempdir().expect("a folder");
    let plan_path = folder.path().join("plan.json");
    let run = Command::new(env!("CARGO_BIN_EXE_rungs"))
        .args(["plan", "--quiet", "--method", "exact", "-o"])
        .args([&plan_path, &instance])
        .output()
        .expect("rungs runs");
    assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
    let taken = intake_file(&instance).expect("a valid instance");
    let read = read_plan(&read_bytes(&plan_path).expect("written"), &taken.case).expect("a valid plan");
    let seen = audit(&taken.case, &taken.policy, &read.plan);
    assert!(seen.legal(), "{name}");
    let stated = &read.file;
    assert!((stated.objective.expect("stated") - seen.objective()).abs() <= 1e-9 * seen.objective().max(1.0), "{name}");
    assert!(stated.gap.expect("stated") <= 1e-6, "{name}: gap {:?}", stated.gap);

    let expected = &expectations()[name];
    let number = |key: &str| expected.get(key).map(|v| v.as_float().unwrap_or_else(|| v.as_integer().expect("a number") as f64));
    let is = |key: &str, value: f64| {
        if let Some(wanted) = number(key) {
            assert!((wanted - value).abs() <= 1e-6 * wanted.abs().max(1.0), "{name}: {key} is {value}, expected {wanted}");
        }
    };
    let idle = |p| {
        let covered = |t: &&rungs::words::Period| read.plan.paths[p].iter().any(|pl| pl.from <= **t && **t < pl.until);
        let periods = &taken.case.participants[p].timeline.periods;
        periods.len() - periods.iter().filter(covered).count()
    };
    is("objective", seen.objective());
    is("participants", taken.case.participants.len() as f64);
    is("positions", taken.case.positions.len() as f64);
    is("periods", taken.case.calendar.count as f64);
    is("idle_periods", taken.case.participants.ids().map(idle).sum::<usize>() as f64);
    is("placed_fully", taken.case.participants.ids().filter(|p| idle(*p) == 0).count() as f64);
    let coverage = seen.of(find("coverage").expect("a rule"));
    is("coverage", coverage.map_or(0.0, |o| o.measure));
    assert_eq!(expected["status"].as_str(), Some("optimal"));
    outside(name, &instance, &plan_path);
}

/// The outside checker, written from MODEL.md in another language, agrees with the plan's numbers.
fn outside(name: &str, instance: &Path, plan: &Path) {
    let script = root().join("tests/outside/check.py");
    match Command::new("python3").arg(script).args([instance, plan]).output() {
        Ok(run) => assert!(run.status.success(), "{name}: {}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr)),
        Err(e) => eprintln!("python3 could not be run ({e}): {name} was not checked from outside"),
    }
}

macro_rules! instances {
    ($($test:ident $name:literal),+ $(,)?) => {$(
        #[test]
        fn $test() {
            check($name);
        }
    )+};
}

instances!(
    operations_pathway "operations-pathway",
    mba_rotation "mba-rotation",
    graduate_launch "graduate-launch",
    emerging_leaders "emerging-leaders",
    assessed_rotation "assessed-rotation",
    study_to_role "study-to-role",
    technical_academy "technical-academy",
    mentoring_only "mentoring-only",
    overlapping_cohorts "overlapping-cohorts",
    oversubscribed "oversubscribed",
    medical_year "medical-year",
);
