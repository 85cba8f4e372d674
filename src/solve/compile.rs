//! The brief over the networks as one mixed-integer program: arc flows per participant, coupled by rows.
//!
//! Every participant is a unit flow through their time network (Cire, Diamant, Yunes & Carrasco 2019: network models of
//! rotation problems have tight relaxations where time-indexed ones with big-M moves do not). Only placements are integer:
//! moves, waits and ends follow from them. Counts along a path are rows over the flow, and only where some walk through the
//! network breaks them.

use petgraph::graph::NodeIndex;
use std::collections::BTreeMap;

use super::model::{Label, Model};
use crate::brief::{Bounds, Brief, Choice, Condition, Held, Row, Sense, Sentence, Stamp, Told, When, Who};
use crate::domain::{MentorIx, ParticipantIx, Subject};
use crate::network::{Arc, Network, Node};
use crate::rules::RuleIx;
use crate::words::{Period, excess, shortfall};

type Terms = Vec<(usize, f64)>;

/// One participant's flow: the network and the column of each of its arcs.
struct Flow<'n> {
    network: &'n Network,
    /// First column; arc `e` has column `first + e.index()`.
    first: usize,
}

impl Flow<'_> {
    fn arcs(&self) -> impl Iterator<Item = (usize, &Arc)> {
        self.network.graph.edge_weights().enumerate().map(|(e, edge)| (self.first + e, &edge.event))
    }

    fn choices(&self) -> impl Iterator<Item = (usize, &Choice)> {
        self.arcs().filter_map(|(column, arc)| if let Arc::Place(choice) = arc { Some((column, choice)) } else { None })
    }

    fn who(&self) -> ParticipantIx {
        self.network.participant
    }

    fn terms(&self, coefficient: impl Fn(&Arc) -> f64) -> Terms {
        self.arcs().map(|(column, arc)| (column, coefficient(arc))).filter(|(_, c)| *c != 0.0).collect()
    }
}

struct Compiler<'a, 'c> {
    brief: &'a Brief<'c>,
    flows: Vec<Flow<'a>>,
    model: Model,
    /// Points on the own path, per rule and participant: what burdens are made of.
    own: BTreeMap<(RuleIx, ParticipantIx), Terms>,
    /// Whether any sentence asks for burdens.
    burdens: bool,
    /// Place in the brief of the sentence that is being compiled.
    sentence: usize,
}

/// The model of a brief over its participants' networks. Linear in arcs times sentences; a count along a path is checked
/// against the longest walk first.
#[must_use]
pub fn compile(brief: &Brief<'_>, networks: &[Network]) -> Model {
    let burdens = brief.told.iter().any(|t| matches!(t.sentence, Sentence::WorstOf { .. }));
    let mut compiler = Compiler { brief, flows: Vec::new(), model: Model::default(), own: BTreeMap::new(), burdens, sentence: 0 };
    for network in networks {
        compiler.flow(network);
    }
    for (sentence, told) in brief.told.iter().enumerate() {
        compiler.sentence = sentence;
        compiler.charged(told);
        compiler.told(told);
    }
    compiler.model
}

impl<'a, 'c> Compiler<'a, 'c> {
    /// A unit flow from source to sink; a participant without any path makes the model infeasible, as they should.
    fn flow(&mut self, network: &'a Network) {
        let who = network.participant;
        let first = self.model.columns.len();
        for edge in network.graph.edge_weights() {
            self.model.column(0.0, 1.0, matches!(edge.event, Arc::Place(_)), Label::Arc(who, edge.event));
        }
        for node in network.graph.node_indices().filter(|n| network.graph[*n] != Node::Sink) {
            let mut terms: Terms = network.edges(node).map(|(e, ..)| (first + e.index(), 1.0)).collect();
            terms.extend(incoming(network, node).map(|e| (first + e, -1.0)));
            let supply = if network.source == Some(node) { 1.0 } else { 0.0 };
            self.model.equal(terms, supply, Label::Node(who, node.index()));
        }
        if network.source.is_none() {
            self.model.equal(Vec::new(), 1.0, Label::Node(who, 0));
        }
        self.flows.push(Flow { network, first });
    }

