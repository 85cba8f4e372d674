//! The Lagrangian bound: for any multipliers on the coupling rows, the cheapest paths at the prices that follow, plus what
//! depends on no path, cost at most what any plan costs (MODEL.md, section 6).

use rayon::prelude::*;

use super::rows::Coupling;
use super::{Ceiling, Cheapest, Column, Prices, Pricing};
use crate::brief::Sense;

/// One multiplier, 0 or more, for each of [`Coupling::rows`].
#[derive(Debug, Clone, PartialEq)]
pub struct Multipliers(pub Vec<f64>);

impl Multipliers {
    /// No row has a price.
    #[must_use]
    pub fn none(coupling: &Coupling) -> Self {
        Self(vec![0.0; coupling.rows.len()])
    }

    /// Lowers what is above what slack costs, so that no slack is worth having: the bound needs that.
    pub fn clip(&mut self, coupling: &Coupling) {
        let mut sums = vec![0.0; coupling.rows.iter().map(|r| r.shared + 1).max().unwrap_or(0)];
        for (row, multiplier) in coupling.rows.iter().zip(&mut self.0) {
            *multiplier = if multiplier.is_finite() { multiplier.max(0.0) } else { 0.0 };
            if row.slack.is_some() && *multiplier > 0.0 {
                sums[row.shared] += *multiplier;
            }
        }
        for (row, multiplier) in coupling.rows.iter().zip(&mut self.0) {
            if let Some(slack) = row.slack.filter(|slack| sums[row.shared] > *slack) {
                *multiplier *= slack / sums[row.shared];
            }
        }
    }

    /// What depends on no path.
    #[must_use]
    pub fn constant(&self, coupling: &Coupling) -> f64 {
        let of = |(row, multiplier): (&super::CouplingRow, &f64)| match row.sense {
            Sense::AtMost => -multiplier * row.limit,
            Sense::AtLeast => multiplier * row.limit,
        };
        coupling.rows.iter().zip(&self.0).map(of).sum()
    }

    /// The price of a unit of each priced row: needs for mentors cost what the cheapest suitable mentor does.
    #[must_use]
    pub fn prices(&self, coupling: &Coupling) -> Vec<f64> {
        let signed = |(row, multiplier): (&super::CouplingRow, &f64)| match row.sense {
            Sense::AtMost => *multiplier,
            Sense::AtLeast => -*multiplier,
        };
        let mut prices: Vec<f64> = coupling.rows.iter().zip(&self.0).map(signed).collect();
        let free =
            coupling.supply.as_ref().is_none_or(|s| (0..coupling.rows.len()).all(|r| coupling.rows[r].sentence != s.sentence || self.0[r] == 0.0));
        for row in coupling.rows.len()..coupling.len() {
            let price = coupling.need(row).zip(coupling.supply.as_ref()).map_or(0.0, |((class, period), supply)| {
                if free && supply.any(class, period) {
                    return 0.0;
                }
                let able = supply.classes[class].iter().filter(|m| supply.capacity[**m][period] > 0);
                let least = able.map(|m| self.0[coupling.mentor_row(*m, period)]).fold(f64::INFINITY, f64::min);
                least.min(supply.unmet.unwrap_or(f64::INFINITY))
            });
            // Nobody is there, and somebody must be: no lattice has such a placement.
            prices.push(if price.is_finite() { price } else { 0.0 });
        }
        prices
    }
}

impl Pricing<'_, '_> {
    /// The bound of some multipliers: what they prove, without a solver. Negative infinity does not occur; infinity means that
    /// some participant has no path at all. Paths that are known, by number, only save time: nothing dearer is looked at.
    #[must_use]
    pub fn bound(&self, multipliers: &Multipliers, known: &(dyn Fn(usize) -> Option<Column> + Sync)) -> f64 {
        let prices = self.prices_of(multipliers).bare();
        let numbers: Vec<usize> = (0..self.len()).collect();
        let least = |scratch: &mut super::Scratch, n: &usize| {
            let known = known(*n);
            self.cheapest_below(*n, &prices, scratch, known.as_ref().map_or(Ceiling::NONE, |column| Ceiling::of(column, &prices))).bound
        };
        let bounds: Vec<f64> = numbers.par_iter().map_init(super::Scratch::default, least).collect();
        // Summed in order, so that threads do not matter.
        multipliers.constant(self.coupling) + bounds.iter().sum::<f64>()
    }

    /// The bound that cheapest paths of everyone at prices give.
    #[must_use]
    pub fn bound_of(&self, multipliers: &Multipliers, found: &[Cheapest]) -> f64 {
        multipliers.constant(self.coupling) + found.iter().map(|c| c.bound).sum::<f64>()
    }

    /// Prices of multipliers.
    #[must_use]
    pub fn prices_of(&self, multipliers: &Multipliers) -> Prices {
        self.prices(multipliers.prices(self.coupling))
    }
}
