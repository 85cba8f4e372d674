//! The rules' settings, with the registry's defaults.

use crate::domain::{Mode, Policy, Setting, Value};
use crate::io::raw::{Mode as RawMode, ParamValue, RuleEntry};
use crate::io::suggest;
use crate::rules::{Default as DefaultMode, Param, ParamKind, RULES, Reach, Rule, RuleIx, find};

use super::at::At;
use super::context::{Context, MOST_WEIGHT};

/// The setting of every rule.
pub(super) fn policy(context: &mut Context<'_>) -> Policy {
    let top = At::top("rules");
    let none = RuleEntry::default();
    let settings = RULES.iter().map(|rule| setting(context, rule, context.raw.rules.0.get(rule.id).unwrap_or(&none), &top.field(rule.id)));
    Policy::new(settings.collect())
}

fn setting(context: &mut Context<'_>, rule: &Rule, entry: &RuleEntry, at: &At<'_>) -> Setting {
    let usual = rule.default.mode(!context.raw.mentors.is_empty(), context.raw.baseline.is_some());
    let mode = match entry.mode {
        None => usual,
        Some(RawMode::Hard) => Mode::Hard,
        Some(RawMode::Soft) => Mode::Soft,
        Some(RawMode::Off) => Mode::Off,
    };
    if rule.default == DefaultMode::HardOnly && mode != Mode::Hard {
        context.error("E603", &at.field("mode"), format!("the rule '{}' is always hard and cannot be '{}'", rule.id, mode.name()));
    }
    if let Some(weight) = entry.weight {
        context.number(Some(weight), 0.0, 0.0, MOST_WEIGHT, &at.field("weight"));
        if mode != Mode::Soft && !(mode == Mode::Hard && rule.counts_when_hard()) {
            let what = format!("the rule '{}' is {}, so its weight has no effect", rule.id, mode.name());
            let problem = context.warning("W105", &at.field("weight"), what);
            if entry.mode.is_none() && rule.default != DefaultMode::HardOnly {
                problem.hint = Some("add \"mode\": \"soft\" to let it count".to_owned());
            }
        }
    }
    let weight = entry.weight.or(rule.weight);
    if mode == Mode::Soft && weight.is_none() {
        let what = format!("the rule '{}' is set to soft without a weight", rule.id);
        context.error("E604", at, what).hint = Some("add \"weight\": the points that one unit of its measure costs".to_owned());
    }
    let values = rule.params.iter().map(|p| (p.name, value(context, rule, p, entry.params.get(p.name), &at.field(p.name)))).collect();
    Setting { mode, weight: weight.unwrap_or(0.0), values }
}

fn value(context: &mut Context<'_>, rule: &Rule, param: &Param, given: Option<&ParamValue>, at: &At<'_>) -> Value {
    match (&param.kind, given) {
        (ParamKind::Number { default, min, max, whole }, given) => {
            let number = if let Some(ParamValue::Number(n)) = given { *n } else { *default };
            let huge = number.abs() > MOST_WEIGHT;
            let (min, max) = if huge { (min.max(-MOST_WEIGHT), max.min(MOST_WEIGHT)) } else { (*min, *max) };
            if number < min || number > max || (*whole && number.fract() != 0.0) {
                let kind = if *whole { "a whole number" } else { "a number" };
                let range = match (min.is_finite(), max.is_finite()) {
                    (true, true) => format!(" from {min} to {max}"),
                    (true, false) => format!(" of at least {min}"),
                    (false, true) => format!(" of at most {max}"),
                    (false, false) => String::new(),
                };
                let what = format!("the rule '{}': '{}' must be {kind}{range}, not {number}", rule.id, param.name);
                context.error("E605", at, what).hint = Some(param.about.to_owned());
            }
            Value::Number(number)
        }
        (ParamKind::Flag { default }, given) => Value::Flag(if let Some(ParamValue::Flag(f)) = given { *f } else { *default }),
        (ParamKind::Choice(words), Some(ParamValue::Word(word))) => Value::Choice(words.iter().find(|w| *w == word).copied().unwrap_or_else(|| {
            let what = format!("the rule '{}': '{}' must be one of {}, not '{word}'", rule.id, param.name, words.join(", "));
            context.error("E605", at, what).hint = suggest(word, words.iter().copied()).map(|near| format!("did you mean '{near}'?"));
            words[0]
        })),
        (ParamKind::Choice(words), _) => Value::Choice(words[0]),
        (ParamKind::Rules(_), Some(ParamValue::Rules(ids))) => {
            let mut rules: Vec<RuleIx> = Vec::new();
            for (i, id) in ids.iter().enumerate() {
                match counted(context, rule, id, &at.item(i)) {
                    Some(ix) if rules.contains(&ix) => {
                        context.error("E205", &at.item(i), format!("the rule '{}' counts '{id}' twice", rule.id));
                    }
                    ix => rules.extend(ix),
                }
            }
            Value::Rules(rules)
        }
        (ParamKind::Rules(default), _) => Value::Rules(default.iter().filter_map(|id| find(id)).collect()),
    }
}

/// A rule that another counts: it must be read from one path alone.
fn counted(context: &mut Context<'_>, by: &Rule, id: &str, at: &At<'_>) -> Option<RuleIx> {
    let path_rules = || RULES.iter().filter(|r| r.reach == Reach::Path).map(|r| r.id);
    match find(id) {
        Some(ix) if crate::rules::rule(ix).reach == Reach::Path => Some(ix),
        Some(_) => {
            let what = format!("the rule '{}' cannot count '{id}', which couples several people's paths", by.id);
            context.error("E606", at, what).hint =
                Some("it counts rules that are read from one path alone, for instance preference or moves".to_owned());
            None
        }
        None => {
            let near = suggest(id, path_rules()).map(|near| format!("did you mean '{near}'?"));
            context.error("E601", at, format!("the rule '{}' counts a rule '{id}' that does not exist", by.id)).hint = near;
            None
        }
    }
}
