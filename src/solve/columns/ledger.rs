//! The books of a plan made of columns: what every row holds and what the plan costs.

use std::collections::BTreeMap;

use petgraph::algo::maximum_flow::dinics;
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef;

use crate::brief::{Sense, Sentence, Stamp};
use crate::domain::MentorIx;
use crate::pricing::{Column, Coupling, Held, Multipliers, Prices, Pricing};
use crate::rules::RuleIx;
use crate::words::{Index, Period, excess, shortfall};

/// Points of a unit that breaks something hard, where a program may: above what leaving someone idle costs.
pub(super) const BROKEN: f64 = 5_000.0;

/// What a plan costs, and how much of what is hard it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Cost {
    pub(super) points: f64,
    pub(super) broken: f64,
}

impl Cost {
    /// The sum of this and a multiple of another.
    fn plus(self, other: Self, times: f64) -> Self {
        Self { points: self.points + times * other.points, broken: self.broken + times * other.broken }
    }

    /// Fewer hard units broken is better, then fewer points.
    pub(super) fn better(self, than: Self) -> bool {
        let near = 1e-7 * than.points.abs().max(1.0);
        self.broken < than.broken - 1e-6 || (self.broken <= than.broken + 1e-6 && self.points < than.points - near)
    }
}

/// A set of needs that together have too few mentors: at most `capacity` needs of these classes in the period (Hall's
/// condition, with the shortage of König and Ore where needs may stay unmet).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hall {
    pub(super) period: Period,
    /// Classes, in order.
    pub(super) classes: Vec<usize>,
    pub(super) capacity: u32,
}

impl Hall {
    /// Adds what a unit of the set costs to the multipliers of its mentors.
    pub(super) fn charge(&self, coupling: &Coupling, price: f64, multipliers: &mut Multipliers) {
        for m in mentors_of(coupling, &self.classes, self.period) {
            multipliers.0[coupling.mentor_row(m, self.period)] += price;
        }
    }

    /// Forbids whatever needs one of its mentors, where every need must be met.
    pub(super) fn close(&self, pricing: &Pricing<'_, '_>, prices: &mut Prices) {
        let coupling = pricing.coupling;
        if coupling.supply.as_ref().is_some_and(|s| s.unmet.is_none()) {
            self.classes.iter().for_each(|c| prices.block(pricing, coupling.need_row(*c, self.period), 0.0));
        }
    }
}

/// Parts into which needs are cut where columns have fractions, so that whole numbers flow; what is lost by rounding is far below a
/// need.
const FINE: f64 = 1000.0;
/// A set of needs counts as short by this share of a need.
const SHORT: f64 = 0.02;

/// One column for each participant, and what follows.
#[derive(Clone)]
pub(super) struct Ledger<'p, 'b, 'c> {
    pub(super) pricing: &'p Pricing<'b, 'c>,
    pub(super) columns: Vec<Column>,
    /// Per priced row: the sum of coefficients.
    pub(super) sums: Vec<f64>,
    /// Points and broken units of each slack, of each period's mentors, and of each quorate place and period.
    slack: Vec<Cost>,
    mentors: Vec<Cost>,
    /// What all slacks and mentors cost together.
    shared: Cost,
    places: Vec<BTreeMap<(usize, usize), u32>>,
    own: f64,
    /// Per slack: what counts as one unit broken.
    units: std::sync::Arc<Vec<f64>>,
}

impl<'p, 'b, 'c> Ledger<'p, 'b, 'c> {
    pub(super) fn new(pricing: &'p Pricing<'b, 'c>, columns: Vec<Column>) -> Self {
        let coupling = pricing.coupling;
        let nothing = Held { sums: vec![0.0; coupling.len()], places: vec![BTreeMap::new(); coupling.quorate.len()] };
        Self::beside(pricing, columns, nothing)
    }

    /// The same beside what people without columns hold.
    pub(super) fn beside(pricing: &'p Pricing<'b, 'c>, columns: Vec<Column>, others: Held) -> Self {
        let coupling = pricing.coupling;
        let units = coupling.sharing.iter().map(|rows| rows.iter().map(|r| unit(pricing, *r as usize)).fold(1.0, f64::max)).collect();
        let periods = pricing.brief.case.calendar.count;
        let mut this = Self {
            pricing,
            columns,
            sums: others.sums,
            slack: vec![Cost::default(); coupling.sharing.len()],
            mentors: vec![Cost::default(); periods],
            shared: Cost::default(),
            places: others.places,
            own: 0.0,
            units: std::sync::Arc::new(units),
        };
        for i in 0..this.columns.len() {
            this.enter(i, 1.0);
        }
        for group in 0..this.slack.len() {
            this.look_at_slack(group);
        }
        for t in 0..periods {
            this.look_at_mentors(Period::new(t));
        }
        this
    }

