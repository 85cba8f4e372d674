//! Rows against periods: the frame of the board and of the lists of positions and mentors.
//!
//! Where the periods do not fit side by side, the grid is cut into blocks of periods, whole years where that is possible.

use std::ops::Range;

use anstyle::Style;

use crate::words::{Calendar, Index, Period};

use super::text::{BOLD, DIM, fit, pad, right, styled, width};

/// A cell: a text, and a mark that stands before it in place of the blank between columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) mark: Option<&'static str>,
    pub(super) text: String,
    pub(super) style: Style,
}

/// A line of the grid.
#[derive(Debug, Clone)]
pub(super) enum Line {
    /// A heading above the rows that follow.
    Heading(String),
    /// A row: its name, a cell per period, and lines to stand below it in the last block.
    Row { name: String, cells: Vec<Cell>, below: String },
}

/// Draws the grid in a width.
pub(super) fn draw(calendar: &Calendar, lines: &[Line], columns: usize) -> String {
    let names = lines.iter().filter_map(|l| if let Line::Row { name, .. } = l { Some(width(name)) } else { None });
    let texts = lines.iter().filter_map(|l| if let Line::Row { cells, .. } = l { Some(cells) } else { None }).flatten();
    let widest = texts.map(|c| width(&c.text)).max().unwrap_or(1);
    let heads: Vec<(String, String)> = calendar.periods().map(|t| heading(calendar, t)).collect();
    let tight = heads.iter().map(|(_, short)| width(short)).max().unwrap_or(1).max(widest) + 1;
    let wanted = names.max().unwrap_or(8).max(8);
    let room = columns.saturating_sub(18.min(wanted) + 3).max(tight);
    let blocks = blocks(calendar, room / tight);
    let longest = blocks.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
    let marked = lines.iter().any(|l| matches!(l, Line::Row { cells, .. } if cells.iter().any(|c| c.mark.is_some())));
    let airy = marked && columns.saturating_sub(longest * (tight + 1) + 3) >= wanted.min(24);
    let cell = tight + usize::from(airy);
    let name_width = wanted.min(columns.saturating_sub(longest * cell + 3)).max(8);
    let mut out = String::new();
    for (i, block) in blocks.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        out.push_str(&header(&heads[block.clone()], name_width, cell));
        for line in lines {
            match line {
                Line::Heading(text) => out.push_str(&(styled(&fit(text, columns), BOLD) + "\n")),
                Line::Row { name, cells, below } => {
                    out.push_str(&row(name, &cells[block.clone()], name_width, cell));
                    if i + 1 == blocks.len() {
                        out.push_str(below);
                    }
                }
            }
        }
    }
    out
}

fn row(name: &str, cells: &[Cell], name_width: usize, cell: usize) -> String {
    let mut line = format!("  {} ", pad(name, name_width));
    for c in cells {
        let text = right(&c.text, cell - 1);
        let blanks = text.len() - text.trim_start().len();
        let mark = c.mark.unwrap_or(" ");
        line.push_str(&text[..blanks]);
        line.push_str(&styled(mark, if mark == " " { Style::new() } else { c.style }));
        line.push_str(&styled(text.trim_start(), c.style));
    }
    line.trim_end().to_owned() + "\n"
}

fn header(heads: &[(String, String)], name_width: usize, cell: usize) -> String {
    let indent = " ".repeat(name_width + 3);
    let (mut years, mut shorts) = (String::new(), String::new());
    let mut last = "";
    for (i, (year, short)) in heads.iter().enumerate() {
        shorts.push_str(&right(short, cell));
        if year != last {
            let start = i * cell + (cell - width(short));
            if width(&years) < start {
                years = pad(&years, start);
                years.push_str(year);
            }
            last = year;
        }
    }
    let years = if years.trim().is_empty() { String::new() } else { format!("{indent}{}\n", styled(years.trim_end(), DIM)) };
    format!("{years}{indent}{}\n", styled(shorts.trim_end(), DIM))
}

/// The year above a period and its short name: (`2027`, `Q3`); a calendar of years has the year alone.
pub(super) fn heading(calendar: &Calendar, period: Period) -> (String, String) {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let label = calendar.label(period);
    let Some((year, short)) = label.split_once('-') else { return (String::new(), label) };
    let month = short.parse::<usize>().ok().and_then(|m| MONTHS.get(m.wrapping_sub(1)));
    (year.to_owned(), month.map_or_else(|| short.to_owned(), |m| (*m).to_owned()))
}

/// Ranges of at most `most` periods; they end with a year where at least half of a block is kept by that.
fn blocks(calendar: &Calendar, most: usize) -> Vec<Range<usize>> {
    let most = most.max(1);
    let mut blocks = Vec::new();
    let mut from = 0;
    while from < calendar.count {
        let mut until = (from + most).min(calendar.count);
        if until < calendar.count {
            let new_year = |t: &usize| calendar.year(Period::new(*t)) != calendar.year(Period::new(*t - 1));
            until = (from + most.div_ceil(2)..=until).rev().filter(|t| *t > from).find(new_year).unwrap_or(until);
        }
        blocks.push(from..until);
        from = until;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::words::Unit;

    use super::*;

    #[test]
    fn blocks_end_with_years() {
        let calendar = Calendar { start: date(2027, 1, 1), unit: Unit::Month, count: 30 };
        assert_eq!(blocks(&calendar, 15), [0..12, 12..24, 24..30]);
        assert_eq!(blocks(&calendar, 40).first(), Some(&(0..30)));
        assert!(blocks(&calendar, 5).iter().all(|b| !b.is_empty() && b.len() <= 5));
    }
}
