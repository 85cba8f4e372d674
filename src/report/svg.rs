//! The ladder as a picture: for each person a staircase of difficulty over time, coloured by stage.

use std::fmt::Write;

use crate::audit::Audit;
use crate::domain::{Before, Case, ParticipantIx, Plan, PositionIx};
use crate::words::{Index, Period};

use super::paths::{Stop, ladder_notice, stops};
use super::text::level;

/// Width of the picture.
pub(super) const WIDE: f64 = 900.0;
/// Outer margin and the gap between panels.
pub(super) const MARGIN: f64 = 24.0;
/// Width of a panel.
const PANEL: f64 = WIDE - 2.0 * MARGIN;
/// Height of a staircase, between the name above and the years below.
const RISE: f64 = 148.0;
/// Room above the highest step for its labels.
const LABELS: f64 = 58.0;
/// From one panel's top to the next one's.
const PITCH: f64 = RISE + 52.0;
/// Room for the labels of the difficulty axis.
const AXIS: f64 = 26.0;
/// At most so many people where none are chosen.
const MOST: usize = 3;

/// Colours of the rungs on light and on dark ground; readable on both by contrast, and told apart by most colour-blind people.
pub(super) const STAGES: [(&str, &str); 6] =
    [("#0969a2", "#58b4f0"), ("#2f7d32", "#6cc570"), ("#b35c00", "#f0a23c"), ("#8a3ffc", "#be95ff"), ("#b3285e", "#f285b0"), ("#5c6370", "#a9b1bd")];

/// The rising steps of a plan as an SVG picture about 900 px wide: a staircase for each of `who`, or, if that is empty, for the
/// first three people with the most placements. It follows the reader's light or dark ground and needs no script or font file.
#[must_use]
pub fn ladder_svg(case: &Case, plan: &Plan, audit: &Audit, who: &[ParticipantIx]) -> String {
    let who = if who.is_empty() { chosen(case, plan) } else { who.to_vec() };
    let paths: Vec<(ParticipantIx, Vec<Stop>)> = who.iter().map(|p| (*p, stops(case, plan, *p))).collect();
    let scale = Scale::of(case, &paths);
    let top = 92.0 + 20.0 * legend_rows(case) as f64;
    let high = top + PITCH * paths.len() as f64;
    let mut svg = String::new();
    let title = format!("{}: the rising steps of {}", case.name, super::text::count(who.len(), "person", "people"));
    head(&mut svg, case.stages.len(), &title, high);
    text(&mut svg, (MARGIN, 34.0), "h", &case.name);
    text(&mut svg, (MARGIN, 56.0), "s", &subtitle(audit, &paths));
    legend(&mut svg, case, 80.0);
    for (i, (p, path)) in paths.iter().enumerate() {
        panel(&mut svg, case, &scale, (MARGIN, top + i as f64 * PITCH), *p, path);
    }
    svg.push_str("</svg>\n");
    svg
}

/// People with the most placements, in the instance's order.
fn chosen(case: &Case, plan: &Plan) -> Vec<ParticipantIx> {
    let mut all: Vec<ParticipantIx> = case.participants.ids().filter(|p| !plan.paths[*p].is_empty()).collect();
    all.sort_by_key(|p| std::cmp::Reverse(plan.paths[*p].len()));
    all.truncate(MOST);
    all.sort_unstable();
    all
}

fn subtitle(audit: &Audit, paths: &[(ParticipantIx, Vec<Stop>)]) -> String {
    if let Some(notice) = ladder_notice(audit) {
        return notice;
    }
    let steps = paths.iter().flat_map(|(_, path)| path).filter(|s| !s.continues).map(|s| s.step);
    match steps.clone().reduce(f64::min).zip(steps.reduce(f64::max)) {
        Some((least, most)) if least > 1e-9 => format!(
            "Every placement is harder than the one before, by {} to {}. Each step: how hard it is, and by how much harder.",
            level(least),
            level(most)
        ),
        Some((least, most)) => format!("Steps from one placement to the next: {} to {}.", level(least), level(most)),
        None => "No new placement.".to_owned(),
    }
}

