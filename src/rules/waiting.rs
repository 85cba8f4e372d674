//! # waiting
//!
//! Nobody waits between placements.
//!
//! Every idle period before the end of a path's last placement counts, times how much this participant minds waiting
//! (`minds.waiting`). With `counts_leave`, every leave period before that end counts as idle too, inside a paused
//! placement or not. Idle periods after the last placement are `coverage`'s alone.
//!
//! Why: a gap in the middle of a programme is worse than a late start to the next life: people lose their desk, their
//! team and their patience. Residencies and rotations that allow waiting want to say what it costs.
//!
//! Keeps it: placements back to back, whatever comes after the last.
//!
//! Breaks it: a quarter at home between two placements.
//!
//! Measure: `minds.waiting` × idle periods before the last placement's end.
//!
//! Parameters: `counts_leave`, whether leave counts as waiting.
//!
//! If it bites: longer durations, or starts in more periods, let placements join up.

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight, many};
use crate::words::number;

pub(super) const RULE: Rule = Rule {
    id: "waiting",
    source: include_str!("waiting.rs"),
    reach: Reach::Path,
    default: Default::Off,
    weight: None,
    params: &[Param { name: "counts_leave", about: "whether leave counts as waiting", kind: ParamKind::Flag { default: false } }],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{End, Sentence, Teller};
    use crate::domain::ParticipantIx;

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let minds = |p: ParticipantIx| case.participants[p].minds_waiting;
        teller.say(Sentence::Wait(Box::new(move |p, _| minds(p))));
        if teller.setting.flag("counts_leave") {
            teller.say(Sentence::End(Box::new(move |e: &End| {
                minds(e.participant) * case.participants[e.participant].timeline.leave_before(e.at) as f64
            })));
        }
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let counts_leave = sight.setting.flag("counts_leave");
    for walk in sight.asked() {
        let person = &sight.case.participants[walk.participant];
        let end = walk.end();
        let idle: Vec<usize> = walk.idle().into_iter().filter(|tick| *tick < end).collect();
        let leave = if counts_leave { walk.timeline.leave_before(end) } else { 0 };
        findings.add(walk.subject(), person.minds_waiting * (idle.len() + leave) as f64, || {
            let at = if idle.is_empty() { String::new() } else { format!(" ({})", sight.ticks(walk, &idle)) };
            let leave = if leave > 0 { format!(" and {} of leave", many(leave as u64, "period")) } else { String::new() };
            let minds = if person.minds_waiting == 1.0 { String::new() } else { format!(", minded {} times", number(person.minds_waiting)) };
            format!("{}: waits {}{at}{leave}{minds}", person.named.name, many(idle.len() as u64, "period"))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::Value;
    use crate::rules::fixture::*;

    #[test]
    fn gaps_before_the_end_count() {
        Tiny::new().place(ANA, AREA_LEIPZIG, 0, 3).place(ANA, OPS_LEIPZIG, 3, 6).keeps("waiting");
        let gap = Tiny::new().place(ANA, AREA_LEIPZIG, 1, 3).place(ANA, OPS_LEIPZIG, 4, 6);
        gap.clone().breaks("waiting", 2.0, "Ana Ruiz: waits 2 periods (2028-Q1, 2028-Q4)");
        gap.ana(|p| p.minds_waiting = 1.5).breaks("waiting", 3.0, "Ana Ruiz: waits 2 periods (2028-Q1, 2028-Q4), minded 1.5 times");
    }

    #[test]
    fn leave_may_count() {
        let plan = Tiny::new().place(ANA, AREA_LEIPZIG, 0, 3).ana_leaves(1, true, false).ana_leaves(5, true, false).keeps("waiting");
        plan.param("waiting", "counts_leave", Value::Flag(true)).breaks("waiting", 1.0, "Ana Ruiz: waits 0 periods and 1 period of leave");
    }
}
