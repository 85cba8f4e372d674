//! Mentors, whom they support and how much they carry.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::Audit;
use crate::domain::{Case, MentorIx, ParticipantIx, Plan};
use crate::words::{Index, Period};

use super::Look;
use super::grid::{self, Cell, Line};
use super::paths::ladder_notice;
use super::text::{BAD, BOLD, DIM, GOOD, PLAIN, WARN, count, number, styled, wrap, wrap_plain};

/// Per mentor and period, how many mentees of how many possible; below each mentor the mentees by name; then what is not
/// covered and how often a mentor changes.
#[must_use]
pub fn mentors(case: &Case, plan: &Plan, audit: &Audit, look: &Look) -> String {
    let columns = look.columns();
    let mut out = styled("Mentors and mentees, by period", BOLD) + "\n";
    if let Some(notice) = ladder_notice(audit) {
        out.push_str(&wrap("", &[(notice, WARN)], columns));
    }
    if case.mentors.is_empty() {
        return out + "\nThe instance lists no mentors.\n";
    }
    let support = Support::of(case, plan);
    let mut shown: Vec<MentorIx> = case.mentors.ids().filter(|m| support.mentees.contains_key(m)).collect();
    let idle: Vec<String> =
        case.mentors.iter().filter(|(m, _)| !support.mentees.contains_key(m)).map(|(_, mentor)| mentor.named.name.clone()).collect();
    let left = shown.len().saturating_sub(look.limit);
    shown.truncate(look.limit);
    let (mut over, mut away) = (false, false);
    let mut lines = Vec::new();
    for m in shown {
        let cells = case.calendar.periods().map(|t| cell(case, &support, m, t, &mut over, &mut away)).collect();
        lines.push(Line::Row { name: case.mentors[m].named.name.clone(), cells, below: support.names(case, m, columns) });
    }
    out.push('\n');
    out.push_str(&grid::draw(&case.calendar, &lines, columns));
    out.push_str(&look.rest(left, "mentor", "mentors"));
    out.push('\n');
    out.push_str(&support.covered(case, look));
    out.push_str(&format!("{}\n", changes(audit.mentor_changes)));
    if !idle.is_empty() {
        let names = if idle.len() > look.limit { count(idle.len(), "mentor", "mentors") } else { idle.join(", ") };
        out.push_str(&wrap("", &[(format!("Without a mentee: {names}."), DIM)], columns));
    }
    let mut said = vec!["1/2 one mentee of two possible"];
    if over {
        said.push("! too many, or the mentor is not available");
    }
    if away {
        said.push("– not available");
    }
    out.push_str(&wrap_plain("", &said.join("; "), columns));
    out
}

/// How often a mentor changes, in words.
pub(super) fn changes(n: usize) -> String {
    if n == 0 { "Nobody changes mentor.".to_owned() } else { format!("{} of mentor.", count(n, "change", "changes")) }
}

/// Worked periods with a mentor, and all worked periods.
pub(super) fn coverage(case: &Case, plan: &Plan) -> (usize, usize) {
    let support = Support::of(case, plan);
    (support.periods - support.bare.values().map(Vec::len).sum::<usize>(), support.periods)
}

/// Names with their spans, each name once: `Amara Okafor 2027-Q1 to 2027-Q3, 2028-Q2; Diego Ruiz 2027-Q4`.
pub(super) fn people_in(case: &Case, spans: &[(ParticipantIx, Period, Period)], columns: usize) -> String {
    let mut people: Vec<(ParticipantIx, Vec<String>)> = Vec::new();
    for (p, from, until) in spans {
        let words = case.span(*from, *until);
        match people.iter_mut().find(|(who, _)| who == p) {
            Some((_, list)) => list.push(words),
            None => people.push((*p, vec![words])),
        }
    }
    let names: Vec<String> = people.iter().map(|(p, spans)| format!("{} {}", case.participants[*p].named.name, spans.join(", "))).collect();
    wrap("      ", &[(names.join("; "), PLAIN)], columns)
}

