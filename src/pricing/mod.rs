//! Pricing: cheapest paths of all participants when every row that couples them has a price, and the bound that this proves.
//!
//! This is the pricing problem of column generation (Desaulniers, Desrosiers & Solomon 2005) and the Lagrangian subproblem at
//! once. It needs no solver, so a bound can be recomputed by anyone who has the multipliers (`rungs check --bound`).
//!
//! - [`Coupling`]: the rows, numbered, and the multipliers they may have.
//! - Moves between two positions, the same for everyone.
//! - Per participant a *lattice*: positions in *kinds* that no sentence along the path tells apart; over the kinds a *skeleton*
//!   (a decision diagram of all that a path must remember), shared by everyone to whom the sentences say the same; points and
//!   rows of each placement.
//! - The search: dynamic programming over lattices, and a label search for the few sentences that the skeletons leave out.

mod bound;
mod certificate;
mod ears;
mod kinds;
mod lattice;
mod moves;
mod rows;
mod search;
mod skeleton;

pub use bound::Multipliers;
pub use certificate::{certificate, recompute};
pub use rows::{Coupling, CouplingRow, Supply};
pub use search::{Cheapest, Column, Prices, Scratch};

use std::sync::OnceLock;

use rayon::prelude::*;

use crate::brief::{Brief, Sentence, Stamp};
use crate::domain::ParticipantIx;
use crate::network::Label;
use crate::rules::RuleIx;
use ears::Ears;
use lattice::{Bundles, Ground, Interner, Known, Lattice};
use moves::Moves;

/// Participants whose lattices are built together.
const CHUNK: usize = 64;

/// Everything that prices are held against.
pub struct Pricing<'b, 'c> {
    /// What the rules say.
    pub brief: &'b Brief<'c>,
    /// The rows across paths.
    pub coupling: &'b Coupling,
    moves: Moves,
    bundles: Bundles,
    lattices: Vec<Lattice>,
    /// Rules whose points are burden.
    counted: Vec<RuleIx>,
    labels: Vec<OnceLock<Vec<Label<'b, 'c>>>>,
    /// Per row: bundles and cells of moves with a coefficient there.
    used: OnceLock<(Uses, Uses)>,
}

/// Per row: where it has a coefficient, and which.
type Uses = Vec<Vec<(u32, f64)>>;

impl<'b, 'c> Pricing<'b, 'c> {
    /// Listens to the whole brief; the participants' lattices are built on all threads of the current pool. Once it `ends`, no
    /// more are built, and there is no pricing.
    #[must_use]
    pub fn new(brief: &'b Brief<'c>, coupling: &'b Coupling, ends: &(dyn Fn() -> bool + Sync)) -> Option<Self> {
        let counted: Vec<RuleIx> = brief
            .told
            .iter()
            .filter_map(|t| if let Sentence::WorstOf { counted, .. } = &t.sentence { Some(counted.clone()) } else { None })
            .flatten()
            .collect();
        let ids: Vec<ParticipantIx> = brief.case.participants.iter().filter(|(_, p)| !p.timeline.is_empty()).map(|(p, _)| p).collect();
        let ears = Ears::new(brief, coupling, &counted);
        let mut this = Self {
            brief,
            coupling,
            moves: if ids.is_empty() { Moves::default() } else { Moves::new(brief, &ears) },
            bundles: Bundles::default(),
            lattices: Vec::with_capacity(ids.len()),
            counted,
            labels: ids.iter().map(|_| OnceLock::new()).collect(),
            used: OnceLock::new(),
        };
        let known = Known::default();
        let ground = Ground { brief, coupling, moves: &this.moves, ears: &ears, counted: &this.counted, known: &known };
        let built: Vec<Option<(Vec<Lattice>, Interner)>> = ids
            .par_chunks(CHUNK)
            .map(|chunk| {
                let mut interner = Interner::default();
                let lattices = chunk.iter().map(|p| (!ends()).then(|| Lattice::new(&ground, *p, &mut interner))).collect::<Option<Vec<_>>>()?;
                Some((lattices, interner))
            })
            .collect();
        let mut all = Interner::default();
        for part in built {
            let (lattices, interner) = part?;
            let numbers = all.absorb(interner);
            for mut lattice in lattices {
                lattice.bundles.iter_mut().chain(&mut lattice.entry_bundles).for_each(|b| *b = numbers[*b as usize]);
                this.lattices.push(lattice);
            }
        }
        this.bundles = all.bundles();
        Some(this)
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

    /// Placements, distinct skeletons, their nodes and arcs: for the books.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut sizes = Sizes { cells: self.lattices.iter().map(Lattice::size).sum(), bundles: self.bundles.len(), ..Sizes::default() };
        for lattice in &self.lattices {
            let skeleton = &lattice.skeleton;
            sizes.nexts += lattice.nexts.len();
            sizes.kinds += lattice.spans.len();
            sizes.touched += skeleton.arcs.len();
            sizes.fine += lattice.fine.len();
            if seen.insert(std::sync::Arc::as_ptr(skeleton)) {
                sizes.skeletons += 1;
                sizes.nodes += skeleton.begins.len() + skeleton.frees.len();
                sizes.arcs += skeleton.arcs.len();
            }
        }
        sizes
    }

