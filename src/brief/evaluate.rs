//! The brief held against a plan: what each sentence's amount is there. Nothing is optimised, but for the mentors of
//! [`Sentence::Supply`], where the amount is what is left when as many needs as possible are met.
//!
//! `tests/agreement.rs` compares these amounts with the audit's.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::maximum_flow::dinics;
use petgraph::graph::DiGraph;

use super::sentence::{Bounds, Condition, Held, Row, Sense, When};
use super::{Brief, Choice, End, Move, Sentence, Stamp, Told};
use crate::domain::{Before, Case, MentorIx, ParticipantIx, Plan, Subject};
use crate::rules::RuleIx;
use crate::words::{Index, Period, Table, excess, shortfall};

/// The events of one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// Placements, in time order.
    pub choices: Vec<Choice>,
    /// What is before each placement, and the placement.
    pub moves: Vec<Move>,
    /// Idle ticks before the last placement.
    pub waits: Vec<usize>,
    /// How the path ends.
    pub end: End,
}

/// The events of a participant's path; `None` if the path is none on the timeline: placements that overlap, or that begin or
/// end off the timeline.
#[must_use]
pub fn events(case: &Case, plan: &Plan, participant: ParticipantIx) -> Option<Events> {
    let timeline = &case.participants[participant].timeline;
    let mut found = Events { choices: vec![], moves: vec![], waits: vec![], end: End { participant, last: Before::Start, at: 0 } };
    let mut path: Vec<_> = plan.paths[participant].iter().collect();
    path.sort_by_key(|p| p.from);
    for placement in path {
        let first = timeline.tick(placement.from)?;
        let last = timeline.tick(Period::new(placement.until.index().checked_sub(1)?))?;
        let free = found.end.at;
        if first < free || last < first {
            return None;
        }
        let choice = Choice::new(case, participant, placement.position, first, last + 1);
        let adjacent = first == free;
        found.moves.push(Move { participant, before: found.end.last, to: choice.position, adjacent, continues: choice.continues });
        found.waits.extend(free..first);
        found.end = End { participant, last: Before::Placement(choice.position), at: last + 1 };
        found.choices.push(choice);
    }
    Some(found)
}

/// Amounts by rule and subject.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Amounts {
    /// What hard sentences forbid.
    pub hard: BTreeMap<(RuleIx, Subject), f64>,
    /// What soft sentences count, before their weight.
    pub soft: BTreeMap<(RuleIx, Subject), f64>,
    /// The points of all soft sentences.
    pub cost: f64,
}

/// The amount of every sentence of the brief at a plan; `None` if some path is none on its timeline (see [`events`]).
#[must_use]
pub fn evaluate(brief: &Brief<'_>, plan: &Plan) -> Option<Amounts> {
    let case = brief.case;
    let paths: Table<ParticipantIx, Events> = case.participants.ids().map(|p| events(case, plan, p)).collect::<Option<Vec<_>>>().map(Table::new)?;
    let mut amounts = Amounts::default();
    let mut own: BTreeMap<(RuleIx, ParticipantIx), f64> = BTreeMap::new();
    for told in &brief.told {
        for (subject, amount) in sentence_amounts(case, &told.sentence, &paths, &own) {
            if amount <= 0.0 {
                continue;
            }
            let weighted = match told.stamp {
                Stamp::Hard => {
                    *amounts.hard.entry((told.rule, subject)).or_default() += amount;
                    continue;
                }
                Stamp::Soft(weight) => weight * amount,
            };
            *amounts.soft.entry((told.rule, subject)).or_default() += amount;
            amounts.cost += weighted;
            if let Subject::Participant(p) = subject {
                *own.entry((told.rule, p)).or_default() += weighted;
            }
        }
    }
    Some(amounts)
}

type Paths = Table<ParticipantIx, Events>;

