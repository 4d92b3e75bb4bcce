//! Opening a log: continuing it, or telling honestly in what state it was found.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::asked::Says;
use super::chain::{ChainKeys, Link};
use super::entry::Level;
use super::head::{self, Head};
use super::line::{Body, HeadState, Reading, Recovery, Torn};
use super::lines::Lines;
use super::log::Shared;
use super::paths::{Lock, Paths, make_folder, private};
use super::recent::Recent;
use super::writer::{FileState, Writer};
use super::{AuditError, AuditSettings};
use crate::keys::{Keys, sync_folder};

const DAY: u64 = 24 * 60 * 60 * 1000;

/// Opens the log for writing, and writes what was found amiss.
pub(super) fn open(settings: &AuditSettings, keys: &Keys, shared: Arc<Shared>) -> Result<Writer, AuditError> {
    let (paths, chain) = (Paths::new(&settings.file), ChainKeys::new(keys));
    let err = || AuditError::io(&settings.file);
    make_folder(paths.folder()).map_err(err())?;
    let lock =
        Lock::take(&paths.lock()).map_err(err())?.ok_or_else(|| AuditError::Locked { path: settings.file.clone() })?;

    let found = head::Head::read(&paths.head(), &chain).map_err(err())?;
    if let head::Found::Ours(head) = &found {
        remove_leftovers(&paths, head).map_err(err())?;
    }
    let tail = Tail::find(&paths, &chain).map_err(err())?;
    if let Some(found) = tail.other_key(&found) {
        return Err(AuditError::OtherKey { path: settings.file.clone(), found, given: keys.id() });
    }
    let (head, recovery) = tail.judge(&found);
    let recovery = Recovery { torn: set_aside(&paths, &tail).map_err(err())?, ..recovery };

    let file = private().append(true).create(true).open(paths.current()).map_err(err())?;
    let state = tail.state.clone();
    if file.metadata().map_err(err())?.len() != state.bytes {
        file.set_len(state.bytes).map_err(err())?;
    }
    let mut writer = Writer {
        paths,
        keys: chain,
        pseudonyms: keys.pseudonyms(),
        says: Says::default(),
        shared,
        rotate_bytes: settings.rotate_bytes,
        keep: u64::from(settings.keep_days).saturating_mul(DAY),
        file,
        state,
        head,
        at: tail.at,
        recent: tail.recent,
        pending: if recovery.unfinished { vec![b'\n'] } else { Vec::new() },
        uncertain: false,
        head_is_old: true,
        rotation_due: false,
        renamed: false,
        _lock: lock,
    };
    writer.begin(tail.before, recovery).map_err(err())?;
    Ok(writer)
}

impl Writer {
    /// Writes the first records: where the file follows on another, and what was found amiss.
    fn begin(&mut self, before: Option<String>, recovery: Recovery) -> io::Result<()> {
        if let Some(file) = before {
            let time = self.recent.middle();
            self.state.since = Some(time);
            self.push((self.at, Level::Info), &Body::Rotated { file, time })?;
        }
        if recovery.is_needed() {
            self.push((self.at, Level::Error), &Body::Recovered(recovery))?;
        }
        self.settle()?;
        sync_folder(self.paths.current())?;
        // Files that cannot be deleted are tried again later; recording goes before.
        let _ = self.retire();
        Ok(())
    }
}

/// What stands at the end of a log.
#[derive(Debug, Default)]
struct Tail {
    state: FileState,
    /// The last record.
    last: Option<Link>,
    /// What the first record of the oldest file follows on.
    from: Link,
    at: u64,
    recent: Recent,
    /// Damaged lines since the last record that tells of some.
    damaged: u64,
    /// The last line is a record without its line end.
    unfinished: bool,
    /// The last line has no line end and is no record; it begins at `state.bytes`.
    torn: bool,
    /// The key that lines name, if none of them is ours.
    key: Option<String>,
    /// Where the newest file is empty: the one before.
    before: Option<String>,
}

impl Tail {
    fn find(paths: &Paths, keys: &ChainKeys) -> io::Result<Self> {
        let mut tail = Self::default();
        tail.read(paths.current(), keys)?;
        let rotated = paths.rotated()?;
        if let (None, Some(newest)) = (tail.last, rotated.last()) {
            // The newest file holds no record: what came before stands in the file before.
            let mut older = Self::default();
            older.read(&newest.path, keys)?;
            (tail.last, tail.at, tail.recent) = (older.last, older.at, older.recent);
            tail.damaged += older.damaged + u64::from(older.torn || older.unfinished);
            tail.key = tail.key.or(older.key);
            if tail.state.bytes == 0 {
                tail.before = newest.path.file_name().map(|name| name.to_string_lossy().into_owned());
            }
        }
        let oldest = rotated.first().map_or(paths.current(), |file| &file.path);
        if let Some(mut lines) = Lines::open(oldest)?
            && let Some(found) = lines.next(keys)?
            && let Reading::Ours(stamp, _) = found.reading
        {
            tail.from = Link { seq: stamp.seq.saturating_sub(1), mac: stamp.prev };
        }
        Ok(tail)
    }

