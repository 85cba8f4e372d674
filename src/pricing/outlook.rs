//! What may lie on a cheap path: bounds on what every partial path costs from its start and to its end, in which a move costs no
//! more than the least move to its place. Whatever costs too much both ways lies on no cheap path, and the exact program leaves
//! it out (path-reduced costs: Irnich, Desaulniers, Desrosiers & Hadjar 2010). Moves within a site are told apart from moves
//! between sites, so that a bound looks at pairs of kinds, and at pairs of positions of one site alone.

use std::ops::Range;

use super::program::{Program, Scratch, lower};
use super::skeleton::START;
use crate::brief::Choice;
use crate::words::Index;

/// Bounds of one participant's program, and what they leave.
#[derive(Debug, Default)]
pub(super) struct Outlook {
    /// The number that each site has here, and how many have one.
    known: Vec<u32>,
    sites: usize,
    /// Per next: its site, its class as what a move leads to, and the least points of a move to it from elsewhere and within its site.
    nexts: Vec<Next>,
    /// Per kind: its sites, as bits, several of which may share one; and the members at each site.
    masks: Vec<u64>,
    members_at: Vec<(u16, u16)>,
    /// The same per tail, for its exits.
    exit_masks: Vec<u64>,
    exits_at: Vec<(u16, u16)>,
    /// Of each begin node of a tick: the least bound with a move from elsewhere, and the sites of its kind.
    entered: Vec<(f64, u64)>,
    /// At the first of the members of a begin node, or of the present free node, that are at one site: the least of their bounds,
    /// with the move there within the site.
    within: Vec<f64>,
    past_at: Vec<f64>,
    /// Bounds of both sorts of nodes, and what may lie on a cheap path.
    pub(super) begins: Nodes,
    pub(super) frees: Nodes,
}

/// The begin nodes, or the free nodes: where their members are in lists of all members, the bounds of these, and what is kept.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    /// Where the members of each node begin, and how many there are in all.
    at: Vec<u32>,
    pub(super) size: usize,
    /// Bounds from each member to the end, and from the start to it. All exits at one site are the same to the end: the first of
    /// them stands for all.
    rest: Vec<f64>,
    past: Vec<f64>,
    /// Nodes that a bound from the start has reached.
    seen: Vec<bool>,
    /// Members that may lie on a cheap path, node by node, and where those of each node are; and the nodes that have some, in the
    /// order of time.
    members: Vec<u32>,
    kept: Vec<(u32, u32)>,
    pub(super) order: Vec<u32>,
}

impl Nodes {
    /// Gives every node room for so many members; nodes without any have the first `shared` ones in common.
    pub(super) fn lay(&mut self, shared: usize, sizes: impl Iterator<Item = usize>) {
        let mut next = shared;
        self.at.clear();
        self.at.extend(sizes.map(|size| {
            let at = if size == 0 { 0 } else { next };
            next += size;
            at as u32
        }));
        self.size = next;
    }

    /// Where the members of a node begin.
    pub(super) fn at(&self, node: u32) -> usize {
        self.at[node as usize] as usize
    }

    /// Members of a node that may lie on a cheap path.
    pub(super) fn of(&self, node: u32) -> &[u32] {
        let (first, end) = self.kept[node as usize];
        &self.members[first as usize..end as usize]
    }

    /// No bound to the end is known.
    fn clear_rest(&mut self) {
        self.rest.clear();
        self.rest.resize(self.size, f64::INFINITY);
    }

    /// No bound from the start is known, and nothing is kept.
    fn clear_past(&mut self) {
        self.past.resize(self.past.len().max(self.size), 0.0);
        self.seen.clear();
        self.seen.resize(self.at.len(), false);
        self.kept.clear();
        self.kept.resize(self.at.len(), (0, 0));
        self.members.clear();
        self.order.clear();
    }

    /// Where the members of a node begin; their bounds from the start are infinite when it is reached for the first time.
    fn reach(&mut self, node: u32, size: usize) -> usize {
        let at = self.at(node);
        if !std::mem::replace(&mut self.seen[node as usize], true) {
            self.past[at..at + size].fill(f64::INFINITY);
        }
        at
    }

    /// Keeps the members of a node that may lie on a path that costs at most `limit`, by who stands for them to the end; whether
    /// there are any.
    fn keep(&mut self, node: u32, standing: impl ExactSizeIterator<Item = usize>, limit: f64) -> bool {
        let (at, first) = (self.at(node), self.members.len());
        let (past, rest) = (&self.past[at..at + standing.len()], &self.rest[at..at + standing.len()]);
        let bounds = past.iter().zip(standing).map(|(past, standing)| *past + rest[standing]);
        self.members.extend((0..).zip(bounds).filter(|(_, bound)| *bound <= limit).map(|(m, _)| m));
        let end = self.members.len();
        if first < end {
            self.kept[node as usize] = (first as u32, end as u32);
            self.order.push(node);
        }
        first < end
    }
}

