//! Why there is no plan: a minimal set of rules and facts that cannot all be kept.
//!
//! The set is narrowed by halves (QuickXplain: Junker 2004), then each member is dropped in turn (the deletion filter: Chinneck
//! & Dravnieks 1991) until none can be: without any one of them there is a plan. Every step is a search for a plan, so nothing
//! is named that plays no part.

use std::collections::BTreeSet;

use super::oracle::{Answer, Oracle, Wish};
use super::requirement::{Requirement, without};
use super::supply::{Short, supply};
use crate::domain::{Case, Policy};
use crate::rules::{RuleIx, rule};

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

/// Most facts that are named behind one rule: where more take part, the rule stands for them.
const MOST_FACTS: usize = 8;

/// A minimal conflict of what is hard in a policy; `None` if there is a plan, or if time was up before that was known.
///
/// First rules are narrowed down with everyone in place, then people, then the facts behind each rule. People are left as they
/// are where hard `demand`, `peers` or `pipeline` take part, since those need them. Where counting finds a Hall set whatever
/// most rules say, the search begins there. Last, a leave is named where there is a plan without it. O(k log n) searches for k
/// members among n rules, people and facts.
///
/// # Errors
/// If HiGHS fails.
pub fn conflict(case: &Case, policy: &Policy, wish: Option<Wish>, oracle: &mut Oracle<'_>) -> Result<Option<Conflict>, String> {
    if oracle.ask(case, policy, wish)? != Answer::No {
        return Ok(None);
    }
    let mut all = Requirement::rules(policy);
    let rules = all.len();
    all.extend(Requirement::people(case).into_iter().filter(|r| wish.is_none_or(|w| *r != Requirement::Person(w.participant))));
    let people = all.len();
    let of: Vec<RuleIx> = all[..rules].iter().filter_map(|r| if let Requirement::Rule(ix) = r { Some(*ix) } else { None }).collect();
    let behind: Vec<Vec<Requirement>> = of.iter().map(|ix| Requirement::behind(case, *ix)).collect();
    let first: Vec<usize> = behind.iter().scan(people, |next, facts| Some(std::mem::replace(next, *next + facts.len()))).collect();
    all.extend(behind.iter().flatten().cloned());
    let wants_people = |i: &usize| *i < rules && ["demand", "peers", "pipeline"].contains(&rule(of[*i]).id);

    let facts: BTreeSet<usize> = (people..all.len()).collect();
    let mut filter = Filter { case, policy, wish, oracle, all: &all, facts, certain: true };
    let (rules_left, people_left) = filter.counted(rules, people)?;
    let kept_rules = filter.narrow(&people_left.iter().copied().collect(), true, &rules_left, usize::MAX)?.unwrap_or_default();
    let mut kept: BTreeSet<usize> = kept_rules.iter().copied().collect();
    let unnamed = kept_rules.iter().any(wants_people);
    if unnamed {
        kept.extend(rules..people);
    } else {
        kept.extend(filter.narrow(&kept, true, &people_left, usize::MAX)?.unwrap_or_default());
    }
    let mut named = kept.clone();
    for i in kept_rules {
        let own: Vec<usize> = (first[i]..first[i] + behind[i].len()).collect();
        filter.facts.retain(|fact| !own.contains(fact));
        let needed = filter.narrow(&kept, true, &own, MOST_FACTS)?;
        match needed {
            Some(needed) if !needed.is_empty() => {
                named.remove(&i);
                named.extend(&needed);
                kept.extend(needed);
            }
            // They all stay, unnamed.
            None => filter.facts.extend(own),
            Some(_) => {}
        }
    }
    filter.delete(&mut kept, &mut named, |i| !unnamed || !(rules..people).contains(&i))?;
    named.retain(|i| !unnamed || !(rules..people).contains(i));
    let minimal = filter.certain;
    let stay = |i: &usize| kept.contains(i) || filter.facts.contains(i);
    let dropped: Vec<Requirement> = (0..all.len()).filter(|i| !stay(i)).map(|i| all[i].clone()).collect();
    let mut members: Vec<Requirement> = named.into_iter().map(|i| all[i].clone()).collect();
    members.sort();
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
    /// Facts that stay as long as their rule does, unnamed.
    facts: BTreeSet<usize>,
    /// Every answer was known.
    certain: bool,
}

