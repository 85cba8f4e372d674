//! The efficient frontier between rules, by the epsilon constraint (Haimes, Lasdon & Wismer 1971): the cheapest plan in which a
//! rule costs at most so many points, for one amount after the other.
//!
//! Each rule named is *pressed* in turn, from what it costs in the best plan down to what it costs where it matters more than all
//! the rest. Plans stand against each other by what each rule named costs and what everything else costs together; the cheapest
//! plan in which one of them is bounded is dominated by none, since one that dominated it would cost less within the same bound.
//!
//! The exact method has the bound as a row. The column method prices it: for any μ ≥ 0, the least of `cost + μ × (points of the
//! rule)` less `μ × ε` is a lower bound on the cost of every plan that keeps `points ≤ ε` (Lagrangian duality); μ is halved
//! towards the amount asked for, every plan found is a candidate for every amount, and so is every bound.

use super::settle::settle_plainly;
use super::{Settled, paths_of};
use crate::brief::{Brief, Sentence, Stamp, Told, brief};
use crate::domain::{Case, Policy};
use crate::pricing::Multipliers;
use crate::rules::{RuleIx, find};
use crate::solve::{Method, Options, Solved, Start, Stop, gap, silent, solve_by, solve_from};

/// How many times more than usual a rule counts that is pressed as far as it goes: as much as leaves people placed where weights are
/// near the usual ones. Beyond, wishes would be kept by placing nobody.
const FAR: f64 = 10.0;
/// Prices that are tried for one amount by the column method, beside those known.
const TRIES: usize = 3;
/// Points up to which two costs are the same.
const SAME: f64 = 1e-6;

/// One plan of a frontier.
#[derive(Debug, Clone)]
pub struct Point {
    /// The rule that is bounded, and by how many points; `None` for the best plan.
    pub pressed: Option<(RuleIx, f64)>,
    /// The plan.
    pub settled: Settled,
    /// What each of the rules named costs.
    pub costs: Vec<f64>,
    /// What everything else costs.
    pub rest: f64,
    /// No plan that keeps the bound costs less in all, if anything is proven.
    pub bound: Option<f64>,
}

impl Point {
    fn new(pressed: Option<(RuleIx, f64)>, rules: &[RuleIx], settled: Settled, bound: Option<f64>) -> Self {
        let costs: Vec<f64> = rules.iter().map(|rule| settled.audit.of(*rule).map_or(0.0, |o| o.cost)).collect();
        let rest = settled.objective - costs.iter().sum::<f64>();
        let bound = bound.map(|b| b.min(settled.objective));
        Self { pressed, settled, costs, rest, bound }
    }

    /// How far the plan may be from the best that keeps the bound.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        self.bound.map(|bound| gap(self.settled.objective, bound))
    }

    /// Whether another plan costs no more in any way, and less in one.
    #[must_use]
    pub fn dominated(&self, by: &Self) -> bool {
        let ways = || self.costs.iter().chain([&self.rest]).zip(by.costs.iter().chain([&by.rest]));
        ways().all(|(own, other)| *other <= own + SAME) && ways().any(|(own, other)| *other < own - SAME)
    }

    fn same(&self, other: &Self) -> bool {
        self.costs.iter().chain([&self.rest]).zip(other.costs.iter().chain([&other.rest])).all(|(a, b)| (a - b).abs() <= SAME)
    }
}

/// The frontier between some rules.
#[derive(Debug, Clone)]
pub struct Frontier {
    /// The rules, as named.
    pub rules: Vec<RuleIx>,
    /// The plans, by what the first rule costs.
    pub points: Vec<Point>,
    /// Plans that were found and left out, since another is at least as good in every way.
    pub dropped: usize,
}

/// What is asked of a frontier.
#[derive(Debug, Clone, Copy)]
pub struct Between<'a> {
    /// Soft rules that cost points, two or three.
    pub rules: &'a [RuleIx],
    /// Amounts for each.
    pub levels: usize,
    /// How each plan is sought.
    pub method: Method,
    /// Limits of each search.
    pub options: &'a Options,
    /// Set to stop it; what was found by then is given.
    pub stop: &'a Stop,
}

