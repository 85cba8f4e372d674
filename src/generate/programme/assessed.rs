//! A two-year rotation with an assessment halfway, an executive mentor, and a capstone.

use super::{
    Aim, Clause, Course, Habits, Intake, Job, Programme, Starts, at_most, breadth, each, hard, hub, job, kind, number, of_roles, off, rules, rung,
    soft, with, word,
};
use crate::io::raw::{Each, Limits, RuleEntry, Unit};

/// The programme.
pub(super) fn programme() -> Programme {
    let weight = |weight: f64| RuleEntry { weight: Some(weight), ..RuleEntry::default() };
    Programme {
        currency: "EUR",
        start: "2027-09-01",
        unit: Unit::Month,
        periods: 26,
        zones: &["eu", "uk", "ca", "us", "in"],
        work_permits: true,
        clearance: Some(("defence-clearance", 15)),
        kinds: vec![
            hub("academy", "Leadership Academy"),
            kind("assembly", "Assembly"),
            kind("factory", "Factory"),
            kind("engineering", "Engineering Centre"),
        ],
        pattern: &[0, 1, 2, 3, 1, 2, 3, 1, 2, 3],
        competencies: vec![
            ("shopfloor", "Shop floor", 3),
            ("analysis", "Cost and analysis", 3),
            ("commercial", "Commercial", 3),
            ("people", "Leading people", 3),
            ("assessed", "Passed the assessment", 1),
        ],
        dimensions: Vec::new(),
        stages: vec![
            rung("foundation", "Foundation rotations", (2, 2), (9, 12)),
            rung("assessment", "Assessment", (1, 1), (1, 1)),
            rung("advanced", "Advanced rotation", (1, 1), (5, 6)),
            rung("capstone", "Capstone", (1, 1), (5, 8)),
        ],
        roles: roles(),
        track: Course {
            id: "assessed",
            name: "Two-year assessed rotation",
            length: 24,
            entry: 1.0,
            staged: true,
            curriculum: vec![
                Clause { placements: Some(Limits { min: Some(1), max: Some(1) }), ..of_roles(&["assessment"]) },
                Clause { periods: at_most(18), ..each(Each::Region) },
                Clause { placements: at_most(3), ..each(Each::Site) },
            ],
            capstone: vec!["cap-factory", "cap-programme"],
            breadth: breadth(4, 3),
        },
        targets: vec![
            Aim {
                id: "factory-head",
                name: "Head of a factory",
                requires: vec![("shopfloor", 3), ("people", 3)],
                experience: vec![vec!["cap-factory"]],
            },
            Aim {
                id: "programme-head",
                name: "Head of a programme",
                requires: vec![("commercial", 3), ("people", 3)],
                experience: vec![vec!["cap-programme"]],
            },
        ],
        intake: Intake { first: 0, gap: 12, late: false },
        relocation: (4000.0, 2.0, 40.0),
        steps: Some((0.5, 4.0, 2.0)),
        habits: Habits { moves: 4, housing: 15, ..Habits::default() },
        rules: rules(vec![
            ("peers", off()),
            ("breadth", weight(30.0)),
            ("readiness", weight(80.0)),
            ("visibility", with(soft(5.0), "min", number(8.0))),
            ("track", with(hard(), "minima", word("everyone"))),
            ("curriculum", with(hard(), "minima", word("finished"))),
        ]),
    }
}

fn roles() -> Vec<Job> {
    let opening = |id, name, family, difficulty| job(id, name, "foundation", family, difficulty, (5, 6)).starts(Starts::After(&[0]));
    let second = |id, name, family, difficulty| job(id, name, "foundation", family, difficulty, (4, 6));
    let advanced = |id, name, family, difficulty| job(id, name, "advanced", family, difficulty, (5, 6));
    let capstone = |id, name, family, difficulty| job(id, name, "capstone", family, difficulty, (5, 8));
    let (works, offices): (&[_], &[_]) = (&["assembly", "factory"], &["engineering", "assembly"]);
    vec![
        opening("line-improve", "Line Improvement Rotation", "manufacturing", 3.0).gives(&[("shopfloor", 2)]).at(works),
        opening("quality-audit", "Quality Audit Rotation", "quality", 3.5).gives(&[("shopfloor", 1), ("analysis", 1)]).at(works),
        opening("cost-desk", "Programme Cost Desk", "finance", 4.0).gives(&[("analysis", 2)]).at(offices),
        second("supplier", "Supplier Recovery Rotation", "supply-chain", 5.0).gives(&[("commercial", 2)]).intense(0.8),
        second("team-lead", "Shop-Floor Team Lead", "manufacturing", 5.5).needs(&[("shopfloor", 1)]).gives(&[("people", 2)]).intense(0.8).at(works),
        second("design-cell", "Design-to-Cost Cell", "engineering", 5.5).needs(&[("analysis", 1)]).gives(&[("analysis", 3)]).at(offices),
        job("assessment", "Mid-Programme Assessment", "assessment", "assessment", 6.5, (1, 1))
            .starts(Starts::After(&[9, 10, 11, 12]))
            .gives(&[("assessed", 1)])
            .seen(0.5)
            .at(&["academy"]),
        advanced("ramp-up", "Ramp-Up Manager", "manufacturing", 8.0)
            .needs(&[("assessed", 1), ("shopfloor", 1)])
            .gives(&[("people", 3), ("shopfloor", 3)])
            .intense(0.9)
            .seen(0.4)
            .at(works),
        advanced("customer-delivery", "Customer Delivery Manager", "programmes", 8.5)
            .needs(&[("assessed", 1)])
            .gives(&[("commercial", 3), ("people", 2)])
            .seen(0.6)
            .at(&["assembly", "engineering"]),
        advanced("sourcing", "Strategic Sourcing Manager", "supply-chain", 8.0)
            .needs(&[("assessed", 1), ("commercial", 1)])
            .gives(&[("commercial", 3), ("analysis", 2)])
            .seen(0.3),
        capstone("cap-factory", "Capstone: A Factory Problem", "manufacturing", 10.0)
            .after(&[&["ramp-up", "team-lead", "line-improve"], &["assessment"]])
            .gives(&[("people", 3), ("shopfloor", 3)])
            .seen(0.9)
            .at(works),
        capstone("cap-programme", "Capstone: A Programme Turnaround", "programmes", 10.5)
            .after(&[&["customer-delivery", "sourcing", "cost-desk", "design-cell"]])
            .gives(&[("commercial", 3), ("people", 3)])
            .seen(1.0)
            .at(&["assembly", "engineering"]),
    ]
}
