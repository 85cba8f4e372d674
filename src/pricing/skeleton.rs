//! Skeletons: what a path must remember, over kinds of positions. Participants who share a mould share one.
//!
//! A skeleton is a reduced decision diagram over the product of the labels (as in [`crate::network`], but for kinds in place of
//! positions): *free* nodes, where a placement of a kind has ended or some idle ticks have passed, and *begin* nodes, where a
//! placement of a kind begins. It is built forward and reduced backward: nodes with the same future are one.

use rustc_hash::FxHashMap;

use super::kinds::{Atoms, Ending, Kinds, Span};
use super::whole::whole;
use crate::brief::{Brief, Choice, Stamp};
use crate::domain::{Before, ParticipantIx};
use crate::network::{Arc, Label};
use crate::rules::RuleIx;

/// The kind of what is before the first placement.
pub(super) const START: u32 = u32::MAX;

/// Arcs that a skeleton may have before it is reduced. Beyond, the sentence with most states is left to the search; beyond fewer
/// already if it has more states than that.
const ARCS: usize = 250_000;
const FEW_ARCS: usize = 60_000;
const STATES: usize = 500;

/// A placement of a kind begins.
#[derive(Debug)]
pub(super) struct Begin {
    pub(super) kind: u32,
    pub(super) arcs: std::ops::Range<u32>,
}

/// A placement, for every position of a kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// Place of its span in the list of the kind.
    pub(super) span: u16,
    pub(super) points: f64,
    pub(super) burden: f64,
    /// The free node after it.
    pub(super) to: u32,
}

/// Nothing is under way.
#[derive(Debug)]
pub(super) struct Free {
    pub(super) tick: u8,
    /// The tail of the kind of the last placement.
    pub(super) tail: u32,
    /// Some ticks have passed since.
    pub(super) idle: bool,
    /// Place in [`Skeleton::ends`], if the path may end here.
    end: Option<u32>,
    /// The free node a tick later, with points and burden.
    pub(super) wait: Option<(u32, f64, f64)>,
    /// Begin nodes, one for each kind that can follow.
    options: std::ops::Range<u32>,
}

/// The path may end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finish {
    pub(super) points: f64,
    pub(super) burden: f64,
    /// Sentences that count the participant as ready.
    pub(super) ready: Vec<u32>,
}

/// A reduced skeleton; nodes stand after all nodes that they lead to.
#[derive(Debug)]
pub(super) struct Skeleton {
    pub(super) begins: Vec<Begin>,
    pub(super) frees: Vec<Free>,
    pub(super) arcs: Vec<Place>,
    options: Vec<u32>,
    ends: Vec<Finish>,
    /// Per kind: its spans, in order.
    pub(super) spans: Vec<Vec<Span>>,
    /// Per kind: the number of its tail, which those have in common after which the same may come, and paths end alike.
    pub(super) tails: Vec<u32>,
    /// Per tick: begin nodes and free nodes up to it, counted from the last tick.
    pub(super) layers: Vec<(std::ops::Range<u32>, std::ops::Range<u32>)>,
    pub(super) source: Option<u32>,
}

/// Which kinds may follow which, at once and after idle ticks; the last row is what may come first.
pub(super) struct Follows {
    kinds: usize,
    adjacent: Vec<bool>,
    apart: Vec<bool>,
}

