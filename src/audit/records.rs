//! Going through the records of a log: to list them, or to ask again what was decided.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use serde::Deserialize;

use super::AuditError;
use super::chain::{Link, Rank, Ring, Tag};
use super::change::Change;
use super::deed::{DeedRecord, Once};
use super::line::{self, Reading, Stamp};
use super::lines::{Lines, Raw};
use super::past::PastCheck;
use super::paths::{Lock, Paths, Rotated};
use crate::keys::Keys;

/// Reads the records of a log one by one, in bounded memory: the older files beside it first, then the log itself. A deed that
/// a crash brought into the log twice is given once.
///
/// With keys, a line that is not as it was written is no record. It does not say what is missing; that is for
/// [`verify`](super::verify).
pub struct Records {
    paths: Paths,
    /// The files to come, the log itself last.
    files: vec::IntoIter<PathBuf>,
    open: Option<(Arc<str>, Lines)>,
    /// The number of the newest older file when the log itself was opened.
    newest: u64,
    ring: Option<Ring>,
    live: bool,
    follows: bool,
    /// The log itself has got the name of an older file, and what is left of it is being read.
    is_renamed: bool,
    last: Option<Link>,
    rank: Rank,
    once: Once,
}

/// One line of a log.
#[derive(Debug)]
#[non_exhaustive]
pub struct Line {
    /// The name of the file.
    pub file: Arc<str>,
    /// The number of the line, from 1.
    pub number: u64,
    /// The number of the record; 0 where the line cannot be used.
    pub seq: u64,
    /// The time of the record in milliseconds since 1970; 0 where the line cannot be used, or no time is known.
    pub at: u64,
    /// Whether the record follows on the one before it, or nothing was read before.
    pub follows: bool,
    /// What stands there.
    pub content: Content,
}

/// What stands in a line.
#[derive(Debug)]
#[non_exhaustive]
pub enum Content {
    /// An event was judged.
    Check(Box<PastCheck>),
    /// Durable state was changed.
    Deed(Box<DeedRecord>),
    /// What judges was changed, or not changed.
    Change(Box<Change>),
    /// So many records could not be written.
    Gap(u64),
    /// The log was not found as it had been left.
    Recovered,
    /// A new file was begun.
    Rotated,
    /// The log goes over from one key to another, by their names.
    Rekeyed {
        /// The key before.
        from: String,
        /// The key since.
        to: String,
    },
    /// Something that this version does not know.
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
        let older = older(&paths).map_err(AuditError::io(file))?;
        let newest = older.last().map_or(0, |file| file.first);
        let mut files: Vec<PathBuf> = older.into_iter().map(|file| file.path).collect();
        if file.try_exists().map_err(AuditError::io(file))? {
            files.push(file.to_owned());
        }
        if files.is_empty() {
            return Err(AuditError::NoLog { path: file.to_owned() });
        }
        let live = Lock::is_held(&paths.lock());
        Ok(Self {
            paths,
            files: files.into_iter(),
            open: None,
            newest,
            ring: keys.map(Ring::new),
            live,
            follows: false,
            is_renamed: false,
            last: None,
            rank: Rank(usize::MAX),
            once: Once::default(),
        })
    }

    /// The records of the newest files that hold at least `count` lines together: enough for the last records, without reading
    /// years of older ones.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_last(file: &Path, keys: Option<&Keys>, count: u64) -> Result<Self, AuditError> {
        let mut records = Self::open(file, keys)?;
        let mut lines = 0;
        let mut wanted = Vec::new();
        let files: Vec<PathBuf> = records.files.by_ref().collect();
        for path in files.into_iter().rev() {
            if lines > count {
                break;
            }
            lines += count_lines(&path).map_err(AuditError::io(file))?;
            wanted.push(path);
        }
        wanted.reverse();
        records.files = wanted.into_iter();
        Ok(records)
    }

    /// Goes on at the end: [`next_line`](Self::next_line) then gives nothing as long as nothing is written, and may be called
    /// again. The files that are begun meanwhile are read too.
    #[must_use]
    pub const fn following(mut self) -> Self {
        self.follows = true;
        self
    }

    /// The next line; none at the end.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn next_line(&mut self) -> Result<Option<Line>, AuditError> {
        let path = self.paths.current().to_owned();
        self.advance().map_err(AuditError::io(&path))
    }

    /// The bytes of the line that was given last, without its line end.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.open.as_ref().map_or(&[], |(_, lines)| lines.bytes())
    }

    fn advance(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut read = None;
            if let Some((name, lines)) = &mut self.open
                && let Some(raw) = lines.advance()?
            {
                // The last line of a log that is being written may still grow.
                if !raw.ended && (self.live || self.follows) && self.files.as_slice().is_empty() {
                    lines.go_back(&raw)?;
                } else {
                    read = Some((Arc::clone(name), raw));
                }
            }
            if let Some((name, raw)) = read {
                match self.line(name, &raw) {
                    Some(line) => return Ok(Some(line)),
                    None => continue,
                }
            }
            if !self.next_file()? {
                return Ok(None);
            }
        }
    }

    /// Goes to the next file; false where there is none, for now.
    fn next_file(&mut self) -> io::Result<bool> {
        let Some(path) = self.files.next() else { return Ok(self.follows && self.has_begun_another()?) };
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        // A file that is gone was too old by now.
        self.open = Lines::open(&path)?.map(|lines| (Arc::from(name), lines));
        if self.files.as_slice().is_empty() && self.follows {
            // The log itself may have got another name while the older files were read.
            let newest = self.newest;
            self.queue_after(newest)?;
        }
        Ok(true)
    }

    /// Whether another file was begun since the log itself was opened.
    fn has_begun_another(&mut self) -> io::Result<bool> {
        if self.open.is_none() {
            // The log itself was not there just now: the writer stands between two files.
            let is_there = self.paths.current().try_exists()?;
            if is_there {
                self.files = vec![self.paths.current().to_owned()].into_iter();
            }
            return Ok(is_there);
        }
        let newest = older(&self.paths)?.last().map_or(0, |file| file.first);
        if newest == self.newest {
            return Ok(false);
        }
        // What was written into the file before it got its other name comes first.
        if !self.is_renamed {
            self.is_renamed = true;
            return Ok(true);
        }
        self.is_renamed = false;
        self.newest = newest;
        let last = self.last.map_or(0, |last| last.seq);
        let files = older(&self.paths)?.into_iter().filter(|file| file.first > last).map(|file| file.path);
        self.files = files.chain([self.paths.current().to_owned()]).collect::<Vec<_>>().into_iter();
        Ok(true)
    }

    /// Reads the older files first that were begun after the one with this number, and then the log itself once more.
    fn queue_after(&mut self, newest: u64) -> io::Result<()> {
        let files: Vec<_> = older(&self.paths)?.into_iter().filter(|file| file.first > newest).collect();
        if let Some(last) = files.last() {
            self.newest = last.first;
            let files = files.into_iter().map(|file| file.path).chain([self.paths.current().to_owned()]);
            self.files = files.collect::<Vec<_>>().into_iter();
            self.open = None;
        }
        Ok(())
    }

    /// The line that was read; none where it tells of a deed again.
    fn line(&mut self, file: Arc<str>, raw: &Raw) -> Option<Line> {
        let bytes = self.open.as_ref().map_or(&[][..], |(_, lines)| lines.bytes());
        let read = if raw.whole { read(bytes, self.ring.as_ref()) } else { Err(too_long()) };
        let (stamp, link, content) = match read {
            Err(why) => {
                let content = Content::Unusable(why);
                return Some(Line { file, number: raw.number, seq: 0, at: 0, follows: false, content });
            }
            Ok((stamp, _, _)) if stamp.rank > self.rank => {
                // Sealed with a key that the log had gone over from.
                let content = Content::Unusable(Unusable::Changed);
                return Some(Line { file, number: raw.number, seq: 0, at: 0, follows: false, content });
            }
            Ok(read) => read,
        };
        let follows = self.last.is_none_or(|last| last.seq + 1 == link.seq && last.mac == stamp.prev);
        (self.last, self.rank) = (Some(link), stamp.rank);
        if let Content::Deed(deed) = &content
            && !self.once.is_new(&deed.name)
        {
            return None;
        }
        Some(Line { file, number: raw.number, seq: stamp.seq, at: stamp.at, follows, content })
    }
}

