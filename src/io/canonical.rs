//! The canonical text of an instance: what its hash is of.
//!
//! UTF-8 JSON with keys sorted by code point, no white space, null and absent fields left out, nothing defaulted, lists in
//! their order. Numbers in their shortest round-trip form as ECMAScript writes them (`1.0` is `1`, `1e-7` is `1e-7`, `1E21`
//! is `1e+21`); integers that were written as integers keep all their digits.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::document::Document;
use super::problem::Problem;
use super::read::Entries;

/// The canonical text of a document.
#[must_use]
pub fn canonical(document: &Document<'_>) -> String {
    let mut text = Vec::new();
    // Writing to memory fails only where a string is no text, which no document that was read without error holds.
    let _ = write(document.root(), &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// The SHA-256 of the canonical text of a JSON text, in lower-case hexadecimal.
///
/// # Errors
/// If it is not JSON.
#[expect(clippy::result_large_err, reason = "at most one for a file")]
pub fn sha256(bytes: &[u8]) -> Result<String, Problem> {
    Ok(hash(&Document::parse(bytes)?))
}

/// The SHA-256 of a document's canonical text, in lower-case hexadecimal.
#[must_use]
pub fn hash(document: &Document<'_>) -> String {
    let mut hasher = Hashing { hasher: Sha256::new(), waiting: Vec::with_capacity(1 << 16) };
    let _ = write(document.root(), &mut hasher).and_then(|()| hasher.flush());
    hasher.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hashes in large pieces, so that the canonical text is never held whole.
struct Hashing {
    hasher: Sha256,
    waiting: Vec<u8>,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= 1 << 16 {
            self.flush()?;
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.hasher.update(&self.waiting);
        self.waiting.clear();
        Ok(())
    }
}

fn write(raw: &RawValue, out: &mut impl Write) -> io::Result<()> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let Entries(mut entries) = serde_json::from_str(text)?;
            entries.retain(|(_, value)| value.get() != "null");
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            for (i, (key, value)) in entries.iter().enumerate() {
                out.write_all(if i == 0 { b"{" } else { b"," })?;
                serde_json::to_writer(&mut *out, key)?;
                out.write_all(b":")?;
                write(value, out)?;
            }
            out.write_all(if entries.is_empty() { b"{}" } else { b"}" })
        }
        Some(b'[') => {
            out.write_all(b"[")?;
            for (i, item) in serde_json::from_str::<Vec<&RawValue>>(text)?.into_iter().enumerate() {
                if i > 0 {
                    out.write_all(b",")?;
                }
                write(item, out)?;
            }
            out.write_all(b"]")
        }
        Some(b'"') => Ok(serde_json::to_writer(out, &serde_json::from_str::<String>(text)?)?),
        Some(b'-' | b'0'..=b'9') => out.write_all(number(text).as_bytes()),
        _ => out.write_all(text.as_bytes()),
    }
}

/// A number as ECMAScript writes it; an integer as it stands.
fn number(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b == b'-' || b.is_ascii_digit()) {
        return if text == "-0" { Cow::Borrowed("0") } else { Cow::Borrowed(text) };
    }
    let value: f64 = text.parse().unwrap_or(f64::NAN);
    if value == 0.0 {
        return Cow::Borrowed("0");
    }
    // Rust's shortest round-trip digits, `d.ddde±x`, laid out anew.
    let shortest = format!("{:e}", value.abs());
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let digits = mantissa.replace('.', "");
    let sign = if value < 0.0 { "-" } else { "" };
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    Cow::Owned(if count <= point && point <= 21 {
        format!("{sign}{digits}{}", zeros(point - count))
    } else if 0 < point && point <= 21 {
        let (whole, part) = digits.split_at(usize::try_from(point).unwrap_or(0));
        format!("{sign}{whole}.{part}")
    } else if -6 < point && point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else {
        format!("{sign}{mantissa}e{}{}", if point > 0 { "+" } else { "" }, point - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let document = Document::parse(text.as_bytes()).expect("JSON");
        assert_eq!(canonical(&document), expected);
    }

    #[test]
    fn keys_are_sorted_and_nulls_left_out() {
        check(
            " { \"b\" : [ 1 , null, \"\\u00e9\\n\" ] , \"a\" : { \"y\" : null } , \"B\":true,\"\u{10348}\":1,\"\u{ff61}\":2 }",
            "{\"B\":true,\"a\":{},\"b\":[1,null,\"é\\n\"],\"\u{ff61}\":2,\"\u{10348}\":1}",
        );
    }

    #[test]
    fn numbers_are_shortest() {
        for (given, expected) in [
            ("1.0", "1"),
            ("-0.0", "0"),
            ("-0", "0"),
            ("1e2", "100"),
            ("0.10", "0.1"),
            ("2.50e1", "25"),
            ("-12.5", "-12.5"),
            ("1e-6", "0.000001"),
            ("1e-7", "1e-7"),
            ("1.5e-10", "1.5e-10"),
            ("1e20", "100000000000000000000"),
            ("1E21", "1e+21"),
            ("1.25e30", "1.25e+30"),
            ("0.1000000000000000055511151231257827", "0.1"),
            ("9007199254740993", "9007199254740993"),
            ("0.001", "0.001"),
            ("123.456", "123.456"),
        ] {
            check(given, expected);
        }
    }

    #[test]
    fn the_hash_is_of_the_canonical_text() {
        let expected = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
        assert_eq!(sha256(b"{\"a\": 1.0, \"b\": null}").expect("JSON"), expected);
        assert_eq!(sha256(b"\xef\xbb\xbf{\n\"a\":1}").expect("JSON"), expected);
    }
}
