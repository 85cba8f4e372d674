//! Choices between plans: places, frontiers, alternatives, swaps and stress, each held against another way to find it out.
#![cfg(feature = "plan")]

mod common;

use std::collections::BTreeMap;
use std::sync::Mutex;

use rungs::audit::{audit, measure};
use rungs::brief::{brief, evaluate};
use rungs::change::{Rates, StageRates, retake};
use rungs::desk::{
    Between, Frontier, Settled, Stress, Unlike, assign_mentors, frontier, places, settle, similarity, stress, swaps, unfilled, unlike,
};
use rungs::domain::{Case, Mode, ParticipantIx, Placement, Plan, Policy, Setting};
use rungs::explain::{Ask, own_costs, resolve};
use rungs::generate::{Profile, Recipe, generate};
use rungs::rules::{RULES, Reach, RuleIx, find};
use rungs::solve::{Listener, Method, Options, Stop, solve_by};
use rungs::words::Index;
use serde_json::{Value, json};

use common::{folder_with, rungs, small, text};

fn silent<'l>() -> Listener<'l> {
    Mutex::new(Box::new(|_| {}))
}

fn planned(case: &Case, policy: &Policy) -> Option<Settled> {
    let told = brief(case, policy);
    let solved = solve_by(Method::Exact, &told, &Options::default(), None, &silent(), &Stop::default()).expect("HiGHS runs");
    Some(settle(case, policy, &told, solved.paths.as_ref()?, &solved).expect("audited"))
}

/// A programme of a dozen people over six quarters.
fn programme(seed: u64) -> rungs::change::Changed {
    retake(generate(&Recipe { periods: Some(6), ..Recipe::new(Profile::Operations, 12, seed) })).expect("sound")
}

fn off(policy: &Policy, id: &str) -> Policy {
    let ix = find(id).expect("a rule");
    policy.clone().with(ix, Setting { mode: Mode::Off, ..policy.of(ix).clone() })
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-5 * b.abs().max(1.0)
}

#[test]
fn places_cost_what_the_audit_says_break_nothing_and_the_best_is_the_best() {
    let (mut seen, mut displacing, mut best, mut solved) = (0, 0, 0, 0);
    for (seed, case, policy) in (0..).filter_map(|seed| common::case(seed, common::SMALL).map(|(c, p)| (seed, c, p))).take(120) {
        let Some(settled) = planned(&case, &policy) else { continue };
        let Some((who, _)) = settled.plan.paths.iter().find(|(_, path)| !path.is_empty()) else { continue };
        let mut less = settled.plan.clone();
        less.paths[who].clear();
        let told = brief(&case, &policy);
        let before = evaluate(&told, &less).expect("on the timelines").hard;
        let offers = places(&case, &policy, &less, who, 20).expect("no fault");
        let mut whole: Option<f64> = None;
        for offer in &offers {
            let with = assign_mentors(&told, offer.taken(&less, who)).expect("mentors");
            let amounts = evaluate(&told, &with).expect("on the timelines");
            assert!(amounts.hard.keys().all(|broken| before.contains_key(broken)), "seed {seed}: {:?} breaks {:?}", offer, amounts.hard);
            // What the plan costs beside the offer is the same for all of them.
            let beside = measure(&case, &policy, &with).objective() - offer.points;
            assert!(same(beside, *whole.get_or_insert(beside)), "seed {seed}: {offer:?}");
            assert!(same(offer.rules.iter().map(|(_, points)| points).sum(), offer.points));
            let others = case.participants.ids().filter(|p| {
                *p != who && with.paths[*p].len() != less.paths[*p].len() || {
                    let spans = |plan: &Plan| plan.paths[*p].iter().map(|x| (x.position, x.from, x.until)).collect::<Vec<_>>();
                    *p != who && spans(&with) != spans(&less)
                }
            });
            let moved: Vec<ParticipantIx> = others.collect();
            assert!(moved.iter().all(|p| offer.displaced.as_ref().is_some_and(|(d, _)| d == p)), "only who makes way moves");
            displacing += usize::from(offer.displaced.is_some());
            seen += 1;
        }
        let firsts: Vec<_> = offers.iter().filter(|o| o.displaced.is_none()).map(|o| o.path[0].position).collect();
        let mut distinct = firsts.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), firsts.len(), "first placements differ");
        let ask = Ask { from: &less, wish: None, alone: Some(who), method: Method::Exact, options: &Options::default(), stop: &Stop::default() };
        let (Some(resolved), _) = resolve(&case, &policy, &ask).expect("HiGHS runs") else { continue };
        let cheapest = offers.iter().filter(|o| o.displaced.is_none()).map(|o| o.points).fold(f64::INFINITY, f64::min);
        if let Some(beside) = whole.filter(|_| !resolved.plan.paths[who].is_empty() && cheapest.is_finite()) {
            solved += 1;
            assert!(cheapest + beside >= resolved.objective - 1e-5 * resolved.objective.abs().max(1.0) - 1e-3, "seed {seed}: better than the best");
            best += usize::from(cheapest + beside <= resolved.objective + 1e-3);
        }
    }
    assert!(seen > 60 && displacing > 0 && solved > 20, "{seen} offers, {displacing} displacing, {solved} solved");
    assert!(best * 20 >= solved * 19, "{best} of {solved} are the best");
}

