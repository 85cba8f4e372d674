//! Words and numbers: typed indices, the calendar, distances, tolerant comparison. Imports nothing of ours.

mod calendar;
mod geo;
mod index;
mod number;

pub use calendar::{Calendar, CalendarError, Unit};
pub use geo::Coordinates;
pub(crate) use index::index;
pub use index::{Index, Table};
pub use number::{excess, shortfall};

index! {
    /// A period of the horizon, `0..calendar.count`.
    Period
}
