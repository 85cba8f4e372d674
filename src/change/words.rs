//! The rows of changes, as scenario files write them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::io::raw::{Mentor, Participant, Period, Rules};
use crate::io::record::record;
use crate::io::{Field, Read, Reader, Record, suggest};

record! {
    /// A site or position that closes. Pins of placements there in that time lapse, and a current placement that cannot last its
    /// least duration before is cut short: it does not count as completed.
    Close "a closing" {
        /// Site id. Give this or `position`.
        site: Option<String>,
        /// Position id.
        position: Option<String>,
        /// First period closed. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }

    /// A site or position that opens.
    Open "an opening" {
        /// Site id. Give this or `position`.
        site: Option<String>,
        /// Position id.
        position: Option<String>,
        /// First period open. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }

    /// Seats, or seats that the business needs filled, in the positions that match all of `position`, `role`, `site` and `stage`
    /// that are given. Give one of `add`, `remove`, `set` and `scale`.
    Seats "seats" {
        /// Position id.
        position: Option<String>,
        /// Role id.
        role: Option<String>,
        /// Site id.
        site: Option<String>,
        /// Stage id.
        stage: Option<String>,
        /// So many more (fewer, below 0).
        add: Option<i64>,
        /// So many fewer, but never below 0.
        remove: Option<u32>,
        /// So many.
        set: Option<u32>,
        /// So many times as many, rounded.
        scale: Option<f64>,
        /// First period. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }

    /// Housing or arrivals of a site, or of all sites that have a limit. Give one of `add`, `remove`, `set`, `scale` and
    /// `unlimited`.
    Places "places" {
        /// Site id. Default: every site with a limit.
        site: Option<String>,
        /// So many more (fewer, below 0).
        add: Option<i64>,
        /// So many fewer, but never below 0.
        remove: Option<u32>,
        /// So many.
        set: Option<u32>,
        /// So many times as many, rounded.
        scale: Option<f64>,
        /// No limit any more.
        unlimited: Option<bool>,
        /// First period. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }

    /// A mentor who is not available.
    LoseMentor "a mentor lost" {
        /// Mentor id.
        mentor: String,
        /// First period without them. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }

    /// How many mentees a mentor can have at once. Give one of `add`, `remove`, `set` and `scale`.
    Capacity "a capacity" {
        /// Mentor id. Default: every mentor.
        mentor: Option<String>,
        /// So many more (fewer, below 0).
        add: Option<i64>,
        /// So many fewer, but never below 0.
        remove: Option<u32>,
        /// So many.
        set: Option<u32>,
        /// So many times as many, rounded.
        scale: Option<f64>,
        /// First period. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }

    /// A participant who leaves the programme, or some of a cohort, drawn by the seed. Their placements, wishes and pins go with
    /// them, and groups and the baseline forget them.
    Drop "a drop-out" {
        /// Participant id. Give this or `cohort`.
        participant: Option<String>,
        /// Cohort id.
        cohort: Option<String>,
        /// The share of the cohort, rounded: 0.1 is one in ten. Default: all, unless `count` is given.
        share: Option<f64>,
        /// How many of the cohort.
        count: Option<u32>,
    }

    /// A participant who joins: a row of their own, or copies of somebody or of some of a cohort, drawn by the seed, without their
    /// history, current placement, leave, pins and carried burden.
    Add "someone who joins" {
        /// The whole row of the new participant, as in an instance.
        participant: Option<Participant>,
        /// Id of a participant to copy.
        like: Option<String>,
        /// Cohort id: some of its participants are copied.
        cohort: Option<String>,
        /// The share of the cohort, rounded.
        share: Option<f64>,
        /// How many copies. Default: 1 of one person.
        count: Option<u32>,
    }

    /// A late start of a participant or of some of a cohort, drawn by the seed: they cannot work in the first periods of their
    /// timeline.
    Delay "a late start" {
        /// Participant id. Give this or `cohort`.
        participant: Option<String>,
        /// Cohort id.
        cohort: Option<String>,
        /// The share of the cohort, rounded. Default: all, unless `count` is given.
        share: Option<f64>,
        /// How many of the cohort.
        count: Option<u32>,
        /// How many periods later.
        periods: u32,
        /// Their track ends when it would have. Default false: it ends so much later.
        keeps_end: Option<bool>,
    }

    /// Leave of a participant or of some of a cohort, drawn by the seed.
    TakeLeave "a leave" {
        /// Participant id. Give this or `cohort`.
        participant: Option<String>,
        /// Cohort id.
        cohort: Option<String>,
        /// The share of the cohort, rounded. Default: all, unless `count` is given.
        share: Option<f64>,
        /// How many of the cohort.
        count: Option<u32>,
        /// First period of leave. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
        /// A placement may pause over it. Default true.
        pauses: Option<bool>,
        /// A paused placement keeps its seat. Default false.
        holds_seat: Option<bool>,
        /// Periods by which their track ends later for it. Default 0.
        extension: Option<u32>,
    }

    /// A cohort that starts later, or earlier.
    Shift "a shift" {
        /// Cohort id.
        cohort: String,
        /// By how many periods; below 0 is earlier.
        periods: i64,
    }

    /// The budget for moves. Give one of `add`, `remove`, `set`, `scale` and `unlimited`.
    BudgetChange "a budget" {
        /// Calendar year, for instance "2027". Default: the budget of the whole plan.
        year: Option<String>,
        /// So much more (less, below 0).
        add: Option<f64>,
        /// So much less, but never below 0.
        remove: Option<f64>,
        /// So much.
        set: Option<f64>,
        /// So many times as much.
        scale: Option<f64>,
        /// No limit any more.
        unlimited: Option<bool>,
    }

    /// A placement that must be.
    PinTo "a pin" {
        /// Participant id.
        participant: String,
        /// Position id.
        position: String,
        /// First period. Default: the horizon's first.
        from: Option<Period>,
        /// The period after the last. Default: the horizon's end.
        until: Option<Period>,
    }

    /// Pins that are lifted.
    Unpin "pins lifted" {
        /// Participant id. Default: everyone.
        participant: Option<String>,
        /// Position id. Default: every pin.
        position: Option<String>,
        /// The pin that begins in this period. Default: all.
        from: Option<Period>,
    }

    /// What a participant may not take. Give one of `role`, `site` and `position`.
    Bar "a bar" {
        /// Participant id.
        participant: String,
        /// Role id.
        role: Option<String>,
        /// Site id.
        site: Option<String>,
        /// Position id.
        position: Option<String>,
    }
}

/// Defines the changes: each has a word, and a record or list of its own.
macro_rules! changes {
    ($( $(#[doc = $doc:literal])* $variant:ident($payload:ty) = $word:literal, )+) => {
        /// One change of an instance, in the domain's words: in files an object with one field, for instance
        /// `{"close": {"site": "leeds", "from": "2028-Q1"}}`.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[expect(clippy::large_enum_variant, reason = "lists of changes are short")]
        pub enum Change {
            $( $(#[doc = $doc])* #[serde(rename = $word)] $variant($payload), )+
        }

        impl Change {
            /// The words of all changes, and what each means.
            pub const WORDS: &'static [(&'static str, &'static str)] = &[$( ($word, concat!($($doc),*)) ),+];

            /// The word of this change.
            #[must_use]
            pub fn word(&self) -> &'static str {
                match self { $( Self::$variant(_) => $word, )+ }
            }

            fn read_as<'d>(reader: &mut Reader<'d>, word: &str, raw: &'d RawValue) -> Option<Self> {
                match word {
                    $( $word => <$payload>::read(reader, raw).map(Self::$variant), )+
                    _ => None,
                }
            }
        }

        impl JsonSchema for Change {
            fn schema_name() -> Cow<'static, str> {
                "Change".into()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let one = |word: &str, of: Schema| json_schema!({"type": "object", "properties": {word: of}, "required": [word], "additionalProperties": false});
                let all = vec![$( one($word, generator.subschema_for::<$payload>()) ),+];
                json_schema!({ "oneOf": all })
            }
        }
    };
}

changes! {
    /// A site or position closes.
    Close(Close) = "close",
    /// A site or position opens.
    Open(Open) = "open",
    /// More or fewer seats.
    Seats(Seats) = "seats",
    /// More or fewer seats that the business needs filled.
    Demand(Seats) = "demand",
    /// More or fewer places for people from elsewhere.
    Housing(Places) = "housing",
    /// More or fewer newcomers in a period.
    Arrivals(Places) = "arrivals",
    /// A mentor leaves, for good or for a time.
    LoseMentor(LoseMentor) = "lose_mentor",
    /// A mentor joins: a row as in an instance.
    AddMentor(Mentor) = "add_mentor",
    /// A mentor, or every mentor, can have more or fewer mentees at once.
    Capacity(Capacity) = "capacity",
    /// A participant, or a share of a cohort, leaves the programme.
    Drop(Drop) = "drop",
    /// A participant joins.
    Add(Add) = "add",
    /// A participant, or a share of a cohort, starts late.
    Delay(Delay) = "delay",
    /// A participant, or a share of a cohort, is on leave.
    Leave(TakeLeave) = "leave",
    /// A cohort starts later or earlier.
    Shift(Shift) = "shift",
    /// More or less money for moves.
    Budget(BudgetChange) = "budget",
    /// Modes, weights and parameters of rules, written as in an instance.
    Rules(Rules) = "rules",
    /// A placement that must be.
    Pin(PinTo) = "pin",
    /// Pins are lifted.
    Unpin(Unpin) = "unpin",
    /// A role, site or position that a participant may not take.
    Bar(Bar) = "bar",
}

impl Default for Change {
    /// A placeholder where a change could not be read.
    fn default() -> Self {
        Self::Rules(Rules::default())
    }
}

impl Read for Change {
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        let entries = reader.entries(raw, "an object with one change, such as {close = {site = \"leeds\"}}")?;
        let words = || Self::WORDS.iter().map(|(word, _)| *word);
        let mut read = None;
        for (word, value) in &entries {
            if words().any(|known| known == word) {
                read = reader.at_field(word, |r| Self::read_as(r, word, value));
            } else {
                let hint = suggest(word, words()).map_or_else(|| format!("changes are {}", words().collect::<Vec<_>>().join(", ")), did_you_mean);
                reader.at_field(word, |r| r.fail::<()>("E901", format!("there is no change '{word}'"), Some(hint)));
            }
        }
        if entries.len() != 1 {
            let hint = format!("write each change by itself: one of {}", words().collect::<Vec<_>>().join(", "));
            return reader.fail("E901", format!("a change has one word, and this has {}", entries.len()), Some(hint));
        }
        read
    }
}

/// The hint for a misspelt word.
pub(super) fn did_you_mean(near: &str) -> String {
    format!("did you mean '{near}'?")
}

/// Every change with the fields of its record: for manuals.
#[must_use]
pub fn manual() -> Vec<(&'static str, &'static str, &'static [Field])> {
    let fields = |word: &str| match word {
        "close" => Close::FIELDS,
        "open" => Open::FIELDS,
        "seats" | "demand" => Seats::FIELDS,
        "housing" | "arrivals" => Places::FIELDS,
        "lose_mentor" => LoseMentor::FIELDS,
        "capacity" => Capacity::FIELDS,
        "drop" => Drop::FIELDS,
        "add" => Add::FIELDS,
        "delay" => Delay::FIELDS,
        "leave" => TakeLeave::FIELDS,
        "shift" => Shift::FIELDS,
        "budget" => BudgetChange::FIELDS,
        "pin" => PinTo::FIELDS,
        "unpin" => Unpin::FIELDS,
        "bar" => Bar::FIELDS,
        "add_mentor" => Mentor::FIELDS,
        _ => &[],
    };
    Change::WORDS.iter().map(|(word, about)| (*word, *about, fields(word))).collect()
}
