//! Chance: one independent stream of numbers for every row of every list, so that a list that grows shifts no other.

use chacha20::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// What a stream is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum List {
    /// Sites: kind, size, what they ask for.
    Sites = 1,
    /// Positions.
    Posts,
    /// Who reports to whom.
    Org,
    /// Mentors.
    Mentors,
    /// Who participants are.
    People,
    /// The paths that the seats are made for.
    Paths,
    /// What limits participants besides.
    Limits,
    /// Couples.
    Couples,
    /// People who are kept apart.
    Apart,
    /// Demand, housing, arrivals.
    Supply,
    /// The baseline.
    Baseline,
    /// Whom changes of an instance fall on.
    Changes,
}

/// One stream.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of a row of a list.
    pub(crate) fn new(seed: u64, list: List, row: usize) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(((list as u64) << 40) + row as u64);
        Self(rng)
    }

    /// A whole number below `n`; 0 if `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n = u32::try_from(n).unwrap_or(u32::MAX);
        if n < 2 { 0 } else { self.0.random_range(0..n) as usize }
    }

    /// A whole number from `low` to `high`.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Whether something of this chance in a hundred happens.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// An index, each as likely as its weight says.
    pub(crate) fn weighted(&mut self, weights: impl Iterator<Item = usize> + Clone) -> usize {
        let mut at = self.below(weights.clone().sum());
        for (i, weight) in weights.enumerate() {
            if at < weight {
                return i;
            }
            at -= weight;
        }
        0
    }

    /// A number of 0 to 1 in steps of a thousandth.
    pub(crate) fn share(&mut self) -> f64 {
        self.below(1000) as f64 / 1000.0
    }
}
