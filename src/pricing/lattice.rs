//! Lattices: one participant's priced paths, flat. A mould (shared) says what a path must remember; the lattice adds the
//! positions of each kind, and where their placements and first moves are among what participants have in common.

use super::common::{Cell, Common, Fresh, Gathered};
use super::ears::Ears;
use super::echoes::Echoes;
use super::kinds::{Next, Span};
use super::mould::{Heard, Mould, choice};
use super::moves::{Moves, Term, merge, most_moves};
use super::rows::Coupling;
use super::skeleton::{START, Skeleton};
use crate::brief::{Brief, Choice, Move, Sentence};
use crate::domain::{Before, Case, ParticipantIx};
use crate::network::Label;
use crate::rules::RuleIx;
use crate::words::{Index, Period, excess};

/// The paths of one participant.
#[derive(Debug, Clone)]
pub(super) struct Lattice {
    pub(super) participant: ParticipantIx,
    /// Number of the mould.
    pub(super) mould: u32,
    /// Positions by kind.
    pub(super) nexts: Vec<Next>,
    /// Per kind of the mould its first next; one more at the end.
    members: Vec<u32>,
    /// Nexts as what moves leave.
    leaving: Leaving,
    /// Per kind of the mould where its spans begin in `open`, and per kind and span whether some next of the kind has it.
    first_span: Vec<u32>,
    open: Vec<u64>,
    /// Per next: where its cells begin in [`Common`], one for each span of its kind; while it is a sketch, the number of its strip.
    pub(super) cells: Vec<u32>,
    /// Per next: the number of its first move.
    pub(super) entries: Vec<u32>,
    /// Per tick: points and burden of waiting.
    pub(super) waits: Vec<(f64, f64)>,
    /// Factors of minded moves, and the number of what the least moves cost with them.
    pub(super) minds: Vec<f64>,
    pub(super) near: u32,
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

/// Nexts as what moves leave.
#[derive(Debug, Clone, Default)]
struct Leaving {
    /// Nexts by tail and site; per tail its first, and one more at the end; and per next which of its tail's it is.
    exits: Vec<u32>,
    tails: Vec<u32>,
    exit: Vec<u16>,
    /// Per exit, and per next, the first exit of its tail that is at the same site.
    homes: Vec<u16>,
    home: Vec<u16>,
}

/// What all lattices are made from.
pub(super) struct Ground<'g, 'b, 'c> {
    pub(super) brief: &'b Brief<'c>,
    pub(super) coupling: &'b Coupling,
    pub(super) moves: &'g Moves,
    pub(super) ears: &'g Ears<'b, 'c>,
    pub(super) echoes: &'g Echoes,
    /// Rules whose points are burden.
    pub(super) counted: &'g [RuleIx],
}

/// A lattice before its mould is known: positions in order, each with its own spans.
pub(super) struct Sketch {
    lattice: Lattice,
}

