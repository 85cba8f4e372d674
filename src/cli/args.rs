//! The command line's words.

use std::path::PathBuf;
#[cfg(feature = "plan")]
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

/// Rotation and cohort placement plans in which every stage is harder than the last, with a proven gap and an explanation.
#[derive(Debug, Parser)]
#[command(name = "rungs", version, max_term_width = 100, after_help = after_help())]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

fn after_help() -> String {
    let codes: String = super::Exit::ALL.iter().map(|(exit, about)| format!("\n  {:>3}  {about}", *exit as u8)).collect();
    format!(
        "Exit codes:{codes}\n\nFirst steps:\n  rungs plan FILE.json                  writes FILE.plan.json\n  rungs show FILE.json FILE.plan.json"
    )
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Plan an instance: place every participant, prove how good the plan is, and write it
    #[cfg(feature = "plan")]
    Plan(PlanArgs),
    /// Ask what changes would do: scenarios, grids and draws, each solved from the base plan's state
    #[cfg(feature = "plan")]
    Whatif(WhatifArgs),
    /// Two plans, rule by rule and person by person
    #[cfg(feature = "plan")]
    Diff(DiffArgs),
    /// Replan after events: what is published stays, and the fewest people are touched
    #[cfg(feature = "plan")]
    Replan(ReplanArgs),
    /// Where one late arrival can go: whole paths, ranked, with their cost by rule and who is touched
    #[cfg(feature = "plan")]
    Place(PlaceArgs),
    /// What less of one rule costs in the others: the efficient frontier between two or three rules
    #[cfg(feature = "plan")]
    Tradeoff(TradeoffArgs),
    /// Plans of nearly the same cost that differ most, and how alike they are
    #[cfg(feature = "plan")]
    Alternatives(AlternativesArgs),
    /// Swaps between two people, or more in a circle, that make nobody worse off, and those that cost least
    #[cfg(feature = "plan")]
    Swaps(SwapsArgs),
    /// Put a plan under stress: draw drop-outs, no-shows, delays and closures, and replan each time
    #[cfg(feature = "plan")]
    Stress(StressArgs),
    /// Audit a plan, a hand-made one too: every rule, and every number that the plan states; without a plan, check the instance
    Check(CheckArgs),
    /// Write a workbook to fill in: empty, or an example of a programme
    Template(TemplateArgs),
    /// Convert an instance or a plan between .xlsx, .ods, a folder of .csv and .json, without loss
    Convert(ConvertArgs),
    /// Show a plan: people and periods, positions and seats, mentors and load, cost by rule
    Show(ShowArgs),
    /// Write a plan as one web page: board, sites, mentors, moves, costs, burdens, and a page for each person
    Report(ReportArgs),
    /// Write a letter for every participant: what, where, when, with whom, why; from a template that you can change
    #[cfg(feature = "plan")]
    Letters(LettersArgs),
    /// Write calendars (.ics) for every participant, site and mentor; run again, they update what was handed out
    #[cfg(feature = "plan")]
    Calendar(CalendarArgs),
    /// Say what is short, why there is no plan and what would make one, why someone is where they are, what one more is worth
    #[cfg(feature = "plan")]
    Explain(ExplainArgs),
    /// The rule book: all rules, or the page of one
    Rules(RulesArgs),
    /// The documents: the coordinator's guide, the format, the rules, the problems of files
    #[cfg(feature = "plan")]
    Guide(GuideArgs),
    /// The JSON Schema of a file format
    Schema(SchemaArgs),
    /// Make a realistic synthetic instance
    #[cfg(feature = "plan")]
    Generate(GenerateArgs),
    /// Export for others: an instance or a plan with pseudonyms for people, or the optimisation model as LP or MPS
    #[cfg(feature = "plan")]
    Export(ExportArgs),
}

impl Command {
    /// Whether what is said is for machines: JSON lines.
    #[cfg(feature = "plan")]
    pub(super) fn speaks_json(&self) -> bool {
        matches!(self, Self::Plan(args) if args.log_format == LogFormat::Jsonl)
    }

