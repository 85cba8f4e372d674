//! # pinned
//!
//! What is promised or published is in the plan, exactly.
//!
//! A pin names a position and the periods `from` and `until`: the plan has that very placement, no longer, no shorter. A
//! pin overrides no other rule: if the pinned placement breaks one, there is no plan, and the explanation says which. A
//! pin outside the horizon is an error of the instance.
//!
//! Why: a placement that has been announced, or already begun, is a fact to plan around. Pins are also how a published
//! plan is kept while the rest is planned anew.
//!
//! Keeps it: pinned to Operations manager at Leipzig from 2028-Q1 until 2028-Q3, and placed there for these two quarters.
//!
//! Breaks it: placed there until 2028-Q4.
//!
//! Measure: pins missing.
//!
//! If it bites: unpin what is not yet promised, or set the rule to soft with a weight and see which pins the plan would
//! rather lose.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight};

pub(super) const RULE: Rule = Rule {
    id: "pinned",
    source: include_str!("pinned.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Bounds, Choice, Sentence, Teller, When, Who};
    use crate::words::{Index, Period};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        for (p, person) in case.participants.iter() {
            let timeline = &person.timeline;
            for pin in &person.pinned {
                // The very choice, or none: a pin that begins or ends off the timeline is met by no placement.
                let last = pin.until.index().checked_sub(1).and_then(|last| timeline.tick(Period::new(last)));
                let ticks = timeline.tick(pin.from).zip(last.map(|t| t + 1));
                teller.say(Sentence::Count {
                    who: Who::Only(vec![p]),
                    choice: Box::new(move |c: &Choice| f64::from(u8::from(c.position == pin.position && ticks == Some((c.first, c.after))))),
                    mv: None,
                    bounds: Box::new(|_| Bounds { at_least: Some((1.0, When::Always)), at_most: None }),
                });
            }
        }
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    for walk in sight.asked() {
        let path = |position, from, until| walk.steps.iter().any(|s| (s.position, s.placement.from, s.placement.until) == (position, from, until));
        for pin in &sight.case.participants[walk.participant].pinned {
            if !path(pin.position, pin.from, pin.until) {
                findings.add(walk.subject(), 1.0, || {
                    format!("{}: the pinned {} is not in the plan", sight.name(walk.participant), sight.spell(pin.position, pin.from, pin.until))
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn pins_hold_exactly() {
        let span = crate::domain::Span { participant: ix(ANA), position: ix(OPS_LEIPZIG), from: ix(0), until: ix(2) };
        let pinned = Tiny::new().ana(|p| p.pinned = vec![span]);
        pinned.clone().place(ANA, OPS_LEIPZIG, 0, 2).keeps("pinned");
        let says = "Ana Ruiz: the pinned Operations manager at Leipzig (2028-Q1 to 2028-Q2) is not in the plan";
        pinned.clone().place(ANA, OPS_LEIPZIG, 0, 3).breaks("pinned", 1.0, says);
        pinned.place(BO, OPS_LEIPZIG, 0, 2).breaks("pinned", 1.0, says);
    }
}
