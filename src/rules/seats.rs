//! # seats
//!
//! No position has more people than seats.
//!
//! In every period the participants in a position are at most its seats: those who work there, and those on a leave that
//! holds their seat (`holds_seat`) while their placement pauses.
//!
//! Why: a seat is a desk, a team and a budget line; a second rotator in one seat learns to watch. The rule is arithmetic
//! and cannot be softened.
//!
//! Keeps it: two participants in 2028-Q1 in a position with two seats.
//!
//! Breaks it: a third one in the same quarter.
//!
//! Measure: none, since the rule is always hard; the audit counts people over the seats, in every position and period.
//!
//! If it bites: `unplaced` in the plan says who is idle for want of a seat; add seats, open the same role at another
//! site, or stagger the cohorts.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, many};
use crate::domain::Subject;

pub(super) const RULE: Rule = Rule {
    id: "seats",
    source: include_str!("seats.rs"),
    reach: Reach::Coupling,
    default: Default::HardOnly,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Row, Sentence, Teller};
    use crate::domain::Subject;
    use crate::words::Index;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let count = case.calendar.count;
        let rows = case
            .positions
            .iter()
            .flat_map(|(q, position)| case.calendar.periods().map(move |t| Row::at_most(Subject::PositionAt(q, t), f64::from(position.seats[t]))));
        teller.say(Sentence::Rows {
            rows: rows.collect(),
            choice: Some(Box::new(move |c: &Choice, emit| {
                let timeline = &case.participants[c.participant].timeline;
                let held = timeline.leave_inside(c.first, c.after).filter(|(_, leave)| leave.holds_seat).map(|(period, _)| period);
                for period in c.periods(case).chain(held) {
                    emit(c.position.index() * count + period.index(), 1.0);
                }
            })),
            mv: None,
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let mut present = sight.working(|_, step, period| Some((step.position, period)));
    for walk in sight.asked() {
        for step in &walk.steps {
            for (period, _) in walk.timeline.leave_inside(step.first, step.after).filter(|(_, leave)| leave.holds_seat) {
                present.entry((step.position, period)).or_default().push(walk.participant);
            }
        }
    }
    for ((position, period), people) in present {
        let seats = case.positions[position].seats[period];
        findings.add(Subject::PositionAt(position, period), people.len().saturating_sub(seats as usize) as f64, || {
            let (place, seats) = (case.position_name(position), many(u64::from(seats), "seat"));
            format!("{place} in {}: {} for {seats} ({})", sight.when(period), many(people.len() as u64, "participant"), sight.names(&people))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn seats_are_enough() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4);
        plan.clone().place(BO, AREA_LEIPZIG, 4, 8).keeps("seats");
        plan.clone().place(ANA, AREA_LEIPZIG, 2, 5).keeps("seats"); // The same person twice takes one seat.
        let both = plan.place(BO, AREA_LEIPZIG, 3, 8);
        both.clone().breaks("seats", 1.0, "Area manager at Leipzig in 2028-Q4: 2 participants for 1 seat (Ana Ruiz and Bo Chen)");
        both.alter(|c| c.positions[ix(AREA_LEIPZIG)].seats[ix(3)] = 2).keeps("seats");
    }

    #[test]
    fn leave_may_hold_the_seat() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 5).place(BO, AREA_LEIPZIG, 2, 3);
        plan.clone().ana_leaves(2, true, false).keeps("seats");
        plan.ana_leaves(2, true, true).breaks("seats", 1.0, "Area manager at Leipzig in 2028-Q3: 2 participants for 1 seat (Bo Chen and Ana Ruiz)");
    }
}
