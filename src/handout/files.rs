//! Names of files from ids: safe on every system, and as different as the ids are.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// File names, without endings, by id.
#[derive(Debug)]
pub(super) struct Names(BTreeMap<String, String>);

/// Names that some systems keep for devices.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
/// Characters of a name before it is cut; four bytes each still leave room for an ending.
const LONGEST: usize = 48;

impl Names {
    /// The names for a list of ids. An id that is a safe name is its own; of others, and of ids that differ in letter case
    /// alone, the name ends with a fingerprint of the id, so that it is the same whatever other ids there are.
    pub(super) fn new<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> Self {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        ids.clone().for_each(|id| *times.entry(safe(id).to_lowercase()).or_default() += 1);
        let name = |id: &str| {
            let plain = safe(id);
            let own = plain == id && times.get(&plain.to_lowercase()) == Some(&1);
            if own { plain } else { format!("{plain}-{}", fingerprint(id)) }
        };
        Self(ids.map(|id| (id.to_owned(), name(id))).collect())
    }

    /// The name for an id.
    pub(super) fn of(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| format!("{}-{}", safe(id), fingerprint(id)))
    }
}

fn safe(id: &str) -> String {
    let kept: String = id.chars().take(LONGEST).map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let trimmed = kept.trim_matches(['.', '-']);
    let stem = trimmed.split('.').next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase();
    match trimmed {
        "" => "id".to_owned(),
        _ if DEVICES.contains(&stem.as_str()) => format!("id-{trimmed}"),
        _ => trimmed.to_owned(),
    }
}

fn fingerprint(id: &str) -> String {
    Sha256::digest(id.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_tell_ids_apart() {
        let ids =
            ["ana", "Ana", "bo", "../../etc/passwd", "a/b", "a\\b", "", ".", "CON", "com1.txt", "李小龍", "e\u{301}", "é", "x y", "x\u{0}y", "-rf"];
        let long = ["n".repeat(300), "n".repeat(301)];
        let all: Vec<&str> = ids.into_iter().chain(long.iter().map(String::as_str)).collect();
        let names = Names::new(all.iter().copied());
        let mut seen = std::collections::BTreeSet::new();
        for id in &all {
            let name = names.of(id);
            assert!(seen.insert(name.to_lowercase()), "{name} twice");
            assert!(!name.contains(['/', '\\', ':', '\0', ' ']) && !name.starts_with(['.', '-']) && name.len() < 220, "{name}");
            assert!(!["con", "com1.txt"].contains(&name.to_lowercase().as_str()), "{name}");
        }
        assert_eq!((names.of("bo"), names.of("李小龍")), ("bo".to_owned(), "李小龍".to_owned()));
        // Whoever else is there does not matter.
        assert_eq!(names.of("a/b"), Names::new(["a/b", "zoe"].into_iter()).of("a/b"));
    }
}