impl Follows {
    pub(super) fn new(kinds: usize) -> Self {
        Self { kinds, adjacent: vec![false; (kinds + 1) * kinds], apart: vec![false; (kinds + 1) * kinds] }
    }
    fn at(&self, before: u32, next: usize) -> usize {
        (if before == START { self.kinds } else { before as usize }) * self.kinds + next
    }
    pub(super) fn set(&mut self, before: u32, next: usize, adjacent: bool) {
        let at = self.at(before, next);
        if adjacent { self.adjacent[at] = true } else { self.apart[at] = true }
    }
    pub(super) fn allows(&self, before: u32, next: usize, idle: bool) -> bool {
        let at = self.at(before, next);
        if idle { self.apart[at] } else { self.adjacent[at] }
    }
    /// Per kind: the kinds that some path may still have after it.
    fn later(&self) -> Vec<Vec<bool>> {
        let n = self.kinds;
        let mut later: Vec<Vec<bool>> = (0..n).map(|k| (0..n).map(|j| self.adjacent[k * n + j] || self.apart[k * n + j]).collect()).collect();
        for via in 0..n {
            for k in 0..n {
                if later[k][via] {
                    let from = later[via].clone();
                    later[k].iter_mut().zip(from).for_each(|(here, there)| *here |= there);
                }
            }
        }
        later
    }
}

/// The values of all carried labels, by number.
type Values = Box<[u8]>;

/// A node before reduction: what it is told apart by.
type Seen = FxHashMap<(u32, bool, Values), u32>;

/// What a label makes of an event in a state: the next value and the amount.
#[derive(Clone, Copy)]
enum Step {
    Unknown,
    Forbidden,
    To(u8, f64),
}

/// The carried labels as tables, filled as they are asked: an automaton each.
struct Automata<'a, 'b, 'c> {
    plan: &'a Plan<'a, 'b, 'c>,
    labels: Vec<&'a Label<'b, 'c>>,
    /// Per label: its values, their numbers, and its steps by value and event.
    values: Vec<Vec<u64>>,
    numbers: Vec<FxHashMap<u64, u8>>,
    steps: Vec<Vec<Step>>,
    /// Events: the spans of each kind, then waiting, ending finished, ending otherwise.
    first_event: Vec<usize>,
    events: usize,
    /// Per label and kind: whether a placement that may come after one of the kind asks the label.
    asked: Vec<Vec<bool>>,
    /// Points and burden of a unit.
    charges: Vec<(f64, f64)>,
}

/// Something that happens on a path, with its number.
struct Event {
    number: usize,
    arc: Arc,
    kind: Option<u32>,
}

impl<'a, 'b, 'c> Automata<'a, 'b, 'c> {
    fn new(plan: &'a Plan<'a, 'b, 'c>) -> Self {
        let labels = plan.labels.to_vec();
        let mut first_event = Vec::new();
        let mut events = 0;
        for spans in &plan.kinds.spans {
            first_event.push(events);
            events += spans.len();
        }
        let matters = matters(plan);
        let n = labels.len();
        let charges = labels.iter().map(|l| charge(plan, l.sentence, 1.0)).collect();
        Self {
            plan,
            values: vec![Vec::new(); n],
            numbers: vec![FxHashMap::default(); n],
            steps: vec![Vec::new(); n],
            first_event,
            events: events + 3,
            asked: (0..n).map(|l| matters.iter().map(|of| of[l]).collect()).collect(),
            charges,
            labels,
        }
    }

    fn number(&mut self, label: usize, value: u64) -> Option<u8> {
        if let Some(known) = self.numbers[label].get(&value) {
            return Some(*known);
        }
        let fresh = u8::try_from(self.values[label].len()).ok()?;
        self.values[label].push(value);
        self.numbers[label].insert(value, fresh);
        self.steps[label].resize((usize::from(fresh) + 1) * self.events, Step::Unknown);
        Some(fresh)
    }

    fn start(&mut self) -> Values {
        (0..self.labels.len()).map(|l| self.number(l, self.labels[l].start()).expect("the first value")).collect()
    }

