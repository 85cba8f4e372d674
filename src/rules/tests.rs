//! What holds for every rule: ids, pages, defaults.

use super::*;
use crate::domain::Value;

type Row = (&'static str, Reach, Default, Option<f64>, &'static [(&'static str, &'static str)]);

/// MODEL.md, section 4: id, reach, default, weight, parameters with their defaults.
#[rustfmt::skip]
const MODEL: &[Row] = &[
    ("timeline", Reach::Path, Default::HardOnly, None, &[]),
    ("duration", Reach::Path, Default::HardOnly, None, &[]),
    ("harder-than-last", Reach::Path, Default::Hard, None, &[("min_step", "0.5")]),
    ("stretch", Reach::Path, Default::Hard, Some(1.0), &[("max_step", "4"), ("ideal_step", "2")]),
    ("no-repeat", Reach::Path, Default::Hard, None, &[]),
    ("qualifies", Reach::Path, Default::Hard, None, &[]),
    ("credentials", Reach::Path, Default::Hard, None, &[]),
    ("after", Reach::Path, Default::Hard, None, &[]),
    ("track", Reach::Path, Default::Hard, None, &[("minima", "finished")]),
    ("curriculum", Reach::Path, Default::Hard, None, &[("minima", "finished")]),
    ("breadth", Reach::Path, Default::Soft, Some(20.0), &[]),
    ("mobility", Reach::Path, Default::Hard, None, &[]),
    ("barred", Reach::Path, Default::Hard, None, &[]),
    ("pinned", Reach::Path, Default::Hard, None, &[]),
    ("intensity", Reach::Path, Default::Soft, Some(5.0), &[("limit", "0.8"), ("run", "4")]),
    ("coverage", Reach::Path, Default::Soft, Some(1000.0), &[]),
    ("waiting", Reach::Path, Default::Off, None, &[("counts_leave", "false")]),
    ("preference", Reach::Path, Default::Soft, Some(10.0), &[("scale", "normalised"), ("per", "period")]),
    ("moves", Reach::Path, Default::Off, None, &[]),
    ("relocation", Reach::Path, Default::Soft, Some(0.001), &[]),
    ("readiness", Reach::Path, Default::Soft, Some(50.0), &[]),
    ("visibility", Reach::Path, Default::Off, None, &[("min", "1")]),
    ("stability", Reach::Path, Default::SoftWithBaseline, Some(20.0), &[]),
    ("seats", Reach::Coupling, Default::HardOnly, None, &[]),
    ("housing", Reach::Coupling, Default::Hard, None, &[]),
    ("arrivals", Reach::Coupling, Default::Hard, None, &[]),
    ("demand", Reach::Coupling, Default::Soft, Some(100.0), &[]),
    ("mentoring", Reach::Coupling, Default::HardWithMentors, None, &[]),
    ("budget", Reach::Coupling, Default::Hard, None, &[]),
    ("together", Reach::Coupling, Default::Hard, None, &[]),
    ("apart", Reach::Coupling, Default::Hard, None, &[]),
    ("peers", Reach::Coupling, Default::Soft, Some(5.0), &[("min", "2")]),
    ("fairness", Reach::Coupling, Default::Soft, Some(5.0), &[("counts", "preference"), ("of", "mean"), ("over", "cohort")]),
    ("pipeline", Reach::Coupling, Default::Soft, Some(200.0), &[]),
];

fn text(value: &Value) -> String {
    match value {
        Value::Number(n) => n.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Choice(choice) => (*choice).to_owned(),
        Value::Rules(rules) => rules.iter().map(|r| rule(*r).id).collect::<Vec<_>>().join(","),
    }
}

#[test]
fn the_registry_agrees_with_the_model() {
    assert_eq!(RULES.len(), MODEL.len());
    for (rule, (id, reach, default, weight, params)) in RULES.iter().zip(MODEL) {
        assert_eq!((rule.id, rule.reach, rule.default, rule.weight), (*id, *reach, *default, *weight));
        let setting = rule.setting(true, true);
        let values: Vec<(&str, String)> = setting.values.iter().map(|(name, value)| (*name, text(value))).collect();
        assert_eq!(values, params.iter().map(|(n, v)| (*n, (*v).to_owned())).collect::<Vec<_>>(), "{id}");
        assert_eq!(find(id).map(super::rule).map(|r| r.id), Some(*id), "ids are unique");
    }
}

#[test]
fn defaults_lie_in_their_ranges() {
    for param in RULES.iter().flat_map(|r| r.params) {
        if let ParamKind::Number { default, min, max, whole } = param.kind {
            assert!((min..=max).contains(&default) && (!whole || default.fract() == 0.0), "{}", param.name);
        }
    }
}

#[test]
fn only_stretch_counts_when_hard() {
    let counting: Vec<&str> = RULES.iter().filter(|r| r.counts_when_hard()).map(|r| r.id).collect();
    assert_eq!(counting, ["stretch"]);
}

#[test]
fn modes_follow_what_the_instance_has() {
    let mode = |id: &str, mentors, baseline| rule(find(id).expect("registered")).setting(mentors, baseline).mode;
    assert_eq!([mode("mentoring", true, false), mode("mentoring", false, false)], [Mode::Hard, Mode::Off]);
    assert_eq!([mode("stability", false, true), mode("stability", false, false)], [Mode::Soft, Mode::Off]);
}

#[test]
fn every_page_has_its_sections() {
    for rule in RULES {
        let page = rule.page();
        let paragraphs: Vec<&str> = page.split("\n\n").map(str::trim).collect();
        assert_eq!(paragraphs[0], format!("# {}", rule.id));
        assert!(!paragraphs[1].contains('\n') && paragraphs[1].ends_with('.'), "{}: a line that says it all", rule.id);
        let params = if rule.params.is_empty() { None } else { Some("Parameters: ") };
        let sections: Vec<&str> = ["Why: ", "Keeps it: ", "Breaks it: ", "Measure: "].into_iter().chain(params).chain(["If it bites: "]).collect();
        let mut found: Vec<&str> = paragraphs.iter().filter_map(|p| sections.iter().copied().find(|s| p.starts_with(s))).collect();
        found.dedup();
        assert_eq!(found, sections, "{}", rule.id);
        for param in rule.params {
            assert!(page.contains(&format!("`{}`", param.name)), "{} explains {}", rule.id, param.name);
        }
    }
}

/// A generator of small numbers that is the same everywhere (xorshift, G. Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n) as usize
    }
}

#[test]
fn no_plan_makes_the_audit_stumble() {
    use super::fixture::*;
    let mut dice = Dice(2028);
    for _ in 0..300 {
        let mut tiny = Tiny::new().demanding();
        if dice.below(3) == 0 {
            tiny = tiny.ana_now(dice.below(6), dice.below(9) as u32);
        }
        tiny = match dice.below(4) {
            0 => tiny.ana_gone(),
            1 => tiny.ana_cut(),
            2 => tiny.ana_leaves(dice.below(8), dice.below(2) == 0, dice.below(2) == 0),
            _ => tiny,
        };
        for _ in 0..dice.below(7) {
            let (who, position, from) = (dice.below(2), dice.below(6), dice.below(11));
            tiny = tiny.place(who, position, from, (from + dice.below(6)).saturating_sub(1)).mentored(who, dice.below(9), dice.below(9));
        }
        for rule in RULES {
            let outcome = tiny.outcome(rule.id);
            assert!(outcome.findings.iter().all(|f| f.amount.is_finite() && f.amount >= 0.0 && f.breach >= 0.0), "{}", rule.id);
        }
    }
}