/// Difficulty and time to pixels.
struct Scale {
    low: f64,
    high: f64,
    periods: f64,
}

impl Scale {
    fn of(case: &Case, paths: &[(ParticipantIx, Vec<Stop>)]) -> Self {
        let starts = paths.iter().map(|(p, _)| case.level_before(*p, Before::Start));
        let all: Vec<f64> = paths.iter().flat_map(|(_, path)| path).map(|s| s.difficulty).chain(starts).collect();
        let low = all.iter().copied().fold(f64::INFINITY, f64::min).min(1e9).floor();
        let high = all.iter().copied().fold(low + 1.0, f64::max).ceil();
        Self { low: if all.is_empty() { 0.0 } else { low }, high: if all.is_empty() { 1.0 } else { high }, periods: case.calendar.count as f64 }
    }

    fn y(&self, difficulty: f64) -> f64 {
        RISE - (difficulty - self.low) / (self.high - self.low) * (RISE - LABELS)
    }

    fn x(&self, period: Period) -> f64 {
        AXIS + period.index() as f64 / self.periods.max(1.0) * (PANEL - AXIS)
    }
}

/// Begins a picture with so many colours: classes `t0`, `f0` and so on.
pub(super) fn head(svg: &mut String, colours: usize, title: &str, high: f64) {
    let title = escape(title);
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {high}\" width=\"{WIDE}\" height=\"{high}\" role=\"img\" \
         aria-label=\"{title}\" font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif\">\n<title>{title}</title>\n<style>\n\
         text {{ fill: #1f2328; font-size: 11px }}\n.h {{ font-size: 20px; font-weight: 600 }}\n.s {{ font-size: 13px; fill: #59636e }}\n\
         .n {{ font-size: 13px; font-weight: 600 }}\n.b {{ font-weight: 600 }}\n.d {{ fill: #59636e }}\n.g {{ stroke: #d1d9e0; stroke-width: 1 }}\n\
         .r {{ stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 2 2 }}\n.v {{ fill: #59636e; opacity: .14 }}\n"
    );
    let dark = |svg: &mut String| {
        let _ = write!(
            svg,
            "@media (prefers-color-scheme: dark) {{\ntext {{ fill: #f0f6fc }}\n.s, .d {{ fill: #9198a1 }}\n.g {{ stroke: #3d444d }}\n\
             .r {{ stroke: #9198a1 }}\n.v {{ fill: #9198a1 }}\n"
        );
    };
    for (i, stage) in STAGES.iter().enumerate().take(colours) {
        let _ = writeln!(svg, ".t{i} {{ stroke: {0} }} .f{i} {{ fill: {0} }}", stage.0);
    }
    dark(svg);
    for (i, stage) in STAGES.iter().enumerate().take(colours) {
        let _ = writeln!(svg, ".t{i} {{ stroke: {0} }} .f{i} {{ fill: {0} }}", stage.1);
    }
    svg.push_str("}\n</style>\n");
}

/// The stages of the ladder and where each stands in the legend.
fn legend_places(case: &Case) -> Vec<(f64, usize)> {
    let (mut x, mut row) = (MARGIN, 0);
    let mut places = Vec::new();
    for stage in case.stages.rows() {
        let wide = 44.0 + breadth(&stage.name, 12.0);
        if x + wide > WIDE - MARGIN && x > MARGIN {
            (x, row) = (MARGIN, row + 1);
        }
        places.push((x, row));
        x += wide;
    }
    places
}

fn legend_rows(case: &Case) -> usize {
    legend_places(case).last().map_or(0, |(_, row)| row + 1)
}

fn legend(svg: &mut String, case: &Case, top: f64) {
    for ((stage, named), (x, row)) in case.stages.iter().zip(legend_places(case)) {
        let (y, colour) = (top + 20.0 * row as f64, stage.index() % STAGES.len());
        let _ = writeln!(svg, "<rect class=\"f{colour}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"14\" height=\"4\" rx=\"2\"/>", y - 6.0);
        let name = clip(&named.name, WIDE - 2.0 * MARGIN - 20.0, 12.0);
        let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{y:.1}\" style=\"font-size:12px\">{}</text>", x + 20.0, escape(&name));
    }
}

