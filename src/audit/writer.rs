//! The thread that writes: formats, seals, groups, rotates.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use super::chain::{ChainKeys, Link};
use super::entry::{Level, Record};
use super::head::Head;
use super::line::{self, Body, Check, Reading};
use super::lines::Lines;
use super::log::{Message, Shared};
use super::paths::{Lock, Paths, private};
use crate::keys::{Pseudonyms, sync_folder};

/// How many messages are written together at most, with one wait for the disk.
const GROUP: usize = 1024;
/// How often a disk that failed is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// What the writer keeps of the newest file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileState {
    /// Its bytes that are known to be on the disk.
    pub(super) bytes: u64,
    /// The number of its first record.
    pub(super) first: Option<u64>,
    /// The times of its records, to find the middle one. Bounded by the size at which files are rotated.
    pub(super) times: Vec<u64>,
}

impl FileState {
    /// Counts a record in.
    pub(super) fn add(&mut self, seq: u64, at: u64) {
        self.first.get_or_insert(seq);
        self.times.push(at);
    }

    /// The middle one of the times: unlike the first, the last or the greatest, it does not follow a single false one.
    pub(super) fn middle_time(&mut self) -> u64 {
        let middle = self.times.len() / 2;
        if self.times.is_empty() { 0 } else { *self.times.select_nth_unstable(middle).1 }
    }
}

/// The writing end of a log.
///
/// INVARIANT: records reach the disk before the head that names them, so a head never names a record that a crash took.
pub(super) struct Writer {
    pub(super) paths: Paths,
    pub(super) keys: ChainKeys,
    pub(super) pseudonyms: Pseudonyms,
    pub(super) shared: Arc<Shared>,
    pub(super) rotate_bytes: u64,
    /// How long records are kept, in milliseconds; 0 for ever.
    pub(super) keep: u64,
    pub(super) file: File,
    pub(super) state: FileState,
    /// Where the log begins, and its last record, written or waiting in `pending`.
    pub(super) head: Head,
    /// The time of the last record.
    pub(super) at: u64,
    /// Sealed lines that are not on the disk yet.
    pub(super) pending: Vec<u8>,
    /// The file may hold part of `pending` after its known bytes.
    pub(super) uncertain: bool,
    /// The head on the disk is not `head`.
    pub(super) head_is_old: bool,
    /// The next file is to be begun.
    pub(super) rotation_due: bool,
    /// The newest file has already got the name of an older one.
    pub(super) renamed: bool,
    pub(super) _lock: Lock,
}

