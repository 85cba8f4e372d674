//! Explanations in words: what is short, what conflicts, and what would help.

use crate::domain::Case;
use crate::explain::{Conflict, Diagnosis, Possible, Relaxation, Remedy, Requirement, Short, Shortage, Supply, people};
use crate::rules::rule;

use super::Look;
use super::costs::{lines, table};
use super::text::{BAD, BOLD, DIM, GOOD, PLAIN, WARN, number, styled, wrap, wrap_plain};

/// The whole explanation of an instance.
#[must_use]
pub fn diagnosis(case: &Case, found: &Diagnosis, look: &Look) -> String {
    let mut out = supply(case, &found.supply, look) + "\n";
    out += &possible(case, &found.hard, "keeps every hard rule", look);
    if let Some(filled) = &found.filled {
        out += "\n";
        out += &possible(case, filled, "keeps every hard rule and fills every timeline", look);
    }
    out
}

/// Supply against demand.
#[must_use]
pub fn supply(case: &Case, found: &Supply, look: &Look) -> String {
    let columns = look.columns();
    let mut out = styled("Supply and demand, before any solving", BOLD) + "\n";
    if !found.levels.is_empty() {
        let mut table = table(columns, &["Stage", "Tightest in", "Seats", "Must have one", "Can have one"], &[2, 3, 4]);
        for level in &found.levels {
            let name = case.stages[level.stage].name.clone();
            let count = |n: usize| number(n as f64);
            table.add_row([name, case.calendar.label(level.tightest), count(level.seats), count(level.must), count(level.can)]);
        }
        out += &lines(&table);
    }
    if !found.pathless.is_empty() {
        let text =
            format!("By the rules along their own path alone, these cannot be placed for their whole time: {}.", people(case, &found.pathless));
        out += &wrap("", &[(text, BAD)], columns);
    }
    if found.shortages.is_empty() {
        return out + &wrap("", &[("No shortage of seats, mentors or people can be found by counting.".to_owned(), GOOD)], columns);
    }
    let shown = found.shortages.iter().take(look.limit);
    for shortage in shown {
        out += &wrap_plain(&format!("  {} ", kind(shortage)), &shortage.words(case), columns);
        let why = shortage.kept_away_words();
        if !why.is_empty() {
            out += &wrap("    ", &[(format!("{why}."), DIM)], columns);
        }
    }
    out + &look.rest(found.shortages.len().saturating_sub(look.limit), "shortage", "shortages")
}

fn kind(shortage: &Shortage) -> &'static str {
    match shortage.of {
        Short::Seats | Short::Stage(_) => "seats:  ",
        Short::Mentors => "mentors:",
        Short::People => "people: ",
    }
}

/// Whether there is a plan that does what is `asked`, and if not, why and what would make one.
#[must_use]
pub fn possible(case: &Case, found: &Possible, asked: &str, look: &Look) -> String {
    let columns = look.columns();
    match found {
        Possible::Yes => wrap("", &[(format!("There is a plan that {asked}."), GOOD)], columns),
        Possible::Unknown => {
            let text = format!("Whether there is a plan that {asked} was not found out in time; give more with --time-limit.");
            wrap("", &[(text, WARN)], columns)
        }
        Possible::No(conflict, relaxations) => {
            let head = format!("No plan {asked}: this is proven, not a matter of time.");
            wrap("", &[(head, BAD)], columns) + &cannot(case, conflict, columns) + &would_do(case, relaxations, columns)
        }
    }
}

/// The members of a conflict; people in one line.
#[must_use]
pub fn cannot(case: &Case, conflict: &Conflict, columns: usize) -> String {
    let how = if conflict.minimal {
        "These cannot all be kept. Without any one of them they could: each was tried by solving."
    } else {
        "These cannot all be kept; time was up before it was known whether fewer of them can be named."
    };
    let mut out = wrap_plain("", how, columns);
    let mut named = Vec::new();
    for member in &conflict.members {
        match member {
            Requirement::Person(p) => named.push(*p),
            other => out += &wrap_plain("  - ", &other.words(case), columns),
        }
    }
    if !named.is_empty() {
        out += &wrap_plain("  - ", &format!("planned {}: {}", if named.len() == 1 { "is" } else { "are" }, people(case, &named)), columns);
    }
    out
}

fn would_do(case: &Case, relaxations: &[Relaxation], columns: usize) -> String {
    if relaxations.is_empty() {
        return wrap_plain("", "No small change was found that would do.", columns);
    }
    let mut out = wrap("", &[("Any one of these would do; each was tried by solving:".to_owned(), PLAIN)], columns);
    for (i, relaxation) in relaxations.iter().enumerate() {
        let words: Vec<String> = relaxation.remedies.iter().map(|r| r.words(case)).collect();
        let fewest = if relaxation.fewest { String::new() } else { " (fewer might do: time was up)".to_owned() };
        out += &wrap_plain(&format!("  {}. ", i + 1), &format!("{}{}{fewest}", words.join("; and "), softened(relaxation)), columns);
    }
    out
}

/// By how much a rule that is made soft would be broken.
fn softened(relaxation: &Relaxation) -> String {
    match relaxation.remedies.as_slice() {
        [Remedy::Soften(ix)] => format!(" (a plan then breaks {} by {} at least)", rule(*ix).id, number(relaxation.units)),
        _ => String::new(),
    }
}
