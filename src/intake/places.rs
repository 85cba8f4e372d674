//! Competencies, stages, roles, sites and positions.

use std::collections::HashMap;

use super::at::At;
use super::context::{Context, MOST_SCORE};
use crate::domain::{Competency, CompetencyIx, Named, Position, PositionIx, Role, RoleIx, Site, SiteIx, StageIx};
use crate::io::raw;
use crate::words::{Coordinates, Table};

/// Id and name of a row; the name is the id if none is given.
pub(super) fn named(id: &str, name: Option<&String>) -> Named {
    let name = name.map(String::as_str).filter(|n| !n.trim().is_empty());
    Named { id: id.to_owned(), name: name.unwrap_or(id).to_owned() }
}

/// Competencies. One whose highest level is not given has the highest that the instance names.
pub(super) fn competencies(context: &mut Context<'_>) -> Table<CompetencyIx, Competency> {
    let raw = context.raw;
    let maps = (raw.roles.iter().flat_map(|r| [&r.requires, &r.develops]))
        .chain(raw.targets.iter().map(|t| &t.requires))
        .chain(raw.participants.iter().map(|p| &p.competencies));
    let mut highest: HashMap<&str, u32> = HashMap::new();
    for (id, level) in maps.flatten() {
        let so_far = highest.entry(id).or_default();
        *so_far = (*so_far).max(*level);
    }
    let row = |c: &raw::Competency| Competency {
        named: named(&c.id, c.name.as_ref()),
        levels: c.levels.unwrap_or_else(|| highest.get(c.id.as_str()).copied().unwrap_or_default()),
    };
    raw.competencies.iter().map(row).collect()
}

/// The ladder.
pub(super) fn stages(context: &Context<'_>) -> Table<StageIx, Named> {
    context.raw.stages.iter().map(|s| named(&s.id, s.name.as_ref())).collect()
}

/// Roles.
pub(super) fn roles(context: &mut Context<'_>, competencies: &Table<CompetencyIx, Competency>) -> Table<RoleIx, Role> {
    let top = At::top("roles");
    let rows = context.raw.roles.iter().enumerate();
    rows.map(|(i, row)| role(context, row, competencies, &top.row(i, row.name.as_ref(), &row.id))).collect()
}

fn role(context: &mut Context<'_>, row: &raw::Role, competencies: &Table<CompetencyIx, Competency>, at: &At<'_>) -> Role {
    let mut duration = context.limits(row.duration.as_ref(), 1, &at.field("duration"));
    if duration.min == 0 {
        context.warning("W106", &at.field("duration"), format!("{}: a placement lasts at least 1 period; min 0 is taken as 1", at.who()));
        duration.min = 1;
    }
    if duration.max == Some(0) {
        context.error("E301", &at.field("duration"), format!("{}: 'duration' has max 0, so nobody could be placed", at.who()));
    }
    Role {
        named: named(&row.id, row.name.as_ref()),
        stage: context.known.stages.find(&row.stage, &at.field("stage"), &mut context.problems),
        family: row.family.as_ref().map(|f| context.known.families.of(f)),
        difficulty: difficulty(context, row, at),
        duration,
        starts: context.listed(row.starts.as_ref(), &at.field("starts")),
        requires: context.levels(&row.requires, competencies, &at.field("requires")),
        develops: context.levels(&row.develops, competencies, &at.field("develops")),
        after: context.role_groups(&row.after, &at.field("after")),
        not_right_after: context.known.roles.find_all(&row.not_right_after, &at.field("not_right_after"), &mut context.problems),
        intensity: context.number(row.intensity, 0.0, 0.0, 1.0, &at.field("intensity")),
        visibility: context.number(row.visibility, 0.0, 0.0, 1.0, &at.field("visibility")),
    }
}

/// A role's difficulty: as given, or the weighted sum of its demands.
fn difficulty(context: &mut Context<'_>, row: &raw::Role, at: &At<'_>) -> f64 {
    match (row.difficulty, &row.demands) {
        (Some(difficulty), None) => context.score(difficulty, &at.field("difficulty")),
        (None, Some(demands)) => {
            let field = at.field("demands");
            let mut sum = 0.0;
            for (dimension, score) in demands {
                if let Some(weight) = context.raw.difficulty.get(dimension) {
                    sum += weight * score;
                } else {
                    let what = format!("{} makes a demand '{dimension}' that has no weight under 'difficulty'", at.who());
                    let near = crate::io::suggest(dimension, context.raw.difficulty.keys().map(String::as_str));
                    let hint = near.map_or_else(|| format!("add \"{dimension}\" to 'difficulty'"), |near| format!("did you mean '{near}'?"));
                    context.error("E403", &field.field(dimension), what).hint = Some(hint);
                }
            }
            if sum.abs() > MOST_SCORE {
                context.error("E301", &field, format!("{}: the difficulty that its demands sum up to is too large a number", at.who()));
            }
            sum
        }
        (Some(_), Some(_)) => {
            let what = format!("{} gives both a difficulty and demands", at.who());
            context.error("E401", &at.field("demands"), what).hint = Some("keep one of the two".to_owned());
            0.0
        }
        (None, None) => {
            let what = format!("{} gives neither a difficulty nor demands", at.who());
            context.error("E402", &at.field("difficulty"), what).hint =
                Some("add \"difficulty\": a number, or \"demands\": dimension to score".to_owned());
            0.0
        }
    }
}

