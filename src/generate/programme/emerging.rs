//! Twelve months of stretch assignments for emerging leaders, a new one every quarter.

use super::{
    Aim, Clause, Course, Habits, Intake, Job, Programme, Starts, at_most, breadth, each, job, kind, listed, number, rules, rung, soft, with, word,
};
use crate::io::raw::{Each, ParamValue, RuleEntry, Unit};

/// The programme.
pub(super) fn programme() -> Programme {
    Programme {
        currency: "AUD",
        start: "2028-01-01",
        unit: Unit::Month,
        periods: 12,
        zones: &["au", "in", "jp", "uk", "za", "eu", "us"],
        work_permits: true,
        clearance: None,
        kinds: vec![kind("headquarters", "Head Office"), kind("hub", "Hub"), kind("branch-network", "Branch Network")],
        pattern: &[0, 1, 2],
        competencies: vec![
            ("listening", "Listening to customers", 2),
            ("analysis", "Analysis", 2),
            ("delivery", "Delivery", 2),
            ("influence", "Influence at the top", 1),
        ],
        dimensions: Vec::new(),
        stages: vec![
            rung("team", "Leads a team project", (2, 2), (4, 6)),
            rung("function", "Leads in a function", (1, 1), (2, 3)),
            rung("enterprise", "Leads across the bank", (1, 1), (3, 3)),
        ],
        roles: roles(),
        track: Course {
            id: "emerging",
            name: "Emerging leaders, twelve months",
            length: 12,
            entry: 1.0,
            staged: true,
            curriculum: vec![Clause { placements: at_most(2), ..each(Each::Family) }],
            capstone: vec!["board-paper", "acquisition"],
            breadth: breadth(3, 2),
        },
        targets: vec![
            Aim {
                id: "gm",
                name: "General manager",
                requires: vec![("delivery", 2), ("influence", 1)],
                experience: vec![vec!["region-deputy", "product-owner"]],
            },
            Aim {
                id: "cro",
                name: "Risk executive",
                requires: vec![("analysis", 2), ("influence", 1)],
                experience: vec![vec!["stress-test", "remediation"]],
            },
        ],
        intake: Intake { first: 0, gap: 12, late: false },
        relocation: (3500.0, 1.0, 50.0),
        steps: Some((0.5, 4.0, 2.0)),
        habits: Habits { leave: 8, arrivals: 15, carried: true, ..Habits::default() },
        rules: rules(vec![
            ("peers", with(soft(15.0), "min", number(3.0))),
            ("waiting", with(soft(20.0), "counts_leave", ParamValue::Flag(true))),
            ("fairness", with(with(soft(2.0), "of", word("total")), "counts", listed(&["preference", "waiting", "stretch"]))),
            ("stretch", RuleEntry { weight: Some(2.0), ..RuleEntry::default() }),
            ("intensity", with(with(soft(5.0), "limit", number(0.85)), "run", number(3.0))),
        ]),
    }
}

fn roles() -> Vec<Job> {
    let quarter = |nth: usize, id, name, stage, family, difficulty| {
        const STARTS: [&[i64]; 4] = [&[0], &[3], &[6], &[9]];
        job(id, name, stage, family, difficulty, if nth == 3 { (3, 3) } else { (2, 3) }).starts(Starts::After(STARTS[nth]))
    };
    let (offices, branches): (&[_], &[_]) = (&["headquarters", "hub"], &["branch-network"]);
    vec![
        quarter(0, "branch-pulse", "Branch Listening Project", "team", "retail", 2.5).gives(&[("listening", 1)]).at(branches),
        quarter(0, "risk-review", "Credit Risk Review", "team", "risk", 3.0).gives(&[("analysis", 1)]).at(offices),
        quarter(0, "client-desk", "Client Desk Lead", "team", "markets", 3.5).gives(&[("listening", 1), ("analysis", 1)]).at(offices),
        quarter(1, "agile-squad", "Squad Lead, Digital Onboarding", "team", "digital", 4.5).gives(&[("delivery", 1)]),
        quarter(1, "complaints", "Complaints Turnaround", "team", "retail", 5.0)
            .needs(&[("listening", 1)])
            .gives(&[("listening", 2)])
            .intense(0.8)
            .at(branches),
        quarter(1, "stress-test", "Stress-Test Lead", "team", "risk", 5.5)
            .needs(&[("analysis", 1)])
            .gives(&[("analysis", 2)])
            .intense(0.9)
            .at(offices),
        quarter(2, "region-deputy", "Deputy Regional Manager", "function", "retail", 7.0)
            .gives(&[("delivery", 2), ("listening", 2)])
            .seen(0.4)
            .at(branches),
        quarter(2, "product-owner", "Product Owner, Small Business", "function", "digital", 7.5)
            .needs(&[("delivery", 1)])
            .gives(&[("delivery", 2), ("analysis", 2)])
            .intense(0.8)
            .seen(0.5),
        quarter(2, "remediation", "Remediation Lead", "function", "risk", 8.0)
            .needs(&[("analysis", 1)])
            .gives(&[("delivery", 2), ("analysis", 2)])
            .intense(0.9)
            .seen(0.5)
            .at(offices),
        quarter(3, "board-paper", "Board Paper and Pilot", "enterprise", "strategy", 9.5)
            .needs(&[("delivery", 1)])
            .gives(&[("influence", 1)])
            .seen(1.0)
            .at(offices),
        quarter(3, "acquisition", "Acquisition Integration Team", "enterprise", "strategy", 10.0)
            .gives(&[("influence", 1)])
            .not_right_after(&["remediation"])
            .intense(0.8)
            .seen(0.9),
    ]
}
