//! Explanations: what is short before anything is solved, why there is no plan and what would make one, why someone got what
//! they got, and what one more of anything is worth.
//!
//! Nothing here is read off a search: what is said was verified by solving, but for [`supply()`], which counts.

mod conflict;
mod hall;
mod oracle;
mod requirement;
mod supply;

pub use conflict::{Conflict, conflict};
pub use oracle::{Answer, Oracle, Wish, hard_only};
pub use requirement::{Requirement, without};
pub use supply::{Level, Short, Shortage, Supply, supply};
