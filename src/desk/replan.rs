//! Replanning: what is past or published stays unless it cannot, and the fewest people are touched, proven.
//!
//! First the fewest are counted: a plan is sought that keeps every hard rule and, in this order of weight, changes as few
//! published periods, takes as few placed periods from anyone, and touches as few people as can be. Every other path than the one
//! that someone has costs one unit ([`crate::solve::Stay`]), so the Lagrangian bound proves the count. Then the instance's own
//! objective is improved with no more people touched than that, or than a cap allows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Settled, paths_of, settle, touched};
use crate::audit::audit;
use crate::brief::{Bounds, Brief, Choice, End, Row, Sentence, Stamp, Told, When, Who, brief, evaluate, events};
use crate::change::{Changed, plan_in};
use crate::domain::{Case, Mode, ParticipantIx, Placement, Plan, Policy, PositionIx, Setting, Subject};
use crate::intake::Intake;
use crate::io::plan_file::Certificate;
use crate::pricing::{Coupling, Multipliers, certificate, multipliers};
use crate::rules::{RULES, Reach, RuleIx, find, rule};
use crate::solve::{Listener, Options, Paths, Solved, Start, Stay, Stop, Verdict, solve_from};
use crate::words::{Index, Period, Table};

/// What a period weighs, in people touched: one that someone loses, and one that was published and changes.
const IDLE: f64 = 200.0;
const PUBLISHED: f64 = 2_000.0;
/// First price of touching one more person, where the fewest may be touched, and where more may.
const DEAR: f64 = 10_000.0;
const FAIR: f64 = 50.0;

/// What is replanned.
#[derive(Debug)]
pub struct Published<'a> {
    /// The instance of the published plan.
    pub taken: &'a Intake,
    /// The published plan.
    pub plan: &'a Plan,
    /// Its prices, if it carries any.
    pub certificate: Option<&'a Certificate>,
    /// The instance after the events.
    pub changed: &'a Changed,
    /// What begins before this period of the instance is past or published.
    pub until: Period,
    /// So many people may be touched; as few as can be where none is given.
    pub touch_at_most: Option<usize>,
    /// What is published may change where it must: in no other period of anyone than those that must.
    pub break_glass: bool,
}

/// Someone who is touched, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// Who, in the instance after the events.
    pub participant: ParticipantIx,
    /// What they had is impossible by itself; else others stand in its way, or it would cost more.
    pub direct: bool,
    /// Reasons: what is broken if they keep what they had beside the new plan of everyone else.
    pub reasons: Vec<String>,
    /// Published periods that change for them.
    pub published: Vec<Period>,
}

/// How replanning went.
#[derive(Debug)]
pub enum Replanned {
    /// A plan.
    Done(Box<Done>),
    /// No plan keeps what is published, proven or as far as was found; who would change.
    MustBreak {
        /// Who, and why.
        people: Vec<Why>,
        /// It is proven.
        proven: bool,
    },
    /// The cap cannot be kept: at least so many must be touched.
    CapTooLow(usize),
    /// No plan was found; proven or not.
    None {
        /// It is proven that there is none.
        impossible: bool,
    },
}

/// The new plan.
#[derive(Debug)]
pub struct Done {
    /// The plan.
    pub settled: Settled,
    /// What the last search proved of plans that touch no more and keep what is published.
    pub solved: Solved,
    /// The fewest that can be touched, as far as was found.
    pub fewest: usize,
    /// That no plan touches fewer is proven.
    pub proven: bool,
    /// Who is touched, and why.
    pub touched: Vec<Why>,
    /// What proves the fewest: where room is short, in people touched, [`IDLE`] for a period lost.
    pub prices: Option<Certificate>,
    /// Periods that people lose: placed before, and idle now.
    pub lost: usize,
}

/// The published plan as the new case sees it.
struct Old {
    /// The placements that can still be said.
    plan: Plan,
    /// Per participant who had a path: the path, or one that nobody can have where it cannot be said any more.
    kept: Table<ParticipantIx, Option<Vec<Choice>>>,
    /// Per participant who had a path, and tick: where they were.
    was: Arc<Table<ParticipantIx, Option<Vec<Option<PositionIx>>>>>,
}

