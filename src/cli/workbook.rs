//! `template`, `convert`, and what `check` does with workbooks.

use std::path::Path;

use serde_json::{Value, json};

use super::args::{CheckArgs, ConvertArgs, TemplateArgs};
use super::{Exit, Halt, out, read_instance, read_plan_file, source, warn};
use crate::domain::{Plan, Span};
use crate::intake::Intake;
use crate::io::plan_file::PlanFile;
use crate::io::{Contents, Problem, ReadPlan};
#[cfg(feature = "plan")]
use crate::io::{has_ending, raw::Instance};
use crate::words::Index;
use crate::workbook::{self as book, Form, Format, INSTANCE, PLAN, Source};

/// How a file is written, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Json,
    Book(Format),
    Folder,
}

impl Written {
    /// A plan is JSON unless its name asks for something else: a folder by its separator at the end.
    #[cfg(feature = "plan")]
    fn of_plan(path: &Path) -> Result<Self, Halt> {
        if is_folder(path) {
            Ok(Self::Folder)
        } else if has_ending(path, &["xlsx", "ods", "csv"]) {
            Self::of(path)
        } else {
            Ok(Self::Json)
        }
    }

    fn of(path: &Path) -> Result<Self, Halt> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let refused = |why: &str| Err(Halt::new(Exit::Usage, format!("{} cannot be written: {why}", path.display())));
        match ending.as_deref() {
            _ if path.is_dir() => Ok(Self::Folder),
            None if path.exists() => Ok(Self::Json),
            Some("xlsx") => Ok(Self::Book(Format::Xlsx)),
            Some("ods") => Ok(Self::Book(Format::Ods)),
            Some("json") => Ok(Self::Json),
            None if path == Path::new("-") => Ok(Self::Json),
            None => Ok(Self::Folder),
            Some("csv") => refused("there is a .csv file for each sheet; name a folder for them"),
            Some(_) => refused("the name must end in .xlsx, .ods or .json, or be that of a folder, without an ending"),
        }
    }
}

/// Writes an empty workbook, or an example.
pub(super) fn template(args: &TemplateArgs) -> Result<Exit, Halt> {
    let value = example(args)?;
    if Written::of(&args.file)? == Written::Json {
        return Err(Halt::new(Exit::Usage, "a template is a workbook: name a file that ends in .xlsx or .ods, or a folder"));
    }
    write_instance(&args.file, &value)?;
    out::talk(&format!("written: {0}\nfill it in, then: rungs check {0}", args.file.display()));
    Ok(Exit::Done)
}

#[cfg(feature = "plan")]
fn example(args: &TemplateArgs) -> Result<Value, Halt> {
    use crate::generate::{Recipe, generate};
    let Some(profile) = args.profile else { return Ok(json!({})) };
    let recipe = Recipe { profile, participants: EXAMPLE, periods: None, tight: 0.9, sites: None, positions: None, budget: None, seed: 1 };
    serde_json::to_value(generate(&recipe)).map_err(|e| Halt::new(Exit::Failed, super::fault(&e.to_string())))
}

/// People of an example: few enough to look through and to plan in seconds.
#[cfg(feature = "plan")]
const EXAMPLE: usize = 12;

#[cfg(not(feature = "plan"))]
fn example(_: &TemplateArgs) -> Result<Value, Halt> {
    Ok(json!({}))
}

/// Converts an instance or a plan. Whether it makes sense is for `check`: what is half done can be converted too.
pub(super) fn convert(args: &ConvertArgs) -> Result<Exit, Halt> {
    out::spare(&args.from, &args.to)?;
    let written = Written::of(&args.to)?;
    let from = source(&args.from)?;
    let refused = |problems: Vec<Problem>| Halt::invalid(&args.from, &problems);
    if from.is_plan() {
        if args.pin.is_some() {
            return Err(Halt::new(Exit::Usage, format!("{} is a plan; pins belong in an instance", args.from.display())));
        }
        let Some(instance) = &args.instance else {
            let what = format!("{} is a plan, whose names and periods its instance knows: add --instance FILE", args.from.display());
            return Err(Halt::new(Exit::Usage, what));
        };
        let taken = read_instance(instance)?;
        let read = book::plan(&from, &taken.case).map_err(refused)?;
        warn(&read.warnings);
        out::put(&args.to, plan_as(written, &args.to, &taken, &read.plan, &read.file)?)?;
    } else {
        let mut value = book::instance_value(&from).map_err(refused)?;
        if let Some(plan) = &args.pin {
            out::spare(plan, &args.to)?;
            let taken = book::instance(&from).map_err(|problems| Halt::invalid(&args.from, &problems))?;
            pin(&mut value, &taken, &read_plan_file(plan, &taken)?.plan);
        }
        write_instance(&args.to, &value)?;
    }
    Ok(Exit::Done)
}

