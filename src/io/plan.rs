//! Reading a plan file against the facts it is about.

use std::collections::{HashMap, HashSet};

use super::document::Document;
use super::plan_file::{MentorRow, PlacementRow, PlanFile};
use super::problem::{Problem, suggest};
use super::raw::Period as RawPeriod;
use crate::domain::{Case, MentorIx, Mentoring, ParticipantIx, Placement, Plan, PositionIx};
use crate::words::{Index, Period, Table};

/// A plan file that was read.
#[derive(Debug, Clone)]
pub struct ReadPlan {
    /// The plan: paths in time order.
    pub plan: Plan,
    /// The file as it stands, with what it claims.
    pub file: PlanFile,
    /// What is odd about it.
    pub warnings: Vec<Problem>,
}

/// Reads a plan file. A plan made by hand may hold `placements` alone.
///
/// Only the file's own sense is checked here (ids, spans, the horizon); whether the plan keeps the rules is the audit's.
///
/// # Errors
/// All problems of the file, if there is an error among them.
pub fn read_plan(bytes: &[u8], case: &Case) -> Result<ReadPlan, Vec<Problem>> {
    let document = Document::parse(bytes).map_err(|p| vec![p])?;
    let (file, reading) = document.read::<PlanFile>();
    let mut problems = Vec::new();
    check_format(&file, &mut problems);
    if file.format.as_deref() == Some("rungs/1") {
        // The wrong file: that it lacks everything a plan has is no news.
        document.locate(&mut problems);
        return Err(problems);
    }
    check_instance(&file, case, &mut problems);
    let (ids, moved_on) = (Ids::new(case), problems.iter().any(|p| p.code == OTHER_INSTANCE));
    let mut paths: Table<ParticipantIx, Vec<Placement>> = case.participants.ids().map(|_| Vec::new()).collect();
    for (i, row) in file.placements.0.iter().enumerate() {
        let mut checked = Checked { case, ids: &ids, moved_on, problems: Vec::new() };
        let path = format!("placements[{i}]");
        if let Some((participant, placement)) = checked.placement(&path, row) {
            paths[participant].push(placement);
        }
        problems.extend(checked.problems);
    }
    problems = without_echoes(reading, problems);
    document.locate(&mut problems);
    if problems.iter().any(Problem::is_error) {
        // That it is of another instance explains the rest.
        problems.sort_by_key(|problem| problem.code != OTHER_INSTANCE);
        return Err(problems);
    }
    let sorted = paths.rows().iter().map(|path| {
        let mut path = path.clone();
        path.sort_by_key(|p| (p.from, p.until, p.position));
        path
    });
    Ok(ReadPlan { plan: Plan { paths: sorted.collect() }, file, warnings: problems })
}

/// The problems of reading, then those found later, without what only echoes them: found at, or inside, a part that could
/// not be read.
#[must_use]
pub(crate) fn without_echoes(reading: Vec<Problem>, later: Vec<Problem>) -> Vec<Problem> {
    let broken: HashSet<&str> = reading.iter().map(|p| p.place.path.as_str()).collect();
    let echoes = |path: &str| {
        let ends = path.match_indices(['.', '[']).map(|(i, _)| i).chain([path.len()]);
        ends.filter(|end| *end > 0).any(|end| broken.contains(&path[..end]))
    };
    if broken.contains("") {
        return reading;
    }
    let fresh: Vec<Problem> = later.into_iter().filter(|p| !echoes(&p.place.path)).collect();
    reading.into_iter().chain(fresh).collect()
}

fn check_format(file: &PlanFile, problems: &mut Vec<Problem>) {
    match file.format.as_deref() {
        None | Some("rungs-plan/1") => {}
        Some("rungs/1") => {
            problems.push(Problem::error("E107", "format", "this is an instance (format 'rungs/1'), not a plan").hint("give the plan file here"))
        }
        Some(other) => problems
            .push(Problem::error("E107", "format", format!("the format '{other}' is not known")).hint("a plan has the format \"rungs-plan/1\"")),
    }
}

/// The plan is of another instance, or another state of it.
const OTHER_INSTANCE: &str = "W703";

fn check_instance(file: &PlanFile, case: &Case, problems: &mut Vec<Problem>) {
    let Some(instance) = &file.instance else { return };
    if let Some(hash) = &instance.sha256
        && !hash.eq_ignore_ascii_case(&case.sha256)
    {
        let what = match instance.name.as_deref().filter(|name| *name != case.name) {
            Some(other) => format!("the plan was made for the instance '{other}', and this is '{}'", case.name),
            None => format!("the plan was made for another state of the instance '{}'", case.name),
        };
        problems.push(Problem::warning(OTHER_INSTANCE, "instance.sha256", what).hint(format!(
            "the plan says {}, the instance is {}; what the plan claims may no longer hold",
            short(hash),
            short(&case.sha256)
        )));
    }
}

fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}

