//! Who mentors whom: with the paths fixed, as many periods covered as can be, then as few changes of mentor as can be.

use std::collections::BTreeMap;

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, solvers, variable};
use petgraph::unionfind::UnionFind;

use crate::brief::{Brief, Sentence};
use crate::domain::{MentorIx, Mentoring, ParticipantIx, Plan};
use crate::pricing::{Coupling, Supply};
use crate::words::{Index, Period};

/// Pairs of a need and a mentor up to which a group is assigned in one program.
const WAYS: usize = 8_000;

/// Changes that a later period without the mentor counts for.
const LATER: f64 = 0.01;

/// Seconds after which a group of people who share mentors keeps the best assignment found so far.
const PATIENCE: f64 = 60.0;

/// One worked period of one participant.
#[derive(Debug, Clone)]
struct Need {
    participant: ParticipantIx,
    /// Number of the placement on the path.
    step: usize,
    period: Period,
    able: Vec<MentorIx>,
}

/// Fills in the mentors of a plan whose paths are on their timelines. Nothing is done if no rule asks for mentors.
///
/// People who share no mentor are assigned apart from each other: one small mixed-integer program for each group, whose optimum
/// has the fewest changes of mentor. A group with more than [`WAYS`] ways to pair needs with mentors is assigned period by
/// period instead: as many covered as can be, and then as few changes from the period before, which is not always the fewest
/// over all periods.
///
/// # Errors
/// If the solver fails.
pub fn assign_mentors(brief: &Brief<'_>, mut plan: Plan) -> Result<Plan, String> {
    let coupling = Coupling::new(brief);
    let Some(supply) = &coupling.supply else { return Ok(plan) };
    let capacity = |m: MentorIx, t: Period| supply.capacity[m][t];
    for part in apart(needs(brief, supply, &plan), brief.case.participants.len()) {
        let ways: usize = part.iter().map(|n| n.able.len()).sum();
        let given = if ways <= WAYS { assign(&part, &capacity)? } else { in_turn(&part, &capacity, brief.case.participants.len())? };
        for (need, mentor) in given {
            support(&mut plan, need, mentor);
        }
    }
    Ok(plan)
}

/// Groups of needs that share no mentor and no participant, in the order of their first needs.
fn apart(needs: Vec<Need>, participants: usize) -> Vec<Vec<Need>> {
    let most = needs.iter().flat_map(|n| &n.able).map(|m| m.index() + 1).max().unwrap_or(0);
    let mut groups = UnionFind::<usize>::new(participants + most);
    for need in &needs {
        for m in &need.able {
            groups.union(need.participant.index(), participants + m.index());
        }
    }
    let mut parts: Vec<Vec<Need>> = Vec::new();
    let mut place: BTreeMap<usize, usize> = BTreeMap::new();
    for need in needs {
        let at = *place.entry(groups.find(need.participant.index())).or_insert_with(|| {
            parts.push(Vec::new());
            parts.len() - 1
        });
        parts[at].push(need);
    }
    parts
}

fn needs(brief: &Brief<'_>, supply: &Supply, plan: &Plan) -> Vec<Need> {
    let themselves = |p| match &brief.told[supply.sentence].sentence {
        Sentence::Supply { themselves, .. } => themselves(p),
        _ => None,
    };
    let mut needs = Vec::new();
    for (p, path) in plan.paths.iter() {
        let who = themselves(p);
        let mut order: Vec<usize> = (0..path.len()).collect();
        order.sort_by_key(|i| path[*i].from);
        for step in order {
            let placement = &path[step];
            let suited = &supply.classes[supply.class(placement.position, who)];
            let worked = brief.case.participants[p].timeline.periods.iter().filter(|t| placement.from <= **t && **t < placement.until);
            needs.extend(worked.map(|t| Need {
                participant: p,
                step,
                period: *t,
                able: suited.iter().copied().filter(|m| supply.capacity[*m][*t] > 0).collect(),
            }));
        }
    }
    needs
}

/// One period after the other. A mentor who stays costs nothing, one who changes a unit, and a little for each later period of
/// the placement in which they would be missing.
fn in_turn<'n>(needs: &'n [Need], capacity: &dyn Fn(MentorIx, Period) -> u32, participants: usize) -> Result<Vec<(&'n Need, MentorIx)>, String> {
    let mut by_period: BTreeMap<Period, Vec<Need>> = BTreeMap::new();
    let mut able: BTreeMap<(ParticipantIx, usize), Vec<&Need>> = BTreeMap::new();
    for need in needs {
        by_period.entry(need.period).or_default().push(need.clone());
        able.entry((need.participant, need.step)).or_default().push(need);
    }
    let mut before: BTreeMap<ParticipantIx, MentorIx> = BTreeMap::new();
    let mut given: BTreeMap<(ParticipantIx, Period), MentorIx> = BTreeMap::new();
    for now in by_period.into_values() {
        for part in apart(now, participants) {
            let later = |need: &Need, m: &MentorIx| {
                let missing = able[&(need.participant, need.step)].iter().filter(|n| n.period > need.period && !n.able.contains(m)).count();
                LATER * missing as f64
            };
            let cost = |need: &Need, m: &MentorIx| if before.get(&need.participant) == Some(m) { 0.0 } else { 1.0 } + later(need, m);
            for (need, mentor) in transport(&part, &cost, capacity)? {
                given.insert((need.participant, need.period), mentor);
            }
            for need in &part {
                match given.get(&(need.participant, need.period)) {
                    Some(mentor) => before.insert(need.participant, *mentor),
                    None => before.remove(&need.participant),
                };
            }
        }
    }
    Ok(needs.iter().filter_map(|need| given.get(&(need.participant, need.period)).map(|m| (need, *m))).collect())
}

