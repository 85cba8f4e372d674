//! Pricing: cheapest paths of all participants when every row that couples them has a price, and the bound that this proves.
//!
//! This is the pricing problem of column generation (Desaulniers, Desrosiers & Solomon 2005) and the Lagrangian subproblem at
//! once. It needs no solver, so a bound can be recomputed by anyone who has the multipliers (`rungs check --bound`).
//!
//! - [`Coupling`]: the rows, numbered, and the multipliers they may have.
//! - Moves between two positions, the same for everyone.
//! - Per participant a *lattice*: positions in *kinds* that no sentence along the path tells apart; over the kinds a *skeleton*
//!   (a decision diagram of all that a path must remember), shared by everyone to whom the sentences say the same; and where
//!   points and rows of each placement are among what participants have in common.
//! - The outlook: bounds from both ends that say which partial paths may lie on a cheap path.
//! - The ascent: penalties on what the skeletons leave out because it has too many states; they lead the search for good paths, which
//!   are then polished.
//! - The search: dynamic programming over these, and a label search for the few sentences that the skeletons leave out.

mod ascent;
mod bound;
mod certificate;
mod column;
mod common;
mod ears;
mod echoes;
mod held;
mod kinds;
mod lattice;
mod led;
mod mould;
mod moves;
mod outlook;
mod program;
mod rows;
mod search;
mod skeleton;
mod stay;
mod tree;
mod whole;

pub use bound::Multipliers;
pub use certificate::{certificate, multipliers, recompute};
pub use column::Column;
pub use held::Held;
pub use program::Scratch;
pub use rows::{Coupling, CouplingRow, Supply};
pub use search::{Ceiling, Cheapest, Prices};

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

use rayon::prelude::*;

use crate::brief::{Brief, Sentence, Stamp};
use crate::domain::{ParticipantIx, PositionIx};
use crate::network::Label;
use crate::rules::RuleIx;
use ascent::Sums;
use common::{Common, Gathered};
use ears::Ears;
use echoes::Echoes;
use lattice::{Ground, Lattice, Sketch};
use mould::{Drafts, Heard, Mould};
use moves::Moves;
use skeleton::Skeleton;
use stay::Stay;

/// Participants who are listened to together by one thread, if there are enough for so many chunks, and by all before their moulds
/// are looked for.
const CHUNK: usize = 64;
const CHUNKS: usize = 16;
const BATCH: usize = 512;
/// How much those who mind moves nearly alike may differ.
const MINDED: f64 = 0.125;

/// Everything that prices are held against.
pub struct Pricing<'b, 'c> {
    /// What the rules say.
    pub brief: &'b Brief<'c>,
    /// The rows across paths.
    pub coupling: &'b Coupling,
    moves: Arc<Moves>,
    /// For each way in which participants mind moves: the least points of one to each position, from another site and within its own.
    near: Vec<Vec<(f64, f64)>>,
    common: Common,
    moulds: Vec<Mould<'b, 'c>>,
    lattices: Vec<Lattice>,
    /// Rules whose points are burden.
    counted: Vec<RuleIx>,
    /// Per participant: labels of the sentences that hear moves, once they are asked.
    labels: Vec<OnceLock<Vec<Label<'b, 'c>>>>,
    /// Per participant: penalties of sums that prices begin with; none if it is empty.
    penalties: RwLock<Arc<Vec<Vec<f64>>>>,
    /// Per row: bundles of several participants, and cells of moves, with a coefficient there.
    used: OnceLock<(Uses, Uses)>,
    largest: OnceLock<Vec<f64>>,
    /// Per participant: the path that is kept, and what another one is charged; nothing is charged if it is empty.
    stays: Vec<Option<Stay>>,
}

/// What one thread hears of some participants.
type Listened = (Vec<(Sketch, Heard)>, Gathered);

/// Per row: where it has a coefficient, and which.
type Uses = Vec<Vec<(u32, f64)>>;

impl<'b, 'c> Pricing<'b, 'c> {
    /// Listens to the whole brief; the participants' lattices are built on all threads of the current pool. Once it `ends`, no
    /// more are built, and there is no pricing.
    #[must_use]
    pub fn new(brief: &'b Brief<'c>, coupling: &'b Coupling, ends: &(dyn Fn() -> bool + Sync)) -> Option<Self> {
        Self::of(brief, coupling, &brief.case.participants.ids().collect::<Vec<_>>(), ends)
    }

    /// The same for some participants, in order, alone: what each of them costs is nothing that the others change.
    #[must_use]
    pub fn of(brief: &'b Brief<'c>, coupling: &'b Coupling, some: &[ParticipantIx], ends: &(dyn Fn() -> bool + Sync)) -> Option<Self> {
        Self::heard(brief, coupling, None, some, ends)
    }

