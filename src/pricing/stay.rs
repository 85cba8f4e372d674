//! People who would rather keep the path they have: any other path is charged points and, where a row counts those who change,
//! a unit of that row. Whether a path is the very one that was kept is no sum over events, so no sentence says it; a column as a
//! whole can. The cheapest path is then the cheaper of the one kept and the cheapest of all with the charge.

use super::search::{Ceiling, Prices};
use super::{Cheapest, Column, Pricing, Scratch};
use crate::brief::Choice;
use crate::domain::ParticipantIx;
use crate::words::Table;

/// What one participant has, and what another path is charged.
pub(super) struct Stay {
    kept: Vec<Choice>,
    /// The path kept as a column; `None` if it breaks something hard by itself.
    column: Option<Column>,
    points: f64,
    row: Option<u32>,
}

impl Stay {
    fn charge(&self, mut column: Column) -> Column {
        if column.choices != self.kept {
            column.points += self.points;
            if let Some(row) = self.row {
                let at = column.terms.partition_point(|(r, _)| *r < row);
                column.terms.insert(at, (row, 1.0));
            }
        }
        column
    }

    fn extra(&self, prices: &Prices) -> f64 {
        self.points + self.row.map_or(0.0, |row| prices.rows[row as usize])
    }
}

impl Pricing<'_, '_> {
    /// Charges every path of a participant for whom one is kept, but that one, these points and a unit of this row.
    pub fn charge_changes(&mut self, kept: &Table<ParticipantIx, Option<Vec<Choice>>>, points: f64, row: Option<usize>) {
        let row = row.map(|r| r as u32);
        let of = |number: usize| {
            let kept = kept[self.participant(number)].clone()?;
            Some(Stay { column: self.free_column(number, &kept), kept, points, row })
        };
        self.stays = (0..self.len()).map(of).collect();
    }

    fn stay(&self, number: usize) -> Option<&Stay> {
        self.stays.get(number).and_then(Option::as_ref)
    }

    /// The column of given placements; `None` if they break something hard along the path.
    #[must_use]
    pub fn column(&self, number: usize, choices: &[Choice]) -> Option<Column> {
        let column = self.free_column(number, choices);
        match self.stay(number) {
            Some(stay) => column.map(|c| stay.charge(c)),
            None => column,
        }
    }

    /// The cheapest path of the participant with this number among those who have a timeline.
    #[must_use]
    pub fn cheapest(&self, number: usize, prices: &Prices, scratch: &mut Scratch) -> Cheapest {
        self.cheapest_below(number, prices, scratch, Ceiling::NONE)
    }

    /// The same if it costs less than `ceiling`, such as a path that is known: the nearer that is to the least, the quicker. The
    /// bound is never above the ceiling, and there is no path if none costs less.
    #[must_use]
    pub fn cheapest_below(&self, number: usize, prices: &Prices, scratch: &mut Scratch, ceiling: Ceiling<'_>) -> Cheapest {
        let ceiling = if self.stay(number).is_some() { Ceiling::NONE } else { ceiling };
        let found = self.free_cheapest(number, prices, scratch, ceiling);
        let Some(stay) = self.stay(number) else { return found };
        if found.path.as_ref().is_some_and(|c| c.choices == stay.kept) {
            return found;
        }
        let away = found.bound + stay.extra(prices);
        let path = found.path.map(|c| stay.charge(c));
        match stay.column.as_ref().filter(|c| prices.allow(c)) {
            Some(kept) => {
                let value = kept.value(&prices.rows);
                let stays = path.as_ref().is_none_or(|c| c.value(&prices.rows) >= value);
                Cheapest { bound: away.min(value), path: if stays { Some(kept.clone()) } else { path }, penalties: found.penalties }
            }
            None => Cheapest { bound: away, path, penalties: found.penalties },
        }
    }

    /// Up to so many cheapest paths of a participant, each dearer than the cheapest by at most `within` points, in order; where their
    /// search was cut short, good ones.
    #[must_use]
    pub fn several(&self, number: usize, prices: &Prices, scratch: &mut Scratch, count: usize, within: f64) -> Vec<Column> {
        self.listed(number, prices, scratch, count, within).0
    }

    /// All paths of a participant that are dearer than the cheapest by at most `within` points, in order; `None` if they may be more
    /// than `most`.
    #[must_use]
    pub fn every(&self, number: usize, prices: &Prices, scratch: &mut Scratch, most: usize, within: f64) -> Option<Vec<Column>> {
        let (list, whole) = self.listed(number, prices, scratch, most + 1, within);
        (whole && list.len() <= most).then_some(list)
    }

    fn listed(&self, number: usize, prices: &Prices, scratch: &mut Scratch, count: usize, within: f64) -> (Vec<Column>, bool) {
        let (found, whole) = self.free_several(number, prices, scratch, count, within);
        let Some(stay) = self.stay(number) else { return (found, whole) };
        let mut list: Vec<Column> = found.into_iter().map(|c| stay.charge(c)).collect();
        if let Some(kept) = stay.column.as_ref().filter(|kept| prices.allow(kept) && list.iter().all(|c| c.choices != kept.choices)) {
            list.push(kept.clone());
        }
        list.sort_by(|a, b| a.value(&prices.rows).total_cmp(&b.value(&prices.rows)));
        let least = list.first().map_or(0.0, |c| c.value(&prices.rows));
        list.retain(|c| c.value(&prices.rows) <= least + within);
        list.truncate(count);
        (list, whole)
    }
}
