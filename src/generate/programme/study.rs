//! From hourly work in a hospital through study and practice into a licensed role, in quarters.

use super::{
    Aim, Clause, Course, Habits, Intake, Job, Programme, Starts, at_least, hard, hub, ids, job, kind, number, off, rules, rung, soft, with, word,
};
use crate::io::raw::{Of, RuleEntry, Unit};

/// The programme.
pub(super) fn programme() -> Programme {
    let practice = Of { kinds: Some(ids(&["hospital", "clinic"])), stages: Some(ids(&["extern", "role"])), ..Of::default() };
    Programme {
        currency: "USD",
        start: "2027-07-01",
        unit: Unit::Quarter,
        periods: 13,
        zones: &["us", "uk", "ca", "au", "eu"],
        work_permits: false,
        clearance: Some(("fingerprint-clearance", 100)),
        kinds: vec![hub("college", "Community College"), kind("hospital", "Hospital"), kind("clinic", "Clinic")],
        pattern: &[0, 1, 2, 1],
        competencies: vec![
            ("science", "Science and mathematics", 1),
            ("clinical", "Clinical knowledge", 2),
            ("theatre", "Operating theatre", 2),
            ("practice", "Supervised practice", 2),
            ("licence", "Licence kept in practice", 2),
        ],
        dimensions: Vec::new(),
        stages: vec![
            rung("hourly", "Hourly staff", (0, 0), (0, 0)),
            rung("study", "Study", (2, 3), (3, 8)),
            rung("extern", "Externship", (1, 1), (1, 2)),
            rung("role", "In the role", (1, 1), (3, 7)),
        ],
        roles: roles(),
        track: Course {
            id: "pathway",
            name: "Study to role",
            length: 10,
            entry: 0.5,
            staged: true,
            curriculum: vec![Clause { of: Some(practice), periods: at_least(4), ..Clause::default() }],
            capstone: vec!["ma", "surg-tech", "lpn"],
            breadth: None,
        },
        targets: vec![
            Aim {
                id: "surgical",
                name: "Surgical technologist",
                requires: vec![("licence", 2), ("theatre", 2)],
                experience: vec![vec!["surg-tech"]],
            },
            Aim { id: "nurse", name: "Practical nurse", requires: vec![("licence", 2)], experience: vec![vec!["lpn"]] },
            Aim { id: "assistant", name: "Medical assistant", requires: vec![("licence", 1)], experience: vec![vec!["ma"]] },
        ],
        intake: Intake { first: 0, gap: 1, late: false },
        relocation: (1200.0, 3.0, 45.0),
        steps: Some((0.5, 4.0, 2.0)),
        habits: Habits { leave: 10, moves: 3, past: &["porter", "cook"], ..Habits::default() },
        rules: rules(vec![
            ("qualifies", hard()),
            ("after", hard()),
            ("no-repeat", hard()),
            ("credentials", hard()),
            ("mobility", hard()),
            ("peers", off()),
            ("waiting", soft(30.0)),
            ("intensity", with(with(soft(5.0), "limit", number(0.8)), "run", number(6.0))),
            ("readiness", RuleEntry { weight: Some(100.0), ..RuleEntry::default() }),
            ("preference", with(with(soft(10.0), "scale", word("raw")), "per", word("placement"))),
        ]),
    }
}

fn roles() -> Vec<Job> {
    let study = |id, name, difficulty, duration| job(id, name, "study", "study", difficulty, duration).at(&["college"]);
    let (even, odd) = (Starts::Season { offset: 0, step: 2 }, Starts::Season { offset: 1, step: 2 });
    let science: &[_] = &[("science", 1)];
    vec![
        study("prep", "College Preparation (paid study time)", 1.0, (1, 2)).gives(science),
        study("cert-ma", "Medical Assistant Certificate", 2.5, (2, 3)).needs(science).gives(&[("clinical", 1)]).starts(even),
        study("dip-surg", "Surgical Technology Diploma", 3.5, (3, 4))
            .needs(science)
            .gives(&[("clinical", 1), ("theatre", 1)])
            .starts(odd)
            .intense(0.8),
        study("dip-lpn", "Practical Nursing Diploma", 4.0, (4, 4)).needs(science).gives(&[("clinical", 2)]).starts(even).intense(0.8),
        study("dip-lpn-eve", "Practical Nursing Diploma, Evenings", 4.0, (5, 6)).needs(science).gives(&[("clinical", 2)]).intense(0.5),
        job("extern-clinic", "Clinic Externship", "extern", "primary-care", 4.5, (1, 2))
            .after(&[&["cert-ma", "dip-lpn", "dip-lpn-eve"]])
            .gives(&[("practice", 1)])
            .at(&["clinic"]),
        job("extern-theatre", "Operating Theatre Externship", "extern", "surgery", 5.5, (2, 2))
            .after(&[&["dip-surg"]])
            .needs(&[("theatre", 1)])
            .gives(&[("practice", 2), ("theatre", 2)])
            .at(&["hospital"]),
        job("extern-ward", "Ward Externship", "extern", "nursing", 6.0, (2, 2))
            .after(&[&["dip-lpn", "dip-lpn-eve"]])
            .needs(&[("clinical", 2)])
            .gives(&[("practice", 2)])
            .at(&["hospital"]),
        job("ma", "Medical Assistant", "role", "primary-care", 6.5, (3, 7)).needs(&[("clinical", 1), ("practice", 1)]).gives(&[("licence", 1)]),
        job("surg-tech", "Surgical Technologist", "role", "surgery", 8.0, (3, 7))
            .needs(&[("theatre", 2)])
            .after(&[&["extern-theatre"]])
            .gives(&[("licence", 2)])
            .intense(0.8)
            .at(&["hospital"]),
        job("lpn", "Licensed Practical Nurse", "role", "nursing", 8.5, (3, 7))
            .needs(&[("practice", 2), ("clinical", 2)])
            .after(&[&["extern-ward"], &["dip-lpn", "dip-lpn-eve"]])
            .gives(&[("licence", 2)])
            .at(&["hospital"]),
        job("porter", "Hospital Porter (history only)", "hourly", "support", 0.5, (1, 40)),
        job("cook", "Hospital Cook (history only)", "hourly", "support", 0.5, (1, 40)),
    ]
}
