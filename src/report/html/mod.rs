//! A plan as one web page: everything in one file, for any browser, without a network.
//!
//! The page is a template with its style, its script and its data written into it. All numbers and sentences are made here,
//! by the functions that the terminal's reports use; the script only lays them out, filters and sorts. It writes names as
//! text, never as markup, and the data stand in the page as JSON in which no `<` is left, so no name can end its element.

#[cfg(feature = "plan")]
mod against;
mod data;
mod people;
mod places;
mod scores;

use std::fmt::Write;

use crate::audit::Audit;
use crate::domain::{Case, Plan, Policy};
use crate::io::plan_file::PlanFile;

use super::summary::{Proof, Waiting, summary};
use super::svg::{STAGES, escape};
use data::Data;

/// A plan that is shown as a page.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The facts.
    pub case: &'a Case,
    /// How the rules are set.
    pub policy: &'a Policy,
    /// The plan.
    pub plan: &'a Plan,
    /// What it is worth.
    pub audit: &'a Audit,
    /// What its file claims.
    pub file: &'a PlanFile,
    /// Another plan to compare with, as the one that was before.
    #[cfg(feature = "plan")]
    pub against: Option<super::Side<'a>>,
}

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = concat!(include_str!("style.css"), "\n", include_str!("print.css"));
const SCRIPT: &str = concat!(
    include_str!("base.js"),
    "\n",
    include_str!("board.js"),
    "\n",
    include_str!("places.js"),
    "\n",
    include_str!("moves.js"),
    "\n",
    include_str!("scores.js"),
    "\n",
    include_str!("person.js"),
    "\n",
    include_str!("main.js"),
);
/// The land of the earth as an SVG path in tenths of degrees, simplified from Natural Earth 1:50m (public domain).
const LAND: &str = include_str!("land.txt");

/// The page: the plan with every view of it. The same plan gives the same bytes.
///
/// # Errors
/// If no JSON can be made of the plan, which is a fault of ours.
pub fn html(shown: &Shown<'_>) -> Result<String, serde_json::Error> {
    let data = serde_json::to_string(&Data::of(shown))?;
    // Inside a string of JSON these mean the same; no other place of JSON has them.
    let data = data.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let idle = Waiting::of(shown.case, shown.plan, shown.file);
    let proof = Proof::stated(shown.file, shown.audit.objective());
    let plain = summary(shown.case, shown.policy, shown.plan, shown.audit, &idle, &proof);
    let parts = [
        ("title", escape(&shown.case.name)),
        ("style", stages(shown.case.stages.len()) + STYLE),
        ("summary", escape_lines(&anstream::adapter::strip_str(&plain).to_string())),
        ("land", LAND.trim().to_owned()),
        ("data", data),
        ("script", SCRIPT.to_owned()),
    ];
    let mut page = String::with_capacity(parts.iter().map(|(_, text)| text.len()).sum::<usize>() + TEMPLATE.len());
    let mut rest = TEMPLATE;
    for (name, text) in &parts {
        let (before, after) = rest.split_once(&format!("{{{{{name}}}}}")).expect("the template has a place for every part, in this order");
        page.push_str(before);
        page.push_str(text);
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

fn escape_lines(text: &str) -> String {
    text.lines().map(|line| escape(line) + "\n").collect()
}

/// The colours of the rungs, on light and on dark ground.
fn stages(count: usize) -> String {
    let colours = |pick: fn(&(&'static str, &'static str)) -> &'static str| -> String {
        (0..count.max(1)).fold(String::new(), |mut out, i| {
            let _ = write!(out, "--stage-{i}:{};", pick(&STAGES[i % STAGES.len()]));
            out
        })
    };
    let (light, dark) = (colours(|s| s.0), colours(|s| s.1));
    format!(
        ":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n\
         @media screen{{:root[data-theme=dark]{{{dark}}}}}\n"
    )
}

#[cfg(test)]
mod tests;
