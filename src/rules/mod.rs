//! The rules: one file each, with the page, the registration, what the optimiser is told, what the audit sees, and tests.
//!
//! The two halves of a rule share nothing but the page: `told` speaks only the brief's language and never sees a plan;
//! `seen` speaks only the domain's and the audit's and never sees a sentence of the brief. `tests/agreement.rs` holds them
//! against each other.

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use crate::audit::{Findings, Sight};
use crate::brief::Teller;
use crate::domain::{Mode, Setting, Value};
use crate::words::{Index, index};

index! {
    /// A rule, by its place in [`RULES`].
    RuleIx
}

macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+
        /// Every rule, in the order of MODEL.md, section 4.
        pub static RULES: &[Rule] = &[$($module::RULE),+];
    };
}

rules!(
    timeline,
    duration,
    harder_than_last,
    stretch,
    no_repeat,
    qualifies,
    credentials,
    after,
    track,
    curriculum,
    breadth,
    mobility,
    barred,
    pinned,
    intensity,
    coverage,
    waiting,
    preference,
    moves,
    relocation,
    readiness,
    visibility,
    stability,
    seats,
    housing,
    arrivals,
    demand,
    mentoring,
    budget,
    together,
    apart,
    peers,
    fairness,
    pipeline,
);

/// A registered rule.
#[derive(Debug)]
pub struct Rule {
    /// Its id in the files, the messages and the documentation.
    pub id: &'static str,
    /// The rule's own source file, whose leading doc comment is its manual page.
    pub source: &'static str,
    /// Read from one path alone, or coupling paths.
    pub reach: Reach,
    /// The mode where the instance names none.
    pub default: Default,
    /// The weight where the instance names none; `None` if it must be given to make the rule soft.
    pub weight: Option<f64>,
    /// Its parameters.
    pub params: &'static [Param],
    /// What the optimiser is told.
    pub told: fn(&mut Teller<'_, '_>),
    /// What the audit sees.
    pub seen: fn(&Sight<'_>, &mut Findings),
}

/// Whether a rule is read from one path alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From one path alone (P).
    Path,
    /// It couples paths (C).
    Coupling,
}

/// The mode of a rule that the instance does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// Hard, and nothing else is possible.
    HardOnly,
    /// Hard.
    Hard,
    /// Soft.
    Soft,
    /// Off.
    Off,
    /// Hard if the instance lists mentors, else off.
    HardWithMentors,
    /// Soft if the instance has a baseline, else off.
    SoftWithBaseline,
}

impl Default {
    /// The mode for an instance with or without mentors and a baseline.
    #[must_use]
    pub fn mode(self, mentors: bool, baseline: bool) -> Mode {
        match self {
            Self::HardOnly | Self::Hard => Mode::Hard,
            Self::Soft => Mode::Soft,
            Self::Off => Mode::Off,
            Self::HardWithMentors if mentors => Mode::Hard,
            Self::SoftWithBaseline if baseline => Mode::Soft,
            Self::HardWithMentors | Self::SoftWithBaseline => Mode::Off,
        }
    }
}

/// A parameter of a rule.
#[derive(Debug)]
pub struct Param {
    /// Its field name.
    pub name: &'static str,
    /// What it means.
    pub about: &'static str,
    /// Its kind, range and default.
    pub kind: ParamKind,
}

/// Kind, range and default of a parameter.
#[derive(Debug)]
pub enum ParamKind {
    /// A number from `min`, whole if `whole`.
    Number {
        /// Value where none is given.
        default: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Only whole numbers.
        whole: bool,
    },
    /// Yes or no.
    Flag {
        /// Value where none is given.
        default: bool,
    },
    /// One of these; the first is the default.
    Choice(&'static [&'static str]),
    /// A list of path rules; the default list.
    Rules(&'static [&'static str]),
}

impl Rule {
    /// Whether the measure counts in the objective even where the rule is hard: so for a rule that is hard unless the
    /// instance says otherwise and yet has a weight.
    #[must_use]
    pub fn counts_when_hard(&self) -> bool {
        self.default == Default::Hard && self.weight.is_some()
    }

    /// What the rule asks: the first sentence of its page.
    #[must_use]
    pub fn asks(&self) -> String {
        self.page().split("\n\n").nth(1).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// How the rule is set where the instance names nothing, for an instance with or without mentors and a baseline. The
    /// weight is 0 where one must be given.
    #[must_use]
    pub fn setting(&self, mentors: bool, baseline: bool) -> Setting {
        Setting {
            mode: self.default.mode(mentors, baseline),
            weight: self.weight.unwrap_or(0.0),
            values: self.params.iter().map(|p| (p.name, p.kind.default())).collect(),
        }
    }

    /// The manual page: the leading doc comment of the rule's file, without the comment marks.
    #[must_use]
    pub fn page(&self) -> String {
        self.source.lines().map_while(|line| line.strip_prefix("//!")).map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n").collect()
    }
}

impl ParamKind {
    /// The value where none is given.
    ///
    /// # Panics
    /// If a default list names a rule that is not registered.
    #[must_use]
    pub fn default(&self) -> Value {
        match self {
            Self::Number { default, .. } => Value::Number(*default),
            Self::Flag { default } => Value::Flag(*default),
            Self::Choice(choices) => Value::Choice(choices[0]),
            Self::Rules(ids) => Value::Rules(ids.iter().map(|id| find(id).unwrap_or_else(|| panic!("{id} is a registered rule"))).collect()),
        }
    }
}

/// The rule with an id.
#[must_use]
pub fn find(id: &str) -> Option<RuleIx> {
    RULES.iter().position(|r| r.id == id).map(RuleIx::new)
}

/// The registration of a rule.
#[must_use]
pub fn rule(ix: RuleIx) -> &'static Rule {
    &RULES[ix.index()]
}
