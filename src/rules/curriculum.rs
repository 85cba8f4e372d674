//! # curriculum
//!
//! Every clause of the curriculum is met: so many of these, not too many of those.
//!
//! A clause counts the placements and worked periods that match it (`of`: roles, families, stages, sites, kinds, regions;
//! every list given must match) and asks that they lie within bounds; or it bounds from above what anyone does at each
//! single site, family, kind or region (`each`). History counts, but what it alone already exceeds is not charged. Least
//! counts are asked of finished paths (what the others owe is counted in `coverage`), or of everyone whose track ends
//! within the horizon. A participant's own curriculum replaces the track's.
//!
//! Why: breadth with a purpose. Programmes promise time in finance or at a plant, and do not want four of five placements
//! in one building.
//!
//! Keeps it: two quarters in transport, where at least two are asked.
//!
//! Breaks it: a finished path without a single quarter in transport.
//!
//! Breaks it: three placements at Leipzig where `each` site may see at most two.
//!
//! Measure: placements and periods out of bounds, over all clauses.
//!
//! Parameters: `minima`, of whom least counts are asked: "finished" paths or "everyone".
//!
//! If it bites: give the participant their own `curriculum` (credit for earlier experience), or loosen a clause.

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight, clauses};

pub(super) const RULE: Rule = Rule {
    id: "curriculum",
    source: include_str!("curriculum.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: None,
    params: &[Param { name: "minima", about: "of whom least counts are asked", kind: ParamKind::Choice(&["finished", "everyone"]) }],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Bounds, Choice, Sentence, Teller, When, Who};
    use crate::domain::{Attribute, Clause, Limits, ParticipantIx, Past, Scope};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        for (clause, who) in teller.case.clauses() {
            match clause.scope {
                Scope::Of { .. } => of_clause(teller, clause, &who),
                Scope::Each(attribute) => each_clause(teller, clause, attribute, &who),
            }
        }
    }

    fn of_clause<'c>(teller: &mut Teller<'_, 'c>, clause: &'c Clause, who: &[ParticipantIx]) {
        let case = teller.case;
        let everyone = teller.setting.choice("minima") == "everyone";
        let counts = move |c: &Choice| case.matches(&clause.scope, case.positions[c.position].role, case.positions[c.position].site);
        let bounds = move |limits: Limits, weigh: fn(&Past) -> u32| {
            move |p: ParticipantIx| {
                let before = case.held(p).into_iter().filter(|past| case.matches(&clause.scope, past.role, past.site));
                Bounds::beyond_held(limits, before.map(|past| weigh(&past)).sum(), When::minima(case, p, everyone))
            }
        };
        teller.say(Sentence::Count {
            who: Who::Only(who.to_vec()),
            choice: Box::new(move |c: &Choice| f64::from(u8::from(!c.continues && counts(c)))),
            mv: None,
            bounds: Box::new(bounds(clause.placements, |_| 1)),
        });
        teller.say(Sentence::Count {
            who: Who::Only(who.to_vec()),
            choice: Box::new(move |c: &Choice| if counts(c) { c.length() as f64 } else { 0.0 }),
            mv: None,
            bounds: Box::new(bounds(clause.periods, |past| past.periods)),
        });
    }

    fn each_clause<'c>(teller: &mut Teller<'_, 'c>, clause: &Clause, attribute: Attribute, who: &[ParticipantIx]) {
        let case = teller.case;
        let value = move |c: &Choice| case.attribute(attribute, case.positions[c.position].role, case.positions[c.position].site);
        let mut limit = |max: Option<u32>, weigh: fn(&Past) -> u32, adds: Box<dyn Fn(&Choice) -> f64 + Send + Sync + 'c>| {
            let Some(max) = max else { return };
            teller.say(Sentence::Each {
                who: Who::Only(who.to_vec()),
                key: Box::new(move |c: &Choice| Some((value(c)?, adds(c)))),
                at_most: Box::new(move |p, key| {
                    let before = case.held(p).into_iter().filter(|past| case.attribute(attribute, past.role, past.site) == Some(key));
                    let held: u32 = before.map(|past| weigh(&past)).sum();
                    f64::from(max.max(held) - held)
                }),
            });
        };
        limit(clause.placements.max, |_| 1, Box::new(|c| f64::from(u8::from(!c.continues))));
        limit(clause.periods.max, |past| past.periods, Box::new(|c| c.length() as f64));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let everyone = sight.setting.choice("minima") == "everyone";
    for walk in sight.asked() {
        let asked = walk.finished || everyone && walk.uncut();
        for (what, tally) in clauses(sight.case, walk) {
            for off in tally.over().chain(tally.short().filter(|_| asked)) {
                findings.add(walk.subject(), off.amount, || format!("{}, curriculum, {what}: {off}", sight.name(walk.participant)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Attribute, Clause, Limits, Scope, Value};
    use crate::rules::fixture::*;

    fn transport() -> Tiny {
        let scope = Scope::Of { roles: None, families: Some(vec![ix(1)]), stages: None, sites: Some(vec![ix(PARIS)]), kinds: None, regions: None };
        Tiny::new().ana(|p| p.curriculum = vec![Clause { scope, placements: at_least(1), periods: Limits { min: 3, max: Some(4) } }])
    }

    #[test]
    fn clauses_are_met() {
        transport().place(ANA, AREA_LEIPZIG, 0, 4).place(ANA, LEAD_PARIS, 4, 8).keeps("curriculum");
        let none = transport().place(ANA, OPS_LEIPZIG, 2, 8);
        none.breaks("curriculum", 4.0, "Ana Ruiz, curriculum, transport, Paris: 0 placements; at least 1 is asked");
        let long = transport().place(ANA, LEAD_PARIS, 0, 5);
        long.breaks("curriculum", 1.0, "Ana Ruiz, curriculum, transport, Paris: 5 periods; at most 4 are asked");
    }

    #[test]
    fn minima_may_be_asked_of_everyone() {
        let empty = transport().keeps("curriculum").param("curriculum", "minima", Value::Choice("everyone"));
        empty.clone().breaks("curriculum", 4.0, "Ana Ruiz, curriculum, transport, Paris: 0 periods; at least 3 are asked");
        empty.ana_cut().keeps("curriculum");
    }

    #[test]
    fn each_value_is_bounded_by_itself() {
        let scope = Scope::Each(Attribute::Site);
        let spread = Tiny::new().ana(|p| p.curriculum = vec![Clause { scope, placements: at_most(1), periods: Limits::default() }]);
        let plan = spread.place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, OPS_DRESDEN, 2, 4).keeps("curriculum");
        let says = "Ana Ruiz, curriculum, Leipzig: 2 placements; at most 1 is asked";
        plan.clone().ana_now(OPS_LEIPZIG, 2).breaks("curriculum", 1.0, says);
        plan.place(ANA, OPS_LEIPZIG, 4, 8).breaks("curriculum", 1.0, says);
    }
}
