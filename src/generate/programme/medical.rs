//! A final clinical year in hospitals, in months: a rotation without a ladder.

use super::{
    Clause, Course, Habits, Intake, Job, Programme, Starts, at_least, at_most, breadth, each, job, kind, listed, number, of_families, of_roles, off,
    rules, rung, soft, with, word,
};
use crate::io::raw::{Each, Limits, Unit};

/// The programme.
pub(super) fn programme() -> Programme {
    let exactly_one = || Some(Limits { min: Some(1), max: Some(1) });
    Programme {
        currency: "EUR",
        start: "2027-09-01",
        unit: Unit::Month,
        periods: 12,
        zones: &["uk", "eu", "us", "au", "ca", "in"],
        work_permits: false,
        clearance: None,
        kinds: vec![kind("teaching", "Teaching Hospital"), kind("regional", "Regional Hospital"), kind("practice", "Practice")],
        pattern: &[0, 1, 2, 0],
        competencies: vec![("ward", "Ward work", 1), ("theatre", "Theatre work", 1)],
        dimensions: Vec::new(),
        stages: vec![rung("year", "Final year", (4, 4), (11, 12))],
        roles: roles(),
        track: Course {
            id: "final-year",
            name: "Final clinical year",
            length: 12,
            entry: 0.0,
            staged: false,
            curriculum: vec![
                Clause { placements: exactly_one(), ..of_roles(&["medicine"]) },
                Clause { placements: exactly_one(), ..of_roles(&["surgery"]) },
                Clause { placements: Some(Limits { min: Some(1), max: Some(2) }), ..of_families(&["women-children"]) },
                Clause { placements: at_least(1), ..of_roles(&["psychiatry", "general-practice", "emergency"]) },
                Clause { placements: at_most(4), ..each(Each::Kind) },
                Clause { periods: at_most(9), ..each(Each::Site) },
            ],
            capstone: Vec::new(),
            breadth: breadth(3, 2),
        },
        targets: Vec::new(),
        intake: Intake { first: 0, gap: 12, late: false },
        relocation: (300.0, 1.0, 40.0),
        steps: None,
        habits: Habits { leave: 0, mentors: false, housing: 40, ..Habits::default() },
        rules: rules(vec![
            ("harder-than-last", off()),
            ("stretch", off()),
            ("preference", with(with(soft(10.0), "scale", word("normalised")), "per", word("placement"))),
            ("moves", soft(3.0)),
            ("relocation", soft(0.01)),
            ("peers", off()),
            ("intensity", with(with(soft(5.0), "limit", number(0.8)), "run", number(3.0))),
            ("fairness", with(with(soft(5.0), "counts", listed(&["preference", "moves"])), "of", word("total"))),
        ]),
    }
}

fn roles() -> Vec<Job> {
    let role = |id, name, family| job(id, name, "year", family, 0.0, (3, 3)).starts(Starts::Season { offset: 0, step: 3 });
    let hospitals: &[_] = &["teaching", "regional"];
    vec![
        role("medicine", "General Medicine", "acute").gives(&[("ward", 1)]).at(hospitals),
        role("surgery", "General Surgery", "acute").gives(&[("theatre", 1)]).intense(0.8).not_right_after(&["emergency"]).at(hospitals),
        role("paediatrics", "Paediatrics", "women-children").after(&[&["medicine", "general-practice"]]).at(hospitals),
        role("obstetrics", "Obstetrics", "women-children").needs(&[("theatre", 1)]).after(&[&["surgery"]]).at(hospitals),
        role("psychiatry", "Psychiatry", "community"),
        role("general-practice", "General Practice", "community").at(&["practice", "regional"]),
        role("emergency", "Emergency Medicine", "acute")
            .after(&[&["medicine"], &["surgery"]])
            .intense(0.9)
            .not_right_after(&["surgery"])
            .at(hospitals),
    ]
}
