//! Ten thousand mutated inputs: fields dropped, doubled, swapped, of the wrong type, texts cut short. Whatever comes, intake
//! answers with a case or with problems, never with a panic, and what it accepts can be audited and told.
#![cfg(feature = "plan")]

mod common;

use rand::RngExt;
use rungs::audit::measure;
use rungs::domain::{Plan, Policy};
use rungs::intake::intake;
use serde_json::{Value, json};

const MUTANTS: u64 = 10_000;

#[test]
fn mutated_inputs_are_answered() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..MUTANTS {
        let bytes = mutant(seed);
        match intake(&bytes) {
            Ok(taken) => {
                accepted += 1;
                let empty = Plan { paths: taken.case.participants.ids().map(|_| Vec::new()).collect() };
                let policy: &Policy = &taken.policy;
                let told = rungs::brief::evaluate(&rungs::brief::brief(&taken.case, policy), &empty).expect("an empty plan is a plan");
                let audit = measure(&taken.case, policy, &empty);
                assert!((told.cost - audit.objective()).abs() <= 1e-6 * audit.objective().abs().max(1.0), "seed {seed}");
            }
            Err(problems) => {
                refused += 1;
                assert!(problems.iter().any(rungs::io::Problem::is_error), "seed {seed}: refused without an error");
            }
        }
    }
    assert!(accepted > MUTANTS / 50 && refused > MUTANTS / 4, "{accepted} accepted, {refused} refused");
}

fn mutant(seed: u64) -> Vec<u8> {
    let mut rng = common::stream(seed.wrapping_mul(7919));
    let mut value = common::instance(seed % 97, common::SMALL);
    let times = rng.random_range(1..=3);
    for _ in 0..times {
        let count = size(&value);
        let mut at = rng.random_range(0..count);
        let kind = rng.random_range(0..9);
        let donor = {
            let n = rng.random_range(0..count);
            pick(&value, n)
        };
        touch(&mut value, &mut at, &mut |v| mutate(v, kind, &donor));
    }
    let mut bytes = value.to_string().into_bytes();
    match rng.random_range(0..12) {
        0 => bytes.truncate(rng.random_range(0..bytes.len())),
        1 => {
            let i = rng.random_range(0..bytes.len());
            bytes[i] = rng.random_range(0..=255);
        }
        2 => {
            let i = rng.random_range(0..bytes.len());
            bytes.insert(i, b"{}[],:\"\\0x"[rng.random_range(0..10)]);
        }
        3 => bytes = String::from_utf8_lossy(&bytes).replacen("\"seats\"", "\"id\":\"x\",\"id\"", 1).into_bytes(),
        _ => {}
    }
    bytes
}

fn mutate(value: &mut Value, kind: u32, donor: &Value) {
    *value = match (kind, &*value) {
        (0, _) => Value::Null,
        (1, _) => json!("nonsense"),
        (2, _) => json!(-1),
        (3, _) => json!(1e300),
        (4, _) => donor.clone(),
        (5, Value::Array(list)) => Value::Array(list.iter().chain(list.iter()).cloned().collect()),
        (5, Value::Object(map)) => Value::Object(map.iter().skip(1).map(|(k, v)| (k.clone(), v.clone())).collect()),
        (6, Value::Object(map)) => Value::Object(map.iter().map(|(k, v)| (format!("{k}x"), v.clone())).collect()),
        (6, Value::Array(_)) => json!([]),
        (7, Value::Number(n)) => json!(n.as_f64().unwrap_or(0.0) + 1.0),
        (7, Value::String(s)) => json!(format!("{s} ")),
        (8, Value::Bool(b)) => json!(!b),
        (8, _) => json!(true),
        (_, v) => json!([v]),
    };
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(size).sum(),
        Value::Object(map) => map.values().map(size).sum::<usize>(),
        _ => 0,
    }
}

fn pick(value: &Value, mut at: usize) -> Value {
    let mut copy = value.clone();
    let mut found = Value::Null;
    touch(&mut copy, &mut at, &mut |v| found = v.clone());
    found
}

/// Visits the value at a place in depth-first order.
fn touch(value: &mut Value, at: &mut usize, change: &mut dyn FnMut(&mut Value)) -> bool {
    if *at == 0 {
        change(value);
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(list) => list.iter_mut().any(|v| touch(v, at, change)),
        Value::Object(map) => map.values_mut().any(|v| touch(v, at, change)),
        _ => false,
    }
}
