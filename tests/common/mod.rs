//! What the tests share: random tiny instances in which every rule is in play, random plans for them, and the program at work.
#![allow(dead_code)]

use std::path::Path;
use std::process::{Command, Output};

use chacha20::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Map, Value, json};

use rungs::domain::{Case, Placement, Plan, Policy};
use rungs::words::{Coordinates, Index, Period, Table};

/// The program run in a folder.
pub(crate) fn rungs(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rungs")).current_dir(folder).args(args).env("NO_COLOR", "1").output().expect("rungs runs")
}

/// What the program said.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with an instance, `i.json`, and more files.
pub(crate) fn folder_with(instance: &Value, files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("i.json"), instance.to_string()).expect("written");
    files.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).expect("written"));
    folder
}

/// Two people, one rung, four quarters: one seat in each of three places.
pub(crate) fn small() -> Value {
    json!({
        "format": "rungs/1", "name": "Small", "calendar": {"start": "2027-01-01", "unit": "quarter", "count": 4},
        "stages": [{"id": "team"}],
        "roles": [{"id": "lead", "name": "Team lead", "stage": "team", "difficulty": 2, "duration": {"min": 2, "max": 4}}],
        "sites": [{"id": "leipzig", "name": "Leipzig"}, {"id": "dresden", "name": "Dresden"}, {"id": "halle", "name": "Halle"}],
        "positions": [
            {"id": "l", "role": "lead", "site": "leipzig"}, {"id": "d", "role": "lead", "site": "dresden"}, {"id": "h", "role": "lead", "site": "halle"}
        ],
        "tracks": [{"id": "path", "length": 4}], "cohorts": [{"id": "c27", "track": "path", "start": 0}],
        "participants": [
            {"id": "ana", "name": "Ana Ruiz", "cohort": "c27", "ratings": {"sites": {"leipzig": 2}}},
            {"id": "bo", "name": "Bo Lind", "cohort": "c27", "ratings": {"sites": {"dresden": 2}}}
        ],
        "rules": {"peers": {"mode": "off"}}
    })
}

/// How large a random instance may be.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) periods: usize,
    pub(crate) positions: usize,
    pub(crate) participants: usize,
}

/// Small enough for brute force.
pub(crate) const TINY: Size = Size { periods: 4, positions: 3, participants: 3 };
/// Large enough for every rule to bite.
pub(crate) const SMALL: Size = Size { periods: 7, positions: 6, participants: 5 };

/// The stream of a seed.
pub(crate) fn stream(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

struct Dice(ChaCha8Rng);

impl Dice {
    fn chance(&mut self, p: f64) -> bool {
        self.0.random_bool(p)
    }
    fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n.max(1))
    }
    fn between(&mut self, a: i64, b: i64) -> i64 {
        self.0.random_range(a..=b.max(a))
    }
    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
    /// Some of `prefix0..prefixN`, each with a chance.
    fn some(&mut self, prefix: &str, n: usize, chance: f64) -> Vec<String> {
        (0..n).filter(|_| self.chance(chance)).map(|i| format!("{prefix}{i}")).collect()
    }
    /// A number in quarters, so that sums stay exact enough to compare.
    fn number(&mut self, a: i64, b: i64) -> f64 {
        self.between(a * 4, b * 4) as f64 / 4.0
    }
    /// A number in tenths, whose sums and differences carry rounding noise.
    fn noisy(&mut self, a: i64, b: i64) -> f64 {
        self.between(a * 10, b * 10) as f64 / 10.0
    }
    /// A number of kilometres: now and then just what lies between two places, or a hair less or more.
    fn km(&mut self, between: &[f64], a: i64, b: i64) -> Value {
        if between.is_empty() || self.chance(0.4) {
            return json!(self.between(a, b));
        }
        let exact = between[self.below(between.len())];
        json!((exact + [0.0, -1e-10, -1e-3, 1e-3][self.below(4)]).max(0.0))
    }
    fn range(&mut self, periods: usize) -> Value {
        let from = self.below(periods);
        json!({"from": from, "until": self.between(from as i64 + 1, periods as i64)})
    }
    fn per_period(&mut self, periods: usize, low: i64, high: i64) -> Value {
        if self.chance(0.3) { (0..periods).map(|_| self.between(low, high)).collect() } else { json!(self.between(low, high)) }
    }
}

