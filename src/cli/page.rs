//! `report`: a plan as one web page.

use std::path::{Path, PathBuf};

use super::args::ReportArgs;
use super::{Exit, Halt, out, read_instance, read_plan_file};
use crate::audit::audit;
#[cfg(feature = "plan")]
use crate::intake::Intake;
#[cfg(feature = "plan")]
use crate::io::ReadPlan;
#[cfg(feature = "plan")]
use crate::report::Side;
use crate::report::{Shown, html};

/// Writes a plan as one web page that needs nothing else.
pub(super) fn report(args: &ReportArgs) -> Result<Exit, Halt> {
    let output = args.output.clone().unwrap_or_else(|| beside(&args.plan));
    for input in inputs(args) {
        out::spare(input, &output)?;
    }
    let taken = read_instance(&args.instance)?;
    let read = read_plan_file(&args.plan, &taken)?;
    let seen = audit(&taken.case, &taken.policy, &read.plan);
    #[cfg(feature = "plan")]
    let before = before(args, &taken)?;
    #[cfg(feature = "plan")]
    let before_seen = before.as_ref().map(|(taken, read)| audit(&taken.case, &taken.policy, &read.plan));
    let shown = Shown {
        case: &taken.case,
        policy: &taken.policy,
        plan: &read.plan,
        audit: &seen,
        file: &read.file,
        #[cfg(feature = "plan")]
        against: before.as_ref().zip(before_seen.as_ref()).map(|((taken, read), audit)| Side { case: &taken.case, plan: &read.plan, audit }),
    };
    let page = html(&shown).map_err(|e| Halt::new(Exit::Failed, format!("no page could be made: {e}")))?;
    out::write(&output, &page)?;
    if output != Path::new("-") {
        out::talk(&format!("written: {}\nopen it in any browser", output.display()));
    }
    Ok(Exit::Done)
}

/// The other plan, and its instance.
#[cfg(feature = "plan")]
fn before(args: &ReportArgs, taken: &Intake) -> Result<Option<(Intake, ReadPlan)>, Halt> {
    let Some(plan) = &args.against else { return Ok(None) };
    let taken = match &args.against_instance {
        Some(instance) => read_instance(instance)?,
        None => taken.clone(),
    };
    let read = read_plan_file(plan, &taken)?;
    Ok(Some((taken, read)))
}

/// All files that are read.
fn inputs(args: &ReportArgs) -> Vec<&PathBuf> {
    let inputs = vec![&args.instance, &args.plan];
    #[cfg(feature = "plan")]
    let inputs = inputs.into_iter().chain(&args.against).chain(&args.against_instance).collect();
    inputs
}

/// Where the page goes if nothing else is said: beside the plan, with its name, or in this folder for a plan from standard input.
fn beside(plan: &Path) -> PathBuf {
    if plan == Path::new("-") { PathBuf::from("plan.html") } else { plan.with_extension("html") }
}
