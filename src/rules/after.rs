//! # after
//!
//! What must come before a role has come before, and what may not come just before has not.
//!
//! A role lists in `after` groups of roles: of every group at least one is completed before the role is entered, in this
//! plan or in history. It lists in `not_right_after` roles that may not be the placement just before, however long ago
//! that was. The continuation of a placement already begun is not asked again.
//!
//! Why: some jobs only make sense after another (run the shift before you run the site), and some follow each other badly
//! (two night roles, or auditing the team one has just led).
//!
//! Keeps it: Operations manager after a completed Area manager.
//!
//! Breaks it: General manager straight away, though it asks for Operations manager or Transport lead before.
//!
//! Breaks it: a night role right after another night role.
//!
//! Measure: groups missing plus forbidden neighbours.
//!
//! If it bites: add alternatives to the group, credit the experience in `history`, or set the rule to soft with a weight.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Record, Sight};
use crate::domain::Levels;

pub(super) const RULE: Rule = Rule {
    id: "after",
    source: include_str!("after.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Condition, Move, Sentence, Teller, Who};
    use crate::domain::Mode;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let once = teller.policy.named("no-repeat").mode == Mode::Hard;
        for (role, facts) in case.roles.iter() {
            for group in &facts.after {
                teller.say(Sentence::Order {
                    who: Who::All,
                    later: Box::new(move |c: &Choice| !c.continues && case.positions[c.position].role == role),
                    earlier: Condition::completed(case, group),
                    wanted: true,
                    once,
                    unit: 1.0,
                });
            }
        }
        teller.say(Sentence::of_move(Box::new(|m: &Move| {
            let just_before = case.role_before(m.participant, m.before);
            let forbidden = !m.continues && just_before.is_some_and(|role| case.role(m.to).not_right_after.contains(&role));
            f64::from(u8::from(forbidden))
        })));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked() {
        let mut record = Record::opening(case, walk);
        for step in &walk.steps {
            let role = case.role(step.position);
            if !step.continues {
                let gaps = record.gaps(&Levels::new(), &role.after);
                findings.add(walk.subject(), gaps.amount(), || format!("{} asks before it for {}", sight.placed(walk, step), gaps.words(case)));
                if let Some(last) = case.role_before(walk.participant, step.before).filter(|r| role.not_right_after.contains(r)) {
                    findings.add(walk.subject(), 1.0, || {
                        format!("{} may not come right after {}", sight.placed(walk, step), case.roles[last].named.name)
                    });
                }
            }
            record.add(case, step);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    fn ordered() -> Tiny {
        Tiny::new().alter(|c| c.roles[ix(GENERAL)].after = vec![vec![ix(OPS), ix(LEAD)], vec![ix(AREA)]])
    }

    #[test]
    fn every_group_comes_before() {
        let plan = ordered().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, GENERAL_PARIS, 4, 8);
        plan.clone().place(ANA, LEAD_PARIS, 2, 4).keeps("after");
        let says = "Ana Ruiz: General manager at Paris (2029-Q1 to 2029-Q4) asks before it for one of Operations manager or Transport lead completed";
        plan.clone().breaks("after", 1.0, says);
        plan.place(ANA, LEAD_PARIS, 2, 3).breaks("after", 1.0, says);
    }

    #[test]
    fn forbidden_neighbours_are_parted() {
        let plan = Tiny::new().alter(|c| c.roles[ix(LEAD)].not_right_after.push(ix(OPS))).place(ANA, LEAD_PARIS, 6, 8);
        plan.clone().place(ANA, AREA_LEIPZIG, 0, 4).keeps("after");
        let says = "Ana Ruiz: Transport lead at Paris (2029-Q3 to 2029-Q4) may not come right after Operations manager";
        plan.clone().place(ANA, OPS_LEIPZIG, 0, 2).breaks("after", 1.0, says);
        plan.ana_now(OPS_LEIPZIG, 2).breaks("after", 1.0, says);
    }
}
