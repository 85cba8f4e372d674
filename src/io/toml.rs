//! TOML texts read as the JSON of the same value, so that every row of ours can be written in both, and the way from a path back
//! to its line.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Place, Problem, Severity};
use super::read::child_path;

/// A text that is TOML.
#[derive(Debug)]
pub struct Toml {
    /// Its value; dates are texts.
    pub value: Value,
    /// Path to line.
    lines: BTreeMap<String, usize>,
}

impl Toml {
    /// Takes bytes for a TOML text.
    ///
    /// # Errors
    /// Every place, with line and column, at which it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let text = std::str::from_utf8(bytes).map_err(|e| {
            let before = String::from_utf8_lossy(&bytes[..e.valid_up_to()]);
            vec![at(Problem::error("E101", "", "the file is not UTF-8 text").hint("save the file as UTF-8"), &before)]
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            let problem = |e: &toml::de::Error| {
                let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
                let problem = Problem::error("E110", "", format!("the file is not TOML: {}", e.message()));
                at(problem.hint("texts stand in quotes, tables in braces, lists in square brackets; each key is given once"), before)
            };
            // One problem is enough to say that it is another file.
            let most = if text.trim_start().starts_with(['{', '<']) || text.contains('\0') { 1 } else { usize::MAX };
            return Err(errors.iter().take(most).map(problem).collect());
        }
        let mut this = Self { value: Value::Null, lines: BTreeMap::new() };
        let starts: Vec<usize> = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i).collect();
        let line = |offset: usize| starts.partition_point(|newline| *newline < offset) + 1;
        this.value = this.table(table.get_ref(), "", &line);
        Ok(this)
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str, line: &dyn Fn(usize) -> usize) -> Value {
        let mut map = Map::new();
        for (key, value) in table {
            let child = child_path(path, key.get_ref());
            self.lines.insert(child.clone(), line(key.span().start));
            let value = self.read(value, &child, line);
            map.insert(key.get_ref().to_string(), value);
        }
        Value::Object(map)
    }

    fn read(&mut self, value: &Spanned<DeValue<'_>>, path: &str, line: &dyn Fn(usize) -> usize) -> Value {
        match value.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Boolean(flag) => Value::Bool(*flag),
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).map_or(Value::Null, Value::from),
            DeValue::Float(n) => {
                n.as_str().parse().ok().and_then(Number::from_f64).map_or_else(|| Value::String(n.as_str().to_owned()), Value::Number)
            }
            DeValue::Datetime(date) => Value::String(date.to_string()),
            DeValue::Array(items) => {
                let mut list = Vec::new();
                for (i, item) in items.iter().enumerate() {
                    let child = format!("{path}[{i}]");
                    self.lines.insert(child.clone(), line(item.span().start));
                    list.push(self.read(item, &child, line));
                }
                Value::Array(list)
            }
            DeValue::Table(table) => self.table(table, path, line),
        }
    }

    /// Gives every problem the line of its path (of the nearest part that exists), and puts them in the file's order.
    pub fn locate(&self, problems: &mut [Problem]) {
        for problem in &mut *problems {
            let path = &problem.place.path;
            let ends = path.match_indices(['.', '[']).map(|(i, _)| i).chain([path.len()]);
            problem.place.line = ends.filter_map(|end| self.lines.get(&path[..end])).next_back().copied();
        }
        problems.sort_by_key(|p| p.place.line);
    }
}

/// A problem just behind a text.
fn at(problem: Problem, before: &str) -> Problem {
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Problem { severity: Severity::Error, place: Place { line: Some(line), column: Some(column), ..Place::default() }, ..problem }
}
