//! The quadratic program of a bundle: shares of columns, what they add to rows, and the prices that follow. The multiplier of a row is its
//! centre plus what the row is off times its pace, no lower than 0 and no higher than what slack costs (the augmented Lagrangian
//! of Rockafellar 1973); a step moves shares of one participant between two columns as far as that pays.

use rustc_hash::FxHashMap;

use super::super::ledger::{Hall, short_of};
use crate::brief::{Sense, Sentence};
use crate::pricing::{Cheapest, Column, Multipliers, Pricing};

/// Points by which the price of a row's largest coefficient rises when one of them is too much, in a row that nothing fits; less
/// in wider rows.
const PACE: f64 = 30.0;
/// The same where the sum of multipliers is bounded and coefficients are burdens.
const BURDEN_PACE: f64 = 1.0;
/// Pairwise steps of one participant in a sweep.
const TURNS: usize = 2;
/// Columns of a participant that are remembered.
const KEPT: usize = 12;
/// Shares below this are none.
const NO_SHARE: f64 = 1e-6;

/// A column and its share of the participant's path.
pub(super) struct Part {
    pub(super) column: Column,
    pub(super) share: f64,
}

/// Rows that share one slack.
struct Group {
    rows: Vec<u32>,
    most: f64,
    slack: f64,
}

/// A set of needs with too few mentors, as a row.
pub(super) struct HallRow {
    pub(super) hall: Hall,
    needs: Vec<u32>,
    sum: f64,
    pub(super) centre: f64,
    price: f64,
}

/// Where the method stands.
pub(in super::super) struct Bundle<'p, 'b, 'c> {
    pub(super) pricing: &'p Pricing<'b, 'c>,
    /// Who is in it, and for how many people each stands.
    pub(in super::super) members: Vec<usize>,
    /// Per row: how often a member's coefficient counts.
    scale: Vec<f64>,
    pub(super) known: Vec<Vec<Part>>,
    /// Members whose path is decided.
    pub(super) decided: Vec<bool>,
    /// How much faster prices rise than they do at first.
    pub(super) tempo: f64,
    /// Per priced row: what the fractions add, and its price.
    pub(super) sums: Vec<f64>,
    pub(super) price: Vec<f64>,
    /// Per row: the multiplier that steps are measured from, how fast it rises, the most it may be, and the group whose slack it has.
    pub(super) centre: Vec<f64>,
    pace: Vec<f64>,
    most: Vec<f64>,
    group: Vec<u32>,
    groups: Vec<Group>,
    pub(super) halls: Vec<HallRow>,
    halls_of: FxHashMap<u32, Vec<u32>>,
    hall_pace: f64,
    /// Differences of two columns, for one step.
    steps: Vec<(u32, f64)>,
}

/// The group of a row whose slack is its own.
const ALONE: u32 = u32::MAX;

