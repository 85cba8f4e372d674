//! Where a participant may go, what they wish, and what they may not take.

use std::collections::BTreeMap;

use super::at::At;
use super::context::Context;
use super::known::Names;
use crate::domain::{Mobility, Ratings};
use crate::io::raw;
use crate::words::Index;

/// Where a participant may go.
pub(super) fn mobility(context: &mut Context<'_>, row: Option<&raw::Mobility>, at: &At<'_>) -> Mobility {
    let Some(row) = row else { return Mobility::default() };
    let max_km = row.max_km.map(|km| context.amount(Some(km), 0.0, &at.field("max_km")));
    let (known, problems) = (&mut context.known, &mut context.problems);
    Mobility {
        max_moves: row.max_moves,
        max_km,
        sites: row.sites.as_ref().map(|l| known.sites.find_all(l, &at.field("sites"), problems)),
        regions: row.regions.as_ref().map(|l| known.regions.mention_all(l, &at.field("regions"), problems)),
        countries: row.countries.as_ref().map(|l| known.countries.mention_all(l, &at.field("countries"), problems)),
        not_sites: known.sites.find_all(&row.not_sites, &at.field("not_sites"), problems),
        min_stay: row.min_stay.unwrap_or(0),
    }
}

/// What a participant wishes.
pub(super) fn ratings(context: &mut Context<'_>, row: Option<&raw::Ratings>, at: &At<'_>) -> Ratings {
    let Some(row) = row else { return Ratings::default() };
    let (roles, sites) = (at.field("roles"), at.field("sites"));
    for (list, scores) in [(&roles, &row.roles), (&sites, &row.sites)] {
        for (id, score) in scores {
            context.score(*score, &list.field(id));
        }
    }
    for (list, scores) in [("families", &row.families), ("regions", &row.regions), ("kinds", &row.kinds)] {
        for (id, score) in scores {
            context.score(*score, &at.field(list).field(id));
        }
    }
    let (known, problems) = (&mut context.known, &mut context.problems);
    Ratings {
        roles: row.roles.iter().map(|(id, score)| (known.roles.find(id, &roles.field(id), problems), *score)).collect(),
        families: by_name(&mut known.families, &row.families, &at.field("families"), problems),
        sites: row.sites.iter().map(|(id, score)| (known.sites.find(id, &sites.field(id), problems), *score)).collect(),
        regions: by_name(&mut known.regions, &row.regions, &at.field("regions"), problems),
        kinds: by_name(&mut known.kinds, &row.kinds, &at.field("kinds"), problems),
    }
}

fn by_name<I: Index>(names: &mut Names<I>, scores: &raw::Map<f64>, at: &At<'_>, problems: &mut Vec<crate::io::Problem>) -> BTreeMap<I, f64> {
    scores.iter().map(|(name, score)| (names.mention(name, &at.field(name), problems), *score)).collect()
}
