//! # pipeline
//!
//! Enough people are ready in time for the roles that the business will have to fill.
//!
//! A target states how many ready people are needed, by the end of which period. Someone counts who has this target,
//! whose track has ended by then and within the horizon, and who lacks nothing of what the target requires. Those whose
//! track is already over count when their history makes them ready.
//!
//! Why: succession is a number and a date: two site directors by the end of 2029. `readiness` looks at each person; this
//! rule looks at the bench.
//!
//! Keeps it: two ready by 2029-Q4, where two are needed.
//!
//! Breaks it: one ready: short by one.
//!
//! Measure: ready people short, summed over targets and dates.
//!
//! If it bites: give more people the target, start earlier, or check that the track can make anyone ready in its length;
//! `readiness` names what each one lacks.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Record, Sight, many};
use crate::domain::Subject;
use crate::words::Index;

pub(super) const RULE: Rule = Rule {
    id: "pipeline",
    source: include_str!("pipeline.rs"),
    reach: Reach::Coupling,
    default: Default::Soft,
    weight: Some(200.0),
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Condition, Sentence, Teller};
    use crate::domain::{ParticipantIx, Subject};
    use crate::words::Index;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        for (ix, target) in case.targets.iter() {
            for (by, at_least) in &target.needed {
                let ends_in_time = |p: &ParticipantIx| {
                    let person = &case.participants[*p];
                    person.target == Some(ix) && !person.timeline.cut && person.timeline.track_end <= by.index() as i64 + 1
                };
                teller.say(Sentence::Quorum {
                    subject: Subject::TargetBy(ix, *by),
                    at_least: *at_least,
                    members: case.participants.ids().filter(ends_in_time).collect(),
                    conditions: Condition::ready(case, target).collect(),
                });
            }
        }
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for (id, target) in case.targets.iter() {
        let ready: Vec<_> = sight
            .walks
            .rows()
            .iter()
            .filter(|w| case.participants[w.participant].target == Some(id) && !w.timeline.cut)
            .filter(|w| Record::target_gaps(case, w).is_some_and(|gaps| gaps.amount() == 0.0))
            .collect();
        for (by, needed) in &target.needed {
            let end = by.index() as i64 + 1;
            let there: Vec<_> = ready.iter().filter(|w| w.timeline.track_end <= end).map(|w| w.participant).collect();
            findings.add(Subject::TargetBy(id, *by), f64::from(*needed) - there.len() as f64, || {
                let names = if there.is_empty() { String::new() } else { format!(" ({})", sight.names(&there)) };
                let n = many(u64::from(*needed), "person").replace("persons", "people");
                format!("{} by the end of {}: {n} needed, {} ready{names}", target.named.name, sight.when(*by), there.len())
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    fn needed(by: usize, count: u32) -> Tiny {
        let needs = Tiny::new().ana(|p| p.target = Some(ix(0))).alter(|c| c.targets[ix(0)].needed = vec![(ix(by), count)]);
        needs.place(ANA, AREA_LEIPZIG, 0, 4)
    }

    #[test]
    fn enough_are_ready_in_time() {
        let ready = needed(7, 1).place(ANA, OPS_LEIPZIG, 4, 8).keeps("pipeline");
        let says = "Site director by the end of 2029-Q4: 1 person needed, 0 ready";
        ready.ana_cut().breaks("pipeline", 1.0, says);
        needed(7, 1).breaks("pipeline", 1.0, says);
        needed(6, 1).place(ANA, OPS_LEIPZIG, 4, 8).breaks("pipeline", 1.0, "Site director by the end of 2029-Q3: 1 person needed, 0 ready");
        needed(7, 2).place(ANA, OPS_LEIPZIG, 4, 8).breaks(
            "pipeline",
            1.0,
            "Site director by the end of 2029-Q4: 2 people needed, 1 ready (Ana Ruiz)",
        );
    }

    #[test]
    fn those_who_are_through_count_by_their_history() {
        let gone = Tiny::new().ana(|p| p.target = Some(ix(0))).alter(|c| c.targets[ix(0)].needed = vec![(ix(0), 1)]).ana_gone();
        gone.clone().ana_now(OPS_LEIPZIG, 2).keeps("pipeline");
        gone.ana_now(AREA_LEIPZIG, 2).breaks("pipeline", 1.0, "Site director by the end of 2028-Q1: 1 person needed, 0 ready");
    }
}
