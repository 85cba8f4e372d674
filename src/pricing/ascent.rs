//! Ascent: what the skeleton leaves out of sums along a path is priced there, as it is across paths.
//!
//! The relaxed paths of a skeleton repeat what pays best, if the sentence that says "once" is left to the search. A penalty on
//! each unit beyond a bound (state-space ascent: Christofides, Mingozzi & Toth 1981) makes them nearly keep it, so that what they
//! cost is nearly what the cheapest real path does, and completions lead the search to it. The best penalties are found by a
//! proximal bundle method (Lemaréchal, Strodiot & Bihain 1981): known relaxed paths say what others promise.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::kinds::{Atoms, Kinds, Next, Span};
use crate::brief::{Bounds, Brief, Stamp, When};
use crate::network::Label;
use crate::words::{excess, shortfall};

/// What sentences that a skeleton leaves out add up along a path.
#[derive(Debug, Default)]
pub(super) struct Sums {
    limits: Vec<Limit>,
    /// Different lists of what a placement adds to which sums; the first is empty.
    lists: Vec<Vec<(u32, f64)>>,
    /// Per next, and span of its kind: the number of its list.
    of: FxHashMap<Next, Vec<u32>>,
}

/// The bounds of a sum, and the most that a unit beyond either may be charged.
#[derive(Debug)]
struct Limit {
    at_least: f64,
    at_most: f64,
    under: f64,
    over: f64,
    /// Place of its label among those that are left out, and whether that is all that it asks for: then nobody else has to ask.
    label: usize,
    told: bool,
}

impl Sums {
    /// The sums of those labels that are left out, as `fine` says of each of all. `of`: the atom of each next. O(labels × placements)
    /// for each sentence.
    pub(super) fn new(brief: &Brief<'_>, all: &Heard<'_, '_, '_>, fine: &[bool], atoms: &Atoms, kinds: &Kinds, of: &FxHashMap<Next, u32>) -> Self {
        let mut this = Self { lists: vec![Vec::new()], ..Self::default() };
        let mut added: Vec<usize> = Vec::new();
        let mut implied: BTreeMap<usize, Implied> = BTreeMap::new();
        for (label, l) in (0..fine.len()).filter(|l| fine[*l]).enumerate() {
            // Only what never shrinks adds up to what the label remembers.
            let Some(bounds) = all.labels[l].summed().filter(|_| all.adds(l).all(|amount| amount >= 0.0)) else { continue };
            let sentence = all.labels[l].sentence;
            let charged = match brief.told[sentence].stamp {
                Stamp::Hard => f64::INFINITY,
                Stamp::Soft(weight) => weight,
            };
            let asked = bounds.at_least.filter(|(_, when)| *when == When::Always).map(|(limit, _)| limit);
            let implied = implied.entry(sentence).or_insert_with(|| Implied::new(all, sentence)).bounds(l);
            let at_least = asked.into_iter().chain(implied.map(|(least, _)| least).filter(|least| *least > 0.0)).reduce(f64::max);
            let at_most = implied.map(|(_, most)| most).or(bounds.at_most);
            let told = all.labels[l].hard() && bounds.at_least.is_none_or(|(_, when)| when == When::Always);
            this.limits.push(Limit {
                at_least: at_least.unwrap_or(0.0),
                at_most: at_most.unwrap_or(0.0),
                under: if at_least.is_some() { charged } else { 0.0 },
                over: if at_most.is_some() { charged } else { 0.0 },
                label,
                told,
            });
            added.push(l);
        }
        if added.is_empty() {
            return this;
        }
        let mut known: FxHashMap<Vec<(u32, u64)>, u32> = FxHashMap::from_iter([(Vec::new(), 0)]);
        let mut number = |choice: usize| {
            let adds = (0..).zip(&added).map(|(sum, l)| (sum, all.signatures[*l][choice]));
            let list: Vec<(u32, u64)> = adds.filter(|(_, amount)| f64::from_bits(*amount) != 0.0).collect();
            *known.entry(list).or_insert_with_key(|list| {
                this.lists.push(list.iter().map(|(sum, amount)| (*sum, f64::from_bits(*amount))).collect());
                this.lists.len() as u32 - 1
            })
        };
        let mut first = 0;
        let mut of_atom = |(atom, kind): (&super::kinds::Atom, &u32)| -> Vec<u32> {
            let mut own = |span: &Span| atom.spans.binary_search_by_key(span, |(s, _)| *s).map_or(0, |i| number(first + i));
            let lists = kinds.spans[*kind as usize].iter().map(|(span, _)| own(span)).collect();
            first += atom.spans.len();
            lists
        };
        let lists: Vec<Vec<u32>> = atoms.atoms.iter().zip(&kinds.of).map(&mut of_atom).collect();
        this.of = of.iter().map(|(next, atom)| (*next, lists[*atom as usize].clone())).collect();
        this
    }

