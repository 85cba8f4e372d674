//! Who mentors whom: with the paths fixed, as many periods covered as can be, then as few changes of mentor as can be.

use std::collections::BTreeMap;

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, solvers, variable};
use petgraph::unionfind::UnionFind;

use crate::brief::{Brief, Sentence};
use crate::domain::{MentorIx, Mentoring, ParticipantIx, Plan, PositionIx};
use crate::words::{Index, Period};

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
/// People who share no mentor are assigned apart from each other: one small mixed-integer program for each group.
///
/// # Errors
/// If the solver fails.
pub fn assign_mentors(brief: &Brief<'_>, mut plan: Plan) -> Result<Plan, String> {
    let Some((suits, themselves, mentors, capacity)) = brief.told.iter().find_map(|told| match &told.sentence {
        Sentence::Supply { suits, themselves, mentors, capacity } => Some((suits, themselves, mentors, capacity)),
        _ => None,
    }) else {
        return Ok(plan);
    };
    let needs = needs(brief, &plan, &|m, p, q, t| suits(m, q) && themselves(p) != Some(m) && capacity(m, t) > 0, mentors);
    let mut groups = UnionFind::<usize>::new(brief.case.participants.len() + mentors.len());
    let seat = |m: &MentorIx| brief.case.participants.len() + mentors.iter().position(|x| x == m).expect("an able mentor is a mentor");
    for need in &needs {
        for m in &need.able {
            groups.union(need.participant.index(), seat(m));
        }
    }
    let mut parts: BTreeMap<usize, Vec<Need>> = BTreeMap::new();
    for need in needs {
        parts.entry(groups.find(need.participant.index())).or_default().push(need);
    }
    for part in parts.into_values() {
        for (need, mentor) in assign(&part, capacity)? {
            support(&mut plan, need, mentor);
        }
    }
    Ok(plan)
}

fn needs(brief: &Brief<'_>, plan: &Plan, able: &dyn Fn(MentorIx, ParticipantIx, PositionIx, Period) -> bool, mentors: &[MentorIx]) -> Vec<Need> {
    let mut needs = Vec::new();
    for (p, path) in plan.paths.iter() {
        let mut order: Vec<usize> = (0..path.len()).collect();
        order.sort_by_key(|i| path[*i].from);
        for step in order {
            let placement = &path[step];
            let worked = brief.case.participants[p].timeline.periods.iter().filter(|t| placement.from <= **t && **t < placement.until);
            needs.extend(worked.map(|t| Need {
                participant: p,
                step,
                period: *t,
                able: mentors.iter().copied().filter(|m| able(*m, p, placement.position, *t)).collect(),
            }));
        }
    }
    needs
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
