//! A tiny programme for the rules' own tests: two participants, six positions at three sites, eight quarters.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::{RULES, find, rule};
use crate::audit::{Outcome, audit, measure};
use crate::domain::*;
use crate::words::{Calendar, Coordinates, Index, Period, Table, Unit};

/// Participants.
pub(super) const ANA: usize = 0;
pub(super) const BO: usize = 1;

/// Stages.
pub(super) const AM: usize = 0;
pub(super) const OM: usize = 1;
pub(super) const GM: usize = 2;

/// Roles, with difficulties 2, 4, 5 and 7; each for two to six quarters.
pub(super) const AREA: usize = 0;
pub(super) const OPS: usize = 1;
pub(super) const LEAD: usize = 2;
pub(super) const GENERAL: usize = 3;

/// Sites: the first two lie a hundred kilometres apart in one region, the third abroad.
pub(super) const LEIPZIG: usize = 0;
pub(super) const DRESDEN: usize = 1;
pub(super) const PARIS: usize = 2;

/// Positions, each with one seat.
pub(super) const AREA_LEIPZIG: usize = 0;
pub(super) const AREA_DRESDEN: usize = 1;
pub(super) const OPS_LEIPZIG: usize = 2;
pub(super) const OPS_DRESDEN: usize = 3;
pub(super) const LEAD_PARIS: usize = 4;
pub(super) const GENERAL_PARIS: usize = 5;

/// The competency, family, credential, mentor, target, track, cohort and group with this number.
pub(super) fn ix<I: Index>(i: usize) -> I {
    I::new(i)
}

/// No bounds but a smallest number.
pub(super) fn at_least(min: u32) -> Limits {
    Limits { min, max: None }
}

/// No bounds but a largest number.
pub(super) fn at_most(max: u32) -> Limits {
    Limits { min: 0, max: Some(max) }
}

/// The programme, its rules and a plan that can be altered piece by piece.
#[derive(Clone)]
pub(super) struct Tiny {
    case: Case,
    policy: Policy,
    plan: Plan,
}

impl Tiny {
    /// The programme with the default rules and nobody placed.
    pub(super) fn new() -> Self {
        let case = case();
        let policy = Policy::new(RULES.iter().map(|r| r.setting(true, false)).collect());
        let plan = Plan { paths: case.participants.ids().map(|_| Vec::new()).collect() };
        Self { case, policy, plan }
    }

    /// With a placement, from one quarter until another (exclusive).
    pub(super) fn place(mut self, who: usize, position: usize, from: usize, until: usize) -> Self {
        let placement = Placement { position: ix(position), from: ix(from), until: ix(until), mentors: Vec::new() };
        self.plan.paths[ix(who)].push(placement);
        self
    }

    /// With the mentor in the placement made last.
    pub(super) fn mentored(self, who: usize, from: usize, until: usize) -> Self {
        self.mentored_by(who, 0, from, until)
    }

    /// With some mentor in the placement made last.
    pub(super) fn mentored_by(mut self, who: usize, mentor: usize, from: usize, until: usize) -> Self {
        let last = self.plan.paths[ix(who)].last_mut().expect("placed before");
        last.mentors.push(Mentoring { mentor: ix(mentor), from: ix(from), until: ix(until) });
        self
    }

    /// With other facts.
    pub(super) fn alter(mut self, change: impl FnOnce(&mut Case)) -> Self {
        change(&mut self.case);
        self
    }

    /// With other facts about Ana.
    pub(super) fn ana(self, change: impl FnOnce(&mut Participant)) -> Self {
        self.alter(|case| change(&mut case.participants[ix(ANA)]))
    }

