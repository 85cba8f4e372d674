//! The tree of partial paths of one participant, with the sentences that the skeleton does not carry: what is known once the
//! program is solved, and searches through it.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::ascent::{NO_LIST, charge};
use super::column::{Column, Walk};
use super::program::{Program, Scratch};
use super::skeleton::START;
use crate::brief::{Choice, End};
use crate::domain::Before;
use crate::network::{Arc, Label};
use crate::words::Index;

/// Labels that one search may make.
const LABELS: usize = 60_000;
/// Partial paths of each tick that a beam goes on with in its place.
const BEAM: usize = 320;
/// How many times as many, and how often, if that leads nowhere.
const WIDER: usize = 4;
const TIMES: u32 = 3;
/// How many times as many wait there: some are forbidden, or meet others that are cheaper.
const SPARE: usize = 4;

/// One participant's program, solved.
pub(super) struct Solved<'s, 'l, 'b, 'c> {
    pub(super) program: Program<'l, 'b, 'c>,
    pub(super) scratch: &'s Scratch,
    pub(super) value: f64,
    /// It is only prepared: completions are bounds, of everything.
    pub(super) ahead: bool,
}

impl Solved<'_, '_, '_, '_> {
    fn completion(&self, free: u32, exit: usize, left: usize) -> f64 {
        let Program { lattice, skeleton, width, .. } = self.program;
        match self.ahead {
            true => self.scratch.outlook.rest(free, usize::from(lattice.homes(skeleton.frees[free as usize].tail)[exit])),
            false => self.scratch.completion(free, exit, left, width),
        }
    }

    /// Every step from a free node: what it costs, the choice with its list of sums, and where it leads.
    fn steps(&self, free: u32, exit: usize, left: usize, mut see: impl FnMut(f64, (Choice, u32), u32, usize, usize)) {
        let Program { lattice, skeleton, bounded, sums, .. } = self.program;
        let node = &skeleton.frees[free as usize];
        let tick = usize::from(node.tick);
        for b in skeleton.options(node).iter().filter(|b| lattice.has_begin(**b as usize)) {
            let begin = &skeleton.begins[*b as usize];
            let first = lattice.of_kind(begin.kind).start;
            let kept = if self.ahead { &[] } else { self.scratch.outlook.begins.of(*b) };
            let all = if self.ahead { lattice.of_kind(begin.kind).len() } else { kept.len() };
            for m in (0..all).map(|m| if self.ahead { m } else { kept[m] as usize }) {
                let j = first + m;
                let (mv, counts) = match node.tail {
                    START => self.program.entering(j, tick, node.idle),
                    tail => self.program.move_to(lattice.leaves(lattice.of_tail(tail).start + exit), j, tick, node.idle),
                };
                let used = usize::from(bounded && counts);
                if mv == f64::INFINITY || used > left {
                    continue;
                }
                let lists = if sums.is_empty() { &[] } else { sums.lists(lattice.nexts[j]) };
                for arc in skeleton.arcs(begin) {
                    let spans = &skeleton.spans[begin.kind as usize];
                    let cell = self.scratch.cells(begin.kind, m, spans.len())[usize::from(arc.span)];
                    if cell < f64::INFINITY {
                        let span = spans[usize::from(arc.span)];
                        let choice = super::mould::choice(lattice.participant, lattice.nexts[j], span);
                        let list = lists.get(usize::from(arc.span)).copied().unwrap_or(NO_LIST);
                        see(mv + cell + self.program.passing(arc), (choice, list), arc.to, usize::from(lattice.exit()[j]), left - used);
                    }
                }
            }
        }
    }

    /// The cheapest relaxed path: every step is the one whose cost and completion are least.
    pub(super) fn trace(&self) -> Option<Vec<Choice>> {
        let (mut free, mut exit, mut left) = (self.program.skeleton.source?, 0, self.program.width - 1);
        let mut choices = Vec::new();
        loop {
            let mut best = (self.program.ending(free).unwrap_or(f64::INFINITY), None);
            if let Some((to, cost)) = self.program.waiting(free) {
                let value = cost + self.completion(to, exit, left);
                if value < best.0 {
                    best = (value, Some((None, to, exit, left)));
                }
            }
            self.steps(free, exit, left, |cost, (choice, _), to, exit, left| {
                let value = cost + self.completion(to, exit, left);
                if value < best.0 {
                    best = (value, Some((Some(choice), to, exit, left)));
                }
            });
            match best {
                (value, _) if value == f64::INFINITY => return None,
                (_, None) => return Some(choices),
                (_, Some((choice, to, e, l))) => {
                    choices.extend(choice);
                    (free, exit, left) = (to, e, l);
                }
            }
        }
    }

