//! Workbooks: an instance or a plan as sheets, in `.xlsx`, `.ods` and folders of `.csv`.
//!
//! One table of sheets and columns ([`INSTANCE`], [`PLAN`]) is what reading, writing, templates, dropdowns, notes and manuals are made
//! from; what a column means is taken from the descriptions of the format's fields. A workbook is read into the same JSON value
//! that a `.json` file holds, which goes through the same intake; what intake then finds is said at the cell that it comes from.
//!
//! Each list of the format is a sheet with one row a thing. Lists of things with several fields are sheets of their own, whose
//! rows name whose they are; lists of ids, maps and ranges stand in one cell. Everything is kept to the letter: an empty list that
//! is spelt out is a row that says `none`, and a text that would be misread as it stands is written in quotes.
//!
//! Forgiving where people are sloppy: spaces around texts, the order of columns and letter case do not matter, a name is
//! understood for an id if it is unique, dates may be dates or text, and yes, true, 1 and x all mean yes (no, false and 0: no).
//! Strict where it matters: an unknown column or sheet is an error unless its name begins with `#`, a blank cell never means 'as
//! above', a number where a period belongs is never guessed at, and a date where a text belongs is refused, since the spreadsheet
//! may have made it of something else.

mod cell;
mod compact;
mod file;
mod folder;
mod form;
mod guide;
mod layout;
mod mark;
mod names;
mod ods;
mod origin;
mod page;
mod plan;
mod read;
mod value;
mod write;
mod xlsx;

pub use cell::{Book, Cell, Grid, address, letters};
pub use form::{About, Column, Form, INSTANCE, Kind, Of, Owner, PLAN, Rows, Sheet, Words};
pub use mark::marked;
pub use page::{Choice, Head, Page};
pub use plan::{plan_book, plan_pages};

use std::path::Path;

use serde_json::Value;

use crate::domain::Case;
use crate::intake::{Intake, intake_rows};
use crate::io::raw::Instance;
use crate::io::{Document, Problem, ReadPlan, has_ending, read_bytes, read_plan};
use names::Names;

/// Why a cell cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) code: &'static str,
    pub(crate) what: String,
    pub(crate) hint: Option<String>,
}

