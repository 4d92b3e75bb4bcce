//! Heads that leave the machine, to be compared with the log later.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::AuditError;
use super::chain::{Link, Ring, Tag};
use super::head::{self, Head};
use super::line::Reading;
use super::lines::Lines;
use super::paths::Paths;
use crate::keys::{KeyId, Keys};

/// What a head begins with.
const NAME: &str = "sluicegate-head";

/// The last record of a log, in one line that can be noted elsewhere: pasted into a mail, sent to another machine.
///
/// A log cannot prove by itself that its newest records, or all of them, were not taken away together with its head. Who has
/// such a line can: [`verify_heads`](super::verify_heads) finds the record in the log, unchanged, or says that it is gone. The
/// line tells nothing of what was recorded, and helps nobody to forge a record.
///
/// It has no blanks, so that mails do not break it: `sluicegate-head/KEY/NUMBER/SEAL/TIME`, with the name of the key (8
/// hexadecimal digits), the number of the record (from 1), its seal (32 hexadecimal digits) and its time (UTC, to the minute;
/// `unknown` for none).
///
/// ```
/// use sluicegate::audit::ShippedHead;
///
/// let line = "sluicegate-head/1a2b3c4d/4711/00112233445566778899aabbccddeeff/2025-11-24T16:00Z";
/// let head: ShippedHead = line.parse()?;
/// assert_eq!((head.seq(), head.to_string().as_str()), (4711, line));
/// # Ok::<(), sluicegate::audit::NoHead>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippedHead {
    key: KeyId,
    pub(super) link: Link,
    /// The time as it is written.
    time: String,
}

/// A text that is no head, with what is wrong about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoHead(&'static str);

/// What became of the record that a head names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeadFound {
    /// It is in the log as it was.
    Unchanged,
    /// The log has been allowed to delete it by now: it is older than what is kept, so it cannot be compared.
    TooOld,
    /// Another record has its number: the log was rewritten, or is another one.
    Other,
    /// It is missing in the log, though the records before and after it may be there.
    Missing,
    /// The log ends before it: what came last was cut off, or the log was begun anew.
    CutOff,
    /// It was made with a key that is not among those given.
    OtherKey,
}

impl ShippedHead {
    /// The number of the record that it names.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.link.seq
    }

    /// The key that sealed it.
    #[must_use]
    pub const fn key(&self) -> KeyId {
        self.key
    }

    /// The heads in a text: a line as it was printed, or a file of such lines among others. Also says of each what begins like
    /// a head and is none.
    #[must_use]
    pub fn all_in(text: &str) -> Vec<Result<Self, NoHead>> {
        let words = text.split_whitespace().map(|word| word.trim_matches(['"', '\'', '<', '>', ',']));
        words.filter(|word| word.starts_with(NAME)).map(str::parse).collect()
    }
}

impl fmt::Display for ShippedHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{NAME}/{}/{}/{}/{}", self.key, self.link.seq, self.link.mac, self.time)
    }
}

impl FromStr for ShippedHead {
    type Err = NoHead;

    fn from_str(line: &str) -> Result<Self, NoHead> {
        let parts: Vec<&str> = line.trim().split('/').collect();
        let [NAME, key, seq, mac, time] = parts.as_slice() else {
            return Err(NoHead("it has not the form sluicegate-head/KEY/NUMBER/SEAL/TIME, or was cut"));
        };
        let key = key.parse().map_err(|_| NoHead("its key is not 8 hexadecimal digits"))?;
        let seq = seq.parse().map_err(|_| NoHead("its number is none"))?;
        let mac =
            Tag::read(mac.as_bytes()).ok_or(NoHead("its seal is not 32 hexadecimal digits; it may have been cut"))?;
        Ok(Self { key, link: Link { seq, mac }, time: (*time).to_owned() })
    }
}

impl fmt::Display for NoHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NoHead {}

/// The head of the log in `file` as it is on the disk now, to be noted elsewhere; none for a log without a record.
///
/// Reads the head, and the newest file to find the time of the record; it verifies nothing else. `time` writes a time in
/// milliseconds since 1970.
///
/// # Errors
/// When there is no such log or its head is not as it was written (then [`verify`](super::verify) says more), when it was
/// written with another key, or when the system refuses.
pub fn head(file: &Path, keys: &Keys, time: impl Fn(u64) -> Option<String>) -> Result<Option<ShippedHead>, AuditError> {
    let (paths, ring) = (Paths::new(file), Ring::new(keys));
    let io = || AuditError::io(file);
    let (head, rank) = match Head::read(&paths.head(), &ring).map_err(io())? {
        head::Found::Ours(head, rank) => (head, rank),
        head::Found::OtherKey(found) => {
            return Err(AuditError::OtherKey { path: file.to_owned(), found, given: keys.id() });
        }
        head::Found::Missing if !file.try_exists().map_err(io())? => {
            return Err(AuditError::NoLog { path: file.to_owned() });
        }
        head::Found::Missing | head::Found::Damaged => return Err(AuditError::NoHead { path: file.to_owned() }),
    };
    let link = head.last;
    if link.seq == 0 {
        return Ok(None);
    }
    let older = paths.rotated().map_err(io())?;
    let mut at = None;
    for path in [Some(paths.current()), older.last().map(|older| older.path.as_path())].into_iter().flatten() {
        if at.is_none() {
            at = time_of(path, &ring, link).map_err(io())?;
        }
    }
    let time = at.and_then(time).unwrap_or_else(|| "unknown".to_owned());
    Ok(ring.id(rank).map(|key| ShippedHead { key, link, time }))
}

/// The time of a record, if it is in this file.
fn time_of(path: &Path, ring: &Ring, link: Link) -> std::io::Result<Option<u64>> {
    let Some(mut lines) = Lines::open(path)? else { return Ok(None) };
    while let Some(found) = lines.next(ring)? {
        if let Reading::Ours(stamp, own) = found.reading
            && own == link
        {
            return Ok(Some(stamp.at));
        }
    }
    Ok(None)
}