/// Adds the placements of a plan to what is pinned in an instance, but for those that are.
fn pin(value: &mut Value, taken: &Intake, plan: &Plan) {
    let case = &taken.case;
    for (participant, path) in plan.paths.iter() {
        let Some(row) = value["participants"].get_mut(participant.index()) else { continue };
        for placement in path {
            let span = Span { participant, position: placement.position, from: placement.from, until: placement.until };
            if case.participants[participant].pinned.contains(&span) {
                continue;
            }
            let label = |period| case.calendar.label(period);
            let pin = json!({"position": case.positions[placement.position].id, "from": label(placement.from), "until": label(placement.until)});
            match &mut row["pinned"] {
                Value::Array(pins) => pins.push(pin),
                none => *none = json!([pin]),
            }
        }
    }
}

pub(super) fn write_instance(path: &Path, value: &Value) -> Result<(), Halt> {
    out::put(path, instance_contents(path, value)?)
}

/// Writes an instance's rows as its file's name asks for.
#[cfg(feature = "plan")]
pub(super) fn write_rows(path: &Path, rows: &Instance) -> Result<(), Halt> {
    out::put(path, rows_contents(path, rows)?)
}

/// An instance's rows as its file's name asks for; as JSON they keep their order.
#[cfg(feature = "plan")]
pub(super) fn rows_contents(path: &Path, rows: &Instance) -> Result<Contents, Halt> {
    if Written::of(path)? == Written::Json {
        return Ok(Contents::File(out::json(rows)?.into_bytes()));
    }
    instance_contents(path, &serde_json::to_value(rows).map_err(|e| Halt::new(Exit::Failed, super::fault(&e.to_string())))?)
}

/// An instance as its file's name asks for.
fn instance_contents(path: &Path, value: &Value) -> Result<Contents, Halt> {
    let failed = |e: String| Halt::new(Exit::Failed, format!("{} cannot be written: {e}", path.display()));
    Ok(match Written::of(path)? {
        Written::Json => Contents::File(out::json(value)?.into_bytes()),
        Written::Book(format) => Contents::File(book::instance_book(value, format).map_err(failed)?),
        Written::Folder => Contents::Folder(book::csv_files(&book::instance_pages(value)).map_err(failed)?),
    })
}

/// Checks an instance alone, and marks its workbook if that is asked for.
pub(super) fn check_instance(args: &CheckArgs) -> Result<Exit, Halt> {
    let from = source(&args.instance)?;
    let found = book::instance(&from);
    let problems = found.as_ref().map_or_else(Clone::clone, |taken| taken.warnings.clone());
    if let Some(mark) = &args.mark {
        write_marked(mark, &args.instance, &from, &INSTANCE, &problems)?;
    }
    let taken = found.map_err(|problems| Halt::invalid(&args.instance, &problems))?;
    warn(&taken.warnings);
    if args.json {
        out::print(&out::json(&json!({"instance": taken.case.name, "sha256": taken.case.sha256, "warnings": taken.warnings}))?)?;
    } else {
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let (case, warnings) = (&taken.case, taken.warnings.len());
        let people = count(case.participants.len(), "participant", "participants");
        let positions = count(case.positions.len(), "position", "positions");
        let said = if warnings == 0 { "no problem".to_owned() } else { count(warnings, "warning", "warnings") };
        out::print(&format!("{}: {people}, {positions}, {}: {said}\n", case.name, count(case.calendar.count, "period", "periods")))?;
    }
    Ok(Exit::Done)
}