/// A random instance as JSON. Valid by construction but for contradictions that intake finds, which callers skip.
pub(crate) fn instance(seed: u64, size: Size) -> Value {
    let mut d = Dice(stream(seed));
    let periods = 2 + d.below(size.periods - 1);
    let unit = d.pick(&["week", "month", "quarter", "half", "year"]);
    let (stages, roles, sites) = (1 + d.below(3), 2 + d.below(3), 1 + d.below(3));
    let positions = 2 + d.below(size.positions - 1);
    let participants = 1 + d.below(size.participants);
    let mentors = if d.chance(0.5) { 1 + d.below(3) } else { 0 };
    let mut root = Map::new();
    let mut put = |key: &str, value: Value| {
        root.insert(key.to_owned(), value);
    };
    put("format", json!("rungs/1"));
    put("name", json!(format!("random {seed}")));
    put("calendar", json!({"start": d.pick(&["2027-01-01", "2027-01-31", "2026-11-15"]), "unit": unit, "count": periods}));
    put("competencies", json!([{"id": "k0", "levels": 2}, {"id": "k1", "levels": 2}]));
    put("stages", (0..stages).map(|i| json!({"id": format!("st{i}")})).collect());
    put("roles", (0..roles).map(|i| role(&mut d, i, roles, stages, periods)).collect());
    let places: Vec<Value> = (0..sites).map(|i| site(&mut d, i, periods)).collect();
    let far = distances(&places);
    put("sites", json!(places));
    put("positions", (0..positions).map(|i| position(&mut d, i, roles, sites, periods)).collect());
    put("people", json!([{"id": "boss"}, {"id": "b1", "reports_to": "boss"}, {"id": "b2", "reports_to": "b1"}]));
    if mentors > 0 {
        put("mentors", (0..mentors).map(|i| mentor(&mut d, i, sites, stages, periods, &far)).collect());
    }
    put("tracks", json!([track(&mut d, 0, roles, stages, sites, periods), track(&mut d, 1, roles, stages, sites, periods)]));
    put("targets", json!([target(&mut d, "goal", roles, periods), target(&mut d, "dream", roles, periods)]));
    put("cohorts", json!([{"id": "c0", "track": "t0", "start": 0}, {"id": "c1", "track": d.pick(&["t0", "t1", "t1"]), "start": d.between(-2, 1)}]));
    let people: Vec<Value> = (0..participants).map(|i| participant(&mut d, i, roles, sites, positions, periods, stages, &far)).collect();
    put("participants", json!(people));
    if participants > 1 && d.chance(0.5) {
        let within = |d: &mut Dice| if d.chance(0.4) { d.km(&far, 10, 900) } else { json!(d.pick(&["site", "region", "country"])) };
        let mut groups = vec![json!({"id": "g0", "members": ["p0", "p1"], "kind": d.pick(&["together", "apart"]), "within": within(&mut d)})];
        if participants > 2 && d.chance(0.5) {
            groups.push(json!({"id": "g1", "members": ["p2", "p1", "p0"], "kind": d.pick(&["together", "apart"]), "within": within(&mut d)}));
        }
        put("groups", json!(groups));
    }
    let mut relocation = json!({"base": d.between(0, 3) * 100, "per_km": d.number(0, 2), "commute_km": d.km(&far, 0, 60)});
    if d.chance(0.3) {
        relocation["pairs"] = json!([{"from": "s0", "to": format!("s{}", sites - 1), "cost": 77}]);
        if sites == 1 {
            relocation.as_object_mut().expect("made above").remove("pairs");
        }
    }
    if d.chance(0.4) {
        let mut budget = json!({});
        if d.chance(0.7) {
            budget["total"] = json!(d.between(0, 2000));
        }
        let years: Map<String, Value> =
            ["2026", "2027", "2028", "2029"].iter().filter(|_| d.chance(0.6)).map(|y| ((*y).to_owned(), json!(0))).collect();
        budget["per_year"] = years.into_iter().map(|(year, _)| (year, json!(d.between(0, 1500)))).collect::<Map<_, _>>().into();
        relocation["budget"] = budget;
    }
    put("relocation", relocation);
    if d.chance(0.3) {
        let mut spans = Vec::new();
        for i in 0..participants.min(2) {
            let from = d.below(periods);
            let until = d.between(from as i64 + 1, periods as i64);
            spans.push(json!({"participant": format!("p{i}"), "position": format!("q{}", d.below(positions)), "from": from, "until": until}));
            if (until as usize) < periods && d.chance(0.5) {
                spans.push(json!({"participant": format!("p{i}"), "position": format!("q{}", d.below(positions)), "from": until, "until": periods}));
            }
        }
        put("baseline", json!(spans));
    }
    put("rules", rules(&mut d, mentors > 0));
    Value::Object(root)
}

