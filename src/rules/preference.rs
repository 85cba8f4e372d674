//! # preference
//!
//! People get what they wish, as far as the rest allows.
//!
//! A participant rates roles, families, sites, regions and kinds of site; a position's rating is the sum of what applies.
//! The regret of a placement is how far its rating lies below the best rating of any position for this participant: with
//! `scale` "normalised" divided by the range between their best and worst, so that nobody gains by shouting; times the
//! periods worked, or once per placement. Unplaced periods add none, since `coverage` counts them.
//!
//! Why: people stay where they were heard. Normalising keeps someone who rates everything from −2 to 2 from outweighing
//! someone who rates from 0 to 1.
//!
//! Keeps it: a placement at the site that someone rates highest.
//!
//! Breaks it: four quarters in the position rated worst: a regret of 4.
//!
//! Measure: the sum of all regret.
//!
//! Parameters: `scale`, "normalised" to each one's own range or "raw" points; `per`, whether regret counts for every
//! "period" worked or once per "placement".
//!
//! If it bites: the report lists who is worst off; `fairness` keeps the largest share small. Ask for ratings of more than
//! one site.

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::words::{excess, number};

pub(super) const RULE: Rule = Rule {
    id: "preference",
    source: include_str!("preference.rs"),
    reach: Reach::Path,
    default: Default::Soft,
    weight: Some(10.0),
    params: &[
        Param { name: "scale", about: "to each one's own range, or in points", kind: ParamKind::Choice(&["normalised", "raw"]) },
        Param { name: "per", about: "for every period worked, or once per placement", kind: ParamKind::Choice(&["period", "placement"]) },
    ],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Sentence, Teller};
    use crate::domain::ParticipantIx;
    use crate::words::Table;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let raw = teller.setting.choice("scale") == "raw";
        let per_placement = teller.setting.choice("per") == "placement";
        let ranges: Table<ParticipantIx, (f64, f64)> = case.participants.ids().map(|p| case.rating_range(p)).collect();
        teller.say(Sentence::Choice(Box::new(move |c: &Choice| {
            let (lo, hi) = ranges[c.participant];
            let short = hi - case.rating(c.participant, c.position);
            let regret = match (raw, hi > lo) {
                (true, _) => short,
                (false, true) => short / (hi - lo),
                (false, false) => 0.0,
            };
            regret * if per_placement { 1.0 } else { c.length() as f64 }
        })));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let normalised = sight.setting.choice("scale") == "normalised";
    let per_period = sight.setting.choice("per") == "period";
    for walk in sight.asked() {
        let (lo, hi) = case.rating_range(walk.participant);
        for step in &walk.steps {
            let rating = case.rating(walk.participant, step.position);
            let regret = match hi - rating {
                _ if excess(hi, lo) == 0.0 => 0.0,
                below if normalised => below / (hi - lo),
                below => below,
            };
            let times = if per_period { step.length() as f64 } else { 1.0 };
            findings.add(walk.subject(), regret * times, || {
                let per = if per_period { " a period" } else { "" };
                format!("{} is rated {}, the best {}: regret {}{per}", sight.placed(walk, step), number(rating), number(hi), number(regret))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::Value;
    use crate::rules::fixture::*;

    fn rated() -> Tiny {
        Tiny::new().ana(|p| {
            p.ratings.sites = [(ix(DRESDEN), 1.0), (ix(PARIS), -1.0)].into();
            p.ratings.families = [(ix(0), 1.0)].into();
            p.ratings.kinds = [(ix(0), 1.0)].into();
        })
    }

    #[test]
    fn the_best_is_free() {
        rated().place(ANA, AREA_DRESDEN, 0, 4).place(BO, LEAD_PARIS, 0, 4).keeps("preference");
        let plan = rated().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, LEAD_PARIS, 2, 4);
        let says = "Ana Ruiz: Area manager at Leipzig (2028-Q1 to 2028-Q2) is rated 2, the best 3: regret 0.25 a period";
        plan.clone().breaks("preference", 2.5, says);
        let once = plan.clone().param("preference", "per", Value::Choice("placement"));
        once.breaks("preference", 1.25, "Ana Ruiz: Transport lead at Paris (2028-Q3 to 2028-Q4) is rated −1, the best 3: regret 1");
        let says = "Ana Ruiz: Transport lead at Paris (2028-Q3 to 2028-Q4) is rated −1, the best 3: regret 4 a period";
        plan.param("preference", "scale", Value::Choice("raw")).breaks("preference", 10.0, says);
    }
}
