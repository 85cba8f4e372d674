//! Raw rows under change: finding what a change names, and changing what is given per period.

use crate::generate::dice::Dice;
use crate::io::raw::{Instance, PerPeriod, Period, Range};
use crate::io::{Problem, child_path, suggest};
use crate::words::Calendar;

use super::words::did_you_mean;

/// More than any site is asked to house: where a limit begins or ends in the middle of the horizon.
pub(super) const AMPLE: u32 = 1_000_000;

/// An instance under change.
pub(super) struct Edit<'a> {
    pub(super) raw: &'a mut Instance,
    pub(super) calendar: Calendar,
    pub(super) dice: &'a mut Dice,
    /// Path of the change in its file.
    pub(super) at: String,
    pub(super) problems: Vec<Problem>,
    /// Something is not as it was.
    pub(super) changed: bool,
}

impl Edit<'_> {
    /// Notes an error at a field of the change.
    pub(super) fn wrong(&mut self, code: &'static str, field: &str, what: impl Into<String>) -> &mut Problem {
        let path = if field.is_empty() { self.at.clone() } else { child_path(&self.at, field) };
        self.problems.push(Problem::error(code, path, what));
        self.problems.last_mut().expect("just pushed")
    }

    /// The row of a list with an id.
    pub(super) fn find<T>(&mut self, rows: fn(&Instance) -> &Vec<T>, id_of: fn(&T) -> &str, noun: &str, field: &str, id: &str) -> Option<usize> {
        let rows = rows(self.raw);
        let found = rows.iter().position(|row| id_of(row) == id);
        if found.is_none() {
            let near = suggest(id, rows.iter().map(id_of)).map(did_you_mean);
            self.wrong("E902", field, format!("the instance has no {noun} '{id}'")).hint = near;
        }
        found
    }

    pub(super) fn site(&mut self, id: &str) -> Option<usize> {
        self.find(|i| &i.sites, |s| &s.id, "site", "site", id)
    }

    pub(super) fn position(&mut self, id: &str) -> Option<usize> {
        self.find(|i| &i.positions, |q| &q.id, "position", "position", id)
    }

    pub(super) fn participant(&mut self, field: &str, id: &str) -> Option<usize> {
        self.find(|i| &i.participants, |p| &p.id, "participant", field, id)
    }

    pub(super) fn cohort(&mut self, id: &str) -> Option<usize> {
        self.find(|i| &i.cohorts, |c| &c.id, "cohort", "cohort", id)
    }

    pub(super) fn mentor(&mut self, id: &str) -> Option<usize> {
        self.find(|i| &i.mentors, |m| &m.id, "mentor", "mentor", id)
    }

    /// A period, which may lie outside the horizon.
    pub(super) fn period(&mut self, field: &str, period: &Period) -> Option<i64> {
        match period {
            Period::Index(i) => Some(*i),
            Period::Text(text) => {
                let found = self.calendar.resolve(text).ok();
                if found.is_none() {
                    let hint = "write a number, a label (2027, 2027-H1, 2027-Q3, 2027-04, 2027-W14), or a date (2027-04-01)";
                    self.wrong("E303", field, format!("'{text}' names no period")).hint = Some(hint.to_owned());
                }
                found
            }
        }
    }

    /// The periods of the horizon in a range.
    pub(super) fn span(&mut self, from: Option<&Period>, until: Option<&Period>) -> Option<std::ops::Range<usize>> {
        let count = self.calendar.count as i64;
        let first = from.map_or(Some(0), |p| self.period("from", p));
        let after = until.map_or(Some(count), |p| self.period("until", p));
        let (first, after) = (first?, after?);
        if first >= after {
            self.wrong("E304", "until", "the range is empty").hint = Some("'until' is the period after the last one".to_owned());
            return None;
        }
        let (inside, end) = (first.max(0), after.min(count));
        if inside >= end {
            self.wrong("E304", "from", "the range lies outside the horizon").hint = Some(self.horizon());
            return None;
        }
        Some(usize::try_from(inside).ok()?..usize::try_from(end).ok()?)
    }

    pub(super) fn horizon(&self) -> String {
        let day = |i| self.calendar.begins(i).map_or_else(String::new, |d| d.to_string());
        format!("the horizon is {} until {}", day(0), day(self.calendar.count as i64))
    }

    /// Per period, whether a list of ranges holds it; always, if there is none.
    pub(super) fn open(&self, ranges: Option<&Vec<Range>>) -> Vec<bool> {
        let count = self.calendar.count;
        let Some(ranges) = ranges else { return vec![true; count] };
        let at = |p: &Option<Period>, or: usize| match p {
            None => or as i64,
            Some(Period::Index(i)) => *i,
            Some(Period::Text(text)) => self.calendar.resolve(text).unwrap_or(or as i64),
        };
        let mut open = vec![false; count];
        for range in ranges {
            let (from, until) = (at(&range.from, 0).clamp(0, count as i64), at(&range.until, count).clamp(0, count as i64));
            (from..until).for_each(|t| open[t as usize] = true);
        }
        open
    }

    /// A value for every period.
    pub(super) fn each(&self, value: Option<&PerPeriod>, absent: u32) -> Vec<u32> {
        match value {
            None => vec![absent; self.calendar.count],
            Some(PerPeriod::Every(n)) => vec![*n; self.calendar.count],
            Some(PerPeriod::Each(list)) => list.clone(),
        }
    }
}

