//! What the gate remembers of senders.
//!
//! A [`Store`] keeps one [`Record`] for every sender and takes *deltas*: what an event adds to it. The store never hands
//! out a record to be changed and written back, so two threads, two processes or two machines cannot lose each other's
//! updates. [`MemoryStore`] is the one that needs nothing; [`FaultyStore`] breaks any other on purpose, for tests.
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
mod decay;
mod error;
mod faulty;
mod key;
mod memory;
mod points;
mod presence;
mod record;
mod window;

pub use arrival::{Arrival, EventMark, Terms};
pub use error::StoreError;
pub use faulty::{Fault, FaultyStore};
pub use key::SenderKey;
pub use memory::MemoryStore;
pub use points::Points;
pub use presence::{Presence, Seen};
pub use record::Record;

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
}
