//! Lattices: one participant's priced paths, flat. A mould (shared) says what a path must remember; the lattice adds the
//! positions of each kind with their points, what they add to rows, and the first move.

use rustc_hash::FxHashMap;

use super::ears::Ears;
use super::kinds::{Next, Span};
use super::mould::{Heard, Mould, choice};
use super::moves::{Moves, Term, merge, most_moves};
use super::rows::Coupling;
use super::skeleton::Skeleton;
use crate::brief::{Brief, Choice, Move, Sentence};
use crate::domain::{Before, ParticipantIx};
use crate::network::Label;
use crate::rules::RuleIx;
use crate::words::{Index, excess};

/// The paths of one participant.
#[derive(Debug)]
pub(super) struct Lattice {
    pub(super) participant: ParticipantIx,
    /// Number of the mould.
    pub(super) mould: u32,
    /// Positions by kind.
    pub(super) nexts: Vec<Next>,
    /// Per kind of the mould its first next; one more at the end.
    members: Vec<u32>,
    /// Per kind of the mould where its slots begin.
    first_slot: Vec<u32>,
    /// Per kind and span of the mould: the place of the span among those that some next of the kind has; [`NO_SLOT`] if none.
    slots: Vec<u16>,
    /// Per next the place of its first cell: one for each slot of the kind.
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
    /// The sentence that bounds the number of moves, if [`Lattice::most_moves`] says all that it does.
    counted: Option<usize>,
    /// Whether some sentence along the path is left to the search.
    pub(super) fine: bool,
    /// Period of each tick.
    pub(super) periods: Vec<u16>,
    /// What burdens are multiplied with, and the row of each sentence about burdens.
    pub(super) burden_rows: Vec<(u32, f64)>,
    /// The begin nodes, and after them the free nodes, of the skeleton that lie on a path of the participant: one bit each.
    live: Vec<u64>,
}

/// Nobody has the span.
pub(super) const NO_SLOT: u16 = u16::MAX;

/// A first move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) adjacent: f64,
    pub(super) apart: f64,
    pub(super) burden: f64,
    pub(super) counts: bool,
}

/// Lists of what is added to rows, each stored once; first those that several participants have.
#[derive(Debug, Default)]
pub(super) struct Bundles {
    begins: Vec<u32>,
    terms: Vec<Term>,
    pub(super) shared: usize,
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
    bits: Vec<(u32, u64)>,
}

impl Interner {
    fn number(&mut self, terms: &[Term]) -> u32 {
        self.bits.clear();
        self.bits.extend(terms.iter().map(|(r, c)| (*r, c.to_bits())));
        match self.known.get(&self.bits[..]) {
            Some(known) => *known,
            None => self.insert(self.bits.clone().into()),
        }
    }
    fn insert(&mut self, bits: Box<[(u32, u64)]>) -> u32 {
        let fresh = self.order.len() as u32;
        *self.known.entry(bits).or_insert_with_key(|bits| {
            self.order.push(bits.clone());
            fresh
        })
    }
    /// Takes over another interner's lists; the result maps its numbers to these.
    pub(super) fn absorb(&mut self, other: Self) -> Vec<u32> {
        other.order.into_iter().map(|bits| self.insert(bits)).collect()
    }
    /// All lists, those that several of the sketches have first; and the new number of each.
    pub(super) fn bundles<'s>(self, sketches: impl Iterator<Item = (&'s Sketch, &'s [u32])>) -> (Bundles, Vec<u32>) {
        let mut users = vec![0u8; self.order.len()];
        let mut seen = vec![u32::MAX; self.order.len()];
        for (who, (sketch, numbers)) in sketches.enumerate() {
            for bundle in sketch.lattice.bundles.iter().chain(&sketch.lattice.entry_bundles).map(|b| numbers[*b as usize] as usize) {
                if std::mem::replace(&mut seen[bundle], who as u32) != who as u32 {
                    users[bundle] = users[bundle].saturating_add(1);
                }
            }
        }
        let mut order: Vec<u32> = (0..self.order.len() as u32).collect();
        order.sort_by_key(|b| users[*b as usize] < 2);
        let mut all = Bundles { begins: vec![0], terms: Vec::new(), shared: users.iter().filter(|n| **n >= 2).count() };
        let mut fresh = vec![0; order.len()];
        for (number, bundle) in order.into_iter().enumerate() {
            fresh[bundle as usize] = number as u32;
            all.terms.extend(self.order[bundle as usize].iter().map(|(r, c)| (*r, f64::from_bits(*c))));
            all.begins.push(all.terms.len() as u32);
        }
        (all, fresh)
    }
}

