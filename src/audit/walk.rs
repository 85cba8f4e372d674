//! A participant's path read along their timeline.

use crate::domain::{Before, Case, MentorIx, ParticipantIx, Past, Placement, PositionIx, Subject, Timeline};
use crate::words::{Index, Period};

/// A participant's path, in time order, with what follows from the facts.
#[derive(Debug)]
pub struct Walk<'a> {
    /// Whose.
    pub participant: ParticipantIx,
    /// Their timeline.
    pub timeline: &'a Timeline,
    /// The placements, in time order.
    pub steps: Vec<Step<'a>>,
    /// The timeline is not cut and the last placement ends with it.
    pub finished: bool,
}

/// One placement on a walk.
#[derive(Debug)]
pub struct Step<'a> {
    /// The placement.
    pub placement: &'a Placement,
    /// Its position.
    pub position: PositionIx,
    /// First tick (place in the timeline) at or after its first period.
    pub first: usize,
    /// The tick after its last.
    pub after: usize,
    /// What was before it.
    pub before: Before,
    /// It goes on with `current`: nothing is asked at entry.
    pub continues: bool,
    /// Its worked periods, with `current.worked` if it goes on with `current`.
    pub total: usize,
    /// Its worked periods (with `current.worked`) reach the role's `duration.min`.
    pub completed: bool,
}

impl<'a> Walk<'a> {
    /// Reads a path. Placements are taken in time order whatever their order in the plan.
    pub(crate) fn new(case: &'a Case, participant: ParticipantIx, path: &'a [Placement]) -> Self {
        let person = &case.participants[participant];
        let timeline = &person.timeline;
        let mut placements: Vec<&Placement> = path.iter().collect();
        placements.sort_by_key(|p| (p.from, p.until, p.position));
        let mut steps = Vec::with_capacity(placements.len());
        let mut before = Before::Start;
        for placement in placements {
            let tick_from = |period: Period| timeline.periods.partition_point(|p| *p < period);
            let (first, after) = (tick_from(placement.from), tick_from(placement.until));
            let after = after.max(first);
            let current = person
                .current
                .filter(|c| before == Before::Start && c.position == placement.position && timeline.periods.first() == Some(&placement.from));
            let total = after - first + current.map_or(0, |c| c.worked as usize);
            steps.push(Step {
                placement,
                position: placement.position,
                first,
                after,
                before,
                continues: current.is_some(),
                total,
                completed: total >= case.role(placement.position).duration.min as usize,
            });
            before = Before::Placement(placement.position);
        }
        let end = steps.iter().map(|s: &Step| s.after).max().unwrap_or(0);
        let finished = !timeline.cut && !timeline.is_empty() && end == timeline.len() && !steps.is_empty();
        Self { participant, timeline, steps, finished }
    }

    /// Whether the path goes on with `current`.
    #[must_use]
    pub fn continues(&self) -> bool {
        self.steps.first().is_some_and(|s| s.continues)
    }

    /// What a finding about the whole path is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::Participant(self.participant)
    }

    /// The placements of which entry is asked: all but the continuation of `current`.
    pub fn entered(&self) -> impl Iterator<Item = &Step<'a>> {
        self.steps.iter().filter(|s| !s.continues)
    }

    /// All that counts of the path, in time order: what was held before the plan (the continuation of `current` adds its
    /// periods to the entry that is already there), then the placements entered.
    #[must_use]
    pub fn entries(&self, case: &Case) -> Vec<Past> {
        let mut entries = case.held(self.participant);
        if let (Some(step), Some(current)) = (self.steps.first().filter(|s| s.continues), entries.last_mut()) {
            current.periods = current.periods.saturating_add(u32::try_from(step.length()).unwrap_or(u32::MAX));
        }
        entries.extend(self.entered().map(|step| {
            let position = &case.positions[step.position];
            Past { role: position.role, site: position.site, periods: u32::try_from(step.length()).unwrap_or(u32::MAX) }
        }));
        entries
    }

    /// Something is asked of this participant's whole track: the timeline is neither empty nor cut.
    #[must_use]
    pub fn uncut(&self) -> bool {
        !self.timeline.is_empty() && !self.timeline.cut
    }

    /// The tick after the last placement's last; 0 if there is none.
    #[must_use]
    pub fn end(&self) -> usize {
        self.steps.iter().map(|s| s.after).max().unwrap_or(0)
    }

    /// The ticks without a placement.
    #[must_use]
    pub fn idle(&self) -> Vec<usize> {
        let mut busy = vec![false; self.timeline.len()];
        for step in &self.steps {
            busy[step.first..step.after].fill(true);
        }
        (0..busy.len()).filter(|t| !busy[*t]).collect()
    }

    /// The step that works in a tick, if any (the first, if the plan has two at once).
    #[must_use]
    pub fn at(&self, tick: usize) -> Option<&Step<'a>> {
        self.steps.iter().find(|s| s.ticks().contains(&tick))
    }

    /// Worked periods whose mentor differs from that of the worked period just before. A period without a mentor is no
    /// change, nor is the first one after it.
    #[must_use]
    pub fn mentor_changes(&self) -> usize {
        let mentors: Vec<Option<MentorIx>> = self.steps.iter().flat_map(|s| s.worked(self.timeline).map(|p| s.mentor_in(p))).collect();
        mentors.windows(2).filter(|w| w[0].is_some() && w[1].is_some() && w[0] != w[1]).count()
    }
}

impl Step<'_> {
    /// Its ticks.
    #[must_use]
    pub fn ticks(&self) -> std::ops::Range<usize> {
        self.first..self.after
    }

    /// Its worked periods.
    pub fn worked<'t>(&self, timeline: &'t Timeline) -> impl Iterator<Item = Period> + use<'t> {
        timeline.periods[self.ticks()].iter().copied()
    }

    /// How many periods are worked in the plan.
    #[must_use]
    pub fn length(&self) -> usize {
        self.after - self.first
    }

    /// The mentors it has in a period.
    pub fn mentors_in(&self, period: Period) -> impl Iterator<Item = MentorIx> + '_ {
        self.placement.mentors.iter().filter(move |m| m.covers(period)).map(|m| m.mentor)
    }

    /// The one mentor it has in a period; `None` if there is none, or more than one.
    #[must_use]
    pub fn mentor_in(&self, period: Period) -> Option<MentorIx> {
        let mut mentors = self.mentors_in(period);
        let first = mentors.next()?;
        mentors.all(|other| other == first).then_some(first)
    }

    /// The placement begins and ends with periods worked, as a span on the timeline must.
    #[must_use]
    pub fn fits(&self, timeline: &Timeline) -> bool {
        self.after > self.first
            && timeline.periods[self.first] == self.placement.from
            && timeline.periods[self.after - 1].index() + 1 == self.placement.until.index()
    }
}
