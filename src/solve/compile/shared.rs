//! Sentences across paths: rows over all flows, and the columns of mentors, places in use, and those who are ready.

use std::collections::{BTreeMap, BTreeSet};

use super::super::model::Label;
use super::{Compiler, Flow, Terms};
use crate::brief::{Choice, Condition, Held, Row, Sense, Told};
use crate::domain::{MentorIx, ParticipantIx, PositionIx, Subject};
use crate::network::Arc;
use crate::words::{Period, excess};

impl Compiler<'_, '_> {
    pub(super) fn rows(&mut self, told: &Told<'_>, rows: &[Row], terms: Vec<Terms>) {
        let mut slacks: BTreeMap<Subject, Option<(usize, f64)>> = BTreeMap::new();
        for (row, mut terms) in rows.iter().zip(terms) {
            let label = Label::Of(told.rule, row.subject);
            match row.sense {
                Sense::AtMost if excess(self.most(&terms), row.limit) == 0.0 => {}
                Sense::AtMost => {
                    let slack = *slacks.entry(row.subject).or_insert_with(|| self.slack(told, row.subject, row.unit, f64::INFINITY));
                    terms.extend(slack.map(|(column, _)| (column, -1.0)));
                    self.model.at_most(terms, row.limit, label);
                }
                Sense::AtLeast => {
                    terms.extend(self.slack(told, row.subject, row.unit, row.limit));
                    self.model.at_least(terms, row.limit, label);
                }
            }
        }
    }

    /// An upper bound of what terms can sum to: per participant the largest coefficient for a placement or move at a time is
    /// taken once for each arc that can be used beside the others, crudely their number on one path.
    pub(super) fn most(&self, terms: &Terms) -> f64 {
        let mut total = 0.0;
        let mut i = 0;
        for flow in &self.flows {
            let end = flow.first + flow.network.graph.edge_count();
            let own = &terms[i..i + terms[i..].iter().take_while(|(column, _)| *column < end).count()];
            i += own.len();
            let once = |column: usize| matches!(self.model.columns[column].label, Label::Arc(_, Arc::Place(_)));
            let largest = own.iter().map(|(_, c)| *c).fold(0.0, f64::max);
            // Placements that meet in a period exclude each other; moves may add up along a path.
            total += if own.iter().all(|(column, _)| once(*column)) { largest } else { own.iter().map(|(_, c)| c.max(0.0)).sum() };
        }
        total
    }

    pub(super) fn supply(
        &mut self,
        told: &Told<'_>,
        suits: &(dyn Fn(MentorIx, ParticipantIx, PositionIx) -> bool + Send + Sync),
        mentors: &[MentorIx],
        capacity: &(dyn Fn(MentorIx, Period) -> u32 + Send + Sync),
    ) {
        // Needs that the same mentors suit are one need class; per period a transport from classes to mentors.
        let mut suiting: BTreeMap<(ParticipantIx, PositionIx), Vec<MentorIx>> = BTreeMap::new();
        let mut needs: BTreeMap<Period, BTreeMap<Vec<MentorIx>, Terms>> = BTreeMap::new();
        for flow in &self.flows {
            for (column, choice) in flow.choices() {
                let able = suiting
                    .entry((choice.participant, choice.position))
                    .or_insert_with(|| mentors.iter().copied().filter(|m| suits(*m, choice.participant, choice.position)).collect());
                for period in choice.periods(self.brief.case) {
                    let now = able.iter().copied().filter(|m| capacity(*m, period) > 0).collect();
                    needs.entry(period).or_default().entry(now).or_default().push((column, 1.0));
                }
            }
        }
        for (period, classes) in needs {
            let subject = Subject::MentorsAt(period);
            let mut loads: BTreeMap<MentorIx, Terms> = BTreeMap::new();
            let short = self.slack(told, subject, 1.0, f64::INFINITY);
            let mut shorts: Terms = Vec::new();
            for (class, (able, mut terms)) in classes.into_iter().enumerate() {
                let needed = self.most(&terms);
                if able.iter().any(|m| f64::from(capacity(*m, period)) >= self.flows.len() as f64) {
                    continue;
                }
                for mentor in able {
                    let column =
                        self.model.column(0.0, needed.min(f64::from(capacity(mentor, period))), false, Label::Support(mentor, class, period));
                    terms.push((column, -1.0));
                    loads.entry(mentor).or_default().push((column, 1.0));
                }
                if short.is_some() {
                    let column = self.model.column(0.0, needed, false, Label::Of(told.rule, subject));
                    terms.push((column, -1.0));
                    shorts.push((column, 1.0));
                }
                self.model.at_most(terms, 0.0, Label::Of(told.rule, subject));
            }
            for (mentor, terms) in loads {
                self.model.at_most(terms, f64::from(capacity(mentor, period)), Label::Support(mentor, usize::MAX, period));
            }
            if let Some((column, _)) = short {
                shorts.push((column, -1.0));
                self.model.at_most(shorts, 0.0, Label::Of(told.rule, subject));
            }
        }
    }

