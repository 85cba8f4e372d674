//! # peers
//!
//! Nobody is the only one from the programme at a site.
//!
//! At every site in every period there are either no participants at work or at least `min`.
//!
//! Why: a lone rotator at a far plant drops out more often than two. Someone to compare notes with in the canteen costs
//! nothing.
//!
//! Keeps it: two participants at the plant, or none.
//!
//! Breaks it: one alone for three quarters: 3.
//!
//! Measure: sites and periods with some participants but fewer than `min`.
//!
//! Parameters: `min`, how many there should be at least, where there are any.
//!
//! If it bites: open a second position at the small sites, or accept it: the default weight is small.

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight, many};
use crate::domain::Subject;

pub(super) const RULE: Rule = Rule {
    id: "peers",
    source: include_str!("peers.rs"),
    reach: Reach::Coupling,
    default: Default::Soft,
    weight: Some(5.0),
    params: &[Param {
        name: "min",
        about: "how many there should be at least, where there are any",
        kind: ParamKind::Number { default: 2.0, min: 1.0, max: 1e6, whole: true },
    }],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Sentence, Teller};
    use crate::domain::{SiteIx, Subject};
    use crate::words::Index;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        teller.say(Sentence::AllOrNone {
            place: Box::new(|c: &Choice| case.positions[c.position].site.index()),
            subject: Box::new(|site, period| Subject::SiteAt(SiteIx::new(site), period)),
            min: teller.setting.number("min") as u32,
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let min = sight.setting.number("min") as usize;
    for ((site, period), people) in sight.working(|_, step, period| Some((case.positions[step.position].site, period))) {
        let alone = if people.len() < min { 1.0 } else { 0.0 };
        findings.add(Subject::SiteAt(site, period), alone, || {
            let (name, n) = (&case.sites[site].named.name, many(people.len() as u64, "participant"));
            format!("{name} in {}: only {n} ({}); at least {min} are asked", sight.when(period), sight.names(&people))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn nobody_is_alone() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 2).place(BO, OPS_LEIPZIG, 0, 2).keeps("peers");
        let alone = plan.place(ANA, LEAD_PARIS, 2, 5);
        alone.clone().breaks("peers", 3.0, "Paris in 2028-Q3: only 1 participant (Ana Ruiz); at least 2 are asked");
        alone.param("peers", "min", crate::domain::Value::Number(1.0)).keeps("peers");
    }
}
