//! One layered time network for each participant: every path that the gates leave, as walks from source to sink.
//!
//! Nodes are moments: *free* at a tick with a class of last placements just ended ([`Node::Fresh`]) or some idle ticks ago
//! ([`Node::Idle`]), and *about to begin* a class of positions ([`Node::Begin`]). Arcs are the events of the brief: a move, a
//! placement, a wait, an end. The state that the path rules need is the class: placements that no sentence about moves and
//! ends tells apart are one class (Cire et al. 2019 merge states of their decision diagrams alike), so a programme without
//! relocation or a ladder gets small networks and one with both gets the states it needs. What sentences count along a path is
//! then put into the state as well, as far as a budget of arcs allows (`expand`); what does not fit is left to the method.

mod classes;
mod expand;
mod labels;

pub(crate) use labels::{Ground, Label};

use petgraph::Direction;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::brief::{Brief, Choice, End, Move, Sentence, Stamp};
use crate::domain::{Before, ParticipantIx};
use classes::Classes;

/// A moment on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// A placement of a class has just ended, or the timeline begins.
    Fresh {
        /// Class of the last placement.
        class: usize,
        /// The free tick.
        tick: usize,
    },
    /// A placement of a class ended some idle ticks ago, and another will follow.
    Idle {
        /// Class of the last placement.
        class: usize,
        /// The free tick.
        tick: usize,
    },
    /// A placement of a class is about to begin.
    Begin {
        /// Class of the next placement.
        class: usize,
        /// Its first tick.
        tick: usize,
    },
    /// The path is over.
    Sink,
}

/// An event on a path. Moves and ends name a member of their class; no sentence tells it from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arc {
    /// From what was before to a placement that begins at a tick.
    Move(Move, usize),
    /// A placement.
    Place(Choice),
    /// An idle tick.
    Wait(usize),
    /// The end.
    End(End),
}

/// An event, and what sentences that count along the path charge at it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edge {
    /// The event.
    pub event: Arc,
    /// Sentences (by their place in the brief) and the amounts they charge here, as bits, so that equal edges are equal.
    pub owed: Vec<(usize, u64)>,
}

/// A participant's time network.
#[derive(Debug)]
pub struct Network {
    /// Whose.
    pub participant: ParticipantIx,
    /// Nodes in topological order.
    pub graph: DiGraph<Node, Edge>,
    /// Where every path begins; `None` if no path is left.
    pub source: Option<NodeIndex>,
    /// Sentences (by their place in the brief, ascending) that the state carries: all they ask is in the graph.
    pub carried: Vec<usize>,
}

/// The sentences that make networks, picked from the brief once.
struct Gates<'b, 'c> {
    choice: Vec<&'b (dyn Fn(&Choice) -> f64 + Send + Sync + 'c)>,
    end: Vec<&'b (dyn Fn(&End) -> f64 + Send + Sync + 'c)>,
}

impl Network {
    /// Builds a participant's network. O(positions × ticks²) choices are looked at, and O(positions² × ticks) moves.
    ///
    /// `budget` is the number of arcs up to which what sentences count along the path is put into the state (as many sentences
    /// as fit); 0 leaves all of it to the method.
    #[must_use]
    pub fn new(brief: &Brief<'_>, participant: ParticipantIx, budget: usize) -> Self {
        expand::expand(brief, Self::plain(brief, participant), budget)
    }

    /// The network of moves and ends alone.
    fn plain(brief: &Brief<'_>, participant: ParticipantIx) -> Self {
        let case = brief.case;
        let ticks = case.participants[participant].timeline.len();
        let gates = Gates::new(brief);
        let classes = Classes::new(brief, participant);
        let mut build = Builder { graph: DiGraph::new(), index: std::collections::HashMap::new() };
        let source = build.node(Node::Fresh { class: classes.fresh(Before::Start), tick: 0 });
        for tick in 0..=ticks {
            for class in 0..classes.fresh_count() {
                let Some(from) = build.get(Node::Fresh { class, tick }) else { continue };
                let last = classes.fresh_member(class);
                let at = if last == Before::Start { 0 } else { tick };
                let end = End { participant, last, at };
                if gates.allow_end(&end) {
                    let sink = build.node(Node::Sink);
                    build.graph.add_edge(from, sink, Arc::End(end));
                }
                if tick < ticks {
                    let idle = build.node(Node::Idle { class: classes.idle(last), tick: tick + 1 });
                    build.graph.add_edge(from, idle, Arc::Wait(tick));
                    build.moves(&classes, participant, from, last, true, tick);
                }
            }
            if tick == ticks {
                break;
            }
            for class in 0..classes.idle_count() {
                let Some(from) = build.get(Node::Idle { class, tick }) else { continue };
                let idle = build.node(Node::Idle { class, tick: tick + 1 });
                build.graph.add_edge(from, idle, Arc::Wait(tick));
                build.moves(&classes, participant, from, classes.idle_member(class), false, tick);
            }
            for class in 0..classes.begin_count() {
                let Some(from) = build.get(Node::Begin { class, tick }) else { continue };
                for position in classes.begin_members(class) {
                    for after in tick + 1..=ticks {
                        let choice = Choice::new(case, participant, position, tick, after);
                        if choice.continues == classes.begin_continues(class) && gates.allow_choice(&choice) {
                            let to = build.node(Node::Fresh { class: classes.fresh(Before::Placement(position)), tick: after });
                            build.graph.add_edge(from, to, Arc::Place(choice));
                        }
                    }
                }
            }
        }
        let (graph, source) = build.sorted(source);
        prune(participant, &graph, Some(source), Vec::new())
    }

