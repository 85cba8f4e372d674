//! Explanations in words: what is short, what conflicts, and what would help.

use crate::audit::Audit;
use crate::desk::{RuleChange, rule_changes, touched};
use crate::domain::{Case, ParticipantIx, Placement, Plan, Policy};
use crate::explain::{
    Alternative, Conflict, Diagnosis, Pinned, Possible, Relaxation, Remedy, Requirement, Resolved, Short, Shortage, Supply, WhyNot, Wish, Worth,
    own_costs, people, saves,
};
use crate::rules::rule;

use super::Look;
use super::costs::{lines, table};
use super::text::{BAD, BOLD, DIM, GOOD, PLAIN, WARN, number, signed, styled, wrap, wrap_plain};

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
            wrap("", &[(head, BAD)], columns) + &cannot(case, conflict, columns) + &would_do(case, relaxations, conflict.minimal, columns)
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

fn would_do(case: &Case, relaxations: &[Relaxation], minimal: bool, columns: usize) -> String {
    if relaxations.is_empty() {
        let why =
            if minimal { "No small change was found that would do." } else { "What would do was not found in time; give more with --time-limit." };
        return wrap_plain("", why, columns);
    }
    let mut out = wrap("", &[("Any one of these would do; each was tried by solving:".to_owned(), PLAIN)], columns);
    for (i, relaxation) in relaxations.iter().enumerate() {
        let words: Vec<String> = relaxation.remedies.iter().map(|r| given_up(case, r, relaxation.units)).collect();
        let fewest = if relaxation.fewest { String::new() } else { " (fewer might do: time was up)".to_owned() };
        out += &wrap_plain(&format!("  {}. ", i + 1), &format!("{}{fewest}", words.join("; and ")), columns);
    }
    out
}

/// A remedy in words; of a rule that is made soft, what a plan then leaves at least.
fn given_up(case: &Case, remedy: &Remedy, units: f64) -> String {
    match remedy {
        Remedy::Soften(ix) if rule(*ix).id == "coverage" => {
            format!("leave {} periods unfilled or items owing, at least (coverage soft)", number(units))
        }
        Remedy::Soften(_) => format!("{} (a plan then breaks it by {} at least)", remedy.words(case), number(units)),
        other => other.words(case),
    }
}

/// What someone got, and what it costs on their own path.
#[must_use]
pub fn got(case: &Case, plan: &Plan, audit: &Audit, participant: ParticipantIx, look: &Look) -> String {
    let columns = look.columns();
    let name = &case.participants[participant].named.name;
    let mut out = styled(name, BOLD) + "\n";
    for placed in &plan.paths[participant] {
        out += &wrap_plain("  ", &spell(case, placed), columns);
    }
    let own: Vec<String> = own_costs(audit, participant).iter().map(|(ix, points)| format!("{} {}", rule(*ix).id, number(*points))).collect();
    let costs = if own.is_empty() {
        "It costs nothing by the rules of their own path.".to_owned()
    } else {
        format!("Points on their own path: {}.", own.join(", "))
    };
    out + &wrap_plain("", &costs, columns)
}

fn spell(case: &Case, placed: &Placement) -> String {
    format!("{} ({})", case.position_name(placed.position), case.span(placed.from, placed.until))
}

fn path(case: &Case, path: &[Placement]) -> String {
    let all: Vec<String> = path.iter().map(|placed| spell(case, placed)).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", then ") }
}

/// The best alternatives, with what each costs more.
#[must_use]
pub fn others(case: &Case, audit: &Audit, participant: ParticipantIx, found: &[Alternative], all: bool, look: &Look) -> String {
    const SHOWN: usize = 3;
    let columns = look.columns();
    let mut out = String::new();
    if found.is_empty() {
        let none = if all { "there is no other position for them by the hard rules" } else { "no other position was found for them" };
        out += &wrap_plain("", &format!("With everyone else where they are {none}."), columns);
    } else {
        out += &wrap_plain("", "The best alternatives with everyone else where they are, each found by solving:", columns);
    }
    for (i, alternative) in found.iter().take(SHOWN).enumerate() {
        let words = path(case, &alternative.resolved.plan.paths[participant]);
        out += &wrap_plain(&format!("  {}. ", i + 1), &format!("{words}: {}", difference(audit, &alternative.resolved)), columns);
    }
    if !all {
        out += &wrap("", &[("Not all were tried: time was up.".to_owned(), WARN)], columns);
    }
    out
}

/// What another plan costs more or less, rule by rule.
fn difference(audit: &Audit, other: &Resolved) -> String {
    let more = other.objective - audit.objective();
    let by = |change: &RuleChange| {
        let d = change.cost.1 - change.cost.0;
        (d.abs() > 1e-9).then(|| format!("{} {}", rule(change.rule).id, signed(d)))
    };
    let rules: Vec<String> = rule_changes(audit, &other.audit).iter().filter_map(by).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join(", ")) };
    match more {
        m if m.abs() < 1e-6 => format!("costs the same{rules}"),
        m if m < 0.0 => format!("costs {} points less{rules}", number(-m)),
        m => format!("costs {} points more{rules}", number(m)),
    }
}

