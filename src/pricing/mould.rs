//! Moulds: participants to whom the sentences along a path say the same share one. A mould puts positions into kinds, and has
//! the skeleton over them. Who shares it need not have the same placements open, only agree on those that both have.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::ascent::{self, Sums};
use super::echoes::Key;
use super::kinds::{Atom, Atoms, Ending, Kinds, Next, Span};
use super::lattice::Ground;
use super::moves::Moves;
use super::skeleton::{Follows, Plan, START, Skeleton};
use crate::brief::{Choice, End, Held, Sentence, When};
use crate::domain::{Before, ParticipantIx};
use crate::network::Label;
use crate::words::Index;

/// A sentence with so many keys whose states are too many for a skeleton is led by penalties.
const KEYS: usize = 12;

/// What several participants share.
pub(super) struct Mould<'b, 'c> {
    pub(super) skeleton: Skeleton,
    /// Labels of the sentences that the skeleton does not carry; those that hear moves are each participant's own.
    pub(super) fine: Vec<Label<'b, 'c>>,
    /// What these add up along a path.
    pub(super) sums: Sums,
    kinds: FxHashMap<Next, u32>,
}

impl<'b, 'c> Mould<'b, 'c> {
    /// The kind of a next placement that some participant of the mould may have.
    pub(super) fn kind(&self, next: Next) -> u32 {
        self.kinds[&next]
    }

    /// Listens for everyone who shares the draft.
    pub(super) fn new(ground: &Ground<'_, 'b, 'c>, draft: Draft) -> Self {
        let Draft { participant, nothing, atoms, of, .. } = draft;
        let mut labels = Label::all(ground.brief, participant, &atoms, true);
        labels.retain(|l| !l.hears_moves());
        let signatures = once(&mut labels, &atoms);
        let mut refused: Vec<usize> = Vec::new();
        let (kinds, skeleton) = loop {
            let kinds = Kinds::new(&atoms, &labels, &signatures, &refused);
            let follows = follows(ground.moves, &atoms, &kinds);
            let carried: Vec<&Label<'_, '_>> = labels.iter().zip(&kinds.carried).filter(|(_, c)| **c).map(|(l, _)| l).collect();
            let plan = Plan {
                brief: ground.brief,
                participant,
                atoms: &atoms,
                kinds: &kinds,
                labels: &carried,
                follows: &follows,
                nothing,
                counted: ground.counted,
            };
            match Skeleton::new(&plan) {
                Ok(skeleton) => break (kinds, skeleton),
                Err(rank) => refused.push(carried[rank].sentence),
            }
        };
        let mut fine = kinds.carried.iter().map(|carried| !carried);
        // Of few keys, a search remembers all; of many, it finds no path unless it is led.
        let keys = |sentence: &usize| labels.iter().filter(|l| l.sentence == *sentence && l.hard() && l.summed().is_some()).count();
        let sums = match refused.iter().any(|sentence| keys(sentence) >= KEYS) {
            true => Sums::new(
                ground.brief,
                &ascent::Heard { labels: &labels, signatures: &signatures },
                &fine.clone().collect::<Vec<_>>(),
                &atoms,
                &kinds,
                &of,
            ),
            false => Sums::default(),
        };
        labels.retain(|_| fine.next().expect("one for each label"));
        let kinds = of.into_iter().map(|(next, atom)| (next, kinds.of[atom as usize])).collect();
        Self { skeleton, fine: labels, sums, kinds }
    }
}

/// Hard labels that say the same are said once. The result is what each of those left makes of every placement.
fn once(labels: &mut Vec<Label<'_, '_>>, atoms: &Atoms) -> Vec<Vec<u64>> {
    let mut known: rustc_hash::FxHashSet<(Vec<u64>, Vec<u64>)> = rustc_hash::FxHashSet::default();
    let mut all = Vec::with_capacity(labels.len());
    labels.retain(|l| {
        let signatures: Vec<u64> = crate::network::Ground::choices(atoms).map(|c| l.signature(c)).collect();
        let fresh = !l.hard() || l.counts_ready() || known.insert((l.parameters(), signatures.clone()));
        if fresh {
            all.push(signatures);
        }
        fresh
    });
    all
}