fn older(paths: &Paths) -> io::Result<Vec<Rotated>> {
    match paths.rotated() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        files => files,
    }
}

fn count_lines(path: &Path) -> io::Result<u64> {
    let Some(mut lines) = Lines::open(path)? else { return Ok(0) };
    let mut count = 0;
    while lines.advance()?.is_some() {
        count += 1;
    }
    Ok(count)
}

fn too_long() -> Unusable {
    Unusable::Unreadable("the line is too long for a record".to_owned())
}

fn read(line: &[u8], ring: Option<&Ring>) -> Result<(Stamp, Link, Content), Unusable> {
    #[derive(Deserialize)]
    struct Seal {
        mac: Tag,
    }
    fn form<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, Unusable> {
        serde_json::from_slice(line).map_err(|error| Unusable::Unreadable(error.to_string()))
    }
    let (stamp, link) = match ring.map(|ring| line::read(ring, line)) {
        Some(Reading::Ours(stamp, link)) => (*stamp, link),
        Some(Reading::OtherKey(_)) => return Err(Unusable::OtherKey),
        Some(Reading::Damaged) => return Err(Unusable::Changed),
        None => {
            let stamp: Stamp = form(line)?;
            let link = Link { seq: stamp.seq, mac: form::<Seal>(line)?.mac };
            (stamp, link)
        }
    };
    let content = match stamp.what.as_str() {
        "check" => Content::Check(Box::new(PastCheck::read(line).map_err(Unusable::Unreadable)?)),
        "gap" => Content::Gap(stamp.lost.unwrap_or_default()),
        "recovered" => Content::Recovered,
        "rotated" => Content::Rotated,
        "rekeyed" => {
            Content::Rekeyed { from: stamp.from.clone().unwrap_or_default(), to: stamp.to.clone().unwrap_or_default() }
        }
        _ if stamp.is_deed() => Content::Deed(Box::new(form(line)?)),
        what if Change::is(what) => Content::Change(Box::new(form(line)?)),
        _ => Content::Other,
    };
    Ok((stamp, link, content))
}
