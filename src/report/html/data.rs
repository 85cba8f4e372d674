//! Everything that the page shows, as data.

use anstyle::Style;
use serde::Serialize;

use crate::words::{Index, Period};

use super::super::grid::heading;
use super::super::paths::ladder_notice;
use super::super::stated::differences;
use super::super::summary::{Proof, idle_is_asked, summed_up};
use super::super::text::{BAD, DIM, GOOD, WARN, count};
use super::Shown;
use super::people::{Cohort, Person};
use super::places::{Mentor, Position, Route, Site};
use super::scores::{Burden, Scored};

/// The page's data. What is a number by name is for drawing and sorting; what is read is a text.
#[derive(Serialize)]
pub(super) struct Data<'a> {
    name: &'a str,
    horizon: String,
    unit: &'static str,
    /// What a reader must know before anything else.
    alerts: Vec<String>,
    /// What each line is about, and its pieces.
    summary: Vec<(&'static str, Vec<Piece>)>,
    periods: Vec<Column>,
    stages: Vec<&'a str>,
    cohorts: Vec<Cohort<'a>>,
    sites: Vec<Site<'a>>,
    positions: Vec<Position<'a>>,
    mentors: Vec<Mentor<'a>>,
    /// How often a mentor changes, and what is not covered.
    mentoring: Vec<Piece>,
    people: Vec<Person<'a>>,
    routes: Vec<Route>,
    rules: Vec<Scored<'a>>,
    burden: Burden,
    idle_is_asked: bool,
    #[cfg(feature = "plan")]
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<super::against::Against>,
}

/// A text, and how it is meant: `good`, `bad`, `warn`, `dim` or nothing.
#[derive(Serialize)]
pub(super) struct Piece(String, &'static str);

/// A period: its label, the year above it and its short name, its first day.
#[derive(Serialize)]
struct Column {
    label: String,
    year: String,
    short: String,
    day: String,
}

impl<'a> Data<'a> {
    pub(super) fn of(shown: &Shown<'a>) -> Self {
        let (case, plan, audit) = (shown.case, shown.plan, shown.audit);
        let proof = Proof::stated(shown.file, audit.objective());
        let column = |t: Period| {
            let (year, short) = heading(&case.calendar, t);
            Column { label: case.calendar.label(t), year, short, day: case.calendar.day(t).to_string() }
        };
        Self {
            name: &case.name,
            horizon: case.span(Period::new(0), Period::new(case.calendar.count)),
            unit: case.calendar.unit.name(),
            alerts: alerts(shown),
            summary: summed_up(case, shown.policy, plan, audit, &proof).into_iter().map(|(label, said)| (label, pieces(said))).collect(),
            periods: case.calendar.periods().map(column).collect(),
            stages: case.stages.rows().iter().map(|s| s.name.as_str()).collect(),
            cohorts: super::people::cohorts(shown),
            sites: super::places::sites(case),
            positions: super::places::positions(case, plan),
            mentors: super::places::mentors(case, plan),
            mentoring: pieces(super::places::mentoring(case, plan, audit)),
            people: super::people::people(shown),
            routes: super::places::routes(case, plan),
            rules: super::scores::rules(case, audit),
            burden: super::scores::burden(shown),
            idle_is_asked: idle_is_asked(audit),
            #[cfg(feature = "plan")]
            against: shown.against.map(|before| super::against::against(before, shown)),
        }
    }
}

/// Pieces as the page has them.
pub(super) fn pieces(said: Vec<(String, Style)>) -> Vec<Piece> {
    said.into_iter().map(|(text, style)| Piece(text, tone(style))).collect()
}

fn tone(style: Style) -> &'static str {
    match style {
        s if s == GOOD => "good",
        s if s == BAD => "bad",
        s if s == WARN => "warn",
        s if s == DIM => "dim",
        _ => "",
    }
}

/// No ladder, broken rules, claims that the audit does not confirm.
fn alerts(shown: &Shown<'_>) -> Vec<String> {
    let mut alerts: Vec<String> = ladder_notice(shown.audit).into_iter().collect();
    let broken: Vec<String> = shown.audit.breaches().map(super::super::costs::id).collect();
    if !broken.is_empty() {
        let rules = if broken.len() == 1 { "a hard rule" } else { "hard rules" };
        alerts.push(format!("This plan is not legal: it breaks {rules}: {}.", super::super::text::list(&broken)));
    }
    let stated = shown.file.instance.as_ref().and_then(|i| i.sha256.as_ref());
    if stated.is_some_and(|s| !s.eq_ignore_ascii_case(&shown.case.sha256)) {
        alerts.push("The plan was made for another state of the instance; what it claims of its quality may no longer hold.".to_owned());
    }
    let different = differences(shown.case, shown.plan, shown.audit, shown.file);
    if let Some(first) = different.first() {
        let n = count(different.len(), "number of the plan's file differs", "numbers of the plan's file differ");
        alerts.push(format!(
            "{n} from what the audit finds, first {}: {} stated, {} found. All numbers here are the audit's; what is said of the proof is the file's.",
            first.what, first.stated, first.audited
        ));
    }
    alerts
}