/// The frontier between some rules: `levels` amounts for each, and the best plan. `None` if there is no plan, as far as was seen.
///
/// # Errors
/// What is our fault, in words.
pub fn frontier(case: &Case, policy: &Policy, asked: &Between<'_>, mut tell: impl FnMut()) -> Result<Option<Frontier>, String> {
    let mut all: Vec<Point> = Vec::new();
    let Some(best) = Pressed { case, policy, rule: asked.rules[0], asked }.plainly(0.0, None)? else { return Ok(None) };
    tell();
    let best = Point::new(None, asked.rules, best.settled, best.bound);
    for (i, rule) in asked.rules.iter().enumerate() {
        if best.costs[i] > SAME && !asked.stop.asked() {
            all.extend(Pressed { case, policy, rule: *rule, asked }.levels(&best, i, &mut tell)?);
        }
    }
    all.insert(0, best);
    let found = all.len();
    let mut points: Vec<Point> = Vec::new();
    for (i, point) in all.iter().enumerate() {
        let worse = all.iter().any(|other| point.dominated(other));
        if !worse && !all[..i].iter().any(|before| before.same(point)) {
            points.push(point.clone());
        }
    }
    points.sort_by(|a, b| a.costs.iter().zip(&b.costs).map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal));
    Ok(Some(Frontier { rules: asked.rules.to_vec(), dropped: found - points.len(), points }))
}

/// One rule under pressure.
struct Pressed<'a> {
    case: &'a Case,
    policy: &'a Policy,
    rule: RuleIx,
    asked: &'a Between<'a>,
}

/// A plan at a price.
struct Found {
    /// What a point of the rule cost more than usual.
    price: f64,
    settled: Settled,
    /// Lower bound on cost plus price times the rule's points.
    bound: Option<f64>,
    multipliers: Option<Multipliers>,
}

