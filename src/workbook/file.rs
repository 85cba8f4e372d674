//! Reading `.xlsx` and `.ods` files.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader, Xlsx};
use jiff::civil::Date;

use super::cell::{Book, Cell, Grid};
use crate::io::Problem;

/// The sheets of a workbook file.
#[expect(clippy::result_large_err, reason = "at most one for a file")]
pub(super) fn read(bytes: &[u8]) -> Result<Book, Problem> {
    let damaged = |e: &dyn std::fmt::Display| {
        Problem::error("E807", "", format!("the workbook cannot be read: {e}")).hint("open it in a spreadsheet program and save it again as .xlsx")
    };
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let problem = Problem::error("E807", "", "the workbook is of the old .xls kind, or locked by a password");
        return Err(problem.hint("save it as .xlsx, without a password"));
    }
    let grids = if is_ods(bytes) { ods(bytes).map_err(|e| damaged(&e))? } else { xlsx(bytes).map_err(|e| damaged(&e))? };
    Ok(Book { grids, is_folder: false })
}

/// Whether bytes are those of an archive, as workbooks are.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// An OpenDocument file names its kind, uncompressed, as its first part.
fn is_ods(bytes: &[u8]) -> bool {
    bytes.get(30..128.min(bytes.len())).is_some_and(|head| head.starts_with(b"mimetypeapplication/vnd.oasis"))
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Grid>, calamine::XlsxError> {
    let mut book = Xlsx::new(Cursor::new(bytes))?;
    let names: Vec<String> = book.sheets_metadata().iter().filter(|s| s.typ == calamine::SheetType::WorkSheet).map(|s| s.name.clone()).collect();
    let mut grids = Vec::new();
    for name in names {
        let mut grid = Grid { name: name.clone(), ..Grid::default() };
        // Cell by cell: a table of the whole sheet would be as large as its farthest cell is far.
        let mut cells = book.worksheet_cells_reader(&name)?;
        while let Some(cell) = cells.next_cell()? {
            if let Some(value) = value(cell.get_value()) {
                grid.cells.insert(cell.get_position(), value);
            }
        }
        grids.push(grid);
    }
    Ok(grids)
}

fn ods(bytes: &[u8]) -> Result<Vec<Grid>, calamine::OdsError> {
    let mut book = Ods::new(Cursor::new(bytes))?;
    let mut grids = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name)?;
        let (row0, column0) = range.start().unwrap_or_default();
        let mut grid = Grid { name, ..Grid::default() };
        for (row, column, cell) in range.used_cells() {
            let at = (row0 + u32::try_from(row).unwrap_or(u32::MAX), column0 + u32::try_from(column).unwrap_or(u32::MAX));
            if let Some(value) = value(&owned(cell)) {
                grid.cells.insert(at, value);
            }
        }
        grids.push(grid);
    }
    Ok(grids)
}

fn owned(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Int(n) => DataRef::Int(*n),
        Data::Float(n) => DataRef::Float(*n),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(flag) => DataRef::Bool(*flag),
        Data::DateTime(when) => DataRef::DateTime(*when),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(e) => DataRef::Error(e.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// What a cell holds, if anything.
fn value(cell: &DataRef<'_>) -> Option<Cell> {
    Some(match cell {
        DataRef::Empty => return None,
        DataRef::String(text) if text.is_empty() => return None,
        DataRef::SharedString("") => return None,
        DataRef::Int(n) => Cell::Number(*n as f64),
        DataRef::Float(n) => Cell::Number(*n),
        DataRef::String(text) => Cell::Text(lines(text)),
        DataRef::SharedString(text) => Cell::Text(lines(text)),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(when) if when.is_datetime() => moment(when),
        DataRef::DateTime(_) | DataRef::DurationIso(_) => Cell::Broken("a span of time".to_owned()),
        DataRef::DateTimeIso(text) => {
            let (day, time) = text.split_once('T').unwrap_or((text, ""));
            let midnight = time.bytes().all(|b| matches!(b, b'0' | b':' | b'.' | b'Z'));
            day.parse::<Date>().ok().filter(|_| midnight).map_or_else(|| Cell::Broken(text.replace('T', " ")), Cell::Day)
        }
        DataRef::Error(e) => Cell::Broken(e.to_string()),
    })
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn moment(when: &ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, milli) = when.to_ymd_hms_milli();
    let date = i16::try_from(year).ok().and_then(|year| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok());
    match date {
        Some(date) if (hour, minute, second, milli) == (0, 0, 0, 0) => Cell::Day(date),
        _ => Cell::Broken(format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}")),
    }
}
