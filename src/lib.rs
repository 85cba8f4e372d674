//! # rungs: the architecture
//!
//! rungs plans rotations and cohort placements: every participant's path over years, each placement harder than the last, with
//! mentors outside the reporting line, honest costs of moves, a proven gap and the reasons for what could not be placed.
//!
//! ## One way through the house
//!
//! ```text
//! sheets ── workbook ──▶ JSON, each value with its cell
//! JSON ── io ──▶ raw rows, each with its place (path, line)
//!    ── intake ──▶ Case + Policy      every check, all problems at once; below this line nothing is invalid
//!    ── rules: told ──▶ Brief         the only place where the domain becomes optimisation
//!    ── network ──▶ a time graph per participant, after the gates
//!    ── solve ──▶ chosen paths + bound  the only place with solvers, tolerances, threads, the clock
//!    ── desk ──▶ Plan                 choices back to domain ids, mentors assigned, reasons
//!    ── rules: seen ──▶ Audit         from Case + Policy + Plan alone
//!    ── io / report ──▶ JSON, text, SVG, one web page
//! ```
//!
//! ## The floors
//!
//! Each imports only from below (the registry of rules is the one hinge: the domain's [`domain::Policy`] is a table over it).
//!
//! 1. [`words`]: typed indices, calendar, distance, tolerant comparison.
//! 2. [`domain`]: facts, settings, plans.
//! 3. [`io`] (raw rows) and [`intake`] | [`audit`] | [`brief`]: the last two are blind to each other.
//! 4. [`rules`]: one file per rule, with a page, a registration, what the optimiser is `told` and what the audit has `seen`.
//! 5. [`network`] and [`pricing`], then [`solve`]: they read the brief and name no rule.
//! 6. `change`: what a scenario changes in the raw rows; [`desk`] and [`generate`]; above them `explain`: what is short, what
//!    conflicts and what would help, by counting and by solving variants.
//! 7. [`report`]: text and web pages from facts and audits. [`workbook`]: files as sheets, and back. [`handout`]: letters and
//!    calendars. [`pseudonyms`]: files without the people in them. [`guide`]: the documents that come with the program.
//! 8. [`cli`]: the only floor that prints, exits and reads the environment.
//!
//! ## The brief
//!
//! Everything a rule tells the optimiser is a [`brief::Sentence`] over choices, moves, waits and ends of a path. A sentence has
//! one meaning for all methods, and [`brief::evaluate()`] gives its amount at any plan, so that told and seen can be compared
//! without solving. Hard or soft is stamped by the registry from the policy. A rule that could not be said would add a kind of
//! sentence for all methods at once, never a special case in one.
//!
//! ## The exact method
//!
//! A unit flow per participant through their network, coupled by the rows of the brief ([`solve::compile()`]). Networks carry
//! what sentences about moves and ends tell apart ([`network`]); counts along a path are rows, and only where some walk through
//! the network would break them. Only placements are integer columns. good_lp gives the program to HiGHS; what the Rust crates
//! do not pass on (callbacks, 64-bit counts, names) is in one module with the crate's only unsafe code.
//!
//! ## The column method
//!
//! [`pricing`] finds everyone's cheapest path at given prices of the rows across paths, and so the Lagrangian bound; it needs no
//! solver. The method (in [`solve`]) finds the prices and a plan: its main loop is one page. The multipliers of the best bound
//! are the certificate in the plan file.
//!
//! ## Decisions
//!
//! A question about a plan is a change of the raw rows, taken in like any instance (`change`), and answered by solving: from the
//! base plan's paths and prices (`solve::solve_from`), never from a search trace. Replanning charges every path but a person's own
//! one unit, so that the Lagrangian bound proves how few can be touched; that a column as a whole is charged is the one thing about
//! a path that no sentence says (`pricing`, the module `stay`). Comparing two plans is comparing two audits and two lists of
//! placements (`desk`). A frontier or an alternative is the same brief with a price or a bound more ([`brief::Brief::caps`]); a place
//! for one person is priced beside what everyone else holds, read off the brief ([`pricing::Held`]); a swap is an entry in the books.
//!
//! ## Invariants
//!
//! - A `Case` is valid by construction: `intake` alone makes one.
//! - No method names a rule, and no rule names a method; `seen` never sees the brief. Without the feature `plan` the crate is the
//!   auditor: no solver, no generator; the brief and pricing serve `check --bound` alone.
//! - Every plan that leaves has been audited, and its cost recomputed rule by rule from the audit; a difference from the
//!   solver's number is an internal error, and says so.
//! - Same input, seed and options give the same bytes, whatever the number of threads, unless a time limit struck. Plan files
//!   therefore state seconds only if a limit stopped the search.
//! - A file is written whole or not at all.
//!
//! ## Absent on purpose
//!
//! No templating but that of letters, which is their readers' own; no async, no global state. No second checker that trusts the solver's numbers. No weights in code: they are
//! registered with their rules and set by the instance.
//!
//! ## How to add a rule
//!
//! Add `src/rules/NAME.rs` with the page, the registration, `told`, `seen` and tests, and its name to the list in
//! `src/rules/mod.rs`. The schema, the intake of its parameters, the manual page, the reports, the agreement test and the table
//! in the README follow from the registration; `tests/agreement.rs` refuses it until its halves agree and it is both kept and
//! broken often enough.

pub mod audit;
pub mod brief;
#[cfg(feature = "plan")]
pub mod change;
pub mod cli;
#[cfg(feature = "plan")]
pub mod desk;
pub mod domain;
#[cfg(feature = "plan")]
pub mod explain;
#[cfg(feature = "plan")]
pub mod generate;
#[cfg(feature = "plan")]
pub mod guide;
#[cfg(feature = "plan")]
pub mod handout;
pub mod intake;
pub mod io;
pub mod network;
pub mod pricing;
#[cfg(feature = "plan")]
pub mod pseudonyms;
pub mod report;
pub mod rules;
#[cfg(feature = "plan")]
pub mod solve;
pub mod words;
pub mod workbook;
