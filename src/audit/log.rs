//! The end of the log that a gate holds.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use super::AuditError;
use super::change::Change;
use super::deed::DeedRecord;
use super::entry::{Entry, Record};
use super::open;
use super::queue::{Inlet, Message, queue};
use crate::keys::{Keys, Pseudonyms};
use crate::store::{Journal, Noted};

/// Where the log is, and how much of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditSettings {
    /// The newest file, such as `audit.jsonl`. The others stand beside it.
    pub file: PathBuf,
    /// How many bytes a file has when the next one is begun. It may have one line more.
    pub rotate_bytes: u64,
    /// How many days records are kept, by the times of the events; 0 keeps all.
    ///
    /// Whole files are deleted, when a new one is begun or the log is opened. A new file is begun after a tenth of these
    /// days too, so that the records of few events go in time. The present is the middle one of the last 15 times: a few
    /// events with false times delete nothing.
    pub keep_days: u32,
    /// How many records may wait for the disk. Each takes half a kilobyte, and 2 KiB at most.
    pub queue: usize,
}

impl AuditSettings {
    /// A log in `file`: files of 10 MB, kept for 90 days, 4,096 records waiting.
    #[must_use]
    pub fn new(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), rotate_bytes: 10_000_000, keep_days: 90, queue: 4096 }
    }
}

/// A record was not taken. The log says later how many it lost; the check that lost it should say so in `degraded`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lost {
    /// Records come faster than the disk takes them.
    QueueFull,
    /// The disk does not take records. It is tried again every second.
    DiskFails,
    /// The writer is gone.
    Stopped,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::QueueFull => "the audit record was lost: too many wait for the disk",
            Self::DiskFails => "the audit record was lost: the disk does not take it",
            Self::Stopped => "the audit record was lost: the log has stopped",
        })
    }
}

impl std::error::Error for Lost {}

/// What both ends of the queue know.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Records that were not taken and are not yet told in a gap.
    pub(super) lost: AtomicU64,
    /// The last attempt to write failed.
    pub(super) failing: AtomicBool,
    /// Something was committed since the journal was looked at.
    pub(super) deeds_wait: AtomicBool,
}

/// An audit log that is open for writing.
///
/// Shared between threads by reference. Dropping it writes what waits and ends the writer's thread.
pub struct AuditLog {
    file: PathBuf,
    /// Shared with listeners of the store, which must not keep it alive: the writer ends when it is dropped.
    queue: Option<Arc<Inlet>>,
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    pseudonyms: Pseudonyms,
}

impl AuditLog {
    /// Opens a log, or begins one, and starts the thread that writes it.
    ///
    /// Reads the newest file once. If the log is not as it was left (a line cut off by a crash, records missing that its
    /// head knows of, no head), nothing is repaired in silence: a cut line is set aside, and a record of what was found goes into
    /// the log, which then continues.
    ///
    /// # Errors
    /// When another process writes the log, when it was written with another key, or when the system refuses.
    pub fn open(settings: &AuditSettings, keys: &Keys) -> Result<Self, AuditError> {
        let shared = Arc::default();
        let writer = open::open(settings, keys, Arc::clone(&shared))?;
        let mut thread = None;
        let inlet = queue(settings.queue, |outlet| {
            let begun =
                std::thread::Builder::new().name("sluicegate-audit".into()).spawn(move || writer.run(&outlet))?;
            Ok(thread.insert(begun).thread().clone())
        });
        Ok(Self {
            file: settings.file.clone(),
            queue: Some(Arc::new(inlet.map_err(AuditError::io(&settings.file))?)),
            thread,
            shared,
            pseudonyms: keys.pseudonyms(),
        })
    }

