//! Printing and writing.
#![allow(clippy::print_stderr, clippy::print_stdout)]

use std::io::Write;
use std::path::Path;

use super::{Exit, Halt};
use crate::io::write_whole;

/// Says something to the person at the terminal.
pub(super) fn talk(text: &str) {
    let mut stderr = anstream::stderr().lock();
    // A closed terminal is no reason to fail.
    let _ = writeln!(stderr, "{}", text.trim_end_matches('\n'));
}

/// Prints data; a reader who has seen enough (`| head`) is no error.
pub(super) fn print(text: &str) -> Result<(), Halt> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Halt::new(Exit::Failed, format!("standard output cannot be written: {e}"))),
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all; `-` is standard output.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Halt> {
    if path == Path::new("-") {
        return print(text);
    }
    write_whole(path, text.as_bytes()).map_err(|e| {
        let hint = if e.kind() == std::io::ErrorKind::StorageFull { "; free some space and run again" } else { "" };
        Halt::new(Exit::Failed, format!("{} cannot be written: {e}{hint}; what was there before is untouched", path.display()))
    })
}

/// JSON as files hold it: indented, with a line end.
pub(super) fn json(value: &impl serde::Serialize) -> Result<String, Halt> {
    serde_json::to_string_pretty(value).map(|s| s + "\n").map_err(|e| Halt::new(Exit::Failed, format!("no JSON could be made: {e}")))
}