    fn enter(&mut self, number: usize, sign: f64) {
        let column = &self.columns[number];
        self.own += sign * column.points;
        for (r, c) in &column.terms {
            self.sums[*r as usize] += sign * c;
        }
        for (q, sentence) in self.pricing.coupling.quorate.iter().enumerate() {
            let Sentence::AllOrNone { place, .. } = &self.pricing.brief.told[*sentence].sentence else { continue };
            for choice in &column.choices {
                let at = place(choice);
                for t in choice.periods(self.pricing.brief.case) {
                    let n = self.places[q].entry((at, t.index())).or_default();
                    *n = if sign > 0.0 { *n + 1 } else { n.saturating_sub(1) };
                }
            }
        }
    }

    /// What the plan costs. O(1) but for sentences about all or none.
    pub(super) fn cost(&self) -> Cost {
        let own = Cost { points: self.own, broken: 0.0 };
        self.quorate().map(|(_, cost)| cost).fold(own.plus(self.shared, 1.0), |sum, cost| sum.plus(cost, 1.0))
    }

    /// What each sentence about all or none costs.
    fn quorate(&self) -> impl Iterator<Item = (usize, Cost)> + '_ {
        self.pricing.coupling.quorate.iter().enumerate().filter_map(|(q, sentence)| {
            let told = &self.pricing.brief.told[*sentence];
            let Sentence::AllOrNone { min, .. } = &told.sentence else { return None };
            let few = self.places[q].values().filter(|n| **n > 0 && **n < *min).count() as f64;
            let cost = match told.stamp {
                Stamp::Hard => Cost { points: 0.0, broken: few },
                Stamp::Soft(weight) => Cost { points: weight * few, broken: 0.0 },
            };
            Some((*sentence, cost))
        })
    }

    /// Points of the sentences across paths, by rule.
    pub(super) fn shared_points(&self) -> BTreeMap<RuleIx, f64> {
        let coupling = self.pricing.coupling;
        let of_slack = |group: usize| self.pricing.coupling.sharing[group].first().map(|r| coupling.rows[*r as usize].sentence);
        let slacks = self.slack.iter().enumerate().filter_map(|(group, cost)| Some((of_slack(group)?, *cost)));
        let mentors = self.mentors.iter().filter_map(|cost| Some((coupling.supply.as_ref()?.sentence, *cost)));
        let mut by_rule: BTreeMap<RuleIx, f64> = BTreeMap::new();
        for (sentence, cost) in slacks.chain(mentors).chain(self.quorate()) {
            *by_rule.entry(self.pricing.brief.told[sentence].rule).or_default() += cost.points;
        }
        by_rule
    }

    /// Replaces columns and returns those that were there.
    pub(super) fn swap(&mut self, fresh: Vec<(usize, Column)>) -> Vec<(usize, Column)> {
        let mut touched: Vec<u32> = Vec::new();
        let mut old = Vec::with_capacity(fresh.len());
        for (number, column) in fresh {
            touched.extend(column.terms.iter().map(|(r, _)| *r));
            touched.extend(self.columns[number].terms.iter().map(|(r, _)| *r));
            self.enter(number, -1.0);
            old.push((number, std::mem::replace(&mut self.columns[number], column)));
            self.enter(number, 1.0);
        }
        touched.sort_unstable();
        touched.dedup();
        let rows = &self.pricing.coupling.rows;
        let mut groups: Vec<usize> = touched.iter().filter_map(|r| rows.get(*r as usize)).map(|row| row.shared).collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            self.look_at_slack(group);
        }
        let mut periods: Vec<Period> = touched.iter().filter_map(|r| self.pricing.coupling.need(*r as usize)).map(|(_, t)| t).collect();
        periods.sort_unstable();
        periods.dedup();
        for t in periods {
            self.look_at_mentors(t);
        }
        old
    }

    fn look_at_slack(&mut self, group: usize) {
        let now = self.slack_cost(group);
        self.shared = self.shared.plus(now, 1.0).plus(std::mem::replace(&mut self.slack[group], now), -1.0);
    }

    fn look_at_mentors(&mut self, period: Period) {
        let now = self.mentor_cost(period);
        self.shared = self.shared.plus(now, 1.0).plus(std::mem::replace(&mut self.mentors[period.index()], now), -1.0);
    }

    /// What is over or under, of all rows that share a slack.
    fn slack_cost(&self, group: usize) -> Cost {
        let off = self.off_without(group, &|_| false);
        let slack = self.pricing.coupling.sharing[group].last().and_then(|r| self.pricing.coupling.rows[*r as usize].slack);
        match slack {
            Some(points) => Cost { points: points * off, broken: 0.0 },
            None => Cost { points: 0.0, broken: off / self.units[group] },
        }
    }

    fn mentor_cost(&self, period: Period) -> Cost {
        let Some(supply) = &self.pricing.coupling.supply else { return Cost::default() };
        let (short, _) = shortage(self.pricing.coupling, &|class| self.sums[self.pricing.coupling.need_row(class, period)].round() as u32, period, 1);
        let short = f64::from(short);
        supply.unmet.map_or(Cost { points: 0.0, broken: short }, |points| Cost { points: points * short, broken: 0.0 })
    }

    /// What the slacks of some rows, and the mentors of some periods, cost as programs count it.
    pub(super) fn slacks(&self, groups: impl Iterator<Item = usize>, periods: impl Iterator<Item = Period>) -> f64 {
        let costs = groups.map(|g| self.slack[g]).chain(periods.map(|t| self.mentors[t.index()]));
        costs.map(|cost| cost.points + BROKEN * cost.broken).sum()
    }

    /// Whether rows that share a slack break something hard.
    pub(super) fn breaks(&self, group: usize) -> bool {
        self.slack[group].broken > 0.0
    }

    /// Who uses a row that is broken.
    pub(super) fn breakers(&self) -> Vec<usize> {
        let groups = (0..self.slack.len()).filter(|g| self.breaks(*g));
        let rows: std::collections::BTreeSet<u32> = groups.flat_map(|g| self.pricing.coupling.sharing[g].iter().copied()).collect();
        let short: Vec<usize> = (0..self.mentors.len()).filter(|t| self.mentors[*t].broken > 0.0).collect();
        let breaks = |r: u32| match self.pricing.coupling.need(r as usize) {
            Some((_, t)) => short.contains(&t.index()),
            None => rows.contains(&r),
        };
        (0..self.columns.len()).filter(|n| self.columns[*n].terms.iter().any(|(r, _)| breaks(*r))).collect()
    }

    /// How far rows that share a slack are off, some of them left out.
    pub(super) fn off_without(&self, group: usize, out: &dyn Fn(usize) -> bool) -> f64 {
        let rows = &self.pricing.coupling.rows;
        let off = |r: &u32| {
            let row = &rows[*r as usize];
            match row.sense {
                Sense::AtMost => excess(self.sums[*r as usize], row.limit),
                Sense::AtLeast => shortfall(self.sums[*r as usize], row.limit),
            }
        };
        self.pricing.coupling.sharing[group].iter().filter(|r| !out(**r as usize)).map(off).fold(0.0, f64::max)
    }

    /// How many work at a place in a period, by a sentence about all or none.
    pub(super) fn present(&self, quorate: usize, cell: (usize, usize)) -> u32 {
        self.places[quorate].get(&cell).copied().unwrap_or(0)
    }
}