impl<'p, 'b, 'c> Bundle<'p, 'b, 'c> {
    /// Everyone has one column, at the prices of multipliers; `None` if some search for it was cut short and nothing else is known.
    pub(super) fn new(pricing: &'p Pricing<'b, 'c>, members: Vec<usize>, found: Vec<Cheapest>, centre: &Multipliers) -> Option<Self> {
        let stands = pricing.len() as f64 / members.len().max(1) as f64;
        let coupling = pricing.coupling;
        let rows = coupling.rows.len();
        let mut group = vec![ALONE; rows];
        let mut groups: Vec<Group> = Vec::new();
        for sharing in coupling.sharing.iter().filter(|s| s.len() > 1) {
            let Some(most) = coupling.rows[sharing[0] as usize].slack else { continue };
            sharing.iter().for_each(|r| group[*r as usize] = groups.len() as u32);
            groups.push(Group { rows: sharing.clone(), most, slack: 0.0 });
        }
        let base = PACE / stands;
        let mentors = coupling.supply.as_ref().map(|s| s.sentence);
        let worst = |r: usize| matches!(pricing.brief.told[coupling.rows[r].sentence].sentence, Sentence::WorstOf { .. });
        let pace_of = |r: usize| {
            let row = &coupling.rows[r];
            if Some(row.sentence) == mentors {
                return 0.0;
            }
            if worst(r) {
                return BURDEN_PACE;
            }
            if stands > 1.5 && row.limit < 1.5 {
                // What few people share is not seen by some of all.
                return 0.0;
            }
            let most = if pricing.largest(r) > 0.0 { pricing.largest(r) } else { 1.0 };
            base / (most * most * ((row.limit.abs() / most).sqrt() + 1.0))
        };
        let most = coupling.rows.iter().zip(&group).map(|(row, g)| if *g == ALONE { row.slack.unwrap_or(f64::INFINITY) } else { f64::INFINITY });
        let scale = (0..coupling.len()).map(|r| if r < rows && worst(r) { 1.0 } else { stands }).collect();
        let mut this = Self {
            pricing,
            decided: vec![false; members.len()],
            members,
            scale,
            tempo: 1.0,
            known: Vec::with_capacity(found.len()),
            sums: vec![0.0; coupling.len()],
            price: vec![0.0; coupling.len()],
            centre: centre.0.clone(),
            pace: (0..rows).map(pace_of).collect(),
            most: most.collect(),
            group,
            groups,
            halls: Vec::new(),
            halls_of: FxHashMap::default(),
            hall_pace: base / 3.0,
            steps: Vec::new(),
        };
        for cheapest in found {
            // Whose search was cut short has no placement at first.
            let number = this.members[this.known.len()];
            let column = cheapest.path.or_else(|| pricing.column(number, &[]))?;
            column.terms.iter().for_each(|(r, c)| this.sums[*r as usize] += c * this.scale[*r as usize]);
            this.known.push(vec![Part { column, share: 1.0 }]);
        }
        this.look();
        Some(this)
    }

    /// For how many people each member stands.
    fn stands(&self) -> f64 {
        self.pricing.len() as f64 / self.members.len().max(1) as f64
    }

    /// Looks at all rows afresh.
    pub(super) fn look(&mut self) {
        for g in 0..self.groups.len() {
            self.look_at_group(g);
        }
        for r in 0..self.centre.len() {
            self.look_at(r);
        }
        for h in 0..self.halls.len() {
            self.look_at_hall(h);
        }
    }

    /// The multiplier of a row, were it not bounded.
    fn free(&self, r: usize) -> f64 {
        let slack = match self.group[r] {
            ALONE => 0.0,
            g => self.groups[g as usize].slack,
        };
        self.centre[r] + self.tempo * self.pace[r] * (self.pricing.coupling.rows[r].off(self.sums[r]) - slack)
    }

    fn look_at(&mut self, r: usize) {
        if self.pace[r] == 0.0 {
            return;
        }
        let multiplier = self.free(r).clamp(0.0, self.most[r]);
        self.price[r] = match self.pricing.coupling.rows[r].sense {
            Sense::AtMost => multiplier,
            Sense::AtLeast => -multiplier,
        };
    }

