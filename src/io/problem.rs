//! Problems of a file, said like a good compiler says them: what, where, and how to mend it.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

/// Something wrong with, or odd about, a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A stable code; the table of codes explains each.
    pub code: &'static str,
    /// Whether the file can be used in spite of it.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong, naming things as the file names them.
    pub what: String,
    /// How to mend it, where that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Whether a file can be used in spite of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can.
    Warning,
}

/// Where in a file something is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Path into the JSON value, for instance `participants[3].mobility.max_km`; empty for the file as a whole.
    pub path: String,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column in characters, from 1; only where the text itself cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// Sheet of a workbook, or file of a folder of CSV files; then there is no path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Cell of the sheet, for instance `C6`; none for the sheet as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Name (else id) of the row that the path leads through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Problem {
    /// An error at a path.
    #[must_use]
    pub fn error(code: &'static str, path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, place: Place { path: path.into(), ..Place::default() }, what: what.into(), hint: None }
    }

    /// A warning at a path.
    #[must_use]
    pub fn warning(code: &'static str, path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, path, what) }
    }

    /// The same problem with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Whether the file cannot be used.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// A text of a file as it can be shown: what would move the cursor, colour the terminal or turn the line around is spelt out.
fn shown(text: &str) -> Cow<'_, str> {
    let moves = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(moves) {
        return text.into();
    }
    text.chars().fold(String::new(), |out, c| if moves(c) { out + &c.escape_unicode().to_string() } else { out + c.encode_utf8(&mut [0; 4]) }).into()
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.code, shown(&self.what))?;
        let Place { path, line, column, sheet, cell, name } = &self.place;
        let mut parts = Vec::new();
        let cell = cell.as_ref().map_or_else(String::new, |cell| format!(", cell {cell}"));
        let place = sheet.as_ref().map_or_else(|| path.clone(), |sheet| format!("sheet {sheet}{cell}"));
        if !place.is_empty() {
            let named = name.as_ref().filter(|n| !n.is_empty() && !self.what.contains(&format!("'{n}'")));
            parts.push(named.map_or_else(|| place.clone(), |n| format!("{place} ('{n}')")));
        }
        parts.extend(line.map(|l| format!("line {l}")));
        parts.extend(column.map(|c| format!("column {c}")));
        if !parts.is_empty() {
            write!(f, "\n  at {}", shown(&parts.join(", ")))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {}", shown(hint))?;
        }
        Ok(())
    }
}

/// The candidate that a misspelt word most likely means, if one is near.
#[must_use]
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|c| (strsim::jaro_winkler(&lower, &c.to_lowercase()), c))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_like_a_compilers() {
        let mut problem = Problem::error("E203", "participants[4].cohort", "participants[4] 'Ana Ruiz' names a cohort 'ops-28' that does not exist")
            .hint("did you mean 'ops-2028'?");
        problem.place.line = Some(212);
        problem.place.name = Some("Ana Ruiz".into());
        assert_eq!(
            problem.to_string(),
            "error[E203]: participants[4] 'Ana Ruiz' names a cohort 'ops-28' that does not exist\n  \
             at participants[4].cohort, line 212\n  hint: did you mean 'ops-2028'?"
        );
    }

    #[test]
    fn what_moves_the_cursor_is_spelt_out() {
        let problem = Problem::error("E201", "sites[0]", "'\u{1b}[31mred\u{202e}\r' is given\nand").hint("\u{9b}2J");
        assert_eq!(problem.to_string(), "error[E201]: '\\u{1b}[31mred\\u{202e}\\u{d}' is given\nand\n  at sites[0]\n  hint: \\u{9b}2J");
    }

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        assert_eq!(suggest("max_kms", ["max_moves", "max_km", "sites"]), Some("max_km"));
        assert_eq!(suggest("ops-28", ["ops-2027", "ops-2028", "fin-2028"]), Some("ops-2028"));
        assert_eq!(suggest("zzz", ["max_moves", "max_km"]), None);
    }
}
