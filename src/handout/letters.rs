//! Letters from a template: everyone's, or none.
//!
//! Templates are Jinja's, by minijinja. A name that a letter does not have is an error, also where it would print nothing.

use std::collections::BTreeSet;

use jiff::civil::Date;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::Value;

use super::files::Names;
use super::told::Letter;
use crate::domain::{Case, ParticipantIx};
use crate::io::{Problem, suggest};
use crate::report::number;

/// The template that is used where none is given.
pub const TEMPLATE: &str = include_str!("letter.md");

/// A template that was read and can be filled in.
pub struct Template {
    environment: Environment<'static>,
    ending: String,
}

/// One letter as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The file's name.
    pub name: String,
    /// Its text.
    pub text: String,
}

const NAME: &str = "letter";

impl Template {
    /// Reads a template. Its ending is that of the letters; in `.html` what is filled in is escaped.
    ///
    /// # Errors
    /// What is no template, with its line.
    pub fn new(source: &str, ending: &str) -> Result<Self, Vec<Problem>> {
        let mut environment = Environment::new();
        environment.set_debug(true);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = minijinja::syntax::SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
        environment.set_syntax(syntax.map_err(|e| vec![told(&e, source, &BTreeSet::new())])?);
        let html = ["html", "htm", "xhtml", "xml"].iter().any(|e| ending.eq_ignore_ascii_case(e));
        environment.set_auto_escape_callback(move |_| if html { minijinja::AutoEscape::Html } else { minijinja::AutoEscape::None });
        environment.add_filter("date", date);
        environment.add_filter("number", number);
        environment.add_template_owned(NAME, source.to_owned()).map_err(|e| vec![told(&e, source, &BTreeSet::new())])?;
        Ok(Self { environment, ending: ending.to_owned() })
    }

    /// Fills in everyone's letter; file names follow from ids.
    ///
    /// # Errors
    /// Every name that no letter has, else the first thing that cannot be filled in.
    pub fn fill(&self, case: &Case, letters: &[(ParticipantIx, Letter)]) -> Result<Vec<Page>, Vec<Problem>> {
        let Ok(template) = self.environment.get_template(NAME) else { return Ok(Vec::new()) };
        let mut known = BTreeSet::new();
        let values: Vec<Value> = letters.iter().map(|(_, letter)| serde_json::to_value(letter).unwrap_or_default()).collect();
        values.iter().for_each(|value| keys(value, &mut known));
        if let Some(one) = values.first() {
            let mut used: Vec<String> = template.undeclared_variables(true).into_iter().collect();
            used.sort();
            let functions: BTreeSet<&str> = self.environment.globals().map(|(name, _)| name).collect();
            let unknown = used.iter().filter(|path| !functions.contains(path.as_str())).filter_map(|path| Some((path, unknown_part(one, path)?)));
            let problems: Vec<Problem> = unknown.map(|(path, part)| unknown_name(path, part, template.source(), &known)).collect();
            if !problems.is_empty() {
                return Err(problems);
            }
        }
        let names = Names::new(case.participants.rows().iter().map(|p| p.named.id.as_str()));
        let page = |(p, letter): &(ParticipantIx, Letter)| {
            let text = template.render(minijinja::value::Serde(letter)).map_err(|e| vec![told(&e, template.source(), &known)])?;
            Ok(Page { name: format!("{}.{}", names.of(&case.participants[*p].named.id), self.ending), text: tidied(&text) })
        };
        letters.iter().map(page).collect()
    }
}

/// At most one blank line in a row, none at the end: what is left out of a letter leaves no hole.
fn tidied(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim_end) {
        if !line.is_empty() || (!out.is_empty() && !out.ends_with("\n\n")) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

/// `2027-01-31` as `31 January 2027`, or as a format says.
fn date(text: &str, format: Option<&str>) -> Result<String, Error> {
    let wrong = |what: String| Error::new(ErrorKind::InvalidOperation, what);
    let day: Date = text.parse().map_err(|_| wrong(format!("'{text}' is no date such as 2027-01-31")))?;
    jiff::fmt::strtime::format(format.unwrap_or("%-d %B %Y"), day).map_err(|e| wrong(format!("the date cannot be written like that: {e}")))
}

/// All names of fields in a value.
fn keys(value: &Value, known: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            if !known.contains(key) {
                known.insert(key.clone());
            }
            keys(value, known);
        }),
        Value::Array(items) => items.iter().for_each(|item| keys(item, known)),
        _ => {}
    }
}

/// The first part of a dotted path that leads nowhere, as far as it goes through objects.
fn unknown_part<'p>(value: &Value, path: &'p str) -> Option<&'p str> {
    let mut here = value;
    for name in path.split('.') {
        let Value::Object(map) = here else { return None };
        match map.get(name) {
            Some(value) => here = value,
            None => return Some(name),
        }
    }
    None
}

