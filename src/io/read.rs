//! Reading JSON values into records, with every problem collected instead of stopping at the first.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use rayon::prelude::*;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::problem::{Problem, suggest};

/// A type of the file format.
pub trait Read: Sized + Default + Send {
    /// Whether a field of this type may be absent.
    const OPTIONAL: bool = false;

    /// Reads a value that is not null. `None` if it cannot be used; then a problem has been noted.
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self>;

    /// Whether there is nothing to write.
    fn is_absent(&self) -> bool {
        false
    }
}

/// Items of a list that one thread reads together.
const CHUNK: usize = 256;

/// Where the reading is, and what was wrong so far.
#[derive(Debug, Default)]
pub struct Reader<'d> {
    path: String,
    problems: Vec<Problem>,
    of: std::marker::PhantomData<&'d str>,
}

impl<'d> Reader<'d> {
    /// What was wrong.
    #[must_use]
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes an error at the present path, and returns `None` for the caller to return.
    pub fn fail<T>(&mut self, code: &'static str, what: impl Into<String>, hint: Option<String>) -> Option<T> {
        let mut problem = Problem::error(code, self.path.clone(), what);
        problem.hint = hint;
        self.problems.push(problem);
        None
    }

    /// Notes a value of a wrong type.
    pub fn wrong<T>(&mut self, raw: &RawValue, expected: &str) -> Option<T> {
        let text = raw.get();
        let number_like = text.trim_matches('"').parse::<f64>().is_ok();
        let hint = match text.as_bytes().first() {
            Some(b'"') if expected.contains("number") && number_like => Some("write the number without quotes".to_owned()),
            Some(b'"') if expected.contains("true or false") => Some("write true or false without quotes".to_owned()),
            Some(b'0'..=b'9' | b'-') if expected.starts_with("a text") => Some(format!("write it in quotes: \"{text}\"")),
            Some(b'{') if expected.starts_with("a list") => Some("put it in square brackets, even if there is only one".to_owned()),
            Some(b'"') if expected.starts_with("a list") => Some(format!("put it in square brackets: [{}]", shortened(text))),
            _ => None,
        };
        let what = format!("{} must be {expected}, not {}", self.subject(), described(text));
        self.fail("E103", what, hint)
    }

