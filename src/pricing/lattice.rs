//! Lattices: one participant's priced paths, flat. A skeleton (shared) says what a path must remember; the lattice adds the
//! positions of each kind with their points, what they add to rows, and the first move.

use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;

use super::ears::Ears;
use super::kinds::{Kinds, Next, Open};
use super::moves::{Moves, Term, merge, most_moves};
use super::rows::Coupling;
use super::skeleton::{Follows, Plan, START, Skeleton, key};
use crate::brief::{Brief, Choice, End, Move, Sense, Sentence};
use crate::domain::{Before, ParticipantIx};
use crate::network::Label;
use crate::rules::RuleIx;
use crate::words::{Index, excess};

/// The paths of one participant.
#[derive(Debug)]
pub(super) struct Lattice {
    pub(super) participant: ParticipantIx,
    pub(super) skeleton: Arc<Skeleton>,
    /// Positions by kind.
    pub(super) nexts: Vec<Next>,
    /// Per kind its first next; one more at the end.
    pub(super) members: Vec<u32>,
    /// Per kind its spans.
    pub(super) spans: Vec<Vec<(u8, u8)>>,
    /// Per next the place of its first cell: one for each span of the kind.
    pub(super) cells: Vec<u32>,
    /// Points of a placement; infinite where it is not open.
    pub(super) points: Vec<f64>,
    /// The part of the points that counts as burden; empty if nothing of placements does.
    pub(super) burden: Vec<f64>,
    /// What a placement adds to rows: a bundle.
    pub(super) bundles: Vec<u32>,
    /// Per next: points of the first move at once and after idle ticks; burden; whether it counts for the bound on moves.
    pub(super) entry: Vec<Entry>,
    /// Per next and tick: the bundle of the first move.
    pub(super) entry_bundles: Vec<u32>,
    /// Per tick: points and burden of waiting.
    pub(super) waits: Vec<(f64, f64)>,
    /// Factors of minded moves.
    pub(super) minds: Vec<f64>,
    /// At most so many moves that count; none if there is no bound that can bite.
    pub(super) most_moves: Option<u8>,
    /// Sentences along the path that the skeleton does not carry and that may ask something.
    pub(super) fine: Vec<usize>,
    /// Period of each tick.
    pub(super) periods: Vec<u16>,
    /// What burdens are multiplied with, and the row of each sentence about burdens.
    pub(super) burden_rows: Vec<(u32, f64)>,
}

/// A first move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) adjacent: f64,
    pub(super) apart: f64,
    pub(super) burden: f64,
    pub(super) counts: bool,
}

/// Lists of what is added to rows, each stored once.
#[derive(Debug, Default)]
pub(super) struct Bundles {
    begins: Vec<u32>,
    terms: Vec<Term>,
}

impl Bundles {
    pub(super) fn get(&self, bundle: u32) -> &[Term] {
        &self.terms[self.begins[bundle as usize] as usize..self.begins[bundle as usize + 1] as usize]
    }
    pub(super) fn len(&self) -> usize {
        self.begins.len().saturating_sub(1)
    }
}

/// Gives every different list a number.
#[derive(Default)]
pub(super) struct Interner {
    known: FxHashMap<Box<[(u32, u64)]>, u32>,
    order: Vec<Box<[(u32, u64)]>>,
}

impl Interner {
    fn number(&mut self, terms: &[Term]) -> u32 {
        let bits: Box<[(u32, u64)]> = terms.iter().map(|(r, c)| (*r, c.to_bits())).collect();
        self.insert(bits)
    }
    fn insert(&mut self, bits: Box<[(u32, u64)]>) -> u32 {
        if let Some(known) = self.known.get(&bits) {
            return *known;
        }
        let fresh = self.order.len() as u32;
        self.order.push(bits.clone());
        self.known.insert(bits, fresh);
        fresh
    }
    /// Takes over another interner's lists; the result maps its numbers to these.
    pub(super) fn absorb(&mut self, other: Self) -> Vec<u32> {
        other.order.into_iter().map(|bits| self.insert(bits)).collect()
    }
    pub(super) fn bundles(self) -> Bundles {
        let mut all = Bundles { begins: vec![0], terms: Vec::new() };
        for list in self.order {
            all.terms.extend(list.iter().map(|(r, c)| (*r, f64::from_bits(*c))));
            all.begins.push(all.terms.len() as u32);
        }
        all
    }
}

