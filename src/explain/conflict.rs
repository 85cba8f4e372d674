//! Why there is no plan: a minimal set of rules and facts that cannot all be kept.
//!
//! The set is narrowed by halves (QuickXplain: Junker 2004), then each member is dropped in turn (the deletion filter: Chinneck
//! & Dravnieks 1991) until none can be: without any one of them there is a plan. Every step is a search for a plan, so nothing
//! is named that plays no part.

use std::collections::BTreeSet;

use super::oracle::{Answer, Oracle, Wish};
use super::requirement::{Requirement, without};
use crate::domain::{Case, Policy};
use crate::rules::find;

/// Rules and facts that cannot all be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The members, rules first.
    pub members: Vec<Requirement>,
    /// Everything that could be dropped and is no member: with all of it dropped there is still no plan.
    pub dropped: Vec<Requirement>,
    /// Without any one of the members there is a plan: each was tried. `false` if time was up.
    pub minimal: bool,
}

/// A minimal conflict of what is hard in a policy; `None` if there is a plan, or if time was up before that was known.
///
/// First rules and facts are narrowed down with everyone in place, then the people; people are left as they are where hard
/// `demand`, `peers` or `pipeline` take part, since those need them. Last, a leave is named where there is a plan without it.
/// O(k log n) searches for k members among n rules, facts and people.
///
/// # Errors
/// If HiGHS fails.
pub fn conflict(case: &Case, policy: &Policy, wish: Option<Wish>, oracle: &mut Oracle<'_>) -> Result<Option<Conflict>, String> {
    if oracle.ask(case, policy, wish)? != Answer::No {
        return Ok(None);
    }
    let mut all = Requirement::all(case, policy);
    let facts = all.len();
    all.extend(Requirement::people(case).into_iter().filter(|r| wish.is_none_or(|w| *r != Requirement::Person(w.participant))));
    let mut filter = Filter { case, policy, wish, oracle, all: &all, certain: true };
    let everyone: Vec<usize> = (facts..all.len()).collect();
    let rules = filter.narrow(&everyone.iter().copied().collect(), true, &(0..facts).collect::<Vec<_>>())?;
    let wants_people = |i: &usize| ["demand", "peers", "pipeline"].iter().any(|id| find(id).map(Requirement::Rule).as_ref() == Some(&all[*i]));
    let mut kept: BTreeSet<usize> = rules.iter().copied().collect();
    if rules.iter().any(wants_people) {
        kept.extend(&everyone);
        filter.delete(&mut kept, facts)?;
    } else {
        kept.extend(filter.narrow(&kept, true, &everyone)?);
        filter.delete(&mut kept, all.len())?;
    }
    let minimal = filter.certain;
    let (kept, dropped): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(|i| kept.contains(i));
    let of = |places: Vec<usize>| places.into_iter().map(|i| all[i].clone()).collect::<Vec<_>>();
    let unnamed = kept.iter().any(wants_people);
    let mut members = of(kept);
    members.retain(|r| !unnamed || !matches!(r, Requirement::Person(_)));
    let dropped = of(dropped);
    members.extend(leaves(case, policy, wish, oracle, &members, &dropped)?);
    Ok(Some(Conflict { members, dropped, minimal }))
}

/// Leaves of those concerned without which there would be a plan.
fn leaves(
    case: &Case,
    policy: &Policy,
    wish: Option<Wish>,
    oracle: &mut Oracle<'_>,
    members: &[Requirement],
    dropped: &[Requirement],
) -> Result<Vec<Requirement>, String> {
    let mut named = Vec::new();
    for (p, person) in case.participants.iter() {
        let concerned = members.contains(&Requirement::Person(p)) || wish.is_some_and(|w| w.participant == p);
        if person.timeline.leave.is_empty() || !concerned {
            continue;
        }
        let leave = Requirement::Leave(p);
        let (less, laxer) = without(case, policy, dropped.iter().chain([&leave]));
        if oracle.ask(&less, &laxer, wish)? == Answer::Yes {
            named.push(leave);
        }
    }
    Ok(named)
}

/// The search for a minimal set. Requirements are named by their place in `all`.
struct Filter<'f, 'a> {
    case: &'f Case,
    policy: &'f Policy,
    wish: Option<Wish>,
    oracle: &'f mut Oracle<'a>,
    all: &'f [Requirement],
    /// Every answer was known.
    certain: bool,
}

impl Filter<'_, '_> {
    /// Whether there is no plan that keeps these, everything else dropped. What is not known counts as a plan: then more is kept.
    fn conflicts(&mut self, kept: &BTreeSet<usize>) -> Result<bool, String> {
        let dropped = self.all.iter().enumerate().filter(|(i, _)| !kept.contains(i)).map(|(_, r)| r);
        let (case, policy) = without(self.case, self.policy, dropped);
        let answer = self.oracle.ask(&case, &policy, self.wish)?;
        self.certain &= answer != Answer::Unknown;
        Ok(answer == Answer::No)
    }

    /// Candidates that are in conflict with the background, as few as can be; those early in the list are kept rather. With all
    /// of them there is no plan; whether there is one without any is asked if the background `changed`.
    fn narrow(&mut self, background: &BTreeSet<usize>, changed: bool, candidates: &[usize]) -> Result<Vec<usize>, String> {
        if candidates.is_empty() || changed && self.conflicts(background)? {
            return Ok(Vec::new());
        }
        if candidates.len() == 1 {
            return Ok(candidates.to_vec());
        }
        let (early, late) = candidates.split_at(candidates.len() / 2);
        let with = |more: &[usize]| background.iter().chain(more).copied().collect::<BTreeSet<usize>>();
        let second = self.narrow(&with(early), true, late)?;
        let first = self.narrow(&with(&second), !second.is_empty(), early)?;
        Ok(first.into_iter().chain(second).collect())
    }

    /// Drops what can be dropped, among the first `some`, until nothing can.
    fn delete(&mut self, kept: &mut BTreeSet<usize>, some: usize) -> Result<(), String> {
        loop {
            let mut any = false;
            for i in kept.iter().copied().filter(|i| *i < some).collect::<Vec<_>>() {
                let mut less = kept.clone();
                less.remove(&i);
                if self.conflicts(&less)? {
                    *kept = less;
                    any = true;
                }
            }
            if !any {
                return Ok(());
            }
        }
    }
}
