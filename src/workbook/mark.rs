//! Workbooks given back with their problems marked: cells coloured and commented, and a list of all on the first sheet.

use serde_json::json;

use super::Format;
use super::cell::{Book, Cell, Grid, address};
use super::form::Form;
use super::layout::{Extras, Marks};
use super::names::{Names, fold};
use super::page::{Head, Page};
use super::read::titled;
use super::write;
use crate::io::Problem;

/// The bytes of a workbook with a book's own cells, problem cells marked and commented, and all problems listed first.
///
/// # Errors
/// If something does not fit into a sheet.
pub fn marked(book: &Book, form: &Form, problems: &[Problem], format: Format) -> Result<Vec<u8>, String> {
    let known = write::pages(&json!({}), form, &Names::default());
    let mut extras = Extras::default();
    let mut pages = vec![listed(problems)];
    let mut used = vec![titled(&pages[0].name)];
    for grid in &book.grids {
        // The list of an earlier marking is out of date.
        if titled(&grid.name) == used[0] {
            continue;
        }
        let name = free_name(&grid.name, &used);
        used.push(titled(&name));
        extras.marks.insert(pages.len(), marks(grid, book, problems));
        pages.push(page(name, grid, known.iter().find(|page| titled(&page.name) == titled(&grid.name))));
    }
    format.write(&pages, &extras)
}

/// The problems of a sheet by cell; those of the sheet as a whole stand on its first.
fn marks(grid: &Grid, book: &Book, problems: &[Problem]) -> Marks {
    let mut marks = Marks::new();
    let here = |p: &&Problem| p.place.sheet.as_deref() == Some(&if book.is_folder { format!("{}.csv", grid.name) } else { grid.name.clone() });
    for problem in problems.iter().filter(here) {
        let cell = problem.place.cell.as_deref().and_then(|name| position(name, grid)).unwrap_or((0, 0));
        let hint = problem.hint.as_ref().map_or_else(String::new, |hint| format!("\n{hint}"));
        let words = format!("{}: {}{hint}", problem.severity, problem.what);
        marks.entry(cell).and_modify(|all| *all = format!("{all}\n\n{words}")).or_insert(words);
    }
    marks
}

/// Row and column of a cell's name: of one that holds something, or of a blank one in its row or column.
fn position(name: &str, grid: &Grid) -> Option<(u32, u32)> {
    let letters = name.find(|c: char| c.is_ascii_digit())?;
    let row = name[letters..].parse::<u32>().ok()?.checked_sub(1)?;
    let column = name[..letters].bytes().try_fold(0u32, |sum, b| sum.checked_mul(26)?.checked_add(u32::from(b - b'A') + 1))?.checked_sub(1)?;
    debug_assert_eq!(address(row, column), name, "{}", grid.name);
    Some((row, column))
}

/// All problems, one a row.
fn listed(problems: &[Problem]) -> Page {
    let head = |title: &str, width: f64| Head { title: title.to_owned(), width: Some(width), ..Head::default() };
    let row = |p: &Problem| {
        let place = [p.place.sheet.clone(), p.place.cell.clone(), Some(p.severity.to_string()), Some(p.what.clone()), p.hint.clone()];
        place.into_iter().map(|text| text.map(Cell::Text)).collect()
    };
    Page {
        name: "# Problems".to_owned(),
        heads: vec![head("sheet", 16.0), head("cell", 8.0), head("severity", 10.0), head("what", 90.0), head("hint", 70.0)],
        rows: problems.iter().map(row).collect(),
        view: true,
        ..Page::default()
    }
}

/// A sheet as it was, with the notes and dropdowns of the columns that are known.
fn page(name: String, grid: &Grid, known: Option<&Page>) -> Page {
    let columns = grid.cells.keys().map(|(_, column)| column + 1).max().unwrap_or(0).min(16_384);
    let last = grid.cells.keys().map(|(row, _)| *row).max().unwrap_or(0);
    let head = |column: u32| {
        let title = grid.cells.get(&(0, column)).map(Cell::shown).unwrap_or_default();
        let like = known.and_then(|page| page.heads.iter().find(|head| fold(&head.title) == fold(&title.replace('_', " "))));
        Head { title, ..like.cloned().unwrap_or_default() }
    };
    // Rows far below the others would make a table of millions of blank cells.
    let rows = (1..=last.min(1_048_575)).map(|row| {
        let mut cells = Vec::new();
        for (column, cell) in grid.row(row).filter(|(column, _)| *column < columns) {
            cells.resize(column as usize, None);
            cells.push(Some(cell.clone()));
        }
        cells
    });
    Page { name, rows: rows.collect(), heads: (0..columns).map(head).collect(), frozen: 1, ..Page::default() }
}

/// A name that a sheet may have, and no other has.
fn free_name(name: &str, used: &[String]) -> String {
    let clean: String = name.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c }).take(31).collect();
    let clean = if clean.trim().is_empty() { "Sheet".to_owned() } else { clean };
    let numbered = |n: usize| format!("{}{n}", clean.chars().take(27).collect::<String>());
    if !used.contains(&titled(&clean)) {
        return clean;
    }
    (2..).map(numbered).find(|name| !used.contains(&titled(name))).unwrap_or(clean)
}
