//! Maximum flows from those who need to what there is, and who is left over: Hall sets.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::maximum_flow::dinics;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::domain::{MentorIx, ParticipantIx, PositionIx};
use crate::words::Period;

/// Those who need more than there is, and all that they could have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    /// The first period.
    pub(super) from: Period,
    /// The period after the last.
    pub(super) until: Period,
    /// People.
    pub(super) people: Vec<ParticipantIx>,
    /// Positions.
    pub(super) positions: Vec<PositionIx>,
    /// Mentors.
    pub(super) mentors: Vec<MentorIx>,
    /// What is needed.
    pub(super) needed: usize,
    /// What there is.
    pub(super) there: usize,
}

/// Something that needs, stands between, or is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Person(ParticipantIx),
    Position(PositionIx),
    Seat(PositionIx, Period),
    Mentor(MentorIx),
}

/// Needs and room, as a network of flows: source → who needs → … → sink.
#[derive(Debug)]
pub(super) struct Hall {
    graph: DiGraph<Option<Thing>, u32>,
    nodes: BTreeMap<(Thing, bool), NodeIndex>,
    needs: Vec<NodeIndex>,
}

/// More than any need.
const ENOUGH: u32 = 1 << 24;
const SOURCE: usize = 0;
const SINK: usize = 1;

impl Default for Hall {
    fn default() -> Self {
        let mut graph = DiGraph::new();
        graph.add_node(None);
        graph.add_node(None);
        Self { graph, nodes: BTreeMap::new(), needs: Vec::new() }
    }
}

impl Hall {
    /// The node of a thing; `out` is where what passed through it leaves again.
    fn node(&mut self, thing: Thing, out: bool) -> NodeIndex {
        *self.nodes.entry((thing, out)).or_insert_with(|| self.graph.add_node(Some(thing)))
    }

    fn need(&mut self, thing: Thing, n: usize) -> NodeIndex {
        let node = self.node(thing, false);
        self.graph.add_edge(NodeIndex::new(SOURCE), node, n as u32);
        self.needs.push(node);
        node
    }

    /// Someone needs so many of these seats, of each one at most.
    pub(super) fn person(&mut self, p: ParticipantIx, n: usize, seats: impl Iterator<Item = (PositionIx, Period)>) {
        let person = self.need(Thing::Person(p), n);
        for (q, t) in seats {
            let seat = self.node(Thing::Seat(q, t), false);
            self.graph.add_edge(person, seat, 1);
        }
    }

    /// A position needs so many of these people.
    pub(super) fn position(&mut self, q: PositionIx, n: usize, people: impl Iterator<Item = ParticipantIx>) {
        let position = self.need(Thing::Position(q), n);
        for p in people {
            let fresh = !self.nodes.contains_key(&(Thing::Person(p), false));
            let person = self.node(Thing::Person(p), false);
            self.graph.add_edge(position, person, ENOUGH);
            if fresh {
                self.graph.add_edge(person, NodeIndex::new(SINK), 1);
            }
        }
    }

    /// How many of each seat there are.
    pub(super) fn seats(&mut self, room: impl Fn((PositionIx, Period)) -> usize) {
        let seats: Vec<_> =
            self.nodes.iter().filter_map(|((thing, _), node)| if let Thing::Seat(q, t) = thing { Some((*q, *t, *node)) } else { None }).collect();
        for (q, t, seat) in seats {
            let out = self.node(Thing::Seat(q, t), true);
            self.graph.add_edge(seat, out, room((q, t)) as u32);
            self.graph.add_edge(out, NodeIndex::new(SINK), ENOUGH);
        }
    }

