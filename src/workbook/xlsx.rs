//! Writing pages as an `.xlsx` file: frozen headings with notes, dropdowns, date cells; text that looks like a formula is text.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Workbook,
    Worksheet, XlsxError,
};

use super::cell::Cell;
use super::compact::looks_like_formula;
use super::layout::{Extras, LINE, LISTS, Marks, SPARE_ROWS, lines_of, offered, widths, wrapped};
use super::page::{Choice, Page};

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
        sheet.set_row_height(row, if *heading { 1.6 * LINE } else { LINE * f64::from(lines_of(line, 110.0)) })?;
    }
    on_paper(sheet)
}

/// Across, as wide as the sheet of paper, headings on every page, with the sheet's name and the page's number.
fn on_paper(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_footer("&L&A&R&P / &N");
    Ok(())
}

fn sheet(sheet: &mut Worksheet, page: &Page, pages: &[Page], extras: &Extras, styles: &Styles, marks: &Marks) -> Result<(), XlsxError> {
    sheet.set_name(&page.name)?;
    sheet.set_freeze_panes(1, page.frozen)?;
    sheet.set_default_note_author("rungs");
    let fills: BTreeMap<(u32, u32), u32> = page.fills.iter().map(|(row, column, colour)| ((row + 1, *column), *colour)).collect();
    let last = u32::try_from(page.rows.len() + SPARE_ROWS).unwrap_or(u32::MAX).min(1_048_575);
    on_paper(sheet)?;
    sheet.set_repeat_rows(0, 0)?;
    let widths = widths(page);
    let headings = page.heads.iter().zip(&widths).map(|(head, width)| lines_of(&head.title, *width)).max().unwrap_or(1);
    sheet.set_row_height(0, LINE * f64::from(headings))?;
    for (column, head) in (0u16..).zip(&page.heads) {
        let own = if head.text && !page.view { &styles.text } else { &styles.plain };
        sheet.set_column_format(column, own)?;
        sheet.set_column_width(column, widths[usize::from(column)])?;
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
        let mut high = 1;
        for (column, cell) in (0u16..).zip(cells) {
            let at = (row, u32::from(column));
            let colour = if marks.contains_key(&at) { Some(0x00FF_C7CE) } else { fills.get(&at).copied() };
            let is_text = page.heads.get(usize::from(column)).is_some_and(|head| head.text);
            let lines = wrapped(page, usize::from(column), cell.as_ref(), &widths);
            high = high.max(lines);
            let look = Looks { is_text: is_text && !page.view, wrapped: lines > 1, colour };
            put(sheet, row, column, cell.as_ref(), look, styles)?;
        }
        if high > 1 {
            sheet.set_row_height(row, LINE * f64::from(high))?;
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

/// How a cell looks.
#[derive(Debug, Clone, Copy)]
struct Looks {
    is_text: bool,
    wrapped: bool,
    colour: Option<u32>,
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: Option<&Cell>, look: Looks, styles: &Styles) -> Result<(), XlsxError> {
    let Looks { is_text, wrapped, colour } = look;
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
            let format = if wrapped { format.clone().set_text_wrap() } else { format.clone() };
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

/// The dropdown of a choice; none where nothing could be offered.
fn validation(choice: &Choice, pages: &[Page], extras: &Extras) -> Result<Option<DataValidation>, XlsxError> {
    let new = || DataValidation::new().set_error_style(DataValidationErrorStyle::Warning);
    Ok(match choice {
        Choice::Words(words) => Some(new().allow_list_strings(words)?),
        Choice::Rows(of, several) => offered(*of, pages, extras).map(|cells| {
            let range = format!("='{}'!${1}$2:${1}${2}", cells.sheet, cells.column, cells.last);
            let list = new().allow_list_formula(Formula::new(range));
            if *several { list.show_error_message(false) } else { list }
        }),
    })
}
