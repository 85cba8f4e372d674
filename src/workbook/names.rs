//! What the rows of a file are called: a name is understood for an id where only one thing has it, and letter case and spaces
//! do not matter where only one id differs in nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Wrong;
use super::compact::Word;
use super::form::Of;
use crate::domain::Case;
use crate::rules::RULES;

/// Ids and names of everything that a cell may name.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<Of, Known>);

#[derive(Debug, Default)]
struct Known {
    ids: BTreeSet<String>,
    /// Ids by how they, and the names, read without case and spaces.
    folded: BTreeMap<String, BTreeSet<String>>,
}

/// A text without what sloppy writing changes.
pub(super) fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Names {
    /// The names of the things in an instance.
    pub(super) fn of_instance(root: &Value) -> Self {
        let mut names = Self::default();
        let lists = [
            (Of::Competency, "competencies"),
            (Of::Stage, "stages"),
            (Of::Role, "roles"),
            (Of::Site, "sites"),
            (Of::Position, "positions"),
            (Of::Track, "tracks"),
            (Of::Target, "targets"),
            (Of::Cohort, "cohorts"),
            (Of::Participant, "participants"),
            (Of::Mentor, "mentors"),
            (Of::Person, "people"),
            (Of::Person, "mentors"),
            (Of::Person, "participants"),
        ];
        for (of, list) in lists {
            rows(root, list).for_each(|row| names.add(of, row["id"].as_str(), row["name"].as_str()));
        }
        let facts =
            [(Of::Family, "roles", "family"), (Of::Kind, "sites", "kind"), (Of::Region, "sites", "region"), (Of::Country, "sites", "country")];
        for (of, list, field) in facts {
            rows(root, list).for_each(|row| names.add(of, row[field].as_str(), None));
        }
        for home in rows(root, "participants").map(|row| &row["home"]) {
            names.add(Of::Region, home["region"].as_str(), None);
            names.add(Of::Country, home["country"].as_str(), None);
        }
        for credential in rows(root, "sites").flat_map(|row| row["requires"].as_array().into_iter().flatten()) {
            names.add(Of::Credential, credential.as_str(), None);
        }
        root["difficulty"].as_object().into_iter().flatten().for_each(|(key, _)| names.add(Of::Dimension, Some(key), None));
        names.add_rules();
        names
    }

    /// The names that a plan's cells use.
    pub(super) fn of_case(case: &Case) -> Self {
        let mut names = Self::default();
        case.participants.rows().iter().for_each(|p| names.add(Of::Participant, Some(&p.named.id), Some(&p.named.name)));
        case.positions.rows().iter().for_each(|p| names.add(Of::Position, Some(&p.id), None));
        case.mentors.rows().iter().for_each(|m| names.add(Of::Mentor, Some(&m.named.id), Some(&m.named.name)));
        names.add_rules();
        names
    }

    fn add_rules(&mut self) {
        RULES.iter().for_each(|rule| self.add(Of::Rule, Some(rule.id), None));
    }

    fn add(&mut self, of: Of, id: Option<&str>, name: Option<&str>) {
        let Some(id) = id else { return };
        let known = self.0.entry(of).or_default();
        known.ids.insert(id.to_owned());
        for text in [Some(id), name].into_iter().flatten() {
            known.folded.entry(fold(text)).or_default().insert(id.to_owned());
        }
    }

    /// Everything of a kind, in order.
    pub(super) fn all(&self, of: Of) -> impl Iterator<Item = &str> {
        self.0.get(&of).into_iter().flat_map(|known| known.ids.iter().map(String::as_str))
    }

    /// The id that a word means; a word that means nothing known stays as it is.
    pub(super) fn meant(&self, of: Of, word: &Word) -> Result<String, Wrong> {
        let Some(known) = self.0.get(&of).filter(|known| !word.exact && !known.ids.contains(&word.text)) else { return Ok(word.text.clone()) };
        let found: Vec<&String> = known.folded.get(&fold(&word.text)).into_iter().flatten().collect();
        match found[..] {
            [] => Ok(word.text.clone()),
            [id] => Ok(id.clone()),
            _ => {
                let shown: Vec<&str> = found.iter().take(8).map(|id| id.as_str()).collect();
                let what = format!("'{}' could mean any of {} {}", word.text, found.len(), of.words().1);
                Err(Wrong { code: "E805", ..Wrong::cell(what) }.hint(format!("write the id: {}", shown.join(", "))))
            }
        }
    }
}

fn rows<'v>(root: &'v Value, list: &str) -> impl Iterator<Item = &'v Value> {
    root[list].as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_is_understood_if_it_is_unique() {
        let names = Names::of_instance(&json!({"sites": [
            {"id": "leeds", "name": "Leeds Hub"}, {"id": "york-1", "name": "York"}, {"id": "york-2", "name": "York"}, {"id": "York"},
        ]}));
        let meant = |text: &str| names.meant(Of::Site, &Word { text: text.to_owned(), exact: false });
        assert_eq!(meant("LEEDS").as_deref(), Ok("leeds"));
        assert_eq!(meant("leeds  hub").as_deref(), Ok("leeds"));
        assert_eq!(meant("York").as_deref(), Ok("York"), "an id as it stands comes before names");
        assert_eq!(meant("york").map_err(|w| w.code), Err("E805"));
        assert_eq!(meant("Hull").as_deref(), Ok("Hull"), "what is not known is said later");
        assert_eq!(names.meant(Of::Site, &Word { text: "LEEDS".to_owned(), exact: true }).as_deref(), Ok("LEEDS"));
    }
}