/// What all lattices are made from.
pub(super) struct Ground<'g, 'b, 'c> {
    pub(super) brief: &'b Brief<'c>,
    pub(super) coupling: &'b Coupling,
    pub(super) moves: &'g Moves,
    pub(super) ears: &'g Ears<'b, 'c>,
    /// Rules whose points are burden.
    pub(super) counted: &'g [RuleIx],
}

/// A lattice before its mould is known: positions in order, each with its own spans.
pub(super) struct Sketch {
    lattice: Lattice,
    spans: Vec<Vec<Span>>,
}

impl Sketch {
    /// Listens to everything the brief says of a participant. O(positions × ticks² × sentences).
    pub(super) fn new(ground: &Ground<'_, '_, '_>, p: ParticipantIx, interner: &mut Interner) -> (Self, Heard) {
        let Ground { brief, moves, ears, .. } = *ground;
        let case = brief.case;
        let timeline = &case.participants[p].timeline;
        let bundler = Bundler::new(ground, p);
        let mut this = Lattice {
            participant: p,
            mould: 0,
            nexts: Vec::new(),
            members: Vec::new(),
            first_slot: Vec::new(),
            slots: Vec::new(),
            cells: Vec::new(),
            points: Vec::new(),
            burden: Vec::new(),
            bundles: Vec::new(),
            entry: Vec::new(),
            entry_bundles: Vec::new(),
            waits: (0..timeline.len()).map(|t| ears.waiting(p, t)).collect(),
            minds: moves.minded().map(|ear| ears.moves[ear].minds.map_or(1.0, |f| f(p))).collect(),
            most_moves: None,
            counted: None,
            fine: false,
            periods: timeline.periods.iter().map(|t| t.index() as u16).collect(),
            burden_rows: bundler.burden_rows.clone(),
            live: Vec::new(),
        };
        let burdens = ears.choices.iter().any(|(tone, _)| tone.burden);
        let mut spans: Vec<Vec<Span>> = Vec::new();
        opened(ground, p, &bundler, |choice, terms| {
            let next = (choice.position, choice.continues);
            if this.nexts.last() != Some(&next) {
                this.nexts.push(next);
                this.cells.push(this.points.len() as u32);
                spans.push(Vec::new());
            }
            spans.last_mut().expect("a next").push((choice.first as u8, choice.after as u8));
            let (points, burden) = ears.placing(choice);
            this.points.push(points);
            if burdens {
                this.burden.push(burden);
            }
            this.bundles.push(interner.number(terms));
        });
        let placed = |s: usize| match &brief.told[s].sentence {
            Sentence::Count { choice: adds, .. } => {
                this.nexts.iter().zip(&spans).any(|(next, spans)| spans.iter().any(|span| adds(&choice(p, *next, *span)) != 0.0))
            }
            _ => false,
        };
        let only_moves = moves.counted.filter(|s| !placed(*s));
        let most = most_moves(brief, only_moves, p);
        this.most_moves = most.filter(|most| *most < timeline.len() as f64).map(|most| most.max(0.0) as u8);
        this.counted = moves.counted.filter(|_| most.is_some());
        this.fine = !this.move_labels(brief).is_empty();
        for (to, continues) in this.nexts.clone() {
            let first = |adjacent| Move { participant: p, before: Before::Start, to, adjacent, continues };
            this.entry.push(entry(ground, &first(true), &first(false)));
            for tick in 0..timeline.len() {
                this.entry_bundles.push(interner.number(&ears.move_terms(&first(true), timeline.periods[tick])));
            }
        }
        let first = |j: usize| (this.entry[j].adjacent.is_finite(), this.entry[j].apart.is_finite());
        let nexts: Vec<(Next, Vec<Span>)> = this.nexts.iter().copied().zip(spans.iter().cloned()).collect();
        let heard = Heard::new(ground, p, &nexts, first);
        (Self { lattice: this, spans }, heard)
    }

    /// Ticks of the timeline.
    pub(super) fn ticks(&self) -> usize {
        self.lattice.periods.len()
    }