impl Sketch {
    /// Listens to everything the brief says of a participant. O(positions × ticks² × sentences).
    pub(super) fn new(ground: &Ground<'_, '_, '_>, p: ParticipantIx, gathered: &mut Gathered) -> (Self, Heard) {
        let Ground { brief, moves, ears, .. } = *ground;
        let case = brief.case;
        let timeline = &case.participants[p].timeline;
        let bundler = Bundler::new(ground, p);
        let mut this = Lattice {
            participant: p,
            mould: 0,
            nexts: Vec::new(),
            members: Vec::new(),
            leaving: Leaving::default(),
            first_span: Vec::new(),
            open: Vec::new(),
            cells: Vec::new(),
            entries: Vec::new(),
            waits: (0..timeline.len()).map(|t| ears.waiting(p, t)).collect(),
            minds: moves.minded().map(|ear| ears.moves[ear].minds.map_or(1.0, |f| f(p))).collect(),
            near: 0,
            most_moves: None,
            counted: None,
            fine: false,
            periods: timeline.periods.iter().map(|t| t.index() as u16).collect(),
            burden_rows: bundler.burden_rows.clone(),
            live: Vec::new(),
        };
        let mut strips: Vec<(Next, Vec<Cell>)> = Vec::new();
        opened(ground, p, &bundler, |choice, terms| {
            let next = (choice.position, choice.continues);
            if strips.last().is_none_or(|(last, _)| *last != next) {
                strips.push((next, Vec::new()));
            }
            let (points, burden) = ears.placing(choice);
            let cell = Cell { span: (choice.first as u8, choice.after as u8), points, burden, bundle: gathered.list(terms) };
            strips.last_mut().expect("a next").1.push(cell);
        });
        let placed = |s: usize| match &brief.told[s].sentence {
            Sentence::Count { choice: adds, .. } => {
                strips.iter().any(|(next, cells)| cells.iter().any(|cell| adds(&choice(p, *next, cell.span)) != 0.0))
            }
            _ => false,
        };
        let only_moves = moves.counted.filter(|s| !placed(*s));
        let most = most_moves(brief, only_moves, p);
        this.most_moves = most.filter(|most| *most < timeline.len() as f64).map(|most| most.max(0.0) as u8);
        this.counted = moves.counted.filter(|_| most.is_some());
        this.fine = !this.move_labels(brief).is_empty();
        let mut nexts: Vec<(Next, Vec<Span>)> = Vec::with_capacity(strips.len());
        let mut first: Vec<(bool, bool)> = Vec::with_capacity(strips.len());
        let mut terms: Vec<Term> = Vec::new();
        for ((to, continues), cells) in strips {
            this.nexts.push((to, continues));
            this.cells.push(gathered.strip(&cells));
            nexts.push(((to, continues), cells.iter().map(|cell| cell.span).collect()));
            let mv = |adjacent| Move { participant: p, before: Before::Start, to, adjacent, continues };
            let (adjacent, apart, burden, counts) = entry(ground, &mv(true), &mv(false));
            first.push((adjacent.is_finite(), apart.is_finite()));
            let list = |t: &Period| {
                terms.clear();
                ears.move_terms(&mv(true), *t, |term| terms.push(term));
                gathered.list(&terms)
            };
            let lists: Vec<u32> = timeline.periods.iter().map(list).collect();
            this.entries.push(gathered.entry(adjacent, apart, burden, counts, lists.into_iter()));
        }
        let heard = Heard::new(ground, p, &nexts, |j| first[j]);
        (Self { lattice: this }, heard)
    }

    /// Ticks of the timeline.
    pub(super) fn ticks(&self) -> usize {
        self.lattice.periods.len()
    }

    /// Gives strips and first moves their numbers among all.
    pub(super) fn renumber(&mut self, strips: &[u32], entries: &[u32]) {
        self.lattice.cells.iter_mut().for_each(|strip| *strip = strips[*strip as usize]);
        self.lattice.entries.iter_mut().for_each(|entry| *entry = entries[*entry as usize]);
    }

    /// Its strips and first moves.
    pub(super) fn has(&self) -> (&[u32], &[u32]) {
        (&self.lattice.cells, &self.lattice.entries)
    }

    /// Puts the positions into the kinds of the mould, those of one site side by side.
    pub(super) fn cast(self, case: &Case, mould: u32, of: &Mould<'_, '_>, gathered: &Gathered) -> Self {
        let Self { lattice: old } = self;
        let skeleton = &of.skeleton;
        let kind: Vec<u32> = old.nexts.iter().map(|next| of.kind(*next)).collect();
        let mut order: Vec<usize> = (0..old.nexts.len()).collect();
        order.sort_by_key(|j| (kind[*j], case.positions[old.nexts[*j].0].site, *j));
        let mut members = vec![0u32; skeleton.spans.len() + 1];
        kind.iter().for_each(|k| members[*k as usize + 1] += 1);
        (1..members.len()).for_each(|k| members[k] += members[k - 1]);
        let mut first_span = vec![0u32];
        first_span.extend(skeleton.spans.iter().scan(0, |at, spans| {
            *at += spans.len() as u32;
            Some(*at)
        }));
        let mut open = vec![0u64; first_span.last().map_or(0, |n| *n as usize).div_ceil(64)];
        for (strip, k) in old.cells.iter().zip(&kind) {
            for cell in gathered.cells(*strip) {
                let span = skeleton.spans[*k as usize].binary_search(&cell.span).expect("a span of the kind");
                let at = first_span[*k as usize] as usize + span;
                set(&mut open, at);
            }
        }
        let mut this = Lattice {
            mould,
            nexts: order.iter().map(|j| old.nexts[*j]).collect(),
            members,
            first_span,
            open,
            cells: order.iter().map(|j| old.cells[*j]).collect(),
            entries: order.iter().map(|j| old.entries[*j]).collect(),
            fine: old.fine || !of.fine.is_empty(),
            ..old
        };
        this.live = this.lives(skeleton);
        this.leave(skeleton, case);
        Self { lattice: this }
    }