/// Which kinds may follow which, by the gates that nobody minds more than others.
fn follows(moves: &Moves, atoms: &Atoms, kinds: &Kinds) -> Follows {
    let mut follows = Follows::new(kinds.count);
    for (b, to) in atoms.atoms.iter().enumerate() {
        let next = kinds.of[b] as usize;
        if to.first.0 {
            follows.set(START, next, true);
        }
        if to.first.1 {
            follows.set(START, next, false);
        }
        if to.continues {
            continue;
        }
        for (a, from) in atoms.atoms.iter().enumerate() {
            for adjacent in [true, false] {
                let open = || from.positions.iter().any(|p| to.positions.iter().any(|q| moves.open(p.index(), q.index(), adjacent)));
                if !follows.allows(kinds.of[a], next, !adjacent) && open() {
                    follows.set(kinds.of[a], next, adjacent);
                }
            }
        }
    }
    follows
}

/// What is heard for one participant, before it is known with whom they share a mould.
pub(super) struct Heard {
    participant: ParticipantIx,
    /// Ticks, how a path without a placement ends, and what each sentence along a path is told about the participant.
    key: Vec<u64>,
    nothing: Ending,
    nexts: Vec<HeardNext>,
    /// Limits of keys.
    limits: Vec<(Key, u64)>,
}

struct HeardNext {
    next: Next,
    ends: Arc<[Ending]>,
    first: (bool, bool),
    says: Vec<(Span, u32)>,
}

impl Heard {
    /// Listens to what the sentences along a path say about a participant. `first` tells whether each next may come first: at
    /// once, and after idle ticks. O(placements × sentences).
    pub(super) fn new(ground: &Ground<'_, '_, '_>, p: ParticipantIx, nexts: &[(Next, Vec<Span>)], first: impl Fn(usize) -> (bool, bool)) -> Self {
        let Ground { brief, ears, echoes, .. } = *ground;
        let timeline = &brief.case.participants[p].timeline;
        let nothing = ears.ending(&End { participant: p, last: Before::Start, at: 0 });
        let mut key = vec![timeline.len() as u64, u64::from(timeline.cut)];
        key.extend(nothing.map_or([u64::MAX, 0], |(a, b)| [a, b]));
        let mut sentences: Vec<usize> = Vec::new();
        for (i, told) in brief.about(p) {
            if let Some(parameters) = parameters(&told.sentence, p) {
                key.push(i as u64);
                key.extend(parameters);
                sentences.push(i);
            }
        }
        let mut listener = echoes.listener(brief, p, sentences);
        let mut sounds: Vec<u32> = Vec::new();
        let mut endings: Vec<Arc<[Ending]>> = Vec::new();
        let mut ends: Vec<Ending> = Vec::new();
        let mut heard = Vec::with_capacity(nexts.len());
        for (j, (next, spans)) in nexts.iter().enumerate() {
            let says = spans.iter().map(|span| (*span, listener.hear(*next, *span, &mut sounds))).collect();
            ends.clear();
            ends.extend((0..=timeline.len()).map(|at| ears.ending(&End { participant: p, last: Before::Placement(next.0), at })));
            let ends = endings.iter().find(|known| known[..] == ends[..]).cloned().unwrap_or_else(|| {
                endings.push(ends.as_slice().into());
                Arc::clone(&endings[endings.len() - 1])
            });
            heard.push(HeardNext { next: *next, ends, first: first(j), says });
        }
        let limit = |(sentence, key): Key| match &brief.told[sentence].sentence {
            Sentence::Each { at_most, .. } => ((sentence, key), at_most(p, key).to_bits()),
            _ => unreachable!("only these have keys"),
        };
        let limits = echoes.keys(sounds).into_iter().map(limit).collect();
        Self { participant: p, key, nothing, nexts: heard, limits }
    }
}

/// A placement.
pub(super) fn choice(participant: ParticipantIx, (position, continues): Next, (first, after): Span) -> Choice {
    Choice { participant, position, first: usize::from(first), after: usize::from(after), continues }
}

/// What a sentence along a path is told about a participant; `None` if it asks nothing of them, or hears moves.
fn parameters(sentence: &Sentence<'_>, p: ParticipantIx) -> Option<Vec<u64>> {
    let held = |held: Held| held as u64;
    if !sentence.who().includes(p) {
        return None;
    }
    match sentence {
        Sentence::Count { mv: None, bounds, .. } => {
            let bounds = bounds(p);
            let at_least = bounds.at_least.filter(|(limit, _)| *limit > 0.0);
            let asked = bounds.at_most.is_some() || at_least.is_some();
            let when = |when| match when {
                When::Always => 0,
                When::Finished => 1,
                When::Unfinished => 2,
            };
            asked.then(|| {
                let least = at_least.map_or([u64::MAX; 2], |(limit, at)| [limit.to_bits(), when(at)]);
                vec![bounds.at_most.map_or(u64::MAX, f64::to_bits), least[0], least[1]]
            })
        }
        Sentence::Each { .. } => Some(Vec::new()),
        Sentence::Order { earlier, wanted, .. } => {
            let so = (earlier.held)(p);
            (so != Held::Yes || !wanted).then(|| vec![held(so)])
        }
        Sentence::Need { condition, .. } => {
            let so = (condition.held)(p);
            (so != Held::Yes).then(|| vec![held(so)])
        }
        Sentence::Distinct { held, at_least, .. } => {
            let (held, least) = (held(p), at_least(p));
            (least > held.len()).then(|| std::iter::once(least as u64).chain(held.into_iter().map(|k| k as u64)).collect())
        }
        Sentence::Run { started, .. } => Some(vec![started(p) as u64]),
        Sentence::Quorum { members, conditions, .. } => {
            members.binary_search(&p).is_ok().then(|| conditions.iter().map(|c| held((c.held)(p))).collect())
        }
        _ => None,
    }
}

