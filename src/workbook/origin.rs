//! The way back: from a path in the file's value to the cell that it was read from.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{Book, address};
use crate::io::{Place, Problem};

/// A cell of a book, or one of its sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) sheet: usize,
    pub(super) cell: Option<(u32, u32)>,
}

impl Spot {
    /// The place that a problem is said to be at.
    pub(super) fn place(self, book: &Book) -> Place {
        let name = book.grids.get(self.sheet).map_or("", |grid| grid.name.as_str());
        let sheet = if book.is_folder { format!("{name}.csv") } else { name.to_owned() };
        Place { sheet: Some(sheet), cell: self.cell.map(|(row, column)| address(row, column)), ..Place::default() }
    }
}

/// Where everything was read from.
#[derive(Debug, Default)]
pub(super) struct Origins {
    /// Rows by their path: sheet and row.
    rows: BTreeMap<String, (usize, u32)>,
    /// Values that have a cell by themselves.
    cells: BTreeMap<String, Spot>,
    lists: BTreeMap<String, usize>,
    /// Of each sheet, the row of headings and the columns by their paths.
    sheets: BTreeMap<usize, (u32, Vec<(String, u32)>)>,
}

impl Origins {
    pub(super) fn sheet(&mut self, sheet: usize, header: u32, columns: Vec<(String, u32)>) {
        self.sheets.insert(sheet, (header, columns));
    }

    pub(super) fn list(&mut self, path: &str, sheet: usize) {
        self.lists.insert(path.to_owned(), sheet);
    }

    pub(super) fn row(&mut self, path: String, sheet: usize, row: u32) {
        if !path.is_empty() {
            self.rows.insert(path, (sheet, row));
        }
    }

    pub(super) fn cell(&mut self, path: String, spot: Spot) {
        self.cells.insert(path, spot);
    }

    /// The cell of a path; of a field that is not given the cell where it would be.
    pub(super) fn spot(&self, path: &str) -> Option<Spot> {
        for end in ends(path).rev() {
            let (prefix, rest) = (&path[..end], path[end..].trim_start_matches('.'));
            if let Some(spot) = self.cells.get(prefix) {
                return Some(*spot);
            }
            if let Some((sheet, row)) = self.rows.get(prefix) {
                return Some(Spot { sheet: *sheet, cell: Some((*row, self.column(*sheet, rest))) });
            }
            if let Some(sheet) = self.lists.get(prefix) {
                return Some(Spot { sheet: *sheet, cell: self.sheets.get(sheet).map(|(header, _)| (*header, 0)) });
            }
            // A part of several settings: the first of them.
            let inside = format!("{prefix}.");
            let within = self.cells.range(inside.clone()..).take_while(|(key, _)| key.starts_with(&inside));
            if let Some((_, spot)) = within.min_by_key(|(_, spot)| spot.cell) {
                return Some(*spot);
            }
        }
        None
    }

    /// The column of a field of a row, of one that holds it, or of the first part of it.
    fn column(&self, sheet: usize, field: &str) -> u32 {
        let Some((_, columns)) = self.sheets.get(&sheet) else { return 0 };
        let exact = columns.iter().find(|(path, _)| path == field);
        let holds = || {
            columns
                .iter()
                .filter(|(path, _)| field.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with(['.', '['])))
                .max_by_key(|(path, _)| path.len())
        };
        let part = || columns.iter().find(|(path, _)| !field.is_empty() && path.strip_prefix(field).is_some_and(|rest| rest.starts_with('.')));
        let first = || columns.iter().min_by_key(|(_, column)| *column);
        exact.or_else(holds).or_else(part).or_else(first).map_or(0, |(_, column)| *column)
    }

    /// The row that stands at a path, for a message.
    fn named_row(&self, path: &str) -> Option<(usize, u32)> {
        self.rows.get(path).copied()
    }

    /// Puts problems that were found in the file's value into the cells they come from, in the order of the book, errors first.
    /// What was found where a cell could not be read is left out.
    pub(super) fn locate(&self, book: &Book, own: Vec<Problem>, later: Vec<Problem>) -> Vec<Problem> {
        let broken: BTreeSet<(Option<String>, Option<String>)> = own.iter().map(|p| (p.place.sheet.clone(), p.place.cell.clone())).collect();
        let mut all = own;
        for problem in later {
            let spot = self.spot(&problem.place.path);
            let place = match spot {
                Some(spot) => Place { name: problem.place.name.clone(), ..spot.place(book) },
                None => Place::default(),
            };
            if place.sheet.is_none() || !broken.contains(&(place.sheet.clone(), place.cell.clone())) {
                let hint = problem.hint.as_ref().map(|hint| self.reworded(book, hint));
                all.push(Problem { what: self.reworded(book, &problem.what), hint, place, ..problem });
            }
        }
        let order = |p: &Problem| {
            let sheet = book
                .grids
                .iter()
                .position(|g| p.place.sheet.as_deref().is_some_and(|s| s.strip_suffix(".csv").unwrap_or(s) == g.name || s == g.name));
            (p.severity, sheet.unwrap_or(0), p.place.cell.as_deref().map(parsed))
        };
        all.sort_by_key(order);
        all
    }

    /// A message in which rows are called by their sheet and number, not by their place in a list.
    fn reworded(&self, book: &Book, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(bracket) = rest.find('[') {
            let begin = rest[..bracket]
                .rfind(|c: char| !(c.is_ascii_lowercase() || c == '_' || c == '.'))
                .map_or(0, |i| i + rest[i..].chars().next().map_or(1, char::len_utf8));
            let path = &rest[begin..];
            let end = path.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']'))).unwrap_or(path.len());
            let found = ends(&path[..end]).rev().find_map(|end| Some((end, self.named_row(&path[..end])?)));
            match found {
                Some((end, (sheet, row))) => {
                    out += &rest[..begin];
                    let place = Spot { sheet, cell: None }.place(book).sheet.unwrap_or_default();
                    out += &format!("{place} row {}", u64::from(row) + 1);
                    rest = &path[end..];
                }
                None => {
                    out += &rest[..=bracket];
                    rest = &rest[bracket + 1..];
                }
            }
        }
        out + rest
    }
}

/// Row and column of a cell's name, for sorting.
fn parsed(cell: &str) -> (u64, usize, String) {
    let letters: String = cell.chars().take_while(char::is_ascii_alphabetic).collect();
    (cell[letters.len()..].parse().unwrap_or(0), letters.len(), letters)
}

/// Where the parts of a path end.
fn ends(path: &str) -> impl DoubleEndedIterator<Item = usize> {
    let mut ends: Vec<usize> = path.match_indices(['.', '[']).map(|(i, _)| i).filter(|i| *i > 0).collect();
    ends.push(path.len());
    ends.into_iter()
}
