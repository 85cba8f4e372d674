//! The calendar: the horizon cut into equal periods, and how dates and labels name them.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::{Index, Period};

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
    /// Twelve months.
    Year,
}

impl Unit {
    /// Its name in the files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::Year => "year",
        }
    }
}

/// The planning horizon. Period *i* begins *i* units after `start`, for every integer *i*.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// First day of period 0.
    pub start: Date,
    /// Length of each period.
    pub unit: Unit,
    /// Number of periods.
    pub count: usize,
}

/// Why a text names no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarError {
    /// Neither an ISO date nor a label such as `2027`, `2027-H1`, `2027-Q3`, `2027-04` or `2027-W14`.
    Unreadable,
    /// A date that the Gregorian calendar of years 1 to 9999 does not have.
    NoSuchDay,
}

impl Calendar {
    /// First day of period `i`, which may lie outside the horizon; the day is cut to the month's length.
    /// `None` past the years −9999 to 9999.
    #[must_use]
    pub fn begins(&self, i: i64) -> Option<Date> {
        let span = match self.unit {
            Unit::Week => jiff::Span::new().try_weeks(i),
            _ => jiff::Span::new().try_months(i.checked_mul(self.months())?),
        };
        self.start.checked_add(span.ok()?).ok()
    }

    /// All periods of the horizon.
    pub fn periods(&self) -> impl DoubleEndedIterator<Item = Period> + ExactSizeIterator + Clone + use<> {
        (0..self.count).map(Period::new)
    }

    /// First day of a period of the horizon, or of the one after the last.
    ///
    /// # Panics
    /// Never for a calendar that intake accepted (it checks that the horizon's end is a date).
    #[must_use]
    pub fn day(&self, period: Period) -> Date {
        self.begins(period.index() as i64).expect("intake checks that the horizon lies within years 1 to 9999")
    }

    /// The year of the first day of a period.
    #[must_use]
    pub fn year(&self, period: Period) -> i16 {
        self.day(period).year()
    }

    /// The period that contains a day; it may lie outside the horizon.
    #[must_use]
    pub fn containing(&self, day: Date) -> i64 {
        let estimate = match self.unit {
            Unit::Week => i64::from(day.since(self.start).map_or(0, |s| s.get_days())).div_euclid(7),
            _ => {
                let months = (i64::from(day.year()) - i64::from(self.start.year())) * 12 + i64::from(day.month()) - i64::from(self.start.month());
                months.div_euclid(self.months())
            }
        };
        (estimate - 1..=estimate + 1).rev().find(|&i| self.begins(i).is_some_and(|first| first <= day)).unwrap_or(estimate - 2)
    }

    /// The period that a label or ISO date names: a date means the period that contains it; a label the first period that
    /// begins in the span it names, else the period that contains the span's first day.
    ///
    /// # Errors
    /// If the text is neither, or names no real day.
    pub fn resolve(&self, text: &str) -> Result<i64, CalendarError> {
        if let Some(day) = iso_date(text) {
            return day.map(|d| self.containing(d));
        }
        let (first, after) = label_span(text)?;
        let holds = self.containing(first);
        let begins_on = self.begins(holds) == Some(first);
        let next = holds + 1;
        Ok(if !begins_on && self.begins(next).is_some_and(|d| d < after) { next } else { holds })
    }

    /// Whether a text is a date (not a label) that is not the first day of a period.
    #[must_use]
    pub fn is_mid_period(&self, text: &str) -> bool {
        matches!(iso_date(text), Some(Ok(day)) if self.begins(self.containing(day)) != Some(day))
    }

    /// A short label for a period of the horizon, for instance `2027-Q3`; ISO date where the unit's label would mislead.
    #[must_use]
    pub fn label(&self, period: Period) -> String {
        let day = self.day(period);
        let (year, month) = (day.year(), day.month());
        match self.unit {
            Unit::Week if day.weekday() == Weekday::Monday => {
                let week = day.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Unit::Month if day.day() == 1 => format!("{year}-{month:02}"),
            Unit::Quarter if day.day() == 1 && month % 3 == 1 => format!("{year}-Q{}", (month + 2) / 3),
            Unit::Half if day.day() == 1 && month % 6 == 1 => format!("{year}-H{}", (month + 5) / 6),
            Unit::Year if day.day() == 1 && month == 1 => format!("{year}"),
            _ => day.to_string(),
        }
    }

    fn months(&self) -> i64 {
        match self.unit {
            Unit::Week => 0,
            Unit::Month => 1,
            Unit::Quarter => 3,
            Unit::Half => 6,
            Unit::Year => 12,
        }
    }
}

/// `YYYY-MM-DD`, or `None` if the text has another shape.
fn iso_date(text: &str) -> Option<Result<Date, CalendarError>> {
    let [y, m, d] = text.split('-').collect::<Vec<_>>().try_into().ok()?;
    if (y.len(), m.len(), d.len()) != (4, 2, 2) {
        return None;
    }
    let (y, m, d) = (digits(y)?, digits(m)?, digits(d)?);
    Some(Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?).map_err(|_| CalendarError::NoSuchDay))
}

