//! Durable records in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::durable::{Commit, Expect, Listener, Row, Table, Version, Write, fault};
use super::{StoreError, listeners::Listeners};

/// How many removed records a table still tells of, before the oldest of them are forgotten.
const REMOVED: usize = 4_096;

/// The durable records of a [`MemoryStore`](super::MemoryStore).
#[derive(Default)]
pub(super) struct Shelves {
    state: Mutex<State>,
    listeners: Listeners,
}

#[derive(Default)]
struct State {
    version: Version,
    tables: BTreeMap<Table, Shelf>,
}

#[derive(Default)]
struct Shelf {
    records: BTreeMap<Vec<u8>, (Option<Vec<u8>>, Version)>,
    /// Keys by their last change.
    order: BTreeMap<(Version, Vec<u8>), ()>,
    /// Removed records by their last change.
    removed: BTreeMap<(Version, Vec<u8>), ()>,
}

impl Shelves {
    pub(super) fn read(&self, table: Table, key: &[u8]) -> Option<Row> {
        self.state().tables.get(&table)?.row(key)
    }

    pub(super) fn changes(&self, table: Table, after: Version, most: usize) -> Vec<Row> {
        let state = self.state();
        let Some(shelf) = state.tables.get(&table) else { return Vec::new() };
        let mut rows: Vec<Row> = Vec::new();
        for (version, key) in shelf.order.range((after.saturating_add(1), Vec::new())..).map(|(place, ())| place) {
            if rows.len() >= most.max(1) && rows.last().is_some_and(|last| last.version != *version) {
                break;
            }
            rows.extend(shelf.row(key));
        }
        rows
    }

    pub(super) fn commit(&self, writes: &[Write]) -> Result<Commit, StoreError> {
        if let Some(fault) = fault(writes) {
            return Err(StoreError::Failed(fault));
        }
        let version = {
            let mut state = self.state();
            let expected = |write: &Write| {
                let row = state.tables.get(&write.table).and_then(|shelf| shelf.row(&write.key));
                let found = row.filter(|row| row.value.is_some()).map(|row| row.version);
                match write.expect {
                    Expect::Anything => true,
                    Expect::Nothing => found.is_none(),
                    Expect::Version(version) => found == Some(version),
                }
            };
            if !writes.iter().all(expected) {
                return Ok(Commit::Conflict);
            }
            state.version += 1;
            let version = state.version;
            for write in writes {
                state.tables.entry(write.table).or_default().write(write, version);
            }
            version
        };
        self.listeners.call();
        Ok(Commit::Done(version))
    }

    /// Takes over a record that another store keeps, as it is.
    #[cfg(feature = "sqlite")]
    pub(super) fn take_over(&self, table: Table, row: Row) {
        let mut state = self.state();
        state.version = state.version.max(row.version);
        let write = Write { table, key: row.key, expect: Expect::Anything, value: row.value };
        state.tables.entry(table).or_default().write(&write, row.version);
    }

    pub(super) fn subscribe(&self, listener: Listener) {
        self.listeners.add(listener);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn row(&self, key: &[u8]) -> Option<Row> {
        let (value, version) = self.records.get(key)?;
        Some(Row { key: key.to_vec(), value: value.clone(), version: *version })
    }

    fn write(&mut self, write: &Write, version: Version) {
        let before = self.records.insert(write.key.clone(), (write.value.clone(), version));
        if let Some((_, at)) = before {
            let place = (at, write.key.clone());
            self.order.remove(&place);
            self.removed.remove(&place);
        }
        self.order.insert((version, write.key.clone()), ());
        if write.value.is_none() {
            self.removed.insert((version, write.key.clone()), ());
        }
        while self.removed.len() > REMOVED
            && let Some((place, ())) = self.removed.pop_first()
        {
            self.order.remove(&place);
            self.records.remove(&place.1);
        }
    }
}
