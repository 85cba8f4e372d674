//! Participants.

use std::collections::BTreeMap;

use super::at::At;
use super::context::{Context, MOST_SCORE};
use super::people::person_named;
use super::places::coordinates;
use super::timeline::timeline;
use super::tracks::curriculum;
use super::wishes::{mobility, ratings};
use crate::domain::{
    Cohort, CohortIx, Competency, CompetencyIx, CredentialIx, Current, Home, Leave, Participant, ParticipantIx, Past, Role, RoleIx, Span, Track,
    TrackIx,
};
use crate::io::raw;
use crate::words::{Index, Table};

use super::context::nowhere;

/// What participants refer to.
pub(super) struct Facts<'f> {
    pub(super) competencies: &'f Table<CompetencyIx, Competency>,
    pub(super) roles: &'f Table<RoleIx, Role>,
    pub(super) tracks: &'f Table<TrackIx, Track>,
    pub(super) cohorts: &'f Table<CohortIx, Cohort>,
}

/// Participants.
pub(super) fn participants(context: &mut Context<'_>, facts: &Facts<'_>) -> Table<ParticipantIx, Participant> {
    let top = At::top("participants");
    let rows = context.raw.participants.iter().enumerate();
    rows.map(|(i, row)| participant(context, facts, ParticipantIx::new(i), row, &top.row(i, row.name.as_ref(), &row.id))).collect()
}

fn participant(context: &mut Context<'_>, facts: &Facts<'_>, ix: ParticipantIx, row: &raw::Participant, at: &At<'_>) -> Participant {
    let cohort_ix = context.known.cohorts.find(&row.cohort, &at.field("cohort"), &mut context.problems);
    let cohort = facts.cohorts.get(cohort_ix);
    let track = cohort.and_then(|c| facts.tracks.get(c.track));
    let history = history(context, &row.history, &at.field("history"));
    let hardest = history.iter().filter_map(|h| facts.roles.get(h.role)).map(|r| r.difficulty).reduce(f64::max);
    let leaves = leaves(context, &row.leave, &at.field("leave"));
    let length = track.map_or(0, |t| i64::from(t.length)) + i64::from(row.extension.unwrap_or(0));
    let minds = row.minds.as_ref();
    let barred = row.barred.clone().unwrap_or_default();
    let barred_at = at.field("barred");
    Participant {
        person: context.known.people.of(&row.id),
        named: person_named(context, &row.id, row.name.as_ref()),
        cohort: cohort_ix,
        track: cohort.map_or_else(nowhere, |c| c.track),
        home: row.home.as_ref().map(|home| home_of(context, home, &at.field("home"))),
        target: row.target.as_ref().map(|t| context.known.targets.find(t, &at.field("target"), &mut context.problems)),
        level: row.level.map(|l| context.score(l, &at.field("level"))).or(hardest).unwrap_or_else(|| track.map_or(0.0, |t| t.entry_level)),
        competencies: context.levels(&row.competencies, facts.competencies, &at.field("competencies")),
        credentials: credentials(context, &row.credentials, &at.field("credentials")),
        history,
        current: row.current.as_ref().map(|c| current(context, c, cohort, &at.field("current"))),
        mobility: mobility(context, row.mobility.as_ref(), &at.field("mobility")),
        ratings: ratings(context, row.ratings.as_ref(), &at.field("ratings")),
        minds_moves: context.number(minds.and_then(|m| m.moves), 1.0, 0.0, MOST_SCORE, &at.field("minds").field("moves")),
        minds_waiting: context.number(minds.and_then(|m| m.waiting), 1.0, 0.0, MOST_SCORE, &at.field("minds").field("waiting")),
        carried: context.amount(row.carried, 0.0, &at.field("carried")),
        curriculum: match &row.curriculum {
            Some(own) => curriculum(context, own, &at.field("curriculum")),
            None => track.map(|t| t.curriculum.clone()).unwrap_or_default(),
        },
        barred_roles: context.known.roles.find_all(&barred.roles, &barred_at.field("roles"), &mut context.problems),
        barred_sites: context.known.sites.find_all(&barred.sites, &barred_at.field("sites"), &mut context.problems),
        barred_positions: context.known.positions.find_all(&barred.positions, &barred_at.field("positions"), &mut context.problems),
        pinned: pins(context, ix, &row.pinned, &at.field("pinned")),
        timeline: timeline(&context.time.calendar, cohort.map_or(0, |c| c.start), length, &leaves),
    }
}

