//! Senders' records in the file.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::hash::Hasher as _;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use siphasher::sip::SipHasher13;

use super::TERMS;
use super::queue::{Batch, Delta};
use crate::store::{MemoryStore, Record, SenderKey, Store as _, StoreError, Terms};

/// Bytes of the check in front of a record, which tells a flipped bit.
const CHECK: usize = 4;
/// The most senders that are forgotten at once, so that nobody waits long for the file.
const FORGOTTEN: i64 = 4_096;

/// A record as a row of the file.
fn to_row(key: &SenderKey, record: &Record) -> Vec<u8> {
    let bytes = record.to_bytes();
    [&check(key, &bytes), bytes.as_slice()].concat()
}

/// The record of a row; none where the row is not as it was written.
fn from_row(key: &SenderKey, row: &[u8]) -> Option<Record> {
    let (written, bytes) = row.split_first_chunk::<CHECK>()?;
    if *written != check(key, bytes) {
        return None;
    }
    Record::from_bytes(bytes)
}

/// Against accidents, so its key is no secret. Bound to the sender, so that no row passes for another's.
fn check(key: &SenderKey, bytes: &[u8]) -> [u8; CHECK] {
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    hasher.write(key.as_bytes());
    hasher.write(bytes);
    (hasher.finish() as u32).to_le_bytes()
}

fn damaged() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(code, Some("a sender's record is not as it was written".to_owned()))
}

/// What stands in one row.
type Found = (i64, SenderKey, Record);

fn found(row: &rusqlite::Row<'_>) -> rusqlite::Result<Found> {
    let key = SenderKey::from(row.get::<_, [u8; 16]>(1)?);
    let record = from_row(&key, row.get_ref(2)?.as_blob().map_err(|_| damaged())?).ok_or_else(damaged)?;
    Ok((row.get(0)?, key, record))
}

/// The number of the last change of senders.
pub(super) fn seq(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT seq FROM counter", [], |row| row.get(0))
}

