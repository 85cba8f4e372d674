//! The plan as a workbook: placements to read, edit and give back, and views of them to look at.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Format;
use super::cell::Cell;
use super::form::{Of, PLAN};
use super::guide;
use super::layout::Extras;
use super::names::Names;
use super::page::{Head, Page};
use super::write;
use crate::audit::{Audit, audit};
use crate::domain::{Case, ParticipantIx, Placement, Plan, PositionIx};
use crate::intake::Intake;
use crate::io::compose;
use crate::io::plan_file::{PlacementRow, PlanFile};
use crate::io::raw::Period as Stated;
use crate::report::{Proof, Waiting, summary_lines};
use crate::words::{Index, Period};

/// Light colours for the rungs of the ladder, lowest first; more rungs than colours begin anew.
const STAGES: [u32; 8] = [0x00DD_EBF7, 0x00C6_E0B4, 0x00FF_E699, 0x00F8_CBAD, 0x00D9_C3EC, 0x00B7_DEE8, 0x00F4_B6C2, 0x00D6_DCE4];
/// Where nobody is asked to work: outside someone's track, on leave, closed.
const AWAY: u32 = 0x00E7_E6E6;
/// Where something is missing: an idle period, a seat short.
const SHORT: u32 = 0x00FF_C7CE;

/// The bytes of a workbook with a plan.
///
/// # Errors
/// If something does not fit into a sheet.
pub fn plan_book(taken: &Intake, plan: &Plan, file: &PlanFile, format: Format) -> Result<Vec<u8>, String> {
    let case = &taken.case;
    let lists = vec![
        (Of::Participant, case.participants.rows().iter().map(|p| p.named.id.clone()).collect()),
        (Of::Position, case.positions.rows().iter().map(|p| p.id.clone()).collect()),
        (Of::Mentor, case.mentors.rows().iter().map(|m| m.named.id.clone()).collect()),
    ];
    let extras = Extras { read_me: guide::read_me(&PLAN), lists, ..Extras::default() };
    format.write(&plan_pages(taken, plan, file), &extras)
}

/// The pages of a plan: the summary, the views, and the sheets that are read back.
#[must_use]
pub fn plan_pages(taken: &Intake, plan: &Plan, file: &PlanFile) -> Vec<Page> {
    let case = &taken.case;
    let seen = audit(case, &taken.policy, plan);
    let mut value = serde_json::to_value(file).unwrap_or_default();
    labelled(case, &mut value);
    let mut sheets = write::pages(&value, &PLAN, &Names::of_case(case));
    for_the_reader(case, plan, &seen, file, &mut sheets);
    let rest = sheets.split_off(1);
    let mut pages = vec![summarised(taken, plan, &seen, file), board(case, plan)];
    pages.append(&mut sheets);
    pages.extend([by_site(case, plan), by_mentor(case, plan)]);
    pages.extend(rest);
    pages
}

/// Periods by their labels, which people read and the reading understands, in place of numbers.
fn labelled(case: &Case, value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_i64().and_then(|i| usize::try_from(i).ok()) {
                    Some(i) if matches!(key.as_str(), "from" | "until") && i <= case.calendar.count => {
                        *value = json!(case.calendar.label(Period::new(i)))
                    }
                    _ => labelled(case, value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| labelled(case, item)),
        _ => {}
    }
}

/// A period as a file states it.
fn period(case: &Case, stated: &Stated) -> Option<Period> {
    let index = match stated {
        Stated::Index(i) => *i,
        Stated::Text(text) => case.calendar.resolve(text).ok()?,
    };
    usize::try_from(index).ok().filter(|i| *i <= case.calendar.count).map(Period::new)
}

