//! # no-repeat
//!
//! Nobody holds a role twice.
//!
//! A participant takes a role at most once, in this plan and in their history together. The continuation of a placement
//! already begun is no second time, and what history alone already repeats is not charged.
//!
//! Why: a rotation is for what someone has not done yet; a repeat takes a seat and teaches little.
//!
//! Keeps it: Area manager, then Operations manager, then Transport lead.
//!
//! Breaks it: Operations manager in Leipzig, and later Operations manager in Dresden.
//!
//! Measure: repeats.
//!
//! If it bites: split the role where the jobs really differ (another site of another size is not the same job), or set
//! the rule to soft with a weight.

use std::collections::BTreeMap;

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::domain::RoleIx;

pub(super) const RULE: Rule = Rule {
    id: "no-repeat",
    source: include_str!("no_repeat.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Sentence, Teller, Who};
    use crate::words::Index;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        teller.say(Sentence::Each {
            who: Who::All,
            key: Box::new(|c: &Choice| if c.continues { None } else { Some((case.positions[c.position].role.index(), 1.0)) }),
            at_most: Box::new(|p, role| if case.held(p).iter().any(|past| past.role.index() == role) { 0.0 } else { 1.0 }),
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked() {
        let mut taken: BTreeMap<RoleIx, usize> = BTreeMap::new();
        for step in walk.entered() {
            *taken.entry(case.positions[step.position].role).or_default() += 1;
        }
        let held = case.held(walk.participant);
        for (role, n) in taken {
            let before = held.iter().filter(|past| past.role == role).count();
            let repeats = (n + before).saturating_sub(before.max(1));
            findings.add(walk.subject(), repeats as f64, || {
                let history = if before > 0 { " (history counts)" } else { "" };
                format!("{}: {} {} times{history}; once is asked", sight.name(walk.participant), case.roles[role].named.name, n + before)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn once_is_enough() {
        let plan = Tiny::new().place(ANA, OPS_LEIPZIG, 0, 4).keeps("no-repeat");
        plan.clone().place(BO, OPS_DRESDEN, 0, 4).keeps("no-repeat");
        plan.place(ANA, OPS_DRESDEN, 4, 8).breaks("no-repeat", 1.0, "Ana Ruiz: Operations manager 2 times; once is asked");
    }

    #[test]
    fn history_counts() {
        let now = Tiny::new().ana_now(OPS_LEIPZIG, 2);
        now.clone().place(ANA, OPS_LEIPZIG, 0, 2).keeps("no-repeat");
        now.place(ANA, OPS_DRESDEN, 0, 2).breaks("no-repeat", 1.0, "Ana Ruiz: Operations manager 2 times (history counts); once is asked");
    }
}
