//! Broken instances: every fault of a file is said at once, with its place, and as users would say it.

use std::path::{Path, PathBuf};

use rungs::intake::intake;
use rungs::io::{Document, Problem};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What intake says of a file, as a user reads it.
fn said(path: &Path) -> String {
    let bytes = std::fs::read(path).expect("a readable file");
    let (problems, outcome) = match intake(&bytes) {
        Ok(taken) => (taken.warnings, "taken in"),
        Err(problems) => {
            assert!(problems.iter().any(Problem::is_error), "refused without an error");
            (problems, "refused")
        }
    };
    problems.iter().map(|p| format!("{p}\n\n")).collect::<String>() + outcome
}

#[test]
fn broken_instances_are_told_all_their_problems() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("tests/broken")).expect("a folder").map(|e| e.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() >= 12);
    for file in files {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => true }, {
            insta::assert_snapshot!(name, said(&file));
        });
    }
}

#[test]
fn a_sound_instance_is_taken_in_without_a_word() {
    assert_eq!(said(&root().join("instances/operations-pathway.json")), "taken in");
}

#[test]
fn problems_of_a_long_list_stand_in_its_order() {
    let wrong = [0, 300, 301, 999];
    let text: Vec<String> = (0..1000).map(|i| if wrong.contains(&i) { format!("\"{i}\"") } else { i.to_string() }).collect();
    let text = format!("[{}]", text.join(","));
    let (numbers, problems) = Document::parse(text.as_bytes()).expect("JSON").read::<Vec<u32>>();
    assert_eq!(numbers, (0..1000).map(|i| if wrong.contains(&i) { 0 } else { i }).collect::<Vec<u32>>());
    let paths: Vec<String> = problems.into_iter().map(|p| p.place.path).collect();
    assert_eq!(paths, wrong.map(|i| format!("[{i}]")));
}
