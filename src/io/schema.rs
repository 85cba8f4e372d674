//! JSON schemas of the files, from the types that read them.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::plan_file::PlanFile;
use super::raw::Instance;
use super::record::nullable;

/// The JSON schema (draft 2020-12) of an instance file.
#[must_use]
pub fn instance_schema() -> Value {
    schema_of::<Instance>("rungs/1", "rungs instance")
}

/// The JSON schema (draft 2020-12) of a plan file.
#[must_use]
pub fn plan_schema() -> Value {
    schema_of::<PlanFile>("rungs-plan/1", "rungs plan")
}

fn schema_of<T: JsonSchema>(format: &str, title: &str) -> Value {
    let mut schema: Value = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().into();
    schema["title"] = title.into();
    // A format given is this one; `format` of a plan may be absent.
    schema["properties"]["format"]["enum"] = if schema["properties"]["format"]["type"].is_array() { json!([format, null]) } else { json!([format]) };
    allow_null_in_maps(&mut schema);
    schema
}

/// Null is the same as absent, in maps too.
fn allow_null_in_maps(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(values @ Value::Object(_)) = map.get_mut("additionalProperties") {
                *values = nullable(values.take());
            }
            map.values_mut().for_each(allow_null_in_maps);
        }
        Value::Array(items) => items.iter_mut().for_each(allow_null_in_maps),
        _ => {}
    }
}
