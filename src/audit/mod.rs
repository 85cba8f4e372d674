//! The audit: what a plan is worth by the facts alone.
//!
//! It reads [`Case`], [`Policy`] and [`Plan`] and nothing else: no sentence of the brief, no number of a solver.

mod phrase;
mod record;
mod sight;
mod tally;
mod walk;

pub(crate) use phrase::{among, many};
pub(crate) use record::Record;
pub use sight::Sight;
pub(crate) use tally::{Tally, capstone_missing, clauses, stages};
pub use walk::{Step, Walk};

use crate::domain::{Case, Mode, ParticipantIx, Plan, Policy, Setting, Subject};
use crate::rules::{RULES, Rule, RuleIx};
use crate::words::{Index, Table};

/// What a rule found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Whom or what it is about.
    pub subject: Subject,
    /// The part of the measure.
    pub amount: f64,
    /// The part of it that a hard rule forbids (for every rule but `stretch`, the amount).
    pub breach: f64,
    /// In words, with names; empty unless the audit was asked for words.
    pub words: String,
}

/// Collects what a rule finds.
#[derive(Debug)]
pub struct Findings {
    list: Vec<Finding>,
    worded: bool,
}

impl Findings {
    /// Notes an amount; nothing if it is 0.
    pub fn add(&mut self, subject: Subject, amount: f64, words: impl FnOnce() -> String) {
        self.add_with_breach(subject, amount, amount, words);
    }

    /// Notes an amount of which only a part is forbidden when the rule is hard.
    pub fn add_with_breach(&mut self, subject: Subject, amount: f64, breach: f64, words: impl FnOnce() -> String) {
        if amount > 0.0 || breach > 0.0 {
            let words = if self.worded { words() } else { String::new() };
            self.list.push(Finding { subject, amount, breach, words });
        }
    }
}

/// What one rule measured.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The rule.
    pub rule: RuleIx,
    /// How strictly it was asked.
    pub mode: Mode,
    /// Sum of the amounts found.
    pub measure: f64,
    /// Points per unit: 0 for a hard rule other than `stretch`.
    pub weight: f64,
    /// `weight × measure`.
    pub cost: f64,
    /// What a hard rule forbids and the plan does; 0 for a soft one.
    pub breach: f64,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// A plan held against the facts.
#[derive(Debug, Clone)]
pub struct Audit {
    /// One outcome for every rule that is not off, in the registry's order.
    pub outcomes: Vec<Outcome>,
    /// Worked periods whose mentor differs from that of the worked period before.
    pub mentor_changes: usize,
}

impl Audit {
    /// The objective: the sum of all costs.
    #[must_use]
    pub fn objective(&self) -> f64 {
        self.outcomes.iter().map(|o| o.cost).sum()
    }

    /// Whether every hard rule is kept.
    #[must_use]
    pub fn legal(&self) -> bool {
        self.breaches().next().is_none()
    }

    /// The outcomes of hard rules that are broken.
    pub fn breaches(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(|o| o.breach > 0.0)
    }

    /// The outcome of a rule, unless it is off.
    #[must_use]
    pub fn of(&self, rule: RuleIx) -> Option<&Outcome> {
        self.outcomes.iter().find(|o| o.rule == rule)
    }
}

/// Audits a plan, with every finding in words.
#[must_use]
pub fn audit(case: &Case, policy: &Policy, plan: &Plan) -> Audit {
    run(case, policy, plan, true)
}

/// Audits a plan for its amounts alone: for the inner loops of searches and tests.
#[must_use]
pub fn measure(case: &Case, policy: &Policy, plan: &Plan) -> Audit {
    run(case, policy, plan, false)
}

fn run(case: &Case, policy: &Policy, plan: &Plan, worded: bool) -> Audit {
    let walks: Table<ParticipantIx, Walk> = plan.paths.iter().map(|(p, path)| Walk::new(case, p, path)).collect();
    let mut outcomes = Vec::with_capacity(RULES.len());
    for (ix, setting) in policy.asked() {
        let rule: &Rule = crate::rules::rule(ix);
        let mut findings = Findings { list: Vec::new(), worded };
        (rule.seen)(&Sight { case, policy, setting, walks: &walks, outcomes: &outcomes }, &mut findings);
        outcomes.push(Outcome::new(ix, setting, findings.list));
    }
    Audit { outcomes, mentor_changes: walks.rows().iter().map(Walk::mentor_changes).sum() }
}

impl Outcome {
    fn new(rule: RuleIx, setting: &Setting, findings: Vec<Finding>) -> Self {
        let measure: f64 = findings.iter().map(|f| f.amount).sum();
        let counted = setting.mode == Mode::Soft || crate::rules::rule(rule).counts_when_hard();
        let weight = if counted { setting.weight } else { 0.0 };
        let breach = if setting.mode == Mode::Hard { findings.iter().map(|f| f.breach).sum() } else { 0.0 };
        Self { rule, mode: setting.mode, measure, weight, cost: weight * measure, breach, findings }
    }
}

/// A rule's place in the registry, for messages that name another rule.
#[must_use]
pub fn rule_id(rule: RuleIx) -> &'static str {
    RULES[rule.index()].id
}
