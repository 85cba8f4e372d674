//! What may happen to a plan, and how likely: rates by stage, and draws of events from them.

use super::scenarios::{finish, read};
use super::words::{Close, Delay, Drop, did_you_mean};
use super::{Change, Draws};
use crate::domain::{Case, Plan, StageIx};
use crate::io::raw::Map;
use crate::io::record::record;
use crate::io::{Problem, Toml, stated, suggest};
use crate::words::{Index, Period, Table};

record! {
    /// How likely what is. Rates are from 0 to 1; what is not given is 0, or what the options give.
    RatesFile "a file of rates" {
        /// Someone leaves during a placement: at each placement.
        drop_out: Option<f64>,
        /// Someone who has not begun yet never comes.
        no_show: Option<f64>,
        /// Someone who has not begun yet starts late.
        delay: Option<f64>,
        /// A position closes for a time.
        closure: Option<f64>,
        /// By how many periods late starts are late. Default 1.
        delay_periods: Option<u32>,
        /// How many periods a closure lasts. Default 2.
        closure_periods: Option<u32>,
        /// Other rates for a stage, by its id.
        stages: Map<StageRow>,
    }

    /// Rates of one stage; what is not given is as for all.
    StageRow "rates of a stage" {
        /// Someone leaves during a placement at this stage.
        drop_out: Option<f64>,
        /// Someone whose first placement is at this stage never comes.
        no_show: Option<f64>,
        /// Someone whose first placement is at this stage starts late.
        delay: Option<f64>,
        /// A position at this stage closes for a time.
        closure: Option<f64>,
    }
}

/// How likely what is at one stage.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StageRates {
    /// Someone leaves during a placement.
    pub drop_out: f64,
    /// Someone never comes.
    pub no_show: f64,
    /// Someone starts late.
    pub delay: f64,
    /// A position closes for a time.
    pub closure: f64,
}

impl StageRates {
    /// These, but for what is given, in the order of the fields.
    fn with(self, given: [Option<f64>; 4]) -> Self {
        let [drop_out, no_show, delay, closure] = given;
        Self {
            drop_out: drop_out.unwrap_or(self.drop_out),
            no_show: no_show.unwrap_or(self.no_show),
            delay: delay.unwrap_or(self.delay),
            closure: closure.unwrap_or(self.closure),
        }
    }
}

/// Notes rates that are none, each at its field of what is at a path.
fn checked(at: &str, given: [Option<f64>; 4], problems: &mut Vec<Problem>) {
    for (name, rate) in ["drop_out", "no_show", "delay", "closure"].into_iter().zip(given) {
        if let Some(rate) = rate.filter(|rate| !(0.0..=1.0).contains(rate)) {
            let path = crate::io::child_path(at, name);
            problems.push(Problem::error("E301", path, format!("a rate must be from 0 to 1, not {rate}")).hint("0.05 is one in twenty"));
        }
    }
}

/// What may happen to a plan, and how likely.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    /// By stage.
    pub stages: Table<StageIx, StageRates>,
    /// By how many periods late starts are late.
    pub delay_periods: u32,
    /// How many periods a closure lasts.
    pub closure_periods: u32,
}

impl Rates {
    /// The same rates for every stage.
    #[must_use]
    pub fn alike(case: &Case, all: StageRates, delay_periods: u32, closure_periods: u32) -> Self {
        Self { stages: case.stages.ids().map(|_| all).collect(), delay_periods, closure_periods }
    }

    /// These rates, but for what a file (TOML) says.
    ///
    /// # Errors
    /// Every problem of the file, with its line.
    pub fn read(&self, case: &Case, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let toml = Toml::parse(bytes)?;
        let (file, mut problems) = read::<RatesFile>(&toml.value, "");
        let mut this = self.clone();
        let all = [file.drop_out, file.no_show, file.delay, file.closure];
        checked("", all, &mut problems);
        for ix in case.stages.ids() {
            this.stages[ix] = this.stages[ix].with(all);
        }
        for (id, row) in &file.stages {
            let at = format!("stages.{id}");
            let Some(ix) = case.stages.iter().find(|(_, s)| s.id == *id).map(|(ix, _)| ix) else {
                let mut problem = Problem::error("E902", at, format!("the instance has no stage '{id}'"));
                problem.hint = suggest(id, case.stages.rows().iter().map(|s| s.id.as_str())).map(did_you_mean);
                problems.push(problem);
                continue;
            };
            let own = [row.drop_out, row.no_show, row.delay, row.closure];
            checked(&at, own, &mut problems);
            this.stages[ix] = this.stages[ix].with(own);
        }
        this.delay_periods = file.delay_periods.unwrap_or(this.delay_periods);
        this.closure_periods = file.closure_periods.unwrap_or(this.closure_periods);
        finish(&toml, problems).map(|()| this)
    }

    /// Whether anything can happen.
    #[must_use]
    pub fn any(&self) -> bool {
        self.stages.rows().iter().any(|s| s.drop_out + s.no_show + s.delay + s.closure > 0.0)
    }

    /// What happens to a plan in one draw. Whoever drops out or never comes is taken out whole, as replanning has it; only who has
    /// no `current` placement can fail to come, or come late.
    #[must_use]
    pub fn draw(&self, case: &Case, plan: &Plan, draws: &mut Draws) -> Vec<Change> {
        let mut happened = Vec::new();
        for (p, path) in plan.paths.iter() {
            let Some(first) = path.first() else { continue };
            let person = &case.participants[p];
            let begins = &self.stages[case.stage(first.position)];
            // As many numbers are drawn whatever happens, so that one event shifts no other.
            let left = path.iter().filter(|pl| draws.happens(self.stages[case.stage(pl.position)].drop_out)).count() > 0;
            let (absent, late) = (draws.happens(begins.no_show), draws.happens(begins.delay));
            let participant = Some(person.named.id.clone());
            if left || (absent && person.current.is_none()) {
                happened.push(Change::Drop(Drop { participant, ..Drop::default() }));
            } else if late && person.current.is_none() && self.delay_periods > 0 {
                happened.push(Change::Delay(Delay { participant, periods: self.delay_periods, ..Delay::default() }));
            }
        }
        for (q, position) in case.positions.iter() {
            let (closes, from) = (draws.happens(self.stages[case.stage(q)].closure), draws.below(case.calendar.count));
            if closes && self.closure_periods > 0 {
                let until = (from + self.closure_periods as usize).min(case.calendar.count);
                let (from, until) = (Some(stated(Period::new(from))), Some(stated(Period::new(until))));
                happened.push(Change::Close(Close { position: Some(position.id.clone()), from, until, ..Close::default() }));
            }
        }
        happened
    }
}
