//! Sites, positions, mentors and moves.

use std::collections::BTreeMap;

use anstyle::Style;
use serde::Serialize;

use crate::audit::Audit;
use crate::domain::{Before, Case, ParticipantIx, Plan, Relocating};
use crate::words::{Index, Period};

use super::super::mentors::{Support, changes, coverage};
use super::super::paths::stops;
use super::super::positions::Filled;
use super::super::summary::how_many;
use super::super::svg::short_role;
use super::super::text::{GOOD, PLAIN, WARN, count, level, money, number};

/// A place of work.
#[derive(Serialize)]
pub(super) struct Site<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    /// Latitude and longitude in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<(f64, f64)>,
}

/// A role at a site.
#[derive(Serialize)]
pub(super) struct Position<'a> {
    id: &'a str,
    role: &'a str,
    /// The role without its stage's name.
    short: &'a str,
    site: usize,
    stage: usize,
    difficulty: f64,
    level: String,
    cells: Vec<Cell>,
    /// Who, and when.
    who: Vec<(usize, String)>,
}

/// Someone who supports others.
#[derive(Serialize)]
pub(super) struct Mentor<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<usize>,
    cells: Vec<Cell>,
    /// Whom, and when.
    who: Vec<(usize, String)>,
}

/// Periods in a row that look the same: first, the one after the last, what it says, what that means, and how it is.
#[derive(Serialize, PartialEq)]
pub(super) struct Cell(usize, usize, String, String, &'static str);

/// Moves from one place to another.
#[derive(Serialize)]
pub(super) struct Route {
    /// The site moved from; none where the home is no site.
    from: Option<usize>,
    to: usize,
    moves: usize,
    words: String,
    cost: String,
    /// Who, and when.
    who: Vec<(usize, String)>,
}

/// Every site.
pub(super) fn sites(case: &Case) -> Vec<Site<'_>> {
    let site = |s: &'_ crate::domain::Site| (s.kind, s.region, s.country, s.at.map(|at| (at.lat, at.lon)));
    let named = case.sites.rows().iter().map(|s| (s, site(s)));
    named
        .map(|(s, (kind, region, country, at))| Site {
            name: &s.named.name,
            kind: kind.map(|k| case.kinds[k].as_str()),
            region: region.map(|r| case.regions[r].as_str()),
            country: country.map(|c| case.countries[c].as_str()),
            at,
        })
        .collect()
}

/// Every position with its seats per period.
pub(super) fn positions<'a>(case: &'a Case, plan: &Plan) -> Vec<Position<'a>> {
    let filled = Filled::of(case, plan);
    let cell = |q, t| {
        let at = filled.at(case, q, t);
        let need = if at.needed > 0 { format!(", {} needed", at.needed) } else { String::new() };
        let means = format!("{} of {} taken{need}", at.taken, count(at.seats as usize, "seat", "seats"));
        match at {
            at if at.closed && at.taken == 0 => ("–".to_owned(), "closed".to_owned(), "closed"),
            at if at.seats == 0 && at.taken == 0 && !at.short => ("–".to_owned(), "no seats".to_owned(), "closed"),
            at if at.over => (format!("{}/{}!", at.taken, at.seats), format!("{means}: more people than seats"), "over"),
            at if at.short => (format!("{}/{}▾", at.taken, at.seats), format!("{means}: too few"), "short"),
            at => {
                let met = if at.needed > 0 { "✓" } else { "" };
                (format!("{}/{}{met}", at.taken, at.seats), means, share(at.taken as usize, at.seats as usize))
            }
        }
    };
    case.positions
        .iter()
        .map(|(q, position)| Position {
            id: &position.id,
            role: &case.role(q).named.name,
            short: short_role(case, q),
            site: position.site.index(),
            stage: case.stage(q).index(),
            difficulty: position.difficulty,
            level: level(position.difficulty),
            cells: runs(case, |t| cell(q, t)),
            who: who(case, filled.who.get(&q)),
        })
        .collect()
}

