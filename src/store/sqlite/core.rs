//! What the store and its threads share.

use std::sync::atomic::{AtomicI64, AtomicU64};

use rusqlite::Connection;

use super::place::FileId;
use super::queue::Queue;
use super::words::store_error;
use super::{Place, Signal, schema};
use crate::store::listeners::Listeners;
use crate::store::{MemoryStore, Record, SenderKey, StoreError, Terms};

/// What the store and its threads share.
pub(super) struct Core {
    pub(super) place: Place,
    /// Which file was opened.
    pub(super) id: Option<FileId>,
    pub(super) remembered: usize,
    pub(super) memory: MemoryStore,
    pub(super) queue: Queue,
    pub(super) signal: Signal,
    pub(super) listeners: Listeners,
    /// The last change of durable records that the listeners were called for.
    pub(super) told: AtomicU64,
    /// The last change of senders that the memory knows of.
    pub(super) seq: AtomicI64,
}

impl Core {
    /// INVARIANT: nothing is written into a file that was renamed, removed or replaced; whoever opens the store next would
    /// never see it.
    pub(super) fn ours(&self) -> Result<(), StoreError> {
        if self.place.file_id() == self.id {
            return Ok(());
        }
        let file = self.place.named.display();
        Err(StoreError::Failed(format!(
            "{file} was removed or replaced while this program used it, so nothing is written any more: put it back, or start \
             the program again"
        )))
    }

    /// A newer version may have brought the file up to date meanwhile.
    pub(super) fn same_schema(&self, connection: &Connection) -> Result<(), StoreError> {
        let (_, schema) = schema::stamp(connection).map_err(|error| store_error(&self.place.named, &error))?;
        if schema == schema::KNOWN {
            return Ok(());
        }
        let file = self.place.named.display();
        Err(StoreError::Failed(format!(
            "a newer version has brought {file} to schema {schema} meanwhile, and this one knows schema {}: start that version \
             here, too",
            schema::KNOWN
        )))
    }

    /// Brings a record in from the file, completed by what the file does not have yet.
    pub(super) fn bring_in(&self, key: &SenderKey, record: Record, terms: &Terms) -> Result<(), StoreError> {
        let shard = self.queue.shard(key);
        match shard.complete(key, record) {
            Some(record) => {
                let now = record.clock();
                self.memory.put(key, record, now, terms)
            }
            None => Ok(()),
        }
    }
}