    /// Hands a check over to be written. Never waits. The record is on the disk some milliseconds later: records are
    /// gathered for 0.2 ms, so that many share one wait for the disk.
    ///
    /// # Errors
    /// When the record was not taken. It is counted, and the log will say how many are missing.
    pub fn record(&self, entry: &Entry<'_>) -> Result<(), Lost> {
        self.hand_over(|| Message::Record(Box::new(Record::new(entry, &self.pseudonyms))))
    }

    /// Hands over a change of what judges, at this time in milliseconds since 1970; without one, at the time of the record
    /// before. Never waits.
    ///
    /// # Errors
    /// When the record was not taken. It is counted, as those of checks are.
    pub fn change(&self, at: Option<u64>, change: Change) -> Result<(), Lost> {
        self.hand_over(|| Message::Change(Box::new((at, change))))
    }

    /// How many records wait for the disk now, of the [`queue`](AuditSettings::queue) that may.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.depth())
    }

    fn hand_over(&self, message: impl FnOnce() -> Message) -> Result<(), Lost> {
        let lost = if self.shared.failing.load(Ordering::Relaxed) {
            Lost::DiskFails
        } else {
            let message = message();
            match self.queue.as_ref().map(|queue| queue.try_put(message)) {
                Some(Ok(())) => return Ok(()),
                Some(Err(TrySendError::Full(_))) => Lost::QueueFull,
                Some(Err(TrySendError::Disconnected(_))) | None => Lost::Stopped,
            }
        };
        self.shared.lost.fetch_add(1, Ordering::Relaxed);
        Err(lost)
    }

    /// Takes over the deeds of a journal from now on: those that wait already, those of every later commit to its store,
    /// also by other processes, and once more at every [`flush`](Self::flush) and at the end. The writer's thread does it,
    /// so nobody waits, and what the disk does not take stays in the journal.
    pub fn follow(&self, journal: Journal) {
        let Some(queue) = &self.queue else { return };
        let (waker, shared) = (Arc::downgrade(queue), Arc::clone(&self.shared));
        journal.store().subscribe(Box::new(move || {
            // INVARIANT: the flag is up before the writer is woken. Where the queue is full, the writer is awake, and looks at
            // the flag when it has taken what is there.
            shared.deeds_wait.store(true, Ordering::Release);
            let Some(queue) = waker.upgrade() else { return false };
            !matches!(queue.try_put(Message::Wake), Err(TrySendError::Disconnected(_)))
        }));
        // It fails only where the writer is gone; then the deeds stay in the journal.
        let _ = queue.put(Message::Follow(Box::new(journal)));
    }

    /// Writes deeds, and waits until they are on the disk.
    pub(super) fn deeds(&self, deeds: &[Noted]) -> Result<(), AuditError> {
        let records = deeds.iter().map(|noted| (noted.deed.at, DeedRecord::new(noted, &self.pseudonyms))).collect();
        self.ask(|answer| Message::Deeds(records, answer))
    }

    /// Waits until all that was recorded before is on the disk, and the deeds that wait in a journal that it
    /// [follows](Self::follow). For the end of a command, and for tests.
    ///
    /// # Errors
    /// When the disk does not take it, or the store of the journal gives no answer.
    pub fn flush(&self) -> Result<(), AuditError> {
        self.ask(Message::Flush)
    }

    /// Sends something that is answered, and waits for the answer.
    fn ask(&self, message: impl FnOnce(SyncSender<io::Result<()>>) -> Message) -> Result<(), AuditError> {
        let (answer, answered) = sync_channel(1);
        let stopped = || io::Error::other("the writer has stopped");
        self.queue
            .as_ref()
            .and_then(|queue| queue.put(message(answer)).ok())
            .and_then(|()| answered.recv().ok())
            .unwrap_or_else(|| Err(stopped()))
            .map_err(AuditError::io(&self.file))
    }
}

impl Drop for AuditLog {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // The thread does not panic; if it did, there would be nobody left to tell.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditLog").field("file", &self.file).field("shared", &self.shared).finish_non_exhaustive()
    }
}
