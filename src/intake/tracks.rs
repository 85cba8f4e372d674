//! Tracks, curricula, targets and cohorts.

use super::at::At;
use super::context::Context;
use super::places::named;
use crate::domain::{
    Attribute, Clause, Cohort, CohortIx, Competency, CompetencyIx, Policy, Position, PositionIx, Role, RoleIx, Scope, StageIx, Target, TargetIx,
    Track, TrackIx, TrackStage,
};
use crate::io::raw;
use crate::words::{Index, Period, Table};

/// Tracks, with the entry level that follows from the easiest position of their first stage.
pub(super) fn tracks(
    context: &mut Context<'_>,
    roles: &Table<RoleIx, Role>,
    positions: &Table<PositionIx, Position>,
    policy: &Policy,
) -> Table<TrackIx, Track> {
    let ideal_step = policy.named("stretch").number("ideal_step");
    let entry_level = |first: StageIx| {
        let easiest = positions.rows().iter().filter(|q| roles.get(q.role).is_some_and(|r| r.stage == first)).map(|q| q.difficulty).reduce(f64::min);
        easiest.map_or(0.0, |difficulty| difficulty - ideal_step)
    };
    let top = At::top("tracks");
    let rows = context.raw.tracks.iter().enumerate();
    rows.map(|(i, row)| {
        let mut track = track(context, row, &top.row(i, row.name.as_ref(), &row.id));
        let first = track.stages.first().map_or(StageIx::new(0), |s| s.stage);
        let given = row.entry_level.map(|l| context.score(l, &top.row(i, row.name.as_ref(), &row.id).field("entry_level")));
        track.entry_level = given.unwrap_or_else(|| entry_level(first));
        track
    })
    .collect()
}

fn track(context: &mut Context<'_>, row: &raw::Track, at: &At<'_>) -> Track {
    if row.length == 0 {
        context.error("E301", &at.field("length"), format!("{}: 'length' must be at least 1 period", at.who()));
    }
    let breadth = row.breadth.as_ref();
    Track {
        named: named(&row.id, row.name.as_ref()),
        length: row.length,
        entry_level: 0.0,
        stages: stages(context, &row.stages, &at.field("stages")),
        curriculum: curriculum(context, &row.curriculum, &at.field("curriculum")),
        capstone: context.known.roles.find_all(&row.capstone, &at.field("capstone"), &mut context.problems),
        breadth_families: breadth.and_then(|b| b.families).unwrap_or(0),
        breadth_sites: breadth.and_then(|b| b.sites).unwrap_or(0),
    }
}

fn stages(context: &mut Context<'_>, rows: &[raw::TrackStage], at: &At<'_>) -> Vec<TrackStage> {
    let mut stages: Vec<TrackStage> = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let row_at = at.item(i);
        let stage_at = row_at.field("stage");
        let stage = context.known.stages.find(&row.stage, &stage_at, &mut context.problems);
        if let Some(before) = stages.last().map(|s| s.stage)
            && before.index().max(stage.index()) < context.raw.stages.len()
            && stage <= before
        {
            let ladder: Vec<&str> = context.raw.stages.iter().map(|s| s.id.as_str()).collect();
            let what = format!("{} lists the stage '{}' after '{}', against the ladder's order", at.who(), row.stage, rows[i - 1].stage);
            context.error("E406", &stage_at, what).hint = Some(format!("the ladder is {}; list each stage once, in this order", ladder.join(", ")));
        }
        let placements = context.limits(row.placements.as_ref(), 0, &row_at.field("placements"));
        let periods = context.limits(row.periods.as_ref(), 0, &row_at.field("periods"));
        stages.push(TrackStage { stage, placements, periods });
    }
    stages
}

/// The clauses of a curriculum.
pub(super) fn curriculum(context: &mut Context<'_>, rows: &[raw::Clause], at: &At<'_>) -> Vec<Clause> {
    rows.iter().enumerate().map(|(i, row)| clause(context, row, &at.item(i))).collect()
}