    /// Whether there is nothing to charge.
    pub(super) fn is_empty(&self) -> bool {
        self.limits.is_empty()
    }

    /// How many sums there are.
    pub(super) fn len(&self) -> usize {
        self.limits.len()
    }

    /// No penalties.
    pub(super) fn none(&self) -> Vec<f64> {
        vec![0.0; self.limits.len()]
    }

    /// What every list is charged: above 0 for what is too much, below for what is too little.
    pub(super) fn charges(&self, penalties: &[f64], into: &mut Vec<f64>) {
        into.clear();
        into.extend(self.lists.iter().map(|list| list.iter().map(|(sum, amount)| penalties[*sum as usize] * amount).sum::<f64>()));
    }

    /// The list of each span of a next.
    pub(super) fn lists(&self, next: Next) -> &[u32] {
        &self.of[&next]
    }

    /// What depends on no path: it is added to what every path costs.
    pub(super) fn constant(&self, penalties: &[f64]) -> f64 {
        let of = |(limit, penalty): (&Limit, &f64)| -penalty * if *penalty > 0.0 { limit.at_most } else { limit.at_least };
        self.limits.iter().zip(penalties).map(of).sum()
    }

    /// Whether a label of those that are left out need not be asked of a path whose sums [fit](Self::fits) and are [enough](Self::enough).
    pub(super) fn tells(&self, label: usize) -> bool {
        self.limits.binary_search_by_key(&label, |limit| limit.label).is_ok_and(|sum| self.limits[sum].told)
    }

    /// Whether a path that adds up to so much may add a list, whatever comes after.
    pub(super) fn fits(&self, list: u32, totals: &[f64]) -> bool {
        let fits = |limit: &Limit, total: f64| limit.over < f64::INFINITY || excess(total, limit.at_most) == 0.0;
        self.lists.get(list as usize).into_iter().flatten().all(|(sum, amount)| fits(&self.limits[*sum as usize], totals[*sum as usize] + amount))
    }

    /// Whether a path may end that adds up to so much.
    pub(super) fn enough(&self, totals: &[f64]) -> bool {
        self.limits.iter().zip(totals).all(|(limit, total)| limit.under < f64::INFINITY || shortfall(*total, limit.at_least) == 0.0)
    }

    /// What still matters of sums that no label remembers: beyond what is enough, nothing does.
    pub(super) fn state(&self, totals: &[f64]) -> impl Iterator<Item = u64> {
        let told = self.limits.iter().zip(totals).filter(|(limit, _)| limit.told);
        told.map(|(limit, total)| total.min(limit.at_most.max(limit.at_least)).to_bits())
    }

    /// Adds a list.
    pub(super) fn add(&self, list: u32, totals: &mut [f64]) {
        self.lists.get(list as usize).into_iter().flatten().for_each(|(sum, amount)| totals[*sum as usize] += amount);
    }

    /// Adds up what lists add.
    pub(super) fn totals(&self, lists: impl Iterator<Item = u32>) -> Vec<f64> {
        let mut totals = vec![0.0; self.limits.len()];
        lists.for_each(|list| self.add(list, &mut totals));
        totals
    }
}

/// Labels, and what each of them makes of every placement, in the order of their ground.
pub(super) struct Heard<'h, 'b, 'c> {
    pub(super) labels: &'h [Label<'b, 'c>],
    pub(super) signatures: &'h [Vec<u64>],
}

impl Heard<'_, '_, '_> {
    /// What every placement adds to a label that sums.
    fn adds(&self, label: usize) -> impl Iterator<Item = f64> + '_ {
        self.signatures[label].iter().map(|amount| f64::from_bits(*amount))
    }
}

