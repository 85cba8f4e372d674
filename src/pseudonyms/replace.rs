//! Replacing people in the value of a file, by the form of the files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map as Object, Value};

use super::key::{Key, Pairs, fingerprint};
use crate::workbook::{Form, INSTANCE, Kind, Of, PLAN, Rows};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From people to pseudonyms; who has none yet is given one.
    Hide,
    /// From pseudonyms back.
    Restore,
}

/// The lists whose rows are people.
const PEOPLE: [&str; 3] = ["people", "mentors", "participants"];
/// What no one can be named in: words of the format and rule ids.
const FORMAL: [&str; 7] = ["format", "status", "rules", "certificate.bound", "certificate.rows.rule", "solver.version", "solver.method"];
/// A word shorter than this is too likely to be part of something else.
const SHORTEST: usize = 3;

/// Replaces people in the value of an instance.
///
/// # Errors
/// If the operating system has no random numbers.
pub fn instance(value: &mut Value, key: &mut Key, direction: Direction) -> Result<(), String> {
    let before = crate::io::sha256(value.to_string().as_bytes()).map_err(|p| p.to_string())?;
    replace(value, &INSTANCE, key, direction)?;
    let after = crate::io::sha256(value.to_string().as_bytes()).map_err(|p| p.to_string())?;
    if direction == Direction::Hide {
        key.fingerprints.add(&before, &after);
    }
    Ok(())
}

/// Replaces people in the value of a plan. Those of its instance must have been replaced before, with the same key.
///
/// # Errors
/// As [`instance`].
pub fn plan(value: &mut Value, key: &mut Key, direction: Direction) -> Result<(), String> {
    replace(value, &PLAN, key, direction)?;
    let Some(Value::String(print)) = value.pointer_mut("/instance/sha256") else { return Ok(()) };
    let other = match direction {
        Direction::Restore => key.fingerprints.original(print).map(str::to_owned),
        Direction::Hide => match key.fingerprints.pseudonym(print) {
            Some(known) => Some(known.to_owned()),
            // What it is the fingerprint of may be guessed by whoever has the people's list.
            None => {
                let drawn = fingerprint().map_err(|e| e.to_string())?;
                key.fingerprints.add(print, &drawn);
                Some(drawn)
            }
        },
    };
    if let Some(other) = other {
        *print = other;
    }
    Ok(())
}

fn replace(value: &mut Value, form: &Form, key: &mut Key, direction: Direction) -> Result<(), String> {
    let mut taken = BTreeSet::new();
    texts(value, &mut taken);
    let kinds = kinds(form);
    let mut swap = Swap { key, direction, kinds, taken, words: BTreeMap::new() };
    let failed = |e: getrandom::Error| format!("the operating system gave no random numbers: {e}");
    if direction == Direction::Hide {
        // Everyone is known before texts are searched for them.
        swap.value(&mut value.clone(), "", None).map_err(failed)?;
        swap.words = words(swap.key);
    }
    swap.value(value, "", None).map_err(failed)
}

/// All texts of a value, keys of maps too.
fn texts(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(into.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            into.insert(key.clone());
            texts(value, into);
        }),
        _ => {}
    }
}

/// What stands at each path of a file, by its form.
fn kinds(form: &Form) -> BTreeMap<String, Kind> {
    let mut kinds = BTreeMap::new();
    for sheet in form.sheets {
        let lists: Vec<String> = match sheet.rows {
            Rows::Settings => vec![String::new()],
            Rows::List(list) => vec![format!("{list}.")],
            Rows::Under(owners, field) => owners.iter().map(|owner| format!("{}.{field}.", owner.list)).collect(),
            Rows::Map(path, ..) => {
                kinds.insert(path.to_owned(), Kind::Map(Of::Dimension));
                continue;
            }
            Rows::Rules => continue,
        };
        // What says that a list on another sheet is empty stands where the list does.
        let columns = || sheet.columns.iter().filter(|column| column.kind != Kind::Nothing);
        for list in lists {
            kinds.extend(columns().map(|column| (format!("{list}{}", column.path), column.kind)));
        }
    }
    kinds
}

