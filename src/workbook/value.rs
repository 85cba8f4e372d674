//! The values of cells: from a cell to the value that the file format wants, and back.

use jiff::civil::Date;
use serde_json::{Map, Number, Value, json};

use super::Wrong;
use super::cell::Cell;
use super::compact::{Word, is_error, items, joined, quoted, split, whole, words, written_whole, written_word};
use super::form::{Kind, Of};
use super::names::Names;

/// No list for periods is longer: a mistyped `2 x40000` is refused before it fills the memory.
const MOST_PERIODS: usize = 20_000;

/// The value of a cell; none if it is blank.
pub(super) fn read(kind: Kind, cell: &Cell, names: &Names) -> Result<Option<Value>, Wrong> {
    match cell {
        Cell::Broken(what) => return Err(broken(what)),
        Cell::Text(text) if is_error(text.trim()) => return Err(broken(text.trim())),
        _ => {}
    }
    if cell.is_blank() {
        return Ok(None);
    }
    match kind {
        Kind::Text => Ok(Value::String(text(cell)?.text)),
        Kind::Number => number(cell).map(numeric),
        Kind::YesNo => yes_no(cell).map(Value::Bool),
        Kind::Choice(of) => choice(of, &text(cell)?),
        Kind::Named(of) => names.meant(of, &text(cell)?).map(Value::String),
        Kind::Day => day(cell),
        Kind::Period => period_cell(cell),
        Kind::Periods if !matches!(cell, Cell::Text(_)) => period_cell(cell).map(|p| json!([p])),
        Kind::Periods => list(cell, |item| period(&joined(&words(item)?)?)),
        Kind::Ranges => list(cell, range),
        Kind::List(of) => list(cell, |item| named(&words(item)?, of, names)),
        Kind::Groups(of) => list(cell, |item| group(item, of, names)),
        Kind::Map(of) => map(cell, of, names),
        Kind::PerPeriod => per_period(cell),
        Kind::Needed => needed(cell),
        Kind::Credentials => list(cell, |item| credential(item, names)),
        Kind::Mentors => list(cell, |item| mentor(item, names)),
        Kind::Distance(of) => distance(of, cell),
        Kind::Nothing => nothing(cell),
        Kind::Json => json_value(cell),
    }
    .map(Some)
}

fn broken(what: &str) -> Wrong {
    Wrong { code: "E806", ..Wrong::cell(format!("the cell holds {what}, which no column takes")) }.hint("correct it, or clear the cell")
}

/// The cell that a value is written as; none if this kind of cell cannot hold it, so that it stands elsewhere.
pub(super) fn write(kind: Kind, value: &Value, names: &Names) -> Option<Cell> {
    let each = |item: &dyn Fn(&Value) -> Option<String>| {
        let list = value.as_array()?;
        let items: Option<Vec<String>> = list.iter().map(item).collect();
        Some(Cell::Text(if list.is_empty() { "none".to_owned() } else { items?.join("; ") }))
    };
    match kind {
        Kind::Text | Kind::Choice(_) => Some(Cell::Text(written_whole(value.as_str()?))),
        Kind::Day => value.as_str().map(day_cell),
        Kind::Number => value.as_f64().map(Cell::Number),
        Kind::YesNo => Some(Cell::text(if value.as_bool()? { "yes" } else { "no" })),
        Kind::Named(of) => value.as_str().map(|id| Cell::Text(reference(of, id, names, &written_whole, &whole))),
        Kind::Period => period_written(value),
        Kind::Periods => each(&period_word),
        Kind::Ranges => each(&|range| Some(range_written(range))),
        Kind::List(of) => each(&|item| Some(named_written(of, item.as_str()?, names))),
        Kind::Groups(of) => each(&|group| {
            let ids: Option<Vec<String>> = group.as_array()?.iter().map(|id| Some(named_written(Some(of), id.as_str()?, names))).collect();
            ids.map(|ids| if ids.is_empty() { "()".to_owned() } else { ids.join(" or ") })
        }),
        Kind::Map(of) => {
            let map = value.as_object()?;
            let entry = |(key, n): (&String, &Value)| Some(format!("{}: {}", named_written(Some(of), key, names), n.as_f64()?));
            let entries: Option<Vec<String>> = map.iter().map(entry).collect();
            Some(Cell::Text(if map.is_empty() { "none".to_owned() } else { entries?.join("; ") }))
        }
        Kind::PerPeriod => per_period_written(value),
        Kind::Needed => match value {
            Value::Number(n) => n.as_f64().map(Cell::Number),
            _ => each(&|item| Some(format!("{} by {}", item["count"].as_f64()?, period_word(&item["by"])?))),
        },
        Kind::Credentials => each(&|item| match item {
            Value::String(id) => Some(named_written(Some(Of::Credential), id, names)),
            held => {
                let from = period_word(&held["from"]).unwrap_or_else(|| "always".to_owned());
                Some(format!("{} from {from}", named_written(Some(Of::Credential), held["id"].as_str()?, names)))
            }
        }),
        Kind::Mentors => each(&|item| {
            let id = named_written(Some(Of::Mentor), item["mentor"].as_str()?, names);
            let span = range_written(item);
            Some(if span == "always" { id } else { format!("{id} {span}") })
        }),
        Kind::Distance(_) => value.as_f64().map(Cell::Number).or_else(|| value.as_str().map(Cell::text)),
        Kind::Nothing => value.as_array().filter(|list| list.is_empty()).map(|_| Cell::text("none")),
        Kind::Json => Some(Cell::Text(match value {
            Value::String(text) => quoted(&quoted(text)),
            other => other.to_string(),
        })),
    }
}

