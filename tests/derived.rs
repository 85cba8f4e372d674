//! What follows from the facts (MODEL.md, sections 1 and 2), checked by hand: both halves of every rule read these, so that
//! holding one half against the other can't show a fault here.

use rungs::domain::{Before, Case, Within};
use rungs::intake::intake;
use rungs::words::{Coordinates, Index};
use serde_json::{Value, json};

fn taken(change: impl FnOnce(&mut Value)) -> Case {
    let mut instance = json!({
        "format": "rungs/1",
        "calendar": {"start": "2027-01-01", "unit": "quarter", "count": 8},
        "competencies": [{"id": "lead", "levels": 3}],
        "stages": [{"id": "low"}, {"id": "high"}],
        "roles": [
            {"id": "run", "stage": "low", "family": "ops", "difficulty": 1},
            {"id": "plan", "stage": "low", "difficulty": 2},
            {"id": "head", "stage": "high", "family": "staff", "difficulty": 4},
        ],
        "sites": [
            {"id": "a", "lat": 50.0, "lon": 8.0, "region": "north", "country": "DE", "kind": "plant"},
            {"id": "b", "lat": 50.0, "lon": 9.0, "region": "north", "country": "DE", "kind": "office"},
            {"id": "c", "lat": 48.0, "lon": 2.0, "country": "FR"},
            {"id": "d"},
            {"id": "e"},
        ],
        "positions": [
            {"id": "run-a", "role": "run", "site": "a", "manager": "mid"},
            {"id": "plan-b", "role": "plan", "site": "b"},
            {"id": "head-c", "role": "head", "site": "c", "difficulty_add": 0.5},
            {"id": "run-d", "role": "run", "site": "d"},
            {"id": "plan-e", "role": "plan", "site": "e"},
        ],
        "people": [{"id": "top"}, {"id": "mid", "reports_to": "top"}, {"id": "low", "reports_to": "mid"}, {"id": "lowest", "reports_to": "low"}, {"id": "peer", "reports_to": "top"}],
        "mentors": [],
        "tracks": [{"id": "t", "length": 8}],
        "cohorts": [{"id": "c", "track": "t", "start": 0}],
        "participants": [{"id": "p", "cohort": "c"}],
        "relocation": {"base": 1000, "per_km": 2, "commute_km": 10, "pairs": [{"from": "c", "to": "a", "cost": 77}]},
    });
    change(&mut instance);
    match intake(instance.to_string().as_bytes()) {
        Ok(taken) => taken.case,
        Err(problems) => panic!("{problems:?}"),
    }
}

fn person(change: impl FnOnce(&mut Value)) -> Case {
    taken(|i| change(&mut i["participants"][0]))
}

const RUN_A: usize = 0;
const PLAN_B: usize = 1;
const HEAD_C: usize = 2;
const RUN_D: usize = 3;
const PLAN_E: usize = 4;
const START: Before = Before::Start;

fn ix<I: Index>(i: usize) -> I {
    I::new(i)
}

/// The kilometres and cost of a move to a position, if it is one.
#[track_caller]
fn moves(case: &Case, before: Before, to: usize, expected: Option<(f64, f64)>) {
    let found = case.relocating(ix(0), before, ix(to)).map(|r| (r.km, r.cost));
    match (found, expected) {
        (None, None) => {}
        (Some((km, cost)), Some((far, price))) => {
            assert!((km - far).abs() < 1e-6 && (cost - price).abs() < 1e-6, "{km} km for {cost}, not {expected:?}")
        }
        _ => panic!("{found:?}, not {expected:?}"),
    }
}

fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    Coordinates { lat: a.0, lon: a.1 }.km(Coordinates { lat: b.0, lon: b.1 })
}

