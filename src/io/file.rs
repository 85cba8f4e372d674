//! Files are read whole, and written whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::problem::Problem;

/// The bytes of a file.
///
/// # Errors
/// One problem that says why it cannot be read.
#[expect(clippy::result_large_err, reason = "at most one for a file")]
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|error| {
        let shown = path.display();
        let problem = Problem::error("E108", "", format!("the file {shown} cannot be read: {}", reason(&error)));
        match error.kind() {
            io::ErrorKind::NotFound => problem.hint("check the path and the spelling of the name"),
            io::ErrorKind::IsADirectory => problem.hint("name a file in that directory"),
            _ => problem,
        }
    })
}

/// Why something went wrong with a file, in words alone: without the system's number and the name of a file that was to take
/// its place.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = [" (os error ", " at path "].iter().fold(text.as_str(), |text, end| text.split_once(end).map_or(text, |(words, _)| words));
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Writes a file whole or not at all: into a new file beside it, to the disk, and then in its place in one step. If anything
/// fails, what was there before is untouched.
///
/// # Errors
/// If the directory cannot be written to, the disk is full, or the file cannot be replaced.
pub fn write_whole(path: &Path, contents: &[u8]) -> io::Result<()> {
    // A device or a pipe is not a file: it is written to, never replaced.
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return std::fs::OpenOptions::new().write(true).open(path)?.write_all(contents);
    }
    let (mut file, target) = beside(path)?;
    file.write_all(contents)?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|e| e.error)?;
    Ok(())
}

/// Writes a file as [`write_whole`] does; a new one can be read by its owner alone, where the system knows owners.
///
/// # Errors
/// As [`write_whole`].
#[cfg(feature = "plan")]
pub fn write_secret(path: &Path, contents: &[u8]) -> io::Result<()> {
    if path.exists() {
        return write_whole(path, contents);
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A temporary file is its owner's alone, and stays so.
    let mut file = tempfile::Builder::new().prefix(".rungs-").suffix(".part").tempfile_in(directory)?;
    file.write_all(contents)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|e| e.error)?;
    Ok(())
}

/// Writes files, by name, into a folder; a name may lead through folders of its own, which are made. A new folder appears with
/// all of them in one step; in one that is there, each file is replaced in one step and others are left alone.
///
/// # Errors
/// As [`write_whole`], and if the path is a file.
pub fn write_folder(path: &Path, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let write_into = |folder: &Path| {
        files.iter().try_for_each(|(name, contents)| {
            let file = folder.join(name);
            file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            write_whole(&file, contents)
        })
    };
    if path.is_dir() {
        return write_into(path);
    }
    if path.exists() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = tempfile::Builder::new().prefix(".rungs-").suffix(".part").tempdir_in(parent)?;
    let inner = folder.path().join("files");
    std::fs::create_dir(&inner)?;
    write_into(&inner)?;
    std::fs::rename(&inner, path)
}

/// Finds out whether a file could be written, and leaves no trace.
///
/// # Errors
/// If it could not: the directory does not exist or is read-only, or the path is a directory.
pub fn can_write(path: &Path) -> io::Result<()> {
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return Ok(());
    }
    beside(path).map(drop)
}

/// A new file beside another, which goes away unless it is put in that one's place; and where that is.
fn beside(path: &Path) -> io::Result<(tempfile::NamedTempFile, PathBuf)> {
    // A link is followed, so that its target is replaced and not the link.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let file = tempfile::Builder::new().prefix(".rungs-").suffix(".part").permissions_like(&target).tempfile_in(directory)?;
    Ok((file, target))
}

/// Gives the new file the old one's permissions, or those of any new file: a temporary file's own would be its owner's alone.
trait PermissionsLike {
    fn permissions_like(&mut self, target: &Path) -> &mut Self;
}

impl PermissionsLike for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_like(&mut self, target: &Path) -> &mut Self {
        use std::os::unix::fs::PermissionsExt;
        let permissions = std::fs::metadata(target).map_or_else(|_| std::fs::Permissions::from_mode(0o666), |m| m.permissions());
        self.permissions(permissions)
    }
    #[cfg(not(unix))]
    fn permissions_like(&mut self, _: &Path) -> &mut Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_in_one_step_and_nothing_is_left_beside_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("plan.json");
        write_whole(&path, b"old").expect("written");
        write_whole(&path, b"new").expect("replaced");
        assert_eq!(std::fs::read(&path).expect("read"), b"new");
        assert_eq!(std::fs::read_dir(directory.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_the_old_one() {
        let directory = tempfile::tempdir().expect("a directory");
        assert!(write_whole(&directory.path().join("nowhere/plan.json"), b"x").is_err());
        let taken = directory.path().join("taken");
        std::fs::create_dir(&taken).expect("made");
        assert!(write_whole(&taken, b"x").is_err());
        assert_eq!(std::fs::read_dir(directory.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_missing_file_is_named() {
        let problem = read_bytes(Path::new("no/such/file.json")).expect_err("missing");
        assert_eq!(problem.code, "E108");
        assert_eq!(problem.what, "the file no/such/file.json cannot be read: no such file or directory");
    }
}
