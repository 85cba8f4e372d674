//! The product of a network and its labels: afterwards the state of a node tells everything that the labelled sentences need,
//! and the relaxation of the flow is as tight as that over whole paths.
//!
//! Built forward, then reduced backward: nodes from which the same events lead to the same nodes at the same amounts are one
//! (the reduction of decision diagrams, Bryant 1986; Cire et al. 2019 for rotations). Labels that would make the network too
//! large are left to the method.

use std::collections::{BTreeMap, HashMap, HashSet};

use petgraph::graph::{DiGraph, NodeIndex};

use super::labels::{Label, State};
use super::{Edge, Network, Node};
use crate::brief::Brief;

/// While it is built, a network may be so many times larger than what it may be in the end.
const BEFORE_REDUCTION: usize = 6;

/// A network with more arcs than this has long paths (rotation years with a placement every period). Part of the labels in its
/// state is then worse than none: measured on the published clerkship instances, the relaxation gains nothing and the program
/// doubles.
const WIDE: usize = 3_000;

/// The network with as many labels in its state as fit into `budget` arcs.
pub(super) fn expand(brief: &Brief<'_>, base: Network, budget: usize) -> Network {
    let mut labels = Label::all(brief, base.participant, &base, false);
    let budget = budget.max(base.graph.edge_count());
    while !labels.is_empty() {
        let dropped = match Product::build(brief, &base, &labels, budget * BEFORE_REDUCTION) {
            Ok(product) => {
                let (network, costliest) = (product.reduced(&base, &labels), product.costliest(&labels));
                if network.graph.edge_count() <= budget {
                    return network;
                }
                costliest
            }
            Err(costliest) => costliest,
        };
        if base.graph.edge_count() > WIDE {
            return base;
        }
        labels.retain(|label| label.sentence != dropped);
    }
    base
}

/// The product, layer by layer of the base network's nodes.
struct Product {
    /// Per base node: the states in which it can be reached.
    states: Vec<Vec<State>>,
    /// Per base node and state: events, amounts owed, and where they lead (base node and place of its state).
    edges: Vec<Vec<Vec<(Edge, usize, usize)>>>,
}

impl Product {
    /// Builds the product; if it gets more arcs than `most`, the sentence whose labels take the most values is named instead.
    fn build(brief: &Brief<'_>, base: &Network, labels: &[Label<'_, '_>], most: usize) -> Result<Self, usize> {
        let count = base.graph.node_count();
        let mut product = Self { states: vec![Vec::new(); count], edges: vec![Vec::new(); count] };
        let Some(source) = base.source else { return Ok(product) };
        let mut place: Vec<HashMap<State, usize>> = vec![HashMap::new(); count];
        let start: State = labels.iter().map(Label::start).collect();
        place[source.index()].insert(start.clone(), 0);
        product.states[source.index()].push(start);
        let mut arcs = 0;
        for node in base.graph.node_indices() {
            for s in 0..product.states[node.index()].len() {
                let state = product.states[node.index()][s].clone();
                let mut out = Vec::new();
                for (_, to, edge) in base.edges(node) {
                    let Some((next, owed)) = after(brief, labels, &state, edge) else { continue };
                    let known = place[to.index()].len();
                    let at = *place[to.index()].entry(next.clone()).or_insert(known);
                    if at == known {
                        product.states[to.index()].push(next);
                    }
                    out.push((Edge { event: edge.event, owed }, to.index(), at));
                }
                arcs += out.len();
                product.edges[node.index()].push(out);
            }
            if arcs > most {
                return Err(product.costliest(labels));
            }
        }
        Ok(product)
    }

    /// The sentence whose labels take the most values together.
    fn costliest(&self, labels: &[Label<'_, '_>]) -> usize {
        let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, label) in labels.iter().enumerate() {
            places.entry(label.sentence).or_default().push(i);
        }
        let values = |of: &Vec<usize>| {
            let all: HashSet<Vec<u64>> = self.states.iter().flatten().map(|state| of.iter().map(|i| state[*i]).collect()).collect();
            all.len()
        };
        let most = places.iter().max_by_key(|(sentence, of)| (values(of), **sentence));
        most.map_or(0, |(sentence, _)| *sentence)
    }

    /// The product with equivalent nodes merged and dead ends left out.
    fn reduced(&self, base: &Network, labels: &[Label<'_, '_>]) -> Network {
        let mut carried: Vec<usize> = labels.iter().map(|l| l.sentence).collect();
        carried.dedup();
        // Per base node and state: the class of nodes with the same future, if any path leads on to the sink.
        let mut class: Vec<Vec<Option<usize>>> = self.states.iter().map(|s| vec![None; s.len()]).collect();
        let mut made: Vec<(Node, Vec<(Edge, usize)>)> = Vec::new();
        for node in base.graph.node_indices().rev() {
            let mut same: HashMap<Vec<(Edge, usize)>, usize> = HashMap::new();
            for s in 0..self.states[node.index()].len() {
                let out: Vec<(Edge, usize)> =
                    self.edges[node.index()][s].iter().filter_map(|(edge, to, at)| Some((edge.clone(), class[*to][*at]?))).collect();
                let sink = base.graph[node] == Node::Sink;
                if out.is_empty() && !sink {
                    continue;
                }
                let made_now = *same.entry(out.clone()).or_insert_with(|| {
                    made.push((base.graph[node], out));
                    made.len() - 1
                });
                class[node.index()][s] = Some(made_now);
            }
        }
        // Made in reverse topological order: turned round, and without what the source does not reach.
        let source = base.source.and_then(|n| class[n.index()].first().copied().flatten());
        let mut reached = vec![false; made.len()];
        if let Some(source) = source {
            reached[source] = true;
        }
        for i in (0..made.len()).rev().filter(|i| Some(*i) <= source) {
            if reached[i] {
                made[i].1.iter().for_each(|(_, to)| reached[*to] = true);
            }
        }
        let mut graph = DiGraph::new();
        let mut place: Vec<Option<NodeIndex>> = vec![None; made.len()];
        for i in (0..made.len()).rev().filter(|i| reached[*i]) {
            place[i] = Some(graph.add_node(made[i].0));
        }
        for i in (0..made.len()).rev() {
            let Some(from) = place[i] else { continue };
            for (edge, to) in &made[i].1 {
                let to = place[*to].expect("what a reached node leads to is reached");
                graph.add_edge(from, to, edge.clone());
            }
        }
        Network { participant: base.participant, graph, source: source.and_then(|s| place[s]), carried }
    }
}

type Owed = Vec<(usize, u64)>;

fn after(brief: &Brief<'_>, labels: &[Label<'_, '_>], state: &State, edge: &Edge) -> Option<(State, Owed)> {
    let mut next = State::with_capacity(state.len());
    let mut owed: Owed = Vec::new();
    for (label, value) in labels.iter().zip(state) {
        let (value, amount) = label.after(brief.case, *value, &edge.event)?;
        next.push(value);
        if amount > 0.0 {
            owed.push((label.sentence, amount.to_bits()));
        }
    }
    Some((next, owed))
}
