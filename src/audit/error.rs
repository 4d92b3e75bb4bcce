//! What keeps an audit log from being opened or read.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::keys::KeyId;
use crate::store::StoreError;

/// Why the log could not be opened, written or read.
#[derive(Debug)]
#[non_exhaustive]
pub enum AuditError {
    /// The system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// Another process writes this log.
    Locked {
        /// The log.
        path: PathBuf,
    },
    /// The log was written with another key.
    OtherKey {
        /// The log.
        path: PathBuf,
        /// The key that the log names.
        found: String,
        /// The key that was given.
        given: KeyId,
    },
    /// The journal of deeds gave no answer, or holds a damaged deed. What waits in it goes on waiting.
    Journal {
        /// What the store said.
        error: StoreError,
    },
    /// The head of the log is gone or was changed.
    NoHead {
        /// The log.
        path: PathBuf,
    },
    /// There is no log of this name.
    NoLog {
        /// Where it was looked for.
        path: PathBuf,
    },
}

impl AuditError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, error }
    }
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "the audit log {}: {error}", path.display()),
            Self::Locked { path } => write!(
                f,
                "another process writes the audit log {}: stop it, or give this one a log of its own",
                path.display()
            ),
            Self::OtherKey { path, found, given } => write!(
                f,
                "the audit log {} was written with key {found}, and the key given is {given}: give the key that wrote it, \
                 or start a new log",
                path.display()
            ),
            Self::Journal { error } => write!(f, "what was changed could not be brought into the audit log: {error}"),
            Self::NoHead { path } => write!(
                f,
                "the head of the audit log {} is gone or was changed: run `sluicegate audit verify`",
                path.display()
            ),
            Self::NoLog { path } => write!(f, "there is no audit log {}", path.display()),
        }
    }
}

impl std::error::Error for AuditError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            Self::Journal { error } => Some(error),
            _ => None,
        }
    }
}