impl Old {
    fn new(published: &Published<'_>) -> Self {
        let (old, new) = (&published.taken.case, &published.changed.taken.case);
        let plan = plan_in(old, published.plan, new);
        let before: BTreeMap<&str, usize> = old.participants.iter().map(|(p, row)| (row.named.id.as_str(), published.plan.paths[p].len())).collect();
        let had = |p: ParticipantIx| before.get(new.participants[p].named.id.as_str()).copied();
        let nowhere = |p| vec![Choice { participant: p, position: PositionIx::new(0), first: usize::MAX, after: usize::MAX, continues: false }];
        let kept = |p: ParticipantIx| {
            let said = events(new, &plan, p).filter(|_| Some(plan.paths[p].len()) == had(p)).map(|e| e.choices);
            had(p).map(|_| said.unwrap_or_else(|| nowhere(p)))
        };
        let at = |p: ParticipantIx, t: &Period| plan.paths[p].iter().find(|pl| pl.covers(*t)).map(|pl| pl.position);
        let was = |p: ParticipantIx| had(p).map(|_| new.participants[p].timeline.periods.iter().map(|t| at(p, t)).collect());
        let (kept, was) = (new.participants.ids().map(kept).collect(), Arc::new(new.participants.ids().map(was).collect()));
        Self { plan, kept, was }
    }

    /// How many people have another path than they had.
    fn touched(&self, paths: &Paths) -> Vec<ParticipantIx> {
        self.kept.iter().filter(|(p, kept)| kept.as_ref().is_some_and(|kept| *kept != paths[*p])).map(|(p, _)| p).collect()
    }

    /// Says that what was before a period stays, but for those periods of people in which it may change.
    fn publish<'c>(&self, case: &'c Case, until: Period, stamp: Stamp, free: BTreeMap<ParticipantIx, Vec<Period>>, told: &mut Vec<Told<'c>>) {
        let was = Arc::clone(&self.was);
        let differs = Arc::new(move |p: ParticipantIx, tick: usize, now: Option<PositionIx>| {
            let period = case.participants[p].timeline.periods[tick];
            let asked = period < until && !free.get(&p).is_some_and(|free| free.contains(&period));
            asked && was[p].as_ref().is_some_and(|was| was[tick] != now)
        });
        let (choice, wait, end) = (Arc::clone(&differs), Arc::clone(&differs), differs);
        said(
            told,
            stamp,
            Sentence::Choice(Box::new(move |c: &Choice| (c.first..c.after).filter(|t| choice(c.participant, *t, Some(c.position))).count() as f64)),
        );
        said(told, stamp, Sentence::Wait(Box::new(move |p, tick| f64::from(u8::from(wait(p, tick, None))))));
        let len = move |p: ParticipantIx| case.participants[p].timeline.len();
        said(told, stamp, Sentence::End(Box::new(move |e: &End| (e.at..len(e.participant)).filter(|t| end(e.participant, *t, None)).count() as f64)));
    }

    /// Says that nobody loses periods that they were placed in; whoever is new is placed all the time.
    fn place<'c>(&self, case: &'c Case, told: &mut Vec<Told<'c>>) {
        let placed = |p: ParticipantIx| {
            let len = case.participants[p].timeline.len();
            self.was[p].as_ref().map_or(len, |was| was.iter().flatten().count())
        };
        let full: Table<ParticipantIx, bool> = case.participants.ids().map(|p| placed(p) == case.participants[p].timeline.len()).collect();
        let partly: Vec<ParticipantIx> = full.iter().filter(|(p, full)| !**full && placed(*p) > 0).map(|(p, _)| p).collect();
        let of: Table<ParticipantIx, usize> = case.participants.ids().map(placed).collect();
        let full = Arc::new(full);
        let (waits, ends) = (Arc::clone(&full), full);
        let stamp = Stamp::Soft(IDLE);
        said(told, stamp, Sentence::Wait(Box::new(move |p, _| f64::from(u8::from(waits[p])))));
        let len = move |p: ParticipantIx| case.participants[p].timeline.len();
        said(told, stamp, Sentence::End(Box::new(move |e: &End| if ends[e.participant] { (len(e.participant) - e.at) as f64 } else { 0.0 })));
        if !partly.is_empty() {
            let bounds = move |p: ParticipantIx| Bounds { at_least: Some((of[p] as f64, When::Always)), at_most: None };
            let count =
                Sentence::Count { who: Who::Only(partly), choice: Box::new(|c: &Choice| c.length() as f64), mv: None, bounds: Box::new(bounds) };
            said(told, stamp, count);
        }
    }
}

fn said<'c>(told: &mut Vec<Told<'c>>, stamp: Stamp, sentence: Sentence<'c>) {
    let rule = find("stability").expect("a registered rule");
    told.push(Told { rule, stamp, sentence });
}

/// Only what is hard, at no cost.
fn hard_alone(policy: &Policy) -> Policy {
    (0..RULES.len()).map(RuleIx::new).fold(policy.clone(), |alone, ix| {
        let setting = policy.of(ix);
        match setting.mode {
            Mode::Soft => alone.with(ix, Setting { mode: Mode::Off, ..setting.clone() }),
            _ => alone.with(ix, Setting { weight: 0.0, ..setting.clone() }),
        }
    })
}

