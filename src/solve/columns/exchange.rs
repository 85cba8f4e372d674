//! Exchanges: people who take over from each other what they have in a span of periods, two of them or more in a circle.
//!
//! In a span that no placement of theirs sticks out of, one takes what another has there. What each gains or loses along their own
//! path is known at once; circles are sought among the takings (multi-exchange neighbourhoods: Ahuja, Orlin & Sharma 2000), and
//! what the plan gains or loses by the books.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::ledger::Ledger;
use crate::brief::{Brief, Choice, Events, events};
use crate::domain::{ParticipantIx, Placement, Plan};
use crate::pricing::{Column, Coupling, Held, Pricing};
use crate::words::{Index, Period};

/// Takings that are looked at, at most; circles of one span; exchanges that are held against the books, of each kind.
const TAKINGS: usize = 4_000_000;
const CIRCLES: usize = 20_000;
const WEIGHED: usize = 400;
/// Takings of each person that circles of three and more go along, the best ones.
const BEST: usize = 6;
/// Points below which nobody is worse or better off.
const NOTHING: f64 = 1e-6;

/// An exchange: who has which path then.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// Each takes what the next one has, the last what the first one has.
    pub who: Vec<ParticipantIx>,
    /// Their paths then.
    pub paths: Vec<Vec<Choice>>,
    /// What changes in the points of each along their own path.
    pub own: Vec<f64>,
    /// What changes in the plan's cost.
    pub points: f64,
    /// From the first of what they exchange to the end of the last.
    pub span: (Period, Period),
}

/// Exchanges of a plan.
#[derive(Debug, Clone)]
pub struct Exchanges {
    /// Nobody is worse off along their own path, and somebody better; the largest gain first.
    pub gentle: Vec<Exchange>,
    /// The others, those that cost the plan least first.
    pub cheap: Vec<Exchange>,
    /// Every taking was looked at.
    pub whole: bool,
}

/// The exchanges of a plan in circles of at most so many people: for each pair of a begin and an end, O(people² + circles) looks,
/// at most [`TAKINGS`] in all, and a few hundred entries in the books. `None` if some path of the plan is none on its timeline or
/// breaks something hard by itself.
pub(in super::super) fn exchanges(brief: &Brief<'_>, plan: &Plan, longest: usize) -> Option<Exchanges> {
    let case = brief.case;
    let coupling = Coupling::new(brief);
    let pricing = Pricing::new(brief, &coupling, &|| false)?;
    let there = |n: usize| events(case, plan, pricing.participant(n)).and_then(|Events { choices, .. }| pricing.column(n, &choices));
    let columns: Vec<Column> = (0..pricing.len()).map(there).collect::<Option<_>>()?;
    let desk = Desk { pricing: &pricing, plan, columns: &columns };
    let mut left = TAKINGS;
    let (mut gentle, mut cheap): (Vec<Circle>, Vec<Circle>) = (Vec::new(), Vec::new());
    let mut whole = true;
    let count = case.calendar.count;
    let spans = (1..=count).rev().flat_map(|length| (0..=count - length).map(move |from| (Period::new(from), Period::new(from + length))));
    for span in spans {
        let people = desk.people(span);
        let looks = people.len() * people.len();
        if looks > left {
            whole = false;
            continue;
        }
        left -= looks;
        let takings = desk.takings(&people, span);
        gentle.extend(circles(&takings, longest, span, &|gain| gain <= NOTHING).into_iter().filter(|c| c.gain < -NOTHING));
        cheap.extend(circles(&takings, longest.min(3), span, &|_| true));
        cheap.sort_by(|a, b| a.gain.total_cmp(&b.gain));
        cheap.truncate(4 * WEIGHED);
    }
    gentle.sort_by(|a, b| a.gain.total_cmp(&b.gain));
    let others = Held { sums: vec![0.0; coupling.len()], places: vec![Default::default(); coupling.quorate.len()] };
    let mut ledger = Ledger::beside(&pricing, columns.clone(), others);
    let mut seen = BTreeSet::new();
    let gentle: Vec<Exchange> = gentle.into_iter().take(WEIGHED).filter_map(|c| desk.weighed(&mut ledger, &c, &mut seen)).collect();
    let mut cheap: Vec<Exchange> = cheap.into_iter().take(WEIGHED).filter_map(|c| desk.weighed(&mut ledger, &c, &mut seen)).collect();
    cheap.retain(|e| e.own.iter().any(|own| *own > NOTHING));
    cheap.sort_by(|a, b| a.points.total_cmp(&b.points));
    Some(Exchanges { gentle, cheap, whole })
}

/// A circle of takings, and what all in it gain (below 0) or lose along their own paths.
struct Circle {
    who: Vec<usize>,
    gain: f64,
    span: (Period, Period),
}

/// Per person of a span, in order: whom they can take from, and what it costs them.
type Takings = Vec<(usize, Vec<(usize, f64)>)>;

struct Desk<'d, 'b, 'c> {
    pricing: &'d Pricing<'b, 'c>,
    plan: &'d Plan,
    columns: &'d [Column],
}