    /// The edges that leave a node.
    pub fn edges(&self, node: NodeIndex) -> impl Iterator<Item = (EdgeIndex, NodeIndex, &Edge)> {
        self.graph.edges(node).map(|e| (e.id(), e.target(), e.weight()))
    }

    /// All placements.
    pub fn choices(&self) -> impl Iterator<Item = &Choice> {
        self.graph.edge_weights().filter_map(|e| if let Arc::Place(choice) = &e.event { Some(choice) } else { None })
    }

    /// The edges of the walk that makes these placements; `None` if the network has no such walk. Linear in arcs seen.
    #[must_use]
    pub fn walk(&self, path: &[Choice]) -> Option<Vec<EdgeIndex>> {
        let (mut node, mut taken) = (self.source?, Vec::new());
        for next in path {
            loop {
                let places = |begin: NodeIndex| self.edges(begin).find(|(_, _, e)| e.event == Arc::Place(*next));
                let moves =
                    |(_, to, e): &(EdgeIndex, NodeIndex, &Edge)| matches!(e.event, Arc::Move(_, t) if t == next.first) && places(*to).is_some();
                if let Some((edge, begin, _)) = self.edges(node).find(moves) {
                    let (place, after, _) = places(begin)?;
                    taken.extend([edge, place]);
                    node = after;
                    break;
                }
                let (edge, to, _) = self.edges(node).find(|(_, _, e)| matches!(e.event, Arc::Wait(t) if t < next.first))?;
                taken.push(edge);
                node = to;
            }
        }
        let (end, ..) = self.edges(node).find(|(_, _, e)| matches!(e.event, Arc::End(_)))?;
        taken.push(end);
        Some(taken)
    }

    /// For each edge the cheapest path through it, when every edge has a price; infinite where no path leads through. Linear in
    /// arcs.
    #[must_use]
    pub fn cheapest_through(&self, price: impl Fn(EdgeIndex) -> f64) -> Vec<f64> {
        let n = self.graph.node_count();
        let (mut from, mut to) = (vec![f64::INFINITY; n], vec![f64::INFINITY; n]);
        if let Some(source) = self.source {
            from[source.index()] = 0.0;
        }
        for node in self.graph.node_indices() {
            for (edge, next, _) in self.edges(node) {
                from[next.index()] = from[next.index()].min(from[node.index()] + price(edge));
            }
        }
        for node in self.graph.node_indices().rev() {
            if self.graph[node] == Node::Sink {
                to[node.index()] = 0.0;
            }
            for (edge, next, _) in self.edges(node) {
                to[node.index()] = to[node.index()].min(to[next.index()] + price(edge));
            }
        }
        let through = |edge: EdgeIndex| {
            let (a, b) = self.graph.edge_endpoints(edge).expect("an edge of this graph");
            from[a.index()] + price(edge) + to[b.index()]
        };
        self.graph.edge_indices().map(through).collect()
    }

    /// The network with only some of its edges, and without what then lies on no path.
    #[must_use]
    pub fn restricted(&self, keep: impl Fn(EdgeIndex) -> bool) -> Self {
        let graph = self.graph.filter_map(|_, node| Some(*node), |edge, weight| keep(edge).then(|| weight.clone()));
        prune(self.participant, &graph, self.source, self.carried.clone())
    }

    /// The largest total that a path can collect, if each arc adds a number; `None` if there is no path. Linear in arcs.
    #[must_use]
    pub fn longest(&self, adds: impl Fn(&Arc) -> f64) -> Option<f64> {
        let source = self.source?;
        let mut best = vec![f64::NEG_INFINITY; self.graph.node_count()];
        best[source.index()] = 0.0;
        let mut top = f64::NEG_INFINITY;
        for node in self.graph.node_indices() {
            let here = best[node.index()];
            if here == f64::NEG_INFINITY {
                continue;
            }
            if self.graph[node] == Node::Sink {
                top = top.max(here);
            }
            for (_, to, edge) in self.edges(node) {
                best[to.index()] = best[to.index()].max(here + adds(&edge.event));
            }
        }
        (top > f64::NEG_INFINITY).then_some(top)
    }

