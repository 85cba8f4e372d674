//! What the documents say of the code is made from the code: the tables between markers are regenerated here and compared.
//!
//! `UPDATE=1 cargo test --release --test readme` rewrites them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rungs::brief::{Sentence, brief};
use rungs::cli::Exit;
use rungs::intake::codes::{CODES, Code};
use rungs::io::plan_file::{Certificate, CertificateRow, InstanceRef, MentorRow, PlacementRow, PlanFile, RuleCost, Solver, Unplaced};
use rungs::io::raw::{
    Barred, Baseline, Breadth, Budget, Calendar, Clause, Cohort, Competency, CredentialFrom, Current, Group, Instance, Leave, Limits, Mentor, Minds,
    Mobility, NeededBy, Of, Pair, Participant, Past, Person, Pin, Place, Position, Range, Ratings, Relocation, Role, Site, Stage, Target, Track,
    TrackStage,
};
use rungs::io::{Field, Record};
use rungs::rules::{Default, Param, ParamKind, RULES, Reach, Rule};
use rungs::workbook::{Kind, Rows, Words};

#[test]
fn the_rules_of_the_readme_are_those_of_the_code() {
    check("README.md", "rules", &rules());
}

#[test]
fn the_exit_codes_of_the_readme_are_those_of_the_code() {
    let row = |(exit, about): &(Exit, &str)| format!("| {} | {about} |\n", *exit as u8);
    check("README.md", "exit codes", &format!("| code | meaning |\n| ---: | --- |\n{}", Exit::ALL.iter().map(row).collect::<String>()));
}

#[test]
fn the_instances_of_the_readme_are_those_expected() {
    check("README.md", "instances", &instances());
}

#[test]
fn the_format_is_that_of_the_code() {
    check("README.md", "lists", &lists());
    check("src/guide/FORMAT.md", "instance", &records(INSTANCE));
    check("src/guide/FORMAT.md", "plan", &records(PLAN));
    check("src/guide/FORMAT.md", "workbook", &sheets(&rungs::workbook::INSTANCE));
    check("src/guide/FORMAT.md", "plan workbook", &sheets(&rungs::workbook::PLAN));
}

#[test]
fn the_rule_book_is_that_of_the_code() {
    check("src/guide/RULES.md", "rules", &book());
}

#[test]
fn the_problems_are_those_of_the_code() {
    let page = |code: &Code| {
        let Code { code, title, cause, example, mend } = code;
        format!("\n## {code}: {title}\n\n{cause}\n\n- For instance: `{example}`\n- {mend}\n")
    };
    check("src/guide/PROBLEMS.md", "problems", &CODES.iter().map(page).collect::<String>());
}

