//! Changes of sites, positions, mentors and money.

use super::edit::{AMPLE, Amount, Edit, ranges, written};
use super::words::{BudgetChange, Capacity, Close, LoseMentor, Open, Places, Seats};
use crate::io::raw::{Budget, Mentor, PerPeriod, Period, Relocation, RuleEntry, Rules, Site};

/// A site or a position, by its place in its list.
#[derive(Clone, Copy)]
enum Door {
    Site(usize),
    Position(usize),
}

impl Edit<'_> {
    pub(super) fn close(&mut self, close: &Close) {
        let Some((door, span)) = self.door(close.site.as_ref(), close.position.as_ref(), close.from.as_ref(), close.until.as_ref()) else { return };
        self.swing(door, &span, false);
        let shut: Vec<String> = match door {
            Door::Position(q) => vec![self.raw.positions[q].id.clone()],
            Door::Site(s) => {
                let site = &self.raw.sites[s].id;
                self.raw.positions.iter().filter(|q| q.site == *site).map(|q| q.id.clone()).collect()
            }
        };
        for number in 0..self.raw.participants.len() {
            self.turn_out(number, &shut, &span);
        }
    }

    /// Someone whose place closes: pins there lapse, and a current placement that cannot be completed before is cut short.
    fn turn_out(&mut self, number: usize, shut: &[String], span: &std::ops::Range<usize>) {
        let person = &self.raw.participants[number];
        let pins: Vec<bool> = person
            .pinned
            .iter()
            .map(|pin| {
                let (from, until) = (self.resolved(pin.from.as_ref(), 0), self.resolved(pin.until.as_ref(), self.calendar.count as i64));
                !shut.contains(&pin.position) || until <= span.start as i64 || span.end as i64 <= from
            })
            .collect();
        if pins.contains(&false) {
            let mut keep = pins.into_iter();
            self.raw.participants[number].pinned.retain(|_| keep.next().unwrap_or(true));
        }
        let person = &self.raw.participants[number];
        let Some(current) = person.current.as_ref().filter(|c| shut.contains(&c.position)) else { return };
        let role = self.raw.positions.iter().find(|q| q.id == current.position).map(|q| &q.role);
        let least = self.raw.roles.iter().find(|r| Some(&r.id) == role).and_then(|r| r.duration.as_ref()).and_then(|d| d.min).unwrap_or(1).max(1);
        let worked = current.worked.unwrap_or(0);
        let before = self.working(number).into_iter().take_while(|t| !span.contains(t)).count();
        if worked < least && (worked as usize + before) < least as usize {
            self.raw.participants[number].current = None;
        }
    }

    pub(super) fn open_up(&mut self, open: &Open) {
        if let Some((door, span)) = self.door(open.site.as_ref(), open.position.as_ref(), open.from.as_ref(), open.until.as_ref()) {
            self.swing(door, &span, true);
        }
    }

    fn door(
        &mut self,
        site: Option<&String>,
        position: Option<&String>,
        from: Option<&Period>,
        until: Option<&Period>,
    ) -> Option<(Door, std::ops::Range<usize>)> {
        let door = match (site, position) {
            (Some(id), None) => self.site(id).map(Door::Site),
            (None, Some(id)) => self.position(id).map(Door::Position),
            _ => {
                let both = if site.is_some() { "both a site and a position" } else { "neither a site nor a position" };
                self.wrong("E903", "", format!("the change names {both}")).hint = Some("give one of the two".to_owned());
                None
            }
        };
        let span = self.span(from, until);
        Some((door?, span?))
    }

    fn swing(&mut self, door: Door, span: &std::ops::Range<usize>, to: bool) {
        let before = match door {
            Door::Site(s) => self.open(self.raw.sites[s].open.as_ref()),
            Door::Position(q) => self.open(self.raw.positions[q].open.as_ref()),
        };
        let mut open = before.clone();
        open[span.clone()].fill(to);
        if open == before {
            return;
        }
        self.changed = true;
        let ranges = ranges(&open);
        match door {
            Door::Site(s) => self.raw.sites[s].open = ranges,
            Door::Position(q) => self.raw.positions[q].open = ranges,
        }
    }

    pub(super) fn seats(&mut self, seats: &Seats, demand: bool) {
        if demand
            && [&seats.position, &seats.role, &seats.site, &seats.stage].iter().all(|o| o.is_none())
            && seats.add.or(seats.set.map(i64::from)).is_some()
        {
            let hint = "name a position, role, site or stage; only 'scale' and 'remove' make sense for every position";
            self.wrong("E903", "", "the change does not say where").hint = Some(hint.to_owned());
        }
        if !demand && [&seats.position, &seats.role, &seats.site, &seats.stage].iter().all(|o| o.is_none()) && seats.scale.is_none() {
            self.wrong("E903", "", "the change does not say where").hint = Some("name a position, role, site or stage".to_owned());
        }
        let known = [
            seats.position.as_ref().map(|id| self.position(id).is_some()),
            seats.role.as_ref().map(|id| self.find(|i| &i.roles, |r| &r.id, "role", "role", id).is_some()),
            seats.site.as_ref().map(|id| self.site(id).is_some()),
            seats.stage.as_ref().map(|id| self.find(|i| &i.stages, |s| &s.id, "stage", "stage", id).is_some()),
        ];
        let span = self.span(seats.from.as_ref(), seats.until.as_ref());
        let amount = self.amount(seats.add.map(|n| n as f64), seats.remove.map(f64::from), seats.set.map(f64::from), seats.scale, None);
        let (Some(span), Some(amount)) = (span, amount) else { return };
        if known.contains(&Some(false)) || !self.problems.is_empty() {
            return;
        }
        let stage_of = |role: &str| self.raw.roles.iter().find(|r| r.id == role).map(|r| r.stage.clone());
        let fits = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|w| w == is);
        let chosen: Vec<usize> = (0..self.raw.positions.len())
            .filter(|q| {
                let row = &self.raw.positions[*q];
                fits(&seats.position, &row.id)
                    && fits(&seats.role, &row.role)
                    && fits(&seats.site, &row.site)
                    && seats.stage.as_ref().is_none_or(|s| stage_of(&row.role).as_ref() == Some(s))
            })
            .collect();
        if chosen.is_empty() {
            self.wrong("E902", "", "no position matches all that is given").hint = Some("look at the position's role and site".to_owned());
        }
        for q in chosen {
            let row = &self.raw.positions[q];
            let before = if demand { self.each(row.demand.as_ref(), 0) } else { self.each(row.seats.as_ref(), 1) };
            if let Some(now) = self.revalued(&before, amount, &span) {
                let row = &mut self.raw.positions[q];
                *(if demand { &mut row.demand } else { &mut row.seats }) = Some(now);
            }
        }
    }

    /// Values after a change in a span; `None` if it is none.
    fn revalued(&mut self, before: &[u32], amount: Amount, span: &std::ops::Range<usize>) -> Option<PerPeriod> {
        let mut now = before.to_vec();
        now[span.clone()].iter_mut().for_each(|n| *n = amount.whole(*n));
        let differs = now != before;
        self.changed |= differs;
        differs.then(|| written(now))
    }

    pub(super) fn places(&mut self, places: &Places, of: fn(&mut Site) -> &mut Option<PerPeriod>) {
        let site = places.site.as_ref().map(|id| self.site(id));
        let span = self.span(places.from.as_ref(), places.until.as_ref());
        let Places { add, remove, set, scale, unlimited, .. } = places;
        let amount = self.amount(add.map(|n| n as f64), remove.map(f64::from), set.map(f64::from), *scale, *unlimited);
        let (Some(span), Some(amount)) = (span, amount) else { return };
        let chosen: Vec<usize> = match site {
            Some(site) => site.into_iter().collect(),
            None => (0..self.raw.sites.len()).filter(|s| of(&mut self.raw.sites[*s]).is_some()).collect(),
        };
        for s in chosen {
            let before = of(&mut self.raw.sites[s]).clone();
            let whole = span == (0..self.calendar.count);
            if matches!(amount, Amount::Unlimited) && whole {
                self.changed |= before.is_some();
                *of(&mut self.raw.sites[s]) = None;
            } else if before.is_some() || matches!(amount, Amount::Set(_)) {
                let values = self.each(before.as_ref(), AMPLE);
                if let Some(now) = self.revalued(&values, amount, &span) {
                    *of(&mut self.raw.sites[s]) = Some(now);
                }
            }
        }
    }

    pub(super) fn lose_mentor(&mut self, lose: &LoseMentor) {
        let mentor = self.mentor(&lose.mentor);
        let span = self.span(lose.from.as_ref(), lose.until.as_ref());
        if let (Some(m), Some(span)) = (mentor, span) {
            self.away(m, &span);
        }
    }

    /// A mentor is not available in a span. They stay listed: without any mentor the rule `mentoring` would be off.
    pub(super) fn away(&mut self, m: usize, span: &std::ops::Range<usize>) {
        let before = self.open(self.raw.mentors[m].available.as_ref());
        let mut there = before.clone();
        there[span.clone()].fill(false);
        self.changed |= there != before;
        self.raw.mentors[m].available = ranges(&there);
    }

    pub(super) fn add_mentor(&mut self, mentor: &Mentor) {
        if self.raw.mentors.iter().any(|m| m.id == mentor.id) {
            self.wrong("E201", "id", format!("there is a mentor '{}' already", mentor.id)).hint =
                Some("'capacity' changes a mentor who is there".to_owned());
            return;
        }
        self.raw.mentors.push(mentor.clone());
        self.changed = true;
    }

    pub(super) fn capacity(&mut self, capacity: &Capacity) {
        let mentor = capacity.mentor.as_ref().map(|id| self.mentor(id));
        let span = self.span(capacity.from.as_ref(), capacity.until.as_ref());
        let Capacity { add, remove, set, scale, .. } = capacity;
        let amount = self.amount(add.map(|n| n as f64), remove.map(f64::from), set.map(f64::from), *scale, None);
        let (Some(span), Some(amount)) = (span, amount) else { return };
        let chosen: Vec<usize> = mentor.map_or_else(|| (0..self.raw.mentors.len()).collect(), |m| m.into_iter().collect());
        for m in chosen {
            let before = self.each(self.raw.mentors[m].capacity.as_ref(), 1);
            if let Some(now) = self.revalued(&before, amount, &span) {
                self.raw.mentors[m].capacity = Some(now);
            }
        }
    }

    pub(super) fn budget(&mut self, change: &BudgetChange) {
        let BudgetChange { add, remove, set, scale, unlimited, year } = change;
        let Some(amount) = self.amount(*add, *remove, *set, *scale, *unlimited) else { return };
        let mut budget = self.raw.relocation.as_ref().and_then(|r| r.budget.clone()).unwrap_or_default();
        let before = match year {
            Some(year) => budget.per_year.get(year).copied(),
            None => budget.total,
        };
        let now = amount.of(before);
        if before.is_none() && !matches!(amount, Amount::Set(_)) {
            let which = year.as_ref().map_or("in all".to_owned(), |y| format!("for {y}"));
            let what = format!("the instance has no budget for moves {which}, so there is nothing to change");
            self.wrong("E904", if year.is_some() { "year" } else { "" }, what).hint = Some("'set' gives it one".to_owned());
            return;
        }
        if now == before {
            return;
        }
        self.changed = true;
        match (year, now) {
            (Some(year), Some(now)) => drop(budget.per_year.insert(year.clone(), now)),
            (Some(year), None) => drop(budget.per_year.remove(year)),
            (None, now) => budget.total = now,
        }
        let none = Budget::default() == budget;
        self.raw.relocation.get_or_insert_with(Relocation::default).budget = (!none).then_some(budget);
    }

    pub(super) fn rules(&mut self, rules: &Rules) {
        for (id, setting) in &rules.0 {
            let entry = self.raw.rules.0.entry(id.clone()).or_default();
            let before = entry.clone();
            let RuleEntry { mode, weight, params } = setting;
            entry.mode = mode.or(entry.mode);
            entry.weight = weight.or(entry.weight);
            entry.params.extend(params.iter().map(|(name, value)| (name.clone(), value.clone())));
            self.changed |= *entry != before;
        }
    }
}
