//! Intake: from the raw rows of an instance to a valid [`Case`] and [`Policy`], or to all problems at once.
//!
//! Every default of the format is filled in here and nowhere else, and every check is made here: below this line nothing is
//! invalid. A broken reference does not stop the checking: it becomes an index that opens no table, and the case is given out
//! only if there was no error.

mod at;
mod checks;
pub mod codes;
mod context;
mod known;
mod links;
mod participants;
mod people;
mod places;
mod policy;
mod prerequisites;
#[cfg(test)]
mod tests;
mod time;
mod timeline;
mod tracks;
mod wishes;

use std::path::Path;

use context::Context;

use crate::domain::{Case, Policy};
use crate::io::raw::Instance;
use crate::io::{Document, Problem, hash, read_bytes, without_echoes};

/// An instance that was taken in.
#[derive(Debug, Clone)]
pub struct Intake {
    /// The facts.
    pub case: Case,
    /// How the rules are set.
    pub policy: Policy,
    /// What is odd about the instance, but no error.
    pub warnings: Vec<Problem>,
}

/// Takes in an instance from the bytes of its file.
///
/// # Errors
/// All problems, errors first, if there is an error among them.
pub fn intake(bytes: &[u8]) -> Result<Intake, Vec<Problem>> {
    intake_rows(bytes).map(|(_, taken)| taken)
}

/// Takes in an instance from the bytes of its file, and gives its raw rows too: what scenarios change.
///
/// # Errors
/// As [`intake`].
pub fn intake_rows(bytes: &[u8]) -> Result<(Instance, Intake), Vec<Problem>> {
    let document = Document::parse(bytes).map_err(|p| vec![p])?;
    let (read, sha256) = rayon::join(|| rows(&document), || hash(&document));
    let (raw, taken) = read?;
    Ok((raw, Intake { case: Case { sha256, ..taken.case }, ..taken }))
}

/// Takes in the rows of a document; what it is known by is not among them.
fn rows(document: &Document<'_>) -> Result<(Instance, Intake), Vec<Problem>> {
    let (raw, reading) = document.read::<Instance>();
    if raw.format == "rungs-plan/1" {
        // The wrong file: that it lacks everything an instance has is no news.
        let mut problems: Vec<Problem> = checks::format(&raw.format).into_iter().collect();
        document.locate(&mut problems);
        return Err(problems);
    }
    let (case, policy, found) = build(&raw);
    let mut problems = without_echoes(reading, found);
    document.locate(&mut problems);
    if problems.iter().any(Problem::is_error) {
        return Err(problems);
    }
    Ok((raw, Intake { case, policy, warnings: problems }))
}

/// The calendar of an instance that was taken in.
#[cfg(feature = "plan")]
pub(crate) fn calendar(raw: &Instance) -> crate::words::Calendar {
    time::Time::new(&raw.calendar, &mut Vec::new()).calendar
}

/// Takes in an instance file.
///
/// # Errors
/// As [`intake`], and if the file cannot be read.
pub fn intake_file(path: &Path) -> Result<Intake, Vec<Problem>> {
    intake(&read_bytes(path).map_err(|p| vec![p])?)
}

/// The case and policy of raw rows, and every problem. They are valid only if no problem is an error.
fn build(raw: &Instance) -> (Case, Policy, Vec<Problem>) {
    let mut context = Context::new(raw);
    context.problems.extend(checks::format(&raw.format));
    checks::required_lists(&mut context);
    let policy = policy::policy(&mut context);
    let competencies = places::competencies(&mut context);
    let roles = places::roles(&mut context, &competencies);
    let sites = places::sites(&mut context);
    let positions = places::positions(&mut context, &roles, &sites);
    let mentors = people::mentors(&mut context);
    let tracks = tracks::tracks(&mut context, &roles, &positions, &policy);
    let targets = tracks::targets(&mut context, &competencies);
    let cohorts = tracks::cohorts(&mut context);
    let participants = participants::participants(
        &mut context,
        &participants::Facts { competencies: &competencies, roles: &roles, tracks: &tracks, cohorts: &cohorts },
    );
    let groups = links::groups(&mut context);
    let relocation = links::relocation(&mut context);
    let baseline = links::baseline(&mut context);
    let people = people::people(&mut context);
    let case = Case {
        name: raw.name.clone().filter(|n| !n.trim().is_empty()).unwrap_or_else(|| "unnamed".to_owned()),
        currency: raw.currency.clone().unwrap_or_else(|| "USD".to_owned()),
        sha256: String::new(),
        calendar: context.time.calendar.clone(),
        competencies,
        stages: places::stages(&context),
        families: context.known.families.table(),
        kinds: context.known.kinds.table(),
        regions: context.known.regions.table(),
        countries: context.known.countries.table(),
        credentials: context.known.credentials.table(),
        roles,
        sites,
        positions,
        people,
        mentors,
        tracks,
        targets,
        cohorts,
        participants,
        groups,
        relocation,
        baseline,
    };
    prerequisites::cycles(&mut context, &case, &policy);
    checks::currents(&mut context, &case);
    checks::pins(&mut context, &case, &policy);
    checks::levels(&mut context, &case, &policy);
    checks::mentors(&mut context, &case, &policy);
    (case, policy, context.problems)
}
