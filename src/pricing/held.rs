//! What the paths of a plan hold of the rows that couple paths, read off the brief: no lattice of theirs is needed.

use std::collections::BTreeMap;

use super::rows::Coupling;
use crate::brief::{Brief, Choice, Emit, Events, Move, Sentence, Stamp, Told, events, meets, points};
use crate::domain::{Case, ParticipantIx, Plan};
use crate::rules::RuleIx;
use crate::words::{Index, Period};

/// What some paths of a plan hold.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// Per priced row ([`Coupling::len`] of them) the sum of coefficients.
    pub sums: Vec<f64>,
    /// Per sentence of [`Coupling::quorate`]: how many work at a place in a period.
    pub places: Vec<BTreeMap<(usize, usize), u32>>,
}

impl Held {
    /// What the paths of those hold who are `meant`; `None` if some path is none on its timeline. Linear in the placements and
    /// what they add to rows; where burdens are counted, times the sentences that count.
    #[must_use]
    pub fn new(brief: &Brief<'_>, coupling: &Coupling, plan: &Plan, meant: &dyn Fn(ParticipantIx) -> bool) -> Option<Self> {
        let case = brief.case;
        let there = |p: &ParticipantIx| meant(*p) && !case.participants[*p].timeline.is_empty();
        let paths: Vec<(ParticipantIx, Events)> =
            case.participants.ids().filter(there).map(|p| Some((p, events(case, plan, p)?))).collect::<Option<_>>()?;
        let mut this = Self { sums: vec![0.0; coupling.len()], places: vec![BTreeMap::new(); coupling.quorate.len()] };
        for (sentence, told) in brief.told.iter().enumerate() {
            match &told.sentence {
                Sentence::Rows { choice, mv, .. } => {
                    let first = coupling.row(sentence, 0);
                    let mut emit = |row: usize, c: f64| this.sums[first + row] += c;
                    paths.iter().for_each(|(_, path)| adds(case, path, choice.as_deref(), mv.as_deref(), &mut emit));
                }
                Sentence::Supply { themselves, .. } => {
                    let Some(supply) = &coupling.supply else { continue };
                    for (p, path) in &paths {
                        let who = themselves(*p);
                        for (choice, t) in path.choices.iter().flat_map(|c| c.periods(case).map(move |t| (c, t))) {
                            this.sums[coupling.need_row(supply.class(choice.position, who), t)] += 1.0;
                        }
                    }
                }
                Sentence::WorstOf { groups, counted, scale, .. } => {
                    let burdens = burdens(brief, counted, &paths);
                    for (i, p) in groups.iter().flat_map(|(_, members)| members).enumerate() {
                        this.sums[coupling.row(sentence, i)] += burdens.get(p).copied().unwrap_or(0.0) * scale(*p);
                    }
                }
                Sentence::Quorum { members, conditions, .. } => {
                    let ready = paths.iter().filter(|(p, path)| members.binary_search(p).is_ok() && meets(conditions, *p, path));
                    this.sums[coupling.row(sentence, 0)] += ready.count() as f64;
                }
                Sentence::AllOrNone { place, .. } => {
                    let Some(q) = coupling.quorate.iter().position(|s| *s == sentence) else { continue };
                    for (choice, t) in paths.iter().flat_map(|(_, path)| &path.choices).flat_map(|c| c.periods(case).map(move |t| (c, t))) {
                        *this.places[q].entry((place(choice), t.index())).or_default() += 1;
                    }
                }
                _ => {}
            }
        }
        Some(this)
    }
}

type ChoiceRows<'f> = &'f (dyn Fn(&Choice, Emit<'_>) + Send + Sync + 'f);
type MoveRows<'f> = &'f (dyn Fn(&Move, Period, Emit<'_>) + Send + Sync + 'f);

/// What one path adds to the rows of a sentence.
fn adds(case: &Case, path: &Events, choice: Option<ChoiceRows<'_>>, mv: Option<MoveRows<'_>>, emit: Emit<'_>) {
    let periods = &case.participants[path.end.participant].timeline.periods;
    for (c, m) in path.choices.iter().zip(&path.moves) {
        if let Some(f) = choice {
            f(c, emit);
        }
        if let Some(f) = mv {
            f(m, periods[c.first], emit);
        }
    }
}

/// The points of the rules that count as burden, by participant.
fn burdens(brief: &Brief<'_>, counted: &[RuleIx], paths: &[(ParticipantIx, Events)]) -> BTreeMap<ParticipantIx, f64> {
    let soft = |told: &&Told<'_>| counted.contains(&told.rule) && matches!(told.stamp, Stamp::Soft(_));
    let mut all: BTreeMap<ParticipantIx, f64> = BTreeMap::new();
    for told in brief.told.iter().filter(soft) {
        for (p, path) in paths {
            *all.entry(*p).or_default() += points(brief.case, told, *p, path);
        }
    }
    all
}
