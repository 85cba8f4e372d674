//! # stretch
//!
//! Steps are neither too small nor too large: close to the ideal, and never over the limit.
//!
//! No step is larger than `max_step` plus the `support` that the position offers. Within that limit, every step should be
//! near `ideal_step`. The limit is lifted when the rule is soft; the measure counts in the objective in either case,
//! unless the rule is off. The continuation of a placement already begun is not asked again.
//!
//! Why: challenge develops people, with diminishing returns; past a point it overwhelms them, and good support on the
//! spot moves that point up (DeRue and Wellman 2009).
//!
//! Keeps it: from difficulty 2 to 4 with an ideal step of 2: exactly right, measure 0.
//!
//! Breaks it: from 2 to 7 with `max_step` 4 and no support: a step of 5.
//!
//! Measure: the sum over placements of how far their step is from `ideal_step`.
//!
//! Parameters: `max_step`, the largest step; `ideal_step`, the step that costs nothing.
//!
//! If it bites: offer an intermediate role, record the `support` of a position that has it, or raise `max_step`. Where no
//! position is within `max_step` of someone's level, intake says so.

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::words::{excess, number, shortfall, told_apart};

pub(super) const RULE: Rule = Rule {
    id: "stretch",
    source: include_str!("stretch.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: Some(1.0),
    params: &[
        Param { name: "max_step", about: "the largest step", kind: ParamKind::Number { default: 4.0, min: 0.0, max: 1e6, whole: false } },
        Param {
            name: "ideal_step",
            about: "the step that costs nothing",
            kind: ParamKind::Number { default: 2.0, min: 0.0, max: 1e6, whole: false },
        },
    ],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Move, Sentence, Teller};
    use crate::domain::Mode;
    use crate::words::excess;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let (max_step, ideal) = (teller.setting.number("max_step"), teller.setting.number("ideal_step"));
        if teller.setting.mode == Mode::Hard {
            teller.say(Sentence::of_move(Box::new(move |m: &Move| {
                if m.continues { 0.0 } else { excess(case.step(m.participant, m.before, m.to), max_step + case.positions[m.to].support) }
            })));
        }
        teller.price(Sentence::of_move(Box::new(
            move |m: &Move| {
                if m.continues { 0.0 } else { (case.step(m.participant, m.before, m.to) - ideal).abs() }
            },
        )));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let (max_step, ideal) = (sight.setting.number("max_step"), sight.setting.number("ideal_step"));
    for walk in sight.asked() {
        for step in walk.entered() {
            let size = sight.case.step(walk.participant, step.before, step.position);
            let limit = max_step + sight.case.positions[step.position].support;
            let breach = excess(size, limit);
            findings.add_with_breach(walk.subject(), excess(size, ideal) + shortfall(size, ideal), breach, || {
                let (size_said, asked) = if breach > 0.0 { told_apart(size, limit, number) } else { (number(size), String::new()) };
                let over = if breach > 0.0 { format!("; at most {asked} is asked") } else { asked };
                format!("{} is a step of {size_said}, {} off the ideal{over}", sight.placed(walk, step), number((size - ideal).abs()))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn steps_are_near_the_ideal() {
        let first = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4);
        first.clone().place(ANA, OPS_LEIPZIG, 4, 8).keeps("stretch");
        let off = first.clone().place(ANA, LEAD_PARIS, 4, 8);
        off.clone().breaks("stretch", 1.0, "Ana Ruiz: Transport lead at Paris (2029-Q1 to 2029-Q4) is a step of 3, 1 off the ideal");
        let outcome = off.outcome("stretch");
        assert_eq!((outcome.breach, outcome.cost), (0.0, 1.0), "hard, kept, and counted");
    }

    #[test]
    fn no_step_is_over_the_limit() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4).place(ANA, GENERAL_PARIS, 4, 8);
        plan.clone().breaks(
            "stretch",
            3.0,
            "Ana Ruiz: General manager at Paris (2029-Q1 to 2029-Q4) is a step of 5, 3 off the ideal; at most 4 is asked",
        );
        assert_eq!(plan.outcome("stretch").breach, 1.0);
        let barely = plan.clone().alter(|c| c.positions[ix(GENERAL_PARIS)].support = 0.999);
        let says = "Ana Ruiz: General manager at Paris (2029-Q1 to 2029-Q4) is a step of 5, 3 off the ideal; at most 4.999 is asked";
        barely.breaks("stretch", 3.0, says);
        assert_eq!(plan.clone().alter(|c| c.positions[ix(GENERAL_PARIS)].support = 1.0).outcome("stretch").breach, 0.0);
        assert_eq!(plan.set("stretch", |s| s.mode = crate::domain::Mode::Soft).outcome("stretch").breach, 0.0);
    }

    #[test]
    fn what_is_continued_is_not_asked_again() {
        Tiny::new().ana_now(GENERAL_PARIS, 3).place(ANA, GENERAL_PARIS, 0, 2).keeps("stretch");
    }
}
