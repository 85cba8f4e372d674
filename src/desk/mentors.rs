//! Who mentors whom: with the paths fixed, as many periods covered as can be, then as few changes of mentor as can be.

use std::collections::{BTreeMap, VecDeque};

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, solvers, variable};
use petgraph::unionfind::UnionFind;

use crate::brief::{Brief, Sentence};
use crate::domain::{MentorIx, Mentoring, ParticipantIx, Plan};
use crate::pricing::{Coupling, Supply};
use crate::words::{Index, Period};

/// Pairs of a need and a mentor up to which a group is assigned in one program.
const WAYS: usize = 8_000;

/// Seconds after which a group of people who share mentors keeps the best assignment found so far. Begun with one, the program
/// takes longer.
const PATIENCE: f64 = 20.0;

/// One worked period of one participant.
#[derive(Debug, Clone, Copy)]
struct Need<'a> {
    participant: ParticipantIx,
    /// Number of the placement on the path.
    step: usize,
    period: Period,
    /// Who could be the mentor: a list that all needs of a class in the period share.
    able: &'a [MentorIx],
}

/// By class and period: the mentors who suit the class and are there.
type Able = BTreeMap<(usize, Period), Vec<MentorIx>>;

/// Fills in the mentors of a plan whose paths are on their timelines. Nothing is done if no rule asks for mentors.
///
/// People who share no mentor are assigned apart from each other: period by period, as many covered as can be, with few changes
/// from the period before. Where that leaves changes, and a group has at most [`WAYS`] ways to pair needs with mentors, a small
/// mixed-integer program finds the fewest.
///
/// # Errors
/// If the solver fails.
pub fn assign_mentors(brief: &Brief<'_>, mut plan: Plan) -> Result<Plan, String> {
    let coupling = Coupling::new(brief);
    let Some(supply) = &coupling.supply else { return Ok(plan) };
    let capacity = |m: MentorIx, t: Period| supply.capacity[m][t];
    let worked = worked(brief, supply, &plan);
    let mut able = Able::new();
    for (.., period, class) in &worked {
        let here = |m: &MentorIx| supply.capacity[*m][*period] > 0;
        able.entry((*class, *period)).or_insert_with(|| supply.classes[*class].iter().copied().filter(here).collect());
    }
    let need =
        |(participant, step, period, class): (ParticipantIx, usize, Period, usize)| Need { participant, step, period, able: &able[&(class, period)] };
    for part in apart(worked.into_iter().map(need).collect(), &able, brief.case.participants.len()) {
        let ways: usize = part.iter().map(|n| n.able.len()).sum();
        let mut given = in_turn(&part, &capacity);
        if ways <= WAYS && merit(&part, &given) > (0, 0) {
            let best = assign(&part, &capacity)?;
            // What the program has when its time is up may be worse.
            if merit(&part, &best) < merit(&part, &given) {
                given = best;
            }
        }
        for (need, mentor) in given {
            support(&mut plan, need, mentor);
        }
    }
    Ok(plan)
}

/// Needs without a mentor, and changes of mentor from one worked period to the next; `given` is in the order of the needs.
fn merit(needs: &[Need<'_>], given: &[(&Need<'_>, MentorIx)]) -> (usize, usize) {
    let mut rest = given.iter().peekable();
    let (mut changes, mut before) = (0, None);
    for need in needs {
        let mentor = rest.next_if(|(who, _)| std::ptr::eq(*who, need)).map(|(_, m)| *m);
        if let (Some((participant, last)), Some(mentor)) = (before, mentor) {
            changes += usize::from(participant == need.participant && last != mentor);
        }
        before = mentor.map(|m| (need.participant, m));
    }
    (needs.len() - given.len(), changes)
}

/// Groups of needs that share no mentor and no participant, in the order of their first needs.
fn apart<'a>(needs: Vec<Need<'a>>, able: &Able, participants: usize) -> Vec<Vec<Need<'a>>> {
    let most = able.values().flatten().map(|m| m.index() + 1).max().unwrap_or(0);
    let mut groups = UnionFind::<usize>::new(participants + most);
    for pair in able.values().flat_map(|list| list.windows(2)) {
        groups.union(participants + pair[0].index(), participants + pair[1].index());
    }
    for need in &needs {
        if let Some(m) = need.able.first() {
            groups.union(need.participant.index(), participants + m.index());
        }
    }
    let mut parts: Vec<Vec<Need<'a>>> = Vec::new();
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

/// The worked periods of everyone: who, the number of the placement on the path, when, and the class of what they need.
fn worked(brief: &Brief<'_>, supply: &Supply, plan: &Plan) -> Vec<(ParticipantIx, usize, Period, usize)> {
    let themselves = |p| match &brief.told[supply.sentence].sentence {
        Sentence::Supply { themselves, .. } => themselves(p),
        _ => None,
    };
    let mut worked = Vec::new();
    for (p, path) in plan.paths.iter() {
        let who = themselves(p);
        let mut order: Vec<usize> = (0..path.len()).collect();
        order.sort_by_key(|i| path[*i].from);
        for step in order {
            let class = supply.class(path[step].position, who);
            let periods = brief.case.participants[p].timeline.worked(&path[step]);
            worked.extend(periods.map(|t| (p, step, t, class)));
        }
    }
    worked
}

