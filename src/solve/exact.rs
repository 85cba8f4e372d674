//! The exact method: one mixed-integer program through good_lp and HiGHS.

use good_lp::{Expression, ProblemVariables, SolverModel, Variable, constraint, solvers, variable};
use highs::HighsModelStatus as Status;
use petgraph::graph::EdgeIndex;
use rayon::prelude::*;

use super::highs::{Report, Watch, node_count, solve_watched, write};
use super::{Clock, Label, Listener, Method, Model, Options, Paths, Progress, Solved, Stop, Verdict, compile, pooled};
use crate::brief::Brief;
use crate::domain::ParticipantIx;
use crate::network::{Arc, Network};
use crate::words::{Index, Table};

/// Arcs of all networks together, up to which counts along paths are put into their states instead of rows.
const ARCS: usize = 300_000;
/// The same for one participant: at least, and at most.
const LEAST_ARCS: usize = 1_000;
const MOST_ARCS: usize = 20_000;

/// Arcs that the first restricted program keeps, at least, as a share of all.
const FIRST_SHARE: f64 = 0.05;
/// Gap at which a restricted program is good enough to restrict the next one.
const FIRST_GAP: f64 = 1e-3;
/// Points that a cheapest path may be dearer than allowed, for the solver's rounding.
const ROUNDING: f64 = 1e-6;

/// Solves the brief to the gap asked for, or until a limit. Starts from `start` if it is given.
///
/// The linear relaxation comes first. With its reduced costs, the cheapest path through an arc says how much a plan that uses
/// the arc costs at least: beyond a threshold arcs are left out, which leaves a far smaller integer program. A plan found there
/// lowers the threshold that a proof needs (its cost less the relaxation's), and the program of all arcs within that threshold
/// proves the optimum of the whole (arc fixing by path reduced costs: Irnich, Desaulniers, Desrosiers & Hadjar 2010).
///
/// # Errors
/// If HiGHS fails in a way that is neither a limit nor infeasibility.
pub(super) fn solve(brief: &Brief<'_>, options: &Options, start: Option<&Paths>, listener: &Listener<'_>, stop: &Stop) -> Result<Solved, String> {
    let clock = Clock::start(options.time_limit);
    let ends = || clock.ended(stop);
    let networks = networks(brief, options.threads, &ends);
    let whole = if ends() { Model::default() } else { compile(brief, &networks) };
    let mut found = Solved {
        method: Method::Exact,
        verdict: Verdict::Stopped,
        paths: None,
        objective: None,
        bound: None,
        nodes: 0,
        size: (whole.columns.len(), whole.rows.len()),
        root_bound: None,
        seconds: 0.0,
        multipliers: None,
        columns: Vec::new(),
    };
    if ends() {
        return Ok(Solved { seconds: clock.seconds(), ..found });
    }
    let mut watch = Watching { clock, listener, stop, floor: f64::NEG_INFINITY, ceiling: f64::INFINITY, incumbent: None, nodes: 0 };
    let relaxed = run(&whole, &Ask { options, clock: &clock, gap: options.gap, relaxed: true, hint: None, brisk: false }, &mut watch)?;
    if relaxed.verdict != Verdict::Proven {
        return Ok(Solved { verdict: relaxed.verdict, seconds: clock.seconds(), ..found });
    }
    let root = relaxed.objective;
    found.root_bound = Some(root);
    found.bound = Some(root);
    watch.floor = root;
    watch.tell(f64::INFINITY, root, 0);
    let dearer: Vec<Vec<f64>> = dearer_through(&networks, &relaxed.reduced_costs);
    let mut best: Option<Paths> = start.cloned();
    let mut threshold = first_threshold(&dearer);
    loop {
        let everything = threshold >= dearer.iter().flatten().copied().filter(|d| d.is_finite()).fold(0.0, f64::max);
        let within = |n: usize, e: EdgeIndex| dearer[n][e.index()] <= threshold + ROUNDING * root.abs().max(1.0);
        let some: Vec<Network> = networks.iter().enumerate().map(|(n, network)| network.restricted(|e| within(n, e))).collect();
        let model = compile(brief, &some);
        // A plan within the threshold proves itself; a first one need not be the best of its restriction.
        let last = everything || found.objective.is_some_and(|objective| objective - root <= threshold + ROUNDING * root.abs().max(1.0));
        let goal = if last { options.gap } else { options.gap.max(FIRST_GAP) };
        let hint = best.as_ref().and_then(|paths| hint(&model, &some, paths));
        watch.ceiling = if everything { f64::INFINITY } else { root + threshold };
        let ask = Ask { options, clock: &clock, gap: goal, relaxed: false, hint: hint.as_deref(), brisk: false };
        let solved = run(&model, &ask, &mut watch)?;
        found.nodes += solved.nodes;
        watch.nodes = found.nodes;
        if let Some(values) = &solved.values
            && found.objective.is_none_or(|before| solved.objective < before)
        {
            found.objective = Some(solved.objective);
            found.paths = Some(paths_of(&model, brief, values));
            best.clone_from(&found.paths);
            watch.incumbent = found.objective;
        }
        // A plan that leaves the restriction costs at least the ceiling.
        let floor = if solved.verdict == Verdict::Infeasible { watch.ceiling } else { solved.bound.min(watch.ceiling) };
        watch.floor = watch.floor.max(floor.min(found.objective.unwrap_or(f64::INFINITY)));
        found.bound = Some(watch.floor).filter(|b| b.is_finite());
        let proven = found.objective.is_some_and(|objective| super::gap(objective, watch.floor) <= options.gap);
        let verdict = match (&found.objective, solved.verdict) {
            _ if proven => Some(Verdict::Proven),
            (None, Verdict::Infeasible) if everything => Some(Verdict::Infeasible),
            // Rounding may leave a whole program a hair above the gap asked for.
            (Some(_), Verdict::Proven) if everything && last => Some(Verdict::Proven),
            (_, Verdict::Stopped) => Some(Verdict::Stopped),
            _ => None,
        };
        if let Some(verdict) = verdict {
            return Ok(Solved { verdict, seconds: clock.seconds(), bound: found.bound.filter(|_| verdict != Verdict::Infeasible), ..found });
        }
        threshold = match found.objective {
            Some(objective) if !last => objective - root,
            Some(_) => threshold * 2.0,
            None => threshold.max(ROUNDING) * 8.0,
        };
    }
}