/// Skeletons by what they are made of.
pub(super) type Known = Mutex<FxHashMap<Vec<u64>, Arc<OnceLock<Result<Arc<Skeleton>, usize>>>>>;

/// What all lattices are made from.
pub(super) struct Ground<'b, 'c> {
    pub(super) brief: &'b Brief<'c>,
    pub(super) coupling: &'b Coupling,
    pub(super) moves: &'b Moves,
    pub(super) ears: &'b Ears<'b, 'c>,
    /// Rules whose points are burden.
    pub(super) counted: &'b [RuleIx],
    pub(super) known: &'b Known,
}

impl Lattice {
    /// Listens to everything the brief says of a participant. O(positions × ticks² × sentences).
    pub(super) fn new(ground: &Ground<'_, '_>, p: ParticipantIx, interner: &mut Interner) -> Self {
        let Ground { brief, moves, counted, ears, .. } = *ground;
        let case = brief.case;
        let timeline = &case.participants[p].timeline;
        let ticks = timeline.len();
        let bundler = Bundler::new(ground, p);
        let open = opened(ground, p, &bundler);
        let labels = Label::all(brief, p, &open, true);
        let placed =
            |s: usize| matches!(&brief.told[s].sentence, Sentence::Count { choice, .. } if open.choices.iter().flatten().any(|c| choice(c) != 0.0));
        let only_moves = moves.counted.filter(|s| !placed(*s));
        let most_moves = most_moves(brief, only_moves, p).filter(|most| *most < ticks as f64).map(|most| most.max(0.0) as u8);
        let nothing = ears.ending(&End { participant: p, last: Before::Start, at: 0 });
        let first = |(to, continues): Next, adjacent| Move { participant: p, before: Before::Start, to, adjacent, continues };
        let minds: Vec<f64> = moves.minded().map(|ear| ears.moves[ear].minds.map_or(1.0, |f| f(p))).collect();
        let entries: Vec<Entry> = open.nexts.iter().map(|next| entry(ground, &first(*next, true), &first(*next, false))).collect();
        let mut refused: Vec<usize> = Vec::new();
        let (kinds, skeleton) = loop {
            let kinds = Kinds::new(ears, p, &open, &labels, &refused);
            let follows = follows(moves, &open, &kinds, &entries, &minds);
            let start: Vec<u64> = nothing.map_or([u64::MAX, 0], |(a, b)| [a, b]).to_vec();
            let key = key(brief, &open, &kinds, &labels, &follows, &start, counted);
            let cell = Arc::clone(ground.known.lock().expect("no thread panics with the lock").entry(key).or_default());
            let built = cell.get_or_init(|| {
                let plan = Plan { brief, participant: p, open: &open, kinds: &kinds, labels: &labels, follows: &follows, nothing, counted };
                Skeleton::new(&plan).map(Arc::new)
            });
            match built {
                Ok(skeleton) => break (kinds, Arc::clone(skeleton)),
                Err(rank) => {
                    let mut carried = labels.iter().zip(&kinds.carried).filter(|(_, carried)| **carried);
                    refused.push(carried.nth(*rank).expect("a label that is carried").0.sentence);
                }
            }
        };
        let mut fine: Vec<usize> = labels
            .iter()
            .zip(&kinds.carried)
            .filter(|(l, carried)| !**carried && Some(l.sentence) != moves.counted.filter(|_| most_moves.is_some()))
            .map(|(l, _)| l.sentence)
            .collect();
        fine.dedup();
        let mut this = Self {
            participant: p,
            skeleton,
            nexts: Vec::new(),
            members: vec![0],
            spans: kinds.spans.clone(),
            cells: Vec::new(),
            points: Vec::new(),
            burden: Vec::new(),
            bundles: Vec::new(),
            entry: Vec::new(),
            entry_bundles: Vec::new(),
            waits: (0..ticks).map(|t| ears.waiting(p, t)).collect(),
            minds,
            most_moves,
            fine,
            periods: timeline.periods.iter().map(|t| t.index() as u16).collect(),
            burden_rows: bundler.burden_rows.clone(),
        };
        let burdens = ears.choices.iter().any(|(tone, _)| tone.burden);
        for kind in 0..kinds.count {
            for (i, next) in open.nexts.iter().enumerate().filter(|(i, _)| kinds.of[*i] as usize == kind) {
                this.nexts.push(*next);
                this.entry.push(entries[i]);
                this.cells.push(this.points.len() as u32);
                for tick in 0..ticks {
                    let terms = ears.move_terms(&first(*next, true), timeline.periods[tick]);
                    this.entry_bundles.push(interner.number(&terms));
                }
                let mut choices = open.choices[i].iter().peekable();
                for (a, b) in &kinds.spans[kind] {
                    let here = choices.next_if(|c| (c.first, c.after) == (usize::from(*a), usize::from(*b)));
                    let (points, burden) = here.map_or((f64::INFINITY, 0.0), |c| ears.placing(c));
                    this.points.push(points);
                    if burdens {
                        this.burden.push(burden);
                    }
                    this.bundles.push(here.map_or(0, |c| interner.number(&bundler.terms(c))));
                }
            }
            this.members.push(this.nexts.len() as u32);
        }
        this
    }

