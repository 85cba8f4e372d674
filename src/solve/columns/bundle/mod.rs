//! Prices, columns and fractions by a proximal bundle method that has a cutting-plane model of its own for each participant
//! (disaggregated: Frangioni & Gorgone 2014; stabilised: Ben Amor, Desrosiers & Frangioni 2009). Its quadratic program, over convex
//! combinations of the columns known so far with a price on what rows are off, is solved by pairwise steps of the block-coordinate
//! Frank–Wolfe method (Lacoste-Julien & Jaggi 2015), one participant after the other: no linear program is needed, and what it
//! ends with is both near the best prices and near a fractional plan.

mod program;

pub(super) use program::Bundle;

use super::ledger::Hall;
use super::master::Master;
use super::{Ended, GENERATING, MANY, Search, WARMING};
use crate::pricing::{Ceiling, Column, Multipliers, Prices};

/// How much faster prices may rise after steps that prove more each time, and by what; and how much slower after one that does not.
const MOST_TEMPO: f64 = 4.0;
const FASTER: f64 = 1.15;
const SLOWER: f64 = 0.5;
/// Prices are moved for about so many of the people first, who stand for all, with so many epochs.
const SAMPLE: usize = 1_000;
const SAMPLE_EPOCHS: usize = 8;
/// Epochs of everyone before the first look at what the prices prove, after a sample.
const EPOCHS_AFTER: usize = 1;
/// People of a part of an epoch, and how many parts there are at least and at most.
const PART: usize = 100;
const LEAST_PARTS: usize = 4;
const MOST_PARTS: usize = 16;
/// How often everyone settles at the end of an epoch, and after each step of a dive.
const SWEEPS: usize = 15;
const DIVE_SWEEPS: usize = 10;
/// The same after a dive, from shares that are a plan.
const LATE_SWEEPS: usize = 75;
/// Prices are left when two looks at what they prove prove less than this share more, and the model promises little more: at first,
/// and when a plan is there.
const LITTLE: f64 = 1.5e-4;
const NEXT_TO_NOTHING: f64 = 1e-5;
const PROMISE: f64 = 4.0;
/// A step is kept if it proves this share of what the model promised.
const SERIOUS: f64 = 0.1;
/// How many times as many people stand for all after each sample.
const LEVEL: usize = 4;

/// Moves prices until little is gained: for a sample first where there are many people, or from given ones.
pub(super) fn relax<'p, 'b, 'c>(search: &Search<'p, 'b, 'c, '_>, from: Option<&Multipliers>) -> Result<Bundle<'p, 'b, 'c>, Ended> {
    let pricing = search.pricing;
    let everyone = pricing.len();
    let mut multipliers = from.cloned().unwrap_or_else(|| Multipliers::none(pricing.coupling));
    let sampled = from.is_none() && everyone / SAMPLE > 2;
    let mut every = if sampled { everyone / SAMPLE } else { 1 };
    while every > 2 {
        let members: Vec<usize> = (0..everyone).step_by(every).collect();
        let found = pricing.all(&members, &pricing.prices_of(&multipliers));
        if found.iter().any(|cheapest| cheapest.bound == f64::INFINITY) {
            return Err(Ended::Infeasible);
        }
        let mut bundle = Bundle::new(pricing, members, found, &multipliers).ok_or(Ended::Stopped)?;
        (0..SAMPLE_EPOCHS).for_each(|_| bundle.epoch(search));
        multipliers = bundle.multipliers();
        every /= LEVEL;
    }
    let (found, bound) = search.priced(&multipliers).ok_or(Ended::Stopped)?;
    if bound == f64::INFINITY {
        return Err(Ended::Infeasible);
    }
    let mut bundle = Bundle::new(pricing, (0..everyone).collect(), found, &multipliers).ok_or(Ended::Stopped)?;
    let epochs = if sampled || from.is_some() { EPOCHS_AFTER } else { search.effort.epochs };
    (0..epochs).for_each(|_| bundle.epoch(search));
    bundle.ascend(search, false);
    Ok(bundle)
}

/// The share of a time limit that prices have: more where no master follows.
fn share(search: &Search<'_, '_, '_, '_>) -> f64 {
    if search.pricing.len() > MANY { GENERATING } else { WARMING }
}

/// Prices that a bundle's steps are measured from: of rows, and of sets of needs.
pub(super) struct Stand {
    centre: Vec<f64>,
    halls: Vec<f64>,
}

