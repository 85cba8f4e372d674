//! Writing pages as an `.xlsx` file: frozen headings with notes, dropdowns, date cells; text that looks like a formula is text.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Workbook,
    Worksheet, XlsxError,
};

use super::cell::{Cell, letters};
use super::compact::looks_like_formula;
use super::form::Of;
use super::page::{Choice, Head, Page};

/// Rows for which dropdowns are prepared, beyond those that are there.
const SPARE_ROWS: usize = 500;
/// The sheet of what cells offer that has no rows of its own: families, regions, people.
const LISTS: &str = "# Lists";

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

struct Styles {
    heading: Format,
    required: Format,
    text: Format,
    quoted: Format,
    day: Format,
    plain: Format,
}

/// The bytes of a workbook with these pages. Same pages, same bytes.
pub(super) fn write(pages: &[Page], extras: &Extras) -> Result<Vec<u8>, String> {
    made(pages, extras).map_err(|e| match e {
        XlsxError::MaxStringLengthExceeded => {
            "a text is longer than the 32,767 characters that a cell holds; write a folder of .csv or .json".to_owned()
        }
        XlsxError::RowColumnLimitError => "there are more rows or columns than a sheet holds; write a folder of .csv or .json".to_owned(),
        other => other.to_string(),
    })
}

fn made(pages: &[Page], extras: &Extras) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The moment of writing would make two equal workbooks differ.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let heading = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top).set_border_bottom(FormatBorder::Thin);
    let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
    let styles = Styles {
        required: heading.clone().set_background_color(Color::RGB(0x00F4_B183)),
        heading: heading.set_background_color(Color::RGB(0x00BD_D7EE)),
        quoted: text.clone().set_quote_prefix(),
        text,
        day: Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top),
        plain: Format::new().set_align(FormatAlign::Top),
    };
    if !extras.read_me.is_empty() {
        read_me(book.add_worksheet(), &extras.read_me)?;
    }
    for (i, page) in pages.iter().enumerate() {
        let none = Marks::new();
        sheet(book.add_worksheet(), page, pages, extras, &styles, extras.marks.get(&i).unwrap_or(&none))?;
    }
    if !extras.lists.is_empty() {
        let sheet = book.add_worksheet().set_name(LISTS)?.set_hidden(true);
        for (column, (of, entries)) in (0..).zip(&extras.lists) {
            sheet.write_string_with_format(0, column, format!("# {}", of.words().1), &styles.heading)?;
            for (row, entry) in (1..).zip(entries) {
                sheet.write_string_with_format(row, column, entry, &styles.text)?;
            }
        }
    }
    book.save_to_buffer()
}

fn read_me(sheet: &mut Worksheet, lines: &[(String, bool)]) -> Result<(), XlsxError> {
    sheet.set_name(super::form::READ_ME)?.set_column_width(0, 110)?;
    let (bold, plain) = (Format::new().set_bold().set_font_size(13), Format::new().set_text_wrap().set_align(FormatAlign::Top));
    for (row, (line, heading)) in (0..).zip(lines) {
        sheet.write_string_with_format(row, 0, line, if *heading { &bold } else { &plain })?;
    }
    Ok(())
}

