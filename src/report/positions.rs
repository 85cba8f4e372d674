//! Positions and the seats filled in them.

use std::collections::BTreeMap;

use crate::audit::Audit;
use crate::domain::{Case, ParticipantIx, Placement, Plan, PositionIx, SiteIx};
use crate::words::{Period, Table};

use super::Look;
use super::grid::{self, Cell, Line};
use super::paths::ladder_notice;
use super::text::{BAD, BOLD, DIM, GOOD, PLAIN, WARN, count, styled, wrap, wrap_plain};

/// Per position and period, how many seats are taken, where the business is short of people, and who is there. Positions that
/// nobody fills and no demand asks for are only counted.
#[must_use]
pub fn positions(case: &Case, plan: &Plan, audit: &Audit, look: &Look) -> String {
    let columns = look.columns();
    let filled = Filled::of(case, plan);
    let wanted = |q: PositionIx| case.positions[q].demand.iter().any(|(t, n)| *n > 0 && case.positions[q].open[t]);
    let mut shown: Vec<PositionIx> = case.positions.ids().filter(|q| filled.who.contains_key(q) || wanted(*q)).collect();
    let empty = case.positions.len() - shown.len();
    shown.sort_by_key(|q| case.positions[*q].site);
    let short: usize = shown.iter().flat_map(|q| case.calendar.periods().map(|t| filled.short(case, *q, t) as usize)).sum();
    let needed: usize = shown.iter().flat_map(|q| case.calendar.periods().map(|t| needed(case, *q, t) as usize)).sum();
    let left = shown.len().saturating_sub(look.limit);
    shown.truncate(look.limit);

    let mut marks = Marks::default();
    let mut lines = Vec::new();
    let mut site: Option<SiteIx> = None;
    for q in shown {
        if site != Some(case.positions[q].site) {
            site = Some(case.positions[q].site);
            lines.push(Line::Heading(case.site(q).named.name.clone()));
        }
        let cells = case.calendar.periods().map(|t| cell(case, &filled, q, t, &mut marks)).collect();
        lines.push(Line::Row { name: case.role(q).named.name.clone(), cells, below: filled.people(case, q, columns) });
    }
    let mut out = styled("Seats filled, by position and period", BOLD) + "\n";
    if let Some(notice) = ladder_notice(audit) {
        out.push_str(&wrap("", &[(notice, WARN)], columns));
    }
    out.push('\n');
    out.push_str(&grid::draw(&case.calendar, &lines, columns));
    out.push_str(&look.rest(left, "position", "positions"));
    out.push('\n');
    if empty > 0 {
        let text = if empty == 1 {
            "1 position stays empty that nobody needs filled.".to_owned()
        } else {
            format!("{} stay empty that nobody needs filled.", count(empty, "position", "positions"))
        };
        out.push_str(&wrap_plain("", &text, columns));
    }
    out.push_str(&match (needed, short) {
        (0, _) => styled("No position states a demand.", DIM) + "\n",
        (_, 0) => styled("Every demand is met.", GOOD) + "\n",
        (n, s) => {
            let text = format!("Demand: {} short of {n} asked for (seats × periods).", count(s, "seat", "seats"));
            wrap("", &[(text, BAD)], columns)
        }
    });
    out.push_str(&marks.legend(columns));
    out
}

/// Who fills what.
pub(super) struct Filled {
    /// Who is there from when until when, in time order.
    pub(super) who: BTreeMap<PositionIx, Vec<(ParticipantIx, Period, Period)>>,
    /// People who work there.
    working: BTreeMap<(PositionIx, Period), u32>,
    /// People who work there or are on leave that holds their seat.
    seated: BTreeMap<(PositionIx, Period), u32>,
}

/// A position in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// Seats taken, those held over leave with them.
    pub(super) taken: u32,
    /// Seats.
    pub(super) seats: u32,
    /// People whom the business needs there.
    pub(super) needed: u32,
    /// Fewer work there than are needed.
    pub(super) short: bool,
    /// More seats are taken than there are, or it is closed and someone is there.
    pub(super) over: bool,
    /// The position or its site is closed.
    pub(super) closed: bool,
}

