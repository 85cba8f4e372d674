//! People and cohorts.

use serde::Serialize;

use crate::audit::{Audit, Walk};
use crate::domain::{Before, Case, ParticipantIx, Plan, Subject};
use crate::rules::{RULES, Reach};
use crate::words::Index;

use super::super::paths::{Stop, home, stops};
use super::super::summary::{Placed, Waiting, burden, duration, how_many, ladder, people as how_placed, placed};
use super::super::text::{PLAIN, money, number, step};
use super::super::why::whys;
use super::Shown;
use super::data::{Piece, pieces};

/// Someone who is placed, or not.
#[derive(Serialize)]
pub(super) struct Person<'a> {
    id: &'a str,
    name: &'a str,
    cohort: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    home: Option<String>,
    placed: Placed,
    /// How hard what they mastered before is.
    level: f64,
    path: Vec<Stay>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    idle: Vec<Gap>,
    /// Spans outside their timeline: first period, period after the last, whether it is leave.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    away: Vec<(usize, usize, bool)>,
    /// Burden as a number and as a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    burden: Option<(f64, String)>,
    /// Points that the rules read from one path count on theirs.
    points: String,
}

/// One placement.
#[derive(Serialize)]
pub(super) struct Stay {
    position: usize,
    from: usize,
    until: usize,
    when: String,
    first_day: String,
    last_day: String,
    /// The step with its sign; none where they go on with what they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    moving: Option<String>,
    /// Mentor, and when.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mentors: Vec<(usize, String)>,
    why: Vec<String>,
}

/// Periods in a row without a placement.
#[derive(Serialize)]
struct Gap {
    from: usize,
    until: usize,
    when: String,
    long: String,
    reasons: Vec<String>,
}

/// People who start together.
#[derive(Serialize)]
pub(super) struct Cohort<'a> {
    name: &'a str,
    track: &'a str,
    /// What each line is about, and its pieces.
    lines: Vec<(&'static str, Vec<Piece>)>,
    /// Per period: people in each stage, then people idle.
    rungs: Vec<Vec<u32>>,
}

/// Everyone, in the instance's order.
pub(super) fn people<'a>(shown: &Shown<'a>) -> Vec<Person<'a>> {
    let (case, plan) = (shown.case, shown.plan);
    let burdens = burden::burdens(case, shown.policy, shown.audit);
    let points = points(case, shown.audit);
    let mut gaps: Vec<Vec<Gap>> = case.participants.ids().map(|_| Vec::new()).collect();
    for gap in Waiting::of(case, plan, shown.file) {
        let ticks = case.participants[gap.participant].timeline.periods.iter().filter(|t| gap.from <= **t && **t < gap.until).count();
        gaps[gap.participant.index()].push(Gap {
            from: gap.from.index(),
            until: gap.until.index(),
            when: case.span(gap.from, gap.until),
            long: duration(case.calendar.unit, ticks),
            reasons: gap.reasons,
        });
    }
    let person = |(p, idle): (ParticipantIx, Vec<Gap>)| {
        let person = &case.participants[p];
        let walk = Walk::new(case, p, &plan.paths[p]);
        let stops = stops(case, plan, p);
        let whys = whys(case, shown.policy, plan, &walk, &stops);
        let path = stops.iter().zip(whys).map(|(stop, why)| stay(case, stop, why.said)).collect();
        Person {
            id: &person.named.id,
            name: &person.named.name,
            cohort: person.cohort.index(),
            target: person.target.map(|t| case.targets[t].named.name.as_str()),
            home: home(case, p),
            placed: placed(case, plan, p),
            level: case.level_before(p, Before::Start),
            path,
            idle,
            away: away(case, p),
            burden: burdens.get(&p).map(|b| (*b, number(*b))),
            points: number(points[p.index()]),
        }
    };
    case.participants.ids().zip(gaps).map(person).collect()
}