    /// The cheapest paths, with the labels that the skeleton does not carry; good ones, if there are too many labels before any is found.
    pub(super) fn search(&self, number: usize, sought: &Sought) -> Found {
        let found = self.best_first(number, sought);
        if found.cut && found.columns.is_empty() {
            return Found { columns: self.good(number, sought.count, BEAM, sought.ceiling), ..found };
        }
        found
    }

    /// Best first by cost so far plus completion (A*: Hart, Nilsson & Raphael 1968). What the labels say of a step is asked when
    /// its turn comes.
    fn best_first(&self, number: usize, sought: &Sought) -> Found {
        let (count, within) = (sought.count, sought.within.unwrap_or(f64::INFINITY));
        let mut tree = Tree::new(self, number);
        let mut queue: BinaryHeap<Open> = BinaryHeap::new();
        queue.push(Open { value: self.value, node: 0 });
        let (mut found, mut first): (Vec<Column>, Option<f64>) = (Vec::new(), None);
        let (mut least, mut whole) = (self.value, false);
        // Where one path is sought, of those that meet with everything alike only the first goes on.
        let mut met = Met::default();
        while let Some(Open { value, node }) = queue.pop() {
            least = value;
            whole = first.is_some_and(|f| value > f + within);
            if whole || found.len() >= count {
                break;
            }
            if first.is_none() && value >= sought.ceiling {
                return Found::none(value);
            }
            if tree.arena[node].asked == UNASKED {
                let Some(owed) = tree.ask(node) else { continue };
                let reached = &tree.arena[node];
                let value = if matches!(reached.step, Step::End) { reached.cost } else { value + owed };
                if value > least {
                    queue.push(Open { value, node });
                    continue;
                }
            }
            if matches!(tree.arena[node].step, Step::End) {
                found.extend(self.program.pricing.free_column(number, &tree.path(node)));
                first = first.or(Some(value));
                continue;
            }
            if count == 1 && !tree.is_first(node, &mut met) {
                continue;
            }
            if tree.arena.len() > LABELS {
                break;
            }
            let most = first.map_or(sought.ceiling, |f| f + within);
            tree.open(node, |value, _, node| {
                if value <= most {
                    queue.push(Open { value, node });
                }
                value <= most
            });
        }
        let exhausted = found.is_empty() && first.is_none() && queue.is_empty() && tree.arena.len() <= LABELS;
        let bound = first.unwrap_or(if exhausted { f64::INFINITY } else { least });
        Found { columns: found, bound, first, cut: first.is_none() && !exhausted, whole: whole || (queue.is_empty() && tree.arena.len() <= LABELS) }
    }