    /// With something asked by every field.
    pub(super) fn demanding(self) -> Self {
        self.alter(|c| {
            c.roles[ix(OPS)].requires.insert(ix(0), 1);
            c.roles[ix(GENERAL)].after = vec![vec![ix(OPS), ix(LEAD)]];
            c.roles[ix(LEAD)].not_right_after = vec![ix(OPS)];
            c.roles[ix(AREA)].intensity = 0.9;
            c.roles[ix(OPS)].starts[ix(3)] = false;
            c.sites[ix(PARIS)].requires = vec![ix(0)];
            c.sites[ix(LEIPZIG)].housing = Some(Table::new(vec![1; 8]));
            c.sites[ix(LEIPZIG)].arrivals = Some(Table::new(vec![0; 8]));
            c.positions[ix(OPS_LEIPZIG)].demand = Table::new(vec![1; 8]);
            c.positions[ix(OPS_DRESDEN)].open[ix(5)] = false;
            let stage = |stage, placements| TrackStage { stage: ix(stage), placements, periods: at_least(2) };
            c.tracks[ix(0)].stages = vec![stage(AM, at_most(1)), stage(OM, at_least(1))];
            c.tracks[ix(0)].capstone = vec![ix(LEAD)];
            c.tracks[ix(0)].breadth_sites = 3;
            c.targets[ix(0)].needed = vec![(ix(7), 2)];
            c.relocation = Relocation { base: 10.0, per_km: 0.1, commute_km: 50.0, budget_total: Some(15.0), ..Relocation::default() };
            c.relocation.budget_per_year = [(2028, 5.0)].into();
            let both = [ANA, BO].map(|i| Span { participant: ix(i), position: ix(AREA_LEIPZIG), from: ix(0), until: ix(4) });
            c.baseline = both.to_vec();
            c.groups.push(Group { id: "rivals".into(), members: vec![ix(ANA), ix(BO)], kind: GroupKind::Apart, within: Within::Region });
            let curriculum = vec![Clause { scope: Scope::Each(Attribute::Region), placements: at_most(1), periods: Limits::default() }];
            for (person, pin) in [ANA, BO].into_iter().zip(both) {
                let person = &mut c.participants[ix(person)];
                person.target = Some(ix(0));
                person.curriculum.clone_from(&curriculum);
                person.ratings.sites = [(ix(PARIS), 2.0)].into();
                person.barred_sites = vec![ix(DRESDEN)];
                person.mobility = Mobility { max_moves: Some(1), max_km: Some(300.0), min_stay: 4, ..Mobility::default() };
                person.home = Some(Home::Site(ix(LEIPZIG)));
                person.pinned = vec![pin];
            }
        })
    }

    /// With Ana in a position as the horizon opens.
    pub(super) fn ana_now(self, position: usize, worked: u32) -> Self {
        self.ana(|p| p.current = Some(Current { position: ix(position), worked }))
    }

    /// With a leave of Ana's.
    pub(super) fn ana_leaves(self, period: usize, pauses: bool, holds_seat: bool) -> Self {
        self.ana(|p| {
            p.timeline.periods.retain(|q| *q != ix(period));
            p.timeline.leave.insert(ix(period), Leave { pauses, holds_seat });
        })
    }

    /// With Ana's track running on past the horizon.
    pub(super) fn ana_cut(self) -> Self {
        self.ana(|p| {
            p.timeline.cut = true;
            p.timeline.track_end = 12;
        })
    }

    /// With nothing left of Ana's track.
    pub(super) fn ana_gone(self) -> Self {
        self.ana(|p| p.timeline = Timeline { track_end: 0, ..Timeline::default() })
    }

    /// With another value of a rule's parameter.
    pub(super) fn param(self, id: &str, name: &'static str, value: Value) -> Self {
        self.set(id, |s| s.values.iter_mut().filter(|(n, _)| *n == name).for_each(|(_, v)| *v = value.clone()))
    }

    /// With a rule set otherwise.
    pub(super) fn set(mut self, id: &str, change: impl FnOnce(&mut Setting)) -> Self {
        let ix = find(id).expect("a registered rule");
        let mut setting = self.policy.of(ix).clone();
        change(&mut setting);
        self.policy = self.policy.with(ix, setting);
        self
    }

    /// What a rule finds; a rule that is off is asked softly.
    pub(super) fn outcome(&self, id: &str) -> Outcome {
        let ix = find(id).expect("a registered rule");
        let asked = self.clone().set(id, |s| {
            if s.mode == Mode::Off {
                (s.mode, s.weight) = (Mode::Soft, 1.0);
            }
        });
        let worded = audit(&asked.case, &asked.policy, &asked.plan).of(ix).expect("the rule is asked").clone();
        let bare = measure(&asked.case, &asked.policy, &asked.plan);
        assert_eq!(bare.of(ix).expect("the rule is asked").measure, worded.measure, "words change no amount");
        for finding in &worded.findings {
            assert!(!finding.words.is_empty() && !finding.words.contains("Ix("), "{}: {}", rule(ix).id, finding.words);
        }
        worded
    }

    /// Asserts that a rule finds nothing.
    #[track_caller]
    pub(super) fn keeps(self, id: &str) -> Self {
        let found: Vec<String> = self.outcome(id).findings.into_iter().map(|f| f.words).collect();
        assert!(found.is_empty(), "{id} finds {found:#?}");
        self
    }

    /// Asserts what a rule measures, and one thing that it says.
    #[track_caller]
    pub(super) fn breaks(self, id: &str, measure: f64, says: &str) -> Self {
        let outcome = self.outcome(id);
        let words: Vec<&str> = outcome.findings.iter().map(|f| f.words.as_str()).collect();
        assert!((outcome.measure - measure).abs() < 1e-9, "{id} measures {}, not {measure}: {words:#?}", outcome.measure);
        assert!(words.contains(&says), "{id} says {words:#?}");
        self
    }
}

fn named(name: &str) -> Named {
    Named { id: name.to_lowercase().replace(' ', "-"), name: name.to_owned() }
}