/// Indices by id.
struct Ids<'c> {
    participants: HashMap<&'c str, ParticipantIx>,
    positions: HashMap<&'c str, PositionIx>,
    mentors: HashMap<&'c str, MentorIx>,
}

impl<'c> Ids<'c> {
    fn new(case: &'c Case) -> Self {
        Self {
            participants: case.participants.iter().map(|(i, p)| (p.named.id.as_str(), i)).collect(),
            positions: case.positions.iter().map(|(i, p)| (p.id.as_str(), i)).collect(),
            mentors: case.mentors.iter().map(|(i, m)| (m.named.id.as_str(), i)).collect(),
        }
    }
}

struct Checked<'a> {
    case: &'a Case,
    ids: &'a Ids<'a>,
    /// The plan was made for another state of the instance.
    moved_on: bool,
    problems: Vec<Problem>,
}

impl Checked<'_> {
    fn placement(&mut self, path: &str, row: &PlacementRow) -> Option<(ParticipantIx, Placement)> {
        let ids = self.ids;
        let participant = self.find(&ids.participants, &row.participant, format!("{path}.participant"), "participant");
        let position = self.find(&ids.positions, &row.position, format!("{path}.position"), "position");
        let span = self.span(path, &format!("placement of '{}'", row.participant), Some(&row.from), Some(&row.until), None);
        let mentors: Option<Vec<Mentoring>> =
            row.mentors.iter().enumerate().map(|(i, m)| self.mentor(&format!("{path}.mentors[{i}]"), m, span)).collect();
        let ((from, until), mut mentors) = (span?, mentors?);
        mentors.sort_by_key(|m| (m.from, m.until, m.mentor));
        Some((participant?, Placement { position: position?, from, until, mentors }))
    }

    fn mentor(&mut self, path: &str, row: &MentorRow, placement: Option<(Period, Period)>) -> Option<Mentoring> {
        let ids = self.ids;
        let mentor = self.find(&ids.mentors, &row.mentor, format!("{path}.mentor"), "mentor");
        let span = self.span(path, &format!("support by '{}'", row.mentor), row.from.as_ref(), row.until.as_ref(), placement);
        let (from, until) = span?;
        Some(Mentoring { mentor: mentor?, from, until })
    }

    fn find<I: Copy>(&mut self, ids: &HashMap<&str, I>, id: &str, path: String, noun: &str) -> Option<I> {
        if let Some(found) = ids.get(id) {
            return Some(*found);
        }
        let mut problem = Problem::error("E701", path, format!("the plan names a {noun} '{id}' that the instance does not have"));
        let mut candidates: Vec<&str> = ids.keys().copied().collect();
        candidates.sort_unstable();
        let near = suggest(id, candidates).map(|near| format!("did you mean '{near}'?"));
        let gone = self.moved_on.then(|| format!("if this {noun} was taken out of the instance since: rungs replan BEFORE --plan PLAN --now AFTER"));
        problem.hint = (near.is_some() || gone.is_some()).then(|| near.into_iter().chain(gone).collect::<Vec<_>>().join("; "));
        self.problems.push(problem);
        None
    }

    /// A span inside the horizon, with these ends where one is not given.
    fn span(
        &mut self,
        path: &str,
        what: &str,
        from: Option<&RawPeriod>,
        until: Option<&RawPeriod>,
        or: Option<(Period, Period)>,
    ) -> Option<(Period, Period)> {
        let or = |end: fn((Period, Period)) -> Period| or.map(|span| end(span).index() as i64);
        let first = from.map_or_else(|| or(|s| s.0), |p| self.period(&format!("{path}.from"), p))?;
        let after = until.map_or_else(|| or(|s| s.1), |p| self.period(&format!("{path}.until"), p))?;
        if let Some(RawPeriod::Text(text)) = until
            && self.case.calendar.is_mid_period(text)
        {
            let what = format!("'until' {text} is not a period's first day: the period that it lies in is not part of the {what}");
            self.problems.push(Problem::warning("W101", format!("{path}.until"), what));
        }
        let count = self.case.calendar.count as i64;
        let wrong = if first >= after {
            format!("the {what} ends before it begins: from {first} until {after}")
        } else if first < 0 || after > count {
            format!("the {what} lies outside the horizon: from {first} until {after}, and the horizon is 0 until {count}")
        } else {
            return Some((Period::new(usize::try_from(first).ok()?), Period::new(usize::try_from(after).ok()?)));
        };
        self.problems.push(Problem::error("E702", path, wrong).hint("'until' is the period after the last one worked"));
        None
    }

    fn period(&mut self, path: &str, period: &RawPeriod) -> Option<i64> {
        match period {
            RawPeriod::Index(i) => Some(*i),
            RawPeriod::Text(text) => self.case.calendar.resolve(text).map_or_else(
                |_| {
                    self.problems.push(Problem::error("E303", path, format!("'{text}' names no period")));
                    None
                },
                Some,
            ),
        }
    }
}
