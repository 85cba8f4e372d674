//! # relocation
//!
//! Cheap moves.
//!
//! A move costs what its pair of sites lists, or `base + per_km × km`; within `commute_km` it is none. The rule adds up
//! all costs.
//!
//! Why: relocation is the largest cost of a rotation programme after salaries, and unlike salaries the plan decides it.
//! The default weight, 0.001, fits a currency of a dollar's size: 10,000 spent weighs as much as one quarter of full
//! regret under `preference`.
//!
//! Keeps it: a path within commuting distance.
//!
//! Breaks it: 100 km at 10 a kilometre on top of a base of 5,000: a cost of 6,000.
//!
//! Measure: the sum of all moves' costs, in the instance's currency.
//!
//! If it bites: set the weight for your currency; list agreed prices under `relocation.pairs`; cap the sum with `budget`.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::words::{cents, number};

pub(super) const RULE: Rule = Rule {
    id: "relocation",
    source: include_str!("relocation.rs"),
    reach: Reach::Path,
    default: Default::Soft,
    weight: Some(0.001),
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Move, Relocations, Sentence, Teller};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let relocations = Relocations::new(teller.case);
        teller.say(Sentence::of_move(Box::new(move |m: &Move| relocations.of(m).map_or(0.0, |r| r.cost))));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked() {
        for step in &walk.steps {
            if let Some(relocating) = case.relocating(walk.participant, step.before, step.position) {
                findings.add(walk.subject(), relocating.cost, || {
                    let cost = cents(relocating.cost);
                    format!("{} is a move of {} km for {} {cost}", sight.placed(walk, step), number(relocating.km.round()), case.currency)
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    fn priced() -> Tiny {
        Tiny::new().alter(|c| {
            c.relocation.base = 500.0;
            c.relocation.pairs = [((ix(LEIPZIG), ix(PARIS)), 900.0)].into();
        })
    }

    #[test]
    fn moves_cost() {
        let stay = priced().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, OPS_LEIPZIG, 2, 4).keeps("relocation");
        stay.place(ANA, GENERAL_PARIS, 4, 6).breaks(
            "relocation",
            900.0,
            "Ana Ruiz: General manager at Paris (2029-Q1 to 2029-Q2) is a move of 765 km for EUR 900",
        );
        let near = priced().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, OPS_DRESDEN, 2, 4);
        near.clone().breaks("relocation", 500.0, "Ana Ruiz: Operations manager at Dresden (2028-Q3 to 2028-Q4) is a move of 101 km for EUR 500");
        near.alter(|c| c.relocation.commute_km = 150.0).keeps("relocation");
    }
}
