//! A mixed-integer program in our words: columns and rows with labels, before good_lp gives it to a solver.

use crate::brief::Choice;
use crate::domain::{MentorIx, ParticipantIx, Subject};
use crate::network::Arc;
use crate::rules::RuleIx;
use crate::words::Period;

/// A minimisation over bounded columns and two-sided rows.
#[derive(Debug, Default)]
pub struct Model {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<ModelRow>,
}

/// A variable.
#[derive(Debug, Clone)]
pub struct Column {
    /// Points per unit.
    pub cost: f64,
    /// Largest value; the smallest is 0.
    pub upper: f64,
    /// Only whole values.
    pub integer: bool,
    /// What it stands for.
    pub label: Label,
}

/// A constraint `lower ≤ Σ coefficient × column ≤ upper`.
#[derive(Debug, Clone)]
pub struct ModelRow {
    /// Columns and coefficients; a column may occur more than once.
    pub terms: Vec<(usize, f64)>,
    /// Smallest value.
    pub lower: f64,
    /// Largest value.
    pub upper: f64,
    /// What it stands for.
    pub label: Label,
}

/// What a column or row stands for, for readable names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Label {
    /// An arc of a participant's network.
    Arc(ParticipantIx, Arc),
    /// A node of a participant's network, by number.
    Node(ParticipantIx, usize),
    /// A whole path of a participant, by number.
    Path(ParticipantIx, usize),
    /// Something of a rule about a subject.
    Of(RuleIx, Subject),
    /// A mentor's support of one kind of need in a period.
    Support(MentorIx, usize, Period),
}

impl Model {
    /// Adds a column and returns its number.
    pub fn column(&mut self, cost: f64, upper: f64, integer: bool, label: Label) -> usize {
        self.columns.push(Column { cost, upper, integer, label });
        self.columns.len() - 1
    }

    /// Adds `Σ terms ≤ upper`.
    pub fn at_most(&mut self, terms: Vec<(usize, f64)>, upper: f64, label: Label) {
        self.rows.push(ModelRow { terms, lower: f64::NEG_INFINITY, upper, label });
    }

    /// Adds `Σ terms ≥ lower`.
    pub fn at_least(&mut self, terms: Vec<(usize, f64)>, lower: f64, label: Label) {
        self.rows.push(ModelRow { terms, lower, upper: f64::INFINITY, label });
    }

    /// Adds `Σ terms = value`.
    pub fn equal(&mut self, terms: Vec<(usize, f64)>, value: f64, label: Label) {
        self.rows.push(ModelRow { terms, lower: value, upper: value, label });
    }

    /// The placements that a solution's values choose.
    #[must_use]
    pub fn chosen(&self, values: &[f64]) -> Vec<Choice> {
        let placed = |(column, value): (&Column, &f64)| match column.label {
            Label::Arc(_, Arc::Place(choice)) if *value > 0.5 => Some(choice),
            _ => None,
        };
        let mut chosen: Vec<Choice> = self.columns.iter().zip(values).filter_map(placed).collect();
        chosen.sort_by_key(|c| (c.participant, c.first));
        chosen
    }
}