    /// The same for others, by the moves that have been listened to.
    #[must_use]
    pub fn of_others(&self, some: &[ParticipantIx], ends: &(dyn Fn() -> bool + Sync)) -> Option<Self> {
        // Where nobody has a timeline, none have been.
        Self::heard(self.brief, self.coupling, (!self.is_empty()).then_some(&self.moves), some, ends)
    }

    fn heard(
        brief: &'b Brief<'c>,
        coupling: &'b Coupling,
        moves: Option<&Arc<Moves>>,
        some: &[ParticipantIx],
        ends: &(dyn Fn() -> bool + Sync),
    ) -> Option<Self> {
        let counted: Vec<RuleIx> = brief
            .told
            .iter()
            .filter_map(|t| if let Sentence::WorstOf { counted, .. } = &t.sentence { Some(counted.clone()) } else { None })
            .flatten()
            .collect();
        let ids: Vec<ParticipantIx> = some.iter().copied().filter(|p| !brief.case.participants[*p].timeline.is_empty()).collect();
        let ears = Ears::new(brief, coupling, &counted);
        let listen = || Arc::new(if ids.is_empty() { Moves::default() } else { Moves::new(brief, &ears) });
        let mut this = Self {
            brief,
            coupling,
            moves: moves.map_or_else(listen, Arc::clone),
            near: Vec::new(),
            common: Common::default(),
            moulds: Vec::new(),
            lattices: Vec::new(),
            counted,
            labels: ids.iter().map(|_| OnceLock::new()).collect(),
            penalties: RwLock::default(),
            used: OnceLock::new(),
            largest: OnceLock::new(),
            stays: Vec::new(),
        };
        let echoes = Echoes::default();
        let ground = Ground { brief, coupling, moves: &this.moves, ears: &ears, echoes: &echoes, counted: &this.counted };
        let mut all = Gathered::default();
        let mut drafts = Drafts::default();
        let mut sketches: Vec<(Sketch, u32)> = Vec::with_capacity(ids.len());
        let hear = |batch: &[ParticipantIx]| -> Vec<Option<Listened>> {
            let listen = |chunk: &[ParticipantIx]| {
                let mut gathered = Gathered::default();
                let sketches = chunk.iter().map(|p| (!ends()).then(|| Sketch::new(&ground, *p, &mut gathered))).collect::<Option<Vec<_>>>()?;
                Some((sketches, gathered))
            };
            batch.par_chunks(batch.len().div_ceil(CHUNKS).min(CHUNK)).map(listen).collect()
        };
        let mut take = |heard: Vec<Option<Listened>>| -> Option<()> {
            for part in heard {
                let (heard, gathered) = part?;
                let numbers = all.absorb(gathered);
                for (mut sketch, heard) in heard {
                    sketch.renumber(&numbers.strips, &numbers.entries);
                    let mould = drafts.take(sketch.ticks(), heard);
                    sketches.push((sketch, mould));
                }
            }
            Some(())
        };
        // One batch is taken over while the next is listened to.
        let mut before = Vec::new();
        for batch in ids.chunks(BATCH) {
            let heard = std::mem::take(&mut before);
            let (fresh, taken) = rayon::join(|| hear(batch), || take(heard));
            taken?;
            before = fresh;
        }
        take(before)?;
        this.moulds = drafts.drafts.into_par_iter().map(|draft| (!ends()).then(|| Mould::new(&ground, draft))).collect::<Option<Vec<_>>>()?;
        let (mut common, mut fresh) = all.settle(sketches.iter().map(|(sketch, _)| sketch.has()));
        let of_kinds = |m: &Mould<'_, '_>| m.skeleton.spans.iter().map(|spans| Common::layout(&mut fresh, spans)).collect::<Vec<u32>>();
        let layouts: Vec<Vec<u32>> = this.moulds.iter().map(of_kinds).collect();
        let cast = |(sketch, mould): (Sketch, u32)| (sketch.cast(brief.case, mould, &this.moulds[mould as usize], &all), mould);
        let cast: Vec<(Sketch, u32)> = sketches.into_par_iter().map(cast).collect();
        let burdens = ears.choices.iter().any(|(tone, _)| tone.burden);
        let settle = |(sketch, mould): (Sketch, u32)| sketch.settle(&mut common, &all, &mut fresh, &layouts[mould as usize], burdens);
        this.lattices = cast.into_iter().map(settle).collect();
        this.common = common;
        this.look_near();
        Some(this)
    }

