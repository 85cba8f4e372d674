//! Pages: sheets to be written, with everything that helps whoever fills them in.

use super::cell::Cell;
use super::form::Of;

/// A sheet to be written.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub heads: Vec<Head>,
    /// Its rows below the headings.
    pub rows: Vec<Vec<Option<Cell>>>,
    /// Colours of cells by row (from 0 below the headings) and column, as RGB.
    pub fills: Vec<(u32, u32, u32)>,
    /// It is only to be looked at: CSV folders leave it out.
    pub view: bool,
    /// Columns that stay in sight, from the left.
    pub frozen: u16,
}

/// A column to be written.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The heading.
    pub title: String,
    /// The comment on it.
    pub note: String,
    /// It must be filled in.
    pub required: bool,
    /// What its cells offer; by row where rows differ.
    pub choice: Option<Choice>,
    /// Choices of single rows, from 0 below the headings.
    pub choices: Vec<(u32, Choice)>,
    /// Its cells are text even where they look like numbers.
    pub text: bool,
    /// Width in characters, if not that of its contents.
    pub width: Option<f64>,
}

/// What a cell offers to choose from.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// These words and nothing else.
    Words(Vec<String>),
    /// Something that has a row of its own; where several belong in the cell, other text is let pass.
    Rows(Of, bool),
}
