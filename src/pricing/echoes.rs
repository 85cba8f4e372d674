//! What the sentences along a path make of a placement is the same whoever makes it (see [`Sentence`]), so each placement is heard
//! once for all to whom the same sentences speak.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::kinds::{Next, Span};
use super::mould::choice;
use crate::brief::{Brief, Choice, Sentence, Who};
use crate::domain::ParticipantIx;
use crate::words::Index;

/// Placements of which is remembered what is heard, over all lists of sentences: 64 MB.
const REMEMBERED: usize = 16_000_000;
/// Nothing has been heard of a placement.
const SILENT: u32 = u32::MAX;
/// Stands before a sound to which a participant's own sentences add.
const OWN: u64 = u64::MAX;
/// Where a keyed sentence has no key for a placement.
const NO_KEY: (u64, u64) = (u64::MAX, 0);

/// A keyed sentence, by its place in the brief, and a key.
pub(super) type Key = (usize, usize);

/// Everything that has been heard. Different *sounds* have different numbers; which is whose depends on who listened first, so
/// that nothing may be made of them but whether two are equal.
#[derive(Default)]
pub(super) struct Echoes {
    lists: Mutex<Lists>,
    /// Each sound, with the keys in it.
    sounds: Mutex<IndexMap<Box<[u64]>, Vec<Key>, FxBuildHasher>>,
}

#[derive(Default)]
struct Lists {
    /// By sentences and ticks of the timeline.
    known: FxHashMap<(Vec<usize>, usize), Arc<Echo>>,
    remembered: usize,
}

/// What a list of sentences makes of placements.
struct Echo {
    number: u64,
    sentences: Vec<usize>,
    /// The number of the sound, by position and span; empty if it is not remembered.
    heard: Vec<AtomicU32>,
}

impl Echoes {
    /// What some sentences along a path make of a participant's placements.
    pub(super) fn listener<'e, 'b, 'c>(&'e self, brief: &'b Brief<'c>, participant: ParticipantIx, sentences: Vec<usize>) -> Listener<'e, 'b, 'c> {
        let ticks = brief.case.participants[participant].timeline.len();
        let spans = ticks * (ticks + 1) / 2;
        // Whoever has a pin would have a list alone.
        let alone = |s: &usize| matches!(brief.told[*s].sentence.who(), Who::Only(list) if list.len() == 1);
        let (own, shared): (Vec<usize>, Vec<usize>) = sentences.into_iter().partition(alone);
        let mut lists = self.lists.lock().expect("no thread panics with the lock");
        let Lists { known, remembered } = &mut *lists;
        let number = known.len() as u64;
        let fresh = |(sentences, _): &(Vec<usize>, usize)| {
            let cells = brief.case.positions.len() * spans;
            let cells = if *remembered + cells <= REMEMBERED { cells } else { 0 };
            *remembered += cells;
            Arc::new(Echo { number, sentences: sentences.clone(), heard: (0..cells).map(|_| AtomicU32::new(SILENT)).collect() })
        };
        let echo = Arc::clone(known.entry((shared, ticks)).or_insert_with_key(fresh));
        Listener { echoes: self, brief, participant, echo, own, spans, words: Vec::new() }
    }

    /// The different keys in some sounds, in order.
    pub(super) fn keys(&self, mut sounds: Vec<u32>) -> Vec<Key> {
        sounds.sort_unstable();
        sounds.dedup();
        let known = self.sounds.lock().expect("no thread panics with the lock");
        let mut keys: Vec<Key> = sounds.into_iter().flat_map(|sound| known[sound as usize].iter().copied()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Someone's ear for placements.
pub(super) struct Listener<'e, 'b, 'c> {
    echoes: &'e Echoes,
    brief: &'b Brief<'c>,
    participant: ParticipantIx,
    echo: Arc<Echo>,
    /// Sentences for the participant alone.
    own: Vec<usize>,
    spans: usize,
    words: Vec<u64>,
}

impl Listener<'_, '_, '_> {
    /// The number of the sound of a placement; those that it is made of are added to `sounds`.
    pub(super) fn hear(&mut self, next: Next, span: Span, sounds: &mut Vec<u32>) -> u32 {
        let choice = choice(self.participant, next, span);
        let echo = Arc::clone(&self.echo);
        let (first, after) = (choice.first, choice.after);
        let cell = echo.heard.get(next.0.index() * self.spans + after * (after - 1) / 2 + first).filter(|_| !choice.continues);
        let mut shared = cell.map_or(SILENT, |cell| cell.load(Ordering::Relaxed));
        if shared == SILENT {
            shared = self.number(&[echo.number], &echo.sentences, &choice);
            cell.iter().for_each(|cell| cell.store(shared, Ordering::Relaxed));
        }
        sounds.push(shared);
        if self.own.is_empty() {
            return shared;
        }
        let own = std::mem::take(&mut self.own);
        let sound = self.number(&[OWN, u64::from(shared)], &own, &choice);
        self.own = own;
        sounds.push(sound);
        sound
    }

    fn number(&mut self, before: &[u64], sentences: &[usize], choice: &Choice) -> u32 {
        let mut keys: Vec<Key> = Vec::new();
        self.words.clear();
        self.words.extend(before);
        for s in sentences {
            let key = listen(&self.brief.told[*s].sentence, choice, &mut self.words);
            keys.extend(key.map(|key| (*s, key)));
        }
        let mut known = self.echoes.sounds.lock().expect("no thread panics with the lock");
        let number = known.get_index_of(&self.words[..]).unwrap_or_else(|| known.insert_full(self.words.as_slice().into(), keys).0);
        number as u32
    }
}

