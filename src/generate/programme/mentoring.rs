//! A year whose placements are settled, half a year each: only mentors are to be matched.

use super::{Course, Habits, Intake, Job, Programme, Starts, hard, job, kind, off, rules, rung, soft};
use crate::io::raw::Unit;

/// The programme.
pub(super) fn programme() -> Programme {
    let ignored = ["preference", "peers", "relocation", "fairness", "breadth", "readiness", "pipeline", "demand", "intensity"];
    let mut settings = vec![("mentoring", hard()), ("pinned", hard()), ("coverage", soft(1000.0))];
    settings.extend(ignored.map(|rule| (rule, off())));
    Programme {
        currency: "USD",
        start: "2027-07-01",
        unit: Unit::Month,
        periods: 12,
        zones: &["ng", "za", "uk", "in", "eu", "us", "br"],
        work_permits: false,
        clearance: None,
        kinds: vec![kind("head-office", "Head Office"), kind("office", "Office")],
        pattern: &[0, 1, 1],
        competencies: Vec::new(),
        dimensions: Vec::new(),
        stages: vec![rung("associate", "Associate", (1, 1), (6, 6)), rung("senior", "Senior associate", (1, 1), (6, 6))],
        roles: roles(),
        track: Course {
            id: "year",
            name: "Mentored year",
            length: 12,
            entry: 1.0,
            staged: false,
            curriculum: Vec::new(),
            capstone: Vec::new(),
            breadth: None,
        },
        targets: Vec::new(),
        intake: Intake { first: 0, gap: 6, late: false },
        relocation: (0.0, 0.0, 50.0),
        steps: Some((0.5, 4.0, 2.0)),
        habits: Habits { leave: 0, all_pinned: true, housing: 0, arrivals: 0, wishes: false, ..Habits::default() },
        rules: rules(settings),
    }
}

fn roles() -> Vec<Job> {
    let role = |id, name, stage, family, difficulty| job(id, name, stage, family, difficulty, (6, 6));
    vec![
        role("analyst", "Analyst", "associate", "lending", 3.0).starts(Starts::After(&[0])),
        role("officer", "Relationship Officer", "associate", "lending", 3.5),
        role("ops-analyst", "Operations Analyst", "associate", "operations", 3.0),
        role("data-analyst", "Data Analyst", "associate", "technology", 3.5),
        role("senior-officer", "Senior Relationship Officer", "senior", "lending", 5.5),
        role("product", "Product Manager", "senior", "technology", 6.0),
        role("branch-ops", "Branch Operations Manager", "senior", "operations", 5.5),
    ]
}