    /// Every seat taken needs one of these mentors.
    pub(super) fn mentors(
        &mut self,
        mentors: impl Iterator<Item = MentorIx>,
        room: impl Fn(MentorIx) -> usize,
        suits: impl Fn(MentorIx, PositionIx) -> bool,
    ) {
        let sink = NodeIndex::new(SINK);
        self.graph.retain_edges(|graph, e| {
            let (a, b) = graph.edge_endpoints(e).expect("an edge of this graph");
            b != sink || !matches!(graph[a], Some(Thing::Seat(..)))
        });
        let seats: Vec<_> = self.nodes.iter().filter(|((_, out), _)| *out).map(|((thing, _), node)| (*thing, *node)).collect();
        for m in mentors.filter(|m| room(*m) > 0) {
            let mentor = self.node(Thing::Mentor(m), false);
            self.graph.add_edge(mentor, sink, room(m) as u32);
            for (thing, node) in &seats {
                if let Thing::Seat(q, _) = thing
                    && suits(m, *q)
                {
                    self.graph.add_edge(*node, mentor, ENOUGH);
                }
            }
        }
    }

    /// The Hall sets: of all that is needed, what cannot be met, with what competes for it; apart where nothing is shared.
    ///
    /// By maximum flow (Dinic 1970): what an unmet need reaches in the residual graph is the source's side of the smallest cut.
    pub(super) fn cuts(&self, from: Period, until: Period) -> Vec<Cut> {
        let (_, flows) = dinics(&self.graph, NodeIndex::new(SOURCE), NodeIndex::new(SINK));
        let unmet = |node: &&NodeIndex| self.graph.edges_connecting(NodeIndex::new(SOURCE), **node).any(|e| flows[e.id().index()] < *e.weight());
        let mut sides: Vec<BTreeSet<NodeIndex>> = Vec::new();
        for node in self.needs.iter().filter(unmet) {
            let mut side = self.residual(*node, &flows);
            let (joined, apart): (Vec<_>, Vec<_>) = sides.into_iter().partition(|other| !other.is_disjoint(&side));
            joined.into_iter().for_each(|other| side.extend(other));
            sides = apart;
            sides.push(side);
        }
        sides.iter().map(|side| self.cut(side, from, until)).collect()
    }

    /// What can be reached from a node while capacity is left, the source aside.
    fn residual(&self, start: NodeIndex, flows: &[u32]) -> BTreeSet<NodeIndex> {
        let mut seen = BTreeSet::from([start]);
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            let on = self.graph.edges(node).filter(|e| flows[e.id().index()] < *e.weight()).map(|e| e.target());
            let back = self.graph.edges_directed(node, petgraph::Direction::Incoming).filter(|e| flows[e.id().index()] > 0).map(|e| e.source());
            for next in on.chain(back).filter(|n| n.index() > SINK) {
                if seen.insert(next) {
                    stack.push(next);
                }
            }
        }
        seen
    }

    /// A source's side as a shortage: what it needs, and the capacity that leaves it.
    fn cut(&self, side: &BTreeSet<NodeIndex>, from: Period, until: Period) -> Cut {
        let into = |node: &NodeIndex| self.graph.edges_connecting(NodeIndex::new(SOURCE), *node).map(|e| *e.weight() as usize).sum::<usize>();
        let needed = self.needs.iter().filter(|n| side.contains(n)).map(into).sum();
        let leaving: Vec<_> = side.iter().flat_map(|n| self.graph.edges(*n)).filter(|e| !side.contains(&e.target())).collect();
        let there = leaving.iter().map(|e| *e.weight() as usize).sum();
        let (mut people, mut positions, mut mentors) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for node in side.iter().copied().chain(leaving.iter().map(EdgeRef::target)) {
            match self.graph[node] {
                Some(Thing::Person(p)) => drop(people.insert(p)),
                Some(Thing::Position(q) | Thing::Seat(q, _)) => drop(positions.insert(q)),
                Some(Thing::Mentor(m)) => drop(mentors.insert(m)),
                None => {}
            }
        }
        let (people, positions, mentors) = (people.into_iter().collect(), positions.into_iter().collect(), mentors.into_iter().collect());
        Cut { from, until, people, positions, mentors, needed, there }
    }
}