    /// The values after an event, with points and burden, and the sentences that count someone as ready; `Ok(None)` if it is
    /// forbidden, an error (the label) if a label has too many values.
    fn pass(&mut self, values: &[u8], event: &Event, ready: &mut Vec<u32>) -> Result<Option<(Values, f64, f64)>, usize> {
        let mut next: Values = values.into();
        let (mut points, mut burden) = (0.0, 0.0);
        for l in 0..values.len() {
            let at = usize::from(values[l]) * self.events + event.number;
            if matches!(self.steps[l][at], Step::Unknown) {
                let label = self.labels[l];
                let step = match label.after(self.plan.brief.case, self.values[l][usize::from(values[l])], &event.arc) {
                    None => Step::Forbidden,
                    Some((value, amount)) => {
                        let settled = event.kind.is_some_and(|k| !self.asked[l][k as usize]);
                        let value = if settled { label.settled(value) } else { value };
                        Step::To(self.number(l, value).ok_or(l)?, amount)
                    }
                };
                self.steps[l][at] = step;
            }
            match self.steps[l][at] {
                Step::To(value, amount) => {
                    next[l] = value;
                    if amount > 0.0 && self.labels[l].counts_ready() {
                        ready.push(self.labels[l].sentence as u32);
                    } else if amount > 0.0 {
                        points += amount * self.charges[l].0;
                        burden += amount * self.charges[l].1;
                    }
                }
                _ => return Ok(None),
            }
        }
        Ok(Some((next, points, burden)))
    }

    fn wait(&self, tick: usize) -> Event {
        Event { number: self.events - 3, arc: Arc::Wait(tick), kind: None }
    }

    fn place(&self, kind: u32, span: u16, choice: Choice) -> Event {
        Event { number: self.first_event[kind as usize] + usize::from(span), arc: Arc::Place(choice), kind: Some(kind) }
    }

    fn end(&self, end: crate::brief::End) -> Event {
        Event { number: self.events - if end.finished(self.plan.brief.case) { 2 } else { 1 }, arc: Arc::End(end), kind: None }
    }
}

/// Place of the span, points, burden, the tick after it, and the free node there.
type Placed = (u16, f64, f64, u8, u32);

/// What a begin node is told apart by once its arcs lead to reduced nodes: kind, and spans, points, burdens and nodes.
type BeginKey = (u32, Vec<(u16, u64, u64, u32)>);

struct Forward {
    /// Free nodes by tick: tail, idle, state.
    frees: Vec<Vec<(u32, bool, Values)>>,
    begins: Vec<Vec<(u32, Values)>>,
    options: Vec<Vec<Vec<u32>>>,
    waits: Vec<Vec<Option<(u32, f64, f64)>>>,
    ends: Vec<Vec<Option<Finish>>>,
    places: Vec<Vec<Vec<Placed>>>,
}

/// What a skeleton is built from.
pub(super) struct Plan<'a, 'b, 'c> {
    pub(super) brief: &'b Brief<'c>,
    /// One of those who share it.
    pub(super) participant: ParticipantIx,
    pub(super) atoms: &'a Atoms,
    pub(super) kinds: &'a Kinds,
    /// The labels that it carries.
    pub(super) labels: &'a [&'a Label<'b, 'c>],
    pub(super) follows: &'a Follows,
    /// Points and burden of a path without any placement; `None` if a gate forbids it.
    pub(super) nothing: Ending,
    pub(super) counted: &'a [RuleIx],
}

impl Skeleton {
    /// The skeleton; or the rank (among those carried) of a label whose sentence takes most states, if it would be too large.
    pub(super) fn new(plan: &Plan<'_, '_, '_>) -> Result<Self, usize> {
        let (firsts, tails) = tails(plan);
        let forward = Forward::new(plan, &firsts, &tails)?;
        Ok(forward.reduced(plan, tails))
    }

    /// Whether all points and burdens are whole.
    pub(super) fn is_whole(&self) -> bool {
        let arcs = self.arcs.iter().map(|arc| (arc.points, arc.burden));
        let waits = self.frees.iter().filter_map(|free| free.wait).map(|(_, points, burden)| (points, burden));
        let ends = self.ends.iter().map(|end| (end.points, end.burden));
        arcs.chain(waits).chain(ends).all(|(points, burden)| whole(points) && whole(burden))
    }

    /// The begin nodes that can follow a free node, one for each kind.
    pub(super) fn options(&self, free: &Free) -> &[u32] {
        &self.options[free.options.start as usize..free.options.end as usize]
    }