    fn told(&mut self, told: &'a Told<'c>) {
        match &told.sentence {
            Sentence::Choice(f) => self.price(told, |arc| if let Arc::Place(choice) = arc { f(choice) } else { 0.0 }),
            Sentence::Move(f) => self.price(told, |arc| if let Arc::Move(mv, _) = arc { f(mv) } else { 0.0 }),
            Sentence::End(f) => self.price(told, |arc| if let Arc::End(end) = arc { f(end) } else { 0.0 }),
            Sentence::Wait(f) => self.waits(told, f),
            Sentence::Count { who, choice, mv, bounds } => {
                let adds = |arc: &Arc| match arc {
                    Arc::Place(c) => choice(c),
                    Arc::Move(m, _) => mv.as_ref().map_or(0.0, |f| f(m)),
                    _ => 0.0,
                };
                self.each_flow(who, |this, i| {
                    let bounds = bounds(this.flows[i].who());
                    this.count(told, i, &adds, bounds);
                });
            }
            Sentence::Each { who, key, at_most } => self.each_flow(who, |this, i| this.keyed(told, i, key, at_most)),
            Sentence::Order { who, later, earlier, wanted, once, unit } => self.each_flow(who, |this, i| {
                if *wanted {
                    this.order(told, i, later, earlier, *once, *unit);
                } else {
                    this.never_after(told, i, later, earlier, *unit);
                }
            }),
            Sentence::Need { who, condition, unit } => self.each_flow(who, |this, i| {
                if let Some((terms, constant)) = this.met(i, condition) {
                    this.own_at_least(told, i, terms, 1.0 - constant, *unit);
                }
            }),
            Sentence::Distinct { who, key, held, at_least } => self.each_flow(who, |this, i| {
                let p = this.flows[i].who();
                this.distinct(told, i, key, &held(p), at_least(p));
            }),
            Sentence::Run { who, hit, limit, started } => self.each_flow(who, |this, i| {
                let started = started(this.flows[i].who());
                this.runs(told, i, hit, *limit, started);
            }),
            Sentence::Spacing { who, mv, at_least } => self.each_flow(who, |this, i| {
                let counts = |arc: &Arc| if let Arc::Move(m, tick) = arc { mv(m).then_some(*tick) } else { None };
                let at_least = at_least(this.flows[i].who());
                this.spacing(told, i, &counts, at_least);
            }),
            Sentence::Rows { rows, choice, mv } => {
                let mut terms: Vec<Terms> = vec![Vec::new(); rows.len()];
                for flow in &self.flows {
                    let periods = &self.brief.case.participants[flow.who()].timeline.periods;
                    for (column, arc) in flow.arcs() {
                        let mut emit = |row: usize, amount: f64| terms[row].push((column, amount));
                        match (arc, choice, mv) {
                            (Arc::Place(c), Some(f), _) => f(c, &mut emit),
                            (Arc::Move(m, tick), _, Some(f)) => f(m, periods[*tick], &mut emit),
                            _ => {}
                        }
                    }
                }
                self.rows(told, rows, terms);
            }
            Sentence::Supply { suits, mentors, capacity } => self.supply(told, suits, mentors, capacity),
            Sentence::AllOrNone { place, subject, min } => self.all_or_none(told, place, subject, *min),
            Sentence::WorstOf { groups, counted, constant, scale } => {
                for (subject, members) in groups {
                    let level = self.slack(told, *subject, 1.0, f64::INFINITY);
                    for p in members {
                        let mut terms: Terms = level.into_iter().collect();
                        for rule in counted {
                            let own = self.own.get(&(*rule, *p));
                            terms.extend(own.into_iter().flatten().map(|(column, points)| (*column, -points * scale(*p))));
                        }
                        self.model.at_least(terms, constant(*p) * scale(*p), Label::Of(told.rule, Subject::Participant(*p)));
                    }
                }
            }
            Sentence::Quorum { subject, at_least, members, conditions } => self.quorum(told, *subject, *at_least, members, conditions),
        }
    }

    fn each_flow(&mut self, who: &Who, mut say: impl FnMut(&mut Self, usize)) {
        for i in 0..self.flows.len() {
            let network = self.flows[i].network;
            if who.includes(network.participant) && network.source.is_some() && network.carried.binary_search(&self.sentence).is_err() {
                say(self, i);
            }
        }
    }