    /// Whether a file is written.
    pub(super) fn writes(&self) -> bool {
        match self {
            #[cfg(feature = "plan")]
            Self::Plan(_) | Self::Generate(_) | Self::Export(_) | Self::Replan(_) => true,
            #[cfg(feature = "plan")]
            Self::Letters(_) | Self::Calendar(_) => true,
            #[cfg(feature = "plan")]
            Self::Guide(args) => args.output.is_some(),
            #[cfg(feature = "plan")]
            Self::Whatif(args) => args.output.is_some() || args.plans.is_some(),
            #[cfg(feature = "plan")]
            Self::Diff(_) => false,
            #[cfg(feature = "plan")]
            Self::Place(args) => args.output.is_some(),
            #[cfg(feature = "plan")]
            Self::Tradeoff(args) => args.output.is_some() || args.svg.is_some() || args.plans.is_some(),
            #[cfg(feature = "plan")]
            Self::Alternatives(args) => args.output.is_some() || args.plans.is_some(),
            #[cfg(feature = "plan")]
            Self::Swaps(args) => args.output.is_some(),
            #[cfg(feature = "plan")]
            Self::Stress(args) => args.output.is_some() || args.svg.is_some(),
            Self::Show(args) => args.svg.is_some(),
            Self::Template(_) | Self::Convert(_) | Self::Report(_) => true,
            #[cfg(feature = "plan")]
            Self::Explain(_) => false,
            Self::Check(_) | Self::Rules(_) | Self::Schema(_) => false,
        }
    }
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct PlanArgs {
    /// The instance: .xlsx, .ods, a folder of .csv, or .json
    pub(super) instance: PathBuf,
    /// Where the plan goes: .xlsx, .ods, a folder for .csv (ends in /), or .json; - is standard output [default: beside the instance,
    /// NAME.plan.xlsx or NAME.plan.json, as the instance is sheets or JSON]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// How to solve
    #[arg(long, value_enum, default_value_t = Method::Auto)]
    pub(super) method: Method,
    #[command(flatten)]
    pub(super) search: SearchArgs,
    /// A plan to start from
    #[arg(long, value_name = "PLAN")]
    pub(super) start: Option<PathBuf>,
    /// How progress is told on standard error
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text)]
    pub(super) log_format: LogFormat,
    /// Say nothing but warnings and errors
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct WhatifArgs {
    /// The instance
    pub(super) instance: PathBuf,
    /// The scenarios (TOML)
    pub(super) scenarios: PathBuf,
    /// The plan to begin from and to compare with [default: the instance is planned first]
    #[arg(long, value_name = "PLAN")]
    pub(super) plan: Option<PathBuf>,
    /// Where the result goes as data: the ending .csv or .json names the format; - is CSV on standard output
    #[arg(short, long, value_name = "FILE", value_parser = table_file)]
    pub(super) output: Option<PathBuf>,
    /// A folder for each scenario's plan and instance, as sheets where the instance is
    #[arg(long, value_name = "FOLDER")]
    pub(super) plans: Option<PathBuf>,
    #[command(flatten)]
    pub(super) search: EachArgs,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct DiffArgs {
    /// The instance of the first plan, and of the second unless another is given
    pub(super) instance: PathBuf,
    /// The first plan
    pub(super) first: PathBuf,
    /// The second plan
    pub(super) second: PathBuf,
    /// The instance of the second plan, where it is another
    #[arg(long, value_name = "INSTANCE")]
    pub(super) second_instance: Option<PathBuf>,
    /// All people, however many
    #[arg(long)]
    pub(super) all: bool,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct ReplanArgs {
    /// The instance of the published plan
    pub(super) instance: PathBuf,
    /// The published plan
    #[arg(long, value_name = "PLAN")]
    pub(super) plan: PathBuf,
    /// What lies before this period is past or published, and stays: a label such as 2028-Q1, a date, or a number
    #[arg(long, value_name = "PERIOD")]
    pub(super) published_until: String,
    /// What has happened (TOML): a list of changes named events
    #[arg(long, value_name = "EVENTS")]
    pub(super) events: Option<PathBuf>,
    /// The instance as it is now, where it was changed by hand: a copy without those who have left, with new rows, closures, leave
    #[arg(long, value_name = "INSTANCE", conflicts_with = "events")]
    pub(super) now: Option<PathBuf>,
    /// Touch up to so many people if that makes the plan better [default: the fewest that can be]
    #[arg(long, value_name = "N")]
    pub(super) touch_at_most: Option<usize>,
    /// Change what is published where it must be, for this reason, which the plan records
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) break_glass: Option<String>,
    /// Where the new plan goes: .xlsx, .ods, a folder for .csv (ends in /), or .json; - is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Where the instance after the events goes [default: beside the plan, NAME.instance.xlsx or .json, as the plan is sheets or JSON]
    #[arg(long, value_name = "FILE")]
    pub(super) instance_output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) search: EachArgs,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct PlaceArgs {
    /// The instance, with the new person in it
    pub(super) instance: PathBuf,
    /// Who: id or name
    pub(super) person: String,
    /// The plan of everyone else
    #[arg(long, value_name = "PLAN")]
    pub(super) plan: PathBuf,
    /// So many places at most, of those that touch nobody and of those for which somebody makes way
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(super) most: u16,
    /// The rank of the place that is taken in the plan written
    #[arg(long, value_name = "RANK", default_value_t = 1, requires = "output", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) take: u16,
    /// Where the plan with them goes; - is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct TradeoffArgs {
    /// The instance
    pub(super) instance: PathBuf,
    /// Two or three rules that cost points
    #[arg(long, value_name = "RULE", required = true, num_args = 2..=3)]
    pub(super) between: Vec<String>,
    /// Amounts to which each rule is pressed
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(super) points: u16,
    /// Where the plans' costs go as CSV; - is standard output
    #[arg(short, long, value_name = "FILE.csv")]
    pub(super) output: Option<PathBuf>,
    /// Where the picture goes
    #[arg(long, value_name = "FILE.svg")]
    pub(super) svg: Option<PathBuf>,
    /// A folder for the plans, as sheets where the instance is
    #[arg(long, value_name = "FOLDER")]
    pub(super) plans: Option<PathBuf>,
    #[command(flatten)]
    pub(super) search: EachArgs,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct AlternativesArgs {
    /// The instance
    pub(super) instance: PathBuf,
    /// The plan that the others are to differ from [default: the instance is planned first]
    #[arg(long, value_name = "PLAN")]
    pub(super) plan: Option<PathBuf>,
    /// How many
    #[arg(short = 'n', long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=20))]
    pub(super) count: u16,
    /// How much dearer each may be: 1% or 0.01
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = share)]
    pub(super) within: f64,
    /// Where costs and likenesses go as CSV; - is standard output
    #[arg(short, long, value_name = "FILE.csv")]
    pub(super) output: Option<PathBuf>,
    /// A folder for the plans, as sheets where the instance is
    #[arg(long, value_name = "FOLDER")]
    pub(super) plans: Option<PathBuf>,
    #[command(flatten)]
    pub(super) search: EachArgs,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct SwapsArgs {
    #[command(flatten)]
    pub(super) of: PlannedArgs,
    /// People in one circle at most
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(2..=5))]
    pub(super) longest: u16,
    /// Swaps of each kind that are shown
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(super) most: u16,
    /// The number of the swap that is made in the plan written
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "output", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) take: u16,
    /// Where the plan with one swap goes; - is standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: Option<u16>,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct StressArgs {
    #[command(flatten)]
    pub(super) of: PlannedArgs,
    /// Rates by stage (TOML); what it does not give is as the options say
    #[arg(long, value_name = "RATES.toml")]
    pub(super) rates: Option<PathBuf>,
    /// Rate at which someone leaves during a placement: 5% or 0.05
    #[arg(long, value_name = "RATE", default_value = "2%", value_parser = rate)]
    pub(super) drop_out: f64,
    /// Rate at which someone who has not begun never comes
    #[arg(long, value_name = "RATE", default_value = "1%", value_parser = rate)]
    pub(super) no_show: f64,
    /// Rate at which someone who has not begun starts a period late
    #[arg(long, value_name = "RATE", default_value = "3%", value_parser = rate)]
    pub(super) delay: f64,
    /// Rate at which a position closes, once for two periods
    #[arg(long, value_name = "RATE", default_value = "2%", value_parser = rate)]
    pub(super) closure: f64,
    /// How often it is drawn
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(super) draws: u16,
    /// Reserve seats and mentors that are tried in the same draws, the most promising by the prices
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(super) reserves: u16,
    /// Where the draws go as data: the ending .csv or .json names the format; - is CSV on standard output
    #[arg(short, long, value_name = "FILE", value_parser = table_file)]
    pub(super) output: Option<PathBuf>,
    /// Where the picture goes
    #[arg(long, value_name = "FILE.svg")]
    pub(super) svg: Option<PathBuf>,
    #[command(flatten)]
    pub(super) search: EachArgs,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct PlannedArgs {
    /// The instance
    pub(super) instance: PathBuf,
    /// The plan
    #[arg(long, value_name = "PLAN")]
    pub(super) plan: PathBuf,
}

