//! How good the plan is, in words.

use anstyle::Style;

use crate::io::plan_file::{PlanFile, Status};

use super::super::Look;
use super::super::text::{GOOD, PLAIN, WARN, number, percent, wrap};

/// How the search ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// How good the plan is known to be.
    pub status: Status,
    /// The plan's objective.
    pub objective: f64,
    /// No plan costs less than this, if anything was proven.
    pub bound: Option<f64>,
    /// `(objective − bound) / max(1, |objective|)`, if a bound is known.
    pub gap: Option<f64>,
    /// Seconds used.
    pub seconds: f64,
    /// Which method: `exact`, `columns`.
    pub method: String,
}

impl Proof {
    /// What a plan's file claims; the objective is the audit's.
    #[must_use]
    pub fn stated(file: &PlanFile, objective: f64) -> Self {
        let solver = file.solver.as_ref();
        Self {
            status: file.status.unwrap_or(Status::Feasible),
            objective,
            bound: file.bound,
            gap: file.gap,
            seconds: solver.and_then(|s| s.seconds).unwrap_or_default(),
            method: solver.and_then(|s| s.method.clone()).unwrap_or_default(),
        }
    }
}

/// The gap in words, in one paragraph.
#[must_use]
pub fn proof(proof: &Proof, look: &Look) -> String {
    wrap("", &pieces(proof), look.columns())
}

pub(super) fn pieces(proof: &Proof) -> Vec<(String, Style)> {
    let saved = proof.bound.map(|bound| {
        let most = (proof.objective - bound).max(0.0);
        let gap = proof.gap.unwrap_or_else(|| most / proof.objective.abs().max(1.0));
        (gap, format!("at most {} of {} points could be saved", number(most), number(proof.objective)))
    });
    // A file states no seconds where the search was not stopped, and one made by hand no method.
    let by = [(!proof.method.is_empty()).then(|| format!("{} method", proof.method)), (proof.seconds > 0.0).then(|| seconds(proof.seconds))];
    let by: Vec<String> = by.into_iter().flatten().collect();
    let (text, style) = match (proof.status, saved) {
        (Status::Optimal, _) => ("proven optimal: no plan can cost less".to_owned(), GOOD),
        (Status::WithinGap, Some((gap, saved))) => (format!("within {} of the best possible: {saved}", percent(gap)), GOOD),
        (Status::Feasible, Some((gap, saved))) => (format!("stopped early, within {} of the best possible: {saved}", percent(gap)), WARN),
        (Status::WithinGap | Status::Feasible, None) => {
            ("stopped early; no bound is known, so nobody can say how much better a plan could be".to_owned(), WARN)
        }
    };
    let mut pieces = vec![(text.replace(" %", &format!("{}%", super::TIE)), style)];
    if !by.is_empty() {
        pieces.push((format!("({})", by.join(", ")), PLAIN));
    }
    pieces
}

/// A time span as people say it.
fn seconds(s: f64) -> String {
    let whole = s.round() as u64;
    match s {
        s if s < 0.95 => format!("{s:.1} s"),
        s if s < 10.0 => format!("{} s", number((s * 10.0).round() / 10.0)),
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7200.0 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: Status, bound: Option<f64>, seconds: f64, expected: &str) {
        let p = Proof { status, objective: 1543.2, bound, gap: bound.map(|b| (1543.2 - b) / 1543.2), seconds, method: "exact".to_owned() };
        let look = Look { width: 200, ..Look::default() };
        assert_eq!(anstream::adapter::strip_str(&proof(&p, &look)).to_string(), format!("{expected}\n"));
    }

    #[test]
    fn the_gap_is_said_in_words() {
        check(Status::Optimal, Some(1543.2), 0.31, "proven optimal: no plan can cost less (exact method, 0.3 s)");
        let within = "within 0.8 % of the best possible: at most 12.3 of 1,543.2 points could be saved (exact method, 12 s)";
        check(Status::WithinGap, Some(1530.9), 12.2, within);
        let early = "stopped early, within 9.3 % of the best possible: at most 143.2 of 1,543.2 points could be saved (exact method, 10 min 0 s)";
        check(Status::Feasible, Some(1400.0), 600.0, early);
        let unknown = "stopped early; no bound is known, so nobody can say how much better a plan could be (exact method, 2 h 1 min)";
        check(Status::Feasible, None, 7260.0, unknown);
    }
}