/// The frontier between two rules by a method; every plan audited, no plan dominated, every bound kept and below the cost.
fn between(case: &Case, policy: &Policy, rules: &[RuleIx], method: Method) -> Frontier {
    let options = Options { gap: if method == Method::Exact { 1e-6 } else { 0.005 }, ..Options::default() };
    let asked = Between { rules, levels: 2, method, options: &options, stop: &Stop::default() };
    let found = frontier(case, policy, &asked, || {}).expect("no fault").expect("plans");
    for point in &found.points {
        let seen = audit(case, policy, &point.settled.plan);
        assert!(seen.legal() && same(seen.objective(), point.settled.objective));
        assert!(point.bound.is_some_and(|b| b <= point.settled.objective + 1e-6), "{:?}", point.bound);
        assert!(found.points.iter().all(|other| !point.dominated(other)));
        if let Some((rule, limit)) = point.pressed {
            assert!(seen.of(rule).is_none_or(|o| o.cost <= limit + 1e-4), "{} beyond {limit}", seen.of(rule).map_or(0.0, |o| o.cost));
        }
    }
    found
}

#[test]
fn a_frontier_is_undominated_and_both_methods_agree_on_it() {
    for seed in [5, 7] {
        let base = programme(seed);
        let (case, policy) = (&base.taken.case, &base.taken.policy);
        let rules = ["preference", "relocation"].map(|id| find(id).expect("a rule"));
        let (exact, columns) = (between(case, policy, &rules, Method::Exact), between(case, policy, &rules, Method::Columns));
        assert!(exact.points.len() >= 3 && columns.points.len() >= 2, "{} and {}", exact.points.len(), columns.points.len());
        for point in exact.points.iter().filter(|p| p.pressed.is_some()) {
            assert!(point.gap().is_some_and(|g| g <= 1e-5), "{:?}", point.gap());
        }
        // A plan of the one that keeps a bound of the other costs no less than what is proven there.
        for (a, b) in columns.points.iter().flat_map(|a| exact.points.iter().map(move |b| (a, b))) {
            for (by, of) in [(a, b), (b, a)] {
                let keeps = of.pressed.is_none_or(|(rule, limit)| by.settled.audit.of(rule).is_none_or(|o| o.cost <= limit));
                assert!(!keeps || by.settled.objective >= of.bound.expect("proven") - 1e-4, "{:?} {:?}", by.pressed, of.pressed);
            }
        }
    }
}

#[test]
fn alternatives_cost_little_more_and_differ() {
    let base = programme(3);
    let (case, policy) = (&base.taken.case, &base.taken.policy);
    let first = planned(case, policy).expect("a plan");
    for method in [Method::Exact, Method::Columns] {
        let options = Options { gap: 0.01, ..Options::default() };
        let asked = Unlike { count: if method == Method::Exact { 2 } else { 1 }, within: 0.03, method, options: &options, stop: &Stop::default() };
        let found = unlike(case, policy, &first, &asked, || {}).expect("no fault");
        assert_eq!(found.len(), asked.count, "{method:?}");
        for other in &found {
            assert!(measure(case, policy, &other.plan).legal() && other.objective <= first.objective * 1.03 + 1e-4);
            let like = similarity(case, &first.plan, &other.plan);
            assert!(like < 0.9, "{method:?}: {like}");
            assert_eq!(like, similarity(case, &other.plan, &first.plan));
        }
        assert!(found.get(1).is_none_or(|second| similarity(case, &found[0].plan, &second.plan) < 1.0));
    }
    assert_eq!(similarity(case, &first.plan, &first.plan), 1.0);
}

