//! Scenario files: named lists of changes, each as it stands, for every combination of given values, or drawn many times.

use serde_json::Value;

use super::words::did_you_mean;
use super::{Change, Changed, Draws, apply_all};
use crate::io::raw::{Instance, Map};
use crate::io::record::record;
use crate::io::{Document, Json, Problem, Toml, suggest};

record! {
    /// What is asked of an instance.
    ScenarioFile "a scenario file" {
        /// The scenarios.
        scenarios: Vec<ScenarioRow>,
    }

    /// Changes that happen together.
    ScenarioRow "a scenario" {
        /// Its name in the result.
        name: String,
        /// The changes, in order.
        changes: Json,
        /// Names of values, each with the list of what it may be: the scenario is one for each combination. A change uses a value
        /// by its name after a dollar sign: "$seats".
        values: Map<Vec<Json>>,
        /// How often it is drawn: each time other people are meant by shares and counts of cohorts. Default: once.
        draws: Option<u32>,
    }

    /// What has happened to a plan.
    EventFile "an event file" {
        /// The events: changes of the instance, in order.
        events: Vec<Change>,
    }
}

/// Scenarios of one file at most.
const MOST: usize = 100_000;

/// One scenario to be solved.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name, with the values or the number of the draw.
    pub name: String,
    /// What changes.
    pub changes: Vec<Change>,
    /// The path of its changes in the file.
    at: String,
    /// Which stream of draws is its own.
    stream: usize,
    /// Changes that come from values may change nothing: one value may be what is so already.
    may_idle: Vec<bool>,
}

impl Scenario {
    /// The instance with the scenario's changes.
    ///
    /// # Errors
    /// All problems of the changes, or of the instance that they make.
    pub fn instance(&self, base: &Instance, seed: u64) -> Result<Changed, Vec<Problem>> {
        let mut draws = Draws::new(seed, self.stream);
        apply_all(base, &self.changes, &mut draws, &self.at, &|i| self.may_idle.get(i) == Some(&true))
    }
}

/// Reads a scenario file against the instance that it changes: every scenario that it makes.
///
/// # Errors
/// Every problem of the file, with its line: of its form, and of each change of the instance in question.
pub fn scenarios(bytes: &[u8], base: &Instance, seed: u64) -> Result<Vec<Scenario>, Vec<Problem>> {
    let toml = Toml::parse(bytes)?;
    let (file, mut problems) = read::<ScenarioFile>(&toml.value, "");
    if problems.is_empty() && file.scenarios.is_empty() {
        problems.push(Problem::error("E106", "", "the file has no scenario").hint("begin each with [[scenarios]] and give it a name and changes"));
    }
    let mut found: Vec<Scenario> = Vec::new();
    for (i, row) in file.scenarios.iter().enumerate() {
        let at = format!("scenarios[{i}]");
        if file.scenarios[..i].iter().any(|other| other.name == row.name) {
            problems
                .push(Problem::error("E201", format!("{at}.name"), format!("there are two scenarios '{}'", row.name)).hint("give each its own name"));
        }
        if row.draws == Some(0) {
            problems.push(Problem::error("E301", format!("{at}.draws"), "'draws' must be at least 1, not 0").hint("leave it out to have it once"));
        }
        if row.changes.0.is_null() {
            continue;
        }
        if placeholders(row, &at, &mut problems) {
            problems.extend(one_by_one(&row.changes.0, base, seed, &format!("{at}.changes")));
            continue;
        }
        let draws = row.draws.unwrap_or(1).max(1) as usize;
        let many = row.values.values().map(Vec::len).fold(draws, usize::saturating_mul);
        if found.len().saturating_add(many) > MOST {
            let what = format!("the scenario '{}' stands for {many} instances", row.name);
            problems.push(Problem::error("E301", at.clone(), what).hint(format!("from 1 to {MOST} in all")));
            continue;
        }
        for (label, values) in combinations(&row.values) {
            let (changes, wrong) = read::<Vec<Change>>(&filled(&row.changes.0, &values), &format!("{at}.changes"));
            let may_idle: Vec<bool> = row.changes.0.as_array().map_or(Vec::new(), |list| list.iter().map(|c| !named(c).is_empty()).collect());
            let sound = wrong.is_empty();
            if !sound {
                problems.extend(one_by_one(&row.changes.0, base, seed, &format!("{at}.changes")));
            }
            problems.extend(wrong);
            for draw in (0..draws).filter(|_| sound) {
                let number = if row.draws.is_some() { format!(" #{}", draw + 1) } else { String::new() };
                let (name, changes, may_idle) = (format!("{}{label}{number}", row.name), changes.clone(), may_idle.clone());
                found.push(Scenario { name, changes, at: format!("{at}.changes"), stream: (i << 20) + draw, may_idle });
            }
        }
    }
    problems.extend(found.iter().flat_map(|s| s.instance(base, seed).err().unwrap_or_default()));
    finish(&toml, problems).map(|()| found)
}

