//! From the JSON value of a file to the pages of a workbook.

use serde_json::{Value, json};

use super::cell::Cell;
use super::compact::written_whole;
use super::form::{Column, Form, Kind, Of, Rows, Sheet, Words, parameters};
use super::names::Names;
use super::page::{Choice, Head, Page};
use super::value;
use crate::rules::{Default as DefaultMode, RULES, Rule};

/// The pages of a file's value: one for each sheet of its form, those without rows too.
pub(super) fn pages(root: &Value, form: &Form, names: &Names) -> Vec<Page> {
    let words = Words::of(form);
    form.sheets.iter().map(|sheet| page(root, form, sheet, &words, names)).collect()
}

fn page(root: &Value, form: &Form, sheet: &Sheet, words: &Words, names: &Names) -> Page {
    let columns = || sheet.columns.iter().map(|c| head(sheet, c, words));
    let mut page = Page { name: sheet.name.to_owned(), frozen: 1, ..Page::default() };
    match sheet.rows {
        Rows::Settings => settings(&mut page, root, sheet, words, names),
        Rows::List(list) => {
            page.heads = columns().collect();
            page.rows = items(root, list).map(|row| object(row, sheet.columns, names)).collect();
            if is_empty(get(root, list)) && form.says_none(None, list) {
                page.rows.push(none(0));
            }
        }
        Rows::Under(owners, field) => {
            page.frozen = u16::try_from(owners.len()).unwrap_or(1);
            let several = owners.len() > 1;
            let owner = |o: &super::form::Owner| {
                let note = format!("{} Whose row it is{}.", Kind::Named(o.of).how(), if several { ": one of these columns" } else { "" });
                Head { title: o.heading.to_owned(), note, required: !several, choice: Some(Choice::Rows(o.of, false)), text: true, ..Head::default() }
            };
            page.heads = owners.iter().map(owner).chain(columns()).collect();
            for (i, owner) in owners.iter().enumerate() {
                for item in items(root, owner.list) {
                    let whose = || value::write(Kind::Named(owner.of), &item["id"], names);
                    if is_empty(item.get(field)) && form.says_none(Some(owner.list), field) {
                        let mut cells = none(owners.len());
                        cells[i] = whose();
                        page.rows.push(cells);
                    }
                    for row in items(item, field) {
                        let mut cells = vec![None; owners.len()];
                        cells[i] = whose();
                        cells.extend(object(row, sheet.columns, names));
                        page.rows.push(cells);
                    }
                }
            }
        }
        Rows::Map(path, key, value) => {
            page.heads = columns().zip([key, value]).map(|(head, title)| Head { title: title.to_owned(), ..head }).collect();
            let map = get(root, path).and_then(Value::as_object);
            let row = |(key, value): (&String, &Value)| object(&json!({"key": key, "value": value}), sheet.columns, names);
            page.rows = map.into_iter().flatten().map(row).collect();
            if map.is_some_and(serde_json::Map::is_empty) {
                page.rows.push(none(0));
            }
        }
        Rows::Rules => rules(&mut page, root, sheet, words, names),
    }
    page
}

