//! # breadth
//!
//! A finished path has been in enough families and at enough sites.
//!
//! The track's `breadth` says how many distinct families (functions, business areas) and how many distinct sites a path
//! should have seen when it is finished. History counts; placements without a family do not.
//!
//! Why: a general manager decides across functions, and people trust most what they have done themselves. It is soft by
//! default, because breadth competes with moves and with depth.
//!
//! Keeps it: operations, transport and finance where three families are asked.
//!
//! Breaks it: three placements in operations where two families are asked: one short.
//!
//! Measure: families and sites short, over all finished paths.
//!
//! If it bites: lower `breadth` of the track or the weight, or give the roles of other families a lower entry hurdle.

use std::collections::BTreeSet;

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, many};
use crate::domain::Attribute;

pub(super) const RULE: Rule = Rule {
    id: "breadth",
    source: include_str!("breadth.rs"),
    reach: Reach::Path,
    default: Default::Soft,
    weight: Some(20.0),
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Sentence, Teller, Who};
    use crate::domain::{ParticipantIx, RoleIx};
    use crate::words::Index;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let track = |p: ParticipantIx| &case.tracks[case.participants[p].track];
        let family = |role: RoleIx| case.roles[role].family.map(Index::index);
        teller.say(Sentence::Distinct {
            who: Who::All,
            key: Box::new(move |c: &Choice| family(case.positions[c.position].role)),
            held: Box::new(move |p| case.held(p).iter().filter_map(|past| family(past.role)).collect()),
            at_least: Box::new(move |p| track(p).breadth_families as usize),
        });
        teller.say(Sentence::Distinct {
            who: Who::All,
            key: Box::new(|c: &Choice| Some(case.positions[c.position].site.index())),
            held: Box::new(|p| case.held(p).iter().map(|past| past.site.index()).collect()),
            at_least: Box::new(move |p| track(p).breadth_sites as usize),
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked().filter(|w| w.finished) {
        let track = &case.tracks[case.participants[walk.participant].track];
        let entries = walk.entries(case);
        for (attribute, asked, thing) in [(Attribute::Family, track.breadth_families, "family"), (Attribute::Site, track.breadth_sites, "site")] {
            let seen: BTreeSet<usize> = entries.iter().filter_map(|e| case.attribute(attribute, e.role, e.site)).collect();
            findings.add(walk.subject(), (asked as usize).saturating_sub(seen.len()) as f64, || {
                let things = many(seen.len() as u64, thing).replace("familys", "families");
                format!("{}: {things} seen; at least {asked} asked", sight.name(walk.participant))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn families_and_sites_are_counted() {
        let broad = Tiny::new().alter(|c| (c.tracks[ix(0)].breadth_families, c.tracks[ix(0)].breadth_sites) = (2, 2));
        let plan = broad.place(ANA, AREA_LEIPZIG, 0, 4);
        plan.clone().place(ANA, LEAD_PARIS, 4, 8).keeps("breadth");
        let narrow = plan.clone().place(ANA, OPS_LEIPZIG, 4, 8);
        narrow.clone().breaks("breadth", 2.0, "Ana Ruiz: 1 family seen; at least 2 asked");
        narrow.ana(|p| p.history = vec![crate::domain::Past { role: ix(LEAD), site: ix(PARIS), periods: 2 }]).keeps("breadth");
        plan.keeps("breadth");
    }
}
