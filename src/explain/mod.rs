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
mod resolve;
mod supply;
mod why;
mod words;
mod worth;

pub use conflict::{Conflict, conflict};
pub use diagnosis::{Diagnosis, Possible, diagnose, possible};
pub use oracle::{Answer, Oracle, Wish, hard_only};
pub use relax::{Relaxation, relaxations};
pub use remedy::{Place, Remedy};
pub use requirement::{Requirement, without};
pub use resolve::{Ask, Resolved, resolve};
pub use supply::{Level, Short, Shortage, Supply, supply};
pub use why::{Alternative, WhyNot, alternatives, own_costs, why_not};
pub use words::{mentors, people, positions};
pub use worth::{Pinned, Worth, pins, saves, verify, worth};
