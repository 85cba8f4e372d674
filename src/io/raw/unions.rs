//! Fields that may be written in more than one way.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{CredentialFrom, NeededBy, Place};
use crate::io::read::{Read, Reader};
use crate::io::record::{record, words};

record! {
    /// Periods from one until another (exclusive).
    Range "a range" {
        /// First period. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }
}

words! {
    /// A distance that has a name.
    Nearness {
        /// The same site.
        Site = "site",
        /// A region that both give and share.
        Region = "region",
        /// A country that both give and share.
        Country = "country",
        /// Any distance.
        Anywhere = "anywhere",
    }

    /// A distance that has a name and an end.
    Neighbourhood {
        /// The same site.
        Site = "site",
        /// A region that both give and share.
        Region = "region",
        /// A country that both give and share.
        Country = "country",
    }
}

/// Defines a union of two spellings; `$first` is read where the text begins with one of `$begins`.
macro_rules! either {
    ($(
        $(#[$about:meta])*
        $name:ident {
            $(#[$doc1:meta])* $first:ident($type1:ty) if $begins:pat,
            $(#[$doc2:meta])* $second:ident($type2:ty),
        } default $default:expr, expects $expected:literal
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum $name {
            $(#[$doc1])*
            $first($type1),
            $(#[$doc2])*
            $second($type2),
        }

        impl Default for $name {
            /// A placeholder where a value could not be read.
            fn default() -> Self {
                $default
            }
        }

        impl Read for $name {
            fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
                let begins = raw.get().as_bytes().first().copied().unwrap_or_default();
                if matches!(begins, $begins) {
                    <$type1>::read(reader, raw).map(Self::$first)
                } else if <$type2 as Spelling>::begins(begins) {
                    <$type2>::read(reader, raw).map(Self::$second)
                } else {
                    reader.wrong(raw, $expected)
                }
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn schema_id() -> Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($name)).into()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                json_schema!({ "anyOf": [generator.subschema_for::<$type1>(), generator.subschema_for::<$type2>()] })
            }
        }
    )*};
}

/// How the JSON text of a type begins.
trait Spelling {
    fn begins(byte: u8) -> bool;
}

macro_rules! spelled {
    ($($pattern:pat => $($type:ty),+;)*) => {$($(
        impl Spelling for $type {
            fn begins(byte: u8) -> bool {
                matches!(byte, $pattern)
            }
        }
    )+)*};
}

spelled! {
    b'-' | b'0'..=b'9' => i64, u32, f64;
    b'"' => String, Nearness, Neighbourhood;
    b'{' => Place, CredentialFrom;
    b'[' => Vec<u32>, Vec<NeededBy>;
}

either! {
    /// A period: a 0-based index, or a label ("2027", "2027-H1", "2027-Q3", "2027-04", "2027-W14") or ISO date.
    Period {
        /// A 0-based index; may lie outside the horizon where the field says so.
        Index(i64) if b'-' | b'0'..=b'9',
        /// A label or an ISO date.
        Text(String),
    } default Self::Index(0), expects "a period: a number, a label such as \"2027-Q3\", or an ISO date"

    /// A whole number for every period, or a list of exactly one for each.
    PerPeriod {
        /// The same in every period.
        Every(u32) if b'-' | b'0'..=b'9',
        /// One for each period.
        Each(Vec<u32>),
    } default Self::Every(0), expects "a number, or a list of one number for each period"

    /// Where someone lives: a site id, or a place.
    Home {
        /// A site id.
        Site(String) if b'"',
        /// A place that is no site.
        Place(Place),
    } default Self::Site(String::new()), expects "a text (a site id) or an object with lat, lon, country, region"

    /// A credential: an id, or an id and the period from which it is held.
    Credential {
        /// Held always.
        Id(String) if b'"',
        /// Held from a period on.
        From(CredentialFrom),
    } default Self::Id(String::new()), expects "a text (a credential id) or an object with id and from"

    /// How far a mentor reaches: a word, or kilometres.
    Reach {
        /// Kilometres.
        Km(f64) if b'-' | b'0'..=b'9',
        /// A word.
        Word(Nearness),
    } default Self::Word(Nearness::Site), expects "\"site\", \"region\", \"country\", \"anywhere\", or a number of kilometres"

    /// How near the members of a group are: a word, or kilometres.
    Within {
        /// Kilometres.
        Km(f64) if b'-' | b'0'..=b'9',
        /// A word.
        Word(Neighbourhood),
    } default Self::Word(Neighbourhood::Site), expects "\"site\", \"region\", \"country\", or a number of kilometres"

    /// Ready people wanted: a number (by the last period), or a list of counts by period.
    Needed {
        /// By the last period.
        ByTheEnd(u32) if b'-' | b'0'..=b'9',
        /// By periods.
        List(Vec<NeededBy>),
    } default Self::ByTheEnd(0), expects "a number, or a list of {by, count}"
}
