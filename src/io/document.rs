//! A JSON text with its first reading: UTF-8, a byte-order mark, syntax; and the way from a path back to its line.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::value::RawValue;

use super::problem::{Place, Problem, Severity};
use super::read::{Entries, Read, Reader, child_path};

/// A text that is JSON.
#[derive(Debug)]
pub struct Document<'d> {
    text: &'d str,
    root: &'d RawValue,
    lines: OnceLock<Vec<usize>>,
}

impl<'d> Document<'d> {
    /// Takes bytes for a JSON text; a byte-order mark is passed over.
    ///
    /// # Errors
    /// One problem, with line and column, if it is not UTF-8 or not JSON.
    #[expect(clippy::result_large_err, reason = "at most one for a file")]
    pub fn parse(bytes: &'d [u8]) -> Result<Self, Problem> {
        let text = std::str::from_utf8(bytes).map_err(|e| not_utf8(bytes, e.valid_up_to()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let root = serde_json::from_str(text).map_err(|e| not_json(text, &e))?;
        Ok(Self { text, root, lines: OnceLock::new() })
    }

    /// The whole value.
    #[must_use]
    pub fn root(&self) -> &'d RawValue {
        self.root
    }

    /// Reads the document as a record, with every problem found on the way. Broken parts hold placeholders.
    #[must_use]
    pub fn read<T: Read>(&self) -> (T, Vec<Problem>) {
        let mut reader = Reader::default();
        let value = T::read(&mut reader, self.root).unwrap_or_default();
        (value, reader.into_problems())
    }

    /// Gives every problem the line of its path (of the nearest part that exists) and the name of the row it is in, and puts
    /// them in the file's order, errors first.
    pub fn locate(&self, problems: &mut [Problem]) {
        let all: Vec<usize> = (0..problems.len()).filter(|&i| !problems[i].place.path.is_empty()).collect();
        self.locate_under(self.root, "", problems, &all);
        problems.sort_by_key(|p| (p.severity, p.place.line));
    }

    fn locate_under(&self, raw: &'d RawValue, path: &str, problems: &mut [Problem], under: &[usize]) {
        if under.is_empty() {
            return;
        }
        let line = self.line(raw);
        for &i in under {
            problems[i].place.line = Some(line);
        }
        match raw.get().as_bytes().first() {
            Some(b'{') => {
                let Ok(Entries(entries)) = serde_json::from_str(raw.get()) else { return };
                if let Some(name) = row_name(&entries) {
                    for &i in under {
                        problems[i].place.name.get_or_insert_with(|| name.clone());
                    }
                }
                for (key, value) in entries {
                    let child = child_path(path, &key);
                    let below: Vec<usize> = under.iter().copied().filter(|&i| leads_through(&problems[i].place, &child)).collect();
                    self.locate_under(value, &child, problems, &below);
                }
            }
            Some(b'[') => {
                let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else { return };
                let mut by_item: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
                for &i in under {
                    if let Some(item) = item_index(&problems[i].place.path[path.len()..]) {
                        by_item.entry(item).or_default().push(i);
                    }
                }
                for (item, below) in by_item {
                    if let Some(value) = items.get(item) {
                        self.locate_under(value, &format!("{path}[{item}]"), problems, &below);
                    }
                }
            }
            _ => {}
        }
    }

    /// The line on which a part of this document begins.
    fn line(&self, part: &RawValue) -> usize {
        let lines = self.lines.get_or_init(|| self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i).collect());
        let offset = (part.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        lines.partition_point(|newline| *newline < offset) + 1
    }
}

fn leads_through(place: &Place, child: &str) -> bool {
    place.path.strip_prefix(child).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn item_index(rest: &str) -> Option<usize> {
    rest.strip_prefix('[')?.split_once(']')?.0.parse().ok()
}

/// What a row calls itself, for a place: its name, else its id.
fn row_name(entries: &[(Cow<'_, str>, &RawValue)]) -> Option<String> {
    let text = |field: &str| entries.iter().find(|(k, _)| k == field).and_then(|(_, v)| serde_json::from_str::<String>(v.get()).ok());
    let id = text("id")?;
    text("name").or(Some(id))
}

fn not_utf8(bytes: &[u8], at: usize) -> Problem {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let hint = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the file looks like UTF-16; save it as UTF-8",
        [b'P', b'K', ..] => "the file looks like a workbook or an archive, not like JSON",
        _ => "save the file as UTF-8; this byte looks like another encoding (for instance Windows-1252)",
    };
    unreadable("E101", &before, format!("the file is not UTF-8 text: byte {at} is 0x{:02x}", bytes[at]), Some(hint))
}

fn not_json(text: &str, error: &serde_json::Error) -> Problem {
    let full = error.to_string();
    let reason = full.rsplit_once(" at line ").map_or(full.as_str(), |(r, _)| r);
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let hint = if text.trim().is_empty() {
        Some("the file is empty")
    } else if text.contains('\0') {
        Some("the file holds zero bytes: it is damaged, or saved as UTF-16; save it as UTF-8")
    } else if reason.starts_with("trailing characters") {
        Some("the JSON value ends before this: is there a bracket too many, or a second file in this one?")
    } else if reason.starts_with("control character") {
        Some("a text in quotes holds a line end or a tab: is its closing quote missing? If it is meant, write \\n or \\t")
    } else if error.is_eof() {
        Some("the file ends too early: was it cut off, or is a bracket or quote not closed?")
    } else if !text.trim_start().starts_with(['{', '[']) {
        Some("the file does not begin with '{': is it JSON? JSON allows no comments")
    } else if ["NaN", "Infinity", "None", "True", "False"].iter().any(|word| line.contains(word)) && reason == "expected value" {
        Some("JSON has no NaN, Infinity, None, True or False: write a number, null, true or false")
    } else if line.trim_start().starts_with(['}', ']']) {
        Some("look for a comma after the last entry of the line before; JSON allows none there")
    } else {
        Some("look for a missing comma, quote or bracket here or just before; JSON allows no comments")
    };
    let place = Place { line: Some(error.line().max(1)), column: Some(error.column().max(1)), ..Place::default() };
    Problem { code: "E102", severity: Severity::Error, place, what: format!("the file is not JSON: {reason}"), hint: hint.map(String::from) }
}

fn unreadable(code: &'static str, before: &str, what: String, hint: Option<&str>) -> Problem {
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let place = Place { line: Some(line), column: Some(column), ..Place::default() };
    Problem { code, severity: Severity::Error, place, what, hint: hint.map(String::from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let problem = Document::parse(bytes).expect_err("not a document");
        assert_eq!(problem.to_string(), expected);
    }

    #[test]
    fn what_is_no_json_is_said_once_with_line_and_column() {
        check(
            b"{\n  \"a\": 1,\n  \"b\": [1, 2",
            "error[E102]: the file is not JSON: EOF while parsing a list\n  at line 3, column 12\n  \
             hint: the file ends too early: was it cut off, or is a bracket or quote not closed?",
        );
        check(
            b"{\"a\": \"caf\xe9\"}",
            "error[E101]: the file is not UTF-8 text: byte 10 is 0xe9\n  at line 1, column 11\n  \
             hint: save the file as UTF-8; this byte looks like another encoding (for instance Windows-1252)",
        );
        for (bytes, hint) in [
            (&b"{}\n{}"[..], "a second file"),
            (b"{\"a\": \"cut\n\"}", "closing quote"),
            (b"{\"a\": NaN}", "no NaN"),
            (b"\0{\0}", "UTF-16"),
            (b"// hello\n{}", "no comments"),
        ] {
            let found = Document::parse(bytes).expect_err("not a document").hint;
            assert!(found.as_deref().is_some_and(|h| h.contains(hint)), "{found:?}");
        }
        assert_eq!(Document::parse(b" ").expect_err("empty").hint.as_deref(), Some("the file is empty"));
        assert!(Document::parse(b"\xff\xfe{\0}\0").expect_err("UTF-16").hint.is_some_and(|h| h.contains("UTF-16")));
    }

    #[test]
    fn a_byte_order_mark_is_tolerated() {
        assert!(Document::parse(b"\xef\xbb\xbf{}").is_ok());
    }

    #[test]
    fn paths_lead_to_lines_and_names() {
        let text = b"{\n \"rows\": [\n  {\"id\": \"a\"},\n  {\"id\": \"b\", \"name\": \"Bea\",\n   \"odd key\": {\"x\": 1}}\n ]\n}";
        let document = Document::parse(text).expect("JSON");
        let mut problems = vec![Problem::error("E103", "rows[1][\"odd key\"].x", "x"), Problem::error("E106", "rows[0].name", "y")];
        document.locate(&mut problems);
        let seen: Vec<_> = problems.iter().map(|p| (p.code, p.place.line, p.place.name.as_deref())).collect();
        assert_eq!(seen, [("E106", Some(3), Some("a")), ("E103", Some(5), Some("Bea"))]);
    }
}