#[derive(Debug, Clone, Copy)]
struct Next {
    site: u32,
    class: u32,
    elsewhere: f64,
    here: f64,
}

impl Outlook {
    /// No move between two nexts costs less; `prices`: those of the nearest moves in the period of the tick.
    pub(super) fn least_move(&self, prices: &[(f64, f64)], i: usize, j: usize) -> f64 {
        let (elsewhere, here) = self.least_moves(prices, j);
        if self.nexts[i].site == self.nexts[j].site { here } else { elsewhere }
    }

    /// The least that a move to a next costs from another site, and within its own.
    pub(super) fn least_moves(&self, prices: &[(f64, f64)], to: usize) -> (f64, f64) {
        let to = &self.nexts[to];
        let (elsewhere, here) = prices[to.class as usize];
        (to.elsewhere + elsewhere, to.here + here)
    }

    /// The members of a begin node that are at the site of a next, and the least that they cost to the end at least, with the move.
    pub(super) fn at_site_of(&self, next: usize, begin: u32, kind: u32) -> (std::ops::Range<usize>, f64) {
        let (first, end) = self.members_at[kind as usize * self.sites + self.nexts[next].site as usize];
        let least = if first < end { self.within[self.begins.at(begin) + usize::from(first)] } else { f64::INFINITY };
        (usize::from(first)..usize::from(end), least)
    }

    /// Bounds to the end, from the last tick to the first. The result is the bound of all paths. O(arcs × positions of a kind + free
    /// nodes × options).
    pub(super) fn back(&mut self, program: &Program<'_, '_, '_>, scratch: &Scratch) -> f64 {
        let Program { lattice, skeleton, .. } = *program;
        self.look(program);
        self.begins.clear_rest();
        self.frees.clear_rest();
        self.within.clear();
        self.within.resize(self.begins.size, f64::INFINITY);
        for (tick, (begins, frees)) in skeleton.layers.iter().enumerate().rev() {
            let prices = program.nearest(tick);
            self.entered.clear();
            for b in begins.clone() {
                if !lattice.has_begin(b as usize) {
                    self.entered.push((f64::INFINITY, 0));
                    continue;
                }
                let begin = &skeleton.begins[b as usize];
                let members = lattice.of_kind(begin.kind);
                let (first, spans) = (scratch.cells_at[begin.kind as usize] as usize, skeleton.spans[begin.kind as usize].len());
                let at = self.begins.at(b);
                let here = &mut self.begins.rest[at..at + members.len()];
                for arc in skeleton.arcs(begin) {
                    let extra = program.passing(arc);
                    let cells = scratch.cells[first + usize::from(arc.span)..].iter().step_by(spans);
                    let rest = &self.frees.rest[self.frees.at(arc.to)..];
                    let each = here.iter_mut().zip(&lattice.home()[members.clone()]).zip(cells);
                    each.for_each(|((best, home), cell)| lower(best, cell + extra + rest[usize::from(*home)]));
                }
                let mut entered = f64::INFINITY;
                for (rest, to) in here.iter().zip(&self.nexts[members]) {
                    let (elsewhere, here) = prices[to.class as usize];
                    lower(&mut entered, rest + to.elsewhere + elsewhere);
                    let (first, _) = self.members_at[begin.kind as usize * self.sites + to.site as usize];
                    lower(&mut self.within[at + usize::from(first)], rest + to.here + here);
                }
                self.entered.push((entered, self.masks[begin.kind as usize]));
            }
            for f in frees.clone().filter(|f| lattice.has_free(skeleton, *f as usize)) {
                let free = &skeleton.frees[f as usize];
                let at = self.frees.at(f);
                let mut all = program.ending(f).unwrap_or(f64::INFINITY);
                if free.tail == START {
                    for b in skeleton.options(free).iter().copied().filter(|b| lattice.has_begin(*b as usize)) {
                        let next = self.begins.at(b);
                        for (m, j) in lattice.of_kind(skeleton.begins[b as usize].kind).enumerate() {
                            lower(&mut all, program.entering(j, tick, free.idle).0 + self.begins.rest[next + m]);
                        }
                    }
                    if let Some((to, extra)) = program.waiting(f) {
                        lower(&mut all, self.frees.rest[self.frees.at(to)] + extra);
                    }
                    self.frees.rest[at] = all;
                    continue;
                }
                let exits = lattice.of_tail(free.tail);
                let mask = self.exit_masks[free.tail as usize];
                let mut shared = false;
                for b in skeleton.options(free) {
                    let (entered, sites) = self.entered[(b - begins.start) as usize];
                    lower(&mut all, entered);
                    shared |= sites & mask != 0;
                }
                let wait = program.waiting(f).map(|(to, extra)| (self.frees.at(to), extra));
                // The first exit at each site stands for all there.
                for home in (0..).zip(lattice.homes(free.tail)).filter(|(exit, home)| *exit == **home).map(|(exit, _)| usize::from(exit)) {
                    let mut best = all;
                    if let Some((to, extra)) = wait {
                        lower(&mut best, self.frees.rest[to + home] + extra);
                    }
                    if shared {
                        let site = self.nexts[lattice.leaves(exits.start + home)].site as usize;
                        for b in skeleton.options(free) {
                            let kind = skeleton.begins[*b as usize].kind;
                            let (first, end) = self.members_at[kind as usize * self.sites + site];
                            if first < end && lattice.has_begin(*b as usize) {
                                lower(&mut best, self.within[self.begins.at(*b) + usize::from(first)]);
                            }
                        }
                    }
                    self.frees.rest[at + home] = best;
                }
            }
        }
        skeleton.source.map_or(f64::INFINITY, |source| self.frees.rest[self.frees.at(source)])
    }

