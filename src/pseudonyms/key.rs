//! The key file: who is who.

use std::collections::{BTreeMap, BTreeSet};

use crate::io::raw::Map;
use crate::io::record::record;
use crate::io::{Document, Problem};

/// The value of `format` in a key file.
const FORMAT: &str = "rungs-key/1";
/// Letters and digits of pseudonyms: those that are not taken for each other, a divisor of 240 in number.
const ALPHABET: &[u8; 30] = b"abcdefghjkmnpqrstuvwxyz2345679";
/// Characters of a pseudonym: enough for a million people without many draws.
const LENGTH: usize = 7;

record! {
    /// Who is who: each pseudonym with what it stands for. Whoever has this file can undo the pseudonyms.
    KeyFile "the key" {
        /// Always "rungs-key/1".
        format: String,
        /// Pseudonym to id: people.
        people: Map<String>,
        /// Pseudonym to name.
        names: Map<String>,
        /// Pseudonym to id: groups.
        groups: Map<String>,
        /// Other texts in which someone was named, as they are now and as they were.
        texts: Map<String>,
        /// Fingerprints of instances, as they are now and as they were.
        fingerprints: Map<String>,
    }
}

/// A list of pairs that can be looked up from both sides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    originals: BTreeMap<String, String>,
    pseudonyms: BTreeMap<String, String>,
}

impl Pairs {
    fn of(originals: Map<String>) -> Self {
        let pseudonyms = originals.iter().map(|(pseudonym, original)| (original.clone(), pseudonym.clone())).collect();
        Self { originals, pseudonyms }
    }

    pub(super) fn original(&self, pseudonym: &str) -> Option<&str> {
        self.originals.get(pseudonym).map(String::as_str)
    }

    pub(super) fn pseudonym(&self, original: &str) -> Option<&str> {
        self.pseudonyms.get(original).map(String::as_str)
    }

    pub(super) fn add(&mut self, original: &str, pseudonym: &str) {
        self.originals.insert(pseudonym.to_owned(), original.to_owned());
        self.pseudonyms.insert(original.to_owned(), pseudonym.to_owned());
    }

    /// Every pair: the original, and its pseudonym.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.originals.iter().map(|(pseudonym, original)| (original.as_str(), pseudonym.as_str()))
    }
}

/// Who is who: each thing with its pseudonym, and back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key {
    pub(super) people: Pairs,
    /// Several people may have one name, and each has a pseudonym of their own: looked up from the pseudonym's side alone.
    pub(super) names: Map<String>,
    pub(super) groups: Pairs,
    pub(super) texts: Pairs,
    pub(super) fingerprints: Pairs,
}

impl Key {
    /// Reads a key file.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let document = Document::parse(bytes).map_err(|p| vec![p])?;
        let (file, mut problems) = document.read::<KeyFile>();
        if problems.is_empty() && file.format != FORMAT {
            let problem = Problem::error("E954", "format", format!("this is no key of pseudonyms: its format is '{}'", file.format));
            problems.push(problem.hint("give the file that rungs export --pseudonyms wrote"));
        }
        for (list, pairs) in [("people", &file.people), ("groups", &file.groups), ("texts", &file.texts), ("fingerprints", &file.fingerprints)] {
            let mut seen = BTreeSet::new();
            let twice = pairs.iter().filter(|(_, original)| !seen.insert(*original));
            problems.extend(twice.map(|(pseudonym, original)| {
                let what = format!("'{original}' has two pseudonyms, the second being '{pseudonym}'");
                Problem::error("E954", list, what).hint("a key is not to be edited: restore it from a copy")
            }));
        }
        document.locate(&mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let KeyFile { people, names, groups, texts, fingerprints, .. } = file;
        Ok(Self { people: Pairs::of(people), names, groups: Pairs::of(groups), texts: Pairs::of(texts), fingerprints: Pairs::of(fingerprints) })
    }

    /// The key as a file holds it.
    ///
    /// # Errors
    /// If the memory is full.
    pub fn written(&self) -> Result<String, String> {
        let of = |pairs: &Pairs| pairs.originals.clone();
        let file = KeyFile {
            format: FORMAT.to_owned(),
            people: of(&self.people),
            names: self.names.clone(),
            groups: of(&self.groups),
            texts: of(&self.texts),
            fingerprints: of(&self.fingerprints),
        };
        serde_json::to_string_pretty(&file).map(|text| text + "\n").map_err(|e| e.to_string())
    }

    /// How many people it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.originals.len()
    }

    /// Whether it knows nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.originals.is_empty()
    }

    /// A new pseudonym that nothing is called yet.
    pub(super) fn draw(&self, prefix: &str, taken: &BTreeSet<String>) -> Result<String, getrandom::Error> {
        loop {
            let drawn = format!("{prefix}{}", random()?);
            if self.people.original(&drawn).is_none() && self.groups.original(&drawn).is_none() && !taken.contains(&drawn) {
                return Ok(drawn);
            }
        }
    }
}

/// Random characters from the operating system, each as likely as the others.
fn random() -> Result<String, getrandom::Error> {
    let mut drawn = String::with_capacity(LENGTH);
    while drawn.len() < LENGTH {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        let fair = bytes.iter().filter(|byte| **byte < 240).map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
        drawn.extend(fair.take(LENGTH - drawn.len()));
    }
    Ok(drawn)
}

/// A random fingerprint, for an instance that is not at hand.
pub(super) fn fingerprint() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
