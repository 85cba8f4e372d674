//! A plan as a file: what was decided, what it is worth by the audit, and what helps its readers.

use super::plan_file::{InstanceRef, MentorRow, PlacementRow, PlanFile, Rows, RuleCost};
use super::raw::{Mode as RawMode, Period as RawPeriod};
use crate::audit::Audit;
use crate::domain::{Before, Case, Mode, ParticipantIx, Placement, Plan};
use crate::rules::rule;
use crate::words::{Index, Period};

/// The file of a plan: placements with everything for the reader's sake, rules and objective by the audit. Status, bound,
/// unplaced spans, certificate and solver are for the caller to add.
#[must_use]
pub fn compose(case: &Case, plan: &Plan, audit: &Audit) -> PlanFile {
    let cost = |o: &crate::audit::Outcome| RuleCost {
        id: rule(o.rule).id.to_owned(),
        mode: match o.mode {
            Mode::Soft => RawMode::Soft,
            Mode::Hard => RawMode::Hard,
            Mode::Off => RawMode::Off,
        },
        measure: o.measure,
        weight: o.weight,
        cost: o.cost,
    };
    PlanFile {
        format: Some("rungs-plan/1".to_owned()),
        instance: Some(InstanceRef { name: Some(case.name.clone()).filter(|name| name != "unnamed"), sha256: Some(case.sha256.clone()) }),
        objective: Some(audit.objective()),
        rules: audit.outcomes.iter().map(cost).collect(),
        placements: Rows(plan.paths.iter().flat_map(|(p, path)| rows(case, p, path)).collect()),
        ..PlanFile::default()
    }
}

/// A period as plan files state it: a number from 0.
#[must_use]
pub fn stated(period: Period) -> RawPeriod {
    RawPeriod::Index(period.index() as i64)
}

fn rows(case: &Case, participant: ParticipantIx, path: &[Placement]) -> Vec<PlacementRow> {
    let befores = std::iter::once(Before::Start).chain(path.iter().map(|p| Before::Placement(p.position)));
    path.iter().zip(befores).map(|(placement, before)| row(case, participant, placement, before)).collect()
}

fn row(case: &Case, participant: ParticipantIx, placement: &Placement, before: Before) -> PlacementRow {
    let person = &case.participants[participant];
    let position = &case.positions[placement.position];
    let continues = before == Before::Start
        && person.current.is_some_and(|c| c.position == placement.position)
        && person.timeline.periods.first() == Some(&placement.from);
    let step = if continues { position.difficulty - person.level } else { case.step(participant, before, placement.position) };
    let relocating = case.relocating(participant, before, placement.position);
    PlacementRow {
        participant: person.named.id.clone(),
        position: position.id.clone(),
        from: stated(placement.from),
        until: stated(placement.until),
        mentors: placement
            .mentors
            .iter()
            .map(|m| MentorRow { mentor: case.mentors[m.mentor].named.id.clone(), from: Some(stated(m.from)), until: Some(stated(m.until)) })
            .collect(),
        from_date: Some(case.calendar.day(placement.from).to_string()),
        until_date: Some(case.calendar.day(placement.until).to_string()),
        role: Some(case.roles[position.role].named.id.clone()),
        site: Some(case.sites[position.site].named.id.clone()),
        stage: Some(case.stages[case.roles[position.role].stage].id.clone()),
        difficulty: Some(position.difficulty),
        step: Some(step),
        move_km: Some(relocating.map_or(0.0, |r| r.km)),
        move_cost: Some(relocating.map_or(0.0, |r| r.cost)),
    }
}
