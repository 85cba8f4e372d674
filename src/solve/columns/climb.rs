//! First prices where there are many people: the dual is climbed part by part, each part of the people priced at what the others
//! used when they were last priced (an incremental aggregated subgradient method: Blatt, Hero & Gauchman 2007, with steps
//! relative to the rows); for a sample of the people first, who stand for all.

use super::{Search, WARMING};
use crate::brief::Sentence;
use crate::pricing::{Column, Multipliers};

/// People of a part, and how many parts there are at least and at most.
const PART: usize = 100;
const LEAST_PARTS: usize = 4;
const MOST_PARTS: usize = 25;
/// Points by which the price of a row's largest coefficient may change in the first and the last epoch.
const FIRST_STEP: f64 = 8.0;
const LAST_STEP: f64 = 0.3;
const MIDDLE_STEP: f64 = 3.0;
/// Prices are climbed for about so many of the people first.
const SAMPLE: usize = 1_000;
const SAMPLE_EPOCHS: usize = 30;
/// How often all are priced after that.
const EPOCHS: usize = 12;
/// How fast the average of the multipliers forgets: the share of an epoch.
const FORGET: f64 = 1.5;
/// Climbs. Says whether everyone has a path, as far as there was time to see.
pub(super) fn warm(search: &Search<'_, '_, '_, '_>) -> bool {
    let (pricing, n) = (search.pricing, search.pricing.len());
    let mut multipliers = Multipliers::none(pricing.coupling);
    let Some((found, bound)) = search.priced(&multipliers) else { return true };
    if bound == f64::INFINITY {
        return false;
    }
    let mut last: Vec<Option<Column>> = found.into_iter().map(|c| c.path).collect();
    let some = Climb { every: (n / SAMPLE).max(1), epochs: SAMPLE_EPOCHS, steps: (FIRST_STEP, MIDDLE_STEP) };
    some.climb(search, &mut multipliers, &mut last);
    let Some((found, _)) = search.priced(&multipliers) else { return true };
    last = found.into_iter().map(|c| c.path).collect();
    Climb { every: 1, epochs: EPOCHS, steps: (MIDDLE_STEP, LAST_STEP) }.climb(search, &mut multipliers, &mut last);
    true
}

/// One climb.
struct Climb {
    /// One of so many people stands for all of these.
    every: usize,
    /// How often everyone is priced.
    epochs: usize,
    /// Points by which the price of a row's largest coefficient may change in the first and the last epoch.
    steps: (f64, f64),
}

impl Climb {
    /// Moves the multipliers; `last` are the columns that people took last.
    fn climb(&self, search: &Search<'_, '_, '_, '_>, multipliers: &mut Multipliers, last: &mut [Option<Column>]) {
        let (pricing, coupling) = (search.pricing, search.pricing.coupling);
        let people: Vec<usize> = (0..pricing.len()).step_by(self.every).collect();
        let scale = pricing.len() as f64 / people.len() as f64;
        let mut sums = vec![0.0; coupling.len()];
        people.iter().filter_map(|n| last[*n].as_ref()).flat_map(|c| &c.terms).for_each(|(r, c)| sums[*r as usize] += c * scale);
        let mentors = coupling.supply.as_ref().map(|s| s.sentence);
        let left_out = |r: usize| {
            let sentence = coupling.rows[r].sentence;
            Some(sentence) == mentors || matches!(pricing.brief.told[sentence].sentence, Sentence::WorstOf { .. })
        };
        let rows = (0..coupling.rows.len()).filter(|r| !left_out(*r)).map(|r| (r, pricing.largest(r)));
        let rows: Vec<(usize, f64)> = rows.filter(|(_, most)| *most > 0.0).collect();
        let parts = (people.len() / PART).clamp(LEAST_PARTS, MOST_PARTS);
        let steps = self.epochs * parts;
        let mut average = multipliers.clone();
        for step in 0..steps {
            if search.past(WARMING) || search.ends() {
                break;
            }
            let (first, end) = self.steps;
            let length = first * (end / first).powf(step as f64 / steps as f64) / parts as f64;
            for (r, most) in &rows {
                let row = &coupling.rows[*r];
                let share = (row.off(sums[*r]) / ((row.limit.abs() * most).sqrt() + most)).clamp(-1.0, 1.0);
                multipliers.0[*r] = (multipliers.0[*r] + length / most * share).max(0.0);
            }
            multipliers.clip(coupling);
            let forget = (FORGET / parts as f64).min(1.0);
            average.0.iter_mut().zip(&multipliers.0).for_each(|(a, m)| *a += forget * (m - *a));
            let prices = pricing.prices_of(multipliers);
            let part: Vec<usize> = people.iter().copied().skip(step % parts).step_by(parts).collect();
            for (number, cheapest) in part.iter().zip(pricing.all(&part, &prices)) {
                let Some(column) = cheapest.path else { continue };
                let before = last[*number].replace(column);
                before.iter().flat_map(|c| &c.terms).for_each(|(r, c)| sums[*r as usize] -= c * scale);
                last[*number].iter().flat_map(|c| &c.terms).for_each(|(r, c)| sums[*r as usize] += c * scale);
            }
            // What the average proves is looked at three times.
            let looks = self.every == 1 && (step + 1) % (parts * (self.epochs / 3).max(1)) == 0;
            if looks && search.priced(&average).is_none() {
                return;
            }
        }
        *multipliers = average;
    }
}
