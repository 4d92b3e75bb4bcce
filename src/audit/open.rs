//! Opening a log: continuing it, or telling honestly in what state it was found.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::asked::Says;
use super::chain::{ChainKeys, Link, Rank, Ring};
use super::entry::Level;
use super::head::{self, Head};
use super::line::{Body, HeadState, Reading, Recovery, Torn};
use super::lines::Lines;
use super::log::Shared;
use super::paths::{Lock, Paths, make_folder, private};
use super::recent::Recent;
use super::writer::{FileState, Writer};
use super::{AuditError, AuditSettings};
use crate::keys::{KeyId, Keys, sync_folder};

const DAY: u64 = 24 * 60 * 60 * 1000;

/// Opens the log for writing, and writes what was found amiss.
pub(super) fn open(settings: &AuditSettings, keys: &Keys, shared: Arc<Shared>) -> Result<Writer, AuditError> {
    let (paths, ring) = (Paths::new(&settings.file), Ring::new(keys));
    let err = || AuditError::io(&settings.file);
    make_folder(paths.folder()).map_err(err())?;
    let lock =
        Lock::take(&paths.lock()).map_err(err())?.ok_or_else(|| AuditError::Locked { path: settings.file.clone() })?;

    let found = head::Head::read(&paths.head(), &ring).map_err(err())?;
    if let head::Found::Ours(head, Rank::NEWEST) = &found {
        remove_leftovers(&paths, head).map_err(err())?;
    }
    let tail = Tail::find(&paths, &ring).map_err(err())?;
    if let Some(found) = tail.other_key(&found) {
        return Err(AuditError::OtherKey { path: settings.file.clone(), found, given: keys.id() });
    }
    let (head, recovery) = tail.judge(&found);
    let recovery = Recovery { torn: set_aside(&paths, &tail).map_err(err())?, ..recovery };

    let file = private().append(true).create(true).open(paths.current()).map_err(err())?;
    let (state, older) = (tail.state.clone(), before_rotation(keys, &tail));
    if file.metadata().map_err(err())?.len() != state.bytes {
        file.set_len(state.bytes).map_err(err())?;
    }
    let mut writer = Writer {
        paths,
        keys: ChainKeys::new(keys),
        ring,
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
        journal: None,
        taken: HashSet::new(),
        journal_fails: false,
        _lock: lock,
    };
    writer.begin(tail.before, recovery, older).map_err(err())?;
    Ok(writer)
}

impl Writer {
    /// Writes the first records: where the file follows on another, and what was found amiss.
    ///
    /// Where the log was sealed with an older key until now (`older`), the last record under that key names the new one, and
    /// the first under the new key repeats it. A crash in between leaves the first of the two, after which only the second
    /// is missing.
    fn begin(&mut self, before: Option<String>, recovery: Recovery, older: Option<Older>) -> io::Result<()> {
        let newest = older.as_ref().map(|older| std::mem::replace(&mut self.keys, ChainKeys::new(older.seals_with)));
        if let Some(file) = before {
            let time = self.recent.middle();
            self.state.since = Some(time);
            self.push((self.at, Level::Info), &Body::Rotated { file, time })?;
        }
        if let (Some(older), Some(newest)) = (older, newest) {
            let rekeyed = Body::Rekeyed { from: older.id.to_string(), to: newest.id.to_string() };
            if !older.is_announced {
                self.push((self.at, Level::Info), &rekeyed)?;
            }
            self.keys = newest;
            self.push((self.at, Level::Info), &rekeyed)?;
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

/// The key that a log was sealed with until now, where that is not the one in use.
struct Older<'a> {
    /// Its name.
    id: KeyId,
    /// The last record names the key in use already.
    is_announced: bool,
    /// What seals until the log goes over: the older key, or the one in use where that is announced.
    seals_with: &'a Keys,
}

/// The older key that the last record is sealed with; none where that is the key in use, or there is no record.
fn before_rotation<'a>(keys: &'a Keys, tail: &Tail) -> Option<Older<'a>> {
    let older = tail.last.and_then(|_| keys.all().nth(tail.rank.0)).filter(|older| older.id() != keys.id())?;
    let is_announced = tail.announces.as_deref() == Some(keys.id().to_string().as_str());
    Some(Older { id: older.id(), is_announced, seals_with: if is_announced { keys } else { older } })
}

/// What stands at the end of a log.
#[derive(Debug, Default)]
struct Tail {
    state: FileState,
    /// The last record.
    last: Option<Link>,
    /// The age of its key.
    rank: Rank,
    /// The key that it says will come next.
    announces: Option<String>,
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
    fn find(paths: &Paths, ring: &Ring) -> io::Result<Self> {
        let mut tail = Self::default();
        tail.read(paths.current(), ring)?;
        let rotated = paths.rotated()?;
        if let (None, Some(newest)) = (tail.last, rotated.last()) {
            // The newest file holds no record: what came before stands in the file before.
            let mut older = Self::default();
            older.read(&newest.path, ring)?;
            (tail.last, tail.at, tail.recent) = (older.last, older.at, older.recent);
            (tail.rank, tail.announces) = (older.rank, older.announces);
            tail.damaged += older.damaged + u64::from(older.torn || older.unfinished);
            tail.key = tail.key.or(older.key);
            if tail.state.bytes == 0 {
                tail.before = newest.path.file_name().map(|name| name.to_string_lossy().into_owned());
            }
        }
        let oldest = rotated.first().map_or(paths.current(), |file| &file.path);
        if let Some(mut lines) = Lines::open(oldest)?
            && let Some(found) = lines.next(ring)?
            && let Reading::Ours(stamp, _) = found.reading
        {
            tail.from = Link { seq: stamp.seq.saturating_sub(1), mac: stamp.prev };
        }
        Ok(tail)
    }

    fn read(&mut self, path: &Path, ring: &Ring) -> io::Result<()> {
        let Some(mut lines) = Lines::open(path)? else { return Ok(()) };
        while let Some(found) = lines.next(ring)? {
            match found.reading {
                // Sealed with a key that the log had gone over from: whoever has got hold of that key may have added it.
                Reading::Ours(stamp, _) if self.last.is_some() && stamp.rank > self.rank => self.damaged += 1,
                Reading::Ours(stamp, link) => {
                    if stamp.what == "recovered" {
                        self.damaged = 0;
                    }
                    self.rank = stamp.rank;
                    self.announces = stamp.to.filter(|_| stamp.what == "rekeyed");
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
            (head::Found::Ours(..), _) | (_, Some(_)) => None,
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
        // A head under an older key than the last record is what a crash leaves while the log goes over to another key, if it
        // says of the beginning what the log says. Whoever has the old key could make any other.
        let is_outdated = |head: &Head, rank: Rank| self.last.is_some() && rank > self.rank && head.from != self.from;
        let found = match found {
            head::Found::Ours(head, rank) if is_outdated(head, *rank) => &head::Found::Damaged,
            found => found,
        };
        let head::Found::Ours(head, _) = found else {
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