/// Reads a plan, and marks its workbook.
pub(super) fn mark_plan(path: &Path, taken: &Intake, mark: &Path) -> Result<ReadPlan, Halt> {
    let from = source(path)?;
    let found = book::plan(&from, &taken.case);
    let problems = found.as_ref().map_or_else(Clone::clone, |read| read.warnings.clone());
    write_marked(mark, path, &from, &PLAN, &problems)?;
    let read = found.map_err(|problems| Halt::invalid(path, &problems))?;
    warn(&read.warnings);
    Ok(read)
}

fn write_marked(mark: &Path, path: &Path, from: &Source, form: &Form, problems: &[Problem]) -> Result<(), Halt> {
    out::spare(path, mark)?;
    let Source::Book(cells) = from else {
        return Err(Halt::new(Exit::Usage, format!("{} has no cells to mark: it is JSON; rungs convert makes a workbook of it", path.display())));
    };
    let Written::Book(format) = Written::of(mark)? else {
        return Err(Halt::new(Exit::Usage, "marks need a workbook: name a file that ends in .xlsx or .ods"));
    };
    let bytes =
        book::marked(cells, form, problems, format).map_err(|e| Halt::new(Exit::Failed, format!("{} cannot be written: {e}", mark.display())))?;
    out::put(mark, Contents::File(bytes))?;
    out::talk(&format!("written: {}", mark.display()));
    Ok(())
}

/// The ending of files that are made of an instance and not named: who has it as sheets gets sheets.
#[cfg(feature = "plan")]
pub(super) fn ending(instance: &Path) -> &'static str {
    if instance.is_dir() || has_ending(instance, &["xlsx", "ods"]) { "xlsx" } else { "json" }
}

/// Whether a name is meant for a folder: one that ends in a separator.
#[cfg(feature = "plan")]
pub(super) fn is_folder(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(std::path::MAIN_SEPARATOR)
}

/// Finds out whether a plan can be written before long work is done for it.
#[cfg(feature = "plan")]
pub(super) fn can_write(path: &Path) -> Result<(), Halt> {
    can_write_as(Written::of_plan(path)?, path)
}

/// The same for an instance.
#[cfg(feature = "plan")]
pub(super) fn can_write_instance(path: &Path) -> Result<(), Halt> {
    can_write_as(Written::of(path)?, path)
}

#[cfg(feature = "plan")]
fn can_write_as(written: Written, path: &Path) -> Result<(), Halt> {
    match written {
        Written::Folder if path.is_dir() => out::try_out(&path.join("Placements.csv")),
        // A new folder appears in place of a file of its name, which can be tried without the separator.
        Written::Folder => out::try_out(&path.components().collect::<std::path::PathBuf>()),
        _ => out::try_out(path),
    }
}

/// Writes a plan as its file's name asks for; a workbook with the views of it.
#[cfg(feature = "plan")]
pub(super) fn write_plan(path: &Path, taken: &Intake, plan: &Plan, file: &PlanFile) -> Result<(), Halt> {
    out::put(path, plan_contents(path, taken, plan, file)?)
}

/// A plan as its file's name asks for.
#[cfg(feature = "plan")]
pub(super) fn plan_contents(path: &Path, taken: &Intake, plan: &Plan, file: &PlanFile) -> Result<Contents, Halt> {
    plan_as(Written::of_plan(path)?, path, taken, plan, file)
}

fn plan_as(written: Written, path: &Path, taken: &Intake, plan: &Plan, file: &PlanFile) -> Result<Contents, Halt> {
    let failed = |e: String| Halt::new(Exit::Failed, format!("{} cannot be written: {e}", path.display()));
    Ok(match written {
        Written::Json => Contents::File(out::json(file)?.into_bytes()),
        Written::Book(format) => Contents::File(book::plan_book(taken, plan, file, format).map_err(failed)?),
        Written::Folder => Contents::Folder(book::csv_files(&book::plan_pages(taken, plan, file)).map_err(failed)?),
    })
}