/// Kilometres between the sites that have coordinates.
fn distances(sites: &[Value]) -> Vec<f64> {
    let at = |s: &Value| Some(Coordinates { lat: s.get("lat")?.as_f64()?, lon: s.get("lon")?.as_f64()? });
    let known: Vec<Coordinates> = sites.iter().filter_map(at).collect();
    known.iter().enumerate().flat_map(|(i, a)| known[i + 1..].iter().map(|b| a.km(*b))).collect()
}

fn levels(d: &mut Dice, chance: f64) -> Value {
    let mut map = Map::new();
    for k in ["k0", "k1"] {
        if d.chance(chance) {
            map.insert(k.to_owned(), json!(d.between(1, 2)));
        }
    }
    Value::Object(map)
}

fn limits(d: &mut Dice, low: i64, high: i64) -> Value {
    let min = d.between(0, low);
    if d.chance(0.5) { json!({"min": min, "max": d.between(min.max(1), high.max(1))}) } else { json!({"min": min}) }
}

fn role(d: &mut Dice, i: usize, roles: usize, stages: usize, periods: usize) -> Value {
    let stage = (i * stages / roles).min(stages - 1);
    let mut role = json!({"id": format!("r{i}"), "name": format!("Role {i}"), "stage": format!("st{stage}"), "difficulty": 1.0 + i as f64 * 1.5 + if d.chance(0.5) { d.number(0, 1) } else { d.noisy(0, 1) },
        "intensity": d.pick(&["0", "0.5", "0.8", "1"]).parse::<f64>().expect("a number"), "visibility": d.number(0, 1)});
    if d.chance(0.8) {
        role["family"] = json!(d.pick(&["fa", "fb"]));
    }
    if d.chance(0.6) {
        let min = d.between(1, 2);
        role["duration"] = if d.chance(0.5) { json!({"min": min, "max": d.between(min, 3)}) } else { json!({"min": min}) };
    }
    if d.chance(0.2) {
        role["starts"] = (0..periods).filter(|_| d.chance(0.7)).collect::<Vec<_>>().into();
    }
    if i > 0 && d.chance(0.4) {
        role["requires"] = levels(d, 0.5);
    }
    if d.chance(0.6) {
        role["develops"] = levels(d, 0.7);
    }
    if i > 0 && d.chance(0.3) {
        let group = |d: &mut Dice| (0..=d.below(2)).map(|_| format!("r{}", d.below(i))).collect::<Vec<_>>();
        role["after"] = (0..=d.below(2)).map(|_| group(d)).collect();
    }
    if d.chance(0.3) {
        role["not_right_after"] = json!(d.some("r", roles, 0.5));
    }
    role
}

fn site(d: &mut Dice, i: usize, periods: usize) -> Value {
    let mut site = json!({"id": format!("s{i}"), "name": format!("Site {i}")});
    if d.chance(0.8) {
        site["lat"] = json!(50.0 + i as f64 * 0.3 + d.number(0, 2));
        site["lon"] = json!(8.0 + d.number(0, 3));
    }
    if d.chance(0.7) {
        site["region"] = json!(d.pick(&["north", "south"]));
    }
    if d.chance(0.7) {
        site["country"] = json!(d.pick(&["DE", "FR"]));
    }
    if d.chance(0.6) {
        site["kind"] = json!(d.pick(&["plant", "office"]));
    }
    if d.chance(0.3) {
        site["requires"] = d.some("cred", 2, 0.7).into();
    }
    if d.chance(0.15) {
        site["open"] = json!([d.range(periods)]);
    }
    if d.chance(0.25) {
        site["housing"] = d.per_period(periods, 0, 2);
    }
    if d.chance(0.25) {
        site["arrivals"] = d.per_period(periods, 0, 2);
    }
    site
}

