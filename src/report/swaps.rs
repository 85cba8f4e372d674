//! Swaps in words.

use crate::desk::{Swap, Swaps};
use crate::domain::{Case, ParticipantIx, Plan};

use super::Look;
use super::text::{BOLD, DIM, GOOD, PLAIN, WARN, styled, wrap, wrap_plain};
use super::whatif::signed;

/// The swaps of a plan: who takes what from whom, what changes for each and for the plan.
#[must_use]
pub fn swapped(case: &Case, plan: &Plan, found: &Swaps, look: &Look) -> String {
    let columns = look.columns();
    let mut out = styled("Swaps that make nobody worse off", BOLD) + "\n";
    let note = "In points of one's own path, below 0 is better; then what changes in the cost of the whole plan.";
    out += &wrap("", &[(note.to_owned(), DIM)], columns);
    let mut number = 0;
    let mut list = |swaps: &[Swap], none: &str| {
        let mut out = if swaps.is_empty() { wrap_plain("", none, columns) } else { String::new() };
        for swap in swaps {
            number += 1;
            out += &one(case, plan, swap, number, columns);
        }
        out
    };
    out += &list(&found.gentle, "There is none.");
    let cheap = list(&found.cheap, "There is none.");
    out += &format!("\n{}\n{cheap}", styled("Other swaps, those that cost the plan least", BOLD));
    if !found.whole {
        let text = "There are more people than can all be held against each other: long spans were looked at before short ones, and not all.";
        out += &wrap("", &[(text.to_owned(), WARN)], columns);
    }
    out
}

fn one(case: &Case, plan: &Plan, swap: &Swap, number: usize, columns: usize) -> String {
    let when = case.span(swap.span.0, swap.span.1);
    let style = if swap.points <= 1e-6 { GOOD } else { PLAIN };
    let head = [(format!("{when}; the plan"), PLAIN), (format!("{} points", signed(swap.points)), style)];
    let mut out = wrap(&format!("{number:>2}. "), &head, columns);
    for (i, (p, own)) in swap.who.iter().enumerate() {
        let from = swap.who[(i + 1) % swap.who.len()].0;
        let text = format!("{} ({}) takes from {}: {}", name(case, *p), signed(*own), name(case, from), what(case, plan, from, swap));
        out += &wrap_plain("    - ", &text, columns);
    }
    out
}

/// What someone has in the span of a swap.
fn what(case: &Case, plan: &Plan, p: ParticipantIx, swap: &Swap) -> String {
    let inside = plan.paths[p].iter().filter(|pl| swap.span.0 <= pl.from && pl.until <= swap.span.1);
    let words: Vec<String> = inside.map(|pl| format!("{} {}", case.position_name(pl.position), case.span(pl.from, pl.until))).collect();
    words.join(", ")
}

fn name(case: &Case, p: ParticipantIx) -> &str {
    &case.participants[p].named.name
}
