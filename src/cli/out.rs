//! Printing and writing.
#![allow(clippy::print_stderr, clippy::print_stdout)]

use std::io::Write;
use std::path::Path;

use super::{Exit, Halt};
use crate::io::{Contents, Staged, reason, stage};

/// Says something to the person at the terminal, with lines broken between words; elsewhere lines stay whole.
pub(super) fn talk(text: &str) {
    match terminal_size::terminal_size_of(std::io::stderr()) {
        Some((columns, _)) => as_it_stands(&wrapped(text, columns.0.into())),
        None => as_it_stands(text),
    }
}

/// Says what is wrong with the command line: lists of values are broken between words where there is no terminal too.
pub(super) fn misunderstood(text: &str) {
    let columns = terminal_size::terminal_size_of(std::io::stderr()).map_or(COLUMNS, |(columns, _)| columns.0.into());
    as_it_stands(&wrapped(text, columns));
}

/// Columns where nobody says how many there are.
const COLUMNS: usize = 80;

/// Lines broken between words, what goes on set in deeper than where its line began. Words stay whole, paths too.
fn wrapped(text: &str, columns: usize) -> String {
    let line = |line: &str| {
        let deeper = " ".repeat(line.len() - line.trim_start_matches(' ').len() + 4);
        textwrap::fill(line, textwrap::Options::new(columns).subsequent_indent(&deeper).break_words(false))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Says what is set in lines already, is for machines, or will be copied.
pub(super) fn as_it_stands(text: &str) {
    let mut stderr = anstream::stderr().lock();
    // A closed terminal is no reason to fail.
    let _ = writeln!(stderr, "{}", text.trim_end_matches('\n'));
}

/// Prints data; a reader who has seen enough (`| head`) is no error.
pub(super) fn print(text: &str) -> Result<(), Halt> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Halt::new(Exit::Failed, format!("standard output cannot be written: {}", reason(&e))))
        }
        _ => Ok(()),
    }
}

/// Refuses to overwrite what is read, by whatever way its name leads there.
pub(super) fn spare(input: &Path, output: &Path) -> Result<(), Halt> {
    let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b && (a.is_file() || a.is_dir()));
    if output != Path::new("-") && (output == input || same(output, input)) {
        return Err(Halt::new(Exit::Usage, format!("{} is read by this command and would be overwritten; name another file", output.display())));
    }
    Ok(())
}

/// Finds out whether a file can be written before long work is done for it.
#[cfg(feature = "plan")]
pub(super) fn try_out(path: &Path) -> Result<(), Halt> {
    if path == Path::new("-") { Ok(()) } else { crate::io::can_write(path).map_err(|e| cannot(path, &e)) }
}

/// A folder that files can be written to, made if need be.
#[cfg(feature = "plan")]
pub(super) fn folder(path: &Path) -> Result<&Path, Halt> {
    std::fs::create_dir_all(path).and_then(|()| crate::io::can_write(&path.join("plan.json"))).map_err(|e| cannot(path, &e))?;
    Ok(path)
}

/// What long work has found (the plan, the instance) and could not be written is saved among the temporary files.
#[cfg(feature = "plan")]
pub(super) fn saved(halt: Halt, what: &str, text: &str) -> Halt {
    let elsewhere = std::env::temp_dir().join(format!("rungs-{}.{what}.json", std::process::id()));
    match crate::io::write_whole(&elsewhere, text.as_bytes()) {
        Ok(()) => Halt::new(halt.exit, format!("{}\nthe {what} was saved as {} instead", halt.message, elsewhere.display())),
        Err(_) => halt,
    }
}

fn cannot(path: &Path, e: &std::io::Error) -> Halt {
    let more = match e.kind() {
        std::io::ErrorKind::StorageFull => "; free some space and run again; what was there before is untouched",
        std::io::ErrorKind::NotFound => "\n  hint: does its folder exist?",
        std::io::ErrorKind::IsADirectory => "\n  hint: name a file in it",
        std::io::ErrorKind::NotADirectory | std::io::ErrorKind::AlreadyExists => "\n  hint: name a folder, or one that is to be made",
        _ => "; what was there before is untouched",
    };
    Halt::new(Exit::Failed, format!("{} cannot be written: {}{more}", path.display(), reason(e)))
}

/// Writes a file whole or not at all; `-` is standard output.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Halt> {
    put(path, Contents::File(text.as_bytes().to_vec()))
}

/// Writes a file whole or not at all; one that is new, for its owner's eyes alone.
#[cfg(feature = "plan")]
pub(super) fn write_secret(path: &Path, text: &str) -> Result<(), Halt> {
    crate::io::write_secret(path, text.as_bytes()).map_err(|e| cannot(path, &e))
}

/// Writes a file or a folder; `-` is standard output.
pub(super) fn put(path: &Path, contents: Contents) -> Result<(), Halt> {
    put_all(&[(path, contents)])
}

/// Writes files and folders that belong together: all, or none. Each is written in full before any is put in its place.
pub(super) fn put_all(all: &[(&Path, Contents)]) -> Result<(), Halt> {
    let standard = |path: &Path, contents: &Contents| match contents {
        Contents::File(bytes) if path == Path::new("-") => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    };
    let (mut printed, mut staged): (Vec<String>, Vec<(&Path, Staged)>) = (Vec::new(), Vec::new());
    for (path, contents) in all {
        match standard(path, contents) {
            Some(text) => printed.push(text),
            None => staged.push((path, stage(path, contents).map_err(|e| cannot(path, &e))?)),
        }
    }
    // What can fail half-way goes first.
    staged.sort_by_key(|(_, staged)| !staged.is_stream());
    printed.iter().try_for_each(|text| print(text))?;
    staged.into_iter().try_for_each(|(path, staged)| staged.put().map_err(|e| cannot(path, &e)))
}

/// JSON as files hold it: indented, with a line end.
pub(super) fn json(value: &impl serde::Serialize) -> Result<String, Halt> {
    serde_json::to_string_pretty(value).map(|s| s + "\n").map_err(|e| Halt::new(Exit::Failed, format!("no JSON could be made: {e}")))
}

/// Records as CSV, the head first.
#[cfg(feature = "plan")]
pub(super) fn csv(records: impl IntoIterator<Item = Vec<String>>) -> Result<String, Halt> {
    let failed = |e: &dyn std::fmt::Display| Halt::new(Exit::Failed, super::fault(&format!("no CSV could be made: {e}")));
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.write_record(record).map_err(|e| failed(&e))?;
    }
    String::from_utf8(writer.into_inner().map_err(|e| failed(&e))?).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_broken_between_words_and_paths_are_not() {
        let text = "error[E203]: 'Ana Ruiz' names a cohort 'ops-28' that is not there\n  at participants[4].mobility.regions[12], line 212\n\nend";
        let lines = "error[E203]: 'Ana Ruiz' names a\n    cohort 'ops-28' that is not\n    there\n  at\n      participants[4].mobility.regions[12],\n      line 212\n\nend";
        assert_eq!(wrapped(text, 36), lines);
        assert_eq!(wrapped(text, 80), text);
    }
}
