//! # coverage
//!
//! Nobody is left without a placement, and nothing that a track owes is left undone.
//!
//! Every period of a timeline should have a placement. And where the track ends within the horizon but the path is not
//! finished, it owes what `track` and `curriculum` would have asked of it at least: placements, periods and the capstone.
//! So leaving the last period empty is no way around them.
//!
//! Why: an idle quarter is a salary without a job and a promise not kept. It is soft, with a large weight, because one
//! gap is better than no plan at all.
//!
//! Keeps it: placements from the first quarter of the track to its last.
//!
//! Breaks it: an idle quarter between two placements.
//!
//! Breaks it: a path that stops a quarter early without its capstone: one period, and the capstone owing.
//!
//! Measure: idle periods, plus placements, periods and capstones owing.
//!
//! If it bites: the plan's `unplaced` lists who is idle when, and why; mostly it is seats, durations that do not add up
//! to the track's length, or a position that nobody qualifies for.

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, Tally, capstone_missing, clauses, many, stages};

pub(super) const RULE: Rule = Rule {
    id: "coverage",
    source: include_str!("coverage.rs"),
    reach: Reach::Path,
    default: Default::Soft,
    weight: Some(1000.0),
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use crate::brief::{Bounds, Choice, End, Sentence, Teller, When, Who};
    use crate::domain::{ParticipantIx, Past, RoleIx, Scope, SiteIx};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        teller.say(Sentence::Wait(Box::new(|_, _| 1.0)));
        teller.say(Sentence::End(Box::new(|e: &End| (case.participants[e.participant].timeline.len() - e.at) as f64)));
        let asks = |id: &str| {
            let setting = teller.policy.named(id);
            setting.on() && setting.choice("minima") == "finished"
        };
        let (track_asks, curriculum_asks) = (asks("track"), asks("curriculum"));
        if track_asks {
            teller.say(Sentence::End(Box::new(move |e: &End| {
                let person = &case.participants[e.participant];
                let capstone = &case.tracks[person.track].capstone;
                let has = case.role_before(e.participant, e.last).is_some_and(|role| capstone.contains(&role));
                f64::from(u8::from(!capstone.is_empty() && !person.timeline.cut && !e.finished(case) && !has))
            })));
        }
        let uncut = |p: &ParticipantIx| !case.participants[*p].timeline.cut;
        for (ix, track) in case.tracks.iter().filter(|_| track_asks) {
            let who: Vec<ParticipantIx> = case.participants.ids().filter(uncut).filter(|p| case.participants[*p].track == ix).collect();
            for asked in &track.stages {
                owing(teller, &who, asked.placements.min, asked.periods.min, move |role, _| case.roles[role].stage == asked.stage);
            }
        }
        if curriculum_asks {
            for (clause, who) in case.clauses() {
                if let Scope::Of { .. } = clause.scope {
                    let who: Vec<ParticipantIx> = who.into_iter().filter(uncut).collect();
                    owing(teller, &who, clause.placements.min, clause.periods.min, |role, site| case.matches(&clause.scope, role, site));
                }
            }
        }
    }

    /// What unfinished paths may owe of what counts: placements and periods.
    fn owing<'c>(
        teller: &mut Teller<'_, 'c>,
        who: &[ParticipantIx],
        placements: u32,
        periods: u32,
        counts: impl Fn(RoleIx, SiteIx) -> bool + Copy + Send + Sync + 'c,
    ) {
        let case = teller.case;
        let at = move |c: &Choice| counts(case.positions[c.position].role, case.positions[c.position].site);
        let mut say = |min: u32, weigh: fn(&Past) -> u32, adds: Box<dyn Fn(&Choice) -> f64 + Send + Sync + 'c>| {
            let held = move |p: ParticipantIx| case.held(p).iter().filter(|past| counts(past.role, past.site)).map(weigh).sum::<u32>();
            let missing: Vec<ParticipantIx> = who.iter().copied().filter(|p| held(*p) < min).collect();
            if !missing.is_empty() {
                teller.say(Sentence::Count {
                    who: Who::Only(missing),
                    choice: adds,
                    mv: None,
                    bounds: Box::new(move |p| Bounds { at_least: Some((f64::from(min) - f64::from(held(p)), When::Unfinished)), at_most: None }),
                });
            }
        };
        say(placements, |_| 1, Box::new(move |c| f64::from(u8::from(!c.continues && at(c)))));
        say(periods, |past| past.periods, Box::new(move |c| if at(c) { c.length() as f64 } else { 0.0 }));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let owed = |rule: &str| sight.policy.named(rule).on() && sight.policy.named(rule).choice("minima") == "finished";
    let (track, curriculum) = (owed("track"), owed("curriculum"));
    for walk in sight.asked() {
        let (idle, name) = (walk.idle(), sight.name(walk.participant));
        findings.add(walk.subject(), idle.len() as f64, || {
            format!("{name}: {} without a placement ({})", many(idle.len() as u64, "period"), sight.ticks(walk, &idle))
        });
        if walk.finished || !walk.uncut() {
            continue;
        }
        let mut owing = |what: &dyn Fn() -> String, tally: &Tally| {
            for off in tally.short() {
                findings.add(walk.subject(), off.amount, || format!("{name} owes {}: {off}", what()));
            }
        };
        if track {
            stages(case, walk).for_each(|(stage, tally)| owing(&|| format!("stage {}", case.stages[stage].name), &tally));
        }
        if curriculum {
            clauses(case, walk).iter().for_each(|(what, tally)| owing(&|| format!("the curriculum, {what}"), tally));
        }
        if track && capstone_missing(case, walk) {
            findings.add(walk.subject(), 1.0, || format!("{name} owes the capstone"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Clause, Mode, Scope, TrackStage, Value};
    use crate::rules::fixture::*;

    fn both_placed() -> Tiny {
        Tiny::new().place(BO, AREA_LEIPZIG, 0, 4).place(BO, OPS_LEIPZIG, 4, 8)
    }

    #[test]
    fn every_period_is_covered() {
        both_placed().place(ANA, AREA_DRESDEN, 0, 4).place(ANA, OPS_DRESDEN, 4, 8).keeps("coverage");
        let gap = both_placed().place(ANA, AREA_DRESDEN, 0, 3).place(ANA, OPS_DRESDEN, 4, 7);
        gap.clone().breaks("coverage", 2.0, "Ana Ruiz: 2 periods without a placement (2028-Q4, 2029-Q4)");
        gap.clone().ana_leaves(3, true, false).breaks("coverage", 1.0, "Ana Ruiz: 1 period without a placement (2029-Q4)");
        both_placed().ana_gone().keeps("coverage");
    }

    #[test]
    fn the_unfinished_owe() {
        let owing = both_placed().place(ANA, AREA_DRESDEN, 0, 7).alter(|c| {
            c.tracks[ix(0)].stages = vec![TrackStage { stage: ix(OM), placements: at_least(1), periods: at_least(3) }];
            c.tracks[ix(0)].capstone = vec![ix(OPS)];
            let scope = Scope::Of { roles: None, families: None, stages: None, sites: None, kinds: None, regions: None };
            c.participants[ix(ANA)].curriculum = vec![Clause { scope, placements: at_least(2), periods: at_least(7) }];
        });
        owing.clone().breaks("coverage", 7.0, "Ana Ruiz owes stage Operations manager: 0 periods; at least 3 are asked");
        owing.clone().breaks("coverage", 7.0, "Ana Ruiz owes the curriculum, any placement: 1 placement; at least 2 are asked");
        owing.clone().breaks("coverage", 7.0, "Ana Ruiz owes the capstone");
        owing.clone().ana_cut().breaks("coverage", 1.0, "Ana Ruiz: 1 period without a placement (2029-Q4)");
        let says = "Ana Ruiz: 1 period without a placement (2029-Q4)";
        owing.clone().param("track", "minima", Value::Choice("everyone")).breaks("coverage", 2.0, says);
        owing.set("track", |s| s.mode = Mode::Off).set("curriculum", |s| s.mode = Mode::Off).breaks("coverage", 1.0, says);
    }
}