struct Swap<'k> {
    key: &'k mut Key,
    direction: Direction,
    kinds: BTreeMap<String, Kind>,
    /// Texts of the file, which no new pseudonym may equal.
    taken: BTreeSet<String>,
    /// Who is named by which words, by the first of them: the words, and the pseudonym.
    words: BTreeMap<String, Vec<(Vec<String>, String)>>,
}

type Done = Result<(), getrandom::Error>;

impl Swap<'_> {
    /// Replaces what stands at a path; `id` is that of the row it belongs to.
    fn value(&mut self, value: &mut Value, path: &str, id: Option<&str>) -> Done {
        if FORMAL.contains(&path) || path == "instance.sha256" {
            return Ok(());
        }
        if path == "certificate.rows" {
            return value.as_array_mut().into_iter().flatten().try_for_each(|row| self.row_of_certificate(row));
        }
        match self.kinds.get(path).copied() {
            Some(kind) => self.cell(value, path, kind, id),
            None => match value {
                Value::Array(items) => items.iter_mut().try_for_each(|item| self.value(item, path, id)),
                Value::Object(map) => {
                    let own = map.get("id").and_then(Value::as_str).map(str::to_owned);
                    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                    map.iter_mut().try_for_each(|(name, value)| self.value(value, &at(name), own.as_deref().or(id)))
                }
                Value::String(text) => self.text(text),
                _ => Ok(()),
            },
        }
    }

    fn cell(&mut self, value: &mut Value, path: &str, kind: Kind, id: Option<&str>) -> Done {
        let (list, field) = path.rsplit_once('.').unwrap_or(("", path));
        match (kind, value) {
            (Kind::Text, Value::String(text)) if PEOPLE.contains(&list) && field == "id" => self.person(text),
            (Kind::Text, Value::String(text)) if PEOPLE.contains(&list) && field == "name" => self.name(text, id.unwrap_or_default()),
            (Kind::Text, Value::String(text)) if list == "groups" && field == "id" => self.group(text),
            (Kind::Named(of), Value::String(text)) => self.named(text, of),
            (Kind::List(Some(of)) | Kind::Groups(of), value) => self.each(value, &mut |this, text| this.named(text, of)),
            (Kind::Map(of), Value::Object(map)) => self.keys(map, &mut |this, text| this.named(text, of)),
            (Kind::Mentors, value) => value.as_array_mut().into_iter().flatten().try_for_each(|row| match row.get_mut("mentor") {
                Some(Value::String(text)) => self.person(text),
                _ => Ok(()),
            }),
            (Kind::Text | Kind::List(None) | Kind::Credentials, value) => self.each(value, &mut Self::text),
            (Kind::Json, value) => self.anything(value),
            // A home that is a place has texts of its own, which the form lists under it.
            (Kind::Named(_), value @ Value::Object(_)) => {
                let Some(map) = value.as_object_mut() else { return Ok(()) };
                map.iter_mut().try_for_each(|(name, value)| self.value(value, &format!("{path}.{name}"), id))
            }
            _ => Ok(()),
        }
    }

    /// Every text of a value, whatever it is made of; keys stay.
    fn each(&mut self, value: &mut Value, change: &mut impl FnMut(&mut Self, &mut String) -> Done) -> Done {
        match value {
            Value::String(text) => change(self, text),
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.each(item, change)),
            Value::Object(map) => match map.get_mut("id") {
                Some(id) => self.each(id, change),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn keys(&mut self, map: &mut Object<String, Value>, change: &mut impl FnMut(&mut Self, &mut String) -> Done) -> Done {
        let mut changed = Object::new();
        for (mut key, value) in std::mem::take(map) {
            change(self, &mut key)?;
            changed.insert(key, value);
        }
        *map = changed;
        Ok(())
    }

    /// What only programs read: a text that is someone's id is that person.
    fn anything(&mut self, value: &mut Value) -> Done {
        match value {
            Value::String(text) if self.knows(text) => self.person(text),
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.anything(item)),
            Value::Object(map) => {
                map.values_mut().try_for_each(|value| self.anything(value))?;
                self.keys(map, &mut |this, key| if this.knows(key) { this.person(key) } else { this.text(key) })
            }
            _ => Ok(()),
        }
    }

    fn knows(&self, text: &str) -> bool {
        match self.direction {
            Direction::Hide => self.key.people.pseudonym(text).is_some(),
            Direction::Restore => self.key.people.original(text).is_some(),
        }
    }

    /// A row of a certificate: ids and a period, joined by `/`, as the rule has it.
    fn row_of_certificate(&mut self, row: &mut Value) -> Done {
        let rule = row["rule"].as_str().unwrap_or_default().to_owned();
        let Some(Value::String(key)) = row.get_mut("key") else { return Ok(()) };
        match rule.as_str() {
            "fairness" => return self.person(key),
            "together" | "apart" => {
                if let Some((mut group, rest)) = self.leading(key, true)
                    && let Some((mut one, rest)) = self.leading(&rest, false)
                    && let Some((mut other, rest)) = self.leading(&rest, false)
                {
                    self.group(&mut group)?;
                    self.person(&mut one)?;
                    self.person(&mut other)?;
                    *key = format!("{group}/{one}/{other}/{rest}");
                    return Ok(());
                }
            }
            _ => {}
        }
        let Some((before, after)) = key.rsplit_once('/') else { return Ok(()) };
        let (mut before, after) = (before.to_owned(), after.to_owned());
        if rule == "mentoring" {
            self.person(&mut before)?
        } else {
            self.text(&mut before)?
        }
        *key = format!("{before}/{after}");
        Ok(())
    }

    /// The longest id that a key begins with, and what comes after it.
    fn leading(&self, key: &str, group: bool) -> Option<(String, String)> {
        let pairs = if group { &self.key.groups } else { &self.key.people };
        let known = |id: &str| match self.direction {
            Direction::Hide => pairs.pseudonym(id).is_some(),
            Direction::Restore => pairs.original(id).is_some(),
        };
        let ends = key.match_indices('/').map(|(at, _)| at).rev();
        ends.map(|at| (&key[..at], &key[at + 1..])).find(|(id, _)| known(id)).map(|(id, rest)| (id.to_owned(), rest.to_owned()))
    }

    fn named(&mut self, text: &mut String, of: Of) -> Done {
        match of {
            Of::Person | Of::Participant | Of::Mentor => self.person(text),
            Of::Rule => Ok(()),
            _ => self.text(text),
        }
    }

    fn person(&mut self, id: &mut String) -> Done {
        self.id(id, "p-", |key| &mut key.people)
    }

    fn group(&mut self, id: &mut String) -> Done {
        self.id(id, "g-", |key| &mut key.groups)
    }

    /// An id in one of the key's lists, whose pseudonyms begin alike.
    fn id(&mut self, id: &mut String, prefix: &str, pairs: fn(&mut Key) -> &mut Pairs) -> Done {
        let known = match self.direction {
            Direction::Restore => pairs(self.key).original(id),
            Direction::Hide => pairs(self.key).pseudonym(id),
        };
        match known.map(str::to_owned) {
            Some(other) => *id = other,
            None if self.direction == Direction::Hide => {
                let drawn = self.key.draw(prefix, &self.taken)?;
                pairs(self.key).add(id, &drawn);
                *id = drawn;
            }
            None => {}
        }
        Ok(())
    }

    /// A name of the person with this id, which is the one that stands in the file.
    fn name(&mut self, name: &mut String, id: &str) -> Done {
        if self.direction == Direction::Restore {
            if let Some(original) = self.key.names.get(name) {
                *name = original.clone();
            }
            return Ok(());
        }
        let mut person = id.to_owned();
        self.person(&mut person)?;
        // Someone may be called differently in two lists.
        let own = format!("Person {}", person.trim_start_matches("p-").to_uppercase());
        let numbered = (1..).map(|n| if n == 1 { own.clone() } else { format!("{own} ({n})") });
        let free = |pseudonym: &String| self.key.names.get(pseudonym).is_none_or(|original| original == name);
        if let Some(pseudonym) = numbered.into_iter().find(free) {
            self.key.names.insert(pseudonym.clone(), name.clone());
            *name = pseudonym;
        }
        Ok(())
    }

    /// A text that may name people among other things.
    fn text(&mut self, text: &mut String) -> Done {
        if self.direction == Direction::Restore {
            if let Some(original) = self.key.texts.original(text) {
                *text = original.to_owned();
            }
            return Ok(());
        }
        if let Some(known) = self.key.texts.pseudonym(text) {
            *text = known.to_owned();
            return Ok(());
        }
        let Some(mut changed) = self.unnamed(text) else { return Ok(()) };
        let plain = changed.clone();
        let mut n = 1;
        while self.key.texts.original(&changed).is_some() || self.taken.contains(&changed) {
            n += 1;
            changed = format!("{plain} ({n})");
        }
        self.key.texts.add(text, &changed);
        *text = changed;
        Ok(())
    }

    /// The text with pseudonyms for everyone whom its words name; `None` if they name nobody.
    fn unnamed(&self, text: &str) -> Option<String> {
        let tokens = tokens(text);
        let mut out = String::new();
        let (mut kept, mut i) = (0, 0);
        while i < tokens.len() {
            let fits = |words: &[String]| tokens[i..].len() >= words.len() && tokens[i..].iter().zip(words).all(|((_, _, a), b)| a == b);
            match self.words.get(&tokens[i].2).and_then(|list| list.iter().find(|(words, _)| fits(words))) {
                Some((words, pseudonym)) => {
                    out += &text[kept..tokens[i].0];
                    out += pseudonym;
                    i += words.len();
                    kept = tokens[i - 1].1;
                }
                None => i += 1,
            }
        }
        (kept > 0).then(|| out + &text[kept..])
    }
}