/// Adds names and what else helps to the sheet of placements, in columns that are not read back.
fn for_the_reader(case: &Case, plan: &Plan, seen: &Audit, file: &PlanFile, sheets: &mut [Page]) {
    let Some(page) = sheets.iter_mut().find(|page| page.name == "Placements") else { return };
    let names: BTreeMap<&str, &str> = case.participants.rows().iter().map(|p| (p.named.id.as_str(), p.named.name.as_str())).collect();
    // What holds, not what a file that may have been edited says.
    let truth = compose(case, plan, seen);
    let key = |row: &PlacementRow| (row.participant.clone(), row.position.clone(), period(case, &row.from));
    let truth: BTreeMap<_, &PlacementRow> = truth.placements.0.iter().map(|row| (key(row), row)).collect();
    for title in ["# name", "# role", "# site", "# stage", "# difficulty", "# step", "# move km", "# move cost"] {
        page.heads.push(Head { title: title.to_owned(), note: "For reading only.".to_owned(), ..Head::default() });
    }
    for (cells, row) in page.rows.iter_mut().zip(&file.placements.0) {
        let Some(row) = truth.get(&key(row)) else { continue };
        let text = |text: Option<&String>| text.map(|t| Cell::Text(t.clone()));
        cells.push(names.get(row.participant.as_str()).map(|name| Cell::text(*name)));
        cells.extend([text(row.role.as_ref()), text(row.site.as_ref()), text(row.stage.as_ref())]);
        cells.extend([row.difficulty, row.step, row.move_km, row.move_cost].map(|n| n.map(|n| Cell::Number((n * 100.0).round() / 100.0))));
    }
}

fn summarised(taken: &Intake, plan: &Plan, seen: &Audit, file: &PlanFile) -> Page {
    let case = &taken.case;
    let proof = Proof::stated(file, seen.objective());
    let mut lines = vec![("Plan of", case.name.clone())];
    lines.extend(summary_lines(case, &taken.policy, plan, seen, &proof));
    match Waiting::of(case, plan, file).len() {
        0 => {}
        1 => lines.push(("Not placed", "1 idle span: see the sheet Unplaced".to_owned())),
        n => lines.push(("Not placed", format!("{n} idle spans: see the sheet Unplaced"))),
    }
    let rows = lines.into_iter().map(|(label, words)| vec![Some(Cell::text(label)), Some(Cell::text(words))]);
    let head = |title: &str, width: f64| Head { title: title.to_owned(), width: Some(width), ..Head::default() };
    Page { name: "Summary".to_owned(), heads: vec![head("summary", 14.0), head("", 110.0)], rows: rows.collect(), view: true, ..Page::default() }
}

/// A view: some columns of words, then one for each period.
fn by_period(case: &Case, name: &str, titles: &[(&str, f64)]) -> Page {
    let head = |title: String, width: Option<f64>| Head { title, width, ..Head::default() };
    let periods = case.calendar.periods().map(|t| head(case.calendar.label(t), None));
    Page {
        name: name.to_owned(),
        heads: titles.iter().map(|(title, width)| head((*title).to_owned(), Some(*width))).chain(periods).collect(),
        view: true,
        frozen: u16::try_from(titles.len()).unwrap_or(1),
        ..Page::default()
    }
}

/// People and periods: who is where, coloured by stage.
fn board(case: &Case, plan: &Plan) -> Page {
    let mut page = by_period(case, "Board", &[("cohort", 18.0), ("participant", 24.0)]);
    for (ix, person) in case.participants.iter() {
        let row = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
        let mut cells = vec![Some(Cell::text(&case.cohorts[person.cohort].named.name)), Some(Cell::text(&person.named.name))];
        for t in case.calendar.periods() {
            let asked = person.timeline.tick(t).is_some();
            let at = plan.paths[ix].iter().find(|p| p.covers(t)).filter(|_| asked);
            let (text, colour) = match at {
                Some(placement) => {
                    let position = &case.positions[placement.position];
                    (Some(position.id.clone()), Some(STAGES[case.roles[position.role].stage.index() % STAGES.len()]))
                }
                None if asked => (None, Some(SHORT)),
                None => (person.timeline.leave.contains_key(&t).then(|| "leave".to_owned()), Some(AWAY)),
            };
            page.fills.extend(colour.map(|c| (row, u32::try_from(cells.len()).unwrap_or(0), c)));
            cells.push(text.map(Cell::Text));
        }
        page.rows.push(cells);
    }
    page
}

