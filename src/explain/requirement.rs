//! What a plan must keep, piece by piece: a hard rule, or one fact behind it, each of which can be dropped.
//!
//! Dropping a requirement only ever allows more plans: that is what makes a conflict found by dropping one of the instance as
//! it stands. Two things that people may name are therefore not simply dropped: someone's presence, which hard `demand`,
//! `peers` and `pipeline` need as well, and a leave, without which there are more periods to fill (see [`super::conflict()`]).

use crate::domain::{
    Case, GroupIx, GroupKind, Leave, Limits, MentorIx, Mode, ParticipantIx, Policy, PositionIx, RoleIx, Setting, SiteIx, TargetIx, Timeline, TrackIx,
};
use crate::rules::{Default as By, RuleIx, rule};

/// A hard rule, or a fact behind one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Requirement {
    /// A hard rule as a whole; of one that is always hard, all the facts behind it.
    Rule(RuleIx),
    /// A participant has to be planned at all.
    Person(ParticipantIx),
    /// The number of seats of a position.
    Seats(PositionIx),
    /// The periods in which a position is closed though its site is open.
    PositionClosed(PositionIx),
    /// The periods in which a site is closed.
    SiteClosed(SiteIx),
    /// The shortest stay in a role.
    ShortestStay(RoleIx),
    /// The longest stay in a role.
    LongestStay(RoleIx),
    /// The periods in which a role may begin.
    Starts(RoleIx),
    /// A placement does not pause over someone's leave, or its seat is held.
    Unbroken(ParticipantIx),
    /// A leave of someone.
    Leave(ParticipantIx),
    /// What a role asks at entry.
    Levels(RoleIx),
    /// The roles to be completed before a role.
    Before(RoleIx),
    /// The roles that may not be just before a role.
    NotRightAfter(RoleIx),
    /// The credentials that a site asks.
    Credentials(SiteIx),
    /// What a track bounds in one stage, by its place in the track's list.
    Stage(TrackIx, usize),
    /// A track's capstone.
    Capstone(TrackIx),
    /// A clause of curricula, by its place in [`Case::clauses`].
    Curriculum(usize),
    /// Where someone may go.
    Places(ParticipantIx),
    /// How often someone may move.
    Moves(ParticipantIx),
    /// How long someone stays between moves.
    Stay(ParticipantIx),
    /// What someone is barred from.
    Barred(ParticipantIx),
    /// A pin, by its place in someone's list.
    Pin(ParticipantIx, usize),
    /// A couple or another group.
    Group(GroupIx),
    /// Housing at a site.
    Housing(SiteIx),
    /// Newcomers at a site.
    Arrivals(SiteIx),
    /// The demand of a position.
    Demand(PositionIx),
    /// A mentor's capacity and availability.
    Mentor(MentorIx),
    /// The budget for all moves.
    Budget,
    /// The budget of a calendar year.
    Year(i16),
    /// The ready people that a target wants.
    Needed(TargetIx),
}

impl Requirement {
    /// The hard rules. Linear in rules.
    #[must_use]
    pub fn rules(policy: &Policy) -> Vec<Self> {
        policy.asked().filter(|(_, s)| s.mode == Mode::Hard).map(|(ix, _)| Self::Rule(ix)).collect()
    }

    /// The facts behind a rule, those that bind anyone. Linear in facts.
    #[must_use]
    pub fn behind(case: &Case, ix: RuleIx) -> Vec<Self> {
        Self::facts(case).into_iter().filter(|fact| fact.rule(case) == rule(ix).id && fact.binds(case)).collect()
    }

    /// Everyone of whom anything is asked.
    #[must_use]
    pub fn people(case: &Case) -> Vec<Self> {
        case.participants.iter().filter(|(_, p)| !p.timeline.is_empty()).map(|(p, _)| Self::Person(p)).collect()
    }