impl<'p, 'b, 'c> Bundle<'p, 'b, 'c> {
    /// Prices everyone once, part by part, each at the prices that the parts before have left; then steps are measured from there.
    fn epoch(&mut self, search: &Search<'p, 'b, 'c, '_>) {
        let n = self.members.len();
        let parts = (n / PART).clamp(LEAST_PARTS, MOST_PARTS).min(n.max(1));
        for part in 0..parts {
            if search.past(share(search)) || search.ends() {
                return;
            }
            let prices = self.pricing.prices_of(&self.multipliers()).rough();
            let some: Vec<usize> = (part..n).step_by(parts).collect();
            self.price(&some, &prices);
            some.iter().for_each(|i| self.settle(*i));
            self.sweep(1);
        }
        self.separate();
        self.sweep(SWEEPS);
        self.prune();
        self.recentre();
    }

    /// Where prices stand, to come back to.
    pub(super) fn stand(&self) -> Stand {
        Stand { centre: self.centre.clone(), halls: self.halls.iter().map(|row| row.centre).collect() }
    }

    /// Goes on from where prices stood before paths were decided, until next to nothing is gained.
    pub(super) fn raise(&mut self, search: &Search<'p, 'b, 'c, '_>, from: Stand) {
        self.decided.fill(false);
        self.centre = from.centre;
        let halls = from.halls.into_iter().chain(std::iter::repeat(0.0));
        self.halls.iter_mut().zip(halls).for_each(|(row, centre)| row.centre = centre);
        self.tempo = 1.0;
        self.look();
        self.sweep(LATE_SWEEPS);
        self.ascend(search, true);
    }

    /// Looks at what prices prove, and moves them on, until two looks in a row prove little more, or their share of the time is over;
    /// `late`, when a plan is there, until they prove next to nothing more. The first look of all is gone on from, whatever it proves.
    fn ascend(&mut self, search: &Search<'p, 'b, 'c, '_>, late: bool) {
        let (least, most) = if late { (NEXT_TO_NOTHING, f64::INFINITY) } else { (LITTLE, share(search)) };
        let mut little = 0;
        for look in 0..search.effort.looks {
            if search.past(most) || search.ends() {
                return;
            }
            let multipliers = self.multipliers();
            let (model, before) = (self.model(&multipliers), search.state.lock().expect("no thread panics with the lock").bound);
            let prices = self.pricing.prices_of(&multipliers);
            let ceilings: Vec<Ceiling<'_>> = (0..self.members.len()).map(|n| self.ceiling(n, &prices)).collect();
            let Some((found, bound)) = search.priced_below(&multipliers, &prices, &ceilings) else { return };
            // Where good paths are found and not the cheapest, what prices prove says little of the model.
            if (look == 0 && !late) || !search.effort.exact || bound > before + SERIOUS * (model - before).max(0.0) {
                self.recentre();
                self.tempo = (self.tempo * FASTER).min(MOST_TEMPO);
            } else {
                self.tempo *= SLOWER;
            }
            found.into_iter().enumerate().for_each(|(n, cheapest)| self.offer(n, cheapest.path));
            self.separate();
            self.look();
            self.sweep(SWEEPS);
            self.prune();
            let small = least * bound.abs().max(1.0);
            little = if bound < before + small && model < before.max(bound) + PROMISE * small { little + 1 } else { 0 };
            if little == 2 {
                return;
            }
        }
    }

    /// Remembers the cheapest paths of some members.
    fn price(&mut self, some: &[usize], prices: &Prices) {
        let numbers: Vec<usize> = some.iter().map(|i| self.members[*i]).collect();
        let ceilings: Vec<Ceiling<'_>> = some.iter().map(|i| self.ceiling(*i, prices)).collect();
        let found = self.pricing.all_below(&numbers, prices, &ceilings);
        self.pricing.learn(&numbers, &found);
        for (i, cheapest) in some.iter().zip(found) {
            self.offer(*i, cheapest.path);
        }
    }

