//! # arrivals
//!
//! No site takes in more newcomers at once than it can.
//!
//! In every period the placements that begin at a site by someone whose placement before was not there (or who had none)
//! are at most its `arrivals`. Changing the role at the same site is no arrival; nor is going on with the placement one
//! is already in. Home does not count as a placement.
//!
//! Why: every newcomer costs the site an induction, a badge and a tutor. Two at once get half of each.
//!
//! Keeps it: one newcomer in each quarter, where one is allowed.
//!
//! Breaks it: two newcomers in 2028-Q1.
//!
//! Measure: newcomers over the limit, summed over sites and periods.
//!
//! If it bites: stagger the cohort's starts, spread it over more sites, or raise `arrivals` in the periods that need it.

use std::collections::BTreeMap;

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, many};
use crate::domain::{ParticipantIx, SiteIx, Subject};
use crate::words::Period;

pub(super) const RULE: Rule = Rule {
    id: "arrivals",
    source: include_str!("arrivals.rs"),
    reach: Reach::Coupling,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Move, Sentence, SiteRows, Teller};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let limits = SiteRows::new(case, |site| site.arrivals.as_ref());
        teller.say(Sentence::Rows {
            rows: limits.rows(),
            choice: None,
            mv: Some(Box::new(move |m: &Move, begins, emit| {
                let site = case.positions[m.to].site;
                if limits.bounds(site) && !m.continues && case.site_before(m.participant, m.before) != Some(site) {
                    emit(limits.row(site, begins), 1.0);
                }
            })),
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let mut newcomers: BTreeMap<(SiteIx, Period), Vec<ParticipantIx>> = BTreeMap::new();
    for walk in sight.asked() {
        for step in walk.entered().filter(|s| s.length() > 0) {
            let site = case.positions[step.position].site;
            if case.site_before(walk.participant, step.before) != Some(site) {
                newcomers.entry((site, step.placement.from)).or_default().push(walk.participant);
            }
        }
    }
    for ((site, period), people) in newcomers {
        let limit = case.sites[site].arrivals.as_ref().and_then(|a| a.get(period)).map_or(u32::MAX, |n| *n);
        findings.add(Subject::SiteAt(site, period), people.len().saturating_sub(limit as usize) as f64, || {
            let name = &case.sites[site].named.name;
            let n = many(people.len() as u64, "newcomer");
            format!("{name} in {}: {n}, at most {limit} can arrive ({})", sight.when(period), sight.names(&people))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    fn one_at_a_time() -> Tiny {
        Tiny::new().alter(|c| c.sites[ix(LEIPZIG)].arrivals = Some(crate::words::Table::new(vec![1; 8])))
    }

    #[test]
    fn newcomers_are_few() {
        let plan = one_at_a_time().place(ANA, AREA_LEIPZIG, 2, 4);
        plan.clone().place(BO, OPS_LEIPZIG, 3, 6).keeps("arrivals");
        plan.clone().place(BO, AREA_LEIPZIG, 0, 2).place(BO, OPS_LEIPZIG, 2, 6).keeps("arrivals");
        let both = plan.place(BO, OPS_LEIPZIG, 2, 6);
        both.clone().breaks("arrivals", 1.0, "Leipzig in 2028-Q3: 2 newcomers, at most 1 can arrive (Ana Ruiz and Bo Chen)");
        both.ana_now(OPS_LEIPZIG, 2).keeps("arrivals");
    }
}
