//! `place`: where one late arrival can go.

use std::path::Path;

use super::args::PlaceArgs;
use super::explain::{failed, find_participant};
use super::plan::row;
use super::{Exit, Halt, out, read_instance, read_plan_file};
use crate::audit::{audit, rule_id};
use crate::brief::brief;
use crate::desk::{assign_mentors, places, unplaced};
use crate::domain::Plan;
use crate::intake::Intake;
use crate::io::compose;
use crate::io::plan_file::{PlanFile, Solver, Status};
use crate::report::{Look, placed};

/// Says where one late arrival can go, and writes the plan with one of these places taken.
pub(super) fn place(args: &PlaceArgs) -> Result<Exit, Halt> {
    let taken = read_instance(&args.instance)?;
    let read = read_plan_file(&args.plan, &taken)?;
    let case = &taken.case;
    let who = find_participant(case, &args.person)?;
    let name = &case.participants[who].named.name;
    if !read.plan.paths[who].is_empty() {
        let what = format!("{name} has a place in {}", args.plan.display());
        return Err(Halt::new(Exit::Usage, format!("{what}\n  hint: `rungs explain why` says what else there is for somebody who has one")));
    }
    if let Some(output) = &args.output {
        [&args.instance, &args.plan].into_iter().try_for_each(|file| out::spare(file, output))?;
        super::workbook::can_write(output)?;
    }
    let offers = places(case, &taken.policy, &read.plan, who, usize::from(args.most)).map_err(failed)?;
    let text = placed(case, who, &offers, &Look::default());
    let Some(output) = &args.output else {
        out::print(&text)?;
        return Ok(if offers.is_empty() { Exit::NoPlan } else { Exit::Done });
    };
    out::as_it_stands(&text);
    let Some(offer) = offers.get(usize::from(args.take) - 1) else {
        return Err(Halt::new(Exit::NoPlan, format!("there is no place of rank {}; nothing was written", args.take)));
    };
    let plan = assign_mentors(&brief(case, &taken.policy), offer.taken(&read.plan, who)).map_err(failed)?;
    write(output, &taken, &plan, "place")?;
    Ok(Exit::Done)
}

/// Writes a plan that was made from another one by hand or rank, audited.
pub(super) fn write(output: &Path, taken: &Intake, plan: &Plan, method: &str) -> Result<(), Halt> {
    let (case, told) = (&taken.case, brief(&taken.case, &taken.policy));
    let seen = audit(case, &taken.policy, plan);
    let broken: Vec<&str> = seen.breaches().map(|o| rule_id(o.rule)).collect();
    if !broken.is_empty() {
        let what = format!("the new plan breaks {}, as the plan given does. Nothing was written", broken.join(", "));
        return Err(Halt::new(Exit::Found, what));
    }
    let idle = unplaced(&told, plan, taken.policy.named("coverage").on());
    let file = PlanFile {
        status: Some(Status::Feasible),
        unplaced: idle.iter().map(|u| row(case, u)).collect(),
        solver: Some(Solver { version: Some(format!("rungs {}", env!("CARGO_PKG_VERSION"))), method: Some(method.to_owned()), ..Solver::default() }),
        ..compose(case, plan, &seen)
    };
    super::workbook::write_plan(output, taken, plan, &file)?;
    if output != Path::new("-") {
        out::as_it_stands(&format!("\nwritten: {}", output.display()));
    }
    Ok(())
}