/// Replans.
///
/// # Errors
/// What is our fault, in words.
pub fn replan(published: &Published<'_>, options: &Options, listener: &Listener<'_>, stop: &Stop) -> Result<Replanned, String> {
    let Intake { case, policy, .. } = &published.changed.taken;
    let old = Old::new(published);
    let hard = hard_alone(policy);
    let mut told = brief(case, &hard).told;
    old.publish(case, published.until, Stamp::Soft(PUBLISHED), BTreeMap::new(), &mut told);
    old.place(case, &mut told);
    let fewest = Brief::new(case, told);
    let coupling = Coupling::new(&fewest);
    let possible = |kept: &Option<Vec<Choice>>| kept.clone().filter(|path| path.first().is_none_or(|c| c.first != usize::MAX)).unwrap_or_default();
    let carried: Paths = old.kept.rows().iter().map(possible).collect();
    let start = Start {
        paths: Some(carried),
        multipliers: Some(Multipliers::none(&coupling)),
        stay: Some(Stay { kept: old.kept.clone(), points: 1.0, counted: None }),
        near: 1.0 - 1e-6,
        ..Start::default()
    };
    let first = solve_from(&start, &fewest, &Options { gap: 1e-9, ..options.clone() }, listener, stop)?;
    let prices = first.multipliers.as_ref().map(|m| certificate(&fewest, &coupling, m, None));
    let Some(paths) = &first.paths else { return Ok(Replanned::None { impossible: first.verdict == Verdict::Infeasible }) };
    let moved = old.touched(paths);
    let change = |p: &ParticipantIx| Some((*p, changed_before(&old, case, paths, *p, published.until))).filter(|(_, periods)| !periods.is_empty());
    let broken: BTreeMap<ParticipantIx, Vec<Period>> = moved.iter().filter_map(change).collect();
    let plain = super::plan_of(case, paths);
    let proven = first.verdict == Verdict::Proven;
    if !broken.is_empty() && !published.break_glass {
        return Ok(Replanned::MustBreak { people: broken.keys().map(|p| why(&old, published, &plain, paths, *p)).collect(), proven });
    }
    let cap = published.touch_at_most.unwrap_or(moved.len());
    if cap < moved.len() && proven {
        return Ok(Replanned::CapTooLow(moved.len()));
    }
    let cap = cap.max(moved.len());
    let mut told = brief(case, policy).told;
    old.publish(case, published.until, Stamp::Hard, broken, &mut told);
    let counted = told.len();
    said(&mut told, Stamp::Hard, Sentence::Rows { rows: vec![Row::at_most(Subject::Everyone, cap as f64)], choice: None, mv: None });
    let best = Brief::new(case, told);
    let coupling = Coupling::new(&best);
    let mut from = published.certificate.map_or_else(|| Multipliers::none(&coupling), |c| multipliers(&best, &coupling, c));
    from.0[coupling.row(counted, 0)] = if cap == moved.len() { DEAR } else { FAIR };
    let start = Start {
        paths: Some(paths.clone()),
        multipliers: Some(from),
        stay: Some(Stay { kept: old.kept.clone(), points: 0.0, counted: Some(counted) }),
        ..Start::default()
    };
    let solved = solve_from(&start, &best, options, listener, stop)?;
    let chosen = solved.paths.as_ref().ok_or("the plan that touches the fewest was lost on the way")?;
    let settled = settle(case, policy, &brief(case, policy), chosen, &solved)?;
    let people = touched(&published.taken.case, published.plan, case, &settled.plan).changed;
    let whys = people.iter().map(|p| why(&old, published, &settled.plan, chosen, *p)).collect();
    let lost = case.participants.ids().map(|p| lost(&old, chosen, p)).sum();
    Ok(Replanned::Done(Box::new(Done { settled, solved, fewest: moved.len(), proven, touched: whys, prices, lost })))
}

/// Where a path is in each tick.
fn places(case: &Case, path: &[Choice], p: ParticipantIx) -> Vec<Option<PositionIx>> {
    let mut at = vec![None; case.participants[p].timeline.len()];
    path.iter().for_each(|c| at[c.first..c.after].fill(Some(c.position)));
    at
}

/// Published periods in which someone is elsewhere than they were.
fn changed_before(old: &Old, case: &Case, paths: &Paths, p: ParticipantIx, until: Period) -> Vec<Period> {
    let Some(was) = &old.was[p] else { return Vec::new() };
    let periods = &case.participants[p].timeline.periods;
    let now = places(case, &paths[p], p);
    (0..periods.len()).filter(|t| periods[*t] < until && was[*t] != now[*t]).map(|t| periods[t]).collect()
}

