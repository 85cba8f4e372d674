//! What the planner says at the end: who is placed, what it takes, how good the plan is.

mod burden;
mod proof;

pub use proof::{Proof, proof};

use std::collections::BTreeMap;

use anstyle::Style;

use crate::audit::Audit;
use crate::domain::{Case, ParticipantIx, Plan, Policy};
use crate::words::{Period, Unit};

use super::Look;
use super::paths::{Stop, ladder_notice, span, stops};
use super::text::{BAD, BOLD, DIM, GOOD, PLAIN, TIE, WARN, count, level, list, money, number, pad, styled, wrap};

/// An idle span of someone's timeline, and why nothing fills it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub participant: ParticipantIx,
    /// First idle period.
    pub from: Period,
    /// The period after the last idle one.
    pub until: Period,
    /// Why, in words; empty if it was not asked.
    pub reasons: Vec<String>,
}

/// The plan in a dozen lines of 80 columns, and whom it does not place, and why.
#[must_use]
pub fn summary(case: &Case, policy: &Policy, plan: &Plan, audit: &Audit, idle: &[Waiting], end: &Proof) -> String {
    let look = &Look { more: "the plan file lists them all".to_owned(), ..Look::default() };
    let columns = look.columns();
    let paths: Vec<Vec<Stop>> = case.participants.ids().map(|p| stops(case, plan, p)).collect();
    let mut out = styled(&super::text::fit(&case.name, columns), BOLD) + "\n\n";
    let mut say = |label: &str, pieces: Vec<(String, Style)>| {
        if !pieces.is_empty() {
            out.push_str(&wrap(&pad(label, 12), &pieces, columns));
        }
    };
    say("Hard rules", hard(audit));
    say("People", people(case, plan));
    say("Ladder", ladder(audit, &paths));
    for (i, line) in moves(case, &paths).into_iter().enumerate() {
        say(if i == 0 { "Moves" } else { "" }, vec![line]);
    }
    say("Mentors", mentors(case, plan, audit));
    for (i, line) in burden::worst_off(case, policy, audit).into_iter().enumerate() {
        say(if i == 0 { "Worst off" } else { "" }, vec![(line, PLAIN)]);
    }
    say("Cost", vec![(format!("{} points", number(audit.objective())), PLAIN)]);
    say("Proof", proof::pieces(end));
    let asked = crate::rules::find("coverage").and_then(|ix| audit.of(ix)).is_some();
    out + &not_placed(case, idle, asked, look)
}

fn hard(audit: &Audit) -> Vec<(String, Style)> {
    let broken: Vec<String> = audit.breaches().map(super::costs::id).collect();
    if broken.is_empty() { vec![("all kept".to_owned(), GOOD)] } else { vec![(format!("broken: {}", list(&broken)), BAD)] }
}

fn people(case: &Case, plan: &Plan) -> Vec<(String, Style)> {
    let (mut full, mut part, mut none, mut outside) = (0, 0, 0, 0);
    for (p, person) in case.participants.iter() {
        let all = person.timeline.len();
        let busy = person.timeline.periods.iter().filter(|t| plan.paths[p].iter().any(|x| x.from <= **t && **t < x.until)).count();
        *match busy {
            _ if all == 0 => &mut outside,
            0 => &mut none,
            n if n == all => &mut full,
            _ => &mut part,
        } += 1;
    }
    let asked = full + part + none;
    if asked == 0 {
        return vec![("nobody is in the programme in this horizon".to_owned(), DIM)];
    }
    let mut pieces = vec![(
        if full == asked {
            format!("{}, all placed for their whole time", count(asked, "person", "people"))
        } else {
            format!("{} of {} placed for their whole time", number(full as f64), count(asked, "person", "people"))
        },
        if full == asked { GOOD } else { PLAIN },
    )];
    let mut add = |n: usize, words: &str, style| {
        if n > 0 {
            let last = pieces.last_mut().expect("one piece is there");
            last.0.push(',');
            pieces.push((format!("{} {words}", number(n as f64)), style));
        }
    };
    add(part, "in part", WARN);
    add(none, "not at all", BAD);
    if outside > 0 {
        let text = format!("({} outside this horizon)", number(outside as f64));
        pieces.push((text, DIM));
    }
    pieces
}

fn ladder(audit: &Audit, paths: &[Vec<Stop>]) -> Vec<(String, Style)> {
    let mut steps: Vec<f64> = paths.iter().flatten().filter(|s| !s.continues).map(|s| s.step).collect();
    steps.sort_by(f64::total_cmp);
    let notice = ladder_notice(audit);
    let rising = steps.iter().filter(|s| **s > 1e-9).count();
    let Some((smallest, largest)) = steps.first().zip(steps.last()) else {
        return vec![notice.map_or_else(|| ("no new placement".to_owned(), DIM), |n| (n, WARN))];
    };
    let median = match steps.len() {
        n if n % 2 == 1 => steps[n / 2],
        n => f64::midpoint(steps[n / 2 - 1], steps[n / 2]),
    };
    let sizes = format!("smallest step {}, median {}, largest {}", level(*smallest), level(median), level(*largest));
    let all = count(steps.len(), "new placement", "new placements");
    match notice {
        None if rising == steps.len() => vec![(format!("each of {all} is harder than what was before; {sizes}"), PLAIN)],
        None => vec![(format!("{} of {all} are harder than what was before; {sizes}", number(rising as f64)), PLAIN)],
        Some(notice) => {
            vec![(notice, WARN), (format!("Of {all} {} harder than what was before; {sizes}.", are(rising)), PLAIN)]
        }
    }
}

