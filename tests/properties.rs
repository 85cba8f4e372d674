//! What must hold of every optimum, whatever the case: rows and states say the same, bounds are bounds, more freedom never
//! costs, and names and order do not matter. Random cases from `common`, with fixed seeds.
#![cfg(feature = "plan")]

mod common;

use std::sync::Mutex;
use std::time::Duration;

use good_lp::{Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, constraint, solvers, variable};
use rand::{Rng, RngExt};
use rungs::audit::measure;
use rungs::brief::{Brief, brief, evaluate};
use rungs::desk::{assign_mentors, plan_of};
use rungs::domain::{Case, Mode, Policy, Setting, Within};
use rungs::network::{Arc, Network};
use rungs::rules::{Default, RULES, RuleIx, find, rule};
use rungs::solve::{Model, Options, Paths, Solved, Stop, Verdict, compile, solve};
use rungs::words::Index;

/// Small enough for a hundred solves a second.
const LITTLE: common::Size = common::Size { periods: 5, positions: 5, participants: 4 };
/// Large enough that the exact method leaves arcs out at first, and that budgets of states are met.
const LARGE: common::Size = common::Size { periods: 10, positions: 8, participants: 6 };

fn solved(brief: &Brief<'_>, options: &Options, start: Option<&Paths>) -> Solved {
    let silent: rungs::solve::Listener<'_> = Mutex::new(Box::new(|_| {}));
    solve(brief, options, start, &silent, &Stop::default()).expect("HiGHS runs")
}

/// What the audit makes of chosen paths: the objective of a legal plan.
fn objective(brief: &Brief<'_>, policy: &Policy, paths: &Paths) -> f64 {
    let plan = assign_mentors(brief, plan_of(brief.case, paths)).expect("mentors");
    let audit = measure(brief.case, policy, &plan);
    assert!(audit.legal(), "{:?}", audit.breaches().map(|o| rule(o.rule).id).collect::<Vec<_>>());
    audit.objective()
}

/// The optimum by the exact method, audited; `None` if there is no plan.
fn optimum(case: &Case, policy: &Policy) -> Option<f64> {
    let brief = brief(case, policy);
    let found = solved(&brief, &Options::default(), None);
    if found.verdict == Verdict::Infeasible {
        return None;
    }
    assert_eq!(found.verdict, Verdict::Proven);
    Some(objective(&brief, policy, &found.paths.expect("proven")))
}

/// The optimum of one program over networks whose states carry what fits into so many arcs.
fn direct(brief: &Brief<'_>, policy: &Policy, budget: usize) -> Option<f64> {
    let people = brief.case.participants.iter().filter(|(_, p)| !p.timeline.is_empty()).map(|(p, _)| p);
    let networks: Vec<Network> = people.map(|p| Network::new(brief, p, budget)).collect();
    let model = compile(brief, &networks);
    let (cost, values) = by_highs(&model, &[])?;
    let mut paths = Paths::new(vec![Vec::new(); brief.case.participants.len()]);
    for choice in model.chosen(&values) {
        paths[choice.participant].push(choice);
    }
    let audited = objective(brief, policy, &paths);
    assert!(near(cost, audited), "budget {budget}: the program says {cost}, the audit {audited}");
    Some(audited)
}

