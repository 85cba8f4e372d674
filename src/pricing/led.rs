//! Good paths where the sentences that a skeleton leaves out have too many states for a search: penalties ([`super::ascent`]) make
//! the relaxed path nearly keep them, and lead a beam ([`super::tree`]). What it finds is polished: made better a few placements at
//! a time, as long as that helps (large-neighbourhood search: Shaw 1998). Beside what stays, few placements are possible, so that
//! bounds are near what paths cost, and mostly show that nothing is to be gained.

use super::Pricing;
use super::ascent::Ascent;
use super::column::Column;
use super::lattice::Lattice;
use super::program::Scratch;
use super::search::{Ceiling, Cheapest, Prices};
use super::tree::Solved;
use crate::brief::Choice;

/// Steps of penalties that nothing is known of, and of a pricing; the same where good paths are enough.
const FIRST_STEPS: usize = 80;
const STEPS: usize = 8;
const ROUGH_STEPS: usize = 4;
/// Partial paths of each tick that a beam goes on with, and where good paths are enough.
const BEAM: usize = 320;
const ROUGH_BEAM: usize = 80;
/// A path is polished that is above the bound by no more than this many times as much as what is known.
const SLACK: f64 = 2.0;
/// Placements in a row that are free at once, and how far from one try to the next.
const FREE: usize = 6;
const APART: usize = 3;
/// Gains of fewer points are none.
const LITTLE: f64 = 1e-6;

/// Partial paths of each tick that a beam goes on with.
fn width(prices: &Prices) -> usize {
    if prices.rough { ROUGH_BEAM } else { BEAM }
}

impl<'b, 'c> Pricing<'b, 'c> {
    /// A good path of a participant that costs less than `ceiling`, and a bound of all; see [`Pricing::free_cheapest`].
    pub(super) fn led(&self, number: usize, prices: &Prices, scratch: &mut Scratch, ceiling: Ceiling<'_>) -> Cheapest {
        let most = ceiling.points - self.rewards(number, prices);
        let of = |least: f64, path: Option<Column>, penalties: Vec<f64>| Cheapest { bound: least.min(ceiling.points), path, penalties };
        let Some((mut ascent, mut least)) = self.begin(number, prices, scratch) else { return of(f64::INFINITY, None, Vec::new()) };
        if least >= most {
            return of(f64::INFINITY, None, ascent.penalties);
        }
        let below = |path: Column| Some(path).filter(|path| prices.allow(path) && path.value(&prices.rows) < ceiling.points - LITTLE);
        let known = ceiling.path.filter(|_| prices.rough && prices.penalties_of(number).is_some());
        if let Some(path) = known {
            if let Some(path) = below(self.polished(number, prices, scratch, &ascent.penalties, path.clone())) {
                return of(least, Some(path), ascent.penalties);
            }
            self.program(number, prices, &ascent.penalties, false).prepare(scratch);
        }
        if let Some(path) = self.ascend(number, prices, scratch, &mut ascent, &mut least, most) {
            return of(least, Some(path), ascent.penalties);
        }
        if least >= most {
            return of(f64::INFINITY, None, ascent.penalties);
        }
        if prices.bare {
            return of(least, None, ascent.penalties);
        }
        let solved = self.ahead(self.narrowest(number, prices), number, prices, scratch, &ascent.penalties, least);
        let found = solved.good(number, 1, width(prices), least + SLACK * (ceiling.points - least)).pop();
        let found = found.or_else(|| ceiling.path.filter(|_| known.is_none()).cloned());
        let path = found.and_then(|path| below(self.polished(number, prices, scratch, &ascent.penalties, path)));
        of(least, path, ascent.penalties)
    }

