//! The board: people against periods, with every path as a line of rising steps.

use std::collections::BTreeMap;

use anstyle::Style;

use crate::audit::Audit;
use crate::domain::{Case, ParticipantIx, Plan, PositionIx, StageIx};
use crate::words::{Index, Period};

use super::Look;
use super::grid::{self, Cell, Line};
use super::paths::{Stop, arrow, ladder_notice, stops};
use super::text::{BAD, BOLD, DIM, TIE, WARN, level, stage_style, styled, wrap, wrap_plain};

/// The plan as people against periods, grouped by cohort: a code for the position in every period, and under each name the
/// path with its difficulties. A legend says what the codes and marks mean.
#[must_use]
pub fn board(case: &Case, plan: &Plan, audit: &Audit, look: &Look) -> String {
    let columns = look.columns();
    let (people, left) = look.people(case);
    let paths: Vec<(ParticipantIx, Vec<Stop>)> = people.iter().map(|p| (*p, stops(case, plan, *p))).collect();
    let codes = codes(case, paths.iter().flat_map(|(_, path)| path.iter().map(|s| s.position)));
    let mut marks = Marks::default();
    let mut lines = Vec::new();
    let mut cohort = None;
    for (p, path) in &paths {
        let person = &case.participants[*p];
        if cohort != Some(person.cohort) {
            cohort = Some(person.cohort);
            lines.push(Line::Heading(cohort_heading(case, *p)));
        }
        let cells = case.calendar.periods().map(|t| cell(case, *p, path, t, &codes, &mut marks)).collect();
        lines.push(Line::Row { name: person.named.name.clone(), cells, below: path_line(case, *p, path, columns) });
    }
    let mut out = styled(&title(case, columns), BOLD) + "\n";
    if let Some(notice) = ladder_notice(audit) {
        out.push_str(&wrap("", &[(notice, WARN)], columns));
    }
    out.push('\n');
    out.push_str(&grid::draw(&case.calendar, &lines, columns));
    out.push_str(&look.rest(left, "person", "people"));
    out.push('\n');
    out.push_str(&legend(case, &codes, &marks, columns));
    out
}

fn title(case: &Case, columns: usize) -> String {
    let horizon = case.span(Period::new(0), Period::new(case.calendar.count));
    super::text::fit(&format!("{}, {horizon}", case.name), columns)
}

fn cohort_heading(case: &Case, p: ParticipantIx) -> String {
    let cohort = &case.cohorts[case.participants[p].cohort];
    let track = &case.tracks[cohort.track].named.name;
    if cohort.named.name.contains(track.as_str()) { cohort.named.name.clone() } else { format!("{} · {track}", cohort.named.name) }
}

/// Which marks the board uses, so that the legend explains those and no others.
#[derive(Debug, Default)]
struct Marks {
    steps: bool,
    idle: bool,
    leave: bool,
    pinned: bool,
    wrong: bool,
}

fn cell(case: &Case, p: ParticipantIx, path: &[Stop], t: Period, codes: &BTreeMap<PositionIx, String>, marks: &mut Marks) -> Cell {
    let timeline = &case.participants[p].timeline;
    let mut here = path.iter().enumerate().filter(|(_, s)| s.placement.covers(t));
    let leave = timeline.leave.contains_key(&t);
    let Some((_, stop)) = here.next().filter(|_| !leave) else {
        if leave {
            marks.leave = true;
            return Cell { mark: None, text: "lv".to_owned(), style: DIM };
        }
        let idle = timeline.tick(t).is_some();
        marks.idle |= idle;
        return Cell { mark: None, text: if idle { "·" } else { "" }.to_owned(), style: WARN };
    };
    let wrong = here.next().is_some() || timeline.tick(t).is_none();
    let begins = stop.placement.from == t && !stop.continues;
    let code = &codes[&stop.position];
    let text = match (wrong, stop.pinned) {
        (true, _) => format!("{code}!"),
        (false, true) => format!("{code}*"),
        (false, false) => code.clone(),
    };
    marks.wrong |= wrong;
    marks.pinned |= stop.pinned && !wrong;
    marks.steps |= begins;
    let style = if wrong { BAD } else { stage_style(case.stage(stop.position).index()) };
    Cell { mark: begins.then(|| arrow(stop.step)), text, style }
}

