//! Columns: paths with what they cost and what they add to rows.

use super::Pricing;
use super::moves::{Term, merge};
use crate::brief::{Choice, End, Move};
use crate::domain::{Before, ParticipantIx};
use crate::network::{Arc, Label};
use crate::words::Index;

/// A path as a column: what it costs and what it adds to rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Whose path.
    pub participant: ParticipantIx,
    /// Its placements, in time order.
    pub choices: Vec<Choice>,
    /// Points of the path alone.
    pub points: f64,
    /// What it adds to rows, by row; needs for mentors included.
    pub terms: Vec<Term>,
}

impl Column {
    /// What it costs when every priced row has a price.
    #[must_use]
    pub fn value(&self, rows: &[f64]) -> f64 {
        self.points + self.terms.iter().map(|(r, c)| rows[*r as usize] * c).sum::<f64>()
    }
}

impl Pricing<'_, '_> {
    /// The column of given placements, whatever path is kept; `None` if they break something hard along the path.
    pub(super) fn free_column(&self, number: usize, choices: &[Choice]) -> Option<Column> {
        let (lattice, skeleton) = self.paths(number);
        let p = lattice.participant;
        let (mut points, mut burden) = (0.0, 0.0);
        let mut terms: Vec<Term> = Vec::new();
        let (mut node, mut last, mut left) = (skeleton.source?, None::<usize>, lattice.most_moves);
        for choice in choices {
            while usize::from(skeleton.frees[node as usize].tick) < choice.first {
                let (to, p, b) = skeleton.frees[node as usize].wait?;
                let (wp, wb) = lattice.waits[usize::from(skeleton.frees[node as usize].tick)];
                points += p + wp;
                burden += b + wb;
                node = to;
            }
            let free = &skeleton.frees[node as usize];
            let j = (0..lattice.nexts.len()).find(|j| lattice.nexts[*j] == (choice.position, choice.continues))?;
            let begin = skeleton.options(free).iter().map(|b| &skeleton.begins[*b as usize]).find(|b| lattice.of_kind(b.kind).contains(&j))?;
            let (mp, mb, counts) = match last {
                None => {
                    let entry = self.common.entry(lattice.entries[j]);
                    terms.extend(self.common.bundles.get(self.common.entry_bundle(entry, choice.first)));
                    (if free.idle { entry.apart } else { entry.adjacent }, entry.burden, entry.counts)
                }
                Some(i) => {
                    let (a, b) = (lattice.nexts[i].0.index(), lattice.nexts[j].0.index());
                    terms.extend(self.moves.terms(a, b, usize::from(lattice.periods[choice.first])));
                    let points = if choice.continues { f64::INFINITY } else { self.moves.points(a, b, !free.idle, &lattice.minds) };
                    let burden = if self.moves.burdens() { self.moves.burden(a, b, &lattice.minds) } else { 0.0 };
                    (points, burden, self.moves.counts(a, b))
                }
            };
            if counts && let Some(left) = &mut left {
                *left = left.checked_sub(1)?;
            }
            let span = (choice.first as u8, choice.after as u8);
            let arc = skeleton.arcs(begin).iter().find(|a| skeleton.spans[begin.kind as usize][usize::from(a.span)] == span)?;
            let cell = lattice.cells[j] as usize + usize::from(arc.span);
            points += mp + self.common.points[cell] + arc.points;
            burden += mb + self.common.burden.get(cell).copied().unwrap_or(0.0) + arc.burden;
            terms.extend(self.common.bundles.get(self.common.of_cell[cell]));
            (node, last) = (arc.to, Some(j));
        }
        let end = skeleton.end(&skeleton.frees[node as usize])?;
        points += end.points;
        burden += end.burden;
        if !points.is_finite() {
            return None;
        }
        for sentence in &end.ready {
            terms.push((self.coupling.row(*sentence as usize, 0) as u32, 1.0));
        }
        if lattice.fine {
            let labels = self.labels(number);
            let mut state: Vec<u64> = labels.iter().map(|l| l.start()).collect();
            let mut walk = Walk::new(self, p, &labels);
            let (mut before, mut free) = (Before::Start, 0);
            for choice in choices {
                for tick in free..choice.first {
                    walk.pass(&mut state, &Arc::Wait(tick))?;
                }
                walk.place(&mut state, before, *choice, free == choice.first)?;
                (before, free) = (Before::Placement(choice.position), choice.after);
            }
            walk.pass(&mut state, &Arc::End(End { participant: p, last: before, at: free }))?;
            points += walk.points;
            burden += walk.burden;
            terms.extend(walk.ready.iter().map(|s| (self.coupling.row(*s, 0) as u32, 1.0)));
        }
        terms.extend(lattice.burden_rows.iter().map(|(row, scale)| (*row, burden * scale)));
        merge(&mut terms);
        Some(Column { participant: p, choices: choices.to_vec(), points, terms })
    }
}

/// Fine labels along one path.
pub(super) struct Walk<'w, 'b, 'c> {
    pricing: &'w Pricing<'b, 'c>,
    participant: ParticipantIx,
    labels: &'w [&'w Label<'b, 'c>],
    pub(super) points: f64,
    pub(super) burden: f64,
    /// Sentences that count the participant as ready.
    pub(super) ready: Vec<usize>,
}

impl<'w, 'b, 'c> Walk<'w, 'b, 'c> {
    pub(super) fn new(pricing: &'w Pricing<'b, 'c>, participant: ParticipantIx, labels: &'w [&'w Label<'b, 'c>]) -> Self {
        Self { pricing, participant, labels, points: 0.0, burden: 0.0, ready: Vec::new() }
    }

    /// Goes on with an event; `None` if a label forbids it.
    pub(super) fn pass(&mut self, state: &mut [u64], arc: &Arc) -> Option<()> {
        for (label, value) in self.labels.iter().zip(state.iter_mut()) {
            let (next, amount) = label.after(self.pricing.brief.case, *value, arc)?;
            *value = next;
            if amount > 0.0 {
                if label.counts_ready() {
                    self.ready.push(label.sentence);
                } else {
                    let (points, burden) = self.pricing.charge(label.sentence, amount);
                    self.points += points;
                    self.burden += burden;
                }
            }
        }
        Some(())
    }

    /// Goes on with a placement and the move to it.
    pub(super) fn place(&mut self, state: &mut [u64], before: Before, choice: Choice, adjacent: bool) -> Option<()> {
        let mv = Move { participant: self.participant, before, to: choice.position, adjacent, continues: choice.continues };
        self.pass(state, &Arc::Move(mv, choice.first))?;
        self.pass(state, &Arc::Place(choice))
    }
}