    /// Points that the networks' states charge for the sentence.
    fn charged(&mut self, told: &Told<'_>) {
        let Stamp::Soft(weight) = told.stamp else { return };
        for i in 0..self.flows.len() {
            let flow = &self.flows[i];
            if flow.network.carried.binary_search(&self.sentence).is_err() {
                continue;
            }
            let mut terms: Terms = Vec::new();
            for (e, edge) in flow.network.graph.edge_weights().enumerate() {
                let owed = edge.owed.iter().filter(|(sentence, _)| *sentence == self.sentence);
                let amount: f64 = owed.map(|(_, bits)| f64::from_bits(*bits)).sum();
                if amount > 0.0 {
                    terms.push((flow.first + e, weight * amount));
                }
            }
            let who = flow.who();
            self.cost(told.rule, who, terms);
        }
    }

    /// Points on arcs. Hard gates have shaped the network already.
    fn price(&mut self, told: &Told<'_>, amount: impl Fn(&Arc) -> f64) {
        let Stamp::Soft(weight) = told.stamp else { return };
        for i in 0..self.flows.len() {
            let terms = self.flows[i].terms(|arc| weight * amount(arc));
            let who = self.flows[i].who();
            self.cost(told.rule, who, terms);
        }
    }

    fn waits(&mut self, told: &Told<'_>, f: &(dyn Fn(ParticipantIx, usize) -> f64 + Send + Sync)) {
        for i in 0..self.flows.len() {
            let who = self.flows[i].who();
            let amount = |arc: &Arc| if let Arc::Wait(tick) = arc { f(who, *tick) } else { 0.0 };
            match told.stamp {
                Stamp::Soft(weight) => {
                    let terms = self.flows[i].terms(|arc| weight * amount(arc));
                    self.cost(told.rule, who, terms);
                }
                Stamp::Hard => {
                    let terms = self.flows[i].terms(amount);
                    self.own_at_most(told, i, terms, 0.0, 1.0);
                }
            }
        }
    }

    fn cost(&mut self, rule: RuleIx, who: ParticipantIx, terms: Terms) {
        for (column, points) in &terms {
            self.model.columns[*column].cost += points;
        }
        if self.burdens && !terms.is_empty() {
            self.own.entry((rule, who)).or_default().extend(terms);
        }
    }

    /// A slack at the sentence's weight; none if it is hard.
    fn slack(&mut self, told: &Told<'_>, subject: Subject, unit: f64, upper: f64) -> Option<(usize, f64)> {
        let Stamp::Soft(weight) = told.stamp else { return None };
        let column = self.model.column(weight * unit, upper, false, Label::Of(told.rule, subject));
        if let (Subject::Participant(p), true) = (subject, self.burdens) {
            self.own.entry((told.rule, p)).or_default().push((column, weight * unit));
        }
        Some((column, 1.0))
    }

    fn own_at_most(&mut self, told: &Told<'_>, i: usize, mut terms: Terms, limit: f64, unit: f64) {
        if terms.is_empty() && limit >= 0.0 {
            return;
        }
        let subject = Subject::Participant(self.flows[i].who());
        let slack = self.slack(told, subject, unit, f64::INFINITY);
        terms.extend(slack.map(|(column, _)| (column, -1.0)));
        self.model.at_most(terms, limit, Label::Of(told.rule, subject));
    }

    fn own_at_least(&mut self, told: &Told<'_>, i: usize, terms: Terms, limit: f64, unit: f64) {
        self.own_at_most(told, i, terms.into_iter().map(|(column, c)| (column, -c)).collect(), -limit, unit);
    }

    /// Arcs whose flow is 1 exactly if the path is finished.
    fn finished(&self, i: usize) -> Terms {
        let case = self.brief.case;
        self.flows[i].terms(|arc| if matches!(arc, Arc::End(end) if end.finished(case)) { 1.0 } else { 0.0 })
    }

