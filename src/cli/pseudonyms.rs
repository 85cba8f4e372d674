//! `export --pseudonyms` and `export --restore`.

use std::path::Path;

use serde_json::Value;

use super::args::ExportArgs;
use super::workbook::{write_instance, write_plan};
use super::{Exit, Halt, fault, out, source, warn};
use crate::io::Problem;
use crate::pseudonyms::{Direction, Key, instance, is_sorted, plan};
use crate::workbook::{self as book, Source};

/// Writes an instance, or a plan of it, with pseudonyms in place of people, or with people in place of pseudonyms.
pub(super) fn export(args: &ExportArgs) -> Result<Exit, Halt> {
    let (path, direction) = match (&args.pseudonyms, &args.restore) {
        (Some(path), _) => (path, Direction::Hide),
        (_, Some(path)) => (path, Direction::Restore),
        _ => return Err(Halt::new(Exit::Usage, "give --pseudonyms KEYFILE or --restore KEYFILE")),
    };
    for given in [Some(&args.instance), args.plan.as_ref(), Some(path)].into_iter().flatten() {
        out::spare(given, &args.output)?;
    }
    let is_new = direction == Direction::Hide && !path.exists();
    let mut key = if is_new { Key::default() } else { Key::read(&super::bytes(path)?).map_err(|problems| Halt::invalid(path, &problems))? };
    let before = key.clone();
    let failed = |e: String| Halt::new(Exit::Failed, e);
    let from = source(&args.instance)?;
    let mut value = book::instance_value(&from).map_err(|problems| Halt::invalid(&args.instance, &problems))?;
    let known_by = value.clone();
    instance(&mut value, &mut key, direction).map_err(failed)?;
    match &args.plan {
        None => {
            keep(path, &key, &before, is_new)?;
            write_instance(&args.output, &value)?;
        }
        Some(file) => {
            // A plan is read with the names of its own instance, and written with those of the other.
            let own = book::instance(&from).map_err(|problems| Halt::invalid(&args.instance, &problems))?;
            let read = book::plan(&source(file)?, &own.case).map_err(|problems| Halt::invalid(file, &problems))?;
            warn(&read.warnings);
            let mut stated = serde_json::to_value(&read.file).map_err(|e| failed(fault(&e.to_string())))?;
            plan(&mut stated, &mut key, direction).map_err(failed)?;
            let ours = |problems: Vec<Problem>| failed(fault(&problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")));
            let other = book::instance(&Source::Json(value.to_string().into_bytes())).map_err(ours)?;
            let changed = book::plan(&Source::Json(stated.to_string().into_bytes()), &other.case).map_err(ours)?;
            keep(path, &key, &before, is_new)?;
            write_plan(&args.output, &other, &changed.plan, &changed.file)?;
        }
    }
    say(args, path, &key, &known_by, is_new, direction);
    Ok(Exit::Done)
}

/// The key is written before what it is the key of: without it, nothing could be restored. A new one never replaces a file.
fn keep(path: &Path, key: &Key, before: &Key, is_new: bool) -> Result<(), Halt> {
    if !is_new && key == before {
        return Ok(());
    }
    let text = key.written().map_err(|e| Halt::new(Exit::Failed, fault(&e)))?;
    if is_new && path.exists() {
        return Err(Halt::new(Exit::Failed, format!("{} has appeared meanwhile; nothing was written", path.display())));
    }
    out::write_secret(path, &text)
}

fn say(args: &ExportArgs, path: &Path, key: &Key, value: &Value, is_new: bool, direction: Direction) {
    let written = if args.output == Path::new("-") { String::new() } else { format!("written: {}\n", args.output.display()) };
    if direction == Direction::Restore {
        return out::talk(&written);
    }
    let sorted: Vec<&str> = ["people", "mentors", "participants"].into_iter().filter(|list| is_sorted(value, list)).collect();
    if !sorted.is_empty() && args.plan.is_none() {
        let what = sorted.join(" and ");
        let warning = format!("warning: {what} stand in the order of their names or ids, and stay in it: who has a list of names can match them");
        out::talk(&format!("{warning}\n  hint: put the rows into another order first\n"));
    }
    let how = if is_new { "a new file: whoever has it can undo the pseudonyms, and without it nobody can" } else { "used again" };
    out::talk(&format!("{written}key:     {} ({} people; {how})", path.display(), key.len()));
}
