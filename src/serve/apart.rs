//! A store whose commits are waited for apart from everything else.

use std::sync::Arc;

use crate::store::{
    Arrival, Commit, Listener, Points, Presence, Record, Row, SenderKey, Store, StoreError, Table, Terms, Version,
    Write,
};

/// A store for a gate that the sidecar serves: who waits for the disk keeps nobody else waiting. A check that ends in hold
/// commits, and a commit may take as long as the disk, or another process, likes; the thread's other work is taken over by another
/// thread meanwhile.
///
/// Costs a check that commits nothing a call.
#[must_use]
pub fn apart(store: Arc<dyn Store>) -> Arc<dyn Store> {
    Arc::new(Apart(store))
}

struct Apart(Arc<dyn Store>);

impl Store for Apart {
    fn arrive(&self, key: &SenderKey, arrival: &Arrival, terms: &Terms) -> Result<Presence, StoreError> {
        self.0.arrive(key, arrival, terms)
    }

    fn copy(&self, key: &SenderKey) -> Result<Record, StoreError> {
        self.0.copy(key)
    }

    fn add_points(&self, key: &SenderKey, at: u64, points: i8, terms: &Terms) -> Result<Points, StoreError> {
        self.0.add_points(key, at, points, terms)
    }

    fn read(&self, table: Table, key: &[u8]) -> Result<Option<Row>, StoreError> {
        self.0.read(table, key)
    }

    fn changes(&self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError> {
        self.0.changes(table, after, most)
    }

    fn commit(&self, writes: &[Write]) -> Result<Commit, StoreError> {
        // Outside of the sidecar's threads there is nothing to take over.
        tokio::task::block_in_place(|| self.0.commit(writes))
    }

    fn subscribe(&self, listener: Listener) {
        self.0.subscribe(listener);
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.0.flush()
    }
}