/// What counts as one unit of a hard row broken: the most that one placement or move adds.
pub(super) fn unit(pricing: &Pricing<'_, '_>, row: usize) -> f64 {
    pricing.largest(row).max(1.0)
}

/// How many needs of a period no mentor is left for, and a set of classes that shows it (if any).
/// Needs and capacities are counted in units of `1 / parts`.
pub(super) fn shortage(coupling: &Coupling, needs: &dyn Fn(usize) -> u32, period: Period, parts: u32) -> (u32, Option<Hall>) {
    let Some(supply) = &coupling.supply else { return (0, None) };
    let asked: Vec<(usize, u32)> = (0..supply.classes.len()).map(|c| (c, needs(c))).filter(|(_, n)| *n > 0).collect();
    if ample(supply, &asked, period, parts) {
        return (0, None);
    }
    let mut flow: DiGraph<(), u32> = DiGraph::new();
    let (source, sink) = (flow.add_node(()), flow.add_node(()));
    let mut nodes: BTreeMap<MentorIx, petgraph::graph::NodeIndex> = BTreeMap::new();
    let mut class_nodes = Vec::new();
    for (class, n) in &asked {
        let node = flow.add_node(());
        flow.add_edge(source, node, *n);
        class_nodes.push(node);
        for m in supply.classes[*class].iter().filter(|m| supply.capacity[**m][period] > 0) {
            let mentor = *nodes.entry(*m).or_insert_with(|| {
                let mentor = flow.add_node(());
                flow.add_edge(mentor, sink, supply.capacity[*m][period].saturating_mul(parts));
                mentor
            });
            flow.add_edge(node, mentor, *n);
        }
    }
    let wanted: u32 = asked.iter().map(|(_, n)| n).sum();
    let (met, flows) = dinics(&flow, source, sink);
    if met >= wanted {
        return (0, None);
    }
    // What the source still reaches in the residual graph are needs that have too few mentors, and those mentors.
    let mut reached = vec![false; flow.node_count()];
    let mut stack = vec![source];
    while let Some(node) = stack.pop() {
        if std::mem::replace(&mut reached[node.index()], true) {
            continue;
        }
        stack.extend(flow.edges(node).filter(|e| flows[e.id().index()] < *e.weight()).map(|e| e.target()));
        let back = flow.edges_directed(node, petgraph::Direction::Incoming).filter(|e| flows[e.id().index()] > 0);
        stack.extend(back.map(|e| e.source()));
    }
    let classes: Vec<usize> = asked.iter().zip(&class_nodes).filter(|(_, node)| reached[node.index()]).map(|((class, _), _)| *class).collect();
    (wanted - met, Some(hall(coupling, classes, period)))
}