    /// The nodes that a path can reach after an arc that `starts`. Linear in arcs.
    #[must_use]
    pub fn reached_from(&self, starts: impl Fn(&Arc) -> bool) -> Vec<bool> {
        let mut reached = vec![false; self.graph.node_count()];
        for node in self.graph.node_indices() {
            for (_, to, edge) in self.edges(node) {
                if reached[node.index()] || starts(&edge.event) {
                    reached[to.index()] = true;
                }
            }
        }
        reached
    }
}

impl<'b, 'c> Gates<'b, 'c> {
    fn new(brief: &'b Brief<'c>) -> Self {
        let hard = || brief.told.iter().filter(|t| t.stamp == Stamp::Hard).map(|t| &t.sentence);
        let choice = hard().filter_map(|s| if let Sentence::Choice(f) = s { Some(&**f) } else { None });
        let end = hard().filter_map(|s| if let Sentence::End(f) = s { Some(&**f) } else { None });
        Self { choice: choice.collect(), end: end.collect() }
    }

    fn allow_choice(&self, choice: &Choice) -> bool {
        self.choice.iter().all(|f| f(choice) == 0.0)
    }

    fn allow_end(&self, end: &End) -> bool {
        self.end.iter().all(|f| f(end) == 0.0)
    }
}

struct Builder {
    graph: DiGraph<Node, Arc>,
    index: std::collections::HashMap<Node, NodeIndex>,
}

impl Builder {
    fn node(&mut self, node: Node) -> NodeIndex {
        *self.index.entry(node).or_insert_with(|| self.graph.add_node(node))
    }

    fn get(&self, node: Node) -> Option<NodeIndex> {
        self.index.get(&node).copied()
    }

    /// The graph with its nodes in topological order: by tick, and within a tick free before about to begin (a placement and a
    /// wait take at least a tick each).
    fn sorted(self, source: NodeIndex) -> (DiGraph<Node, Edge>, NodeIndex) {
        let order = |n: &NodeIndex| match self.graph[*n] {
            Node::Fresh { class, tick } => (tick, 0, class),
            Node::Idle { class, tick } => (tick, 1, class),
            Node::Begin { class, tick } => (tick, 2, class),
            Node::Sink => (usize::MAX, 0, 0),
        };
        let mut nodes: Vec<NodeIndex> = self.graph.node_indices().collect();
        nodes.sort_by_key(order);
        let mut sorted = DiGraph::with_capacity(nodes.len(), self.graph.edge_count());
        let mut place = vec![NodeIndex::end(); nodes.len()];
        for node in &nodes {
            place[node.index()] = sorted.add_node(self.graph[*node]);
        }
        for edge in self.graph.edge_references() {
            sorted.add_edge(place[edge.source().index()], place[edge.target().index()], Edge { event: *edge.weight(), owed: Vec::new() });
        }
        (sorted, place[source.index()])
    }

    fn moves(&mut self, classes: &Classes, participant: ParticipantIx, from: NodeIndex, before: Before, adjacent: bool, tick: usize) {
        for class in 0..classes.begin_count() {
            let continues = classes.begin_continues(class);
            if continues && (tick > 0 || before != Before::Start) {
                continue;
            }
            let Some(to) = classes.begin_members(class).next() else { continue };
            let mv = Move { participant, before, to, adjacent, continues };
            if classes.allowed(before, adjacent, class) {
                let begin = self.node(Node::Begin { class, tick });
                self.graph.add_edge(from, begin, Arc::Move(mv, tick));
            }
        }
    }
}

/// Keeps what lies on a path from source to sink; the order of nodes stays.
fn prune(participant: ParticipantIx, graph: &DiGraph<Node, Edge>, source: Option<NodeIndex>, carried: Vec<usize>) -> Network {
    let spread = |starts: Vec<NodeIndex>, direction: Direction| {
        let mut seen = vec![false; graph.node_count()];
        let mut stack = starts;
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut seen[node.index()], true) {
                stack.extend(graph.neighbors_directed(node, direction));
            }
        }
        seen
    };
    let alive = spread(graph.node_indices().filter(|n| graph[*n] == Node::Sink).collect(), Direction::Incoming);
    let reached = spread(source.into_iter().collect(), Direction::Outgoing);
    let on_a_path = |n: &NodeIndex| alive[n.index()] && reached[n.index()];
    let mut pruned = DiGraph::new();
    let place: Vec<Option<NodeIndex>> = graph.node_indices().map(|n| on_a_path(&n).then(|| pruned.add_node(graph[n]))).collect();
    for node in graph.node_indices() {
        let mut out: Vec<_> = graph.edges(node).collect();
        out.sort_by_key(|e| e.id());
        for edge in out {
            if let (Some(a), Some(b)) = (place[node.index()], place[edge.target().index()]) {
                pruned.add_edge(a, b, edge.weight().clone());
            }
        }
    }
    Network { participant, graph: pruned, source: source.and_then(|s| place[s.index()]), carried }
}