    /// No path from a free node costs less, by the exit that stands for all at its site.
    pub(super) fn rest(&self, free: u32, home: usize) -> f64 {
        self.frees.rest[self.frees.at(free) + home]
    }

    /// What a path costs that takes the step that looks best each time, with its placements; infinite if that leads nowhere. With
    /// `relaxed`, moves look as cheap as they may be, so that the path is one from which the bound of all paths comes; of equals, moves that
    /// are.
    pub(super) fn path(&self, program: &Program<'_, '_, '_>, scratch: &Scratch, relaxed: bool) -> (f64, Vec<Choice>) {
        let Program { lattice, skeleton, width, bounded, .. } = *program;
        let mut choices = Vec::new();
        let Some(source) = skeleton.source else { return (f64::INFINITY, choices) };
        let (mut free, mut exit, mut left, mut cost) = (source, 0, width - 1, 0.0);
        loop {
            let node = &skeleton.frees[free as usize];
            let tick = usize::from(node.tick);
            let prices = program.nearest(tick);
            let end = program.ending(free).unwrap_or(f64::INFINITY);
            // What the best step leads to costs at least, with its move, and the step: begin node, member, cost of the move, moves it takes.
            let mut best = (f64::INFINITY, f64::INFINITY);
            let mut step: Option<(u32, usize, f64, usize)> = None;
            for b in skeleton.options(node).iter().copied().filter(|b| lattice.has_begin(*b as usize)) {
                let at = self.begins.at(b);
                for (m, j) in lattice.of_kind(skeleton.begins[b as usize].kind).enumerate() {
                    let rest = self.begins.rest[at + m];
                    let (looks, (mv, counts)) = match node.tail {
                        START => {
                            let entering = program.entering(j, tick, node.idle);
                            (entering.0, entering)
                        }
                        tail => {
                            let i = lattice.leaves(lattice.of_tail(tail).start + exit);
                            let least = self.least_move(prices, i, j);
                            if rest + least > best.0 {
                                continue;
                            }
                            let mv = program.move_to(i, j, tick, node.idle);
                            (if relaxed { least } else { mv.0 }, mv)
                        }
                    };
                    let used = usize::from(bounded && counts);
                    if used <= left && (looks + rest, mv) < best {
                        (best, step) = ((looks + rest, mv), Some((b, m, mv, used)));
                    }
                }
            }
            if let Some((to, extra)) = program.waiting(free) {
                let home = usize::from(lattice.homes(node.tail)[exit]);
                let rest = self.frees.rest[self.frees.at(to) + home] + extra;
                if rest < best.0.min(end) {
                    (free, cost) = (to, cost + extra);
                    continue;
                }
            }
            let Some((b, m, mv, used)) = step.filter(|_| best.0 < end) else { return (cost + end, choices) };
            let begin = &skeleton.begins[b as usize];
            let j = lattice.of_kind(begin.kind).start + m;
            let home = usize::from(lattice.home()[j]);
            let cells = scratch.cells(begin.kind, m, skeleton.spans[begin.kind as usize].len());
            let arcs = skeleton.arcs(begin).iter().map(|arc| {
                let cell = cells[usize::from(arc.span)] + program.passing(arc);
                (cell + self.frees.rest[self.frees.at(arc.to) + home], cell, arc)
            });
            let (_, cell, arc) = arcs.min_by(|a, b| a.0.total_cmp(&b.0)).expect("what costs something to the end has an arc");
            let span = skeleton.spans[begin.kind as usize][usize::from(arc.span)];
            choices.push(super::mould::choice(lattice.participant, lattice.nexts[j], span));
            (free, exit, left, cost) = (arc.to, usize::from(lattice.exit()[j]), left - used, cost + mv + cell);
        }
    }

