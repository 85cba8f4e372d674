//! What a programme is, as data: stages, roles, the track's shape, targets, rules, and the habits of its people.

mod academy;
mod assessed;
mod cohorts;
mod emerging;
mod launch;
mod mba;
mod medical;
mod mentoring;
mod operations;
mod study;

use super::{Profile, Recipe};
use crate::io::raw::{Breadth, Clause, Each, Limits, Map, Mode, Of, ParamValue, Role, RuleEntry, Rules, Unit};

/// A programme.
#[derive(Debug)]
pub(super) struct Programme {
    pub(super) currency: &'static str,
    /// First day of the calendar.
    pub(super) start: &'static str,
    pub(super) unit: Unit,
    /// Horizon where the recipe names none.
    pub(super) periods: usize,
    /// Zones in the order in which the company spreads.
    pub(super) zones: &'static [&'static str],
    /// Whether sites ask for their zone's work authorisation.
    pub(super) work_permits: bool,
    /// A credential that this many in a hundred sites ask for besides.
    pub(super) clearance: Option<(&'static str, usize)>,
    pub(super) kinds: Vec<Kind>,
    /// Kinds of a zone's first sites, over and over.
    pub(super) pattern: &'static [usize],
    /// Id, name, levels.
    pub(super) competencies: Vec<(&'static str, &'static str, u32)>,
    /// Dimension of demand and its weight.
    pub(super) dimensions: Vec<(&'static str, f64)>,
    pub(super) stages: Vec<Rung>,
    pub(super) roles: Vec<Job>,
    pub(super) track: Course,
    pub(super) targets: Vec<Aim>,
    pub(super) intake: Intake,
    /// Cost of a move: base, per kilometre, and the distance of a commute.
    pub(super) relocation: (f64, f64, f64),
    /// Smallest and largest step, and the best; none without a ladder.
    pub(super) steps: Option<(f64, f64, f64)>,
    pub(super) habits: Habits,
    pub(super) rules: Rules,
}

/// A kind of site.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    /// Only roles that name it are found there.
    pub(super) hub: bool,
}

/// A stage, and how paths pass through it.
#[derive(Debug)]
pub(super) struct Rung {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Placements: fewest, most. None: only history knows it.
    pub(super) placements: (usize, usize),
    /// Periods: fewest, most.
    pub(super) periods: (usize, usize),
}

/// A role, where it is found and when it begins.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) raw: Role,
    /// Kinds of site where it is found; all that are no hubs if none is named.
    pub(super) at: &'static [&'static str],
    pub(super) starts: Starts,
}

/// When a role may begin.
#[derive(Debug, Clone, Copy)]
pub(super) enum Starts {
    /// Always.
    Any,
    /// In every `step`-th period, from `offset`.
    Season { offset: i64, step: i64 },
    /// So many periods after a cohort's start.
    After(&'static [i64]),
}

/// The shape of paths.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) length: usize,
    /// Difficulty mastered by someone who joins.
    pub(super) entry: f64,
    /// Whether the track lists its stages.
    pub(super) staged: bool,
    pub(super) curriculum: Vec<Clause>,
    pub(super) capstone: Vec<&'static str>,
    pub(super) breadth: Option<Breadth>,
}

/// A target role.
#[derive(Debug)]
pub(super) struct Aim {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) requires: Vec<(&'static str, u32)>,
    pub(super) experience: Vec<Vec<&'static str>>,
}

/// When cohorts start.
#[derive(Debug)]
pub(super) struct Intake {
    /// Start of the first; may lie before the horizon.
    pub(super) first: i64,
    /// Periods from one to the next.
    pub(super) gap: i64,
    /// Whether cohorts start whose track runs on past the horizon.
    pub(super) late: bool,
}

/// How many in a hundred people have what, and other habits.
#[derive(Debug)]
pub(super) struct Habits {
    pub(super) leave: usize,
    /// Every placement is pinned.
    pub(super) all_pinned: bool,
    pub(super) pins: usize,
    /// A published plan is to be kept.
    pub(super) baseline: bool,
    /// Reporting lines and mentors.
    pub(super) mentors: bool,
    /// Roles of hourly staff that only history names.
    pub(super) past: &'static [&'static str],
    /// Limit of moves, at least.
    pub(super) moves: u32,
    /// Sites in a hundred with beds, and with arrivals, that are counted.
    pub(super) housing: usize,
    pub(super) arrivals: usize,
    /// Whether people come with competencies, ratings and limits.
    pub(super) wishes: bool,
    /// Burdens carried over from earlier years.
    pub(super) carried: bool,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            leave: 6,
            all_pinned: false,
            pins: 1,
            baseline: false,
            mentors: true,
            past: &[],
            moves: 2,
            housing: 12,
            arrivals: 8,
            wishes: true,
            carried: false,
        }
    }
}

impl Programme {
    /// The programme of a recipe.
    pub(super) fn of(recipe: &Recipe) -> Self {
        match recipe.profile {
            Profile::Operations => operations::programme(),
            Profile::Mba => mba::programme(recipe.periods.is_some_and(|n| n <= 12)),
            Profile::Launch => launch::programme(),
            Profile::Emerging => emerging::programme(),
            Profile::Assessed => assessed::programme(),
            Profile::Study => study::programme(),
            Profile::Academy => academy::programme(),
            Profile::Mentoring => mentoring::programme(),
            Profile::Cohorts => cohorts::programme(),
            Profile::Medical => medical::programme(),
        }
    }
}

