//! Opening the store that the settings name.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{MemoryStore, Store};

/// Opens the store at `file`, which is made if it is not there, for a gate that is asked; it remembers at most `remembered`
/// senders. Without a file it is one in memory.
///
/// # Errors
/// When the file is there and cannot be used, or this program was built without the feature `sqlite`.
pub fn open(file: Option<&Path>, remembered: usize) -> Result<Arc<dyn Store>, OpenError> {
    let Some(file) = file else { return Ok(Arc::new(MemoryStore::new(remembered))) };
    #[cfg(feature = "sqlite")]
    return Ok(Arc::new(super::SqliteStore::open(file, remembered)?));
    #[cfg(not(feature = "sqlite"))]
    Err(OpenError::NoSqlite { path: file.to_owned() })
}

/// What the store at `file` holds now, as a copy in memory, for trying things out: nothing of what is done to it is kept.
/// Nothing is made where there is no file.
///
/// # Errors
/// As [`open`].
pub fn copy(file: Option<&Path>, remembered: usize) -> Result<Arc<dyn Store>, OpenError> {
    let Some(file) = file else { return Ok(Arc::new(MemoryStore::new(remembered))) };
    #[cfg(feature = "sqlite")]
    return Ok(Arc::new(super::SqliteStore::copy_of(file, remembered)?));
    #[cfg(not(feature = "sqlite"))]
    Err(OpenError::NoSqlite { path: file.to_owned() })
}

/// Why a store's file cannot be used. It is left as it was found, whatever is wrong with it.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// There is no store.
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The path leads to something that is no file.
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The path is a symbolic link, which somebody could turn to another file.
    Link {
        /// The path.
        path: PathBuf,
    },
    /// Others may write into the file.
    Mode {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The file belongs to somebody else.
    Owner {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Who we are.
        user: u32,
    },
    /// The file has no byte. A store never has none, not even a new one.
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file is gone, and what belongs to it still lies beside it.
    Torn {
        /// The file.
        path: PathBuf,
        /// What lies beside it.
        beside: PathBuf,
    },
    /// The file is no database.
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database of another program.
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Something in the file is not as it was written.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A newer version of this program wrote the file.
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema that this version knows.
        known: u32,
    },
    /// Another process keeps the file locked.
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file, its folder or its disk cannot be written.
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The disk is full.
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The database engine gave up for another reason.
    Failed {
        /// The file.
        path: PathBuf,
        /// What it said.
        what: String,
    },
    /// There is nothing to recover: the store is whole.
    Whole {
        /// The file.
        path: PathBuf,
    },
    /// This program was built without SQLite.
    NoSqlite {
        /// The file that the settings name.
        path: PathBuf,
    },
}

impl OpenError {
    #[cfg(feature = "sqlite")]
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, error }
    }

    /// Whether the file itself is broken, so that it can only be set aside. In one word, for the name that it gets then.
    #[must_use]
    pub const fn broken(&self) -> Option<&'static str> {
        match self {
            Self::Empty { .. } => Some("empty"),
            Self::Torn { .. } => Some("torn"),
            Self::NotADatabase { .. } => Some("no-database"),
            Self::Damaged { .. } => Some("damaged"),
            _ => None,
        }
    }
}

/// What to do about a file that is broken.
const RECOVER: &str = "put a copy of it back, or stop every gateway that uses it and run `sluicegate store recover`, which \
                       sets it aside and saves what can still be read";

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "the store {}: {error}", path.display()),
            Self::Missing { path } => {
                write!(f, "there is no store {} yet: it is made when a gate first runs with it", path.display())
            }
            Self::NotAFile { path } => write!(f, "the store {} is no file", path.display()),
            Self::Link { path } => write!(
                f,
                "the store {} is a symbolic link, which somebody could turn to another file: name the file itself",
                path.display()
            ),
            Self::Mode { path, mode } => write!(
                f,
                "the store {} has mode {mode:04o}, so others may change it: run `chmod 600 {}`",
                path.display(),
                path.display()
            ),
            Self::Owner { path, owner, user } => write!(
                f,
                "the store {} belongs to user {owner}, and this program runs as user {user}: run it as the owner of the file, \
                 or give the file to user {user}",
                path.display()
            ),
            Self::Empty { path } => {
                write!(f, "the store {} is empty; it has lost all that it held: {RECOVER}", path.display())
            }
            Self::Torn { path, beside } => write!(
                f,
                "the store {} is gone, but {} still lies beside its place and holds a part of it: {RECOVER}",
                path.display(),
                beside.display()
            ),
            Self::NotADatabase { path } => {
                write!(f, "the store {} is no database, or its beginning was overwritten: {RECOVER}", path.display())
            }
            Self::Foreign { path } => {
                write!(f, "{} is a database of another program: name another file in `[store]`", path.display())
            }
            Self::Damaged { path, what } => write!(f, "the store {} is damaged ({what}): {RECOVER}", path.display()),
            Self::Newer { path, found, known } => write!(
                f,
                "the store {} has schema {found}, and this version knows schemas up to {known}: a newer version wrote it; run \
                 that one, or put back the copy that it made before (`{}.before-…`)",
                path.display(),
                path.display()
            ),
            Self::Locked { path } => write!(
                f,
                "another process keeps the store {} locked: find it (`fuser {}` names it) and end it",
                path.display(),
                path.display()
            ),
            Self::ReadOnly { path } => write!(
                f,
                "the store {} cannot be written: the file, its folder and its disk must be writable for this program",
                path.display()
            ),
            Self::Full { path } => write!(f, "the store {}: the disk is full; make room", path.display()),
            Self::Failed { path, what } => write!(f, "the store {}: {what}", path.display()),
            Self::Whole { path } => {
                write!(f, "the store {} is whole: there is nothing to recover", path.display())
            }
            Self::NoSqlite { path } => write!(
                f,
                "the settings name the store {}, and this program was built without the feature `sqlite`: build it with that \
                 feature, or remove `file` from `[store]`; nothing is then remembered after the end of the program",
                path.display()
            ),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            _ => None,
        }
    }
}

#[cfg(all(test, not(feature = "sqlite")))]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_this_program_cannot_have_is_an_error_and_not_forgotten() {
        for error in [open(Some(Path::new("store.db")), 1).err(), copy(Some(Path::new("store.db")), 1).err()] {
            let told = error.unwrap().to_string();
            assert!(told.contains("store.db") && told.contains("feature `sqlite`"), "{told}");
        }
    }
}
