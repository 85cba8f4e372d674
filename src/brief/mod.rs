//! The brief: everything the rules tell the optimiser, in thirteen kinds of sentence over choices and moves.
//!
//! This is the only place where the domain becomes optimisation. Rules speak it (their `told` halves), methods read it; no
//! method names a rule, and no rule knows a method. Every sentence is stamped with its rule and with how strictly the rule is
//! kept: the amount that a sentence measures is forbidden ([`Stamp::Hard`]) or costs points ([`Stamp::Soft`]).
//!
//! The subjects of sentences are *events* on one participant's path: a [`Choice`] (a placement: position, start and length),
//! a [`Move`] (what comes before a placement, and the placement), a wait (an idle tick before a later placement) and the
//! [`End`] (the last placement, and the idle rest of the timeline). *Ticks* are places in a participant's timeline.

mod evaluate;
mod phrases;
mod sentence;

pub use evaluate::{Amounts, Events, evaluate, events, meets, points};
pub use phrases::{Relocations, SiteRows, by_site, pairs};
pub use sentence::{Bounds, Condition, Emit, Held, Row, Sense, Sentence, When, Who};

use crate::domain::{Before, Case, ParticipantIx, Policy, PositionIx, Setting};
use crate::rules::RuleIx;
use crate::words::{Period, Table};

/// A placement that could be: a participant in a position for some ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Choice {
    /// Who.
    pub participant: ParticipantIx,
    /// Where.
    pub position: PositionIx,
    /// First tick.
    pub first: usize,
    /// The tick after the last.
    pub after: usize,
    /// It goes on with `current`.
    pub continues: bool,
}

impl Choice {
    /// The choice of a participant to be in a position for ticks `first..after` of their timeline, `opening` the path or not.
    #[must_use]
    pub fn new(case: &Case, participant: ParticipantIx, position: PositionIx, first: usize, after: usize) -> Self {
        let continues = first == 0 && case.participants[participant].current.is_some_and(|c| c.position == position);
        Self { participant, position, first, after, continues }
    }

    /// Number of periods worked in the plan.
    #[must_use]
    pub fn length(&self) -> usize {
        self.after - self.first
    }

    /// Periods worked in the position, with those before the plan if it goes on with `current`.
    #[must_use]
    pub fn worked(&self, case: &Case) -> usize {
        let before = if self.continues { case.participants[self.participant].current.map_or(0, |c| c.worked as usize) } else { 0 };
        self.length() + before
    }

    /// The periods worked.
    pub fn periods<'c>(&self, case: &'c Case) -> impl Iterator<Item = Period> + use<'c> {
        case.participants[self.participant].timeline.periods[self.first..self.after].iter().copied()
    }

    /// Whether it is completed at its end: the periods worked reach the role's `duration.min`.
    #[must_use]
    pub fn completes(&self, case: &Case) -> bool {
        self.worked(case) >= case.role(self.position).duration.min as usize
    }
}

/// What comes before a placement, and the placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Move {
    /// Who.
    pub participant: ParticipantIx,
    /// What comes before.
    pub before: Before,
    /// The placement's position.
    pub to: PositionIx,
    /// No idle tick lies between.
    pub adjacent: bool,
    /// The placement goes on with `current`: nothing is asked at entry.
    pub continues: bool,
}

/// The end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct End {
    /// Who.
    pub participant: ParticipantIx,
    /// The last placement, or the start if there is none.
    pub last: Before,
    /// The tick after the last placement's last; 0 if there is none.
    pub at: usize,
}

impl End {
    /// The path is finished: its timeline is not cut, and the last placement ends with it.
    #[must_use]
    pub fn finished(&self, case: &Case) -> bool {
        let timeline = &case.participants[self.participant].timeline;
        !timeline.cut && self.last != Before::Start && self.at == timeline.len()
    }
}

/// How strictly a sentence is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stamp {
    /// Its amount must be 0.
    Hard,
    /// Each unit of its amount costs this many points.
    Soft(f64),
}

