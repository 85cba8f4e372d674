//! The schemas: they accept what is sound, refuse what the reading refuses, and describe every field.

use std::path::Path;

use rungs::io::{instance_schema, plan_schema};
use serde_json::{Value, json};

fn file(path: &str) -> Value {
    let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("readable");
    serde_json::from_slice(&text).expect("JSON")
}

fn valid(schema: &Value, value: &Value) -> bool {
    jsonschema::validator_for(schema).expect("a schema").is_valid(value)
}

#[test]
fn a_sound_instance_is_valid() {
    let schema = instance_schema();
    let instance = file("instances/operations-pathway.json");
    let errors: Vec<String> = jsonschema::validator_for(&schema).expect("a schema").iter_errors(&instance).map(|e| e.to_string()).collect();
    assert_eq!(errors, [] as [String; 0]);
}

#[test]
fn every_misspelling_is_invalid() {
    let (schema, sound) = (instance_schema(), file("instances/operations-pathway.json"));
    for (pointer, value) in [
        ("/nmae", json!("x")),
        ("/calendar/unit", json!("quarters")),
        ("/calendar/count", json!("12")),
        ("/roles/0/durations", json!({})),
        ("/roles/0/stage", Value::Null),
        ("/roles/0/duration", json!({"minimum": 1})),
        ("/participants/0/home", json!(7)),
        ("/participants/0/mobility/max_kms", json!(3)),
        ("/groups/0/within", json!("anywhere")),
        ("/rules", json!({"strech": {}})),
        ("/rules", json!({"seats": {"mode": "soft"}})),
        ("/rules", json!({"stretch": {"max_steps": 3}})),
        ("/rules", json!({"fairness": {"counts": ["seats"]}})),
        ("/format", json!("rungs/2")),
    ] {
        let mut instance = sound.clone();
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        instance.pointer_mut(parent).expect("there")[key] = value;
        assert!(!valid(&schema, &instance), "{pointer}");
    }
}

#[test]
fn null_is_absent_everywhere() {
    let (schema, mut instance) = (instance_schema(), file("instances/operations-pathway.json"));
    for (pointer, key) in
        [("", "rules"), ("", "baseline"), ("", "people"), ("/roles/0", "develops"), ("/participants/0", "home"), ("/roles/0/demands", "x")]
    {
        instance.pointer_mut(pointer).expect("there")[key] = Value::Null;
    }
    instance["rules"] = json!({"peers": {"min": null, "mode": null}, "seats": null});
    assert!(valid(&schema, &instance));
}

#[test]
fn plans_by_hand_are_valid() {
    let schema = plan_schema();
    assert!(valid(&schema, &json!({"placements": [{"participant": "a", "position": "b", "from": 0, "until": "2027-Q3"}]})));
    assert!(!valid(&schema, &json!({"format": "rungs-plan/1"})));
    assert!(!valid(&schema, &json!({"placements": [{"participant": "a", "position": "b", "from": 0}]})));
}

#[test]
fn every_field_is_described_and_no_object_is_open_by_mistake() {
    fn walk(schema: &Value, path: &str) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            assert_eq!(schema["additionalProperties"], json!(false), "{path}");
            for (name, property) in properties {
                assert!(property["description"].as_str().is_some_and(|d| !d.is_empty()), "{path}.{name} has no description");
            }
        }
        match schema {
            Value::Object(map) => map.iter().for_each(|(key, value)| walk(value, &format!("{path}.{key}"))),
            Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| walk(item, &format!("{path}[{i}]"))),
            _ => {}
        }
    }
    walk(&instance_schema(), "");
    walk(&plan_schema(), "");
}

/// The committed schemas are those of the code; `UPDATE=1 cargo test --release --test schema` writes them anew.
#[test]
fn the_committed_schemas_are_the_codes() {
    for (name, schema) in [("instance", instance_schema()), ("plan", plan_schema())] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("instances/schema/{name}.schema.json"));
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(&path, &text).expect("written");
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{} is out of date", path.display());
    }
}