impl Filled {
    pub(super) fn of(case: &Case, plan: &Plan) -> Self {
        let mut filled = Self { who: BTreeMap::new(), working: BTreeMap::new(), seated: BTreeMap::new() };
        for (p, path) in plan.paths.iter() {
            for placement in path {
                let q = placement.position;
                filled.who.entry(q).or_default().push((p, placement.from, placement.until));
                for t in case.participants[p].timeline.worked(placement) {
                    *filled.working.entry((q, t)).or_default() += 1;
                    *filled.seated.entry((q, t)).or_default() += 1;
                }
                for t in held(case, p, placement) {
                    *filled.seated.entry((q, t)).or_default() += 1;
                }
            }
        }
        for people in filled.who.values_mut() {
            people.sort_by_key(|(p, from, _)| (*from, *p));
        }
        filled
    }

    pub(super) fn at(&self, case: &Case, q: PositionIx, t: Period) -> Taken {
        let position = &case.positions[q];
        let taken = self.seated.get(&(q, t)).copied().unwrap_or(0);
        let seats = position.seats.get(t).copied().unwrap_or(0);
        let closed = !at(&position.open, t);
        let over = taken > seats || (closed && taken > 0);
        Taken { taken, seats, needed: needed(case, q, t), short: self.short(case, q, t) > 0, over, closed }
    }

    fn short(&self, case: &Case, q: PositionIx, t: Period) -> u32 {
        needed(case, q, t).saturating_sub(self.working.get(&(q, t)).copied().unwrap_or(0))
    }

    fn people(&self, case: &Case, q: PositionIx, columns: usize) -> String {
        let who = self.who.get(&q).map(Vec::as_slice).unwrap_or_default();
        if who.is_empty() {
            return wrap("      ", &[("nobody".to_owned(), DIM)], columns);
        }
        super::mentors::people_in(case, who, columns)
    }
}

/// Leave periods inside a placement that keep its seat.
fn held(case: &Case, p: ParticipantIx, placement: &Placement) -> Vec<Period> {
    let leave = &case.participants[p].timeline.leave;
    leave.iter().filter(|(t, l)| l.holds_seat && placement.covers(**t)).map(|(t, _)| *t).collect()
}

/// The demand that counts: none while position or site is closed.
fn needed(case: &Case, q: PositionIx, t: Period) -> u32 {
    let position = &case.positions[q];
    if at(&position.open, t) { position.demand.get(t).copied().unwrap_or(0) } else { 0 }
}

fn at(open: &Table<Period, bool>, t: Period) -> bool {
    open.get(t).copied().unwrap_or(false)
}

/// Which marks are used, so that the legend explains those and no others.
#[derive(Default)]
struct Marks {
    short: bool,
    over: bool,
    closed: bool,
}

impl Marks {
    fn legend(&self, columns: usize) -> String {
        let mut said = vec!["2/3 two of three seats taken"];
        if self.short {
            said.push("▾ fewer people than the business needs");
        }
        if self.over {
            said.push("! more people than seats");
        }
        if self.closed {
            said.push("– closed");
        }
        wrap_plain("", &said.join("; "), columns)
    }
}

fn cell(case: &Case, filled: &Filled, q: PositionIx, t: Period, marks: &mut Marks) -> Cell {
    let Taken { taken, seats, short, over, closed, .. } = filled.at(case, q, t);
    if closed && taken == 0 {
        marks.closed = true;
        return Cell { mark: None, text: "–".to_owned(), style: DIM };
    }
    marks.short |= short;
    marks.over |= over;
    let style = if short || over {
        BAD
    } else if taken == 0 {
        DIM
    } else {
        PLAIN
    };
    let mark = if over { Some("!") } else { short.then_some("▾") };
    Cell { mark, text: format!("{taken}/{seats}"), style }
}
