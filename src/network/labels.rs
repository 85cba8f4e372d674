//! Labels: what a path must remember so that the sentences that count along it can be told from its state alone.
//!
//! Each sentence becomes a small automaton over the path's events: a state, an amount owed at an event, and what is owed at the
//! end. States are cut to what can still matter (a sum beyond its bound is its bound), so that paths that differ no more meet.

use std::collections::{BTreeMap, BTreeSet};

use super::{Arc, Network};
use crate::brief::{Bounds, Brief, Choice, Condition, End, Held, Sentence, Stamp, When};
use crate::domain::{Case, ParticipantIx};
use crate::words::{excess, shortfall};

/// What labels ask of the paths that they are for.
pub(crate) trait Ground {
    /// All placements.
    fn choices(&self) -> impl Iterator<Item = &Choice>;
    /// Whether [`Ground::longest`] hears moves.
    fn hears_moves(&self) -> bool;
    /// At least the largest total that a path can collect, if each arc adds a number; `None` if there is no path.
    fn longest(&self, adds: &dyn Fn(&Arc) -> f64) -> Option<f64>;
    /// Whether some path may have a later choice after an earlier one.
    fn meets(&self, earlier: &dyn Fn(&Choice) -> bool, later: &dyn Fn(&Choice) -> bool) -> bool;
}

/// One sentence along one participant's path, as an automaton. A state is one number.
pub(crate) struct Label<'b, 'c> {
    /// The sentence's place in the brief.
    pub(crate) sentence: usize,
    hard: bool,
    kind: Kind<'b, 'c>,
}

type Adds<'b> = Box<dyn Fn(&Arc) -> f64 + Send + Sync + 'b>;

enum Kind<'b, 'c> {
    Sum { adds: Adds<'b>, moves: bool, bounds: Bounds },
    Order { later: &'b (dyn Fn(&Choice) -> bool + Send + Sync + 'c), earlier: &'b Condition<'c>, held: Held, wanted: bool, unit: f64 },
    Need { condition: &'b Condition<'c>, held: Held, unit: f64 },
    Distinct { key: &'b (dyn Fn(&Choice) -> Option<usize> + Send + Sync + 'c), keys: Vec<usize>, missing: u32 },
    Run { hit: &'b (dyn Fn(&Choice) -> bool + Send + Sync + 'c), limit: usize, started: usize },
    Ready { conditions: Vec<(&'b Condition<'c>, Held)> },
    Spacing { mv: &'b (dyn Fn(&crate::brief::Move) -> bool + Send + Sync + 'c), at_least: usize },
}

/// The states of all labels at a node.
pub(crate) type State = Vec<u64>;

/// Something is so, is not so, or is so only if the first placement does not go on with `current`.
const NO: u64 = 0;
const YES: u64 = 1;
const PENDING: u64 = 2;