    fn count(&mut self, told: &Told<'_>, i: usize, adds: &dyn Fn(&Arc) -> f64, bounds: Bounds) {
        if let Some(limit) = bounds.at_most {
            let most = self.flows[i].network.longest(adds).unwrap_or(0.0);
            if excess(most, limit) > 0.0 {
                let terms = self.flows[i].terms(adds);
                self.own_at_most(told, i, terms, limit, 1.0);
            }
        }
        if let Some((limit, when)) = bounds.at_least {
            let least = -self.flows[i].network.longest(|arc| -adds(arc)).unwrap_or(0.0);
            if shortfall(least, limit) > 0.0 {
                let mut terms = self.flows[i].terms(adds);
                let finished = self.finished(i);
                let limit = match when {
                    When::Always => limit,
                    // sum ≥ limit × finished, or sum ≥ limit × (1 − finished)
                    When::Finished => {
                        terms.extend(finished.into_iter().map(|(column, f)| (column, -limit * f)));
                        0.0
                    }
                    When::Unfinished => {
                        terms.extend(finished.into_iter().map(|(column, f)| (column, limit * f)));
                        limit
                    }
                };
                self.own_at_least(told, i, terms, limit, 1.0);
            }
        }
    }

    fn keyed(
        &mut self,
        told: &Told<'_>,
        i: usize,
        key: &(dyn Fn(&Choice) -> Option<(usize, f64)> + Send + Sync),
        at_most: &(dyn Fn(ParticipantIx, usize) -> f64 + Send + Sync),
    ) {
        let mut keys: BTreeMap<usize, ()> = BTreeMap::new();
        keys.extend(self.flows[i].choices().filter_map(|(_, c)| key(c)).map(|(k, _)| (k, ())));
        for k in keys.into_keys() {
            let adds = |arc: &Arc| match arc {
                Arc::Place(c) => key(c).filter(|(other, _)| *other == k).map_or(0.0, |(_, amount)| amount),
                _ => 0.0,
            };
            let limit = at_most(self.flows[i].who(), k);
            self.count(told, i, &adds, Bounds { at_least: None, at_most: Some(limit) });
        }
    }

    /// The flow that makes a condition so, and a constant: together 1 or more exactly if it is so at the end of a path.
    /// `None` if it is so whatever the path.
    fn met(&self, i: usize, condition: &Condition<'_>) -> Option<(Terms, f64)> {
        let flow = &self.flows[i];
        let mut terms = flow.terms(|arc| if matches!(arc, Arc::Place(c) if (condition.earns)(c)) { 1.0 } else { 0.0 });
        match (condition.held)(flow.who()) {
            Held::Yes => None,
            Held::No => Some((terms, 0.0)),
            Held::IfEnded => {
                terms.extend(flow.choices().filter(|(_, c)| c.continues).map(|(column, _)| (column, -1.0)));
                Some((terms, 1.0))
            }
        }
    }

    /// Later choices need an earlier one completed: for each tick, flow of later choices that begin then ≤ flow of earlier
    /// ones that have ended (cumulated over time where at most one later choice is possible).
    fn order(&mut self, told: &Told<'_>, i: usize, later: &(dyn Fn(&Choice) -> bool + Send + Sync), earlier: &Condition<'_>, once: bool, unit: f64) {
        let Some((earning, constant)) = self.met(i, earlier) else { return };
        let flow = &self.flows[i];
        let mut begins: BTreeMap<usize, Terms> = BTreeMap::new();
        for (column, choice) in flow.choices().filter(|(_, c)| later(c)) {
            begins.entry(choice.first).or_default().push((column, 1.0));
        }
        let ends: BTreeMap<usize, usize> = flow.choices().map(|(column, c)| (column, c.after)).collect();
        let cumulate = once && told.stamp == Stamp::Hard;
        let mut so_far: Terms = Vec::new();
        for (tick, mut terms) in begins {
            if cumulate {
                so_far.append(&mut terms);
                terms.clone_from(&so_far);
            }
            // The continuation of `current` (coefficient −1) counts from the beginning: it stands before everything else.
            terms.extend(earning.iter().filter(|(column, c)| *c < 0.0 || ends[column] <= tick).map(|(column, c)| (*column, -c)));
            self.own_at_most(told, i, terms, constant, unit);
        }
    }

