//! A connection, set up the same way everywhere.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// `synchronous=FULL`: a commit is on the disk when it returns, also with a write-ahead log. `fullfsync` is the same where
/// the system's own call does not wait for the disk (macOS). The log is cut back to 16 MiB after it was longer.
/// Half a megabyte of pages is enough: what checks need is in memory anyway.
const SETTINGS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA journal_size_limit = 16777216;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -512;
";

/// Connects to a file of which is known that it is damaged, to save what can be read, and changes nothing in it.
pub(super) fn connect_to_damaged(file: &Path, wait: Duration) -> rusqlite::Result<Connection> {
    let connection = open(file)?;
    connection.busy_timeout(wait)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // INVARIANT: this comes before all that reads the file. With it, SQLite looks at a file that is shorter than its first
    // page says; without it, at none of its pages.
    connection.execute_batch("PRAGMA writable_schema = ON; PRAGMA query_only = ON; PRAGMA cell_size_check = ON;")?;
    Ok(connection)
}

/// Connects to a file that is there. A call waits at most `wait` for another process.
pub(super) fn connect(file: &Path, wait: Duration) -> rusqlite::Result<Connection> {
    let connection = open(file)?;
    connection.busy_timeout(wait)?;
    // A damaged or hostile file shall not reach further than its own pages.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    Connection::open_with_flags(file, flags)
}
