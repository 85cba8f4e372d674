//! Explanations: what is short before anything is solved, why there is no plan and what would make one, why someone got what
//! they got, and what one more of anything is worth.
//!
//! Nothing here is read off a search: what is said was verified by solving, but for [`supply()`], which counts.

mod conflict;
mod diagnosis;
mod hall;
mod oracle;
mod relax;
mod remedy;
mod requirement;
mod supply;
mod words;

pub use conflict::{Conflict, conflict};
pub use diagnosis::{Diagnosis, Possible, diagnose, possible};
pub use oracle::{Answer, Oracle, Wish, hard_only};
pub use relax::{Relaxation, relaxations};
pub use remedy::{Place, Remedy};
pub use requirement::{Requirement, without};
pub use supply::{Level, Short, Shortage, Supply, supply};
pub use words::{mentors, people, positions, span};
