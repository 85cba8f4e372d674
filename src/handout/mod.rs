//! Handing a plan out: a letter for every participant, a calendar for everyone concerned.
//!
//! Both are made from facts, a plan and its audit; nothing is solved, and no reason is given that was not counted.

mod calendar;
mod files;
mod letters;
mod told;

pub use calendar::{Old, calendars};
pub use letters::{Page, TEMPLATE, Template};
pub use told::{Letter, letters};