impl Pressed<'_> {
    /// The plans for each amount, from the least to the most; and what is pressed as far as it goes.
    fn levels(&self, best: &Point, i: usize, tell: &mut dyn FnMut()) -> Result<Vec<Point>, String> {
        let Some(far) = self.plainly(FAR, Some(&best.settled))? else { return Ok(Vec::new()) };
        tell();
        let (least, most) = (self.points(&far.settled), best.costs[i]);
        if least >= most - SAME {
            return Ok(Vec::new());
        }
        let first = Found { price: 0.0, settled: best.settled.clone(), bound: best.bound, multipliers: None };
        let mut pool = vec![first, far];
        let mut found = Vec::new();
        for level in 0..self.asked.levels {
            if self.asked.stop.asked() {
                break;
            }
            let limit = least + (most - least) * level as f64 / self.asked.levels as f64;
            found.extend(if self.asked.method == Method::Exact { self.exactly(limit, &pool)? } else { self.priced(limit, &mut pool)? });
            tell();
        }
        Ok(found)
    }

    /// What the rule costs in a plan.
    fn points(&self, settled: &Settled) -> f64 {
        settled.audit.of(self.rule).map_or(0.0, |o| o.cost)
    }

    /// The cheapest plan where each point of the rule costs so much more than usual.
    fn plainly(&self, price: f64, from: Option<&Settled>) -> Result<Option<Found>, String> {
        let told = self.dearer(price);
        let start = from.and_then(|settled| paths_of(self.case, &settled.plan));
        let solved = solve_by(self.asked.method, &told, self.asked.options, start.as_ref(), &silent(), self.asked.stop)?;
        self.found(price, solved)
    }

    fn found(&self, price: f64, solved: Solved) -> Result<Option<Found>, String> {
        let Some(settled) = settle_plainly(self.case, self.policy, &solved)? else { return Ok(None) };
        Ok(Some(Found { price, settled, bound: solved.bound, multipliers: solved.multipliers }))
    }

    /// The cheapest plan that keeps a bound, by the exact method with the bound as a row.
    fn exactly(&self, limit: f64, pool: &[Found]) -> Result<Option<Point>, String> {
        let told = brief(self.case, self.policy).capped(vec![self.rule], limit + SAME);
        let start = self.keeps(limit, pool).and_then(|f| paths_of(self.case, &f.settled.plan));
        let solved = solve_by(Method::Exact, &told, self.asked.options, start.as_ref(), &silent(), self.asked.stop)?;
        let bound = solved.bound;
        Ok(self.found(0.0, solved)?.map(|found| Point::new(Some((self.rule, limit)), self.asked.rules, found.settled, bound)))
    }

    /// The cheapest plan known that keeps a bound.
    fn keeps<'f>(&self, limit: f64, pool: &'f [Found]) -> Option<&'f Found> {
        let within = pool.iter().filter(|f| self.points(&f.settled) <= limit + SAME);
        within.min_by(|a, b| a.settled.objective.total_cmp(&b.settled.objective))
    }

    /// The cheapest plan found that keeps a bound, and what all prices tried prove, by the column method.
    fn priced(&self, limit: f64, pool: &mut Vec<Found>) -> Result<Option<Point>, String> {
        let proven = |pool: &[Found]| pool.iter().filter_map(|f| Some(f.bound? - f.price * limit)).reduce(f64::max);
        for _ in 0..TRIES {
            let near = self.keeps(limit, pool).zip(proven(pool)).is_some_and(|(f, bound)| gap(f.settled.objective, bound) <= self.asked.options.gap);
            if near || self.asked.stop.asked() {
                break;
            }
            let over = pool.iter().filter(|f| self.points(&f.settled) > limit + SAME).map(|f| f.price).fold(0.0, f64::max);
            let within = pool.iter().filter(|f| self.points(&f.settled) <= limit + SAME).map(|f| f.price).filter(|p| *p > over).fold(FAR, f64::min);
            // Prices matter by their ratio to what a point costs anyway, which is 1.
            let price = ((1.0 + over) * (1.0 + within)).sqrt() - 1.0;
            let from = pool.iter().min_by(|a, b| (a.price - price).abs().total_cmp(&(b.price - price).abs()));
            let Some(from) = from.filter(|from| (from.price - price).abs() > 1e-3 * price) else { break };
            let told = self.dearer(price);
            let start = Start { paths: paths_of(self.case, &from.settled.plan), multipliers: from.multipliers.clone(), ..Start::default() };
            let solved = solve_from(&start, &told, self.asked.options, &silent(), self.asked.stop)?;
            let Some(found) = self.found(price, solved)? else { break };
            pool.push(found);
        }
        let found = self.keeps(limit, pool);
        Ok(found.map(|f| Point::new(Some((self.rule, limit)), self.asked.rules, f.settled.clone(), proven(pool))))
    }

    /// The brief where each point of the rule costs so much more. Burdens stay as they are: where the rule counts as one, what is
    /// more is told beside it, under `timeline`, whose points nobody counts.
    fn dearer(&self, price: f64) -> Brief<'_> {
        let mut told: Vec<Told<'_>> = brief(self.case, self.policy).told;
        let burden = |t: &Told<'_>| matches!(&t.sentence, Sentence::WorstOf { counted, .. } if counted.contains(&self.rule));
        if told.iter().any(burden) {
            let beside = find("timeline").expect("timeline is a registered rule");
            let more = brief(self.case, self.policy).told.into_iter().filter(|t| t.rule == self.rule);
            told.extend(more.filter_map(|t| match t.stamp {
                Stamp::Soft(weight) => Some(Told { rule: beside, stamp: Stamp::Soft(weight * price), sentence: t.sentence }),
                Stamp::Hard => None,
            }));
        } else {
            for t in told.iter_mut().filter(|t| t.rule == self.rule) {
                if let Stamp::Soft(weight) = t.stamp {
                    t.stamp = Stamp::Soft(weight * (1.0 + price));
                }
            }
        }
        Brief::new(self.case, told)
    }
}
