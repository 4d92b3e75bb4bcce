//! `sluicegate init`: a folder to begin with.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sluicegate::keys::Keys;

use super::failure::{Failure, Outcome, name_of};
use super::output::Output;
use super::starter;

/// The most files in the way that are named one by one.
const NAMED: usize = 3;

/// Write settings, starter policies with their cases, rules and a key into a folder.
///
/// Nothing is ever overwritten: if one of the files is there already, none is written.
#[derive(clap::Args)]
pub struct Args {
    /// The folder; it is made if it is not there.
    dir: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Failure> {
    let mut entropy = [0; 32];
    getrandom::fill(&mut entropy).map_err(|error| Failure::Broken(format!("no random bytes for the key: {error}")))?;
    let files = starter::files();
    let key = args.dir.join(starter::KEY_FILE);
    let targets = files.iter().map(|(name, _)| args.dir.join(name)).chain([key.clone()]);
    let taken: Vec<String> =
        targets.filter(|target| target.symlink_metadata().is_ok()).map(|target| name_of(&target)).collect();
    if !taken.is_empty() {
        return Err(Failure::Broken(format!("nothing was written: there is already {}", listed(&taken))));
    }

    let mut written = Written::default();
    for (name, text) in &files {
        let path = args.dir.join(name);
        written.file(&path, text)?;
    }
    // The key comes last: what fails before it leaves no secret behind.
    Keys::create_file(&key, entropy).map_err(|error| Failure::Broken(error.to_string()))?;
    written.keep();

    let mut output = Output::open();
    let dir = name_of(&args.dir);
    output.line(&format!("{} files written to {dir}. What to do next:", files.len() + 1))?;
    output.line(&format!("  1. name yourself as the owner in {dir}/{}", starter::SETTINGS_FILE))?;
    output.line(&format!("  2. cd {dir} && sluicegate owner init, before an agent has a shell here"))?;
    output.line("  3. sluicegate check --text \"hello\"")?;
    output.line("  4. edit policies/personal.rhai, then: sluicegate policy check && sluicegate policy test")?;
    output.finish()?;
    Ok(Outcome::Done)
}

/// What was made so far. Unless it is kept, dropping it removes all of it again.
#[derive(Default)]
struct Written {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Written {
    /// Writes a file that is not there yet, and the folders that it needs.
    fn file(&mut self, path: &Path, text: &str) -> Result<(), Failure> {
        if let Some(folder) = path.parent() {
            self.folder(folder)?;
        }
        let failure = |error| not_made("file", path, &error);
        let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failure)?;
        self.files.push(path.to_owned());
        file.write_all(text.as_bytes()).map_err(failure)
    }

    fn folder(&mut self, path: &Path) -> Result<(), Failure> {
        if path.as_os_str().is_empty() || path.is_dir() {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            self.folder(parent)?;
        }
        fs::create_dir(path).map_err(|error| not_made("folder", path, &error))?;
        self.folders.push(path.to_owned());
        Ok(())
    }

    fn keep(mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        // A folder that somebody has put something into meanwhile is not empty, and stays.
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Names the first few, and how many more there are.
fn listed(names: &[String]) -> String {
    let (named, more) = names.split_at(names.len().min(NAMED));
    match more.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// Says what could not be made and why. What had been made before is removed again, so nothing was written.
fn not_made(what: &str, path: &Path, error: &io::Error) -> Failure {
    let place = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => name_of(parent),
        _ => "this folder".to_owned(),
    };
    let why = match error.kind() {
        io::ErrorKind::AlreadyExists => "something else of that name is there".to_owned(),
        io::ErrorKind::PermissionDenied => format!("you are not allowed to write in {place}"),
        io::ErrorKind::ReadOnlyFilesystem => format!("{place} is on a disk that is read-only"),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::NotFound => format!("{place} takes no files"),
        _ => error.to_string(),
    };
    Failure::Broken(format!("nothing was written: the {what} {} could not be made: {why}", name_of(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_told_what_could_not_be_made_and_why() {
        use io::ErrorKind as Kind;
        let cases = [
            (
                "folder",
                "gate",
                Kind::AlreadyExists,
                "the folder gate could not be made: something else of that name is there",
            ),
            (
                "file",
                "gate/a",
                Kind::PermissionDenied,
                "the file gate/a could not be made: you are not allowed to write in gate",
            ),
            (
                "file",
                "a",
                Kind::PermissionDenied,
                "the file a could not be made: you are not allowed to write in this folder",
            ),
            (
                "folder",
                "gate/b",
                Kind::ReadOnlyFilesystem,
                "the folder gate/b could not be made: gate is on a disk that is read-only",
            ),
            ("file", "gate/a", Kind::StorageFull, "the file gate/a could not be made: the disk is full"),
        ];
        for (what, path, kind, told) in cases {
            let Failure::Broken(message) = not_made(what, Path::new(path), &kind.into()) else { panic!("{told}") };
            assert_eq!(message, format!("nothing was written: {told}"));
        }
    }

    #[test]
    fn what_is_not_kept_is_gone() {
        let root = std::env::temp_dir().join(format!("sluicegate-init-{}", std::process::id()));
        let (one, two) = (root.join("a/b/one"), root.join("a/two"));
        let mut written = Written::default();
        written.file(&one, "1").unwrap();
        written.file(&two, "2").unwrap();
        assert!(written.file(&one, "again").is_err(), "a file is never overwritten");
        drop(written);
        assert!(!root.exists());

        let mut written = Written::default();
        written.file(&one, "1").unwrap();
        written.keep();
        assert_eq!(fs::read_to_string(&one).unwrap(), "1");
        fs::remove_dir_all(&root).unwrap();
    }
}