#[cfg(feature = "plan")]
#[derive(Debug, Clone, clap::Args)]
pub(super) struct EachArgs {
    /// Stop each search after this long with its best plan so far: 90 (seconds), 5m, PT5M
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) time_limit: Option<Duration>,
    /// Stop each search when its plan is proven this near the best: 0.01 is one per cent
    #[arg(long, value_name = "GAP", default_value_t = 0.01, value_parser = gap)]
    pub(super) gap: f64,
    /// Seed of all random choices and draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u32,
    /// Searches side by side; each uses one thread, so that results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: Option<u16>,
    /// Say nothing but warnings, errors and the result
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct SearchArgs {
    /// Stop after this long with the best plan so far: 90 (seconds), 5m, 1h 30m, PT5M
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) time_limit: Option<Duration>,
    /// Stop when the plan is proven this near the best: 0.01 is one per cent
    #[arg(long, value_name = "GAP", default_value_t = 1e-6, value_parser = gap)]
    pub(super) gap: f64,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u32,
    /// Threads for building networks; the solver uses one, so that the same input gives the same plan [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: Option<u16>,
}

#[cfg(feature = "plan")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Method {
    /// One arc-flow mixed-integer program over all participants
    Exact,
    /// Column generation: large cohorts
    Columns,
    /// Column generation; where a few people leave something open the exact method after it
    Auto,
}

