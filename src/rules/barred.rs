//! # barred
//!
//! Nobody is placed in a role, at a site or in a position that is barred to them.
//!
//! A participant may have roles, sites and positions that are closed to them for a reason that needs no other field: a
//! relative in the chain, an open case, a medical restriction, a promise. The placement that someone is already in may be
//! finished.
//!
//! Why: some reasons belong in nobody's file. A plain "not this one" keeps them out of it and still in the plan.
//!
//! Keeps it: a placement in Dresden for someone barred from Leipzig.
//!
//! Breaks it: any placement in Leipzig for them.
//!
//! Measure: placements in something barred.
//!
//! If it bites: ask whoever set the bar whether it still stands, then remove it from `barred`.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight};

pub(super) const RULE: Rule = Rule {
    id: "barred",
    source: include_str!("barred.rs"),
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
            let position = &case.positions[c.position];
            let barred = person.barred_roles.contains(&position.role)
                || person.barred_sites.contains(&position.site)
                || person.barred_positions.contains(&c.position);
            f64::from(u8::from(barred && !c.continues))
        })));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked() {
        let person = &case.participants[walk.participant];
        for step in walk.entered() {
            let position = &case.positions[step.position];
            let by = [
                (person.barred_positions.contains(&step.position), "position"),
                (person.barred_roles.contains(&position.role), "role"),
                (person.barred_sites.contains(&position.site), "site"),
            ];
            if let Some((_, what)) = by.into_iter().find(|(barred, _)| *barred) {
                findings.add(walk.subject(), 1.0, || format!("{} is barred to them by {what}", sight.placed(walk, step)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn what_is_barred_stays_empty() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4).ana(|p| p.barred_roles = vec![ix(OPS)]).keeps("barred");
        plan.clone().place(ANA, OPS_DRESDEN, 4, 8).breaks(
            "barred",
            1.0,
            "Ana Ruiz: Operations manager at Dresden (2029-Q1 to 2029-Q4) is barred to them by role",
        );
        let site = plan.clone().ana(|p| p.barred_sites = vec![ix(LEIPZIG)]);
        site.clone().breaks("barred", 1.0, "Ana Ruiz: Area manager at Leipzig (2028-Q1 to 2028-Q4) is barred to them by site");
        site.ana_now(AREA_LEIPZIG, 1).keeps("barred");
        let all = plan.ana(|p| (p.barred_sites, p.barred_positions) = (vec![ix(LEIPZIG)], vec![ix(AREA_LEIPZIG)]));
        all.breaks("barred", 1.0, "Ana Ruiz: Area manager at Leipzig (2028-Q1 to 2028-Q4) is barred to them by position");
    }
}