impl Desk<'_, '_, '_> {
    /// Those who have something in a span, and nothing that sticks out of it.
    fn people(&self, span: (Period, Period)) -> Vec<usize> {
        let inside = |pl: &Placement| span.0 <= pl.from && pl.until <= span.1;
        let outside = |pl: &Placement| pl.until <= span.0 || span.1 <= pl.from;
        let fits = |n: &usize| {
            let path = &self.plan.paths[self.pricing.participant(*n)];
            path.iter().any(inside) && path.iter().all(|pl| inside(pl) || outside(pl))
        };
        (0..self.pricing.len()).filter(fits).collect()
    }

    /// The path of one with what another has in a span; `None` if it is the same, or breaks something hard.
    fn taking(&self, taker: usize, giver: usize, span: (Period, Period)) -> Option<Column> {
        let (p, q) = (self.pricing.participant(taker), self.pricing.participant(giver));
        let inside = |pl: &&Placement| span.0 <= pl.from && pl.until <= span.1;
        let bare = |pl: &Placement| Placement { mentors: Vec::new(), ..pl.clone() };
        let mut path: Vec<Placement> = self.plan.paths[p].iter().filter(|pl| !inside(pl)).map(bare).collect();
        path.extend(self.plan.paths[q].iter().filter(inside).map(bare));
        path.sort_by_key(|pl| pl.from);
        let choices = self.choices(p, &path)?;
        if choices == self.columns[taker].choices { None } else { self.pricing.column(taker, &choices) }
    }

    fn choices(&self, p: ParticipantIx, path: &[Placement]) -> Option<Vec<Choice>> {
        let case = self.pricing.brief.case;
        let timeline = &case.participants[p].timeline;
        let mut free = 0;
        path.iter()
            .map(|pl| {
                let first = timeline.tick(pl.from)?;
                let after = timeline.tick(Period::new(pl.until.index().checked_sub(1)?))? + 1;
                let apart = first >= free && after > first;
                free = after;
                apart.then(|| Choice::new(case, p, pl.position, first, after))
            })
            .collect()
    }

    fn takings(&self, people: &[usize], span: (Period, Period)) -> Takings {
        let of = |taker: &usize| {
            let from = |giver: &usize| {
                let column = if giver == taker { None } else { self.taking(*taker, *giver, span) }?;
                Some((*giver, column.points - self.columns[*taker].points))
            };
            (*taker, people.iter().filter_map(from).collect::<Vec<_>>())
        };
        people.par_iter().map(of).collect()
    }

    /// A circle by the books; `None` if it breaks something hard, or the same has been seen.
    fn weighed(&self, ledger: &mut Ledger<'_, '_, '_>, circle: &Circle, seen: &mut BTreeSet<Vec<(usize, Vec<Choice>)>>) -> Option<Exchange> {
        let next = |i: usize| circle.who[(i + 1) % circle.who.len()];
        let fresh: Vec<(usize, Column)> =
            circle.who.iter().enumerate().map(|(i, n)| Some((*n, self.taking(*n, next(i), circle.span)?))).collect::<Option<_>>()?;
        let mut key: Vec<(usize, Vec<Choice>)> = fresh.iter().map(|(n, c)| (*n, c.choices.clone())).collect();
        key.sort();
        if !seen.insert(key) {
            return None;
        }
        let own = fresh.iter().map(|(n, c)| c.points - self.columns[*n].points).collect();
        let paths = fresh.iter().map(|(_, c)| c.choices.clone()).collect();
        let before = ledger.cost();
        let old = ledger.swap(fresh);
        let after = ledger.cost();
        ledger.swap(old);
        let who: Vec<ParticipantIx> = circle.who.iter().map(|n| self.pricing.participant(*n)).collect();
        let inside = |pl: &&Placement| circle.span.0 <= pl.from && pl.until <= circle.span.1;
        let exchanged = || who.iter().flat_map(|p| self.plan.paths[*p].iter().filter(inside));
        let span = (exchanged().map(|pl| pl.from).min()?, exchanged().map(|pl| pl.until).max()?);
        (after.broken <= before.broken + 1e-6).then_some(Exchange { who, paths, own, points: after.points - before.points, span })
    }
}

/// Circles of takings that may be, each once, from its first person: of two people all, of more those along the best takings.
fn circles(takings: &Takings, longest: usize, span: (Period, Period), may: &dyn Fn(f64) -> bool) -> Vec<Circle> {
    let place: rustc_hash::FxHashMap<usize, usize> = takings.iter().enumerate().map(|(i, (n, _))| (*n, i)).collect();
    let mut found = Vec::new();
    let cost =
        |from: usize, to: usize| takings[place[&from]].1.binary_search_by_key(&to, |(giver, _)| *giver).ok().map(|i| takings[place[&from]].1[i].1);
    let best: Vec<Vec<(usize, f64)>> = takings
        .iter()
        .map(|(_, list)| {
            let mut list: Vec<(usize, f64)> = list.iter().copied().filter(|(_, gain)| may(*gain)).collect();
            list.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            list.truncate(BEST);
            list
        })
        .collect();
    for (first, list) in takings {
        for (second, gain) in list.iter().filter(|(second, gain)| second > first && may(*gain)) {
            if let Some(back) = cost(*second, *first).filter(|back| may(*back)) {
                found.push(Circle { who: vec![*first, *second], gain: gain + back, span });
            }
        }
        // Depth first over the best takings, back to the first person, who is the smallest.
        let mut stack: Vec<(Vec<usize>, f64)> = vec![(vec![*first], 0.0)];
        while let Some((path, sum)) = stack.pop() {
            let last = path[path.len() - 1];
            if found.len() >= CIRCLES {
                return found;
            }
            if path.len() > 2
                && let Some(back) = cost(last, *first).filter(|back| may(*back))
            {
                found.push(Circle { who: path.clone(), gain: sum + back, span });
            }
            if path.len() < longest {
                let on = best[place[&last]].iter().filter(|(next, _)| next > first && !path.contains(next));
                stack.extend(on.map(|(next, gain)| (path.iter().copied().chain([*next]).collect(), sum + gain)));
            }
        }
    }
    found
}