/// A mould before everyone who shares it is known.
pub(super) struct Draft {
    /// One who shares it.
    participant: ParticipantIx,
    nothing: Ending,
    atoms: Atoms,
    /// Per atom and span, in the order of its spans: what the sentences say.
    says: Vec<Vec<u32>>,
    /// The atom of each next.
    of: FxHashMap<Next, u32>,
    limits: FxHashMap<Key, u64>,
}

/// All drafts.
#[derive(Default)]
pub(super) struct Drafts {
    pub(super) drafts: Vec<Draft>,
    by_key: FxHashMap<Vec<u64>, Vec<u32>>,
}

impl Drafts {
    /// Finds the first draft that a participant agrees with, or begins one; the result is its number.
    pub(super) fn take(&mut self, ticks: usize, heard: Heard) -> u32 {
        let known = self.by_key.entry(heard.key).or_default();
        let fits = |d: &&u32| self.drafts[**d as usize].agrees(&heard.nexts, &heard.limits);
        let at = known.iter().find(fits).copied().unwrap_or_else(|| {
            known.push(self.drafts.len() as u32);
            self.drafts.push(Draft {
                participant: heard.participant,
                nothing: heard.nothing,
                atoms: Atoms { atoms: Vec::new(), ticks },
                says: Vec::new(),
                of: FxHashMap::default(),
                limits: FxHashMap::default(),
            });
            self.drafts.len() as u32 - 1
        });
        let draft = &mut self.drafts[at as usize];
        draft.limits.extend(heard.limits);
        heard.nexts.into_iter().for_each(|next| draft.join(heard.participant, next));
        at
    }
}

impl Draft {
    fn agrees(&self, nexts: &[HeardNext], limits: &[(Key, u64)]) -> bool {
        let same = |next: &HeardNext| self.of.get(&next.next).is_none_or(|atom| self.compatible(*atom as usize, next).is_some());
        limits.iter().all(|(key, limit)| self.limits.get(key).is_none_or(|known| known == limit)) && nexts.iter().all(same)
    }

    /// Whether nothing that is said of a next is said otherwise of the atom; and how much is said of both.
    fn compatible(&self, atom: usize, next: &HeardNext) -> Option<usize> {
        let Atom { continues, ends, spans, .. } = &self.atoms.atoms[atom];
        if *continues != next.next.1 || *ends != next.ends {
            return None;
        }
        let mut both = 0;
        for (span, sound) in &next.says {
            if let Ok(i) = spans.binary_search_by_key(span, |(s, _)| *s) {
                if self.says[atom][i] != *sound {
                    return None;
                }
                both += 1;
            }
        }
        Some(both)
    }

    fn join(&mut self, participant: ParticipantIx, next: HeardNext) {
        let atom = self.of.get(&next.next).map(|a| *a as usize).unwrap_or_else(|| {
            let atom = (0..self.says.len()).find(|a| self.compatible(*a, &next).is_some_and(|both| both > 0)).unwrap_or_else(|| {
                self.says.push(Vec::new());
                self.atoms.atoms.push(Atom {
                    continues: next.next.1,
                    ends: Arc::clone(&next.ends),
                    positions: Vec::new(),
                    spans: Vec::new(),
                    first: (false, false),
                });
                self.says.len() - 1
            });
            self.atoms.atoms[atom].positions.push(next.next.0);
            self.of.insert(next.next, atom as u32);
            atom
        });
        let (here, says) = (&mut self.atoms.atoms[atom], &mut self.says[atom]);
        here.first = (here.first.0 || next.first.0, here.first.1 || next.first.1);
        for (span, sound) in next.says {
            if let Err(i) = here.spans.binary_search_by_key(&span, |(s, _)| *s) {
                here.spans.insert(i, (span, choice(participant, next.next, span)));
                says.insert(i, sound);
            }
        }
    }
}