/// Periods that someone was placed in and is not any more.
fn lost(old: &Old, paths: &Paths, p: ParticipantIx) -> usize {
    let placed = old.was[p].as_ref().map_or(0, |was| was.iter().flatten().count());
    placed.saturating_sub(paths[p].iter().map(Choice::length).sum())
}

/// Why someone is touched: what is broken if they keep what they had, and everyone else has what the new plan gives them.
fn why(old: &Old, published: &Published<'_>, now: &Plan, paths: &Paths, p: ParticipantIx) -> Why {
    let Intake { case, policy, .. } = &published.changed.taken;
    let mut reasons = impossible(old, case, policy, p);
    let direct = !reasons.is_empty();
    if !direct {
        let mut trial = now.clone();
        trial.paths[p].clone_from(&old.plan.paths[p]);
        reasons = in_the_way(old, published, now, &trial, p);
        if reasons.is_empty() {
            let cost = |plan: &Plan| crate::audit::measure(case, policy, plan).objective();
            let more = cost(&trial) - cost(now);
            let other = "somebody must make way, and it costs least if they do".to_owned();
            reasons.push(if more > 1e-6 { format!("the plan would cost {more:.1} points more if they stayed") } else { other });
        }
    }
    Why { participant: p, direct, reasons, published: changed_before(old, case, paths, p, published.until) }
}

/// What someone's old path breaks by itself.
fn impossible(old: &Old, case: &Case, policy: &Policy, p: ParticipantIx) -> Vec<String> {
    if old.kept[p].as_ref().is_some_and(|kept| kept.first().is_some_and(|c| c.first == usize::MAX)) {
        return vec!["what was planned does not lie in their time any more".to_owned()];
    }
    let own = |q: ParticipantIx| if q == p { old.plan.paths[p].clone() } else { Vec::<Placement>::new() };
    let seen = audit(case, policy, &Plan { paths: case.participants.ids().map(own).collect() });
    let mine = seen.breaches().filter(|o| rule(o.rule).reach == Reach::Path).flat_map(|o| &o.findings);
    let broken = mine.filter(|f| f.breach > 0.0 && f.subject == Subject::Participant(p));
    let name = format!("{}: ", case.participants[p].named.name);
    broken.map(|f| f.words.strip_prefix(&name).unwrap_or(&f.words).to_owned()).take(2).collect()
}

/// What is over or short if someone keeps what they had: for seats, who is there in their place.
fn in_the_way(old: &Old, published: &Published<'_>, now: &Plan, trial: &Plan, p: ParticipantIx) -> Vec<String> {
    let Intake { case, policy, .. } = &published.changed.taken;
    let seen = audit(case, policy, trial);
    let couples = |o: &&crate::audit::Outcome| rule(o.rule).reach == Reach::Coupling && rule(o.rule).id != "mentoring";
    let broken: Vec<_> = seen.breaches().filter(couples).flat_map(|o| &o.findings).filter(|f| f.breach > 0.0).collect();
    let mut seats: BTreeMap<PositionIx, Vec<Period>> = BTreeMap::new();
    let mut reasons = Vec::new();
    for finding in &broken {
        match finding.subject {
            Subject::PositionAt(q, t) => seats.entry(q).or_default().push(t),
            _ if reasons.len() < 2 => reasons.push(finding.words.clone()),
            _ => {}
        }
    }
    let there = |path: &[Placement], q: PositionIx, t: Period| path.iter().any(|pl| pl.position == q && pl.covers(t));
    for (q, periods) in seats {
        let newcomer = |n: &ParticipantIx| *n != p && periods.iter().any(|t| there(&now.paths[*n], q, *t) && !there(&old.plan.paths[*n], q, *t));
        let names: Vec<&str> = case.participants.ids().filter(newcomer).map(|n| case.participants[n].named.name.as_str()).take(4).collect();
        let labels: Vec<String> = periods.iter().map(|t| case.calendar.label(*t)).collect();
        let place = format!("{} in {}", case.position_name(q), labels.join(" and "));
        reasons.push(if names.is_empty() { format!("{place} has too few seats now") } else { format!("{place} is for {}", names.join(", ")) });
    }
    if reasons.is_empty() && paths_of(case, trial).is_some() {
        let told = brief(case, policy);
        let short = evaluate(&told, trial).map_or(Vec::new(), |a| a.hard.into_keys().map(|(_, subject)| subject).collect::<Vec<_>>());
        let at = |subject: &Subject| if let Subject::MentorsAt(t) = subject { Some(case.calendar.label(*t)) } else { None };
        let periods: Vec<String> = short.iter().filter_map(at).collect();
        if !periods.is_empty() {
            reasons.push(format!("no mentor would be left in {}", periods.join(", ")));
        }
    }
    reasons
}