/// Why a wish is not granted.
#[must_use]
pub fn refused(case: &Case, plan: &Plan, audit: &Audit, wish: Wish, found: &WhyNot, look: &Look) -> String {
    let columns = look.columns();
    let name = &case.participants[wish.participant].named.name;
    let when = wish.period.map_or(String::new(), |t| format!(" in {}", case.calendar.label(t)));
    let place = format!("{}{when}", case.position_name(wish.position));
    match found {
        WhyNot::Granted => wrap("", &[(format!("{name} has it: {place} is in the plan."), GOOD)], columns),
        WhyNot::Away => {
            let leave = wish.period.is_some_and(|t| case.participants[wish.participant].timeline.leave.contains_key(&t));
            let why = if leave { "on leave then" } else { "not in the programme then" };
            wrap("", &[(format!("{name} cannot be {place}: they are {why}."), BAD)], columns)
        }
        WhyNot::Unknown => wrap("", &[("Time was up before this was known; give more with --time-limit.".to_owned(), WARN)], columns),
        WhyNot::Forbidden(conflict) => {
            let head = format!("{name} cannot be {place}: no plan with it keeps every hard rule.");
            wrap("", &[(head, BAD)], columns) + &cannot(case, conflict, columns)
        }
        WhyNot::Possible(other) => {
            let head = format!("{name} can be {place}. The best plan with it {}.", difference(audit, other));
            let mut out = wrap("", &[(head, BOLD)], columns);
            let slack = other.objective - other.bound;
            if slack > 1e-3 * other.objective.abs().max(1.0) {
                let text = format!("Proven is only that it costs {} points less than that at most; more time may find a better one.", number(slack));
                out += &wrap("", &[(text, WARN)], columns);
            }
            let moved = touched(case, plan, case, &other.plan).changed;
            out += &wrap_plain("", &format!("{} would change:", super::text::count(moved.len(), "path", "paths")), columns);
            for p in moved.iter().take(look.limit) {
                out += &wrap_plain("  - ", &changed(case, plan, &other.plan, *p), columns);
            }
            out + &look.rest(moved.len().saturating_sub(look.limit), "path", "paths")
        }
    }
}

/// What someone has in one plan and not in the other.
fn changed(case: &Case, before: &Plan, after: &Plan, p: ParticipantIx) -> String {
    let same = |a: &Placement, b: &Placement| (a.position, a.from, a.until) == (b.position, b.from, b.until);
    let only = |these: &[Placement], those: &[Placement]| {
        let own: Vec<Placement> = these.iter().filter(|x| !those.iter().any(|y| same(x, y))).cloned().collect();
        path(case, &own)
    };
    let (old, new) = (&before.paths[p], &after.paths[p]);
    format!("{}: {} instead of {}", case.participants[p].named.name, only(new, old), only(old, new))
}

/// What one more is worth, as a table.
#[must_use]
pub fn worths(case: &Case, policy: &Policy, plan: &Plan, found: &[Worth], look: &Look) -> String {
    let columns = look.columns();
    if found.is_empty() {
        return wrap_plain("", "By the prices nothing is worth more room: no seat, mentor, housing, arrival or budget binds.", columns);
    }
    let mut table = table(columns, &["One more", "By the prices", "By solving"], &[1, 2]);
    for worth in found.iter().take(look.limit) {
        let solved = worth.verified.as_ref().map_or(String::new(), |after| saved(saves(plan, case, policy, after)));
        table.add_row([worth.remedy.words(case), number(worth.price), solved]);
    }
    let note = "Points saved. Prices are right for small changes and say the most that one more can save; what was solved is what it does save.";
    styled("What one more is worth", BOLD)
        + "\n"
        + &lines(&table)
        + &look.rest(found.len().saturating_sub(look.limit), "change", "changes")
        + &wrap("", &[(note.to_owned(), DIM)], columns)
}

/// Points saved: found, and at most.
fn saved((found, most): (f64, f64)) -> String {
    let found = found.max(0.0);
    if most - found > 1e-3 * found.abs().max(1.0) { format!("{} to {}", number(found), number(most)) } else { number(found) }
}

/// What pins cost, as a table.
#[must_use]
pub fn pinned(case: &Case, policy: &Policy, plan: &Plan, found: &[Pinned], look: &Look) -> String {
    let columns = look.columns();
    if found.is_empty() {
        return "Nothing is pinned.\n".to_owned();
    }
    let mut rows: Vec<(&Pinned, Option<(f64, f64)>)> =
        found.iter().map(|p| (p, p.without.as_ref().map(|after| saves(plan, case, policy, after)))).collect();
    rows.sort_by(|a, b| b.1.map_or(-1.0, |s| s.0).total_cmp(&a.1.map_or(-1.0, |s| s.0)));
    let mut table = table(columns, &["Pin", "Costs"], &[1]);
    for (pin, cost) in rows.iter().take(look.limit) {
        table.add_row([pin.pin.words(case), cost.map_or("not known in time".to_owned(), saved)]);
    }
    let note = "Points that the best plan without the pin costs less, found by solving.";
    styled("What pins cost", BOLD)
        + "\n"
        + &lines(&table)
        + &look.rest(rows.len().saturating_sub(look.limit), "pin", "pins")
        + &wrap("", &[(note.to_owned(), DIM)], columns)
}
