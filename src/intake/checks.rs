//! Checks of the instance as a whole.

use super::at::At;
use super::context::Context;
use crate::domain::{Before, Case, MentorIx, Mode, Participant, Policy, Position, PositionIx, Span};
use crate::io::Problem;
use crate::words::excess;

/// What is wrong with a format that is not ours.
pub(super) fn format(format: &str) -> Option<Problem> {
    let (what, hint) = match format {
        "rungs/1" => return None,
        "rungs-plan/1" => ("this is a plan (format 'rungs-plan/1'), not an instance".to_owned(), "give the instance file here"),
        other => (format!("the format '{other}' is not known"), "an instance has the format \"rungs/1\""),
    };
    Some(Problem::error("E107", "format", what).hint(hint))
}

/// The lists without which there is nothing to plan.
pub(super) const REQUIRED_LISTS: [&str; 7] = ["stages", "roles", "sites", "positions", "tracks", "cohorts", "participants"];

/// Every required list has a row.
pub(super) fn required_lists(context: &mut Context<'_>) {
    let raw = context.raw;
    let rows = [
        (raw.stages.len(), "the rungs of the ladder, lowest first; roles name them"),
        (raw.roles.len(), "the kinds of job; positions name them"),
        (raw.sites.len(), "the places of work; positions name them"),
        (raw.positions.len(), "roles at sites: what participants are placed in"),
        (raw.tracks.len(), "the shapes of programmes; cohorts name them"),
        (raw.cohorts.len(), "who starts together on a track; participants name them"),
        (raw.participants.len(), "the people to plan for"),
    ];
    for (list, (count, about)) in REQUIRED_LISTS.into_iter().zip(rows) {
        if count == 0 {
            context.error("E204", &At::top(list), format!("the instance lists no {list}")).hint = Some(format!("'{list}' are {about}"));
        }
    }
}

/// A current placement must go on or have been long enough: it can't go on in a closed position.
pub(super) fn currents(context: &mut Context<'_>, case: &Case) {
    let top = At::top("participants");
    for (ix, p) in case.participants.iter() {
        let (Some(current), Some(first)) = (p.current, p.timeline.periods.first()) else { continue };
        let Some((position, role)) = case.positions.get(current.position).and_then(|q| Some((q, case.roles.get(q.role)?))) else { continue };
        if position.open[*first] {
            continue;
        }
        let row = top.row(crate::words::Index::index(ix), Some(&p.named.name), &p.named.id);
        let at = row.field("current");
        let what = format!("{}: the current placement is in '{}', which is closed when the horizon opens", at.who(), position.id);
        if current.worked < role.duration.min {
            let what = format!("{what}; it can't go on, and with {} of at least {} periods worked it can't end", current.worked, role.duration.min);
            context.error("E502", &at, what).hint = Some("correct 'worked', or when the position and its site are 'open'".to_owned());
        } else {
            context.warning("W111", &at, format!("{what}, so it ends then"));
        }
    }
}

/// Pins of one participant that exclude each other, and pins of what is barred.
pub(super) fn pins(context: &mut Context<'_>, case: &Case, policy: &Policy) {
    let hard = |rule: &str| policy.named(rule).mode == Mode::Hard;
    let top = At::top("participants");
    for (ix, p) in case.participants.iter() {
        let row = top.row(crate::words::Index::index(ix), Some(&p.named.name), &p.named.id);
        let at = row.field("pinned");
        let mut pins = p.pinned.clone();
        pins.sort_by_key(|s| (s.from, s.until));
        for two in pins.windows(2).filter(|two| two[1].from < two[0].until) {
            let name = |s: &Span| case.positions.get(s.position).map_or("", |q| q.id.as_str());
            let what = format!("{}: the pins to '{}' and '{}' overlap", at.who(), name(&two[0]), name(&two[1]));
            // Kept softly, one of the two can still be chosen.
            let problem = if hard("pinned") { context.error("E503", &at, what) } else { context.warning("W112", &at, what) };
            problem.hint = Some("'until' is the period after the last one; the next pin may begin with it".to_owned());
        }
        pins.sort_by_key(|s| (s.position, s.from));
        pins.retain(|pin| !continues(p, pin));
        pins.dedup_by_key(|pin| pin.position);
        for pin in &pins {
            let Some(barred) = barred(case, p, pin) else { continue };
            let what = format!("{} is pinned to '{}', and {barred} is barred for them", at.who(), case.positions[pin.position].id);
            let both = hard("pinned") && hard("barred");
            let problem = if both { context.error("E504", &at, what) } else { context.warning("W112", &at, what) };
            problem.hint = Some("take one of the two out".to_owned());
        }
    }
}