/// The text of a cell: a number as it is shortest, and never a date, which a spreadsheet may have made of something else.
fn text(cell: &Cell) -> Result<Word, Wrong> {
    match cell {
        Cell::Text(text) => Ok(whole(text)),
        Cell::Day(day) => Err(Wrong::cell(format!("the cell holds the date {day}, and a text belongs here"))
            .hint("the spreadsheet may have made a date of it: format the cell as text, and type it again")),
        other => Ok(Word { text: other.shown(), exact: false }),
    }
}

fn number(cell: &Cell) -> Result<f64, Wrong> {
    match cell {
        Cell::Number(n) if n.is_finite() => Ok(*n),
        Cell::Text(text) => number_in(text),
        other => Err(Wrong::cell(format!("{} is no number", other.shown()))),
    }
}

fn number_in(text: &str) -> Result<f64, Wrong> {
    let text = text.trim();
    let plain = text.contains(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    if let Some(n) = text.parse::<f64>().ok().filter(|n| plain && n.is_finite()) {
        return Ok(n);
    }
    let wrong = Wrong::cell(format!("'{text}' is no number"));
    Err(if text.contains(|c: char| c.is_ascii_digit()) {
        wrong.hint("write digits alone, with a point before decimals: 1500 or 0.5; no unit, no comma, no space")
    } else {
        wrong
    })
}

/// A number as JSON has it: whole numbers without a point.
fn numeric(n: f64) -> Value {
    if n.fract() == 0.0 && n.abs() < 9e15 { Value::Number((n as i64).into()) } else { Number::from_f64(n).map_or(Value::Null, Value::Number) }
}

fn yes_no(cell: &Cell) -> Result<bool, Wrong> {
    let shown = cell.shown();
    match (cell, shown.trim().to_lowercase().as_str()) {
        (Cell::Flag(flag), _) => Ok(*flag),
        (_, "yes" | "true" | "1" | "x") => Ok(true),
        (_, "no" | "false" | "0") => Ok(false),
        (_, other) => Err(Wrong::cell(format!("'{other}' is neither yes nor no")).hint("write yes or no; a blank cell means the default")),
    }
}

fn choice(of: &[&str], word: &Word) -> Result<Value, Wrong> {
    if let Some(found) = of.iter().find(|w| w.eq_ignore_ascii_case(&word.text)) {
        return Ok(json!(found));
    }
    let wrong = Wrong::cell(format!("'{}' is none of {}", word.text, of.join(", ")));
    Err(match crate::io::suggest(&word.text, of.iter().copied()) {
        Some(near) => wrong.hint(format!("did you mean '{near}'?")),
        None => wrong,
    })
}

fn day(cell: &Cell) -> Result<Value, Wrong> {
    match cell {
        Cell::Day(day) => Ok(json!(day.to_string())),
        Cell::Text(text) => Ok(json!(whole(text).text)),
        other => Err(Wrong::cell(format!("{} is no date", other.shown())).hint("write a date, or as text 2027-01-01")),
    }
}

/// A date cell, where spreadsheets have that date; else its text.
fn day_cell(text: &str) -> Cell {
    let day = Some(text).filter(|t| t.len() == 10).and_then(|t| t.parse::<Date>().ok()).filter(|d| d.to_string() == text);
    // Spreadsheets count days from 1900 and disagree about its first two months.
    day.filter(|d| d.year() > 1900).map_or_else(|| Cell::Text(written_whole(text)), Cell::Day)
}

fn period_cell(cell: &Cell) -> Result<Value, Wrong> {
    match cell {
        Cell::Day(day) => Ok(json!(day.to_string())),
        Cell::Number(n) if n.fract() == 0.0 && (1000.0..=9999.0).contains(n) => Ok(json!(n.to_string())),
        Cell::Number(n) => Err(Wrong::cell(format!("{n} names no period"))
            .hint(format!("write a date, a label such as 2027-Q3, or #{} for the period with that number, counted from 0", n.trunc()))),
        other => period(&text(other)?),
    }
}

/// A period in words: `#3` is an index, all else a label or date as it stands.
fn period(word: &Word) -> Result<Value, Wrong> {
    if word.exact {
        return Ok(json!(word.text));
    }
    if let Some(index) = word.text.strip_prefix('#') {
        let found = index.trim().parse::<i64>();
        return found.map(Value::from).map_err(|_| {
            Wrong::cell(format!("'{}' names no period", word.text)).hint("after # belongs a whole number: #0 is the horizon's first period")
        });
    }
    if word.text.parse::<f64>().is_ok() && !(word.text.len() == 4 && word.text.bytes().all(|b| b.is_ascii_digit())) {
        return Err(Wrong::cell(format!("'{}' names no period", word.text))
            .hint(format!("write a date, a label such as 2027-Q3, or #{} for the period with that number, counted from 0", word.text)));
    }
    Ok(json!(word.text.to_ascii_uppercase()))
}

/// A period as a whole cell.
fn period_written(value: &Value) -> Option<Cell> {
    match value {
        Value::Number(index) => Some(Cell::Text(format!("#{index}"))),
        Value::String(text) => {
            let cell = day_cell(text);
            let back = period_cell(&cell).ok();
            Some(if back.as_ref() == Some(value) { cell } else { Cell::Text(quoted(text)) })
        }
        _ => None,
    }
}

/// A period among other words.
fn period_word(value: &Value) -> Option<String> {
    match value {
        Value::Number(index) => Some(format!("#{index}")),
        Value::String(text) => {
            let written = written_word(text);
            let back = words(&written).and_then(|w| period(&joined(&w)?)).ok();
            Some(if back.as_ref() == Some(value) { written } else { quoted(text) })
        }
        _ => None,
    }
}

/// The items of a cell, each read; `none` is the empty list.
fn list(cell: &Cell, read: impl Fn(&str) -> Result<Value, Wrong>) -> Result<Value, Wrong> {
    let text = list_text(cell)?;
    if text.trim().eq_ignore_ascii_case("none") {
        return Ok(json!([]));
    }
    items(&text)?.into_iter().map(read).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// The text of a cell with several items.
fn list_text(cell: &Cell) -> Result<String, Wrong> {
    match cell {
        Cell::Text(text) => Ok(text.clone()),
        other => text(other).map(|word| word.text),
    }
}

fn named(found: &[Word], of: Option<Of>, names: &Names) -> Result<Value, Wrong> {
    let word = joined(found)?;
    of.map_or_else(|| Ok(word.text.clone()), |of| names.meant(of, &word)).map(Value::String)
}

fn named_written(of: Option<Of>, id: &str, names: &Names) -> String {
    of.map_or_else(
        || written_word(id),
        |of| {
            reference(of, id, names, &written_word, &|text| {
                words(text).and_then(|w| joined(&w)).unwrap_or(Word { text: String::new(), exact: false })
            })
        },
    )
}

/// An id as it is written, in quotes if it would be taken for another.
fn reference(of: Of, id: &str, names: &Names, write: &dyn Fn(&str) -> String, read: &dyn Fn(&str) -> Word) -> String {
    let written = write(id);
    let meant = names.meant(of, &read(&written));
    if meant.as_deref() == Ok(id) { written } else { quoted(id) }
}

/// `from A until B`, `A until B`, `from A`, `until B`, `always`.
fn range(item: &str) -> Result<Value, Wrong> {
    let found = words(item)?;
    if let [word] = &found[..]
        && word.is("always")
    {
        return Ok(json!({}));
    }
    span(&found).map(Value::Object)
}

fn span(found: &[Word]) -> Result<Map<String, Value>, Wrong> {
    let unclear = || {
        let shown: Vec<&str> = found.iter().map(|w| w.text.as_str()).collect();
        Wrong::cell(format!("'{}' is no range", shown.join(" ")))
            .hint("write from 2027-Q1 until 2027-Q3, or one of the two ends; what 'until' names is the first period not in it")
    };
    let (before, until) = match found.iter().position(|w| w.is("until")) {
        Some(i) => (&found[..i], Some(&found[i + 1..])),
        None => (found, None),
    };
    let from = match before {
        [word, rest @ ..] if word.is("from") => Some(rest),
        [] => None,
        _ if until.is_none() => return Err(unclear()),
        rest => Some(rest),
    };
    let mut range = Map::new();
    for (name, end) in [("from", from), ("until", until)] {
        match end {
            Some([word]) => drop(range.insert(name.to_owned(), period(word)?)),
            Some(_) => return Err(unclear()),
            None => {}
        }
    }
    if range.is_empty() { Err(unclear()) } else { Ok(range) }
}

fn range_written(range: &Value) -> String {
    let ends = [("from", &range["from"]), ("until", &range["until"])];
    let words: Vec<String> = ends.into_iter().filter_map(|(word, end)| Some(format!("{word} {}", period_word(end)?))).collect();
    if words.is_empty() { "always".to_owned() } else { words.join(" ") }
}

fn group(item: &str, of: Of, names: &Names) -> Result<Value, Wrong> {
    let found = words(item)?;
    if let [word] = &found[..]
        && word.is("()")
    {
        return Ok(json!([]));
    }
    found.split(|word| word.is("or")).map(|part| named(part, Some(of), names)).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

fn map(cell: &Cell, of: Of, names: &Names) -> Result<Value, Wrong> {
    let text = list_text(cell)?;
    let mut map = Map::new();
    if text.trim().eq_ignore_ascii_case("none") {
        return Ok(Value::Object(map));
    }
    for item in items(&text)? {
        let parts = split(item, |c| matches!(c, ':' | '='))?;
        let (Some(last), true) = (parts.last(), parts.len() > 1) else {
            return Err(Wrong::cell(format!("'{item}' has no number")).hint("write each with its number: a: 2; b: 1"));
        };
        let key = &item[..item.len() - last.len() - 1];
        let Value::String(key) = named(&words(key)?, Some(of), names)? else { continue };
        if map.contains_key(&key) {
            return Err(Wrong::cell(format!("'{key}' is given twice")).hint("keep one of the two"));
        }
        map.insert(key, numeric(number_in(last)?));
    }
    Ok(Value::Object(map))
}

fn per_period(cell: &Cell) -> Result<Value, Wrong> {
    if let Cell::Number(_) = cell {
        return number(cell).map(numeric);
    }
    let text = list_text(cell)?;
    if text.trim().eq_ignore_ascii_case("none") {
        return Ok(json!([]));
    }
    let items = items(&text)?;
    let times = |item: &str| item.to_lowercase().replace('×', "x").split_once('x').map(|(n, k)| (n.trim().to_owned(), k.trim().to_owned()));
    if let [one] = items[..]
        && times(one).is_none()
    {
        return number_in(one).map(numeric);
    }
    let mut list = Vec::new();
    for item in items {
        let (n, count) = times(item).unwrap_or_else(|| (item.to_owned(), "1".to_owned()));
        let count = count.parse::<usize>().ok().filter(|k| (1..=MOST_PERIODS).contains(&(k + list.len())));
        let Some(count) = count else {
            return Err(Wrong::cell(format!("'{item}' does not say for how many periods")).hint("2 x4 means 2 in each of four periods"));
        };
        list.extend(std::iter::repeat_n(numeric(number_in(&n)?), count));
    }
    Ok(Value::Array(list))
}

fn per_period_written(value: &Value) -> Option<Cell> {
    let Value::Array(list) = value else { return value.as_f64().map(Cell::Number) };
    if list.is_empty() {
        return Some(Cell::text("none"));
    }
    let runs: Vec<String> = list
        .chunk_by(|a, b| a == b)
        .map(
            |run| {
                if run.len() > 2 || list.len() == 1 { format!("{} x{}", run[0], run.len()) } else { vec![run[0].to_string(); run.len()].join("; ") }
            },
        )
        .collect();
    Some(Cell::Text(runs.join("; ")))
}

fn needed(cell: &Cell) -> Result<Value, Wrong> {
    if let Cell::Number(_) = cell {
        return number(cell).map(numeric);
    }
    let text = list_text(cell)?;
    if let Ok(n) = number_in(&text) {
        return Ok(numeric(n));
    }
    list(cell, |item| {
        let found = words(item)?;
        let [count, by, when] = &found[..] else {
            return Err(Wrong::cell(format!("'{item}' does not say how many by when")).hint("write 2 by 2028-Q4; 5 by 2029-Q4"));
        };
        if !by.is("by") {
            return Err(Wrong::cell(format!("'{item}' does not say by when")).hint("write 2 by 2028-Q4; 5 by 2029-Q4"));
        }
        Ok(json!({"by": period(when)?, "count": numeric(number_in(&count.text)?)}))
    })
}

fn credential(item: &str, names: &Names) -> Result<Value, Wrong> {
    let found = words(item)?;
    let Some(i) = found.iter().rposition(|w| w.is("from")) else { return named(&found, Some(Of::Credential), names) };
    let id = named(&found[..i], Some(Of::Credential), names)?;
    match &found[i + 1..] {
        [word] if word.is("always") => Ok(json!({"id": id})),
        [word] => Ok(json!({"id": id, "from": period(word)?})),
        _ => Err(Wrong::cell(format!("'{item}' does not say from when")).hint("write us-work from 2030-01-01")),
    }
}

fn mentor(item: &str, names: &Names) -> Result<Value, Wrong> {
    let found = words(item)?;
    let i = found.iter().position(|w| w.is("from") || w.is("until")).unwrap_or(found.len());
    let mut support = if i < found.len() { span(&found[i..])? } else { Map::new() };
    support.insert("mentor".to_owned(), named(&found[..i], Some(Of::Mentor), names)?);
    Ok(Value::Object(support))
}

fn distance(of: &[&str], cell: &Cell) -> Result<Value, Wrong> {
    if let Ok(n) = number(cell) {
        return Ok(numeric(n));
    }
    let word = text(cell)?;
    choice(of, &word).map_err(|wrong| wrong.hint("a distance is one of these words, or a number of kilometres without a unit"))
}

fn nothing(cell: &Cell) -> Result<Value, Wrong> {
    if text(cell)?.text.eq_ignore_ascii_case("none") {
        return Ok(json!([]));
    }
    Err(Wrong::cell(format!("'{}' has no meaning here", cell.shown())).hint("leave the cell blank, or write none for an empty list"))
}

fn json_value(cell: &Cell) -> Result<Value, Wrong> {
    match cell {
        Cell::Number(n) => Ok(numeric(*n)),
        Cell::Flag(flag) => Ok(json!(flag)),
        _ => {
            let word = text(cell)?;
            serde_json::from_str(&word.text).map_err(|_| Wrong::cell(format!("'{}' is no JSON value", word.text)))
        }
    }
}
