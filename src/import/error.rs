//! Why nothing could be made of a file.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a file of another system could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ImportError {
    /// The system did not give it.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It is no file, or larger than one of its kind can be.
    NotThis {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        why: &'static str,
    },
    /// It is not written as it should be.
    Form {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where it is known.
        line: Option<usize>,
        /// What is wrong.
        why: String,
    },
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Self::NotThis { path, why } => write!(f, "{}: {why}", path.display()),
            Self::Form { path, line: Some(line), why } => write!(f, "{}:{line}: {why}", path.display()),
            Self::Form { path, line: None, why } => write!(f, "{}: {why}", path.display()),
        }
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}