/// A set of needs of a period that fractions of columns leave short of mentors; `sums`: per priced row what they add.
pub(super) fn short_of(coupling: &Coupling, sums: &[f64], period: Period) -> Option<Hall> {
    let needs = |class: usize| (sums[coupling.need_row(class, period)] * FINE).floor() as u32;
    let (short, hall) = shortage(coupling, &needs, period, FINE as u32);
    hall.filter(|_| f64::from(short) > SHORT * FINE)
}

/// Whether mentors suffice if the classes with fewest of them take theirs first: quicker to see than by a flow.
fn ample(supply: &crate::pricing::Supply, asked: &[(usize, u32)], period: Period, parts: u32) -> bool {
    let mut left: Vec<u32> = supply.capacity.rows().iter().map(|of| of[period].saturating_mul(parts)).collect();
    let mut order: Vec<&(usize, u32)> = asked.iter().collect();
    order.sort_by_key(|(class, _)| supply.classes[*class].len());
    order.into_iter().all(|(class, needs)| {
        let mut open = *needs;
        for m in &supply.spare[*class] {
            let taken = open.min(left[m.index()]);
            left[m.index()] -= taken;
            open -= taken;
            if open == 0 {
                break;
            }
        }
        open == 0
    })
}

/// The row that classes and their mentors make; with every other class that only these mentors suit.
fn hall(coupling: &Coupling, classes: Vec<usize>, period: Period) -> Hall {
    let supply = coupling.supply.as_ref().expect("mentors");
    let mentors = mentors_of(coupling, &classes, period);
    let here = |m: &&MentorIx| supply.capacity[**m][period] > 0;
    let within = |c: &usize| supply.classes[*c].iter().filter(here).all(|m| mentors.binary_search(m).is_ok());
    let classes = (0..supply.classes.len()).filter(within).collect();
    Hall { period, classes, capacity: mentors.iter().map(|m| supply.capacity[*m][period]).sum() }
}

/// The mentors who are there for any of some classes in a period.
fn mentors_of(coupling: &Coupling, classes: &[usize], period: Period) -> Vec<MentorIx> {
    let supply = coupling.supply.as_ref().expect("mentors");
    let here = |m: &&MentorIx| supply.capacity[**m][period] > 0;
    let mut mentors: Vec<_> = classes.iter().flat_map(|c| supply.classes[*c].iter().filter(here)).copied().collect();
    mentors.sort_unstable();
    mentors.dedup();
    mentors
}
