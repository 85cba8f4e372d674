//! # visibility
//!
//! A finished path has been seen by senior leaders.
//!
//! Roles have a `visibility` from 0 to 1. The sum of visibility × worked periods along a finished path, history included,
//! should reach `min`.
//!
//! Why: people are promoted by those who have seen them at work. Two equally good paths differ in that, and those who
//! lack a sponsor need it most.
//!
//! Keeps it: four quarters in a role with visibility 0.5, where 1 is asked.
//!
//! Breaks it: a whole track in roles that nobody upstairs sees.
//!
//! Measure: what finished paths fall short of `min`.
//!
//! Parameters: `min`, the visibility × periods asked of a finished path.
//!
//! If it bites: check the `visibility` of roles, or lower `min` to one visible placement's worth.

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::words::{number, shortfall, told_apart};

pub(super) const RULE: Rule = Rule {
    id: "visibility",
    source: include_str!("visibility.rs"),
    reach: Reach::Path,
    default: Default::Off,
    weight: None,
    params: &[Param {
        name: "min",
        about: "the visibility × periods asked of a finished path",
        kind: ParamKind::Number { default: 1.0, min: 0.0, max: 1e6, whole: false },
    }],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Bounds, Choice, Sentence, Teller, When, Who};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let min = teller.setting.number("min");
        teller.say(Sentence::Count {
            who: Who::All,
            choice: Box::new(|c: &Choice| case.role(c.position).visibility * c.length() as f64),
            mv: None,
            bounds: Box::new(move |p| {
                let held: f64 = case.held(p).iter().map(|past| case.roles[past.role].visibility * f64::from(past.periods)).sum();
                Bounds { at_least: Some((min - held, When::Finished)), at_most: None }
            }),
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let min = sight.setting.number("min");
    for walk in sight.asked().filter(|w| w.finished) {
        let seen: f64 = walk.entries(case).iter().map(|e| case.roles[e.role].visibility * f64::from(e.periods)).sum();
        findings.add(walk.subject(), shortfall(seen, min), || {
            let (seen, min) = told_apart(seen, min, number);
            format!("{}: visibility × periods come to {seen}; at least {min} is asked", sight.name(walk.participant))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn finished_paths_are_seen() {
        let seen = Tiny::new().alter(|c| c.roles[ix(OPS)].visibility = 0.2).place(ANA, AREA_LEIPZIG, 0, 3);
        seen.clone().place(ANA, OPS_LEIPZIG, 3, 8).keeps("visibility");
        seen.clone().keeps("visibility");
        let short = seen.clone().place(ANA, OPS_LEIPZIG, 4, 8);
        short.clone().breaks("visibility", 0.2, "Ana Ruiz: visibility × periods come to 0.8; at least 1 is asked");
        short.ana(|p| p.history = vec![crate::domain::Past { role: ix(OPS), site: ix(PARIS), periods: 1 }]).keeps("visibility");
    }
}
