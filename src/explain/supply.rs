//! Supply against demand, before anything is solved: what each participant can take, counted against seats, mentors and the
//! business's demand.
//!
//! What someone can take in a period is read off their time network: every position on some path that keeps all hard rules
//! along it (and fills the timeline where that is asked). Whoever must be somewhere, where there is too little room for all,
//! is a *Hall set* (Hall 1935): maximum flows find them, period by period, and the smallest cut says who and where.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::hall::{Cut, Hall};
use super::words::positions;
use crate::brief::{Brief, Choice, Sentence, Stamp, brief};
use crate::domain::{Case, MentorIx, Mode, ParticipantIx, Policy, PositionIx, StageIx};
use crate::network::{Arc, Network};
use crate::rules::RuleIx;
use crate::words::{Index, Period, Table};

/// Arcs up to which a network's states carry what is counted along the path.
const ARCS: usize = 4_000;

/// What is too little of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// What is short.
    pub of: Short,
    /// The first period.
    pub from: Period,
    /// The period after the last.
    pub until: Period,
    /// Who is concerned.
    pub people: Vec<ParticipantIx>,
    /// The positions concerned.
    pub positions: Vec<PositionIx>,
    /// The mentors concerned.
    pub mentors: Vec<MentorIx>,
    /// How many are needed: seats or mentors' places by people, people by positions, or seat-periods.
    pub needed: usize,
    /// How many there are in the worst period.
    pub there: usize,
    /// How many there are in the best period.
    pub at_best: usize,
    /// Why others do not help: rules, and how many positions (or people) each keeps away; `None` for the order of a path.
    pub kept_away: Vec<(Option<RuleIx>, usize)>,
}

/// What a shortage is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Short {
    /// Seats, for people who must be placed.
    Seats,
    /// Mentors, for people who can all be seated.
    Mentors,
    /// People, for the demand of positions.
    People,
    /// Seats of a stage over the whole horizon, for the periods that people must spend in it.
    Stage(StageIx),
}

/// A stage's seats against those who must have one, over the horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The stage.
    pub stage: StageIx,
    /// The period in which the fewest seats are left by those who must have one; where nobody must, by those who can.
    pub tightest: Period,
    /// Seats then.
    pub seats: usize,
    /// People who must have a seat of the stage then.
    pub must: usize,
    /// People who can have one.
    pub can: usize,
}

/// Supply against demand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Supply {
    /// Those who by the rules along their own path cannot fill their timeline (or have no path at all).
    pub pathless: Vec<ParticipantIx>,
    /// What is short, in order of kind and time.
    pub shortages: Vec<Shortage>,
    /// The stages at their tightest.
    pub levels: Vec<Level>,
}

/// What each participant can take.
struct Reach {
    /// Per participant and period: positions.
    can: Table<ParticipantIx, BTreeMap<Period, BTreeSet<PositionIx>>>,
    /// Per participant and stage: worked periods that every path has in it.
    least: Table<ParticipantIx, Table<StageIx, usize>>,
    /// Who has no path.
    pathless: Vec<ParticipantIx>,
}

/// Counts supply against demand. `policy` is a policy of what is hard alone: see [`super::hard_only`].
///
/// A network for every participant, then a few maximum flows for every period: O(periods × people² × positions) at worst.
#[must_use]
pub fn supply(case: &Case, policy: &Policy) -> Supply {
    let brief = brief(case, policy);
    let filled = policy.named("coverage").mode == Mode::Hard;
    let reach = Reach::new(&brief, filled);
    let mut found = Supply { pathless: reach.pathless.clone(), ..Supply::default() };
    if filled {
        let seats = periods(case, |t| reach.seats(case, t));
        found.shortages.extend(named(&brief, &reach, seats, Short::Seats));
        if policy.named("mentoring").mode == Mode::Hard {
            let mentors = periods(case, |t| reach.mentors(case, t));
            found.shortages.extend(named(&brief, &reach, mentors, Short::Mentors));
        }
        for stage in case.stages.ids() {
            found.shortages.extend(reach.over_time(case, stage).map(|cut| shortage(&brief, &reach, cut, Short::Stage(stage))));
            found.levels.extend(reach.level(case, stage));
        }
    }
    if policy.named("demand").on() {
        let people = periods(case, |t| reach.people(case, t));
        found.shortages.extend(named(&brief, &reach, people, Short::People));
    }
    found.shortages = merged(case, found.shortages);
    found
}

/// The cuts of each period.
fn periods(case: &Case, cuts: impl Fn(Period) -> Vec<Cut>) -> Vec<Cut> {
    case.calendar.periods().flat_map(cuts).collect()
}