    /// The fields of an object, without those that are null. A field given twice is noted, and its first value kept.
    pub fn entries(&mut self, raw: &'d RawValue, expected: &str) -> Option<Vec<(Cow<'d, str>, &'d RawValue)>> {
        if !raw.get().starts_with('{') {
            return self.wrong(raw, expected);
        }
        let Entries(entries) = match serde_json::from_str(raw.get()) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(&error),
        };
        let mut kept: Vec<(Cow<'d, str>, &'d RawValue)> = Vec::with_capacity(entries.len());
        // Records are short; a map from ids may hold as many entries as the instance has rows, and wants a set.
        let mut seen = (entries.len() > 32).then(|| std::collections::HashSet::with_capacity(entries.len()));
        for (key, value) in entries {
            let is_new = match &mut seen {
                Some(seen) => seen.insert(key.clone()),
                None => kept.iter().all(|(k, _)| *k != key),
            };
            if is_new {
                kept.push((key, value));
            } else {
                self.at_field(&key, |r| r.fail::<()>("E105", format!("the field '{key}' is given twice"), Some("keep one of the two".to_owned())));
            }
        }
        kept.retain(|(_, value)| value.get() != "null");
        Some(kept)
    }

    /// Reads a field into its place; what cannot be read leaves the place as it was.
    pub fn field<T: Read>(&mut self, name: &str, raw: &'d RawValue, into: &mut T) {
        if let Some(value) = self.at_field(name, |r| T::read(r, raw)) {
            *into = value;
        }
    }

    /// Notes a field that the record does not have.
    pub fn unknown_field(&mut self, name: &str, record: &str, known: &[&str]) {
        let hint = suggest(name, known.iter().copied())
            .map_or_else(|| format!("its fields are {}", known.join(", ")), |near| format!("did you mean '{near}'?"));
        self.at_field(name, |r| r.fail::<()>("E104", format!("{record} has no field '{name}'"), Some(hint)));
    }

    /// Notes that a required field is not given.
    pub fn missing_field(&mut self, name: &str, record: &str, about: &str) {
        let hint = about.split_once(". ").map_or(about, |(first, _)| first).trim().trim_end_matches('.').to_owned();
        self.at_field(name, |r| r.fail::<()>("E106", format!("{record} needs a field '{name}'"), Some(format!("'{name}': {hint}"))));
    }

    /// The items of a list; those that cannot be read become placeholders, so that places in the list stay true.
    pub fn items<T: Read>(&mut self, raw: &'d RawValue, expected: &str) -> Option<Vec<T>> {
        if !raw.get().starts_with('[') {
            return self.wrong(raw, expected);
        }
        let items: Vec<&'d RawValue> = match serde_json::from_str(raw.get()) {
            Ok(items) => items,
            Err(error) => return self.unreadable(&error),
        };
        if items.len() <= CHUNK {
            return Some(self.some_items(0, &items));
        }
        let part = |(n, chunk): (usize, &[&'d RawValue])| {
            let mut reader = Self { path: self.path.clone(), ..Self::default() };
            (reader.some_items(n * CHUNK, chunk), reader.problems)
        };
        let parts: Vec<(Vec<T>, Vec<Problem>)> = items.par_chunks(CHUNK).enumerate().map(part).collect();
        let mut read = Vec::with_capacity(items.len());
        for (items, problems) in parts {
            read.extend(items);
            self.problems.extend(problems);
        }
        Some(read)
    }

    /// Items of a list from a place on.
    fn some_items<T: Read>(&mut self, first: usize, items: &[&'d RawValue]) -> Vec<T> {
        (first..).zip(items).map(|(i, item)| self.at_item(i, |r| T::read(r, item)).unwrap_or_default()).collect()
    }

    /// Notes a text that JSON allows but no value has, such as half a surrogate pair.
    pub(super) fn unreadable<T>(&mut self, error: &serde_json::Error) -> Option<T> {
        let full = error.to_string();
        let reason = full.rsplit_once(" at line ").map_or(full.as_str(), |(r, _)| r).to_owned();
        self.fail("E103", format!("{} cannot be read: {reason}", self.subject()), None)
    }

    /// Reads one entry of a map or one field.
    pub fn at_field<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        push_child(&mut self.path, name);
        let result = read(self);
        self.path.truncate(length);
        result
    }

    fn at_item<T>(&mut self, i: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        use std::fmt::Write;
        let length = self.path.len();
        let _ = write!(self.path, "[{i}]");
        let result = read(self);
        self.path.truncate(length);
        result
    }

    /// The last part of the path, for a message.
    pub(super) fn subject(&self) -> String {
        if self.path.is_empty() { "the file".to_owned() } else { format!("'{}'", self.path.rsplit('.').next().unwrap_or(&self.path)) }
    }
}

/// The path of a field.
#[must_use]
pub(crate) fn child_path(path: &str, name: &str) -> String {
    let mut child = path.to_owned();
    push_child(&mut child, name);
    child
}

fn push_child(path: &mut String, name: &str) {
    if name.is_empty() || name.contains(|c: char| matches!(c, '.' | '[' | ']' | '"') || c.is_whitespace() || c.is_control()) {
        path.push_str(&format!("[{name:?}]"));
    } else {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
    }
}

fn described(text: &str) -> String {
    match text.as_bytes().first() {
        Some(b'"') => format!("the text {}", shortened(text)),
        Some(b'{') => "an object".to_owned(),
        Some(b'[') => "a list".to_owned(),
        Some(b't' | b'f') => text.to_owned(),
        Some(b'n') => "null".to_owned(),
        _ => format!("the number {}", shortened(text)),
    }
}

/// A text that may be long, for a message.
pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(37).chain("...".chars()).collect() }
}

/// An object as it stands in the text: its fields in order, those given twice too.
pub(super) struct Entries<'d>(pub(super) Vec<(Cow<'d, str>, &'d RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Entries<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((Key(key), value)) = map.next_entry()? {
                    entries.push((key, value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// A key, borrowed from the text unless it holds escapes.
struct Key<'d>(Cow<'d, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field name")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl<T: Read> Read for Option<T> {
    const OPTIONAL: bool = true;
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        T::read(reader, raw).map(Some)
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Read> Read for Vec<T> {
    const OPTIONAL: bool = true;
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        reader.items(raw, "a list")
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    const OPTIONAL: bool = true;
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        let entries = reader.entries(raw, "an object from ids to values")?;
        let mut map = Self::new();
        for (key, value) in entries {
            if let Some(value) = reader.at_field(&key, |r| T::read(r, value)) {
                map.insert(key.into_owned(), value);
            }
        }
        Some(map)
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}
