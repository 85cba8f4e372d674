//! Networks against the brief: whatever way is taken through a participant's network, its events are those of the path it
//! stands for, its states charge what the sentences measure of that path, and every path that no hard sentence forbids is there.
#![cfg(feature = "plan")]

mod common;

use petgraph::graph::{EdgeIndex, NodeIndex};
use rand::{Rng, RngExt};
use rungs::brief::{Brief, Choice, End, Events, Move, Sentence, Stamp, brief, evaluate, events};
use rungs::desk::plan_of;
use rungs::domain::{Case, Mode, ParticipantIx, Plan, Policy, RoleIx, Setting, Subject};
use rungs::intake::intake;
use rungs::network::{Arc, Network};
use rungs::rules::{Default, RULES, Reach, RuleIx, find, rule};
use rungs::solve::Paths;
use rungs::words::{Index, Table};
use serde_json::json;

const CASES: usize = 600;
const WALKS: usize = 12;
/// Walks after which a network is no more walked whole.
const MOST_WALKS: usize = 3_000;
/// Arcs that the states may take: none, hardly any, plenty.
const BUDGETS: [usize; 3] = [0, 60, 20_000];

#[test]
fn a_walk_is_charged_what_the_brief_measures() {
    let (mut walks, mut charged) = (0, 0);
    for (seed, case, policy) in cases() {
        let whole = brief(&case, &policy);
        let alone: Vec<Brief<'_>> = (0..whole.told.len()).map(|i| only(&case, &policy, i)).collect();
        let mut dice = common::stream(seed);
        for p in planned(&case) {
            for budget in BUDGETS {
                let network = Network::new(&whole, p, budget);
                for _ in 0..WALKS {
                    let Some(taken) = stroll(&network, &mut dice) else { break };
                    walks += 1;
                    let path = path_of(&network, &taken);
                    let plan = plan_of(&case, &only_path(&case, p, &path));
                    let real = events(&case, &plan, p).expect("a walk is a path");
                    let context = || format!("seed {seed}, participant {p:?}, budget {budget}: {path:?}\n{}", common::instance(seed, common::SMALL));
                    same_events(&whole, &network, &taken, &real, &context);
                    for sentence in &network.carried {
                        let amount = amount(&alone[*sentence], &plan, p);
                        let owed = taken.iter().flat_map(|e| &network.graph[*e].owed).filter(|(s, _)| s == sentence);
                        let owed: f64 = owed.map(|(_, bits)| f64::from_bits(*bits)).sum();
                        let id = rule(whole.told[*sentence].rule).id;
                        assert!((owed - amount).abs() <= 1e-6, "{id} charges {owed}, the brief {amount}; {}", context());
                        charged += usize::from(owed > 0.0);
                        assert!(owed == 0.0 || whole.told[*sentence].stamp != Stamp::Hard, "{id} is hard; {}", context());
                    }
                    assert_eq!(network.walk(&path).map(|edges| edges.len()), Some(taken.len()), "{}", context());
                }
            }
        }
    }
    assert!(walks > 2_000 && charged > 500, "{walks} walks, {charged} charges");
}

#[test]
fn what_nothing_forbids_is_there() {
    let (mut there, mut forbidden) = (0, 0);
    for (seed, case, policy) in cases() {
        let whole = brief(&case, &policy);
        let alone: Vec<Brief<'_>> = (0..whole.told.len()).map(|i| only(&case, &policy, i)).collect();
        let networks: Vec<Network> = planned(&case).flat_map(|p| BUDGETS.map(|budget| Network::new(&whole, p, budget))).collect();
        for draw in 0..WALKS as u64 {
            let plan = common::plan(&case, seed * 1_000 + draw);
            for network in &networks {
                let p = network.participant;
                let path = events(&case, &plan, p).expect("on the timeline").choices;
                let broken = |i: &usize| whole.told[*i].stamp == Stamp::Hard && amount(&alone[*i], &plan, p) > 0.0;
                let gates = |i: &usize| matches!(whole.told[*i].sentence, Sentence::Choice(_) | Sentence::Move { .. } | Sentence::End(_));
                let seen_by_network = (0..whole.told.len()).filter(|i| gates(i) || network.carried.binary_search(i).is_ok()).find(broken);
                let found = network.walk(&path).is_some();
                let context = || format!("seed {seed}, participant {p:?}: {path:?}\n{}", common::instance(seed, common::SMALL));
                if let Some(i) = seen_by_network {
                    forbidden += 1;
                    assert!(!found, "{} forbids it; {}", rule(whole.told[i].rule).id, context());
                } else {
                    there += 1;
                    // States may leave out more than they carry whole: then some other hard sentence forbids the path.
                    assert!(found || (0..whole.told.len()).any(|i| broken(&i)), "nothing forbids it; {}", context());
                }
            }
        }
    }
    assert!(there > 500 && forbidden > 500, "{there} paths allowed, {forbidden} forbidden");
}

