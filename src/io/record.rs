//! One definition for everything about a row of a file.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::read::Read;

/// What a record's field is called and means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name in the files.
    pub name: &'static str,
    /// Meaning, unit and default.
    pub about: &'static str,
    /// It must be given.
    pub required: bool,
}

/// A row of a file, described.
pub trait Record {
    /// What the record is.
    const ABOUT: &'static str;
    /// Its fields, in order.
    const FIELDS: &'static [Field];
}

/// Defines a record of the file format: a struct whose doc comments are the words about its fields everywhere.
///
/// From one definition come the type (all fields public, written without what is absent), its [`Read`](super::Read) that
/// collects every problem, its JSON schema, and [`Record::FIELDS`] for workbooks and manuals. A field is optional if its type
/// is: `Option`, `Vec` and maps are; a `Vec` or map that is absent is empty.
macro_rules! record {
    ($(
        $(#[doc = $about:literal])*
        $name:ident $noun:literal {
            $( $(#[doc = $doc:literal])* $field:ident: $ty:ty ),* $(,)?
        }
    )*) => {$(
        $(#[doc = $about])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
        pub struct $name {
            $( $(#[doc = $doc])* #[serde(skip_serializing_if = "crate::io::Read::is_absent")] pub $field: $ty, )*
        }

        impl $crate::io::Record for $name {
            const ABOUT: &'static str = concat!($($about),*);
            const FIELDS: &'static [$crate::io::Field] = &[
                $( $crate::io::Field {
                    name: stringify!($field),
                    about: concat!($($doc),*),
                    required: !<$ty as $crate::io::Read>::OPTIONAL,
                } ),*
            ];
        }

        impl $crate::io::Read for $name {
            fn read<'d>(reader: &mut $crate::io::Reader<'d>, raw: &'d serde_json::value::RawValue) -> Option<Self> {
                use $crate::io::Record;
                let entries = reader.entries(raw, concat!("an object: ", $noun))?;
                let mut row = Self::default();
                for field in Self::FIELDS.iter().filter(|f| f.required) {
                    if !entries.iter().any(|(key, _)| key == field.name) {
                        reader.missing_field(field.name, $noun, field.about);
                    }
                }
                for (key, value) in entries {
                    match &*key {
                        $( stringify!($field) => reader.field(stringify!($field), value, &mut row.$field), )*
                        unknown => reader.unknown_field(unknown, $noun, &[$(stringify!($field)),*]),
                    }
                }
                Some(row)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($name)).into()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::io::record::object_schema::<Self>(vec![$( $crate::io::record::property::<$ty>(generator) ),*])
            }
        }
    )*};
}
pub(crate) use record;

/// Defines a set of words of the file format.
macro_rules! words {
    ($(
        $(#[doc = $about:literal])*
        $name:ident { $( $(#[doc = $doc:literal])* $variant:ident = $word:literal ),+ $(,)? }
    )*) => {$(
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $( $(#[doc = $doc])* $variant ),+
        }

        impl $name {
            /// Its words, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word in the files.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }

            /// The meaning of a word of the files.
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )+ _ => None }
            }
        }

        impl Default for $name {
            /// The first: a placeholder where a value could not be read.
            fn default() -> Self {
                [$(Self::$variant),+][0]
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl $crate::io::Read for $name {
            fn read<'d>(reader: &mut $crate::io::Reader<'d>, raw: &'d serde_json::value::RawValue) -> Option<Self> {
                let word = String::read(reader, raw)?;
                Self::of_word(&word).or_else(|| reader.wrong_word(&word, Self::WORDS))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": Self::WORDS })
            }
        }
    )*};
}
pub(super) use words;

/// The schema of a field of this type, which may be null if it may be absent.
pub(crate) fn property<T: Read + JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    let schema: Value = generator.subschema_for::<T>().into();
    if T::OPTIONAL { nullable(schema) } else { schema }
}

/// The schema of a record with these schemas of its fields.
pub(crate) fn object_schema<R: Record>(properties: Vec<Value>) -> Schema {
    let mut map = Map::new();
    for (field, mut property) in R::FIELDS.iter().zip(properties) {
        if let Value::Object(property) = &mut property {
            property.insert("description".to_owned(), one_line(field.about).into());
        }
        map.insert(field.name.to_owned(), property);
    }
    let required: Vec<&str> = R::FIELDS.iter().filter(|f| f.required).map(|f| f.name).collect();
    let mut schema = json!({
        "type": "object", "description": one_line(R::ABOUT), "properties": map, "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema.try_into().unwrap_or_default()
}

/// A schema that allows null besides.
pub(super) fn nullable(schema: Value) -> Value {
    match schema {
        Value::Object(mut map) => match map.get("type").cloned() {
            Some(Value::String(kind)) if !map.contains_key("enum") => {
                map.insert("type".to_owned(), json!([kind, "null"]));
                Value::Object(map)
            }
            Some(Value::Array(kinds)) if kinds.iter().any(|k| k == "null") => Value::Object(map),
            _ if map.get("anyOf").and_then(Value::as_array).is_some_and(|any| any.iter().any(|s| s["type"] == "null")) => Value::Object(map),
            _ => json!({ "anyOf": [Value::Object(map), { "type": "null" }] }),
        },
        other => other,
    }
}

fn one_line(about: &str) -> Cow<'_, str> {
    about.split_whitespace().collect::<Vec<_>>().join(" ").into()
}