    /// The least points of moves for those who mind moves alike, or nearly so: for the one who minds them least.
    fn look_near(&mut self) {
        let Self { moves, near, lattices, brief, .. } = self;
        let mut known: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
        for lattice in lattices {
            let minds: Vec<f64> = lattice.minds.iter().map(|m| (m / MINDED).floor() * MINDED).collect();
            lattice.near = *known.entry(minds.iter().map(|m| m.to_bits()).collect()).or_insert_with(|| {
                near.push(moves.near(brief, &minds));
                near.len() as u32 - 1
            });
        }
    }

    /// Number of participants who have a timeline: they are numbered in order.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lattices.len()
    }

    /// Whether nobody has a timeline.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lattices.is_empty()
    }

    /// Who has a number.
    #[must_use]
    pub fn participant(&self, number: usize) -> ParticipantIx {
        self.lattices[number].participant
    }

    /// The positions that a participant may have, in order.
    #[must_use]
    pub fn openings(&self, number: usize) -> Vec<PositionIx> {
        let mut all: Vec<PositionIx> = self.lattices[number].nexts.iter().map(|(position, _)| *position).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Ticks of a participant's timeline, and how many placements are open to them.
    #[must_use]
    pub fn freedom(&self, number: usize) -> (usize, usize) {
        let (lattice, skeleton) = self.paths(number);
        let open = lattice.all_cells(skeleton).map(|cells| self.common.points[cells].iter().filter(|p| p.is_finite()).count()).sum();
        (lattice.periods.len(), open)
    }

    /// Placements, distinct skeletons, their nodes and arcs: for the books.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        let mut sizes = Sizes { cells: self.common.points.len(), bundles: self.common.bundles.len(), ..Sizes::default() };
        for number in 0..self.len() {
            let (lattice, skeleton) = self.paths(number);
            sizes.nexts += lattice.nexts.len();
            let (arcs, placements) = lattice.touched(skeleton);
            sizes.touched += arcs;
            sizes.placements += placements;
            sizes.fine += self.labels(number).len();
        }
        for skeleton in self.moulds.iter().map(|m| &m.skeleton) {
            sizes.skeletons += 1;
            sizes.kinds += skeleton.spans.len();
            sizes.nodes += skeleton.begins.len() + skeleton.frees.len();
            sizes.arcs += skeleton.arcs.len();
        }
        sizes
    }

    /// What follows from prices of rows, once for all participants.
    #[must_use]
    pub fn prices(&self, rows: Vec<f64>) -> Prices {
        let of = |bundle: u32| self.common.bundles.get(bundle).map(|(r, c)| rows[r as usize] * c).sum::<f64>();
        let bundles = (0..self.common.bundles.shared as u32).into_par_iter().map(of).collect();
        let moves = self.moves.priced(&rows);
        let nearest = self.moves.nearest(&moves);
        let penalties = Arc::clone(&self.penalties.read().expect("no thread panics with the lock"));
        Prices { rows, bundles, moves, nearest, penalties, ..Prices::default() }
    }

    /// Later prices begin with the penalties of what was found for some participants.
    pub fn learn(&self, numbers: &[usize], found: &[Cheapest]) {
        if found.iter().all(|cheapest| cheapest.penalties.is_empty()) {
            return;
        }
        let mut penalties = self.penalties.write().expect("no thread panics with the lock");
        let penalties = Arc::make_mut(&mut penalties);
        penalties.resize(self.len(), Vec::new());
        numbers.iter().zip(found).for_each(|(n, cheapest)| penalties[*n].clone_from(&cheapest.penalties));
    }

    /// Later prices begin with no penalties, as those of anyone who recomputes a bound do.
    pub fn forget(&self) {
        *self.penalties.write().expect("no thread panics with the lock") = Arc::default();
    }

    /// The cheapest paths of some participants, in their order, on all threads of the current pool.
    #[must_use]
    pub fn all(&self, numbers: &[usize], prices: &Prices) -> Vec<Cheapest> {
        numbers.par_iter().map_init(Scratch::default, |scratch, n| self.cheapest(*n, prices, scratch)).collect()
    }

    /// The same if they cost less than a ceiling each: see [`Pricing::cheapest_below`].
    #[must_use]
    pub fn all_below(&self, numbers: &[usize], prices: &Prices, ceilings: &[Ceiling<'_>]) -> Vec<Cheapest> {
        let below = |scratch: &mut Scratch, (n, ceiling): (&usize, &Ceiling<'_>)| self.cheapest_below(*n, prices, scratch, *ceiling);
        numbers.par_iter().zip(ceilings).map_init(Scratch::default, below).collect()
    }

    fn used(&self) -> &(Uses, Uses) {
        self.used.get_or_init(|| {
            let mut bundles: Uses = vec![Vec::new(); self.coupling.len()];
            for bundle in 0..self.common.bundles.shared as u32 {
                self.common.bundles.get(bundle).for_each(|(r, c)| bundles[r as usize].push((bundle, c)));
            }
            let mut cells: Uses = vec![Vec::new(); self.coupling.len()];
            self.moves.each_term(|cell, (r, c)| cells[r as usize].push((cell, c)));
            (bundles, cells)
        })
    }

    fn uses(&self, row: usize) -> &[(u32, f64)] {
        &self.used().0[row]
    }

    fn move_uses(&self, row: usize) -> &[(u32, f64)] {
        &self.used().1[row]
    }

    /// The largest coefficient that a placement or a move has in a row.
    #[must_use]
    pub fn largest(&self, row: usize) -> f64 {
        self.largest.get_or_init(|| {
            let mut largest = vec![0.0f64; self.coupling.len()];
            let mut see = |r: u32, c: f64| largest[r as usize] = largest[r as usize].max(c);
            (0..self.common.bundles.len() as u32).flat_map(|b| self.common.bundles.get(b)).for_each(|(r, c)| see(r, c));
            self.moves.each_term(|_, (r, c)| see(r, c));
            largest
        })[row]
    }

    /// The same in a row that nothing may go beyond; 0 in others.
    #[must_use]
    pub fn largest_capped(&self, row: usize) -> f64 {
        if self.coupling.rows.get(row).is_some_and(CouplingRow::caps) { self.largest(row) } else { 0.0 }
    }

    /// Whether something has no room in a row that nothing may go beyond, where so much is `left`.
    #[must_use]
    pub fn is_tight(&self, row: usize, left: f64) -> bool {
        self.largest_capped(row) > left.max(0.0)
    }

    /// A participant's lattice and skeleton.
    fn paths(&self, number: usize) -> (&Lattice, &Skeleton) {
        let lattice = &self.lattices[number];
        (lattice, &self.moulds[lattice.mould as usize].skeleton)
    }

    /// Labels of a participant's mould that the skeleton does not carry.
    fn fine(&self, number: usize) -> &[Label<'b, 'c>] {
        &self.moulds[self.lattices[number].mould as usize].fine
    }

    /// Labels of the sentences along a participant's path that their skeleton does not carry.
    fn labels(&self, number: usize) -> Vec<&Label<'b, 'c>> {
        let own = self.labels[number].get_or_init(|| self.lattices[number].move_labels(self.brief));
        self.fine(number).iter().chain(own).collect()
    }

    /// Whether penalties lead the search for somebody's paths: then it takes long, and finds good paths, not always the cheapest.
    #[must_use]
    pub fn is_led(&self) -> bool {
        self.moulds.iter().any(|mould| !mould.sums.is_empty())
    }

    /// What sentences that a participant's skeleton leaves out add up along a path.
    fn sums(&self, number: usize) -> &Sums {
        &self.moulds[self.lattices[number].mould as usize].sums
    }

    /// Points and burden of a soft sentence's amount.
    fn charge(&self, sentence: usize, amount: f64) -> (f64, f64) {
        let told = &self.brief.told[sentence];
        let Stamp::Soft(weight) = told.stamp else { return (0.0, 0.0) };
        (weight * amount, if self.counted.contains(&told.rule) { weight * amount } else { 0.0 })
    }
}

/// What a pricing is made of.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Positions that participants may have, over all of them.
    pub nexts: usize,
    /// Kinds of positions, over all skeletons.
    pub kinds: usize,
    /// Placements with their points; one that several participants have counts once.
    pub cells: usize,
    /// Different lists of rows.
    pub bundles: usize,
    /// Different skeletons.
    pub skeletons: usize,
    /// Nodes of all skeletons.
    pub nodes: usize,
    /// Arcs of all skeletons.
    pub arcs: usize,
    /// Arcs that one pricing of everyone goes over, if no bound leaves any out.
    pub touched: usize,
    /// The same with the positions of their kinds: placements whose points and price are read.
    pub placements: usize,
    /// Sentences left to the label search, over all participants.
    pub fine: usize,
}

impl Sizes {
    /// Bytes that one pricing of everyone reads at least, if no bound leaves any out: an arc once for each participant, and of each
    /// placement its points, its list of rows and the price of that.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.touched * size_of::<skeleton::Place>() + self.placements * (size_of::<f64>() + size_of::<u32>() + size_of::<f64>())
    }
}
