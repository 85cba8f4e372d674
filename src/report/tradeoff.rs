//! A frontier in words and as a picture.

use crate::audit::rule_id;
use crate::desk::{Frontier, Point};
use crate::domain::Case;
use crate::rules::RuleIx;

use super::Look;
use super::chart::{Dot, points};
use super::costs::{lines, table};
use super::text::{BOLD, DIM, cost, count, percent, styled, wrap, wrap_plain};

/// The plans of a frontier: what each rule named costs, what all else costs, and how near the best each is proven to be.
#[must_use]
pub fn frontier(case: &Case, found: &Frontier, look: &Look) -> String {
    let columns = look.columns();
    let names: Vec<&str> = found.rules.iter().map(|r| rule_id(*r)).collect();
    let mut out = styled(&format!("{}: {} between {}", case.name, count(found.points.len(), "plan", "plans"), names.join(" and ")), BOLD) + "\n";
    let heads: Vec<&str> = ["Plan"].into_iter().chain(names.iter().copied()).chain(["all else", "Total", "Gap"]).collect();
    let mut rows = table(columns, &heads, &(1..heads.len()).collect::<Vec<_>>());
    for (i, point) in found.points.iter().enumerate() {
        let numbers = point.costs.iter().chain([&point.rest, &point.settled.objective]).map(|c| cost(*c));
        let gap = point.gap().map_or("unknown".to_owned(), percent);
        rows.add_row([format!("{}. {}", i + 1, pressed(point))].into_iter().chain(numbers).chain([gap]));
    }
    out += &lines(&rows);
    let note = "Points. A plan that presses a rule is the cheapest found in which that rule costs no more than the points given; \
        the gap is to the best such plan. None of these plans is at least as good as another under each rule and all else together.";
    out += &wrap("", &[(note.to_owned(), DIM)], columns);
    if found.dropped > 0 {
        let text = format!("{} left out: another plan is at least as good in every way.", count(found.dropped, "plan", "plans"));
        out += &wrap_plain("", &text, columns);
    }
    out
}

fn pressed(point: &Point) -> String {
    point.pressed.map_or("best plan".to_owned(), |(rule, limit)| format!("{} ≤ {}", rule_id(rule), cost(limit)))
}

/// The same as a picture: the first rule's points against the second's, a line for each rule that is pressed, and the total by
/// each plan.
#[must_use]
pub fn frontier_svg(case: &Case, found: &Frontier) -> String {
    let (first, second) = (rule_id(found.rules[0]), rule_id(found.rules[1]));
    let dot = |point: &Point| Dot {
        at: (point.costs[0], point.costs[1]),
        label: cost(point.settled.objective),
        tip: format!("{}: {} and {}, all else {}", pressed(point), cost(point.costs[0]), cost(point.costs[1]), cost(point.rest)),
    };
    let best: Vec<&Point> = found.points.iter().filter(|p| p.pressed.is_none()).collect();
    let line = |rule: RuleIx| {
        let mut own: Vec<&Point> = found.points.iter().filter(|p| p.pressed.is_some_and(|(r, _)| r == rule)).collect();
        own.sort_by(|a, b| b.pressed.map_or(0.0, |p| p.1).total_cmp(&a.pressed.map_or(0.0, |p| p.1)));
        (format!("less {}", rule_id(rule)), best.iter().copied().chain(own).map(dot).collect::<Vec<_>>())
    };
    let series: Vec<(String, Vec<Dot>)> = found.rules.iter().map(|rule| line(*rule)).collect();
    let heading = format!("What less {first} or {second} costs");
    points(
        case,
        (&heading, "Each plan by its points under two rules, with its total; none is at least as good as another in every way."),
        (&format!("{first}, points"), &format!("{second}, points")),
        &series,
    )
}