impl Writer {
    /// Writes what comes until nobody can send any more.
    pub(super) fn run(mut self, queue: &Receiver<Message>) {
        let mut waiting = Vec::new();
        loop {
            let message = if self.is_failing() {
                match queue.recv_timeout(RETRY) {
                    Ok(message) => Some(message),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            } else {
                match queue.recv() {
                    Ok(message) => Some(message),
                    Err(_) => break,
                }
            };
            for message in message.into_iter().chain(queue.try_iter().take(GROUP)) {
                self.take(message, &mut waiting);
            }
            self.finish(&mut waiting);
        }
        self.finish(&mut waiting);
    }

    /// Takes one message: formats a record, or remembers who waits.
    pub(super) fn take(&mut self, message: Message, waiting: &mut Vec<SyncSender<io::Result<()>>>) {
        match message {
            Message::Flush(answer) => waiting.push(answer),
            Message::Record(record) => {
                if self.is_failing() || self.add_record(&record).is_err() {
                    self.shared.lost.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    /// Ends a group: tells of losses, writes, and answers those who wait.
    pub(super) fn finish(&mut self, waiting: &mut Vec<SyncSender<io::Result<()>>>) {
        let mut result = self.settle();
        if result.is_ok() {
            let lost = self.shared.lost.swap(0, Ordering::Relaxed);
            if lost > 0 {
                result = self.push((self.at, Level::Error), &Body::Gap { lost }).and_then(|()| self.settle());
            }
        }
        for answer in waiting.drain(..) {
            let told = result.as_ref().copied().map_err(|error| io::Error::new(error.kind(), error.to_string()));
            // Who has stopped waiting is not told.
            let _ = answer.send(told);
        }
    }

    fn is_failing(&self) -> bool {
        self.shared.failing.load(Ordering::Relaxed)
    }

    fn add_record(&mut self, record: &Record) -> io::Result<()> {
        let bytes = self.state.bytes + self.pending.len() as u64;
        let age = self.state.times.first().map_or(0, |first| record.at.saturating_sub(*first));
        let is_full = bytes >= self.rotate_bytes;
        let is_old = self.keep > 0 && age > self.keep / 10;
        if self.state.first.is_some() && (is_full || is_old) {
            self.rotation_due = true;
            self.settle()?;
        }
        let names = record.names.keyed(&self.pseudonyms);
        self.push((record.at, record.level), &Body::Check(Check::new(record, names)))
    }

    /// Seals a line and puts it to those that wait to be written.
    pub(super) fn push(&mut self, stamp: (u64, Level), body: &Body<'_>) -> io::Result<()> {
        self.head.last = line::write(&self.keys, self.head.last, stamp, body, &mut self.pending)?;
        self.at = stamp.0;
        self.state.add(self.head.last.seq, stamp.0);
        self.head_is_old = true;
        Ok(())
    }

    /// Brings everything to the disk. What fails is kept and tried again; until then the log takes no records.
    pub(super) fn settle(&mut self) -> io::Result<()> {
        let result = self.try_settle();
        self.shared.failing.store(result.is_err(), Ordering::Relaxed);
        result
    }

    fn try_settle(&mut self) -> io::Result<()> {
        self.write_pending()?;
        if self.rotation_due { self.rotate() } else { Ok(()) }
    }

    fn write_pending(&mut self) -> io::Result<()> {
        if self.uncertain {
            self.file.set_len(self.state.bytes)?;
            self.uncertain = false;
        }
        if !self.pending.is_empty() {
            self.uncertain = true;
            self.file.write_all(&self.pending)?;
            self.file.sync_data()?;
            self.uncertain = false;
            self.state.bytes += self.pending.len() as u64;
            self.pending.clear();
        }
        if self.head_is_old {
            self.head.write(&self.paths, &self.keys)?;
            self.head_is_old = false;
        }
        Ok(())
    }

    /// Begins the next file. Its first record tells which file was before, so that each file leads to the one before it.
    fn rotate(&mut self) -> io::Result<()> {
        let name = self.paths.rotated_name(self.state.first.unwrap_or(self.head.last.seq));
        if !self.renamed {
            let path = self.paths.folder().join(&name);
            if path.try_exists()? {
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is in the way", path.display())));
            }
            fs::rename(self.paths.current(), path)?;
            self.renamed = true;
        }
        self.file = private().append(true).create_new(true).open(self.paths.current())?;
        let time = self.state.middle_time();
        self.state = FileState::default();
        (self.renamed, self.rotation_due) = (false, false);
        self.push((self.at, Level::Info), &Body::Rotated { file: name.to_string_lossy().into_owned(), time })?;
        self.write_pending()?;
        sync_folder(self.paths.current())?;
        // A file that cannot be deleted today is tried again with the next rotation; recording goes before.
        let _ = self.retire(time);
        Ok(())
    }

    /// Deletes the older files whose records have been kept for long enough. `now` is a time of the newest records.
    ///
    /// The head is moved first: a file that it does not reach back to is no part of the log any more.
    pub(super) fn retire(&mut self, now: u64) -> io::Result<()> {
        if self.keep == 0 {
            return Ok(());
        }
        let files = self.paths.rotated()?;
        let mut old = 0;
        for next in files.iter().skip(1) {
            match self.file_before(&next.path)? {
                Some((last, time)) if now.saturating_sub(time) > self.keep => {
                    (self.head.from, old) = (last, old + 1);
                    self.head_is_old = true;
                }
                _ => break,
            }
        }
        self.write_pending()?;
        files.iter().take(old).try_for_each(|file| fs::remove_file(&file.path))
    }

    /// What a file's first record tells of the file before: its last record and its middle time.
    fn file_before(&self, path: &Path) -> io::Result<Option<(Link, u64)>> {
        let Some(mut lines) = Lines::open(path)? else { return Ok(None) };
        Ok(match lines.next(&self.keys)?.map(|found| found.reading) {
            Some(Reading::Ours(stamp, link)) => {
                stamp.time.map(|time| (Link { seq: link.seq.saturating_sub(1), mac: stamp.prev }, time))
            }
            _ => None,
        })
    }
}