    /// Bounds from the start, from the first tick to the last, along what may lie on a path that costs at most `limit`.
    pub(super) fn forth(&mut self, program: &Program<'_, '_, '_>, scratch: &Scratch, limit: f64) {
        let Program { lattice, skeleton, .. } = *program;
        self.begins.clear_past();
        self.frees.clear_past();
        let size = |kind: u32| lattice.of_kind(kind).len();
        let exits = |tail: u32| lattice.of_tail(tail).len();
        if let Some(source) = skeleton.source {
            let at = self.frees.reach(source, 1);
            self.frees.past[at] = 0.0;
        }
        for (tick, (begins, frees)) in skeleton.layers.iter().enumerate() {
            let prices = program.nearest(tick);
            for f in frees.clone() {
                let free = &skeleton.frees[f as usize];
                if !self.frees.seen[f as usize] || !self.frees.keep(f, lattice.homes(free.tail).iter().map(|home| usize::from(*home)), limit) {
                    continue;
                }
                let at = self.frees.at(f);
                if let Some((to, extra)) = program.waiting(f).filter(|(to, _)| lattice.has_free(skeleton, *to as usize)) {
                    let next = self.frees.reach(to, exits(free.tail));
                    let Nodes { past, members, kept, .. } = &mut self.frees;
                    let (first, end) = kept[f as usize];
                    for m in members[first as usize..end as usize].iter().map(|m| *m as usize) {
                        let value = past[at + m] + extra;
                        lower(&mut past[next + m], value);
                    }
                }
                let all = self.frees.of(f).iter().map(|m| self.frees.past[at + *m as usize]).fold(f64::INFINITY, f64::min);
                if free.tail != START {
                    self.past_at.clear();
                    self.past_at.resize(exits(free.tail), f64::INFINITY);
                    for (past, exit) in self.frees.past[at..].iter().zip(lattice.of_tail(free.tail)) {
                        let from = &self.nexts[lattice.leaves(exit)];
                        let (first, _) = self.exits_at[free.tail as usize * self.sites + from.site as usize];
                        lower(&mut self.past_at[usize::from(first)], *past);
                    }
                }
                for b in skeleton.options(free).iter().copied().filter(|b| lattice.has_begin(*b as usize)) {
                    let kind = skeleton.begins[b as usize].kind;
                    let members = lattice.of_kind(kind);
                    let next = self.begins.reach(b, members.len());
                    if free.tail == START {
                        for (best, j) in self.begins.past[next..].iter_mut().zip(members) {
                            lower(best, all + program.entering(j, tick, free.idle).0);
                        }
                        continue;
                    }
                    let shared = self.masks[kind as usize] & self.exit_masks[free.tail as usize] != 0;
                    for (best, to) in self.begins.past[next..].iter_mut().zip(&self.nexts[members]) {
                        let (elsewhere, here) = prices[to.class as usize];
                        lower(best, all + to.elsewhere + elsewhere);
                        if shared {
                            let (first, end) = self.exits_at[free.tail as usize * self.sites + to.site as usize];
                            if first < end {
                                lower(best, self.past_at[usize::from(first)] + to.here + here);
                            }
                        }
                    }
                }
            }
            for b in begins.clone() {
                let begin = &skeleton.begins[b as usize];
                if !self.begins.seen[b as usize] || !self.begins.keep(b, 0..size(begin.kind), limit) {
                    continue;
                }
                let at = self.begins.at(b);
                let (first, spans) = (scratch.cells_at[begin.kind as usize] as usize, skeleton.spans[begin.kind as usize].len());
                for arc in skeleton.arcs(begin).iter().filter(|arc| lattice.has_free(skeleton, arc.to as usize)) {
                    let extra = program.passing(arc);
                    let next = self.frees.reach(arc.to, exits(skeleton.tails[begin.kind as usize]));
                    let exit = &lattice.exit()[lattice.of_kind(begin.kind)];
                    for m in self.begins.of(b).iter().map(|m| *m as usize) {
                        let value = self.begins.past[at + m] + scratch.cells[first + m * spans + usize::from(arc.span)] + extra;
                        lower(&mut self.frees.past[next + usize::from(exit[m])], value);
                    }
                }
            }
        }
    }

