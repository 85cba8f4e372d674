//! What if: a scenario solved from the base plan's state, and what it changes.

use super::compare::{RuleChange, Touched, money, rule_changes, touched, unfilled};
use super::{Settled, plan_of, settle};
use crate::audit::Audit;
use crate::brief::{Choice, brief};
use crate::change::{Changed, carry};
use crate::domain::{Case, ParticipantIx, Plan};
use crate::intake::Intake;
use crate::io::plan_file::Certificate;
use crate::pricing::{Coupling, Multipliers, certificate, multipliers};
use crate::solve::{Listener, Method, Options, Paths, Solved, Start, Stop, Verdict, finishes, silent, solve_by, solve_from};
use crate::words::{Index, Table};

/// Where every scenario begins: a plan of the instance as it is, and the prices and paths that came with it.
#[derive(Debug, Clone)]
pub struct Base<'a> {
    /// The instance.
    pub taken: &'a Intake,
    /// Its plan.
    pub plan: Plan,
    /// What the plan is worth.
    pub audit: Audit,
    /// No plan costs less.
    pub bound: Option<f64>,
    /// Prices near the best.
    pub certificate: Certificate,
    /// Paths that may be of use, as plans: the first of everyone, the second, and so on.
    layers: Vec<Plan>,
}

impl<'a> Base<'a> {
    /// The base of an instance: planned by the column method, from a plan if one is given, which then stays the base.
    ///
    /// # Errors
    /// What is our fault, in words; none if there is no plan, as far as was seen.
    pub fn new(
        taken: &'a Intake,
        given: Option<(Plan, Option<Certificate>)>,
        options: &Options,
        listener: &Listener<'_>,
        stop: &Stop,
    ) -> Result<Option<Self>, String> {
        let given = given.map(|(plan, certificate)| (crate::audit::audit(&taken.case, &taken.policy, &plan), plan, certificate));
        if let Some((audit, plan, Some(certificate))) = given {
            return Ok(Some(Self { taken, plan, audit, bound: certificate.bound, certificate, layers: Vec::new() }));
        }
        let told = brief(&taken.case, &taken.policy);
        let paths = given.as_ref().and_then(|(_, plan, _)| super::paths_of(&taken.case, plan));
        let solved = solve_by(Method::Columns, &told, options, paths.as_ref(), listener, stop)?;
        let (Some(paths), Some(found)) = (&solved.paths, &solved.multipliers) else { return Ok(None) };
        let settled = settle(&taken.case, &taken.policy, &told, paths, &solved)?;
        let certificate = certificate(&told, &Coupling::new(&told), found, solved.root_bound);
        let layers = layers(&taken.case, &solved.columns);
        let (audit, plan) = given.map_or((settled.audit, settled.plan), |(audit, plan, _)| (audit, plan));
        Ok(Some(Self { taken, plan, audit, bound: settled.bound, certificate, layers }))
    }

    /// Where a search of a changed instance begins.
    fn start(&self, case: &Case, from: Multipliers) -> Start {
        let columns = |layer: &Plan| {
            let paths = carry(&self.taken.case, layer, case);
            paths.iter().filter(|(_, path)| !path.is_empty()).map(|(p, path)| (p, path.clone())).collect::<Vec<_>>()
        };
        Start {
            paths: Some(carry(&self.taken.case, &self.plan, case)),
            multipliers: Some(from),
            columns: self.layers.iter().flat_map(columns).collect(),
            ..Start::default()
        }
    }
}

/// Paths of many people as plans, one path of each person in each.
fn layers(case: &Case, columns: &[(ParticipantIx, Vec<Choice>)]) -> Vec<Plan> {
    let mut depth = vec![0usize; case.participants.len()];
    let mut layers: Vec<Paths> = Vec::new();
    for (p, choices) in columns {
        let at = depth[p.index()];
        depth[p.index()] += 1;
        if layers.len() == at {
            layers.push(Table::new(vec![Vec::new(); case.participants.len()]));
        }
        layers[at][*p].clone_from(choices);
    }
    layers.iter().map(|paths| plan_of(case, paths)).collect()
}

/// How a scenario went.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The plan, if there is one.
    pub settled: Option<Settled>,
    /// It is proven that there is none.
    pub impossible: bool,
    /// What the search proved and used.
    pub solved: Solved,
    /// Rule by rule, against the base.
    pub rules: Vec<RuleChange>,
    /// Whose placements differ from the base.
    pub touched: Option<Touched>,
    /// What moves cost in money.
    pub money: f64,
    /// Seat-periods that stay empty, and person-periods without a placement.
    pub unfilled: (u64, u64),
}

/// Solves a changed instance from the base's state.
///
/// # Errors
/// What is our fault, in words.
pub fn scenario(base: &Base<'_>, changed: &Changed, options: &Options, stop: &Stop) -> Result<Scenario, String> {
    let Intake { case, policy, .. } = &changed.taken;
    let told = brief(case, policy);
    let from = multipliers(&told, &Coupling::new(&told), &base.certificate);
    let start = base.start(case, from);
    let mut solved = solve_from(&start, &told, options, &silent(), stop)?;
    // The column method alone does not prove that there is no plan.
    if solved.paths.is_none() && solved.verdict != Verdict::Infeasible && finishes(case) && !stop.asked() {
        solved = solve_by(Method::Exact, &told, options, None, &silent(), stop)?;
    }
    let Some(paths) = &solved.paths else {
        let impossible = solved.verdict == Verdict::Infeasible;
        return Ok(Scenario { settled: None, impossible, solved, rules: Vec::new(), touched: None, money: 0.0, unfilled: (0, 0) });
    };
    let settled = settle(case, policy, &told, paths, &solved)?;
    Ok(Scenario {
        impossible: false,
        rules: rule_changes(&base.audit, &settled.audit),
        touched: Some(touched(&base.taken.case, &base.plan, case, &settled.plan)),
        money: money(case, &settled.plan),
        unfilled: unfilled(case, &settled.plan),
        settled: Some(settled),
        solved,
    })
}
