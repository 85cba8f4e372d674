//! Changes of participants and cohorts.

use super::edit::Edit;
use super::words::{Add, Bar, Delay, Drop, PinTo, Shift, TakeLeave, Unpin};
use crate::io::raw::{Barred, Leave, Participant, Period, Pin};

/// Who is meant: one participant, or some of a cohort.
struct Who<'a> {
    participant: Option<&'a String>,
    cohort: Option<&'a String>,
    share: Option<f64>,
    count: Option<u32>,
}

impl Edit<'_> {
    /// The places of those who are meant, in the instance's order; of a cohort so many as the share or count says are drawn.
    fn people(&mut self, who: &Who<'_>) -> Vec<usize> {
        let Who { participant, cohort, share, count } = *who;
        let cohort = match (participant, cohort) {
            (Some(id), None) => {
                if share.is_some() || count.is_some() {
                    self.wrong("E903", "participant", "a share or count is of a cohort, not of one participant");
                }
                return self.participant("participant", id).into_iter().collect();
            }
            (None, Some(id)) => {
                if self.cohort(id).is_none() {
                    return Vec::new();
                }
                id
            }
            _ => {
                let both = if participant.is_some() { "both a participant and a cohort" } else { "neither a participant nor a cohort" };
                self.wrong("E903", "", format!("the change names {both}")).hint = Some("give one of the two".to_owned());
                return Vec::new();
            }
        };
        let mut members: Vec<usize> = (0..self.raw.participants.len()).filter(|p| self.raw.participants[*p].cohort == *cohort).collect();
        let wanted = match (share, count) {
            (Some(_), Some(_)) => {
                self.wrong("E903", "count", "the change gives a share and a count at once").hint = Some("give one of them".to_owned());
                return Vec::new();
            }
            (Some(share), None) if !(0.0..=1.0).contains(&share) => {
                self.wrong("E301", "share", format!("'share' must be from 0 to 1, not {share}")).hint = Some("0.1 is one in ten".to_owned());
                return Vec::new();
            }
            (Some(share), None) => (share * members.len() as f64).round() as usize,
            (None, Some(count)) => count as usize,
            (None, None) => members.len(),
        };
        if wanted > members.len() {
            self.wrong("E301", "count", format!("the cohort '{cohort}' has {} participants, not {wanted}", members.len()));
            return Vec::new();
        }
        if wanted == 0 {
            let what = format!("nobody of the cohort '{cohort}' ({} participants) is meant", members.len());
            self.wrong("E904", if share.is_some() { "share" } else { "cohort" }, what).hint = Some("give a 'count', or a larger 'share'".to_owned());
            return Vec::new();
        }
        // The first so many of a shuffle.
        for i in 0..wanted {
            let j = i + self.dice.below(members.len() - i);
            members.swap(i, j);
        }
        members.truncate(wanted);
        members.sort_unstable();
        members
    }

    pub(super) fn drop_out(&mut self, gone: &Drop) {
        let Drop { participant, cohort, share, count } = gone;
        let people = self.people(&Who { participant: participant.as_ref(), cohort: cohort.as_ref(), share: *share, count: *count });
        if people.is_empty() {
            return;
        }
        self.changed = true;
        let ids: std::collections::BTreeSet<String> = people.iter().map(|p| self.raw.participants[*p].id.clone()).collect();
        self.raw.participants.retain(|p| !ids.contains(&p.id));
        for group in &mut self.raw.groups {
            group.members.retain(|m| !ids.contains(m));
        }
        // A group is of two at least.
        self.raw.groups.retain(|g| g.members.len() > 1);
        if let Some(baseline) = &mut self.raw.baseline {
            baseline.retain(|b| !ids.contains(&b.participant));
        }
        // Whoever leaves mentors nobody any more.
        let mentors: Vec<usize> = (0..self.raw.mentors.len()).filter(|m| ids.contains(&self.raw.mentors[*m].id)).collect();
        mentors.into_iter().for_each(|m| self.away(m, &(0..self.calendar.count)));
    }

    pub(super) fn add(&mut self, add: &Add) {
        let Add { participant, like, cohort, share, count } = add;
        let given = [participant.is_some(), like.is_some(), cohort.is_some()].into_iter().filter(|g| *g).count();
        if given != 1 {
            let hint = "give one of 'participant', 'like' and 'cohort'";
            self.wrong("E903", "", "the change does not say who joins in one way").hint = Some(hint.to_owned());
            return;
        }
        if let Some(row) = participant {
            if self.raw.participants.iter().any(|p| p.id == row.id) {
                self.wrong("E201", "participant.id", format!("there is a participant '{}' already", row.id));
                return;
            }
            self.raw.participants.push(row.clone());
            self.changed = true;
            return;
        }
        let models: Vec<usize> = match (like, cohort) {
            (Some(id), _) => match self.participant("like", id) {
                Some(p) => vec![p; count.unwrap_or(1) as usize],
                None => return,
            },
            _ => self.people(&Who { participant: None, cohort: cohort.as_ref(), share: *share, count: *count }),
        };
        for p in models {
            let copy = self.copy(p);
            self.raw.participants.push(copy);
            self.changed = true;
        }
    }

    /// Someone like another, at the beginning of their track.
    fn copy(&self, p: usize) -> Participant {
        let model = &self.raw.participants[p];
        let taken = |id: &str| self.raw.participants.iter().any(|p| p.id == id);
        let number = (2..).find(|n| !taken(&format!("{}-{n}", model.id))).expect("numbers go on");
        Participant {
            id: format!("{}-{number}", model.id),
            name: Some(format!("{} ({number})", model.name.as_ref().unwrap_or(&model.id))),
            history: Vec::new(),
            current: None,
            leave: Vec::new(),
            pinned: Vec::new(),
            carried: None,
            ..model.clone()
        }
    }

    pub(super) fn delay(&mut self, delay: &Delay) {
        let Delay { participant, cohort, share, count, periods, keeps_end } = delay;
        let people = self.people(&Who { participant: participant.as_ref(), cohort: cohort.as_ref(), share: *share, count: *count });
        if *periods == 0 {
            return;
        }
        for p in people {
            let Some((start, end)) = self.track(p) else { continue };
            let first = start.max(0);
            if first >= (self.calendar.count as i64).min(end) {
                let who = self.name(p);
                self.wrong("E904", "", format!("{who} has no time in the horizon that could begin later"));
                continue;
            }
            let row = &mut self.raw.participants[p];
            let until = Some(Period::Index(first + i64::from(*periods)));
            row.leave.push(Leave { from: Some(Period::Index(first)), until, ..Leave::default() });
            if keeps_end != &Some(true) {
                row.extension = Some(row.extension.unwrap_or(0) + periods);
            }
            self.changed = true;
        }
    }

    pub(super) fn leave(&mut self, leave: &TakeLeave) {
        let TakeLeave { participant, cohort, share, count, from, until, pauses, holds_seat, extension } = leave;
        let people = self.people(&Who { participant: participant.as_ref(), cohort: cohort.as_ref(), share: *share, count: *count });
        let Some(span) = self.span(from.as_ref(), until.as_ref()) else { return };
        for p in people {
            if participant.is_some() && !self.working(p).iter().any(|t| span.contains(t)) {
                let who = self.name(p);
                let what = format!("{who} has no time to work in that range, so leave changes nothing");
                self.wrong("E904", "from", what).hint =
                    Some("look at the cohort's start, the track's length and the leave that they have".to_owned());
                continue;
            }
            let row = &mut self.raw.participants[p];
            let (from, until) = (Some(Period::Index(span.start as i64)), Some(Period::Index(span.end as i64)));
            row.leave.push(Leave { from, until, pauses: *pauses, holds_seat: *holds_seat });
            if let Some(more) = extension {
                row.extension = Some(row.extension.unwrap_or(0) + more);
            }
            self.changed = true;
        }
    }

    pub(super) fn shift(&mut self, shift: &Shift) {
        let Some(c) = self.cohort(&shift.cohort) else { return };
        let start = self.resolved(Some(&self.raw.cohorts[c].start), 0);
        self.raw.cohorts[c].start = Period::Index(start + shift.periods);
        self.changed |= shift.periods != 0;
    }

    pub(super) fn pin(&mut self, pin: &PinTo) {
        let (p, q) = (self.participant("participant", &pin.participant), self.position(&pin.position));
        let span = self.span(pin.from.as_ref(), pin.until.as_ref());
        let (Some(p), Some(_), Some(span)) = (p, q, span) else { return };
        let (from, until) = (Period::Index(span.start as i64), Period::Index(span.end as i64));
        let same = |other: &Pin, edit: &Self| {
            let ends = (edit.resolved(other.from.as_ref(), 0), edit.resolved(other.until.as_ref(), edit.calendar.count as i64));
            other.position == pin.position && ends == (span.start as i64, span.end as i64)
        };
        if self.raw.participants[p].pinned.iter().any(|other| same(other, self)) {
            return;
        }
        self.raw.participants[p].pinned.push(Pin { position: pin.position.clone(), from: Some(from), until: Some(until) });
        self.changed = true;
    }

    pub(super) fn unpin(&mut self, unpin: &Unpin) {
        let person = unpin.participant.as_ref().map(|id| self.participant("participant", id));
        let position = unpin.position.as_ref().map(|id| self.position(id));
        let from = unpin.from.as_ref().map(|p| self.period("from", p));
        if person == Some(None) || position == Some(None) || from == Some(None) {
            return;
        }
        for p in 0..self.raw.participants.len() {
            if person.flatten().is_some_and(|one| one != p) {
                continue;
            }
            let meant = |pin: &Pin| {
                unpin.position.as_ref().is_none_or(|q| pin.position == *q) && from.flatten().is_none_or(|t| self.resolved(pin.from.as_ref(), 0) == t)
            };
            let kept: Vec<Pin> = self.raw.participants[p].pinned.iter().filter(|pin| !meant(pin)).cloned().collect();
            self.changed |= kept.len() < self.raw.participants[p].pinned.len();
            self.raw.participants[p].pinned = kept;
        }
    }

    pub(super) fn bar(&mut self, bar: &Bar) {
        let p = self.participant("participant", &bar.participant);
        let given = [bar.role.is_some(), bar.site.is_some(), bar.position.is_some()].into_iter().filter(|g| *g).count();
        if given != 1 {
            self.wrong("E903", "", "the change must bar one thing").hint = Some("give one of 'role', 'site' and 'position'".to_owned());
        }
        let known = [
            bar.role.as_ref().map(|id| self.find(|i| &i.roles, |r| &r.id, "role", "role", id).is_some()),
            bar.site.as_ref().map(|id| self.site(id).is_some()),
            bar.position.as_ref().map(|id| self.position(id).is_some()),
        ];
        let Some(p) = p.filter(|_| given == 1 && !known.contains(&Some(false))) else { return };
        let barred = self.raw.participants[p].barred.get_or_insert_with(Barred::default);
        for (list, id) in [(&mut barred.roles, &bar.role), (&mut barred.sites, &bar.site), (&mut barred.positions, &bar.position)] {
            if let Some(id) = id.as_ref().filter(|id| !list.contains(id)) {
                list.push(id.clone());
                self.changed = true;
            }
        }
    }

    /// A period of the instance itself, which intake has found sound.
    pub(super) fn resolved(&self, period: Option<&Period>, or: i64) -> i64 {
        match period {
            None => or,
            Some(Period::Index(i)) => *i,
            Some(Period::Text(text)) => self.calendar.resolve(text).unwrap_or(or),
        }
    }

    /// First period of a participant's track, and the one after its last; they may lie outside the horizon.
    fn track(&self, p: usize) -> Option<(i64, i64)> {
        let row = &self.raw.participants[p];
        let cohort = self.raw.cohorts.iter().find(|c| c.id == row.cohort)?;
        let length = self.raw.tracks.iter().find(|t| t.id == cohort.track)?.length;
        let start = self.resolved(Some(&cohort.start), 0);
        Some((start, start + i64::from(length) + i64::from(row.extension.unwrap_or(0))))
    }

    /// The periods of a participant's timeline.
    pub(super) fn working(&self, p: usize) -> Vec<usize> {
        let Some((start, end)) = self.track(p) else { return Vec::new() };
        let count = self.calendar.count as i64;
        let away = |t: i64| {
            let spans = self.raw.participants[p].leave.iter();
            spans.map(|l| (self.resolved(l.from.as_ref(), 0), self.resolved(l.until.as_ref(), count))).any(|(from, until)| from <= t && t < until)
        };
        (start.max(0)..end.min(count)).filter(|t| !away(*t)).map(|t| t as usize).collect()
    }

    fn name(&self, p: usize) -> String {
        let row = &self.raw.participants[p];
        row.name.as_ref().unwrap_or(&row.id).clone()
    }
}