/// Everyone's ids and names as words, longest first.
fn words(key: &Key) -> BTreeMap<String, Vec<(Vec<String>, String)>> {
    let mut words: BTreeMap<String, Vec<(Vec<String>, String)>> = BTreeMap::new();
    let named = key.names.iter().map(|(pseudonym, original)| {
        let id = pseudonym.trim_start_matches("Person ").split(' ').next().unwrap_or_default();
        (original.as_str(), format!("p-{}", id.to_lowercase()))
    });
    for (text, pseudonym) in key.people.iter().map(|(id, pseudonym)| (id, pseudonym.to_owned())).chain(named) {
        let all: Vec<String> = tokens(text).into_iter().map(|(_, _, word)| word).collect();
        let long = text.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST || text.chars().any(apart);
        if let Some(first) = all.first().filter(|_| long && text.chars().any(char::is_alphabetic)) {
            words.entry(first.clone()).or_default().push((all.clone(), pseudonym));
        }
    }
    words.values_mut().for_each(|list| list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b))));
    words
}

/// The words of a text: where each begins and ends, and how it reads in lower case.
fn tokens(text: &str) -> Vec<(usize, usize, String)> {
    let mut tokens: Vec<(usize, usize, String)> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match tokens.last_mut().filter(|_| open && c.is_alphanumeric() && !apart(c)) {
            Some((_, last, word)) => {
                *last = end;
                word.extend(c.to_lowercase());
            }
            None if c.is_alphanumeric() => tokens.push((at, end, c.to_lowercase().collect())),
            None => {}
        }
        open = c.is_alphanumeric() && !apart(c);
    }
    tokens
}