    /// Puts the positions into the kinds of the mould. `number` gives bundles by the numbers that they had.
    pub(super) fn cast(self, mould: u32, of: &Mould<'_, '_>, number: impl Fn(u32) -> u32) -> Lattice {
        let Self { lattice: old, spans } = self;
        let skeleton = &of.skeleton;
        let kinds = skeleton.spans.len();
        let kind: Vec<u32> = old.nexts.iter().map(|next| of.kind(*next)).collect();
        let mut order: Vec<usize> = (0..old.nexts.len()).collect();
        order.sort_by_key(|j| (kind[*j], *j));
        let mut first_slot = vec![0u32];
        let mut slots: Vec<u16> = Vec::new();
        let mut widths = vec![0u16; kinds];
        let mut members = vec![0u32; kinds + 1];
        for (k, list) in skeleton.spans.iter().enumerate() {
            let mut has = vec![false; list.len()];
            for j in (0..old.nexts.len()).filter(|j| kind[*j] as usize == k) {
                spans[j].iter().for_each(|span| has[list.binary_search(span).expect("a span of the kind")] = true);
                members[k + 1] += 1;
            }
            slots.extend(has.into_iter().map(|has| {
                let slot = if has { widths[k] } else { NO_SLOT };
                widths[k] += u16::from(has);
                slot
            }));
            members[k + 1] += members[k];
            first_slot.push(slots.len() as u32);
        }
        let ticks = old.periods.len();
        let mut this = Lattice {
            mould,
            nexts: order.iter().map(|j| old.nexts[*j]).collect(),
            members,
            cells: Vec::with_capacity(order.len()),
            points: Vec::new(),
            burden: Vec::new(),
            bundles: Vec::new(),
            entry: order.iter().map(|j| old.entry[*j]).collect(),
            entry_bundles: order.iter().flat_map(|j| &old.entry_bundles[j * ticks..(j + 1) * ticks]).map(|b| number(*b)).collect(),
            fine: old.fine || !of.fine.is_empty(),
            first_slot,
            slots,
            ..old
        };
        for j in order {
            let k = kind[j] as usize;
            let at = this.points.len();
            this.cells.push(at as u32);
            this.points.resize(at + usize::from(widths[k]), f64::INFINITY);
            this.bundles.resize(at + usize::from(widths[k]), 0);
            if !old.burden.is_empty() {
                this.burden.resize(at + usize::from(widths[k]), 0.0);
            }
            for (i, span) in spans[j].iter().enumerate() {
                let place = skeleton.spans[k].binary_search(span).expect("a span of the kind");
                let (from, to) = (old.cells[j] as usize + i, at + usize::from(this.slots[this.first_slot[k] as usize + place]));
                this.points[to] = old.points[from];
                this.bundles[to] = number(old.bundles[from]);
                if !old.burden.is_empty() {
                    this.burden[to] = old.burden[from];
                }
            }
        }
        this.live = this.lives(skeleton);
        this
    }
}

impl Lattice {
    /// Where the nexts of a kind are.
    pub(super) fn of_kind(&self, kind: u32) -> std::ops::Range<usize> {
        self.members[kind as usize] as usize..self.members[kind as usize + 1] as usize
    }

    /// The slot of a span of a kind.
    pub(super) fn slot(&self, kind: u32, span: u16) -> u16 {
        self.slots[self.first_slot[kind as usize] as usize + usize::from(span)]
    }

    /// Whether a begin node lies on a path of the participant.
    pub(super) fn has_begin(&self, begin: usize) -> bool {
        self.live[begin / 64] >> (begin % 64) & 1 == 1
    }

    /// Whether a free node does.
    pub(super) fn has_free(&self, skeleton: &Skeleton, free: usize) -> bool {
        self.has_begin(skeleton.begins.len() + free)
    }

    /// Nodes that can be reached and from which an end can be. Linear in the skeleton.
    fn lives(&self, skeleton: &Skeleton) -> Vec<u64> {
        let begins = skeleton.begins.len();
        let mut reached = vec![false; begins + skeleton.frees.len()];
        if let Some(source) = skeleton.source {
            reached[begins + source as usize] = true;
        }
        for (begin, free) in &skeleton.layers {
            for f in free.clone().filter(|f| reached[begins + *f as usize]).collect::<Vec<_>>() {
                let node = &skeleton.frees[f as usize];
                if let Some((to, ..)) = node.wait {
                    reached[begins + to as usize] = true;
                }
                for b in skeleton.options(node) {
                    reached[*b as usize] |= !self.of_kind(skeleton.begins[*b as usize].kind).is_empty();
                }
            }
            for b in begin.clone().filter(|b| reached[*b as usize]).collect::<Vec<_>>() {
                let node = &skeleton.begins[b as usize];
                for arc in skeleton.arcs(node).iter().filter(|arc| self.slot(node.kind, arc.span) != NO_SLOT) {
                    reached[begins + arc.to as usize] = true;
                }
            }
        }
        let mut live = vec![0u64; reached.len().div_ceil(64)];
        let set = |live: &mut Vec<u64>, node: usize| live[node / 64] |= 1 << (node % 64);
        let is = |live: &Vec<u64>, node: usize| live[node / 64] >> (node % 64) & 1 == 1;
        for (begin, free) in skeleton.layers.iter().rev() {
            for b in begin.clone().filter(|b| reached[*b as usize]) {
                let node = &skeleton.begins[b as usize];
                let goes = skeleton.arcs(node).iter().any(|a| self.slot(node.kind, a.span) != NO_SLOT && is(&live, begins + a.to as usize));
                if goes {
                    set(&mut live, b as usize);
                }
            }
            for f in free.clone().filter(|f| reached[begins + *f as usize]) {
                let node = &skeleton.frees[f as usize];
                let waits = node.wait.is_some_and(|(to, ..)| is(&live, begins + to as usize));
                if skeleton.end(node).is_some() || waits || skeleton.options(node).iter().any(|b| is(&live, *b as usize)) {
                    set(&mut live, begins + f as usize);
                }
            }
        }
        live
    }