fn panel(svg: &mut String, case: &Case, scale: &Scale, at: (f64, f64), p: ParticipantIx, path: &[Stop]) {
    let person = &case.participants[p];
    let _ = writeln!(svg, "<g transform=\"translate({:.1} {:.1})\">", at.0, at.1);
    let cohort = &case.cohorts[person.cohort].named.name;
    let name = clip(&person.named.name, PANEL * 0.6, 13.0);
    let cohort = clip(cohort, PANEL * 0.4 - 20.0, 11.0);
    let _ = writeln!(svg, "<text><tspan class=\"n\">{}</tspan><tspan class=\"d\" dx=\"8\">{}</tspan></text>", escape(&name), escape(&cohort));
    let _ = writeln!(svg, "<g transform=\"translate(0 10)\">");
    axes(svg, case, scale);
    for (t, _) in person.timeline.leave.iter() {
        let (a, b) = (scale.x(*t), scale.x(Period::new(t.index() + 1)));
        let _ = writeln!(svg, "<rect class=\"v\" x=\"{a:.1}\" y=\"0\" width=\"{:.1}\" height=\"{RISE}\"><title>leave</title></rect>", b - a);
    }
    let start = path.first().map_or(AXIS, |s| scale.x(s.placement.from));
    let mut from = (start, scale.y(case.level_before(p, Before::Start)));
    if path.first().is_some_and(|s| !s.continues) {
        let _ = writeln!(svg, "<circle class=\"d\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\"><title>mastered before</title></circle>", from.0, from.1);
    }
    for stop in path {
        from = tread(svg, case, scale, from, stop);
    }
    if path.is_empty() {
        text(svg, (AXIS + 8.0, RISE / 2.0), "d", "not placed");
    }
    svg.push_str("</g>\n</g>\n");
}

/// One placement: the riser from where the last one ended, the tread, and its labels. Returns where it ends.
fn tread(svg: &mut String, case: &Case, scale: &Scale, from: (f64, f64), stop: &Stop) -> (f64, f64) {
    let (a, b, y) = (scale.x(stop.placement.from), scale.x(stop.placement.until), scale.y(stop.difficulty));
    let role = case.role(stop.position);
    let colour = role.stage.index() % STAGES.len();
    if (a - from.0).abs() > 0.5 {
        let _ = writeln!(svg, "<path class=\"r\" fill=\"none\" d=\"M{:.1} {:.1}H{a:.1}\"><title>idle</title></path>", from.0, from.1);
    }
    let _ = writeln!(svg, "<path class=\"g\" fill=\"none\" d=\"M{a:.1} {:.1}V{y:.1}\"/>", from.1);
    let when = case.span(stop.placement.from, stop.placement.until);
    let tip = format!("{}, {when}, difficulty {}", case.position_name(stop.position), level(stop.difficulty));
    let _ = writeln!(
        svg,
        "<rect class=\"f{colour}\" x=\"{a:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" opacity=\".12\"><title>{}</title></rect>",
        (b - a).max(0.0),
        (RISE - y).max(0.0),
        escape(&tip)
    );
    let _ = writeln!(
        svg,
        "<path class=\"t{colour}\" fill=\"none\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"M{:.1} {y:.1}H{:.1}\"/>",
        a + 2.0,
        (b - 2.0).max(a + 2.0)
    );
    labels(svg, case, (a + 2.0, y - 7.0), b - a - 8.0, stop);
    (b, y)
}

