//! How pages are laid out in workbooks of every kind: widths, heights, what dropdowns offer, and what is beside the pages.

use std::collections::BTreeMap;

use super::cell::{Cell, letters};
use super::form::Of;
use super::page::{Head, Page};

/// Rows for which dropdowns are prepared, beyond those that are there.
pub(super) const SPARE_ROWS: usize = 500;
/// The sheet of what cells offer that has no rows of its own: families, regions, people.
pub(super) const LISTS: &str = "# Lists";

/// Height of a row of one line, in points.
pub(super) const LINE: f64 = 15.0;

/// A cell to be marked: its problem in words.
pub(super) type Marks = BTreeMap<(u32, u32), String>;

/// What goes into a workbook besides its pages.
#[derive(Debug, Default)]
pub(super) struct Extras {
    /// Lines of the sheet to read first, headings among them.
    pub(super) read_me: Vec<(String, bool)>,
    /// What dropdowns offer of things without rows.
    pub(super) lists: Vec<(Of, Vec<String>)>,
    /// Problem cells by page, headings being row 0.
    pub(super) marks: BTreeMap<usize, Marks>,
}

/// Lines that a text takes in a column that wraps it. Not every program finds out by itself how high a row must be.
pub(super) fn lines_of(text: &str, width: f64) -> u32 {
    let line = |line: &str| match line.chars().count() as f64 {
        letters if letters <= width => 1,
        // Words break before the end of a line.
        letters => (letters / (width * 0.95)).ceil() as u32,
    };
    text.lines().map(line).sum::<u32>().max(1)
}

/// Lines of a cell: what has lines of its own, and what is too long for a column of a view or for the last one.
pub(super) fn wrapped(page: &Page, column: usize, cell: Option<&Cell>, widths: &[f64]) -> u32 {
    let Some(Cell::Text(text) | Cell::Broken(text)) = cell else { return 1 };
    let last = column + 1 == page.heads.len();
    let width = widths.get(column).copied().filter(|_| page.view || last).unwrap_or(f64::MAX);
    lines_of(text, width)
}

/// The widths of a page's columns, in characters: as asked, or by the widest cell within reason.
pub(super) fn widths(page: &Page) -> Vec<f64> {
    page.heads.iter().enumerate().map(|(column, head)| head.width.unwrap_or_else(|| width(page, column, head))).collect()
}

fn width(page: &Page, column: usize, head: &Head) -> f64 {
    let cells = page.rows.iter().take(200).filter_map(|row| row.get(column)?.as_ref());
    let widest = cells.map(|cell| cell.shown().lines().map(|line| line.chars().count()).max().unwrap_or(0)).max().unwrap_or(0);
    let words = head.title.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
    (widest.max(words) + 2).clamp(8, 44) as f64
}

/// Cells of a column, from below the heading, whose texts a dropdown offers.
#[derive(Debug)]
pub(super) struct Offered<'p> {
    /// The sheet's name.
    pub(super) sheet: &'p str,
    /// The column's letters.
    pub(super) column: String,
    /// The last row, counted from 1.
    pub(super) last: usize,
}

/// The cells with the ids of something: of its own sheet, so that new rows are offered too, else of the sheet of lists.
pub(super) fn offered<'p>(of: Of, pages: &'p [Page], extras: &Extras) -> Option<Offered<'p>> {
    let own = sheet_of(of).and_then(|name| pages.iter().find(|page| page.name == name));
    if let Some(page) = own {
        let column = page.heads.iter().position(|head| matches!(head.title.as_str(), "id" | "rule" | "dimension"))?;
        let column = letters(u32::try_from(column).ok()?);
        return Some(Offered { sheet: &page.name, column, last: page.rows.len() + 1 + SPARE_ROWS });
    }
    let (column, (_, entries)) = (0..).zip(&extras.lists).find(|(_, (o, entries))| *o == of && !entries.is_empty())?;
    Some(Offered { sheet: LISTS, column: letters(column), last: entries.len() + 1 })
}

fn sheet_of(of: Of) -> Option<&'static str> {
    Some(match of {
        Of::Competency => "Competencies",
        Of::Stage => "Stages",
        Of::Role => "Roles",
        Of::Site => "Sites",
        Of::Position => "Positions",
        Of::Track => "Tracks",
        Of::Target => "Targets",
        Of::Cohort => "Cohorts",
        Of::Participant => "Participants",
        Of::Mentor => "Mentors",
        Of::Dimension => "Difficulty",
        Of::Rule => "Rules",
        Of::Person | Of::Family | Of::Kind | Of::Region | Of::Country | Of::Credential => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::lines_of;

    #[test]
    fn rows_are_as_high_as_their_text() {
        assert_eq!(
            [("", 9.0), ("123456789", 9.0), ("placements min", 12.0), ("a\nb\nc", 40.0)].map(|(text, width)| lines_of(text, width)),
            [1, 1, 2, 3]
        );
        assert_eq!(lines_of(&"word ".repeat(40), 44.0), 5);
    }
}