/// One period after the other: whoever can keep their mentor does; then everyone else takes a mentor with room who is there for
/// most of the rest of the placement; and who finds none gets one along an augmenting path (Berge 1957), on which others change
/// theirs, so that as many are covered as can be.
fn in_turn<'n>(needs: &'n [Need<'n>], capacity: &dyn Fn(MentorIx, Period) -> u32) -> Vec<(&'n Need<'n>, MentorIx)> {
    let mut by_period: BTreeMap<Period, Vec<usize>> = BTreeMap::new();
    needs.iter().enumerate().for_each(|(i, need)| by_period.entry(need.period).or_default().push(i));
    let mentors = needs.iter().filter_map(|need| need.able.iter().max()).max().map_or(0, |m| m.index() + 1);
    let mut before: BTreeMap<ParticipantIx, MentorIx> = BTreeMap::new();
    let mut given = Vec::with_capacity(needs.len());
    for (period, places) in by_period {
        let room = |m: MentorIx| capacity(m, period) as usize;
        let now: Vec<&Need<'_>> = places.iter().map(|i| &needs[*i]).collect();
        let mut desk = Turn { needs: &now, of: vec![None; now.len()], mentees: vec![Vec::new(); mentors] };
        for (i, need) in now.iter().enumerate() {
            if let Some(mentor) = before.get(&need.participant).filter(|m| need.able.contains(m) && desk.load(**m) < room(**m)) {
                desk.take(i, *mentor);
            }
        }
        for i in (0..now.len()).filter(|i| desk.of[*i].is_none()).collect::<Vec<_>>() {
            // The same mentors suit the rest of the placement, as long as they are there.
            let rest = &needs[places[i]..];
            let rest = || rest.iter().take_while(|n| (n.participant, n.step) == (now[i].participant, now[i].step));
            let missing = |m: MentorIx| rest().filter(|n| capacity(m, n.period) == 0).count();
            let mut best: Option<(usize, MentorIx)> = None;
            for m in now[i].able.iter().copied().filter(|m| desk.load(*m) < room(*m)) {
                best = best.into_iter().chain([(missing(m), m)]).min();
                if best.is_some_and(|(missing, _)| missing == 0) {
                    break;
                }
            }
            if let Some((_, mentor)) = best {
                desk.take(i, mentor);
            }
        }
        for i in (0..now.len()).filter(|i| desk.of[*i].is_none()).collect::<Vec<_>>() {
            desk.augment(i, &room);
        }
        before = now.iter().zip(&desk.of).filter_map(|(need, m)| m.map(|m| (need.participant, m))).collect();
        given.extend(places.iter().zip(&desk.of).filter_map(|(i, m)| m.map(|m| (*i, m))));
    }
    given.sort_unstable();
    given.into_iter().map(|(i, m)| (&needs[i], m)).collect()
}

/// Who has which mentor in one period.
struct Turn<'n> {
    needs: &'n [&'n Need<'n>],
    of: Vec<Option<MentorIx>>,
    /// Per mentor: whom they have.
    mentees: Vec<Vec<usize>>,
}

impl Turn<'_> {
    fn load(&self, mentor: MentorIx) -> usize {
        self.mentees[mentor.index()].len()
    }

    fn take(&mut self, need: usize, mentor: MentorIx) {
        if let Some(old) = self.of[need].replace(mentor) {
            self.mentees[old.index()].retain(|n| *n != need);
        }
        self.mentees[mentor.index()].push(need);
    }

    /// Breadth first over mentors without room and whom they mentor, to a mentor with room: the fewest change. O(needs × mentors).
    fn augment(&mut self, need: usize, room: &dyn Fn(MentorIx) -> usize) {
        // Each mentor reached, and the need that reached them.
        let mut reached: BTreeMap<MentorIx, usize> = BTreeMap::new();
        let mut queue = VecDeque::from([need]);
        while let Some(next) = queue.pop_front() {
            for mentor in self.needs[next].able {
                if reached.contains_key(mentor) {
                    continue;
                }
                reached.insert(*mentor, next);
                if self.load(*mentor) < room(*mentor) {
                    let mut mentor = *mentor;
                    loop {
                        let who = reached[&mentor];
                        let old = self.of[who];
                        self.take(who, mentor);
                        match old {
                            Some(old) => mentor = old,
                            None => return,
                        }
                    }
                }
                queue.extend(&self.mentees[mentor.index()]);
            }
        }
    }
}

/// Minimises `W × uncovered + changes`, with W above the number of possible changes.
fn assign<'n>(needs: &'n [Need<'n>], capacity: &dyn Fn(MentorIx, Period) -> u32) -> Result<Vec<(&'n Need<'n>, MentorIx)>, String> {
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
    let given =
        |(need, xs): (&'n Need<'n>, &Vec<Variable>)| need.able.iter().zip(xs).find(|(_, x)| solution.value(**x) > 0.5).map(|(m, _)| (need, *m));
    Ok(needs.iter().zip(&chosen).filter_map(given).collect())
}

/// Notes a period of support; periods that follow each other on the path, with the same mentor, become one span.
fn support(plan: &mut Plan, need: &Need<'_>, mentor: MentorIx) {
    let until = Period::new(need.period.index() + 1);
    let mentors = &mut plan.paths[need.participant][need.step].mentors;
    match mentors.last_mut() {
        Some(last) if last.mentor == mentor && last.until == need.period => last.until = until,
        _ => mentors.push(Mentoring { mentor, from: need.period, until }),
    }
}
