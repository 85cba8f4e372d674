//! What every step of intake needs: the raw rows, the known ids, the calendar, and the problems so far.

use crate::domain::{Competency, CompetencyIx, Levels, Limits};
use crate::io::Problem;
use crate::io::raw;
use crate::words::{Index, Table};

use super::at::At;
use super::known::Known;
use super::time::Time;

/// The largest score: of difficulties, levels, ratings, priorities and minds. Beyond it no solver tells small things apart.
pub(super) const MOST_SCORE: f64 = 1e6;
/// The largest weight of a rule.
pub(super) const MOST_WEIGHT: f64 = 1e9;

/// The state of intake.
pub(super) struct Context<'r> {
    /// The instance as it is written.
    pub(super) raw: &'r raw::Instance,
    /// Ids and names.
    pub(super) known: Known<'r>,
    /// The calendar.
    pub(super) time: Time,
    /// What was found.
    pub(super) problems: Vec<Problem>,
}

/// An index that opens no table: what a broken reference becomes.
pub(super) fn nowhere<I: Index>() -> I {
    I::new(u32::MAX as usize)
}

impl<'r> Context<'r> {
    pub(super) fn new(raw: &'r raw::Instance) -> Self {
        let mut problems = Vec::new();
        let time = Time::new(&raw.calendar, &mut problems);
        let known = Known::new(raw, &mut problems);
        Self { raw, known, time, problems }
    }

    /// Notes an error.
    pub(super) fn error(&mut self, code: &'static str, at: &At<'_>, what: impl Into<String>) -> &mut Problem {
        error(&mut self.problems, code, at, what)
    }

    /// Notes a warning.
    pub(super) fn warning(&mut self, code: &'static str, at: &At<'_>, what: impl Into<String>) -> &mut Problem {
        self.problems.push(Problem::warning(code, at.path(), what));
        self.problems.last_mut().expect("just pushed")
    }

    /// Whether no error was found so far.
    pub(super) fn sound(&self) -> bool {
        !self.problems.iter().any(Problem::is_error)
    }

    /// A number with its default and bounds.
    pub(super) fn number(&mut self, value: Option<f64>, default: f64, least: f64, most: f64, at: &At<'_>) -> f64 {
        let value = value.unwrap_or(default);
        if value < least || value > most {
            // That a score is bounded above is of no interest to someone who wrote a negative one.
            let range = if value > most || most < MOST_SCORE { format!("from {least} to {most}") } else { format!("at least {least}") };
            self.error("E301", at, format!("{} must be {range}, not {value}", at.subject()));
        }
        value
    }

    /// A number from 0 with its default.
    pub(super) fn amount(&mut self, value: Option<f64>, default: f64, at: &At<'_>) -> f64 {
        self.number(value, default, 0.0, f64::INFINITY, at)
    }

    /// A score, which may be negative, within what a solver tells apart.
    pub(super) fn score(&mut self, value: f64, at: &At<'_>) -> f64 {
        self.number(Some(value), 0.0, -MOST_SCORE, MOST_SCORE, at)
    }

    /// Bounds, of which the lower is at least `least` where none is given.
    pub(super) fn limits(&mut self, limits: Option<&raw::Limits>, least: u32, at: &At<'_>) -> Limits {
        let limits = Limits { min: limits.and_then(|l| l.min).unwrap_or(least), max: limits.and_then(|l| l.max) };
        if let Some(max) = limits.max
            && max < limits.min
        {
            self.error("E302", at, format!("{} has min {} above max {max}", at.subject(), limits.min));
        }
        limits
    }

    /// Levels by competency.
    pub(super) fn levels(&mut self, levels: &raw::Map<u32>, competencies: &Table<CompetencyIx, Competency>, at: &At<'_>) -> Levels {
        let mut found = Levels::new();
        for (id, &level) in levels {
            let at = at.field(id);
            let ix = self.known.competencies.find(id, &at, &mut self.problems);
            if let Some(competency) = competencies.get(ix)
                && level > competency.levels
            {
                let what = format!("{}: level {level} of '{id}' is above its highest level, {}", at.who(), competency.levels);
                self.error("E308", &at, what);
            }
            if level > 0 {
                found.insert(ix, level);
            }
        }
        found
    }

    /// Groups of role ids.
    pub(super) fn role_groups(&mut self, groups: &[Vec<String>], at: &At<'_>) -> Vec<Vec<crate::domain::RoleIx>> {
        let mut found = Vec::with_capacity(groups.len());
        for (i, group) in groups.iter().enumerate() {
            let at = at.item(i);
            if group.is_empty() {
                let what = format!("{} is an empty group of roles, which nothing can meet", at.subject());
                self.error("E204", &at, what).hint = Some("name the roles of which one must be completed, or leave the group out".to_owned());
            }
            found.push(self.known.roles.find_all(group, &at, &mut self.problems));
        }
        found
    }
}

/// Notes an error.
pub(super) fn error<'p>(problems: &'p mut Vec<Problem>, code: &'static str, at: &At<'_>, what: impl Into<String>) -> &'p mut Problem {
    problems.push(Problem::error(code, at.path(), what));
    problems.last_mut().expect("just pushed")
}
