//! What an audit says of a plan: legal, or each breach in words; its cost; and whether the plan's own numbers are true.

use crate::audit::{Audit, Finding};
use crate::domain::{Case, Mode, Plan};
use crate::io::plan_file::PlanFile;
use crate::words::told_apart;

use super::Look;
use super::costs::{lines, measure, objective, table, words};
use super::stated::{any, differences};
use super::text::{BAD, BOLD, DIM, GOOD, PLAIN, count, number, styled, wrap, wrap_plain};

/// The audit in words: legal or every breach grouped by rule, the costs, and the plan's own numbers where it states any.
#[must_use]
pub fn check(case: &Case, plan: &Plan, audit: &Audit, file: Option<&PlanFile>, look: &Look) -> String {
    let columns = look.columns();
    let mut out = verdict(audit, columns);
    for outcome in audit.breaches() {
        let mut broken: Vec<&Finding> = outcome.findings.iter().filter(|f| f.breach > 0.0).collect();
        broken.sort_by(|a, b| b.breach.total_cmp(&a.breach));
        let left = broken.len().saturating_sub(look.limit);
        broken.truncate(look.limit);
        out.push('\n');
        let head = format!("({})", if outcome.weight > 0.0 { count(broken.len() + left, "breach", "breaches") } else { measure(case, outcome) });
        out.push_str(&wrap("", &[(crate::audit::rule_id(outcome.rule).to_owned(), BOLD), (head, PLAIN)], columns));
        for finding in broken {
            out.push_str(&wrap_plain("  - ", &words(case, finding), columns));
        }
        out.push_str(&look.rest(left, "breach", "breaches"));
    }
    out.push('\n');
    out.push_str(&objective(case, audit, columns));
    if let Some(file) = file {
        out.push('\n');
        out.push_str(&statements(case, plan, audit, file, look));
    }
    out
}

fn verdict(audit: &Audit, columns: usize) -> String {
    let hard = audit.outcomes.iter().filter(|o| o.mode == Mode::Hard).count();
    let broken = audit.breaches().count();
    if broken == 0 {
        let text = format!("Legal: the plan keeps all {}.", count(hard, "hard rule", "hard rules"));
        return wrap("", &[(text, GOOD.bold())], columns);
    }
    let breaches: usize = audit.breaches().map(|o| o.findings.iter().filter(|f| f.breach > 0.0).count()).sum();
    let text = format!(
        "Not legal: {} of {}.",
        count(breaches, "breach", "breaches"),
        if broken == 1 { "one hard rule".to_owned() } else { format!("{broken} hard rules") }
    );
    wrap("", &[(text, BAD)], columns)
}

fn statements(case: &Case, plan: &Plan, audit: &Audit, file: &PlanFile, look: &Look) -> String {
    let columns = look.columns();
    let mut out = String::new();
    let stated = file.instance.as_ref().and_then(|i| i.sha256.as_ref());
    if stated.is_some_and(|s| !s.eq_ignore_ascii_case(&case.sha256)) {
        let text = "The plan was made for another instance, or the instance has changed since: the fingerprints differ.";
        out.push_str(&wrap("", &[(text.to_owned(), BAD)], columns));
    }
    let mut differences = differences(case, plan, audit, file);
    if differences.is_empty() {
        let (text, style) =
            if any(file) { ("The plan's own numbers agree with the audit.", GOOD) } else { ("The plan states no numbers of its own.", DIM) };
        return out + &styled(text, style) + "\n";
    }
    let left = differences.len().saturating_sub(look.limit);
    differences.truncate(look.limit);
    out.push_str(&wrap("", &[("The plan's own numbers do not agree with the audit:".to_owned(), BAD)], columns));
    let mut table = table(columns, &["Number", "Plan says", "Audit finds"], &[]);
    for d in differences {
        table.add_row([d.what, d.stated, d.audited]);
    }
    out + &lines(&table) + &look.rest(left, "difference", "differences")
}

/// The claim that no plan can cost less than a bound, and what recomputing it from the certificate gave: the bound found, or
/// why none was.
#[must_use]
pub fn bound(claimed: f64, recomputed: Result<f64, &str>, look: &Look) -> String {
    let (text, style) = match recomputed {
        Ok(found) if found >= claimed - 1e-6 * claimed.abs().max(1.0) => {
            (format!("Bound confirmed: by its certificate no plan can cost less than {} points.", number(claimed)), GOOD)
        }
        Ok(found) => {
            let (claimed, found) = told_apart(claimed, found, number);
            (format!("Bound refused: the plan claims {claimed} points, its certificate proves only {found}."), BAD)
        }
        Err(why) => (format!("Bound refused: the plan claims {} points, but {why}.", number(claimed)), BAD),
    };
    wrap("", &[(text, style)], look.columns())
}
