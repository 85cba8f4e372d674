//! # together
//!
//! Members of a "together" group work near each other.
//!
//! In every period in which two members of such a group both work, their sites are within the group's distance: the same
//! site, the same region, the same country, or so many kilometres. When one of them is idle or on leave, nothing is
//! asked.
//!
//! Why: couples, siblings who share a car, a carer and the one cared for. Many say so too late, when the plan is out; it
//! is cheaper to ask.
//!
//! Keeps it: Ana in Leipzig and Bo in Leipzig, for a group within the same site.
//!
//! Breaks it: Ana in Leipzig and Bo in Paris in the same quarter.
//!
//! Measure: pairs and periods apart.
//!
//! If it bites: widen `within` from "site" to "region" or to kilometres, or set the rule to soft with a weight.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::domain::{GroupKind, Subject};

pub(super) const RULE: Rule = Rule {
    id: "together",
    source: include_str!("together.rs"),
    reach: Reach::Coupling,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Teller, pairs};
    use crate::domain::GroupKind;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        teller.say(pairs(case, GroupKind::Together, |a, b, distance| !case.within(a, b, distance)));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for m in sight.meetings(GroupKind::Together).into_iter().filter(|m| !m.near) {
        findings.add(Subject::PairAt(m.group, m.a, m.b, m.period), 1.0, || {
            let (here, there) = (&case.site(m.at.0).named.name, &case.site(m.at.1).named.name);
            let (a, b, group) = (sight.name(m.a), sight.name(m.b), &case.groups[m.group].id);
            format!("{a} at {here} and {b} at {there} are not together in {} (group {group})", sight.when(m.period))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::Within;
    use crate::rules::fixture::*;

    #[test]
    fn pairs_stay_near() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 2).place(BO, OPS_LEIPZIG, 0, 2).place(BO, OPS_DRESDEN, 2, 4).keeps("together");
        let apart = plan.place(ANA, OPS_LEIPZIG, 3, 6);
        apart.clone().breaks("together", 1.0, "Ana Ruiz at Leipzig and Bo Chen at Dresden are not together in 2028-Q4 (group pair)");
        apart.clone().alter(|c| c.groups[ix(0)].within = Within::Region).keeps("together");
        apart.clone().alter(|c| c.groups[ix(0)].within = Within::Km(120.0)).keeps("together");
        apart.ana_leaves(3, true, false).keeps("together");
    }
}