fn are(n: usize) -> String {
    format!("{} {}", number(n as f64), if n == 1 { "is" } else { "are" })
}

fn moves(case: &Case, paths: &[Vec<Stop>]) -> Vec<(String, Style)> {
    let moves: Vec<(i16, f64, f64)> =
        paths.iter().flatten().filter_map(|s| s.relocating.map(|r| (case.calendar.year(s.placement.from), r.km, r.cost))).collect();
    let budget = &case.relocation;
    let total: f64 = moves.iter().map(|m| m.2).sum();
    let km: f64 = moves.iter().map(|m| m.1).sum();
    let paid = total > 0.0 || budget.budget_total.is_some() || !budget.budget_per_year.is_empty();
    let mut head = if moves.is_empty() { "nobody moves".to_owned() } else { count(moves.len(), "move", "moves") };
    if km > 0.0 {
        head.push_str(&format!(", {}{TIE}km", number(km.round())));
    }
    if paid {
        head.push_str(&format!(", {}", against(case, total, budget.budget_total)));
    }
    let mut lines = vec![(head, over(total, budget.budget_total))];
    let mut years: BTreeMap<i16, f64> = budget.budget_per_year.keys().map(|y| (*y, 0.0)).collect();
    for (year, _, cost) in &moves {
        *years.entry(*year).or_default() += cost;
    }
    years.retain(|y, cost| *cost > 0.0 || budget.budget_per_year.contains_key(y));
    if years.len() > 1 || !budget.budget_per_year.is_empty() {
        for (year, cost) in years {
            let limit = budget.budget_per_year.get(&year).copied();
            lines.push((format!("{year}: {}", against(case, cost, limit)), over(cost, limit)));
        }
    }
    lines
}

fn against(case: &Case, spent: f64, limit: Option<f64>) -> String {
    let bare = |x: f64| money("", x).trim_start_matches(TIE).to_owned();
    let Some(limit) = limit else { return money(&case.currency, spent) };
    let over = crate::words::excess(spent, limit);
    let verdict = if over > 0.0 { format!(", {} over the budget", bare(over)) } else { String::new() };
    format!("{} of {}{verdict}", money(&case.currency, spent), bare(limit))
}

fn over(spent: f64, limit: Option<f64>) -> Style {
    if limit.is_some_and(|l| crate::words::excess(spent, l) > 0.0) { BAD } else { PLAIN }
}

fn mentors(case: &Case, plan: &Plan, audit: &Audit) -> Vec<(String, Style)> {
    if case.mentors.is_empty() {
        return Vec::new();
    }
    let (covered, all) = super::mentors::coverage(case, plan);
    let changes = super::mentors::changes(audit.mentor_changes).trim_end_matches('.').to_owned();
    let changes = if audit.mentor_changes == 0 { "nobody changes mentor".to_owned() } else { changes };
    let text = match covered {
        _ if all == 0 => return vec![("no period is worked".to_owned(), DIM)],
        n if n == all => format!("all {} covered; {changes}", count(all, "worked period", "worked periods")),
        0 if crate::rules::find("mentoring").and_then(|ix| audit.of(ix)).is_none() => "mentoring is off: nobody is assigned".to_owned(),
        n => format!("{} of {} covered; {changes}", number(n as f64), count(all, "worked period", "worked periods")),
    };
    vec![(text, if covered == all { PLAIN } else { WARN })]
}

fn not_placed(case: &Case, idle: &[Waiting], asked: bool, look: &Look) -> String {
    if idle.is_empty() {
        return String::new();
    }
    if !asked {
        return "\nIdle time is allowed: `coverage` is off, so it is not listed here.\n".to_owned();
    }
    let mut out = format!("\n{}\n", styled("Not placed", BOLD));
    for i in idle.iter().take(look.limit) {
        let person = &case.participants[i.participant];
        let periods = person.timeline.periods.iter().filter(|t| i.from <= **t && **t < i.until).count();
        let long = duration(case.calendar.unit, periods);
        let mut pieces = vec![(person.named.name.clone(), BOLD), (format!("{} ({long})", span(case, i.from, i.until)), PLAIN)];
        if !i.reasons.is_empty() {
            pieces.last_mut().expect("it was just made").0.push(':');
            pieces.push((i.reasons.join("; "), DIM));
        }
        let text = wrap("  - ", &pieces, look.columns());
        out.push_str(&text);
    }
    out + &look.rest(idle.len().saturating_sub(look.limit), "idle span", "idle spans")
}

/// So many periods: `1 quarter`, `3 halves`.
fn duration(unit: Unit, n: usize) -> String {
    let many = match unit {
        Unit::Week => "weeks",
        Unit::Month => "months",
        Unit::Quarter => "quarters",
        Unit::Half => "halves",
        Unit::Year => "years",
    };
    count(n, unit.name(), many)
}
