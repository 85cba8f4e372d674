//! # demand
//!
//! The seats that the business needs filled are filled.
//!
//! A position may need people: its `demand`, per period. In every period in which the position and its site are open, the
//! participants working there should be at least that many; every seat short counts by the position's `priority`.
//!
//! Why: rotators are not only learning, they run shifts. A plan that develops everybody and leaves the night shift
//! without a manager will not be carried out.
//!
//! Keeps it: one participant at work where one is needed.
//!
//! Breaks it: nobody there in 2028-Q1: short by one, times the priority.
//!
//! Measure: priority × seats short, summed over positions and periods.
//!
//! If it bites: there are fewer people than needs, or nobody who qualifies: `rungs show --details demand` lists the seats
//! left empty. Lower `demand` or `priority` where a colleague outside the programme can do the job.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, many};
use crate::domain::Subject;
use crate::words::{number, Period};

pub(super) const RULE: Rule = Rule {
    id: "demand",
    source: include_str!("demand.rs"),
    reach: Reach::Coupling,
    default: Default::Soft,
    weight: Some(100.0),
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Row, Sense, Sentence, Teller};
    use crate::domain::{PositionIx, Subject};
    use crate::words::{Period, Table};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let mut rows = Vec::new();
        let mut place: Table<PositionIx, Table<Period, Option<usize>>> =
            case.positions.ids().map(|_| case.calendar.periods().map(|_| None).collect()).collect();
        for (q, position) in case.positions.iter() {
            for t in case.calendar.periods().filter(|t| position.open[*t] && position.demand[*t] > 0) {
                place[q][t] = Some(rows.len());
                let limit = f64::from(position.demand[t]);
                rows.push(Row { subject: Subject::PositionAt(q, t), sense: Sense::AtLeast, limit, unit: position.priority, at: None });
            }
        }
        teller.say(Sentence::Rows {
            rows,
            choice: Some(Box::new(move |c: &Choice, emit| {
                for period in c.periods(case) {
                    if let Some(row) = place[c.position][period] {
                        emit(row, 1.0);
                    }
                }
            })),
            mv: None,
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let working = sight.working(|_, step, period| Some((step.position, period)));
    for (id, position) in case.positions.iter() {
        let needs = |period: &Period| position.open[*period] && position.demand[*period] > 0;
        for period in case.calendar.periods().filter(needs) {
            let (asked, there) = (position.demand[period] as usize, working.get(&(id, period)).map_or(0, Vec::len));
            findings.add(Subject::PositionAt(id, period), position.priority * asked.saturating_sub(there) as f64, || {
                let priority = if position.priority == 1.0 { String::new() } else { format!(", priority {}", number(position.priority)) };
                let name = case.position_name(id);
                format!("{name} in {}: {}, {asked} needed{priority}", sight.when(period), many(there as u64, "participant"))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn needs_are_met() {
        let need = Tiny::new().alter(|c| c.positions[ix(OPS_LEIPZIG)].demand[ix(3)] = 1);
        need.clone().place(ANA, OPS_LEIPZIG, 2, 4).keeps("demand");
        let away = need.clone().place(ANA, OPS_LEIPZIG, 2, 5).ana_leaves(3, true, true);
        away.breaks("demand", 1.0, "Operations manager at Leipzig in 2028-Q4: 0 participants, 1 needed");
        let two = need.place(ANA, OPS_LEIPZIG, 2, 4).alter(|c| {
            c.positions[ix(OPS_LEIPZIG)].demand[ix(3)] = 3;
            c.positions[ix(OPS_LEIPZIG)].priority = 2.0;
        });
        two.clone().breaks("demand", 4.0, "Operations manager at Leipzig in 2028-Q4: 1 participant, 3 needed, priority 2");
        two.alter(|c| c.positions[ix(OPS_LEIPZIG)].open[ix(3)] = false).keeps("demand");
    }
}
