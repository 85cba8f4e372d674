//! A new plan in words: who is touched, why each one, and what becomes of them.

use crate::desk::{Done, Why};
use crate::domain::Case;
use crate::solve::gap;
use crate::words::Period;

use super::Look;
use super::diff::{Side, person};
use super::text::{BAD, BOLD, DIM, GOOD, WARN, count, number, percent, styled, wrap, wrap_plain};
use super::whatif::signed;

/// The new plan against the published one.
#[must_use]
pub fn replanned(old: Side<'_>, new: Side<'_>, done: &Done, until: Period, look: &Look) -> String {
    let columns = look.columns();
    let n = done.touched.len();
    let mut out = styled(&format!("{} touched", count(n, "person", "people")), BOLD) + "\n";
    let (text, style) = if done.proven {
        (format!("Proven: no plan that the events allow touches fewer than {}.", count(done.fewest, "person", "people")), GOOD)
    } else {
        (format!("The fewest that was found; it is not proven that fewer than {} cannot do.", number(done.fewest as f64)), WARN)
    };
    out += &wrap("", &[(text, style)], columns);
    if done.lost > 0 {
        let sure = if done.proven { ", which no plan can avoid" } else { "" };
        let text = format!("People lose {} of placement{sure}.", count(done.lost, "period", "periods"));
        out += &wrap("", &[(text, WARN)], columns);
    }
    let (a, b) = (old.audit.objective(), done.settled.objective);
    // Nothing costs less than nothing, so a bound from there on says nothing.
    let proven = match done.solved.bound.filter(|bound| *bound > 0.0) {
        Some(bound) => format!("; within {} of the best plan that touches no more people", percent(gap(b, bound.min(b)))),
        None => "; how near the best plan that touches no more people is not proven".to_owned(),
    };
    out += &wrap_plain("", &format!("The plan costs {} points, the published one {} ({}){proven}.", number(b), number(a), signed(b - a)), columns);
    let kept = format!("Everything before {} stays", new.case.calendar.label(until));
    let changed: usize = done.touched.iter().filter(|w| !w.published.is_empty()).count();
    let text = if changed == 0 { kept + "." } else { format!("{kept}, but for {} (glass broken).", count(changed, "person", "people")) };
    out += &wrap_plain("", &text, columns);
    for why in &done.touched {
        out.push('\n');
        out += &person(old, new, why.participant, columns);
        out += &reasons(new.case, why, columns);
    }
    out
}

/// Why someone is touched.
fn reasons(case: &Case, why: &Why, columns: usize) -> String {
    let head = if why.direct { "because" } else { "makes way:" };
    let mut out: String = why.reasons.iter().map(|r| wrap("  ", &[(format!("{head} {r}"), DIM)], columns)).collect();
    if !why.published.is_empty() {
        let periods: Vec<String> = why.published.iter().map(|t| case.calendar.label(*t)).collect();
        out += &wrap("  ", &[(format!("published and changed: {}", periods.join(", ")), BAD)], columns);
    }
    out
}

/// Why no plan keeps what is published.
#[must_use]
pub fn must_break(case: &Case, people: &[Why], look: &Look) -> String {
    let columns = look.columns();
    let mut out = String::new();
    for why in people {
        out += &wrap("", &[(case.participants[why.participant].named.name.clone(), BOLD)], columns);
        out += &reasons(case, why, columns);
    }
    out
}
