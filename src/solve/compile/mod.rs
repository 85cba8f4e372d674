//! The brief over the networks as one mixed-integer program: arc flows per participant, coupled by rows.
//!
//! Every participant is a unit flow through their time network (Cire, Diamant, Yunes & Carrasco 2019: network models of
//! rotation problems have tight relaxations where time-indexed ones with big-M moves do not). Only placements are integer:
//! moves, waits and ends follow from them. Counts along a path are rows over the flow, and only where some walk through the
//! network breaks them.

mod own;
mod shared;

use std::collections::BTreeMap;

use petgraph::graph::NodeIndex;

use super::model::{Label, Model};
use crate::brief::{Brief, Choice, Sentence, Stamp, Told, Who};
use crate::domain::{ParticipantIx, Subject};
use crate::network::{Arc, Network, Node};
use crate::rules::RuleIx;

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
    /// Points per rule, of those whose points have an upper bound.
    totals: BTreeMap<RuleIx, Terms>,
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
    let totals = brief.caps.iter().flat_map(|(rules, _)| rules.iter().map(|rule| (*rule, Terms::new()))).collect();
    let mut compiler = Compiler { brief, flows: Vec::new(), model: Model::default(), own: BTreeMap::new(), totals, burdens, sentence: 0 };
    for network in networks {
        compiler.flow(network);
    }
    for (sentence, told) in brief.told.iter().enumerate() {
        compiler.sentence = sentence;
        compiler.charged(told);
        compiler.told(told);
    }
    for (rules, points) in &brief.caps {
        let terms: Terms = rules.iter().flat_map(|rule| compiler.totals.get(rule).into_iter().flatten().copied()).collect();
        compiler.model.at_most(terms, *points, Label::Of(rules[0], Subject::Everyone));
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
            Sentence::Move { amount, minds } => {
                self.price(told, |arc| if let Arc::Move(mv, _) = arc { amount(mv) * minds.as_ref().map_or(1.0, |f| f(mv.participant)) } else { 0.0 })
            }
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
            Sentence::Supply { suits, themselves, mentors, capacity } => {
                self.supply(told, &|m, p, q| suits(m, q) && themselves(p) != Some(m), mentors, capacity);
            }
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
        if let Some(total) = self.totals.get_mut(&rule) {
            total.extend(&terms);
        }
        if self.burdens && !terms.is_empty() {
            self.own.entry((rule, who)).or_default().extend(terms);
        }
    }

    /// A slack at the sentence's weight; none if it is hard.
    fn slack(&mut self, told: &Told<'_>, subject: Subject, unit: f64, upper: f64) -> Option<(usize, f64)> {
        let Stamp::Soft(weight) = told.stamp else { return None };
        let column = self.model.column(weight * unit, upper, false, Label::Of(told.rule, subject));
        if let Some(total) = self.totals.get_mut(&told.rule) {
            total.push((column, weight * unit));
        }
        if let (Subject::Participant(p), true) = (subject, self.burdens) {
            self.own.entry((told.rule, p)).or_default().push((column, weight * unit));
        }
        Some((column, 1.0))
    }
}

fn incoming(network: &Network, node: NodeIndex) -> impl Iterator<Item = usize> + '_ {
    use petgraph::visit::EdgeRef;
    network.graph.edges_directed(node, petgraph::Direction::Incoming).map(|e| e.id().index())
}
