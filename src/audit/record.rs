//! What someone has completed so far: roles, and the levels that these developed.

use std::collections::BTreeSet;

use super::{Step, Walk, among};
use crate::domain::{Case, CompetencyIx, Levels, RoleIx};

/// Roles completed and levels held at some moment of a path.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    roles: BTreeSet<RoleIx>,
    levels: Levels,
}

/// What is missing of levels and groups of roles.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gaps<'c> {
    levels: Vec<(CompetencyIx, u32, u32)>,
    groups: Vec<&'c [RoleIx]>,
}

impl Record {
    /// What is held as the plan begins: history, and `current` if the path does not go on with it and it was long enough.
    pub(crate) fn opening(case: &Case, walk: &Walk<'_>) -> Self {
        let person = &case.participants[walk.participant];
        let mut record = Self { roles: BTreeSet::new(), levels: person.competencies.clone() };
        for past in &person.history {
            record.complete(case, past.role);
        }
        let ended = person.current.filter(|_| !walk.continues());
        if let Some(current) = ended.filter(|c| c.worked >= case.role(c.position).duration.min) {
            record.complete(case, case.positions[current.position].role);
        }
        record
    }

    /// What is held when the path ends.
    pub(crate) fn closing(case: &Case, walk: &Walk<'_>) -> Self {
        let mut record = Self::opening(case, walk);
        for step in &walk.steps {
            record.add(case, step);
        }
        record
    }

    /// The level held of a competency.
    pub(crate) fn level(&self, competency: CompetencyIx) -> u32 {
        self.levels.get(&competency).copied().unwrap_or(0)
    }

    /// Notes the end of a placement: it counts if it was completed.
    pub(crate) fn add(&mut self, case: &Case, step: &Step<'_>) {
        if step.completed {
            self.complete(case, case.positions[step.position].role);
        }
    }

    fn complete(&mut self, case: &Case, role: RoleIx) {
        self.roles.insert(role);
        for (competency, level) in &case.roles[role].develops {
            let held = self.levels.entry(*competency).or_default();
            *held = (*held).max(*level);
        }
    }

    /// Whether completing this role would meet a group of which nothing is completed yet.
    pub(crate) fn would_meet(&self, group: &[RoleIx], role: RoleIx) -> bool {
        group.contains(&role) && !group.iter().any(|other| self.roles.contains(other))
    }

    /// What is missing of these levels, and of one completed role in each of these groups.
    pub(crate) fn gaps<'c>(&self, levels: &Levels, groups: &'c [Vec<RoleIx>]) -> Gaps<'c> {
        let held = |c: &CompetencyIx| self.level(*c);
        Gaps {
            levels: levels.iter().map(|(c, asked)| (*c, held(c), *asked)).filter(|(_, held, asked)| held < asked).collect(),
            groups: groups.iter().map(Vec::as_slice).filter(|group| !group.iter().any(|role| self.roles.contains(role))).collect(),
        }
    }

    /// What is missing of someone's target; `None` without a target.
    pub(crate) fn target_gaps<'c>(case: &'c Case, walk: &Walk<'_>) -> Option<Gaps<'c>> {
        let target = &case.targets[case.participants[walk.participant].target?];
        Some(Self::closing(case, walk).gaps(&target.requires, &target.experience))
    }
}

impl Gaps<'_> {
    /// Levels and groups missing.
    pub(crate) fn amount(&self) -> f64 {
        self.levels.iter().map(|(_, held, asked)| f64::from(asked - held)).sum::<f64>() + self.groups.len() as f64
    }

    /// In words.
    pub(crate) fn words(&self, case: &Case) -> String {
        let levels = self.levels.iter().map(|(c, held, asked)| format!("{} at level {asked} (held: {held})", case.competencies[*c].named.name));
        let groups = self.groups.iter().map(|g| match g {
            [] => "a completed role of an empty list".to_owned(),
            [one] => format!("{} completed", case.roles[*one].named.name),
            _ => format!("one of {} completed", among(g.iter().map(|r| case.roles[*r].named.name.as_str()), "or")),
        });
        levels.chain(groups).collect::<Vec<_>>().join("; ")
    }
}