/// The cheapest assignment of one period's needs that covers as many as can be: a transport problem, so its linear program has
/// whole vertices.
fn transport<'n>(
    needs: &'n [Need],
    cost: &dyn Fn(&Need, &MentorIx) -> f64,
    capacity: &dyn Fn(MentorIx, Period) -> u32,
) -> Result<Vec<(&'n Need, MentorIx)>, String> {
    let mut variables = ProblemVariables::new();
    let chosen: Vec<Vec<Variable>> = needs.iter().map(|n| n.able.iter().map(|_| variables.add(variable().min(0.0))).collect()).collect();
    let uncovered: Vec<Variable> = needs.iter().map(|_| variables.add(variable().min(0.0))).collect();
    let mut objective = Expression::default();
    let mut loads: BTreeMap<MentorIx, Vec<Variable>> = BTreeMap::new();
    let mut rows = Vec::new();
    for (i, need) in needs.iter().enumerate() {
        objective += 100.0 * uncovered[i];
        rows.push(constraint!(chosen[i].iter().sum::<Expression>() + uncovered[i] == 1.0));
        for (m, x) in need.able.iter().zip(&chosen[i]) {
            objective += cost(need, m) * *x;
            loads.entry(*m).or_default().push(*x);
        }
    }
    let Some(period) = needs.first().map(|n| n.period) else { return Ok(Vec::new()) };
    for (m, load) in loads {
        rows.push(constraint!(load.into_iter().sum::<Expression>() <= f64::from(capacity(m, period))));
    }
    let mut problem =
        variables.minimise(objective).using(solvers::highs::highs).set_threads(1).set_option("parallel", "off").set_option("solver", "simplex");
    for row in rows {
        problem.add_constraint(row);
    }
    let solution = problem.solve().map_err(|e| format!("no mentors could be assigned: {e}"))?;
    let given = |(need, xs): (&'n Need, &Vec<Variable>)| need.able.iter().zip(xs).find(|(_, x)| solution.value(**x) > 0.5).map(|(m, _)| (need, *m));
    Ok(needs.iter().zip(&chosen).filter_map(given).collect())
}

/// Minimises `W × uncovered + changes`, with W above the number of possible changes.
fn assign<'n>(needs: &'n [Need], capacity: &dyn Fn(MentorIx, Period) -> u32) -> Result<Vec<(&'n Need, MentorIx)>, String> {
    let mut variables = ProblemVariables::new();
    let chosen: Vec<Vec<Variable>> = needs.iter().map(|n| n.able.iter().map(|_| variables.add(variable().binary())).collect()).collect();
    let uncovered: Vec<Variable> = needs.iter().map(|_| variables.add(variable().min(0.0).max(1.0))).collect();
    let mut objective = Expression::default();
    let mut rows = Vec::new();
    let mut loads: BTreeMap<(MentorIx, Period), Vec<Variable>> = BTreeMap::new();
    for (i, need) in needs.iter().enumerate() {
        objective += (needs.len() + 1) as f64 * uncovered[i];
        rows.push(constraint!(chosen[i].iter().sum::<Expression>() + uncovered[i] == 1.0));
        for (m, x) in need.able.iter().zip(&chosen[i]) {
            loads.entry((*m, need.period)).or_default().push(*x);
        }
        let Some(before) = i.checked_sub(1).filter(|b| needs[*b].participant == need.participant) else { continue };
        for (m, x) in need.able.iter().zip(&chosen[i]) {
            let same = needs[before].able.iter().position(|other| other == m);
            let changed = variables.add(variable().min(0.0).max(1.0));
            objective += changed;
            let kept: Expression = same.map_or(0.0.into(), |k| chosen[before][k].into());
            rows.push(constraint!(changed >= *x - kept - uncovered[before]));
        }
    }
    for ((m, t), load) in loads {
        let limit = capacity(m, t);
        if load.len() > limit as usize {
            rows.push(constraint!(load.into_iter().sum::<Expression>() <= f64::from(limit)));
        }
    }
    let mut problem = variables.minimise(objective).using(solvers::highs::highs).set_threads(1).set_time_limit(PATIENCE);
    problem = problem.set_option("parallel", "off").set_option("mip_rel_gap", 0.0).set_option("mip_abs_gap", 0.5);
    for row in rows {
        problem.add_constraint(row);
    }
    let solution = problem.solve().map_err(|e| format!("no mentors could be assigned: {e}"))?;
    let given = |(need, xs): (&'n Need, &Vec<Variable>)| need.able.iter().zip(xs).find(|(_, x)| solution.value(**x) > 0.5).map(|(m, _)| (need, *m));
    Ok(needs.iter().zip(&chosen).filter_map(given).collect())
}

/// Notes a period of support; periods that follow each other on the path, with the same mentor, become one span.
fn support(plan: &mut Plan, need: &Need, mentor: MentorIx) {
    let until = Period::new(need.period.index() + 1);
    let mentors = &mut plan.paths[need.participant][need.step].mentors;
    match mentors.last_mut() {
        Some(last) if last.mentor == mentor && last.until == need.period => last.until = until,
        _ => mentors.push(Mentoring { mentor, from: need.period, until }),
    }
}
