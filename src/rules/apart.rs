//! # apart
//!
//! Members of an "apart" group do not work near each other.
//!
//! In every period in which two members of such a group both work, their sites are not within the group's distance: not
//! the same site, region or country, or not within so many kilometres. When one of them is idle or on leave, nothing is
//! asked.
//!
//! Why: relatives in one chain, a grievance that was settled, two who would compete for one team. What groups within a
//! region or country share must be given to be shared.
//!
//! Keeps it: Ana in Leipzig and Bo in Paris, for a group kept apart by region.
//!
//! Breaks it: Ana in Leipzig and Bo in Dresden, both in Saxony.
//!
//! Measure: pairs and periods together.
//!
//! If it bites: narrow `within` from "region" to "site", or set the rule to soft with a weight.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::domain::{GroupKind, Subject};

pub(super) const RULE: Rule = Rule {
    id: "apart",
    source: include_str!("apart.rs"),
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
        teller.say(pairs(case, GroupKind::Apart, |a, b, distance| case.within(a, b, distance)));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for m in sight.meetings(GroupKind::Apart).into_iter().filter(|m| m.near) {
        findings.add(Subject::PairAt(m.group, m.a, m.b, m.period), 1.0, || {
            let (here, there) = (&case.site(m.at.0).named.name, &case.site(m.at.1).named.name);
            let (a, b, group) = (sight.name(m.a), sight.name(m.b), &case.groups[m.group].id);
            format!("{a} at {here} and {b} at {there} are not apart in {} (group {group})", sight.when(m.period))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{GroupKind, Within};
    use crate::rules::fixture::*;

    #[test]
    fn pairs_stay_away() {
        let parted = Tiny::new().alter(|c| (c.groups[ix(0)].kind, c.groups[ix(0)].within) = (GroupKind::Apart, Within::Region));
        let plan = parted.place(ANA, AREA_LEIPZIG, 0, 2).place(BO, LEAD_PARIS, 0, 2).keeps("apart").place(BO, OPS_DRESDEN, 2, 4).keeps("apart");
        let near = plan.place(ANA, OPS_LEIPZIG, 3, 6);
        near.clone().breaks("apart", 1.0, "Ana Ruiz at Leipzig and Bo Chen at Dresden are not apart in 2028-Q4 (group pair)");
        near.alter(|c| c.groups[ix(0)].within = Within::Site).keeps("apart");
    }
}
