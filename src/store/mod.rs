//! What the gate remembers of senders.
//!
//! A [`Store`] keeps one [`Record`] for every sender and takes *deltas*: what an event adds to it. The store never hands
//! out a record to be changed and written back, so two threads, two processes or two machines cannot lose each other's
//! updates. [`MemoryStore`] is the one that needs nothing; `SqliteStore` (feature `sqlite`) keeps all of it in a file; [`FaultyStore`]
//! breaks any other on purpose, for tests.
//!
//! Besides these it keeps *durable records*, in a few [tables](Table): what the owner has said of people, what waits for the
//! owner, and the like. They change by [commits](Store::commit) of conditional writes: all of a commit is done and on the
//! disk when it returns, or nothing of it, because something was not as the writer expected. [`Book`] reads and writes them
//! as encrypted values of one type.
//!
//! # In which order
//!
//! Deltas of different senders commute always: the answers to one sender's events never depend on another's, unless the
//! store is full and has to forget somebody. For one sender:
//!
//! * The clock is a maximum and messages are a sum. Arrivals commute as far as their times fall in the same slot (a twelfth)
//!   of the rate window. An arrival that comes late counts at the sender's clock, so disorder can only count *more*
//!   messages in the window than order would.
//! * Points that are added commute up to the cap of 31 and the rounding, which is at most 2/256 point for each addition.
//!   Points that are taken back commute with the others unless the cap or the floor of 0 came between.
//! * Which events are known commutes as long as there are at most [`Record::MARKS`] of them and none was edited.

mod arrival;
mod book;
mod decay;
mod durable;
mod error;
mod faulty;
mod journal;
mod key;
mod listeners;
mod memory;
mod opening;
mod points;
mod presence;
mod record;
mod reseal;
mod shelves;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
mod transfer;
mod window;

pub use arrival::{Arrival, EventMark, Terms};
pub use book::{Book, Changed, Kept};
pub use durable::{Commit, Expect, Listener, MAX_KEY, MAX_VALUE, MAX_WRITES, Row, Table, Version, Write};
pub use error::StoreError;
pub use faulty::{Fault, FaultyStore};
pub use journal::{Actor, Deed, Journal, Noted, Person};
pub use key::SenderKey;
pub use memory::MemoryStore;
pub use opening::{OpenError, copy, open};
pub use points::Points;
pub use presence::{Presence, Seen};
pub use record::Record;
pub use reseal::{Naming, Resealed, not_resealable, reseal};
#[cfg(feature = "sqlite")]
pub use sqlite::{Backlog, Recovered, SqliteStore, StoreReader, TableCount, recover};
#[cfg(feature = "sqlite")]
pub use transfer::{ExportError, Exported, Import, ImportError, Imported, export};

/// Keeps what is known of senders. Shared between threads; every call is atomic for its sender.
///
/// An implementation applies deltas with [`Record`], which holds the arithmetic, and adds nothing of its own but where the
/// records are kept. A call that fails says so; it never answers with a guess.
pub trait Store: Send + Sync {
    /// Notes that an event of a sender has arrived, and tells what is known of the sender now, this arrival included.
    ///
    /// # Errors
    /// Where the store cannot be reached or gives no answer in its time.
    fn arrive(&self, key: &SenderKey, arrival: &Arrival, terms: &Terms) -> Result<Presence, StoreError>;

    /// What is kept of a sender, as a copy to look at; a fresh record of whoever is not known. Changes nothing.
    ///
    /// # Errors
    /// Where the store cannot be reached or gives no answer in its time.
    fn copy(&self, key: &SenderKey) -> Result<Record, StoreError>;

    /// Adds whole points (or takes them back, where negative) that a sender got at the time `at`, in milliseconds since
    /// 1970, and tells what the sender has now. Taking back exactly what was added at the same `at` undoes it, as far as
    /// the cap was not touched.
    ///
    /// # Errors
    /// Where the store cannot be reached or gives no answer in its time.
    fn add_points(&self, key: &SenderKey, at: u64, points: i8, terms: &Terms) -> Result<Points, StoreError>;

    /// The durable record under a key; none where there never was one, or it was removed long ago. Waits for the disk.
    ///
    /// # Errors
    /// Where the store cannot be reached or gives no answer in its time.
    fn read(&self, table: Table, key: &[u8]) -> Result<Option<Row>, StoreError>;

    /// The durable records of a table that changed after a change, in the order of the changes, removed ones too; from
    /// change 0 on everything that there is. About `most` rows: those of one commit are never taken apart. Waits for the disk.
    ///
    /// # Errors
    /// Where the store cannot be reached or gives no answer in its time.
    fn changes(&self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError>;

    /// Does all writes, and gives an answer once they are durable; or nothing, where one of them does not find what it
    /// expects. Listeners have been called when it returns. Waits for the disk.
    ///
    /// # Errors
    /// Where the store cannot be reached or gives no answer in its time ([`StoreError::Stalled`]: whether it was done is not
    /// known), or a key or value is too long.
    fn commit(&self, writes: &[Write]) -> Result<Commit, StoreError>;

    /// Calls `listener` after every commit: of this process before [`commit`](Self::commit) returns, of other processes soon
    /// after, from a thread of the store. It may read the store, and must not commit. It is forgotten once it returns false.
    fn subscribe(&self, listener: Listener);

    /// Waits until every delta so far is as durable as this store makes them.
    ///
    /// # Errors
    /// Where the disk does not take it.
    fn flush(&self) -> Result<(), StoreError>;
}
