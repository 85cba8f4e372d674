//! What the planner says at the end: who is placed, what it takes, how good the plan is.

pub(super) mod burden;
mod proof;

pub use proof::{Proof, proof};

use std::collections::BTreeMap;

use anstyle::Style;

use crate::audit::Audit;
use crate::domain::{Case, ParticipantIx, Plan, Policy, Relocating};
use crate::io::plan_file::PlanFile;
use crate::io::raw::Period as Stated;
use crate::words::{Index, Period, Unit, told_apart};

use super::Look;
use super::paths::{Stop, ladder_notice, stops};
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

impl Waiting {
    /// The idle spans of a plan, each with the reasons that its file states for just that span.
    #[must_use]
    pub fn of(case: &Case, plan: &Plan, file: &PlanFile) -> Vec<Self> {
        let period = |stated: &Stated| match stated {
            Stated::Index(i) => Some(*i),
            Stated::Text(text) => case.calendar.resolve(text).ok(),
        };
        let reasons: BTreeMap<_, &Vec<String>> =
            file.unplaced.iter().map(|u| ((u.participant.as_str(), period(&u.from), period(&u.until)), &u.reasons)).collect();
        let index = |t: Period| i64::try_from(t.index()).ok();
        let mut all = Vec::new();
        for (participant, person) in case.participants.iter() {
            for ticks in person.timeline.idle(&plan.paths[participant]) {
                let (from, until) = person.timeline.span(&ticks);
                let known = reasons.get(&(person.named.id.as_str(), index(from), index(until)));
                all.push(Self { participant, from, until, reasons: known.map(|r| (*r).clone()).unwrap_or_default() });
            }
        }
        all
    }
}

/// The plan in a dozen lines of 80 columns, and whom it does not place, and why.
#[must_use]
pub fn summary(case: &Case, policy: &Policy, plan: &Plan, audit: &Audit, idle: &[Waiting], end: &Proof) -> String {
    let look = &Look { more: "the plan file lists them all".to_owned(), ..Look::default() };
    let columns = look.columns();
    let mut out = styled(&super::text::fit(&case.name, columns), BOLD) + "\n\n";
    for (label, pieces) in summed_up(case, policy, plan, audit, end) {
        out.push_str(&wrap(&pad(label, 12), &pieces, columns));
    }
    out + &not_placed(case, idle, idle_is_asked(audit), look)
}

/// The lines of a summary: what each is about, empty where it goes on with the line before, and its pieces.
pub(super) fn summed_up(case: &Case, policy: &Policy, plan: &Plan, audit: &Audit, end: &Proof) -> Vec<(&'static str, Vec<(String, Style)>)> {
    let everyone: Vec<ParticipantIx> = case.participants.ids().collect();
    let paths: Vec<Vec<Stop>> = everyone.iter().map(|p| stops(case, plan, *p)).collect();
    let label = |i: usize, label: &'static str| if i == 0 { label } else { "" };
    let mut lines = vec![("Hard rules", hard(audit)), ("People", people(case, plan, &everyone)), ("Ladder", ladder(audit, &paths))];
    lines.extend(moves(case, &paths).into_iter().enumerate().map(|(i, line)| (label(i, "Moves"), vec![line])));
    lines.push(("Mentors", mentors(case, plan, audit)));
    let worst = burden::worst_off(case, policy, audit);
    lines.extend(worst.into_iter().enumerate().map(|(i, line)| (label(i, "Worst off"), vec![(line, PLAIN)])));
    lines.push(("Cost", vec![(format!("{} points", number(audit.objective())), PLAIN)]));
    lines.push(("Proof", proof::pieces(end)));
    lines.retain(|(_, pieces)| !pieces.is_empty());
    lines
}

/// The lines of a summary as texts: what each is about, empty where it goes on with the line before, and what is said.
#[must_use]
pub fn summary_lines(case: &Case, policy: &Policy, plan: &Plan, audit: &Audit, end: &Proof) -> Vec<(&'static str, String)> {
    let said = |pieces: Vec<(String, Style)>| pieces.into_iter().map(|(text, _)| text.replace(TIE, " ")).collect::<Vec<_>>().join(" ");
    summed_up(case, policy, plan, audit, end).into_iter().map(|(label, pieces)| (label, said(pieces))).collect()
}