/// A sentence with its rule and stamp.
pub struct Told<'c> {
    /// The rule that says it: for shares, burdens and explanations; methods only compare it.
    pub rule: RuleIx,
    /// How strictly it is kept.
    pub stamp: Stamp,
    /// What it says.
    pub sentence: Sentence<'c>,
}

/// All that the rules say about a case under a policy.
pub struct Brief<'c> {
    /// The facts that choices refer to.
    pub case: &'c Case,
    /// The sentences, in the registry's order.
    pub told: Vec<Told<'c>>,
    /// Rules whose points together have an upper bound, and the bound. Only the exact method keeps it; the other refuses it.
    pub caps: Vec<(Vec<RuleIx>, f64)>,
    /// Places of the sentences that are not for some participants alone.
    general: Vec<usize>,
    /// Places of the sentences that are for some participants alone, for each of these.
    particular: Table<ParticipantIx, Vec<usize>>,
}

impl<'c> Brief<'c> {
    /// A brief of these sentences. Linear in the sentences and those for whom they are.
    #[must_use]
    pub fn new(case: &'c Case, told: Vec<Told<'c>>) -> Self {
        let mut general = Vec::new();
        let mut particular = Table::new(vec![Vec::new(); case.participants.len()]);
        for (i, told) in told.iter().enumerate() {
            match told.sentence.who() {
                Who::All => general.push(i),
                Who::Only(list) => list.iter().for_each(|p| particular[*p].push(i)),
            }
        }
        Self { case, told, caps: Vec::new(), general, particular }
    }

    /// The same, where these rules together may cost at most so many points.
    #[must_use]
    pub fn capped(mut self, rules: Vec<RuleIx>, points: f64) -> Self {
        self.caps.push((rules, points));
        self
    }

    /// The sentences that can concern a participant, with their places, in order.
    pub fn about(&self, participant: ParticipantIx) -> impl Iterator<Item = (usize, &Told<'c>)> {
        let (mut a, mut b) = (self.general.iter().copied().peekable(), self.particular[participant].iter().copied().peekable());
        std::iter::from_fn(move || match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if y < x => b.next(),
            (None, _) => b.next(),
            _ => a.next(),
        })
        .map(|i| (i, &self.told[i]))
    }
}

/// What a rule's `told` half speaks through.
pub struct Teller<'a, 'c> {
    /// The facts.
    pub case: &'c Case,
    /// All settings, for rules that refer to others.
    pub policy: &'c Policy,
    /// The rule's own setting.
    pub setting: &'c Setting,
    rule: RuleIx,
    told: &'a mut Vec<Told<'c>>,
}

impl<'c> Teller<'_, 'c> {
    /// Says a sentence as strictly as the rule is set.
    pub fn say(&mut self, sentence: Sentence<'c>) {
        let stamp = match self.setting.mode {
            crate::domain::Mode::Hard => Stamp::Hard,
            _ => Stamp::Soft(self.setting.weight),
        };
        self.told.push(Told { rule: self.rule, stamp, sentence });
    }

    /// Says a sentence whose amount costs points even if the rule is hard (`stretch`).
    pub fn price(&mut self, sentence: Sentence<'c>) {
        self.told.push(Told { rule: self.rule, stamp: Stamp::Soft(self.setting.weight), sentence });
    }
}

/// Has every rule that is not off say its sentences. Linear in rules, participants and their facts.
#[must_use]
pub fn brief<'c>(case: &'c Case, policy: &'c Policy) -> Brief<'c> {
    let mut told = Vec::new();
    for (rule, setting) in policy.asked() {
        (crate::rules::rule(rule).told)(&mut Teller { case, policy, setting, rule, told: &mut told });
    }
    Brief::new(case, told)
}

impl std::fmt::Debug for Brief<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Brief of {} sentences", self.told.len())
    }
}

impl std::fmt::Debug for Teller<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Teller for {}", crate::rules::rule(self.rule).id)
    }
}
