//! `letters` and `calendar`: a plan handed out.

use std::path::{Path, PathBuf};

use super::args::{CalendarArgs, LettersArgs};
use super::workbook::is_folder;
use super::{Exit, Halt, out, read_instance, read_plan_file};
use crate::audit::audit;
use crate::domain::ParticipantIx;
use crate::handout::{self, Letter, Old, Page, TEMPLATE, Template};
use crate::intake::Intake;
use crate::io::{Contents, Problem, reason, suggest};

/// Writes a letter for every participant.
pub(super) fn letters(args: &LettersArgs) -> Result<Exit, Halt> {
    if args.print_template {
        out::print(TEMPLATE)?;
        return Ok(Exit::Done);
    }
    let (Some(instance), Some(plan), Some(output)) = (&args.instance, &args.plan, &args.output) else {
        return Err(Halt::new(Exit::Usage, "give the instance, the plan and -o FOLDER; or --print-template"));
    };
    let (name, source) = template(args.template.as_deref())?;
    let ending = args.template.as_ref().map_or("md", |path| ending(path));
    for given in [Some(instance), Some(plan), args.template.as_ref()].into_iter().flatten() {
        out::spare(given, output)?;
    }
    let taken = read_instance(instance)?;
    let read = read_plan_file(plan, &taken)?;
    let seen = audit(&taken.case, &taken.policy, &read.plan);
    let all = handout::letters(&taken.case, &taken.policy, &read.plan, &seen);
    let asked = only(&taken, all, &args.only)?;
    let refused = |problems: Vec<Problem>| Halt::invalid(&name, &problems);
    let pages = Template::new(&source, ending).and_then(|template| template.fill(&taken.case, &asked)).map_err(refused)?;
    if !seen.legal() {
        out::talk("warning: the plan breaks hard rules (rungs check lists them)");
    }
    let folder = output.is_dir() || is_folder(output);
    if !folder && (output == Path::new("-") || output.extension().is_some()) {
        out::write(output, &joined(&pages, ending))?;
    } else {
        let files: Vec<(String, Vec<u8>)> = pages.iter().map(|page| (page.name.clone(), page.text.clone().into_bytes())).collect();
        out::put(output, Contents::Folder(files))?;
        older(output, &pages, ending);
    }
    written(output, pages.len(), "letter", "letters");
    Ok(Exit::Done)
}

/// Says which letters in the folder are not of this plan, so that they are not handed out by mistake.
fn older(folder: &Path, pages: &[Page], ending: &str) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.filter(|name| name.ends_with(&format!(".{ending}")) && !pages.iter().any(|page| page.name == *name)).collect();
    names.sort();
    if !names.is_empty() {
        let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
        let more = if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
        out::talk(&format!("warning: not of this run, and left alone: {}{more}", shown.join(", ")));
    }
}

/// The template and what to call it in messages.
fn template(path: Option<&Path>) -> Result<(PathBuf, String), Halt> {
    let Some(path) = path else { return Ok((PathBuf::from("the template"), TEMPLATE.to_owned())) };
    let text = String::from_utf8(super::bytes(path)?).map_err(|_| {
        let problem = Problem::error("E951", "", "the template is not UTF-8 text");
        Halt::invalid(path, &[problem.hint("save it as UTF-8, as plain text: a document of a word processor is no template")])
    })?;
    Ok((path.to_owned(), text.trim_start_matches('\u{feff}').to_owned()))
}

/// The ending of the letters: the template's, without one that only says that it is a template.
fn ending(template: &Path) -> &str {
    let of = |path: &'_ Path| path.extension().and_then(|e| e.to_str()).map(str::to_owned);
    let stem = template.file_stem().map(Path::new);
    match of(template).as_deref() {
        Some("j2" | "jinja" | "jinja2" | "tmpl") => stem.and_then(Path::extension).and_then(|e| e.to_str()).unwrap_or("txt"),
        Some(_) => template.extension().and_then(|e| e.to_str()).unwrap_or("txt"),
        None => "txt",
    }
}

/// All letters in one text, each on a page of its own where the form has pages.
fn joined(pages: &[Page], ending: &str) -> String {
    let between = if ending == "md" { "\n---\n\n" } else { "\u{c}\n" };
    let between = if ending.starts_with("htm") { "" } else { between };
    pages.iter().map(|page| page.text.as_str()).collect::<Vec<_>>().join(between)
}

/// The letters of those who were asked for, by id or name; all if nobody was.
fn only(taken: &Intake, all: Vec<(ParticipantIx, Letter)>, asked: &[String]) -> Result<Vec<(ParticipantIx, Letter)>, Halt> {
    let named = |p: ParticipantIx| &taken.case.participants[p].named;
    for word in asked {
        if !all.iter().any(|(p, _)| named(*p).id == *word || named(*p).name == *word) {
            let near = suggest(word, all.iter().flat_map(|(p, _)| [named(*p).id.as_str(), named(*p).name.as_str()]));
            let hint = near.map_or(String::new(), |near| format!("\n  hint: did you mean '{near}'?"));
            return Err(Halt::new(Exit::Usage, format!("there is no participant '{word}' for whom something is planned{hint}")));
        }
    }
    let wanted = |p: ParticipantIx| asked.is_empty() || asked.iter().any(|word| named(p).id == *word || named(p).name == *word);
    Ok(all.into_iter().filter(|(p, _)| wanted(*p)).collect())
}

/// Writes calendars for every participant, site and mentor.
pub(super) fn calendar(args: &CalendarArgs) -> Result<Exit, Halt> {
    out::spare(&args.instance, &args.output)?;
    out::spare(&args.plan, &args.output)?;
    let taken = read_instance(&args.instance)?;
    let read = read_plan_file(&args.plan, &taken)?;
    let before = args.replaces.as_ref().unwrap_or(&args.output);
    if args.replaces.is_some() && !before.is_dir() {
        return Err(Halt::new(Exit::Usage, format!("{} is no folder of calendars", before.display())));
    }
    let old = Old::read(&handed_out(before)?).map_err(|problems| Halt::invalid(before, &problems))?;
    let pages = handout::calendars(&taken.case, &read.plan, &old);
    let files: Vec<(String, Vec<u8>)> = pages.into_iter().map(|page| (page.name, page.text.into_bytes())).collect();
    let count = files.len();
    out::put(&args.output, Contents::Folder(files))?;
    written(&args.output, count, "calendar", "calendars");
    Ok(Exit::Done)
}

/// The calendars of a folder, by their names in it.
fn handed_out(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Halt> {
    let failed = |e: std::io::Error| Halt::new(Exit::Failed, format!("{} cannot be read: {}", folder.display(), reason(&e)));
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for inner in std::fs::read_dir(folder).map_err(failed)? {
        let inner = inner.map_err(failed)?;
        let kind = inner.file_name().to_string_lossy().into_owned();
        if !inner.path().is_dir() {
            continue;
        }
        for file in std::fs::read_dir(inner.path()).map_err(failed)? {
            let file = file.map_err(failed)?;
            let name = file.file_name().to_string_lossy().into_owned();
            if Old::is_calendar(&kind, &name) {
                files.push((format!("{kind}/{name}"), super::bytes(&file.path())?));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn written(output: &Path, count: usize, one: &str, many: &str) {
    if output != Path::new("-") {
        out::talk(&format!("written: {} ({count} {})", output.display(), if count == 1 { one } else { many }));
    }
}
