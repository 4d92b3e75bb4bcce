//! Going through the records of a log, to ask again what was decided.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use serde::Deserialize;

use super::AuditError;
use super::chain::ChainKeys;
use super::line::{self, Reading};
use super::lines::Lines;
use super::past::PastCheck;
use super::paths::{Lock, Paths};
use crate::keys::Keys;

/// Reads the records of a log one by one, in bounded memory: the older files beside it first, then the log itself.
///
/// With keys, a line that is not as it was written is no record. It does not say what is missing; that is for
/// [`verify`](super::verify).
pub struct Records {
    files: vec::IntoIter<PathBuf>,
    open: Option<(Arc<str>, Lines)>,
    keys: Option<ChainKeys>,
    live: bool,
    path: PathBuf,
}

/// One line of a log.
#[derive(Debug)]
#[non_exhaustive]
pub struct Line {
    /// The name of the file.
    pub file: Arc<str>,
    /// The number of the line, from 1.
    pub number: u64,
    /// What stands there.
    pub content: Content,
}

/// What stands in a line.
#[derive(Debug)]
#[non_exhaustive]
pub enum Content {
    /// An event was judged.
    Check(Box<PastCheck>),
    /// Something else that the log tells: a new file, records that were lost, a crash.
    Other,
    /// Nothing that can be used.
    Unusable(Unusable),
}

/// Why a line cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unusable {
    /// It is not as it was written.
    Changed,
    /// It was written with another key.
    OtherKey,
    /// It cannot be read, for this reason.
    Unreadable(String),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("the line was changed, or never written by the log"),
            Self::OtherKey => f.write_str("the line was written with another key"),
            Self::Unreadable(why) => f.write_str(why),
        }
    }
}

impl Records {
    /// The records of the log in `file` and of the older files beside it.
    ///
    /// # Errors
    /// When there is no such log, or the system refuses.
    pub fn open(file: &Path, keys: Option<&Keys>) -> Result<Self, AuditError> {
        let paths = Paths::new(file);
        let older = match paths.rotated() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            files => files.map_err(AuditError::io(file))?,
        };
        let mut files: Vec<PathBuf> = older.into_iter().map(|file| file.path).collect();
        if file.try_exists().map_err(AuditError::io(file))? {
            files.push(file.to_owned());
        }
        if files.is_empty() {
            return Err(AuditError::NoLog { path: file.to_owned() });
        }
        let live = Lock::is_held(&paths.lock());
        let keys = keys.map(ChainKeys::new);
        Ok(Self { files: files.into_iter(), open: None, keys, live, path: file.to_owned() })
    }

    /// The next line; none at the end.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn next_line(&mut self) -> Result<Option<Line>, AuditError> {
        self.advance().map_err(AuditError::io(&self.path))
    }

    fn advance(&mut self) -> io::Result<Option<Line>> {
        loop {
            if let Some((name, lines)) = &mut self.open
                && let Some(raw) = lines.advance()?
            {
                // The last line of a log that is being written may still grow.
                if !raw.ended && self.live && self.files.as_slice().is_empty() {
                    return Ok(None);
                }
                let content = if raw.whole { read(lines.bytes(), self.keys.as_ref()) } else { too_long() };
                return Ok(Some(Line { file: Arc::clone(name), number: raw.number, content }));
            }
            let Some(path) = self.files.next() else { return Ok(None) };
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            // A file that is gone was too old by now.
            self.open = Lines::open(&path)?.map(|lines| (Arc::from(name.as_ref()), lines));
        }
    }
}

fn too_long() -> Content {
    Content::Unusable(Unusable::Unreadable("the line is too long for a record".to_owned()))
}

fn read(line: &[u8], keys: Option<&ChainKeys>) -> Content {
    #[derive(Deserialize)]
    struct Kind {
        what: String,
    }
    if let Some(keys) = keys {
        match line::read(keys, line) {
            Reading::Ours(..) => {}
            Reading::OtherKey(_) => return Content::Unusable(Unusable::OtherKey),
            Reading::Damaged => return Content::Unusable(Unusable::Changed),
        }
    }
    let unreadable = |why: String| Content::Unusable(Unusable::Unreadable(why));
    match serde_json::from_slice::<Kind>(line) {
        Ok(Kind { what }) if what == "check" => match PastCheck::read(line) {
            Ok(check) => Content::Check(Box::new(check)),
            Err(why) => unreadable(why),
        },
        Ok(_) => Content::Other,
        Err(error) => unreadable(error.to_string()),
    }
}