/// Whether a pinned placement goes on with `current`, of which what is asked at entry is not asked.
fn continues(p: &Participant, pin: &Span) -> bool {
    p.current.is_some_and(|c| c.position == pin.position) && p.timeline.periods.first() == Some(&pin.from)
}

/// What of a pinned position is barred, in words.
fn barred(case: &Case, p: &Participant, pin: &Span) -> Option<String> {
    let position = case.positions.get(pin.position)?;
    let (role, site) = (case.roles.get(position.role)?, case.sites.get(position.site)?);
    if p.barred_positions.contains(&pin.position) {
        Some("that position".to_owned())
    } else if p.barred_roles.contains(&position.role) {
        Some(format!("its role '{}'", role.named.id))
    } else if p.barred_sites.contains(&position.site) {
        Some(format!("its site '{}'", site.named.id))
    } else {
        None
    }
}

/// Warns where no position is within `max_step` of a participant's level, so that they could begin nothing.
pub(super) fn levels(context: &mut Context<'_>, case: &Case, policy: &Policy) {
    let stretch = policy.named("stretch");
    if !context.sound() || !stretch.on() {
        return;
    }
    let max_step = stretch.number("max_step");
    let top = At::top("participants");
    for (ix, p) in case.participants.iter().filter(|(_, p)| !p.timeline.is_empty()) {
        let level = case.level_before(ix, Before::Start);
        let near = |(_, q): (_, &Position)| excess((q.difficulty - level).abs(), max_step + q.support) == 0.0;
        if case.positions.iter().any(near) {
            continue;
        }
        let row = top.row(crate::words::Index::index(ix), Some(&p.named.name), &p.named.id);
        let all = case.positions.rows().iter().map(|q| q.difficulty);
        let (easiest, hardest) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), d| (lo.min(d), hi.max(d)));
        let what = format!("{}: no position is within {max_step} ('stretch', max_step) of their level, {level}", row.who());
        context.warning("W102", &row.field("level"), what).hint =
            Some(format!("positions are from {easiest} to {hardest}; give a 'level', or check the difficulties"));
    }
}

/// Warns where `mentoring` is hard and nobody could ever have a mentor: everybody would be left unplaced.
pub(super) fn mentors(context: &mut Context<'_>, case: &Case, policy: &Policy) {
    let asked = || case.participants.iter().filter(|(_, p)| !p.timeline.is_empty());
    if !context.sound() || policy.named("mentoring").mode != Mode::Hard || asked().next().is_none() {
        return;
    }
    let top = At::top("rules");
    if case.mentors.is_empty() {
        let what = "the rule 'mentoring' is hard and there are no mentors, so nobody can be placed";
        context.warning("W113", &top.field("mentoring"), what).hint = Some("list 'mentors', or set the rule to \"soft\" or \"off\"".to_owned());
        return;
    }
    let supports = |m: MentorIx, q: PositionIx| {
        let (mentor, position) = (&case.mentors[m], &case.positions[q]);
        // A mentor suits all participants alike, but for themself.
        let mut others = asked().filter(|(_, p)| p.person != mentor.person).peekable();
        let suits = others.peek().is_some_and(|(p, _)| case.mentor_suits(m, *p, q));
        suits && others.any(|(_, p)| p.timeline.periods.iter().any(|t| mentor.available[*t] && mentor.capacity[*t] > 0 && position.open[*t]))
    };
    if !case.mentors.ids().any(|m| case.positions.ids().any(|q| supports(m, q))) {
        let what = "the rule 'mentoring' is hard and no mentor can support anyone in any position, so nobody can be placed";
        context.warning("W113", &At::top("mentors"), what).hint =
            Some("look at the mentors' 'site' and 'reach', 'stages', 'families', 'available' and 'capacity', and at the reporting lines".to_owned());
    }
}
