//! Words and numbers: typed indices, the calendar, distances, tolerant comparison, numbers in words. Imports nothing of ours.

mod calendar;
mod geo;
mod index;
mod number;

pub use calendar::{Calendar, CalendarError, Unit};
pub use geo::Coordinates;
pub(crate) use index::index;
pub use index::{Index, Table};
pub(crate) use number::{cents, grouped};
pub use number::{excess, number, shortfall, told_apart};

index! {
    /// A period of the horizon, `0..calendar.count`.
    Period
}