fn case() -> Case {
    let calendar = Calendar { start: date(2028, 1, 1), unit: Unit::Quarter, count: 8 };
    let count = calendar.count;
    let role = |name: &str, stage: usize, family: usize, difficulty: f64, level: u32| Role {
        named: named(name),
        stage: ix(stage),
        family: Some(ix(family)),
        difficulty,
        duration: Limits { min: 2, max: Some(6) },
        starts: always(count),
        requires: Levels::new(),
        develops: Levels::from([(ix(0), level)]),
        after: vec![],
        not_right_after: vec![],
        intensity: 0.0,
        visibility: 0.0,
    };
    let site = |name: &str, kind: usize, region: usize, lat: f64, lon: f64| Site {
        named: named(name),
        kind: Some(ix(kind)),
        country: Some(ix(region)),
        region: Some(ix(region)),
        at: Some(Coordinates { lat, lon }),
        requires: vec![],
        open: always(count),
        housing: None,
        arrivals: None,
    };
    let position = |id: &str, role: usize, site: usize, difficulty: f64| Position {
        id: id.to_owned(),
        role: ix(role),
        site: ix(site),
        seats: Table::new(vec![1; count]),
        demand: Table::new(vec![0; count]),
        priority: 1.0,
        manager: None,
        difficulty,
        support: 0.0,
        open: always(count),
    };
    let participant = |i: usize, name: &str| Participant {
        person: ix(i),
        named: named(name),
        cohort: ix(0),
        track: ix(0),
        home: None,
        target: None,
        level: 0.0,
        competencies: Levels::new(),
        credentials: BTreeMap::new(),
        history: vec![],
        current: None,
        mobility: Mobility::default(),
        ratings: Ratings::default(),
        minds_moves: 1.0,
        minds_waiting: 1.0,
        carried: 0.0,
        curriculum: vec![],
        barred_roles: vec![],
        barred_sites: vec![],
        barred_positions: vec![],
        pinned: vec![],
        timeline: Timeline { periods: calendar.periods().collect(), leave: BTreeMap::new(), cut: false, track_end: 8 },
    };
    Case {
        name: "tiny".into(),
        currency: "EUR".into(),
        sha256: String::new(),
        competencies: Table::new(vec![Competency { named: named("Leading people"), levels: 4 }]),
        stages: ["Area manager", "Operations manager", "General manager"].map(named).into_iter().collect(),
        families: ["operations", "transport"].map(String::from).into_iter().collect(),
        kinds: ["hub", "office"].map(String::from).into_iter().collect(),
        regions: ["Saxony", "Ile-de-France"].map(String::from).into_iter().collect(),
        countries: ["Germany", "France"].map(String::from).into_iter().collect(),
        credentials: Table::new(vec!["French".to_owned()]),
        roles: Table::new(vec![
            role("Area manager", AM, 0, 2.0, 1),
            role("Operations manager", OM, 0, 4.0, 2),
            role("Transport lead", OM, 1, 5.0, 2),
            role("General manager", GM, 0, 7.0, 3),
        ]),
        sites: Table::new(vec![site("Leipzig", 0, 0, 51.34, 12.37), site("Dresden", 0, 0, 51.05, 13.74), site("Paris", 1, 1, 48.86, 2.35)]),
        positions: Table::new(vec![
            position("area-leipzig", AREA, LEIPZIG, 2.0),
            position("area-dresden", AREA, DRESDEN, 2.0),
            position("ops-leipzig", OPS, LEIPZIG, 4.0),
            position("ops-dresden", OPS, DRESDEN, 4.0),
            position("lead-paris", LEAD, PARIS, 5.0),
            position("general-paris", GENERAL, PARIS, 7.0),
        ]),
        people: ["Ana Ruiz", "Bo Chen", "Mia Voss"].iter().map(|n| Person { named: named(n), reports_to: None }).collect(),
        mentors: Table::new(vec![Mentor {
            person: ix(2),
            named: named("Mia Voss"),
            site: Some(ix(LEIPZIG)),
            capacity: Table::new(vec![1; count]),
            reach: Some(Within::Anywhere),
            stages: None,
            families: None,
            available: always(count),
        }]),
        tracks: Table::new(vec![Track {
            named: named("Pathway"),
            length: 8,
            entry_level: 0.0,
            stages: vec![],
            curriculum: vec![],
            capstone: vec![],
            breadth_families: 0,
            breadth_sites: 0,
        }]),
        targets: Table::new(vec![Target { named: named("Site director"), requires: Levels::from([(ix(0), 2)]), experience: vec![], needed: vec![] }]),
        cohorts: Table::new(vec![Cohort { named: named("2028"), track: ix(0), start: 0 }]),
        participants: Table::new(vec![participant(ANA, "Ana Ruiz"), participant(BO, "Bo Chen")]),
        groups: Table::new(vec![Group { id: "pair".into(), members: vec![ix(BO), ix(ANA)], kind: GroupKind::Together, within: Within::Site }]),
        relocation: Relocation::default(),
        baseline: vec![],
        calendar,
    }
}

fn always(count: usize) -> Table<Period, bool> {
    Table::new(vec![true; count])
}
