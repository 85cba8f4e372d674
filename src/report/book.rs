//! The rule book: every rule in a line, and the page of one.

use crate::rules::{Default, ParamKind, RULES, Reach, Rule};

use super::text::{BOLD, DIM, PLAIN, pad, styled, wrap, wrap_plain};
use super::units::unit;

/// Every rule with its default and what it asks, in the registry's order.
#[must_use]
pub fn rule_book() -> String {
    let columns = super::Look::default().columns();
    let widest = RULES.iter().map(|r| r.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (reach, title) in [(Reach::Path, "Read from one path alone"), (Reach::Coupling, "Coupling paths")] {
        out.push_str(&(styled(title, BOLD) + "\n"));
        for rule in RULES.iter().filter(|r| r.reach == reach) {
            let head = format!("  {}  {}  ", pad(rule.id, widest), pad(&short(rule), 10));
            out.push_str(&wrap_plain(&head, &rule.asks(), columns));
        }
        out.push('\n');
    }
    let note = "* `mentoring` is off without mentors in the instance, `stability` without a baseline.";
    out.push_str(&wrap("", &[(note.to_owned(), DIM)], columns));
    out + &wrap("", &[("`rungs rules RULE` shows the page of a rule.".to_owned(), DIM)], columns)
}

/// The page of a rule: what it asks and why, how it is set where the instance names nothing, and its parameters.
#[must_use]
pub fn rule_page(rule: &Rule) -> String {
    let columns = super::Look::default().columns();
    let mut out = styled(rule.id, BOLD) + "\n\n";
    for paragraph in rule.page().split("\n\n").map(str::trim).filter(|p| !p.is_empty() && !p.starts_with('#')) {
        out.push_str(&(self::paragraph(paragraph, columns) + "\n"));
    }
    out.push_str(&(styled("Settings", BOLD) + "\n"));
    let mut say = |name: &str, text: &str| out.push_str(&wrap(&format!("  {}", pad(name, 14)), &[(text.to_owned(), PLAIN)], columns));
    say("mode", default(rule));
    match rule.weight {
        Some(weight) => say("weight", &format!("{weight} points per {}", unit(rule.id).map_or("unit", |u| u.0))),
        None if rule.default == Default::HardOnly => {}
        None => say("weight", "to be given where the rule is made soft"),
    }
    for param in rule.params {
        say(param.name, &format!("{}; {}", param.about, range(&param.kind)));
    }
    out
}

/// A paragraph; its first words are bold where they are a label, such as `Why:`. Lists and code keep their lines.
fn paragraph(text: &str, columns: usize) -> String {
    if text.lines().any(|l| ["- ", "* ", "|", "```", "  "].iter().any(|mark| l.starts_with(mark))) {
        return text.lines().map(|l| wrap_plain("", l, columns)).collect();
    }
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let label = flat.find(':').filter(|at| *at < 14 && flat[..*at].split(' ').count() <= 3);
    match label {
        Some(at) => wrap("", &[(flat[..=at].to_owned(), BOLD), (flat[at + 1..].to_owned(), PLAIN)], columns),
        None => wrap_plain("", &flat, columns),
    }
}

fn short(rule: &Rule) -> String {
    // As it is written in an instance: without commas between thousands.
    let weight = rule.weight.map_or(String::new(), |w| format!(" {w}"));
    match rule.default {
        Default::HardOnly | Default::Hard => "hard".to_owned(),
        Default::HardWithMentors => "hard*".to_owned(),
        Default::Soft => format!("soft{weight}"),
        Default::SoftWithBaseline => format!("soft{weight}*"),
        Default::Off => "off".to_owned(),
    }
}

fn default(rule: &Rule) -> &'static str {
    match rule.default {
        Default::HardOnly => "hard, always",
        Default::Hard if rule.counts_when_hard() => "hard, and its measure costs points all the same",
        Default::Hard => "hard",
        Default::Soft => "soft",
        Default::Off => "off",
        Default::HardWithMentors => "hard if the instance lists mentors, else off",
        Default::SoftWithBaseline => "soft if the instance has a baseline, else off",
    }
}

fn range(kind: &ParamKind) -> String {
    let quoted = |words: &[&str]| words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>();
    match kind {
        ParamKind::Number { default, min, max, whole } => {
            let what = if *whole { "a whole number" } else { "a number" };
            let upper = if *max >= 1e6 { format!("from {min} on") } else { format!("from {min} to {max}") };
            format!("{what} {upper}, default {default}")
        }
        ParamKind::Flag { default } => format!("true or false, default {default}"),
        ParamKind::Choice(words) => format!("{}, default {}", quoted(words).join(" or "), quoted(words)[0]),
        ParamKind::Rules(ids) => format!("a list of rules, default [{}]", quoted(ids).join(", ")),
    }
}
