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

/// Whether a file's name has one of these endings, in whichever letter case.
#[must_use]
pub fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|own| endings.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

/// What is to be written under one name.
#[derive(Debug, Clone)]
pub enum Contents {
    /// A file's bytes.
    File(Vec<u8>),
    /// A folder's files, by name; a name may lead through folders of its own, which are made.
    Folder(Vec<(String, Vec<u8>)>),
}

/// What stands in full beside its place, on the disk, and leaves no trace if it is not put there.
#[derive(Debug)]
pub struct Staged(Vec<Part>);

#[derive(Debug)]
enum Part {
    /// A device or a pipe is not a file: it is written to, never replaced.
    Stream(PathBuf, Vec<u8>),
    File(tempfile::TempPath, PathBuf),
    /// A new folder with all of its files, within one that goes away.
    Folder(tempfile::TempDir, PathBuf),
}

impl Staged {
    /// Whether putting it means writing to a device or a pipe, which can fail half-way and cannot be taken back.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Stream(..)))
    }

    /// Puts everything in its place, each file, and a new folder, in one step.
    ///
    /// # Errors
    /// If something cannot be replaced; what stood there is then untouched.
    pub fn put(self) -> io::Result<()> {
        self.0.into_iter().try_for_each(|part| match part {
            Part::Stream(path, contents) => std::fs::OpenOptions::new().write(true).open(path)?.write_all(&contents),
            Part::File(file, target) => file.persist(target).map_err(|e| e.error),
            Part::Folder(folder, target) => std::fs::rename(folder.path().join(INNER), target),
        })
    }
}

/// The folder in a temporary one that takes its place: that one itself must be there to go away.
const INNER: &str = "files";

/// Writes a file or a folder in full, beside its place: so that what can fail has failed before anything is replaced. In a folder
/// that is there, files of other names are left alone.
///
/// # Errors
/// If the directory cannot be written to, the disk is full, or one is a file where the other is a folder.
pub fn stage(path: &Path, contents: &Contents) -> io::Result<Staged> {
    match contents {
        Contents::File(bytes) => Ok(Staged(vec![part(path, bytes)?])),
        Contents::Folder(files) if path.is_dir() => parts(path, files),
        Contents::Folder(_) if path.exists() => Err(io::ErrorKind::NotADirectory.into()),
        Contents::Folder(files) => {
            let folder = unfinished().tempdir_in(directory(path))?;
            let inner = folder.path().join(INNER);
            std::fs::create_dir(&inner)?;
            parts(&inner, files)?.put()?;
            Ok(Staged(vec![Part::Folder(folder, path.to_owned())]))
        }
    }
}

/// The files of a folder that is there.
fn parts(folder: &Path, files: &[(String, Vec<u8>)]) -> io::Result<Staged> {
    let one = |(name, bytes): &(String, Vec<u8>)| {
        let file = folder.join(name);
        file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        part(&file, bytes)
    };
    files.iter().map(one).collect::<io::Result<_>>().map(Staged)
}

fn part(path: &Path, contents: &[u8]) -> io::Result<Part> {
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return Ok(Part::Stream(path.to_owned(), contents.to_owned()));
    }
    let (file, target) = beside(path)?;
    Ok(Part::File(filled(file, contents)?, target))
}

/// A new file with its contents on the disk. Closed: a folder may have more files than can be open at once.
fn filled(mut file: tempfile::NamedTempFile, contents: &[u8]) -> io::Result<tempfile::TempPath> {
    file.write_all(contents)?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

/// Writes a file whole or not at all: into a new file beside it, to the disk, and then in its place in one step. If anything
/// fails, what was there before is untouched.
///
/// # Errors
/// As [`stage`] and [`Staged::put`].
pub fn write_whole(path: &Path, contents: &[u8]) -> io::Result<()> {
    Staged(vec![part(path, contents)?]).put()
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
    // A temporary file is its owner's alone, and stays so.
    let file = filled(unfinished().tempfile_in(directory(path))?, contents)?;
    file.persist_noclobber(path).map_err(|e| e.error)
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
    let file = unfinished().permissions_like(&target).tempfile_in(directory(&target))?;
    Ok((file, target))
}

/// What stands beside its place until it is put there: hidden, and known by its name if it is left over.
fn unfinished() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rungs-").suffix(".part");
    builder
}

/// The directory that a file is in.
fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
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
    fn what_is_staged_is_seen_once_it_is_put() {
        let directory = tempfile::tempdir().expect("a directory");
        let names = || {
            let names = std::fs::read_dir(directory.path()).expect("listed").map(|entry| entry.expect("an entry").file_name());
            names.filter(|name| !name.to_string_lossy().starts_with('.')).count()
        };
        let file = stage(&directory.path().join("plan.json"), &Contents::File(b"plan".to_vec())).expect("written");
        let files = vec![("A.csv".to_owned(), b"a".to_vec()), ("deep/B.csv".to_owned(), b"b".to_vec())];
        let folder = stage(&directory.path().join("sheets"), &Contents::Folder(files)).expect("written");
        assert_eq!(names(), 0);
        drop(folder);
        assert!(stage(&directory.path().join("nowhere/plan.json"), &Contents::File(Vec::new())).is_err());
        file.put().expect("put");
        assert_eq!(names(), 1);
        assert_eq!(std::fs::read_dir(directory.path()).expect("listed").count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_missing_file_is_named() {
        let problem = read_bytes(Path::new("no/such/file.json")).expect_err("missing");
        assert_eq!(problem.code, "E108");
        assert_eq!(problem.what, "the file no/such/file.json cannot be read: no such file or directory");
    }
}