#[test]
fn swaps_make_nobody_worse_off_and_none_is_missed() {
    let base = programme(5);
    let (case, policy) = (&base.taken.case, &base.taken.policy);
    // A plan that knows nothing of wishes leaves something to swap.
    let blind = planned(case, &off(policy, "preference")).expect("a plan").plan;
    let seen = audit(case, policy, &blind);
    let path_rule = |ix: &RuleIx| RULES[ix.index()].reach == Reach::Path;
    let own = |audit: &rungs::audit::Audit, p| own_costs(audit, p).into_iter().filter(|(ix, _)| path_rule(ix)).map(|(_, points)| points).sum::<f64>();
    let found = swaps(case, policy, &blind, 3, 1000, 1).expect("no fault");
    assert!(found.whole && !found.gentle.is_empty() && !found.cheap.is_empty());
    assert!(found.cheap.is_sorted_by(|a, b| a.points <= b.points));
    for swap in found.gentle.iter().chain(&found.cheap) {
        let now = audit(case, policy, &swap.plan);
        assert!(now.legal() && same(now.objective() - seen.objective(), swap.points));
        for (p, points) in &swap.who {
            assert!(same(own(&now, *p) - own(&seen, *p), *points), "{} is not {points}", own(&now, *p) - own(&seen, *p));
        }
    }
    for swap in &found.gentle {
        assert!(swap.who.iter().all(|(_, points)| *points <= 1e-6) && swap.who.iter().any(|(_, points)| *points < 0.0));
    }
    // By brute force: everyone's whole path for everyone else's.
    let told = brief(case, policy);
    let bare = |path: &[Placement]| path.iter().map(|pl| Placement { mentors: Vec::new(), ..pl.clone() }).collect::<Vec<_>>();
    let mut gentle = 0;
    for (p, q) in case.participants.ids().flat_map(|p| case.participants.ids().filter(move |q| p < *q).map(move |q| (p, q))) {
        let mut with = blind.clone();
        with.paths = with.paths.rows().iter().map(|path| bare(path)).collect();
        let (a, b) = (with.paths[p].clone(), with.paths[q].clone());
        (with.paths[p], with.paths[q]) = (b, a);
        let Ok(with) = assign_mentors(&told, with) else { continue };
        let now = measure(case, policy, &with);
        let change = [own(&now, p) - own(&seen, p), own(&now, q) - own(&seen, q)];
        if now.legal() && change.iter().all(|c| *c <= 1e-7) && change.iter().any(|c| *c < -1e-5) {
            gentle += 1;
            let is = |swap: &rungs::desk::Swap| {
                swap.plan.paths[p].len() == with.paths[p].len()
                    && bare(&swap.plan.paths[p]) == bare(&with.paths[p])
                    && bare(&swap.plan.paths[q]) == bare(&with.paths[q])
            };
            assert!(found.gentle.iter().any(is), "{p:?} and {q:?} could swap");
        }
    }
    assert!(found.gentle.len() >= gentle);
}

#[test]
fn stress_is_the_same_whatever_the_threads_and_nothing_happens_where_nothing_can() {
    let base = programme(3);
    let (case, policy) = (&base.taken.case, &base.taken.policy);
    let plan = planned(case, policy).expect("a plan").plan;
    let options = Options { gap: 0.05, ..Options::default() };
    let run = |rates: StageRates, threads: usize| {
        let rates = Rates::alike(case, rates, 1, 2);
        let asked = Stress { raw: &base.raw, taken: &base.taken, plan: &plan, certificate: None, rates: &rates, draws: 4, seed: 7, reserve: &[] };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let legal = |changed: &rungs::change::Changed, done: &rungs::desk::Done| {
            measure(&changed.taken.case, &changed.taken.policy, &done.settled.plan).legal()
        };
        pool.install(|| stress(&asked, &options, &Stop::default(), legal, || {})).expect("no fault")
    };
    let calm = run(StageRates::default(), 2);
    assert!(calm.iter().all(|d| d.events.is_empty() && d.stressed.is_some_and(|s| s.touched == 0 && s.empty == unfilled(case, &plan).0)));
    let rates = StageRates { drop_out: 0.05, no_show: 0.05, delay: 0.05, closure: 0.05 };
    let (one, three) = (run(rates, 1), run(rates, 3));
    let outcome = |draws: &[rungs::desk::Draw<bool>]| draws.iter().map(|d| (d.events.clone(), d.stressed)).collect::<Vec<_>>();
    assert_eq!(outcome(&one), outcome(&three));
    assert!(one.iter().any(|d| !d.events.is_empty()) && one.iter().all(|d| d.seen != Some(false)));
}

/// Three people, one rung, four quarters, one seat in each of three places.
fn three() -> Value {
    let mut value = small();
    let third = json!({"id": "cy", "name": "Cy Okoro", "cohort": "c27", "ratings": {"sites": {"leipzig": 1, "halle": -1}}});
    value["participants"].as_array_mut().expect("a list").push(third);
    value["rules"]["stretch"] = json!({"weight": 2});
    value
}

/// The plan in which two have the seats that the other one wishes for, and the third has none yet.
fn crossed() -> String {
    json!({"placements": [
        {"participant": "ana", "position": "d", "from": 0, "until": 4}, {"participant": "bo", "position": "l", "from": 0, "until": 4}
    ]})
    .to_string()
}

