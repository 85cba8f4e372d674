//! Folders of CSV files: one file a sheet.

use std::path::Path;

use jiff::civil::Date;

use super::cell::{Book, Cell, Grid};
use super::compact::{looks_like_formula, quoted, whole};
use super::page::Page;
use crate::io::{Problem, has_ending, reason};

/// Reads the CSV files of a folder, in the order of their names. Every cell is text.
pub(super) fn read(path: &Path) -> Result<Book, Vec<Problem>> {
    let failed = |e: std::io::Error| vec![Problem::error("E108", "", format!("the folder {} cannot be read: {}", path.display(), reason(&e)))];
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if has_ending(&file, &["csv"]) && !file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        let problem = Problem::error("E807", "", format!("the folder {} holds no .csv file", path.display()));
        return Err(vec![problem.hint("a folder has one file for each sheet, for instance Participants.csv")]);
    }
    let mut texts = Vec::new();
    let mut problems = Vec::new();
    for file in &files {
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match crate::io::read_bytes(file) {
            Ok(bytes) => texts.push((name, bytes)),
            Err(problem) => problems.push(problem),
        }
    }
    match book(&texts) {
        Ok(book) if problems.is_empty() => Ok(book),
        Ok(_) => Err(problems),
        Err(more) => Err(problems.into_iter().chain(more).collect()),
    }
}

/// The book that CSV texts by name are.
pub(super) fn book(files: &[(String, Vec<u8>)]) -> Result<Book, Vec<Problem>> {
    let mut book = Book { grids: Vec::new(), is_folder: true };
    let mut problems = Vec::new();
    for (name, bytes) in files {
        match grid(name, bytes) {
            Ok(grid) => book.grids.push(grid),
            Err(mut problem) => {
                problem.place.sheet = Some(format!("{name}.csv"));
                problems.push(*problem);
            }
        }
    }
    if problems.is_empty() { Ok(book) } else { Err(problems) }
}

fn grid(name: &str, bytes: &[u8]) -> Result<Grid, Box<Problem>> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        let mut problem = Problem::error("E101", "", "the file is not UTF-8 text");
        problem.place.line = Some(line);
        Box::new(problem.hint("save it as 'CSV UTF-8'"))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Some programs name the separator in a line of its own.
    let (named, text) = match text.split_once('\n') {
        Some((first, rest)) if first.len() <= 6 && first.to_lowercase().starts_with("sep=") => (first.as_bytes().get(4).copied(), rest),
        _ => (None, text),
    };
    if text.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        let problem = Problem::error("E807", "", "a quote is opened and not closed, so that cells run into each other");
        return Err(Box::new(problem.hint("quotes around a cell come in pairs; a quote inside one is written twice")));
    }
    let separator = named.filter(|b| b",;\t".contains(b)).unwrap_or_else(|| separator(text));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut grid = Grid { name: name.to_owned(), ..Grid::default() };
    let mut record = csv::StringRecord::new();
    let (mut row, mut after) = (0, 1);
    loop {
        match reader.read_record(&mut record) {
            // Blank lines are passed over by the library; as rows they count.
            Ok(true) => row += u32::try_from(record.position().map_or(after, csv::Position::line).saturating_sub(after)).unwrap_or(0),
            Ok(false) => return Ok(grid),
            Err(e) => return Err(Box::new(Problem::error("E807", "", format!("the file is no CSV: {e}")))),
        }
        for (column, cell) in (0u32..).zip(&record) {
            if !cell.is_empty() {
                grid.cells.insert((row, column), Cell::Text(cell.replace("\r\n", "\n")));
            }
        }
        row += 1;
        after = reader.position().line();
    }
}

/// The separator that the heading has most of, outside quotes.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut inside = false;
    for byte in text.bytes() {
        match byte {
            b'"' => inside = !inside,
            b'\n' if !inside && counts.iter().any(|(_, n)| *n > 0) => break,
            _ if !inside => counts.iter_mut().filter(|(b, _)| *b == byte).for_each(|(_, n)| *n += 1),
            _ => {}
        }
    }
    counts.into_iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(b, _)| b)
}

/// The CSV texts of pages, by name: UTF-8 with a mark that spreadsheets know it by.
pub(super) fn write(pages: &[Page]) -> Result<Vec<(String, Vec<u8>)>, String> {
    pages.iter().filter(|page| !page.view).map(|page| Ok((page.name.clone(), file(page)?))).collect()
}

fn file(page: &Page) -> Result<Vec<u8>, String> {
    let failed = |e: csv::Error| e.to_string();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(page.heads.iter().map(|head| head.title.as_str())).map_err(failed)?;
    for row in &page.rows {
        let cells = page.heads.iter().enumerate().map(|(i, _)| row.get(i).and_then(Option::as_ref).map(written).unwrap_or_default());
        writer.write_record(cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|e| e.to_string())
}

/// A cell as CSV holds it. Text that a spreadsheet would run as a formula, or take for a number or a date, goes into quotes of
/// its own.
fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if looks_like_formula(text) || changes(text) => {
            let word = whole(text);
            if word.exact { text.clone() } else { quoted(text) }
        }
        other => other.shown(),
    }
}

/// Whether a spreadsheet that opens the file would make something else of a text: `007`, `1E5`, `TRUE`.
fn changes(text: &str) -> bool {
    let number = text.parse::<f64>().is_ok() && !(text.len() == 4 && text.parse::<u16>().is_ok());
    number || text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") || text.parse::<Date>().is_ok()
}
