//! Groups, relocation and the baseline.

use std::collections::BTreeMap;

use super::at::At;
use super::context::Context;
use crate::domain::{Group, GroupIx, GroupKind, ParticipantIx, Relocation, SiteIx, Span, Within};
use crate::io::raw;
use crate::words::{Index, Table};

/// Groups of participants.
pub(super) fn groups(context: &mut Context<'_>) -> Table<GroupIx, Group> {
    let top = At::top("groups");
    let rows = context.raw.groups.iter().enumerate();
    rows.map(|(i, row)| group(context, row, &top.row(i, None, &row.id))).collect()
}

fn group(context: &mut Context<'_>, row: &raw::Group, at: &At<'_>) -> Group {
    let members = context.known.participants.find_each_once(&row.members, &at.field("members"), &mut context.problems);
    if row.members.len() < 2 {
        let count = if row.members.is_empty() { "no members" } else { "only 1 member" };
        context.error("E204", &at.field("members"), format!("{} has {count}, and a group needs at least 2", at.who()));
    }
    Group {
        id: row.id.clone(),
        members,
        kind: match row.kind {
            raw::GroupKind::Together => GroupKind::Together,
            raw::GroupKind::Apart => GroupKind::Apart,
        },
        within: match &row.within {
            None | Some(raw::Within::Word(raw::Neighbourhood::Site)) => Within::Site,
            Some(raw::Within::Word(raw::Neighbourhood::Region)) => Within::Region,
            Some(raw::Within::Word(raw::Neighbourhood::Country)) => Within::Country,
            Some(raw::Within::Km(km)) => Within::Km(context.amount(Some(*km), 0.0, &at.field("within"))),
        },
    }
}

/// What moves cost.
pub(super) fn relocation(context: &mut Context<'_>) -> Relocation {
    let Some(row) = &context.raw.relocation else { return Relocation::default() };
    let at = At::top("relocation");
    let budget_at = at.field("budget");
    let budget = row.budget.as_ref();
    Relocation {
        base: context.amount(row.base, 0.0, &at.field("base")),
        per_km: context.amount(row.per_km, 0.0, &at.field("per_km")),
        commute_km: context.amount(row.commute_km, 0.0, &at.field("commute_km")),
        pairs: pairs(context, &row.pairs, &at.field("pairs")),
        budget_total: budget.and_then(|b| b.total).map(|total| context.amount(Some(total), 0.0, &budget_at.field("total"))),
        budget_per_year: budget.map(|b| per_year(context, &b.per_year, &budget_at.field("per_year"))).unwrap_or_default(),
    }
}

fn pairs(context: &mut Context<'_>, rows: &[raw::Pair], at: &At<'_>) -> BTreeMap<(SiteIx, SiteIx), f64> {
    let mut pairs = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        let item = at.item(i);
        let from = context.known.sites.find(&row.from, &item.field("from"), &mut context.problems);
        let to = context.known.sites.find(&row.to, &item.field("to"), &mut context.problems);
        let cost = context.amount(Some(row.cost), 0.0, &item.field("cost"));
        let real = from.index().max(to.index()) < context.raw.sites.len();
        if real && from == to {
            context.warning("W108", &item, format!("the pair of '{}' with itself has no effect: nobody moves within a site", row.from));
        }
        for pair in [(from, to), (to, from)] {
            let earlier = *pairs.entry(pair).or_insert(cost);
            if real && earlier != cost && pair == (from, to) {
                let what = format!("the move between '{}' and '{}' is given two costs, {earlier} and {cost}", row.from, row.to);
                context.error("E408", &item, what).hint = Some("a pair counts both ways; keep one of the two".to_owned());
            }
        }
    }
    pairs
}

fn per_year(context: &mut Context<'_>, limits: &raw::Map<f64>, at: &At<'_>) -> BTreeMap<i16, f64> {
    let mut years = BTreeMap::new();
    for (key, limit) in limits {
        let field = at.field(key);
        let limit = context.amount(Some(*limit), 0.0, &field);
        let year = Some(key.as_str()).filter(|k| k.len() == 4 && k.bytes().all(|b| b.is_ascii_digit())).and_then(|k| k.parse().ok());
        if let Some(year) = year {
            years.insert(year, limit);
        } else {
            let what = format!("the budget is given for a year '{key}' that is not a calendar year");
            context.error("E303", &field, what).hint = Some("write a year of four digits in quotes, for instance \"2027\"".to_owned());
        }
    }
    years
}

/// The baseline, clipped to the horizon.
pub(super) fn baseline(context: &mut Context<'_>) -> Vec<Span> {
    let top = At::top("baseline");
    let mut spans: Vec<Span> = Vec::new();
    let mut by_participant: BTreeMap<ParticipantIx, Vec<usize>> = BTreeMap::new();
    let Some(rows) = &context.raw.baseline else { return spans };
    for (i, row) in rows.iter().enumerate() {
        let at = top.item(i);
        let participant = context.known.participants.find(&row.participant, &at.field("participant"), &mut context.problems);
        let position = context.known.positions.find(&row.position, &at.field("position"), &mut context.problems);
        let ends = context.range(row.from.as_ref(), row.until.as_ref(), &at);
        let Some((from, until)) = ends.clipped(&context.time.calendar) else { continue };
        let of_same = by_participant.entry(participant).or_default();
        if participant.index() < context.raw.participants.len()
            && of_same.iter().any(|earlier| spans[*earlier].from < until && from < spans[*earlier].until)
        {
            let what = format!("the baseline has '{}' in two positions at once", row.participant);
            context.error("E409", &at, what).hint = Some("'until' is the period after the last one; the next entry may begin with it".to_owned());
        }
        of_same.push(spans.len());
        spans.push(Span { participant, position, from, until });
    }
    spans
}
