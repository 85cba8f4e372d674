//! What a participant is told of their part of a plan: what, where, when, with whom, why this, and what was traded off.
//!
//! The fields are what a template can name.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::audit::{Audit, Record, Step, Walk};
use crate::domain::{Case, GroupKind, Home, MentorIx, Mode, ParticipantIx, Placement, Plan, Policy, PositionIx, SiteIx, Subject};
use crate::report::{ladder_notice, number, span};
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
            home: self.home(p),
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
        let mut held = Record::opening(self.case, walk);
        let mut stops = Vec::with_capacity(walk.steps.len());
        for (i, step) in walk.steps.iter().enumerate() {
            let gains = self.gains(p, walk, i, &held);
            stops.push(self.stop(p, walk, i, gains));
            held.add(self.case, step);
        }
        stops
    }

    fn stop(&self, p: ParticipantIx, walk: &Walk<'_>, i: usize, gains: Gains) -> Stop {
        let (case, step) = (self.case, &walk.steps[i]);
        let (position, placement) = (&case.positions[step.position], step.placement);
        let (role, site) = (case.role(step.position), case.site(step.position));
        let pinned =
            case.participants[p].pinned.iter().any(|pin| (pin.position, pin.from, pin.until) == (step.position, placement.from, placement.until));
        let wishes = self.wishes(p, step.position);
        Stop {
            position: position.id.clone(),
            role: role.named.name.clone(),
            stage: case.stages[role.stage].name.clone(),
            site: site.named.name.clone(),
            country: site.country.map(|c| case.countries[c].clone()),
            region: site.region.map(|r| case.regions[r].clone()),
            when: self.when(placement.from, placement.until),
            worked: step.length(),
            difficulty: position.difficulty,
            difficulty_before: case.level_before(p, step.before),
            step: case.step(p, step.before, step.position),
            continues: step.continues,
            pinned,
            manager: position.manager.map(|m| case.people[m].named.name.clone()),
            mentors: self.mentors(placement),
            peers: self.peers(p, step),
            leave: self.whens(&walk.timeline.leave_inside(step.first, step.after).map(|(period, _)| period).collect::<Vec<_>>()),
            relocating: case.relocating(p, step.before, step.position).map(|r| Relocating {
                from: self.place_before(p, step),
                km: r.km,
                cost: r.cost,
            }),
            why: self.why(p, walk, i, &gains, &wishes, pinned),
            develops: gains.develops,
            for_target: gains.for_target,
            wishes,
        }
    }

    fn when(&self, from: Period, until: Period) -> When {
        let day = |period| self.case.calendar.day(period);
        let last: Date = day(until).yesterday().unwrap_or_else(|_| day(until)).max(day(from));
        When { from: day(from).to_string(), last_day: last.to_string(), periods: span(self.case, from, until) }
    }

    /// Spans of periods that follow each other.
    fn whens(&self, periods: &[Period]) -> Vec<When> {
        let runs = periods.chunk_by(|a, b| next(*a) == *b);
        runs.filter_map(|run| Some(self.when(*run.first()?, next(*run.last()?)))).collect()
    }

    fn home(&self, p: ParticipantIx) -> Option<String> {
        match self.case.participants[p].home.as_ref()? {
            Home::Site(site) => Some(self.case.sites[*site].named.name.clone()),
            Home::Place { country, region, .. } => region.map(|r| self.case.regions[r].clone()).or(country.map(|c| self.case.countries[c].clone())),
        }
    }

    fn place_before(&self, p: ParticipantIx, step: &Step<'_>) -> Option<String> {
        self.case.site_before(p, step.before).map(|site| self.case.sites[site].named.name.clone()).or_else(|| self.home(p))
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

    /// What the person's own ratings say of a position.
    fn wishes(&self, p: ParticipantIx, position: PositionIx) -> Vec<Wish> {
        let (case, ratings) = (self.case, &self.case.participants[p].ratings);
        let (role, site) = (case.role(position), case.site(position));
        let all = [
            (role.named.name.clone(), ratings.roles.get(&case.positions[position].role)),
            (role.family.map_or_else(String::new, |f| case.families[f].clone()), role.family.and_then(|f| ratings.families.get(&f))),
            (site.named.name.clone(), ratings.sites.get(&case.positions[position].site)),
            (site.region.map_or_else(String::new, |r| case.regions[r].clone()), site.region.and_then(|r| ratings.regions.get(&r))),
            (site.kind.map_or_else(String::new, |k| case.kinds[k].clone()), site.kind.and_then(|k| ratings.kinds.get(&k))),
        ];
        let rated = all.into_iter().filter_map(|(what, score)| Some(Wish { what, score: *score? }));
        rated.filter(|wish| wish.score != 0.0).collect()
    }

    /// Levels that a step brings beyond what is held, what of it the person's target asks for, and what it opens the way to.
    fn gains(&self, p: ParticipantIx, walk: &Walk<'_>, i: usize, held: &Record) -> Gains {
        let (case, step) = (self.case, &walk.steps[i]);
        let role_ix = case.positions[step.position].role;
        let target = case.participants[p].target.map(|t| &case.targets[t]);
        let mut gains = Gains::default();
        if !step.completed {
            return gains;
        }
        for (competency, level) in case.roles[role_ix].develops.iter().filter(|(c, level)| held.level(**c) < **level) {
            let name = &case.competencies[*competency].named.name;
            gains.develops.push(Level { competency: name.clone(), level: *level });
            let asked = target.and_then(|t| t.requires.get(competency)).copied().unwrap_or(0);
            if held.level(*competency) < asked {
                gains.for_target.push(format!("{name} at level {}", asked.min(*level)));
            }
        }
        let new = |group: &&Vec<_>| group.contains(&role_ix) && !group.iter().any(|role| held.completed(*role));
        let later = walk.steps[i + 1..].iter().map(|later| case.role(later.position));
        gains.opens = later.filter(|role| role.after.iter().any(|group| new(&group))).map(|role| role.named.name.clone()).next();
        if target.is_some_and(|t| t.experience.iter().any(|group| new(&group))) {
            gains.for_target.push(format!("the experience of {}", case.roles[role_ix].named.name));
        }
        gains
    }

    /// Reasons that follow from the facts and the path, and from nothing else.
    fn why(&self, p: ParticipantIx, walk: &Walk<'_>, i: usize, gains: &Gains, wishes: &[Wish], pinned: bool) -> Vec<String> {
        let (case, step) = (self.case, &walk.steps[i]);
        let (role, step_up) = (case.role(step.position), case.step(p, step.before, step.position));
        let mut why = Vec::new();
        let before = match case.role_before(p, step.before) {
            Some(before) => format!(" from {}", case.roles[before].named.name),
            None => String::new(),
        };
        if step.continues {
            why.push("You go on with what you are doing.".to_owned());
        } else if step_up > 0.0 {
            why.push(format!("It is a step of {}{before}.", number(step_up)));
        }
        if pinned {
            why.push("It was fixed before the plan was made.".to_owned());
        }
        if !gains.develops.is_empty() {
            let levels: Vec<String> = gains.develops.iter().map(|l| format!("{} to level {}", l.competency, l.level)).collect();
            why.push(format!("It develops {}.", levels.join(", ")));
        }
        if let Some(target) = case.participants[p].target.filter(|_| !gains.for_target.is_empty()) {
            why.push(format!("{} asks for it: {}.", case.targets[target].named.name, gains.for_target.join(", ")));
        }
        let role_ix = case.positions[step.position].role;
        if let Some(later) = &gains.opens {
            why.push(format!("{later} asks for it beforehand."));
        }
        if walk.finished && i + 1 == walk.steps.len() && case.tracks[case.participants[p].track].capstone.contains(&role_ix) {
            why.push("It is how your track ends.".to_owned());
        }
        why.extend(self.wished(p, step.position, wishes));
        why.extend(self.near(p, step));
        if why.is_empty() {
            why.push(format!("It is a placement at the stage {}.", case.stages[role.stage].name));
        }
        why
    }

    fn wished(&self, p: ParticipantIx, position: PositionIx, wishes: &[Wish]) -> Vec<String> {
        let list = |sign: f64| {
            let some: Vec<String> = wishes.iter().filter(|w| w.score * sign > 0.0).map(|w| format!("{} {:+}", w.what, w.score)).collect();
            some.join(", ")
        };
        let (liked, disliked) = (list(1.0), list(-1.0));
        let (_, highest) = self.case.rating_range(p);
        let best = !wishes.is_empty() && self.case.rating(p, position) >= highest && highest > 0.0;
        let mut said = Vec::new();
        if !liked.is_empty() {
            said.push(format!("You wished for it: {liked}{}.", if best { "; nothing is rated higher by you" } else { "" }));
        }
        if !disliked.is_empty() {
            said.push(format!("It goes against a wish of yours: {disliked}."));
        }
        said
    }

    /// Members of the person's groups who are to work near them, and do.
    fn near(&self, p: ParticipantIx, step: &Step<'_>) -> Option<String> {
        if self.policy.named("together").mode == Mode::Off {
            return None;
        }
        let case = self.case;
        let groups = case.groups.rows().iter().filter(|g| g.kind == GroupKind::Together && g.members.contains(&p));
        let mut names = Vec::new();
        for group in groups {
            for other in group.members.iter().filter(|other| **other != p) {
                let near = self.plan.paths[*other].iter().any(|theirs| {
                    let overlap = theirs.from < step.placement.until && step.placement.from < theirs.until;
                    overlap && case.within(case.positions[theirs.position].site, case.positions[step.position].site, group.within)
                });
                let name = &case.participants[*other].named.name;
                if near && !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        (!names.is_empty()).then(|| format!("It keeps you near {}.", names.join(", ")))
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

#[derive(Debug, Default)]
struct Gains {
    develops: Vec<Level>,
    for_target: Vec<String>,
    /// The first placement to come that asks for this one.
    opens: Option<String>,
}

fn next(period: Period) -> Period {
    Period::new(period.index() + 1)
}