/// What the sums of a sentence must be at least and at most, because others of it have bounds too, all together must come to
/// something, and some come after others: who is asked for all kinds of a family, each at most once, is asked for each of them, and
/// for what has to come before; where that is all there may be of a family, for nothing else of it.
struct Implied {
    /// Labels of the sentence that bound their sums.
    rivals: Vec<usize>,
    least: Vec<f64>,
    most: Vec<f64>,
}

/// A sum of another sentence, and the least and the most that a unit of each rival adds to it.
struct Whole {
    at_least: f64,
    at_most: f64,
    units: Vec<(f64, f64)>,
}

impl Implied {
    /// O(rounds × (rivals × sums + orders)) after a look at all placements.
    fn new(all: &Heard<'_, '_, '_>, sentence: usize) -> Self {
        let bounds = |l: usize| all.labels[l].summed().filter(|_| all.labels[l].hard());
        let of = |own: bool| (0..all.labels.len()).filter(move |l| (all.labels[*l].sentence == sentence) == own);
        let rivals: Vec<usize> = of(true).filter(|l| bounds(*l).is_some_and(|b| b.at_most.is_some())).collect();
        let most: Vec<f64> = rivals.iter().filter_map(|l| bounds(*l)?.at_most).collect();
        let count = rivals.first().map_or(0, |l| all.signatures[*l].len());
        // Per placement: the rival that it adds to, and how much, if there is one alone.
        let adds = |choice: usize| {
            rivals.iter().enumerate().map(move |(r, l)| (r, f64::from_bits(all.signatures[*l][choice]))).filter(|(_, amount)| *amount > 0.0)
        };
        let alone = |choice: usize| {
            let mut adds = adds(choice);
            adds.next().filter(|_| adds.next().is_none())
        };
        let own: Vec<Option<(usize, f64)>> = (0..count).map(alone).collect();
        let whole = |l: usize| -> Option<Whole> {
            let Bounds { at_least, at_most } = bounds(l)?;
            let mut units = vec![(f64::INFINITY, 0.0f64); rivals.len()];
            for (amount, own) in all.adds(l).zip(&own) {
                match own {
                    Some((r, unit)) => units[*r] = (units[*r].0.min(amount / unit), units[*r].1.max(amount / unit)),
                    None if amount != 0.0 => return None,
                    None => {}
                }
            }
            let asked = at_least.filter(|(_, when)| *when == When::Always).map_or(f64::NEG_INFINITY, |(limit, _)| limit);
            Some(Whole { at_least: asked, at_most: at_most.unwrap_or(f64::INFINITY), units })
        };
        let wholes: Vec<Whole> = of(false).filter_map(whole).filter(|w| w.units.iter().all(|(low, high)| *low >= 0.0 && high.is_finite())).collect();
        // Pairs of rivals of which the second comes before the first, and the least that this adds.
        let rival = |choice: usize| own[choice].map(|(r, _)| r);
        let order = |(before, after): (Vec<usize>, Vec<usize>)| -> Option<(usize, usize, f64)> {
            let (later, earlier) = (rival(*after.first()?)?, rival(*before.first()?)?);
            let whole = (0..count).filter(|choice| rival(*choice) == Some(later)).all(|choice| after.binary_search(&choice).is_ok());
            let alone = before.iter().all(|choice| rival(*choice) == Some(earlier));
            let unit = before.iter().filter_map(|choice| own[*choice]).map(|(_, amount)| amount).fold(f64::INFINITY, f64::min);
            (whole && alone).then_some((later, earlier, unit))
        };
        let orders: Vec<(usize, usize, f64)> = of(false).filter_map(|l| all.labels[l].ordered(&all.signatures[l])).filter_map(order).collect();
        let mut this = Self { least: vec![0.0; rivals.len()], most, rivals };
        while this.tighten(&wholes, &orders) {}
        this
    }