/// Whether anything asks for every period to be filled.
pub(super) fn idle_is_asked(audit: &Audit) -> bool {
    crate::rules::find("coverage").and_then(|ix| audit.of(ix)).is_some()
}

fn hard(audit: &Audit) -> Vec<(String, Style)> {
    let broken: Vec<String> = audit.breaches().map(super::costs::id).collect();
    if broken.is_empty() { vec![("all kept".to_owned(), GOOD)] } else { vec![(format!("broken: {}", list(&broken)), BAD)] }
}

/// How much of someone's time has a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Placed {
    /// Every period.
    Full,
    /// Some periods.
    Part,
    /// No period.
    None,
    /// There is no period in this horizon.
    Outside,
}

/// How much of someone's time has a placement.
pub(super) fn placed(case: &Case, plan: &Plan, p: ParticipantIx) -> Placed {
    let timeline = &case.participants[p].timeline;
    let idle: usize = timeline.idle(&plan.paths[p]).iter().map(ExactSizeIterator::len).sum();
    match idle {
        _ if timeline.is_empty() => Placed::Outside,
        0 => Placed::Full,
        n if n == timeline.len() => Placed::None,
        _ => Placed::Part,
    }
}

/// How many of these people have placements.
pub(super) fn people(case: &Case, plan: &Plan, who: &[ParticipantIx]) -> Vec<(String, Style)> {
    let placed: Vec<Placed> = who.iter().map(|p| placed(case, plan, *p)).collect();
    let [full, part, none, outside] =
        [Placed::Full, Placed::Part, Placed::None, Placed::Outside].map(|kind| placed.iter().filter(|p| **p == kind).count());
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

/// How the steps of these paths rise.
pub(super) fn ladder(audit: &Audit, paths: &[Vec<Stop>]) -> Vec<(String, Style)> {
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
    let moves: Vec<(i16, Relocating)> =
        paths.iter().flatten().filter_map(|s| s.relocating.map(|r| (case.calendar.year(s.placement.from), r))).collect();
    let budget = &case.relocation;
    let total: f64 = moves.iter().map(|(_, r)| r.cost).sum();
    let paid = total > 0.0 || budget.budget_total.is_some() || !budget.budget_per_year.is_empty();
    let mut head = how_many(moves.iter().map(|(_, r)| *r));
    if paid {
        head.push_str(&format!(", {}", against(case, total, budget.budget_total)));
    }
    let mut lines = vec![(head, over(total, budget.budget_total))];
    let mut years: BTreeMap<i16, f64> = budget.budget_per_year.keys().map(|y| (*y, 0.0)).collect();
    for (year, moving) in &moves {
        *years.entry(*year).or_default() += moving.cost;
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

/// So many moves, so far.
pub(super) fn how_many(moves: impl Iterator<Item = Relocating>) -> String {
    let km: Vec<f64> = moves.map(|r| r.km).collect();
    let head = if km.is_empty() { "nobody moves".to_owned() } else { count(km.len(), "move", "moves") };
    let km: f64 = km.iter().sum();
    if km > 0.0 { format!("{head}, {}{TIE}km", number(km.round())) } else { head }
}

fn against(case: &Case, spent: f64, limit: Option<f64>) -> String {
    let bare = |x: f64| money("", x).trim_start_matches(TIE).to_owned();
    let Some(limit) = limit else { return money(&case.currency, spent) };
    let over = crate::words::excess(spent, limit);
    if over == 0.0 {
        return format!("{} of {}", money(&case.currency, spent), bare(limit));
    }
    let (spent, limit) = told_apart(spent, limit, bare);
    format!("{}{TIE}{spent} of {limit}, {} over the budget", case.currency, told_apart(over, 0.0, bare).0)
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
        let mut pieces = vec![(person.named.name.clone(), BOLD), (format!("{} ({long})", case.span(i.from, i.until)), PLAIN)];
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
pub(super) fn duration(unit: Unit, n: usize) -> String {
    let many = match unit {
        Unit::Week => "weeks",
        Unit::Month => "months",
        Unit::Quarter => "quarters",
        Unit::Half => "halves",
        Unit::Year => "years",
    };
    count(n, unit.name(), many)
}
