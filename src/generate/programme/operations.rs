//! A three-year operations pathway, in quarters: area manager, operations manager, site leader.

use super::{
    Aim, Course, Habits, Intake, Job, Programme, Starts, at_least, at_most, breadth, each, job, kind, of_families, of_kinds, off, rules, rung,
};
use crate::io::raw::{Each, Unit};

/// The programme.
pub(super) fn programme() -> Programme {
    Programme {
        currency: "USD",
        start: "2027-01-01",
        unit: Unit::Quarter,
        periods: 12,
        zones: &["us", "eu", "uk", "in", "mx", "ca", "br", "jp"],
        work_permits: true,
        clearance: None,
        kinds: vec![kind("fulfilment", "Fulfilment Centre"), kind("delivery", "Delivery Station"), kind("transport", "Cross-Dock")],
        pattern: &[0, 1, 2],
        competencies: vec![
            ("people", "Leading people", 4),
            ("lean", "Process improvement", 4),
            ("safety", "Safety", 3),
            ("planning", "Labour and capacity planning", 4),
            ("finance", "Running a budget", 3),
        ],
        dimensions: DIMENSIONS.to_vec(),
        stages: vec![
            rung("am", "Area manager", (1, 2), (3, 6)),
            rung("om", "Operations manager", (1, 2), (3, 6)),
            rung("gm", "Site or general manager", (1, 1), (3, 4)),
        ],
        roles: roles(),
        track: Course {
            id: "pathway",
            name: "Three-year operations pathway",
            length: 12,
            entry: 0.5,
            staged: true,
            curriculum: vec![
                super::Clause { placements: at_least(1), ..of_families(&["fulfilment"]) },
                super::Clause { periods: at_least(2), ..of_kinds(&["delivery", "transport"]) },
                super::Clause { periods: at_most(8), ..each(Each::Site) },
            ],
            capstone: vec!["gm-station", "gm-hub", "gm-fc"],
            breadth: breadth(3, 2),
        },
        targets: vec![
            Aim {
                id: "site-leader",
                name: "Site leader, delivery and transport",
                requires: vec![("people", 4), ("planning", 2), ("finance", 3)],
                experience: vec![vec!["om-transport", "om-delivery", "om-launch", "om-peak"]],
            },
            Aim {
                id: "fc-leader",
                name: "General manager, fulfilment",
                requires: vec![("people", 4), ("lean", 2), ("finance", 3)],
                experience: vec![vec!["om-shift", "om-peak", "om-improvement"], vec!["gm-fc", "gm-hub"]],
            },
        ],
        intake: Intake { first: 0, gap: 4, late: true },
        relocation: (2500.0, 4.0, 60.0),
        steps: Some((0.5, 4.0, 2.0)),
        habits: Habits { moves: 3, ..Habits::default() },
        rules: rules(vec![("peers", off())]),
    }
}

const DIMENSIONS: &[(&str, f64)] = &[("people", 1.0), ("scope", 1.0), ("complexity", 0.5)];

/// A role whose difficulty is the weighted sum of people, scope and complexity.
fn role(id: &str, name: &str, stage: &str, family: &str, scores: [f64; 3], duration: (u32, u32)) -> Job {
    job(id, name, stage, family, 0.0, duration).demands(DIMENSIONS, &scores)
}

