//! # duration
//!
//! Every placement lasts as long as its role needs, and no longer than it may.
//!
//! The worked periods of a placement lie between the role's `duration.min` and `duration.max`. Leave does not count. In
//! the placement that someone is in when the horizon opens, the periods worked before it count too (`current.worked`),
//! and if they leave it at once it must have been long enough already. Only one that runs into the end of the horizon
//! while the track goes on may still be short: it goes on in the next plan.
//!
//! Why: too short a stay is a visit, with nothing delivered and nobody led through a full cycle; too long a stay blocks
//! the seat for the next person.
//!
//! Keeps it: two to six quarters asked, four worked.
//!
//! Breaks it: one quarter as Operations manager where two are asked.
//!
//! Measure: none, since the rule is always hard; the audit counts the periods short or over.
//!
//! If it bites: widen `duration` of the role; mind that lengths of all stages must add up to the track's length.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, many};

pub(super) const RULE: Rule = Rule {
    id: "duration",
    source: include_str!("duration.rs"),
    reach: Reach::Path,
    default: Default::HardOnly,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Choice, End, Move, Sentence, Teller};
    use crate::domain::Before;
    use crate::words::{excess, shortfall};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        teller.say(Sentence::Choice(Box::new(|c: &Choice| {
            let timeline = &case.participants[c.participant].timeline;
            let limits = case.role(c.position).duration;
            let worked = c.worked(case) as f64;
            let may_be_short = timeline.cut && c.after == timeline.len();
            let under = if may_be_short { 0.0 } else { shortfall(worked, f64::from(limits.min)) };
            under + limits.max.map_or(0.0, |max| excess(worked, f64::from(max)))
        })));
        // `current` that is not gone on with has ended as the horizon opened, and must have been long enough.
        let ended_early = |participant| {
            let current = case.participants[participant].current;
            current.map_or(0.0, |c| shortfall(f64::from(c.worked), f64::from(case.role(c.position).duration.min)))
        };
        teller
            .say(Sentence::of_move(Box::new(move |m: &Move| if m.before == Before::Start && !m.continues { ended_early(m.participant) } else { 0.0 })));
        teller.say(Sentence::End(Box::new(move |e: &End| if e.last == Before::Start { ended_early(e.participant) } else { 0.0 })));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    for walk in sight.asked() {
        let person = &sight.case.participants[walk.participant];
        for step in &walk.steps {
            let duration = sight.case.role(step.position).duration;
            let runs_on = walk.timeline.cut && step.after == walk.timeline.len();
            let short = if runs_on { 0 } else { (duration.min as usize).saturating_sub(step.total) };
            let over = duration.max.map_or(0, |max| step.total.saturating_sub(max as usize));
            findings.add(walk.subject(), (short + over) as f64, || {
                let asked = if short > 0 { format!("at least {}", duration.min) } else { format!("at most {}", duration.max.unwrap_or(u32::MAX)) };
                format!("{} lasts {}; {asked} may be", sight.placed(walk, step), many(step.total as u64, "period"))
            });
        }
        if let Some(current) = person.current.filter(|_| !walk.continues()) {
            let min = sight.case.role(current.position).duration.min;
            findings.add(walk.subject(), f64::from(min.saturating_sub(current.worked)), || {
                let position = sight.case.position_name(current.position);
                format!("{}: leaves {position} after {}; at least {min} may be", person.named.name, many(u64::from(current.worked), "period"))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn lasts_from_two_to_six() {
        Tiny::new().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, OPS_LEIPZIG, 2, 8).keeps("duration");
        Tiny::new().place(ANA, AREA_LEIPZIG, 0, 1).breaks(
            "duration",
            1.0,
            "Ana Ruiz: Area manager at Leipzig (2028-Q1) lasts 1 period; at least 2 may be",
        );
        Tiny::new().place(ANA, AREA_LEIPZIG, 0, 8).breaks(
            "duration",
            2.0,
            "Ana Ruiz: Area manager at Leipzig (2028-Q1 to 2029-Q4) lasts 8 periods; at most 6 may be",
        );
        Tiny::new().place(ANA, AREA_LEIPZIG, 0, 3).ana_leaves(1, true, false).keeps("duration");
    }

    #[test]
    fn the_past_counts() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 1).ana_now(AREA_LEIPZIG, 1).keeps("duration");
        plan.ana_now(OPS_LEIPZIG, 1).breaks("duration", 2.0, "Ana Ruiz: leaves Operations manager at Leipzig after 1 period; at least 2 may be");
        Tiny::new().ana_now(AREA_LEIPZIG, 1).ana_gone().keeps("duration");
    }

    #[test]
    fn what_runs_on_may_still_be_short() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 7, 8);
        plan.clone().ana_cut().keeps("duration");
        plan.breaks("duration", 1.0, "Ana Ruiz: Area manager at Leipzig (2029-Q4) lasts 1 period; at least 2 may be");
    }
}
