//! # budget
//!
//! Moves cost no more than there is to spend.
//!
//! The cost of all moves together stays within `relocation.budget.total`, and the cost of the moves of each calendar year
//! within `per_year`. A move falls in the year in which its placement's first period begins. Years that are not named are
//! unlimited.
//!
//! Why: relocation money is granted by the year. A plan that spends next year's grant this year is a plan for a different
//! company.
//!
//! Keeps it: 40,000 of moves in 2028 with 50,000 granted.
//!
//! Breaks it: 60,000: over by 10,000.
//!
//! Measure: the amount over the total, plus the amounts over the years.
//!
//! If it bites: shift a move into the next year, list cheaper `pairs`, or set the rule to soft with a weight: the cost
//! table then says what more money would buy.

use std::collections::BTreeMap;

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::domain::Subject;
use crate::words::{cents, excess, told_apart, Index};

pub(super) const RULE: Rule = Rule {
    id: "budget",
    source: include_str!("budget.rs"),
    reach: Reach::Coupling,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Move, Relocations, Row, Sentence, Teller};
    use crate::domain::Subject;
    use crate::words::{Period, Table};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let total = case.relocation.budget_total.map(|limit| Row::at_most(Subject::Everyone, limit));
        let years: Vec<i16> = case.relocation.budget_per_year.keys().copied().collect();
        let by_year = case.relocation.budget_per_year.iter().map(|(year, limit)| Row::at_most(Subject::Year(*year), *limit));
        let first_year = usize::from(total.is_some());
        let row_of_year = |t: Period| years.binary_search(&case.calendar.year(t)).ok().map(|i| first_year + i);
        let year_rows: Table<Period, Option<usize>> = case.calendar.periods().map(row_of_year).collect();
        let relocations = Relocations::new(case);
        teller.say(Sentence::Rows {
            rows: total.into_iter().chain(by_year).collect(),
            choice: None,
            mv: Some(Box::new(move |m: &Move, begins, emit| {
                let limits = (first_year == 1).then_some(0).into_iter().chain(year_rows[begins]);
                let cost = relocations.of(m).map_or(0.0, |r| r.cost);
                limits.for_each(|row| emit(row, cost));
            })),
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let mut total = 0.0;
    let mut years: BTreeMap<i16, f64> = BTreeMap::new();
    for walk in sight.asked() {
        for step in &walk.steps {
            let cost = case.relocating(walk.participant, step.before, step.position).map_or(0.0, |r| r.cost);
            total += cost;
            if let Some(day) = case.calendar.begins(step.placement.from.index() as i64) {
                *years.entry(day.year()).or_default() += cost;
            }
        }
    }
    let mut limited = |subject: Subject, when: String, cost: f64, limit: f64| {
        findings.add(subject, excess(cost, limit), || {
            let (cost, limit) = told_apart(cost, limit, cents);
            format!("moves{when} cost {} {cost}; the budget is {limit}", case.currency)
        });
    };
    if let Some(limit) = case.relocation.budget_total {
        limited(Subject::Everyone, String::new(), total, limit);
    }
    for (year, limit) in &case.relocation.budget_per_year {
        limited(Subject::Year(*year), format!(" in {year}"), years.get(year).copied().unwrap_or(0.0), *limit);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn money_is_kept() {
        let plan = Tiny::new().alter(|c| c.relocation.base = 500.0);
        let plan = plan.place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, OPS_DRESDEN, 2, 4).place(ANA, LEAD_PARIS, 4, 6).keeps("budget");
        let total = plan.clone().alter(|c| c.relocation.budget_total = Some(1000.0)).keeps("budget");
        total.alter(|c| c.relocation.budget_total = Some(800.0)).breaks("budget", 200.0, "moves cost EUR 1,000; the budget is 800");
        let barely = plan.clone().alter(|c| c.relocation.budget_total = Some(999.996));
        barely.breaks("budget", 0.004, "moves cost EUR 1,000; the budget is 999.996");
        let years = plan.alter(|c| c.relocation.budget_per_year = [(2028, 500.0), (2029, 100.0)].into());
        years.breaks("budget", 400.0, "moves in 2029 cost EUR 500; the budget is 100");
    }
}
