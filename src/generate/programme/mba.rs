//! A 24-month MBA rotation: two functions, a budget, a profit-and-loss. In months, or in quarters.

use super::{
    Aim, Clause, Course, Habits, Intake, Job, Programme, Starts, at_least, at_most, breadth, each, hard, job, kind, listed, number, of_families,
    of_kinds, off, rules, rung, soft, with, word,
};
use crate::io::raw::{Each, Unit};

/// The programme, in quarters or in months.
pub(super) fn programme(quarters: bool) -> Programme {
    let months = |n: usize| if quarters { n / 3 } else { n };
    Programme {
        currency: "USD",
        start: "2027-09-01",
        unit: if quarters { Unit::Quarter } else { Unit::Month },
        periods: months(24),
        zones: &["uk", "us", "eu", "in", "br", "ng", "za", "jp", "au"],
        work_permits: true,
        clearance: None,
        kinds: vec![kind("headquarters", "Head Office"), kind("market", "Market Company"), kind("plant", "Plant"), kind("hub", "Regional Hub")],
        pattern: &[0, 1, 2, 3],
        competencies: vec![
            ("finance", "Finance", 3),
            ("commercial", "Commercial judgement", 4),
            ("operations", "Operations", 3),
            ("leadership", "Leadership", 4),
        ],
        dimensions: Vec::new(),
        stages: vec![
            rung("function", "Functional rotation", (2, 2), (months(12), months(12))),
            rung("manager", "Manager of a budget", (1, 1), if quarters { (2, 2) } else { (4, 7) }),
            rung("lead", "Profit-and-loss owner", (1, 1), if quarters { (2, 3) } else { (5, 8) }),
        ],
        roles: roles(quarters),
        track: Course {
            id: "mba",
            name: "Twenty-four-month MBA rotation",
            length: months(24),
            entry: 2.5,
            staged: true,
            curriculum: vec![
                Clause { placements: at_most(2), ..each(Each::Family) },
                Clause { placements: at_least(1), ..of_families(&["finance", "supply", "strategy"]) },
                Clause { periods: at_most(months(12) as u32), ..of_kinds(&["headquarters"]) },
            ],
            capstone: vec!["venture-pl", "unit-pl", "country-pl"],
            breadth: breadth(4, 3),
        },
        targets: vec![
            Aim {
                id: "general-manager",
                name: "General manager",
                requires: vec![("leadership", 4), ("finance", 3), ("commercial", 3)],
                experience: Vec::new(),
            },
            Aim {
                id: "coo-bench",
                name: "Operations executive bench",
                requires: vec![("operations", 3), ("leadership", 4)],
                experience: vec![vec!["sup-planning", "sup-plant"], vec!["logistics-head", "factory-controller", "turnaround"]],
            },
        ],
        intake: Intake { first: 0, gap: months(12) as i64, late: false },
        relocation: (6000.0, 1.5, 80.0),
        steps: Some((0.5, 4.0, 2.0)),
        habits: Habits { leave: 4, moves: 3, arrivals: 12, ..Habits::default() },
        rules: rules(vec![
            ("budget", hard()),
            ("visibility", with(soft(8.0), "min", number(months(6) as f64))),
            ("moves", soft(2.0)),
            ("peers", off()),
            ("fairness", with(with(with(soft(20.0), "counts", listed(&["preference", "moves"])), "of", word("mean")), "over", word("all"))),
            ("intensity", with(with(soft(5.0), "limit", number(0.8)), "run", number(months(9) as f64))),
        ]),
    }
}

fn roles(quarters: bool) -> Vec<Job> {
    let (half_year, budget, lead) = if quarters { ((2, 2), (2, 2), (2, 3)) } else { ((6, 6), (4, 7), (5, 8)) };
    let (first_year, second_year): (&[i64], &[i64]) = if quarters { (&[0, 2], &[4]) } else { (&[0, 6], &[12]) };
    let function = |id, name, family, difficulty| job(id, name, "function", family, difficulty, half_year).starts(Starts::After(first_year));
    let manager = |id, name, family, difficulty| job(id, name, "manager", family, difficulty, budget).starts(Starts::After(second_year));
    let leader = |id, name, difficulty| job(id, name, "lead", "general-management", difficulty, lead);
    vec![
        function("fin-planning", "Financial Planning Manager", "finance", 4.0).gives(&[("finance", 2), ("leadership", 1)]).at(&[
            "headquarters",
            "hub",
            "market",
        ]),
        function("mkt-insight", "Consumer Insight Manager", "marketing", 4.5).gives(&[("commercial", 2)]).at(&["market", "hub"]),
        function("sup-planning", "Supply Planning Manager", "supply", 4.5).gives(&[("operations", 2), ("leadership", 1)]).at(&["hub", "plant"]),
        function("mkt-brand", "Assistant Brand Director", "marketing", 5.0).gives(&[("commercial", 2), ("leadership", 1)]).at(&["market"]),
        function("dig-product", "E-Commerce Product Lead", "digital", 5.5)
            .gives(&[("commercial", 1), ("operations", 1), ("leadership", 1)])
            .seen(0.2)
            .at(&["headquarters", "hub", "market"]),
        function("sup-plant", "Plant Improvement Lead", "supply", 6.0).gives(&[("operations", 3), ("leadership", 2)]).intense(0.8).at(&["plant"]),
        function("str-office", "Chief Executive's Strategy Office", "strategy", 6.5)
            .needs(&[("finance", 2)])
            .gives(&[("finance", 3), ("leadership", 1)])
            .seen(0.9)
            .at(&["headquarters"]),
        manager("channel", "Channel Manager", "commercial", 7.5)
            .needs(&[("commercial", 1)])
            .gives(&[("commercial", 3), ("leadership", 2)])
            .seen(0.3)
            .at(&["market"]),
        manager("factory-controller", "Factory Controller", "finance", 7.5)
            .needs(&[("finance", 1)])
            .gives(&[("finance", 3), ("operations", 2), ("leadership", 2)])
            .seen(0.2)
            .at(&["plant"]),
        manager("category", "Category Manager", "commercial", 8.0)
            .needs(&[("commercial", 2)])
            .gives(&[("commercial", 3), ("finance", 2), ("leadership", 2)])
            .seen(0.4)
            .at(&["market", "headquarters"]),
        manager("logistics-head", "Head of Logistics", "supply", 8.0)
            .needs(&[("operations", 2)])
            .gives(&[("operations", 3), ("leadership", 3)])
            .intense(0.8)
            .seen(0.3)
            .at(&["hub"]),
        manager("turnaround", "Turnaround Project Lead", "strategy", 8.5)
            .needs(&[("leadership", 1)])
            .gives(&[("finance", 3), ("leadership", 3)])
            .intense(0.9)
            .seen(0.8),
        leader("venture-pl", "Venture General Manager", 9.5)
            .needs(&[("commercial", 1), ("leadership", 1)])
            .gives(&[("leadership", 4), ("finance", 3)])
            .seen(0.8)
            .at(&["headquarters", "hub", "market"]),
        leader("unit-pl", "Business Unit Head", 10.5)
            .needs(&[("finance", 2), ("leadership", 2)])
            .gives(&[("leadership", 4), ("commercial", 3), ("finance", 3)])
            .seen(0.9)
            .at(&["market", "hub"]),
        leader("country-pl", "Country General Manager", 11.5)
            .needs(&[("leadership", 2)])
            .not_right_after(&["channel"])
            .gives(&[("leadership", 4), ("commercial", 4), ("operations", 3)])
            .seen(1.0)
            .at(&["market"]),
    ]
}
