//! From the sheets of a workbook to the JSON value of a file, with every problem in its cell.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::Wrong;
use super::cell::{Book, Cell, Grid};
use super::form::{Column, Form, Kind, Of, Owner, READ_ME, Rows, Sheet, parameters};
use super::names::{Names, fold};
use super::origin::{Origins, Spot};
use super::value;
use crate::io::{Problem, child_path, suggest};
use crate::rules::RULES;

/// The content of a workbook as a file's value.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) value: Value,
    pub(super) origins: Origins,
    pub(super) problems: Vec<Problem>,
}

/// Reads a workbook. Cells that cannot be read are left out of the value, each with a problem.
///
/// What a text names is found among the rows of the workbook itself, so it is read twice: first as it stands, for the names.
pub(super) fn read(book: &Book, form: &'static Form, names: Option<Names>) -> Content {
    let names = names.unwrap_or_else(|| Names::of_instance(&Reading::new(book, form, &Names::default()).content().value));
    Reading::new(book, form, &names).content()
}

/// What a heading may look like and still be known.
fn headed(text: &str) -> String {
    fold(&text.replace(['_', '.'], " ").replace('*', ""))
}

/// What a sheet's name may look like and still be known.
pub(super) fn titled(name: &str) -> String {
    fold(name).replace([' ', '_', '-', '.'], "")
}

struct Reading<'b> {
    book: &'b Book,
    form: &'static Form,
    names: &'b Names,
    root: Value,
    origins: Origins,
    problems: Vec<Problem>,
}

/// What a sheet's header says of a column.
#[derive(Clone, Copy)]
enum Head {
    Key,
    Owner(usize),
    Column(Column),
    Param(&'static str),
}

/// A sheet that was found, with its columns.
struct Found<'b> {
    index: usize,
    grid: &'b Grid,
    sheet: &'static Sheet,
    heads: BTreeMap<u32, Head>,
    /// Rows below the header that hold something in a column that is read.
    rows: Vec<u32>,
}

impl Found<'_> {
    /// Where a row says `none`, and nothing else but whose it is: that its list is spelt out and empty.
    fn none(&self, row: u32) -> Option<Spot> {
        let said = self.grid.row(row).filter(|(column, cell)| !cell.is_blank() && !matches!(self.heads.get(column), None | Some(Head::Owner(_))));
        let (said, first) = (said.collect::<Vec<_>>(), self.sheet.columns.first()?.path);
        let [(column, Cell::Text(text))] = said[..] else { return None };
        let leads = match self.heads.get(&column)? {
            Head::Key => true,
            Head::Column(c) => c.path == first,
            Head::Owner(_) | Head::Param(_) => false,
        };
        (leads && text.trim().eq_ignore_ascii_case("none")).then_some(Spot { sheet: self.index, cell: Some((row, column)) })
    }

    /// The rows that hold something, and where it is said that there are none.
    fn rows_and_none(&self) -> (Vec<u32>, Option<Spot>) {
        let (none, rows): (Vec<u32>, Vec<u32>) = self.rows.iter().partition(|row| self.none(**row).is_some());
        (rows, none.first().and_then(|row| self.none(*row)))
    }
}

impl<'b> Reading<'b> {
    fn new(book: &'b Book, form: &'static Form, names: &'b Names) -> Self {
        Self { book, form, names, root: json!({"format": form.format}), origins: Origins::default(), problems: Vec::new() }
    }

    fn content(mut self) -> Content {
        let grids = self.sheets();
        // In the form's order: owners come before what is theirs, and lists before maps.
        for sheet in self.form.sheets {
            let mut with: Vec<usize> = grids.iter().filter(|(_, s)| std::ptr::eq(*s, sheet)).map(|(i, _)| *i).collect();
            with.truncate(1);
            for index in with {
                let found = self.found(index, sheet);
                self.rows(&found);
            }
        }
        Content { value: self.root, origins: self.origins, problems: self.problems }
    }

