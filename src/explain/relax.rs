//! What would make a plan possible: the smallest changes of each kind that cure all conflicts at once, each tried.
//!
//! Where something has an amount (seats, mentors, housing, newcomers, budget, a rule made soft) the rule is made elastic (Brown
//! & Graves 1975; Chinneck 2008) and the fewest units that a plan goes beyond it are found by solving. Facts are dropped one at
//! a time. A change is proposed only where the instance with it has a plan.

use std::collections::BTreeMap;

use super::conflict::Conflict;
use super::oracle::{Answer, Oracle, Wish};
use super::remedy::{Place, Remedy};
use super::requirement::Requirement;
use crate::brief::{Brief, Stamp, brief, evaluate};
use crate::desk::{assign_mentors, plan_of};
use crate::domain::{Case, MentorIx, Mode, ParticipantIx, Plan, Policy, PositionIx, Subject};
use crate::rules::{Default as By, RuleIx, find, rule};
use crate::solve::Verdict;
use crate::words::{Index, Period};

/// Points of a unit beyond an elastic rule: more than what a hard `fairness` leaves in the objective.
const UNIT: f64 = 1_000.0;
/// The amounts are found to this gap.
const GAP: f64 = 1e-6;

/// Changes that together make a plan possible.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxation {
    /// What changes.
    pub remedies: Vec<Remedy>,
    /// How many units are given up: seat-periods, mentored periods, money, or what a rule made soft would measure; 1 for a fact.
    pub units: f64,
    /// Whether no fewer units would do: proven.
    pub fewest: bool,
    /// What would be beyond the rule that gives way, and by how much; empty where a fact is dropped.
    pub beyond: Vec<(Subject, f64)>,
}

impl Relaxation {
    /// Whether someone is left out of the plan, or idle: what nobody wants first.
    fn leaves_out(&self) -> bool {
        let out = |remedy: &Remedy| match remedy {
            Remedy::Drop(Requirement::Person(_)) => true,
            Remedy::Soften(ix) => rule(*ix).id == "coverage",
            _ => false,
        };
        self.remedies.iter().any(out)
    }
}

/// Relaxations of the kinds that a conflict names, each verified: the instance with it has a plan. Those that leave nobody out or
/// idle come first, then those with the fewest changes, then units. Empty only if no change of these kinds would do alone or
/// together, or if time is up.
///
/// # Errors
/// If HiGHS fails.
pub fn relaxations(
    case: &Case,
    policy: &Policy,
    wish: Option<Wish>,
    conflict: &Conflict,
    oracle: &mut Oracle<'_>,
) -> Result<Vec<Relaxation>, String> {
    let mut found: Vec<Relaxation> = Vec::new();
    let mut rules: Vec<RuleIx> = conflict.members.iter().filter_map(|m| find(m.rule(case))).collect();
    rules.sort_unstable();
    rules.dedup();
    let levers: Vec<RuleIx> = rules.iter().copied().filter(|ix| elastic(*ix)).collect();
    for (i, ix) in levers.iter().enumerate() {
        let share = 1.0 / (levers.len() - i + 1) as f64;
        found.extend(oracle.share(share, |oracle| give_way(case, policy, wish, &[*ix], oracle))?);
    }
    let nobody = |m: &Requirement| matches!(m, Requirement::Person(_)) && case.participants.len() == 1;
    for fact in conflict.members.iter().filter(|m| !matches!(m, Requirement::Rule(_)) && !amounts(m) && !nobody(m)) {
        let remedies = vec![Remedy::Drop(fact.clone())];
        found.extend(verified(case, policy, wish, Relaxation { remedies, units: 1.0, fewest: true, beyond: Vec::new() }, None, oracle)?);
    }
    if found.is_empty() {
        // Several conflicts of different kinds: all that can give way may.
        let all: Vec<RuleIx> = policy.asked().filter(|(ix, s)| s.mode == Mode::Hard && elastic(*ix)).map(|(ix, _)| ix).collect();
        found.extend(give_way(case, policy, wish, &all, oracle)?);
    }
    found.sort_by(|a, b| (a.leaves_out(), a.remedies.len()).cmp(&(b.leaves_out(), b.remedies.len())).then(a.units.total_cmp(&b.units)));
    Ok(found)
}