fn roles() -> Vec<Job> {
    let (fulfilment, delivery, transport): (&[_], &[_], &[_]) = (&["fulfilment"], &["delivery"], &["transport"]);
    vec![
        role("am-sort", "Area Manager, Sort", "am", "delivery", [1.0, 1.0, 1.0], (2, 3)).gives(&[("people", 1), ("safety", 1)]).at(delivery),
        role("am-inbound", "Area Manager, Inbound", "am", "fulfilment", [1.0, 1.0, 2.0], (2, 3))
            .gives(&[("people", 1), ("safety", 1)])
            .at(fulfilment),
        role("am-yard", "Area Manager, Yard", "am", "transport", [1.0, 1.0, 2.0], (2, 4)).gives(&[("safety", 1), ("planning", 1)]).at(transport),
        role("am-outbound", "Area Manager, Outbound", "am", "fulfilment", [1.0, 1.0, 3.0], (2, 3))
            .gives(&[("people", 1), ("planning", 1)])
            .at(fulfilment),
        role("am-dispatch", "Area Manager, Dispatch", "am", "delivery", [2.0, 1.0, 2.0], (2, 3))
            .gives(&[("people", 2), ("planning", 1)])
            .at(delivery),
        role("am-linehaul", "Area Manager, Linehaul", "am", "transport", [2.0, 1.0, 3.0], (2, 3))
            .gives(&[("people", 1), ("safety", 1), ("planning", 2)])
            .at(transport),
        role("am-night", "Area Manager, Nights", "am", "fulfilment", [2.0, 2.0, 2.0], (2, 3))
            .needs(&[("people", 1)])
            .gives(&[("people", 2), ("safety", 2), ("planning", 1)])
            .intense(0.8)
            .at(fulfilment),
        role("om-shift", "Operations Manager, Shift", "om", "fulfilment", [3.0, 2.0, 2.0], (2, 4))
            .needs(&[("people", 1), ("safety", 1)])
            .gives(&[("people", 3), ("lean", 2), ("safety", 2)])
            .seen(0.2)
            .at(fulfilment),
        role("om-delivery", "Operations Manager, Delivery", "om", "delivery", [3.0, 2.0, 3.0], (2, 4))
            .needs(&[("people", 1), ("planning", 1)])
            .gives(&[("people", 3), ("planning", 2), ("finance", 1)])
            .seen(0.2)
            .at(delivery),
        role("om-transport", "Operations Manager, Transport", "om", "transport", [3.0, 2.0, 4.0], (2, 4))
            .needs(&[("planning", 1), ("safety", 1)])
            .gives(&[("people", 2), ("planning", 3), ("finance", 1)])
            .seen(0.2)
            .at(transport),
        role("om-improvement", "Operations Manager, Process Improvement", "om", "improvement", [2.0, 3.0, 5.0], (2, 3))
            .needs(&[("people", 1)])
            .gives(&[("people", 2), ("lean", 4), ("finance", 2)])
            .seen(0.5),
        role("om-peak", "Operations Manager, Peak Readiness", "om", "fulfilment", [4.0, 3.0, 3.0], (2, 2))
            .needs(&[("people", 2), ("planning", 1)])
            .gives(&[("people", 3), ("lean", 2), ("safety", 3), ("planning", 3)])
            .not_right_after(&["am-night"])
            .starts(Starts::Season { offset: 2, step: 4 })
            .intense(1.0)
            .seen(0.6)
            .at(fulfilment),
        role("om-launch", "Operations Manager, New-Site Launch", "om", "delivery", [4.0, 3.0, 4.0], (2, 3))
            .needs(&[("people", 2), ("planning", 1)])
            .gives(&[("people", 3), ("planning", 3), ("finance", 2)])
            .intense(0.9)
            .seen(0.7)
            .at(delivery),
        role("gm-station", "Station Manager", "gm", "delivery", [4.0, 4.0, 4.0], (3, 4))
            .needs(&[("people", 3), ("planning", 1)])
            .gives(&[("people", 4), ("finance", 3)])
            .seen(0.8)
            .at(delivery),
        role("gm-hub", "Hub Manager", "gm", "transport", [4.0, 4.0, 5.0], (3, 4))
            .needs(&[("people", 2), ("planning", 2)])
            .gives(&[("people", 4), ("planning", 4), ("finance", 3)])
            .seen(0.8)
            .at(transport),
        role("gm-fc", "General Manager, Fulfilment Centre", "gm", "fulfilment", [5.0, 4.0, 5.0], (3, 4))
            .needs(&[("people", 3), ("lean", 2)])
            .after(&[&["om-shift", "om-improvement", "om-peak"]])
            .gives(&[("people", 4), ("lean", 3), ("finance", 3)])
            .seen(1.0)
            .at(fulfilment),
    ]
}
