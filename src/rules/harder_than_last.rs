//! # harder-than-last
//!
//! Every placement is harder than the one before it, and nobody goes down the ladder.
//!
//! The difficulty of a placement exceeds that of the placement before it by at least `min_step`; the first one is
//! measured against the level that the participant has mastered. Its stage is never a lower rung than the stage before
//! (for the first placement: the last of history). The continuation of a placement already begun is not asked again.
//!
//! Why: people grow in jobs that ask more than the last one did. A rotation between equally hard jobs teaches variety,
//! not the next rung, and a step down reads as a demotion. This is the rule that makes a plan a ladder; where it is off,
//! every report says so.
//!
//! Keeps it: Area manager (2) then Operations manager (4): 2 harder, one rung up.
//!
//! Breaks it: Area manager in Leipzig (2) then Area manager in Dresden (2): as hard, where at least 0.5 is asked.
//!
//! Breaks it: Operations manager then Area manager: down a rung.
//!
//! Measure: what the steps fall short of `min_step`, plus the rungs gone down.
//!
//! Parameters: `min_step`, the smallest difference asked between a placement and the one before it.
//!
//! If it bites: give the harder sites a `difficulty_add`, score the roles more finely (`demands`), lower `min_step`, or
//! set the rule to soft with a weight and see who would go sideways.

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::domain::Before;
use crate::words::{number, shortfall, told_apart, Index};

pub(super) const RULE: Rule = Rule {
    id: "harder-than-last",
    source: include_str!("harder_than_last.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: None,
    params: &[Param {
        name: "min_step",
        about: "the smallest difference asked between a placement and the one before it",
        kind: ParamKind::Number { default: 0.5, min: 0.0, max: 1e6, whole: false },
    }],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Move, Sentence, Teller};
    use crate::domain::StageIx;
    use crate::words::{Index, shortfall};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let min_step = teller.setting.number("min_step");
        teller.say(Sentence::of_move(Box::new(move |m: &Move| {
            if m.continues {
                return 0.0;
            }
            let rung = |stage: StageIx| stage.index();
            let down =
                case.role_before(m.participant, m.before).map_or(0, |role| rung(case.roles[role].stage).saturating_sub(rung(case.stage(m.to))));
            shortfall(case.step(m.participant, m.before, m.to), min_step) + down as f64
        })));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let min_step = sight.setting.number("min_step");
    for walk in sight.asked() {
        let person = &case.participants[walk.participant];
        for step in walk.entered() {
            let role = case.role_before(walk.participant, step.before);
            let size = case.step(walk.participant, step.before, step.position);
            findings.add(walk.subject(), shortfall(size, min_step), || {
                let joining = step.before == Before::Start && person.current.is_none();
                let last = match role {
                    Some(role) if !joining => format!("{} before it", case.roles[role].named.name),
                    _ => format!("the level mastered before it ({})", number(person.level)),
                };
                let (by, asked) = told_apart(size.abs(), min_step, number);
                let compared = match by.as_str() {
                    "0" => format!("as hard as {last}"),
                    by if size > 0.0 => format!("{by} harder than {last}"),
                    by => format!("{by} easier than {last}"),
                };
                format!("{} is {compared}; at least {asked} harder is asked", sight.placed(walk, step))
            });
            let stage = case.stage(step.position);
            if let Some(last) = role.map(|r| case.roles[r].stage) {
                findings.add(walk.subject(), last.index().saturating_sub(stage.index()) as f64, || {
                    format!("{} goes down from {} to {}", sight.placed(walk, step), case.stages[last].name, case.stages[stage].name)
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn every_step_is_up() {
        let first = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4);
        first.clone().place(ANA, OPS_LEIPZIG, 4, 8).keeps("harder-than-last");
        let says = "Ana Ruiz: Area manager at Dresden (2029-Q1 to 2029-Q4) is as hard as Area manager before it; at least 0.5 harder is asked";
        first.place(ANA, AREA_DRESDEN, 4, 8).breaks("harder-than-last", 0.5, says);
    }

    #[test]
    fn nobody_goes_down() {
        let plan = Tiny::new().ana(|p| p.level = 4.0).place(ANA, OPS_LEIPZIG, 0, 4).place(ANA, AREA_LEIPZIG, 4, 8);
        let easier = "Ana Ruiz: Operations manager at Leipzig (2028-Q1 to 2028-Q4) is as hard as the level mastered before it (4); \
                      at least 0.5 harder is asked";
        plan.clone().breaks("harder-than-last", 4.0, easier);
        plan.breaks(
            "harder-than-last",
            4.0,
            "Ana Ruiz: Area manager at Leipzig (2029-Q1 to 2029-Q4) goes down from Operations manager to Area manager",
        );
    }

    #[test]
    fn what_is_continued_is_not_asked_again() {
        let now = Tiny::new().ana_now(OPS_LEIPZIG, 3).ana(|p| p.level = 9.0);
        now.clone().place(ANA, OPS_LEIPZIG, 0, 2).keeps("harder-than-last");
        now.place(ANA, LEAD_PARIS, 0, 2).keeps("harder-than-last");
    }
}
