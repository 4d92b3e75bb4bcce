//! Setting a broken file aside, and saving what can still be read.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::place::BESIDE;
use super::words::open_error;
use super::{Place, StoreReader, WAIT, connection, durable, schema};
use crate::keys::sync_folder;
use crate::store::OpenError;

/// What [`recover`] has done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// What was wrong.
    pub why: String,
    /// Where the broken file lies now; none where it was gone and only its log was there.
    pub aside: PathBuf,
    /// Durable records that could be saved.
    pub records: u64,
    /// Senders' records that could be saved.
    pub senders: u64,
}

/// Sets a store aside that is broken, under a name that says why (`store.db.broken-damaged`), and makes a new one in its place
/// with what can still be read. What cannot be read is missing in the new one, and may be a block or a deny: compare before
/// a gateway goes on with it.
///
/// No process may use the store meanwhile. Nothing is deleted.
///
/// # Errors
/// When the store is whole, or is refused for another reason than that it is broken; then nothing is done.
pub fn recover(file: &Path) -> Result<Recovered, OpenError> {
    let place = Place::new(file, false)?;
    let fault = broken(file)?;
    let why = fault.to_string();
    let Some(word) = fault.broken() else { return Err(fault) };
    let aside = place.free(&format!(".broken-{word}")).map_err(OpenError::io(&place.named))?;
    let mut moved = false;
    for suffix in BESIDE.into_iter().chain([""]) {
        let (from, mut to) = (place.beside(suffix), aside.clone().into_os_string());
        to.push(suffix);
        if from.symlink_metadata().is_ok() {
            fs::rename(&from, &to).map_err(OpenError::io(&place.named))?;
            moved = true;
        }
    }
    if !moved {
        return Err(OpenError::Missing { path: place.named });
    }
    sync_folder(&place.file).map_err(OpenError::io(&place.named))?;
    schema::create(&place)?;
    let fail = |error: rusqlite::Error| open_error(&place.named, &error);
    let mut fresh = connection::connect(&place.file, WAIT).map_err(fail)?;
    let transaction = fresh.transaction().map_err(fail)?;
    let (mut records, mut senders) = (0, 0);
    if let Ok(old) = connection::connect_to_damaged(&aside, WAIT) {
        records = save(&old, &transaction, DURABLE).map_err(fail)?;
        senders = save(&old, &transaction, SENDER).map_err(fail)?;
        // Numbers go on above all that somebody may have seen.
        let version = durable::version(&old).unwrap_or_default();
        transaction
            .execute(
                "UPDATE counter SET version = max(?1, (SELECT coalesce(max(version), 0) FROM durable)),
                     seq = (SELECT coalesce(max(seq), 0) FROM sender), senders = (SELECT count(*) FROM sender)",
                [version.cast_signed()],
            )
            .map_err(fail)?;
    }
    transaction.commit().map_err(fail)?;
    Ok(Recovered { why, aside, records, senders })
}

/// What is wrong with a store that is broken.
fn broken(file: &Path) -> Result<OpenError, OpenError> {
    match StoreReader::open(file).and_then(|reader| reader.faults()) {
        Ok(faults) => match faults.into_iter().next() {
            Some(what) => Ok(OpenError::Damaged { path: file.to_owned(), what }),
            None => Err(OpenError::Whole { path: file.to_owned() }),
        },
        Err(error) if error.broken().is_some() => Ok(error),
        Err(error) => Err(error),
    }
}

/// A table's columns with the order in which its rows lie.
const DURABLE: (&str, &str, &str, usize) = ("durable", "id", "tbl, key, value, version", 4);
const SENDER: (&str, &str, &str, usize) = ("sender", "seq", "seq, key, record", 3);

/// Copies the rows that can be read: from the beginning up to the first fault, then from the end.
fn save(
    old: &Connection,
    new: &Connection,
    (table, order, columns, count): (&str, &str, &str, usize),
) -> rusqlite::Result<u64> {
    let places = ["?1", "?2", "?3", "?4"].get(..count).unwrap_or_default().join(", ");
    let mut put = new.prepare(&format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"))?;
    let mut saved = 0;
    for direction in ["ASC", "DESC"] {
        let read = format!("SELECT {columns} FROM {table} NOT INDEXED ORDER BY {order} {direction}");
        let Ok(mut statement) = old.prepare(&read) else { continue };
        let Ok(mut rows) = statement.query([]) else { continue };
        while let Ok(Some(row)) = rows.next() {
            let values = (0..count).map(|column| row.get::<_, rusqlite::types::Value>(column));
            let Ok(values) = values.collect::<rusqlite::Result<Vec<_>>>() else { break };
            // A row of the wrong types is refused by the table; it is none that can be saved.
            saved += put.execute(rusqlite::params_from_iter(values)).map_or(0, |written| written as u64);
        }
    }
    Ok(saved)
}
