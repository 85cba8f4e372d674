//! Progress: a live line in a terminal, now and then a line elsewhere, JSON lines on request.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::LogFormat;
use super::out::talk;
use crate::solve::Progress;

/// Tells progress until it is dropped.
pub(super) struct Live {
    format: LogFormat,
    quiet: bool,
    bar: Option<ProgressBar>,
    /// What was said last: incumbent, bound and when.
    last: (Option<f64>, Option<f64>, f64),
}

/// Where no live line is possible, unchanged progress is repeated after this many seconds.
const PATIENCE: f64 = 30.0;

impl Live {
    pub(super) fn new(format: LogFormat, quiet: bool) -> Self {
        let live = format == LogFormat::Text && !quiet && std::io::stderr().is_terminal();
        let bar = live.then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(ProgressStyle::with_template("{spinner} {elapsed:>4} {msg}").expect("a fixed template"));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar.set_message("building the model");
            bar
        });
        Self { format, quiet, bar, last: (None, None, 0.0) }
    }

    pub(super) fn tell(&mut self, progress: Progress) {
        if self.format == LogFormat::Jsonl {
            let line = serde_json::json!({"event": "progress", "seconds": round(progress.seconds), "incumbent": progress.incumbent,
                "bound": progress.bound, "gap": progress.gap(), "nodes": progress.nodes});
            return talk(&line.to_string());
        }
        let number = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.3}"));
        let gap = progress.gap().map_or("-".to_owned(), |g| format!("{:.3} %", g * 100.0));
        let line = format!("incumbent {}  bound {}  gap {gap}  nodes {}", number(progress.incumbent), number(progress.bound), progress.nodes);
        if let Some(bar) = &self.bar {
            bar.set_message(line);
        } else if !self.quiet {
            let changed = (progress.incumbent, progress.bound) != (self.last.0, self.last.1);
            let wait = if changed { 1.0 } else { PATIENCE };
            if progress.seconds >= self.last.2 + wait {
                talk(&format!("{:>7.1} s  {line}", progress.seconds));
                self.last = (progress.incumbent, progress.bound, progress.seconds);
            }
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn round(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
