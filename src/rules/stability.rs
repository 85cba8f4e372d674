//! # stability
//!
//! The plan that people already know is kept.
//!
//! The instance may carry a `baseline`: the published plan. For every participant whom it names, each period of the
//! timeline counts in which the new plan has them in another position than the baseline, or in none where it had one, or
//! in one where it had none.
//!
//! Why: a plan is a promise to hundreds of people. When one of them falls ill, the answer should move three others, not
//! thirty.
//!
//! Keeps it: the baseline unchanged for everyone who is still there.
//!
//! Breaks it: Ana in Dresden instead of Leipzig for two quarters: 2.
//!
//! Measure: timeline periods that differ, over the participants named.
//!
//! If it bites: lower the weight to allow more change for more quality, or `pin` only what must not change at all.

use std::collections::BTreeMap;

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, many};
use crate::domain::{ParticipantIx, Span};

pub(super) const RULE: Rule = Rule {
    id: "stability",
    source: include_str!("stability.rs"),
    reach: Reach::Path,
    default: Default::SoftWithBaseline,
    weight: Some(20.0),
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use crate::brief::{Choice, End, Sentence, Teller};
    use crate::domain::{ParticipantIx, PositionIx};
    use crate::words::{Index, Period};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let mut was: BTreeMap<ParticipantIx, BTreeMap<Period, PositionIx>> = BTreeMap::new();
        for span in &case.baseline {
            let periods = (span.from.index()..span.until.index()).map(|i| (Period::new(i), span.position));
            was.entry(span.participant).or_default().extend(periods);
        }
        let was = Arc::new(was);
        let differs = |was: &Arc<BTreeMap<ParticipantIx, BTreeMap<Period, PositionIx>>>| {
            let was = Arc::clone(was);
            move |p: ParticipantIx, tick: usize, now: Option<PositionIx>| {
                let period = case.participants[p].timeline.periods[tick];
                was.get(&p).is_some_and(|old| old.get(&period).copied() != now)
            }
        };
        let (at, waiting, ending) = (differs(&was), differs(&was), differs(&was));
        teller
            .say(Sentence::Choice(Box::new(move |c: &Choice| (c.first..c.after).filter(|t| at(c.participant, *t, Some(c.position))).count() as f64)));
        teller.say(Sentence::Wait(Box::new(move |p, tick| f64::from(u8::from(waiting(p, tick, None))))));
        teller.say(Sentence::End(Box::new(move |e: &End| {
            let len = case.participants[e.participant].timeline.len();
            (e.at..len).filter(|t| ending(e.participant, *t, None)).count() as f64
        })));
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let mut baseline: BTreeMap<ParticipantIx, Vec<&Span>> = BTreeMap::new();
    for span in &sight.case.baseline {
        baseline.entry(span.participant).or_default().push(span);
    }
    for walk in sight.asked() {
        let Some(spans) = baseline.get(&walk.participant) else { continue };
        let differs = |tick: &usize| {
            let period = walk.timeline.periods[*tick];
            let was = spans.iter().find(|s| s.from <= period && period < s.until).map(|s| s.position);
            was != walk.at(*tick).map(|step| step.position)
        };
        let changed: Vec<usize> = (0..walk.timeline.len()).filter(differs).collect();
        findings.add(walk.subject(), changed.len() as f64, || {
            let periods = many(changed.len() as u64, "period");
            format!("{}: {periods} unlike the baseline ({})", sight.name(walk.participant), sight.ticks(walk, &changed))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    #[test]
    fn the_baseline_is_kept() {
        let span = |position, from, until| crate::domain::Span { participant: ix(ANA), position: ix(position), from: ix(from), until: ix(until) };
        let published = Tiny::new().alter(|c| c.baseline = vec![span(AREA_LEIPZIG, 0, 4), span(OPS_LEIPZIG, 4, 6)]).place(BO, LEAD_PARIS, 0, 2);
        let first = published.place(ANA, AREA_LEIPZIG, 0, 4);
        first.clone().place(ANA, OPS_LEIPZIG, 4, 6).keeps("stability");
        let changed = first.place(ANA, OPS_DRESDEN, 5, 7);
        changed.clone().breaks("stability", 3.0, "Ana Ruiz: 3 periods unlike the baseline (2029-Q1 to 2029-Q3)");
        changed.ana_leaves(5, true, false).breaks("stability", 2.0, "Ana Ruiz: 2 periods unlike the baseline (2029-Q1, 2029-Q3)");
    }
}
