//! A technical academy, in months: bootcamp, residency, apprenticeship, engineer.

use super::{
    Aim, Clause, Course, Habits, Intake, Job, Programme, Starts, at_least, breadth, each, hub, ids, job, kind, number, off, rules, rung, soft, with,
    word,
};
use crate::io::raw::{Each, Limits, Of, RuleEntry, Unit};

/// The programme.
pub(super) fn programme() -> Programme {
    let hands_on = Of { stages: Some(ids(&["residency", "apprentice", "engineer"])), kinds: Some(ids(&["engineering"])), ..Of::default() };
    let limits = |max| Some(Limits { min: None, max: Some(max) });
    let aim =
        |id, name, competency, level, role| Aim { id, name, requires: vec![(competency, level), ("engineer", 1)], experience: vec![vec![role]] };
    Programme {
        currency: "USD",
        start: "2028-01-01",
        unit: Unit::Month,
        periods: 15,
        zones: &["in", "eu", "us", "br", "uk"],
        work_permits: true,
        clearance: None,
        kinds: vec![hub("classroom", "Academy"), kind("engineering", "Engineering Campus"), kind("operations", "Operations Centre")],
        pattern: &[0, 1, 2, 1],
        competencies: vec![
            ("coding", "Coding", 3),
            ("data", "Data", 3),
            ("systems", "Systems", 3),
            ("security", "Security", 2),
            ("product", "Knows the product", 1),
            ("engineer", "Works as an engineer", 1),
        ],
        dimensions: DIMENSIONS.to_vec(),
        stages: vec![
            rung("foundation", "Bootcamp", (1, 1), (2, 2)),
            rung("residency", "Residency", (1, 2), (2, 5)),
            rung("apprentice", "Apprentice", (1, 1), (2, 4)),
            rung("engineer", "Engineer", (1, 1), (3, 5)),
        ],
        roles: roles(),
        track: Course {
            id: "academy",
            name: "Technical academy",
            length: 11,
            entry: 0.0,
            staged: true,
            curriculum: vec![
                Clause { of: Some(hands_on), periods: at_least(4), ..Clause::default() },
                Clause { placements: limits(4), periods: limits(12), ..each(Each::Family) },
                Clause { periods: limits(11), ..each(Each::Region) },
            ],
            capstone: vec!["swe", "de", "sre", "sec"],
            breadth: breadth(0, 2),
        },
        targets: vec![
            aim("t-swe", "Software engineer", "coding", 3, "swe"),
            aim("t-de", "Data engineer", "data", 3, "de"),
            aim("t-sre", "Reliability engineer", "systems", 3, "sre"),
            aim("t-sec", "Security engineer", "security", 2, "sec"),
        ],
        intake: Intake { first: 0, gap: 3, late: false },
        relocation: (400.0, 0.8, 60.0),
        steps: Some((0.5, 4.0, 2.5)),
        habits: Habits { moves: 3, ..Habits::default() },
        rules: rules(vec![
            ("relocation", soft(0.01)),
            ("peers", off()),
            ("stretch", with(with(RuleEntry::default(), "max_step", number(4.0)), "ideal_step", number(2.5))),
            ("preference", with(soft(30.0), "per", word("placement"))),
        ]),
    }
}

const DIMENSIONS: &[(&str, f64)] = &[("theory", 0.5), ("code", 1.0)];

fn roles() -> Vec<Job> {
    let role = |id, name, stage, family, scores: [f64; 2], duration| job(id, name, stage, family, 0.0, duration).demands(DIMENSIONS, &scores);
    let boot = |id, name, family, scores, gives| {
        role(id, name, "foundation", family, scores, (2, 2)).gives(&[(gives, 1)]).starts(Starts::After(&[0])).at(&["classroom"])
    };
    let resident = |id, name, family, scores| role(id, name, "residency", family, scores, (2, 3));
    let apprentice = |id, name, family, scores| role(id, name, "apprentice", family, scores, (2, 4)).at(&["engineering"]);
    let engineer = |id, name, family, scores| role(id, name, "engineer", family, scores, (3, 5)).gives(&[("engineer", 1)]).at(&["engineering"]);
    vec![
        boot("boot-web", "Bootcamp: Web Programming", "software", [1.0, 1.0], "coding"),
        boot("boot-data", "Bootcamp: Data and SQL", "data", [2.0, 0.75], "data"),
        boot("boot-ops", "Bootcamp: Linux and Networks", "cloud", [1.5, 0.5], "systems"),
        resident("support-desk", "Support Desk Residency", "cloud", [1.0, 2.0]).needs(&[("systems", 1)]).gives(&[("systems", 2), ("product", 1)]),
        resident("test-automation", "Test Automation Residency", "software", [1.0, 3.0])
            .needs(&[("coding", 1)])
            .gives(&[("coding", 2), ("product", 1)]),
        resident("report-factory", "Reporting Residency", "data", [2.0, 2.0]).needs(&[("data", 1)]).gives(&[("data", 2), ("product", 1)]),
        resident("incident-desk", "Incident Response Residency", "security", [2.0, 3.0])
            .needs(&[("systems", 1)])
            .gives(&[("systems", 2), ("security", 1)])
            .intense(0.8),
        apprentice("feature-team", "Feature Team Apprentice", "software", [2.0, 4.0])
            .needs(&[("coding", 1), ("product", 1)])
            .gives(&[("coding", 3)])
            .not_right_after(&["support-desk"]),
        apprentice("pipeline-team", "Data Pipeline Apprentice", "data", [3.0, 4.0]).needs(&[("data", 2)]).gives(&[("data", 3), ("coding", 1)]),
        apprentice("platform-team", "Platform Apprentice", "cloud", [3.0, 5.0]).needs(&[("systems", 2)]).gives(&[("systems", 3), ("coding", 1)]),
        apprentice("blue-team", "Security Apprentice", "security", [4.0, 4.0])
            .needs(&[("security", 1)])
            .gives(&[("security", 2), ("systems", 3)])
            .intense(0.9),
        engineer("swe", "Software Engineer I", "software", [4.0, 6.0]).needs(&[("coding", 3)]).after(&[&["boot-web"], &["feature-team"]]),
        engineer("de", "Data Engineer I", "data", [5.0, 5.5]).needs(&[("data", 3)]).after(&[&["pipeline-team"]]),
        engineer("sre", "Site Reliability Engineer I", "cloud", [5.0, 6.5])
            .needs(&[("systems", 3)])
            .after(&[&["platform-team", "blue-team"]])
            .intense(0.9),
        engineer("sec", "Security Engineer I", "security", [6.0, 6.0]).needs(&[("security", 2)]).intense(0.8),
    ]
}
