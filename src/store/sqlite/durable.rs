//! Durable records in the file.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::store::durable::{Commit, Expect, Row, Table, Version, Write};

/// How many removed records a table still tells of, before the oldest of them are forgotten.
const REMOVED: u32 = 4_096;

/// The record under a key.
pub(super) fn read(connection: &Connection, table: Table, key: &[u8]) -> rusqlite::Result<Option<Row>> {
    let mut statement = connection.prepare("SELECT key, value, version FROM durable WHERE tbl = ?1 AND key = ?2")?;
    statement.query_row(params![number(table), key], row).optional()
}

/// What changed after a change; commits are never taken apart.
pub(super) fn changes(
    connection: &Connection,
    table: Table,
    after: Version,
    most: usize,
) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection
        .prepare("SELECT key, value, version FROM durable WHERE tbl = ?1 AND version > ?2 ORDER BY version, key")?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut found = statement.query(params![number(table), after])?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(next) = found.next()? {
        let next = row(next)?;
        if rows.len() >= most.max(1) && rows.last().is_some_and(|last| last.version != next.version) {
            break;
        }
        rows.push(next);
    }
    Ok(rows)
}

/// Does all writes within a transaction, or none where something is not as expected.
pub(super) fn commit(transaction: &Transaction<'_>, writes: &[Write]) -> rusqlite::Result<Commit> {
    let mut look =
        transaction.prepare("SELECT version FROM durable WHERE tbl = ?1 AND key = ?2 AND value IS NOT NULL")?;
    for write in writes {
        let found = |look: &mut rusqlite::Statement<'_>| {
            look.query_row(params![number(write.table), write.key], |row| row.get::<_, i64>(0)).optional()
        };
        let as_expected = match write.expect {
            Expect::Anything => true,
            Expect::Nothing => found(&mut look)?.is_none(),
            Expect::Version(version) => found(&mut look)?.map(i64::cast_unsigned) == Some(version),
        };
        if !as_expected {
            return Ok(Commit::Conflict);
        }
    }
    let version: i64 =
        transaction.query_row("UPDATE counter SET version = version + 1 RETURNING version", [], |row| row.get(0))?;
    let mut put = transaction.prepare(
        "INSERT INTO durable (tbl, key, value, version) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (tbl, key) DO UPDATE SET value = excluded.value, version = excluded.version",
    )?;
    for write in writes {
        put.execute(params![number(write.table), write.key, write.value, version])?;
    }
    for table in Table::ALL {
        if writes.iter().any(|write| write.table == table && write.value.is_none()) {
            // From the newest removed record that there is no room for; commits are forgotten whole.
            transaction.execute(
                "DELETE FROM durable WHERE tbl = ?1 AND value IS NULL AND version <= (
                     SELECT version FROM durable WHERE tbl = ?1 AND value IS NULL
                     ORDER BY version DESC LIMIT 1 OFFSET ?2)",
                params![number(table), REMOVED],
            )?;
        }
    }
    Ok(Commit::Done(version.cast_unsigned()))
}

/// The number of the last change.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<Version> {
    connection.query_row("SELECT version FROM counter", [], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned)
}

/// A table as files name it.
pub(super) const fn number(table: Table) -> u8 {
    table as u8
}

/// A row of `key, value, version`.
pub(super) fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row { key: row.get(0)?, value: row.get(1)?, version: row.get::<_, i64>(2)?.cast_unsigned() })
}
