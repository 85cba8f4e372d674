//! Ids of the instance's lists, and names that are known by being used.

use std::collections::HashMap;

use crate::domain::{
    CohortIx, CompetencyIx, CountryIx, CredentialIx, FamilyIx, GroupIx, KindIx, MentorIx, ParticipantIx, PersonIx, PositionIx, RegionIx, RoleIx,
    SiteIx, StageIx, TargetIx, TrackIx,
};
use crate::io::{Problem, raw, suggest};
use crate::words::{Index, Table};

use super::at::At;
use super::checks::REQUIRED_LISTS;
use super::context::{error, nowhere};

/// Everything that may be referred to.
pub(super) struct Known<'r> {
    pub(super) competencies: Ids<'r, CompetencyIx>,
    pub(super) stages: Ids<'r, StageIx>,
    pub(super) roles: Ids<'r, RoleIx>,
    pub(super) sites: Ids<'r, SiteIx>,
    pub(super) positions: Ids<'r, PositionIx>,
    pub(super) tracks: Ids<'r, TrackIx>,
    pub(super) targets: Ids<'r, TargetIx>,
    pub(super) cohorts: Ids<'r, CohortIx>,
    pub(super) participants: Ids<'r, ParticipantIx>,
    pub(super) families: Names<FamilyIx>,
    pub(super) kinds: Names<KindIx>,
    pub(super) regions: Names<RegionIx>,
    pub(super) countries: Names<CountryIx>,
    pub(super) credentials: Names<CredentialIx>,
    pub(super) people: Names<PersonIx>,
    person_names: HashMap<&'r str, &'r String>,
}

impl<'r> Known<'r> {
    pub(super) fn new(raw: &'r raw::Instance, problems: &mut Vec<Problem>) -> Self {
        macro_rules! ids {
            ($list:ident, $noun:literal) => {
                Ids::new(stringify!($list), $noun, raw.$list.iter().map(|row| row.id.as_str()), problems)
            };
        }
        // Nothing refers to these two by its id, but ids are unique all the same; a person's id is found among the people.
        let _: Ids<'_, GroupIx> = ids!(groups, "group");
        let _: Ids<'_, MentorIx> = ids!(mentors, "mentor");
        let _: Ids<'_, PersonIx> = ids!(people, "person");
        let homes = || raw.participants.iter().filter_map(|p| if let Some(raw::Home::Place(place)) = &p.home { Some(place) } else { None });
        // People by row first, so that a person's index is that of their row.
        let people = raw.people.iter().map(|p| &p.id).chain(raw.mentors.iter().map(|m| &m.id)).chain(raw.participants.iter().map(|p| &p.id));
        Self {
            competencies: ids!(competencies, "competency"),
            stages: ids!(stages, "stage"),
            roles: ids!(roles, "role"),
            sites: ids!(sites, "site"),
            positions: ids!(positions, "position"),
            tracks: ids!(tracks, "track"),
            targets: ids!(targets, "target"),
            cohorts: ids!(cohorts, "cohort"),
            participants: ids!(participants, "participant"),
            families: Names::new("family", raw.roles.iter().filter_map(|r| r.family.as_ref())),
            kinds: Names::new("kind of site", raw.sites.iter().filter_map(|s| s.kind.as_ref())),
            regions: Names::new("region", raw.sites.iter().filter_map(|s| s.region.as_ref()).chain(homes().filter_map(|h| h.region.as_ref()))),
            countries: Names::new("country", raw.sites.iter().filter_map(|s| s.country.as_ref()).chain(homes().filter_map(|h| h.country.as_ref()))),
            credentials: Names::new("credential", raw.sites.iter().flat_map(|s| &s.requires)),
            people: Names::new("person", people),
            person_names: raw.people.iter().filter_map(|p| Some((p.id.as_str(), p.name.as_ref()?))).collect(),
        }
    }

    /// The name of someone listed under `people`, if it is given.
    pub(super) fn person_name(&self, id: &str) -> Option<&'r String> {
        self.person_names.get(id).copied()
    }
}

/// The ids of one list of the instance. The index of an id is its row.
pub(super) struct Ids<'r, I> {
    noun: &'static str,
    rows: HashMap<&'r str, I>,
    /// A row has no id, or a list that must have rows has none: an error was noted, and unknown ids are not reported besides.
    holes: bool,
}