    /// The cheapest known path of a member that is not forbidden.
    fn ceiling(&self, i: usize, prices: &Prices) -> Ceiling<'_> {
        let may = self.known[i].iter().filter(|part| prices.allow(&part.column)).map(|part| Ceiling::of(&part.column, prices));
        may.min_by(|a, b| a.points.total_cmp(&b.points)).unwrap_or(Ceiling::NONE)
    }

    /// The columns of a member, and their shares.
    pub(super) fn shares(&self, i: usize) -> impl Iterator<Item = (f64, &Column)> + '_ {
        self.known[i].iter().map(|part| (part.share, &part.column))
    }

    /// The program over what is known, with the rows that have a price.
    pub(super) fn master(&self, seed: u32) -> Master<'p, 'b, 'c> {
        let mut master = Master::new(self.pricing, seed);
        for (i, n) in self.members.iter().enumerate() {
            self.shares(i).for_each(|(_, column)| {
                master.add(*n, column);
            });
        }
        (0..self.centre.len()).filter(|r| self.price[*r].abs() > 1e-9).for_each(|r| master.activate(r));
        self.halls().for_each(|hall| {
            master.limit(hall.clone());
        });
        master
    }

    /// The sets of needs found so far.
    pub(super) fn halls(&self) -> impl Iterator<Item = &Hall> + '_ {
        self.halls.iter().map(|row| &row.hall)
    }

    /// Gives a member one path for good.
    pub(super) fn decide(&mut self, i: usize, column: &Column) {
        self.offer(i, Some(column.clone()));
        let to = self.known[i].iter().position(|part| part.column.choices == column.choices).expect("it was offered");
        self.give(i, to, |_| true);
        self.decided[i] = true;
    }

    /// Lets a member whose path was decided look for others.
    pub(super) fn reopen(&mut self, i: usize) {
        self.decided[i] = false;
    }

    /// Gives all shares of some columns to one that is not among them.
    fn give(&mut self, i: usize, to: usize, of: impl Fn(usize) -> bool) {
        for from in 0..self.known[i].len() {
            if from != to && of(from) && self.known[i][from].share > 0.0 {
                self.step(i, from, to, f64::INFINITY);
            }
        }
    }

    /// Forgets columns that may not be, of those who have others.
    fn forbid(&mut self, i: usize, may: &dyn Fn(&Column) -> bool) {
        let allowed: Vec<bool> = self.known[i].iter().map(|part| may(&part.column)).collect();
        let value = |k: &usize| self.known[i][*k].column.value(&self.price);
        let best = (0..allowed.len()).filter(|k| allowed[*k]).min_by(|a, b| value(a).total_cmp(&value(b)));
        let Some(best) = best else { return };
        self.give(i, best, |k| !allowed[k]);
        let mut allowed = allowed.into_iter();
        self.known[i].retain(|_| allowed.next() == Some(true));
    }

    /// Prices those who are undecided where there is room, as `prices` and `may` say, and lets them settle.
    pub(super) fn go_on(&mut self, prices: &mut Prices, may: &dyn Fn(&Column) -> bool) {
        prices.set_all(self.pricing, self.multipliers().prices(self.pricing.coupling).into_iter().enumerate());
        let open: Vec<usize> = (0..self.members.len()).filter(|i| !self.decided[*i]).collect();
        let numbers: Vec<usize> = open.iter().map(|i| self.members[*i]).collect();
        prices.narrow(self.pricing, &numbers);
        self.price(&open, prices);
        open.iter().for_each(|i| self.forbid(*i, may));
        self.sweep(DIVE_SWEEPS);
        self.recentre();
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use crate::brief::brief;
    use crate::generate::{Profile, Recipe, generate};
    use crate::intake::{Intake, intake};

    /// The bound is near the relaxation's and not above it; shares are whole people, and the books of rows are what they add. When a plan
    /// was made of them, prices go on from where they stood, and prove more.
    #[test]
    fn ends_near_the_relaxation() {
        let text = serde_json::to_string(&generate(&Recipe::new(Profile::Operations, 60, 3))).expect("an instance is JSON");
        let Intake { case, policy, .. } = intake(text.as_bytes()).expect("valid");
        let told = brief(&case, &policy);
        let coupling = Coupling::new(&told);
        let pricing = Pricing::new(&told, &coupling, &|| false).expect("nothing ends it");
        alone(&pricing, |search| {
            let pricing = search.pricing;
            let Ok(mut bundle) = bundle::relax(search, None) else { panic!("everyone has a path") };
            let mut sums = vec![0.0; coupling.len()];
            for n in 0..pricing.len() {
                assert!((bundle.shares(n).map(|(share, _)| share).sum::<f64>() - 1.0).abs() < 1e-9);
                bundle.shares(n).for_each(|(share, c)| c.terms.iter().for_each(|(r, c)| sums[*r as usize] += share * c));
            }
            assert!(bundle.sums.iter().zip(&sums).all(|(a, b)| (a - b).abs() < 1e-6 * b.abs().max(1.0)));
            let near = search.state.lock().expect("no thread panics").bound;
            let relaxed = search.generate(&mut bundle.master(1)).expect("no limit").objective;
            assert!(near <= relaxed + 1e-6 * relaxed && near > 0.99 * relaxed, "{near} of {relaxed}");
            search.state.lock().expect("no thread panics").bound = near;
            let stand = bundle.stand();
            dive::decide(search, &mut bundle).expect("a plan");
            bundle.raise(search, stand);
            let raised = search.state.lock().expect("no thread panics").bound;
            assert!(raised <= relaxed + 1e-6 * relaxed && relaxed - raised < 0.5 * (relaxed - near), "{near}, {raised} of {relaxed}");
        });
    }
}
