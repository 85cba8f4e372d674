//! Why a placement: what speaks for it, and what against. Letters and the report say the same.
//!
//! These are facts about the placement and the path, not a claim that nothing else was possible: for that `rungs explain why`
//! solves again. The sentences name nobody, so that they read alike in a letter to someone and in a page about them.

use crate::audit::{Record, Step, Walk};
use crate::domain::{Before, Case, GroupKind, Mode, ParticipantIx, Plan, Policy, PositionIx};
use crate::words::excess;

use super::paths::Stop;
use super::text::{level, list, signed};

/// What speaks for one placement.
#[derive(Debug, Default)]
pub(crate) struct Why {
    /// The levels that it brings beyond what is held: competency and level.
    pub(crate) develops: Vec<(String, u32)>,
    /// What of it the person's target asks for.
    pub(crate) for_target: Vec<String>,
    /// The person's own ratings of it: of what, and the score.
    pub(crate) wishes: Vec<(String, f64)>,
    /// All of it as sentences.
    pub(crate) said: Vec<String>,
}

/// What speaks for each placement of a walk, whose stops are given. Linear in placements, and in the members of the person's
/// groups and their placements.
pub(crate) fn whys(case: &Case, policy: &Policy, plan: &Plan, walk: &Walk<'_>, stops: &[Stop<'_>]) -> Vec<Why> {
    let p = walk.participant;
    let reasons = Reasons { case, policy, plan, walk, p, ratings: case.rating_range(p) };
    let mut held = Record::opening(case, walk);
    let mut whys = Vec::with_capacity(walk.steps.len());
    for (i, (step, stop)) in walk.steps.iter().zip(stops).enumerate() {
        whys.push(reasons.why(i, stop, &held));
        held.add(case, step);
    }
    whys
}

struct Reasons<'a> {
    case: &'a Case,
    policy: &'a Policy,
    plan: &'a Plan,
    walk: &'a Walk<'a>,
    p: ParticipantIx,
    /// The least and the highest rating of any position.
    ratings: (f64, f64),
}

