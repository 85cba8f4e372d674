//! What each rule's measure counts.

/// The unit of a rule's measure, for one and for many.
pub(super) fn unit(rule: &str) -> Option<(&'static str, &'static str)> {
    Some(match rule {
        "timeline" => ("misplaced placement", "misplaced placements"),
        "duration" => ("placement too short or long", "placements too short or long"),
        "harder-than-last" => ("point short", "points short"),
        "stretch" => ("point off the ideal step", "points off the ideal step"),
        "no-repeat" => ("repeat", "repeats"),
        "qualifies" => ("level missing at entry", "levels missing at entry"),
        "credentials" => ("placement without", "placements without"),
        "after" => ("group or neighbour", "groups or neighbours"),
        "track" | "curriculum" => ("item out of bounds", "items out of bounds"),
        "breadth" => ("family or site short", "families or sites short"),
        "mobility" => ("move, place or period over", "moves, places or periods over"),
        "barred" => ("barred placement", "barred placements"),
        "pinned" => ("pin missing", "pins missing"),
        "intensity" => ("intense period too many", "intense periods too many"),
        "coverage" => ("period idle or item owing", "periods idle or items owing"),
        "waiting" => ("period waited", "periods waited"),
        "preference" => ("point of regret", "points of regret"),
        "moves" => ("move", "moves"),
        "relocation" => ("in money", "in money"),
        "readiness" => ("level or group missing", "levels or groups missing"),
        "visibility" => ("point of exposure short", "points of exposure short"),
        "stability" => ("period changed", "periods changed"),
        "seats" => ("person without a seat", "people without a seat"),
        "housing" => ("person without housing", "people without housing"),
        "arrivals" => ("newcomer too many", "newcomers too many"),
        "demand" => ("seat short (× priority)", "seats short (× priority)"),
        "mentoring" => ("period without a mentor", "periods without a mentor"),
        "budget" => ("over, in money", "over, in money"),
        "together" => ("pair-period apart", "pair-periods apart"),
        "apart" => ("pair-period together", "pair-periods together"),
        "peers" => ("site-period with too few", "site-periods with too few"),
        "fairness" => ("point of largest burden", "points of largest burden"),
        "pipeline" => ("ready person short", "ready people short"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_rule_has_a_unit() {
        for rule in crate::rules::RULES {
            assert!(super::unit(rule.id).is_some(), "{} has no unit", rule.id);
        }
    }
}
