//! Files: the raw rows of an instance and of a plan, their reading with every problem collected, their canonical text and
//! schemas, and the writing of files whole or not at all.
//!
//! Each row is defined once, with the macro `record!`, and everything about it is derived from that one definition: the type,
//! its reading, its writing, its schema and the words about its fields.

mod canonical;
mod compose;
mod document;
mod file;
mod leaves;
mod plan;
mod problem;
mod read;
pub(crate) mod record;
mod schema;
#[cfg(feature = "plan")]
mod toml;

pub mod plan_file;
pub mod raw;

pub use canonical::{canonical, hash, sha256};
pub use compose::{compose, stated};
pub use document::Document;
#[cfg(feature = "plan")]
pub use file::write_secret;
pub use file::{Contents, Staged, can_write, has_ending, read_bytes, reason, stage, write_whole};
pub use leaves::Json;
pub(crate) use plan::without_echoes;
pub use plan::{ReadPlan, read_plan};
pub use problem::{Place, Problem, Severity, suggest};
pub(crate) use read::child_path;
pub use read::{Read, Reader};
pub use record::{Field, Record};
pub use schema::{instance_schema, plan_schema};
#[cfg(feature = "plan")]
pub use toml::Toml;
