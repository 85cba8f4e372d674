//! Pseudonyms: an instance or a plan in which people cannot be recognised by name or id, and the way back with the key.
//!
//! Replaced are the ids and names of participants, mentors and other people wherever the form of the files names them
//! ([`crate::workbook::INSTANCE`], [`crate::workbook::PLAN`]: one table, so that no field is forgotten), and in every other
//! text, whole words that are someone's name or id. Groups, which are couples and flatmates, get new ids too. Sites, roles and
//! cohorts are no people and stay, as do homes, wishes and histories: without them there is nothing to plan. The rows keep their
//! order.
//!
//! Pseudonyms are drawn at random from the operating system and stand in the key alone, so nothing about a name can be worked
//! out from them. The same key gives the same pseudonyms again.

mod key;
mod replace;

pub use key::{Key, KeyFile};
pub use replace::{Direction, instance, plan};

use serde_json::Value;

/// Whether the people of a list stand in the order of their names or ids, which anyone who has a list of names could use.
#[must_use]
pub fn is_sorted(instance: &Value, list: &str) -> bool {
    let rows = instance[list].as_array().map_or(&[][..], Vec::as_slice);
    let by = |field: &str| rows.is_sorted_by_key(|row| row[field].as_str().unwrap_or_default().to_lowercase());
    let surname =
        || rows.is_sorted_by_key(|row| row["name"].as_str().and_then(|name| name.split_whitespace().last()).unwrap_or_default().to_lowercase());
    rows.len() > 3 && (by("id") || rows.iter().all(|row| row["name"].is_string()) && (by("name") || surname()))
}
