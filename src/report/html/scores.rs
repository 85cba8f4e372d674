//! The scorecard and the distribution of burden.

use serde::Serialize;

use crate::audit::{Audit, Finding, Outcome};
use crate::domain::{Case, CohortIx, Mode, Subject};
use crate::rules::rule;
use crate::words::Index;

use super::super::costs::{amount, measure, words};
use super::super::summary::burden;
use super::super::text::{cost, number, share};
use super::super::units::unit;
use super::Shown;

/// A rule and what it cost.
#[derive(Serialize)]
pub(super) struct Scored<'a> {
    id: &'a str,
    asks: String,
    /// The rest of its page, a paragraph each.
    page: Vec<String>,
    mode: &'a str,
    measure: String,
    weight: String,
    points: f64,
    cost: String,
    share: String,
    /// Something that is forbidden is done.
    broken: bool,
    found: Vec<Found>,
}

/// A finding: whom it is about, the amount, what that costs, in words.
#[derive(Serialize)]
struct Found {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    who: Vec<usize>,
    amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    broken: bool,
    words: String,
}

/// Burden in words and where it comes from.
#[derive(Serialize)]
pub(super) struct Burden {
    /// What it counts: `points a quarter`.
    unit: String,
    counts: Vec<&'static str>,
    /// Whether `fairness` is asked.
    asked: bool,
    /// How it spreads over everyone; none if nobody is asked anything.
    spread: Option<String>,
}

/// Every rule that is not off: what costs or is broken first, by points, then the registry's order.
pub(super) fn rules<'a>(case: &Case, audit: &Audit) -> Vec<Scored<'a>> {
    let total = audit.objective();
    let mut outcomes: Vec<&Outcome> = audit.outcomes.iter().collect();
    outcomes.sort_by(|a, b| {
        (b.breach > 0.0).cmp(&(a.breach > 0.0)).then(b.cost.total_cmp(&a.cost)).then((a.mode == Mode::Hard).cmp(&(b.mode == Mode::Hard)))
    });
    outcomes.into_iter().map(|o| scored(case, o, total)).collect()
}

fn scored<'a>(case: &Case, outcome: &Outcome, total: f64) -> Scored<'a> {
    let rule = rule(outcome.rule);
    let mut findings: Vec<&Finding> = outcome.findings.iter().collect();
    findings.sort_by(|a, b| b.breach.total_cmp(&a.breach).then(b.amount.total_cmp(&a.amount)));
    let page = rule.page();
    let paragraphs = page.split("\n\n").skip(2).map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|p| !p.is_empty());
    Scored {
        id: rule.id,
        asks: rule.asks(),
        page: paragraphs.collect(),
        mode: outcome.mode.name(),
        measure: if unit(rule.id).is_some() { measure(case, outcome) } else { number(outcome.measure) },
        weight: number(outcome.weight),
        points: outcome.cost,
        cost: cost(outcome.cost),
        share: if outcome.cost > 0.0 && total > 0.0 { share(outcome.cost / total) } else { String::new() },
        broken: outcome.breach > 0.0,
        found: findings.into_iter().map(|f| found(case, outcome, f)).collect(),
    }
}

fn found(case: &Case, outcome: &Outcome, finding: &Finding) -> Found {
    let who = match finding.subject {
        Subject::Participant(p) => vec![p.index()],
        Subject::PairAt(_, a, b, _) => vec![a.index(), b.index()],
        _ => Vec::new(),
    };
    Found {
        who,
        amount: amount(case, outcome, finding),
        cost: (outcome.weight > 0.0).then(|| cost(outcome.weight * finding.amount)),
        broken: outcome.mode == Mode::Hard && finding.breach > 0.0,
        words: words(case, finding),
    }
}

/// What burden is here.
pub(super) fn burden(shown: &Shown<'_>) -> Burden {
    let setting = shown.policy.named("fairness");
    Burden {
        unit: burden::unit(shown.case, shown.policy),
        counts: setting.rules("counts").iter().map(|ix| rule(*ix).id).collect(),
        asked: setting.on(),
        spread: spread(shown, None),
    }
}

/// How burden spreads over a cohort, or over everyone.
pub(super) fn spread(shown: &Shown<'_>, cohort: Option<CohortIx>) -> Option<String> {
    let of = |p| cohort.is_none_or(|c| shown.case.participants[p].cohort == c);
    let burdens = burden::burdens(shown.case, shown.policy, shown.audit);
    let mut values: Vec<f64> = burdens.into_iter().filter(|(p, _)| of(*p)).map(|(_, b)| b).collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| number(values[((values.len() - 1) as f64 * share).round() as usize]);
    let unit = burden::unit(shown.case, shown.policy);
    (!values.is_empty()).then(|| format!("half bear at most {}, nine in ten at most {}, the most is {} {unit}", at(0.5), at(0.9), at(1.0)))
}
