//! A store in one SQLite file.

mod behind;
mod connection;
mod core;
mod durable;
mod place;
mod queue;
mod reader;
mod recover;
mod schema;
mod senders;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use self::behind::Signal;
use self::core::Core;
use self::place::Place;
use self::queue::{Delta, Queue};
use self::words::{commit_error, open_error, store_error};
use super::durable::fault;
use super::listeners::Listeners;
use super::{
    Arrival, Commit, Listener, MemoryStore, OpenError, Points, Presence, Record, Row, SenderKey, Store, StoreError,
    Table, Terms, Version, Write,
};

pub use self::reader::{StoreReader, TableCount};
pub use self::recover::{Recovered, recover};

/// How long a call waits for another process that writes.
const WAIT: Duration = Duration::from_secs(2);
/// Terms for where it matters little how points fade: who has to go where a set of the memory is full.
const TERMS: Terms = Terms { window_ms: 60_000, half_life_ms: 300_000 };

/// A store in one SQLite file, which a gateway, another one and the command line may use at the same time.
///
/// *Durable records* are in the file, and on the disk, when [`commit`](Store::commit) returns. A commit takes what the disk takes to
/// sync, some milliseconds; it waits at most two seconds for another process that writes, and then fails with nothing done.
/// Listeners hear of the commits of other processes within some 50 ms.
///
/// *Senders' records* are kept in a [`MemoryStore`], which answers; the file follows behind. What an event adds is queued,
/// and a thread applies it to the sender's row, after half a second or as soon as a part of the queue is half full. So two
/// processes lose nothing of each other's, and each learns what the other's senders did, some 100 ms after it was written.
///
/// * **What a crash loses**: what was added to senders' records in the last second; durable records never. [`flush`](Store::flush)
///   and dropping the store write all of it.
/// * **A disk that is slower than the events**: 65,536 additions wait at most. Of a sender whose additions have no room, the
///   record is written as it is in memory, joined to the row so that it is never milder than either. Where there are also more
///   than 65,536 such senders, the file learns of the rest only when they write again. [`backlog`](Self::backlog) counts all three.
/// * **How much is kept**: `remembered` senders in memory and in the file. Beyond that the sender with the fewest points
///   goes first, as in [`MemoryStore`], in the file among those that did not write for the longest time.
///
/// The file is made for its owner alone (mode 0600). One that is a symbolic link, that others may write, or that is broken in
/// any way is refused and left as it is; [`recover`] sets a broken one aside. Over a network file system two machines must not
/// use one file: SQLite's log needs shared memory.
///
/// ```
/// use sluicegate::store::{Expect, SqliteStore, Store, Table, Write};
///
/// # let folder = std::env::temp_dir().join(format!("sluicegate-doc-{}", std::process::id()));
/// # let file = folder.join("store.db");
/// let store = SqliteStore::open(&file, 65_536)?;
/// let value = Some(b"sealed by a `Book`".to_vec());
/// let done = store.commit(&[Write { table: Table::Person, key: b"1".to_vec(), expect: Expect::Nothing, value }])?;
/// drop(store);
/// assert!(SqliteStore::open(&file, 65_536)?.read(Table::Person, b"1")?.is_some());
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SqliteStore {
    core: Arc<Core>,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    threads: Vec<JoinHandle<()>>,
}

/// What waits for the disk; see [`SqliteStore::backlog`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backlog {
    /// Additions to senders' records that are not in the file yet.
    pub waiting: usize,
    /// Senders whose additions had no room, so that their record is written as a whole.
    pub whole: usize,
    /// Additions that had no room at all since the store was opened: memory has them, the file learns of them when their
    /// sender writes again.
    pub left_out: u64,
}

impl SqliteStore {
    /// Opens the store at `file`, or makes it; at most `remembered` senders are kept. An older schema is brought up to date, with a
    /// copy of the file before it beside it (`.before-2`). Takes some milliseconds, and a second or two for a million senders.
    ///
    /// # Errors
    /// When the file cannot be used, in which case it is left as it was found.
    pub fn open(file: &Path, remembered: usize) -> Result<Self, OpenError> {
        Self::open_waiting(file, remembered, WAIT)
    }

