//! `check` and `show`: a plan held against the facts, and a plan in the terminal.

use super::args::{CheckArgs, Part, ShowArgs};
use super::{Exit, Halt, out, read_instance, read_plan_file};
use crate::audit::{Audit, audit};
use crate::brief::brief;
use crate::domain::Plan;
use crate::intake::Intake;
use crate::io::plan_file::PlanFile;
use crate::io::suggest;
use crate::pricing::recompute;
use crate::report::{Look, board, bound, check as checked, costs, details, differences, ladder_svg, mentors, positions};
use crate::rules::{RULES, find, rule};

/// Audits a plan and says every breach, and every stated number that the audit does not confirm.
pub(super) fn check(args: &CheckArgs) -> Result<Exit, Halt> {
    let Some(plan) = &args.plan else { return super::workbook::check_instance(args) };
    let taken = read_instance(&args.instance)?;
    let read = match &args.mark {
        Some(mark) => super::workbook::mark_plan(plan, &taken, mark)?,
        None => read_plan_file(plan, &taken)?,
    };
    let seen = audit(&taken.case, &taken.policy, &read.plan);
    let different = differences(&taken.case, &read.plan, &seen, &read.file);
    let claim = args.bound.then(|| claimed(&taken, &read.file, &read.plan));
    if args.json {
        let mut found = findings(&seen, different.len());
        if let Some(claim) = &claim {
            found["bound"] = serde_json::json!({"claimed": claim.claimed, "recomputed": claim.recomputed.as_ref().ok(),
                "refused": claim.recomputed.as_ref().err(), "confirmed": claim.holds()});
        }
        out::print(&out::json(&found)?)?;
    } else {
        let mut text = checked(&taken.case, &read.plan, &seen, Some(&read.file), &Look::default());
        if let Some(claim) = &claim {
            text += &bound(claim.claimed.unwrap_or(f64::NAN), claim.recomputed.as_ref().map(|b| *b).map_err(String::as_str), &Look::default());
            text += &beyond(&read.file, claim);
        }
        out::print(&text)?;
    }
    let confirmed = claim.is_none_or(|claim| claim.holds());
    Ok(if seen.legal() && different.is_empty() && confirmed { Exit::Done } else { Exit::Found })
}

/// A claimed bound, and what its certificate gives.
struct Claim {
    claimed: Option<f64>,
    recomputed: Result<f64, String>,
}

impl Claim {
    fn holds(&self) -> bool {
        matches!((self.claimed, &self.recomputed), (Some(claimed), Ok(found)) if *found >= claimed - 1e-6 * claimed.abs().max(1.0))
    }
}

/// Recomputes the bound of a plan's certificate.
fn claimed(taken: &Intake, file: &PlanFile, plan: &Plan) -> Claim {
    let Some(certificate) = &file.certificate else {
        return Claim { claimed: file.bound, recomputed: Err("the plan carries no certificate to recompute it from".to_owned()) };
    };
    let recomputed = recompute(&brief(&taken.case, &taken.policy), certificate, Some(plan)).map_err(|wrong| wrong.join("; "));
    Claim { claimed: certificate.bound.or(file.bound), recomputed }
}

/// A bound that the plan states beyond the certified one, by branching, by listing or because costs are whole.
fn beyond(file: &PlanFile, claim: &Claim) -> String {
    match (file.bound, claim.claimed) {
        (Some(stated), Some(certified)) if claim.holds() && stated > certified + 1e-6 * certified.abs().max(1.0) => {
            format!(
                "The plan states a bound of {stated:.3}, proven by listing paths, or because costs are whole numbers; certified are {certified:.3}.\n"
            )
        }
        _ => String::new(),
    }
}

/// Shows a plan.
pub(super) fn show(args: &ShowArgs) -> Result<Exit, Halt> {
    let taken = read_instance(&args.instance)?;
    let read = read_plan_file(&args.plan, &taken)?;
    let (case, plan) = (&taken.case, &read.plan);
    let seen = audit(case, &taken.policy, plan);
    let look = if args.all { Look { limit: usize::MAX, ..Look::default() } } else { Look::default() };
    if let Some(file) = &args.svg {
        out::spare(&args.instance, file)?;
        out::spare(&args.plan, file)?;
        let everyone: Vec<_> = if args.all { case.participants.ids().collect() } else { Vec::new() };
        out::write(file, &ladder_svg(case, plan, &seen, &everyone))?;
        return Ok(Exit::Done);
    }
    if let Some(id) = &args.details {
        let Some(ix) = find(id) else { return Err(unknown_rule(id)) };
        out::print(&details(case, &seen, ix, &look))?;
        return Ok(Exit::Done);
    }
    let parts = [Part::Board, Part::Positions, Part::Mentors, Part::Costs];
    let wanted = parts.into_iter().filter(|part| args.only.is_empty() || args.only.contains(part));
    let text: Vec<String> = wanted
        .map(|part| match part {
            Part::Board => board(case, plan, &seen, &look),
            Part::Positions => positions(case, plan, &seen, &look),
            Part::Mentors => mentors(case, plan, &seen, &look),
            Part::Costs => costs(case, &seen, &look),
        })
        .collect();
    out::print(&(text.join("\n").trim_end().to_owned() + "\n"))?;
    Ok(Exit::Done)
}

/// What to say of a rule that does not exist.
pub(super) fn unknown_rule(id: &str) -> Halt {
    let near = suggest(id, RULES.iter().map(|r| r.id)).map_or("`rungs rules` lists them".to_owned(), |near| format!("did you mean '{near}'?"));
    Halt::new(Exit::Usage, format!("there is no rule '{id}'\n  hint: {near}"))
}

fn findings(seen: &Audit, differences: usize) -> serde_json::Value {
    let outcome = |o: &crate::audit::Outcome| {
        let found: Vec<_> = o.findings.iter().map(|f| serde_json::json!({"amount": f.amount, "breach": f.breach, "words": f.words})).collect();
        serde_json::json!({"id": rule(o.rule).id, "mode": o.mode.name(), "measure": o.measure, "weight": o.weight, "cost": o.cost,
            "breach": o.breach, "findings": found})
    };
    serde_json::json!({
        "legal": seen.legal(), "objective": seen.objective(), "mentor_changes": seen.mentor_changes,
        "stated_numbers_that_differ": differences, "rules": seen.outcomes.iter().map(outcome).collect::<Vec<_>>(),
    })
}
