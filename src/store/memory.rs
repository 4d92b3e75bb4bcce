//! Records in memory.

use std::cmp::Reverse;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::shelves::Shelves;
use super::{
    Arrival, Commit, Listener, Points, Presence, Record, Row, SenderKey, Store, StoreError, Table, Terms, Version,
    Write,
};

/// Records that one set holds at most.
const WAYS: usize = 16;

/// A bounded store in memory, lost when the process ends; its durable records too, which are bounded by those who write them.
///
/// A key belongs to one small set of records; each set has a lock of its own, held only while one record is read and
/// written. When a set is full, the sender with the fewest points (faded up to now) is forgotten, and among those the one
/// whose last event is the furthest away in time. So a flood of strangers pushes out other strangers, and never a sender
/// with points, as long as fewer than sixteen such senders share a set. Since keys are keyed hashes, nobody can aim at a set;
/// what chance does is that some sets fill up (and forget somebody) shortly before the whole store is full.
///
/// A record with its key takes 128 bytes; sets grow as they are needed.
pub struct MemoryStore {
    sets: Box<[Mutex<Set>]>,
    /// Records in a set, at most [`WAYS`].
    ways: usize,
    shelves: Shelves,
}

type Set = Vec<(SenderKey, Record)>;

impl MemoryStore {
    /// How many senders are remembered unless the settings say otherwise: 8 MiB of records.
    pub const SENDERS: usize = 65_536;

    /// A store for at most `senders` senders; zero is taken as one.
    #[must_use]
    pub fn new(senders: usize) -> Self {
        let senders = senders.max(1);
        let sets = senders.div_ceil(WAYS);
        Self { sets: (0..sets).map(|_| Mutex::default()).collect(), ways: senders / sets, shelves: Shelves::default() }
    }

    /// How many senders are remembered now. Visits every set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sets.iter().map(|set| lock(set).len()).sum()
    }

    /// Whether nobody is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets every sender's record. Durable records stay.
    pub fn clear(&self) {
        self.sets.iter().for_each(|set| lock(set).clear());
    }

    /// Puts a record in the place of what is known of a sender; where there is no room, as for a newcomer at the time `now`.
    #[cfg(feature = "sqlite")]
    pub(super) fn put(&self, key: &SenderKey, record: Record, now: u64, terms: &Terms) -> Result<(), StoreError> {
        self.with(key, now, terms, |kept| *kept = record)
    }

    /// Takes durable records over as they are, with the changes that wrote them.
    #[cfg(feature = "sqlite")]
    pub(super) const fn shelves(&self) -> &Shelves {
        &self.shelves
    }

    /// Lets `work` at the record of `key`, which is made first if need be, at the cost of another that is worth less at
    /// the time `now`.
    fn with<T>(
        &self,
        key: &SenderKey,
        now: u64,
        terms: &Terms,
        work: impl FnOnce(&mut Record) -> T,
    ) -> Result<T, StoreError> {
        let place = usize::try_from(key.number() % self.sets.len() as u128).unwrap_or_default();
        let set = self.sets.get(place).ok_or_else(|| StoreError::Failed("it holds no set at all".to_owned()))?;
        let mut set = lock(set);
        if let Some((_, record)) = set.iter_mut().find(|(known, _)| known == key) {
            return Ok(work(record));
        }
        if set.len() >= self.ways {
            let worth = |record: &Record| (record.points(now, terms), Reverse(record.distance(now)));
            let least = set.iter().enumerate().min_by_key(|(_, (_, record))| worth(record)).map(|(index, _)| index);
            least.map(|index| set.swap_remove(index));
        }
        let mut record = Record::default();
        let answer = work(&mut record);
        set.push((*key, record));
        Ok(answer)
    }
}

/// Takes the lock. A poisoned one is taken as well: the arithmetic under it cannot panic half-way through a record.
fn lock(set: &Mutex<Set>) -> MutexGuard<'_, Set> {
    set.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(Self::SENDERS)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("senders", &(self.sets.len() * self.ways)).finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn copy(&self, key: &SenderKey) -> Result<Record, StoreError> {
        let place = usize::try_from(key.number() % self.sets.len() as u128).unwrap_or_default();
        let set = self.sets.get(place).map(lock);
        let known = set.as_ref().and_then(|set| set.iter().find(|(known, _)| known == key));
        Ok(known.map(|(_, record)| record.clone()).unwrap_or_default())
    }

    fn arrive(&self, key: &SenderKey, arrival: &Arrival, terms: &Terms) -> Result<Presence, StoreError> {
        self.with(key, arrival.at, terms, |record| record.arrive(arrival, terms))
    }

    fn add_points(&self, key: &SenderKey, at: u64, points: i8, terms: &Terms) -> Result<Points, StoreError> {
        self.with(key, at, terms, |record| record.add_points(at, points, terms))
    }

    fn read(&self, table: Table, key: &[u8]) -> Result<Option<Row>, StoreError> {
        Ok(self.shelves.read(table, key))
    }

    fn changes(&self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError> {
        Ok(self.shelves.changes(table, after, most))
    }

    fn commit(&self, writes: &[Write]) -> Result<Commit, StoreError> {
        self.shelves.commit(writes)
    }

    fn subscribe(&self, listener: Listener) {
        self.shelves.subscribe(listener);
    }

    fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