    /// How the path may end at a free node.
    pub(super) fn end(&self, free: &Free) -> Option<&Finish> {
        free.end.map(|end| &self.ends[end as usize])
    }

    /// The arcs of a begin node.
    pub(super) fn arcs(&self, begin: &Begin) -> &[Place] {
        &self.arcs[begin.arcs.start as usize..begin.arcs.end as usize]
    }
}

/// A kind of each tail, and the tail of each kind.
fn tails(plan: &Plan<'_, '_, '_>) -> (Vec<u32>, Vec<u32>) {
    let kinds = plan.kinds.count;
    let ends = |k: usize| &plan.atoms.atoms[plan.kinds.member[k]].ends;
    let follows = |k: usize, next: usize| [true, false].map(|idle| plan.follows.allows(k as u32, next, idle));
    let alike = |a: usize, b: usize| ends(a) == ends(b) && (0..kinds).all(|next| follows(a, next) == follows(b, next));
    let mut firsts: Vec<u32> = Vec::new();
    let of = (0..kinds).map(|k| {
        let known = firsts.iter().position(|first| alike(*first as usize, k));
        known.unwrap_or_else(|| {
            firsts.push(k as u32);
            firsts.len() - 1
        }) as u32
    });
    let of = of.collect();
    (firsts, of)
}

impl Forward {
    fn new(plan: &Plan<'_, '_, '_>, firsts: &[u32], tails: &[u32]) -> Result<Self, usize> {
        let ticks = plan.atoms.ticks;
        let mut automata = Automata::new(plan);
        let empty = || (0..=ticks).map(|_| Vec::new()).collect::<Vec<_>>();
        let mut this = Self {
            frees: (0..=ticks).map(|_| Vec::new()).collect(),
            begins: (0..=ticks).map(|_| Vec::new()).collect(),
            options: empty(),
            waits: (0..=ticks).map(|_| Vec::new()).collect(),
            ends: (0..=ticks).map(|_| Vec::new()).collect(),
            places: (0..=ticks).map(|_| Vec::new()).collect(),
        };
        let mut seen: Vec<Seen> = vec![Seen::default(); ticks + 1];
        // Spans of each kind by first tick.
        let mut spans: Vec<Vec<Vec<(u16, u8)>>> = vec![vec![Vec::new(); ticks + 1]; plan.kinds.count];
        for (k, list) in plan.kinds.spans.iter().enumerate() {
            for (i, ((first, after), _)) in list.iter().enumerate() {
                spans[k][usize::from(*first)].push((i as u16, *after));
            }
        }
        let start = automata.start();
        this.frees[0].push((START, false, start.clone()));
        seen[0].insert((START, false, start), 0);
        let (mut arcs, mut looked) = (0, FEW_ARCS);
        for tick in 0..=ticks {
            let mut begun: FxHashMap<(u32, Values), u32> = FxHashMap::default();
            let mut i = 0;
            while i < this.frees[tick].len() {
                let (tail, idle, state) = this.frees[tick][i].clone();
                // A kind of the tail stands for all.
                let kind = firsts.get(tail as usize).copied().unwrap_or(START);
                i += 1;
                this.ends[tick].push(if idle { None } else { finish(&mut automata, kind, tick, &state)? });
                let mut options = Vec::new();
                let mut wait = None;
                if tick < ticks {
                    let event = automata.wait(tick);
                    wait = automata
                        .pass(&state, &event, &mut Vec::new())?
                        .map(|(state, points, burden)| (known(&mut seen[tick + 1], &mut this.frees[tick + 1], (tail, true, state)), points, burden));
                    for (next, spans) in spans.iter().enumerate() {
                        if plan.follows.allows(kind, next, idle) && !spans[tick].is_empty() {
                            let key = (next as u32, state.clone());
                            let fresh = this.begins[tick].len() as u32;
                            options.push(*begun.entry(key).or_insert_with_key(|key| {
                                this.begins[tick].push(key.clone());
                                fresh
                            }));
                        }
                    }
                }
                this.waits[tick].push(wait);
                this.options[tick].push(options);
            }
            for b in 0..this.begins[tick].len() {
                let (kind, state) = this.begins[tick][b].clone();
                let mut out = Vec::new();
                for (span, after) in &spans[kind as usize][tick] {
                    let choice = plan.kinds.spans[kind as usize][usize::from(*span)].1;
                    let event = automata.place(kind, *span, choice);
                    let Some((next, points, burden)) = automata.pass(&state, &event, &mut Vec::new())? else { continue };
                    let after = usize::from(*after);
                    let to = known(&mut seen[after], &mut this.frees[after], (tails[kind as usize], false, next));
                    out.push((*span, points, burden, after as u8, to));
                }
                arcs += out.len();
                this.places[tick].push(out);
            }
            if arcs > looked {
                let (costliest, states) = this.costliest(&automata.labels);
                if arcs > ARCS || states > STATES {
                    return Err(costliest);
                }
                looked = (2 * arcs).min(ARCS);
            }
        }
        Ok(this)
    }