    /// Later choices must not have an earlier one before them: pairs of a tick at which a later choice begins and a tick at
    /// which an earlier one began are at most one, where some walk has both.
    fn never_after(&mut self, told: &Told<'_>, i: usize, later: &(dyn Fn(&Choice) -> bool + Send + Sync), earlier: &Condition<'_>, unit: f64) {
        let flow = &self.flows[i];
        if (earlier.held)(flow.who()) == Held::Yes {
            let terms = flow.terms(|arc| if matches!(arc, Arc::Place(c) if later(c)) { 1.0 } else { 0.0 });
            return self.own_at_most(told, i, terms, 0.0, unit);
        }
        let earns = |arc: &Arc| matches!(arc, Arc::Place(c) if (earlier.earns)(c));
        let reached = flow.network.reached_from(earns);
        let mut begins: BTreeMap<usize, Terms> = BTreeMap::new();
        for edge in flow.network.graph.edge_indices() {
            let (from, _) = flow.network.graph.edge_endpoints(edge).expect("an edge of this graph");
            if let Arc::Place(choice) = &flow.network.graph[edge].event
                && later(choice)
                && reached[from.index()]
            {
                begins.entry(choice.first).or_default().push((flow.first + edge.index(), 1.0));
            }
        }
        let mut earlier_from: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (column, choice) in flow.choices().filter(|(_, c)| (earlier.earns)(c)) {
            earlier_from.entry(choice.first).or_default().push((column, choice.after));
        }
        let subject = Subject::Participant(flow.who());
        for (tick, begin) in begins {
            let slack = self.slack(told, subject, unit, 1.0);
            for list in earlier_from.range(..tick).map(|(_, list)| list) {
                let before: Terms = list.iter().filter(|(_, after)| *after <= tick).map(|(column, _)| (*column, 1.0)).collect();
                if !before.is_empty() {
                    let terms = begin.iter().copied().chain(before).chain(slack.map(|(column, _)| (column, -1.0))).collect();
                    self.model.at_most(terms, 1.0, Label::Of(told.rule, subject));
                }
            }
        }
    }

    fn distinct(
        &mut self,
        told: &Told<'_>,
        i: usize,
        key: &(dyn Fn(&Choice) -> Option<usize> + Send + Sync),
        held: &std::collections::BTreeSet<usize>,
        at_least: usize,
    ) {
        if at_least <= held.len() {
            return;
        }
        let missing = (at_least - held.len()) as f64;
        let mut by_key: BTreeMap<usize, Terms> = BTreeMap::new();
        for (column, choice) in self.flows[i].choices() {
            if let Some(k) = key(choice).filter(|k| !held.contains(k)) {
                by_key.entry(k).or_default().push((column, -1.0));
            }
        }
        let label = Label::Of(told.rule, Subject::Participant(self.flows[i].who()));
        let mut seen: Terms = Vec::new();
        for mut terms in by_key.into_values() {
            let present = self.model.column(0.0, 1.0, false, label);
            terms.push((present, 1.0));
            self.model.at_most(terms, 0.0, label);
            seen.push((present, 1.0));
        }
        seen.extend(self.finished(i).into_iter().map(|(column, f)| (column, -missing * f)));
        self.own_at_least(told, i, seen, 0.0, 1.0);
    }

    /// For each window of `limit + 1` ticks: at most `limit` of them worked in hits. A run of L ticks fills L − limit windows.
    fn runs(&mut self, told: &Told<'_>, i: usize, hit: &(dyn Fn(&Choice) -> bool + Send + Sync), limit: usize, started: usize) {
        let ticks = self.brief.case.participants[self.flows[i].who()].timeline.len();
        let before = started.min(limit);
        // Window w covers ticks w − before .. w − before + limit, of which those below 0 are worked already.
        for w in 0..(ticks + before).saturating_sub(limit) {
            let already = before.saturating_sub(w);
            let window = (w + already - before)..(w + limit + 1 - before);
            let overlap = |arc: &Arc| match arc {
                Arc::Place(c) if hit(c) => (c.after.min(window.end)).saturating_sub(c.first.max(window.start)) as f64,
                _ => 0.0,
            };
            let free = (limit - already) as f64;
            if excess(self.flows[i].network.longest(overlap).unwrap_or(0.0), free) > 0.0 {
                let terms = self.flows[i].terms(overlap);
                self.own_at_most(told, i, terms, free, 1.0);
            }
        }
    }