#[test]
fn a_move_is_a_change_of_site_beyond_the_commute() {
    let from_a = Before::Placement(ix(RUN_A));
    let ab = km((50.0, 8.0), (50.0, 9.0));
    let case = taken(|_| ());
    moves(&case, from_a, RUN_A, None);
    moves(&case, from_a, PLAN_B, Some((ab, 1000.0 + 2.0 * ab)));
    for (commute, is_move) in [(ab, false), (ab - 1e-10, false), (ab + 1.0, false), (ab - 1e-3, true)] {
        let near = taken(|i| i["relocation"]["commute_km"] = json!(commute));
        assert_eq!(near.relocating(ix(0), from_a, ix(PLAN_B)).is_some(), is_move, "within {commute} km");
        moves(&near, from_a, RUN_A, None);
    }
    // The pair is listed from c to a: it holds both ways, for a move and not within the commute.
    moves(&case, from_a, HEAD_C, Some((km((50.0, 8.0), (48.0, 2.0)), 77.0)));
    moves(&case, Before::Placement(ix(HEAD_C)), RUN_A, Some((km((50.0, 8.0), (48.0, 2.0)), 77.0)));
    moves(&taken(|i| i["relocation"]["commute_km"] = json!(5000)), from_a, HEAD_C, None);
    // An unknown distance is a move of 0 km, even where everything is within the commute; staying there is none.
    moves(&case, from_a, RUN_D, Some((0.0, 1000.0)));
    moves(&taken(|i| i["relocation"]["commute_km"] = json!(5000)), Before::Placement(ix(RUN_D)), PLAN_E, Some((0.0, 1000.0)));
    moves(&case, Before::Placement(ix(RUN_D)), RUN_D, None);
}

#[test]
fn the_first_move_starts_from_current_else_history_else_home() {
    let history = json!([{"role": "head", "site": "c", "periods": 2}, {"role": "plan", "site": "b", "periods": 2}]);
    let ab = km((50.0, 8.0), (50.0, 9.0));
    let nowhere = taken(|_| ());
    moves(&nowhere, START, RUN_A, None);
    assert_eq!(
        (nowhere.site_before(ix(0), START), nowhere.role_before(ix(0), START), nowhere.level_before(ix(0), START)),
        (None, None, nowhere.participants[ix(0)].level)
    );
    let at_home = person(|p| p["home"] = json!("b"));
    moves(&at_home, START, PLAN_B, None);
    moves(&at_home, START, RUN_A, Some((ab, 1000.0 + 2.0 * ab)));
    assert_eq!(at_home.site_before(ix(0), START), None, "home is no placement");
    let off_site = person(|p| p["home"] = json!({"lat": 50.0, "lon": 8.5}));
    let half = km((50.0, 8.5), (50.0, 8.0));
    moves(&off_site, START, RUN_A, Some((half, 1000.0 + 2.0 * half)));
    moves(&off_site, START, RUN_D, Some((0.0, 1000.0)));
    moves(&person(|p| p["home"] = json!({"lat": 50.0, "lon": 8.01})), START, RUN_A, None);
    let seasoned = person(|p| (p["home"], p["history"]) = (json!("a"), history.clone()));
    moves(&seasoned, START, PLAN_B, None);
    assert_eq!((seasoned.site_before(ix(0), START), seasoned.role_before(ix(0), START)), (Some(ix(1)), Some(ix(1))), "the last of history");
    assert_eq!(seasoned.level_before(ix(0), START), 4.0, "the hardest role of history");
    let busy = person(|p| {
        p["home"] = json!("b");
        p["history"] = history;
        p["current"] = json!({"position": "run-a", "worked": 3});
    });
    moves(&busy, START, RUN_A, None);
    moves(&busy, START, PLAN_B, Some((ab, 1000.0 + 2.0 * ab)));
    assert_eq!((busy.site_before(ix(0), START), busy.role_before(ix(0), START), busy.level_before(ix(0), START)), (Some(ix(0)), Some(ix(0)), 1.0));
    assert_eq!(busy.step(ix(0), START, ix(HEAD_C)), 3.5, "with difficulty_add, from current's difficulty");
    let held: Vec<(usize, usize, u32)> = busy.held(ix(0)).iter().map(|h| (h.role.index(), h.site.index(), h.periods)).collect();
    assert_eq!(held, [(2, 2, 2), (1, 1, 2), (0, 0, 3)], "history, then current");
}

