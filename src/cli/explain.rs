//! `explain`: what is short, what conflicts, why someone is where they are, what one more is worth.

use std::time::Duration;

use super::args::ExplainArgs;
use super::plan::{listen_for_interrupt, options};
use super::{Exit, Halt, fault, out, read_instance, read_plan_file};
use crate::explain::diagnose;
use crate::report::{Look, diagnosis};
use crate::solve::Options;

/// Seconds that an explanation may take where no time limit is given.
const PATIENCE: u64 = 120;

/// Explains an instance: supply against demand, and why there is no plan, if there is none.
pub(super) fn explain(args: &ExplainArgs) -> Result<Exit, Halt> {
    let Some(instance) = &args.instance else { return Ok(Exit::Usage) };
    let taken = read_instance(instance)?;
    let known = args.plan.as_ref().map(|path| read_plan_file(path, &taken)).transpose()?;
    let asked = options(&args.search);
    let limited = Options { time_limit: Some(asked.time_limit.unwrap_or(Duration::from_secs(PATIENCE))), ..asked };
    let stop = listen_for_interrupt(|| out::talk("stopping; what is known by then is said"));
    let known = known.map(|read| read.plan);
    let found = diagnose(&taken.case, &taken.policy, known, &limited, &stop).map_err(|e| Halt::new(Exit::Failed, fault(&e)))?;
    out::print(&diagnosis(&taken.case, &found, &Look::default()))?;
    Ok(if stop.asked() { Exit::Interrupted } else { Exit::Done })
}
