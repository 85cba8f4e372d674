//! The plan held against another one, which was before.

use serde::Serialize;

use crate::change::plan_in;
use crate::desk::touched;
use crate::domain::{Case, ParticipantIx, Placement};
use crate::words::Index;

use super::super::Side;
use super::super::diff::{Compared, compared_rules, spelt, told};
use super::super::text::{count, level, number};
use super::Shown;

/// What differs.
#[derive(Serialize)]
pub(super) struct Against {
    name: String,
    /// In sentences: cost, moves, seats, idle time.
    told: Vec<String>,
    rules: Vec<Compared>,
    head: String,
    /// Who has other placements, and what they had.
    changed: Vec<Before>,
    joined: Vec<usize>,
    /// Who is only in the plan before: their names, and what they had.
    left: Vec<(String, Vec<String>)>,
}

/// What someone had before.
#[derive(Serialize)]
struct Before {
    who: usize,
    path: Vec<Had>,
    /// Placements that cannot be drawn here, since the position or the periods are not in this instance.
    lost: Vec<String>,
}

/// A placement of the plan before.
#[derive(Serialize)]
struct Had {
    position: usize,
    from: usize,
    until: usize,
    when: String,
    level: String,
    /// It is in this plan too.
    kept: bool,
}

/// This plan against the one before.
pub(super) fn against(before: Side<'_>, shown: &Shown<'_>) -> Against {
    let now = Side { case: shown.case, plan: shown.plan, audit: shown.audit };
    let who = touched(before.case, before.plan, now.case, now.plan);
    let there = plan_in(before.case, before.plan, now.case);
    let old = |p: ParticipantIx| before.case.participants.iter().find(|(_, row)| row.named.id == now.case.participants[p].named.id).map(|(o, _)| o);
    let changed = who.changed.iter().map(|p| {
        let mapped = &there.paths[*p];
        let had = old(*p).map_or(&[][..], |o| &before.plan.paths[o]);
        let in_both = |row: &Placement| {
            let id = &before.case.positions[row.position].id;
            mapped.iter().any(|m| now.case.positions[m.position].id == *id && now.case.span(m.from, m.until) == before.case.span(row.from, row.until))
        };
        Before {
            who: p.index(),
            path: mapped.iter().map(|m| had_before(now.case, m, &now.plan.paths[*p])).collect(),
            lost: had.iter().filter(|row| !in_both(row)).map(|row| spelt(before.case, row)).collect(),
        }
    });
    let same = now.case.participants.len() - who.changed.len() - who.joined.len();
    let left = |p: &ParticipantIx| {
        let path = before.plan.paths[*p].iter().map(|row| spelt(before.case, row));
        (before.case.participants[*p].named.name.clone(), path.collect())
    };
    Against {
        name: before.case.name.clone(),
        told: told(before, now),
        rules: compared_rules(before.audit, now.audit),
        head: format!("{} with other placements, {} with the same", count(who.changed.len(), "person", "people"), number(same as f64)),
        changed: changed.collect(),
        joined: who.joined.iter().map(|p| p.index()).collect(),
        left: who.left.iter().map(left).collect(),
    }
}

fn had_before(case: &Case, placement: &Placement, now: &[Placement]) -> Had {
    let same = |x: &Placement| (x.position, x.from, x.until) == (placement.position, placement.from, placement.until);
    Had {
        position: placement.position.index(),
        from: placement.from.index(),
        until: placement.until.index(),
        when: case.span(placement.from, placement.until),
        level: level(case.positions[placement.position].difficulty),
        kept: now.iter().any(same),
    }
}