/// First day of the span a label names, and the day after it.
fn label_span(text: &str) -> Result<(Date, Date), CalendarError> {
    use CalendarError::{NoSuchDay, Unreadable};
    let (year, part) = text.split_once('-').map_or((text, None), |(y, p)| (y, Some(p)));
    if year.len() != 4 {
        return Err(Unreadable);
    }
    let year = digits(year).ok_or(Unreadable)?;
    if year == 0 {
        return Err(NoSuchDay);
    }
    let span = |month: i16, months: i64| {
        let first = Date::new(year, i8::try_from(month).map_err(|_| NoSuchDay)?, 1).map_err(|_| NoSuchDay)?;
        Ok((first, first.checked_add(months.months()).map_err(|_| NoSuchDay)?))
    };
    let Some(part) = part else { return span(1, 12) };
    let number = |s: &str, width: usize| if s.len() == width { digits(s).ok_or(Unreadable) } else { Err(Unreadable) };
    match part.as_bytes().first() {
        Some(b'H') => match number(&part[1..], 1)? {
            n @ 1..=2 => span(n * 6 - 5, 6),
            _ => Err(Unreadable),
        },
        Some(b'Q') => match number(&part[1..], 1)? {
            n @ 1..=4 => span(n * 3 - 2, 3),
            _ => Err(Unreadable),
        },
        Some(b'W') => {
            let week = number(&part[1..], 2)?;
            let first = ISOWeekDate::new(year, i8::try_from(week).map_err(|_| NoSuchDay)?, Weekday::Monday).map_err(|_| NoSuchDay)?.date();
            Ok((first, first.checked_add(7.days()).map_err(|_| NoSuchDay)?))
        }
        _ => span(number(part, 2)?, 1),
    }
}

fn digits(s: &str) -> Option<i16> {
    if s.bytes().all(|b| b.is_ascii_digit()) { s.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn check(start: Date, unit: Unit, text: &str, expected: i64) {
        let calendar = Calendar { start, unit, count: 12 };
        assert_eq!(calendar.resolve(text), Ok(expected), "{text} on {unit:?} from {start}");
    }

    #[test]
    fn labels_and_dates_name_periods() {
        let quarters = date(2027, 1, 1);
        check(quarters, Unit::Quarter, "2027", 0);
        check(quarters, Unit::Quarter, "2027-Q3", 2);
        check(quarters, Unit::Quarter, "2028-H1", 4);
        check(quarters, Unit::Quarter, "2026-Q4", -1);
        check(quarters, Unit::Quarter, "2027-05", 1);
        check(quarters, Unit::Quarter, "2027-03-31", 0);
        check(date(2027, 1, 4), Unit::Week, "2027-W14", 13);
        check(date(2027, 1, 4), Unit::Week, "2027-02", 4);
        check(date(2027, 1, 31), Unit::Month, "2027-03", 2);
        check(date(2027, 1, 31), Unit::Month, "2027-02-28", 1);
        check(date(2027, 1, 31), Unit::Month, "2027-02-27", 0);
        check(date(2027, 2, 15), Unit::Year, "2028-03", 1);
    }

    #[test]
    fn unreadable_is_said() {
        let calendar = Calendar { start: date(2027, 1, 1), unit: Unit::Month, count: 12 };
        for text in ["", "27", "2027-Q5", "2027-Qé", "2027-13", "2027-W54", "tomorrow", "2027-1", "2027-02-30", "0000"] {
            assert!(calendar.resolve(text).is_err(), "{text}");
        }
    }

    #[test]
    fn labels_round_trip() {
        for (start, unit) in [
            (date(2027, 1, 1), Unit::Quarter),
            (date(2027, 1, 4), Unit::Week),
            (date(2027, 1, 31), Unit::Month),
            (date(2027, 7, 1), Unit::Half),
            (date(2027, 3, 1), Unit::Year),
        ] {
            let calendar = Calendar { start, unit, count: 30 };
            for p in calendar.periods() {
                assert_eq!(calendar.resolve(&calendar.label(p)), Ok(p.index() as i64));
            }
        }
    }
}
