//! Whether every plan costs a whole number of points: then a bound proves the next whole number too.

use super::Pricing;

/// A whole number, or none at all.
pub(super) fn whole(x: f64) -> bool {
    x.is_infinite() || x.fract() == 0.0
}

impl Pricing<'_, '_> {
    /// Whether every part of what any plan may cost is whole: points of placements, moves and idle ticks, coefficients and limits of
    /// rows, and the points of a unit of their slack. Never so where parts are not looked at one by one: where mentors, all-or-none
    /// sentences, kept paths or soft sentences outside the skeletons count. Linear in the tables of a pricing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let rows = self.coupling.rows.iter().all(|row| whole(row.limit) && whole(row.most_slack) && row.slack.is_none_or(whole));
        let apart = self.coupling.supply.is_none() && self.coupling.quorate.is_empty() && self.stays.iter().all(Option::is_none);
        let labels = || (0..self.len()).all(|n| self.labels(n).iter().all(|label| label.hard() && !label.counts_ready()));
        rows && apart
            && self.common.is_whole()
            && self.moves.is_whole()
            && self.lattices.iter().all(|lattice| {
                let waits = lattice.waits.iter().all(|(points, burden)| whole(*points) && whole(*burden));
                waits && lattice.minds.iter().copied().all(whole) && lattice.burden_rows.iter().all(|(_, scale)| whole(*scale))
            })
            && self.moulds.iter().all(|mould| mould.skeleton.is_whole())
            && labels()
    }
}

#[cfg(test)]
mod tests {
    use super::super::ascent::tests::clerkships;
    use super::super::{Coupling, Multipliers, Scratch};
    use super::*;
    use crate::brief::brief;
    use crate::intake::{Intake, intake};

    #[test]
    fn half_a_point_is_not_whole() {
        let whole = |text: &str| {
            let Intake { case, policy, .. } = intake(text.as_bytes()).expect("valid");
            let told = brief(&case, &policy);
            let coupling = Coupling::new(&told);
            let pricing = Pricing::new(&told, &coupling, &|| false).expect("nothing ends it");
            let prices = pricing.prices_of(&Multipliers::none(&coupling));
            let path = |n| pricing.cheapest(n, &prices, &mut Scratch::default()).path.expect("a path");
            let points: Vec<f64> = (0..pricing.len()).map(|n| path(n).points).collect();
            assert!(!pricing.is_whole() || points.iter().all(|p| p.fract() == 0.0), "{points:?}");
            pricing.is_whole()
        };
        let text = clerkships();
        assert!(whole(&text));
        assert!(!whole(&text.replacen("\"weight\":1", "\"weight\":0.5", 1)));
    }
}
