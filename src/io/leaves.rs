//! Texts, numbers, yes and no, and values of any shape.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::value::RawValue;

use super::problem::suggest;
use super::read::{Read, Reader, shortened};

impl Read for String {
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        if !raw.get().starts_with('"') {
            return reader.wrong(raw, "a text");
        }
        serde_json::from_str(raw.get()).map_or_else(|error| reader.unreadable(&error), Some)
    }
}

/// No amount in a file is larger: sums and products of such numbers stay finite, and whole ones exact.
const MOST: f64 = 1e15;

impl Read for f64 {
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        let Some(number) = number(raw) else { return reader.wrong(raw, "a number") };
        if number.abs() <= MOST {
            return Some(number);
        }
        reader.fail("E301", format!("{} is too large a number: {}", reader.subject(), shortened(raw.get())), None)
    }
}

impl Read for i64 {
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        let Some(number) = number(raw) else { return reader.wrong(raw, "a whole number") };
        whole(raw, number).or_else(|| reader.fail("E301", format!("{} must be a whole number, not {}", reader.subject(), shortened(raw.get())), None))
    }
}

impl Read for u32 {
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        let Some(number) = number(raw) else { return reader.wrong(raw, "a whole number from 0") };
        let read = whole(raw, number).and_then(|n| Self::try_from(n).ok());
        let range = if number > f64::from(Self::MAX) { "0 to 4294967295" } else { "0" };
        read.or_else(|| reader.fail("E301", format!("{} must be a whole number from {range}, not {}", reader.subject(), shortened(raw.get())), None))
    }
}

impl Read for bool {
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        match raw.get() {
            "true" => Some(true),
            "false" => Some(false),
            _ => reader.wrong(raw, "true or false"),
        }
    }
}

/// A value of any shape, kept as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Json(pub serde_json::Value);

impl Read for Json {
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).map_or_else(|error| reader.unreadable(&error), |value| Some(Self(value)))
    }
}

impl JsonSchema for Json {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Json".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "description": "any value" })
    }
}

impl Reader<'_> {
    /// Notes a word that is none of a set.
    pub(super) fn wrong_word<T>(&mut self, word: &str, words: &[&str]) -> Option<T> {
        let near = suggest(word, words.iter().copied()).map(|near| format!("did you mean '{near}'?"));
        self.fail("E109", format!("{} must be one of {}, not '{word}'", self.subject(), words.join(", ")), near)
    }
}

/// The number that a value is, if it is one; perhaps infinite.
fn number(raw: &RawValue) -> Option<f64> {
    raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit()).then(|| raw.get().parse().ok()).flatten()
}

/// A whole number in any spelling: `3`, `3.0`, `3e0`.
fn whole(raw: &RawValue, number: f64) -> Option<i64> {
    raw.get().parse().ok().or_else(|| (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64))
}