fn sentence_amounts(case: &Case, sentence: &Sentence<'_>, paths: &Paths, own: &BTreeMap<(RuleIx, ParticipantIx), f64>) -> Vec<(Subject, f64)> {
    match sentence {
        Sentence::Rows { rows, choice, mv } => row_amounts(case, rows, choice.as_deref(), mv.as_deref(), paths),
        Sentence::Supply { suits, themselves, mentors, capacity } => {
            supply_amounts(case, &|m, p, q| suits(m, q) && themselves(p) != Some(m), mentors, capacity, paths)
        }
        Sentence::AllOrNone { place, subject, min } => {
            let mut present: BTreeMap<(usize, Period), u32> = BTreeMap::new();
            for choice in paths.rows().iter().flat_map(|path| &path.choices) {
                for period in choice.periods(case) {
                    *present.entry((place(choice), period)).or_default() += 1;
                }
            }
            present.into_iter().filter(|(_, n)| n < min).map(|((place, period), _)| (subject(place, period), 1.0)).collect()
        }
        Sentence::WorstOf { groups, counted, constant, scale } => {
            let burden = |p: &ParticipantIx| {
                let points: f64 = counted.iter().filter_map(|rule| own.get(&(*rule, *p))).sum();
                (constant(*p) + points) * scale(*p)
            };
            groups.iter().map(|(subject, members)| (*subject, members.iter().map(burden).fold(0.0, f64::max))).collect()
        }
        Sentence::Quorum { subject, at_least, members, conditions } => {
            let n = members.iter().filter(|p| meets(conditions, **p, &paths[**p])).count();
            vec![(*subject, shortfall(n as f64, f64::from(*at_least)))]
        }
        _ => paths.iter().map(|(p, path)| (Subject::Participant(p), own_amount(case, sentence, p, path))).collect(),
    }
}

/// The amount of a sentence along one path; 0 for one across paths.
fn own_amount(case: &Case, sentence: &Sentence<'_>, p: ParticipantIx, path: &Events) -> f64 {
    if case.participants[p].timeline.is_empty() || !sentence.who().includes(p) {
        return 0.0;
    }
    match sentence {
        Sentence::Choice(f) => path.choices.iter().map(f).sum(),
        Sentence::Move { amount, minds } => path.moves.iter().map(amount).sum::<f64>() * minds.as_ref().map_or(1.0, |f| f(p)),
        Sentence::Wait(f) => path.waits.iter().map(|t| f(p, *t)).sum(),
        Sentence::End(f) => f(&path.end),
        Sentence::Count { choice, mv, bounds, .. } => {
            let moved = mv.as_ref().map_or(0.0, |f| path.moves.iter().map(f).sum());
            beyond(path.choices.iter().map(choice).sum::<f64>() + moved, bounds(p), path.end.finished(case))
        }
        Sentence::Each { key, at_most, .. } => {
            let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
            for (k, amount) in path.choices.iter().filter_map(key) {
                *sums.entry(k).or_default() += amount;
            }
            sums.into_iter().map(|(k, sum)| excess(sum, at_most(p, k))).sum()
        }
        Sentence::Order { later, earlier, wanted, unit, .. } => {
            let fails = |i: usize| later(&path.choices[i]) && holds(earlier, p, &path.choices[..i], path) != *wanted;
            unit * (0..path.choices.len()).filter(|&i| fails(i)).count() as f64
        }
        Sentence::Need { condition, unit, .. } => {
            if holds(condition, p, &path.choices, path) {
                0.0
            } else {
                *unit
            }
        }
        Sentence::Distinct { key, held, at_least, .. } => {
            if !path.end.finished(case) {
                return 0.0;
            }
            let mut keys: BTreeSet<usize> = held(p);
            keys.extend(path.choices.iter().filter_map(key));
            shortfall(keys.len() as f64, at_least(p) as f64)
        }
        Sentence::Run { hit, limit, started, .. } => run_excess(path, hit, *limit, started(p)),
        Sentence::Spacing { mv, at_least, .. } => spacing_short(path, mv, at_least(p)),
        _ => 0.0,
    }
}

/// The points of a soft sentence along one path; 0 for one that is hard, or across paths.
#[must_use]
pub fn points(case: &Case, told: &Told<'_>, participant: ParticipantIx, path: &Events) -> f64 {
    match told.stamp {
        Stamp::Soft(weight) => weight * own_amount(case, &told.sentence, participant, path),
        Stamp::Hard => 0.0,
    }
}