    /// As [`open`](Self::open), where every call waits at most `wait` for another process that writes.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_waiting(file: &Path, remembered: usize, wait: Duration) -> Result<Self, OpenError> {
        let remembered = remembered.max(1);
        let place = Place::new(file, true)?;
        if !place.examine()? {
            schema::create(&place)?;
            place.examine()?;
        }
        let id = place.file_id();
        let fail = |error: rusqlite::Error| open_error(&place.named, &error);
        let connect = || connection::connect(&place.file, wait).map_err(fail);
        let mut writer = connect()?;
        schema::check(&place, &mut writer)?;
        probe(&mut writer).map_err(fail)?;
        if let Some(what) = reader::quick_fault(&writer, Some("durable")).map_err(fail)? {
            return Err(OpenError::Damaged { path: place.named.clone(), what });
        }
        let memory = MemoryStore::new(remembered);
        let seq = senders::load(&writer, &memory, remembered).map_err(fail)?;
        let told = durable::version(&writer).map_err(fail)?;
        let (reader, behind, listening) = (connect()?, connect()?, connect()?);
        let core = Arc::new(Core {
            place,
            id,
            remembered,
            memory,
            queue: Queue::new(),
            signal: Signal::new(),
            listeners: Listeners::default(),
            told: AtomicU64::new(told),
            seq: AtomicI64::new(seq),
        });
        let start = |name: &str, work: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.to_owned()).spawn(work).map_err(OpenError::io(file))
        };
        let mut store = Self {
            core: Arc::clone(&core),
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            threads: Vec::new(),
        };
        let writes = Arc::clone(&core);
        // Where the second thread cannot be started, dropping the store ends the first.
        store.threads.push(start("store-writer", Box::new(move || behind::write(&writes, behind, seq)))?);
        store.threads.push(start("store-listener", Box::new(move || behind::listen(&core, &listening)))?);
        Ok(store)
    }

    /// What the store at `file` holds now, as a copy in memory: nothing of what is done to the copy is kept. An empty one
    /// where there is no file.
    ///
    /// # Errors
    /// When the file is there and cannot be used.
    pub fn copy_of(file: &Path, remembered: usize) -> Result<MemoryStore, OpenError> {
        match StoreReader::open(file) {
            Ok(reader) => reader.copy(remembered),
            Err(OpenError::Missing { .. }) => Ok(MemoryStore::new(remembered)),
            Err(error) => Err(error),
        }
    }

    /// Joins senders' records to those in the file, as an import brings them: nobody gets milder by it. This store knows
    /// of them when this returns.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing is done.
    pub fn join_senders(&self, records: &[(SenderKey, Record)], terms: &Terms) -> Result<(), StoreError> {
        {
            let fail = |error: rusqlite::Error| store_error(&self.core.place.named, &error);
            let mut connection = lock(&self.writer);
            self.core.ours()?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fail)?;
            self.core.same_schema(&transaction)?;
            senders::join(&transaction, records, terms).map_err(fail)?;
            transaction.commit().map_err(fail)?;
        }
        self.core.signal.flush()
    }

    /// What waits for the disk.
    #[must_use]
    pub fn backlog(&self) -> Backlog {
        let (waiting, whole, left_out) = self.core.queue.count();
        Backlog { waiting, whole, left_out }
    }

    /// How many senders are in memory. Visits every set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.core.memory.len()
    }

    /// Whether nobody is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.core.memory.is_empty()
    }

    fn reading<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        read(&lock(&self.reader)).map_err(|error| store_error(&self.core.place.named, &error))
    }
}

/// Whether the file can be written now, which its first commit should not be the first to find out.
fn probe(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)?.rollback()
}

/// Takes the lock. A poisoned one is taken as well: a transaction that was cut short by a panic was rolled back.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store for SqliteStore {
    fn arrive(&self, key: &SenderKey, arrival: &Arrival, terms: &Terms) -> Result<Presence, StoreError> {
        let mut shard = self.core.queue.shard(key);
        let presence = self.core.memory.arrive(key, arrival, terms)?;
        // A look, which changes nothing.
        if arrival.mark.is_none() && !arrival.counts && arrival.at < presence.now {
            return Ok(presence);
        }
        let half_full = shard.push(*key, Delta::Arrive(*arrival, *terms));
        drop(shard);
        if half_full {
            self.core.signal.wake();
        }
        Ok(presence)
    }

    fn copy(&self, key: &SenderKey) -> Result<Record, StoreError> {
        self.core.memory.copy(key)
    }

    fn add_points(&self, key: &SenderKey, at: u64, points: i8, terms: &Terms) -> Result<Points, StoreError> {
        let mut shard = self.core.queue.shard(key);
        let sum = self.core.memory.add_points(key, at, points, terms)?;
        let half_full = shard.push(*key, Delta::AddPoints(at, points, *terms));
        drop(shard);
        if half_full {
            self.core.signal.wake();
        }
        Ok(sum)
    }

    fn read(&self, table: Table, key: &[u8]) -> Result<Option<Row>, StoreError> {
        self.reading(|connection| durable::read(connection, table, key))
    }

    fn changes(&self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError> {
        self.reading(|connection| durable::changes(connection, table, after, most))
    }

    fn commit(&self, writes: &[Write]) -> Result<Commit, StoreError> {
        if let Some(fault) = fault(writes) {
            return Err(StoreError::Failed(fault));
        }
        let done = {
            let path = &self.core.place.named;
            let fail = |error: rusqlite::Error| store_error(path, &error);
            let mut connection = lock(&self.writer);
            self.core.ours()?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fail)?;
            self.core.same_schema(&transaction)?;
            let done = durable::commit(&transaction, writes).map_err(fail)?;
            if done == Commit::Conflict {
                return Ok(done);
            }
            transaction.commit().map_err(|error| commit_error(path, &error))?;
            done
        };
        if let Commit::Done(version) = done {
            self.core.told.fetch_max(version, Ordering::AcqRel);
            self.core.listeners.call();
        }
        Ok(done)
    }

    fn subscribe(&self, listener: Listener) {
        self.core.listeners.add(listener);
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.core.signal.flush()
    }
}

impl Drop for SqliteStore {
    /// Writes what waits. Whoever needs to know whether that went well calls [`flush`](Store::flush) before.
    fn drop(&mut self) {
        self.core.signal.stop();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("file", &self.core.place.named).finish_non_exhaustive()
    }
}
