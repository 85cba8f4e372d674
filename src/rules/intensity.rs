//! # intensity
//!
//! Nobody is kept in demanding roles for too long without a break.
//!
//! At most `run` worked periods in a row are in roles whose `intensity` is at least `limit`. An idle period, or one in a
//! calmer role, ends the run; leave does not. What was worked in an intense role before the horizon (`current`) starts
//! the run.
//!
//! Why: nights, start-ups and crises wear people out. A calmer placement between two hard ones costs little and keeps
//! people.
//!
//! Keeps it: four quarters on nights, then two in planning, with a run of four.
//!
//! Breaks it: six quarters on nights: two beyond the fourth.
//!
//! Measure: worked periods beyond the `run`-th in a row.
//!
//! Parameters: `limit`, the intensity from which a role counts; `run`, how many worked periods in a row are fine.
//!
//! If it bites: place a calmer role between, or check that `intensity` really tells the hard roles from the others.

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight, many};
use crate::domain::Role;
use crate::words::shortfall;

pub(super) const RULE: Rule = Rule {
    id: "intensity",
    source: include_str!("intensity.rs"),
    reach: Reach::Path,
    default: Default::Soft,
    weight: Some(5.0),
    params: &[
        Param {
            name: "limit",
            about: "the intensity from which a role counts",
            kind: ParamKind::Number { default: 0.8, min: 0.0, max: 1.0, whole: false },
        },
        Param {
            name: "run",
            about: "how many worked periods in a row are fine",
            kind: ParamKind::Number { default: 4.0, min: 0.0, max: 1e6, whole: true },
        },
    ],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Sentence, Teller, Who};
    use crate::words::shortfall;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let limit = teller.setting.number("limit");
        let intense = move |position| shortfall(case.role(position).intensity, limit) == 0.0;
        teller.say(Sentence::Run {
            who: Who::All,
            hit: Box::new(move |c: &Choice| intense(c.position)),
            limit: teller.setting.number("run") as usize,
            started: Box::new(move |p| case.participants[p].current.filter(|c| intense(c.position)).map_or(0, |c| c.worked as usize)),
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let (limit, longest) = (sight.setting.number("limit"), sight.setting.number("run") as usize);
    let intense = |role: &Role| shortfall(role.intensity, limit) == 0.0;
    for walk in sight.asked() {
        let current = case.participants[walk.participant].current.filter(|c| intense(case.role(c.position)));
        let mut run = current.map_or(0, |c| c.worked as usize);
        let mut beyond = Vec::new();
        for tick in 0..walk.timeline.len() {
            run = if walk.at(tick).is_some_and(|step| intense(case.role(step.position))) { run + 1 } else { 0 };
            if run > longest {
                beyond.push(tick);
            }
        }
        findings.add(walk.subject(), beyond.len() as f64, || {
            let (name, periods) = (sight.name(walk.participant), many(longest as u64, "period"));
            format!("{name}: in demanding roles for more than {periods} in a row in {}", sight.ticks(walk, &beyond))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    fn hard_area() -> Tiny {
        Tiny::new().alter(|c| c.roles[ix(AREA)].intensity = 0.8)
    }

    #[test]
    fn runs_are_bounded() {
        hard_area().place(ANA, AREA_LEIPZIG, 0, 4).place(ANA, OPS_LEIPZIG, 4, 6).place(ANA, AREA_DRESDEN, 6, 8).keeps("intensity");
        hard_area().place(ANA, AREA_LEIPZIG, 0, 4).place(ANA, AREA_DRESDEN, 5, 8).keeps("intensity");
        let says = "Ana Ruiz: in demanding roles for more than 4 periods in a row in 2029-Q1 to 2029-Q2";
        hard_area().place(ANA, AREA_LEIPZIG, 0, 6).breaks("intensity", 2.0, says);
    }

    #[test]
    fn leave_ends_no_run() {
        let plan = hard_area().place(ANA, AREA_LEIPZIG, 0, 4).place(ANA, AREA_DRESDEN, 5, 6).ana_leaves(4, true, false);
        plan.breaks("intensity", 1.0, "Ana Ruiz: in demanding roles for more than 4 periods in a row in 2029-Q2");
    }

    #[test]
    fn the_past_starts_the_run() {
        let now = hard_area().ana_now(AREA_DRESDEN, 3);
        let says = "Ana Ruiz: in demanding roles for more than 4 periods in a row in 2028-Q2";
        now.clone().place(ANA, AREA_DRESDEN, 0, 2).breaks("intensity", 1.0, says);
        now.clone().place(ANA, AREA_LEIPZIG, 0, 2).breaks("intensity", 1.0, says);
        now.place(ANA, AREA_LEIPZIG, 1, 5).keeps("intensity");
    }
}