impl Wrong {
    fn cell(what: impl Into<String>) -> Self {
        Self { code: "E804", what: what.into(), hint: None }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// A file as it was opened: the text of a JSON file, or the sheets of a workbook.
#[derive(Debug, Clone)]
pub enum Source {
    /// A JSON file.
    Json(Vec<u8>),
    /// A workbook, or a folder of CSV files.
    Book(Book),
}

impl Source {
    /// Opens a file or a folder. What it is shows in its bytes, not in its name.
    ///
    /// # Errors
    /// If it cannot be read, or is a damaged workbook.
    pub fn open(path: &Path) -> Result<Self, Vec<Problem>> {
        if path.is_dir() {
            return folder::read(path).map(Self::Book);
        }
        if has_ending(path, &["csv"]) {
            let problem = Problem::error("E807", "", format!("{} is one sheet of several", path.display()));
            return Err(vec![problem.hint("name the folder that it lies in")]);
        }
        let bytes = read_bytes(path).map_err(|p| vec![p])?;
        if has_ending(path, &["xlsx", "ods", "xls"]) && !file::is_workbook(&bytes) && !bytes.trim_ascii_start().starts_with(b"{") {
            let problem = Problem::error("E807", "", format!("{} is not a workbook, whatever its name says", path.display()));
            return Err(vec![problem.hint("open it in a spreadsheet program and save it as .xlsx")]);
        }
        Self::of_bytes(bytes)
    }

    /// What bytes hold, as of a file without a name.
    ///
    /// # Errors
    /// If they are a damaged workbook.
    pub fn of_bytes(bytes: Vec<u8>) -> Result<Self, Vec<Problem>> {
        if file::is_workbook(&bytes) { file::read(&bytes).map(Self::Book).map_err(|p| vec![p]) } else { Ok(Self::Json(bytes)) }
    }

    /// The sheets of CSV texts, by the names of the sheets.
    ///
    /// # Errors
    /// If one of them is not UTF-8 or leaves a quote open.
    pub fn of_csv(files: &[(String, Vec<u8>)]) -> Result<Self, Vec<Problem>> {
        folder::book(files).map(Self::Book)
    }

    /// Whether it is a plan, as far as can be told before it is read.
    #[must_use]
    pub fn is_plan(&self) -> bool {
        match self {
            Self::Json(bytes) => Document::parse(bytes).is_ok_and(|document| {
                let head: Result<Value, _> = serde_json::from_str(document.root().get());
                head.is_ok_and(|value| value["format"] == PLAN.format || (value["format"].is_null() && value["placements"].is_array()))
            }),
            Self::Book(book) => {
                let has = |name: &str| book.grids.iter().any(|grid| read::titled(&grid.name) == read::titled(name));
                has("Placements") && !has("Participants") && !has("Roles")
            }
        }
    }
}

/// Takes in an instance, whatever file it stands in.
///
/// # Errors
/// All problems, errors first, if there is an error among them; those of a workbook at their cells.
pub fn instance(source: &Source) -> Result<Intake, Vec<Problem>> {
    instance_rows(source).map(|(_, taken)| taken)
}

/// The same, with its raw rows.
///
/// # Errors
/// As [`instance`].
pub fn instance_rows(source: &Source) -> Result<(Instance, Intake), Vec<Problem>> {
    let book = match source {
        Source::Json(bytes) => return intake_rows(bytes),
        Source::Book(book) => book,
    };
    if source.is_plan() {
        let problem = Problem::error("E107", "", "this is a plan, not an instance");
        return Err(vec![problem.hint("give the instance here")]);
    }
    let content = read::read(book, &INSTANCE, None);
    let sound = content.problems.is_empty();
    match intake_rows(content.value.to_string().as_bytes()) {
        Ok((raw, taken)) if sound => Ok((raw, Intake { warnings: content.origins.locate(book, Vec::new(), taken.warnings), ..taken })),
        Ok((_, taken)) => Err(content.origins.locate(book, content.problems, taken.warnings)),
        Err(problems) => Err(content.origins.locate(book, content.problems, problems)),
    }
}

/// Reads a plan, whatever file it stands in.
///
/// # Errors
/// All problems, if there is an error among them.
pub fn plan(source: &Source, case: &Case) -> Result<ReadPlan, Vec<Problem>> {
    let book = match source {
        Source::Json(bytes) => return read_plan(bytes, case),
        Source::Book(book) => book,
    };
    if !source.is_plan() {
        let problem = Problem::error("E107", "", "this workbook has no sheet 'Placements': it is not a plan");
        return Err(vec![problem.hint("give the plan here")]);
    }
    let content = read::read(book, &PLAN, Some(Names::of_case(case)));
    let sound = content.problems.is_empty();
    match read_plan(content.value.to_string().as_bytes(), case) {
        Ok(read) if sound => Ok(ReadPlan { warnings: content.origins.locate(book, Vec::new(), read.warnings), ..read }),
        Ok(read) => Err(content.origins.locate(book, content.problems, read.warnings)),
        Err(problems) => Err(content.origins.locate(book, content.problems, problems)),
    }
}

/// The content of an instance as the format has it, whether or not it makes sense: incomplete ones too.
///
/// # Errors
/// All problems of the form: what is no JSON or a damaged workbook, unknown fields, values of a wrong type.
pub fn instance_value(source: &Source) -> Result<Value, Vec<Problem>> {
    let book = match source {
        Source::Book(book) => book,
        Source::Json(bytes) => {
            let document = Document::parse(bytes).map_err(|p| vec![p])?;
            let (_, mut problems) = document.read::<Instance>();
            document.locate(&mut problems);
            // As it stands, so that its fingerprint stays: an empty list that is spelt out is not the same text as none.
            return if problems.is_empty() {
                Ok(without_nulls(serde_json::from_str(document.root().get()).unwrap_or_default()))
            } else {
                Err(problems)
            };
        }
    };
    let content = read::read(book, &INSTANCE, None);
    if content.problems.is_empty() { Ok(content.value) } else { Err(content.problems) }
}

/// The value without fields that are null, which is the same as absent.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => map.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, without_nulls(value))).collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

/// The pages of an instance: one for each sheet, those without rows too.
#[must_use]
pub fn instance_pages(value: &Value) -> Vec<Page> {
    write::pages(value, &INSTANCE, &Names::of_instance(value))
}

/// The file formats of workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML.
    Xlsx,
    /// OpenDocument.
    Ods,
}

impl Format {
    /// The bytes of a workbook with these pages. Same pages, same bytes.
    fn write(self, pages: &[Page], extras: &layout::Extras) -> Result<Vec<u8>, String> {
        match self {
            Self::Xlsx => xlsx::write(pages, extras),
            Self::Ods => ods::write(pages, extras),
        }
    }
}

/// The bytes of a workbook with the pages of an instance.
///
/// # Errors
/// If something does not fit into a sheet.
pub fn instance_book(value: &Value, format: Format) -> Result<Vec<u8>, String> {
    let names = Names::of_instance(value);
    let lists = [Of::Person, Of::Family, Of::Kind, Of::Region, Of::Country, Of::Credential];
    let lists = lists.map(|of| (of, names.all(of).map(str::to_owned).collect()));
    let extras = layout::Extras { read_me: guide::read_me(&INSTANCE), lists: lists.into(), ..layout::Extras::default() };
    format.write(&write::pages(value, &INSTANCE, &names), &extras)
}

/// The CSV files of pages, by their names.
///
/// # Errors
/// If the memory is full.
pub fn csv_files(pages: &[Page]) -> Result<Vec<(String, Vec<u8>)>, String> {
    Ok(folder::write(pages)?.into_iter().map(|(name, bytes)| (format!("{name}.csv"), bytes)).collect())
}
