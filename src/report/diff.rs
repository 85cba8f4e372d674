//! Two plans in words: what each rule costs more or less, and who is where instead of where.

use crate::audit::Audit;
use crate::change::plan_in;
use crate::desk::{RuleChange, money as spent, rule_changes, touched, unfilled};
use crate::domain::{Case, ParticipantIx, Placement, Plan};

use super::Look;
use super::costs::{lines, table};
use super::text::{BOLD, DIM, GOOD, count, money, number, styled, wrap, wrap_plain};
use super::whatif::signed;

/// A plan with its case and audit.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The case.
    pub case: &'a Case,
    /// The plan.
    pub plan: &'a Plan,
    /// What it is worth.
    pub audit: &'a Audit,
}

/// The second plan against the first: costs rule by rule, then person by person.
#[must_use]
pub fn diff(first: Side<'_>, second: Side<'_>, look: &Look) -> String {
    let columns = look.columns();
    let who = touched(first.case, first.plan, second.case, second.plan);
    let mut said = told(first, second).into_iter();
    let mut out = styled(&said.next().unwrap_or_default(), BOLD) + "\n";
    out += &rules(first.audit, second.audit, columns);
    out.extend(said.map(|line| wrap_plain("", &line, columns)));
    out.push('\n');
    if who.changed.is_empty() && who.joined.is_empty() && who.left.is_empty() {
        return out + &wrap("", &[("Everybody has the same placements.".to_owned(), GOOD)], columns);
    }
    let same = second.case.participants.len() - who.changed.len() - who.joined.len();
    let head = format!("{} with other placements, {} with the same", count(who.changed.len(), "person", "people"), number(same as f64));
    out += &wrap("", &[(head, BOLD)], columns);
    let shown = who.changed.len().min(look.limit);
    for p in &who.changed[..shown] {
        out += &person(first, second, *p, columns);
    }
    out += &look.rest(who.changed.len() - shown, "person", "people");
    for p in &who.joined {
        out += &wrap("", &[(second.case.participants[*p].named.name.clone(), BOLD), ("is only in the second instance".to_owned(), DIM)], columns);
        out += &second.plan.paths[*p].iter().map(|pl| wrap_plain("  now    ", &spelt(second.case, pl), columns)).collect::<String>();
    }
    for p in &who.left {
        out += &wrap("", &[(first.case.participants[*p].named.name.clone(), BOLD), ("is only in the first instance".to_owned(), DIM)], columns);
        out += &first.plan.paths[*p].iter().map(|pl| wrap_plain("  before ", &spelt(first.case, pl), columns)).collect::<String>();
    }
    out
}

/// The second plan against the first in sentences: cost first, then moves, seats, idle time and what is broken.
pub(super) fn told(first: Side<'_>, second: Side<'_>) -> Vec<String> {
    let (a, b) = (first.audit.objective(), second.audit.objective());
    let moves = |side: Side<'_>| money(&side.case.currency, spent(side.case, side.plan));
    let (empty, idle) = (unfilled(first.case, first.plan), unfilled(second.case, second.plan));
    let mut said = vec![
        format!("Cost: {} points instead of {} ({})", number(b), number(a), signed(b - a)),
        format!("Moves cost {} instead of {}.", moves(second), moves(first)),
    ];
    if empty.0 != idle.0 {
        said.push(format!("Seat-periods empty that the business needs filled: {} instead of {}.", number(idle.0 as f64), number(empty.0 as f64)));
    }
    if empty.1 != idle.1 {
        said.push(format!("Periods idle: {} instead of {}.", number(idle.1 as f64), number(empty.1 as f64)));
    }
    for (which, side) in [("first", first), ("second", second)] {
        let broken: Vec<&str> = side.audit.breaches().map(|o| crate::audit::rule_id(o.rule)).collect();
        if !broken.is_empty() {
            said.push(format!("The {which} plan is not legal: it breaks {}.", broken.join(", ")));
        }
    }
    said
}

