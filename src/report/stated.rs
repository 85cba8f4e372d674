//! The plan file's own statements held against the facts.

use std::collections::BTreeMap;

use crate::audit::Audit;
use crate::domain::{Case, Plan};
use crate::io::compose;
use crate::io::plan_file::{PlacementRow, PlanFile, RuleCost, Status};
use crate::io::raw::Period as RawPeriod;

use super::text::number;
use crate::words::told_apart;

/// A statement of a plan file that the audit does not confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Of what: `objective`, `coverage: measure`.
    pub what: String,
    /// What the plan states.
    pub stated: String,
    /// What the audit finds.
    pub audited: String,
}

/// Whether a file states anything that can be compared. A plan made by hand may hold bare placements.
pub(super) fn any(file: &PlanFile) -> bool {
    let says = |row: &PlacementRow| row.difficulty.is_some() || row.step.is_some() || row.move_km.is_some() || row.move_cost.is_some();
    file.objective.is_some() || file.bound.is_some() || !file.rules.is_empty() || file.placements.0.iter().any(says)
}

/// Where the plan file's own numbers and words differ from the audit's; numbers by more than 1e-6 × max(1, |audited|).
#[must_use]
pub fn differences(case: &Case, plan: &Plan, audit: &Audit, file: &PlanFile) -> Vec<Difference> {
    let truth = compose(case, plan, audit);
    let mut found = Found(Vec::new());
    found.number("objective", file.objective, audit.objective());
    found.proof(file, audit.objective());
    if !file.rules.is_empty() {
        found.rules(&file.rules, &truth.rules);
    }
    let rows: BTreeMap<(&str, &str, i64), &PlacementRow> = truth.placements.0.iter().filter_map(|row| Some((key(case, row)?, row))).collect();
    let names: BTreeMap<&str, &str> = case.participants.rows().iter().map(|p| (p.named.id.as_str(), p.named.name.as_str())).collect();
    for row in &file.placements.0 {
        if let Some(truth) = key(case, row).and_then(|k| rows.get(&k)) {
            found.placement(names.get(row.participant.as_str()).unwrap_or(&row.participant.as_str()), row, truth);
        }
    }
    found.0
}

fn key<'r>(case: &Case, row: &'r PlacementRow) -> Option<(&'r str, &'r str, i64)> {
    let from = match &row.from {
        RawPeriod::Index(i) => *i,
        RawPeriod::Text(text) => case.calendar.resolve(text).ok()?,
    };
    Some((row.participant.as_str(), row.position.as_str(), from))
}

struct Found(Vec<Difference>);

impl Found {
    fn number(&mut self, what: &str, says: Option<f64>, finds: f64) {
        let Some(says) = says else { return };
        if (says - finds).abs() > 1e-6 * finds.abs().max(1.0) || says.is_nan() {
            let (stated, audited) = told_apart(says, finds, number);
            self.0.push(Difference { what: what.to_owned(), stated, audited });
        }
    }

    fn word(&mut self, what: &str, says: Option<&str>, finds: &str) {
        if let Some(says) = says.filter(|s| *s != finds) {
            self.0.push(Difference { what: what.to_owned(), stated: says.to_owned(), audited: finds.to_owned() });
        }
    }

    /// A bound above the plan's own cost, a gap that is another, a status that the gap does not allow.
    fn proof(&mut self, file: &PlanFile, objective: f64) {
        let Some(bound) = file.bound else {
            if file.status == Some(Status::Optimal) {
                self.0.push(Difference { what: "status".to_owned(), stated: "optimal".to_owned(), audited: "no bound is stated".to_owned() });
            }
            return;
        };
        if crate::words::excess(bound, objective) > 1e-6 * objective.abs().max(1.0) {
            let audited = format!("the plan itself costs {}", number(objective));
            self.0.push(Difference { what: "bound".to_owned(), stated: number(bound), audited });
        }
        let gap = (objective - bound) / objective.abs().max(1.0);
        self.number("gap", file.gap, gap);
        if file.status == Some(Status::Optimal) && gap > 2e-6 {
            let audited = format!("a gap of {}", super::text::percent(gap));
            self.0.push(Difference { what: "status".to_owned(), stated: "optimal".to_owned(), audited });
        }
    }

    fn rules(&mut self, stated: &[RuleCost], truth: &[RuleCost]) {
        for t in truth {
            let Some(s) = stated.iter().find(|s| s.id == t.id) else {
                self.0.push(Difference { what: t.id.clone(), stated: "not stated".to_owned(), audited: t.mode.word().to_owned() });
                continue;
            };
            self.word(&format!("{}: mode", t.id), Some(s.mode.word()), t.mode.word());
            self.number(&format!("{}: measure", t.id), Some(s.measure), t.measure);
            self.number(&format!("{}: weight", t.id), Some(s.weight), t.weight);
            self.number(&format!("{}: cost", t.id), Some(s.cost), t.cost);
        }
        for s in stated.iter().filter(|s| !truth.iter().any(|t| t.id == s.id)) {
            let audited = if crate::rules::find(&s.id).is_some() { "off" } else { "no such rule" };
            self.0.push(Difference { what: s.id.clone(), stated: s.mode.word().to_owned(), audited: audited.to_owned() });
        }
    }

    fn placement(&mut self, name: &str, says: &PlacementRow, finds: &PlacementRow) {
        let of = |what: &str| format!("{name}, {}: {what}", says.position);
        let words = [
            ("first day", &says.from_date, &finds.from_date),
            ("day after", &says.until_date, &finds.until_date),
            ("role", &says.role, &finds.role),
            ("site", &says.site, &finds.site),
            ("stage", &says.stage, &finds.stage),
        ];
        for (what, stated, truth) in words {
            self.word(&of(what), stated.as_deref(), truth.as_deref().unwrap_or_default());
        }
        let numbers = [
            ("difficulty", says.difficulty, finds.difficulty),
            ("step", says.step, finds.step),
            ("kilometres", says.move_km, finds.move_km),
            ("cost of the move", says.move_cost, finds.move_cost),
        ];
        for (what, stated, truth) in numbers {
            self.number(&of(what), stated, truth.unwrap_or_default());
        }
    }
}
