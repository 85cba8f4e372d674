//! The sentences of the brief.

use std::collections::BTreeSet;

use super::{Choice, End, Move};
use crate::domain::{MentorIx, ParticipantIx, PositionIx, SiteIx, Subject};
use crate::rules::RuleIx;
use crate::words::Period;

type Of<'c, A, R> = Box<dyn Fn(&A) -> R + Send + Sync + 'c>;
type Person<'c, R> = Box<dyn Fn(ParticipantIx) -> R + Send + Sync + 'c>;
type ChoiceRows<'c> = Box<dyn Fn(&Choice, Emit<'_>) + Send + Sync + 'c>;
type MoveRows<'c> = Box<dyn Fn(&Move, Period, Emit<'_>) + Send + Sync + 'c>;

/// Hands a row number and a coefficient to whoever builds the row.
pub type Emit<'e> = &'e mut dyn FnMut(usize, f64);

/// One thing a rule tells the optimiser. Amounts are never negative.
///
/// What the sentences along a path (`Count`, `Each`, `Order`, `Need`, `Distinct`, `Run`) and `Quorum` make of a choice depends on its
/// position and ticks alone, not on who makes it, unless it goes on with `current`.
pub enum Sentence<'c> {
    /// *Gate or price of a placement*: the amount of each choice.
    Choice(Of<'c, Choice, f64>),
    /// *Gate or price of a move*: the amount of each pair of placements in a row (or start and first placement), times how much
    /// the participant minds. Between two placements the amount depends on the two positions alone, not on who moves.
    Move {
        /// The amount.
        amount: Of<'c, Move, f64>,
        /// What it is multiplied with, if anything.
        minds: Option<Person<'c, f64>>,
    },
    /// *Price of waiting*: the amount of each idle tick that has a placement after it.
    Wait(Box<dyn Fn(ParticipantIx, usize) -> f64 + Send + Sync + 'c>),
    /// *Gate or price of an end*: the amount of each way a path may end, with the idle rest.
    End(Of<'c, End, f64>),
    /// *Count along a path*: the sum over choices and moves lies within bounds; the amount is how far it does not.
    Count {
        /// For whom.
        who: Who,
        /// What each choice adds.
        choice: Of<'c, Choice, f64>,
        /// What each move adds, if anything.
        mv: Option<Of<'c, Move, f64>>,
        /// The bounds.
        bounds: Person<'c, Bounds>,
    },
    /// *Counts along a path, one for each key*: the sum over the choices with a key is at most a limit.
    Each {
        /// For whom.
        who: Who,
        /// The key of a choice, and what it adds.
        key: Of<'c, Choice, Option<(usize, f64)>>,
        /// The limit for a key.
        at_most: Box<dyn Fn(ParticipantIx, usize) -> f64 + Send + Sync + 'c>,
    },
    /// *Order along a path*: every `later` choice has (`wanted`) or has not (`!wanted`) an `earlier` one completed before it;
    /// the amount is the number of later choices for which that fails, times `unit`.
    Order {
        /// For whom.
        who: Who,
        /// The choices that something is asked of.
        later: Of<'c, Choice, bool>,
        /// The choices that count as done from their end on, and what is done before the plan.
        earlier: Condition<'c>,
        /// Whether the earlier one must be there, or must not.
        wanted: bool,
        /// Other rules, all hard, allow at most one `later` choice on a path: the rows may be cumulated over time.
        once: bool,
        /// The amount of each failure.
        unit: f64,
    },
    /// *Need at the end*: the condition holds when the path ends; the amount is 1 if not, times `unit`.
    Need {
        /// For whom.
        who: Who,
        /// The condition.
        condition: Condition<'c>,
        /// The amount of a failure.
        unit: f64,
    },
    /// *Distinct things along a path*: the choices of a finished path have at least so many different keys.
    Distinct {
        /// For whom.
        who: Who,
        /// The key of a choice, if it has one.
        key: Of<'c, Choice, Option<usize>>,
        /// Keys held before the plan.
        held: Person<'c, BTreeSet<usize>>,
        /// How many keys are asked.
        at_least: Person<'c, usize>,
    },
    /// *Runs along a path*: at most `limit` ticks worked in a row in `hit` choices; the amount is the ticks beyond. Idle ticks
    /// and other choices break a run.
    Run {
        /// For whom.
        who: Who,
        /// The choices that count.
        hit: Of<'c, Choice, bool>,
        /// The longest run.
        limit: usize,
        /// Ticks already in the run when the timeline begins.
        started: Person<'c, usize>,
    },
    /// *Spacing of moves along a path*: at least so many worked ticks between two moves that count; the amount is the ticks short.
    Spacing {
        /// For whom.
        who: Who,
        /// The moves that count.
        mv: Of<'c, Move, bool>,
        /// Worked ticks asked between two of them.
        at_least: Person<'c, usize>,
    },
    /// *Rows across paths*: sums over the choices and moves of all participants, each bounded on one side.
    Rows {
        /// The rows.
        rows: Vec<Row>,
        /// What a choice adds to which rows.
        choice: Option<ChoiceRows<'c>>,
        /// What a move, with the period in which its placement begins, adds to which rows.
        mv: Option<MoveRows<'c>>,
    },
    /// *Supply*: each worked period of each choice needs one suitable mentor, within capacity; the amount is those without.
    Supply {
        /// Whether a mentor suits whoever is in a position, but for themselves.
        suits: Box<dyn Fn(MentorIx, PositionIx) -> bool + Send + Sync + 'c>,
        /// The mentor who a participant is.
        themselves: Person<'c, Option<MentorIx>>,
        /// The suppliers.
        mentors: Vec<MentorIx>,
        /// How many needs a mentor can meet in a period.
        capacity: Box<dyn Fn(MentorIx, Period) -> u32 + Send + Sync + 'c>,
    },
    /// *All or none*: at a place in a period work either nobody or at least `min`; the amount is the places and periods that
    /// have some but fewer.
    AllOrNone {
        /// The place of a choice and its subject in a period.
        place: Of<'c, Choice, usize>,
        /// How a place in a period is named.
        subject: Box<dyn Fn(usize, Period) -> Subject + Send + Sync + 'c>,
        /// Fewest at once.
        min: u32,
    },
    /// *Worst of*: in each group, the largest burden of a member: a constant plus the points of the counted rules on the own
    /// path, all times a scale.
    WorstOf {
        /// The groups.
        groups: Vec<(Subject, Vec<ParticipantIx>)>,
        /// The rules whose points count.
        counted: Vec<RuleIx>,
        /// Burden from before.
        constant: Person<'c, f64>,
        /// What the sum is multiplied with.
        scale: Person<'c, f64>,
    },
    /// *Quorum*: at least so many participants meet all their conditions at the end; the amount is how many are missing.
    Quorum {
        /// What it is about.
        subject: Subject,
        /// How many are wanted beside those who are sure.
        at_least: u32,
        /// Who may count.
        members: Vec<ParticipantIx>,
        /// What each must meet.
        conditions: Vec<Condition<'c>>,
    },
}

impl<'c> Sentence<'c> {
    /// For whom it is.
    #[must_use]
    pub fn who(&self) -> &Who {
        match self {
            Self::Count { who, .. }
            | Self::Each { who, .. }
            | Self::Order { who, .. }
            | Self::Need { who, .. }
            | Self::Distinct { who, .. }
            | Self::Run { who, .. }
            | Self::Spacing { who, .. } => who,
            _ => &Who::All,
        }
    }

    /// A sentence about moves that all mind alike.
    #[must_use]
    pub fn of_move(amount: Of<'c, Move, f64>) -> Self {
        Self::Move { amount, minds: None }
    }
}

/// For whom a sentence along a path holds.
#[derive(Debug, Clone)]
pub enum Who {
    /// Everyone.
    All,
    /// These, in order.
    Only(Vec<ParticipantIx>),
}

impl Who {
    /// Whether it holds for a participant.
    #[must_use]
    pub fn includes(&self, participant: ParticipantIx) -> bool {
        match self {
            Self::All => true,
            Self::Only(list) => list.binary_search(&participant).is_ok(),
        }
    }
}

/// Bounds of a count.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bounds {
    /// At least this much, and when that is asked.
    pub at_least: Option<(f64, When)>,
    /// At most this much.
    pub at_most: Option<f64>,
}

/// When a lower bound is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// If the path is finished.
    Finished,
    /// If the path is not finished.
    Unfinished,
}

/// Something that is so from some moment of a path on.
pub struct Condition<'c> {
    /// Whether it is so before the plan begins.
    pub held: Person<'c, Held>,
    /// Whether a choice makes it so when it ends.
    pub earns: Of<'c, Choice, bool>,
}

/// Whether something is so before the first placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// No.
    No,
    /// Yes.
    Yes,
    /// Only if `current` is not gone on with.
    IfEnded,
}

/// One row across paths.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is about. Rows of one sentence with the same subject share one slack: the amount is the largest of theirs.
    pub subject: Subject,
    /// Which side is bounded.
    pub sense: Sense,
    /// The bound.
    pub limit: f64,
    /// The amount of each unit beyond the bound.
    pub unit: f64,
    /// The site that tells it from other rows about the same subject.
    pub at: Option<SiteIx>,
}

/// Which side of a row is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// The sum is at most the limit.
    AtMost,
    /// The sum is at least the limit (and what is missing is at most the limit).
    AtLeast,
}
