//! Writing pages as an `.ods` file (OpenDocument 1.3): the headings, notes, dropdowns, dates and colours that `.xlsx` files have.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use quick_xml::escape::escape;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::cell::Cell;
use super::form::READ_ME;
use super::layout::{Extras, LINE, LISTS, Marks, SPARE_ROWS, lines_of, offered, widths, wrapped};
use super::page::{Choice, Head, Page};

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";
const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
/// The standard's vocabularies, as far as they are used.
const VOCABULARIES: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3""#;
/// How texts and days are shown.
const SHOWN: &str = r#"<number:text-style style:name="NT"><number:text-content/></number:text-style><number:date-style style:name="ND"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>"#;
/// Paper: across, as wide as the sheet, with the sheet's name and the page's number.
const PAPER: &str = r#"<office:automatic-styles><style:page-layout style:name="paper"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" fo:margin="1cm" style:scale-to-X="1" style:scale-to-Y="0"/><style:footer-style/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page style:name="Default" style:page-layout-name="paper"><style:header style:display="false"/><style:footer><text:p><text:sheet-name/> <text:page-number/> / <text:page-count/></text:p></style:footer></style:master-page></office:master-styles>"#;

/// What a cell is for, which decides its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Base {
    Plain,
    Text,
    Day,
    Heading,
    Required,
    Title,
}

/// The look of a cell: what it is for, whether its lines are broken, its colour.
type Look = (Base, bool, Option<u32>);

/// A file in the making: what the sheets have asked for so far.
#[derive(Default)]
struct Made {
    looks: BTreeMap<Look, usize>,
    /// Widths of columns and heights of rows, in hundredths of a point.
    sizes: BTreeMap<(bool, u32), usize>,
    /// Conditions of dropdowns, and whether other values are warned about.
    choices: BTreeMap<(String, bool), usize>,
    tables: String,
    /// Sheets, and how many columns of each stay in sight.
    frozen: Vec<(String, u16)>,
}

/// The bytes of a workbook with these pages. Same pages, same bytes.
pub(super) fn write(pages: &[Page], extras: &Extras) -> Result<Vec<u8>, String> {
    let mut made = Made::default();
    if !extras.read_me.is_empty() {
        made.read_me(&extras.read_me);
    }
    for (i, page) in pages.iter().enumerate() {
        made.sheet(page, pages, extras, extras.marks.get(&i).unwrap_or(&Marks::new()));
    }
    if !extras.lists.is_empty() {
        made.lists(extras);
    }
    packed(&made).map_err(|e| e.to_string())
}