/// Where only a later year's budget tells placements apart, they are apart from the start.
#[test]
fn rows_of_every_period_are_heard() {
    let off = ["harder-than-last", "stretch", "no-repeat", "relocation"].map(|id| (id.to_owned(), json!({"mode": "off"})));
    let positions = ["a", "b", "c"].map(|site| json!({"id": site, "role": "r", "site": site}));
    let instance = json!({
        "format": "rungs/1", "calendar": {"start": "2027-07-01", "unit": "quarter", "count": 4},
        "stages": [{"id": "s"}], "roles": [{"id": "r", "stage": "s", "difficulty": 1}],
        "sites": [{"id": "a", "lat": 50, "lon": 0}, {"id": "b", "lat": 51, "lon": 0}, {"id": "c", "lat": 53, "lon": 0}],
        "positions": positions,
        "tracks": [{"id": "t", "length": 4}], "cohorts": [{"id": "c", "track": "t", "start": 0}], "participants": [{"id": "p", "cohort": "c"}],
        "relocation": {"per_km": 1, "budget": {"per_year": {"2028": 100}}},
        "rules": serde_json::Map::from_iter(off),
    });
    let taken = intake(instance.to_string().as_bytes()).expect("a sound instance");
    let brief = brief(&taken.case, &taken.policy);
    let p = planned(&taken.case).next().expect("one");
    let network = Network::new(&brief, p, 0);
    let mut walks = 0;
    for walk in every_walk(&network) {
        let path = path_of(&network, &walk);
        let real = events(&taken.case, &plan_of(&taken.case, &only_path(&taken.case, p, &path)), p).expect("a walk is a path");
        same_events(&brief, &network, &walk, &real, &|| format!("{path:?}"));
        walks += 1;
    }
    assert!(walks > 100, "{walks} walks");
}

/// What is left out for its price must be: against every walk, one by one.
#[test]
fn the_cheapest_path_through_an_arc_is_found() {
    let (mut whole, mut arcs) = (0, 0);
    for (seed, case, policy) in cases() {
        let brief = brief(&case, &policy);
        let mut dice = common::stream(seed);
        for p in planned(&case) {
            let network = Network::new(&brief, p, 0);
            let prices: Vec<f64> = network.graph.edge_indices().map(|_| f64::from(dice.random_range(0..4u8))).collect();
            let mut cheapest = vec![f64::INFINITY; prices.len()];
            let mut walks = every_walk(&network);
            for taken in walks.by_ref().take(MOST_WALKS) {
                let price: f64 = taken.iter().map(|e| prices[e.index()]).sum();
                taken.iter().for_each(|e| cheapest[e.index()] = cheapest[e.index()].min(price));
            }
            let found = network.cheapest_through(|e| prices[e.index()]);
            let context = || format!("seed {seed}, participant {p:?}");
            if walks.next().is_none() {
                assert_eq!(found, cheapest, "{}", context());
                whole += 1;
            }
            assert!(found.iter().zip(&cheapest).all(|(a, b)| a <= b), "{}", context());
            arcs += found.len();
        }
    }
    assert!(whole > 200 && arcs > 10_000, "{whole} networks walked whole, {arcs} arcs");
}

/// Every way from the source to the sink, one after the other.
fn every_walk(network: &Network) -> impl Iterator<Item = Vec<EdgeIndex>> {
    let mut open: Vec<(NodeIndex, Vec<EdgeIndex>)> = network.source.map(|s| (s, Vec::new())).into_iter().collect();
    std::iter::from_fn(move || {
        loop {
            let (node, taken) = open.pop()?;
            let before = open.len();
            open.extend(network.edges(node).map(|(edge, to, _)| (to, taken.iter().copied().chain([edge]).collect())));
            if open.len() == before {
                return Some(taken);
            }
        }
    })
}

/// Random cases; in every other one the rules of one path that can be soft are, so that walks break them.
fn cases() -> impl Iterator<Item = (u64, Case, Policy)> {
    let valid = (0..).filter_map(|seed| common::case(seed, common::SMALL).map(|(case, policy)| (seed, case, policy)));
    valid.take(CASES).map(|(seed, case, policy)| {
        let policy = if seed % 2 == 0 { softened(policy) } else { policy };
        if seed % 3 == 0 { alike(seed, case, policy) } else { (seed, case, policy) }
    })
}

/// Positions that hardly anything tells apart, so that the classes of a network are few: of the rules that hear moves only one
/// is left, and in some cases no placement may follow another.
fn alike(seed: u64, mut case: Case, mut policy: Policy) -> (u64, Case, Policy) {
    let hearing = ["harder-than-last", "stretch", "arrivals", "moves", "relocation", "budget", "mobility"];
    let kept = hearing[seed as usize / 3 % hearing.len()];
    for id in hearing.iter().filter(|id| **id != kept) {
        let ix = find(id).expect("a rule");
        let setting = policy.of(ix).clone();
        policy = policy.with(ix, Setting { mode: Mode::Off, ..setting });
    }
    for p in case.participants.ids() {
        let mobility = &mut case.participants[p].mobility;
        (mobility.max_moves, mobility.min_stay) = if seed.is_multiple_of(2) { (Some(1), 0) } else { (None, 3) };
    }
    let roles: Vec<RoleIx> = case.roles.ids().collect();
    for role in &roles {
        case.roles[*role].not_right_after = if seed.is_multiple_of(5) { roles.clone() } else { Vec::new() };
    }
    if seed.is_multiple_of(5) {
        let ix = find("after").expect("a rule");
        let setting = policy.of(ix).clone();
        policy = policy.with(ix, Setting { mode: Mode::Hard, ..setting });
    }
    (seed, case, policy)
}