fn kind(id: &'static str, label: &'static str) -> Kind {
    Kind { id, label, hub: false }
}

fn hub(id: &'static str, label: &'static str) -> Kind {
    Kind { id, label, hub: true }
}

fn rung(id: &'static str, name: &'static str, placements: (usize, usize), periods: (usize, usize)) -> Rung {
    Rung { id, name, placements, periods }
}

/// A role of this difficulty, held for `min` to `max` periods.
fn job(id: &str, name: &str, stage: &str, family: &str, difficulty: f64, (min, max): (u32, u32)) -> Job {
    let raw = Role {
        id: id.to_owned(),
        name: Some(name.to_owned()),
        stage: stage.to_owned(),
        family: Some(family.to_owned()),
        difficulty: Some(difficulty),
        duration: Some(Limits { min: Some(min), max: Some(max) }),
        ..Role::default()
    };
    Job { raw, at: &[], starts: Starts::Any }
}

impl Job {
    fn needs(mut self, levels: &[(&str, u32)]) -> Self {
        self.raw.requires = levels_map(levels);
        self
    }
    fn gives(mut self, levels: &[(&str, u32)]) -> Self {
        self.raw.develops = levels_map(levels);
        self
    }
    /// One role of every group must be completed before.
    fn after(mut self, groups: &[&[&str]]) -> Self {
        self.raw.after = groups.iter().map(|group| ids(group)).collect();
        self
    }
    fn not_right_after(mut self, roles: &[&str]) -> Self {
        self.raw.not_right_after = ids(roles);
        self
    }
    fn intense(mut self, intensity: f64) -> Self {
        self.raw.intensity = Some(intensity);
        self
    }
    fn seen(mut self, visibility: f64) -> Self {
        self.raw.visibility = Some(visibility);
        self
    }
    fn at(mut self, kinds: &'static [&'static str]) -> Self {
        self.at = kinds;
        self
    }
    fn starts(mut self, starts: Starts) -> Self {
        self.starts = starts;
        self
    }
    /// Scores of the dimensions of demand, instead of the difficulty that they add up to.
    fn demands(mut self, dimensions: &[(&str, f64)], scores: &[f64]) -> Self {
        self.raw.demands = Some(dimensions.iter().zip(scores).map(|((id, _), score)| ((*id).to_owned(), *score)).collect());
        self.raw.difficulty = None;
        self
    }
}

fn ids(list: &[&str]) -> Vec<String> {
    list.iter().map(|id| (*id).to_owned()).collect()
}

pub(super) fn levels_map(levels: &[(&str, u32)]) -> Map<u32> {
    levels.iter().map(|(id, level)| ((*id).to_owned(), *level)).collect()
}

fn at_least(min: u32) -> Option<Limits> {
    Some(Limits { min: Some(min), max: None })
}

fn at_most(max: u32) -> Option<Limits> {
    Some(Limits { min: None, max: Some(max) })
}

fn of_families(families: &[&str]) -> Clause {
    Clause { of: Some(Of { families: Some(ids(families)), ..Of::default() }), ..Clause::default() }
}

fn of_kinds(kinds: &[&str]) -> Clause {
    Clause { of: Some(Of { kinds: Some(ids(kinds)), ..Of::default() }), ..Clause::default() }
}

fn of_roles(roles: &[&str]) -> Clause {
    Clause { of: Some(Of { roles: Some(ids(roles)), ..Of::default() }), ..Clause::default() }
}

fn each(what: Each) -> Clause {
    Clause { each: Some(what), ..Clause::default() }
}

fn breadth(families: u32, sites: u32) -> Option<Breadth> {
    Some(Breadth { families: (families > 0).then_some(families), sites: (sites > 0).then_some(sites) })
}

/// Settings of rules, by id.
fn rules(entries: Vec<(&str, RuleEntry)>) -> Rules {
    Rules(entries.into_iter().map(|(id, entry)| (id.to_owned(), entry)).collect())
}

fn off() -> RuleEntry {
    RuleEntry { mode: Some(Mode::Off), ..RuleEntry::default() }
}

fn hard() -> RuleEntry {
    RuleEntry { mode: Some(Mode::Hard), ..RuleEntry::default() }
}

fn soft(weight: f64) -> RuleEntry {
    RuleEntry { mode: Some(Mode::Soft), weight: Some(weight), ..RuleEntry::default() }
}

/// An entry with one more parameter.
fn with(mut entry: RuleEntry, name: &str, value: ParamValue) -> RuleEntry {
    entry.params.insert(name.to_owned(), value);
    entry
}

fn number(value: f64) -> ParamValue {
    ParamValue::Number(value)
}

fn word(value: &str) -> ParamValue {
    ParamValue::Word(value.to_owned())
}

fn listed(rules: &[&str]) -> ParamValue {
    ParamValue::Rules(ids(rules))
}
