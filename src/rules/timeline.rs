//! # timeline
//!
//! One placement at a time, inside the participant's timeline, where and when the doors are open.
//!
//! A timeline is what lies between the start and the end of someone's track within the horizon, leave left out. Every
//! placement begins and ends with a period of it; placements do not overlap; the position and its site are open in every
//! period worked; a placement begins only in a period in which its role may start; none spans a leave that does not
//! pause; and between two placements in one position in a row lies at least one idle period, for otherwise they would be
//! one placement.
//!
//! Why: these are the rules of arithmetic, not of taste. A plan that breaks them cannot be carried out, so the rule
//! cannot be softened.
//!
//! Keeps it: Area manager from 2028-Q1 to 2028-Q4, Operations manager from 2029-Q1 on.
//!
//! Breaks it: Operations manager from 2028-Q4 on beside it: two placements in 2028-Q4.
//!
//! Breaks it: a placement at a site that closes while someone works there, or one that begins during parental leave.
//!
//! Measure: none, since the rule is always hard; the audit counts every overlap, misfit, closed period, forbidden start,
//! spanned leave and needless cut.
//!
//! If it bites: look at `open` of positions and sites, `starts` of roles, and `leave`; allow a leave to pause placements
//! (`pauses`) if the placement can wait.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, Step, Walk};

pub(super) const RULE: Rule = Rule {
    id: "timeline",
    source: include_str!("timeline.rs"),
    reach: Reach::Path,
    default: Default::HardOnly,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, Move, Sentence, Teller};
    use crate::domain::Before;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        teller.say(Sentence::Choice(Box::new(|c: &Choice| {
            let timeline = &case.participants[c.participant].timeline;
            let open = &case.positions[c.position].open;
            let closed = c.periods(case).filter(|p| !open[*p]).count();
            let broken = usize::from(!timeline.unbroken(c.first, c.after));
            let untimely = usize::from(!c.continues && !case.role(c.position).starts[timeline.periods[c.first]]);
            (closed + broken + untimely) as f64
        })));
        teller.say(Sentence::of_move(Box::new(|m: &Move| f64::from(u8::from(m.adjacent && m.before == Before::Placement(m.to))))));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    for walk in sight.walks.rows() {
        let mut previous: Option<&Step<'_>> = None;
        for step in &walk.steps {
            look(sight, walk, previous, step, findings);
            previous = Some(previous.filter(|p| p.placement.until > step.placement.until).unwrap_or(step));
        }
    }
}

/// What is wrong with one placement, given the one before it that ends last.
fn look(sight: &Sight<'_>, walk: &Walk<'_>, previous: Option<&Step<'_>>, step: &Step<'_>, findings: &mut Findings) {
    let case = sight.case;
    let (role, open) = (case.role(step.position), &case.positions[step.position].open);
    let mut wrong = |what: &dyn Fn() -> String| findings.add(walk.subject(), 1.0, || format!("{} {}", sight.placed(walk, step), what()));
    if !step.fits(walk.timeline) {
        wrong(&|| "does not begin and end with a period of the timeline".to_owned());
    }
    if let Some(before) = previous {
        if step.placement.from < before.placement.until {
            wrong(&|| format!("begins before {} ends", case.position_name(before.position)));
        } else if step.position == before.position && step.first == before.after {
            wrong(&|| "follows itself without an idle period".to_owned());
        }
    }
    if !step.continues && role.starts.get(step.placement.from) == Some(&false) {
        wrong(&|| format!("may not begin in {}", sight.when(step.placement.from)));
    }
    for period in step.worked(walk.timeline).filter(|p| !open[*p]) {
        wrong(&|| format!("is closed in {}", sight.when(period)));
    }
    if !walk.timeline.unbroken(step.first, step.after) {
        wrong(&|| "spans a leave that does not pause".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn placements_follow_each_other() {
        let kept = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4).place(ANA, OPS_LEIPZIG, 4, 8).keeps("timeline");
        kept.place(ANA, LEAD_PARIS, 7, 8).breaks(
            "timeline",
            1.0,
            "Ana Ruiz: Transport lead at Paris (2029-Q4) begins before Operations manager at Leipzig ends",
        );
    }

    #[test]
    fn leave_is_kept_free() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4);
        plan.clone().ana_leaves(2, true, false).keeps("timeline");
        plan.clone().ana_leaves(2, false, false).breaks(
            "timeline",
            1.0,
            "Ana Ruiz: Area manager at Leipzig (2028-Q1 to 2028-Q4) spans a leave that does not pause",
        );
        let says = "Ana Ruiz: Area manager at Leipzig (2028-Q1 to 2028-Q4) does not begin and end with a period of the timeline";
        plan.clone().ana_leaves(3, true, false).breaks("timeline", 1.0, says);
        plan.clone().ana_leaves(0, true, false).breaks("timeline", 1.0, says);
        plan.ana_gone().breaks("timeline", 1.0, says);
    }

    #[test]
    fn doors_are_open() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4);
        plan.clone().alter(|c| c.positions[ix(AREA_LEIPZIG)].open[ix(1)] = false).breaks(
            "timeline",
            1.0,
            "Ana Ruiz: Area manager at Leipzig (2028-Q1 to 2028-Q4) is closed in 2028-Q2",
        );
        let shut = plan.alter(|c| c.roles[ix(AREA)].starts[ix(0)] = false);
        shut.clone().breaks("timeline", 1.0, "Ana Ruiz: Area manager at Leipzig (2028-Q1 to 2028-Q4) may not begin in 2028-Q1");
        shut.ana_now(AREA_LEIPZIG, 1).keeps("timeline");
    }

    #[test]
    fn one_placement_is_not_cut_in_two() {
        Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4).place(ANA, AREA_LEIPZIG, 5, 8).keeps("timeline");
        Tiny::new().place(ANA, AREA_LEIPZIG, 0, 4).place(ANA, AREA_LEIPZIG, 4, 8).breaks(
            "timeline",
            1.0,
            "Ana Ruiz: Area manager at Leipzig (2029-Q1 to 2029-Q4) follows itself without an idle period",
        );
    }
}
