//! What a participant is told of their part of a plan: what, where, when, with whom, why this, and what was traded off.
//!
//! The fields are what a template can name.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::audit::{Audit, Step, Walk};
use crate::domain::{Case, MentorIx, ParticipantIx, Placement, Plan, Policy, PositionIx, SiteIx, Subject};
use crate::report::{self, Why, ladder_notice};
use crate::rules::rule;
use crate::words::{Index, Period};

/// All that a letter can say. Dates are ISO texts; the last day is the last one that belongs to a span.
#[derive(Debug, Clone, Serialize)]
pub struct Letter {
    programme: String,
    currency: String,
    person: Name,
    cohort: String,
    track: String,
    target: Option<String>,
    home: Option<String>,
    #[serde(flatten)]
    when: When,
    /// The track runs on past the horizon.
    goes_on: bool,
    placements: Vec<Stop>,
    leave: Vec<When>,
    idle: Vec<When>,
    moves: Moves,
    tradeoffs: Vec<Tradeoff>,
    /// That the programme has no ladder, where it has none.
    ladder: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Name {
    id: String,
    name: String,
}

#[derive(Debug, Clone, Serialize)]
struct When {
    from: String,
    last_day: String,
    periods: String,
}

#[derive(Debug, Clone, Serialize)]
struct Moves {
    count: usize,
    km: f64,
    cost: f64,
}

#[derive(Debug, Clone, Serialize)]
struct Stop {
    position: String,
    role: String,
    stage: String,
    site: String,
    country: Option<String>,
    region: Option<String>,
    #[serde(flatten)]
    when: When,
    worked: usize,
    difficulty: f64,
    difficulty_before: f64,
    step: f64,
    continues: bool,
    pinned: bool,
    manager: Option<String>,
    mentors: Vec<With>,
    peers: Vec<With>,
    leave: Vec<When>,
    #[serde(rename = "move")]
    relocating: Option<Relocating>,
    develops: Vec<Level>,
    for_target: Vec<String>,
    wishes: Vec<Wish>,
    why: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct With {
    name: String,
    role: Option<String>,
    site: Option<String>,
    #[serde(flatten)]
    when: When,
}

#[derive(Debug, Clone, Serialize)]
struct Relocating {
    from: Option<String>,
    km: f64,
    cost: f64,
}

#[derive(Debug, Clone, Serialize)]
struct Level {
    competency: String,
    level: u32,
}

#[derive(Debug, Clone, Serialize)]
struct Wish {
    what: String,
    score: f64,
}

#[derive(Debug, Clone, Serialize)]
struct Tradeoff {
    rule: String,
    asks: String,
    points: f64,
    words: String,
}

/// The letters of everyone for whom there is something to plan, in the instance's order. Linear in placements, and in those at
/// one site squared.
#[must_use]
pub fn letters(case: &Case, policy: &Policy, plan: &Plan, audit: &Audit) -> Vec<(ParticipantIx, Letter)> {
    let mut at: BTreeMap<SiteIx, Vec<(ParticipantIx, &Placement)>> = BTreeMap::new();
    for (p, path) in plan.paths.iter() {
        path.iter().for_each(|placement| at.entry(case.positions[placement.position].site).or_default().push((p, placement)));
    }
    let teller = Teller { case, policy, plan, audit, at };
    let asked = case.participants.iter().filter(|(p, person)| !person.timeline.is_empty() || !plan.paths[*p].is_empty());
    asked.map(|(p, _)| (p, teller.letter(p))).collect()
}

struct Teller<'a> {
    case: &'a Case,
    policy: &'a Policy,
    plan: &'a Plan,
    audit: &'a Audit,
    at: BTreeMap<SiteIx, Vec<(ParticipantIx, &'a Placement)>>,
}

impl Teller<'_> {
    fn letter(&self, p: ParticipantIx) -> Letter {
        let case = self.case;
        let person = &case.participants[p];
        let walk = Walk::new(case, p, &self.plan.paths[p]);
        let moves: Vec<_> = walk.steps.iter().filter_map(|step| case.relocating(p, step.before, step.position)).collect();
        let timeline = &person.timeline;
        let first = timeline.periods.first().copied().unwrap_or_else(|| Period::new(0));
        let after = timeline.periods.last().map_or(first, |last| next(*last));
        Letter {
            programme: case.name.clone(),
            currency: case.currency.clone(),
            person: Name { id: person.named.id.clone(), name: person.named.name.clone() },
            cohort: case.cohorts[person.cohort].named.name.clone(),
            track: case.tracks[person.track].named.name.clone(),
            target: person.target.map(|target| case.targets[target].named.name.clone()),
            home: report::home(case, p),
            when: self.when(first, after),
            goes_on: timeline.cut,
            placements: self.stops(p, &walk),
            leave: self.whens(&timeline.leave.keys().copied().collect::<Vec<_>>()),
            idle: self.whens(&walk.idle().into_iter().map(|tick| timeline.periods[tick]).collect::<Vec<_>>()),
            moves: Moves { count: moves.len(), km: moves.iter().map(|m| m.km).sum(), cost: moves.iter().map(|m| m.cost).sum() },
            tradeoffs: self.tradeoffs(p),
            ladder: ladder_notice(self.audit),
        }
    }

