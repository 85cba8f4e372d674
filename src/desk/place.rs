//! Places for one late arrival beside a plan that stays as it is, or in which one other person makes way.

use std::collections::BTreeMap;

use super::plan_of;
use crate::brief::{Brief, Choice, Events, brief, events, points};
use crate::domain::{Case, ParticipantIx, Placement, Plan, Policy};
use crate::rules::RuleIx;
use crate::solve::{Paths, Way, places as ways};
use crate::words::Table;

/// Points up to which two sums are the same.
const SAME: f64 = 1e-5;

/// A place for someone: a whole path.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The path.
    pub path: Vec<Placement>,
    /// Points that the plan costs with them, less what it costs without them.
    pub points: f64,
    /// The same by rule: those that differ, the largest first.
    pub rules: Vec<(RuleIx, f64)>,
    /// Who makes way, and the path that they have then.
    pub displaced: Option<(ParticipantIx, Vec<Placement>)>,
}

impl Offer {
    /// The plan with the offer taken; its mentors are not assigned yet.
    #[must_use]
    pub fn taken(&self, plan: &Plan, who: ParticipantIx) -> Plan {
        let mut with = plan.clone();
        with.paths[who].clone_from(&self.path);
        if let Some((p, path)) = &self.displaced {
            with.paths[*p].clone_from(path);
        }
        with
    }
}

/// The best places for a participant who has no path in a plan, each with another first placement: at most `most` that touch
/// nobody, and then those for which one other person makes way, each list with the cheapest first.
///
/// # Errors
/// What is our fault, in words: the plan has a path off its timeline, or rule by rule the points are not those of the whole.
pub fn places(case: &Case, policy: &Policy, plan: &Plan, who: ParticipantIx, most: usize) -> Result<Vec<Offer>, String> {
    let told = brief(case, policy);
    let found = ways(&told, plan, who, most).ok_or("a path of the plan does not lie on its timeline")?;
    found.into_iter().map(|way| offer(&told, plan, who, way)).collect()
}

fn offer(told: &Brief<'_>, plan: &Plan, who: ParticipantIx, way: Way) -> Result<Offer, String> {
    let case = told.case;
    let fresh = |p: ParticipantIx, choices: &[Choice]| {
        let mut paths: Paths = Table::new(vec![Vec::new(); case.participants.len()]);
        paths[p] = choices.to_vec();
        plan_of(case, &paths)
    };
    let mut rules: BTreeMap<RuleIx, f64> = way.shared;
    let mut charge = |p: ParticipantIx, plan: &Plan, sign: f64| {
        let Some(path): Option<Events> = events(case, plan, p) else { return };
        told.about(p).for_each(|(_, told)| *rules.entry(told.rule).or_default() += sign * points(case, told, p, &path));
    };
    let mut with = fresh(who, &way.choices);
    charge(who, &with, 1.0);
    let displaced = way.displaced.map(|(p, choices)| {
        let mut new = fresh(p, &choices);
        charge(p, plan, -1.0);
        charge(p, &new, 1.0);
        (p, std::mem::take(&mut new.paths[p]))
    });
    let total: f64 = rules.values().sum();
    if (total - way.points).abs() > SAME * total.abs().max(1.0) {
        return Err(format!("rule by rule a place costs {total} points, in all {}", way.points));
    }
    let mut rules: Vec<(RuleIx, f64)> = rules.into_iter().filter(|(_, points)| points.abs() > SAME).collect();
    rules.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    Ok(Offer { path: std::mem::take(&mut with.paths[who]), points: way.points, rules, displaced })
}