    fn facts(case: &Case) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let people = || case.participants.ids();
        all.extend(people().flat_map(|p| (0..case.participants[p].pinned.len()).map(move |i| Self::Pin(p, i))));
        all.extend(case.groups.ids().map(Self::Group));
        all.extend([Self::Budget].into_iter().filter(|_| case.relocation.budget_total.is_some()));
        all.extend(case.relocation.budget_per_year.keys().map(|y| Self::Year(*y)));
        all.extend(case.sites.ids().flat_map(|s| [Self::Housing(s), Self::Arrivals(s), Self::Credentials(s), Self::SiteClosed(s)]));
        all.extend(case.mentors.ids().map(Self::Mentor));
        all.extend(people().flat_map(|p| [Self::Places(p), Self::Moves(p), Self::Stay(p), Self::Barred(p), Self::Unbroken(p)]));
        all.extend(case.roles.ids().flat_map(|r| [Self::Levels(r), Self::Before(r), Self::NotRightAfter(r), Self::Starts(r)]));
        all.extend(case.roles.ids().flat_map(|r| [Self::ShortestStay(r), Self::LongestStay(r)]));
        all.extend(case.tracks.iter().flat_map(|(t, track)| (0..track.stages.len()).map(move |i| Self::Stage(t, i)).chain([Self::Capstone(t)])));
        all.extend((0..case.clauses().len()).map(Self::Curriculum));
        all.extend(case.targets.ids().map(Self::Needed));
        all.extend(case.positions.ids().flat_map(|q| [Self::PositionClosed(q), Self::Demand(q), Self::Seats(q)]));
        all
    }

    /// The id of the rule behind which it stands: where that one is not hard, the fact binds nobody.
    #[must_use]
    pub fn rule(&self, case: &Case) -> &'static str {
        match self {
            Self::Rule(ix) => rule(*ix).id,
            Self::Seats(_) => "seats",
            Self::Person(_) | Self::PositionClosed(_) | Self::SiteClosed(_) | Self::Starts(_) | Self::Unbroken(_) | Self::Leave(_) => "timeline",
            Self::ShortestStay(_) | Self::LongestStay(_) => "duration",
            Self::Levels(_) => "qualifies",
            Self::Before(_) | Self::NotRightAfter(_) => "after",
            Self::Credentials(_) => "credentials",
            Self::Stage(..) | Self::Capstone(_) => "track",
            Self::Curriculum(_) => "curriculum",
            Self::Places(_) | Self::Moves(_) | Self::Stay(_) => "mobility",
            Self::Barred(_) => "barred",
            Self::Pin(..) => "pinned",
            Self::Group(g) if case.groups[*g].kind == GroupKind::Together => "together",
            Self::Group(_) => "apart",
            Self::Housing(_) => "housing",
            Self::Arrivals(_) => "arrivals",
            Self::Demand(_) => "demand",
            Self::Mentor(_) => "mentoring",
            Self::Budget | Self::Year(_) => "budget",
            Self::Needed(_) => "pipeline",
        }
    }

    /// Whether the case without the fact is another one.
    fn binds(&self, case: &Case) -> bool {
        let people = case.participants.len() as u32;
        let position = |q: &PositionIx| &case.positions[*q];
        let mobility = |p: &ParticipantIx| &case.participants[*p].mobility;
        match self {
            Self::Rule(_) | Self::Person(_) | Self::Leave(_) | Self::Pin(..) | Self::Curriculum(_) | Self::Budget | Self::Year(_) => true,
            Self::Seats(q) => position(q).seats.rows().iter().any(|n| *n < people),
            Self::Demand(q) => position(q).demand.rows().iter().any(|n| *n > 0),
            Self::PositionClosed(q) => {
                let site = &case.sites[position(q).site];
                case.calendar.periods().any(|t| site.open[t] && !position(q).open[t])
            }
            Self::SiteClosed(s) => case.sites[*s].open.rows().contains(&false),
            Self::ShortestStay(r) => {
                case.roles[*r].duration.min > 1 || case.participants.rows().iter().any(|p| p.current.is_some_and(|c| c.worked == 0))
            }
            Self::LongestStay(r) => case.roles[*r].duration.max.is_some(),
            Self::Starts(r) => case.roles[*r].starts.rows().contains(&false),
            Self::Unbroken(p) => case.participants[*p].timeline.leave.values().any(|l| !l.pauses || l.holds_seat),
            Self::Levels(r) => !case.roles[*r].requires.is_empty(),
            Self::Before(r) => !case.roles[*r].after.is_empty(),
            Self::NotRightAfter(r) => !case.roles[*r].not_right_after.is_empty(),
            Self::Credentials(s) => !case.sites[*s].requires.is_empty(),
            Self::Stage(t, i) => {
                let stage = &case.tracks[*t].stages[*i];
                [stage.placements, stage.periods].iter().any(|l| *l != Limits::default())
            }
            Self::Capstone(t) => !case.tracks[*t].capstone.is_empty(),
            Self::Places(p) => {
                let m = mobility(p);
                m.max_km.is_some() || m.sites.is_some() || m.regions.is_some() || m.countries.is_some() || !m.not_sites.is_empty()
            }
            Self::Moves(p) => mobility(p).max_moves.is_some(),
            Self::Stay(p) => mobility(p).min_stay > 1,
            Self::Barred(p) => {
                let p = &case.participants[*p];
                !(p.barred_roles.is_empty() && p.barred_sites.is_empty() && p.barred_positions.is_empty())
            }
            Self::Group(g) => case.groups[*g].members.len() > 1,
            Self::Housing(s) => case.sites[*s].housing.is_some(),
            Self::Arrivals(s) => case.sites[*s].arrivals.is_some(),
            Self::Mentor(_) => true,
            Self::Needed(t) => case.targets[*t].needed.iter().any(|(_, n)| *n > 0),
        }
    }

    /// Drops it from a copy of the case and policy it was found in.
    fn drop_from(&self, original: &Case, case: &mut Case, policy: &mut Policy) {
        let people = original.participants.len() as u32;
        let calendar = &original.calendar;
        match self {
            // What cannot be off goes with all the facts behind it.
            Self::Rule(ix) if rule(*ix).default == By::HardOnly => {
                Self::behind(original, *ix).iter().for_each(|fact| fact.drop_from(original, case, policy));
            }
            Self::Rule(ix) => *policy = policy.clone().with(*ix, Setting { mode: Mode::Off, ..policy.of(*ix).clone() }),
            Self::Person(p) => {
                let person = &mut case.participants[*p];
                person.timeline = Timeline { cut: true, ..Timeline::default() };
                person.pinned.clear();
            }
            Self::Seats(q) => case.positions[*q].seats = calendar.periods().map(|_| people).collect(),
            Self::Demand(q) => case.positions[*q].demand = calendar.periods().map(|_| 0).collect(),
            Self::PositionClosed(q) => open(original, case, *q, |site_open| site_open),
            Self::SiteClosed(s) => {
                for q in original.positions.ids().filter(|q| original.positions[*q].site == *s) {
                    open(original, case, q, |site_open| !site_open);
                }
                case.sites[*s].open = calendar.periods().map(|_| true).collect();
            }
            Self::ShortestStay(r) => case.roles[*r].duration.min = 0,
            Self::LongestStay(r) => case.roles[*r].duration.max = None,
            Self::Starts(r) => case.roles[*r].starts = calendar.periods().map(|_| true).collect(),
            Self::Unbroken(p) => {
                let leave = Leave { pauses: true, holds_seat: false };
                case.participants[*p].timeline.leave.values_mut().for_each(|l| *l = leave);
            }
            Self::Leave(p) => {
                let timeline = &mut case.participants[*p].timeline;
                timeline.periods.extend(std::mem::take(&mut timeline.leave).into_keys());
                timeline.periods.sort_unstable();
            }
            Self::Levels(r) => case.roles[*r].requires.clear(),
            Self::Before(r) => case.roles[*r].after.clear(),
            Self::NotRightAfter(r) => case.roles[*r].not_right_after.clear(),
            Self::Credentials(s) => case.sites[*s].requires.clear(),
            Self::Stage(t, i) => {
                let stage = &mut case.tracks[*t].stages[*i];
                (stage.placements, stage.periods) = (Limits::default(), Limits::default());
            }
            Self::Capstone(t) => case.tracks[*t].capstone.clear(),
            Self::Curriculum(i) => {
                let clauses = original.clauses();
                let (clause, who) = &clauses[*i];
                for p in who {
                    let own = &mut case.participants[*p].curriculum;
                    own.iter().position(|c| c == *clause).map(|at| own.remove(at));
                }
            }
            Self::Places(p) => {
                let m = &mut case.participants[*p].mobility;
                (m.max_km, m.sites, m.regions, m.countries) = (None, None, None, None);
                m.not_sites.clear();
            }
            Self::Moves(p) => case.participants[*p].mobility.max_moves = None,
            Self::Stay(p) => case.participants[*p].mobility.min_stay = 0,
            Self::Barred(p) => {
                let p = &mut case.participants[*p];
                p.barred_roles.clear();
                p.barred_sites.clear();
                p.barred_positions.clear();
            }
            Self::Pin(p, i) => {
                let pin = original.participants[*p].pinned[*i];
                let own = &mut case.participants[*p].pinned;
                own.iter().position(|other| *other == pin).map(|at| own.remove(at));
            }
            Self::Group(g) => case.groups[*g].members.clear(),
            Self::Housing(s) => case.sites[*s].housing = None,
            Self::Arrivals(s) => case.sites[*s].arrivals = None,
            Self::Mentor(m) => {
                let mentor = &mut case.mentors[*m];
                mentor.capacity = calendar.periods().map(|_| people).collect();
                mentor.available = calendar.periods().map(|_| true).collect();
            }
            Self::Budget => case.relocation.budget_total = None,
            Self::Year(y) => {
                case.relocation.budget_per_year.remove(y);
            }
            Self::Needed(t) => case.targets[*t].needed.clear(),
        }
    }
}

/// Opens a position in the periods in which its site is open, or is not. What was closed had no demand.
fn open(original: &Case, case: &mut Case, q: PositionIx, when: impl Fn(bool) -> bool) {
    let before = &original.positions[q];
    let site = &original.sites[before.site];
    for t in original.calendar.periods().filter(|t| when(site.open[*t]) && !before.open[*t]) {
        case.positions[q].open[t] = true;
        case.positions[q].demand[t] = 0;
    }
}

/// The case and policy without some requirements.
#[must_use]
pub fn without<'r>(case: &Case, policy: &Policy, dropped: impl IntoIterator<Item = &'r Requirement>) -> (Case, Policy) {
    let (mut less, mut laxer) = (case.clone(), policy.clone());
    for requirement in dropped {
        requirement.drop_from(case, &mut less, &mut laxer);
    }
    (less, laxer)
}
