//! How a plan stands stress: a table, what reserves change, and a picture.

use crate::desk::Stressed;
use crate::domain::Case;

use super::Look;
use super::chart::bars;
use super::costs::{lines, table};
use super::text::{BOLD, DIM, WARN, count, number, styled, wrap, wrap_plain};
use super::whatif::signed;

/// The same draws with something in reserve.
#[derive(Debug, Clone)]
pub struct Held {
    /// What is held in reserve, in words.
    pub words: String,
    /// How the plan stands each draw with it.
    pub draws: Vec<Option<Stressed>>,
}

/// What is measured of a draw: its name, and its value.
type Measure = (&'static str, fn(&Stressed) -> f64);

const MEASURES: [Measure; 4] = [
    ("seat-periods left empty", |s| s.empty as f64),
    ("periods without a placement", |s| s.idle as f64),
    ("people touched", |s| s.touched as f64),
    ("points", |s| s.points),
];

/// How measures spread over the draws, against the plan undisturbed, and how each reserve changes their means in the same draws
/// (if any was asked for).
#[must_use]
pub fn stressed(case: &Case, before: Stressed, draws: &[Option<Stressed>], held: Option<&[Held]>, look: &Look) -> String {
    let columns = look.columns();
    let planned: Vec<&Stressed> = draws.iter().flatten().collect();
    let mut out = styled(&format!("{} under stress: {}", case.name, count(draws.len(), "draw", "draws")), BOLD) + "\n";
    if planned.len() < draws.len() {
        let text = format!("{} without a plan that keeps every hard rule, as far as was found", count(draws.len() - planned.len(), "draw", "draws"));
        out += &wrap("", &[(text, WARN)], columns);
    }
    if planned.is_empty() {
        return out;
    }
    let mut rows = table(columns, &["Measure", "Now", "Mean", "Half ≤", "9 in 10 ≤", "Most"], &[1, 2, 3, 4, 5]);
    for (name, of) in MEASURES {
        let mut values: Vec<f64> = planned.iter().map(|s| of(s)).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| number(values[((values.len() - 1) as f64 * share).ceil() as usize]);
        let mean = mean(&planned, of);
        rows.add_row([name.to_owned(), number(of(&before)), number((mean * 100.0).round() / 100.0), at(0.5), at(0.9), at(1.0)]);
    }
    out += &lines(&rows);
    let unproven = planned.iter().filter(|s| !s.proven).count();
    let proof = if unproven == 0 {
        "In every draw it is proven that no fewer people can be touched.".to_owned()
    } else {
        format!("In {} it is not proven that no fewer people can be touched.", count(unproven, "draw", "draws"))
    };
    let note = "Points: of the people who are left, so drop-outs lower what their paths cost.";
    out += &wrap("", &[(format!("{proof} {note}"), DIM)], columns);
    let Some(held) = held else { return out };
    out += &format!("\n{}\n", styled("In reserve, in the same draws", BOLD));
    if held.is_empty() {
        return out + &wrap_plain("", "No position is full and no seat or mentor has a price in any replan: there is nothing to hold.", columns);
    }
    let mut rows = table(columns, &["Reserve", "No plan", "Empty", "Idle", "Touched", "Points"], &[1, 2, 3, 4, 5]);
    let change = |reserve: &Held, of: fn(&Stressed) -> f64| {
        let (with, without) = both(&reserve.draws, draws);
        ((mean(&with, of) - mean(&without, of)) * 100.0).round() / 100.0
    };
    let mut best: Vec<&Held> = held.iter().collect();
    best.sort_by(|a, b| change(a, |s| s.points).total_cmp(&change(b, |s| s.points)));
    for reserve in best {
        let none = reserve.draws.iter().filter(|d| d.is_none()).count() as f64 - draws.iter().filter(|d| d.is_none()).count() as f64;
        let cells = MEASURES.map(|(_, of)| signed(change(reserve, of)));
        rows.add_row([reserve.words.clone(), signed(none)].into_iter().chain(cells));
    }
    out += &lines(&rows);
    let text =
        "What changes in the mean, over draws with a plan in both. Tried were the most valued by the prices of the replans, then full positions.";
    out + &wrap_plain("", text, columns)
}

/// The draws that have a plan in both.
fn both<'s>(with: &'s [Option<Stressed>], without: &'s [Option<Stressed>]) -> (Vec<&'s Stressed>, Vec<&'s Stressed>) {
    with.iter().zip(without).filter_map(|(a, b)| Some((a.as_ref()?, b.as_ref()?))).unzip()
}

fn mean(of: &[&Stressed], what: fn(&Stressed) -> f64) -> f64 {
    of.iter().map(|s| what(s)).sum::<f64>() / of.len().max(1) as f64
}

/// How the measures spread, as a picture.
#[must_use]
pub fn stressed_svg(case: &Case, before: Stressed, draws: &[Option<Stressed>]) -> String {
    let values = |of: fn(&Stressed) -> f64| draws.iter().flatten().map(of).collect::<Vec<f64>>();
    let named: Vec<(String, Vec<f64>)> = MEASURES.iter().map(|(name, of)| (format!("{name} (now {})", number(of(&before))), values(*of))).collect();
    let lists: Vec<(&str, Vec<f64>)> = named.iter().map(|(name, values)| (name.as_str(), values.clone())).collect();
    let heading = format!("Under stress: {}", count(draws.len(), "draw", "draws"));
    bars(case, (&heading, "How many draws end with how much of each."), &lists)
}