    /// Up to so many good paths, each dearer than the best of them by at most `within` points, in order.
    pub(super) fn led_several(&self, number: usize, prices: &Prices, scratch: &mut Scratch, count: usize, within: f64) -> Vec<Column> {
        let Some((mut ascent, mut least)) = self.begin(number, prices, scratch) else { return Vec::new() };
        self.ascend(number, prices, scratch, &mut ascent, &mut least, f64::INFINITY);
        let solved = self.ahead(self.narrowest(number, prices), number, prices, scratch, &ascent.penalties, least);
        let mut found = solved.good(number, count, width(prices), f64::INFINITY);
        let most = found.first().map_or(f64::INFINITY, |best| best.value(&prices.rows) + within);
        found.retain(|path| path.value(&prices.rows) <= most);
        found
    }

    /// The program prepared with the penalties that are known, and what every relaxed path costs at least then; `None` if there is none.
    fn begin(&self, number: usize, prices: &Prices, scratch: &mut Scratch) -> Option<(Ascent<'_>, f64)> {
        let sums = self.sums(number);
        let ascent = Ascent::new(sums, prices.penalties_of(number).cloned().unwrap_or_else(|| sums.none()));
        let least = self.program(number, prices, &ascent.penalties, false).prepare(scratch);
        (least < f64::INFINITY).then_some((ascent, least))
    }

    /// Finds better penalties, with which the program is prepared at last, as long as relaxed paths cost less than `most`; a path that
    /// costs no more and keeps everything, if it comes to one.
    fn ascend(&self, number: usize, prices: &Prices, scratch: &mut Scratch, ascent: &mut Ascent<'_>, least: &mut f64, most: f64) -> Option<Column> {
        let sums = self.sums(number);
        let steps = match prices.penalties_of(number) {
            None => FIRST_STEPS,
            Some(_) if prices.rough => ROUGH_STEPS,
            Some(_) => STEPS,
        };
        let complete = self.rewards(number, prices) == 0.0;
        for left in (0..=steps).rev() {
            let program = self.program(number, prices, &ascent.penalties, false);
            if *least >= most {
                return None;
            }
            let (_, choices) = scratch.outlook.path(&program, scratch, true);
            let cheap = |path: &Column| complete && path.value(&prices.rows) <= *least + 1e-9 * least.abs().max(1.0);
            let path = self.free_column(number, &choices).filter(cheap);
            if path.is_some() {
                return path;
            }
            let totals = sums.totals(choices.iter().map(|c| self.list(number, c)));
            if !ascent.step(*least, totals, choices.len(), most) || left == 0 {
                break;
            }
            *least = self.program(number, prices, &ascent.penalties, false).prepare(scratch);
        }
        if !ascent.rest() {
            *least = self.program(number, prices, &ascent.penalties, false).prepare(scratch);
        }
        None
    }

