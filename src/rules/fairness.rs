//! # fairness
//!
//! Nobody carries much more of the burden than the others.
//!
//! A participant's burden is what earlier years left (`carried`), plus the points of the counted rules on their own path;
//! with `of` "mean" it is divided by the length of their timeline. The rule adds up the largest burden of every cohort,
//! or takes the largest of all. Only rules read from one path can be counted, where they are soft; `stretch` counts
//! unless it is off. Empty timelines are left out.
//!
//! Why: sums hide their tail. A plan that is best on average may give one person the worst of everything, and that person
//! talks to the next cohort. `carried` remembers it next year.
//!
//! Keeps it: two people with a regret of 1 each.
//!
//! Breaks it: one with a regret of 2 and one with none: the same sum, twice the largest burden.
//!
//! Measure: the largest burden, summed over cohorts (or once).
//!
//! Parameters: `counts`, the rules whose points make the burden; `of`, the "mean" per period or the "total"; `over`, the
//! largest of each "cohort" or of "all".
//!
//! If it bites: it never forbids, it only weighs; raise the weight to lift the last, lower it to please the many.

use std::collections::BTreeMap;

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::domain::{ParticipantIx, Subject};
use crate::words::{number, Table};

pub(super) const RULE: Rule = Rule {
    id: "fairness",
    source: include_str!("fairness.rs"),
    reach: Reach::Coupling,
    default: Default::Soft,
    weight: Some(5.0),
    params: &[
        Param { name: "counts", about: "the rules whose points make the burden", kind: ParamKind::Rules(&["preference"]) },
        Param { name: "of", about: "per period of the timeline, or all together", kind: ParamKind::Choice(&["mean", "total"]) },
        Param { name: "over", about: "the largest of each cohort, or of all", kind: ParamKind::Choice(&["cohort", "all"]) },
    ],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Sentence, Teller};
    use crate::domain::{ParticipantIx, Subject};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let mean = teller.setting.choice("of") == "mean";
        let length = |p: ParticipantIx| case.participants[p].timeline.len();
        let members = |keep: &dyn Fn(ParticipantIx) -> bool| case.participants.ids().filter(|p| length(*p) > 0 && keep(*p)).collect::<Vec<_>>();
        let groups = if teller.setting.choice("over") == "all" {
            vec![(Subject::Everyone, members(&|_| true))]
        } else {
            case.cohorts.ids().map(|c| (Subject::Cohort(c), members(&|p| case.participants[p].cohort == c))).collect()
        };
        teller.say(Sentence::WorstOf {
            groups,
            counted: teller.setting.rules("counts").to_vec(),
            constant: Box::new(|p| case.participants[p].carried),
            scale: Box::new(move |p| if mean { 1.0 / length(p) as f64 } else { 1.0 }),
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let counts = sight.setting.rules("counts");
    let mean = sight.setting.choice("of") == "mean";
    let by_cohort = sight.setting.choice("over") == "cohort";
    let mut burdens: Table<ParticipantIx, f64> = case.participants.rows().iter().map(|p| p.carried).collect();
    for outcome in sight.outcomes.iter().filter(|o| counts.contains(&o.rule)) {
        for finding in &outcome.findings {
            if let Subject::Participant(participant) = finding.subject {
                burdens[participant] += outcome.weight * finding.amount;
            }
        }
    }
    let mut largest: BTreeMap<Subject, (f64, ParticipantIx)> = BTreeMap::new();
    for walk in sight.asked() {
        let own = burdens[walk.participant] / if mean { walk.timeline.len() as f64 } else { 1.0 };
        let subject = if by_cohort { Subject::Cohort(case.participants[walk.participant].cohort) } else { Subject::Everyone };
        let worst = largest.entry(subject).or_insert((own, walk.participant));
        if own > worst.0 {
            *worst = (own, walk.participant);
        }
    }
    for (subject, (burden, who)) in largest {
        findings.add(subject, burden, || {
            let among = match subject {
                Subject::Cohort(cohort) => format!("cohort {}", case.cohorts[cohort].named.name),
                _ => "everyone".to_owned(),
            };
            let per = if mean { " a period" } else { "" };
            format!("{among}: {} carries the largest burden, {} points{per}", sight.name(who), number(burden))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Cohort, Named, Value};
    use crate::rules::find;
    use crate::rules::fixture::*;

    fn wishes() -> Tiny {
        let plan = Tiny::new().ana(|p| p.ratings.sites = [(ix(DRESDEN), 1.0)].into());
        plan.place(ANA, AREA_LEIPZIG, 0, 4).place(BO, AREA_DRESDEN, 0, 4)
    }

    #[test]
    fn the_largest_burden_counts() {
        Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4).keeps("fairness");
        wishes().breaks("fairness", 5.0, "cohort 2028: Ana Ruiz carries the largest burden, 5 points a period");
        let total = wishes().param("fairness", "of", Value::Choice("total"));
        total.breaks("fairness", 40.0, "cohort 2028: Ana Ruiz carries the largest burden, 40 points");
        wishes().alter(|c| c.participants[ix(BO)].carried = 80.0).breaks(
            "fairness",
            10.0,
            "cohort 2028: Bo Chen carries the largest burden, 10 points a period",
        );
        wishes().ana_gone().keeps("fairness");
    }

    #[test]
    fn cohorts_are_apart_or_one() {
        let two = wishes().alter(|c| {
            let cohort = c.cohorts.push(Cohort { named: Named { id: "b".into(), name: "2029".into() }, track: ix(0), start: 0 });
            c.participants[ix(BO)].cohort = cohort;
            c.participants[ix(BO)].carried = 16.0;
        });
        two.clone().breaks("fairness", 7.0, "cohort 2029: Bo Chen carries the largest burden, 2 points a period");
        two.param("fairness", "over", Value::Choice("all")).breaks(
            "fairness",
            5.0,
            "everyone: Ana Ruiz carries the largest burden, 5 points a period",
        );
    }

    #[test]
    fn hard_rules_other_than_stretch_carry_no_points() {
        let counted = |id: &str| wishes().ana(|p| p.level = 1.0).param("fairness", "counts", Value::Rules(find(id).into_iter().collect()));
        counted("stretch").breaks("fairness", 1.0 / 8.0, "cohort 2028: Ana Ruiz carries the largest burden, 0.125 points a period");
        counted("harder-than-last").place(ANA, AREA_DRESDEN, 4, 8).keeps("fairness");
    }
}
