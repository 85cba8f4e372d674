//! Five thousand mutated workbooks and CSV folders: whatever comes, the answer is an instance or problems, never a panic; and
//! what is accepted says the same when it is written and read again, so that nothing was misread on the way.
#![cfg(feature = "plan")]

mod common;

use rand::{Rng, RngExt};
use rayon::prelude::*;
use rungs::intake::Intake;
use rungs::io::Problem;
use rungs::workbook::{Book, Cell, Format, Source, csv_files, instance, instance_book, instance_pages, instance_value};

const MUTANTS: u64 = 5_000;

#[test]
fn mutated_workbooks_are_answered() {
    let is_accepted = |seed: u64| match mutant(seed).and_then(|source| Ok((instance(&source)?, source))) {
        Ok((taken, source)) => {
            again(&taken, &source, seed);
            true
        }
        Err(problems) => {
            assert!(problems.iter().any(Problem::is_error), "seed {seed}: refused without an error");
            false
        }
    };
    let accepted = (0..MUTANTS).into_par_iter().filter(|seed| is_accepted(*seed)).count() as u64;
    let refused = MUTANTS - accepted;
    assert!(accepted > MUTANTS / 10 && refused > MUTANTS / 4, "{accepted} accepted, {refused} refused");
}

/// What was accepted is written in each form and read again: the same instance, by its hash.
fn again(taken: &Intake, source: &Source, seed: u64) {
    let value = instance_value(source).expect("accepted, so it is of the form");
    let through = |source: Source| instance(&source).unwrap_or_else(|p| panic!("seed {seed}: {p:#?}")).case.sha256;
    for format in [Format::Xlsx, Format::Ods] {
        let book = Source::of_bytes(instance_book(&value, format).expect("written")).expect("opened");
        assert_eq!(through(book), taken.case.sha256, "seed {seed} through {format:?}");
    }
    let json = Source::Json(value.to_string().into_bytes());
    assert_eq!(through(json), taken.case.sha256, "seed {seed} through .json");
    let csv = Source::of_csv(&named(csv_files(&instance_pages(&value)).expect("written"))).expect("opened");
    assert_eq!(through(csv), taken.case.sha256, "seed {seed} through .csv");
}

fn named(files: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|(name, bytes)| (name.trim_end_matches(".csv").to_owned(), bytes)).collect()
}

fn mutant(seed: u64) -> Result<Source, Vec<Problem>> {
    let mut rng = common::stream(seed.wrapping_mul(6151));
    let value = common::instance(seed % 61, common::SMALL);
    match seed % 4 {
        // Bytes of the file itself.
        0 => {
            let mut bytes = instance_book(&value, Format::Xlsx).expect("written");
            mangle(&mut bytes, &mut rng);
            Source::of_bytes(bytes)
        }
        1 => {
            let mut files = named(csv_files(&instance_pages(&value)).expect("written"));
            let one = rng.random_range(0..files.len());
            mangle(&mut files[one].1, &mut rng);
            if rng.random_bool(0.1) {
                files.remove(one);
            }
            Source::of_csv(&files)
        }
        // Cells, as people change them.
        kind => {
            let source = if kind == 2 {
                Source::of_bytes(instance_book(&value, Format::Xlsx).expect("written"))?
            } else {
                Source::of_csv(&named(csv_files(&instance_pages(&value)).expect("written")))?
            };
            let Source::Book(mut book) = source else { return Ok(source) };
            for _ in 0..rng.random_range(1..=3) {
                change(&mut book, &mut rng);
            }
            Ok(Source::Book(book))
        }
    }
}

fn mangle(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(1..=3) {
        if bytes.is_empty() {
            return;
        }
        let at = rng.random_range(0..bytes.len());
        match rng.random_range(0..4) {
            0 => bytes[at] = rng.random_range(0..=255),
            1 => bytes.insert(at, b",;\"\n\r\t=0 "[rng.random_range(0..9)]),
            2 => drop(bytes.remove(at)),
            _ if rng.random_bool(0.1) => bytes.truncate(at),
            _ => bytes.swap(at, 0),
        }
    }
}

fn change(book: &mut Book, rng: &mut impl Rng) {
    let sheets: Vec<usize> = (0..book.grids.len()).filter(|i| !book.grids[*i].cells.is_empty()).collect();
    let index = sheets[rng.random_range(0..sheets.len())];
    let places: Vec<(u32, u32)> = book.grids[index].cells.keys().copied().collect();
    let at = places[rng.random_range(0..places.len())];
    let donor = book.grids[index].cells[&places[rng.random_range(0..places.len())]].clone();
    let grid = &mut book.grids[index];
    let text = grid.cells[&at].shown();
    let new = match rng.random_range(0..16) {
        0 => Cell::Text(format!(" {text} ")),
        1 => Cell::Text(text.to_uppercase()),
        2 => Cell::Text("none".to_owned()),
        3 => Cell::Text("=1+1".to_owned()),
        4 => Cell::Number(f64::from(rng.random_range(-3..4000))),
        5 => Cell::Number(0.1 + 0.2),
        6 => Cell::Flag(rng.random_bool(0.5)),
        7 => Cell::Day(jiff::civil::date(2027, 4, 1)),
        8 => Cell::Broken("the error #REF!".to_owned()),
        9 => Cell::Text(format!("{text}; {text}")),
        10 => Cell::Text(format!("\"{text}\"")),
        11 => Cell::Text(format!("{text}\u{a0}")),
        12 => donor,
        13 => {
            grid.cells.remove(&at);
            return;
        }
        14 => {
            // A row is taken out, or a column moved to the end.
            let row = at.0;
            if rng.random_bool(0.5) {
                grid.cells.retain(|(r, _), _| *r != row);
            } else {
                grid.cells = std::mem::take(&mut grid.cells).into_iter().map(|((r, c), cell)| ((r, if c == at.1 { 40 } else { c }), cell)).collect();
            }
            return;
        }
        _ => {
            grid.cells.insert((at.0 + 1_000_000, at.1), donor);
            return;
        }
    };
    grid.cells.insert(at, new);
}