    /// For each pair of ticks: if a move that counts is made at both and none between, enough is worked between.
    fn spacing(&mut self, told: &Told<'_>, i: usize, counts: &dyn Fn(&Arc) -> Option<usize>, at_least: usize) {
        let ticks = self.brief.case.participants[self.flows[i].who()].timeline.len();
        let far = at_least as f64;
        for a in 0..ticks {
            for b in a + 1..ticks {
                let coefficient = |arc: &Arc| match (arc, counts(arc)) {
                    (_, Some(tick)) if tick == a || tick == b => far,
                    (_, Some(tick)) if a < tick && tick < b => -far,
                    (Arc::Place(c), _) => -(c.after.min(b).saturating_sub(c.first.max(a)) as f64),
                    _ => 0.0,
                };
                if excess(self.flows[i].network.longest(coefficient).unwrap_or(0.0), far) > 0.0 {
                    let terms = self.flows[i].terms(coefficient);
                    self.own_at_most(told, i, terms, far, 1.0);
                }
            }
        }
    }

    fn rows(&mut self, told: &Told<'_>, rows: &[Row], terms: Vec<Terms>) {
        let mut slacks: BTreeMap<Subject, Option<(usize, f64)>> = BTreeMap::new();
        for (row, mut terms) in rows.iter().zip(terms) {
            let label = Label::Of(told.rule, row.subject);
            match row.sense {
                Sense::AtMost if excess(self.most(&terms), row.limit) == 0.0 => {}
                Sense::AtMost => {
                    let slack = *slacks.entry(row.subject).or_insert_with(|| self.slack(told, row.subject, row.unit, f64::INFINITY));
                    terms.extend(slack.map(|(column, _)| (column, -1.0)));
                    self.model.at_most(terms, row.limit, label);
                }
                Sense::AtLeast => {
                    terms.extend(self.slack(told, row.subject, row.unit, row.limit));
                    self.model.at_least(terms, row.limit, label);
                }
            }
        }
    }

    /// An upper bound of what terms can sum to: per participant the largest coefficient for a placement or move at a time is
    /// taken once for each arc that can be used beside the others, crudely their number on one path.
    fn most(&self, terms: &Terms) -> f64 {
        let mut total = 0.0;
        let mut i = 0;
        for flow in &self.flows {
            let end = flow.first + flow.network.graph.edge_count();
            let own = &terms[i..i + terms[i..].iter().take_while(|(column, _)| *column < end).count()];
            i += own.len();
            let once = |column: usize| matches!(self.model.columns[column].label, Label::Arc(_, Arc::Place(_)));
            let largest = own.iter().map(|(_, c)| *c).fold(0.0, f64::max);
            // Placements that meet in a period exclude each other; moves may add up along a path.
            total += if own.iter().all(|(column, _)| once(*column)) { largest } else { own.iter().map(|(_, c)| c.max(0.0)).sum() };
        }
        total
    }

    fn supply(
        &mut self,
        told: &Told<'_>,
        suits: &(dyn Fn(MentorIx, ParticipantIx, crate::domain::PositionIx) -> bool + Send + Sync),
        mentors: &[MentorIx],
        capacity: &(dyn Fn(MentorIx, Period) -> u32 + Send + Sync),
    ) {
        // Needs that the same mentors suit are one need class; per period a transport from classes to mentors.
        let mut suiting: BTreeMap<(ParticipantIx, crate::domain::PositionIx), Vec<MentorIx>> = BTreeMap::new();
        let mut needs: BTreeMap<Period, BTreeMap<Vec<MentorIx>, Terms>> = BTreeMap::new();
        for flow in &self.flows {
            for (column, choice) in flow.choices() {
                let able = suiting.entry((choice.participant, choice.position)).or_insert_with(|| {
                    mentors.iter().copied().filter(|m| suits(*m, choice.participant, choice.position)).collect()
                });
                for period in choice.periods(self.brief.case) {
                    let now = able.iter().copied().filter(|m| capacity(*m, period) > 0).collect();
                    needs.entry(period).or_default().entry(now).or_default().push((column, 1.0));
                }
            }
        }
        for (period, classes) in needs {
            let subject = Subject::MentorsAt(period);
            let mut loads: BTreeMap<MentorIx, Terms> = BTreeMap::new();
            let short = self.slack(told, subject, 1.0, f64::INFINITY);
            let mut shorts: Terms = Vec::new();
            for (class, (able, mut terms)) in classes.into_iter().enumerate() {
                let needed = self.most(&terms);
                if able.iter().any(|m| f64::from(capacity(*m, period)) >= self.flows.len() as f64) {
                    continue;
                }
                for mentor in able {
                    let column = self.model.column(0.0, needed.min(f64::from(capacity(mentor, period))), false, Label::Support(mentor, class, period));
                    terms.push((column, -1.0));
                    loads.entry(mentor).or_default().push((column, 1.0));
                }
                if short.is_some() {
                    let column = self.model.column(0.0, needed, false, Label::Of(told.rule, subject));
                    terms.push((column, -1.0));
                    shorts.push((column, 1.0));
                }
                self.model.at_most(terms, 0.0, Label::Of(told.rule, subject));
            }
            for (mentor, terms) in loads {
                self.model.at_most(terms, f64::from(capacity(mentor, period)), Label::Support(mentor, usize::MAX, period));
            }
            if let Some((column, _)) = short {
                shorts.push((column, -1.0));
                self.model.at_most(shorts, 0.0, Label::Of(told.rule, subject));
            }
        }
    }

