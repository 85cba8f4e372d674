//! Plans that differ, in words.

use crate::audit::rule_id;
use crate::desk::{Settled, rule_changes, similarity};
use crate::domain::Case;

use super::Look;
use super::costs::{lines, table};
use super::text::{BOLD, DIM, WARN, cost, count, percent, share, wrap, wrap_plain};
use super::whatif::signed;

/// Plans, the first of which the others differ from: what each costs more, how alike each pair is, and where costs differ.
#[must_use]
pub fn unlike(case: &Case, all: &[Settled], within: f64, look: &Look) -> String {
    let columns = look.columns();
    let Some((base, others)) = all.split_first() else { return String::new() };
    let text =
        format!("{}: {} within {} of {} points", case.name, count(others.len(), "other plan", "other plans"), percent(within), cost(base.objective));
    let mut out = wrap("", &[(text, BOLD)], columns);
    if others.is_empty() {
        return out + &wrap("", &[("No plan that costs so little more was found that differs in anything.".to_owned(), WARN)], columns);
    }
    let like: Vec<String> = (0..all.len()).map(|i| if i == 0 { "the plan".to_owned() } else { format!("{i}") }).collect();
    let heads: Vec<&str> = ["Plan", "Points", "More"].into_iter().chain(like.iter().map(String::as_str)).collect();
    let mut rows = table(columns, &heads, &(1..heads.len()).collect::<Vec<_>>());
    for (i, one) in all.iter().enumerate() {
        let name = if i == 0 { "the plan".to_owned() } else { format!("{i}.") };
        let alike = all.iter().enumerate().map(|(j, other)| if i == j { "–".to_owned() } else { share(similarity(case, &one.plan, &other.plan)) });
        rows.add_row([name, cost(one.objective), signed(one.objective - base.objective)].into_iter().chain(alike));
    }
    out += &lines(&rows);
    let note = "The last columns: in how large a share of all periods of all people two plans are alike (the same position, or none).";
    out += &wrap("", &[(note.to_owned(), DIM)], columns);
    for (i, one) in others.iter().enumerate() {
        let changes = rule_changes(&base.audit, &one.audit);
        let differ = changes.iter().filter(|c| (c.cost.1 - c.cost.0).abs() > 5e-7);
        let words: Vec<String> = differ.map(|c| format!("{} {}", rule_id(c.rule), signed(c.cost.1 - c.cost.0))).collect();
        let said = if words.is_empty() { "costs the same, rule by rule".to_owned() } else { words.join(", ") };
        out += &wrap_plain(&format!("{:>2}. ", i + 1), &said, columns);
    }
    out
}