/// Who supports whom.
pub(super) struct Support {
    load: BTreeMap<(MentorIx, Period), BTreeSet<ParticipantIx>>,
    /// Whom, from when until when, in time order.
    pub(super) mentees: BTreeMap<MentorIx, Vec<(ParticipantIx, Period, Period)>>,
    /// Worked periods without a mentor.
    bare: BTreeMap<ParticipantIx, Vec<Period>>,
    /// All worked periods.
    periods: usize,
}

/// A mentor in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Load {
    /// Mentees.
    pub(super) mentees: usize,
    /// Mentees at once, at most; 0 while away.
    pub(super) capacity: usize,
    /// More than that.
    pub(super) over: bool,
    /// Not available.
    pub(super) away: bool,
}

impl Support {
    pub(super) fn at(&self, case: &Case, m: MentorIx, t: Period) -> Load {
        let mentor = &case.mentors[m];
        let mentees = self.load.get(&(m, t)).map_or(0, BTreeSet::len);
        let away = !mentor.available.get(t).copied().unwrap_or(false);
        let capacity = if away { 0 } else { mentor.capacity.get(t).copied().unwrap_or(0) as usize };
        Load { mentees, capacity, over: mentees > capacity, away }
    }

    pub(super) fn of(case: &Case, plan: &Plan) -> Self {
        let mut s = Self { load: BTreeMap::new(), mentees: BTreeMap::new(), bare: BTreeMap::new(), periods: 0 };
        for (p, path) in plan.paths.iter() {
            for placement in path {
                for m in &placement.mentors {
                    let spans = s.mentees.entry(m.mentor).or_default();
                    match spans.last_mut() {
                        Some((who, _, until)) if *who == p && *until == m.from => *until = m.until,
                        _ => spans.push((p, m.from, m.until)),
                    }
                }
                for t in case.participants[p].timeline.worked(placement) {
                    s.periods += 1;
                    let mut by = placement.mentors.iter().filter(|m| m.covers(t)).peekable();
                    if by.peek().is_none() {
                        s.bare.entry(p).or_default().push(t);
                    }
                    for m in by {
                        s.load.entry((m.mentor, t)).or_default().insert(p);
                    }
                }
            }
        }
        for spans in s.mentees.values_mut() {
            spans.sort_by_key(|(p, from, _)| (*from, *p));
        }
        s
    }

    fn names(&self, case: &Case, m: MentorIx, columns: usize) -> String {
        people_in(case, &self.mentees[&m], columns)
    }

    fn covered(&self, case: &Case, look: &Look) -> String {
        let bare: usize = self.bare.values().map(Vec::len).sum();
        if bare == 0 {
            return styled(&format!("Every worked period has a mentor ({}).", number(self.periods as f64)), GOOD) + "\n";
        }
        let head = format!("{} of {} without a mentor:", number(bare as f64), count(self.periods, "worked period", "worked periods"));
        let mut out = wrap("", &[(head, BAD)], look.columns());
        for (p, periods) in self.bare.iter().take(look.limit) {
            let spans: Vec<String> = runs(periods).iter().map(|(a, b)| case.span(*a, *b)).collect();
            out.push_str(&wrap_plain("   ", &format!("{} {}", case.participants[*p].named.name, spans.join(", ")), look.columns()));
        }
        out + &look.rest(self.bare.len().saturating_sub(look.limit), "person", "people")
    }
}

/// Periods in a row as spans, end exclusive.
fn runs(periods: &[Period]) -> Vec<(Period, Period)> {
    let mut runs: Vec<(Period, Period)> = Vec::new();
    for t in periods {
        let after = Period::new(t.index() + 1);
        match runs.last_mut() {
            Some((_, until)) if until == t => *until = after,
            _ => runs.push((*t, after)),
        }
    }
    runs
}

fn cell(case: &Case, support: &Support, m: MentorIx, t: Period, over: &mut bool, away: &mut bool) -> Cell {
    let Load { mentees: load, capacity, over: too_many, away: gone } = support.at(case, m, t);
    if load == 0 && gone {
        *away = true;
        return Cell { mark: None, text: "–".to_owned(), style: DIM };
    }
    *over |= too_many;
    let style = if too_many {
        BAD
    } else if load == 0 {
        DIM
    } else {
        PLAIN
    };
    Cell { mark: too_many.then_some("!"), text: format!("{load}/{capacity}"), style }
}
