//! A plan of one instance in another that came from it by changes: by ids.

use std::collections::HashMap;

use crate::brief::{Choice, events};
use crate::domain::{Case, MentorIx, Mentoring, ParticipantIx, Placement, Plan, PositionIx};
use crate::solve::Paths;
use crate::words::{Period, Table};

/// The same placements in another case: by the ids of participants, positions and mentors, and by the days on which periods
/// begin. What names something that is not there, or lies outside the horizon, is left out, whole placements at a time.
#[must_use]
pub fn plan_in(old: &Case, plan: &Plan, new: &Case) -> Plan {
    let participants: HashMap<&str, ParticipantIx> = old.participants.iter().map(|(p, row)| (row.named.id.as_str(), p)).collect();
    let positions: HashMap<&str, PositionIx> = new.positions.iter().map(|(q, row)| (row.id.as_str(), q)).collect();
    let mentors: HashMap<&str, MentorIx> = new.mentors.iter().map(|(m, row)| (row.named.id.as_str(), m)).collect();
    let shift = new.calendar.containing(old.calendar.start);
    let period = |t: Period| {
        use crate::words::Index;
        usize::try_from(t.index() as i64 + shift).ok().filter(|t| *t <= new.calendar.count).map(Period::new)
    };
    let mentoring = |m: &Mentoring| {
        let mentor = *mentors.get(old.mentors[m.mentor].named.id.as_str())?;
        Some(Mentoring { mentor, from: period(m.from)?, until: period(m.until)? })
    };
    let placement = |pl: &Placement| {
        let position = *positions.get(old.positions[pl.position].id.as_str())?;
        let supporters = pl.mentors.iter().filter_map(mentoring).collect();
        Some(Placement { position, from: period(pl.from)?, until: period(pl.until)?, mentors: supporters })
    };
    let path = |id: &str| participants.get(id).map_or(Vec::new(), |p| plan.paths[*p].iter().filter_map(placement).collect());
    Plan { paths: new.participants.rows().iter().map(|row| path(&row.named.id)).collect() }
}

/// The paths of a plan in a case that came from the plan's by changes: per participant the old path if it lies on the new
/// timeline, else none. Whether it breaks a rule there is for the method to see.
#[must_use]
pub fn carry(old: &Case, plan: &Plan, new: &Case) -> Paths {
    let there = plan_in(old, plan, new);
    let path = |p: ParticipantIx| -> Vec<Choice> { events(new, &there, p).map_or(Vec::new(), |events| events.choices) };
    Table::new(new.participants.ids().map(path).collect())
}