fn clause(context: &mut Context<'_>, row: &raw::Clause, at: &At<'_>) -> Clause {
    let placements = context.limits(row.placements.as_ref(), 0, &at.field("placements"));
    let periods = context.limits(row.periods.as_ref(), 0, &at.field("periods"));
    let scope = match (&row.of, row.each) {
        (Some(of), None) => of_scope(context, of, &at.field("of")),
        (None, Some(each)) => {
            for (field, limits) in [("placements", placements), ("periods", periods)] {
                if limits.min > 0 {
                    let what = format!("{} asks for a minimum, which a clause with 'each' does not have", at.subject());
                    context.error("E407", &at.field(field), what).hint = Some("give 'max' alone, or use 'of' to ask for a minimum".to_owned());
                }
            }
            Scope::Each(match each {
                raw::Each::Site => Attribute::Site,
                raw::Each::Family => Attribute::Family,
                raw::Each::Kind => Attribute::Kind,
                raw::Each::Region => Attribute::Region,
            })
        }
        (of, _) => {
            let both = if of.is_some() { "both 'of' and 'each'" } else { "neither 'of' nor 'each'" };
            let what = format!("{} gives {both}", at.subject());
            context.error("E407", at, what).hint = Some("a clause counts with exactly one of the two".to_owned());
            Scope::Each(Attribute::Site)
        }
    };
    if row.placements.is_none() && row.periods.is_none() {
        context.warning("W108", at, format!("{} bounds neither placements nor periods, so it asks nothing", at.subject()));
    }
    Clause { scope, placements, periods }
}

fn of_scope(context: &mut Context<'_>, of: &raw::Of, at: &At<'_>) -> Scope {
    let lists = [
        ("roles", &of.roles),
        ("families", &of.families),
        ("stages", &of.stages),
        ("sites", &of.sites),
        ("kinds", &of.kinds),
        ("regions", &of.regions),
    ];
    for (field, list) in lists {
        if list.as_ref().is_some_and(Vec::is_empty) {
            let what = format!("{}: '{field}' is an empty list, which no placement matches", at.who());
            context.error("E204", &at.field(field), what).hint = Some("leave it out to match any".to_owned());
        }
    }
    let (known, problems) = (&mut context.known, &mut context.problems);
    Scope::Of {
        roles: of.roles.as_ref().map(|l| known.roles.find_all(l, &at.field("roles"), problems)),
        families: of.families.as_ref().map(|l| known.families.mention_all(l, &at.field("families"), problems)),
        stages: of.stages.as_ref().map(|l| known.stages.find_all(l, &at.field("stages"), problems)),
        sites: of.sites.as_ref().map(|l| known.sites.find_all(l, &at.field("sites"), problems)),
        kinds: of.kinds.as_ref().map(|l| known.kinds.mention_all(l, &at.field("kinds"), problems)),
        regions: of.regions.as_ref().map(|l| known.regions.mention_all(l, &at.field("regions"), problems)),
    }
}

/// Targets.
pub(super) fn targets(context: &mut Context<'_>, competencies: &Table<CompetencyIx, Competency>) -> Table<TargetIx, Target> {
    let top = At::top("targets");
    let rows = context.raw.targets.iter().enumerate();
    rows.map(|(i, row)| {
        let at = top.row(i, row.name.as_ref(), &row.id);
        Target {
            named: named(&row.id, row.name.as_ref()),
            requires: context.levels(&row.requires, competencies, &at.field("requires")),
            experience: context.role_groups(&row.experience, &at.field("experience")),
            needed: needed(context, row.needed.as_ref(), &at.field("needed")),
        }
    })
    .collect()
}

/// How many ready people are wanted by which period.
fn needed(context: &mut Context<'_>, needed: Option<&raw::Needed>, at: &At<'_>) -> Vec<(Period, u32)> {
    let last = context.time.calendar.count - 1;
    match needed {
        None => Vec::new(),
        Some(raw::Needed::ByTheEnd(count)) => vec![(Period::new(last), *count)],
        Some(raw::Needed::List(list)) => {
            let mut found = Vec::with_capacity(list.len());
            for (i, row) in list.iter().enumerate() {
                let row_at = at.item(i);
                let by_at = row_at.field("by");
                let by = context.period(&row.by, &by_at);
                if by > last as i64 {
                    // No track that is not cut ends later than the horizon, so the count is the same by its last period.
                    context.warning("W106", &by_at, format!("{}: 'by' lies after the horizon; the last period is taken", at.who()));
                }
                match usize::try_from(by) {
                    Ok(by) => found.push((Period::new(by.min(last)), row.count)),
                    Err(_) => {
                        context.error("E306", &by_at, format!("{}: 'by' lies before the horizon", at.who()));
                    }
                }
            }
            found
        }
    }
}

/// Cohorts.
pub(super) fn cohorts(context: &mut Context<'_>) -> Table<CohortIx, Cohort> {
    let top = At::top("cohorts");
    let rows = context.raw.cohorts.iter().enumerate();
    rows.map(|(i, row)| {
        let at = top.row(i, row.name.as_ref(), &row.id);
        Cohort {
            named: named(&row.id, row.name.as_ref()),
            track: context.known.tracks.find(&row.track, &at.field("track"), &mut context.problems),
            start: context.period(&row.start, &at.field("start")),
        }
    })
    .collect()
}