/// Spans of the horizon outside someone's timeline.
fn away(case: &Case, p: ParticipantIx) -> Vec<(usize, usize, bool)> {
    let timeline = &case.participants[p].timeline;
    let mut spans: Vec<(usize, usize, bool)> = Vec::new();
    for t in case.calendar.periods().filter(|t| timeline.tick(*t).is_none()) {
        let leave = timeline.leave.contains_key(&t);
        match spans.last_mut() {
            Some((_, until, kind)) if *until == t.index() && *kind == leave => *until += 1,
            _ => spans.push((t.index(), t.index() + 1, leave)),
        }
    }
    spans
}

/// What the rules that are read from one path find of each, in points.
fn points(case: &Case, audit: &Audit) -> Vec<f64> {
    let mut points = vec![0.0; case.participants.len()];
    for outcome in audit.outcomes.iter().filter(|o| o.weight > 0.0 && RULES[o.rule.index()].reach == Reach::Path) {
        for finding in &outcome.findings {
            if let Subject::Participant(p) = finding.subject {
                points[p.index()] += outcome.weight * finding.amount;
            }
        }
    }
    points
}

fn stay(case: &Case, stop: &Stop<'_>, why: Vec<String>) -> Stay {
    let (from, until) = (stop.placement.from, stop.placement.until);
    let last = case.calendar.day(until);
    Stay {
        position: stop.position.index(),
        from: from.index(),
        until: until.index(),
        when: case.span(from, until),
        first_day: case.calendar.day(from).to_string(),
        last_day: last.yesterday().unwrap_or(last).to_string(),
        step: (!stop.continues).then(|| step(stop.step)),
        pinned: stop.pinned,
        moving: stop.relocating.map(|r| {
            let cost = if r.cost > 0.0 { format!(", {}", money(&case.currency, r.cost)) } else { String::new() };
            if r.km > 0.0 { format!("{}\u{a0}km{cost}", number(r.km.round())) } else { format!("move{cost}") }
        }),
        mentors: stop.placement.mentors.iter().map(|m| (m.mentor.index(), case.span(m.from, m.until))).collect(),
        why,
    }
}

/// Every cohort that has people.
pub(super) fn cohorts<'a>(shown: &Shown<'a>) -> Vec<Cohort<'a>> {
    let case = shown.case;
    case.cohorts
        .iter()
        .map(|(c, cohort)| {
            let who: Vec<ParticipantIx> = case.participants.ids().filter(|p| case.participants[*p].cohort == c).collect();
            let paths: Vec<Vec<Stop<'_>>> = who.iter().map(|p| stops(case, shown.plan, *p)).collect();
            let moved = how_many(paths.iter().flatten().filter_map(|s| s.relocating));
            let spread = super::scores::spread(shown, Some(c)).map(|words| vec![(words, PLAIN)]).unwrap_or_default();
            let mut lines = vec![
                ("People", how_placed(case, shown.plan, &who)),
                ("Ladder", ladder(shown.audit, &paths)),
                ("Moves", vec![(moved, PLAIN)]),
                ("Burden", spread),
            ];
            lines.retain(|(_, said)| !said.is_empty());
            Cohort {
                name: &cohort.named.name,
                track: &case.tracks[cohort.track].named.name,
                lines: lines.into_iter().map(|(label, said)| (label, pieces(said))).collect(),
                rungs: rungs(case, shown.plan, &who),
            }
        })
        .collect()
}

fn rungs(case: &Case, plan: &Plan, who: &[ParticipantIx]) -> Vec<Vec<u32>> {
    let mut counts = vec![vec![0; case.stages.len() + 1]; case.calendar.count];
    for p in who {
        for t in &case.participants[*p].timeline.periods {
            let here = plan.paths[*p].iter().find(|x| x.covers(*t));
            counts[t.index()][here.map_or(case.stages.len(), |x| case.stage(x.position).index())] += 1;
        }
    }
    counts
}