impl<'b, 'c> Label<'b, 'c> {
    /// The labels of a participant (or of several to whom the sentences say the same): one for each sentence (and each key of a keyed one) that some path of the network breaks,
    /// with its place in the brief.
    ///
    /// With `whole` also one for each sentence that counts those who are ready at the end of their paths.
    pub(crate) fn all(brief: &'b Brief<'c>, p: ParticipantIx, ground: &impl Ground, whole: bool) -> Vec<Self> {
        let mut labels = Vec::new();
        for (sentence, told) in brief.about(p) {
            let hard = told.stamp == Stamp::Hard;
            let mut push = |kind| labels.push(Self { sentence, hard, kind });
            match &told.sentence {
                Sentence::Count { who, choice, mv, bounds } if who.includes(p) => {
                    let adds: Adds<'b> = Box::new(move |arc| match arc {
                        Arc::Place(c) => choice(c),
                        Arc::Move(m, _) => mv.as_ref().map_or(0.0, |f| f(m)),
                        _ => 0.0,
                    });
                    let bounds = bounds(p);
                    let bounded = bounds.at_most.is_some() || bounds.at_least.is_some();
                    let bounds = if mv.is_some() && !ground.hears_moves() { bounded.then_some(bounds) } else { biting(ground, &adds, bounds) };
                    if let Some(bounds) = bounds {
                        push(Kind::Sum { adds, moves: mv.is_some(), bounds });
                    }
                }
                Sentence::Each { who, key, at_most } if who.includes(p) => {
                    let keys: BTreeMap<usize, ParticipantIx> = ground.choices().filter_map(|c| Some((key(c)?.0, c.participant))).collect();
                    for (k, holder) in keys {
                        let adds: Adds<'b> = Box::new(move |arc| match arc {
                            Arc::Place(c) => key(c).filter(|(other, _)| *other == k).map_or(0.0, |(_, amount)| amount),
                            _ => 0.0,
                        });
                        if let Some(bounds) = biting(ground, &adds, Bounds { at_least: None, at_most: Some(at_most(holder, k)) }) {
                            push(Kind::Sum { adds, moves: false, bounds });
                        }
                    }
                }
                Sentence::Order { who, later, earlier, wanted, unit, .. } if who.includes(p) && ground.choices().any(later) => {
                    let held = (earlier.held)(p);
                    let idle = match (held, wanted) {
                        (Held::Yes, true) => true,
                        (Held::No, false) => !ground.meets(&earlier.earns, later),
                        _ => false,
                    };
                    if !idle {
                        push(Kind::Order { later, earlier, held, wanted: *wanted, unit: *unit });
                    }
                }
                Sentence::Need { who, condition, unit } if who.includes(p) && (condition.held)(p) != Held::Yes => {
                    push(Kind::Need { condition, held: (condition.held)(p), unit: *unit });
                }
                Sentence::Distinct { who, key, held, at_least } if who.includes(p) => {
                    let held = held(p);
                    let keys: BTreeSet<usize> = ground.choices().filter_map(key).filter(|k| !held.contains(k)).collect();
                    let missing = at_least(p).saturating_sub(held.len());
                    if missing > 0 && keys.len() < 64 {
                        push(Kind::Distinct { key, keys: keys.into_iter().collect(), missing: missing as u32 });
                    }
                }
                Sentence::Run { who, hit, limit, started } if who.includes(p) => {
                    let hits = |arc: &Arc| if let Arc::Place(c) = arc { if hit(c) { c.length() as f64 } else { 0.0 } } else { 0.0 };
                    let started = started(p);
                    if ground.longest(&hits).unwrap_or(0.0) + started as f64 > *limit as f64 {
                        push(Kind::Run { hit, limit: *limit, started });
                    }
                }
                Sentence::Quorum { members, conditions, .. } if whole && members.binary_search(&p).is_ok() => {
                    push(Kind::Ready { conditions: conditions.iter().map(|c| (c, (c.held)(p))).collect() });
                }
                Sentence::Spacing { who, mv, at_least } if who.includes(p) => push(Kind::Spacing { mv, at_least: at_least(p) }),
                _ => {}
            }
        }
        labels
    }

    /// Whether its amount is forbidden, not priced.
    pub(crate) fn hard(&self) -> bool {
        self.hard
    }

    /// Whether it counts moves (and so more than placements).
    pub(crate) fn hears_moves(&self) -> bool {
        matches!(self.kind, Kind::Spacing { .. } | Kind::Sum { moves: true, .. })
    }

    /// The bounds of a sum over placements alone.
    pub(crate) fn summed(&self) -> Option<Bounds> {
        match self.kind {
            Kind::Sum { bounds, moves: false, .. } => Some(bounds),
            _ => None,
        }
    }

    /// Of all placements, by their signatures: which must come before any of which others, if it asks for that and nothing held does.
    pub(crate) fn ordered(&self, signatures: &[u64]) -> Option<(Vec<usize>, Vec<usize>)> {
        let Kind::Order { held: Held::No, wanted: true, .. } = self.kind else { return None };
        let with = |bit: u64| (0..signatures.len()).filter(|choice| signatures[*choice] & bit != 0).collect();
        self.hard.then(|| (with(2), with(1)))
    }

    /// Everything that the label makes of a placement: two with the same signature are the same to it.
    pub(crate) fn signature(&self, choice: &Choice) -> u64 {
        match &self.kind {
            Kind::Sum { adds, .. } => (adds(&Arc::Place(*choice)) + 0.0).to_bits(),
            Kind::Order { later, earlier, .. } => u64::from(later(choice)) | u64::from((earlier.earns)(choice)) << 1,
            Kind::Need { condition, .. } => u64::from((condition.earns)(choice)),
            Kind::Ready { conditions, .. } => conditions.iter().enumerate().map(|(i, (c, _))| u64::from((c.earns)(choice)) << i).sum(),
            Kind::Distinct { key, keys, .. } => key(choice).and_then(|k| keys.binary_search(&k).ok()).map_or(0, |i| i as u64 + 1),
            Kind::Run { hit, .. } => u64::from(hit(choice)),
            Kind::Spacing { .. } => 0,
        }
    }

    /// Whether placements of a signature can change what the label asks later: those that it is asked at.
    pub(crate) fn asks(&self, signature: u64) -> bool {
        match &self.kind {
            Kind::Sum { .. } | Kind::Distinct { .. } | Kind::Need { .. } | Kind::Ready { .. } => signature != 0,
            Kind::Order { .. } => signature & 1 == 1,
            Kind::Run { .. } => signature != 0,
            Kind::Spacing { .. } => true,
        }
    }

    /// What is left of a state once nothing later asks the label, but for the end of the path.
    pub(crate) fn settled(&self, state: u64) -> u64 {
        match &self.kind {
            Kind::Sum { bounds, .. } => {
                let enough = bounds.at_least.map_or(0.0, |(limit, _)| limit);
                (f64::from_bits(state).min(enough) + 0.0).to_bits()
            }
            Kind::Need { .. } | Kind::Ready { .. } => state,
            Kind::Distinct { .. } if state == u64::MAX => state,
            // How many matters, not which.
            Kind::Distinct { .. } => (1u64 << state.count_ones()) - 1,
            Kind::Order { .. } | Kind::Run { .. } | Kind::Spacing { .. } => 0,
        }
    }

    /// Whether the sentence counts participants who are ready at the end; then the amount at the end is 1 for one who is.
    pub(crate) fn counts_ready(&self) -> bool {
        matches!(self.kind, Kind::Ready { .. })
    }

    /// Everything that tells the label from another one of the same sentence kind, besides its signatures.
    pub(crate) fn parameters(&self) -> Vec<u64> {
        let mut all = vec![self.start(), u64::from(self.hard)];
        match &self.kind {
            Kind::Sum { bounds, .. } => {
                all.extend([1, bounds.at_most.map_or(u64::MAX, f64::to_bits)]);
                all.extend(bounds.at_least.map(|(limit, when)| limit.to_bits() ^ (when as u64)));
            }
            Kind::Order { wanted, unit, .. } => all.extend([2, u64::from(*wanted), unit.to_bits()]),
            Kind::Need { unit, .. } => all.extend([3, unit.to_bits()]),
            Kind::Distinct { missing, keys, .. } => all.extend([4, u64::from(*missing), keys.len() as u64]),
            Kind::Run { limit, started, .. } => all.extend([5, *limit as u64, *started as u64]),
            Kind::Spacing { at_least, .. } => all.extend([6, *at_least as u64]),
            Kind::Ready { conditions, .. } => all.extend([7, conditions.len() as u64]),
        }
        all
    }

    /// The state before the first event.
    pub(crate) fn start(&self) -> u64 {
        match &self.kind {
            Kind::Sum { .. } | Kind::Distinct { .. } | Kind::Spacing { .. } => 0,
            Kind::Order { held, .. } | Kind::Need { held, .. } => match held {
                Held::No => NO,
                Held::Yes => YES,
                Held::IfEnded => PENDING,
            },
            Kind::Run { limit, started, .. } => (*started).min(*limit) as u64,
            // Two bits for each condition.
            Kind::Ready { conditions } => {
                let bits = |held: &Held| match held {
                    Held::No => NO,
                    Held::Yes => YES,
                    Held::IfEnded => PENDING,
                };
                conditions.iter().enumerate().map(|(i, (_, held))| bits(held) << (2 * i)).sum()
            }
        }
    }

    /// The state after an event, and the amount owed there; `None` if that is forbidden.
    pub(crate) fn after(&self, case: &Case, state: u64, arc: &Arc) -> Option<(u64, f64)> {
        let (next, amount) = match arc {
            Arc::End(end) => (0, self.owed_at_end(case, state, end)),
            Arc::Wait(_) => (if matches!(self.kind, Kind::Run { .. }) { 0 } else { state }, 0.0),
            Arc::Move(..) | Arc::Place(_) => self.step(state, arc),
        };
        (amount == 0.0 || !self.hard || self.counts_ready()).then_some((next, amount))
    }

    fn step(&self, state: u64, arc: &Arc) -> (u64, f64) {
        match (&self.kind, arc) {
            (Kind::Sum { moves: false, .. }, Arc::Move(..)) => (state, 0.0),
            (Kind::Sum { adds, bounds, .. }, _) => {
                let before = f64::from_bits(state);
                let sum = before + adds(arc);
                let over = bounds.at_most.map_or(0.0, |limit| excess(sum, limit) - excess(before, limit));
                let enough = bounds.at_most.unwrap_or(0.0).max(bounds.at_least.map_or(0.0, |(limit, _)| limit));
                // +0.0 so that there is one zero.
                ((sum.min(enough) + 0.0).to_bits(), over)
            }
            (Kind::Order { later, earlier, wanted, unit, .. }, Arc::Place(choice)) => {
                let so = resolve(state, choice);
                let fails = later(choice) && (so == YES) != *wanted;
                (u64::from(so == YES || (earlier.earns)(choice)), if fails { *unit } else { 0.0 })
            }
            (Kind::Need { condition, .. }, Arc::Place(choice)) => (u64::from(resolve(state, choice) == YES || (condition.earns)(choice)), 0.0),
            (Kind::Ready { conditions }, Arc::Place(choice)) => {
                let so = |i: usize, c: &Condition<'_>| u64::from(resolve(state >> (2 * i) & 3, choice) == YES || (c.earns)(choice));
                (conditions.iter().enumerate().map(|(i, (c, _))| so(i, c) << (2 * i)).sum(), 0.0)
            }
            (Kind::Distinct { key, keys, missing }, Arc::Place(choice)) => {
                let bit = key(choice).and_then(|k| keys.binary_search(&k).ok()).map_or(0, |i| 1u64 << i);
                let set = state | bit;
                (if set.count_ones() >= *missing { u64::MAX } else { set }, 0.0)
            }
            (Kind::Run { hit, limit, .. }, Arc::Place(choice)) if hit(choice) => {
                let (run, total) = (state as usize, state as usize + choice.length());
                (total.min(*limit) as u64, (total.max(*limit) - run.max(*limit)) as f64)
            }
            (Kind::Run { .. }, Arc::Place(_)) => (0, 0.0),
            // 0: no move yet; n + 1: n ticks worked since the last one, `at_least` of them at most.
            (Kind::Spacing { mv, at_least }, Arc::Move(m, _)) if mv(m) => {
                let short = if state == 0 { 0 } else { at_least.saturating_sub(state as usize - 1) };
                (1, short as f64)
            }
            (Kind::Spacing { at_least, .. }, Arc::Place(choice)) if state > 0 => ((state as usize + choice.length()).min(at_least + 1) as u64, 0.0),
            _ => (state, 0.0),
        }
    }

    fn owed_at_end(&self, case: &Case, state: u64, end: &End) -> f64 {
        match &self.kind {
            Kind::Sum { bounds, .. } => {
                let asked = bounds.at_least.filter(|(_, when)| match when {
                    When::Always => true,
                    When::Finished => end.finished(case),
                    When::Unfinished => !end.finished(case),
                });
                asked.map_or(0.0, |(limit, _)| shortfall(f64::from_bits(state), limit))
            }
            Kind::Need { unit, .. } if state == NO => *unit,
            Kind::Ready { conditions } if (0..conditions.len()).all(|i| state >> (2 * i) & 3 != NO) => 1.0,
            Kind::Distinct { missing, .. } if end.finished(case) => f64::from(missing.saturating_sub(state.count_ones())),
            _ => 0.0,
        }
    }
}