    fn read(&mut self, path: &Path, keys: &ChainKeys) -> io::Result<()> {
        let Some(mut lines) = Lines::open(path)? else { return Ok(()) };
        while let Some(found) = lines.next(keys)? {
            match found.reading {
                Reading::Ours(stamp, link) => {
                    if stamp.what == "recovered" {
                        self.damaged = 0;
                    }
                    (self.last, self.at, self.unfinished) = (Some(link), stamp.at, !found.ended);
                    self.state.first.get_or_insert(link.seq);
                    if let Some(time) = stamp.time {
                        self.state.since = Some(time);
                    } else if stamp.what == "check" {
                        self.state.since.get_or_insert(stamp.at);
                        self.recent.add(stamp.at);
                    }
                }
                _ if !found.ended => {
                    self.torn = true;
                    self.state.bytes = found.start;
                    return Ok(());
                }
                Reading::OtherKey(key) => {
                    self.damaged += 1;
                    self.key = Some(key);
                }
                Reading::Damaged => self.damaged += 1,
            }
        }
        self.state.bytes = lines.offset();
        Ok(())
    }

    /// The other key that the whole log was written with, if it was.
    fn other_key(&self, head: &head::Found) -> Option<String> {
        match (head, &self.last) {
            (head::Found::Ours(_), _) | (_, Some(_)) => None,
            (head::Found::OtherKey(key), None) => Some(key.clone()),
            _ => self.key.clone(),
        }
    }

    /// Where the log goes on, and what is amiss.
    ///
    /// INVARIANT: the next record has a higher number than any that the head or the log names. So what was cut off leaves a
    /// hole in the numbers for good, and opening the log covers nothing up.
    fn judge(&self, found: &head::Found) -> (Head, Recovery) {
        let mut recovery = Recovery { damaged: self.damaged, unfinished: self.unfinished, ..Recovery::default() };
        let head::Found::Ours(head) = found else {
            let is_new = self.last.is_none() && self.damaged == 0 && !self.torn;
            recovery.head = match found {
                head::Found::Missing if is_new => HeadState::Kept,
                head::Found::Missing => HeadState::Missing,
                _ => HeadState::Damaged,
            };
            return (Head { from: self.from, last: self.last.unwrap_or(self.from) }, recovery);
        };
        let last = self.last.unwrap_or(head.from);
        let go_on = if last.seq < head.last.seq {
            recovery.missing = Some((last.seq + 1, head.last.seq));
            head.last
        } else {
            if last.seq > head.last.seq {
                recovery.head = HeadState::Behind;
            } else if last != head.last {
                recovery.head = HeadState::Foreign;
            }
            last
        };
        (Head { from: head.from, last: go_on }, recovery)
    }
}

/// Copies a line that was cut off into a file of its own, before the log goes on in its place.
fn set_aside(paths: &Paths, tail: &Tail) -> io::Result<Option<Torn>> {
    if !tail.torn {
        return Ok(None);
    }
    let mut log = File::open(paths.current())?;
    log.seek(SeekFrom::Start(tail.state.bytes))?;
    // The name holds a digest of what is kept, so that a crash right here leads to the same file again.
    let mut hasher = Sha256::new();
    let mut buffer = [0; 8192];
    loop {
        match log.read(&mut buffer)? {
            0 => break,
            count => hasher.update(buffer.get(..count).unwrap_or_default()),
        }
    }
    let digest = hex::encode(hasher.finalize());
    let path = paths.beside(&format!(".torn-{}", digest.get(..16).unwrap_or(&digest)));
    log.seek(SeekFrom::Start(tail.state.bytes))?;
    let mut kept = private().create(true).truncate(true).open(&path)?;
    let bytes = io::copy(&mut log, &mut kept)?;
    kept.sync_all()?;
    let kept = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Some(Torn { bytes, kept }))
}

/// Deletes files that the log no longer reaches back to, which a crash left behind.
fn remove_leftovers(paths: &Paths, head: &Head) -> io::Result<()> {
    let rotated = paths.rotated()?;
    rotated.iter().filter(|file| file.first <= head.from.seq).try_for_each(|file| fs::remove_file(&file.path))
}