impl<'r, I: Index> Ids<'r, I> {
    fn new(list_name: &str, noun: &'static str, ids: impl Iterator<Item = &'r str>, problems: &mut Vec<Problem>) -> Self {
        let mut known = Self { noun, rows: HashMap::new(), holes: false };
        let list = At::top(list_name);
        for (i, id) in ids.enumerate() {
            let row = list.row(i, None, id);
            let at = row.field("id");
            if id.is_empty() {
                known.holes = true;
                error(problems, "E202", &at, format!("{} has an empty id", at.who()));
            } else if let Some(first) = known.rows.get(id) {
                let what = format!("the {noun} id '{id}' is given twice: {}[{}] has it too", list.path(), first.index());
                error(problems, "E201", &at, what).hint = Some("give every row of a list its own id".to_owned());
            } else {
                known.rows.insert(id, I::new(i));
            }
        }
        known.holes |= known.rows.is_empty() && REQUIRED_LISTS.contains(&list_name);
        known
    }

    /// The row of an id; else a problem is noted, and the index opens no table.
    pub(super) fn find(&self, id: &str, at: &At<'_>, problems: &mut Vec<Problem>) -> I {
        if let Some(row) = self.rows.get(id) {
            return *row;
        }
        if !self.holes {
            let article = if self.noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
            let what = format!("{} names {article} {} '{id}' that does not exist", at.who(), self.noun);
            let mut ids: Vec<&str> = self.rows.keys().copied().collect();
            ids.sort_unstable();
            let hint = suggest(id, ids.iter().copied()).map(|near| format!("did you mean '{near}'?"));
            error(problems, "E203", at, what).hint = hint.or_else(|| (ids.len() <= 8).then(|| format!("there is {}", ids.join(", "))));
        }
        nowhere()
    }

    /// The rows of all ids of a list.
    pub(super) fn find_all(&self, ids: &[String], at: &At<'_>, problems: &mut Vec<Problem>) -> Vec<I> {
        ids.iter().enumerate().map(|(i, id)| self.find(id, &at.item(i), problems)).collect()
    }

    /// The rows of all ids of a list in which each may stand once.
    pub(super) fn find_each_once(&self, ids: &[String], at: &At<'_>, problems: &mut Vec<Problem>) -> Vec<I> {
        let mut seen = std::collections::HashSet::new();
        for (i, id) in ids.iter().enumerate() {
            if !seen.insert(id) {
                let at = at.item(i);
                error(problems, "E205", &at, format!("{}: the {} '{id}' is listed twice", at.who(), self.noun));
            }
        }
        self.find_all(ids, at, problems)
    }
}

/// Names that are known by being used: those of facts first, then any that are merely mentioned.
pub(super) struct Names<I> {
    noun: &'static str,
    rows: Table<I, String>,
    by_name: HashMap<String, I>,
    facts: usize,
}

impl<I: Index> Names<I> {
    fn new<'n>(noun: &'static str, facts: impl Iterator<Item = &'n String>) -> Self {
        let mut names = Self { noun, rows: Table::default(), by_name: HashMap::new(), facts: 0 };
        for name in facts {
            names.of(name);
        }
        names.facts = names.rows.len();
        names
    }

    /// The index of a name, whether known or not.
    pub(super) fn of(&mut self, name: &str) -> I {
        if let Some(ix) = self.by_name.get(name) {
            return *ix;
        }
        let ix = self.rows.push(name.to_owned());
        self.by_name.insert(name.to_owned(), ix);
        ix
    }

    /// The index of a name that is only mentioned; a warning is noted if no fact has it.
    pub(super) fn mention(&mut self, name: &str, at: &At<'_>, problems: &mut Vec<Problem>) -> I {
        let ix = self.of(name);
        if ix.index() >= self.facts {
            let mut problem = Problem::warning("W103", at.path(), format!("{} names a {} '{name}' that nothing has", at.who(), self.noun));
            problem.hint = suggest(name, self.rows.rows()[..self.facts].iter().map(String::as_str)).map(|near| format!("did you mean '{near}'?"));
            problems.push(problem);
        }
        ix
    }

    /// The indices of names that are only mentioned.
    pub(super) fn mention_all(&mut self, names: &[String], at: &At<'_>, problems: &mut Vec<Problem>) -> Vec<I> {
        names.iter().enumerate().map(|(i, name)| self.mention(name, &at.item(i), problems)).collect()
    }

    /// Whether a fact has the name.
    pub(super) fn is_fact(&self, ix: I) -> bool {
        ix.index() < self.facts
    }

    /// The fact's name that a name most likely means.
    pub(super) fn near(&self, name: &str) -> Option<&str> {
        suggest(name, self.rows.rows()[..self.facts].iter().map(String::as_str))
    }

    /// All names.
    pub(super) fn table(&self) -> Table<I, String> {
        self.rows.clone()
    }
}