/// A rule in two plans: its id, measures and costs before and now, and the difference in points.
#[derive(Debug, serde::Serialize)]
pub(super) struct Compared(&'static str, [String; 4], String);

/// The rules that differ, by how many points.
pub(super) fn compared_rules(first: &Audit, second: &Audit) -> Vec<Compared> {
    let differs = |c: &RuleChange| (c.cost.1 - c.cost.0).abs() > 5e-7 || (c.measure.1 - c.measure.0).abs() > 1e-9;
    let mut changes: Vec<RuleChange> = rule_changes(first, second).into_iter().filter(differs).collect();
    changes.sort_by(|x, y| (y.cost.1 - y.cost.0).abs().total_cmp(&(x.cost.1 - x.cost.0).abs()));
    let row = |c: RuleChange| {
        let numbers = [c.measure.0, c.measure.1, c.cost.0, c.cost.1].map(number);
        Compared(crate::audit::rule_id(c.rule), numbers, signed(c.cost.1 - c.cost.0))
    };
    changes.into_iter().map(row).collect()
}

fn rules(first: &Audit, second: &Audit, columns: usize) -> String {
    let changes = compared_rules(first, second);
    if changes.is_empty() {
        return wrap_plain("", "Every rule measures the same in both.", columns);
    }
    let mut rows = table(columns, &["Rule", "Measure before", "now", "Cost before", "now", "Difference"], &[1, 2, 3, 4, 5]);
    for Compared(id, [a, b, x, y], difference) in changes {
        rows.add_row([id.to_owned(), a, b, x, y, difference]);
    }
    lines(&rows)
}

/// What is different for one person, of whom both plans know.
pub(super) fn person(first: Side<'_>, second: Side<'_>, p: ParticipantIx, columns: usize) -> String {
    let named = &second.case.participants[p].named;
    let mut out = wrap("", &[(named.name.clone(), BOLD)], columns);
    let Some((old, _)) = first.case.participants.iter().find(|(_, row)| row.named.id == named.id) else { return out };
    let there = plan_in(first.case, first.plan, second.case);
    let same = |a: &Placement, b: &Placement| (a.position, a.from, a.until) == (b.position, b.from, b.until);
    let (before, now) = (&there.paths[p], &second.plan.paths[p]);
    if before.len() < first.plan.paths[old].len() {
        // Some of it cannot be said in the second instance: all of it is said as the first one does.
        out += &first.plan.paths[old].iter().map(|pl| wrap_plain("  before ", &spelt(first.case, pl), columns)).collect::<String>();
        return out + &now.iter().map(|pl| wrap_plain("  now    ", &spelt(second.case, pl), columns)).collect::<String>();
    }
    let (mut gone, mut fresh): (Vec<&Placement>, Vec<&Placement>) =
        (before.iter().filter(|a| !now.iter().any(|b| same(a, b))).collect(), now.iter().filter(|b| !before.iter().any(|a| same(a, b))).collect());
    gone.retain(|a| {
        let Some(at) = fresh.iter().position(|b| b.position == a.position) else { return true };
        let b = fresh.remove(at);
        let text = format!(
            "{}: {} instead of {}",
            second.case.position_name(a.position),
            second.case.span(b.from, b.until),
            second.case.span(a.from, a.until)
        );
        out += &wrap_plain("  ", &text, columns);
        false
    });
    out += &gone.iter().map(|pl| wrap_plain("  before ", &spelt(second.case, pl), columns)).collect::<String>();
    out += &fresh.iter().map(|pl| wrap_plain("  now    ", &spelt(second.case, pl), columns)).collect::<String>();
    if now.is_empty() {
        out += &wrap_plain("  now    ", "no placement", columns);
    }
    out
}

pub(super) fn spelt(case: &Case, placement: &Placement) -> String {
    format!("{}, {}", case.position_name(placement.position), case.span(placement.from, placement.until))
}
