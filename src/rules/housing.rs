//! # housing
//!
//! No site has more people from elsewhere than it can house.
//!
//! In every period the participants who work at a site and do not live within `commute_km` of it are at most its
//! `housing`. Someone whose home is not given, or whose distance is unknown, counts everywhere.
//!
//! Why: remote plants rent a fixed number of flats. The one too many sleeps in a hotel for a quarter, or declines the
//! job.
//!
//! Keeps it: two from elsewhere at a site with two flats, and one who lives in the town.
//!
//! Breaks it: a third from elsewhere.
//!
//! Measure: people over the housing, summed over sites and periods.
//!
//! If it bites: rent one more flat, give people their `home`, raise `commute_km`, or set the rule to soft at the price of
//! a hotel.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight};
use crate::domain::Subject;

pub(super) const RULE: Rule = Rule {
    id: "housing",
    source: include_str!("housing.rs"),
    reach: Reach::Coupling,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Sentence, SiteRows, Teller, by_site};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let limits = SiteRows::new(case, |site| site.housing.as_ref());
        let commutes = by_site(case, |p, site| case.commutes(case.km_from_home(p, site)));
        teller.say(Sentence::Rows {
            rows: limits.rows(),
            choice: Some(Box::new(move |c: &Choice, emit| {
                let site = case.positions[c.position].site;
                if limits.bounds(site) && !commutes(c.participant, site) {
                    for period in c.periods(case) {
                        emit(limits.row(site, period), 1.0);
                    }
                }
            })),
            mv: None,
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let guests = sight.working(|walk, step, period| {
        let site = case.positions[step.position].site;
        let limited = case.sites[site].housing.is_some();
        (limited && !case.commutes(case.km_from_home(walk.participant, site))).then_some((site, period))
    });
    for ((site, period), people) in guests {
        let places = case.sites[site].housing.as_ref().map_or(u32::MAX, |h| h[period]);
        findings.add(Subject::SiteAt(site, period), people.len().saturating_sub(places as usize) as f64, || {
            let (name, n) = (&case.sites[site].named.name, people.len());
            format!("{name} in {}: {n} from elsewhere, housing for {places} ({})", sight.when(period), sight.names(&people))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn guests_are_housed() {
        let one_flat = Tiny::new().alter(|c| c.sites[ix(LEIPZIG)].housing = Some(crate::words::Table::new(vec![1; 8])));
        let plan = one_flat.place(ANA, AREA_LEIPZIG, 0, 4).keeps("housing").place(BO, OPS_LEIPZIG, 3, 6);
        plan.clone().breaks("housing", 1.0, "Leipzig in 2028-Q4: 2 from elsewhere, housing for 1 (Ana Ruiz and Bo Chen)");
        let home = plan.ana(|p| p.home = Some(crate::domain::Home::Site(ix(DRESDEN))));
        home.clone().breaks("housing", 1.0, "Leipzig in 2028-Q4: 2 from elsewhere, housing for 1 (Ana Ruiz and Bo Chen)");
        home.alter(|c| c.relocation.commute_km = 150.0).keeps("housing");
    }
}
