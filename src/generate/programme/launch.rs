//! A seven-week graduate launch: two weeks of workshop, two sites for two weeks each, a week of presentations.

use super::{
    Clause, Course, Habits, Intake, Job, Programme, Starts, at_most, breadth, each, hub, job, kind, listed, number, off, rules, rung, soft, with,
    word,
};
use crate::io::raw::{Each, Mode, RuleEntry, Unit};

/// The programme.
pub(super) fn programme() -> Programme {
    Programme {
        currency: "EUR",
        start: "2027-09-06",
        unit: Unit::Week,
        periods: 7,
        zones: &["eu", "us", "uk", "in", "mx"],
        work_permits: true,
        clearance: None,
        kinds: vec![
            hub("campus", "Launch Campus"),
            kind("fulfilment", "Fulfilment Centre"),
            kind("delivery", "Delivery Station"),
            kind("transport", "Cross-Dock"),
        ],
        pattern: &[0, 1, 2, 3, 1, 2, 3],
        competencies: vec![("safety", "Site safety", 1), ("floor", "Knows the floor", 1), ("lead", "Has led a team", 1)],
        dimensions: Vec::new(),
        stages: vec![
            rung("induction", "Workshop", (1, 1), (2, 2)),
            rung("site", "On site", (2, 2), (4, 4)),
            rung("closing", "Closing week", (1, 1), (1, 1)),
        ],
        roles: roles(),
        track: Course {
            id: "launch",
            name: "Seven-week launch",
            length: 7,
            entry: 0.0,
            staged: true,
            curriculum: vec![Clause { periods: at_most(3), ..each(Each::Site) }],
            capstone: vec!["presentation"],
            breadth: breadth(3, 3),
        },
        targets: Vec::new(),
        intake: Intake { first: 0, gap: 7, late: false },
        relocation: (80.0, 0.3, 40.0),
        steps: Some((0.5, 2.0, 1.0)),
        habits: Habits { leave: 0, moves: 3, housing: 55, arrivals: 30, ..Habits::default() },
        rules: rules(vec![
            ("relocation", soft(0.01)),
            (
                "stretch",
                with(
                    with(RuleEntry { mode: Some(Mode::Hard), weight: Some(1.0), ..RuleEntry::default() }, "max_step", number(2.0)),
                    "ideal_step",
                    number(1.0),
                ),
            ),
            ("peers", off()),
            ("fairness", with(with(with(soft(5.0), "counts", listed(&["preference", "relocation"])), "of", word("total")), "over", word("cohort"))),
        ]),
    }
}

fn roles() -> Vec<Job> {
    let shadow = |id, name, family, difficulty| {
        job(id, name, "site", family, difficulty, (2, 2)).starts(Starts::After(&[2])).needs(&[("safety", 1)]).gives(&[("floor", 1)])
    };
    let lead = |id, name, family, difficulty| {
        job(id, name, "site", family, difficulty, (2, 2)).starts(Starts::After(&[4])).needs(&[("floor", 1)]).gives(&[("lead", 1)])
    };
    vec![
        job("workshop", "Launch Workshop", "induction", "learning", 1.0, (2, 2)).starts(Starts::After(&[0])).gives(&[("safety", 1)]).at(&["campus"]),
        shadow("shadow-shift", "Shadow a Shift Lead", "fulfilment", 2.0).at(&["fulfilment"]),
        shadow("shadow-routes", "Shadow a Route Planner", "delivery", 2.5).at(&["delivery"]),
        shadow("shadow-yard", "Shadow a Yard Marshal", "transport", 2.5).at(&["transport"]),
        lead("lead-line", "Lead a Line", "fulfilment", 3.5).intense(0.6).at(&["fulfilment"]),
        lead("lead-dispatch", "Lead a Dispatch Wave", "delivery", 4.0).intense(0.8).at(&["delivery"]),
        lead("lead-dock", "Lead a Dock", "transport", 4.0).intense(0.6).at(&["transport"]),
        job("presentation", "Team Presentation Week", "closing", "learning", 5.0, (1, 1))
            .starts(Starts::After(&[6]))
            .needs(&[("lead", 1)])
            .at(&["campus"]),
    ]
}
