//! What speaks for a placement, from the facts: how it stands to what was before, to wishes, to the target, to demand.
//!
//! These are facts about the placement, not a claim that nothing else was possible: for that `rungs explain why` solves again.

use crate::audit::Record;
use crate::domain::{Case, ParticipantIx};

use super::super::paths::{Stop, worked};
use super::super::text::{level, list, number};
use super::Shown;

/// Sentences about a placement, the most personal first.
pub(super) fn why(shown: &Shown<'_>, p: ParticipantIx, stop: &Stop<'_>, before: &Record) -> Vec<String> {
    let case = shown.case;
    let mut said = Vec::new();
    if stop.continues {
        said.push("Goes on with where they are.".to_owned());
    }
    if stop.pinned {
        said.push("Pinned: it was decided beforehand.".to_owned());
    }
    said.extend(wish(case, p, stop));
    said.extend(grows(case, p, stop, before));
    if !stop.continues {
        said.push(steps(shown, stop));
    }
    said.extend(needed(case, p, stop));
    said
}

fn steps(shown: &Shown<'_>, stop: &Stop<'_>) -> String {
    let stretch = shown.policy.named("stretch");
    let ideal = if stretch.on() { format!(" (ideal: {})", level(stretch.number("ideal_step"))) } else { String::new() };
    let size = level(stop.step.abs());
    match stop.step {
        s if s > 1e-9 => format!("Harder by {size} than what was before{ideal}."),
        s if s < -1e-9 => format!("Easier by {size} than what was before{ideal}."),
        _ => format!("As hard as what was before{ideal}."),
    }
}

fn wish(case: &Case, p: ParticipantIx, stop: &Stop<'_>) -> Option<String> {
    let (lo, hi) = case.rating_range(p);
    let rating = case.rating(p, stop.position);
    let own = number(rating);
    (crate::words::excess(hi, lo) > 0.0).then(|| match rating {
        r if crate::words::excess(hi, r) == 0.0 => format!("As much wished for as any position: rated {own}."),
        r if crate::words::excess(r, lo) == 0.0 => format!("Among the least wished for: rated {own}, the best {}.", number(hi)),
        _ => format!("Wished for in part: rated {own}, the best {}, the least {}.", number(hi), number(lo)),
    })
}

/// What of the target, or of the track's end, the placement serves.
fn grows(case: &Case, p: ParticipantIx, stop: &Stop<'_>, before: &Record) -> Vec<String> {
    let person = &case.participants[p];
    let (role, ix) = (case.role(stop.position), case.positions[stop.position].role);
    let mut said = Vec::new();
    if let Some(target) = person.target.map(|t| &case.targets[t]) {
        let levels = role.develops.iter().filter_map(|(c, to)| {
            let asked = target.requires.get(c)?;
            (before.level(*c) < (*to).min(*asked)).then(|| format!("{} to level {to} ({asked} asked)", case.competencies[*c].named.name))
        });
        let levels: Vec<String> = levels.collect();
        if !levels.is_empty() {
            said.push(format!("Develops {} for {}.", list(&levels), target.named.name));
        }
        if target.experience.iter().any(|group| group.contains(&ix)) {
            said.push(format!("Is experience asked of {}.", target.named.name));
        }
    }
    if case.tracks[person.track].capstone.contains(&ix) {
        said.push("Is a last placement that the track asks for.".to_owned());
    }
    said
}

fn needed(case: &Case, p: ParticipantIx, stop: &Stop<'_>) -> Option<String> {
    let position = &case.positions[stop.position];
    let asked = worked(case, p, stop.placement).any(|t| position.open[t] && position.demand[t] > 0);
    asked.then(|| "The business needs people in this position.".to_owned())
}