/// Per network and edge: how much more than the relaxation a plan costs at least whose path leads through the edge.
fn dearer_through(networks: &[Network], reduced_costs: &[f64]) -> Vec<Vec<f64>> {
    let mut first = 0;
    let mut of = |network: &Network| {
        let here = first;
        first += network.graph.edge_count();
        network.cheapest_through(|e| reduced_costs[here + e.index()].max(0.0))
    };
    networks.iter().map(&mut of).collect()
}

/// The threshold within which the first share of all arcs lies.
fn first_threshold(dearer: &[Vec<f64>]) -> f64 {
    let mut all: Vec<f64> = dearer.iter().flatten().copied().filter(|d| d.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    let wanted = (all.len() as f64 * FIRST_SHARE) as usize + 1_000;
    all.get(wanted.min(all.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

/// One program as HiGHS left it.
pub(super) struct Run {
    pub(super) verdict: Verdict,
    pub(super) values: Option<Vec<f64>>,
    pub(super) objective: f64,
    pub(super) bound: f64,
    pub(super) nodes: u64,
    /// Of a relaxation: what each column costs beyond the prices of its rows.
    pub(super) reduced_costs: Vec<f64>,
}

/// How one program is to be solved.
pub(super) struct Ask<'a> {
    pub(super) options: &'a Options,
    pub(super) clock: &'a Clock,
    pub(super) gap: f64,
    pub(super) relaxed: bool,
    pub(super) hint: Option<&'a [f64]>,
    /// Few cuts are kept, and no smaller programs are solved within this one: for programs of a second, of which there are many.
    pub(super) brisk: bool,
}

fn prepare(model: &Model, ask: &Ask<'_>) -> Result<highs::Model, String> {
    let Ask { options, clock, gap, relaxed, hint, brisk } = ask;
    let mut problem = given(model, *relaxed).try_into_inner().map_err(|e| e.to_string())?;
    for name in ["mip_rel_gap", "mip_abs_gap"] {
        problem.set_option(name, gap / 2.0);
    }
    problem.set_option("random_seed", (options.seed & 0x7fff_ffff) as i32);
    problem.set_option("threads", 1);
    problem.set_option("parallel", "off");
    if *brisk {
        // On programs of 24 to 60 people's paths a quarter of the time, at the same optimum.
        for name in [
            "mip_heuristic_run_rens",
            "mip_heuristic_run_rins",
            "mip_heuristic_run_root_reduced_cost",
            "mip_allow_restart",
            "mip_heuristic_run_feasibility_jump",
        ] {
            problem.set_option(name, false);
        }
        for (name, most) in [("mip_pool_soft_limit", 30), ("mip_pool_age_limit", 5), ("mip_lp_age_limit", 1)] {
            problem.set_option(name, most);
        }
    }
    if let Some(limit) = options.node_limit {
        problem.set_option("mip_max_nodes", limit as i32);
    }
    if let Some(left) = clock.left() {
        problem.set_option("time_limit", left.max(0.01));
    }
    if let Some(values) = hint {
        problem.set_solution(Some(values), None, None, None);
    }
    Ok(problem)
}

pub(super) fn run<W: Watch>(model: &Model, ask: &Ask<'_>, watch: &mut W) -> Result<Run, String> {
    // HiGHS calls a model without columns empty, whatever its rows say.
    if model.columns.is_empty() {
        let kept = model.rows.iter().all(|r| r.lower <= 0.0 && r.upper >= 0.0);
        let (verdict, values) = if kept { (Verdict::Proven, Some(Vec::new())) } else { (Verdict::Infeasible, None) };
        return Ok(Run { verdict, values, objective: 0.0, bound: 0.0, nodes: 0, reduced_costs: Vec::new() });
    }
    let problem = prepare(model, ask)?;
    let solved = solve_watched(problem, watch)?;
    let verdict = match solved.status() {
        Status::Optimal | Status::ObjectiveBound | Status::ObjectiveTarget | Status::ModelEmpty => Verdict::Proven,
        Status::Infeasible | Status::UnboundedOrInfeasible => Verdict::Infeasible,
        Status::ReachedTimeLimit
        | Status::ReachedInterrupt
        | Status::ReachedSolutionLimit
        | Status::ReachedIterationLimit
        | Status::ReachedMemoryLimit => Verdict::Stopped,
        other => return Err(format!("HiGHS ended with {other:?}")),
    };
    let feasible = verdict != Verdict::Infeasible && solved.primal_solution_status() == highs::HighsSolutionStatus::Feasible;
    let solution = solved.get_solution();
    let dual = solved.double_info_value(c"mip_dual_bound").ok().filter(|b| b.is_finite() && b.abs() < 1e30);
    Ok(Run {
        verdict,
        values: feasible.then(|| solution.columns().to_vec()),
        objective: solved.objective_value(),
        bound: dual.unwrap_or(f64::NEG_INFINITY),
        nodes: node_count(&solved),
        reduced_costs: solution.dual_columns().to_vec(),
    })
}

/// Writes the model with readable names to an `.lp` or `.mps` file.
///
/// # Errors
/// If the file can't be written.
pub fn export(brief: &Brief<'_>, threads: usize, path: &str) -> Result<(), String> {
    let networks = networks(brief, threads, &|| false);
    let model = compile(brief, &networks);
    let columns: Vec<String> = model.columns.iter().enumerate().map(|(i, c)| name(brief, "c", i, &c.label)).collect();
    let rows: Vec<String> = model.rows.iter().enumerate().map(|(i, r)| name(brief, "r", i, &r.label)).collect();
    write(&mut given(&model, false).try_into_inner().map_err(|e| e.to_string())?, &columns, &rows, path)
}

/// The participants' networks, in order. They are independent, so threads share the work. Once it `ends`, no more are built.
fn networks(brief: &Brief<'_>, threads: usize, ends: &(dyn Fn() -> bool + Sync)) -> Vec<Network> {
    let ids: Vec<ParticipantIx> = brief.case.participants.iter().filter(|(_, p)| !p.timeline.is_empty()).map(|(id, _)| id).collect();
    let budget = (ARCS / ids.len().max(1)).clamp(LEAST_ARCS, MOST_ARCS);
    let build = |p: &ParticipantIx| (!ends()).then(|| Network::new(brief, *p, budget));
    pooled(threads, || ids.par_iter().filter_map(build).collect())
}

/// The model in good_lp's words; relaxed, its arcs are bounded by the flow alone, so that all their reduced costs are 0 or more.
fn given(model: &Model, relaxed: bool) -> solvers::highs::HighsProblem {
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = model
        .columns
        .iter()
        .map(|c| {
            let arc = matches!(c.label, Label::Arc(..));
            let bounded = if relaxed && arc { variable().min(0.0) } else { variable().min(0.0).max(c.upper) };
            variables.add(if c.integer && !relaxed { bounded.integer() } else { bounded })
        })
        .collect();
    let mut objective = Expression::with_capacity(columns.len());
    for (column, variable) in model.columns.iter().zip(&columns) {
        if column.cost != 0.0 {
            objective.add_mul(column.cost, variable);
        }
    }
    let mut problem = variables.minimise(objective).using(solvers::highs::highs);
    for row in &model.rows {
        let mut sum = Expression::with_capacity(row.terms.len());
        for (column, coefficient) in &row.terms {
            sum.add_mul(*coefficient, columns[*column]);
        }
        if row.lower == row.upper {
            problem.add_constraint(constraint!(sum == row.lower));
        } else if row.upper.is_finite() {
            problem.add_constraint(constraint!(sum <= row.upper));
        } else {
            problem.add_constraint(constraint!(sum >= row.lower));
        }
    }
    problem
}

/// Values of the arcs for given paths; HiGHS completes the rest. `None` if some path is not in its network.
fn hint(model: &Model, networks: &[Network], paths: &Paths) -> Option<Vec<f64>> {
    let mut values = vec![0.0; model.columns.len()];
    let mut first = 0;
    for network in networks {
        for edge in network.walk(&paths[network.participant])? {
            values[first + edge.index()] = 1.0;
        }
        first += network.graph.edge_count();
    }
    Some(values)
}

fn paths_of(model: &Model, brief: &Brief<'_>, values: &[f64]) -> Paths {
    let mut paths: Paths = Table::new(vec![Vec::new(); brief.case.participants.len()]);
    for choice in model.chosen(values) {
        paths[choice.participant].push(choice);
    }
    paths
}

struct Watching<'w, 'l> {
    clock: Clock,
    listener: &'w Listener<'l>,
    stop: &'w Stop,
    /// Bound proven by earlier programs.
    floor: f64,
    /// What a plan outside the program under way costs at least.
    ceiling: f64,
    /// Objective of the best plan of earlier programs.
    incumbent: Option<f64>,
    /// Nodes of earlier programs.
    nodes: u64,
}

impl Watch for Watching<'_, '_> {
    fn asked_to_stop(&mut self) -> bool {
        self.clock.ended(self.stop)
    }

    fn report(&mut self, report: Report) {
        self.tell(report.primal, report.dual, report.nodes);
    }
}

impl Watching<'_, '_> {
    /// Tells the listener where the whole search stands, from where the program under way does.
    fn tell(&self, primal: f64, dual: f64, nodes: u64) {
        let finite = |value: f64| (value.is_finite() && value.abs() < 1e30).then_some(value);
        let incumbent = match (finite(primal), self.incumbent) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let bound = finite(self.floor.max(dual.min(self.ceiling)).min(incumbent.unwrap_or(f64::INFINITY)));
        let progress = Progress { seconds: self.clock.seconds(), incumbent, bound, nodes: self.nodes + nodes };
        if let Ok(mut listener) = self.listener.lock() {
            listener(progress);
        }
    }
}

/// A readable name: what it stands for, with ids cut to the characters that LP files allow, and a number that makes it unique.
fn name(brief: &Brief<'_>, kind: &str, i: usize, label: &Label) -> String {
    let case = brief.case;
    let person = |p: &ParticipantIx| case.participants[*p].named.id.clone();
    let at = |p: &ParticipantIx, tick: usize| case.participants[*p].timeline.periods.get(tick).map_or("end".to_owned(), |t| t.index().to_string());
    let said = match label {
        Label::Arc(p, Arc::Place(c)) => format!("place_{}_{}_{}_{}", person(p), case.positions[c.position].id, at(p, c.first), c.length()),
        Label::Arc(p, Arc::Move(m, tick)) => format!("move_{}_{}_{}", person(p), case.positions[m.to].id, at(p, *tick)),
        Label::Arc(p, Arc::Wait(tick)) => format!("wait_{}_{}", person(p), at(p, *tick)),
        Label::Arc(p, Arc::End(e)) => format!("end_{}_{}", person(p), at(p, e.at)),
        Label::Node(p, n) => format!("node_{}_{n}", person(p)),
        Label::Path(p, n) => format!("path_{}_{n}", person(p)),
        Label::Of(rule, subject) => format!("{}_{}", crate::rules::rule(*rule).id, subject.key(case)),
        Label::Support(m, class, period) => match *class {
            usize::MAX => format!("capacity_{}_{}", case.mentors[*m].named.id, period.index()),
            class => format!("support_{}_{class}_{}", case.mentors[*m].named.id, period.index()),
        },
    };
    let plain: String = said.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{kind}{i}_{plain}")
}