/// A pending condition is decided by the first placement.
fn resolve(state: u64, first: &Choice) -> u64 {
    match state {
        PENDING => u64::from(!first.continues),
        state => state,
    }
}

/// The bounds that some path breaks; `None` if no path breaks any.
fn biting(ground: &impl Ground, adds: &dyn Fn(&Arc) -> f64, bounds: Bounds) -> Option<Bounds> {
    let most = || ground.longest(adds).unwrap_or(0.0);
    let least = || -ground.longest(&|arc| -adds(arc)).unwrap_or(0.0);
    let at_most = bounds.at_most.filter(|limit| excess(most(), *limit) > 0.0);
    let at_least = bounds.at_least.filter(|(limit, _)| shortfall(least(), *limit) > 0.0);
    (at_most.is_some() || at_least.is_some()).then_some(Bounds { at_least, at_most })
}

impl Ground for Network {
    fn choices(&self) -> impl Iterator<Item = &Choice> {
        self.choices()
    }

    fn hears_moves(&self) -> bool {
        true
    }

    fn longest(&self, adds: &dyn Fn(&Arc) -> f64) -> Option<f64> {
        self.longest(adds)
    }

    fn meets(&self, earlier: &dyn Fn(&Choice) -> bool, later: &dyn Fn(&Choice) -> bool) -> bool {
        let reached = self.reached_from(|arc| matches!(arc, Arc::Place(c) if earlier(c)));
        self.graph.edge_indices().any(|edge| {
            let (from, _) = self.graph.edge_endpoints(edge).expect("an edge of this graph");
            reached[from.index()] && matches!(&self.graph[edge].event, Arc::Place(c) if later(c))
        })
    }
}