#[test]
fn a_late_arrival_is_offered_places_and_placed() {
    let folder = folder_with(&three(), &[("p.json", &crossed())]);
    let run = rungs(folder.path(), &["place", "i.json", "Cy Okoro", "--plan", "p.json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    insta::assert_snapshot!(text(&run.stdout));
    let run = rungs(folder.path(), &["place", "i.json", "cy", "--plan", "p.json", "--take", "1", "-o", "n.json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let check = rungs(folder.path(), &["check", "i.json", "n.json"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
    let placed = rungs(folder.path(), &["place", "i.json", "ana", "--plan", "p.json"]);
    assert_eq!(placed.status.code(), Some(2));
    assert!(text(&placed.stderr).contains("has a place"), "{}", text(&placed.stderr));
}

#[test]
fn swaps_are_shown_and_made() {
    let folder = folder_with(&three(), &[("p.json", &crossed())]);
    let run = rungs(folder.path(), &["swaps", "i.json", "--plan", "p.json", "-o", "n.json"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    insta::assert_snapshot!(text(&run.stderr).replace("\nwritten: n.json\n", ""));
    let plan: Value = serde_json::from_slice(&std::fs::read(folder.path().join("n.json")).expect("written")).expect("JSON");
    let of: BTreeMap<&str, &str> =
        plan["placements"].as_array().expect("a list").iter().filter_map(|p| Some((p["participant"].as_str()?, p["position"].as_str()?))).collect();
    assert_eq!((of["ana"], of["bo"]), ("l", "d"));
}

#[test]
fn rules_are_traded_in_a_table_as_data_and_as_a_picture() {
    let mut instance = three();
    instance["rules"]["coverage"] = json!({"weight": 12});
    let folder = folder_with(&instance, &[]);
    let args =
        ["tradeoff", "i.json", "--between", "preference", "coverage", "--points", "2", "-o", "t.csv", "--svg", "t.svg", "--plans", "plans", "-q"];
    let run = rungs(folder.path(), &args);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    insta::assert_snapshot!(text(&run.stderr));
    let csv = std::fs::read_to_string(folder.path().join("t.csv")).expect("written");
    assert!(csv.starts_with("plan,pressed,at_most,preference,coverage,all_else,total,bound,gap\n"), "{csv}");
    let svg = std::fs::read_to_string(folder.path().join("t.svg")).expect("written");
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    for n in 1..csv.lines().count() {
        let check = rungs(folder.path(), &["check", "i.json", &format!("plans/{n}.plan.json")]);
        assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
    }
    let refused = |rule: &str| text(&rungs(folder.path(), &["tradeoff", "i.json", "--between", "preference", rule]).stderr);
    assert!(refused("peers").contains("is off") && refused("seats").contains("is hard") && refused("relocaton").contains("did you mean"));
}

#[test]
fn alternatives_are_listed_with_how_alike_they_are() {
    let folder = folder_with(&three(), &[]);
    let run = rungs(folder.path(), &["alternatives", "i.json", "-n", "2", "--within", "100%", "-o", "a.csv", "--plans", "plans", "-q"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let said = text(&run.stderr);
    assert_eq!(said.lines().find(|line| line.chars().count() > 80), None, "{said}");
    let csv = std::fs::read_to_string(folder.path().join("a.csv")).expect("written");
    assert!(csv.lines().count() >= 3, "{csv}\n{said}");
    assert_eq!(rungs(folder.path(), &["check", "i.json", "plans/1.plan.json"]).status.code(), Some(0));
}

#[test]
fn a_plan_is_put_under_stress_and_bad_rates_are_listed() {
    let bad = "drop_out = 2\n\n[stages.tem]\nclosure = 0.1\n\n[stages.team]\ndelay = -1\n";
    let folder = folder_with(&three(), &[("r.toml", bad), ("s.toml", "delay = 0.5\n[stages.team]\nclosure = 0.4\n")]);
    assert_eq!(rungs(folder.path(), &["plan", "i.json", "-o", "p.json", "-q"]).status.code(), Some(0));
    let run = |file: &str, rates: &str, threads: &str| {
        let args =
            ["stress", "i.json", "--plan", "p.json", "--rates", rates, "--draws", "6", "-o", file, "--svg", "s.svg", "--threads", threads, "-q"];
        rungs(folder.path(), &args)
    };
    let refused = run("x.csv", "r.toml", "1");
    assert_eq!(refused.status.code(), Some(3));
    insta::assert_snapshot!(text(&refused.stderr));
    let done = run("a.json", "s.toml", "1");
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    insta::assert_snapshot!(text(&done.stderr));
    assert_eq!(run("b.json", "s.toml", "3").status.code(), Some(0));
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect("written");
    assert_eq!(read("a.json"), read("b.json"), "the same bytes whatever the threads");
    assert_eq!(run("c.csv", "s.toml", "2").status.code(), Some(0));
    assert!(text(&read("c.csv")).lines().count() >= 7 && text(&read("s.svg")).contains("<rect"));
}