fn position(d: &mut Dice, i: usize, roles: usize, sites: usize, periods: usize) -> Value {
    let mut q = json!({"id": format!("q{i}"), "role": format!("r{}", i % roles), "site": format!("s{}", d.below(sites))});
    if d.chance(0.6) {
        q["seats"] = d.per_period(periods, 0, 3);
    }
    if d.chance(0.5) {
        q["demand"] = d.per_period(periods, 0, 2);
        q["priority"] = json!(d.between(1, 3));
    }
    if d.chance(0.4) {
        q["manager"] = json!(d.pick(&["boss", "b1", "b2", "p0"]));
    }
    if d.chance(0.3) {
        q["difficulty_add"] = json!(if d.chance(0.5) { d.number(0, 1) } else { d.noisy(0, 1) });
    }
    if d.chance(0.3) {
        q["support"] = json!(d.number(0, 2));
    }
    if d.chance(0.15) {
        q["open"] = json!([d.range(periods)]);
    }
    q
}

fn mentor(d: &mut Dice, i: usize, sites: usize, stages: usize, periods: usize, far: &[f64]) -> Value {
    let id = ["b1", "m1", "p0"][i];
    let reach = if d.chance(0.2) { d.km(far, 10, 300) } else { json!(d.pick(&["site", "region", "country", "anywhere", "anywhere"])) };
    let mut m = json!({"id": id, "site": format!("s{}", d.below(sites)), "reach": reach, "capacity": d.per_period(periods, 0, 3)});
    for (field, chance) in [("reach", 0.1), ("site", 0.1)] {
        if d.chance(chance) {
            m.as_object_mut().expect("an object").remove(field);
        }
    }
    if d.chance(0.3) {
        m["stages"] = json!(d.some("st", stages, 0.7));
    }
    if d.chance(0.2) {
        m["families"] = json!(["fa"]);
    }
    if d.chance(0.2) {
        m["available"] = json!([d.range(periods)]);
    }
    m
}

fn clause(d: &mut Dice, roles: usize, stages: usize, sites: usize, periods: usize) -> Value {
    let mut clause = if d.chance(0.3) {
        json!({"each": d.pick(&["site", "family", "kind", "region"])})
    } else {
        let of = match d.below(6) {
            0 => json!({"roles": d.some("r", roles, 0.6)}),
            1 => json!({"families": ["fa"], "stages": d.some("st", stages, 0.7)}),
            2 => json!({"sites": d.some("s", sites, 0.6)}),
            3 => json!({"kinds": ["plant"]}),
            4 => json!({"sites": d.some("s", sites, 0.6), "regions": ["north", "south"], "kinds": ["plant", "office"]}),
            _ => json!({"regions": ["north"]}),
        };
        json!({"of": of})
    };
    let each = clause.get("each").is_some();
    if d.chance(0.7) {
        clause["placements"] = if each { json!({"max": d.between(1, 2)}) } else { limits(d, 2, 3) };
    }
    if d.chance(0.5) {
        clause["periods"] = if each { json!({"max": d.between(1, periods as i64)}) } else { limits(d, 3, periods as i64) };
    }
    clause
}

fn track(d: &mut Dice, i: usize, roles: usize, stages: usize, sites: usize, periods: usize) -> Value {
    let mut track = json!({"id": format!("t{i}"), "length": d.between(1, periods as i64 + 1)});
    if d.chance(0.3) {
        track["entry_level"] = json!(d.number(0, 2));
    }
    if d.chance(0.6) {
        let listed =
            |s| d.chance(0.85).then(|| json!({"stage": format!("st{s}"), "placements": limits(d, 2, 3), "periods": limits(d, 3, periods as i64)}));
        track["stages"] = (0..stages).filter_map(listed).collect();
    }
    if d.chance(0.4) {
        track["curriculum"] = (0..=d.below(2)).map(|_| clause(d, roles, stages, sites, periods)).collect();
    }
    if d.chance(0.25) {
        track["capstone"] = if d.chance(0.5) { json!([format!("r{}", roles - 1)]) } else { json!([format!("r{}", roles - 1), "r0"]) };
    }
    if d.chance(0.4) {
        track["breadth"] = json!({"families": d.between(0, 2), "sites": d.between(0, 2)});
    }
    track
}