    /// Sites of all nexts, and the points of the nearest moves to them.
    fn look(&mut self, program: &Program<'_, '_, '_>) {
        let Program { pricing, lattice, skeleton, .. } = *program;
        let near = &pricing.near[lattice.near as usize];
        self.nexts.clear();
        self.sites = 0;
        self.known.clear();
        self.known.resize(pricing.brief.case.sites.len(), u32::MAX);
        for (position, continues) in &lattice.nexts {
            let site = pricing.brief.case.positions[*position].site.index();
            if self.known[site] == u32::MAX {
                self.known[site] = self.sites as u32;
                self.sites += 1;
            }
            let (elsewhere, here) = if *continues { (f64::INFINITY, f64::INFINITY) } else { near[position.index()] };
            self.nexts.push(Next { site: self.known[site], class: pricing.moves.to_class(position.index()), elsewhere, here });
        }
        let Self { nexts, sites, masks, members_at, exit_masks, exits_at, .. } = self;
        // Members of a kind, and exits of a tail, are in the order of their sites.
        let kinds = (0..skeleton.spans.len()).map(|kind| lattice.of_kind(kind as u32));
        at_sites(*sites, kinds, &|j| nexts[j].site, masks, members_at);
        let tails = (0..lattice.tails()).map(|tail| lattice.of_tail(tail as u32));
        at_sites(*sites, tails, &|exit| nexts[lattice.leaves(exit)].site, exit_masks, exits_at);
    }
}

/// Which sites each of some groups has, as bits, and where those at each site are among the group.
fn at_sites(sites: usize, groups: impl Iterator<Item = Range<usize>>, site: &dyn Fn(usize) -> u32, masks: &mut Vec<u64>, at: &mut Vec<(u16, u16)>) {
    masks.clear();
    at.clear();
    for group in groups {
        let (mut mask, first) = (0, at.len());
        at.resize(first + sites, (0, 0));
        for (m, site) in (0..).zip(group.map(site)) {
            mask |= 1 << (site % 64);
            let (one, end) = &mut at[first + site as usize];
            if *one == *end {
                *one = m;
            }
            *end = m + 1;
        }
        masks.push(mask);
    }
}

#[cfg(all(test, feature = "plan"))]
mod tests {
    use crate::brief::brief;
    use crate::generate::{Profile, Recipe, generate};
    use crate::intake::{Intake, intake};
    use crate::pricing::{Coupling, Multipliers, Pricing, Scratch};

    #[test]
    fn what_is_left_out_lies_on_no_cheap_path() {
        let text = serde_json::to_string(&generate(&Recipe::new(Profile::Operations, 40, 3))).expect("an instance is JSON");
        let Intake { case, policy, .. } = intake(text.as_bytes()).expect("valid");
        let told = brief(&case, &policy);
        let coupling = Coupling::new(&told);
        let pricing = Pricing::new(&told, &coupling, &|| false).expect("nothing ends it");
        let (mut all, mut some) = (Scratch::default(), Scratch::default());
        let mut left_out = 0;
        for turn in 0..6usize {
            // Nothing costs anything at first; then rows cost what their numbers say.
            let mut multipliers = Multipliers((0..coupling.rows.len()).map(|r| (turn * ((r * 7919 + turn * 104_729) % 97)) as f64 * 0.1).collect());
            multipliers.clip(&coupling);
            let prices = pricing.prices_of(&multipliers);
            for number in 0..pricing.len() {
                let none = pricing.sums(number).none();
                for bounds in [false, true] {
                    let program = pricing.program(number, &prices, &none, bounds);
                    let least = program.prepare(&mut all);
                    assert_eq!(program.prepare(&mut some), least);
                    let whole = program.solve(&mut all, least, f64::INFINITY, f64::INFINITY);
                    let cheap = program.solve(&mut some, least, 0.0, f64::INFINITY);
                    assert!(whole == cheap || (whole - cheap).abs() <= 1e-9 * whole.abs(), "participant {number}, turn {turn}: {whole} or {cheap}");
                    assert!(least <= whole + 1e-9 * whole.abs(), "{least} is no bound of {whole}");
                    let kept = |scratch: &Scratch| scratch.outlook.begins.members.len() + scratch.outlook.frees.members.len();
                    left_out += usize::from(kept(&all) > 4 * kept(&some));
                }
            }
        }
        assert!(left_out > 200, "most is left out for most: {left_out} of 480");
    }
}