    /// Where the nexts of a kind are.
    pub(super) fn of_kind(&self, kind: u32) -> std::ops::Range<usize> {
        self.members[kind as usize] as usize..self.members[kind as usize + 1] as usize
    }

    /// The placements once more, as choices.
    pub(super) fn open(&self, cut: bool) -> Open {
        let mut choices = Vec::new();
        for kind in 0..self.spans.len() {
            for j in self.of_kind(kind as u32) {
                let (position, continues) = self.nexts[j];
                let open = self.spans[kind].iter().enumerate().filter(|(s, _)| self.points[self.cells[j] as usize + s].is_finite());
                let choice = |(_, (first, after)): (usize, &(u8, u8))| Choice {
                    participant: self.participant,
                    position,
                    first: usize::from(*first),
                    after: usize::from(*after),
                    continues,
                };
                choices.push(open.map(choice).collect());
            }
        }
        Open { nexts: self.nexts.clone(), choices, ticks: self.periods.len(), cut }
    }

    /// Number of cells, nodes and arcs, for the books.
    pub(super) fn size(&self) -> usize {
        self.points.len()
    }
}

/// What choices of a participant add to rows.
struct Bundler<'g, 'b, 'c> {
    ground: &'g Ground<'b, 'c>,
    who: Option<crate::domain::MentorIx>,
    burden_rows: Vec<(u32, f64)>,
}

impl<'g, 'b, 'c> Bundler<'g, 'b, 'c> {
    fn new(ground: &'g Ground<'b, 'c>, p: ParticipantIx) -> Self {
        let mut this = Self { ground, who: None, burden_rows: Vec::new() };
        for sentence in ground.ears.supply.iter().chain(&ground.ears.worst) {
            match &ground.brief.told[*sentence].sentence {
                Sentence::Supply { themselves, .. } => this.who = themselves(p),
                Sentence::WorstOf { groups, scale, .. } => {
                    let mut row = 0;
                    for (_, members) in groups {
                        if let Ok(i) = members.binary_search(&p) {
                            this.burden_rows.push((ground.coupling.row(*sentence, row + i) as u32, scale(p)));
                        }
                        row += members.len();
                    }
                }
                _ => {}
            }
        }
        this
    }