fn target(d: &mut Dice, id: &str, roles: usize, periods: usize) -> Value {
    let needed = if d.chance(0.5) { json!(d.between(0, 2)) } else { json!([{"by": d.below(periods), "count": d.between(1, 2)}]) };
    let mut target = json!({"id": id, "requires": levels(d, 0.6), "needed": needed});
    if d.chance(0.5) {
        target["experience"] = (0..=d.below(2)).map(|_| json!([format!("r{}", d.below(roles)), format!("r{}", d.below(roles))])).collect();
    }
    target
}

#[allow(clippy::too_many_arguments)]
fn participant(d: &mut Dice, i: usize, roles: usize, sites: usize, positions: usize, periods: usize, stages: usize, far: &[f64]) -> Value {
    let mut p = json!({"id": format!("p{i}"), "name": format!("Person {i}"), "cohort": d.pick(&["c0", "c0", "c1"])});
    if d.chance(0.7) {
        p["home"] = if d.chance(0.6) {
            json!(format!("s{}", d.below(sites)))
        } else {
            json!({"lat": 50, "lon": 9 + d.between(0, 1), "country": "DE", "region": "north"})
        };
    }
    if d.chance(0.6) {
        p["target"] = json!(d.pick(&["goal", "goal", "dream"]));
    }
    if d.chance(0.3) {
        p["level"] = json!(d.noisy(0, 2));
    }
    if d.chance(0.4) {
        p["competencies"] = levels(d, 0.6);
    }
    if d.chance(0.6) {
        let held = d.some("cred", 2, 0.8);
        p["credentials"] = held.into_iter().map(|id| if d.chance(0.5) { json!(id) } else { json!({"id": id, "from": d.below(periods)}) }).collect();
    }
    if d.chance(0.3) {
        p["history"] = (0..=d.below(2))
            .map(|_| json!({"role": format!("r{}", d.below(roles)), "site": format!("s{}", d.below(sites)), "periods": d.between(1, 3)}))
            .collect();
    }
    if d.chance(0.3) {
        p["current"] = json!({"position": format!("q{}", d.below(positions)), "worked": d.between(0, 3)});
    }
    if d.chance(0.3) {
        let leave = |d: &mut Dice| {
            let from = d.below(periods);
            json!({"from": from, "until": from + 1 + d.below(2), "pauses": d.chance(0.7), "holds_seat": d.chance(0.5)})
        };
        p["leave"] = (0..=d.below(2)).map(|_| leave(d)).collect();
    }
    if d.chance(0.15) {
        p["extension"] = json!(1);
    }
    if d.chance(0.4) {
        p["mobility"] = match d.below(8) {
            0 => json!({"max_moves": d.between(0, 2)}),
            1 => json!({"max_km": d.km(far, 20, 300)}),
            2 => json!({"sites": d.some("s", sites, 0.7), "max_moves": 1}),
            3 => json!({"regions": ["north"]}),
            4 | 5 => json!({"min_stay": d.between(2, 4)}),
            6 => json!({"max_km": d.km(far, 20, 300), "regions": ["north"], "countries": ["DE"], "not_sites": d.some("s", sites, 0.3)}),
            _ => json!({"not_sites": ["s0"], "countries": ["DE"]}),
        };
    }
    if d.chance(0.7) {
        p["ratings"] = json!({"roles": {(format!("r{}", d.below(roles))): d.number(-2, 2)}, "sites": {(format!("s{}", d.below(sites))): d.number(-2, 2)}, "families": {"fa": 1}});
        if d.chance(0.5) {
            p["ratings"]["regions"] = json!({"north": d.number(-2, 2)});
            p["ratings"]["kinds"] = json!({"plant": d.number(-2, 2)});
        }
    }
    if d.chance(0.3) {
        p["minds"] = json!({"moves": d.number(0, 3), "waiting": d.number(0, 3)});
    }
    if d.chance(0.3) {
        p["carried"] = json!(d.number(0, 20));
    }
    if d.chance(0.2) {
        p["curriculum"] = json!([clause(d, roles, stages, sites, periods)]);
    }
    if d.chance(0.2) {
        p["barred"] = json!({"roles": d.some("r", roles, 0.2), "sites": d.some("s", sites, 0.3), "positions": d.some("q", positions, 0.2)});
    }
    if d.chance(0.15) {
        let from = d.below(periods);
        p["pinned"] = json!([{"position": format!("q{}", d.below(positions)), "from": from, "until": d.between(from as i64 + 1, periods.min(from + 3) as i64)}]);
    }
    p
}