fn sheet(sheet: &mut Worksheet, page: &Page, pages: &[Page], extras: &Extras, styles: &Styles, marks: &Marks) -> Result<(), XlsxError> {
    sheet.set_name(&page.name)?;
    sheet.set_freeze_panes(1, page.frozen)?;
    sheet.set_landscape().set_repeat_rows(0, 0)?;
    if page.view {
        sheet.set_print_fit_to_pages(1, 0);
    }
    sheet.set_default_note_author("rungs");
    let fills: BTreeMap<(u32, u32), u32> = page.fills.iter().map(|(row, column, colour)| ((row + 1, *column), *colour)).collect();
    let last = u32::try_from(page.rows.len() + SPARE_ROWS).unwrap_or(u32::MAX).min(1_048_575);
    for (column, head) in (0u16..).zip(&page.heads) {
        let own = if head.text && !page.view { &styles.text } else { &styles.plain };
        sheet.set_column_format(column, own)?;
        sheet.set_column_width(column, head.width.unwrap_or_else(|| width(page, usize::from(column), head)))?;
        sheet.write_string_with_format(0, column, &head.title, if head.required { &styles.required } else { &styles.heading })?;
        if !head.note.is_empty() {
            let lines = u32::try_from(head.note.lines().map(|line| line.chars().count() / 46 + 1).sum::<usize>()).unwrap_or(20);
            sheet.insert_note(0, column, &Note::new(&head.note).add_author_prefix(false).set_width(300).set_height(20 + 16 * lines.min(40)))?;
        }
        if let Some(choice) = &head.choice
            && let Some(validation) = validation(choice, pages, extras)?
        {
            sheet.add_data_validation(1, column, last, column, &validation)?;
        }
        for (row, choice) in &head.choices {
            if let Some(validation) = validation(choice, pages, extras)? {
                sheet.add_data_validation(row + 1, column, row + 1, column, &validation)?;
            }
        }
    }
    for (row, cells) in (1u32..).zip(&page.rows) {
        for (column, cell) in (0u16..).zip(cells) {
            let at = (row, u32::from(column));
            let colour = if marks.contains_key(&at) { Some(0x00FF_C7CE) } else { fills.get(&at).copied() };
            let is_text = page.heads.get(usize::from(column)).is_some_and(|head| head.text);
            put(sheet, row, column, cell.as_ref(), is_text && !page.view, colour, styles)?;
        }
    }
    for ((row, column), words) in marks {
        let column = u16::try_from(*column).unwrap_or(u16::MAX);
        let lines = u32::try_from(words.chars().count() / 46 + 2).unwrap_or(20);
        let note = Note::new(words).add_author_prefix(false).set_width(300).set_height(20 + 16 * lines.min(40)).set_background_color(0x00FF_C7CE);
        sheet.insert_note(*row, column, &note)?;
    }
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: Option<&Cell>,
    is_text: bool,
    colour: Option<u32>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let styled = |format: &Format| colour.map_or_else(|| format.clone(), |c| format.clone().set_background_color(Color::RGB(c)));
    match cell {
        None => {
            if colour.is_some() {
                sheet.write_blank(row, column, &styled(&styles.plain))?;
            }
        }
        Some(Cell::Text(text) | Cell::Broken(text)) => {
            let format = if looks_like_formula(text) {
                &styles.quoted
            } else if is_text {
                &styles.text
            } else {
                &styles.plain
            };
            let format = if text.contains('\n') { format.clone().set_text_wrap() } else { format.clone() };
            sheet.write_string_with_format(row, column, text, &styled(&format))?;
        }
        Some(Cell::Number(n)) => {
            sheet.write_number_with_format(row, column, *n, &styled(&styles.plain))?;
        }
        Some(Cell::Flag(flag)) => {
            sheet.write_boolean_with_format(row, column, *flag, &styled(&styles.plain))?;
        }
        Some(Cell::Day(day)) => {
            let (year, month, date) = (day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs());
            match ExcelDateTime::from_ymd(year, month, date) {
                Ok(date) => sheet.write_datetime_with_format(row, column, &date, &styled(&styles.day))?,
                Err(_) => sheet.write_string_with_format(row, column, day.to_string(), &styled(&styles.text))?,
            };
        }
    }
    Ok(())
}

/// The width of a column by its widest cell, within reason.
fn width(page: &Page, column: usize, head: &Head) -> f64 {
    let cells = page.rows.iter().take(200).filter_map(|row| row.get(column)?.as_ref());
    let widest = cells.map(|cell| cell.shown().lines().map(|line| line.chars().count()).max().unwrap_or(0)).max().unwrap_or(0);
    let words = head.title.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
    (widest.max(words) + 2).clamp(8, 44) as f64
}

/// The dropdown of a choice; none where nothing could be offered.
fn validation(choice: &Choice, pages: &[Page], extras: &Extras) -> Result<Option<DataValidation>, XlsxError> {
    let new = || DataValidation::new().set_error_style(DataValidationErrorStyle::Warning);
    Ok(match choice {
        Choice::Words(words) => Some(new().allow_list_strings(words)?),
        Choice::Rows(of, several) => source(*of, pages, extras).map(|range| {
            let list = new().allow_list_formula(Formula::new(range));
            if *several { list.show_error_message(false) } else { list }
        }),
    })
}

/// The cells with the ids of something: of its own sheet, so that new rows are offered too, else of the sheet of lists.
fn source(of: Of, pages: &[Page], extras: &Extras) -> Option<String> {
    let own = sheet_of(of).and_then(|name| pages.iter().find(|page| page.name == name));
    if let Some(page) = own {
        let column = page.heads.iter().position(|head| matches!(head.title.as_str(), "id" | "rule" | "dimension"))?;
        let letters = letters(u32::try_from(column).ok()?);
        return Some(format!("='{}'!${letters}$2:${letters}${}", page.name, page.rows.len() + 1 + SPARE_ROWS));
    }
    let (column, (_, entries)) = (0..).zip(&extras.lists).find(|(_, (o, entries))| *o == of && !entries.is_empty())?;
    let letters = letters(column);
    Some(format!("='{LISTS}'!${letters}$2:${letters}${}", entries.len() + 1))
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