/// Shortages of the same people in periods in a row as one, where the same words describe what they need.
fn merged(case: &Case, all: Vec<Shortage>) -> Vec<Shortage> {
    let mut merged: Vec<Shortage> = Vec::new();
    for next in all {
        let words = |s: &Shortage| positions(case, &s.positions, s.from);
        let same = |s: &&mut Shortage| {
            (s.of, s.until, &s.people, &s.mentors, s.needed) == (next.of, next.from, &next.people, &next.mentors, next.needed)
                && words(s) == words(&next)
        };
        match merged.iter_mut().find(same) {
            Some(before) => {
                before.until = next.until;
                before.there = before.there.min(next.there);
                before.at_best = before.at_best.max(next.at_best);
            }
            None => merged.push(next),
        }
    }
    merged
}

fn named(brief: &Brief<'_>, reach: &Reach, cuts: Vec<Cut>, of: Short) -> Vec<Shortage> {
    cuts.into_iter().map(|cut| shortage(brief, reach, cut, of)).collect()
}

fn shortage(brief: &Brief<'_>, reach: &Reach, cut: Cut, of: Short) -> Shortage {
    let kept_away = if matches!(of, Short::Stage(_)) { Vec::new() } else { kept_away(brief, reach, &cut, of) };
    let Cut { from, until, people, positions, mentors, needed, there } = cut;
    Shortage { of, from, until, people, positions, mentors, needed, there, at_best: there, kept_away }
}

impl Reach {
    fn new(brief: &Brief<'_>, filled: bool) -> Self {
        let case = brief.case;
        let ids: Vec<ParticipantIx> = case.participants.ids().collect();
        let of = |p: &ParticipantIx| {
            let mut can: BTreeMap<Period, BTreeSet<PositionIx>> = BTreeMap::new();
            let timeline = &case.participants[*p].timeline;
            if timeline.is_empty() {
                return (can, case.stages.ids().map(|_| 0).collect(), false);
            }
            let whole = Network::new(brief, *p, ARCS);
            let network = if filled { whole.restricted(|e| !idles(case, &whole.graph[e].event)) } else { whole };
            for choice in network.choices() {
                for t in choice.periods(case) {
                    can.entry(t).or_default().insert(choice.position);
                }
            }
            let least = case.stages.ids().map(|stage| least(case, &network, stage)).collect();
            (can, least, network.source.is_none())
        };
        let found: Vec<_> = ids.par_iter().map(of).collect();
        let pathless = ids.iter().zip(&found).filter(|(_, (_, _, none))| *none).map(|(p, _)| *p).collect();
        let (can, least): (Vec<_>, Vec<_>) = found.into_iter().map(|(can, least, _)| (can, least)).unzip();
        Self { can: Table::new(can), least: Table::new(least), pathless }
    }

    /// Those who can be somewhere in a period, and where.
    fn at(&self, t: Period) -> Vec<(ParticipantIx, &BTreeSet<PositionIx>)> {
        self.can.iter().filter_map(|(p, can)| Some((p, can.get(&t)?))).collect()
    }

    /// People against seats.
    fn seats(&self, case: &Case, t: Period) -> Vec<Cut> {
        let mut hall = Hall::default();
        for (p, can) in self.at(t) {
            hall.person(p, 1, can.iter().map(|q| (*q, t)));
        }
        hall.seats(|(q, t)| case.positions[q].seats[t] as usize);
        hall.cuts(t, Period::new(t.index() + 1))
    }

    /// People against mentors: nothing where seats are short already.
    fn mentors(&self, case: &Case, t: Period) -> Vec<Cut> {
        if !self.seats(case, t).is_empty() {
            return Vec::new();
        }
        let mut hall = Hall::default();
        for (p, can) in self.at(t) {
            hall.person(p, 1, can.iter().map(|q| (*q, t)));
        }
        hall.seats(|(q, t)| case.positions[q].seats[t] as usize);
        let able = |m: MentorIx| if case.mentors[m].available[t] { case.mentors[m].capacity[t] as usize } else { 0 };
        hall.mentors(case.mentors.ids(), able, |m, q| case.mentor_suits_at(m, q));
        hall.cuts(t, Period::new(t.index() + 1))
    }

    /// Demand against people who can be there.
    fn people(&self, case: &Case, t: Period) -> Vec<Cut> {
        let mut hall = Hall::default();
        for (q, position) in case.positions.iter().filter(|(_, position)| position.open[t] && position.demand[t] > 0) {
            // What seats do not allow is no shortage of people.
            let wanted = position.demand[t].min(position.seats[t]) as usize;
            hall.position(q, wanted, self.at(t).into_iter().filter(|(_, can)| can.contains(&q)).map(|(p, _)| p));
        }
        hall.cuts(t, Period::new(t.index() + 1))
    }