fn rules(d: &mut Dice, mentors: bool) -> Value {
    let mut rules = Map::new();
    // Now and then little or nothing tells what comes before a placement from anything else that might, so that networks merge.
    let plain = d.chance(0.2);
    for rule in rungs::rules::RULES {
        if rule.default == rungs::rules::Default::HardOnly || (rule.id == "mentoring" && !mentors) {
            continue;
        }
        if plain && ["harder-than-last", "stretch", "after", "arrivals", "moves", "relocation", "budget"].contains(&rule.id) && d.chance(0.8) {
            rules.insert(rule.id.to_owned(), json!({"mode": "off"}));
            continue;
        }
        let soft_by_default = rule.weight.is_some();
        let mode = match d.below(10) {
            0..=3 => continue,
            4..=7 => "soft",
            8 => "off",
            _ if soft_by_default && !matches!(rule.id, "stretch" | "demand" | "breadth" | "intensity") => "soft",
            _ => "hard",
        };
        let mut set = json!({"mode": mode});
        if mode == "soft" && (!soft_by_default || d.chance(0.5)) {
            set["weight"] = json!(d.between(1, 40));
        }
        match rule.id {
            "harder-than-last" if d.chance(0.5) => set["min_step"] = json!(d.noisy(0, 2)),
            "stretch" => {
                set["max_step"] = json!(d.noisy(2, 5));
                set["ideal_step"] = json!(d.noisy(0, 3));
            }
            "track" | "curriculum" if d.chance(0.4) => set["minima"] = json!("everyone"),
            "intensity" => {
                set["run"] = json!(d.between(0, 3));
                set["limit"] = json!(d.pick(&["0.5", "0.8", "1"]).parse::<f64>().expect("a number"));
            }
            "waiting" => set["counts_leave"] = json!(d.chance(0.5)),
            "preference" => {
                set["scale"] = json!(d.pick(&["raw", "normalised"]));
                set["per"] = json!(d.pick(&["period", "placement"]));
            }
            "visibility" => set["min"] = json!(d.number(0, 3)),
            "peers" => set["min"] = json!(d.between(1, 4)),
            "fairness" => {
                set["counts"] = json!([
                    "preference",
                    "moves",
                    "waiting",
                    "stretch",
                    "coverage",
                    "intensity",
                    "relocation",
                    "readiness",
                    "breadth",
                    "track",
                    "after",
                    "stability"
                ]);
                set["of"] = json!(d.pick(&["mean", "total"]));
                set["over"] = json!(d.pick(&["cohort", "all"]));
            }
            _ => {}
        }
        rules.insert(rule.id.to_owned(), set);
    }
    Value::Object(rules)
}

/// The case and policy of a random instance; `None` where intake finds a contradiction.
pub(crate) fn case(seed: u64, size: Size) -> Option<(Case, Policy)> {
    let text = instance(seed, size).to_string();
    rungs::intake::intake(text.as_bytes()).ok().map(|taken| (taken.case, taken.policy))
}

/// A random plan: spans that lie on the timelines and do not overlap, in any positions; mostly illegal.
pub(crate) fn plan(case: &Case, seed: u64) -> Plan {
    let mut d = Dice(stream(seed));
    let path = |d: &mut Dice, ticks: &[Period]| {
        let (mut path, mut tick) = (Vec::new(), 0);
        while tick < ticks.len() {
            if d.chance(0.25) {
                tick += 1;
                continue;
            }
            let after = tick + 1 + d.below((ticks.len() - tick).min(3));
            let position = rungs::domain::PositionIx::new(d.below(case.positions.len()));
            path.push(Placement { position, from: ticks[tick], until: Period::new(ticks[after - 1].index() + 1), mentors: vec![] });
            tick = after;
        }
        path
    };
    Plan { paths: Table::new(case.participants.rows().iter().map(|p| path(&mut d, &p.timeline.periods)).collect()) }
}