    fn terms(&self, choice: &Choice) -> Vec<Term> {
        let Ground { brief, coupling, .. } = *self.ground;
        let mut terms: Vec<Term> = Vec::new();
        for (first, f) in &self.ground.ears.choice_rows {
            f(choice, &mut |row, c| terms.push(((first + row) as u32, c)));
        }
        if let Some(supply) = &coupling.supply {
            let class = supply.class(choice.position, self.who);
            terms.extend(choice.periods(brief.case).map(|t| (coupling.need_row(class, t) as u32, 1.0)));
        }
        merge(&mut terms);
        terms
    }

    /// Whether the choice alone breaks a hard row or has a period without any mentor.
    fn impossible(&self, choice: &Choice) -> bool {
        let coupling = self.ground.coupling;
        self.terms(choice).iter().any(|(r, c)| match coupling.need(*r as usize) {
            Some((class, period)) => coupling.supply.as_ref().is_some_and(|s| s.unmet.is_none() && !s.any(class, period)),
            None => {
                let row = &coupling.rows[*r as usize];
                row.sense == Sense::AtMost && row.slack.is_none() && excess(*c, row.limit) > 0.0
            }
        })
    }
}

/// The placements that the gates leave, and that no hard row forbids on its own.
fn opened(ground: &Ground<'_, '_>, p: ParticipantIx, bundler: &Bundler<'_, '_, '_>) -> Open {
    let case = ground.brief.case;
    let timeline = &case.participants[p].timeline;
    let ticks = timeline.len();
    let mut open = Open { nexts: Vec::new(), choices: Vec::new(), ticks, cut: timeline.cut };
    let current = case.participants[p].current.map(|c| c.position);
    for position in case.positions.ids() {
        for continues in [true, false] {
            if continues && current != Some(position) {
                continue;
            }
            let mut choices = Vec::new();
            for first in 0..if continues { 1 } else { ticks } {
                for after in first + 1..=ticks {
                    let choice = Choice::new(case, p, position, first, after);
                    if choice.continues == continues && ground.ears.open(&choice) && !bundler.impossible(&choice) {
                        choices.push(choice);
                    }
                }
            }
            if !choices.is_empty() {
                open.nexts.push((position, continues));
                open.choices.push(choices);
            }
        }
    }
    open
}

/// The first move, at once and after idle ticks.
fn entry(ground: &Ground<'_, '_>, adjacent: &Move, apart: &Move) -> Entry {
    let counted = ground.moves.counted.map(|s| &ground.brief.told[s].sentence);
    let counts = matches!(counted, Some(Sentence::Count { mv: Some(f), .. }) if f(adjacent) > 0.0);
    let (points, burden) = ground.ears.moving(adjacent);
    let late = if apart.continues { f64::INFINITY } else { ground.ears.moving(apart).0 };
    Entry { adjacent: points, apart: late, burden, counts }
}

fn follows(moves: &Moves, open: &Open, kinds: &Kinds, entries: &[Entry], minds: &[f64]) -> Follows {
    let mut follows = Follows::new(kinds.count);
    for (j, (to, continues)) in open.nexts.iter().enumerate() {
        let next = kinds.of[j] as usize;
        if entries[j].adjacent.is_finite() {
            follows.set(START, next, true);
        }
        if entries[j].apart.is_finite() {
            follows.set(START, next, false);
        }
        if *continues {
            continue;
        }
        for (i, (before, _)) in open.nexts.iter().enumerate() {
            for adjacent in [true, false] {
                if moves.points(before.index(), to.index(), adjacent, minds).is_finite() {
                    follows.set(kinds.of[i], next, adjacent);
                }
            }
        }
    }
    follows
}
