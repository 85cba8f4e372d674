//! The calendar, periods, ranges, and values per period.

use jiff::civil::Date;

use crate::io::{Problem, raw};
use crate::words::{Calendar, CalendarError, Index, Period, Table, Unit};

use super::at::At;
use super::context::{Context, error};

/// The calendar, or a stand-in for one that could not be read.
pub(super) struct Time {
    /// The horizon.
    pub(super) calendar: Calendar,
    /// It is the instance's own: what is said about periods can be checked.
    sound: bool,
}

/// Ends of a range, not clipped to the horizon.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    /// First period.
    pub(super) from: i64,
    /// The period after the last.
    pub(super) until: i64,
}

impl Ends {
    /// The part inside the horizon, if any.
    pub(super) fn clipped(self, calendar: &Calendar) -> Option<(Period, Period)> {
        let (from, until) = (usize::try_from(self.from.max(0)).ok()?, usize::try_from(self.until).ok()?.min(calendar.count));
        (from < until).then(|| (Period::new(from), Period::new(until)))
    }
}

impl Time {
    pub(super) fn new(given: &raw::Calendar, problems: &mut Vec<Problem>) -> Self {
        let at = At::top("calendar");
        let unit = match given.unit {
            raw::Unit::Week => Unit::Week,
            raw::Unit::Month => Unit::Month,
            raw::Unit::Quarter => Unit::Quarter,
            raw::Unit::Half => Unit::Half,
            raw::Unit::Year => Unit::Year,
        };
        let before = problems.len();
        // `Date` would read times and other spellings too; the format wants YYYY-MM-DD.
        let start = Some(given.start.as_str()).filter(|s| s.len() == 10).and_then(|s| s.parse::<Date>().ok());
        if start.is_none() {
            let what = format!("the calendar's start '{}' is not an ISO date", given.start);
            error(problems, "E303", &at.field("start"), what).hint = Some("write it as YYYY-MM-DD, for instance 2027-01-01".to_owned());
        }
        if given.count == 0 {
            error(problems, "E307", &at.field("count"), "the calendar has no period");
        }
        let calendar = Calendar { start: start.unwrap_or(Date::MIN), unit, count: given.count as usize };
        if problems.len() == before && calendar.begins(i64::from(given.count)).is_none() {
            let what = format!("the calendar runs past the year 9999: {} {}s from {}", given.count, unit.name(), given.start);
            error(problems, "E307", &at.field("count"), what);
        }
        if problems.len() == before {
            Self { calendar, sound: true }
        } else {
            Self { calendar: Calendar { start: jiff::civil::date(2000, 1, 1), unit, count: 1 }, sound: false }
        }
    }
}

impl Context<'_> {
    /// A period, which may lie outside the horizon.
    pub(super) fn period(&mut self, period: &raw::Period, at: &At<'_>) -> i64 {
        // Far beyond any calendar, and safe to add to.
        const FAR: i64 = 1 << 40;
        let text = match period {
            raw::Period::Index(i) => return (*i).clamp(-FAR, FAR),
            raw::Period::Text(text) => text,
        };
        match self.time.calendar.resolve(text) {
            Ok(i) => i,
            Err(_) if !self.time.sound => 0,
            Err(reason) => {
                let what = match reason {
                    CalendarError::Unreadable => format!("{} '{text}' names no period", at.subject()),
                    CalendarError::NoSuchDay => format!("{} '{text}' is not in the calendar", at.subject()),
                };
                self.error("E303", at, what).hint =
                    Some("write a number, a label (2027, 2027-H1, 2027-Q3, 2027-04, 2027-W14), or a date (2027-04-01)".to_owned());
                0
            }
        }
    }

    /// The ends of a range; a missing end is the horizon's.
    pub(super) fn range(&mut self, from: Option<&raw::Period>, until: Option<&raw::Period>, at: &At<'_>) -> Ends {
        let count = self.time.calendar.count as i64;
        let ends =
            Ends { from: from.map_or(0, |p| self.period(p, &at.field("from"))), until: until.map_or(count, |p| self.period(p, &at.field("until"))) };
        if !self.time.sound {
            return ends;
        }
        if let (Some(first), Some(after)) = (from, until)
            && ends.from >= ends.until
        {
            let what = format!("{} is empty: from {} until {}", at.subject(), shown(first), shown(after));
            self.error("E304", at, what).hint = Some("'until' is the period after the last one, so it must be later than 'from'".to_owned());
        } else if let Some(raw::Period::Text(text)) = until
            && self.time.calendar.is_mid_period(text)
        {
            self.warn_mid_period(text, ends.until, &at.field("until"));
        }
        ends
    }

    fn warn_mid_period(&mut self, text: &str, until: i64, at: &At<'_>) {
        let day = |i| self.time.calendar.begins(i).map_or_else(String::new, |d| d.to_string());
        let (this, next) = (day(until), day(until + 1));
        let what = format!("{}: 'until' {text} is not a period's first day; it means the period from {this}, which is then not included", at.who());
        self.warning("W101", at, what).hint = Some(format!("write {next} to include that period, or {this} to say the same"));
    }

    /// Per period, whether one of the ranges holds it; always, if there is no list.
    pub(super) fn open(&mut self, ranges: Option<&Vec<raw::Range>>, at: &At<'_>) -> Table<Period, bool> {
        let count = self.time.calendar.count;
        let Some(ranges) = ranges else { return Table::new(vec![true; count]) };
        let mut open = Table::new(vec![false; count]);
        for (i, range) in ranges.iter().enumerate() {
            let ends = self.range(range.from.as_ref(), range.until.as_ref(), &at.item(i));
            if let Some((from, until)) = ends.clipped(&self.time.calendar) {
                (from.index()..until.index()).for_each(|p| open[Period::new(p)] = true);
            }
        }
        open
    }

    /// Per period, whether it is listed; always, if there is no list.
    pub(super) fn listed(&mut self, periods: Option<&Vec<raw::Period>>, at: &At<'_>) -> Table<Period, bool> {
        let count = self.time.calendar.count;
        let Some(periods) = periods else { return Table::new(vec![true; count]) };
        let mut listed = Table::new(vec![false; count]);
        for (i, period) in periods.iter().enumerate() {
            let p = self.period(period, &at.item(i));
            if let Some(p) = usize::try_from(p).ok().filter(|p| *p < count) {
                listed[Period::new(p)] = true;
            }
        }
        listed
    }

    /// A number for every period, if one is given.
    pub(super) fn per_period(&mut self, value: Option<&raw::PerPeriod>, at: &At<'_>) -> Option<Table<Period, u32>> {
        let count = self.time.calendar.count;
        match value? {
            raw::PerPeriod::Every(n) => Some(Table::new(vec![*n; count])),
            raw::PerPeriod::Each(list) => {
                if list.len() != count && self.time.sound {
                    let what = format!("{} has {} numbers, and the horizon has {count} periods", at.subject(), list.len());
                    self.error("E305", at, what).hint = Some("give one number for all periods, or a list of exactly one for each".to_owned());
                }
                Some((0..count).map(|i| list.get(i).copied().unwrap_or_default()).collect())
            }
        }
    }
}

fn shown(period: &raw::Period) -> String {
    match period {
        raw::Period::Index(i) => i.to_string(),
        raw::Period::Text(text) => text.clone(),
    }
}