    /// Puts the cells of each position where they are for everyone who has the same. `layouts`: per kind of the mould, the number
    /// of its list of spans.
    pub(super) fn settle(mut self, common: &mut Common, gathered: &Gathered, fresh: &mut Fresh, layouts: &[u32], burdens: bool) -> Lattice {
        for (k, layout) in layouts.iter().enumerate() {
            for j in self.lattice.of_kind(k as u32) {
                self.lattice.cells[j] = common.place(gathered, fresh, self.lattice.cells[j], *layout, burdens);
            }
        }
        self.lattice
    }
}

impl Lattice {
    /// Where the nexts of a kind are. [`START`] has one member, which is no next.
    pub(super) fn of_kind(&self, kind: u32) -> std::ops::Range<usize> {
        if kind == START {
            return 0..1;
        }
        self.members[kind as usize] as usize..self.members[kind as usize + 1] as usize
    }

    /// Where the exits of a tail are: what a free node tells apart. [`START`] has one, which is no next.
    pub(super) fn of_tail(&self, tail: u32) -> std::ops::Range<usize> {
        if tail == START {
            return 0..1;
        }
        self.leaving.tails[tail as usize] as usize..self.leaving.tails[tail as usize + 1] as usize
    }

    /// How many tails there are.
    pub(super) fn tails(&self) -> usize {
        self.leaving.tails.len() - 1
    }

    /// The next of an exit.
    pub(super) fn leaves(&self, exit: usize) -> usize {
        self.leaving.exits[exit] as usize
    }

    /// Per next: which exit of its tail it has.
    pub(super) fn exit(&self) -> &[u16] {
        &self.leaving.exit
    }

    /// Per exit of a tail: the first of them that is at the same site.
    pub(super) fn homes(&self, tail: u32) -> &[u16] {
        if tail == START { &[0] } else { &self.leaving.homes[self.of_tail(tail)] }
    }

    /// The same per next.
    pub(super) fn home(&self) -> &[u16] {
        &self.leaving.home
    }

    /// Finds the exits. Linear in the nexts, but for sorting.
    fn leave(&mut self, skeleton: &Skeleton, case: &Case) {
        let tail = |j: usize| skeleton.tails[self.members.partition_point(|first| *first as usize <= j) - 1];
        let keys: Vec<_> = (0..self.nexts.len()).map(|j| (tail(j), case.positions[self.nexts[j].0].site)).collect();
        let count = skeleton.tails.iter().map(|tail| *tail as usize + 1).max().unwrap_or(0);
        let n = self.nexts.len();
        let mut exits: Vec<u32> = (0..n as u32).collect();
        exits.sort_by_key(|j| keys[*j as usize]);
        let mut tails = vec![0; count + 1];
        keys.iter().for_each(|(tail, _)| tails[*tail as usize + 1] += 1);
        (1..tails.len()).for_each(|t| tails[t] += tails[t - 1]);
        let (mut exit, mut home, mut homes) = (vec![0; n], vec![0; n], Vec::with_capacity(n));
        let mut before = None;
        for (at, j) in (0..).zip(&exits) {
            let (j, key) = (*j as usize, keys[*j as usize]);
            exit[j] = (at - tails[key.0 as usize]) as u16;
            home[j] = if before == Some(key) { homes[homes.len() - 1] } else { exit[j] };
            homes.push(home[j]);
            before = Some(key);
        }
        self.leaving = Leaving { exits, tails, exit, homes, home };
    }

    /// Whether some next of a kind has a span.
    pub(super) fn has_span(&self, kind: u32, span: u16) -> bool {
        let at = self.first_span[kind as usize] as usize + usize::from(span);
        is_set(&self.open, at)
    }

    /// Where the cells of each next are in [`Common`].
    pub(super) fn all_cells<'s>(&'s self, skeleton: &'s Skeleton) -> impl Iterator<Item = std::ops::Range<usize>> + 's {
        let of = |(kind, spans): (usize, &'s Vec<Span>)| {
            let begins = self.cells[self.of_kind(kind as u32)].iter().map(|at| *at as usize);
            begins.map(move |at| at..at + spans.len())
        };
        skeleton.spans.iter().enumerate().flat_map(of)
    }

