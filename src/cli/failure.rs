//! How a command ends.

use std::fmt;
use std::io;
use std::path::Path;

use sluicegate::diagnostic::LoadError;
use sluicegate::gate::BuildError;

use super::policy::pages::more_about;
use super::visible::cut;

/// How a command that ran to its end ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done, whatever was decided: exit 0.
    Done,
    /// Something was unreadable or found wrong, and has been told; everything else was answered: exit 1.
    Wrong,
}

/// Why a command could not run to its end.
#[derive(Debug)]
pub enum Failure {
    /// It was called in a way that makes no sense: exit 2.
    Misuse(String),
    /// Something could not be read, written or loaded: exit 1.
    Broken(String),
    /// The reader of our output has gone, as `head` does: there is nobody to tell, and nothing went wrong. Exit 0.
    Unheard,
}

impl Failure {
    /// Something about the file at `path`.
    pub fn of_file(path: &Path, what: impl fmt::Display) -> Self {
        Self::Broken(format!("{}: {what}", name_of(path)))
    }

    /// What the system said about the file at `path`, in words that say what to do where there is something to do.
    pub fn of_io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::of_file(path, "there is no such file"),
            io::ErrorKind::IsADirectory => Self::of_file(path, "this is a directory; a file is needed"),
            io::ErrorKind::PermissionDenied => Self::of_file(path, "you are not allowed to open this file"),
            _ => Self::of_file(path, error),
        }
    }

    /// What happened to our own output.
    pub fn of_output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unheard,
            _ => Self::Broken(format!("standard output: {error}")),
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        let more = more_about(&error.diagnostics).map(|more| format!("\n{more}")).unwrap_or_default();
        Self::Broken(format!("{error}{more}"))
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Load(error) => error.into(),
            other => Self::Broken(other.to_string()),
        }
    }
}

/// A path as it can be shown.
pub fn name_of(path: &Path) -> String {
    cut(&path.to_string_lossy(), 200)
}