    /// Good paths below a ceiling, by a beam; by wider ones if that leads nowhere and nothing is known yet.
    pub(super) fn good(&self, number: usize, count: usize, width: usize, ceiling: f64) -> Vec<Column> {
        let times = if ceiling < f64::INFINITY { 1 } else { TIMES };
        let beams = (0..times).map(|times| self.beam(number, count, width * WIDER.pow(times), ceiling));
        beams.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Good paths below a ceiling, the cheapest first: from tick to tick only the most promising partial
    /// paths are gone on with (beam search: Ow & Morton 1988).
    pub(super) fn beam(&self, number: usize, count: usize, width: usize, ceiling: f64) -> Vec<Column> {
        let mut tree = Tree::new(self, number);
        let frees = &self.program.skeleton.frees;
        let mut ahead: Vec<Ahead> = vec![Ahead { open: Vec::new(), below: ceiling }; self.program.lattice.periods.len() + 1];
        ahead[0].open.push((self.value, 0));
        let mut ends: Vec<usize> = Vec::new();
        let mut found: Vec<(f64, usize)> = Vec::new();
        let mut met = Met::default();
        for tick in 0..ahead.len() {
            let mut here = std::mem::take(&mut ahead[tick].open);
            here.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let mut kept = 0;
            for (_, node) in here {
                if kept == width {
                    break;
                }
                let asked = tree.arena[node].asked != UNASKED || tree.ask(node).is_some();
                if !asked || !tree.is_first(node, &mut met) {
                    continue;
                }
                kept += 1;
                tree.open(node, |value, reached, node| {
                    if value >= ceiling {
                        return false;
                    }
                    if matches!(reached.step, Step::End) {
                        ends.push(node);
                        return true;
                    }
                    ahead[usize::from(frees[reached.free as usize].tick)].offer(value, node, SPARE * width)
                });
            }
            for node in ends.drain(..) {
                if tree.ask(node).is_some() {
                    found.push((tree.arena[node].cost, node));
                }
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.truncate(count);
        let column = |(_, node): (f64, usize)| self.program.pricing.free_column(number, &tree.path(node));
        found.into_iter().filter(|(value, _)| *value < ceiling).filter_map(column).collect()
    }
}

/// Partial paths of a tick that a beam may go on with.
#[derive(Clone)]
struct Ahead {
    open: Vec<(f64, usize)>,
    /// What costs as much or more has no chance.
    below: f64,
}

impl Ahead {
    /// Takes one more, if it is among the `most` best; whether it is.
    fn offer(&mut self, value: f64, node: usize, most: usize) -> bool {
        if value >= self.below {
            return false;
        }
        self.open.push((value, node));
        if self.open.len() == 2 * most {
            self.open.select_nth_unstable_by(most - 1, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            self.below = self.open[most - 1].0;
            self.open.truncate(most);
        }
        true
    }
}

/// Free node, exit, moves left and states of labels of partial paths that were gone on with, and what they cost.
type Met = FxHashMap<(u32, usize, usize, Box<[u64]>), f64>;

/// Partial paths.
struct Tree<'t, 's, 'l, 'b, 'c> {
    solved: &'t Solved<'s, 'l, 'b, 'c>,
    /// Labels that sums say nothing of.
    labels: Vec<&'t Label<'b, 'c>>,
    arena: Vec<Reached>,
    /// The states of all labels at what has been asked, one after the other; and what it adds to sums.
    states: Vec<u64>,
    totals: Vec<f64>,
    /// How many have been.
    asked: usize,
    /// What labels that pay someone for being ready at the end pay at most, as a number below 0.
    rewards: f64,
    /// Whether some label hears moves, and so what they leave.
    hears_moves: bool,
}

impl<'t, 's, 'l, 'b, 'c> Tree<'t, 's, 'l, 'b, 'c> {
    fn new(solved: &'t Solved<'s, 'l, 'b, 'c>, number: usize) -> Self {
        let Program { pricing, skeleton, prices, width, sums, .. } = solved.program;
        let labels: Vec<&Label<'b, 'c>> = (0..).zip(pricing.labels(number)).filter(|(l, _)| !sums.tells(*l)).map(|(_, label)| label).collect();
        let free = skeleton.source.expect("a path has a cost");
        let states = labels.iter().map(|l| l.start()).collect();
        let root =
            Reached { parent: usize::MAX, step: Step::Begin, cost: 0.0, free, exit: 0, left: width - 1, list: NO_LIST, charged: 0.0, asked: 0 };
        let hears_moves = labels.iter().any(|l| l.hears_moves());
        Self { solved, labels, arena: vec![root], states, totals: sums.none(), asked: 1, rewards: pricing.rewards(number, prices), hears_moves }
    }

    /// Asks all labels at a partial path what they say of its last step; what that costs, `None` if it is forbidden.
    fn ask(&mut self, node: usize) -> Option<f64> {
        let Program { pricing, lattice, skeleton, prices, burden, sums, penalties, constant, .. } = self.solved.program;
        let p = lattice.participant;
        let Reached { parent, step, list, .. } = self.arena[node];
        let (from, to, last) = (self.arena[parent].asked, self.asked, self.last(parent));
        if matches!(step, Step::End) && !sums.enough(&self.totals[of(from, sums.len())]) {
            return None;
        }
        self.states.extend_from_within(of(from, self.labels.len()));
        let next = &mut self.states[of(to, self.labels.len())];
        let before = last.map_or(Before::Start, |choice| Before::Placement(choice.position));
        let mut walk = Walk::new(pricing, p, &self.labels);
        let (earlier, tick) = (&self.arena[parent], usize::from(skeleton.frees[self.arena[parent].free as usize].tick));
        let passed = match step {
            Step::Begin => Some(()),
            Step::Wait => walk.pass(next, &Arc::Wait(tick)),
            Step::Place(choice) => walk.place(next, before, choice, !skeleton.frees[earlier.free as usize].idle),
            Step::End => walk.pass(next, &Arc::End(End { participant: p, last: before, at: if before == Before::Start { 0 } else { tick } })),
        };
        let (points, units, ready) = (walk.points, walk.burden, walk.ready);
        if passed.is_none() {
            self.states.truncate(to * self.labels.len());
            return None;
        }
        self.totals.extend_from_within(of(from, sums.len()));
        let totals = &mut self.totals[of(to, sums.len())];
        sums.add(list, totals);
        let ready: f64 = ready.iter().map(|s| prices.rows[pricing.coupling.row(*s, 0)]).sum();
        let mut owed = points + burden * units + ready;
        let charged = charge(totals, penalties);
        if matches!(step, Step::End) && !sums.is_empty() {
            // What was charged on the way is not owed.
            owed -= constant + charged;
        }
        self.arena[node].charged = charged;
        self.arena[node].asked = to;
        self.asked += 1;
        self.arena[node].cost += owed;
        Some(owed)
    }

    /// Goes a step further in every way; `see` hears what the cheapest path from there costs at least, and says whether it is kept.
    fn open(&mut self, node: usize, mut see: impl FnMut(f64, &Reached, usize) -> bool) {
        let Reached { cost, free, exit, left, asked, .. } = self.arena[node];
        let (solved, arena, rewards) = (self.solved, &mut self.arena, self.rewards);
        let sums = solved.program.sums;
        let totals = &self.totals[of(asked, sums.len())];
        let mut open = |value: f64, reached: Reached| {
            if value < f64::INFINITY && see(value + rewards, &reached, arena.len()) {
                arena.push(reached);
            }
        };
        let next = Reached { parent: node, step: Step::End, cost, free, exit, left, list: NO_LIST, charged: 0.0, asked: UNASKED };
        if let Some(end) = solved.program.ending(free) {
            let cost = cost + end;
            open(cost, Reached { cost, ..next });
        }
        if let Some((to, step)) = solved.program.waiting(free) {
            let cost = cost + step;
            let value = cost + solved.completion(to, exit, left);
            open(value, Reached { step: Step::Wait, cost, free: to, ..next });
        }
        solved.steps(free, exit, left, |step, (choice, list), to, exit, left| {
            if sums.fits(list, totals) {
                let cost = cost + step;
                let value = cost + solved.completion(to, exit, left);
                open(value, Reached { step: Step::Place(choice), cost, free: to, exit, left, list, ..next });
            }
        });
    }

    /// Whether no partial path that was gone on with meets all that comes later alike and costs as little, without what was charged.
    fn is_first(&self, node: usize, met: &mut Met) -> bool {
        let cost = self.arena[node].cost - self.arena[node].charged;
        let least = met.entry(self.state(node)).or_insert(f64::INFINITY);
        let first = cost < *least;
        *least = least.min(cost);
        first
    }

    /// All that a partial path, once it is asked, is told apart by.
    fn state(&self, node: usize) -> (u32, usize, usize, Box<[u64]>) {
        let Reached { free, exit, left, asked, .. } = self.arena[node];
        let sums = self.solved.program.sums;
        let states = self.states[of(asked, self.labels.len())].iter().copied().chain(sums.state(&self.totals[of(asked, sums.len())]));
        let last = if self.hears_moves { self.last(node).map(|c| c.position.index() as u64) } else { None };
        (free, exit, left, states.chain(last).collect())
    }

    /// The placements of a partial path, the last first.
    fn back(&self, node: usize) -> impl Iterator<Item = Choice> + '_ {
        let steps = std::iter::successors(self.arena.get(node), |reached| self.arena.get(reached.parent));
        steps.filter_map(|reached| if let Step::Place(choice) = reached.step { Some(choice) } else { None })
    }

    /// The last placement of a partial path.
    fn last(&self, node: usize) -> Option<Choice> {
        self.back(node).next()
    }

    /// The placements of a partial path.
    fn path(&self, node: usize) -> Vec<Choice> {
        let mut choices: Vec<Choice> = self.back(node).collect();
        choices.reverse();
        choices
    }
}

/// What a label search looks for: so many paths, none dearer than the cheapest by more than `within`, if that is given; nothing, if
/// none costs less than `ceiling`.
pub(super) struct Sought {
    pub(super) count: usize,
    pub(super) within: Option<f64>,
    pub(super) ceiling: f64,
}

/// What a label search found.
pub(super) struct Found {
    pub(super) columns: Vec<Column>,
    /// No path that it may look at costs less.
    pub(super) bound: f64,
    /// What the cheapest costs, if it was found.
    pub(super) first: Option<f64>,
    /// Too many labels were made before that.
    pub(super) cut: bool,
    /// There are no other paths that were sought.
    pub(super) whole: bool,
}

impl Found {
    /// There is nothing below a bound.
    pub(super) fn none(bound: f64) -> Self {
        Self { columns: Vec::new(), bound, first: None, cut: false, whole: true }
    }
}

/// The labels have not been asked yet.
const UNASKED: usize = usize::MAX;

/// What led to a label of the search.
#[derive(Clone, Copy)]
enum Step {
    Begin,
    Wait,
    Place(Choice),
    End,
}

/// A label of the search.
#[derive(Clone, Copy)]
struct Reached {
    parent: usize,
    step: Step,
    cost: f64,
    free: u32,
    exit: usize,
    left: usize,
    /// The list of sums that its last step adds.
    list: u32,
    /// What it was charged for sums, once it is asked.
    charged: f64,
    /// Its number among those that have been asked, or [`UNASKED`].
    asked: usize,
}

/// Where the numbers of one are, of several who have so many each.
fn of(one: usize, each: usize) -> Range<usize> {
    one * each..(one + 1) * each
}

/// A label to be looked at; the cheapest first, of equals the newer, which is nearer to an end.
struct Open {
    value: f64,
    node: usize,
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        other.value.total_cmp(&self.value).then(self.node.cmp(&other.node))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Open {}