/// Coordinates, of which both are given or none.
pub(super) fn coordinates(context: &mut Context<'_>, lat: Option<f64>, lon: Option<f64>, at: &At<'_>) -> Option<Coordinates> {
    match (lat, lon) {
        (Some(lat), Some(lon)) => Some(Coordinates {
            lat: context.number(Some(lat), 0.0, -90.0, 90.0, &at.field("lat")),
            lon: context.number(Some(lon), 0.0, -180.0, 180.0, &at.field("lon")),
        }),
        (None, None) => None,
        (lat, _) => {
            let (given, missing) = if lat.is_some() { ("lat", "lon") } else { ("lon", "lat") };
            context.error("E309", &at.field(given), format!("{} gives '{given}' without '{missing}'", at.who()));
            None
        }
    }
}

/// Sites.
pub(super) fn sites(context: &mut Context<'_>) -> Table<SiteIx, Site> {
    let top = At::top("sites");
    let rows = context.raw.sites.iter().enumerate();
    rows.map(|(i, row)| site(context, row, &top.row(i, row.name.as_ref(), &row.id))).collect()
}

fn site(context: &mut Context<'_>, row: &raw::Site, at: &At<'_>) -> Site {
    Site {
        named: named(&row.id, row.name.as_ref()),
        kind: row.kind.as_ref().map(|k| context.known.kinds.of(k)),
        country: row.country.as_ref().map(|c| context.known.countries.of(c)),
        region: row.region.as_ref().map(|r| context.known.regions.of(r)),
        at: coordinates(context, row.lat, row.lon, at),
        requires: row.requires.iter().map(|c| context.known.credentials.of(c)).collect(),
        open: context.open(row.open.as_ref(), &at.field("open")),
        housing: context.per_period(row.housing.as_ref(), &at.field("housing")),
        arrivals: context.per_period(row.arrivals.as_ref(), &at.field("arrivals")),
    }
}

/// Positions.
pub(super) fn positions(context: &mut Context<'_>, roles: &Table<RoleIx, Role>, sites: &Table<SiteIx, Site>) -> Table<PositionIx, Position> {
    let top = At::top("positions");
    let rows = context.raw.positions.iter().enumerate();
    rows.map(|(i, row)| position(context, row, roles, sites, &top.row(i, None, &row.id))).collect()
}

fn position(context: &mut Context<'_>, row: &raw::Position, roles: &Table<RoleIx, Role>, sites: &Table<SiteIx, Site>, at: &At<'_>) -> Position {
    let role = context.known.roles.find(&row.role, &at.field("role"), &mut context.problems);
    let site = context.known.sites.find(&row.site, &at.field("site"), &mut context.problems);
    let periods = context.time.calendar.periods();
    let mut open = context.open(row.open.as_ref(), &at.field("open"));
    if let Some(site) = sites.get(site) {
        periods.clone().for_each(|p| open[p] &= site.open[p]);
    }
    let difficulty = roles.get(role).map_or(0.0, |r| r.difficulty) + row.difficulty_add.unwrap_or(0.0);
    if difficulty.abs() > MOST_SCORE && roles.get(role).is_some_and(|r| r.difficulty.abs() <= MOST_SCORE) {
        context.error("E301", &at.field("difficulty_add"), format!("{}: its difficulty is too large a number", at.who()));
    }
    let every = |n: u32| Table::new(vec![n; periods.len()]);
    Position {
        id: row.id.clone(),
        role,
        site,
        seats: context.per_period(row.seats.as_ref(), &at.field("seats")).unwrap_or_else(|| every(1)),
        demand: context.per_period(row.demand.as_ref(), &at.field("demand")).unwrap_or_else(|| every(0)),
        priority: context.number(row.priority, 1.0, 0.0, MOST_SCORE, &at.field("priority")),
        manager: row.manager.as_ref().map(|m| context.person(m, &at.field("manager"))),
        difficulty,
        support: context.number(row.support, 0.0, 0.0, MOST_SCORE, &at.field("support")),
        open,
    }
}