    pub(super) fn all_or_none(
        &mut self,
        told: &Told<'_>,
        place: &(dyn Fn(&Choice) -> usize + Send + Sync),
        subject: &(dyn Fn(usize, Period) -> Subject + Send + Sync),
        min: u32,
    ) {
        let mut present: BTreeMap<(usize, Period), Vec<Terms>> = BTreeMap::new();
        for flow in &self.flows {
            let mut own: BTreeMap<(usize, Period), Terms> = BTreeMap::new();
            for (column, choice) in flow.choices() {
                for period in choice.periods(self.brief.case) {
                    own.entry((place(choice), period)).or_default().push((column, 1.0));
                }
            }
            for (at, terms) in own {
                present.entry(at).or_default().push(terms);
            }
        }
        let needed = f64::from(min);
        for ((place, period), people) in present.into_iter().filter(|_| min > 1) {
            let subject = subject(place, period);
            let label = Label::Of(told.rule, subject);
            let used = self.model.column(0.0, 1.0, false, label);
            let few = self.slack(told, subject, 1.0, 1.0);
            if let Some((column, _)) = few {
                // With a minimum of two, one person leaves nothing fractional; with more, two of three would.
                self.model.columns[column].integer = min > 2;
            }
            let mut all: Terms = Vec::new();
            for terms in people {
                let own = terms.iter().copied().chain([(used, -1.0)]).collect();
                self.model.at_most(own, 0.0, label);
                all.extend(terms);
            }
            all.push((used, -needed));
            all.extend(few.map(|(column, _)| (column, needed - 1.0)));
            self.model.at_least(all, 0.0, label);
        }
    }

    pub(super) fn quorum(&mut self, told: &Told<'_>, subject: Subject, at_least: u32, members: &[ParticipantIx], conditions: &[Condition<'_>]) {
        let label = Label::Of(told.rule, subject);
        let mut ready: Terms = Vec::new();
        // Someone whose track has ended has no flow: they count if all conditions are held by now.
        let placed: BTreeSet<ParticipantIx> = self.flows.iter().map(Flow::who).collect();
        let sure = |p: &&ParticipantIx| !placed.contains(p) && conditions.iter().all(|c| (c.held)(**p) != Held::No);
        let at_least = at_least.saturating_sub(members.iter().filter(sure).count() as u32);
        for i in 0..self.flows.len() {
            if members.binary_search(&self.flows[i].who()).is_err() {
                continue;
            }
            let column = self.model.column(0.0, 1.0, false, label);
            for condition in conditions {
                if let Some((terms, constant)) = self.met(i, condition) {
                    let terms = terms.into_iter().map(|(c, amount)| (c, -amount)).chain([(column, 1.0)]).collect();
                    self.model.at_most(terms, constant, label);
                }
            }
            ready.push((column, 1.0));
        }
        ready.extend(self.slack(told, subject, 1.0, f64::from(at_least)));
        self.model.at_least(ready, f64::from(at_least), label);
    }
}
