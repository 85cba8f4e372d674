//! Progress: a live line in a terminal, now and then a line elsewhere, JSON lines on request.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::LogFormat;
use super::out::{as_it_stands, talk};
use crate::solve::{Listener, Progress};

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
            bar.set_style(ProgressStyle::with_template("{spinner} {elapsed_precise} {wide_msg}").expect("a fixed template"));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar.set_message("looking for a first bound");
            bar
        });
        Self { format, quiet, bar, last: (None, None, 0.0) }
    }

    /// Says that the search stops, above the live line; for whoever hears an interrupt.
    pub(super) fn stopping(&self) -> impl Fn() + Send + 'static {
        let (format, bar) = (self.format, self.bar.clone());
        let say = move || match format {
            LogFormat::Text => talk("stopping: the best plan so far will be kept (press Ctrl-C again to end at once)"),
            LogFormat::Jsonl => as_it_stands(&serde_json::json!({"event": "stopping"}).to_string()),
        };
        move || if let Some(bar) = &bar { bar.suspend(say) } else { say() }
    }

    /// Tells whatever a search says; the live line goes with the listener.
    pub(super) fn listener(mut self) -> Listener<'static> {
        Mutex::new(Box::new(move |progress| self.tell(progress)))
    }

    fn tell(&mut self, progress: Progress) {
        if self.format == LogFormat::Jsonl {
            let line = serde_json::json!({"event": "progress", "seconds": round(progress.seconds), "incumbent": progress.incumbent,
                "bound": progress.bound, "gap": progress.gap(), "nodes": progress.nodes});
            return as_it_stands(&line.to_string());
        }
        let line = line(&progress);
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

/// Where the search stands, what matters most first: a narrow terminal cuts the end off.
fn line(progress: &Progress) -> String {
    let plan = progress.incumbent.map_or("no plan yet".to_owned(), |v| format!("incumbent {v:.3}"));
    let bound = progress.bound.map(|v| format!("bound {v:.3}"));
    let gap = progress.gap().map(|g| format!("gap {:.3} %", g * 100.0));
    let parts = [Some(plan), bound, gap, Some(format!("nodes {}", progress.nodes))];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

fn round(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_left_out() {
        let at = |incumbent, bound| line(&Progress { seconds: 1.0, incumbent, bound, nodes: 3 });
        assert_eq!(at(None, None), "no plan yet  nodes 3");
        assert_eq!(at(None, Some(8.0)), "no plan yet  bound 8.000  nodes 3");
        assert_eq!(at(Some(10.0), Some(8.0)), "incumbent 10.000  bound 8.000  gap 20.000 %  nodes 3");
    }
}