#[test]
fn a_rating_is_the_sum_of_all_that_applies() {
    let ratings = json!({"roles": {"run": 1}, "families": {"ops": 2}, "sites": {"a": 4}, "regions": {"north": 8}, "kinds": {"plant": 16}});
    let case = person(|p| p["ratings"] = ratings);
    let rated: Vec<f64> = case.positions.ids().map(|q| case.rating(ix(0), q)).collect();
    assert_eq!(rated, [31.0, 8.0, 0.0, 3.0, 0.0]);
    assert_eq!(case.rating_range(ix(0)), (0.0, 31.0));
}

#[test]
fn a_mentor_suits_by_reach_stage_family_and_line() {
    let suits = |mentor: Value, position: usize| {
        let case = taken(|i| i["mentors"] = json!([mentor]));
        case.mentor_suits(ix(0), ix(0), ix(position))
    };
    let reaches = |reach: Option<Value>, site: Option<&str>| -> Vec<usize> {
        let mut mentor = json!({"id": "peer"});
        if let Some(reach) = reach {
            mentor["reach"] = reach;
        }
        if let Some(site) = site {
            mentor["site"] = json!(site);
        }
        (RUN_A..=PLAN_E).filter(|q| suits(mentor.clone(), *q)).collect()
    };
    assert_eq!(reaches(None, Some("a")), [RUN_A], "their own site, unless said otherwise");
    assert_eq!(reaches(Some(json!("region")), Some("a")), [RUN_A, PLAN_B]);
    assert_eq!(reaches(Some(json!("region")), Some("d")), [0; 0], "a region that is not given is not shared");
    assert_eq!(reaches(Some(json!("country")), Some("c")), [HEAD_C]);
    assert_eq!(reaches(Some(json!(80)), Some("a")), [RUN_A, PLAN_B]);
    assert_eq!(reaches(Some(json!(60)), Some("a")), [RUN_A]);
    assert_eq!(reaches(Some(json!(9000)), Some("d")), [RUN_D], "an unknown distance is within no number of km");
    assert_eq!(reaches(Some(json!("anywhere")), None).len(), 5);
    assert_eq!(reaches(Some(json!("country")), None), [0; 0], "without a site only anywhere is in reach");

    let anywhere = |id: &str, more: Value| {
        let mut mentor = json!({"id": id, "reach": "anywhere"});
        mentor.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        mentor
    };
    let able = |mentor: Value| (RUN_A..=PLAN_E).filter(|q| suits(mentor.clone(), *q)).collect::<Vec<_>>();
    assert_eq!(able(anywhere("peer", json!({"stages": ["high"]}))), [HEAD_C]);
    assert_eq!(able(anywhere("peer", json!({"families": ["ops"]}))), [RUN_A, RUN_D], "a role without a family is in none of the mentor's");
    assert_eq!(able(anywhere("p", json!({}))), [0; 0], "not oneself");
    for (who, ok) in [("top", false), ("mid", false), ("low", false), ("lowest", false), ("peer", true)] {
        assert_eq!(suits(anywhere(who, json!({})), RUN_A), ok, "{who}, where mid manages");
        assert!(suits(anywhere(who, json!({})), PLAN_B), "{who}, where nobody is said to manage");
    }
}

