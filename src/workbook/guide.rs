//! What is said to whoever fills a workbook in, and to readers of the manual.

use super::form::{Form, Sheet, Words};

/// The lines of the sheet to read first, and whether each is a heading.
pub(super) fn read_me(form: &Form) -> Vec<(String, bool)> {
    let words = Words::of(form);
    let mut lines: Vec<(String, bool)> = vec![(format!("How to fill in this {}", form.noun), true)];
    lines.extend(HOW.iter().map(|line| ((*line).to_owned(), false)));
    lines.push(("The sheets".to_owned(), true));
    lines.extend(form.sheets.iter().map(|sheet| (format!("{}: {}", sheet.name, about(sheet, &words)), false)));
    lines
}

/// What a sheet holds, in a sentence.
pub(super) fn about(sheet: &Sheet, words: &Words) -> String {
    let about = words.sheet(sheet);
    let under = match sheet.rows {
        super::form::Rows::Under(owners, _) => {
            let owners: Vec<&str> = owners.iter().map(|o| o.heading).collect();
            format!(" Each row names its {}.", owners.join(" or "))
        }
        _ => String::new(),
    };
    about + &under
}

/// How sheets are filled in, whatever they hold.
const HOW: [&str; 10] = [
    "One row is one thing. Blank rows are passed over; a blank cell means the default, never 'as above'.",
    "Point at a heading to read what the column means. Orange headings must be filled in.",
    "Ids are texts that you choose; every row of a list has its own. \
        Where another sheet's row is named, its id or, if no other has it, its name will do.",
    "Spaces around texts, letter case and the order of columns do not matter.",
    "Periods are dates or labels: 2027, 2027-H1, 2027-Q3, 2027-04, 2027-W14; #0 is the horizon's first period. \
        'until' names the first period that is no longer part.",
    "Several things in one cell are separated by ; and 'none' is an empty list where that differs from a blank cell. \
        A row with 'none' and nothing else says the same of a whole sheet, or of those whom the row names.",
    "Yes is yes, true, 1 or x; no is no, false or 0.",
    "A text that would be misread stands in double quotes, and then means exactly itself: \"none\" is an id, not an empty list.",
    "Columns and sheets whose names begin with # are yours: they are not read.",
    "On the sheet Rules, a blank row leaves the rule as it is by default.",
];