/// The ranges in which something is open; `None` if always.
pub(super) fn ranges(open: &[bool]) -> Option<Vec<Range>> {
    if open.iter().all(|o| *o) {
        return None;
    }
    let mut found: Vec<Range> = Vec::new();
    let mut t = 0;
    while t < open.len() {
        let end = (t..open.len()).find(|u| open[*u] != open[t]).unwrap_or(open.len());
        if open[t] {
            found.push(Range { from: Some(Period::Index(t as i64)), until: Some(Period::Index(end as i64)) });
        }
        t = end;
    }
    Some(found)
}

/// A value per period as it is written.
pub(super) fn written(values: Vec<u32>) -> PerPeriod {
    match values.first() {
        Some(first) if values.iter().all(|v| v == first) => PerPeriod::Every(*first),
        _ => PerPeriod::Each(values),
    }
}

/// How an amount changes.
#[derive(Clone, Copy)]
pub(super) enum Amount {
    Add(f64),
    Set(f64),
    Scale(f64),
    Unlimited,
}

impl Amount {
    /// The new amount, never below 0; `None` is without limit.
    pub(super) fn of(self, before: Option<f64>) -> Option<f64> {
        match self {
            Self::Unlimited => None,
            Self::Set(n) => Some(n),
            Self::Add(n) => before.map(|b| (b + n).max(0.0)),
            Self::Scale(n) => before.map(|b| b * n),
        }
    }

    /// The new whole number.
    pub(super) fn whole(self, before: u32) -> u32 {
        let now = self.of(Some(f64::from(before))).unwrap_or(f64::from(AMPLE));
        now.round().clamp(0.0, f64::from(u32::MAX)) as u32
    }
}

impl Edit<'_> {
    /// The one way in which an amount is to change.
    pub(super) fn amount(
        &mut self,
        add: Option<f64>,
        remove: Option<f64>,
        set: Option<f64>,
        scale: Option<f64>,
        unlimited: Option<bool>,
    ) -> Option<Amount> {
        let given = [
            ("add", add.map(Amount::Add)),
            ("remove", remove.map(|n| Amount::Add(-n))),
            ("set", set.map(Amount::Set)),
            ("scale", scale.map(Amount::Scale)),
            ("unlimited", unlimited.filter(|u| *u).map(|_| Amount::Unlimited)),
        ];
        let given: Vec<(&str, Amount)> = given.into_iter().filter_map(|(word, amount)| amount.map(|a| (word, a))).collect();
        match given[..] {
            [(word, Amount::Scale(n) | Amount::Set(n))] if n < 0.0 => {
                self.wrong("E301", word, format!("'{word}' must be at least 0, not {n}"));
                None
            }
            [(_, amount)] => Some(amount),
            [] => {
                self.wrong("E903", "", "the change does not say how many").hint = Some("give one of add, remove, set, scale".to_owned());
                None
            }
            _ => {
                let words: Vec<&str> = given.iter().map(|(word, _)| *word).collect();
                self.wrong("E903", "", format!("the change gives {} at once", words.join(" and "))).hint = Some("give one of them".to_owned());
                None
            }
        }
    }
}
