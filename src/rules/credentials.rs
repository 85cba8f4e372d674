//! # credentials
//!
//! Whoever works at a site holds what the site requires, in every period.
//!
//! Sites list credentials: a work authorisation, a language, a clearance. A participant must hold each of them in every
//! period in which they work there; one that they will hold only from a later period on counts from then. The rule asks
//! of the periods worked, so also of a placement already begun.
//!
//! Why: a permit that is two months late leaves an empty chair for two months, and nobody at the site can mend it.
//!
//! Keeps it: a clearance held from 2028-Q3 on, and a placement from 2028-Q3.
//!
//! Breaks it: the same placement from 2028-Q2.
//!
//! Measure: placements with a period in which something is missing.
//!
//! If it bites: enter the period from which the credential will be held (`{"id": "…", "from": "2028-Q3"}`), or begin the
//! application earlier: `unplaced` in the plan says how many places this rule closes to someone idle.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, among};

pub(super) const RULE: Rule = Rule {
    id: "credentials",
    source: include_str!("credentials.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Sentence, Teller};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        teller.say(Sentence::Choice(Box::new(|c: &Choice| {
            let person = &case.participants[c.participant];
            // What is held in the first period is held from then on.
            let lacks = |first| case.site(c.position).requires.iter().any(|needed| !person.holds(*needed, first));
            let lacks = c.periods(case).next().is_some_and(lacks);
            f64::from(u8::from(lacks))
        })));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked() {
        let person = &case.participants[walk.participant];
        for step in &walk.steps {
            let lacks = |period| case.site(step.position).requires.iter().filter(move |c| !person.holds(**c, period));
            let first = step.worked(walk.timeline).find(|period| lacks(*period).next().is_some());
            if let Some(period) = first {
                findings.add(walk.subject(), 1.0, || {
                    let missing = among(lacks(period).map(|c| case.credentials[*c].as_str()), "and");
                    format!("{} needs {missing}, not held in {}", sight.placed(walk, step), sight.when(period))
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    fn strict() -> Tiny {
        Tiny::new().alter(|c| c.sites[ix(PARIS)].requires.push(ix(0)))
    }

    #[test]
    fn held_in_every_period() {
        let holds = strict().ana(|p| p.credentials = [(ix(0), 2)].into());
        holds.clone().place(ANA, LEAD_PARIS, 2, 4).place(ANA, AREA_LEIPZIG, 0, 2).keeps("credentials");
        let says = "Ana Ruiz: Transport lead at Paris (2028-Q2 to 2028-Q4) needs French, not held in 2028-Q2";
        holds.place(ANA, LEAD_PARIS, 1, 4).breaks("credentials", 1.0, says);
        strict().place(ANA, LEAD_PARIS, 1, 4).breaks("credentials", 1.0, says);
    }
}
