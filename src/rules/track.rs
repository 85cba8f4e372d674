//! # track
//!
//! A path climbs its track: stages in order, counts within bounds, a capstone at the end.
//!
//! Where the track lists stages, every placement is in one of them and no placement is in an earlier stage than one
//! before it; placements and worked periods in each stage lie within its bounds. Where it lists a capstone, the last
//! placement is one of these roles. History counts, but is never itself out of order, and what history alone already
//! exceeds is not charged. What is asked at least, and the capstone, is asked of finished paths (what the others owe is
//! counted in `coverage`), or of everyone whose track ends within the horizon.
//!
//! Why: the track is the promise made to the cohort: so long on the floor, so long running a shift, and a final post that
//! shows they are ready.
//!
//! Keeps it: Area manager, Operations manager, and General manager as the capstone.
//!
//! Breaks it: Operations manager, then Area manager: out of the track's order.
//!
//! Breaks it: three placements as Area manager where at most two are asked.
//!
//! Measure: placements out of order or outside, plus placements and periods out of bounds, plus missing capstones.
//!
//! Parameters: `minima`, of whom the least counts and the capstone are asked: "finished" paths or "everyone".
//!
//! If it bites: widen the stage's bounds, or check that lengths and counts can add up to the track's length at all.

use super::{Default, Param, ParamKind, Reach, Rule};
use crate::audit::{Findings, Sight, Walk, capstone_missing, stages};

pub(super) const RULE: Rule = Rule {
    id: "track",
    source: include_str!("track.rs"),
    reach: Reach::Path,
    default: Default::Hard,
    weight: None,
    params: &[Param {
        name: "minima",
        about: "of whom the least counts and the capstone are asked",
        kind: ParamKind::Choice(&["finished", "everyone"]),
    }],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Bounds, Choice, Condition, End, Held, Sentence, Teller, When, Who};
    use crate::domain::{Limits, ParticipantIx, Past};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let everyone = teller.setting.choice("minima") == "everyone";
        for (ix, track) in case.tracks.iter() {
            let on_track: Vec<_> = case.participants.ids().filter(|p| case.participants[*p].track == ix).collect();
            let who = || Who::Only(on_track.clone());
            let rung = |position| track.rung(case.stage(position));
            if !track.stages.is_empty() {
                teller.say(Sentence::Choice(Box::new(move |c: &Choice| {
                    let outside = case.participants[c.participant].track == ix && !c.continues && rung(c.position).is_none();
                    f64::from(u8::from(outside))
                })));
            }
            for (i, stage) in track.stages.iter().enumerate() {
                teller.say(Sentence::Order {
                    who: who(),
                    later: Box::new(move |c: &Choice| !c.continues && rung(c.position) == Some(i)),
                    earlier: Condition {
                        held: Box::new(move |p| {
                            let above = |past: &Past| track.rung(case.roles[past.role].stage) > Some(i);
                            if case.held(p).iter().any(above) { Held::Yes } else { Held::No }
                        }),
                        earns: Box::new(move |c: &Choice| rung(c.position) > Some(i)),
                    },
                    wanted: false,
                    once: false,
                    unit: 1.0,
                });
                let bounds = |limits: Limits, held: fn(&Past) -> u32| {
                    move |p: ParticipantIx| {
                        let held: u32 = case.held(p).iter().filter(|past| case.roles[past.role].stage == stage.stage).map(held).sum();
                        Bounds::beyond_held(limits, held, When::minima(case, p, everyone))
                    }
                };
                teller.say(Sentence::Count {
                    who: who(),
                    choice: Box::new(move |c: &Choice| f64::from(u8::from(!c.continues && case.stage(c.position) == stage.stage))),
                    mv: None,
                    bounds: Box::new(bounds(stage.placements, |_| 1)),
                });
                teller.say(Sentence::Count {
                    who: who(),
                    choice: Box::new(move |c: &Choice| if case.stage(c.position) == stage.stage { c.length() as f64 } else { 0.0 }),
                    mv: None,
                    bounds: Box::new(bounds(stage.periods, |past| past.periods)),
                });
            }
        }
        teller.say(Sentence::End(Box::new(move |e: &End| {
            let person = &case.participants[e.participant];
            let capstone = &case.tracks[person.track].capstone;
            let asked = if everyone { !person.timeline.cut } else { e.finished(case) };
            let has = case.role_before(e.participant, e.last).is_some_and(|role| capstone.contains(&role));
            f64::from(u8::from(asked && !capstone.is_empty() && !has))
        })));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let everyone = sight.setting.choice("minima") == "everyone";
    for walk in sight.asked() {
        order(sight, walk, findings);
        let asked = walk.finished || everyone && walk.uncut();
        let name = sight.name(walk.participant);
        for (stage, tally) in stages(case, walk) {
            for off in tally.over().chain(tally.short().filter(|_| asked)) {
                findings.add(walk.subject(), off.amount, || format!("{name}, stage {}: {off}", case.stages[stage].name));
            }
        }
        if asked && capstone_missing(case, walk) {
            findings.add(walk.subject(), 1.0, || format!("{name}: the last placement is no capstone of the track"));
        }
    }
}