    /// What follows from prices of rows, once for all participants.
    #[must_use]
    pub fn prices(&self, rows: Vec<f64>) -> Prices {
        let of = |bundle: u32| self.bundles.get(bundle).iter().map(|(r, c)| rows[*r as usize] * c).sum::<f64>();
        let bundles = (0..self.bundles.len() as u32).into_par_iter().map(of).collect();
        let moves = self.moves.priced(&rows);
        let paid_to_move = moves.iter().any(|p| *p < 0.0);
        let counts_ready = |row: &&CouplingRow| matches!(self.brief.told[row.sentence].sentence, Sentence::Quorum { .. });
        let ready = self.coupling.rows.iter().zip(&rows).filter(|(row, _)| counts_ready(row)).map(|(_, price)| price.min(0.0)).sum();
        Prices { rows, bundles, moves, paid_to_move, ready }
    }

    /// The cheapest paths of some participants, in their order, on all threads of the current pool.
    #[must_use]
    pub fn all(&self, numbers: &[usize], prices: &Prices) -> Vec<Cheapest> {
        numbers.par_iter().map_init(Scratch::default, |scratch, n| self.cheapest(*n, prices, scratch)).collect()
    }

    fn used(&self) -> &(Uses, Uses) {
        self.used.get_or_init(|| {
            let mut bundles: Uses = vec![Vec::new(); self.coupling.len()];
            for bundle in 0..self.bundles.len() as u32 {
                self.bundles.get(bundle).iter().for_each(|(r, c)| bundles[*r as usize].push((bundle, *c)));
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
        self.uses(row).iter().chain(self.move_uses(row)).map(|(_, c)| *c).fold(0.0, f64::max)
    }

    /// Labels of the sentences along a participant's path that their skeleton does not carry.
    fn labels(&self, number: usize) -> &[Label<'b, 'c>] {
        self.labels[number].get_or_init(|| {
            let lattice = &self.lattices[number];
            let open = lattice.open(self.brief.case.participants[lattice.participant].timeline.cut);
            let mut labels = Label::all(self.brief, lattice.participant, &open, true);
            labels.retain(|l| lattice.fine.binary_search(&l.sentence).is_ok());
            labels
        })
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
    /// Kinds of positions, over all participants.
    pub kinds: usize,
    /// Placements with their own points, over all participants.
    pub cells: usize,
    /// Different lists of rows.
    pub bundles: usize,
    /// Different skeletons.
    pub skeletons: usize,
    /// Nodes of all skeletons.
    pub nodes: usize,
    /// Arcs of all skeletons.
    pub arcs: usize,
    /// Arcs that one pricing of everyone goes over.
    pub touched: usize,
    /// Sentences left to the label search, over all participants.
    pub fine: usize,
}