/// Whether a path meets all conditions at its end.
#[must_use]
pub fn meets(conditions: &[Condition<'_>], participant: ParticipantIx, path: &Events) -> bool {
    conditions.iter().all(|c| holds(c, participant, &path.choices, path))
}

fn beyond(sum: f64, bounds: Bounds, finished: bool) -> f64 {
    let over = bounds.at_most.map_or(0.0, |limit| excess(sum, limit));
    let under = bounds.at_least.map_or(0.0, |(limit, when)| {
        let asked = match when {
            When::Always => true,
            When::Finished => finished,
            When::Unfinished => !finished,
        };
        if asked { shortfall(sum, limit) } else { 0.0 }
    });
    over + under
}

fn holds(condition: &Condition<'_>, p: ParticipantIx, before: &[Choice], path: &Events) -> bool {
    let continued = path.choices.first().is_some_and(|c| c.continues);
    let held = match (condition.held)(p) {
        Held::No => false,
        Held::Yes => true,
        Held::IfEnded => !continued,
    };
    held || before.iter().any(&condition.earns)
}

fn run_excess(path: &Events, hit: &dyn Fn(&Choice) -> bool, limit: usize, started: usize) -> f64 {
    let (mut run, mut end, mut over) = (started, 0, 0);
    for choice in &path.choices {
        if choice.first > end {
            run = 0;
        }
        if hit(choice) {
            let total = run + choice.length();
            over += total.max(limit) - run.max(limit);
            run = total;
        } else {
            run = 0;
        }
        end = choice.after;
    }
    over as f64
}

fn spacing_short(path: &Events, counts: &dyn Fn(&Move) -> bool, at_least: usize) -> f64 {
    let (mut since, mut short) = (None::<usize>, 0);
    for (mv, choice) in path.moves.iter().zip(&path.choices) {
        if counts(mv) {
            short += since.map_or(0, |worked| at_least.saturating_sub(worked));
            since = Some(0);
        }
        since = since.map(|worked| worked + choice.length());
    }
    short as f64
}

type ChoiceTerms<'f> = &'f (dyn Fn(&Choice, super::sentence::Emit<'_>) + Send + Sync + 'f);
type MoveTerms<'f> = &'f (dyn Fn(&Move, Period, super::sentence::Emit<'_>) + Send + Sync + 'f);

fn row_amounts(case: &Case, rows: &[Row], choice: Option<ChoiceTerms<'_>>, mv: Option<MoveTerms<'_>>, paths: &Paths) -> Vec<(Subject, f64)> {
    let mut sums = vec![0.0; rows.len()];
    let mut emit = |row: usize, amount: f64| sums[row] += amount;
    for (p, path) in paths.iter() {
        let periods = &case.participants[p].timeline.periods;
        for (c, m) in path.choices.iter().zip(&path.moves) {
            if let Some(f) = choice {
                f(c, &mut emit);
            }
            if let Some(f) = mv {
                f(m, periods[c.first], &mut emit);
            }
        }
    }
    let mut by_subject: BTreeMap<Subject, f64> = BTreeMap::new();
    for (row, sum) in rows.iter().zip(sums) {
        let off = match row.sense {
            Sense::AtMost => excess(sum, row.limit),
            Sense::AtLeast => shortfall(sum, row.limit),
        };
        let worst = by_subject.entry(row.subject).or_default();
        *worst = worst.max(off * row.unit);
    }
    by_subject.into_iter().collect()
}

/// Per period: needs that no suitable mentor within capacity is left for, by maximum flow (Dinic's algorithm).
fn supply_amounts(
    case: &Case,
    suits: &dyn Fn(MentorIx, ParticipantIx, crate::domain::PositionIx) -> bool,
    mentors: &[MentorIx],
    capacity: &dyn Fn(MentorIx, Period) -> u32,
    paths: &Paths,
) -> Vec<(Subject, f64)> {
    let mut needs: BTreeMap<Period, Vec<&Choice>> = BTreeMap::new();
    for choice in paths.rows().iter().flat_map(|path| &path.choices) {
        for period in choice.periods(case) {
            needs.entry(period).or_default().push(choice);
        }
    }
    let short = |period: Period, needs: &[&Choice]| {
        let mut flow: DiGraph<(), u32> = DiGraph::new();
        let (source, sink) = (flow.add_node(()), flow.add_node(()));
        let nodes: Vec<_> = mentors.iter().map(|_| flow.add_node(())).collect();
        for (m, node) in mentors.iter().zip(&nodes) {
            flow.add_edge(*node, sink, capacity(*m, period));
        }
        for need in needs {
            let from = flow.add_node(());
            flow.add_edge(source, from, 1);
            for (m, node) in mentors.iter().zip(&nodes) {
                if suits(*m, need.participant, need.position) {
                    flow.add_edge(from, *node, 1);
                }
            }
        }
        needs.len() as f64 - f64::from(dinics(&flow, source, sink).0)
    };
    needs.iter().map(|(period, list)| (Subject::MentorsAt(*period), short(*period, list))).collect()
}