/// Placements outside the track, or in an earlier stage than one before them.
fn order(sight: &Sight<'_>, walk: &Walk<'_>, findings: &mut Findings) {
    let case = sight.case;
    let track = &case.tracks[case.participants[walk.participant].track];
    if track.stages.is_empty() {
        return;
    }
    let held = case.held(walk.participant);
    let mut reached = held.iter().filter_map(|past| track.rung(case.roles[past.role].stage)).max();
    for step in walk.entered() {
        let stage = case.stage(step.position);
        let rung = track.rung(stage);
        match (rung, reached) {
            (None, _) => findings.add(walk.subject(), 1.0, || {
                format!("{} is outside the track: it lists no stage {}", sight.placed(walk, step), case.stages[stage].name)
            }),
            (Some(own), Some(later)) if later > own => findings.add(walk.subject(), 1.0, || {
                let later = &case.stages[track.stages[later].stage].name;
                format!("{} comes after {later}, a later stage of the track", sight.placed(walk, step))
            }),
            _ => {}
        }
        reached = reached.max(rung);
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{TrackStage, Value};
    use crate::rules::fixture::*;

    fn tracked() -> Tiny {
        Tiny::new().alter(|c| {
            let stage = |stage, periods| TrackStage { stage: ix(stage), placements: at_most(1), periods };
            let track = &mut c.tracks[ix(0)];
            track.stages = vec![stage(AM, at_least(2)), stage(OM, at_least(4))];
            track.capstone = vec![ix(LEAD), ix(OPS)];
        })
    }

    #[test]
    fn in_order_and_within() {
        tracked().place(ANA, AREA_LEIPZIG, 0, 4).place(ANA, OPS_LEIPZIG, 4, 8).keeps("track");
        let says = "Ana Ruiz: Area manager at Leipzig (2029-Q1 to 2029-Q3) comes after Operations manager, a later stage of the track";
        tracked().place(ANA, OPS_LEIPZIG, 0, 4).place(ANA, AREA_LEIPZIG, 4, 7).breaks("track", 1.0, says);
        let says = "Ana Ruiz: General manager at Paris (2028-Q1 to 2028-Q2) is outside the track: it lists no stage General manager";
        tracked().place(ANA, GENERAL_PARIS, 0, 2).breaks("track", 1.0, says);
        let two = tracked().place(ANA, AREA_LEIPZIG, 0, 2).place(ANA, AREA_DRESDEN, 2, 4);
        two.breaks("track", 1.0, "Ana Ruiz, stage Area manager: 2 placements; at most 1 is asked");
    }

    #[test]
    fn minima_are_asked_of_finished_paths() {
        let short = tracked().place(ANA, AREA_LEIPZIG, 0, 5).keeps("track");
        let all = short.param("track", "minima", Value::Choice("everyone"));
        all.breaks("track", 12.0, "Ana Ruiz, stage Operations manager: 0 periods; at least 4 are asked");
        let finished = tracked().place(ANA, AREA_LEIPZIG, 2, 8);
        finished.clone().breaks("track", 5.0, "Ana Ruiz: the last placement is no capstone of the track");
        finished.ana_cut().keeps("track");
    }

    #[test]
    fn history_counts_but_is_not_charged() {
        let past = |role| crate::domain::Past { role: ix(role), site: ix(LEIPZIG), periods: 4 };
        let veteran = tracked().ana(|p| p.history = vec![past(AREA), past(AREA)]);
        veteran.clone().place(ANA, OPS_LEIPZIG, 4, 8).keeps("track");
        veteran.place(ANA, AREA_LEIPZIG, 0, 2).breaks("track", 1.0, "Ana Ruiz, stage Area manager: 3 placements; at most 2 are asked");
        tracked().ana_now(GENERAL_PARIS, 2).place(ANA, GENERAL_PARIS, 0, 2).keeps("track");
    }
}
