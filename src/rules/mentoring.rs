//! # mentoring
//!
//! Everyone at work has exactly one mentor, who is there, suits them and stands outside their reporting line.
//!
//! In every worked period a participant has exactly one mentor. The mentor is available then, reaches the site (`reach`),
//! mentors that stage and family, has no more mentees than `capacity`, and stands outside the reporting line: not the
//! participant, not the position's manager, nor anyone above or below that manager. A paused placement needs none.
//!
//! Why: people say to a mentor what they would not say to a boss. A mentor with nine mentees is a name on a slide.
//!
//! Keeps it: Mia, who works in another line at the same site, for one participant at a time.
//!
//! Breaks it: a quarter without a mentor, or with the position's own manager as one.
//!
//! Breaks it: two mentees in a quarter with a mentor who has room for one.
//!
//! Measure: participants and periods without such a mentor, those over capacity included.
//!
//! If it bites: widen `reach`, raise `capacity`, or ask one more manager to mentor; `rungs show --only mentors` shows who
//! has room.

use std::collections::BTreeMap;

use super::{Default, Reach, Rule};
use crate::audit::{Findings, Sight, Step, Walk, many};
use crate::domain::{MentorIx, ParticipantIx, Subject};
use crate::words::Period;

pub(super) const RULE: Rule = Rule {
    id: "mentoring",
    source: include_str!("mentoring.rs"),
    reach: Reach::Coupling,
    default: Default::HardWithMentors,
    weight: None,
    params: &[],
    told: told::told,
    seen,
};

mod told {
    use std::collections::BTreeMap;

    use crate::brief::{Sentence, Teller};
    use crate::domain::{MentorIx, PersonIx};

    pub(super) fn told(teller: &mut Teller<'_, '_>) {
        let case = teller.case;
        let themselves: BTreeMap<PersonIx, MentorIx> = case.mentors.iter().map(|(m, mentor)| (mentor.person, m)).collect();
        teller.say(Sentence::Supply {
            suits: Box::new(|mentor, position| case.mentor_suits_at(mentor, position)),
            themselves: Box::new(move |p| themselves.get(&case.participants[p].person).copied()),
            mentors: case.mentors.ids().collect(),
            capacity: Box::new(|mentor, period| {
                let m = &case.mentors[mentor];
                if m.available[period] { m.capacity[period] } else { 0 }
            }),
        });
    }
}

fn seen(sight: &Sight<'_>, findings: &mut Findings) {
    let case = sight.case;
    let mut mentees: BTreeMap<(Period, MentorIx), Vec<ParticipantIx>> = BTreeMap::new();
    for walk in sight.asked() {
        for step in &walk.steps {
            for period in step.worked(walk.timeline) {
                match supported(sight, walk, step, period) {
                    Ok(mentor) => mentees.entry((period, mentor)).or_default().push(walk.participant),
                    Err(why) => findings.add(Subject::MentorsAt(period), 1.0, || {
                        let place = case.position_name(step.position);
                        format!("{} in {} ({place}): {}", sight.name(walk.participant), sight.when(period), why.words(sight))
                    }),
                }
            }
        }
    }
    for ((period, mentor), people) in mentees {
        let room = case.mentors[mentor].capacity[period];
        findings.add(Subject::MentorsAt(period), people.len().saturating_sub(room as usize) as f64, || {
            let (name, n) = (&case.mentors[mentor].named.name, many(people.len() as u64, "mentee"));
            format!("{name} in {}: {n}, room for {room} ({})", sight.when(period), sight.names(&people))
        });
    }
}

/// Why a worked period has no mentor that counts.
enum Lacks {
    Any,
    One,
    Available(MentorIx),
    Suitable(MentorIx),
}

impl Lacks {
    fn words(&self, sight: &Sight<'_>) -> String {
        let name = |mentor: &MentorIx| &sight.case.mentors[*mentor].named.name;
        match self {
            Self::Any => "no mentor".to_owned(),
            Self::One => "more than one mentor".to_owned(),
            Self::Available(m) => format!("{} is not available", name(m)),
            Self::Suitable(m) => format!("{} does not suit (reach, stage, family or reporting line)", name(m)),
        }
    }
}

/// The one mentor of a worked period, capacity left aside.
fn supported(sight: &Sight<'_>, walk: &Walk<'_>, step: &Step<'_>, period: Period) -> Result<MentorIx, Lacks> {
    let none = if step.mentors_in(period).next().is_none() { Lacks::Any } else { Lacks::One };
    let mentor = step.mentor_in(period).ok_or(none)?;
    if !sight.case.mentors[mentor].available[period] {
        Err(Lacks::Available(mentor))
    } else if !sight.case.mentor_suits(mentor, walk.participant, step.position) {
        Err(Lacks::Suitable(mentor))
    } else {
        Ok(mentor)
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::fixture::*;

    const SAYS: &str = "Ana Ruiz in 2028-Q1 (Area manager at Leipzig): ";

    fn two_periods() -> Tiny {
        Tiny::new().place(ANA, AREA_LEIPZIG, 0, 2)
    }

    #[test]
    fn exactly_one_mentor() {
        two_periods().mentored(ANA, 0, 2).keeps("mentoring");
        two_periods().breaks("mentoring", 2.0, &format!("{SAYS}no mentor"));
        two_periods().mentored(ANA, 0, 1).mentored(ANA, 0, 2).keeps("mentoring");
        let second = two_periods().mentored(ANA, 0, 2).alter(|c| {
            let other = c.mentors[ix(0)].clone();
            c.mentors.push(other);
        });
        second.mentored_by(ANA, 1, 0, 1).breaks("mentoring", 1.0, &format!("{SAYS}more than one mentor"));
    }

    #[test]
    fn the_mentor_is_there_and_suits() {
        let plan = two_periods().mentored(ANA, 0, 2);
        plan.clone().alter(|c| c.mentors[ix(0)].available[ix(0)] = false).breaks("mentoring", 1.0, &format!("{SAYS}Mia Voss is not available"));
        let managed = plan.clone().alter(|c| c.positions[ix(AREA_LEIPZIG)].manager = Some(ix(2)));
        managed.breaks("mentoring", 2.0, &format!("{SAYS}Mia Voss does not suit (reach, stage, family or reporting line)"));
        let full = plan.place(BO, OPS_LEIPZIG, 1, 3).mentored(BO, 1, 3);
        full.clone().breaks("mentoring", 1.0, "Mia Voss in 2028-Q2: 2 mentees, room for 1 (Ana Ruiz and Bo Chen)");
        full.clone().alter(|c| c.mentors[ix(0)].capacity[ix(1)] = 0).breaks(
            "mentoring",
            2.0,
            "Mia Voss in 2028-Q2: 2 mentees, room for 0 (Ana Ruiz and Bo Chen)",
        );
        full.alter(|c| c.mentors[ix(0)].capacity[ix(1)] = 2).keeps("mentoring");
    }
}
