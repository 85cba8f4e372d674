//! What scenarios do to a plan: a table, and what stands behind each line.

use comfy_table::Table;

use crate::desk::{Base, Scenario};
use crate::domain::Case;
use crate::explain::Possible;
use crate::solve::gap;

use super::Look;
use super::costs::{lines, table};
use super::explain::possible;
use super::text::{BAD, BOLD, DIM, WARN, cost, count, fit, list, money, number, percent, styled, wrap, wrap_plain};

/// One scenario and how it went.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Its name.
    pub name: &'a str,
    /// The case that it makes.
    pub case: &'a Case,
    /// How it went.
    pub went: &'a Scenario,
    /// Without a plan: what conflicts, and what would make one.
    pub why: Option<&'a Possible>,
}

/// The scenarios against the base: cost, people touched, money, seats left empty and gap in a table; below it rule by rule what
/// each costs more or less, or what it lacks; of draws how they spread.
#[must_use]
pub fn compared(base: &Base<'_>, asked: &[Asked<'_>], look: &Look) -> String {
    let columns = look.columns();
    let case = &base.taken.case;
    let objective = base.audit.objective();
    let proven = base.bound.map_or(String::new(), |b| format!(", proven within {}", percent(gap(objective, b))));
    let mut out = styled(&fit(&format!("What if: {}", case.name), columns), BOLD) + "\n";
    let (empty, idle) = crate::desk::unfilled(case, &base.plan);
    let moves = money(&case.currency, crate::desk::money(case, &base.plan));
    let text =
        format!("The base plan costs {} points{proven}; its moves {moves}; {} left empty, {} idle.", number(objective), seats(empty), periods(idle));
    out += &wrap_plain("", &text, columns);
    out.push('\n');
    let shown = asked.len().min(look.limit);
    let mut rows = table(columns, &["Scenario", "Points", "More", "Touched", "Moves", "Empty", "Idle", "Gap"], &[1, 2, 3, 4, 5, 6, 7]);
    asked[..shown].iter().for_each(|a| row(&mut rows, objective, a));
    out += &lines(&rows);
    out += &look.rest(asked.len() - shown, "scenario", "scenarios");
    let note = "More: points beyond the base. Touched: people with other placements than in the base. Moves: what they cost. \
        Empty: seat-periods that the business needs filled and are not. Idle: periods that people are without a placement.";
    out += &wrap("", &[(note.to_owned(), DIM)], columns);
    for a in &asked[..shown] {
        out.push('\n');
        out += &behind(a, columns);
    }
    out + &spread(asked, objective, columns)
}

fn seats(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), "seat-period", "seat-periods")
}

fn periods(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), "period", "periods")
}

fn row(rows: &mut Table, base: f64, a: &Asked<'_>) {
    let name = a.name.to_owned();
    let Some(settled) = &a.went.settled else {
        let said = if a.went.impossible { "no plan" } else { "none found" };
        rows.add_row([name, said.to_owned(), String::new(), String::new(), String::new(), String::new(), String::new(), String::new()]);
        return;
    };
    let touched = a.went.touched.as_ref().map_or(0, |t| t.changed.len());
    rows.add_row([
        name,
        cost(settled.objective),
        signed(settled.objective - base),
        number(touched as f64),
        number(a.went.money.round()),
        number(a.went.unfilled.0 as f64),
        number(a.went.unfilled.1 as f64),
        settled.bound.map_or("unknown".to_owned(), |b| percent(gap(settled.objective, b))),
    ]);
}

/// A difference with its sign.
pub(super) fn signed(x: f64) -> String {
    match x {
        x if x.abs() < 5e-7 => "0".to_owned(),
        x if x > 0.0 => format!("+{}", cost(x)),
        x => format!("−{}", cost(-x)),
    }
}

/// What one scenario costs more or less, rule by rule, or what it lacks.
fn behind(a: &Asked<'_>, columns: usize) -> String {
    let mut out = wrap("", &[(a.name.to_owned(), BOLD)], columns);
    if a.went.settled.is_none() {
        if let Some(why @ Possible::No(..)) = a.why {
            return out + &possible(a.case, why, "keeps every hard rule", &Look { width: columns, ..Look::default() });
        }
        let (why, style) = if a.went.impossible {
            ("no plan keeps every hard rule: proven. What conflicts was not found out in time.", BAD)
        } else {
            ("no plan that keeps every hard rule was found; this is not proven.", WARN)
        };
        return out + &wrap("  ", &[(why.to_owned(), style)], columns);
    }
    let mut changes: Vec<_> = a.went.rules.iter().filter(|c| (c.cost.1 - c.cost.0).abs() > 5e-7).collect();
    changes.sort_by(|x, y| (y.cost.1 - y.cost.0).abs().total_cmp(&(x.cost.1 - x.cost.0).abs()));
    let words: Vec<String> = changes.iter().map(|c| format!("{} {}", crate::audit::rule_id(c.rule), signed(c.cost.1 - c.cost.0))).collect();
    out += &wrap_plain("  ", &if words.is_empty() { "costs what the base costs, rule by rule".to_owned() } else { words.join(", ") }, columns);
    if let Some(touched) = &a.went.touched {
        let names: Vec<String> = touched.changed.iter().take(8).map(|p| a.case.participants[*p].named.name.clone()).collect();
        let more = touched.changed.len().saturating_sub(names.len());
        let who = if more > 0 { format!("{} and {more} more", names.join(", ")) } else { list(&names) };
        if !names.is_empty() {
            out += &wrap("  ", &[(format!("touched: {who}"), DIM)], columns);
        }
    }
    out
}

/// Of scenarios that were drawn several times: how cost and people touched spread.
fn spread(asked: &[Asked<'_>], base: f64, columns: usize) -> String {
    let mut groups: Vec<(&str, Vec<&Asked<'_>>)> = Vec::new();
    for a in asked {
        let Some((name, _)) = a.name.rsplit_once(" #") else { continue };
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, list)) => list.push(a),
            None => groups.push((name, vec![a])),
        }
    }
    let mut out = String::new();
    for (name, list) in groups {
        let planned: Vec<&&Asked<'_>> = list.iter().filter(|a| a.went.settled.is_some()).collect();
        out += &format!("\n{}", wrap("", &[(format!("{name}: {}", count(list.len(), "draw", "draws")), BOLD)], columns));
        if planned.len() < list.len() {
            out += &wrap("  ", &[(format!("{} without a plan", list.len() - planned.len()), WARN)], columns);
        }
        let of = |f: &dyn Fn(&Asked<'_>) -> f64| {
            let mut values: Vec<f64> = planned.iter().map(|a| f(a)).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let lines: [(&str, Vec<f64>); 3] = [
            ("points beyond the base", of(&|a| a.went.settled.as_ref().map_or(0.0, |s| s.objective - base))),
            ("people touched", of(&|a| a.went.touched.as_ref().map_or(0, |t| t.changed.len()) as f64)),
            ("seat-periods empty", of(&|a| a.went.unfilled.0 as f64)),
        ];
        for (what, values) in lines.iter().filter(|(_, values)| !values.is_empty()) {
            let at = |share: f64| number(values[((values.len() - 1) as f64 * share).round() as usize]);
            let text = format!("{what}: half at most {}, nine in ten at most {}, from {} to {}", at(0.5), at(0.9), at(0.0), at(1.0));
            out += &wrap_plain("  ", &text, columns);
        }
    }
    out
}