/// Positions and periods: who is there, against seats and demand.
fn by_site(case: &Case, plan: &Plan) -> Page {
    let mut there: BTreeMap<(PositionIx, Period), Vec<&str>> = BTreeMap::new();
    for (ix, placement) in placements(plan) {
        let person = &case.participants[ix];
        person.timeline.worked(placement).for_each(|t| there.entry((placement.position, t)).or_default().push(&person.named.name));
    }
    let mut positions: Vec<PositionIx> = case.positions.ids().collect();
    positions.sort_by_key(|ix| (case.positions[*ix].site, *ix));
    let mut page = by_period(case, "By site", &[("site", 24.0), ("position", 24.0), ("role", 28.0)]);
    for ix in positions {
        let (position, row) = (&case.positions[ix], u32::try_from(page.rows.len()).unwrap_or(u32::MAX));
        let names = [&case.sites[position.site].named.name, &position.id, &case.roles[position.role].named.name];
        let mut cells: Vec<Option<Cell>> = names.iter().map(|name| Some(Cell::text(name.as_str()))).collect();
        for t in case.calendar.periods() {
            let who = there.get(&(ix, t)).map_or(&[][..], Vec::as_slice);
            let column = u32::try_from(cells.len()).unwrap_or(0);
            if !position.open[t] {
                page.fills.push((row, column, AWAY));
            } else if who.len() < position.demand[t] as usize {
                page.fills.push((row, column, SHORT));
            }
            let asked = if position.demand[t] > 0 { format!(", {} needed", position.demand[t]) } else { String::new() };
            let seats = format!("{} of {}{asked}", who.len(), position.seats[t]);
            let text = if who.is_empty() { seats } else { format!("{}\n{seats}", who.join("\n")) };
            cells.push(position.open[t].then_some(Cell::Text(text)));
        }
        page.rows.push(cells);
    }
    page
}

/// Who supports whom, where and when.
fn by_mentor(case: &Case, plan: &Plan) -> Page {
    let head = |title: &str| Head { title: title.to_owned(), ..Head::default() };
    let mut rows: Vec<_> =
        placements(plan).flat_map(|(ix, placement)| placement.mentors.iter().map(move |m| (m.mentor, m.from, ix, m.until, placement))).collect();
    rows.sort_by_key(|(mentor, from, ix, ..)| (*mentor, *from, *ix));
    let row = |(mentor, from, ix, until, placement): (_, Period, ParticipantIx, Period, &Placement)| {
        let mentor: &crate::domain::Mentor = &case.mentors[mentor];
        let site = mentor.site.map(|s| case.sites[s].named.name.clone()).unwrap_or_default();
        let position = &case.positions[placement.position];
        let (from, until) = (case.calendar.label(from), case.calendar.label(until));
        [&mentor.named.name, &site, &case.participants[ix].named.name, &position.id, &case.sites[position.site].named.name, &from, &until]
            .map(|text| Some(Cell::text(text.as_str())))
            .into()
    };
    Page {
        name: "By mentor".to_owned(),
        heads: ["mentor", "mentor's site", "participant", "position", "site", "from", "until"].map(head).into(),
        rows: rows.into_iter().map(row).collect(),
        view: true,
        frozen: 1,
        ..Page::default()
    }
}

fn placements(plan: &Plan) -> impl Iterator<Item = (ParticipantIx, &Placement)> {
    plan.paths.iter().flat_map(|(ix, path)| path.iter().map(move |placement| (ix, placement)))
}
