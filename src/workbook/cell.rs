//! Cells, and sheets as grids of them: what a file holds, before anything is understood.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// What a cell holds. An empty cell is not there.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text as it stands.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A day without a time.
    Day(Date),
    /// Something that no column takes, as it is shown: a spreadsheet's error, a time of day.
    Broken(String),
}

impl Cell {
    /// A text cell.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Whether there is nothing but white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// What someone who looks at the cell sees.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Broken(text) => text.clone(),
            Self::Number(n) => n.to_string(),
            Self::Flag(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Day(day) => day.to_string(),
        }
    }
}

/// A sheet as it stands in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grid {
    /// Its name; of a CSV file the name without its ending.
    pub name: String,
    /// Cells that hold something, by row and column from 0.
    pub cells: BTreeMap<(u32, u32), Cell>,
}

impl Grid {
    /// The cells of one row, by column.
    pub(super) fn row(&self, row: u32) -> impl Iterator<Item = (u32, &Cell)> {
        self.cells.range((row, 0)..=(row, u32::MAX)).map(|((_, column), cell)| (*column, cell))
    }

    /// Rows with a cell that is not blank, in order.
    pub(super) fn rows(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self.cells.iter().filter(|(_, cell)| !cell.is_blank()).map(|((row, _), _)| *row).collect();
        rows.dedup();
        rows
    }
}

/// A workbook, or a folder of CSV files: its sheets in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Book {
    /// The sheets.
    pub grids: Vec<Grid>,
    /// The sheets are CSV files of a folder.
    pub is_folder: bool,
}

/// How spreadsheets name a cell: `C6`.
#[must_use]
pub fn address(row: u32, column: u32) -> String {
    format!("{}{}", letters(column), u64::from(row) + 1)
}

/// How spreadsheets name a column.
#[must_use]
pub fn letters(column: u32) -> String {
    let mut rest = u64::from(column) + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_do() {
        for (row, column, name) in [(0, 0, "A1"), (5, 2, "C6"), (9, 25, "Z10"), (0, 26, "AA1"), (0, 701, "ZZ1"), (0, 16383, "XFD1")] {
            assert_eq!(address(row, column), name);
        }
    }
}
