//! # qualifies
//!
//! Whoever enters a role holds the levels that it requires.
//!
//! A participant holds, in each competency, the larger of the level they started with and what every role completed so
//! far develops. At entry to a role these must reach its `requires`. A placement counts as completed once its worked
//! periods reach the role's `duration.min`. The continuation of a placement already begun is not asked again.
//!
//! Why: competence is built in an order. A shift of ninety people run by someone who never led five is hard on all
//! ninety-one.
//!
//! Keeps it: Area manager develops people leadership to 1, then Operations manager, which requires 1.
//!
//! Breaks it: Operations manager first, with people leadership at 0.
//!
//! Measure: missing levels, over all placements.
//!
//! If it bites: check `competencies` of the participant (often simply not recorded), plan a role that develops the level
//! first, or lower `requires`.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Record, Sight};

pub(super) const RULE: Rule = Rule {
    id: "qualifies",
    source: include_str!("qualifies.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Condition, Sentence, Teller, Who};
    use crate::domain::{Levels, Mode};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let once = teller.policy.named("no-repeat").mode == Mode::Hard;
        for competency in case.competencies.ids() {
            let level = |levels: &Levels| levels.get(&competency).copied().unwrap_or(0);
            for role in case.roles.ids() {
                for wanted in 1..=level(&case.roles[role].requires) {
                    teller.say(Sentence::Order {
                        who: Who::All,
                        later: Box::new(move |c: &Choice| !c.continues && case.positions[c.position].role == role),
                        earlier: Condition::level(case, competency, wanted),
                        wanted: true,
                        once,
                        unit: 1.0,
                    });
                }
            }
        }
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked() {
        let mut record = Record::opening(case, walk);
        for step in &walk.steps {
            if !step.continues {
                let gaps = record.gaps(&case.role(step.position).requires, &[]);
                findings.add(walk.subject(), gaps.amount(), || format!("{} asks for {}", sight.placed(walk, step), gaps.words(case)));
            }
            record.add(case, step);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    fn demanding() -> Tiny {
        Tiny::new().alter(|c| c.roles[ix(OPS)].requires.insert(ix(0), 1).map_or((), |_| ()))
    }

    #[test]
    fn levels_come_first() {
        demanding().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, OPS_LEIPZIG, 2, 4).keeps("qualifies");
        demanding().ana(|p| p.competencies.insert(ix(0), 1).map_or((), |_| ())).place(ANA, OPS_LEIPZIG, 2, 4).keeps("qualifies");
        let says = "Ana Ruiz: Operations manager at Leipzig (2028-Q3 to 2028-Q4) asks for Leading people at level 1 (held: 0)";
        demanding().place(ANA, OPS_LEIPZIG, 2, 4).breaks("qualifies", 1.0, says);
        demanding().place(ANA, AREA_LEIPZIG, 1, 2).place(ANA, OPS_LEIPZIG, 2, 4).breaks("qualifies", 1.0, says);
    }

    #[test]
    fn the_past_counts() {
        demanding().ana_now(AREA_LEIPZIG, 2).place(ANA, OPS_LEIPZIG, 0, 4).keeps("qualifies");
        demanding().ana_now(AREA_LEIPZIG, 1).place(ANA, AREA_LEIPZIG, 0, 1).place(ANA, OPS_LEIPZIG, 1, 4).keeps("qualifies");
        demanding().ana_now(OPS_LEIPZIG, 2).place(ANA, OPS_LEIPZIG, 0, 4).keeps("qualifies");
    }
}
