//! The sentences of a brief by what they are about, picked once: a brief has many for one participant each.

use super::kinds::Ending;
use super::moves::Term;
use super::rows::Coupling;
use crate::brief::{Brief, Choice, Emit, End, Move, Sentence, Stamp};
use crate::domain::ParticipantIx;
use crate::rules::RuleIx;
use crate::words::Period;

type Of<'b, 'c, A> = &'b (dyn Fn(&A) -> f64 + Send + Sync + 'c);
type Person<'b, 'c, R> = &'b (dyn Fn(ParticipantIx) -> R + Send + Sync + 'c);
type Waits<'b, 'c> = &'b (dyn Fn(ParticipantIx, usize) -> f64 + Send + Sync + 'c);
type ChoiceRows<'b, 'c> = &'b (dyn Fn(&Choice, Emit<'_>) + Send + Sync + 'c);
type MoveRows<'b, 'c> = &'b (dyn Fn(&Move, Period, Emit<'_>) + Send + Sync + 'c);

/// How strictly a sentence is kept, and whether its points are burden.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tone {
    pub(super) stamp: Stamp,
    pub(super) burden: bool,
}

/// A sentence about moves.
pub(super) struct MoveEar<'b, 'c> {
    pub(super) tone: Tone,
    pub(super) amount: Of<'b, 'c, Move>,
    pub(super) minds: Option<Person<'b, 'c, f64>>,
}

/// Sentences that are no count along a path, by what they are about.
pub(super) struct Ears<'b, 'c> {
    /// Soft sentences about placements.
    pub(super) choices: Vec<(Tone, Of<'b, 'c, Choice>)>,
    /// Hard sentences about placements.
    gates: Vec<Of<'b, 'c, Choice>>,
    pub(super) moves: Vec<MoveEar<'b, 'c>>,
    pub(super) waits: Vec<(Tone, Waits<'b, 'c>)>,
    pub(super) ends: Vec<(Tone, Of<'b, 'c, End>)>,
    /// With the number of the sentence's first row.
    pub(super) choice_rows: Vec<(usize, ChoiceRows<'b, 'c>)>,
    pub(super) move_rows: Vec<(usize, MoveRows<'b, 'c>)>,
    /// Places in the brief of sentences about the worst burden, and about mentors.
    pub(super) worst: Vec<usize>,
    pub(super) supply: Option<usize>,
}

/// Points and the part of them that is burden.
pub(super) type Points = (f64, f64);

impl<'b, 'c> Ears<'b, 'c> {
    pub(super) fn new(brief: &'b Brief<'c>, coupling: &Coupling, counted: &[RuleIx]) -> Self {
        let mut this = Self {
            choices: Vec::new(),
            gates: Vec::new(),
            moves: Vec::new(),
            waits: Vec::new(),
            ends: Vec::new(),
            choice_rows: Vec::new(),
            move_rows: Vec::new(),
            worst: Vec::new(),
            supply: None,
        };
        for (sentence, told) in brief.told.iter().enumerate() {
            let tone = Tone { stamp: told.stamp, burden: counted.contains(&told.rule) };
            match &told.sentence {
                Sentence::Choice(f) if told.stamp == Stamp::Hard => this.gates.push(&**f),
                Sentence::Choice(f) => this.choices.push((tone, &**f)),
                Sentence::Move { amount, minds } => this.moves.push(MoveEar { tone, amount: &**amount, minds: minds.as_deref() }),
                Sentence::Wait(f) => this.waits.push((tone, &**f)),
                Sentence::End(f) => this.ends.push((tone, &**f)),
                Sentence::Rows { choice, mv, .. } => {
                    let first = coupling.row(sentence, 0);
                    this.choice_rows.extend(choice.as_deref().map(|f| (first, f)));
                    this.move_rows.extend(mv.as_deref().map(|f| (first, f)));
                }
                Sentence::WorstOf { .. } => this.worst.push(sentence),
                Sentence::Supply { .. } => this.supply = Some(sentence),
                _ => {}
            }
        }
        this
    }

    /// Whether the hard sentences leave a placement open. The gate that shut last is asked first: neighbours are shut by the same.
    pub(super) fn open(&self, choice: &Choice, shut: &mut usize) -> bool {
        if self.gates.get(*shut).is_some_and(|gate| gate(choice) != 0.0) {
            return false;
        }
        let found = self.gates.iter().position(|gate| gate(choice) != 0.0);
        *shut = found.unwrap_or(*shut);
        found.is_none()
    }

    /// Points of a placement.
    pub(super) fn placing(&self, choice: &Choice) -> Points {
        total(self.choices.iter().map(|(tone, f)| (*tone, f(choice)))).unwrap_or((f64::INFINITY, 0.0))
    }

    /// Points of an idle tick; infinite if it is forbidden.
    pub(super) fn waiting(&self, participant: ParticipantIx, tick: usize) -> Points {
        total(self.waits.iter().map(|(tone, f)| (*tone, f(participant, tick)))).unwrap_or((f64::INFINITY, 0.0))
    }

    /// Points of a move; infinite if it is forbidden.
    pub(super) fn moving(&self, mv: &Move) -> Points {
        let amount = |ear: &MoveEar<'_, '_>| (ear.amount)(mv) * ear.minds.map_or(1.0, |f| f(mv.participant));
        total(self.moves.iter().map(|ear| (ear.tone, amount(ear)))).unwrap_or((f64::INFINITY, 0.0))
    }

    /// Points of an end; `None` if it is forbidden.
    pub(super) fn ending(&self, end: &End) -> Ending {
        total(self.ends.iter().map(|(tone, f)| (*tone, f(end)))).map(|(points, burden)| (points.to_bits(), burden.to_bits()))
    }

    /// What a move adds to rows when its placement begins in a period, term by term.
    pub(super) fn move_terms(&self, mv: &Move, period: Period, mut see: impl FnMut(Term)) {
        for (first, f) in &self.move_rows {
            f(mv, period, &mut |row, c| {
                if c != 0.0 {
                    see(((first + row) as u32, c));
                }
            });
        }
    }
}

/// The points of amounts; `None` if a hard one is not 0.
fn total(amounts: impl Iterator<Item = (Tone, f64)>) -> Option<Points> {
    let (mut points, mut burden) = (0.0, 0.0);
    for (tone, amount) in amounts {
        match tone.stamp {
            Stamp::Hard if amount > 0.0 => return None,
            Stamp::Hard => {}
            Stamp::Soft(weight) => {
                points += weight * amount;
                burden += if tone.burden { weight * amount } else { 0.0 };
            }
        }
    }
    Some((points, burden))
}