fn home_of(context: &mut Context<'_>, home: &raw::Home, at: &At<'_>) -> Home {
    match home {
        raw::Home::Site(id) => Home::Site(context.known.sites.find(id, at, &mut context.problems)),
        raw::Home::Place(place) => Home::Place {
            at: coordinates(context, place.lat, place.lon, at),
            country: place.country.as_ref().map(|c| context.known.countries.of(c)),
            region: place.region.as_ref().map(|r| context.known.regions.of(r)),
        },
    }
}

/// Credentials with the first period in which each is held; of two entries for one, the earlier counts.
fn credentials(context: &mut Context<'_>, rows: &[raw::Credential], at: &At<'_>) -> BTreeMap<CredentialIx, i64> {
    let mut held = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        let (id, from) = match row {
            raw::Credential::Id(id) => (id, None),
            raw::Credential::From(entry) => (&entry.id, entry.from.as_ref()),
        };
        let item = at.item(i);
        let from = from.map_or(i64::MIN, |p| context.period(p, &item.field("from")));
        let since = held.entry(context.known.credentials.of(id)).or_insert(from);
        *since = (*since).min(from);
    }
    held
}

fn history(context: &mut Context<'_>, rows: &[raw::Past], at: &At<'_>) -> Vec<Past> {
    let mut history = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let item = at.item(i);
        let role = context.known.roles.find(&row.role, &item.field("role"), &mut context.problems);
        let site = context.known.sites.find(&row.site, &item.field("site"), &mut context.problems);
        history.push(Past { role, site, periods: row.periods.unwrap_or(0) });
    }
    history
}

fn current(context: &mut Context<'_>, row: &raw::Current, cohort: Option<&Cohort>, at: &At<'_>) -> Current {
    if let Some(cohort) = cohort.filter(|c| c.start > 0) {
        let what = format!("{} is in a current placement, but their cohort '{}' starts only in period {}", at.who(), cohort.named.id, cohort.start);
        context.error("E501", at, what).hint = Some("put what they did before the cohort starts into 'history'".to_owned());
    }
    let position = context.known.positions.find(&row.position, &at.field("position"), &mut context.problems);
    Current { position, worked: row.worked.unwrap_or(0) }
}

fn leaves(context: &mut Context<'_>, rows: &[raw::Leave], at: &At<'_>) -> Vec<(super::time::Ends, Leave)> {
    let mut leaves = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let ends = context.range(row.from.as_ref(), row.until.as_ref(), &at.item(i));
        leaves.push((ends, Leave { pauses: row.pauses.unwrap_or(true), holds_seat: row.holds_seat.unwrap_or(false) }));
    }
    leaves
}

fn pins(context: &mut Context<'_>, participant: ParticipantIx, rows: &[raw::Pin], at: &At<'_>) -> Vec<Span> {
    let mut pins: Vec<Span> = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let item = at.item(i);
        let position = context.known.positions.find(&row.position, &item.field("position"), &mut context.problems);
        let before = context.problems.len();
        let ends = context.range(row.from.as_ref(), row.until.as_ref(), &item);
        let broken = context.problems[before..].iter().any(crate::io::Problem::is_error);
        let count = context.time.calendar.count as i64;
        match ends.clipped(&context.time.calendar) {
            Some((from, until)) if from.index() as i64 == ends.from && until.index() as i64 == ends.until => {
                let span = Span { participant, position, from, until };
                if pins.contains(&span) {
                    context.warning("W109", &item, format!("{} pins the same placement twice", item.subject()));
                } else {
                    pins.push(span);
                }
            }
            _ if broken => {}
            _ => {
                let what = format!("{} lies outside the horizon: from {} until {}", item.subject(), ends.from, ends.until);
                context.error("E306", &item, what).hint =
                    Some(format!("the horizon is 0 until {count}; what lies before it belongs into 'current' or 'history'"));
            }
        }
    }
    pins
}