    /// The periods that people must spend in a stage, against its seats in the periods in which they can.
    fn over_time(&self, case: &Case, stage: StageIx) -> Option<Cut> {
        let mut hall = Hall::default();
        for (p, least) in self.least.iter().filter(|(_, least)| least[stage] > 0) {
            let here = |q: &&PositionIx| case.stage(**q) == stage;
            let cells = self.can[p].iter().flat_map(|(t, can)| can.iter().filter(here).map(|q| (*q, *t)));
            // One place in each period is enough for one person: the network counts periods, so the arcs may share.
            hall.person(p, least[stage], cells);
        }
        hall.seats(|(q, t)| case.positions[q].seats[t] as usize);
        hall.cuts(Period::new(0), Period::new(case.calendar.count)).into_iter().next()
    }

    /// A stage at its tightest; `None` if nobody can have it.
    fn level(&self, case: &Case, stage: StageIx) -> Option<Level> {
        let all = case.calendar.periods().map(|t| {
            let here = |q: &PositionIx| case.stage(*q) == stage;
            let seats = case.positions.iter().filter(|(q, p)| here(q) && p.open[t]).map(|(_, p)| p.seats[t] as usize).sum();
            let at = self.at(t);
            let must = at.iter().filter(|(_, can)| can.iter().all(here)).count();
            let can = at.iter().filter(|(_, can)| can.iter().any(here)).count();
            Level { stage, tightest: t, seats, must, can }
        });
        let left = |level: &Level| {
            let (seats, must, can) = (level.seats as i64, level.must as i64, level.can as i64);
            (must == 0, if must == 0 { 0 } else { seats - must }, seats - can)
        };
        all.filter(|level| level.can > 0).min_by_key(left)
    }
}

/// Whether an event leaves a period of the timeline idle.
fn idles(case: &Case, event: &Arc) -> bool {
    match event {
        Arc::Wait(_) => true,
        Arc::End(end) => end.at < case.participants[end.participant].timeline.len(),
        _ => false,
    }
}

/// The fewest worked periods in a stage on any path.
fn least(case: &Case, network: &Network, stage: StageIx) -> usize {
    let in_stage = |arc: &Arc| match arc {
        Arc::Place(c) if case.stage(c.position) == stage => -(c.length() as f64),
        _ => 0.0,
    };
    network.longest(in_stage).map_or(0, |most| (-most).round() as usize)
}

/// What keeps the people of a cut away from positions outside it, or people outside it away from its positions: the rule that
/// stands against most of the placements there would be in the first period.
fn kept_away(brief: &Brief<'_>, reach: &Reach, cut: &Cut, of: Short) -> Vec<(Option<RuleIx>, usize)> {
    let case = brief.case;
    let t = cut.from;
    let mut tally: BTreeMap<Option<RuleIx>, usize> = BTreeMap::new();
    if of == Short::People {
        let others = reach.can.ids().filter(|p| case.participants[*p].timeline.tick(t).is_some() && !cut.people.contains(p));
        for p in others {
            *tally.entry(against(brief, cut.positions.iter().map(|q| (p, *q)), t)).or_default() += 1;
        }
    } else {
        let open = |q: &PositionIx| case.positions[*q].open[t] && case.positions[*q].seats[t] > 0;
        for q in case.positions.ids().filter(|q| open(q) && !cut.positions.contains(q)) {
            *tally.entry(against(brief, cut.people.iter().map(|p| (*p, q)), t)).or_default() += case.positions[q].seats[t] as usize;
        }
    }
    let mut list: Vec<_> = tally.into_iter().collect();
    list.sort_by_key(|(rule, n)| (std::cmp::Reverse(*n), *rule));
    list
}

/// The rule whose gate stands most often against any of these being there in a period; `None` if no gate does, but the order
/// of the path.
fn against(brief: &Brief<'_>, pairs: impl Iterator<Item = (ParticipantIx, PositionIx)>, t: Period) -> Option<RuleIx> {
    let case = brief.case;
    let mut tally: BTreeMap<RuleIx, usize> = BTreeMap::new();
    for (p, q) in pairs {
        let timeline = &case.participants[p].timeline;
        let Some(tick) = timeline.tick(t) else { continue };
        let role = case.role(q);
        let longest = role.duration.max.map_or(timeline.len(), |max| max as usize).max(1);
        for first in (tick + 1).saturating_sub(longest)..=tick {
            for after in tick + 1..=(first + longest).min(timeline.len()) {
                let choice = Choice::new(case, p, q, first, after);
                let gates = brief.told.iter().filter(|told| told.stamp == Stamp::Hard);
                let broken: BTreeSet<RuleIx> =
                    gates.filter(|told| matches!(&told.sentence, Sentence::Choice(f) if f(&choice) > 0.0)).map(|told| told.rule).collect();
                // Of several the last in the registry: durations and closures stand against many, and say little.
                *tally.entry(*broken.last()?).or_default() += 1;
            }
        }
    }
    tally.into_iter().max_by_key(|(rule, n)| (*n, *rule)).map(|(rule, _)| rule)
}