    /// One round; whether anything follows from it.
    fn tighten(&mut self, wholes: &[Whole], orders: &[(usize, usize, f64)]) -> bool {
        let Self { least, most, .. } = self;
        let mut any = false;
        for whole in wholes {
            let high: f64 = whole.units.iter().zip(&*most).map(|((_, unit), most)| unit * most).sum();
            let low: f64 = whole.units.iter().zip(&*least).map(|((unit, _), least)| if unit.is_finite() { unit * least } else { 0.0 }).sum();
            for (r, (low_unit, high_unit)) in whole.units.iter().enumerate() {
                let missing = whole.at_least - (high - high_unit * most[r]);
                if *high_unit > 0.0 && missing / high_unit > least[r] + LITTLE {
                    (least[r], any) = (missing / high_unit, true);
                }
                if *low_unit > 0.0 && low_unit.is_finite() {
                    let room = (whole.at_most - (low - low_unit * least[r])).max(0.0);
                    if room / low_unit < most[r] - LITTLE {
                        (most[r], any) = (room / low_unit, true);
                    }
                }
            }
        }
        for (later, earlier, unit) in orders {
            if least[*later] > 0.0 && least[*earlier] < unit - LITTLE {
                (least[*earlier], any) = (*unit, true);
            }
        }
        // Where nothing keeps all, there is nothing to be tightened: bounds stay as far apart as they are.
        any && least.iter().zip(&*most).all(|(least, most)| least <= most)
    }

    /// The bounds of a label's sum.
    fn bounds(&self, label: usize) -> Option<(f64, f64)> {
        let own = self.rivals.iter().position(|rival| *rival == label)?;
        Some((self.least[own], self.most[own]))
    }
}

/// The list that adds nothing.
pub(super) const NO_LIST: u32 = 0;
/// Bounds that are so near are the same.
const LITTLE: f64 = 1e-9;

/// A relaxed path: what it costs without penalties, what it adds to sums, and its share in the path that stands for all.
struct Known {
    cost: f64,
    totals: Vec<f64>,
    share: f64,
}

/// Penalties on the way to the best.
pub(super) struct Ascent<'s> {
    sums: &'s Sums,
    /// Those that are looked at.
    pub(super) penalties: Vec<f64>,
    /// The best so far, and what the cheapest relaxed path costs with them.
    best: Vec<f64>,
    value: f64,
    /// Whether the last step began with them.
    fresh: bool,
    known: Vec<Known>,
    /// By how much a penalty rises for each unit that is too much.
    pace: f64,
}

/// The first pace is this share of what a placement costs.
const PACE: f64 = 0.5;
/// How it changes after a step that gains something, and after one that does not.
const FASTER: f64 = 1.3;
const SLOWER: f64 = 0.7;
/// Relaxed paths that are remembered.
const KEPT: usize = 40;
/// Pairs of known paths that change shares for one step, and halvings for each.
const PAIRS: usize = 60;
const HALVINGS: usize = 16;
/// A gain of more points is worth a step.
const WORTH: f64 = 1e-3;

impl<'s> Ascent<'s> {
    pub(super) fn new(sums: &'s Sums, penalties: Vec<f64>) -> Self {
        Self { sums, best: penalties.clone(), penalties, value: f64::NEG_INFINITY, fresh: false, known: Vec::new(), pace: 0.0 }
    }

    /// Goes on from what the cheapest path costs with the present penalties, and what it adds to sums; whether there is anything
    /// to gain below `ceiling`.
    pub(super) fn step(&mut self, value: f64, totals: Vec<f64>, placements: usize, ceiling: f64) -> bool {
        self.fresh = value > self.value;
        let first = PACE * (value.abs() / placements.max(1) as f64).max(1.0);
        self.pace = if self.known.is_empty() { first } else { self.pace * if self.fresh { FASTER } else { SLOWER } };
        if self.fresh {
            self.value = value;
            self.best.clone_from(&self.penalties);
        }
        let cost = value - charge(&totals, &self.penalties) - self.sums.constant(&self.penalties);
        self.learn(Known { cost, totals, share: 0.0 });
        let promised = self.settle();
        promised > self.value + WORTH && self.value < ceiling
    }

    /// Remembers a path, in the place of one without a share if there are many.
    fn learn(&mut self, path: Known) {
        if let Some(known) = self.known.iter_mut().find(|known| known.totals == path.totals) {
            known.cost = known.cost.min(path.cost);
            return;
        }
        if self.known.len() == KEPT
            && let Some(idle) = self.known.iter().position(|known| known.share == 0.0)
        {
            self.known.remove(idle);
        }
        self.known.push(path);
    }

