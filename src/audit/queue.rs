//! What waits to be written, and when the writer is woken for it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SendError, SyncSender, TrySendError, sync_channel};
use std::thread::{self, Thread};
use std::time::Duration;

use super::change::Change;
use super::deed::DeedRecord;
use super::entry::Record;
use crate::store::Journal;

/// For how long records are gathered before they are written together: so many share one wait for the disk, and most of them
/// wake nobody. Measured under load (`bash benches/load/run`): ten times as long saves a little more for events in lists, and
/// makes the slowest single ones twice as slow, since what is then written at once keeps a core from the checks.
const GATHER: Duration = Duration::from_micros(200);

/// What goes through the queue.
pub(super) enum Message {
    Record(Box<Record>),
    /// A change of what judges, and when it came; without a time, at that of the record before.
    Change(Box<(Option<u64>, Change)>),
    /// Deeds, for somebody who waits until they are on the disk.
    Deeds(Vec<(u64, DeedRecord)>, SyncSender<io::Result<()>>),
    /// Whose deeds are to be taken over from now on.
    Follow(Box<Journal>),
    /// Something may wait in the journal.
    Wake,
    /// Asks to be told when all before it is on the disk.
    Flush(SyncSender<io::Result<()>>),
}

impl Message {
    /// Whether nobody waits for it.
    const fn may_wait(&self) -> bool {
        matches!(self, Self::Record(_) | Self::Change(_))
    }
}

/// Messages that wait, and how many are so many that the writer had better begin.
#[derive(Debug)]
struct Depth {
    waiting: AtomicUsize,
    many: usize,
}

/// The end at which messages are put in.
#[derive(Debug)]
pub(super) struct Inlet {
    sender: SyncSender<Message>,
    depth: Arc<Depth>,
    writer: Thread,
}

/// The end at which the writer takes them out.
pub(super) struct Outlet {
    receiver: Receiver<Message>,
    depth: Arc<Depth>,
}

/// A queue with room for so many messages; `begin` starts the writer's thread.
pub(super) fn queue(room: usize, begin: impl FnOnce(Outlet) -> io::Result<Thread>) -> io::Result<Inlet> {
    let (sender, receiver) = sync_channel(room);
    let depth = Arc::new(Depth { waiting: AtomicUsize::new(0), many: room / 2 });
    let writer = begin(Outlet { receiver, depth: Arc::clone(&depth) })?;
    Ok(Inlet { sender, depth, writer })
}

impl Inlet {
    /// Puts a message in if there is room. Never waits.
    pub(super) fn try_put(&self, message: Message) -> Result<(), TrySendError<Message>> {
        let waits = self.counted(&message);
        let result = self.sender.try_send(message);
        self.wake(waits, result.is_ok());
        result
    }

    /// Puts a message in, and waits until there is room.
    pub(super) fn put(&self, message: Message) -> Result<(), SendError<Message>> {
        let waits = self.counted(&message);
        let result = self.sender.send(message);
        self.wake(waits, result.is_ok());
        result
    }

    /// Messages that wait.
    pub(super) fn depth(&self) -> usize {
        self.depth.waiting.load(Ordering::Relaxed)
    }

    /// Counts a message before it is put in, so that no more are ever taken out than were counted. Tells whether it leaves the
    /// writer at rest.
    fn counted(&self, message: &Message) -> bool {
        self.depth.waiting.fetch_add(1, Ordering::Relaxed) + 1 < self.depth.many && message.may_wait()
    }

    fn wake(&self, waits: bool, is_in: bool) {
        if !is_in {
            self.depth.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        if !waits {
            self.writer.unpark();
        }
    }
}

impl Outlet {
    /// Waits for a message, for so long at most, and then lets more of them come: for [`GATHER`], unless there are many, or
    /// somebody waits for one.
    pub(super) fn next(&self, patience: Option<Duration>) -> Result<Message, RecvTimeoutError> {
        let message = match patience {
            Some(patience) => self.receiver.recv_timeout(patience)?,
            None => self.receiver.recv().map_err(|_| RecvTimeoutError::Disconnected)?,
        };
        self.depth.waiting.fetch_sub(1, Ordering::Relaxed);
        // INVARIANT: whoever makes them many, or puts in what may not wait, unparks the writer afterwards. Between this look
        // and the rest that would be kept for it, so nothing of that kind waits here.
        if message.may_wait() && self.depth.waiting.load(Ordering::Relaxed) < self.depth.many {
            thread::park_timeout(GATHER);
        }
        Ok(message)
    }

    /// What has come meanwhile.
    pub(super) fn others(&self) -> impl Iterator<Item = Message> {
        self.receiver.try_iter().inspect(|_| {
            self.depth.waiting.fetch_sub(1, Ordering::Relaxed);
        })
    }
}