impl Filter<'_, '_> {
    /// The case and policy in which only these are kept.
    fn variant(&self, kept: &BTreeSet<usize>) -> (Case, Policy) {
        let dropped = self.all.iter().enumerate().filter(|(i, _)| !kept.contains(i) && !self.facts.contains(i)).map(|(_, r)| r);
        without(self.case, self.policy, dropped)
    }

    /// Whether there is no plan that keeps these, everything else dropped. What is not known counts as a plan: then more is kept.
    fn conflicts(&mut self, kept: &BTreeSet<usize>) -> Result<bool, String> {
        let (case, policy) = self.variant(kept);
        let answer = self.oracle.ask(&case, &policy, self.wish)?;
        self.certain &= answer != Answer::Unknown;
        Ok(answer == Answer::No)
    }

    /// Rules and people to begin with: those of a shortage that counting finds though most rules are dropped, if there is one;
    /// else all.
    fn counted(&mut self, rules: usize, people: usize) -> Result<(Vec<usize>, Vec<usize>), String> {
        const SEATED: &[&str] = &["timeline", "duration", "coverage", "seats"];
        const CLIMBING: &[&str] = &["timeline", "duration", "coverage", "seats", "harder-than-last", "stretch", "no-repeat", "track"];
        const SUPPORTED: &[&str] = &["timeline", "duration", "coverage", "seats", "mentoring"];
        let everything = ((0..rules).collect::<Vec<_>>(), (rules..people).collect::<Vec<_>>());
        if self.wish.is_some() {
            return Ok(everything);
        }
        for guess in [SEATED, SUPPORTED, CLIMBING] {
            let left: Vec<usize> = (0..rules).filter(|i| matches!(&self.all[*i], Requirement::Rule(ix) if guess.contains(&rule(*ix).id))).collect();
            let (case, policy) = self.variant(&left.iter().copied().chain(rules..people).collect());
            let short = supply(&case, &policy).shortages.into_iter().filter(|s| matches!(s.of, Short::Seats | Short::Mentors));
            let Some(short) = short.min_by_key(|s| s.there) else { continue };
            let some: Vec<usize> =
                short.people.iter().take(short.there + 1).filter_map(|p| self.all.iter().position(|r| *r == Requirement::Person(*p))).collect();
            if self.conflicts(&left.iter().chain(&some).copied().collect())? {
                return Ok((left, some));
            }
        }
        Ok(everything)
    }

    /// Candidates that are in conflict with the background, as few as can be; those early in the list are kept rather. With all
    /// of them there is no plan; whether there is one without any is asked if the background `changed`. `None` if there are more
    /// than `most` of them.
    fn narrow(&mut self, background: &BTreeSet<usize>, changed: bool, candidates: &[usize], most: usize) -> Result<Option<Vec<usize>>, String> {
        if candidates.is_empty() || changed && self.conflicts(background)? {
            return Ok(Some(Vec::new()));
        }
        if candidates.len() == 1 {
            return Ok((most > 0).then(|| candidates.to_vec()));
        }
        let (early, late) = candidates.split_at(candidates.len() / 2);
        let with = |more: &[usize]| background.iter().chain(more).copied().collect::<BTreeSet<usize>>();
        let Some(second) = self.narrow(&with(early), true, late, most)? else { return Ok(None) };
        let Some(first) = self.narrow(&with(&second), !second.is_empty(), early, most - second.len())? else { return Ok(None) };
        Ok(Some(first.into_iter().chain(second).collect()))
    }

    /// Drops what can be dropped of what is named, until nothing can: the deletion filter.
    fn delete(&mut self, kept: &mut BTreeSet<usize>, named: &mut BTreeSet<usize>, may: impl Fn(usize) -> bool) -> Result<(), String> {
        loop {
            let mut any = false;
            for i in named.iter().copied().filter(|i| may(*i)).collect::<Vec<_>>() {
                let mut less = kept.clone();
                less.remove(&i);
                if self.conflicts(&less)? {
                    *kept = less;
                    named.remove(&i);
                    any = true;
                }
            }
            if !any {
                return Ok(());
            }
        }
    }
}
