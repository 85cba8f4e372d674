//! Instances of every programme, of any size, as scarce as asked for.
//!
//! An instance is made around a plan. First come the map (real cities), the positions, and the participants with their papers,
//! wishes and leave; then every participant gets a full path that keeps each rule of a single path; then seats, beds, mentors
//! and money are made for just those paths, divided by the tightness asked for. So up to a tightness of 1 there is a plan that
//! places everybody, and what is scarce is scarce by a known amount; [`planted`] gives that plan too.
//!
//! The same recipe gives the same bytes on every machine: every row of every list draws from a stream of its own, and the
//! numbers come from whole numbers and plain arithmetic.

mod cities;
pub(crate) mod dice;
mod geography;
mod legs;
mod limits;
mod mentors;
mod names;
mod path;
mod people;
mod populate;
mod programme;
mod supply;
mod world;
mod write;

#[cfg(test)]
mod tests;

use crate::io::plan_file::PlacementRow;
use crate::io::raw::Instance;

/// What to generate.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// The kind of programme.
    pub profile: Profile,
    /// Number of participants, from 1.
    pub participants: usize,
    /// Number of periods; the profile's own where none is given. The MBA rotation counts quarters up to 12 periods, else months.
    pub periods: Option<usize>,
    /// Number of sites; as many as fit the participants where none is given.
    pub sites: Option<usize>,
    /// Number of positions, about; as many as fit the sites where none is given.
    pub positions: Option<usize>,
    /// Participant-periods that the paths need over seat-periods offered, in every stage: 0.9 is tight, above 1 seats are missing.
    pub tight: f64,
    /// Budget for moves over what the planted plan's moves cost. Default 1.1.
    pub budget: Option<f64>,
    /// The seed of all chance.
    pub seed: u64,
}

impl Recipe {
    /// A recipe with the profile's usual periods, sites, positions and budget, at a tightness of 0.9.
    #[must_use]
    pub fn new(profile: Profile, participants: usize, seed: u64) -> Self {
        Self { profile, participants, periods: None, sites: None, positions: None, tight: 0.9, budget: None, seed }
    }
}

macro_rules! profiles {
    ($($(#[doc = $doc:literal])* $variant:ident = $word:literal),+ $(,)?) => {
        /// The kind of programme.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Profile {
            $($(#[doc = $doc])* $variant),+
        }

        impl Profile {
            /// Every profile.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word on the command line.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What it is, in a line.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*).trim_ascii()),+ }
            }
        }
    };
}

profiles! {
    /// A three-year operations pathway, in quarters: area manager, operations manager, site leader.
    Operations = "operations",
    /// A 24-month MBA rotation: two functions, a budget, a profit-and-loss.
    Mba = "mba",
    /// A seven-week graduate launch: workshop, two sites, presentation.
    Launch = "launch",
    /// Twelve months of stretch assignments for emerging leaders.
    Emerging = "emerging",
    /// A two-year rotation with an assessment halfway and a capstone.
    Assessed = "assessed",
    /// From hourly work through study and practice into a licensed role.
    Study = "study",
    /// A technical academy: bootcamp, residency, apprenticeship, engineer.
    Academy = "academy",
    /// A year whose placements are settled: mentors are to be matched.
    Mentoring = "mentoring",
    /// Overlapping cohorts under way, with history, leave, pins and a published plan to keep.
    Cohorts = "cohorts",
    /// A rotation year without a ladder, in hospitals.
    Medical = "medical",
}

impl std::str::FromStr for Profile {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let words = || Self::ALL.iter().map(|p| p.word()).collect::<Vec<_>>().join(", ");
        Self::ALL.iter().copied().find(|p| p.word() == word).ok_or_else(|| format!("there is no profile '{word}'; the profiles are {}", words()))
    }
}

/// The instance of a recipe. Numbers out of range are taken as the nearest in range.
#[must_use]
pub fn generate(recipe: &Recipe) -> Instance {
    make(recipe, false).0
}

/// The instance of a recipe, and the plan that it was made around.
///
/// Up to a tightness of 1 and with a budget factor of at least 1 that plan keeps every rule that is hard, and leaves nobody idle.
#[must_use]
pub fn planted(recipe: &Recipe) -> (Instance, Vec<PlacementRow>) {
    make(recipe, true)
}

fn make(recipe: &Recipe, planted: bool) -> (Instance, Vec<PlacementRow>) {
    let tight = if recipe.tight.is_finite() { recipe.tight.clamp(0.05, 20.0) } else { 0.9 };
    let recipe = Recipe { participants: recipe.participants.max(1), tight, ..recipe.clone() };
    write::instance(&programme::Programme::of(&recipe), &recipe, planted)
}