/// Reads an event file against the instance that the events fall on: the instance with them.
///
/// # Errors
/// Every problem of the file, with its line.
pub fn events(bytes: &[u8], base: &Instance, seed: u64) -> Result<(Vec<Change>, Changed), Vec<Problem>> {
    let toml = Toml::parse(bytes)?;
    let (file, mut problems) = read::<EventFile>(&toml.value, "");
    if !problems.is_empty() {
        problems.extend(one_by_one(&toml.value["events"], base, seed, "events"));
    }
    finish(&toml, problems)?;
    let changed = apply_all(base, &file.events, &mut Draws::new(seed, 0), "events", &|_| false);
    changed.map(|changed| (file.events, changed)).map_err(|problems| finish(&toml, problems).err().unwrap_or_default())
}

/// What is wrong with those of a list of changes that can be read, where others cannot: so that everything is said at once. Changes
/// that wait for a value are left out; that one changes nothing may be for want of another.
fn one_by_one(changes: &Value, base: &Instance, seed: u64, at: &str) -> Vec<Problem> {
    let (mut raw, mut draws) = (base.clone(), Draws::new(seed, 0));
    let mut apply = |(i, value): (usize, &Value)| {
        let at = format!("{at}[{i}]");
        let (change, wrong) = read::<Option<Change>>(value, &at);
        let change = change.filter(|_| wrong.is_empty() && named(value).is_empty());
        change.map_or(Vec::new(), |change| change.apply(&mut raw, &mut draws, &at))
    };
    let problems: Vec<Problem> = changes.as_array().into_iter().flatten().enumerate().flat_map(&mut apply).collect();
    problems.into_iter().filter(|problem| problem.code != "E904").collect()
}

pub(super) fn finish(toml: &Toml, mut problems: Vec<Problem>) -> Result<(), Vec<Problem>> {
    toml.locate(&mut problems);
    let mut seen = std::collections::BTreeSet::new();
    // What is wrong with one scenario is wrong with each of its combinations and draws.
    problems.retain(|p| seen.insert((p.place.path.clone(), p.what.clone())));
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// A value read as a row; problems get paths under `at`.
pub(super) fn read<T: crate::io::Read>(value: &Value, at: &str) -> (T, Vec<Problem>) {
    let text = value.to_string();
    let Ok(document) = Document::parse(text.as_bytes()) else { return (T::default(), Vec::new()) };
    let (row, mut problems) = document.read::<T>();
    for problem in &mut problems {
        let path = &problem.place.path;
        problem.place.path = if at.is_empty() || path.is_empty() || path.starts_with('[') { format!("{at}{path}") } else { format!("{at}.{path}") };
    }
    (row, problems)
}

/// Every combination of values, with what it is called.
fn combinations(values: &Map<Vec<Json>>) -> Vec<(String, Vec<(&str, &Value)>)> {
    let mut all: Vec<Vec<(&str, &Value)>> = vec![Vec::new()];
    for (name, list) in values {
        let longer = all.iter().flat_map(|chosen| list.iter().map(move |v| (chosen, v)));
        all = longer.map(|(chosen, v)| chosen.iter().copied().chain([(name.as_str(), &v.0)]).collect()).collect();
    }
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let label = |chosen: &[(&str, &Value)]| {
        let words: Vec<String> = chosen.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect();
        if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
    };
    all.into_iter().map(|chosen| (label(&chosen), chosen)).collect()
}

/// A value with those that it names put in.
fn filled(value: &Value, values: &[(&str, &Value)]) -> Value {
    match value {
        Value::String(text) => {
            let given = text.strip_prefix('$').and_then(|name| values.iter().find(|(known, _)| *known == name));
            given.map_or_else(|| value.clone(), |(_, value)| (*value).clone())
        }
        Value::Array(list) => list.iter().map(|v| filled(v, values)).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(k, v)| (k.clone(), filled(v, values))).collect()),
        other => other.clone(),
    }
}

/// The values that a part of a file names.
fn named(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => text.strip_prefix('$').into_iter().collect(),
        Value::Array(list) => list.iter().flat_map(named).collect(),
        Value::Object(map) => map.values().flat_map(named).collect(),
        _ => Vec::new(),
    }
}

/// Notes values that are named and not given, or given and not named; whether there are any.
fn placeholders(row: &ScenarioRow, at: &str, problems: &mut Vec<Problem>) -> bool {
    let before = problems.len();
    let used = named(&row.changes.0);
    let known = || row.values.keys().map(String::as_str);
    for name in used.iter().filter(|name| !row.values.contains_key(**name)) {
        let hint = suggest(name, known()).map_or_else(|| format!("list them: values = {{ {name} = [1, 2] }}"), did_you_mean);
        problems.push(Problem::error("E903", format!("{at}.changes"), format!("no values are given for '${name}'")).hint(hint));
    }
    for name in known().filter(|name| !used.contains(name)) {
        let what = format!("the values of '{name}' are used by no change");
        problems
            .push(Problem::error("E903", format!("{at}.values.{name}"), what).hint(format!("write \"${name}\" where a change takes one of them")));
    }
    for (name, list) in row.values.iter().filter(|(_, list)| list.is_empty()) {
        problems.push(
            Problem::error("E204", format!("{at}.values.{name}"), format!("'{name}' has no values to choose from ({} given)", list.len()))
                .hint("list at least one"),
        );
    }
    problems.len() > before
}
