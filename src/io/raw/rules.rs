//! Settings of rules, whose fields come from the registry.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map as Object, Value, json};

use super::Map;
use crate::io::problem::suggest;
use crate::io::read::{Read, Reader};
use crate::io::record::{nullable, words};
use crate::rules::{Default as DefaultMode, ParamKind, RULES, Reach, Rule};

words! {
    /// How strictly a rule is kept.
    Mode {
        /// Never broken.
        Hard = "hard",
        /// Broken at a cost.
        Soft = "soft",
        /// Not asked.
        Off = "off",
    }
}

/// Rule id to its settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Rules(pub Map<RuleEntry>);

/// How one rule is set.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RuleEntry {
    /// Hard, soft or off. Default: the rule's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Points per unit of the rule's measure. Default: the rule's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// The rule's own parameters.
    #[serde(flatten)]
    pub params: Map<ParamValue>,
}

/// A value of a rule's parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A word.
    Word(String),
    /// A list of rule ids.
    Rules(Vec<String>),
}

impl Read for Rules {
    const OPTIONAL: bool = true;
    fn read<'d>(reader: &mut Reader<'d>, raw: &'d RawValue) -> Option<Self> {
        let mut rules = Map::new();
        for (id, value) in reader.entries(raw, "an object from rule ids to settings")? {
            reader.at_field(&id, |r| match RULES.iter().find(|rule| rule.id == id) {
                Some(rule) => {
                    if let Some(entry) = read_entry(r, rule, value) {
                        rules.insert(id.to_string(), entry);
                    }
                }
                None => {
                    let near = suggest(&id, RULES.iter().map(|rule| rule.id)).map(|near| format!("did you mean '{near}'?"));
                    r.fail::<()>("E601", format!("there is no rule '{id}'"), near);
                }
            });
        }
        Some(Self(rules))
    }
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

fn read_entry<'d>(reader: &mut Reader<'d>, rule: &Rule, raw: &'d RawValue) -> Option<RuleEntry> {
    let mut entry = RuleEntry::default();
    for (name, value) in reader.entries(raw, "an object with mode, weight and the rule's own parameters")? {
        match &*name {
            "mode" => reader.field("mode", value, &mut entry.mode),
            "weight" => reader.field("weight", value, &mut entry.weight),
            _ => match rule.params.iter().find(|p| p.name == name) {
                Some(param) => {
                    if let Some(read) = reader.at_field(&name, |r| read_param(r, &param.kind, value)) {
                        entry.params.insert(name.into_owned(), read);
                    }
                }
                None => unknown_param(reader, rule, &name),
            },
        }
    }
    Some(entry)
}

fn read_param<'d>(reader: &mut Reader<'d>, kind: &ParamKind, raw: &'d RawValue) -> Option<ParamValue> {
    match kind {
        ParamKind::Number { .. } => f64::read(reader, raw).map(ParamValue::Number),
        ParamKind::Flag { .. } => bool::read(reader, raw).map(ParamValue::Flag),
        ParamKind::Choice(_) => String::read(reader, raw).map(ParamValue::Word),
        ParamKind::Rules(_) => Vec::read(reader, raw).map(ParamValue::Rules),
    }
}

fn unknown_param(reader: &mut Reader<'_>, rule: &Rule, name: &str) {
    let known: Vec<&str> = ["mode", "weight"].into_iter().chain(rule.params.iter().map(|p| p.name)).collect();
    let hint = suggest(name, known.iter().copied())
        .map_or_else(|| format!("its settings are {}", known.join(", ")), |near| format!("did you mean '{near}'?"));
    reader.at_field(name, |r| r.fail::<()>("E602", format!("the rule '{}' has no setting '{name}'", rule.id), Some(hint)));
}

impl JsonSchema for Rules {
    fn schema_name() -> Cow<'static, str> {
        "Rules".into()
    }
    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::Rules").into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let rules: Object<String, Value> = RULES.iter().map(|rule| (rule.id.to_owned(), nullable(rule_schema(rule)))).collect();
        json!({ "type": "object", "properties": rules, "additionalProperties": false }).try_into().unwrap_or_default()
    }
}

/// The schema of one rule's settings.
fn rule_schema(rule: &Rule) -> Value {
    let modes: Vec<&str> = if rule.default == DefaultMode::HardOnly { vec!["hard"] } else { Mode::WORDS.to_vec() };
    let mut properties = Object::new();
    properties.insert("mode".to_owned(), described(json!({ "type": "string", "enum": modes }), "Hard, soft or off."));
    properties.insert("weight".to_owned(), described(json!({ "type": "number", "minimum": 0 }), "Points per unit of the measure."));
    for param in rule.params {
        let schema = match param.kind {
            ParamKind::Number { default, min, max, whole } => {
                let mut schema = json!({ "type": if whole { "integer" } else { "number" }, "default": default });
                for (word, bound) in [("minimum", min), ("maximum", max)] {
                    if bound.is_finite() {
                        schema[word] = json!(bound);
                    }
                }
                schema
            }
            ParamKind::Flag { default } => json!({ "type": "boolean", "default": default }),
            ParamKind::Choice(words) => json!({ "type": "string", "enum": words, "default": words.first() }),
            ParamKind::Rules(default) => {
                let path_rules: Vec<&str> = RULES.iter().filter(|r| r.reach == Reach::Path).map(|r| r.id).collect();
                json!({ "type": "array", "items": { "type": "string", "enum": path_rules }, "default": default })
            }
        };
        properties.insert(param.name.to_owned(), described(schema, param.about));
    }
    let page = rule.page();
    let title = page.lines().map(|l| l.trim_start_matches('#').trim()).find(|l| !l.is_empty()).unwrap_or(rule.id);
    json!({ "type": "object", "description": title, "properties": properties, "additionalProperties": false })
}

fn described(schema: Value, about: &str) -> Value {
    let mut schema = nullable(schema);
    schema["description"] = about.into();
    schema
}