    /// Whether a begin node lies on a path of the participant.
    pub(super) fn has_begin(&self, begin: usize) -> bool {
        is_set(&self.live, begin)
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
                for arc in skeleton.arcs(node).iter().filter(|arc| self.has_span(node.kind, arc.span)) {
                    reached[begins + arc.to as usize] = true;
                }
            }
        }
        let mut live = vec![0u64; reached.len().div_ceil(64)];
        for (begin, free) in skeleton.layers.iter().rev() {
            for b in begin.clone().filter(|b| reached[*b as usize]) {
                let node = &skeleton.begins[b as usize];
                let goes = skeleton.arcs(node).iter().any(|a| self.has_span(node.kind, a.span) && is_set(&live, begins + a.to as usize));
                if goes {
                    set(&mut live, b as usize);
                }
            }
            for f in free.clone().filter(|f| reached[begins + *f as usize]) {
                let node = &skeleton.frees[f as usize];
                let waits = node.wait.is_some_and(|(to, ..)| is_set(&live, begins + to as usize));
                if skeleton.end(node).is_some() || waits || skeleton.options(node).iter().any(|b| is_set(&live, *b as usize)) {
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

    /// The same without the placements that are shut: `open` says of each next, span of its kind and cell of [`Common`] whether it is
    /// open. Linear in the cells and the skeleton.
    pub(super) fn narrowed(&self, skeleton: &Skeleton, case: &Case, open: impl Fn(Next, usize, usize) -> bool) -> Self {
        let mut this = Self {
            nexts: Vec::new(),
            members: vec![0],
            leaving: Leaving::default(),
            first_span: self.first_span.clone(),
            open: vec![0; self.open.len()],
            cells: Vec::new(),
            entries: Vec::new(),
            waits: self.waits.clone(),
            minds: self.minds.clone(),
            periods: self.periods.clone(),
            burden_rows: self.burden_rows.clone(),
            live: Vec::new(),
            ..*self
        };
        for (kind, spans) in skeleton.spans.iter().enumerate() {
            let first = this.first_span[kind] as usize;
            for j in self.of_kind(kind as u32) {
                let mut any = false;
                for span in (0..spans.len()).filter(|span| open(self.nexts[j], *span, self.cells[j] as usize + span)) {
                    set(&mut this.open, first + span);
                    any = true;
                }
                if any {
                    this.nexts.push(self.nexts[j]);
                    this.cells.push(self.cells[j]);
                    this.entries.push(self.entries[j]);
                }
            }
            this.members.push(this.nexts.len() as u32);
        }
        this.live = this.lives(skeleton);
        this.leave(skeleton, case);
        this
    }

    /// Arcs of the skeleton that lie on a path of the participant; and the same once for each position of its kind.
    pub(super) fn touched(&self, skeleton: &Skeleton) -> (usize, usize) {
        let live = skeleton.begins.iter().enumerate().filter(|(b, _)| self.has_begin(*b));
        live.fold((0, 0), |(all, placements), (_, begin)| {
            let arcs = skeleton.arcs(begin).iter().filter(|arc| self.has_span(begin.kind, arc.span)).count();
            (all + arcs, placements + arcs * self.of_kind(begin.kind).len())
        })
    }
}

/// Sets one of a list of bits.
fn set(bits: &mut [u64], at: usize) {
    bits[at / 64] |= 1 << (at % 64);
}

/// Whether it is set.
fn is_set(bits: &[u64], at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
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

    fn terms(&self, choice: &Choice, terms: &mut Vec<Term>) {
        let Ground { brief, coupling, .. } = *self.ground;
        terms.clear();
        for (first, f) in &self.ground.ears.choice_rows {
            f(choice, &mut |row, c| terms.push(((first + row) as u32, c)));
        }
        if let Some(supply) = &coupling.supply {
            let class = supply.class(choice.position, self.who);
            terms.extend(choice.periods(brief.case).map(|t| (coupling.need_row(class, t) as u32, 1.0)));
        }
        merge(terms);
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
    let mut shut = 0;
    let mut terms: Vec<Term> = Vec::new();
    for position in case.positions.ids() {
        for continues in [true, false] {
            if continues && current != Some(position) {
                continue;
            }
            for first in 0..if continues { 1 } else { ticks } {
                for after in first + 1..=ticks {
                    let choice = Choice::new(case, p, position, first, after);
                    if choice.continues == continues && ground.ears.open(&choice, &mut shut) {
                        bundler.terms(&choice, &mut terms);
                        if !bundler.impossible(&terms) {
                            see(&choice, &terms);
                        }
                    }
                }
            }
        }
    }
}

/// The first move: points at once and after idle ticks, burden, and whether it counts for the bound on moves.
fn entry(ground: &Ground<'_, '_, '_>, adjacent: &Move, apart: &Move) -> (f64, f64, f64, bool) {
    let counted = ground.moves.counted.map(|s| &ground.brief.told[s].sentence);
    let counts = matches!(counted, Some(Sentence::Count { mv: Some(f), .. }) if f(adjacent) > 0.0);
    let (points, burden) = ground.ears.moving(adjacent);
    let late = if apart.continues { f64::INFINITY } else { ground.ears.moving(apart).0 };
    (points, late, burden, counts)
}
