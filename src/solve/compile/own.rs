//! Sentences along one path, where the network's state does not carry them: rows over one participant's flow, and only where
//! some walk breaks them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::model::Label;
use super::{Compiler, Terms};
use crate::brief::{Bounds, Choice, Condition, Held, Stamp, Told, When};
use crate::domain::{ParticipantIx, Subject};
use crate::network::Arc;
use crate::words::{excess, shortfall};

impl Compiler<'_, '_> {
    pub(super) fn own_at_most(&mut self, told: &Told<'_>, i: usize, mut terms: Terms, limit: f64, unit: f64) {
        if terms.is_empty() && limit >= 0.0 {
            return;
        }
        let subject = Subject::Participant(self.flows[i].who());
        let slack = self.slack(told, subject, unit, f64::INFINITY);
        terms.extend(slack.map(|(column, _)| (column, -1.0)));
        self.model.at_most(terms, limit, Label::Of(told.rule, subject));
    }

    pub(super) fn own_at_least(&mut self, told: &Told<'_>, i: usize, terms: Terms, limit: f64, unit: f64) {
        self.own_at_most(told, i, terms.into_iter().map(|(column, c)| (column, -c)).collect(), -limit, unit);
    }

    /// Arcs whose flow is 1 exactly if the path is finished.
    pub(super) fn finished(&self, i: usize) -> Terms {
        let case = self.brief.case;
        self.flows[i].terms(|arc| if matches!(arc, Arc::End(end) if end.finished(case)) { 1.0 } else { 0.0 })
    }

    pub(super) fn count(&mut self, told: &Told<'_>, i: usize, adds: &dyn Fn(&Arc) -> f64, bounds: Bounds) {
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

    pub(super) fn keyed(
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
    pub(super) fn met(&self, i: usize, condition: &Condition<'_>) -> Option<(Terms, f64)> {
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
    pub(super) fn order(
        &mut self,
        told: &Told<'_>,
        i: usize,
        later: &(dyn Fn(&Choice) -> bool + Send + Sync),
        earlier: &Condition<'_>,
        once: bool,
        unit: f64,
    ) {
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
    pub(super) fn never_after(
        &mut self,
        told: &Told<'_>,
        i: usize,
        later: &(dyn Fn(&Choice) -> bool + Send + Sync),
        earlier: &Condition<'_>,
        unit: f64,
    ) {
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

    pub(super) fn distinct(
        &mut self,
        told: &Told<'_>,
        i: usize,
        key: &(dyn Fn(&Choice) -> Option<usize> + Send + Sync),
        held: &BTreeSet<usize>,
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
    pub(super) fn runs(&mut self, told: &Told<'_>, i: usize, hit: &(dyn Fn(&Choice) -> bool + Send + Sync), limit: usize, started: usize) {
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
    pub(super) fn spacing(&mut self, told: &Told<'_>, i: usize, counts: &dyn Fn(&Arc) -> Option<usize>, at_least: usize) {
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
}