    fn all_or_none(
        &mut self,
        told: &Told<'_>,
        place: &(dyn Fn(&Choice) -> usize + Send + Sync),
        subject: &(dyn Fn(usize, Period) -> Subject + Send + Sync),
        min: u32,
    ) {
        let mut present: BTreeMap<(usize, Period), Vec<Terms>> = BTreeMap::new();
        for flow in &self.flows {
            let mut own: BTreeMap<(usize, Period), Terms> = BTreeMap::new();
            for (column, choice) in flow.choices() {
                for period in choice.periods(self.brief.case) {
                    own.entry((place(choice), period)).or_default().push((column, 1.0));
                }
            }
            for (at, terms) in own {
                present.entry(at).or_default().push(terms);
            }
        }
        let needed = f64::from(min);
        for ((place, period), people) in present.into_iter().filter(|_| min > 1) {
            let subject = subject(place, period);
            let label = Label::Of(told.rule, subject);
            let used = self.model.column(0.0, 1.0, false, label);
            let few = self.slack(told, subject, 1.0, 1.0);
            if let Some((column, _)) = few {
                // With a minimum of two, one person leaves nothing fractional; with more, two of three would.
                self.model.columns[column].integer = min > 2;
            }
            let mut all: Terms = Vec::new();
            for terms in people {
                let own = terms.iter().copied().chain([(used, -1.0)]).collect();
                self.model.at_most(own, 0.0, label);
                all.extend(terms);
            }
            all.push((used, -needed));
            all.extend(few.map(|(column, _)| (column, needed - 1.0)));
            self.model.at_least(all, 0.0, label);
        }
    }

    fn quorum(&mut self, told: &Told<'_>, subject: Subject, at_least: u32, members: &[ParticipantIx], conditions: &[Condition<'_>]) {
        let label = Label::Of(told.rule, subject);
        let mut ready: Terms = Vec::new();
        // Someone whose track has ended has no flow: they count if all conditions are held by now.
        let placed: std::collections::BTreeSet<ParticipantIx> = self.flows.iter().map(Flow::who).collect();
        let sure = |p: &&ParticipantIx| !placed.contains(p) && conditions.iter().all(|c| (c.held)(**p) != Held::No);
        let at_least = at_least.saturating_sub(members.iter().filter(sure).count() as u32);
        for i in 0..self.flows.len() {
            if members.binary_search(&self.flows[i].who()).is_err() {
                continue;
            }
            let column = self.model.column(0.0, 1.0, false, label);
            for condition in conditions {
                if let Some((terms, constant)) = self.met(i, condition) {
                    let terms = terms.into_iter().map(|(c, amount)| (c, -amount)).chain([(column, 1.0)]).collect();
                    self.model.at_most(terms, constant, label);
                }
            }
            ready.push((column, 1.0));
        }
        ready.extend(self.slack(told, subject, 1.0, f64::from(at_least)));
        self.model.at_least(ready, f64::from(at_least), label);
    }
}

fn incoming(network: &Network, node: NodeIndex) -> impl Iterator<Item = usize> + '_ {
    use petgraph::visit::EdgeRef;
    network.graph.edges_directed(node, petgraph::Direction::Incoming).map(|e| e.id().index())
}