fn softened(policy: Policy) -> Policy {
    RULES.iter().enumerate().filter(|(_, r)| r.reach == Reach::Path && r.default != Default::HardOnly).fold(policy, |policy, (i, _)| {
        let ix = RuleIx::new(i);
        let values = policy.of(ix).values.clone();
        policy.with(ix, Setting { mode: Mode::Soft, weight: 1.0, values })
    })
}

fn planned(case: &Case) -> impl Iterator<Item = ParticipantIx> {
    case.participants.iter().filter(|(_, p)| !p.timeline.is_empty()).map(|(p, _)| p)
}

/// The brief that says one sentence alone.
fn only<'c>(case: &'c Case, policy: &'c Policy, sentence: usize) -> Brief<'c> {
    let mut brief = brief(case, policy);
    let said = brief.told.swap_remove(sentence);
    Brief::new(case, vec![said])
}

fn only_path(case: &Case, p: ParticipantIx, path: &[Choice]) -> Paths {
    let mut paths: Paths = Table::new(vec![Vec::new(); case.participants.len()]);
    paths[p] = path.to_vec();
    paths
}

/// What the one sentence of a brief measures of a participant's path.
fn amount(alone: &Brief<'_>, plan: &Plan, p: ParticipantIx) -> f64 {
    let amounts = evaluate(alone, plan).expect("on the timeline");
    let of = |map: &std::collections::BTreeMap<(RuleIx, Subject), f64>| {
        map.iter().filter(|((_, s), _)| *s == Subject::Participant(p)).map(|(_, a)| *a).sum::<f64>()
    };
    of(&amounts.hard) + of(&amounts.soft)
}

/// Some way from the source to the sink; `None` if there is no path at all.
fn stroll(network: &Network, dice: &mut impl Rng) -> Option<Vec<EdgeIndex>> {
    let (mut node, mut taken) = (network.source?, Vec::new());
    loop {
        let out: Vec<_> = network.edges(node).map(|(edge, to, _)| (edge, to)).collect();
        if out.is_empty() {
            return Some(taken);
        }
        let (edge, to) = out[dice.random_range(0..out.len())];
        taken.push(edge);
        node = to;
    }
}

fn path_of(network: &Network, taken: &[EdgeIndex]) -> Vec<Choice> {
    taken.iter().filter_map(|e| if let Arc::Place(c) = network.graph[*e].event { Some(c) } else { None }).collect()
}

/// Moves and ends name a member of a class: no sentence may tell it from the real one.
fn same_events(brief: &Brief<'_>, network: &Network, taken: &[EdgeIndex], real: &Events, context: &dyn Fn() -> String) {
    let arcs = || taken.iter().map(|e| &network.graph[*e].event);
    let moves: Vec<(Move, usize)> = arcs().filter_map(|a| if let Arc::Move(m, tick) = a { Some((*m, *tick)) } else { None }).collect();
    let ends: Vec<End> = arcs().filter_map(|a| if let Arc::End(end) = a { Some(*end) } else { None }).collect();
    let last_busy = real.end.at;
    let waits: Vec<usize> = arcs().filter_map(|a| if let Arc::Wait(t) = a { Some(*t) } else { None }).collect();
    assert_eq!(waits, real.waits, "idle ticks before the last placement, which ends at {last_busy}; {}", context());
    assert_eq!((moves.len(), ends.len()), (real.moves.len(), 1), "{}", context());
    assert_eq!(ends[0].finished(brief.case), real.end.finished(brief.case), "{}", context());
    let periods = &brief.case.participants[network.participant].timeline.periods;
    for told in &brief.told {
        let id = rule(told.rule).id;
        for ((m, tick), (real, choice)) in moves.iter().zip(real.moves.iter().zip(&real.choices)) {
            assert_eq!((*tick, m.continues), (choice.first, real.continues), "{}", context());
            let heard = |m: &Move| match &told.sentence {
                Sentence::Move { amount, .. } => vec![amount(m)],
                Sentence::Count { mv: Some(f), who, .. } if who.includes(network.participant) => vec![f(m)],
                Sentence::Spacing { mv: f, who, .. } if who.includes(network.participant) => vec![f64::from(u8::from(f(m)))],
                Sentence::Rows { mv: Some(f), .. } => {
                    let mut sums = Vec::new();
                    f(m, periods[*tick], &mut |row, amount| sums.extend([row as f64, amount]));
                    sums
                }
                _ => Vec::new(),
            };
            assert_eq!(heard(m), heard(real), "{id} tells {m:?} from {real:?}; {}", context());
        }
        if let Sentence::End(f) = &told.sentence {
            assert_eq!(f(&ends[0]), f(&real.end), "{id} tells {:?} from {:?}; {}", ends[0], real.end, context());
        }
    }
}
