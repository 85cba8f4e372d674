//! `swaps`: what people could take over from each other.

use super::args::SwapsArgs;
use super::explain::{failed, with_plan};
use super::plan::cores;
use super::{Exit, Halt, out};
use crate::desk::swaps as found;
use crate::report::{Look, swapped};

/// Finds swaps, says what each changes, and writes the plan with one of them.
pub(super) fn swaps(args: &SwapsArgs) -> Result<Exit, Halt> {
    let (taken, read) = with_plan(&args.of.instance, &args.of.plan)?;
    if let Some(output) = &args.output {
        [&args.of.instance, &args.of.plan].into_iter().try_for_each(|file| out::spare(file, output))?;
        super::workbook::can_write(output)?;
    }
    let (longest, most) = (usize::from(args.longest), usize::from(args.most));
    let swaps = found(&taken.case, &taken.policy, &read.plan, longest, most, cores(args.threads)).map_err(failed)?;
    let text = swapped(&taken.case, &read.plan, &swaps, &Look::default());
    let Some(output) = &args.output else {
        out::print(&text)?;
        return Ok(Exit::Done);
    };
    out::as_it_stands(&text);
    let Some(swap) = swaps.gentle.iter().chain(&swaps.cheap).nth(usize::from(args.take) - 1) else {
        return Err(Halt::new(Exit::NoPlan, format!("there is no swap of number {}; nothing was written", args.take)));
    };
    super::place::write(output, &taken, &swap.plan, "swaps")?;
    Ok(Exit::Done)
}