    fn stops(&self, p: ParticipantIx, walk: &Walk<'_>) -> Vec<Stop> {
        let stops = report::stops(self.case, self.plan, p);
        let whys = report::whys(self.case, self.policy, self.plan, walk, &stops);
        let all = walk.steps.iter().zip(&stops).zip(whys);
        all.map(|((step, stop), why)| self.stop(walk, step, stop, why)).collect()
    }

    fn stop(&self, walk: &Walk<'_>, step: &Step<'_>, stop: &report::Stop<'_>, why: Why) -> Stop {
        let (case, p) = (self.case, walk.participant);
        let (position, placement) = (&case.positions[step.position], step.placement);
        let (role, site) = (case.role(step.position), case.site(step.position));
        Stop {
            position: position.id.clone(),
            role: role.named.name.clone(),
            stage: case.stages[role.stage].name.clone(),
            site: site.named.name.clone(),
            country: site.country.map(|c| case.countries[c].clone()),
            region: site.region.map(|r| case.regions[r].clone()),
            when: self.when(placement.from, placement.until),
            worked: step.length(),
            difficulty: stop.difficulty,
            difficulty_before: case.level_before(p, step.before),
            step: stop.step,
            continues: step.continues,
            pinned: stop.pinned,
            manager: position.manager.map(|m| case.people[m].named.name.clone()),
            mentors: self.mentors(placement),
            peers: self.peers(p, step),
            leave: self.whens(&walk.timeline.leave_inside(step.first, step.after).map(|(period, _)| period).collect::<Vec<_>>()),
            relocating: stop.relocating.map(|r| Relocating { from: self.place_before(p, step), km: r.km, cost: r.cost }),
            develops: why.develops.into_iter().map(|(competency, level)| Level { competency, level }).collect(),
            for_target: why.for_target,
            wishes: why.wishes.into_iter().map(|(what, score)| Wish { what, score }).collect(),
            why: why.said,
        }
    }

    fn when(&self, from: Period, until: Period) -> When {
        let day = |period| self.case.calendar.day(period);
        let last: Date = day(until).yesterday().unwrap_or_else(|_| day(until)).max(day(from));
        When { from: day(from).to_string(), last_day: last.to_string(), periods: self.case.span(from, until) }
    }

    /// Spans of periods that follow each other.
    fn whens(&self, periods: &[Period]) -> Vec<When> {
        let runs = periods.chunk_by(|a, b| next(*a) == *b);
        runs.filter_map(|run| Some(self.when(*run.first()?, next(*run.last()?)))).collect()
    }

    fn place_before(&self, p: ParticipantIx, step: &Step<'_>) -> Option<String> {
        self.case.site_before(p, step.before).map(|site| self.case.sites[site].named.name.clone()).or_else(|| report::home(self.case, p))
    }

    fn mentors(&self, placement: &Placement) -> Vec<With> {
        let mut spans: Vec<(Period, Period, MentorIx)> = placement.mentors.iter().map(|m| (m.from, m.until, m.mentor)).collect();
        spans.sort();
        let with = |(from, until, m): (Period, Period, MentorIx)| {
            let mentor = &self.case.mentors[m];
            let site = mentor.site.map(|site| self.case.sites[site].named.name.clone());
            With { name: mentor.named.name.clone(), role: None, site, when: self.when(from, until) }
        };
        spans.into_iter().map(with).collect()
    }

    /// Others of the programme at the same site while this step lasts, in the order of meeting them.
    fn peers(&self, p: ParticipantIx, step: &Step<'_>) -> Vec<With> {
        let own = step.placement;
        let others = self.at.get(&self.case.positions[step.position].site).into_iter().flatten().filter(|(other, _)| *other != p);
        let together = others.map(|(other, placement)| (own.from.max(placement.from), own.until.min(placement.until), *other, placement.position));
        let mut together: Vec<(Period, Period, ParticipantIx, PositionIx)> = together.filter(|(from, until, ..)| from < until).collect();
        together.sort();
        let with = |(from, until, other, position): (Period, Period, ParticipantIx, PositionIx)| With {
            name: self.case.participants[other].named.name.clone(),
            role: Some(self.case.role(position).named.name.clone()),
            site: None,
            when: self.when(from, until),
        };
        together.into_iter().map(with).collect()
    }

    /// What rules that are counted found about this person's own path, the dearest first.
    fn tradeoffs(&self, p: ParticipantIx) -> Vec<Tradeoff> {
        let mut found = Vec::new();
        // Whoever reads it knows their own name.
        let own_name = format!("{}: ", self.case.participants[p].named.name);
        for outcome in self.audit.outcomes.iter().filter(|o| o.weight > 0.0) {
            let own = outcome.findings.iter().filter(|f| f.subject == Subject::Participant(p) && f.amount > 0.0);
            found.extend(own.map(|f| Tradeoff {
                rule: rule(outcome.rule).id.to_owned(),
                asks: rule(outcome.rule).asks(),
                points: f.amount * outcome.weight,
                words: f.words.strip_prefix(&own_name).unwrap_or(&f.words).to_owned(),
            }));
        }
        found.sort_by(|a, b| b.points.total_cmp(&a.points));
        found
    }
}

fn next(period: Period) -> Period {
    Period::new(period.index() + 1)
}