/// Calls `visit` with the senders that changed last, at most `most` of them, in the order of their last change.
pub(super) fn visit(
    connection: &Connection,
    most: usize,
    mut visit: impl FnMut(SenderKey, Record) -> Result<(), StoreError>,
) -> rusqlite::Result<Result<(), StoreError>> {
    let skipped = "SELECT seq FROM sender ORDER BY seq DESC LIMIT 1 OFFSET ?1";
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let after: i64 = connection.query_row(skipped, [most], |row| row.get(0)).optional()?.unwrap_or(0);
    let mut statement = connection.prepare("SELECT seq, key, record FROM sender WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = statement.query([after])?;
    while let Some(row) = rows.next()? {
        let (_, key, record) = found(row)?;
        if let Err(error) = visit(key, record) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// Brings the senders into memory, those that changed last at most, and tells the number of the last change.
pub(super) fn load(connection: &Connection, memory: &MemoryStore, most: usize) -> rusqlite::Result<i64> {
    // One moment of the file, whatever is written meanwhile.
    let transaction = connection.unchecked_transaction()?;
    let seq = seq(&transaction)?;
    visit(&transaction, most, |key, record| {
        let now = record.clock();
        memory.put(&key, record, now, &TERMS)
    })?
    .map_err(|_| damaged())?;
    Ok(seq)
}

/// What other processes have written since the change `after`.
pub(super) fn foreign(connection: &Connection, after: i64) -> rusqlite::Result<BTreeMap<SenderKey, Record>> {
    let mut statement = connection.prepare("SELECT seq, key, record FROM sender WHERE seq > ?1")?;
    let mut rows = statement.query([after])?;
    let mut others = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (_, key, record) = found(row)?;
        others.insert(key, record);
    }
    Ok(others)
}

/// Applies deltas to the rows of their senders, and tells each record that came of it.
///
/// A sender whose deltas did not fit into the queue gets the record of the memory joined to the row, which holds them.
pub(super) fn apply(
    transaction: &Transaction<'_>,
    batch: &Batch,
    memory: &MemoryStore,
) -> rusqlite::Result<BTreeMap<SenderKey, Record>> {
    let mut look = transaction.prepare("SELECT seq, key, record FROM sender WHERE key = ?1")?;
    let mut put = transaction.prepare(
        "INSERT INTO sender (seq, key, record) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, record = excluded.record",
    )?;
    let (mut last, mut newcomers, mut written) = (seq(transaction)?, 0_i64, BTreeMap::new());
    let nothing: &[Delta] = &[];
    let over = batch.over.iter().filter(|key| !batch.deltas.contains_key(key)).map(|key| (key, nothing));
    for (key, deltas) in batch.deltas.iter().map(|(key, deltas)| (key, deltas.as_slice())).chain(over) {
        let known = look.query_row([key.as_bytes()], found).optional()?;
        newcomers += i64::from(known.is_none());
        let mut record = known.map(|(_, _, record)| record).unwrap_or_default();
        deltas.iter().for_each(|delta| delta.apply(&mut record));
        if batch.over.contains(key)
            && let Ok(current) = memory.copy(key)
        {
            record = record.joined(&current, &batch.terms);
        }
        last += 1;
        put.execute(params![last, key.as_bytes(), to_row(key, &record)])?;
        written.insert(*key, record);
    }
    transaction.execute("UPDATE counter SET seq = ?1, senders = senders + ?2", [last, newcomers])?;
    Ok(written)
}

/// Joins records to the rows of their senders, as an import brings them.
pub(super) fn join(
    transaction: &Transaction<'_>,
    records: &[(SenderKey, Record)],
    terms: &Terms,
) -> rusqlite::Result<()> {
    let memory = MemoryStore::new(records.len());
    for (key, record) in records {
        // A copy that has no room here is joined as soon as it is met.
        memory.put(key, record.clone(), record.clock(), terms).map_err(|_| damaged())?;
        let one = Batch { over: [*key].into(), terms: *terms, ..Batch::default() };
        apply(transaction, &one, &memory)?;
    }
    Ok(())
}

/// Forgets senders beyond `most`, by the rule of [`MemoryStore`] among those that changed the longest ago: the fewest points
/// first, then whose last event is the furthest from `now`.
pub(super) fn prune(transaction: &Transaction<'_>, most: usize, now: u64, terms: &Terms) -> rusqlite::Result<()> {
    let count: i64 = transaction.query_row("SELECT senders FROM counter", [], |row| row.get(0))?;
    let excess = count.saturating_sub(i64::try_from(most).unwrap_or(i64::MAX)).min(FORGOTTEN);
    if excess <= 0 {
        return Ok(());
    }
    let mut statement = transaction.prepare("SELECT seq, key, record FROM sender ORDER BY seq LIMIT ?1")?;
    let candidates: rusqlite::Result<Vec<Found>> = statement.query_map([excess * 2 + 64], found)?.collect();
    let mut candidates = candidates?;
    candidates.sort_by_key(|(_, _, record)| (record.points(now, terms), Reverse(record.distance(now))));
    let mut forget = transaction.prepare("DELETE FROM sender WHERE seq = ?1")?;
    let mut gone = 0_i64;
    for (seq, ..) in candidates.iter().take(usize::try_from(excess).unwrap_or_default()) {
        gone += i64::from(forget.execute([seq])? > 0);
    }
    transaction.execute("UPDATE counter SET senders = senders - ?1", [gone])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_or_another_senders_row_is_told() {
        let (key, other) = (SenderKey::from([7; 16]), SenderKey::from([8; 16]));
        let mut record = Record::default();
        record.add_points(1_764_000_000_000, 8, &Terms { window_ms: 1, half_life_ms: 1 });
        let row = to_row(&key, &record);
        assert_eq!(from_row(&key, &row), Some(record));
        assert_eq!(from_row(&other, &row), None);
        for bit in 0..row.len() * 8 {
            let mut flipped = row.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(from_row(&key, &flipped), None, "bit {bit}");
        }
    }
}