/// A column with its note: what it means, then how it is written.
pub(super) fn head(sheet: &Sheet, column: &Column, words: &Words) -> Head {
    let about = words.column(sheet, column);
    let required = if about.required { " Must be given." } else { "" };
    let choice = match column.kind {
        Kind::Choice(words) => Some(Choice::Words(owned(words))),
        Kind::YesNo => Some(Choice::Words(owned(&["yes", "no"]))),
        Kind::Nothing => Some(Choice::Words(owned(&["none"]))),
        Kind::Named(of) => Some(Choice::Rows(of, of == Of::Person)),
        Kind::List(Some(of)) | Kind::Groups(of) | Kind::Map(of) => Some(Choice::Rows(of, true)),
        Kind::Credentials => Some(Choice::Rows(Of::Credential, true)),
        Kind::Mentors => Some(Choice::Rows(Of::Mentor, true)),
        _ => None,
    };
    Head {
        title: column.heading(),
        note: format!("{}{required}\n{}", about.text, column.kind.how()),
        required: about.required,
        choice,
        text: matches!(column.kind, Kind::Text | Kind::Named(_) | Kind::List(_) | Kind::Groups(_) | Kind::Map(_) | Kind::Credentials),
        ..Head::default()
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

/// The cells of a row's object. An object without fields, which means something only because it is there, is marked by `{}`
/// under its first field.
fn object(row: &Value, columns: &[Column], names: &Names) -> Vec<Option<Cell>> {
    let mut marked: Vec<&str> = Vec::new();
    let cell = |column: &Column| {
        if let Some(value) = get(row, column.path) {
            return value::write(column.kind, value, names);
        }
        let (group, _) = column.path.rsplit_once('.')?;
        let empty = get(row, group).and_then(Value::as_object).is_some_and(serde_json::Map::is_empty);
        let clause = group == "of" && row.get("each").is_none();
        (empty && !clause && !marked.contains(&group)).then(|| {
            marked.push(group);
            Cell::text("{}")
        })
    };
    columns.iter().map(cell).collect()
}

fn settings(page: &mut Page, root: &Value, sheet: &Sheet, words: &Words, names: &Names) {
    page.heads = vec![
        Head { title: "setting".to_owned(), note: "What is set.".to_owned(), text: true, ..Head::default() },
        Head { title: "value".to_owned(), note: "Fill in here.".to_owned(), width: Some(28.0), ..Head::default() },
        Head { title: "# meaning".to_owned(), note: "For reading only.".to_owned(), width: Some(100.0), ..Head::default() },
    ];
    let cells = object(root, sheet.columns, names);
    for (row, (column, cell)) in (0..).zip(sheet.columns.iter().zip(cells)) {
        let head = head(sheet, column, words);
        page.heads[1].choices.extend(head.choice.map(|choice| (row, choice)));
        page.rows.push(vec![Some(Cell::Text(column.heading())), cell, Some(Cell::Text(head.note.replace('\n', " ")))]);
    }
}

fn rules(page: &mut Page, root: &Value, sheet: &Sheet, words: &Words, names: &Names) {
    let title = |title: &str, note: &str| Head { title: title.to_owned(), note: note.to_owned(), text: true, ..Head::default() };
    let params = parameters();
    page.heads = vec![title("rule", "The rule's id. A row without a mode, a weight or a parameter leaves the rule as it is by default.")];
    page.heads.extend(sheet.columns.iter().map(|c| head(sheet, c, words)));
    page.heads.extend(params.iter().map(|name| {
        let about: Vec<String> = RULES.iter().filter_map(|rule| Some(format!("{}: {}", rule.id, described(rule, name)?))).collect();
        Head { title: (*name).to_owned(), note: about.join("\n"), ..Head::default() }
    }));
    page.heads.push(Head { width: Some(34.0), ..title("# default", "The rule's own mode and weight. For reading only.") });
    page.heads.push(Head { width: Some(90.0), ..title("# what it asks", "For reading only; rungs rules RULE shows its whole page.") });
    let set = root["rules"].as_object();
    if set.is_some_and(serde_json::Map::is_empty) {
        page.rows.push(none(0));
    }
    // Rules that do not exist are kept, so that they are seen and mended.
    let unknown = set.into_iter().flat_map(|map| map.keys()).filter(|id| RULES.iter().all(|rule| rule.id != **id));
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).chain(unknown.map(String::as_str)).collect();
    for id in ids {
        let row = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
        let rule = RULES.iter().find(|rule| rule.id == id);
        let entry = set.and_then(|map| map.get(id));
        let mut cells = vec![Some(Cell::Text(written_whole(id)))];
        let own = entry.map(|e| object(e, sheet.columns, names)).unwrap_or_else(|| vec![None; sheet.columns.len()]);
        cells.extend(own);
        if entry.and_then(Value::as_object).is_some_and(serde_json::Map::is_empty) {
            cells[1] = Some(Cell::text("{}"));
        }
        for (column, name) in (0..).zip(&params) {
            let param = rule.and_then(|r| r.params.iter().find(|p| p.name == *name));
            let kind = param.map_or(Kind::Text, |p| Kind::of_param(&p.kind));
            cells.push(entry.and_then(|e| e.get(name)).and_then(|v| value::write(kind, v, names).or_else(|| Some(Cell::Text(v.to_string())))));
            let head = &mut page.heads[1 + sheet.columns.len() + column];
            match kind {
                _ if param.is_none() => page.fills.push((row, u32::try_from(1 + sheet.columns.len() + column).unwrap_or(0), 0x00E7_E6E6)),
                Kind::Choice(words) => head.choices.push((row, Choice::Words(owned(words)))),
                Kind::YesNo => head.choices.push((row, Choice::Words(owned(&["yes", "no"])))),
                _ => {}
            }
        }
        cells.push(rule.map(|r| Cell::Text(default_of(r))));
        cells.push(rule.map(|r| Cell::Text(r.asks())));
        page.rows.push(cells);
    }
}

/// What a rule's parameter means, and its default.
fn described(rule: &Rule, name: &str) -> Option<String> {
    use crate::rules::ParamKind;
    let param = rule.params.iter().find(|p| p.name == name)?;
    let default = match param.kind {
        ParamKind::Number { default, .. } => default.to_string(),
        ParamKind::Flag { default } => if default { "yes" } else { "no" }.to_owned(),
        ParamKind::Choice(words) => format!("{} (one of {})", words.first()?, words.join(", ")),
        ParamKind::Rules(ids) => ids.join("; "),
    };
    Some(format!("{} Default {default}.", param.about))
}

fn default_of(rule: &Rule) -> String {
    let mode = match rule.default {
        DefaultMode::HardOnly => "hard, and nothing else",
        DefaultMode::Hard => "hard",
        DefaultMode::Soft => "soft",
        DefaultMode::Off => "off",
        DefaultMode::HardWithMentors => "hard, off without mentors",
        DefaultMode::SoftWithBaseline => "soft, off without a baseline",
    };
    rule.weight.map_or_else(|| mode.to_owned(), |w| format!("{mode}, weight {w}"))
}

/// Whether a list is spelt out and has no items.
fn is_empty(list: Option<&Value>) -> bool {
    list.and_then(Value::as_array).is_some_and(Vec::is_empty)
}

/// The row that says that a list is empty, its word in the column after so many.
fn none(before: usize) -> Vec<Option<Cell>> {
    let mut cells = vec![None; before];
    cells.push(Some(Cell::text("none")));
    cells
}

/// The items of a list at a dotted path.
fn items<'v>(value: &'v Value, path: &str) -> impl Iterator<Item = &'v Value> {
    get(value, path).and_then(Value::as_array).into_iter().flatten()
}

/// The value at a dotted path, if it is there.
fn get<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |here, name| here.as_object()?.get(name))
}
