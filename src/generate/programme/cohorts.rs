//! Overlapping cohorts under way on a two-year track, in quarters: history, current placements, leave, pins, a published plan.

use super::{
    Aim, Clause, Course, Habits, Intake, Job, Programme, at_most, breadth, each, hard, job, kind, number, off, rules, rung, soft, with, word,
};
use crate::io::raw::{Each, Unit};

/// The programme.
pub(super) fn programme() -> Programme {
    let aim = |id, name, requires, experience| Aim { id, name, requires, experience };
    Programme {
        currency: "CAD",
        start: "2027-01-01",
        unit: Unit::Quarter,
        periods: 10,
        zones: &["ca", "us", "mx", "uk", "au"],
        work_permits: true,
        clearance: None,
        kinds: vec![kind("yard", "Yard"), kind("control", "Control Centre"), kind("port", "Port Terminal")],
        pattern: &[0, 1, 2, 0],
        competencies: vec![
            ("safety", "Safety", 1),
            ("people", "People", 3),
            ("assets", "Assets", 3),
            ("network", "Network", 3),
            ("budget", "Budget", 1),
        ],
        dimensions: Vec::new(),
        stages: vec![
            rung("supervisor", "Supervisor", (1, 2), (2, 4)),
            rung("superintendent", "Superintendent", (1, 2), (2, 4)),
            rung("director", "Director", (1, 1), (2, 3)),
        ],
        roles: roles(),
        track: Course {
            id: "rail",
            name: "Two-year railway leadership",
            length: 8,
            entry: 0.5,
            staged: true,
            curriculum: vec![Clause { periods: at_most(8), ..each(Each::Site) }],
            capstone: vec!["cap-dir", "region-dir", "network-dir"],
            breadth: breadth(2, 2),
        },
        targets: vec![
            aim("line", "Vice-president, line operations", vec![("people", 3), ("budget", 1)], vec![vec!["region-dir"]]),
            aim("net", "Vice-president, network", vec![("network", 3), ("budget", 1)], vec![vec!["control-supt", "desk-sup"], vec!["network-dir"]]),
            aim("asset", "Vice-president, assets", vec![("assets", 3), ("budget", 1)], Vec::new()),
        ],
        intake: Intake { first: -5, gap: 2, late: false },
        relocation: (3000.0, 2.0, 60.0),
        steps: Some((1.0, 4.0, 2.0)),
        habits: Habits { leave: 15, pins: 6, baseline: true, moves: 3, carried: true, ..Habits::default() },
        rules: rules(vec![
            ("harder-than-last", with(hard(), "min_step", number(1.0))),
            ("stability", soft(25.0)),
            ("fairness", with(with(soft(8.0), "over", word("all")), "of", word("total"))),
            ("peers", off()),
            ("arrivals", hard()),
            ("housing", soft(15.0)),
        ]),
    }
}

fn roles() -> Vec<Job> {
    let supervisor = |id, name, family, difficulty, shortest| job(id, name, "supervisor", family, difficulty, (shortest, 3));
    let superintendent = |id, name, family, difficulty| job(id, name, "superintendent", family, difficulty, (2, 4));
    let director = |id, name, family, difficulty| job(id, name, "director", family, difficulty, (2, 3));
    let (yards, control): (&[_], &[_]) = (&["yard", "port"], &["control"]);
    vec![
        supervisor("yard-sup", "Yard Supervisor", "yards", 2.5, 1).gives(&[("safety", 1)]).at(yards),
        supervisor("track-sup", "Track Supervisor", "engineering", 3.0, 1).gives(&[("assets", 1)]),
        supervisor("crew-sup", "Crew Supervisor", "yards", 4.0, 1).gives(&[("safety", 1), ("people", 1)]).at(yards),
        supervisor("desk-sup", "Dispatch Desk Supervisor", "control", 4.5, 2)
            .gives(&[("safety", 1), ("people", 1), ("network", 1)])
            .intense(0.8)
            .at(control),
        superintendent("ops-supt", "Superintendent, Operations", "yards", 6.5)
            .needs(&[("safety", 1)])
            .gives(&[("people", 2), ("network", 1)])
            .at(yards),
        superintendent("eng-supt", "Superintendent, Engineering", "engineering", 7.0).gives(&[("assets", 2), ("people", 1)]),
        superintendent("control-supt", "Superintendent, Train Control", "control", 8.0)
            .needs(&[("people", 1)])
            .gives(&[("network", 2), ("people", 2)])
            .intense(0.8)
            .at(control),
        director("cap-dir", "Director, Capital Works", "engineering", 9.5).needs(&[("people", 1)]).gives(&[("assets", 3), ("budget", 1)]).seen(0.7),
        director("region-dir", "Regional Director", "yards", 10.5).needs(&[("people", 2)]).gives(&[("people", 3), ("budget", 1)]).seen(0.9),
        director("network-dir", "Director, Network Operations", "control", 11.0)
            .needs(&[("network", 1)])
            .gives(&[("network", 3), ("budget", 1)])
            .seen(1.0)
            .at(control),
    ]
}