    /// The penalties that known paths say are best near the best so far; what they promise there. Shares of the paths are found
    /// by pairwise steps (Lacoste-Julien & Jaggi 2015).
    fn settle(&mut self) -> f64 {
        if self.known.iter().all(|known| known.share == 0.0) {
            self.known[0].share = 1.0;
        }
        let mut total = vec![0.0; self.best.len()];
        self.known.iter().for_each(|k| total.iter_mut().zip(&k.totals).for_each(|(sum, t)| *sum += k.share * t));
        let mut pairs = PAIRS;
        loop {
            self.follow(&total);
            let values: Vec<f64> = self.known.iter().map(|k| k.cost + charge(&k.totals, &self.penalties)).collect();
            let all = 0..values.len();
            let to = all.clone().min_by(|a, b| values[*a].total_cmp(&values[*b])).expect("a known path");
            let from = all.filter(|k| self.known[*k].share > 0.0).max_by(|a, b| values[*a].total_cmp(&values[*b])).expect("shares of one");
            if pairs == 0 || values[from] - values[to] < WORTH {
                return values[to] + self.sums.constant(&self.penalties);
            }
            pairs -= 1;
            let change: Vec<f64> = self.known[to].totals.iter().zip(&self.known[from].totals).map(|(to, from)| to - from).collect();
            let gain = self.known[from].cost - self.known[to].cost;
            let (mut least, mut most, start) = (0.0, self.known[from].share, total.clone());
            let mut at = most;
            for _ in 0..HALVINGS {
                total.iter_mut().zip(start.iter().zip(&change)).for_each(|(sum, (start, change))| *sum = start + at * change);
                self.follow(&total);
                match charge(&change, &self.penalties) < gain {
                    true if at == most => break,
                    true => least = at,
                    false => most = at,
                }
                at = 0.5 * (least + most);
            }
            total.iter_mut().zip(start.iter().zip(&change)).for_each(|(sum, (start, change))| *sum = start + at * change);
            self.known[from].share = if at == self.known[from].share { 0.0 } else { self.known[from].share - at };
            self.known[to].share += at;
        }
    }

    /// Penalties follow from what the path that stands for all adds to sums: from the best so far they rise for what is too much, and
    /// fall for what is too little.
    fn follow(&mut self, total: &[f64]) {
        for ((penalty, best), (limit, total)) in self.penalties.iter_mut().zip(&self.best).zip(self.sums.limits.iter().zip(total)) {
            let (over, under) = (best + self.pace * (total - limit.at_most), best + self.pace * (total - limit.at_least));
            *penalty = if over > 0.0 { over.min(limit.over) } else { under.clamp(-limit.under, 0.0) };
        }
    }

    /// Goes back to the best penalties; whether the last step began with them.
    pub(super) fn rest(&mut self) -> bool {
        self.penalties.clone_from(&self.best);
        self.fresh
    }
}

/// What sums are charged at penalties.
pub(super) fn charge(totals: &[f64], penalties: &[f64]) -> f64 {
    totals.iter().zip(penalties).map(|(total, penalty)| total * penalty).sum()
}

#[cfg(test)]
pub(super) mod tests {
    use rand::{RngExt, SeedableRng};
    use serde_json::json;

    use crate::brief::brief;
    use crate::intake::{Intake, intake};
    use crate::pricing::{Coupling, Multipliers, Pricing, Scratch};