    /// One of the sentence's labels (its rank among those carried) whose labels take most values together, and how many they take.
    fn costliest(&self, labels: &[&Label<'_, '_>]) -> (usize, usize) {
        let sentences: std::collections::BTreeSet<usize> = labels.iter().map(|l| l.sentence).collect();
        let values = |s: usize| {
            let of: Vec<usize> = (0..labels.len()).filter(|l| labels[*l].sentence == s).collect();
            let all: rustc_hash::FxHashSet<Vec<u8>> =
                self.frees.iter().flatten().map(|(_, _, state)| of.iter().map(|l| state[*l]).collect()).collect();
            all.len()
        };
        let (most, costliest) = sentences.into_iter().map(|s| (values(s), s)).max().expect("a skeleton without labels is small");
        (labels.iter().position(|l| l.sentence == costliest).expect("one of the sentences of these labels"), most)
    }

    fn reduced(&self, plan: &Plan<'_, '_, '_>, tails: Vec<u32>) -> Skeleton {
        let ticks = plan.atoms.ticks;
        let spans = plan.kinds.spans.iter().map(|list| list.iter().map(|(span, _)| *span).collect()).collect();
        let mut skeleton = Skeleton {
            begins: Vec::new(),
            frees: Vec::new(),
            arcs: Vec::new(),
            options: Vec::new(),
            ends: Vec::new(),
            spans,
            tails,
            layers: vec![(0..0, 0..0); ticks + 1],
            source: None,
        };
        let mut free: Vec<Vec<Option<u32>>> = self.frees.iter().map(|f| vec![None; f.len()]).collect();
        for tick in (0..=ticks).rev() {
            let (first_begin, first_free) = (skeleton.begins.len() as u32, skeleton.frees.len() as u32);
            let mut begin: Vec<Option<u32>> = Vec::new();
            let mut same: FxHashMap<BeginKey, u32> = FxHashMap::default();
            for (b, (kind, _)) in self.begins[tick].iter().enumerate() {
                let to = |(span, points, burden, after, to): &Placed| {
                    Some((*span, points.to_bits(), burden.to_bits(), free[usize::from(*after)][*to as usize]?))
                };
                let out: Vec<_> = self.places[tick][b].iter().filter_map(to).collect();
                if out.is_empty() {
                    begin.push(None);
                    continue;
                }
                begin.push(Some(*same.entry((*kind, out)).or_insert_with_key(|(kind, out)| {
                    let from = skeleton.arcs.len() as u32;
                    skeleton.arcs.extend(out.iter().map(|(span, points, burden, to)| Place {
                        span: *span,
                        points: f64::from_bits(*points),
                        burden: f64::from_bits(*burden),
                        to: *to,
                    }));
                    skeleton.begins.push(Begin { kind: *kind, arcs: from..skeleton.arcs.len() as u32 });
                    skeleton.begins.len() as u32 - 1
                })));
            }
            let mut alike: FxHashMap<FreeKey, u32> = FxHashMap::default();
            for (f, (tail, idle, _)) in self.frees[tick].iter().enumerate() {
                let end = self.ends[tick][f].clone();
                let wait = self.waits[tick][f].and_then(|(to, points, burden)| Some((free[tick + 1][to as usize]?, points, burden)));
                let options: Vec<u32> = self.options[tick][f].iter().filter_map(|b| begin[*b as usize]).collect();
                if end.is_none() && wait.is_none() && options.is_empty() {
                    continue;
                }
                let ends = end.as_ref().map(|e| (e.points.to_bits(), e.burden.to_bits(), e.ready.clone()));
                let waits = wait.map(|(to, a, b)| (to, f64::to_bits(a), f64::to_bits(b)));
                let id = *alike.entry((*tail, *idle, ends, waits, options)).or_insert_with_key(|(tail, idle, _, _, options)| {
                    let from = skeleton.options.len() as u32;
                    skeleton.options.extend(options);
                    let end = end.map(|end| {
                        skeleton.ends.push(end);
                        skeleton.ends.len() as u32 - 1
                    });
                    let options = from..skeleton.options.len() as u32;
                    skeleton.frees.push(Free { tick: tick as u8, tail: *tail, idle: *idle, end, wait, options });
                    skeleton.frees.len() as u32 - 1
                });
                free[tick][f] = Some(id);
            }
            skeleton.layers[tick] = (first_begin..skeleton.begins.len() as u32, first_free..skeleton.frees.len() as u32);
        }
        skeleton.source = free[0].first().copied().flatten();
        skeleton
    }
}