/// The path in words: `1.0 ↗ Area manager 3.0 ↗ Operations manager 5.0`.
fn path_line(case: &Case, p: ParticipantIx, path: &[Stop], columns: usize) -> String {
    let person = &case.participants[p];
    let mut pieces: Vec<(String, Style)> = Vec::new();
    match path.first() {
        None if person.timeline.is_empty() => pieces.push(("nothing to plan in this horizon".to_owned(), DIM)),
        None => pieces.push(("not placed".to_owned(), BAD)),
        Some(first) if !first.continues => {
            pieces.push((level(case.level_before(p, crate::domain::Before::Start)), DIM));
        }
        Some(_) => {}
    }
    for stop in path {
        let words = format!("{}{TIE}{}", case.role(stop.position).named.name, level(stop.difficulty));
        let style = if stop.step < -1e-9 && !stop.continues { BAD } else { stage_style(case.stage(stop.position).index()) };
        pieces.push((if stop.continues { words } else { format!("{}{TIE}{words}", arrow(stop.step)) }, style));
        if stop.continues {
            pieces.push(("(goes on)".to_owned(), DIM));
        }
        if stop.pinned {
            pieces.push(("(pinned)".to_owned(), DIM));
        }
    }
    wrap("      ", &pieces, columns)
}

/// A short code for every position that is used: a letter for its stage and a number, in the instance's order.
fn codes(case: &Case, used: impl Iterator<Item = PositionIx>) -> BTreeMap<PositionIx, String> {
    let letters = stage_letters(case);
    let mut codes: BTreeMap<PositionIx, String> = used.map(|q| (q, String::new())).collect();
    let mut counts: BTreeMap<StageIx, usize> = BTreeMap::new();
    for (q, code) in &mut codes {
        let stage = case.stage(*q);
        let n = counts.entry(stage).or_default();
        *n += 1;
        *code = format!("{}{n}", letters[stage.index()]);
    }
    codes
}

/// A capital letter for every stage: the first of its name that no stage before it has, else any that is free.
fn stage_letters(case: &Case) -> Vec<String> {
    let mut letters: Vec<String> = Vec::new();
    for stage in case.stages.rows() {
        let own = stage.name.chars().filter(|c| c.is_alphabetic()).map(|c| c.to_uppercase().to_string());
        let any = ('A'..='Z').map(String::from);
        let numbered = (1..).map(|n| format!("S{n}-"));
        letters.extend(own.chain(any).chain(numbered).find(|l| !letters.contains(l)));
    }
    letters
}

fn legend(case: &Case, codes: &BTreeMap<PositionIx, String>, marks: &Marks, columns: usize) -> String {
    let mut out = String::new();
    let letters = stage_letters(case);
    for (stage, named) in case.stages.iter() {
        let mut of_stage = codes.iter().filter(|(q, _)| case.stage(**q) == stage).peekable();
        if of_stage.peek().is_none() {
            continue;
        }
        let style = stage_style(stage.index());
        out.push_str(&format!("{}  {}\n", styled(&letters[stage.index()], style), styled(&super::text::fit(&named.name, columns - 3), BOLD)));
        for (q, code) in of_stage {
            let words = format!("{}{TIE}{}", case.position_name(*q), level(case.positions[*q].difficulty));
            let head = format!("   {} ", super::text::pad(code, 4.max(code.len())));
            out.push_str(&wrap_plain(&head, &words, columns));
        }
    }
    let mut said: Vec<&str> = Vec::new();
    if marks.steps {
        said.push("↗ a harder placement begins, → as hard, ↘ easier");
    }
    if marks.idle {
        said.push("· idle");
    }
    if marks.leave {
        said.push("lv leave");
    }
    if marks.pinned {
        said.push("* pinned");
    }
    if marks.wrong {
        said.push("! two placements at once, or outside the track");
    }
    if !said.is_empty() {
        out.push_str(&wrap_plain("", &said.join("; "), columns));
    }
    out
}
