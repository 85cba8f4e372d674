//! Is there a plan? Asked of many variants of one instance, and answered by solving.

use crate::brief::{Bounds, Brief, Choice, Sentence, Stamp, Told, When, Who, brief, evaluate};
use crate::desk::plan_of;
use crate::domain::{Case, Mode, ParticipantIx, Plan, Policy, PositionIx, Setting};
use crate::rules::{RULES, RuleIx, find};
use crate::solve::{Clock, Options, Solved, Stop, Verdict, silent, solve};
use crate::words::{Index, Period};

/// Any plan will do.
const ANY: f64 = 1e9;

/// Something asked of a plan beside its rules: someone is in a position, in a period or at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Who.
    pub participant: ParticipantIx,
    /// Where.
    pub position: PositionIx,
    /// When; at any time if not given.
    pub period: Option<Period>,
}

impl Wish {
    /// Whether a placement grants it.
    #[must_use]
    pub fn granted(&self, case: &Case, choice: &Choice) -> bool {
        choice.participant == self.participant
            && choice.position == self.position
            && self.period.is_none_or(|period| choice.periods(case).any(|t| t == period))
    }

    /// The brief with the wish as a hard sentence. It is told under `pinned`, which it resembles.
    #[must_use]
    pub fn told<'c>(self, brief: Brief<'c>) -> Brief<'c> {
        let case = brief.case;
        let sentence = Sentence::Count {
            who: Who::Only(vec![self.participant]),
            choice: Box::new(move |c: &Choice| f64::from(u8::from(self.granted(case, c)))),
            mv: None,
            bounds: Box::new(|_| Bounds { at_least: Some((1.0, When::Always)), at_most: None }),
        };
        let rule = find("pinned").expect("pinned is a registered rule");
        let told = brief.told.into_iter().chain([Told { rule, stamp: Stamp::Hard, sentence }]).collect();
        Brief::new(case, told)
    }
}

/// What is asked for: a search for any plan that keeps what is hard.
///
/// Soft rules are off, but for those whose points a hard `fairness` counts. With `fill`, every timeline is to be filled:
/// `coverage` is hard unless it is off.
#[must_use]
pub fn hard_only(policy: &Policy, fill: bool) -> Policy {
    let fairness = policy.named("fairness");
    let counted: &[RuleIx] = if fairness.mode == Mode::Hard { fairness.rules("counts") } else { &[] };
    RULES.iter().enumerate().fold(policy.clone(), |kept, (i, registered)| {
        let ix = RuleIx::new(i);
        let setting = policy.of(ix).clone();
        match setting.mode {
            Mode::Soft if fill && registered.id == "coverage" => kept.with(ix, Setting { mode: Mode::Hard, ..setting }),
            Mode::Soft if !counted.contains(&ix) => kept.with(ix, Setting { mode: Mode::Off, ..setting }),
            Mode::Hard if registered.counts_when_hard() && !counted.contains(&ix) => kept.with(ix, Setting { weight: 0.0, ..setting }),
            _ => kept,
        }
    })
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// There is a plan.
    Yes,
    /// There is none: proven.
    No,
    /// Time was up before either was known.
    Unknown,
}

/// Asks, and remembers the plans found: one of them often answers the next question without solving.
pub struct Oracle<'a> {
    options: Options,
    stop: &'a Stop,
    clock: Clock,
    /// Seconds on the clock at which the stage under way ends.
    until: f64,
    plans: Vec<Plan>,
    /// How many questions were solved.
    pub solves: usize,
}

impl<'a> Oracle<'a> {
    /// An oracle whose answers take no longer than the options' time limit all together.
    #[must_use]
    pub fn new(options: &Options, stop: &'a Stop) -> Self {
        Self { options: options.clone(), stop, clock: Clock::start(options.time_limit), until: f64::INFINITY, plans: Vec::new(), solves: 0 }
    }

    /// The oracle with plans that are known: each is held against the questions before anything is solved.
    #[must_use]
    pub fn knowing(mut self, plans: impl IntoIterator<Item = Plan>) -> Self {
        self.plans.extend(plans);
        self
    }

    /// Notes a plan that was found elsewhere.
    pub fn learn(&mut self, plan: Option<Plan>) {
        self.plans.extend(plan);
    }

    /// Work that may take no more than a share of the time that is left.
    pub fn share<R>(&mut self, share: f64, work: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.until;
        self.until = self.clock.seconds() + share * self.left();
        let done = work(self);
        self.until = before;
        done
    }

    /// Seconds left; infinite without a limit.
    fn left(&self) -> f64 {
        (self.until - self.clock.seconds()).min(self.clock.left().unwrap_or(f64::INFINITY)).max(0.0)
    }

    /// Whether no more time is left.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.stop.asked() || self.left() == 0.0
    }

    /// Whether there is a plan that keeps everything hard and grants the wish.
    ///
    /// # Errors
    /// If HiGHS fails.
    pub fn ask(&mut self, case: &Case, policy: &Policy, wish: Option<Wish>) -> Result<Answer, String> {
        let told = brief(case, policy);
        let brief = match wish {
            Some(wish) => wish.told(told),
            None => told,
        };
        if self.plans.iter().any(|plan| keeps(&brief, plan)) {
            return Ok(Answer::Yes);
        }
        if self.ended() {
            return Ok(Answer::Unknown);
        }
        let solved = self.solve(&brief, ANY)?;
        if let Some(paths) = &solved.paths {
            self.plans.push(plan_of(case, paths));
            return Ok(Answer::Yes);
        }
        Ok(if solved.verdict == Verdict::Infeasible { Answer::No } else { Answer::Unknown })
    }

    /// Solves a brief within the time that is left.
    ///
    /// # Errors
    /// If HiGHS fails.
    pub fn solve(&mut self, brief: &Brief<'_>, gap: f64) -> Result<Solved, String> {
        self.solves += 1;
        let left = Some(self.left()).filter(|left| left.is_finite()).map(std::time::Duration::from_secs_f64);
        solve(brief, &Options { time_limit: left, gap, ..self.options.clone() }, None, &silent(), self.stop)
    }
}

/// Whether a plan of a variant keeps what is hard in this one: those who are not asked for are left out, and who is asked for
/// and has nothing takes what one of those had.
fn keeps(brief: &Brief<'_>, plan: &Plan) -> bool {
    let mut own = plan.clone();
    let mut free = Vec::new();
    for (p, _) in brief.case.participants.iter().filter(|(_, person)| person.timeline.is_empty()) {
        let path = std::mem::take(&mut own.paths[p]);
        if !path.is_empty() {
            free.push(path);
        }
    }
    let kept = |plan: &Plan| evaluate(brief, plan).is_some_and(|amounts| amounts.hard.is_empty());
    if kept(&own) {
        return true;
    }
    let lacking: Vec<ParticipantIx> =
        brief.case.participants.iter().filter(|(p, x)| own.paths[*p].is_empty() && !x.timeline.is_empty()).map(|(p, _)| p).collect();
    let [one] = lacking[..] else { return false };
    free.into_iter().any(|path| {
        own.paths[one] = path;
        kept(&own)
    })
}

impl std::fmt::Debug for Oracle<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Oracle after {} solves", self.solves)
    }
}