type FreeKey = (u32, bool, Option<(u64, u64, Vec<u32>)>, Option<(u32, u64, u64)>, Vec<u32>);

fn known(seen: &mut Seen, list: &mut Vec<(u32, bool, Values)>, key: (u32, bool, Values)) -> u32 {
    let fresh = list.len() as u32;
    *seen.entry(key).or_insert_with_key(|key| {
        list.push(key.clone());
        fresh
    })
}

/// Per kind and label: whether a placement that may come after one of the kind asks the label.
fn matters(plan: &Plan<'_, '_, '_>) -> Vec<Vec<bool>> {
    let later = plan.follows.later();
    let of = |kind: usize, asks: &Vec<bool>| (0..plan.kinds.count).any(|next| later[kind][next] && asks[next]);
    (0..plan.kinds.count).map(|kind| plan.kinds.asks.iter().map(|asks| of(kind, asks)).collect()).collect()
}

fn charge(plan: &Plan<'_, '_, '_>, sentence: usize, amount: f64) -> (f64, f64) {
    let told = &plan.brief.told[sentence];
    let Stamp::Soft(weight) = told.stamp else { return (0.0, 0.0) };
    (weight * amount, if plan.counted.contains(&told.rule) { weight * amount } else { 0.0 })
}

/// How a path may end at a free node.
fn finish(automata: &mut Automata<'_, '_, '_>, kind: u32, tick: usize, values: &[u8]) -> Result<Option<Finish>, usize> {
    let plan = automata.plan;
    // Any placement of the kind that ends here stands for all: only whether the path is finished is heard.
    let member = |kind: u32| &plan.atoms.atoms[plan.kinds.member[kind as usize]];
    let (ending, last) = match kind {
        START => (plan.nothing, Before::Start),
        kind => (member(kind).ends[tick], Before::Placement(member(kind).positions[0])),
    };
    let Some((points, burden)) = ending else { return Ok(None) };
    let event = automata.end(crate::brief::End { participant: plan.participant, last, at: if kind == START { 0 } else { tick } });
    let mut ready = Vec::new();
    let ended = automata.pass(values, &event, &mut ready)?;
    Ok(ended.map(|(_, p, b)| Finish { points: f64::from_bits(points) + p, burden: f64::from_bits(burden) + b, ready }))
}