#[cfg(feature = "plan")]
#[test]
fn the_changes_of_the_readme_are_those_of_the_code() {
    let field = |f: &Field| if f.required { format!("**{}**", f.name) } else { f.name.to_owned() };
    let row = |(word, about, fields): (&str, &str, &[Field])| {
        let fields = match word {
            "rules" => "as in an instance".to_owned(),
            "add_mentor" => "a mentor's, as in an instance".to_owned(),
            _ => fields.iter().map(field).collect::<Vec<_>>().join(", "),
        };
        format!("| `{word}` | {} | {fields} |\n", about.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let rows: String = rungs::change::manual().into_iter().map(row).collect();
    check("README.md", "changes", &format!("| change | what happens | fields |\n| --- | --- | --- |\n{rows}"));
}

/// Compares what stands between `<!-- NAME -->` and `<!-- /NAME -->` in a document, or rewrites it with `UPDATE=1`.
fn check(document: &str, name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    // The tests of one document run in parallel.
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let held = ONE_AT_A_TIME.lock();
    let text = std::fs::read_to_string(&path).expect("readable");
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{document} has no {begin}"));
    let wanted = &format!("\n{}\n\n", wanted.trim()).replace("|  |", "| |");
    let (found, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{document} has no {end}"));
    if found == wanted {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(&path, format!("{before}{begin}{wanted}{end}{after}")).expect("written");
    }
    drop(held);
    let line = wanted.lines().find(|line| !found.contains(line)).unwrap_or("a line less");
    panic!("the part '{name}' of {document} is out of date ({line}); rewrite it with: UPDATE=1 cargo test --release --test readme");
}

fn rules() -> String {
    let head = "| rule | | default | weight | parameters | what it asks |\n| --- | --- | --- | ---: | --- | --- |\n";
    let row = |rule: &Rule| {
        let reach = if rule.reach == Reach::Path { "P" } else { "C" };
        let mode = match rule.default {
            Default::HardOnly => "hard only",
            Default::Hard => "hard",
            Default::Soft => "soft",
            Default::Off => "off",
            Default::HardWithMentors => "hard, off without `mentors`",
            Default::SoftWithBaseline => "soft, off without `baseline`",
        };
        let weight = rule.weight.map_or(String::new(), |w| w.to_string());
        let params = rule.params.iter().map(parameter).collect::<Vec<_>>().join("; ");
        format!("| `{}` | {reach} | {mode} | {weight} | {params} | {} |\n", rule.id, rule.asks())
    };
    head.to_owned() + &RULES.iter().map(row).collect::<String>()
}

fn parameter(param: &Param) -> String {
    let quoted = |words: &[&str], between: &str| words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(between);
    let value = match param.kind {
        ParamKind::Number { default, .. } => default.to_string(),
        ParamKind::Flag { default } => default.to_string(),
        ParamKind::Choice(words) => quoted(words, " or "),
        ParamKind::Rules(ids) => format!("[{}]", quoted(ids, ", ")),
    };
    format!("`{}` {value}", param.name)
}

/// The page of every rule, with its settings and what it tells the optimiser in the named instances.
fn book() -> String {
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("instances")).expect("listed") {
        let path = entry.expect("listed").path();
        if path.extension().is_some_and(|e| e == "json") {
            let taken = rungs::intake::intake(&std::fs::read(&path).expect("readable")).expect("valid");
            for sentence in &brief(&taken.case, &taken.policy).told {
                told.entry(rungs::rules::rule(sentence.rule).id).or_default().insert(kind(&sentence.sentence));
            }
        }
    }
    let page = |rule: &Rule| {
        let page = rule.page();
        let text = page.split_once("\n\n").map_or("", |(_, text)| text).trim();
        let shown = anstream::adapter::strip_str(&rungs::report::rule_page(rule)).to_string();
        let settings = shown.split_once("Settings\n").map_or("", |(_, settings)| settings);
        let reach = if rule.reach == Reach::Path { "one path alone" } else { "all paths together" };
        let sentences = told.get(rule.id).map_or_else(
            || "nothing: the networks are built so that it holds".to_owned(),
            |kinds| kinds.iter().copied().collect::<Vec<_>>().join("; "),
        );
        format!(
            "\n<a id=\"{0}\"></a>\n\n## {0}\n\n{text}\n\nRead from {reach}. Told to the optimiser: {sentences}.\n\n```text\n{settings}```\n",
            rule.id
        )
    };
    RULES.iter().map(page).collect()
}

/// A kind of sentence in words.
fn kind(sentence: &Sentence<'_>) -> &'static str {
    match sentence {
        Sentence::Choice(_) => "a gate or price of each placement",
        Sentence::Move { .. } => "a gate or price of each move from one placement to the next",
        Sentence::Wait(_) => "a price of each idle period",
        Sentence::End(_) => "a gate or price of each way to end",
        Sentence::Count { .. } => "a count along a path, within bounds",
        Sentence::Each { .. } => "counts along a path, one for each key, within a limit",
        Sentence::Order { .. } => "an order along a path",
        Sentence::Need { .. } => "a need at the end of a path",
        Sentence::Distinct { .. } => "distinct things along a path",
        Sentence::Run { .. } => "runs along a path",
        Sentence::Spacing { .. } => "the spacing of moves along a path",
        Sentence::Rows { .. } => "rows across paths",
        Sentence::Supply { .. } => "a supply with capacities",
        Sentence::AllOrNone { .. } => "all or none at a place",
        Sentence::WorstOf { .. } => "the worst of each group",
        Sentence::Quorum { .. } => "a quorum at the end",
    }
}

fn instances() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("instances");
    let expected: toml::Table = std::fs::read_to_string(root.join("expected.toml")).expect("readable").parse().expect("TOML");
    let listed = std::fs::read_to_string(root.join("README.md")).expect("readable");
    // In the order of their own README, whose second column names the programme.
    let rows = listed.lines().filter_map(|line| line.strip_prefix("| [")).map(|line| {
        let name = line.split(']').next().expect("a name");
        let programme = line.split(" | ").nth(1).expect("a programme");
        let of = &expected[name];
        let (people, positions, periods) = (&of["participants"], &of["positions"], &of["periods"]);
        format!("| [{name}](instances/{name}.md) | {programme} | {people} | {positions} | {periods} | {} |\n", of["objective"])
    });
    let rows: Vec<String> = rows.collect();
    assert_eq!(rows.len(), expected.len(), "instances/README.md lists every instance");
    "| instance | programme | people | positions | periods | optimum |\n| --- | --- | ---: | ---: | ---: | ---: |\n".to_owned() + &rows.concat()
}

/// Every list of an instance with the fields of its rows; what must be given is bold.
fn lists() -> String {
    let row = |field: &Field| {
        let of: &[Field] = match field.name {
            "calendar" => Calendar::FIELDS,
            "competencies" => Competency::FIELDS,
            "stages" => Stage::FIELDS,
            "roles" => Role::FIELDS,
            "sites" => Site::FIELDS,
            "positions" => Position::FIELDS,
            "people" => Person::FIELDS,
            "mentors" => Mentor::FIELDS,
            "tracks" => Track::FIELDS,
            "targets" => Target::FIELDS,
            "cohorts" => Cohort::FIELDS,
            "participants" => Participant::FIELDS,
            "groups" => Group::FIELDS,
            "relocation" => Relocation::FIELDS,
            "baseline" => Baseline::FIELDS,
            _ => &[],
        };
        let name = |f: &Field| if f.required { format!("**{}**", f.name) } else { f.name.to_owned() };
        let fields = of.iter().map(name).collect::<Vec<_>>().join(", ");
        let own = if field.required { format!("**`{}`**", field.name) } else { format!("`{}`", field.name) };
        format!("| {own} | {} | {fields} |\n", about(field).0)
    };
    "| list | what it holds | fields |\n| --- | --- | --- |\n".to_owned() + &Instance::FIELDS.iter().map(row).collect::<String>()
}

/// Meaning and default of a field.
fn about(field: &Field) -> (String, String) {
    let flat = field.about.split_whitespace().collect::<Vec<_>>().join(" ");
    let (meaning, default) = flat.split_once("Default").unwrap_or((&flat, ""));
    let default = default.trim_start_matches(':').trim().trim_end_matches('.');
    (meaning.trim().trim_end_matches('.').to_owned(), if field.required { "required".to_owned() } else { default.to_owned() })
}

/// A record's title, what it is, and its fields.
type Described = (&'static str, &'static str, &'static [Field]);

macro_rules! described {
    ($($title:literal $record:ident),+ $(,)?) => {
        &[$(($title, $record::ABOUT, $record::FIELDS)),+]
    };
}

const INSTANCE: &[Described] = described!(
    "The instance" Instance,
    "`calendar`" Calendar,
    "`competencies[]`" Competency,
    "`stages[]`" Stage,
    "`roles[]`" Role,
    "`roles[].duration`, and other bounds" Limits,
    "`sites[]`" Site,
    "`sites[].open[]`, and other ranges" Range,
    "`positions[]`" Position,
    "`people[]`" Person,
    "`mentors[]`" Mentor,
    "`tracks[]`" Track,
    "`tracks[].stages[]`" TrackStage,
    "`curriculum[]` of tracks and participants" Clause,
    "`curriculum[].of`" Of,
    "`tracks[].breadth`" Breadth,
    "`targets[]`" Target,
    "`targets[].needed[]`" NeededBy,
    "`cohorts[]`" Cohort,
    "`participants[]`" Participant,
    "`participants[].home`, where it is no site" Place,
    "`participants[].credentials[]`, where not an id" CredentialFrom,
    "`participants[].history[]`" Past,
    "`participants[].current`" Current,
    "`participants[].leave[]`" Leave,
    "`participants[].mobility`" Mobility,
    "`participants[].ratings`" Ratings,
    "`participants[].minds`" Minds,
    "`participants[].barred`" Barred,
    "`participants[].pinned[]`" Pin,
    "`groups[]`" Group,
    "`relocation`" Relocation,
    "`relocation.pairs[]`" Pair,
    "`relocation.budget`" Budget,
    "`baseline[]`" Baseline,
);

const PLAN: &[Described] = described!(
    "The plan" PlanFile,
    "`instance`" InstanceRef,
    "`rules[]`" RuleCost,
    "`placements[]`" PlacementRow,
    "`placements[].mentors[]`" MentorRow,
    "`unplaced[]`" Unplaced,
    "`certificate`" Certificate,
    "`certificate.rows[]`" CertificateRow,
    "`solver`" Solver,
);

/// Every sheet of a workbook with its columns.
fn sheets(form: &rungs::workbook::Form) -> String {
    let words = Words::of(form);
    let of = |sheet: &rungs::workbook::Sheet| {
        let row = |heading: String, meaning: &str, how: &str| format!("| `{heading}` | {} | {} |\n", meaning.trim(), how.trim());
        let owners: String = match sheet.rows {
            Rows::Under(owners, _) => owners.iter().map(|o| row(o.heading.to_owned(), "Whose row it is.", &Kind::Named(o.of).how())).collect(),
            Rows::Rules => row("rule".to_owned(), "The rule's id.", ""),
            _ => String::new(),
        };
        let column = |c: &rungs::workbook::Column| {
            let heading = match sheet.rows {
                Rows::Map(_, key, value) => if c.path == "key" { key } else { value }.to_owned(),
                _ => c.heading(),
            };
            row(heading, &words.column(sheet, c).text, &c.kind.how())
        };
        let columns: String = sheet.columns.iter().map(column).collect();
        let first = if matches!(sheet.rows, Rows::Settings) { "setting" } else { "column" };
        format!(
            "\n### Sheet {}\n\n{}\n\n| {first} | meaning | how it is written |\n| --- | --- | --- |\n{owners}{columns}",
            sheet.name,
            words.sheet(sheet)
        )
    };
    form.sheets.iter().map(of).collect()
}

fn records(described: &[Described]) -> String {
    let row = |field: &Field| {
        let (meaning, default) = about(field);
        format!("| `{}` | {meaning} | {default} |\n", field.name)
    };
    let section = |(title, about, fields): &Described| {
        let about = about.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("\n### {title}\n\n{about}\n\n| field | meaning | default |\n| --- | --- | --- |\n{}", fields.iter().map(row).collect::<String>())
    };
    described.iter().map(section).collect::<String>()
}