/// How full something is: `empty`, `part` or `full`.
fn share(taken: usize, of: usize) -> &'static str {
    match taken {
        0 => "empty",
        n if n < of => "part",
        _ => "full",
    }
}

/// Every mentor with their load per period.
pub(super) fn mentors<'a>(case: &'a Case, plan: &Plan) -> Vec<Mentor<'a>> {
    let support = Support::of(case, plan);
    let cell = |m, t| {
        let at = support.at(case, m, t);
        let means = format!("{} of {} possible", count(at.mentees, "mentee", "mentees"), at.capacity);
        match at {
            at if at.away && at.mentees == 0 => ("–".to_owned(), "not available".to_owned(), "closed"),
            at if at.over => (format!("{}/{}!", at.mentees, at.capacity), format!("{means}: too many"), "over"),
            at => (format!("{}/{}", at.mentees, at.capacity), means, share(at.mentees, at.capacity)),
        }
    };
    case.mentors
        .iter()
        .map(|(m, mentor)| Mentor {
            name: &mentor.named.name,
            site: mentor.site.map(Index::index),
            cells: runs(case, |t| cell(m, t)),
            who: who(case, support.mentees.get(&m)),
        })
        .collect()
}

/// What is covered by mentors, and how often one changes.
pub(super) fn mentoring(case: &Case, plan: &Plan, audit: &Audit) -> Vec<(String, Style)> {
    if case.mentors.is_empty() {
        return vec![("The instance lists no mentors.".to_owned(), PLAIN)];
    }
    let (covered, all) = coverage(case, plan);
    let (text, style) = if covered == all {
        (format!("Every worked period has a mentor ({}).", number(all as f64)), GOOD)
    } else {
        (format!("{} of {} have a mentor.", number(covered as f64), count(all, "worked period", "worked periods")), WARN)
    };
    vec![(text, style), (changes(audit.mentor_changes), PLAIN)]
}

fn who(case: &Case, spans: Option<&Vec<(ParticipantIx, Period, Period)>>) -> Vec<(usize, String)> {
    spans.into_iter().flatten().map(|(p, from, until)| (p.index(), case.span(*from, *until))).collect()
}

fn runs(case: &Case, cell: impl Fn(Period) -> (String, String, &'static str)) -> Vec<Cell> {
    let mut runs: Vec<Cell> = Vec::new();
    for t in case.calendar.periods() {
        let (text, means, kind) = cell(t);
        match runs.last_mut() {
            Some(run) if run.2 == text && run.3 == means && run.4 == kind => run.1 += 1,
            _ => runs.push(Cell(t.index(), t.index() + 1, text, means, kind)),
        }
    }
    runs
}

/// Moves by where from and where to, the most travelled first.
pub(super) fn routes(case: &Case, plan: &Plan) -> Vec<Route> {
    let mut routes: BTreeMap<_, Vec<(ParticipantIx, Period, Relocating)>> = BTreeMap::new();
    for p in case.participants.ids() {
        let mut before = Before::Start;
        for stop in stops(case, plan, p) {
            if let Some(moving) = stop.relocating {
                let route = (case.coming_from(p, before), case.positions[stop.position].site);
                routes.entry(route).or_default().push((p, stop.placement.from, moving));
            }
            before = Before::Placement(stop.position);
        }
    }
    let mut routes: Vec<Route> = routes
        .into_iter()
        .map(|((from, to), moves)| Route {
            from: from.map(Index::index),
            to: to.index(),
            moves: moves.len(),
            words: how_many(moves.iter().map(|(_, _, r)| *r)),
            cost: money(&case.currency, moves.iter().map(|(_, _, r)| r.cost).sum()),
            who: moves.iter().map(|(p, t, _)| (p.index(), case.calendar.label(*t))).collect(),
        })
        .collect();
    routes.sort_by_key(|r| (std::cmp::Reverse(r.moves), r.from, r.to));
    routes
}