/// What stands over a tread: role and site where there is room, then how hard it is and by how much harder. Steps rise, so
/// the ground above one is free.
fn labels(svg: &mut String, case: &Case, at: (f64, f64), room: f64, stop: &Stop) {
    let (colour, number) = (case.stage(stop.position).index() % STAGES.len(), level(stop.difficulty));
    let step = if stop.continues { String::new() } else { super::text::step(stop.step) };
    let step = if breadth(&number, 11.0) + breadth(&step, 11.0) + 5.0 < room { step } else { String::new() };
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\"><tspan class=\"f{colour} b\">{number}</tspan><tspan class=\"d\" dx=\"5\">{step}</tspan></text>",
        at.0, at.1
    );
    if room < 34.0 {
        return;
    }
    let role = folded(short_role(case, stop.position), room, 11.0).into_iter().map(|line| (line, ""));
    let site = (clip(&case.site(stop.position).named.name, room, 11.0), "d");
    let lines: Vec<(String, &str)> = role.chain([site]).collect();
    for (i, (words, class)) in lines.iter().rev().enumerate() {
        text(svg, (at.0, at.1 - 14.0 * (i + 1) as f64), class, words);
    }
}

/// The role's name without its stage's, which the colour says: `Inbound` for `Area Manager, Inbound`.
pub(super) fn short_role(case: &Case, position: PositionIx) -> &str {
    let role = &case.role(position).named.name;
    let stage = &case.stages[case.stage(position)].name;
    let rest = role.get(..stage.len()).filter(|head| head.eq_ignore_ascii_case(stage)).and_then(|_| role[stage.len()..].strip_prefix(", "));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(role)
}

fn axes(svg: &mut String, case: &Case, scale: &Scale) {
    let middle = ((scale.low + scale.high) / 2.0).round();
    for difficulty in [scale.low, middle, scale.high] {
        let y = scale.y(difficulty);
        let _ =
            writeln!(svg, "<path class=\"g\" d=\"M{:.1} {y:.1}h{:.1}\"/>", AXIS - 4.0, if difficulty > scale.low { 4.0 } else { PANEL - AXIS + 4.0 });
        let _ = writeln!(svg, "<text class=\"d\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{difficulty}</text>", AXIS - 8.0, y + 4.0);
    }
    let mut free = f64::NEG_INFINITY;
    let mut year = None;
    for t in case.calendar.periods() {
        let this = case.calendar.year(t);
        if year == Some(this) {
            continue;
        }
        year = Some(this);
        let x = scale.x(t);
        let _ = writeln!(svg, "<path class=\"g\" d=\"M{x:.1} {RISE}v4\"/>");
        if x >= free {
            text(svg, (x, RISE + 16.0), "d", &this.to_string());
            free = x + 34.0;
        }
    }
}

pub(super) fn text(svg: &mut String, at: (f64, f64), class: &str, words: &str) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = writeln!(svg, "<text{class} x=\"{:.1}\" y=\"{:.1}\">{}</text>", at.0, at.1, escape(words));
}

/// About how wide a text is in pixels at a font size, for the wider ones of the fonts that a reader may have.
fn breadth(text: &str, size: f64) -> f64 {
    let letter = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | ' ' | ',' | '.' | '\'' => 0.38,
        'm' | 'w' | 'M' | 'W' => 0.95,
        c if c.is_uppercase() || c.is_ascii_digit() => 0.7,
        c if c.is_ascii() || c < '\u{1100}' => 0.6,
        _ => 1.0,
    };
    text.chars().map(letter).sum::<f64>() * size
}

/// The text cut to a width in pixels, with an ellipsis.
fn clip(text: &str, room: f64, size: f64) -> String {
    if breadth(text, size) <= room {
        return text.to_owned();
    }
    let mut cut = text.to_owned();
    while cut.pop().is_some() && breadth(cut.trim_end(), size) + size > room {}
    let cut = cut.trim_end().trim_end_matches(',');
    if cut.is_empty() { String::new() } else { format!("{cut}…") }
}

/// The text on at most two lines of a width in pixels.
fn folded(text: &str, room: f64, size: f64) -> Vec<String> {
    if breadth(text, size) <= room {
        return vec![text.to_owned()];
    }
    let fits = |at: &usize| breadth(&text[..*at], size) <= room;
    match text.match_indices(' ').map(|(at, _)| at).rfind(fits) {
        Some(at) => vec![text[..at].to_owned(), clip(text[at..].trim_start(), room, size)],
        None => vec![clip(text, room, size)],
    }
}

/// XML's and HTML's own characters as entities; characters that XML does not know are left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
