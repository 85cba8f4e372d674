//! # readiness
//!
//! At the end of the track, people are ready for the role they are developed for.
//!
//! Someone with a target, whose track ends within the horizon, should then hold the levels that the target requires and
//! have completed one role of each group of its experience. History counts; a placement counts once it is completed.
//! Nothing is asked of a track that runs on past the horizon.
//!
//! Why: the programme exists to fill these roles. A path can be lawful, popular and cheap, and still leave out the one
//! quarter in finance that a site director needs.
//!
//! Keeps it: leadership at 2 by the end where the target requires 2.
//!
//! Breaks it: leadership at 1, and no year in a transport role: two short.
//!
//! Measure: missing levels plus missing groups, over everyone.
//!
//! If it bites: check that the roles on offer develop what targets require at all; move the person's target; raise the
//! weight for the few who matter most by giving them a curriculum.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Record, Sight};

pub(super) const RULE: Rule = Rule {
    id: "readiness",
    source: include_str!("readiness.rs"),
    reach: Reach::Path,
    default: Default::Soft,
    weight: Some(50.0),
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Condition, Sentence, Teller, Who};
    use crate::domain::ParticipantIx;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        for (ix, target) in case.targets.iter() {
            let aims = |p: &ParticipantIx| case.participants[*p].target == Some(ix) && !case.participants[*p].timeline.cut;
            let who: Vec<ParticipantIx> = case.participants.ids().filter(aims).collect();
            for condition in Condition::ready(case, target) {
                teller.say(Sentence::Need { who: Who::Only(who.clone()), condition, unit: 1.0 });
            }
        }
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked().filter(|w| w.uncut()) {
        if let (Some(gaps), Some(target)) = (Record::target_gaps(case, walk), case.participants[walk.participant].target) {
            findings.add(walk.subject(), gaps.amount(), || {
                format!("{} is not ready for {}: missing {}", sight.name(walk.participant), case.targets[target].named.name, gaps.words(case))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    fn aimed() -> Tiny {
        Tiny::new().ana(|p| p.target = Some(ix(0))).alter(|c| c.targets[ix(0)].experience = vec![vec![ix(LEAD), ix(OPS)]])
    }

    #[test]
    fn ready_at_the_end() {
        let plan = aimed().place(ANA, AREA_LEIPZIG, 0, 4);
        plan.clone().place(ANA, OPS_LEIPZIG, 4, 6).keeps("readiness");
        let says = "Ana Ruiz is not ready for Site director: missing Leading people at level 2 (held: 1); \
                    one of Transport lead or Operations manager completed";
        plan.clone().breaks("readiness", 2.0, says);
        plan.clone().place(ANA, OPS_LEIPZIG, 4, 5).breaks("readiness", 2.0, says);
        plan.clone().ana_cut().keeps("readiness");
        plan.ana(|p| p.history = vec![crate::domain::Past { role: ix(LEAD), site: ix(PARIS), periods: 3 }]).keeps("readiness");
    }
}