#[test]
fn distances_are_shared_only_where_they_are_given() {
    let case = taken(|_| ());
    let ab = km((50.0, 8.0), (50.0, 9.0));
    let within = |a: usize, b: usize, distance| case.within(ix(a), ix(b), distance);
    assert!(within(0, 0, Within::Site) && !within(0, 1, Within::Site) && within(3, 3, Within::Site));
    assert!(within(0, 1, Within::Region) && !within(0, 2, Within::Region) && !within(3, 4, Within::Region));
    assert!(within(0, 1, Within::Country) && !within(1, 2, Within::Country) && !within(3, 4, Within::Country));
    assert!(within(0, 1, Within::Km(ab)) && within(0, 1, Within::Km(ab - 1e-10)) && !within(0, 1, Within::Km(ab - 1e-3)));
    assert!(!within(3, 4, Within::Km(9e9)) && within(3, 3, Within::Km(0.0)) && within(3, 4, Within::Anywhere));
    assert_eq!((case.km(ix(0), ix(0)), case.km(ix(3), ix(3)), case.km(ix(0), ix(3))), (Some(0.0), Some(0.0), None));
}

#[test]
fn a_clause_matches_where_every_list_does() {
    let matching = |of: Value| -> Vec<usize> {
        let case = taken(|i| i["tracks"][0]["curriculum"] = json!([{"of": of, "placements": {"max": 1}}]));
        let scope = &case.participants[ix(0)].curriculum[0].scope;
        case.positions.iter().filter(|(_, q)| case.matches(scope, q.role, q.site)).map(|(q, _)| q.index()).collect()
    };
    assert_eq!(matching(json!({"roles": ["run"]})), [RUN_A, RUN_D]);
    assert_eq!(matching(json!({"families": ["ops", "staff"]})), [RUN_A, HEAD_C, RUN_D]);
    assert_eq!(matching(json!({"stages": ["high"]})), [HEAD_C]);
    assert_eq!(matching(json!({"sites": ["a", "e"]})), [RUN_A, PLAN_E]);
    assert_eq!(matching(json!({"kinds": ["plant", "office"]})), [RUN_A, PLAN_B]);
    assert_eq!(matching(json!({"regions": ["north"]})), [RUN_A, PLAN_B]);
    let all = json!({"roles": ["run"], "families": ["ops"], "stages": ["low"], "sites": ["a", "d"], "kinds": ["plant"], "regions": ["north"]});
    assert_eq!(matching(all), [RUN_A]);
    for (list, other) in [("roles", "plan"), ("stages", "high"), ("sites", "b"), ("kinds", "office"), ("families", "staff")] {
        let mut of = json!({"roles": ["run"], "families": ["ops"], "stages": ["low"], "sites": ["a"], "kinds": ["plant"], "regions": ["north"]});
        of[list] = json!([other]);
        assert_eq!(matching(of), [0; 0], "{list} alone tells them apart");
    }
}

#[test]
fn leave_lies_inside_a_span_or_before_its_end() {
    let case = person(|p| {
        p["leave"] = json!([{"from": 2, "until": 4}, {"from": 5, "until": 6, "pauses": false, "holds_seat": true}, {"from": 7, "until": 8}]);
        p["credentials"] = json!(["id", {"id": "visa", "from": 3}]);
    });
    let case = &case;
    let timeline = &case.participants[ix(0)].timeline;
    assert_eq!(timeline.periods.iter().map(|t| t.index()).collect::<Vec<_>>(), [0, 1, 4, 6]);
    let inside = |a, b| timeline.leave_inside(a, b).map(|(t, _)| t.index()).collect::<Vec<_>>();
    assert_eq!((inside(0, 2), inside(1, 3), inside(0, 4), inside(2, 2)), (vec![], vec![2, 3], vec![2, 3, 5], vec![]));
    assert_eq!((0..=4).map(|b| timeline.leave_before(b)).collect::<Vec<_>>(), [0, 0, 0, 2, 3]);
    assert!(timeline.unbroken(0, 3) && !timeline.unbroken(2, 4) && timeline.unbroken(3, 4));
    let held = |credential, period| case.participants[ix(0)].holds(credential, ix(period));
    let named = |name: &str| case.credentials.iter().find(|(_, c)| *c == name).map(|(ix, _)| ix).expect("named by the participant");
    assert!(held(named("id"), 0) && !held(named("visa"), 2) && held(named("visa"), 3) && held(named("visa"), 7));
}