fn unknown_name(path: &str, part: &str, source: &str, known: &BTreeSet<String>) -> Problem {
    let line = source.lines().position(|line| line.contains(path)).or_else(|| source.lines().position(|line| line.contains(part)));
    let mut problem = Problem::error("E952", "", format!("a letter has nothing called '{path}'"));
    problem.place.line = line.map(|line| line + 1);
    problem.hint(near(part, known))
}

fn near(name: &str, known: &BTreeSet<String>) -> String {
    suggest(name, known.iter().map(String::as_str))
        .map_or_else(|| "rungs letters --print-template lists every name".to_owned(), |near| format!("did you mean '{near}'?"))
}

/// An error of the template in our words, with its line.
fn told(error: &Error, source: &str, known: &BTreeSet<String>) -> Problem {
    let at = error.range().and_then(|range| source.get(range)).unwrap_or_default().trim();
    let detail = error.detail().unwrap_or_default();
    let (code, what, hint) = match error.kind() {
        ErrorKind::UndefinedError => {
            let name = at.rsplit(['.', ' ', '(']).next().unwrap_or(at).trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
            let what = if at.is_empty() { "a letter has nothing of this name".to_owned() } else { format!("a letter has nothing called '{at}'") };
            ("E952", what, near(name, known))
        }
        ErrorKind::SyntaxError => {
            let hint =
                "{{ a name }} fills something in, {% if … %} and {% for … %} end with {% endif %} and {% endfor %}, {# a remark #} is left out";
            ("E951", format!("the template cannot be read: {detail}"), hint.to_owned())
        }
        ErrorKind::UnknownFilter => {
            ("E951", detail.to_owned(), "filters of our own are date and number; others: join, length, upper, round".to_owned())
        }
        kind => {
            let what = if detail.is_empty() { kind.to_string() } else { format!("{kind}: {detail}") };
            let hint = if at.is_empty() { "look at this line of the template".to_owned() } else { format!("it is about: {at}") };
            ("E951", format!("the template cannot be filled in: {what}"), hint)
        }
    };
    let mut problem = Problem::error(code, "", what);
    problem.place.line = error.line();
    problem.hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn letters(source: &str, ending: &str) -> Result<Vec<Page>, Vec<Problem>> {
        let (case, policy) = fixture::with_off(&[]);
        let (plan, audit) = (fixture::plan(), fixture::audit(&policy, false));
        Template::new(source, ending)?.fill(&case, &super::super::letters(&case, &policy, &plan, &audit))
    }

    #[test]
    fn the_letters_of_the_fixture() {
        let pages = letters(TEMPLATE, "md").expect("filled in");
        let text: String = pages.iter().map(|page| format!("==== {}\n{}", page.name, page.text)).collect();
        insta::assert_snapshot!(text);
    }

    #[test]
    fn what_is_wrong_with_a_template_is_said_with_its_line() {
        let said = |source: &str| {
            let problems = letters(source, "md").expect_err("broken");
            problems.iter().map(|p| format!("{p}\n")).collect::<String>()
        };
        let all: Vec<String> = [
            "Dear {{ persn.name }},\n{% if moves.cuont %}x{% endif %}\n{{ nothing_like_it }}",
            "{% for p in placements %}\n{{ p.sight }}\n{% endfor %}",
            "{% for p in placements %}\n{% if p.mvoe %}x{% endif %}\n{% endfor %}",
            "one\n{% if target %}\n",
            "{{ person.name | shout }}",
            "{{ person.name | date }}",
            "{{ from | date('%Q!') }}",
            "{{ person.name",
            "{{ 1 + placements }}",
        ]
        .map(said)
        .into();
        insta::assert_snapshot!(all.join("----\n"));
    }

    #[test]
    fn what_is_filled_into_html_is_escaped() {
        let pages = letters("<p>{{ person.name }}</p>", "html").expect("filled in");
        assert_eq!(pages[3].name, "diego.html");
        assert_eq!(pages[3].text, "<p>Diego &lt;Marroquín&gt;</p>\n");
    }

    #[test]
    fn the_template_lists_every_name() {
        let (case, policy) = fixture::with_off(&[]);
        let (plan, audit) = (fixture::plan(), fixture::audit(&policy, false));
        let mut known = BTreeSet::new();
        for (_, letter) in super::super::letters(&case, &policy, &plan, &audit) {
            keys(&serde_json::to_value(&letter).expect("JSON"), &mut known);
        }
        let (listed, _) = TEMPLATE.split_once("-#}").expect("a remark at the top");
        let words: BTreeSet<&str> = listed.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let missing: Vec<_> = known.iter().filter(|name| !words.contains(name.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
