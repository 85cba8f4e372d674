//! The domain: facts of one instance (a [`Case`]), the rules' settings (a [`Policy`]) and plans.
//! Valid by construction: only `intake` makes them, after every check.

mod derived;
mod facts;
mod people;
mod plan;
mod policy;
mod subject;

pub use facts::*;
pub use people::*;
pub use plan::*;
pub use policy::*;
pub use subject::Subject;