    /// The slack at which the multipliers of a group are together what slack costs.
    fn look_at_group(&mut self, g: usize) {
        let Group { rows, most, .. } = &self.groups[g];
        let of = |r: &u32| {
            let r = *r as usize;
            (self.centre[r] / (self.tempo * self.pace[r]) + self.pricing.coupling.rows[r].off(self.sums[r]), self.tempo * self.pace[r])
        };
        let all: Vec<(f64, f64)> = rows.iter().filter(|r| self.pace[**r as usize] > 0.0).map(of).filter(|(at, _)| *at > 0.0).collect();
        let total = |slack: f64| all.iter().map(|(at, pace)| pace * (at - slack).max(0.0)).sum::<f64>();
        let (mut low, mut high) = (0.0, all.iter().map(|(at, _)| *at).fold(0.0, f64::max));
        if total(0.0) > *most {
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if total(middle) > *most { low = middle } else { high = middle }
            }
        } else {
            high = 0.0;
        }
        self.groups[g].slack = high;
        let rows = self.groups[g].rows.clone();
        rows.iter().for_each(|r| self.look_at(*r as usize));
    }

    fn look_at_hall(&mut self, h: usize) {
        let hall = &mut self.halls[h];
        let most = self.pricing.coupling.supply.as_ref().and_then(|s| s.unmet).unwrap_or(f64::INFINITY);
        let price = (hall.centre + self.tempo * self.hall_pace * (hall.sum - f64::from(hall.hall.capacity))).clamp(0.0, most);
        let more = price - std::mem::replace(&mut hall.price, price);
        if more != 0.0 {
            hall.needs.iter().for_each(|r| self.price[*r as usize] += more);
        }
    }

    /// The multipliers of the prices.
    pub(in super::super) fn multipliers(&self) -> Multipliers {
        let coupling = self.pricing.coupling;
        let mut multipliers = Multipliers::none(coupling);
        for r in 0..self.centre.len() {
            multipliers.0[r] = self.price[r].abs();
        }
        for hall in self.halls.iter().filter(|h| h.price > 0.0) {
            hall.hall.charge(coupling, hall.price, &mut multipliers);
        }
        multipliers.clip(coupling);
        multipliers
    }

    /// Remembers a column.
    pub(in super::super) fn offer(&mut self, i: usize, column: Option<Column>) {
        let Some(column) = column else { return };
        let known = &mut self.known[i];
        if known.iter().all(|part| part.column.choices != column.choices) {
            known.push(Part { column, share: 0.0 });
        }
    }

    /// Lets a member move shares from what is dearest now to what is cheapest.
    pub(super) fn settle(&mut self, i: usize) {
        for _ in 0..TURNS {
            let (mut best, mut worst) = ((f64::INFINITY, 0), (f64::NEG_INFINITY, 0));
            for (k, part) in self.known[i].iter().enumerate() {
                let value = part.column.value(&self.price);
                if value < best.0 {
                    best = (value, k);
                }
                if part.share > 0.0 && value > worst.0 {
                    worst = (value, k);
                }
            }
            let more = worst.0 - best.0;
            if more <= 1e-6 {
                return;
            }
            self.step(i, worst.1, best.1, more);
        }
    }

    /// A pairwise step: as much of one column's share goes to another as pays, where the first unit gains `more`. Linear in the two
    /// columns' terms.
    pub(super) fn step(&mut self, i: usize, from: usize, to: usize, more: f64) {
        let mut steps = std::mem::take(&mut self.steps);
        steps.clear();
        differences(&self.known[i][from].column, &self.known[i][to].column, |r, d| steps.push((r, d * self.scale[r as usize])));
        let (share, rows) = (self.known[i][from].share, self.centre.len());
        let (mut bend, mut of_halls) = (0.0, Vec::<(u32, f64)>::new());
        for (r, d) in &steps {
            if (*r as usize) < rows {
                bend += self.bend(*r as usize, *d, share);
                continue;
            }
            for h in self.halls_of.get(r).into_iter().flatten() {
                match of_halls.iter_mut().find(|(known, _)| known == h) {
                    Some((_, sum)) => *sum += d,
                    None => of_halls.push((*h, *d)),
                }
            }
        }
        bend += of_halls.iter().map(|(_, d)| self.tempo * self.hall_pace * d * d).sum::<f64>();
        let pays = if bend > 0.0 { more * self.stands() / bend } else { share };
        let moved = if share - pays < NO_SHARE { share } else { pays };
        self.known[i][from].share = share - moved;
        self.known[i][to].share += moved;
        for (r, d) in &steps {
            self.sums[*r as usize] += moved * d;
            if (*r as usize) < rows {
                self.look_at(*r as usize);
            }
        }
        for (h, d) in of_halls {
            self.halls[h as usize].sum += moved * d;
            self.look_at_hall(h as usize);
        }
        self.steps = steps;
    }

    /// How fast a row's price eats what a step gains, if it changes on the way.
    fn bend(&self, r: usize, d: f64, share: f64) -> f64 {
        let (row, pace) = (&self.pricing.coupling.rows[r], self.tempo * self.pace[r]);
        let toward = if row.sense == Sense::AtMost { d } else { -d };
        let inside = |multiplier: f64| 0.0 < multiplier && multiplier < self.most[r];
        let now = self.free(r);
        if inside(now) || inside(now + pace * toward * share) { pace * d * d } else { 0.0 }
    }

    /// Everyone who is undecided in turn, so many times.
    pub(super) fn sweep(&mut self, times: usize) {
        for _ in 0..times {
            for i in 0..self.known.len() {
                if !self.decided[i] && self.known[i].len() > 1 {
                    self.settle(i);
                }
            }
            (0..self.groups.len()).for_each(|g| self.look_at_group(g));
        }
    }

    /// Takes sets of needs with too few mentors into the rows.
    pub(super) fn separate(&mut self) {
        let coupling = self.pricing.coupling;
        if coupling.supply.is_none() {
            return;
        }
        for period in self.pricing.brief.case.calendar.periods() {
            let found = short_of(coupling, &self.sums, period);
            if let Some(hall) = found.filter(|hall| self.halls.iter().all(|known| known.hall != *hall)) {
                let needs: Vec<u32> = hall.classes.iter().map(|c| coupling.need_row(*c, period) as u32).collect();
                let number = self.halls.len() as u32;
                needs.iter().for_each(|r| self.halls_of.entry(*r).or_default().push(number));
                let sum = needs.iter().map(|r| self.sums[*r as usize]).sum();
                self.halls.push(HallRow { hall, needs, sum, centre: 0.0, price: 0.0 });
                self.look_at_hall(number as usize);
            }
        }
    }

    /// Steps are measured from the present prices.
    pub(super) fn recentre(&mut self) {
        for r in 0..self.centre.len() {
            self.centre[r] = self.price[r].abs();
        }
        self.halls.iter_mut().for_each(|hall| hall.centre = hall.price);
    }

    /// What the model says of the prices: no price can prove more with the columns known.
    pub(super) fn model(&self, multipliers: &Multipliers) -> f64 {
        let least = |parts: &Vec<Part>| parts.iter().map(|p| p.column.value(&self.price)).fold(f64::INFINITY, f64::min);
        multipliers.constant(self.pricing.coupling) + self.stands() * self.known.iter().map(least).sum::<f64>()
    }

    /// Forgets the dearest columns that nobody needs.
    pub(super) fn prune(&mut self) {
        for parts in self.known.iter_mut().filter(|parts| parts.len() > KEPT) {
            let unused = |part: &Part| (part.share == 0.0, part.column.value(&self.price));
            parts.sort_by(|a, b| unused(a).0.cmp(&unused(b).0).then(unused(a).1.total_cmp(&unused(b).1)));
            let needed = parts.iter().filter(|part| part.share > 0.0).count();
            parts.truncate(needed.max(KEPT));
        }
    }
}

/// Where two columns differ, by row: what the second adds more than the first.
fn differences(a: &Column, b: &Column, mut see: impl FnMut(u32, f64)) {
    let (mut i, mut j) = (0, 0);
    while i < a.terms.len() || j < b.terms.len() {
        let (of_a, of_b) = (a.terms.get(i), b.terms.get(j));
        let row = |term: Option<&(u32, f64)>| term.map_or(u32::MAX, |(r, _)| *r);
        let r = row(of_a).min(row(of_b));
        let mut more = 0.0;
        if let Some((_, c)) = of_b.filter(|(at, _)| *at == r) {
            more += c;
            j += 1;
        }
        if let Some((_, c)) = of_a.filter(|(at, _)| *at == r) {
            more -= c;
            i += 1;
        }
        if more != 0.0 {
            see(r, more);
        }
    }
}