#[cfg(feature = "plan")]
impl From<Method> for crate::solve::Method {
    fn from(word: Method) -> Self {
        match word {
            Method::Exact => Self::Exact,
            Method::Columns => Self::Columns,
            Method::Auto => Self::Auto,
        }
    }
}

#[cfg(feature = "plan")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people: a live line in a terminal
    Text,
    /// For machines: one JSON object a line
    Jsonl,
}

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// The instance: .xlsx, .ods, a folder of .csv, or .json
    pub(super) instance: PathBuf,
    /// The plan, as workbook, folder or .json; one made by hand needs no more than placements [default: check the instance alone]
    pub(super) plan: Option<PathBuf>,
    /// Recompute the bound from the plan's certificate as well, without any solver; refuse one that cannot be reproduced
    #[arg(long, requires = "plan")]
    pub(super) bound: bool,
    /// Write the workbook (the plan's if one is given) anew, with problem cells marked and commented
    #[arg(long, value_name = "FILE")]
    pub(super) mark: Option<PathBuf>,
    /// Print the findings as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct TemplateArgs {
    /// The workbook (.xlsx or .ods), or a folder for .csv files
    pub(super) file: PathBuf,
    /// Fill it with an example of this programme
    #[cfg(feature = "plan")]
    #[arg(long, value_parser = profile())]
    pub(super) profile: Option<crate::generate::Profile>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ConvertArgs {
    /// What to convert: .xlsx, .ods, a folder of .csv, or .json
    #[arg(value_name = "A")]
    pub(super) from: PathBuf,
    /// What to write: .xlsx, .ods, .json, or a folder for .csv files
    #[arg(value_name = "B")]
    pub(super) to: PathBuf,
    /// The instance that a plan is for: its names, periods and the views of a plan's workbook come from there
    #[arg(long, value_name = "INSTANCE")]
    pub(super) instance: Option<PathBuf>,
    /// Pin the placements of this plan in the instance that is written; take those out of it first that may change
    #[arg(long, value_name = "PLAN", conflicts_with = "instance")]
    pub(super) pin: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// The instance
    pub(super) instance: PathBuf,
    /// The plan
    pub(super) plan: PathBuf,
    /// Only these parts, separated by commas [default: all]
    #[arg(long, value_enum, value_name = "PART", value_delimiter = ',')]
    pub(super) only: Vec<Part>,
    /// All rows, and all people in the picture, however many
    #[arg(long)]
    pub(super) all: bool,
    /// What lies behind one rule's cost instead, worst first
    #[arg(long, value_name = "RULE")]
    pub(super) details: Option<String>,
    /// Write the rising steps as an SVG picture instead; - is standard output
    #[arg(long, value_name = "FILE")]
    pub(super) svg: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// The instance: .xlsx, .ods, a folder of .csv, or .json
    pub(super) instance: PathBuf,
    /// The plan: the same
    pub(super) plan: PathBuf,
    /// Where the page goes; - is standard output [default: beside the plan, NAME.html]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Another plan, to show what is different from it
    #[cfg(feature = "plan")]
    #[arg(long, value_name = "PLAN")]
    pub(super) against: Option<PathBuf>,
    /// The instance of the other plan, where it is another: a scenario's, or that before events
    #[cfg(feature = "plan")]
    #[arg(long, value_name = "INSTANCE", requires = "against")]
    pub(super) against_instance: Option<PathBuf>,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct LettersArgs {
    /// The instance
    #[arg(required_unless_present = "print_template")]
    pub(super) instance: Option<PathBuf>,
    /// The plan
    #[arg(required_unless_present = "print_template")]
    pub(super) plan: Option<PathBuf>,
    /// Where the letters go: a folder, with a file for everyone; a file (its name has an ending) with all of them; - is standard output
    #[arg(short, long, value_name = "FOLDER", required_unless_present = "print_template")]
    pub(super) output: Option<PathBuf>,
    /// Your own template; the letters get its ending, and in .html what is filled in is escaped
    #[arg(long, value_name = "FILE")]
    pub(super) template: Option<PathBuf>,
    /// Only this participant, by id or name; may be given several times
    #[arg(long, value_name = "PARTICIPANT")]
    pub(super) only: Vec<String>,
    /// Print the template that is used where none is given: what to change, and every name that can be filled in
    #[arg(long)]
    pub(super) print_template: bool,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct CalendarArgs {
    /// The instance
    pub(super) instance: PathBuf,
    /// The plan
    pub(super) plan: PathBuf,
    /// The folder for the calendars: people/, sites/ and mentors/
    #[arg(short, long, value_name = "FOLDER")]
    pub(super) output: PathBuf,
    /// The folder of the calendars that were handed out before [default: what is in the folder that is written to]
    #[arg(long, value_name = "FOLDER")]
    pub(super) replaces: Option<PathBuf>,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct ExplainArgs {
    #[command(subcommand)]
    pub(super) what: Option<Explain>,
    /// The instance
    #[arg(required = true)]
    pub(super) instance: Option<PathBuf>,
    /// A plan that is known: then that the hard rules can be kept need not be searched for
    #[arg(long, value_name = "PLAN")]
    pub(super) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(super) search: SearchArgs,
}

#[cfg(feature = "plan")]
#[derive(Debug, Subcommand)]
pub(super) enum Explain {
    /// Why someone got what they got, and why not something else: verified by solving
    Why(WhyArgs),
    /// What one more seat, mentor, housing place, arrival or more budget is worth, by the prices; the best are verified by solving
    Worth(WorthArgs),
    /// What each pin costs: the best plan without it
    Pins(PinsArgs),
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct WhyArgs {
    #[command(flatten)]
    pub(super) of: PlannedArgs,
    /// The participant: id or name
    pub(super) participant: String,
    /// The position that they did not get: id, or name such as "Team lead at Leipzig" [default: the best alternatives]
    pub(super) position: Option<String>,
    /// When: a period such as 2028-Q1 [default: at any time]
    pub(super) period: Option<String>,
    #[command(flatten)]
    pub(super) search: SearchArgs,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct WorthArgs {
    /// The instance
    pub(super) instance: PathBuf,
    /// The plan; the prices are those of its certificate, or are made anew
    #[arg(long, value_name = "PLAN")]
    pub(super) plan: PathBuf,
    /// How many of the best to verify by solving
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(super) verify: usize,
    #[command(flatten)]
    pub(super) search: SearchArgs,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct PinsArgs {
    #[command(flatten)]
    pub(super) of: PlannedArgs,
    #[command(flatten)]
    pub(super) search: SearchArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Part {
    /// People and periods, with the rising steps
    Board,
    /// Positions and seats filled
    Positions,
    /// Mentors and load
    Mentors,
    /// Cost by rule
    Costs,
}

#[derive(Debug, clap::Args)]
pub(super) struct RulesArgs {
    /// The rule whose page to show [default: a list of all]
    #[arg(value_name = "RULE")]
    pub(super) id: Option<String>,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct GuideArgs {
    /// Which document to print, as Markdown: guide, format, rules or problems
    #[arg(value_name = "DOCUMENT", default_value = "guide", value_parser = clap::builder::PossibleValuesParser::new(crate::guide::DOCUMENTS.map(|d| d.name)))]
    pub(super) document: String,
    /// Write all of them, with pictures, as pages for a browser into this folder
    #[arg(short, long, value_name = "FOLDER", conflicts_with = "document")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct SchemaArgs {
    /// Which format
    #[arg(value_enum, value_name = "FORMAT")]
    pub(super) of: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// The instance file, rungs/1
    Instance,
    /// The plan file, rungs-plan/1
    Plan,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct GenerateArgs {
    /// The programme
    #[arg(long, value_parser = profile())]
    pub(super) profile: crate::generate::Profile,
    /// People
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(5..=100_000))]
    pub(super) participants: u32,
    /// Periods of the horizon [default: the programme's own]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=520))]
    pub(super) periods: Option<u32>,
    /// Share of the seats that the tracks need: 0.9 leaves one in ten free, above 1 there are too few
    #[arg(long, value_name = "SHARE", default_value_t = 0.9, value_parser = tight)]
    pub(super) tight: f64,
    /// Sites [default: grown with the people]
    #[arg(long, value_name = "N")]
    pub(super) sites: Option<u32>,
    /// Positions [default: grown with the people]
    #[arg(long, value_name = "N")]
    pub(super) positions: Option<u32>,
    /// Budget for moves, as a multiple of what a plausible plan's moves cost [default: 1.1]
    #[arg(long, value_name = "FACTOR", value_parser = tight)]
    pub(super) budget: Option<f64>,
    /// Seed: the same one gives the same bytes on every machine
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Where the instance goes; - is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(super) output: PathBuf,
}

#[cfg(feature = "plan")]
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// The instance
    pub(super) instance: PathBuf,
    /// A plan of it, to be written in place of the instance
    #[arg(requires = "people")]
    pub(super) plan: Option<PathBuf>,
    /// Replace names and ids of people by pseudonyms, which are in this file, and in no other; a new file is made, one that is there
    /// is used again and added to
    #[arg(long, value_name = "KEYFILE", group = "people")]
    pub(super) pseudonyms: Option<PathBuf>,
    /// Undo the pseudonyms with the file in which they are
    #[arg(long, value_name = "KEYFILE", group = "people")]
    pub(super) restore: Option<PathBuf>,
    /// Where it goes. With a key file: .xlsx, .ods, .json, or a folder for .csv; without: the model with readable names, .lp or .mps
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
}

#[cfg(feature = "plan")]
fn duration(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().or_else(|| text.parse::<jiff::SignedDuration>().ok().map(|d| d.as_secs_f64()));
    let seconds = seconds.filter(|s| s.is_finite() && *s > 0.0 && *s <= 1e9);
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "give a positive time such as 90 (seconds), 5m, 1h 30m or PT5M".to_owned())
}

#[cfg(feature = "plan")]
fn profile() -> impl clap::builder::TypedValueParser<Value = crate::generate::Profile> {
    use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
    let words = crate::generate::Profile::ALL.iter().map(|p| PossibleValue::new(p.word()).help(p.about()));
    PossibleValuesParser::new(words).try_map(|word| word.parse::<crate::generate::Profile>())
}

#[cfg(feature = "plan")]
fn gap(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|g: &f64| g.is_finite() && *g >= 0.0).ok_or_else(|| "give a number from 0, such as 0.01 for one per cent".to_owned())
}

#[cfg(feature = "plan")]
fn share(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').map_or_else(|| text.parse(), |percent| percent.trim().parse::<f64>().map(|n| n / 100.0));
    number.ok().filter(|n: &f64| n.is_finite() && *n >= 0.0).ok_or_else(|| "give a share such as 1% or 0.01".to_owned())
}

#[cfg(feature = "plan")]
fn rate(text: &str) -> Result<f64, String> {
    share(text).ok().filter(|n| *n <= 1.0).ok_or_else(|| "give a rate from 0 to 1, such as 0.05 or 5%".to_owned())
}

#[cfg(feature = "plan")]
fn tight(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|t: &f64| (0.1..=3.0).contains(t)).ok_or_else(|| "give a number from 0.1 to 3, such as 0.9".to_owned())
}

#[cfg(feature = "plan")]
fn table_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|e| e.to_str()) {
        Some("csv" | "json") => Ok(path),
        _ if text == "-" => Ok(path),
        _ => Err("the file's ending must be .csv or .json".to_owned()),
    }
}