    /// Two-week placements in 24 roles, each at most once, so many of each half of them, at two sites; the last student has to have
    /// all of one half, and so two of the other that must come before.
    pub(in super::super) fn clerkships() -> String {
        let off = json!({"mode": "off"});
        let after = |d: usize| if d == 5 || d == 13 { json!([[format!("d{}", d - 1)]]) } else { json!([]) };
        let roles: Vec<_> = (0..24)
            .map(|d| json!({"id": format!("d{d}"), "name": format!("Role {d}"), "stage": "year", "family": format!("g{}", d % 2), "difficulty": 1, "duration": {"min": 2, "max": 2}, "after": after(d)}))
            .collect();
        let positions: Vec<_> =
            (0..48).map(|n| json!({"id": format!("p{n}"), "role": format!("d{}", n / 2), "site": format!("h{}", n % 2), "seats": 1})).collect();
        let participants: Vec<_> = (0..3)
            .map(|s| {
                let ratings: serde_json::Map<_, _> = (0..24).map(|d| (format!("d{d}"), json!((d * 7 + s * 5) % 11))).collect();
                json!({"id": format!("s{s}"), "name": format!("Student {s}"), "cohort": "all", "ratings": {"roles": ratings}, "minds": {"moves": 2},
                    "curriculum": [{"of": {"families": ["g0"]}, "placements": {"min": 6, "max": 6}}, {"of": {"families": ["g1"]}, "placements": {"min": 6 + 3 * s, "max": 6 + 3 * s}}]})
            })
            .collect();
        let mut rules: serde_json::Map<_, _> = [
            "harder-than-last",
            "stretch",
            "intensity",
            "coverage",
            "relocation",
            "readiness",
            "peers",
            "breadth",
            "mentoring",
            "pipeline",
            "fairness",
        ]
        .map(|rule| (rule.to_owned(), off.clone()))
        .into_iter()
        .collect();
        rules.insert("curriculum".to_owned(), json!({"mode": "hard", "minima": "everyone"}));
        rules.insert("preference".to_owned(), json!({"mode": "soft", "weight": 1, "scale": "raw", "per": "placement"}));
        rules.insert("moves".to_owned(), json!({"mode": "soft", "weight": 1}));
        json!({"format": "rungs/1", "name": "Clerkships", "calendar": {"start": "2027-01-04", "unit": "week", "count": 40},
            "stages": [{"id": "year", "name": "Year"}], "roles": roles, "sites": [{"id": "h0", "name": "North"}, {"id": "h1", "name": "South"}],
            "positions": positions, "tracks": [{"id": "all", "name": "All", "length": 40}],
            "cohorts": [{"id": "all", "name": "All", "track": "all", "start": 0}], "participants": participants, "rules": rules})
        .to_string()
    }

    /// Everyone gets a path that keeps all that was left out; no bound is above any path that is known, at whatever prices, with
    /// whatever penalties it begins; and who begins with none finds the same each time.
    #[test]
    fn bounds_are_below_paths_that_keep_everything() {
        let Intake { case, policy, .. } = intake(clerkships().as_bytes()).expect("valid");
        let told = brief(&case, &policy);
        let coupling = Coupling::new(&told);
        let pricing = Pricing::new(&told, &coupling, &|| false).expect("nothing ends it");
        assert!(pricing.is_led(), "nobody remembers which of 24 roles they had");
        let asked = |n: usize| pricing.sums(n).limits.iter().filter(|limit| limit.at_least > 0.0).count();
        assert_eq!([asked(0), asked(1), asked(2)], [0, 0, 14]);
        let mut dice = chacha20::ChaCha8Rng::seed_from_u64(7);
        let numbers: Vec<usize> = (0..pricing.len()).collect();
        let (mut rounds, mut known) = (Vec::new(), vec![Vec::new(); pricing.len()]);
        for turn in 0..6 {
            let mut multipliers = Multipliers((0..coupling.rows.len()).map(|_| if turn == 0 { 0.0 } else { dice.random_range(0.0..4.0) }).collect());
            multipliers.clip(&coupling);
            let cold = pricing.bound(&multipliers, &|_| None);
            let prices = pricing.prices_of(&multipliers);
            let prices = if turn % 2 == 0 { prices } else { prices.rough() };
            let found = pricing.all(&numbers, &prices);
            pricing.learn(&numbers, &found);
            for (n, cheapest) in found.iter().enumerate() {
                let path = cheapest.path.as_ref().expect("a path");
                assert_eq!(pricing.column(n, &path.choices).as_ref(), Some(path));
                known[n].push(path.clone());
                known[n].extend(pricing.several(n, &prices, &mut Scratch::default(), 5, 50.0));
            }
            rounds.push((multipliers, prices, found, cold));
        }
        for (multipliers, prices, found, cold) in &rounds {
            let least = |n: usize| known[n].iter().map(|c| c.value(&prices.rows)).fold(f64::INFINITY, f64::min);
            for (n, cheapest) in found.iter().enumerate() {
                assert!(cheapest.bound <= least(n) + 1e-9 && cheapest.bound > least(n) - 60.0, "{} and {}", cheapest.bound, least(n));
            }
            pricing.forget();
            let first = pricing.bound(multipliers, &|_| None);
            assert!(first <= multipliers.constant(&coupling) + numbers.iter().map(|n| least(*n)).sum::<f64>() + 1e-9);
            assert_eq!(first, pricing.bound(multipliers, &|_| None));
            assert!((first - cold).abs() < 60.0, "{first} and {cold}");
        }
    }
}
