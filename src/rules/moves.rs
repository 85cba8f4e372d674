//! # moves
//!
//! Few moves.
//!
//! Every placement at another site than the one before it, beyond commuting distance, is a move; for the first placement
//! the site before is the current one, else the last of history, else home. Each counts as much as this participant minds
//! it (`minds.moves`).
//!
//! Why: a move is a flat, a school, a partner's job. Programmes that pay for moves still want few of them; this rule
//! counts them whatever they cost (`relocation` counts the money).
//!
//! Keeps it: two placements in Leipzig, or in two towns within `commute_km`.
//!
//! Breaks it: Leipzig, then Dresden, then Leipzig: two moves.
//!
//! Measure: `minds.moves` × moves.
//!
//! If it bites: raise `commute_km` where people do commute, or lower the weight.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::words::number;

pub(super) const RULE: Rule = Rule {
    id: "moves",
    source: include_str!("moves.rs"),
    reach: Reach::Path,
    default: Default::Off,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Move, Relocations, Sentence, Teller};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let (case, relocations) = (teller.case, Relocations::new(teller.case));
        teller.say(Sentence::Move {
            amount: Box::new(move |m: &Move| f64::from(u8::from(relocations.of(m).is_some()))),
            minds: Some(Box::new(|p| case.participants[p].minds_moves)),
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked() {
        let minds = case.participants[walk.participant].minds_moves;
        for step in &walk.steps {
            if let Some(relocating) = case.relocating(walk.participant, step.before, step.position) {
                findings.add(walk.subject(), minds, || {
                    let minded = if minds == 1.0 { String::new() } else { format!(", minded {} times", number(minds)) };
                    format!("{} is a move of {} km{minded}", sight.placed(walk, step), number(relocating.km.round()))
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn moves_are_counted() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, OPS_LEIPZIG, 2, 4).keeps("moves").place(ANA, GENERAL_PARIS, 4, 6);
        let says = "Ana Ruiz: General manager at Paris (2029-Q1 to 2029-Q2) is a move of 765 km";
        plan.clone().breaks("moves", 1.0, says);
        plan.clone().ana(|p| p.home = Some(crate::domain::Home::Site(ix(PARIS)))).breaks("moves", 2.0, says);
        plan.clone().ana(|p| p.minds_moves = 2.0).breaks("moves", 2.0, &format!("{says}, minded 2 times"));
        plan.alter(|c| c.relocation.commute_km = 800.0).keeps("moves");
    }

    #[test]
    fn staying_is_no_move() {
        Tiny::new().ana_now(AREA_DRESDEN, 1).place(ANA, AREA_DRESDEN, 0, 2).place(ANA, OPS_DRESDEN, 2, 4).keeps("moves");
    }
}
