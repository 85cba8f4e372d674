//! Text for people: a plan, its costs and its proof in words that a programme coordinator reads.
//!
//! Every function turns facts, a plan and its audit into a `String`: nothing is printed, read or solved here. Lines keep to
//! [`Look::width`] columns. The text carries ANSI styles; whoever prints it passes it through `anstream`, which leaves them
//! out where the terminal or `NO_COLOR` asks for plain text. No meaning hangs on a colour alone.

#[cfg(feature = "plan")]
mod alternatives;
mod board;
mod book;
#[cfg(feature = "plan")]
mod chart;
mod check;
mod costs;
#[cfg(feature = "plan")]
mod diff;
#[cfg(feature = "plan")]
mod explain;
mod grid;
mod html;
mod mentors;
mod paths;
#[cfg(feature = "plan")]
mod place;
mod positions;
#[cfg(feature = "plan")]
mod replan;
mod stated;
#[cfg(feature = "plan")]
mod stress;
mod summary;
mod svg;
#[cfg(feature = "plan")]
mod swaps;
mod text;
#[cfg(feature = "plan")]
mod tradeoff;
mod units;
#[cfg(feature = "plan")]
mod whatif;
mod why;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

#[cfg(feature = "plan")]
pub use alternatives::unlike;
pub use board::board;
pub use book::{rule_book, rule_page};
pub use check::{bound, check};
pub use costs::{costs, details};
#[cfg(feature = "plan")]
pub use diff::{Side, diff};
#[cfg(feature = "plan")]
pub use explain::{cannot, diagnosis, got, others, pinned, possible, refused, supply, worths};
pub use html::{Shown, html};
pub use mentors::mentors;
pub use paths::ladder_notice;
#[cfg(feature = "plan")]
pub(crate) use paths::{Stop, home, stops};
#[cfg(feature = "plan")]
pub use place::placed;
pub use positions::positions;
#[cfg(feature = "plan")]
pub use replan::{must_break, replanned};
pub use stated::{Difference, differences};
#[cfg(feature = "plan")]
pub use stress::{Held, stressed, stressed_svg};
pub use summary::{Proof, Waiting, proof, summary, summary_lines};
pub use svg::ladder_svg;
#[cfg(feature = "plan")]
pub use swaps::swapped;
#[cfg(feature = "plan")]
pub(crate) use text::number;
#[cfg(feature = "plan")]
pub use tradeoff::{frontier, frontier_svg};
#[cfg(feature = "plan")]
pub use whatif::{Asked, compared};
#[cfg(feature = "plan")]
pub(crate) use why::{Why, whys};

use crate::domain::{Case, ParticipantIx};

/// How much is shown, and how wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal; less than 40 counts as 40.
    pub width: usize,
    /// Rows of a list before the rest is only counted.
    pub limit: usize,
    /// Only these participants, in this order; all if empty.
    pub only: Vec<ParticipantIx>,
    /// How to see what is left out, for instance `--all shows everything`.
    pub more: String,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: 80, limit: 40, only: Vec::new(), more: "--all shows everything".to_owned() }
    }
}

impl Look {
    /// The width to write for.
    fn columns(&self) -> usize {
        self.width.max(40)
    }

    /// Whom to show, grouped by cohort unless they were chosen, and how many are left out.
    fn people(&self, case: &Case) -> (Vec<ParticipantIx>, usize) {
        let mut all = self.only.clone();
        if all.is_empty() {
            all = case.participants.ids().collect();
            all.sort_by_key(|p| case.participants[*p].cohort);
        }
        let left = all.len().saturating_sub(self.limit);
        all.truncate(self.limit);
        (all, left)
    }

    /// The line that says how many rows are left out; empty if none.
    fn rest(&self, left: usize, one: &str, many: &str) -> String {
        match left {
            0 => String::new(),
            n => format!("… and {} more {} ({})\n", text::number(n as f64), if n == 1 { one } else { many }, self.more),
        }
    }
}