fn packed(made: &Made) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The moment of writing would make two equal workbooks differ. The kind stands first and uncompressed, for all to see.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    archive.start_file("mimetype", options.compression_method(CompressionMethod::Stored))?;
    archive.write_all(KIND.as_bytes())?;
    let parts = [
        ("META-INF/manifest.xml", manifest()),
        ("content.xml", made.content()),
        ("styles.xml", format!("{HEAD}<office:document-styles {VOCABULARIES}>{PAPER}</office:document-styles>")),
        ("settings.xml", made.settings()),
    ];
    for (name, text) in parts {
        archive.start_file(name, options)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn manifest() -> String {
    let entry = |path: &str, kind: &str| format!(r#"<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>"#);
    let parts: String = ["content.xml", "styles.xml", "settings.xml"].map(|part| entry(part, "text/xml")).concat();
    let vocabulary = r#"xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3""#;
    format!("{HEAD}<manifest:manifest {vocabulary}>{}{parts}</manifest:manifest>", entry("/", KIND))
}

impl Made {
    fn content(&self) -> String {
        let mut styles = SHOWN.to_owned();
        for shown in [true, false] {
            let _ = write!(
                styles,
                r#"<style:style style:name="{}" style:family="table" style:master-page-name="Default"><style:table-properties table:display="{shown}"/></style:style>"#,
                table_style(shown)
            );
        }
        for ((is_row, size), name) in &self.sizes {
            let size = f64::from(*size) / 100.0;
            let (family, property) = if *is_row { ("row", "style:row-height") } else { ("column", "style:column-width") };
            let _ = write!(
                styles,
                r#"<style:style style:name="s{name}" style:family="table-{family}"><style:table-{family}-properties {property}="{size}pt"/></style:style>"#
            );
        }
        self.looks.iter().for_each(|(look, name)| styles += &look_style(*look, *name));
        let mut choices = String::new();
        for ((condition, warns), name) in &self.choices {
            let _ = write!(
                choices,
                r#"<table:content-validation table:name="v{name}" table:condition="{}" table:allow-empty-cell="true"><table:error-message table:message-type="warning" table:display="{warns}"/></table:content-validation>"#,
                escape(condition.as_str())
            );
        }
        if !choices.is_empty() {
            choices = format!("<table:content-validations>{choices}</table:content-validations>");
        }
        format!(
            "{HEAD}<office:document-content {VOCABULARIES}><office:automatic-styles>{styles}</office:automatic-styles><office:body>\
             <office:spreadsheet>{choices}{}</office:spreadsheet></office:body></office:document-content>",
            self.tables
        )
    }

    /// The headings and first columns of every sheet stay in sight.
    fn settings(&self) -> String {
        let item = |name: &str, kind: &str, value: u16| {
            format!(r#"<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>"#)
        };
        let mut sheets = String::new();
        for (name, columns) in &self.frozen {
            let _ = write!(sheets, r#"<config:config-item-map-entry config:name="{}">"#, escape(name.as_str()));
            for (axis, side, split) in [("Horizontal", "Right", *columns), ("Vertical", "Bottom", 1)] {
                sheets += &item(&format!("{axis}SplitMode"), "short", if split > 0 { 2 } else { 0 });
                sheets += &item(&format!("{axis}SplitPosition"), "int", split);
                sheets += &item(&format!("Position{side}"), "int", split);
            }
            sheets += &item("ActiveSplitRange", "short", if *columns > 0 { 3 } else { 2 });
            sheets += "</config:config-item-map-entry>";
        }
        format!(
            r#"{HEAD}<office:document-settings {VOCABULARIES}><office:settings><config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views"><config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1</config:config-item><config:config-item-map-named config:name="Tables">{sheets}</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings></office:document-settings>"#
        )
    }

    /// The name of a style for a look, which is made if it is new.
    fn look(&mut self, base: Base, wrapped: bool, colour: Option<u32>) -> String {
        let next = self.looks.len();
        format!("c{}", self.looks.entry((base, wrapped, colour)).or_insert(next))
    }

    /// The name of a style for a width or height in points.
    fn size(&mut self, is_row: bool, points: f64) -> String {
        let next = self.sizes.len();
        format!("s{}", self.sizes.entry((is_row, (points * 100.0).round() as u32)).or_insert(next))
    }

    fn open(&mut self, name: &str, shown: bool) {
        let _ = write!(self.tables, r#"<table:table table:name="{}" table:style-name="{}">"#, escape(name), table_style(shown));
    }

    fn close(&mut self) {
        self.tables += "</table:table>";
    }

    fn column(&mut self, width: f64, base: Base) {
        let (size, look) = (self.size(false, width * CHARACTER), self.look(base, false, None));
        let _ = write!(self.tables, r#"<table:table-column table:style-name="{size}" table:default-cell-style-name="{look}"/>"#);
    }

    fn row(&mut self, lines: f64, cells: &str) {
        let size = self.size(true, LINE * lines);
        let _ = write!(self.tables, r#"<table:table-row table:style-name="{size}">{cells}</table:table-row>"#);
    }

    fn read_me(&mut self, lines: &[(String, bool)]) {
        self.open(READ_ME, true);
        self.column(110.0, Base::Plain);
        for (line, heading) in lines {
            let look = if *heading { self.look(Base::Title, false, None) } else { self.look(Base::Plain, true, None) };
            let cell = cell(&look, "", Some(&Cell::text(line.as_str())), None);
            self.row(if *heading { 1.6 } else { f64::from(lines_of(line, 110.0)) }, &cell);
        }
        self.close();
    }

    fn lists(&mut self, extras: &Extras) {
        self.open(LISTS, false);
        extras.lists.iter().for_each(|_| self.column(20.0, Base::Text));
        let longest = extras.lists.iter().map(|(_, entries)| entries.len()).max().unwrap_or(0);
        let (heading, text) = (self.look(Base::Heading, false, None), self.look(Base::Text, false, None));
        let titles = extras.lists.iter().map(|(of, _)| cell(&heading, "", Some(&Cell::Text(format!("# {}", of.words().1))), None));
        let titles: String = titles.collect();
        self.row(1.0, &titles);
        for row in 0..longest {
            let entry = |entries: &Vec<String>| entries.get(row).map(|entry| Cell::text(entry.as_str()));
            let cells: String = extras.lists.iter().map(|(_, entries)| cell(&text, "", entry(entries).as_ref(), None)).collect();
            self.row(1.0, &cells);
        }
        self.close();
    }

    fn sheet(&mut self, page: &Page, pages: &[Page], extras: &Extras, marks: &Marks) {
        self.open(&page.name, true);
        self.frozen.push((page.name.clone(), page.frozen));
        let widths = widths(page);
        for (head, width) in page.heads.iter().zip(&widths) {
            self.column(*width, if head.text && !page.view { Base::Text } else { Base::Plain });
        }
        let mut titles = String::new();
        for ((column, head), _) in (0..).zip(&page.heads).zip(&widths) {
            let mark = marks.get(&(0, column));
            let colour = mark.map(|_| MARKED);
            let look = self.look(if head.required { Base::Required } else { Base::Heading }, true, colour);
            let note = mark.or(Some(&head.note)).filter(|note| !note.is_empty());
            titles += &cell(&look, "", Some(&Cell::text(head.title.as_str())), note);
        }
        let high = page.heads.iter().zip(&widths).map(|(head, width)| lines_of(&head.title, *width)).max().unwrap_or(1);
        self.tables += "<table:table-header-rows>";
        self.row(f64::from(high), &titles);
        self.tables += "</table:table-header-rows>";
        let choices: Vec<String> = page.heads.iter().map(|head| self.choice(head.choice.as_ref(), pages, extras)).collect();
        let fills: BTreeMap<(u32, u32), u32> = page.fills.iter().map(|(row, column, colour)| ((*row, *column), *colour)).collect();
        let marked_rows = marks.keys().map(|(row, _)| *row).max().unwrap_or(0);
        for row in 0..u32::try_from(page.rows.len()).unwrap_or(u32::MAX).max(marked_rows) {
            let given = page.rows.get(row as usize).map_or(&[][..], Vec::as_slice);
            let marked = marks.keys().filter(|(r, _)| *r == row + 1).map(|(_, column)| *column as usize + 1).max().unwrap_or(0);
            let (mut cells, mut high) = (String::new(), 1);
            for column in 0..page.heads.len().max(given.len()).max(marked) {
                let at = u32::try_from(column).unwrap_or(u32::MAX);
                let value = given.get(column).and_then(Option::as_ref);
                let head = page.heads.get(column);
                let lines = wrapped(page, column, value, &widths);
                high = high.max(lines);
                let note = marks.get(&(row + 1, at));
                let colour = note.map(|_| MARKED).or_else(|| fills.get(&(row, at)).copied());
                let look = self.look(base(value, head.is_some_and(|head| head.text && !page.view)), lines > 1, colour);
                let own = head.and_then(|head| head.choices.iter().find(|(r, _)| *r == row)).map(|(_, choice)| choice);
                let choice = own.map_or_else(|| choices.get(column).cloned().unwrap_or_default(), |own| self.choice(Some(own), pages, extras));
                cells += &cell(&look, &choice, value, note);
            }
            self.row(f64::from(high), &cells);
        }
        self.spare(page, &choices);
        self.close();
    }

    /// Rows to go on in, with the columns' dropdowns.
    fn spare(&mut self, page: &Page, choices: &[String]) {
        if choices.iter().all(String::is_empty) {
            return;
        }
        let look = |head: &Head| if head.text && !page.view { Base::Text } else { Base::Plain };
        let looks: Vec<String> = page.heads.iter().map(|head| self.look(look(head), false, None)).collect();
        let cells: String = looks.iter().zip(choices).map(|(look, choice)| cell(look, choice, None, None)).collect();
        let _ = write!(self.tables, r#"<table:table-row table:number-rows-repeated="{SPARE_ROWS}">{cells}</table:table-row>"#);
    }

    /// The attribute of cells with a dropdown; empty where nothing could be offered.
    fn choice(&mut self, choice: Option<&Choice>, pages: &[Page], extras: &Extras) -> String {
        let (listed, warns) = match choice {
            None => return String::new(),
            Some(Choice::Words(words)) => {
                let quoted: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
                (quoted.join(";"), true)
            }
            Some(Choice::Rows(of, several)) => match offered(*of, pages, extras) {
                None => return String::new(),
                Some(cells) => {
                    let sheet = cells.sheet.replace('\'', "''");
                    (format!("[$'{sheet}'.${0}$2:.${0}${1}]", cells.column, cells.last), !several)
                }
            },
        };
        let next = self.choices.len();
        let name = self.choices.entry((format!("of:cell-content-is-in-list({listed})"), warns)).or_insert(next);
        format!(r#" table:content-validation-name="v{name}""#)
    }
}

/// Points that a character of a column's width takes.
const CHARACTER: f64 = 6.0;
/// The colour of a cell with a problem.
const MARKED: u32 = 0x00FF_C7CE;

fn table_style(shown: bool) -> &'static str {
    if shown { "shown" } else { "hidden" }
}

fn base(value: Option<&Cell>, is_text: bool) -> Base {
    match value {
        Some(Cell::Day(_)) => Base::Day,
        Some(Cell::Text(_) | Cell::Broken(_)) | None if is_text => Base::Text,
        _ => Base::Plain,
    }
}

fn look_style((base, wrapped, colour): Look, name: usize) -> String {
    let shown = match base {
        Base::Text => r#" style:data-style-name="NT""#,
        Base::Day => r#" style:data-style-name="ND""#,
        _ => "",
    };
    let colour = colour.or(match base {
        Base::Heading => Some(0x00BD_D7EE),
        Base::Required => Some(0x00F4_B183),
        _ => None,
    });
    let mut cell = r#"style:vertical-align="top""#.to_owned();
    if wrapped {
        cell += r#" fo:wrap-option="wrap""#;
    }
    if let Some(colour) = colour {
        let _ = write!(cell, r##" fo:background-color="#{colour:06x}""##);
    }
    if matches!(base, Base::Heading | Base::Required) {
        cell += r##" fo:border-bottom="0.75pt solid #000000""##;
    }
    let text = match base {
        Base::Heading | Base::Required => r#"<style:text-properties fo:font-weight="bold"/>"#,
        Base::Title => r#"<style:text-properties fo:font-weight="bold" fo:font-size="13pt"/>"#,
        _ => "",
    };
    format!(r#"<style:style style:name="c{name}" style:family="table-cell"{shown}><style:table-cell-properties {cell}/>{text}</style:style>"#)
}

/// A cell with its note; what is in it is shown as it is stored, text always as text.
fn cell(look: &str, choice: &str, value: Option<&Cell>, note: Option<&String>) -> String {
    let typed = match value {
        None => String::new(),
        Some(Cell::Text(_) | Cell::Broken(_)) => r#" office:value-type="string""#.to_owned(),
        Some(Cell::Number(n)) => format!(r#" office:value-type="float" office:value="{n}""#),
        Some(Cell::Flag(flag)) => format!(r#" office:value-type="boolean" office:boolean-value="{flag}""#),
        Some(Cell::Day(day)) => format!(r#" office:value-type="date" office:date-value="{day}""#),
    };
    let note = note.map_or_else(String::new, |note| {
        let high = 1.0 + 0.5 * note.lines().map(|line| line.chars().count() / 46 + 1).sum::<usize>().min(40) as f64;
        format!(r#"<office:annotation svg:width="8cm" svg:height="{high}cm"><dc:creator>rungs</dc:creator>{}</office:annotation>"#, paragraphs(note))
    });
    let text = value.map_or_else(String::new, |value| paragraphs(&value.shown()));
    format!(r#"<table:table-cell table:style-name="{look}"{choice}{typed}>{note}{text}</table:table-cell>"#)
}

/// A text's lines, in which spaces stay where readers would drop them, and what XML cannot hold is replaced.
fn paragraphs(text: &str) -> String {
    let line = |line: &str| {
        let mut out = String::new();
        let mut chars = line.chars().peekable();
        let mut before = None;
        while let Some(c) = chars.next() {
            match c {
                ' ' if before.is_none_or(|b| b == ' ') || chars.peek().is_none() => out += "<text:s/>",
                '\t' => out += "<text:tab/>",
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
                c => out += &escape(c.encode_utf8(&mut [0; 4]) as &str),
            }
            before = Some(c);
        }
        format!("<text:p>{out}</text:p>")
    };
    text.split('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_lines_stay() {
        assert_eq!(paragraphs("a b"), "<text:p>a b</text:p>");
        assert_eq!(paragraphs(" a  b "), "<text:p><text:s/>a <text:s/>b<text:s/></text:p>");
        assert_eq!(paragraphs("<a>\n\t\u{0}"), "<text:p>&lt;a&gt;</text:p><text:p><text:tab/>\u{fffd}</text:p>");
    }
}