/// The optimum of a program and the values of its columns, the first of which may be given.
fn by_highs(model: &Model, given: &[f64]) -> Option<(f64, Vec<f64>)> {
    let mut variables = ProblemVariables::new();
    let add = |(i, c): (usize, &rungs::solve::Column)| {
        let (low, high) = given.get(i).map_or((0.0, c.upper), |value| (*value, *value));
        if c.integer { variable().integer() } else { variable() }.min(low).max(high)
    };
    let columns: Vec<Variable> = model.columns.iter().enumerate().map(|c| variables.add(add(c))).collect();
    let cost: Expression = model.columns.iter().zip(&columns).map(|(c, x)| c.cost * *x).sum();
    let mut problem = variables.minimise(cost).using(solvers::highs::highs).set_threads(1);
    problem = problem.set_option("parallel", "off").set_option("mip_rel_gap", 0.0).set_option("mip_abs_gap", 1e-7);
    for row in &model.rows {
        let sum: Expression = row.terms.iter().map(|(column, coefficient)| *coefficient * columns[*column]).sum();
        if row.lower.is_finite() {
            problem.add_constraint(constraint!(sum.clone() >= row.lower));
        }
        if row.upper.is_finite() {
            problem.add_constraint(constraint!(sum <= row.upper));
        }
    }
    match problem.solve() {
        Ok(solution) => {
            let values: Vec<f64> = columns.iter().map(|x| solution.value(*x)).collect();
            Some((model.columns.iter().zip(&values).map(|(c, v)| c.cost * v).sum(), values))
        }
        Err(ResolutionError::Infeasible) => None,
        Err(other) => panic!("HiGHS: {other}"),
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 4e-6 * b.abs().max(1.0)
}

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => near(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// `a` is no better than `b`, where no plan at all is worst.
fn no_better(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a >= b - 4e-6 * b.abs().max(1.0),
        (None, _) => true,
        (Some(_), None) => false,
    }
}

/// The first `n` valid cases of a size with someone to plan for, with their seeds.
fn cases(size: common::Size, n: usize, first: u64) -> impl Iterator<Item = (u64, Case, Policy)> {
    let valid = (first..).filter_map(move |seed| common::case(seed, size).map(|(case, policy)| (seed, case, policy)));
    valid.filter(|(_, case, _)| case.participants.rows().iter().any(|p| !p.timeline.is_empty())).take(n)
}

/// Not the optimum alone: at any plan, with the arcs given, the program costs what the brief does, and forbids what it does.
#[test]
fn a_program_prices_every_plan_as_the_brief_does() {
    let (mut priced, mut forbidden) = (0, 0);
    for (seed, mut case, policy) in cases(LITTLE, 400, 0) {
        let policy = variant(seed, policy);
        for p in case.participants.ids().filter(|_| seed % 3 == 0) {
            case.participants[p].mobility.min_stay = 3;
        }
        for m in case.mentors.ids().filter(|_| seed % 3 == 1) {
            case.mentors[m].reach = Some(Within::Anywhere);
            case.calendar.periods().for_each(|t| case.mentors[m].capacity[t] = 1);
        }
        let brief = brief(&case, &policy);
        let mut dice = common::stream(seed);
        for budget in [0, 60, 20_000] {
            let people = case.participants.iter().filter(|(_, p)| !p.timeline.is_empty()).map(|(p, _)| p);
            let networks: Vec<Network> = people.map(|p| Network::new(&brief, p, budget)).collect();
            let model = compile(&brief, &networks);
            for _ in 0..if budget == 0 { 6 } else { 2 } {
                let Some((values, paths)) = stroll(&case, &networks, &mut dice) else { break };
                let plan = plan_of(&case, &paths);
                let told = evaluate(&brief, &plan).expect("walks are paths");
                let found = by_highs(&model, &values).map(|(cost, _)| cost);
                let expected = told.hard.is_empty().then_some(told.cost);
                priced += usize::from(expected.is_some());
                forbidden += usize::from(expected.is_none());
                let broken: Vec<&str> = told.hard.keys().map(|(r, _)| rule(*r).id).collect();
                assert!(
                    same(found, expected),
                    "seed {seed}, budget {budget}: the program {found:?}, the brief {expected:?} {broken:?}\n{}\n{plan:?}",
                    common::instance(seed, LITTLE)
                );
            }
        }
    }
    assert!(priced > 300 && forbidden > 300, "{priced} plans priced, {forbidden} forbidden");
}

/// By the seed: as it is, or softly so that most plans are priced; of those some with no role twice, and some with roles that
/// may come twice and ask for others before them.
fn variant(seed: u64, policy: Policy) -> Policy {
    let set = |policy: Policy, ids: &[&str], mode: Mode| {
        ids.iter().fold(policy, |policy, id| {
            let ix = find(id).expect("a rule");
            let setting = policy.of(ix).clone();
            policy.with(ix, Setting { mode, weight: setting.weight.max(1.0), ..setting })
        })
    };
    let can_be_soft: Vec<&str> = RULES.iter().filter(|r| r.default != Default::HardOnly).map(|r| r.id).collect();
    let hard: Vec<&str> = can_be_soft.iter().copied().filter(|id| policy.named(id).mode == Mode::Hard).collect();
    match seed % 4 {
        0 => policy,
        1 => set(policy, &hard, Mode::Soft),
        2 => set(set(policy, &hard, Mode::Soft), &["no-repeat"], Mode::Hard),
        _ => set(set(set(policy, &hard, Mode::Soft), &["no-repeat", "harder-than-last", "stretch"], Mode::Off), &["qualifies", "after"], Mode::Hard),
    }
}

/// Some way through every network: the values of the arcs, in order, and the paths; `None` if some network has none.
fn stroll(case: &Case, networks: &[Network], dice: &mut impl Rng) -> Option<(Vec<f64>, Paths)> {
    let (mut values, mut paths) = (Vec::new(), Paths::new(vec![Vec::new(); case.participants.len()]));
    for network in networks {
        let first = values.len();
        values.resize(first + network.graph.edge_count(), 0.0);
        let mut node = network.source?;
        loop {
            let mut out: Vec<_> = network.edges(node).collect();
            if out.is_empty() {
                break;
            }
            // Early ends and long placements leave little to count.
            if dice.random_bool(0.7) && out.iter().any(|(.., e)| !matches!(e.event, Arc::End(_))) {
                out.retain(|(.., e)| !matches!(e.event, Arc::End(_)));
            }
            if dice.random_bool(0.5)
                && let Some(shortest) = out.iter().filter_map(|(.., e)| if let Arc::Place(c) = e.event { Some(c.length()) } else { None }).min()
            {
                out.retain(|(.., e)| matches!(e.event, Arc::Place(c) if c.length() == shortest));
            }
            let (edge, to, weight) = out[dice.random_range(0..out.len())];
            values[first + edge.index()] = 1.0;
            if let Arc::Place(choice) = weight.event {
                paths[network.participant].push(choice);
            }
            node = to;
        }
    }
    Some((values, paths))
}

#[test]
fn rows_and_states_say_the_same() {
    let mut found = 0;
    for (seed, case, policy) in cases(LITTLE, 500, 0) {
        // Half of them without what keeps a role from coming twice.
        let dull = ["no-repeat", "harder-than-last", "stretch"].map(|id| find(id).expect("a rule"));
        let off = |policy: Policy, ix: RuleIx| {
            let setting = policy.of(ix).clone();
            policy.with(ix, Setting { mode: Mode::Off, ..setting })
        };
        let policy = if seed % 2 == 0 { dull.into_iter().fold(policy, off) } else { policy };
        let brief = brief(&case, &policy);
        let exact = optimum(&case, &policy);
        found += usize::from(exact.is_some());
        for budget in [0, 60, 5_000] {
            let direct = direct(&brief, &policy, budget);
            assert!(same(direct, exact), "seed {seed}, budget {budget}: {direct:?}, exact method {exact:?}\n{}", common::instance(seed, LITTLE));
        }
    }
    assert!(found > 100, "only {found} cases with a plan");
}

#[test]
fn leaving_arcs_out_at_first_loses_nothing() {
    let mut restricted = 0;
    for (seed, case, policy) in cases(LARGE, 40, 5_000) {
        let brief = brief(&case, &policy);
        let (exact, whole) = (optimum(&case, &policy), direct(&brief, &policy, 2_000));
        restricted += usize::from(exact.is_some());
        assert!(same(exact, whole), "seed {seed}: exact method {exact:?}, one program {whole:?}\n{}", common::instance(seed, LARGE));
    }
    assert!(restricted > 5, "only {restricted} cases with a plan");
}

#[test]
fn bounds_are_bounds_wherever_the_search_stops() {
    let mut stopped = 0;
    for (seed, case, policy) in cases(LITTLE, 150, 1_000).chain(cases(LARGE, 15, 6_000)) {
        let best = optimum(&case, &policy);
        let brief = brief(&case, &policy);
        let limited = [
            Options { node_limit: Some(0), ..Options::default() },
            Options { node_limit: Some(1), ..Options::default() },
            Options { time_limit: Some(Duration::from_millis(3)), ..Options::default() },
            Options { gap: 0.3, ..Options::default() },
        ];
        for options in &limited {
            let found = solved(&brief, options, None);
            stopped += usize::from(found.verdict == Verdict::Stopped);
            assert!(found.verdict != Verdict::Infeasible || best.is_none(), "seed {seed}, {options:?}: a plan exists");
            if let (Some(bound), Some(best)) = (found.bound, best) {
                assert!(bound <= best + 4e-6 * best.abs().max(1.0), "seed {seed}, {options:?}: bound {bound}, optimum {best}");
            }
            let Some(paths) = found.paths else { continue };
            let cost = objective(&brief, &policy, &paths);
            // Until it has proven the optimum, the solver may charge more than the plan found really costs (slack to spare).
            let stated = found.objective.expect("stated");
            let exact = found.verdict == Verdict::Proven && options.gap <= 1e-6;
            assert!(near(stated, cost) || stated > cost && !exact, "seed {seed}, {options:?}: the solver says {stated}, the audit {cost}");
            assert!(no_better(Some(cost), best), "seed {seed}, {options:?}: {cost} beats the optimum {best:?}");
            if found.verdict == Verdict::Proven {
                let gap = rungs::solve::gap(cost, best.expect("a plan exists"));
                assert!(gap <= options.gap + 4e-6, "seed {seed}, {options:?}: gap {gap}");
            }
        }
    }
    assert!(stopped > 10, "only {stopped} searches stopped early");
}

#[test]
fn a_start_never_makes_the_result_worse() {
    let mut started = 0;
    for (seed, case, policy) in cases(LITTLE, 120, 2_000).chain(cases(LARGE, 15, 7_000)) {
        let brief = brief(&case, &policy);
        let Some(first) = solved(&brief, &Options { gap: 0.5, ..Options::default() }, None).paths else { continue };
        started += 1;
        let cost = objective(&brief, &policy, &first);
        for options in [Options { node_limit: Some(1), ..Options::default() }, Options { gap: 0.2, ..Options::default() }] {
            let found = solved(&brief, &options, Some(&first));
            let after = found.paths.map(|paths| objective(&brief, &policy, &paths));
            assert!(no_better(Some(cost), after), "seed {seed}, {options:?}: the start costs {cost}, the result {after:?}");
        }
        let best = optimum(&case, &policy);
        let again = solved(&brief, &Options::default(), Some(&first)).paths.map(|paths| objective(&brief, &policy, &paths));
        assert!(same(again, best), "seed {seed}: from a start {again:?}, without {best:?}");
    }
    assert!(started > 30, "only {started} cases with a plan");
}

#[test]
fn freedom_never_costs() {
    let (mut strictly, mut compared) = (0, 0);
    for (seed, case, policy) in cases(LITTLE, 60, 3_000) {
        let base = optimum(&case, &policy);
        let mut check = |what: &str, freer: Option<f64>, tighter: Option<f64>| {
            compared += 1;
            strictly += usize::from(!same(freer, tighter));
            assert!(
                no_better(tighter, freer),
                "seed {seed}: {what}: {tighter:?} with less freedom, {freer:?} with more\n{}",
                common::instance(seed, LITTLE)
            );
        };
        let mut roomier = case.clone();
        let seated = rungs::domain::PositionIx::new(seed as usize % case.positions.len());
        for t in case.calendar.periods() {
            roomier.positions[seated].seats[t] += 1;
        }
        check("a seat more", optimum(&roomier, &policy), base);
        for (ix, setting) in policy.asked() {
            if setting.mode == Mode::Soft {
                let set = |mode| policy.clone().with(ix, Setting { mode, ..setting.clone() });
                check(&format!("{} dropped", rule(ix).id), optimum(&case, &set(Mode::Off)), base);
                check(&format!("{} hard", rule(ix).id), base, optimum(&case, &set(Mode::Hard)));
            }
        }
    }
    assert!(strictly > compared / 10, "only {strictly} of {compared} changes made a difference");
}

#[test]
fn the_order_of_people_and_places_does_not_matter() {
    let mut found = 0;
    for (seed, case, policy) in cases(LITTLE, 120, 4_000) {
        let mut turned = common::instance(seed, LITTLE);
        for list in ["participants", "positions", "sites", "cohorts", "mentors", "rules"] {
            if let Some(rows) = turned.get_mut(list).and_then(|l| l.as_array_mut()) {
                rows.reverse();
            }
        }
        let taken = rungs::intake::intake(turned.to_string().as_bytes()).expect("valid in any order");
        let (a, b) = (optimum(&case, &policy), optimum(&taken.case, &taken.policy));
        found += usize::from(a.is_some());
        assert!(same(a, b), "seed {seed}: {a:?}, turned round {b:?}\n{turned}");
    }
    assert!(found > 25, "only {found} cases with a plan");
}

#[test]
fn the_same_question_has_the_same_answer() {
    for (seed, case, policy) in cases(LITTLE, 60, 8_000).chain(cases(LARGE, 8, 9_000)) {
        let brief = brief(&case, &policy);
        let first = solved(&brief, &Options::default(), None);
        for threads in [1, 2] {
            let again = solved(&brief, &Options { threads, ..Options::default() }, None);
            assert_eq!(again.paths, first.paths, "seed {seed}, {threads} threads");
            assert_eq!((again.bound, again.objective, again.nodes), (first.bound, first.objective, first.nodes), "seed {seed}, {threads} threads");
        }
    }
}