    /// The sheets of the book that are known.
    fn sheets(&mut self) -> Vec<(usize, &'static Sheet)> {
        let mut found: Vec<(usize, &'static Sheet)> = Vec::new();
        let plain: Vec<&str> = [READ_ME].into_iter().chain(super::form::INSTANCE.views.iter().chain(super::form::PLAN.views).copied()).collect();
        for (index, grid) in self.book.grids.iter().enumerate() {
            let title = titled(&grid.name);
            if grid.name.trim_start().starts_with('#') || plain.iter().any(|name| titled(name) == title) || grid.rows().is_empty() {
                continue;
            }
            let Some(sheet) = self.form.sheets.iter().find(|s| titled(s.name) == title) else {
                self.unknown_sheet(index, grid);
                continue;
            };
            if let Some((first, _)) = found.iter().find(|(_, s)| std::ptr::eq(*s, sheet)) {
                let what = format!("the sheet '{}' is there twice: as '{}' too", grid.name, self.book.grids[*first].name);
                let hint = "keep one of the two, or put # before the name of the one that is not to be read";
                self.problem(Spot { sheet: index, cell: None }, Wrong { code: "E803", ..Wrong::cell(what) }.hint(hint));
                continue;
            }
            found.push((index, sheet));
        }
        found
    }

    fn unknown_sheet(&mut self, index: usize, grid: &Grid) {
        let own = self.form.sheets.iter().map(|s| s.name);
        let near = suggest(&grid.name, own).map(|near| format!("did you mean '{near}'? "));
        let hint = format!("{}a sheet whose name begins with # is yours and is not read", near.unwrap_or_default());
        let wrong = Wrong { code: "E801", ..Wrong::cell(format!("the {} has no sheet '{}'", self.form.noun, grid.name)) };
        self.problem(Spot { sheet: index, cell: None }, wrong.hint(hint));
    }

    /// The header of a sheet: its first row that holds something.
    fn found(&mut self, index: usize, sheet: &'static Sheet) -> Found<'b> {
        let grid = &self.book.grids[index];
        let rows = grid.rows();
        let (header, below) = rows.split_first().map_or((0, &[][..]), |(first, rest)| (*first, rest));
        let known = heads(sheet);
        let mut heads = BTreeMap::new();
        let mut skipped = BTreeSet::new();
        let mut columns: BTreeMap<String, u32> = BTreeMap::new();
        for (column, cell) in grid.row(header).filter(|(_, cell)| !cell.is_blank()) {
            let shown = cell.shown();
            let spot = Spot { sheet: index, cell: Some((header, column)) };
            if shown.trim_start().starts_with('#') {
                skipped.insert(column);
                continue;
            }
            let heading = headed(&shown);
            skipped.insert(column);
            let Some((name, head)) = known.iter().find(|(name, _)| headed(name) == heading) else {
                let near = suggest(&heading, known.iter().map(|(name, _)| name.as_str()));
                let near = near.map_or_else(|| format!("its columns are {}; ", list(&known)), |near| format!("did you mean '{near}'? "));
                let what = format!("the sheet '{}' has no column '{}'", sheet.name, shown.trim());
                let hint = format!("{near}a column whose heading begins with # is yours and is not read");
                self.problem(spot, Wrong { code: "E802", ..Wrong::cell(what) }.hint(hint));
                continue;
            };
            if columns.insert(name.clone(), column).is_some() {
                let what = format!("the column '{name}' is there twice");
                let hint = "keep one of the two, or put # before the heading of the one that is not to be read";
                self.problem(spot, Wrong { code: "E803", ..Wrong::cell(what) }.hint(hint));
                continue;
            }
            skipped.remove(&column);
            heads.insert(column, *head);
        }
        self.stray(index, grid, below, &heads, &skipped);
        let filled = |row: &u32| grid.row(*row).any(|(column, cell)| heads.contains_key(&column) && !cell.is_blank());
        let rows = below.iter().copied().filter(filled).collect();
        let paths = heads.iter().map(|(column, head)| match head {
            Head::Column(c) => (c.path.to_owned(), *column),
            Head::Param(name) => ((*name).to_owned(), *column),
            // The row as a whole.
            Head::Key | Head::Owner(_) => (String::new(), *column),
        });
        self.origins.sheet(index, header, paths.collect());
        Found { index, grid, sheet, heads, rows }
    }

    /// Cells under no heading.
    fn stray(&mut self, index: usize, grid: &Grid, below: &[u32], heads: &BTreeMap<u32, Head>, skipped: &BTreeSet<u32>) {
        let mut said = BTreeSet::new();
        for row in below {
            for (column, cell) in grid.row(*row) {
                if !cell.is_blank() && !heads.contains_key(&column) && !skipped.contains(&column) && said.insert(column) {
                    let wrong = Wrong { code: "E802", ..Wrong::cell("this column has no heading") };
                    let hint = "write a heading over it, one that begins with # if the column is yours, or clear its cells";
                    self.problem(Spot { sheet: index, cell: Some((*row, column)) }, wrong.hint(hint));
                }
            }
        }
    }

    fn rows(&mut self, found: &Found<'b>) {
        match found.sheet.rows {
            Rows::Settings => self.settings(found),
            Rows::List(list) => {
                self.origins.list(list, found.index);
                if found.rows.is_empty() {
                    if self.form.lists.contains(&list) {
                        place(&mut self.root, list, json!([]));
                    }
                    return;
                }
                if at(&mut self.root, list).is_some() {
                    self.nothing_and_rows(Spot { sheet: found.index, cell: Some((found.rows[0], 0)) }, list);
                }
                place(&mut self.root, list, json!([]));
                let (rows, none) = found.rows_and_none();
                if let (Some(none), false) = (none, rows.is_empty()) {
                    self.nothing_and_rows(none, list);
                }
                for (i, row) in rows.iter().enumerate() {
                    let path = format!("{list}[{i}]");
                    let object = self.object(found, *row, &path);
                    if let Some(Value::Array(items)) = at(&mut self.root, list) {
                        items.push(object);
                    }
                }
            }
            Rows::Under(owners, field) => self.under(found, owners, field),
            Rows::Map(path, key, _) => self.map(found, path, key),
            Rows::Rules => self.rules(found),
        }
    }

    /// The object of a row.
    fn object(&mut self, found: &Found<'b>, row: u32, path: &str) -> Value {
        self.origins.row(path.to_owned(), found.index, row);
        let mut object = json!({});
        for (column, cell) in found.grid.row(row).filter(|(_, cell)| !cell.is_blank()) {
            if let Some(Head::Column(c)) = found.heads.get(&column) {
                self.cell(&mut object, c, cell, Spot { sheet: found.index, cell: Some((row, column)) });
            }
        }
        // A clause that names nothing to count at each counts what matches an empty list of demands: everything.
        if matches!(found.sheet.rows, Rows::Under(_, "curriculum")) && object.get("each").is_none() && object.get("of").is_none() {
            place(&mut object, "of", json!({}));
        }
        object
    }

    /// Reads a cell into its place in an object.
    fn cell(&mut self, object: &mut Value, column: &Column, cell: &Cell, spot: Spot) {
        if let (Cell::Text(text), Some((group, _))) = (cell, column.path.rsplit_once('.'))
            && text.trim() == "{}"
        {
            if at(object, group).is_none() {
                place(object, group, json!({}));
            }
            return;
        }
        match value::read(column.kind, cell, self.names) {
            Err(wrong) => self.problem(spot, wrong),
            Ok(None) => {}
            Ok(Some(value)) => {
                let parent = column.path.rsplit_once('.').map(|(parent, _)| parent);
                if parent.and_then(|p| at(object, p)).is_some_and(|v| !v.is_object()) || at(object, column.path).is_some_and(|v| !v.is_array()) {
                    let what = format!("'{}' and '{}' exclude each other", column.heading(), parent.unwrap_or(column.path));
                    self.problem(spot, Wrong::cell(what).hint("clear one of the two"));
                } else {
                    place(object, column.path, value);
                }
            }
        }
    }

    fn settings(&mut self, found: &Found<'b>) {
        let columns = found.heads.iter();
        let of = |wanted: &str| columns.clone().find(|(_, h)| matches!(h, Head::Column(c) if c.path == wanted)).map(|(column, _)| *column);
        let key = found.heads.iter().find(|(_, head)| matches!(head, Head::Key)).map(|(column, _)| *column);
        let (Some(key), Some(value)) = (key, of("value")) else {
            let wrong = Wrong { code: "E802", ..Wrong::cell(format!("the sheet '{}' needs the columns 'setting' and 'value'", found.sheet.name)) };
            return self.problem(Spot { sheet: found.index, cell: None }, wrong);
        };
        let mut seen = BTreeSet::new();
        for row in &found.rows {
            let cell = |column: u32| found.grid.cells.get(&(*row, column)).filter(|cell| !cell.is_blank());
            let (spot, at) = (Spot { sheet: found.index, cell: Some((*row, key)) }, Spot { sheet: found.index, cell: Some((*row, value)) });
            let Some(name) = cell(key) else {
                self.problem(spot, Wrong { code: "E802", ..Wrong::cell("this value has no setting beside it") });
                continue;
            };
            let shown = name.shown();
            if shown.trim_start().starts_with('#') {
                continue;
            }
            let Some(column) = found.sheet.columns.iter().find(|c| headed(c.path) == headed(&shown)) else {
                let headings: Vec<String> = found.sheet.columns.iter().map(Column::heading).collect();
                let near = suggest(&headed(&shown), headings.iter().map(String::as_str));
                let hint = near.map_or_else(|| format!("its settings are {}", headings.join(", ")), |near| format!("did you mean '{near}'?"));
                self.problem(spot, Wrong { code: "E802", ..Wrong::cell(format!("there is no setting '{}'", shown.trim())) }.hint(hint));
                continue;
            };
            if !seen.insert(column.path) {
                self.problem(spot, Wrong { code: "E803", ..Wrong::cell(format!("the setting '{}' is there twice", column.heading())) });
                continue;
            }
            self.origins.cell(column.path.to_owned(), at);
            if let Some(cell) = cell(value) {
                let mut root = std::mem::take(&mut self.root);
                self.cell(&mut root, column, cell, at);
                self.root = root;
            }
        }
    }

    /// Rows that belong to rows of another sheet.
    fn under(&mut self, found: &Found<'b>, owners: &'static [Owner], field: &str) {
        let ids = |owner: &Owner| {
            let rows = self.root[owner.list].as_array().map_or(&[][..], Vec::as_slice).iter().enumerate().rev();
            rows.filter_map(|(i, row)| Some((row["id"].as_str()?.to_owned(), i))).collect::<HashMap<_, _>>()
        };
        let by_id: Vec<HashMap<String, usize>> = owners.iter().map(ids).collect();
        for row in &found.rows {
            let given = found.heads.iter().filter_map(|(column, head)| match head {
                Head::Owner(i) => Some((*column, *i, found.grid.cells.get(&(*row, *column)).filter(|cell| !cell.is_blank())?)),
                _ => None,
            });
            let given: Vec<(u32, usize, &Cell)> = given.collect();
            let headings: Vec<&str> = owners.iter().map(|o| o.heading).collect();
            let [(column, owner, cell)] = given[..] else {
                let first = found.heads.iter().find(|(_, head)| matches!(head, Head::Owner(_))).map_or(0, |(column, _)| *column);
                let (what, hint) = if given.is_empty() {
                    let what = format!("this row does not say whose it is: it needs a {}", headings.join(" or a "));
                    (what, "a blank cell never means 'as above'")
                } else {
                    (format!("this row names both a {}", headings.join(" and a ")), "clear one of the two")
                };
                let wrong = Wrong { code: "E106", ..Wrong::cell(what) };
                self.problem(Spot { sheet: found.index, cell: Some((*row, first)) }, wrong.hint(hint));
                // Its other cells are still looked at.
                self.object(found, *row, "");
                continue;
            };
            let (owner, ids) = (&owners[owner], &by_id[owner]);
            let spot = Spot { sheet: found.index, cell: Some((*row, column)) };
            let id = match value::read(Kind::Named(owner.of), cell, self.names) {
                Ok(id) => id.and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default(),
                Err(wrong) => {
                    self.problem(spot, wrong);
                    continue;
                }
            };
            let Some(i) = ids.get(&id).copied() else {
                let near = suggest(&id, self.names.all(owner.of)).map(|near| format!("did you mean '{near}'?"));
                let wrong = Wrong { code: "E203", hint: near, ..Wrong::cell(format!("there is no {} '{id}'", owner.of.words().0)) };
                self.problem(spot, wrong);
                self.object(found, *row, "");
                continue;
            };
            let so_far = self.root[owner.list][i][field].as_array().map(Vec::len);
            let count = so_far.unwrap_or(0);
            let none = found.none(*row);
            if (so_far == Some(0) && none.is_none()) || (count > 0 && none.is_some()) {
                self.nothing_and_rows(none.unwrap_or(spot), field);
            }
            if none.is_some() {
                if count == 0 {
                    self.root[owner.list][i][field] = json!([]);
                }
                continue;
            }
            let path = format!("{}[{i}].{field}[{count}]", owner.list);
            let object = self.object(found, *row, &path);
            match &mut self.root[owner.list][i][field] {
                Value::Array(items) => items.push(object),
                empty => *empty = json!([object]),
            }
        }
    }

    /// A list that was said to be empty has rows all the same.
    fn nothing_and_rows(&mut self, spot: Spot, list: &str) {
        let wrong = Wrong::cell(format!("'{list}' is said to be none, and here is a row of it"));
        self.problem(spot, wrong.hint("clear the cell that says none, or the rows"));
    }

    fn map(&mut self, found: &Found<'b>, path: &str, key: &str) {
        self.origins.list(path, found.index);
        let (rows, none) = found.rows_and_none();
        if let Some(none) = none {
            place(&mut self.root, path, json!({}));
            if !rows.is_empty() {
                self.nothing_and_rows(none, path);
            }
        }
        for row in &rows {
            let object = self.object(found, *row, "");
            let keyed = |head: &Head, wanted: &str| matches!(head, Head::Column(c) if c.path == wanted);
            let column = |wanted: &str| found.heads.iter().find(|(_, head)| keyed(head, wanted)).map_or(0, |(column, _)| *column);
            let spot = |wanted: &str| Spot { sheet: found.index, cell: Some((*row, column(wanted))) };
            let Some(name) = object["key"].as_str() else {
                if found.grid.cells.get(&(*row, column("key"))).is_none_or(Cell::is_blank) {
                    self.problem(spot("key"), Wrong { code: "E106", ..Wrong::cell(format!("this row needs a {key}")) });
                }
                continue;
            };
            let entry = child_path(path, name);
            self.origins.cell(entry.clone(), spot("value"));
            if object["value"].is_null() {
                if found.grid.cells.get(&(*row, column("value"))).is_none_or(Cell::is_blank) {
                    self.problem(spot("value"), Wrong { code: "E106", ..Wrong::cell(format!("the {key} '{name}' needs a value")) });
                }
                continue;
            }
            if at(&mut self.root, path).is_none() {
                place(&mut self.root, path, json!({}));
            }
            match at(&mut self.root, path).and_then(Value::as_object_mut) {
                Some(map) if map.contains_key(name) => {
                    let wrong = Wrong { code: "E105", ..Wrong::cell(format!("the {key} '{name}' is given twice")) };
                    self.problem(spot("key"), wrong.hint("keep one of the two"));
                }
                Some(map) => drop(map.insert(name.to_owned(), object["value"].clone())),
                None => {}
            }
        }
    }

    fn rules(&mut self, found: &Found<'b>) {
        for row in &found.rows {
            let cells = found.grid.row(*row).filter(|(column, cell)| found.heads.contains_key(column) && !cell.is_blank());
            let cells: Vec<(u32, &Cell)> = cells.collect();
            let key = found.heads.iter().find(|(_, head)| matches!(head, Head::Key)).map_or(0, |(column, _)| *column);
            let spot = |column: u32| Spot { sheet: found.index, cell: Some((*row, column)) };
            let Some((_, cell)) = cells.iter().find(|(column, _)| *column == key) else {
                self.problem(spot(key), Wrong { code: "E106", ..Wrong::cell("this row needs a rule") });
                continue;
            };
            let id = match value::read(Kind::Named(Of::Rule), cell, self.names) {
                Ok(id) => id.and_then(|id| id.as_str().map(|id| fold(id).replace(' ', "-"))).unwrap_or_default(),
                Err(wrong) => {
                    self.problem(spot(key), wrong);
                    continue;
                }
            };
            if cells.len() == 1 && found.none(*row).is_some() {
                if at(&mut self.root, "rules").is_some() {
                    self.nothing_and_rows(spot(key), "rules");
                }
                place(&mut self.root, "rules", json!({}));
                continue;
            }
            let path = child_path("rules", &id);
            self.origins.row(path.clone(), found.index, *row);
            let rule = RULES.iter().find(|rule| rule.id == id);
            let mut entry = json!({});
            let mut given = false;
            for (column, cell) in cells.iter().filter(|(column, _)| *column != key) {
                given = true;
                match found.heads.get(column) {
                    Some(Head::Column(_)) if matches!(cell, Cell::Text(text) if text.trim() == "{}") => {}
                    Some(Head::Column(c)) => self.cell(&mut entry, c, cell, spot(*column)),
                    Some(Head::Param(name)) => {
                        let kind = rule.and_then(|r| r.params.iter().find(|p| p.name == *name)).map_or(Kind::Text, |p| Kind::of_param(&p.kind));
                        self.cell(&mut entry, &Column { path: name, kind }, cell, spot(*column));
                    }
                    _ => {}
                }
            }
            if !given {
                if rule.is_none() {
                    let near = suggest(&id, RULES.iter().map(|rule| rule.id)).map(|near| format!("did you mean '{near}'?"));
                    self.problem(spot(key), Wrong { code: "E601", hint: near, ..Wrong::cell(format!("there is no rule '{id}'")) });
                }
                continue;
            }
            if at(&mut self.root, "rules").is_none() {
                place(&mut self.root, "rules", json!({}));
            }
            match self.root["rules"].as_object_mut() {
                Some(rules) if rules.contains_key(&id) => {
                    let wrong = Wrong { code: "E105", ..Wrong::cell(format!("the rule '{id}' is set twice")) };
                    self.problem(spot(key), wrong.hint("keep one of the two rows"));
                }
                Some(rules) => drop(rules.insert(id, entry)),
                None => {}
            }
        }
    }

    fn problem(&mut self, spot: Spot, wrong: Wrong) {
        let mut problem = Problem::error(wrong.code, "", wrong.what);
        problem.hint = wrong.hint;
        problem.place = spot.place(self.book);
        self.problems.push(problem);
    }
}

/// The headings of a sheet.
fn heads(sheet: &Sheet) -> Vec<(String, Head)> {
    let columns = || sheet.columns.iter().map(|c| (c.heading(), Head::Column(*c)));
    match sheet.rows {
        Rows::Settings => {
            vec![("setting".to_owned(), Head::Key), ("value".to_owned(), Head::Column(Column { path: "value", kind: Kind::Text }))]
        }
        Rows::List(_) => columns().collect(),
        Rows::Under(owners, _) => owners.iter().enumerate().map(|(i, o)| (o.heading.to_owned(), Head::Owner(i))).chain(columns()).collect(),
        Rows::Map(_, key, value) => {
            let name = |path: &str| if path == "key" { key } else { value };
            sheet.columns.iter().map(|c| (name(c.path).to_owned(), Head::Column(*c))).collect()
        }
        Rows::Rules => {
            let params = parameters().into_iter().map(|name| (name.to_owned(), Head::Param(name)));
            [("rule".to_owned(), Head::Key)].into_iter().chain(columns()).chain(params).collect()
        }
    }
}

fn list(known: &[(String, Head)]) -> String {
    known.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The value at a dotted path, if it is there.
pub(super) fn at<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    path.split('.').try_fold(value, |here, name| here.as_object_mut()?.get_mut(name))
}

/// Puts a value at a dotted path, with the objects on the way.
pub(super) fn place(value: &mut Value, path: &str, what: Value) {
    match path.split_once('.') {
        Some((first, rest)) => {
            if let Some(map) = value.as_object_mut() {
                place(map.entry(first).or_insert_with(|| json!({})), rest, what);
            }
        }
        None => {
            if let Some(map) = value.as_object_mut() {
                map.insert(path.to_owned(), what);
            }
        }
    }
}