impl Reasons<'_> {
    fn why(&self, i: usize, stop: &Stop<'_>, held: &Record) -> Why {
        let step = &self.walk.steps[i];
        let mut why = Why { wishes: self.wishes(step.position), ..Why::default() };
        if step.completed {
            self.gains(&mut why, step.position, held);
        }
        let sentences = [
            step.continues.then(|| "It goes on with the current placement.".to_owned()),
            stop.pinned.then(|| "It was fixed before the plan was made.".to_owned()),
            (!step.continues).then(|| self.stepping(step, stop.step)),
            self.wished(&why.wishes, step.position),
            self.developing(&why.develops),
            self.serving(&why.for_target),
            self.opening(i, held).map(|later| format!("{later} asks for it beforehand.")),
            self.ends_the_track(i).then(|| "It is a last placement that the track asks for.".to_owned()),
            self.near(step),
            self.is_needed(step).then(|| "The business needs people in this position.".to_owned()),
        ];
        why.said = sentences.into_iter().flatten().collect();
        why
    }

    fn stepping(&self, step: &Step<'_>, size: f64) -> String {
        let stretch = self.policy.named("stretch");
        let ideal = if stretch.on() { format!(" (ideal: {})", level(stretch.number("ideal_step"))) } else { String::new() };
        let before = match step.before {
            Before::Placement(position) => self.case.role(position).named.name.as_str(),
            Before::Start => match self.case.participants[self.p].current {
                Some(current) => self.case.role(current.position).named.name.as_str(),
                None => "what was mastered before",
            },
        };
        let by = level(size.abs());
        match size {
            s if s > 1e-9 => format!("It is {by} harder than {before}{ideal}."),
            s if s < -1e-9 => format!("It is {by} easier than {before}{ideal}."),
            _ => format!("It is as hard as {before}{ideal}."),
        }
    }

    /// What the person's own ratings say of a position.
    fn wishes(&self, position: PositionIx) -> Vec<(String, f64)> {
        let (case, ratings) = (self.case, &self.case.participants[self.p].ratings);
        let (role_ix, site_ix) = (case.positions[position].role, case.positions[position].site);
        let (role, site) = (&case.roles[role_ix], &case.sites[site_ix]);
        let all = [
            ratings.roles.get(&role_ix).map(|score| (&role.named.name, score)),
            role.family.and_then(|f| Some((&case.families[f], ratings.families.get(&f)?))),
            ratings.sites.get(&site_ix).map(|score| (&site.named.name, score)),
            site.region.and_then(|r| Some((&case.regions[r], ratings.regions.get(&r)?))),
            site.kind.and_then(|k| Some((&case.kinds[k], ratings.kinds.get(&k)?))),
        ];
        all.into_iter().flatten().filter(|(_, score)| **score != 0.0).map(|(what, score)| (what.clone(), *score)).collect()
    }

    /// How the placement stands to wishes; nothing where all positions are rated alike.
    fn wished(&self, wishes: &[(String, f64)], position: PositionIx) -> Option<String> {
        let (lo, hi) = self.ratings;
        let rating = self.case.rating(self.p, position);
        if excess(hi, lo) == 0.0 {
            return None;
        }
        let some = |sign: f64| {
            let those = wishes.iter().filter(|(_, score)| score * sign > 0.0).map(|(what, score)| format!("{what} {}", signed(*score)));
            Some(list(&those.collect::<Vec<_>>())).filter(|names| !names.is_empty())
        };
        let (liked, disliked) = (some(1.0), some(-1.0));
        let beginning = match (liked, disliked) {
            (Some(liked), None) => format!("Wished for: {liked}"),
            (None, Some(disliked)) => format!("Against a wish: {disliked}"),
            (Some(liked), Some(disliked)) => format!("Wished for: {liked}, but against a wish: {disliked}"),
            (None, None) => "Neither wished for nor against".to_owned(),
        };
        Some(match rating {
            r if excess(hi, r) == 0.0 => format!("{beginning}; no position is rated higher."),
            r if excess(r, lo) == 0.0 => format!("{beginning}; no position is rated lower, the best {}.", signed(hi)),
            r => format!("{beginning}; rated {}, the best {}, the least {}.", signed(r), signed(hi), signed(lo)),
        })
    }

    /// Levels beyond what is held, and what of the placement the person's target asks for.
    fn gains(&self, why: &mut Why, position: PositionIx, held: &Record) {
        let (case, role) = (self.case, self.case.positions[position].role);
        let target = case.participants[self.p].target.map(|t| &case.targets[t]);
        for (competency, to) in case.roles[role].develops.iter().filter(|(c, to)| held.level(**c) < **to) {
            let name = &case.competencies[*competency].named.name;
            why.develops.push((name.clone(), *to));
            let asked = target.and_then(|t| t.requires.get(competency)).copied().unwrap_or(0);
            if held.level(*competency) < asked {
                let of = if *to < asked { format!(" of {asked}") } else { String::new() };
                why.for_target.push(format!("{name} at level {}{of}", asked.min(*to)));
            }
        }
        if target.is_some_and(|t| t.experience.iter().any(|group| held.would_meet(group, role))) {
            why.for_target.push(format!("the experience of {}", case.roles[role].named.name));
        }
    }

    fn developing(&self, develops: &[(String, u32)]) -> Option<String> {
        let levels: Vec<String> = develops.iter().map(|(what, to)| format!("{what} to level {to}")).collect();
        (!levels.is_empty()).then(|| format!("It develops {}.", list(&levels)))
    }

    fn serving(&self, for_target: &[String]) -> Option<String> {
        let target = &self.case.targets[self.case.participants[self.p].target?].named.name;
        (!for_target.is_empty()).then(|| format!("{target} asks for it: {}.", list(for_target)))
    }

    /// The first placement to come that asks for this one to be completed before.
    fn opening(&self, i: usize, held: &Record) -> Option<&str> {
        let step = &self.walk.steps[i];
        let own = self.case.positions[step.position].role;
        let later = self.walk.steps[i + 1..].iter().map(|later| self.case.role(later.position)).filter(|_| step.completed);
        later.into_iter().find(|role| role.after.iter().any(|group| held.would_meet(group, own))).map(|role| role.named.name.as_str())
    }

    fn ends_the_track(&self, i: usize) -> bool {
        let role = self.case.positions[self.walk.steps[i].position].role;
        let track = &self.case.tracks[self.case.participants[self.p].track];
        self.walk.finished && i + 1 == self.walk.steps.len() && track.capstone.contains(&role)
    }

    /// Members of the person's groups who are to work near them, and do.
    fn near(&self, step: &Step<'_>) -> Option<String> {
        if self.policy.named("together").mode == Mode::Off {
            return None;
        }
        let (case, site) = (self.case, self.case.positions[step.position].site);
        let mut names = Vec::new();
        for group in case.groups.rows().iter().filter(|g| g.kind == GroupKind::Together && g.members.contains(&self.p)) {
            for other in group.members.iter().filter(|other| **other != self.p) {
                let near = self.plan.paths[*other].iter().any(|theirs| {
                    let overlap = theirs.from < step.placement.until && step.placement.from < theirs.until;
                    overlap && case.within(case.positions[theirs.position].site, site, group.within)
                });
                let name = &case.participants[*other].named.name;
                if near && !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        (!names.is_empty()).then(|| format!("It keeps a group together: {} nearby.", are(&names)))
    }

    fn is_needed(&self, step: &Step<'_>) -> bool {
        let position = &self.case.positions[step.position];
        step.worked(self.walk.timeline).any(|t| position.open[t] && position.demand[t] > 0)
    }
}

fn are(names: &[String]) -> String {
    format!("{} {}", list(names), if names.len() == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests {
    use super::super::paths::stops;
    use super::*;
    use crate::io::read_plan;
    use crate::words::Index;

    /// Ana climbs from one role to the other, wishes for it, and is to be near Bo.
    const INSTANCE: &str = r#"{"format": "rungs/1", "calendar": {"start": "2027-01-01", "unit": "quarter", "count": 4},
      "competencies": [{"id": "people", "name": "Leading people", "levels": 5}],
      "stages": [{"id": "am", "name": "Area manager"}, {"id": "om", "name": "Operations manager"}],
      "roles": [
        {"id": "am", "name": "Inbound", "stage": "am", "family": "fulfilment", "difficulty": 2, "develops": {"people": 2}},
        {"id": "om", "name": "Shift", "stage": "om", "difficulty": 5, "after": [["am"]], "develops": {"people": 3}}],
      "sites": [{"id": "cork", "name": "Cork"}, {"id": "lodz", "name": "Łódź"}],
      "positions": [{"id": "am@cork", "role": "am", "site": "cork", "seats": 2, "demand": [0, 1, 0, 0]}, {"id": "om@cork", "role": "om", "site": "cork"},
        {"id": "om@lodz", "role": "om", "site": "lodz"}],
      "tracks": [{"id": "t", "length": 4, "entry_level": 3, "capstone": ["om"]}],
      "targets": [{"id": "gm", "name": "Site manager", "requires": {"people": 3}, "experience": [["om"]]}],
      "cohorts": [{"id": "c", "track": "t", "start": 0}],
      "participants": [
        {"id": "ana", "name": "Ana", "cohort": "c", "target": "gm",
          "ratings": {"families": {"fulfilment": 1}, "sites": {"lodz": -2, "cork": 1}, "roles": {"om": -0.5}}},
        {"id": "bo", "name": "Bo", "cohort": "c"}],
      "groups": [{"id": "g", "members": ["ana", "bo"], "kind": "together"}]}"#;
    const PLAN: &str = r#"{"placements": [{"participant": "ana", "position": "am@cork", "from": 0, "until": 2},
      {"participant": "ana", "position": "om@lodz", "from": 2, "until": 4}, {"participant": "bo", "position": "am@cork", "from": 1, "until": 3}]}"#;

    #[test]
    fn what_speaks_for_a_placement_and_against_it_is_said() {
        let taken = crate::intake::intake(INSTANCE.as_bytes()).expect("an instance");
        let plan = read_plan(PLAN.as_bytes(), &taken.case).expect("a plan").plan;
        let ana = ParticipantIx::new(0);
        let walk = Walk::new(&taken.case, ana, &plan.paths[ana]);
        let whys = whys(&taken.case, &taken.policy, &plan, &walk, &stops(&taken.case, &plan, ana));
        let first = [
            "It is 1.0 easier than what was mastered before (ideal: 2.0).",
            "Wished for: fulfilment +1 and Cork +1; no position is rated higher.",
            "It develops Leading people to level 2.",
            "Site manager asks for it: Leading people at level 2 of 3.",
            "Shift asks for it beforehand.",
            "It keeps a group together: Bo is nearby.",
            "The business needs people in this position.",
        ];
        assert_eq!(whys[0].said, first);
        let second = [
            "It is 3.0 harder than Inbound (ideal: 2.0).",
            "Against a wish: Shift −0.5 and Łódź −2; no position is rated lower, the best +2.",
            "It develops Leading people to level 3.",
            "Site manager asks for it: Leading people at level 3 and the experience of Shift.",
            "It is a last placement that the track asks for.",
        ];
        assert_eq!(whys[1].said, second);
    }
}
