//! What the plan costs, rule by rule, and what stands behind a rule's cost.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, Width};

use crate::audit::{Audit, Finding, Outcome};
use crate::domain::{Case, Mode};
use crate::rules::RuleIx;

use super::Look;
use super::paths::ladder_notice;
use super::text::{BAD, BOLD, DIM, GOOD, TIE, WARN, cost, count, list, money, number, share, still, styled, wrap, wrap_plain};
use super::units::unit;

/// The objective as a table: every rule that costs something with its measure, weight, cost and share, the dearest first; hard
/// rules that are kept and soft ones that cost nothing are summed up below.
#[must_use]
pub fn costs(case: &Case, audit: &Audit, look: &Look) -> String {
    objective(case, audit, look.columns()) + &hard_line(audit, look.columns())
}

/// The table of costs, without a word on hard rules.
pub(super) fn objective(case: &Case, audit: &Audit, columns: usize) -> String {
    let total = audit.objective();
    let mut paid: Vec<&Outcome> = audit.outcomes.iter().filter(|o| o.cost > 0.0).collect();
    paid.sort_by(|a, b| b.cost.total_cmp(&a.cost));
    let mut out = format!("{}\n", styled(&format!("Cost by rule: {} points", number(total)), BOLD));
    if !paid.is_empty() {
        let mut table = table(columns, &["Rule", "Mode", "Measure", "Weight", "Cost", "Share"], &[3, 4, 5]);
        for o in &paid {
            let share = if total > 0.0 { share(o.cost / total) } else { String::new() };
            table.add_row([id(o), o.mode.name().to_owned(), measure(case, o), number(o.weight), cost(o.cost), share]);
        }
        out.push_str(&lines(&table));
    }
    let priced: Vec<String> = paid.iter().filter(|o| o.mode == Mode::Hard).map(|o| id(o)).collect();
    if !priced.is_empty() {
        let are = if priced.len() == 1 { "is hard and costs" } else { "are hard and cost" };
        out.push_str(&wrap("", &[(format!("{} {are} points even where kept.", list(&priced)), DIM)], columns));
    }
    let free: Vec<String> = audit.outcomes.iter().filter(|o| o.mode == Mode::Soft && o.cost <= 0.0).map(id).collect();
    if !free.is_empty() {
        out.push_str(&wrap("", &[(format!("No cost: {}.", free.join(", ")), DIM)], columns));
    }
    if let Some(notice) = ladder_notice(audit) {
        out.push_str(&wrap("", &[(notice, WARN)], columns));
    }
    out
}

/// What stands behind one rule's measure, worst first.
#[must_use]
pub fn details(case: &Case, audit: &Audit, rule: RuleIx, look: &Look) -> String {
    let columns = look.columns();
    let name = crate::audit::rule_id(rule);
    let Some(outcome) = audit.of(rule) else { return format!("{} is off: nothing is asked.\n", styled(name, BOLD)) };
    let mut findings: Vec<&Finding> = outcome.findings.iter().collect();
    findings.sort_by(|a, b| (b.breach, b.amount).partial_cmp(&(a.breach, a.amount)).unwrap_or(std::cmp::Ordering::Equal));
    let cost = if outcome.weight > 0.0 { format!(" × {} = {} points", number(outcome.weight), number(outcome.cost)) } else { String::new() };
    let head = format!("({}): {}{cost}", outcome.mode.name(), measure(case, outcome));
    let mut out = wrap("", &[(name.to_owned(), BOLD), (head, super::text::PLAIN)], columns);
    if findings.is_empty() {
        return out + "Nothing to report: the rule is kept everywhere.\n";
    }
    let left = findings.len().saturating_sub(look.limit);
    findings.truncate(look.limit);
    let amounts: Vec<String> = findings.iter().map(|f| amount(case, outcome, f)).collect();
    let widest = amounts.iter().map(|a| super::text::width(a)).max().unwrap_or(0);
    for (finding, amount) in findings.iter().zip(&amounts) {
        let head = format!("  {}  ", super::text::right(amount, widest));
        out.push_str(&wrap_plain(&head, &words(case, finding), columns));
    }
    out + &look.rest(left, "finding", "findings")
}

/// A finding in words; its subject's key if the audit was asked for amounts alone.
pub(super) fn words(case: &Case, finding: &Finding) -> String {
    if finding.words.is_empty() { finding.subject.key(case) } else { finding.words.clone() }
}

pub(super) fn amount(case: &Case, outcome: &Outcome, finding: &Finding) -> String {
    let n = if finding.amount > 0.0 { finding.amount } else { finding.breach };
    if in_money(outcome) { money(&case.currency, n).replace(TIE, " ") } else { number(n) }
}

/// A rule's measure with its unit.
pub(super) fn measure(case: &Case, outcome: &Outcome) -> String {
    if in_money(outcome) {
        return money(&case.currency, outcome.measure).replace(TIE, " ");
    }
    let (one, many) = unit(crate::audit::rule_id(outcome.rule)).unwrap_or(("unit", "units"));
    format!("{} {}", number(outcome.measure), if (outcome.measure - 1.0).abs() < 1e-9 { one } else { many })
}

fn in_money(outcome: &Outcome) -> bool {
    matches!(crate::audit::rule_id(outcome.rule), "relocation" | "budget")
}

pub(super) fn id(outcome: &Outcome) -> String {
    crate::audit::rule_id(outcome.rule).to_owned()
}

/// One line on all hard rules.
pub(super) fn hard_line(audit: &Audit, columns: usize) -> String {
    let hard = audit.outcomes.iter().filter(|o| o.mode == Mode::Hard).count();
    let broken: Vec<String> = audit.breaches().map(id).collect();
    if broken.is_empty() {
        let text = if hard == 1 { "The hard rule is kept.".to_owned() } else { format!("All {} are kept.", count(hard, "hard rule", "hard rules")) };
        return wrap("", &[(text, GOOD)], columns);
    }
    let text = format!("{} of {} broken: {}.", number(broken.len() as f64), count(hard, "hard rule", "hard rules"), list(&broken));
    wrap("", &[(text, BAD)], columns)
}

/// Lines above, below the header and below the last row.
const RULED: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .header_lines(ContentLineStyle::none().junction(' '))
    .content_lines(ContentLineStyle::none().junction(' '))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// A table in the house's style; the named columns are numbers.
pub(super) fn table(columns: usize, header: &[&str], numbers: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(RULED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(columns).unwrap_or(u16::MAX)).set_header(header.iter().copied());
    for (i, column) in table.column_iter_mut().enumerate() {
        let is_number = numbers.contains(&i);
        column.set_cell_alignment(if is_number { CellAlignment::Right } else { CellAlignment::Left });
        if is_number {
            column.set_constraint(ColumnConstraint::ContentWidth);
        } else if i == 0 {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(8)));
        }
    }
    table
}

/// The table's text without blanks at the ends of lines, and without what would move the cursor.
pub(super) fn lines(table: &Table) -> String {
    table.lines().map(|line| still(line.trim_end()) + "\n").collect()
}
