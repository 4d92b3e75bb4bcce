//! The store of newer versions.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::{allowed, waiting};
use crate::import::{ImportError, Imported, MOST, source};

/// Bytes of the largest store that is opened.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// Reads `openclaw.sqlite`, without a lock and without a trace.
pub(super) fn read(path: &Path) -> Result<Imported, ImportError> {
    let not_this = |why| ImportError::NotThis { path: path.to_owned(), why };
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    if length(path) > MAX_BYTES {
        return Err(not_this("it is larger than 1 GiB"));
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push("-wal");
    // What is in there could be seen only by opening the store for writing.
    if length(Path::new(&beside)) > 0 {
        return Err(not_this("OpenClaw has not closed it (there is a `-wal` file beside it): stop OpenClaw first"));
    }
    let broken =
        |error: rusqlite::Error| ImportError::Form { path: path.to_owned(), line: None, why: error.to_string() };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let store = Connection::open_with_flags(uri(path), flags).map_err(broken)?;
    // Nothing that somebody has put into the schema is run.
    store
        .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON")
        .map_err(broken)?;

    let mut imported = Imported::default();
    let file = source::name(path);
    let mut any = false;
    for (table, columns) in [
        ("channel_pairing_allow_entries", "channel_key, account_id, entry"),
        ("channel_pairing_requests", "channel_key, account_id, request_id"),
    ] {
        // A view or a virtual table of that name would be a program of somebody else's.
        let sql: Option<String> = store
            .query_row("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?1", [table], |row| row.get(0))
            .optional()
            .map_err(broken)?;
        let plain = |sql: &String| sql.get(..13).is_some_and(|start| start.eq_ignore_ascii_case("CREATE TABLE "));
        if sql.filter(plain).is_none() {
            continue;
        }
        any = true;
        let place = format!("{file}: {table}");
        let query = format!("SELECT {columns} FROM {table} LIMIT {}", MOST + 1);
        let mut statement = store.prepare(&query).map_err(broken)?;
        let mut rows = statement.query([]).map_err(broken)?;
        while let Some(row) = rows.next().map_err(broken)? {
            let text = |column| row.get_ref(column).ok().and_then(|value| value.as_str().ok()).unwrap_or_default();
            let (channel, account, id) = (text(0), text(1), text(2));
            if channel.is_empty() || id.is_empty() || account.len() > 256 {
                imported.remark(&place, id, "a row that cannot be read");
            } else if table == "channel_pairing_requests" {
                waiting(&mut imported, &place, id);
            } else {
                allowed(&mut imported, &place, channel, Some(account), id);
            }
        }
    }
    if any { Ok(imported) } else { Err(not_this("it has no tables of pairing; is this `state/openclaw.sqlite`?")) }
}

/// The path as a URI that says that nothing changes the file meanwhile, so that SQLite neither locks it nor writes beside it.
fn uri(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri.push_str("?mode=ro&immutable=1");
    uri
}
