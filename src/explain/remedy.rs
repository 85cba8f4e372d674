//! Small changes that could make a plan possible.

use super::requirement::{Requirement, without};
use crate::audit::many;
use crate::change::{self, Change};
use crate::domain::{Case, Mentor, MentorIx, Mode, Named, Person, Policy, PositionIx, Setting, SiteIx, Within};
use crate::io::raw::{Mode as RawMode, RuleEntry, Rules};
use crate::io::stated;
use crate::rules::{RuleIx, rule};
use crate::words::{Period, Table, cents};

/// The weight of a rule that is made soft and has none of its own.
const WEIGHT: f64 = 100.0;

/// One small change of an instance.
#[derive(Debug, Clone, PartialEq)]
pub enum Remedy {
    /// A fact is dropped.
    Drop(Requirement),
    /// A hard rule is made soft.
    Soften(RuleIx),
    /// More of something in some periods.
    More(Place, Period, Period, u32),
    /// A new mentor at a site, for so many at once.
    Mentor(SiteIx, Period, Period, u32),
    /// A larger budget for moves: of a year, or in all.
    Budget(Option<i16>, f64),
}

/// Something that has room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Seats of a position.
    Seats(PositionIx),
    /// A mentor's capacity.
    Mentees(MentorIx),
    /// Housing at a site.
    Housing(SiteIx),
    /// Newcomers at a site.
    Arrivals(SiteIx),
}