/// Whether a rule can give way by an amount: all that can be soft, and seats.
fn elastic(ix: RuleIx) -> bool {
    rule(ix).default != By::HardOnly || rule(ix).id == "seats"
}

/// Whether more of the fact can be had in amounts, so that it need not be dropped.
fn amounts(fact: &Requirement) -> bool {
    use Requirement::{Arrivals, Budget, Housing, Mentor, Seats, Year};
    matches!(fact, Seats(_) | Mentor(_) | Housing(_) | Arrivals(_) | Budget | Year(_))
}

fn verified(
    case: &Case,
    policy: &Policy,
    wish: Option<Wish>,
    relaxation: Relaxation,
    plan: Option<Plan>,
    oracle: &mut Oracle<'_>,
) -> Result<Option<Relaxation>, String> {
    let (changed, laxer) = Remedy::applied(case, policy, &relaxation.remedies);
    oracle.learn(plan);
    Ok((oracle.ask(&changed, &laxer, wish)? == Answer::Yes).then_some(relaxation))
}

/// The fewest units by which a plan goes beyond some rules, all else kept, as changes.
fn give_way(case: &Case, policy: &Policy, wish: Option<Wish>, rules: &[RuleIx], oracle: &mut Oracle<'_>) -> Result<Option<Relaxation>, String> {
    let told = brief(case, policy);
    let mut brief = match wish {
        Some(wish) => wish.told(told),
        None => told,
    };
    let wished = brief.told.len() - usize::from(wish.is_some());
    for told in brief.told[..wished].iter_mut().filter(|told| told.stamp == Stamp::Hard && rules.contains(&told.rule)) {
        told.stamp = Stamp::Soft(UNIT);
    }
    if oracle.ended() {
        return Ok(None);
    }
    let solved = oracle.solve(&brief, GAP)?;
    let Some(paths) = &solved.paths else { return Ok(None) };
    let plan = assign_mentors(&brief, plan_of(case, paths))?;
    let Some(amounts) = evaluate(&brief, &plan) else { return Ok(None) };
    let beyond: BTreeMap<(RuleIx, Subject), f64> = amounts.soft.into_iter().filter(|((ix, _), n)| rules.contains(ix) && *n > 0.0).collect();
    let mut remedies = Vec::new();
    for ix in rules {
        let own: Vec<(Subject, f64)> = beyond.iter().filter(|((r, _), _)| r == ix).map(|((_, s), n)| (*s, *n)).collect();
        if !own.is_empty() {
            remedies.extend(remedied(&brief, &plan, *ix, &own));
        }
    }
    let units = beyond.values().sum();
    let beyond = beyond.into_iter().map(|((_, s), n)| (s, n)).collect();
    verified(case, policy, wish, Relaxation { remedies, units, fewest: solved.verdict == Verdict::Proven, beyond }, Some(plan), oracle)
}

/// The changes that allow a plan to go beyond a rule as it does.
fn remedied(brief: &Brief<'_>, plan: &Plan, ix: RuleIx, beyond: &[(Subject, f64)]) -> Vec<Remedy> {
    let case = brief.case;
    let more = |place: &dyn Fn(&Subject) -> Option<(Place, Period)>| {
        let cells = beyond.iter().filter_map(|(s, n)| Some((place(s)?, n.round() as u32)));
        runs(cells.map(|((place, t), n)| (place, t, n)).collect())
    };
    match rule(ix).id {
        "seats" => more(&|s| if let Subject::PositionAt(q, t) = s { Some((Place::Seats(*q), *t)) } else { None }),
        "housing" => more(&|s| if let Subject::SiteAt(site, t) = s { Some((Place::Housing(*site), *t)) } else { None }),
        "arrivals" => more(&|s| if let Subject::SiteAt(site, t) = s { Some((Place::Arrivals(*site), *t)) } else { None }),
        "mentoring" => mentored(case, plan),
        "budget" => beyond.iter().map(|(s, n)| Remedy::Budget(if let Subject::Year(y) = s { Some(*y) } else { None }, *n)).collect(),
        "pinned" => pins(case, plan).into_iter().map(Remedy::Drop).collect(),
        "together" | "apart" => {
            let mut groups: Vec<_> = beyond.iter().filter_map(|(s, _)| if let Subject::PairAt(g, ..) = s { Some(*g) } else { None }).collect();
            groups.dedup();
            groups.into_iter().map(|g| Remedy::Drop(Requirement::Group(g))).collect()
        }
        _ => vec![Remedy::Soften(ix)],
    }
}