/// Adds everything that a sentence along a path makes of a placement; its key, if it has one.
fn listen(sentence: &Sentence<'_>, choice: &Choice, out: &mut Vec<u64>) -> Option<usize> {
    match sentence {
        Sentence::Count { choice: adds, .. } => out.push((adds(choice) + 0.0).to_bits()),
        Sentence::Each { key, .. } => {
            let found = key(choice);
            let (key, amount) = found.map_or(NO_KEY, |(key, amount)| (key as u64, amount.to_bits()));
            out.extend([key, amount]);
            return found.map(|(key, _)| key);
        }
        Sentence::Order { later, earlier, .. } => out.push(u64::from(later(choice)) | u64::from((earlier.earns)(choice)) << 1),
        Sentence::Need { condition, .. } => out.push(u64::from((condition.earns)(choice))),
        Sentence::Distinct { key, .. } => out.push(key(choice).map_or(u64::MAX, |k| k as u64)),
        Sentence::Run { hit, .. } => out.push(u64::from(hit(choice))),
        Sentence::Quorum { conditions, .. } => out.extend(conditions.iter().map(|c| u64::from((c.earns)(choice)))),
        _ => {}
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::brief;
    use crate::domain::PositionIx;
    use crate::intake::intake;

    /// What [`Sentence`] promises and all of this rests on, for every rule and instance that there is.
    #[test]
    fn whoever_makes_it() {
        let mut compared = 0;
        for file in std::fs::read_dir("instances").expect("the instances").map(|file| file.expect("a file").path()) {
            if file.extension().is_none_or(|e| e != "json") {
                continue;
            }
            let taken = intake(&std::fs::read(&file).expect("readable")).expect("a good instance");
            let (case, told) = (&taken.case, brief(&taken.case, &taken.policy));
            let someone = case.participants.ids().max_by_key(|p| case.participants[*p].timeline.len()).expect("people");
            let speak = |p: ParticipantIx, position: PositionIx, first: usize, after: usize| {
                let choice = Choice { continues: false, ..Choice::new(case, p, position, first, after) };
                let mut words = Vec::new();
                let keys: Vec<Option<usize>> = told.told.iter().map(|t| listen(&t.sentence, &choice, &mut words)).collect();
                (words, keys)
            };
            for p in case.participants.ids().step_by(3) {
                let ticks = case.participants[p].timeline.len();
                for position in case.positions.ids().step_by(2) {
                    for (first, after) in (0..ticks).step_by(3).flat_map(|first| (first + 1..=ticks).step_by(2).map(move |after| (first, after))) {
                        assert_eq!(speak(p, position, first, after), speak(someone, position, first, after), "{file:?} {p:?} {position:?}");
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 1_000);
    }
}
