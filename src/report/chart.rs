//! Charts as SVG: numbers against numbers, and how numbers spread.

use std::fmt::Write;

use crate::domain::Case;

use super::svg::{MARGIN, WIDE, escape, head, text};
use super::text::number;

/// Room left of a plot for the numbers of its axis, and below it.
const LEFT: f64 = 64.0;
const BELOW: f64 = 44.0;
/// Height of a plot of points, and of one of bars.
const TALL: f64 = 360.0;
const LOW: f64 = 150.0;
/// Bars of a plot at most.
const BARS: usize = 24;

/// A point of a plot: where, how it is labelled, and what it says when pointed at.
pub(super) struct Dot {
    pub(super) at: (f64, f64),
    pub(super) label: String,
    pub(super) tip: String,
}

/// Lines of points against two axes; each line is a series with a name. The first point of the first line stands out.
pub(super) fn points(case: &Case, heading: (&str, &str), axes: (&str, &str), series: &[(String, Vec<Dot>)]) -> String {
    let all = || series.iter().flat_map(|(_, dots)| dots);
    let (x, y) = (Scale::of(all().map(|d| d.at.0)), Scale::of(all().map(|d| d.at.1)));
    let top = 96.0 + 20.0 * series.len() as f64;
    let mut svg = begin(case, heading, series.len(), top + TALL + BELOW);
    for (i, (name, _)) in series.iter().enumerate() {
        let down = 80.0 + 20.0 * i as f64;
        let _ = writeln!(svg, "<circle class=\"f{}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"/>", i, MARGIN + 6.0, down - 4.0);
        text(&mut svg, (MARGIN + 18.0, down), "", name);
    }
    let wide = WIDE - 2.0 * MARGIN - LEFT;
    let place = |at: (f64, f64)| (MARGIN + LEFT + x.share(at.0) * wide, top + (1.0 - y.share(at.1)) * TALL);
    for tick in x.ticks() {
        let (at, _) = place((tick, y.low));
        let _ = writeln!(svg, "<path class=\"g\" d=\"M{at:.1} {:.1}V{:.1}\"/>", top, top + TALL);
        middle(&mut svg, (at, top + TALL + 16.0), &number(tick));
    }
    for tick in y.ticks() {
        let (_, at) = place((x.low, tick));
        let _ = writeln!(svg, "<path class=\"g\" d=\"M{:.1} {at:.1}H{:.1}\"/>", MARGIN + LEFT, WIDE - MARGIN);
        let _ = writeln!(svg, "<text class=\"d\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>", MARGIN + LEFT - 8.0, at + 4.0, number(tick));
    }
    middle(&mut svg, (MARGIN + LEFT + wide / 2.0, top + TALL + 36.0), axes.0);
    text(&mut svg, (MARGIN, top - 10.0), "d", axes.1);
    for (i, (_, dots)) in series.iter().enumerate() {
        let line: Vec<String> = dots.iter().map(|d| place(d.at)).map(|(a, b)| format!("{a:.1} {b:.1}")).collect();
        let _ = writeln!(svg, "<path class=\"t{i}\" fill=\"none\" stroke-width=\"1.5\" d=\"M{}\"/>", line.join("L"));
        for (n, dot) in dots.iter().enumerate() {
            let (a, b) = place(dot.at);
            let size = if i == 0 && n == 0 { 6 } else { 4 };
            let tip = escape(&dot.tip);
            let _ = writeln!(svg, "<circle class=\"f{i}\" cx=\"{a:.1}\" cy=\"{b:.1}\" r=\"{size}\"><title>{tip}</title></circle>");
            text(&mut svg, (a + 7.0, b - 6.0), "d", &dot.label);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// How numbers spread: for each list, named, bars of how many lie where.
pub(super) fn bars(case: &Case, heading: (&str, &str), lists: &[(&str, Vec<f64>)]) -> String {
    let pitch = LOW + 76.0;
    let mut svg = begin(case, heading, 1, 80.0 + pitch * lists.len() as f64);
    for (i, (name, values)) in lists.iter().enumerate() {
        let top = 104.0 + pitch * i as f64;
        text(&mut svg, (MARGIN, top - 14.0), "n", name);
        let scale = around(values);
        let (counts, width) = counted(values, &scale);
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let wide = WIDE - 2.0 * MARGIN - LEFT;
        let at = |value: f64| MARGIN + LEFT + scale.share(value) * wide;
        for (n, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let low = scale.low + n as f64 * width;
            let high = *count as f64 / most as f64 * LOW;
            let tip = format!("{count} of {} draws: {} to {}", values.len(), number(low), number(low + width));
            let _ = writeln!(
                svg,
                "<rect class=\"f0\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{high:.1}\"><title>{}</title></rect>",
                at(low) + 1.0,
                top + LOW - high,
                (at((low + width).min(scale.high)) - at(low) - 2.0).max(1.0),
                escape(&tip)
            );
        }
        let _ = writeln!(svg, "<path class=\"g\" d=\"M{:.1} {:.1}H{:.1}\"/>", MARGIN + LEFT, top + LOW, WIDE - MARGIN);
        let _ = writeln!(svg, "<text class=\"d\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{most}</text>", MARGIN + LEFT - 8.0, top + 4.0);
        scale.ticks().into_iter().for_each(|tick| middle(&mut svg, (at(tick), top + LOW + 16.0), &number(tick)));
    }
    svg.push_str("</svg>\n");
    svg
}

fn begin(case: &Case, heading: (&str, &str), colours: usize, high: f64) -> String {
    let mut svg = String::new();
    head(&mut svg, colours, &format!("{}: {}", case.name, heading.0), high);
    text(&mut svg, (MARGIN, 34.0), "h", heading.0);
    text(&mut svg, (MARGIN, 56.0), "s", heading.1);
    svg
}

fn middle(svg: &mut String, at: (f64, f64), words: &str) {
    let _ = writeln!(svg, "<text class=\"d\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>", at.0, at.1, escape(words));
}

/// The axis of bars: whole numbers have a bar each, where there are not too many.
fn around(values: &[f64]) -> Scale {
    let after = values.iter().copied().reduce(f64::max).filter(|_| whole(values)).map(|most| most + 1.0);
    Scale::of(values.iter().copied().chain(after))
}

fn whole(values: &[f64]) -> bool {
    values.iter().all(|v| v.fract() == 0.0)
}

/// How many numbers lie in each of some parts of equal width, and the width.
fn counted(values: &[f64], scale: &Scale) -> (Vec<usize>, f64) {
    let span = scale.high - scale.low;
    let width = span / BARS as f64;
    let width = if whole(values) { width.ceil() } else { width };
    let parts = (span / width).ceil() as usize;
    let mut counts = vec![0; parts];
    values.iter().for_each(|v| counts[(((v - scale.low) / width) as usize).min(parts - 1)] += 1);
    (counts, width)
}

/// An axis: round numbers around all values.
struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        let span = (high - low).max(1e-9 * high.abs()).max(if high == low { 1.0 } else { 0.0 });
        // The largest of 1, 2 and 5 times a power of ten that gives at least four ticks.
        let power = 10f64.powf((span / 4.0).log10().floor());
        let step = [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|step| span / step >= 4.0).unwrap_or(power);
        let low = (low / step).floor() * step;
        let high = (high / step).ceil() * step;
        Self { low, high: if high > low { high } else { low + step }, step }
    }

    fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    fn ticks(&self) -> Vec<f64> {
        let count = ((self.high - self.low) / self.step).round() as usize;
        (0..=count).map(|i| self.low + i as f64 * self.step).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_numbers_around_all_values() {
        let scale = Scale::of([13.0, 87.5, 40.0].into_iter());
        assert_eq!(scale.ticks(), [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]);
        let one = Scale::of([5.0].into_iter());
        assert!(one.low <= 5.0 && one.high > 5.0, "{} to {}", one.low, one.high);
        assert_eq!(Scale::of(std::iter::empty()).ticks().first(), Some(&0.0));
    }

    #[test]
    fn every_number_is_in_a_bar() {
        let values = [0.0, 3.0, 3.0, 7.0, 10.0];
        let (counts, width) = counted(&values, &around(&values));
        assert_eq!((counts.iter().sum::<usize>(), width), (values.len(), 1.0));
        assert_eq!((counts[3], counts[10]), (2, 1));
    }
}