impl Remedy {
    /// The case and policy with some remedies.
    #[must_use]
    pub fn applied<'r>(case: &Case, policy: &Policy, remedies: impl IntoIterator<Item = &'r Self>) -> (Case, Policy) {
        let (mut dropped, mut others) = (Vec::new(), Vec::new());
        for remedy in remedies {
            match remedy {
                // Requirements name their places in the case as it was.
                Self::Drop(requirement) => dropped.push(requirement),
                other => others.push(other),
            }
        }
        others.into_iter().fold(without(case, policy, dropped), |(case, policy), remedy| remedy.apply(case, policy))
    }

    fn apply(&self, mut case: Case, policy: Policy) -> (Case, Policy) {
        match self {
            Self::Drop(_) => {}
            Self::Soften(ix) => {
                let setting = Setting { mode: Mode::Soft, ..policy.of(*ix).clone() };
                return (case, policy.with(*ix, setting));
            }
            Self::More(place, from, until, n) => {
                let table = match place {
                    Place::Seats(q) => Some(&mut case.positions[*q].seats),
                    Place::Mentees(m) => Some(&mut case.mentors[*m].capacity),
                    Place::Housing(s) => case.sites[*s].housing.as_mut(),
                    Place::Arrivals(s) => case.sites[*s].arrivals.as_mut(),
                };
                if let Some(table) = table {
                    periods(*from, *until).for_each(|t| table[t] += n);
                }
            }
            Self::Mentor(site, from, until, n) => {
                let named = Named { id: "new mentor".to_owned(), name: "a new mentor".to_owned() };
                let person = case.people.push(Person { named: named.clone(), reports_to: None });
                let there: Table<Period, bool> = case.calendar.periods().map(|t| *from <= t && t < *until).collect();
                case.mentors.push(Mentor {
                    person,
                    named,
                    site: Some(*site),
                    capacity: case.calendar.periods().map(|_| *n).collect(),
                    reach: Some(Within::Site),
                    stages: None,
                    families: None,
                    available: there,
                });
            }
            Self::Budget(None, more) => case.relocation.budget_total = case.relocation.budget_total.map(|b| b + more),
            Self::Budget(Some(year), more) => {
                if let Some(budget) = case.relocation.budget_per_year.get_mut(year) {
                    *budget += more;
                }
            }
        }
        (case, policy)
    }

    /// The same as changes of the instance, such as scenarios are made of; `None` where they have no word for it.
    #[must_use]
    pub fn changes(&self, case: &Case) -> Option<Vec<Change>> {
        let at = |t: &Period| Some(stated(*t));
        let site = |s: &SiteIx| Some(case.sites[*s].named.id.clone());
        Some(match self {
            Self::Drop(Requirement::Person(p)) => {
                vec![Change::Drop(change::Drop { participant: Some(case.participants[*p].named.id.clone()), ..Default::default() })]
            }
            Self::Drop(Requirement::Pin(p, i)) => {
                let pin = &case.participants[*p].pinned[*i];
                let (participant, position) = (Some(case.participants[*p].named.id.clone()), Some(case.positions[pin.position].id.clone()));
                vec![Change::Unpin(change::Unpin { participant, position, from: at(&pin.from) })]
            }
            Self::Drop(Requirement::SiteClosed(s)) => vec![Change::Open(change::Open { site: site(s), ..Default::default() })],
            Self::Drop(_) => return None,
            Self::Soften(ix) => {
                let weight = rule(*ix).weight.unwrap_or(WEIGHT);
                let entry = RuleEntry { mode: Some(RawMode::Soft), weight: Some(weight), ..Default::default() };
                vec![Change::Rules(Rules([(rule(*ix).id.to_owned(), entry)].into_iter().collect()))]
            }
            Self::More(place, from, until, n) => {
                let (from, until, add) = (at(from), at(until), Some(i64::from(*n)));
                vec![match place {
                    Place::Seats(q) => {
                        Change::Seats(change::Seats { position: Some(case.positions[*q].id.clone()), add, from, until, ..Default::default() })
                    }
                    Place::Mentees(m) => {
                        Change::Capacity(change::Capacity { mentor: Some(case.mentors[*m].named.id.clone()), add, from, until, ..Default::default() })
                    }
                    Place::Housing(s) => Change::Housing(change::Places { site: site(s), add, from, until, ..Default::default() }),
                    Place::Arrivals(s) => Change::Arrivals(change::Places { site: site(s), add, from, until, ..Default::default() }),
                }]
            }
            Self::Mentor(..) => return None,
            Self::Budget(year, more) => {
                let year = year.map(|y| y.to_string());
                vec![Change::Budget(change::BudgetChange { year, add: Some(*more), ..Default::default() })]
            }
        })
    }

    /// What changes, in words.
    #[must_use]
    pub fn words(&self, case: &Case) -> String {
        let when = |from: &Period, until: &Period| case.span(*from, *until);
        match self {
            Self::Drop(Requirement::Person(p)) => format!("plan without {}", case.participants[*p].named.name),
            Self::Drop(requirement) => format!("drop this: {}", requirement.words(case)),
            Self::Soften(ix) => format!("make the rule {} soft", rule(*ix).id),
            Self::More(place, from, until, n) => {
                let more = |thing: &str| many((*n).into(), thing).replacen(' ', " more ", 1);
                let what = match place {
                    Place::Seats(q) => format!("{} for {}", more("seat"), case.position_name(*q)),
                    Place::Mentees(m) => format!("room for {} with {}", more("mentee"), case.mentors[*m].named.name),
                    Place::Housing(s) => format!("housing for {n} more at {}", case.sites[*s].named.name),
                    Place::Arrivals(s) => format!("{} a period at {}", more("newcomer"), case.sites[*s].named.name),
                };
                format!("{what}, {}", when(from, until))
            }
            Self::Mentor(s, from, until, n) => {
                format!("a new mentor at {} with room for {n}, {}", case.sites[*s].named.name, when(from, until))
            }
            Self::Budget(year, more) => {
                let of = year.map_or(String::new(), |y| format!(" in {y}"));
                format!("{} {} more budget for moves{of}", case.currency, cents((more * 100.0 - 1e-6).ceil() / 100.0))
            }
        }
    }
}

fn periods(from: Period, until: Period) -> impl Iterator<Item = Period> {
    use crate::words::Index;
    (from.index()..until.index()).map(Period::new)
}
