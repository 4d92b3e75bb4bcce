//! Reading a store without changing it.

use std::fmt;
use std::path::Path;

use rusqlite::Connection;

use super::words::open_error;
use super::{Place, WAIT, connection, durable, schema, senders};
use crate::store::{MemoryStore, OpenError, Record, Row, SenderKey, StoreError, Table, Version};

/// Faults that one look names at most.
const FAULTS: u32 = 20;

/// Reads a store's file without changing it, also while gateways use it: for status, exports, copies.
pub struct StoreReader {
    place: Place,
    connection: Connection,
    schema: u32,
}

/// How many rows a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableCount {
    /// The table.
    pub table: Table,
    /// Records that are there.
    pub records: u64,
    /// Records that were removed, of which is still told.
    pub removed: u64,
}

impl StoreReader {
    /// Opens a store that is there. A damaged one can be opened as long as its beginning is whole; see [`faults`](Self::faults).
    ///
    /// # Errors
    /// When there is none, or the file cannot be used.
    pub fn open(file: &Path) -> Result<Self, OpenError> {
        let place = Place::new(file, false)?;
        if !place.examine()? {
            return Err(OpenError::Missing { path: place.named });
        }
        let fail = |error: rusqlite::Error| open_error(&place.named, &error);
        let connection = connection::connect(&place.file, WAIT).map_err(fail)?;
        connection.execute_batch("PRAGMA query_only = ON").map_err(fail)?;
        let schema = schema::check_only(&place, &connection)?;
        Ok(Self { place, connection, schema })
    }

    /// The schema of the file.
    #[must_use]
    pub const fn schema(&self) -> u32 {
        self.schema
    }

    /// The number of the last change of durable records.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn version(&self) -> Result<Version, OpenError> {
        durable::version(&self.connection).map_err(|error| self.fail(&error))
    }

    /// How many records each table has.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn tables(&self) -> Result<Vec<TableCount>, OpenError> {
        let count = |table: Table| {
            let sql = "SELECT count(value), count(*) FROM durable WHERE tbl = ?1";
            let (records, all): (i64, i64) =
                self.connection.query_row(sql, [durable::number(table)], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let number = |count: i64| u64::try_from(count).unwrap_or_default();
            Ok(TableCount { table, records: number(records), removed: number(all - records) })
        };
        Table::ALL.into_iter().map(count).collect::<rusqlite::Result<_>>().map_err(|error| self.fail(&error))
    }

    /// How many senders' records there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn senders(&self) -> Result<u64, OpenError> {
        let count = self.connection.query_row("SELECT senders FROM counter", [], |row| row.get::<_, i64>(0));
        count.map(|count| u64::try_from(count).unwrap_or_default()).map_err(|error| self.fail(&error))
    }

    /// Bytes of the file, and of the log beside it that is not in the file yet.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        let length = |path: &Path| path.symlink_metadata().map_or(0, |metadata| metadata.len());
        (length(&self.place.file), length(&self.place.beside("-wal")))
    }

    /// Reads everything and tells what is not as it was written, up to 20 faults: the structure of the file, its indexes, and
    /// the records of senders. What durable records say is sealed, so that their [`Book`](crate::store::Book) tells what was
    /// changed in them.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn faults(&self) -> Result<Vec<String>, OpenError> {
        let mut faults = found(&self.connection, "integrity_check", None).map_err(|error| self.fail(&error))?;
        if faults.is_empty()
            && let Err(error) = senders::visit(&self.connection, usize::MAX, |_, _| Ok(()))
        {
            faults.push(self.fail(&error).to_string());
        }
        Ok(faults)
    }

    /// Calls `visit` with the durable records of a table in the order of their last change, removed ones too.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn records(&self, table: Table, mut visit: impl FnMut(Row)) -> Result<(), OpenError> {
        const PAGE: usize = 256;
        let mut after = 0;
        loop {
            let page = durable::changes(&self.connection, table, after, PAGE).map_err(|error| self.fail(&error))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.version;
            page.into_iter().for_each(&mut visit);
        }
    }

    /// Calls `visit` with the senders that changed last, `most` at most, in the order of their last change.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn visit_senders(&self, most: usize, mut visit: impl FnMut(SenderKey, Record)) -> Result<(), OpenError> {
        let visit = |key, record| -> Result<(), StoreError> {
            visit(key, record);
            Ok(())
        };
        senders::visit(&self.connection, most, visit).map(|_| ()).map_err(|error| self.fail(&error))
    }

    /// Everything that is in the file, in memory.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn copy(&self, remembered: usize) -> Result<MemoryStore, OpenError> {
        let memory = MemoryStore::new(remembered);
        // One moment of the file, whatever is written meanwhile.
        let transaction = self.connection.unchecked_transaction().map_err(|error| self.fail(&error))?;
        for table in Table::ALL {
            self.records(table, |row| memory.shelves().take_over(table, row))?;
        }
        self.visit_senders(remembered, |key, record| {
            let now = record.clock();
            // A memory has room for everybody whom it shall remember.
            let _ = memory.put(&key, record, now, &super::TERMS);
        })?;
        drop(transaction);
        Ok(memory)
    }

    fn fail(&self, error: &rusqlite::Error) -> OpenError {
        open_error(&self.place.named, error)
    }
}

impl fmt::Debug for StoreReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreReader").field("file", &self.place.named).finish_non_exhaustive()
    }
}

/// What is wrong with the structure of a table, or of the whole file, if anything is. Reads all of it, once.
pub(super) fn quick_fault(connection: &Connection, table: Option<&str>) -> rusqlite::Result<Option<String>> {
    Ok(found(connection, "quick_check", table)?.into_iter().next())
}

fn found(connection: &Connection, check: &str, table: Option<&str>) -> rusqlite::Result<Vec<String>> {
    let of = table.map_or_else(|| FAULTS.to_string(), str::to_owned);
    let mut statement = connection.prepare(&format!("PRAGMA {check}({of})"))?;
    let lines: rusqlite::Result<Vec<String>> = statement.query_map([], |row| row.get(0))?.collect();
    Ok(lines?.into_iter().filter(|line| line != "ok").map(|line| line.replace('\n', "; ")).collect())
}
