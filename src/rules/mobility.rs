//! # mobility
//!
//! Nobody is sent where, as far, or as often as they cannot go.
//!
//! A participant may state at most so many moves (`max_moves`), a largest distance from home (`max_km`), the sites,
//! regions or countries that they can go to, sites that they refuse (`not_sites`), and how many periods they need to stay
//! between two moves (`min_stay`). A move is a change of site beyond commuting distance. Places are asked at entry, so
//! not of the placement that someone is already in; an unknown distance breaks no limit, while an unknown region or
//! country is not an allowed one.
//!
//! Why: partners, schools and care decide whether a move happens. A plan that ignores them fails by resignation.
//!
//! Keeps it: one move in three years for someone who can make one.
//!
//! Breaks it: a placement in Paris for someone whose regions are only Saxony.
//!
//! Breaks it: a second move after two quarters where four are the least stay.
//!
//! Measure: moves over, plus placements out of bounds (one for each limit broken), plus periods short of `min_stay`.
//!
//! If it bites: `unplaced` in the plan says whose limits leave them nowhere to go; ask that person before loosening, or
//! look for a position near home.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, Step, Walk, many};
use crate::words::{excess, number, told_apart};

pub(super) const RULE: Rule = Rule {
    id: "mobility",
    source: include_str!("mobility.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use std::sync::Arc;

    use crate::brief::{Bounds, Choice, Move, Relocations, Sentence, Teller, Who, by_site};
    use crate::domain::ParticipantIx;
    use crate::words::excess;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let mobility = |p: ParticipantIx| &case.participants[p].mobility;
        let relocations = Arc::new(Relocations::new(case));
        let between = relocations.clone();
        let moves = move |m: &Move| relocations.of(m).is_some();
        let (limited, rooted): (Vec<_>, Vec<_>) = (
            case.participants.ids().filter(|p| mobility(*p).max_moves.is_some()).collect(),
            case.participants.ids().filter(|p| mobility(*p).min_stay > 1).collect(),
        );
        teller.say(Sentence::Count {
            who: Who::Only(limited),
            choice: Box::new(|_| 0.0),
            mv: Some(Box::new(move |m: &Move| f64::from(u8::from(between.of(m).is_some())))),
            bounds: Box::new(move |p| Bounds { at_least: None, at_most: mobility(p).max_moves.map(f64::from) }),
        });
        teller.say(Sentence::Spacing { who: Who::Only(rooted), mv: Box::new(moves), at_least: Box::new(move |p| mobility(p).min_stay as usize) });
        let broken = by_site(case, move |p, at| {
            let (limits, site) = (mobility(p), &case.sites[at]);
            let far = |max: f64| case.km_from_home(p, at).is_some_and(|km| excess(km, max) > 0.0);
            let broken = [
                limits.max_km.is_some_and(far),
                limits.sites.as_ref().is_some_and(|list| !list.contains(&at)),
                limits.regions.as_ref().is_some_and(|list| !site.region.is_some_and(|r| list.contains(&r))),
                limits.countries.as_ref().is_some_and(|list| !site.country.is_some_and(|r| list.contains(&r))),
                limits.not_sites.contains(&at),
            ];
            broken.into_iter().map(u8::from).sum::<u8>()
        });
        teller.say(Sentence::Choice(Box::new(move |c: &Choice| {
            if c.continues { 0.0 } else { f64::from(broken(c.participant, case.positions[c.position].site)) }
        })));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    for walk in sight.asked() {
        let limits = &case.participants[walk.participant].mobility;
        for step in walk.entered() {
            places(sight, walk, step, findings);
        }
        let moves: Vec<usize> = (0..walk.steps.len()).filter(|i| moves_at(sight, walk, &walk.steps[*i])).collect();
        if let Some(max) = limits.max_moves {
            findings.add(walk.subject(), moves.len().saturating_sub(max as usize) as f64, || {
                format!("{}: {}; at most {max} can be made", sight.name(walk.participant), many(moves.len() as u64, "move"))
            });
        }
        for pair in moves.windows(2) {
            let stay: usize = walk.steps[pair[0]..pair[1]].iter().map(Step::length).sum();
            findings.add(walk.subject(), (limits.min_stay as usize).saturating_sub(stay) as f64, || {
                let worked = many(stay as u64, "period");
                format!("{} is a move {worked} after the last; at least {} are asked", sight.placed(walk, &walk.steps[pair[1]]), limits.min_stay)
            });
        }
    }
}

fn moves_at(sight: &Sight<'_>, walk: &Walk<'_>, step: &Step<'_>) -> bool {
    sight.case.relocating(walk.participant, step.before, step.position).is_some()
}

/// The limits on places that a placement breaks, one finding each.
fn places(sight: &Sight<'_>, walk: &Walk<'_>, step: &Step<'_>, findings: &mut Findings) {
    let case = sight.case;
    let limits = &case.participants[walk.participant].mobility;
    let site = case.positions[step.position].site;
    let mut out = |what: &dyn Fn() -> String| findings.add(walk.subject(), 1.0, || format!("{} is {}", sight.placed(walk, step), what()));
    if let (Some(max), Some(km)) = (limits.max_km, case.km_from_home(walk.participant, site))
        && excess(km, max) > 0.0
    {
        let (km, max) = told_apart(km, max, |km| number(km.round()));
        out(&|| format!("{km} km from home; at most {max} can be"));
    }
    if limits.sites.as_ref().is_some_and(|allowed| !allowed.contains(&site)) {
        out(&|| "at none of the sites allowed".to_owned());
    }
    if limits.regions.as_ref().is_some_and(|allowed| !case.sites[site].region.is_some_and(|r| allowed.contains(&r))) {
        out(&|| "in none of the regions allowed".to_owned());
    }
    if limits.countries.as_ref().is_some_and(|allowed| !case.sites[site].country.is_some_and(|c| allowed.contains(&c))) {
        out(&|| "in none of the countries allowed".to_owned());
    }
    if limits.not_sites.contains(&site) {
        out(&|| "at a refused site".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn places_are_within_reach() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, LEAD_PARIS, 2, 8).keeps("mobility");
        let near = |change: fn(&mut crate::domain::Mobility)| plan.clone().ana(|p| change(&mut p.mobility));
        near(|m| m.not_sites = vec![ix(DRESDEN)]).keeps("mobility");
        let placed = |what: &str| format!("Ana Ruiz: Transport lead at Paris (2028-Q3 to 2029-Q4) {what}");
        near(|m| m.not_sites = vec![ix(PARIS)]).breaks("mobility", 1.0, &placed("is at a refused site"));
        near(|m| m.sites = Some(vec![ix(LEIPZIG)])).breaks("mobility", 1.0, &placed("is at none of the sites allowed"));
        near(|m| m.regions = Some(vec![ix(0)])).breaks("mobility", 1.0, &placed("is in none of the regions allowed"));
        near(|m| (m.regions, m.countries) = (Some(vec![ix(0)]), Some(vec![ix(0)]))).breaks(
            "mobility",
            2.0,
            &placed("is in none of the countries allowed"),
        );
        let far = near(|m| m.max_km = Some(500.0));
        far.clone().ana(|p| p.home = Some(crate::domain::Home::Site(ix(DRESDEN)))).breaks(
            "mobility",
            1.0,
            &placed("is 849 km from home; at most 500 can be"),
        );
        far.keeps("mobility");
    }

    #[test]
    fn moves_are_few_and_apart() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, OPS_DRESDEN, 2, 5).place(ANA, GENERAL_PARIS, 6, 8);
        plan.clone().ana(|p| (p.mobility.max_moves, p.mobility.min_stay) = (Some(2), 3)).keeps("mobility");
        plan.clone().ana(|p| p.mobility.max_moves = Some(1)).breaks("mobility", 1.0, "Ana Ruiz: 2 moves; at most 1 can be made");
        let says = "Ana Ruiz: General manager at Paris (2029-Q3 to 2029-Q4) is a move 3 periods after the last; at least 4 are asked";
        plan.clone().ana(|p| p.mobility.min_stay = 4).breaks("mobility", 1.0, says);
        plan.ana(|p| p.mobility.min_stay = 4).alter(|c| c.relocation.commute_km = 150.0).keeps("mobility");
    }

    #[test]
    fn nobody_is_asked_to_leave_at_once() {
        Tiny::new().ana_now(LEAD_PARIS, 2).ana(|p| p.mobility.not_sites = vec![ix(PARIS)]).place(ANA, LEAD_PARIS, 0, 2).keeps("mobility");
    }
}