/// Characters of scripts that put no spaces between words: each is a word.
fn apart(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::intake::intake;
    use crate::io::Record;
    use crate::io::raw::Instance;

    /// Ids and names of people, and ids of groups.
    fn people(value: &Value) -> BTreeSet<String> {
        let rows = |list: &str| value[list].as_array().cloned().unwrap_or_default();
        let named = PEOPLE.into_iter().flat_map(rows).flat_map(|row| [row["id"].clone(), row["name"].clone()]);
        let others = rows("groups").into_iter().map(|row| row["id"].clone()).chain(rows("positions").into_iter().map(|row| row["manager"].clone()));
        named.chain(others).filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }

    #[test]
    fn nobody_of_the_named_instances_is_left_and_everyone_comes_back() {
        let mut seen = 0;
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("instances")).expect("listed") {
            let path = entry.expect("listed").path();
            if path.extension().is_none_or(|e| e != "json") {
                continue;
            }
            let given: Value = serde_json::from_slice(&std::fs::read(&path).expect("readable")).expect("JSON");
            let (mut key, mut hidden) = (Key::default(), given.clone());
            instance(&mut hidden, &mut key, Direction::Hide).expect("random");
            let mut all = BTreeSet::new();
            texts(&hidden, &mut all);
            let words: BTreeSet<Vec<String>> = all.iter().map(|text| tokens(text).into_iter().map(|(_, _, word)| word).collect()).collect();
            // Someone there has the id 'people', which is also what the format calls a list.
            for original in people(&given).into_iter().filter(|id| Instance::FIELDS.iter().all(|field| field.name != id)) {
                let own: Vec<String> = tokens(&original).into_iter().map(|(_, _, word)| word).collect();
                let found = words.iter().any(|text| text.windows(own.len().max(1)).any(|part| part == own));
                assert!(!found, "{original} is left in {}", path.display());
                seen += 1;
            }
            let (before, after) = (intake(given.to_string().as_bytes()).expect("valid"), intake(hidden.to_string().as_bytes()).expect("valid"));
            assert_eq!(before.case.participants.len(), after.case.participants.len());
            assert_ne!(before.case.sha256, after.case.sha256);
            // The key as a file, and once more with the same key.
            let key = Key::read(key.written().expect("JSON").as_bytes()).expect("a key");
            let (mut same, mut again) = (given.clone(), key.clone());
            instance(&mut same, &mut again, Direction::Hide).expect("random");
            assert_eq!((&same, &again), (&hidden, &key));
            let mut back = hidden.clone();
            instance(&mut back, &mut key.clone(), Direction::Restore).expect("known");
            assert_eq!(back, given);
            let mut other = given.clone();
            instance(&mut other, &mut Key::default(), Direction::Hide).expect("random");
            assert_ne!(other["participants"], hidden["participants"], "pseudonyms follow from nothing");
        }
        assert!(seen > 300, "{seen} names");
    }

    #[test]
    fn people_are_found_in_other_texts_and_what_is_not_about_them_stays() {
        let mut value = json!({
            "format": "rungs/1", "name": "for ANA RUIZ & 李小龍的計劃; Anatole stays",
            "calendar": {"start": "2027-01-01", "unit": "quarter", "count": 4},
            "people": [{"id": "2027", "name": "quarter"}, {"id": "x", "name": "Ana Ruiz"}, {"id": "ana-2", "name": "Ana Ruiz"}],
            "sites": [{"id": "ana-ruiz-site"}, {"id": "Ana Ruiz site"}, {"id": "box"}],
            "positions": [{"id": "q", "role": "r", "site": "ana-ruiz-site", "manager": "x"}],
            "participants": [{"id": "li", "name": "李小龍", "cohort": "c", "ratings": {"sites": {"ana-ruiz-site": 1, "box": 2}}}],
            "relocation": {"budget": {"per_year": {"2027": 5}}},
            "rules": {"fairness": {"mode": "soft"}},
        });
        let given = value.clone();
        let mut key = Key::default();
        instance(&mut value, &mut key, Direction::Hide).expect("random");
        assert_eq!((&value["calendar"], &value["relocation"], &value["rules"]), (&given["calendar"], &given["relocation"], &given["rules"]));
        let name = value["name"].as_str().expect("a text");
        assert!(name.starts_with("for p-") && name.contains("的計劃; Anatole stays") && !name.contains('李') && !name.contains("RUIZ"), "{name}");
        assert_eq!(value["sites"][2]["id"], "box");
        assert_ne!(value["sites"][0]["id"], value["sites"][1]["id"]);
        assert_eq!(value["positions"][0]["site"], value["sites"][0]["id"]);
        assert_eq!(value["participants"][0]["ratings"]["sites"][value["sites"][0]["id"].as_str().expect("a text")], 1);
        assert_ne!(value["people"][1]["name"], value["people"][2]["name"], "two people of one name");
        instance(&mut value, &mut key, Direction::Restore).expect("known");
        assert_eq!(value, given);
    }

    #[test]
    fn a_key_that_was_edited_is_refused() {
        let said = |text: &str| Key::read(text.as_bytes()).expect_err("no key").iter().map(|p| p.code).collect::<Vec<_>>();
        assert_eq!(said("{\"format\": \"rungs/1\"}"), ["E954"]);
        assert_eq!(said("{\"format\": \"rungs-key/1\", \"people\": {\"p-1\": \"ana\", \"p-2\": \"ana\"}}"), ["E954"]);
        assert_eq!(said("[]"), ["E103"]);
        assert!(Key::read(b"{\"format\": \"rungs-key/1\"}").is_ok_and(|key| key.is_empty()));
    }
}
