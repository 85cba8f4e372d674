//! Placements and worked periods of a path, counted against what its track and curriculum ask.

use super::{Walk, among, many};
use crate::domain::{Case, Clause, Limits, Past, Scope, StageIx};

/// How many placements and worked periods of some kind a path has, and their limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tally {
    placements: Counted,
    periods: Counted,
}

#[derive(Debug, Clone, Copy)]
struct Counted {
    unit: &'static str,
    /// Before the plan.
    held: u64,
    /// At the end of the path.
    all: u64,
    limits: Limits,
}

/// A count out of bounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Off {
    /// By how much.
    pub(crate) amount: f64,
    unit: &'static str,
    count: u64,
    bound: u64,
    side: &'static str,
}

impl Tally {
    fn new(held: &[Past], entries: &[Past], placements: Limits, periods: Limits, mut counts: impl FnMut(&Past) -> bool) -> Self {
        let mut sums = |list: &[Past]| {
            let matching = list.iter().filter(|e| counts(e));
            matching.fold((0, 0), |(n, sum), e| (n + 1, sum + u64::from(e.periods)))
        };
        let (before, after): ((u64, u64), (u64, u64)) = (sums(held), sums(entries));
        Self {
            placements: Counted { unit: "placement", held: before.0, all: after.0, limits: placements },
            periods: Counted { unit: "period", held: before.1, all: after.1, limits: periods },
        }
    }

    fn both(&self) -> [Counted; 2] {
        [self.placements, self.periods]
    }

    /// Counts over their maximum, which is at least what was held before the plan.
    pub(crate) fn over(&self) -> impl Iterator<Item = Off> + use<> {
        self.both().into_iter().filter_map(|c| {
            let bound = u64::from(c.limits.max?).max(c.held);
            let amount = c.all.checked_sub(bound).filter(|n| *n > 0)? as f64;
            Some(Off { amount, unit: c.unit, count: c.all, bound, side: "most" })
        })
    }

    /// Counts under their minimum.
    pub(crate) fn short(&self) -> impl Iterator<Item = Off> + use<> {
        self.both().into_iter().filter_map(|c| {
            let bound = u64::from(c.limits.min);
            let amount = bound.checked_sub(c.all).filter(|n| *n > 0)? as f64;
            Some(Off { amount, unit: c.unit, count: c.all, bound, side: "least" })
        })
    }
}

impl std::fmt::Display for Off {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}; at {} {} asked",
            many(self.count, self.unit),
            self.side,
            if self.bound == 1 { "1 is".to_owned() } else { format!("{} are", self.bound) }
        )
    }
}

/// The stages of someone's track, counted.
pub(crate) fn stages<'c>(case: &'c Case, walk: &Walk<'_>) -> impl Iterator<Item = (StageIx, Tally)> + use<'c> {
    let (held, entries) = (case.held(walk.participant), walk.entries(case));
    case.tracks[case.participants[walk.participant].track].stages.iter().map(move |s| {
        let in_stage = |e: &Past| case.roles[e.role].stage == s.stage;
        (s.stage, Tally::new(&held, &entries, s.placements, s.periods, in_stage))
    })
}

/// The clauses of someone's curriculum, counted, with what each counts in words; an `each` clause once for every value met.
pub(crate) fn clauses(case: &Case, walk: &Walk<'_>) -> Vec<(String, Tally)> {
    let person = &case.participants[walk.participant];
    if person.curriculum.is_empty() {
        return Vec::new();
    }
    let (held, entries) = (case.held(walk.participant), walk.entries(case));
    let mut counted = Vec::new();
    for Clause { scope, placements, periods } in &person.curriculum {
        let tally = |counts: &dyn Fn(&Past) -> bool| Tally::new(&held, &entries, *placements, *periods, counts);
        match scope {
            Scope::Of { .. } => counted.push((scope_words(case, scope), tally(&|e| case.matches(scope, e.role, e.site)))),
            Scope::Each(attribute) => {
                let value = |e: &Past| case.attribute(*attribute, e.role, e.site);
                let mut values: Vec<usize> = entries.iter().filter_map(value).collect();
                values.sort_unstable();
                values.dedup();
                counted.extend(values.into_iter().map(|v| (case.attribute_name(*attribute, v).to_owned(), tally(&|e| value(e) == Some(v)))));
            }
        }
    }
    counted
}

/// Whether the track asks for a capstone and the last placement (or, with none, the last entry of history) is not one.
pub(crate) fn capstone_missing(case: &Case, walk: &Walk<'_>) -> bool {
    let capstone = &case.tracks[case.participants[walk.participant].track].capstone;
    !capstone.is_empty() && !walk.entries(case).last().is_some_and(|e| capstone.contains(&e.role))
}

/// What an `of` clause counts, in words.
fn scope_words(case: &Case, scope: &Scope) -> String {
    let Scope::Of { roles, families, stages, sites, kinds, regions } = scope else { return String::new() };
    fn list<'c, I: Copy>(list: Option<&Vec<I>>, name: impl Fn(I) -> &'c str) -> Option<String> {
        list.map(|l| among(l.iter().map(|i| name(*i)), "or"))
    }
    let parts = [
        list(roles.as_ref(), |i| &case.roles[i].named.name),
        list(families.as_ref(), |i| &case.families[i]),
        list(stages.as_ref(), |i| &case.stages[i].name),
        list(sites.as_ref(), |i| &case.sites[i].named.name),
        list(kinds.as_ref(), |i| &case.kinds[i]),
        list(regions.as_ref(), |i| &case.regions[i]),
    ];
    let given: Vec<String> = parts.into_iter().flatten().collect();
    if given.is_empty() { "any placement".to_owned() } else { given.join(", ") }
}