    /// Labels of the sentences that hear moves: the search keeps them.
    pub(super) fn move_labels<'b, 'c>(&self, brief: &'b Brief<'c>) -> Vec<Label<'b, 'c>> {
        let nowhere = super::kinds::Atoms { atoms: Vec::new(), ticks: self.periods.len() };
        let mut labels = Label::all(brief, self.participant, &nowhere, false);
        labels.retain(|l| l.hears_moves() && Some(l.sentence) != self.counted);
        labels
    }

    /// Arcs of the skeleton that lie on a path of the participant.
    pub(super) fn touched(&self, skeleton: &Skeleton) -> usize {
        let live = skeleton.begins.iter().enumerate().filter(|(b, _)| self.has_begin(*b));
        live.map(|(_, begin)| skeleton.arcs(begin).iter().filter(|arc| self.slot(begin.kind, arc.span) != NO_SLOT).count()).sum()
    }

    /// Number of cells, for the books.
    pub(super) fn size(&self) -> usize {
        self.points.len()
    }
}

/// What choices of a participant add to rows.
struct Bundler<'g, 'b, 'c> {
    ground: &'g Ground<'g, 'b, 'c>,
    who: Option<crate::domain::MentorIx>,
    burden_rows: Vec<(u32, f64)>,
}

impl<'g, 'b, 'c> Bundler<'g, 'b, 'c> {
    fn new(ground: &'g Ground<'g, 'b, 'c>, p: ParticipantIx) -> Self {
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

    /// Whether what a choice adds to rows alone breaks a hard one, or has a period without any mentor.
    fn impossible(&self, terms: &[Term]) -> bool {
        let coupling = self.ground.coupling;
        terms.iter().any(|(r, c)| match coupling.need(*r as usize) {
            Some((class, period)) => coupling.supply.as_ref().is_some_and(|s| s.unmet.is_none() && !s.any(class, period)),
            None => {
                let row = &coupling.rows[*r as usize];
                row.caps() && excess(*c, row.limit) > 0.0
            }
        })
    }
}

/// Shows the placements that the gates leave, and that no hard row forbids on its own, with what they add to rows: by position,
/// those that go on with `current` first of their position, then by span.
fn opened(ground: &Ground<'_, '_, '_>, p: ParticipantIx, bundler: &Bundler<'_, '_, '_>, mut see: impl FnMut(&Choice, &[Term])) {
    let case = ground.brief.case;
    let ticks = case.participants[p].timeline.len();
    let current = case.participants[p].current.map(|c| c.position);
    for position in case.positions.ids() {
        for continues in [true, false] {
            if continues && current != Some(position) {
                continue;
            }
            for first in 0..if continues { 1 } else { ticks } {
                for after in first + 1..=ticks {
                    let choice = Choice::new(case, p, position, first, after);
                    if choice.continues == continues && ground.ears.open(&choice) {
                        let terms = bundler.terms(&choice);
                        if !bundler.impossible(&terms) {
                            see(&choice, &terms);
                        }
                    }
                }
            }
        }
    }
}

/// The first move, at once and after idle ticks.
fn entry(ground: &Ground<'_, '_, '_>, adjacent: &Move, apart: &Move) -> Entry {
    let counted = ground.moves.counted.map(|s| &ground.brief.told[s].sentence);
    let counts = matches!(counted, Some(Sentence::Count { mv: Some(f), .. }) if f(adjacent) > 0.0);
    let (points, burden) = ground.ears.moving(adjacent);
    let late = if apart.continues { f64::INFINITY } else { ground.ears.moving(apart).0 };
    Entry { adjacent: points, apart: late, burden, counts }
}