    /// The program of a lattice, where it is prepared and costs at least so much, for a beam.
    fn ahead<'s>(
        &'s self,
        lattice: &'s Lattice,
        number: usize,
        prices: &'s Prices,
        scratch: &'s Scratch,
        penalties: &'s [f64],
        least: f64,
    ) -> Solved<'s, 's, 'b, 'c> {
        let program = self.program_of(lattice, number, prices, penalties, lattice.most_moves.is_some());
        Solved { program, scratch, value: least, ahead: true }
    }

    /// A path that costs no more than another: some placements in a row are free, then every other one.
    fn polished(&self, number: usize, prices: &Prices, scratch: &mut Scratch, penalties: &[f64], mut best: Column) -> Column {
        let mut value = if prices.allow(&best) { best.value(&prices.rows) } else { f64::INFINITY };
        let (mut idle, mut turn) = (0, 0);
        loop {
            let n = best.choices.len();
            let rows = n.saturating_sub(FREE).div_ceil(APART) + 1;
            let turns = rows + 2;
            if idle == turns {
                return best;
            }
            let at = turn % turns;
            let free = |k: usize| match at {
                row if row < rows => (row * APART..row * APART + FREE).contains(&k),
                other => (k + other).is_multiple_of(2),
            };
            (turn, idle) = (turn + 1, idle + 1);
            let kept: Vec<Choice> = best.choices.iter().enumerate().filter(|(k, _)| !free(*k)).map(|(_, choice)| *choice).collect();
            let lattice = self.beside(number, prices, &kept);
            let least = self.program_of(&lattice, number, prices, penalties, false).prepare(scratch);
            if least >= value - LITTLE {
                continue;
            }
            let found = self.ahead(&lattice, number, prices, scratch, penalties, least).beam(number, 1, ROUGH_BEAM, value - LITTLE).pop();
            if let Some(column) = found {
                value = column.value(&prices.rows);
                best = column;
                idle = 0;
            }
        }
    }

    /// A participant's lattice with what goes with some placements alone, and these.
    fn beside(&self, number: usize, prices: &Prices, kept: &[Choice]) -> Lattice {
        let lattice = self.narrowest(number, prices);
        let mould = &self.moulds[lattice.mould as usize];
        let skeleton = &mould.skeleton;
        let mut busy = vec![false; lattice.periods.len()];
        kept.iter().for_each(|choice| busy[choice.first..choice.after].fill(true));
        let totals = mould.sums.totals(kept.iter().map(|choice| self.list(number, choice)));
        lattice.narrowed(skeleton, self.brief.case, |next, span, _| {
            let (first, after) = skeleton.spans[mould.kind(next) as usize][span];
            let choice = (next.0, next.1, usize::from(first), usize::from(after));
            let goes = !busy[choice.2..choice.3].contains(&true) && mould.sums.fits(mould.sums.lists(next)[span], &totals);
            goes || kept.iter().any(|k| (k.position, k.continues, k.first, k.after) == choice)
        })
    }

    /// The list of sums that a placement adds to.
    fn list(&self, number: usize, choice: &Choice) -> u32 {
        let next = (choice.position, choice.continues);
        let mould = &self.moulds[self.lattices[number].mould as usize];
        let spans = &mould.skeleton.spans[mould.kind(next) as usize];
        let span = spans.binary_search(&(choice.first as u8, choice.after as u8)).expect("a span of the kind");
        mould.sums.lists(next)[span]
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};

    use super::super::ascent::tests::clerkships;
    use super::super::{Coupling, Multipliers};
    use super::*;
    use crate::brief::brief;
    use crate::intake::{Intake, intake};

    /// A polished path is a path, never dearer, and mostly cheaper than one that was good at other prices.
    #[test]
    fn polishes() {
        let Intake { case, policy, .. } = intake(clerkships().as_bytes()).expect("valid");
        let told = brief(&case, &policy);
        let coupling = Coupling::new(&told);
        let pricing = Pricing::new(&told, &coupling, &|| false).expect("nothing ends it");
        let mut dice = chacha20::ChaCha8Rng::seed_from_u64(11);
        let mut scratch = Scratch::default();
        let free = pricing.prices_of(&Multipliers::none(&coupling));
        let (mut tried, mut cheaper) = (0, 0);
        for _ in 0..4 {
            let mut multipliers = Multipliers((0..coupling.rows.len()).map(|_| dice.random_range(0.0..6.0)).collect());
            multipliers.clip(&coupling);
            let prices = pricing.prices_of(&multipliers);
            for n in 0..pricing.len() {
                let path = pricing.cheapest(n, &free, &mut scratch).path.expect("a path");
                let penalties = pricing.sums(n).none();
                let better = pricing.polished(n, &prices, &mut scratch, &penalties, path.clone());
                assert_eq!(pricing.column(n, &better.choices).as_ref(), Some(&better));
                let (before, after) = (path.value(&prices.rows), better.value(&prices.rows));
                assert!(after <= before, "{after} is dearer than {before}");
                // What is known is the least that a pricing gives.
                let below = pricing.cheapest_below(n, &prices.clone().rough(), &mut scratch, Ceiling::of(&path, &prices));
                assert!(below.path.as_ref().is_none_or(|c| c.value(&prices.rows) < before));
                assert!(below.bound <= after + 1e-9, "{} is no bound of {after}", below.bound);
                tried += 1;
                cheaper += usize::from(after < before - 1.0);
            }
        }
        assert!(2 * cheaper > tried, "{cheaper} of {tried} are cheaper");
    }
}