/// Cells of room, those of one place, in a row and alike, as one change.
fn runs(mut cells: Vec<(Place, Period, u32)>) -> Vec<Remedy> {
    cells.retain(|(.., n)| *n > 0);
    cells.sort_unstable();
    let alike = |a: &(Place, Period, u32), b: &(Place, Period, u32)| a.0 == b.0 && a.2 == b.2 && a.1.index() + 1 == b.1.index();
    cells.chunk_by(alike).map(|run| Remedy::More(run[0].0, run[0].1, Period::new(run[run.len() - 1].1.index() + 1), run[0].2)).collect()
}

/// The pins that a plan does not have.
fn pins(case: &Case, plan: &Plan) -> Vec<Requirement> {
    let missing = |(p, i): (ParticipantIx, usize)| {
        let pin = &case.participants[p].pinned[i];
        let there = plan.paths[p].iter().any(|x| (x.position, x.from, x.until) == (pin.position, pin.from, pin.until));
        (!there).then_some(Requirement::Pin(p, i))
    };
    let all = case.participants.iter().flat_map(|(p, person)| (0..person.pinned.len()).map(move |i| (p, i)));
    all.filter_map(missing).collect()
}

/// Room with mentors for every worked period that has none: with those there who suit most of them, else with new ones at the
/// site.
fn mentored(case: &Case, plan: &Plan) -> Vec<Remedy> {
    let mut needs: BTreeMap<Period, Vec<(ParticipantIx, PositionIx)>> = BTreeMap::new();
    for (p, path) in plan.paths.iter() {
        for placed in path {
            for t in case.participants[p].timeline.worked(placed).filter(|t| !placed.mentors.iter().any(|m| m.covers(*t))) {
                needs.entry(t).or_default().push((p, placed.position));
            }
        }
    }
    let able = |m: MentorIx, t: Period, (p, q): &(ParticipantIx, PositionIx)| case.mentors[m].available[t] && case.mentor_suits(m, *p, *q);
    let suits = |m: MentorIx, t: Period, list: &[(ParticipantIx, PositionIx)]| list.iter().filter(|need| able(m, t, need)).count();
    let total = |m: &MentorIx| needs.iter().map(|(t, list)| suits(*m, *t, list)).sum::<usize>();
    let mut order: Vec<MentorIx> = case.mentors.ids().collect();
    order.sort_by_key(|m| (std::cmp::Reverse(total(m)), *m));
    let mut cells = Vec::new();
    let mut fresh: BTreeMap<_, BTreeMap<Period, u32>> = BTreeMap::new();
    for (t, list) in &needs {
        let mut left = list.clone();
        for m in &order {
            let n = suits(*m, *t, &left);
            left.retain(|need| !able(*m, *t, need));
            cells.push((Place::Mentees(*m), *t, n as u32));
        }
        left.iter().for_each(|(_, q)| *fresh.entry(case.positions[*q].site).or_default().entry(*t).or_default() += 1);
    }
    let new = fresh.into_iter().filter_map(|(site, by)| {
        let (first, last) = (*by.keys().next()?, *by.keys().next_back()?);
        Some(Remedy::Mentor(site, first, Period::new(last.index() + 1), *by.values().max()?))
    });
    runs(cells).into_iter().chain(new).collect()
}
