//! The tables of a store's file, and how older files come to have them.

use std::fs;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::{Connection, TransactionBehavior};

use super::Place;
use super::words::open_error;
use crate::keys::sync_folder;
use crate::store::OpenError;

/// Tells a store from the databases of other programs: "SLGT".
const APPLICATION: i32 = 0x534c_4754;

/// What leads from one schema to the next; the number of a schema is how many steps led to it.
///
/// INVARIANT: a step that was released is never changed, since files have taken it.
pub(super) const STEPS: &[&str] = &[include_str!("schema-1.sql")];

/// The newest schema that this version knows.
pub(super) const KNOWN: u32 = STEPS.len() as u32;

/// Makes a new store where there is no file. It appears whole or not at all, so that a file without a byte is always a loss.
/// Where another process is faster, its file stays.
pub(super) fn create(place: &Place) -> Result<(), OpenError> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let new = place.beside(&format!(".new-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
    let _ = fs::remove_file(&new);
    let made = make(place, &new);
    let linked = made.and_then(|()| match fs::hard_link(&new, &place.file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems know no hard links.
        Err(_) if place.file.symlink_metadata().is_err() => {
            fs::rename(&new, &place.file).map_err(OpenError::io(&place.named))
        }
        Err(error) => Err(OpenError::io(&place.named)(error)),
        Ok(()) => Ok(()),
    });
    let _ = fs::remove_file(&new);
    linked?;
    sync_folder(&place.file).map_err(OpenError::io(&place.named))
}

fn make(place: &Place, new: &std::path::Path) -> Result<(), OpenError> {
    Place::create(new).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            OpenError::ReadOnly { path: place.named.clone() }
        }
        io::ErrorKind::StorageFull => OpenError::Full { path: place.named.clone() },
        _ => OpenError::io(&place.named)(error),
    })?;
    let make = || -> rusqlite::Result<()> {
        let mut connection = super::connection::connect(new, std::time::Duration::from_secs(1))?;
        connection.execute_batch("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;")?;
        climb(&mut connection, STEPS)?;
        connection.close().map_err(|(_, error)| error)
    };
    make().map_err(|error| open_error(&place.named, &error))
}

/// Looks whose file it is and of which schema, and brings an older one up to date, after a copy of it was made beside it.
pub(super) fn check(place: &Place, connection: &mut Connection) -> Result<(), OpenError> {
    check_with(place, connection, STEPS)
}

/// The schema of a file that may only be read.
pub(super) fn check_only(place: &Place, connection: &Connection) -> Result<u32, OpenError> {
    let (application, schema) = stamp(connection).map_err(|error| open_error(&place.named, &error))?;
    if application != APPLICATION {
        return Err(OpenError::Foreign { path: place.named.clone() });
    }
    match schema {
        0 => Err(OpenError::Damaged { path: place.named.clone(), what: "it has no schema".to_owned() }),
        schema if schema > KNOWN => Err(OpenError::Newer { path: place.named.clone(), found: schema, known: KNOWN }),
        schema => Ok(schema),
    }
}

pub(super) fn check_with(place: &Place, connection: &mut Connection, steps: &[&str]) -> Result<(), OpenError> {
    let known = steps.len() as u32;
    let fail = |error: rusqlite::Error| open_error(&place.named, &error);
    let (application, schema) = stamp(connection).map_err(fail)?;
    if application != APPLICATION {
        return Err(OpenError::Foreign { path: place.named.clone() });
    }
    if schema == 0 {
        return Err(OpenError::Damaged { path: place.named.clone(), what: "it has no schema".to_owned() });
    }
    if schema > known {
        return Err(OpenError::Newer { path: place.named.clone(), found: schema, known });
    }
    if schema < known {
        let copy = place.free(&format!(".before-{known}")).map_err(OpenError::io(&place.named))?;
        copy_to(connection, place, &copy)?;
        climb(connection, steps).map_err(fail)?;
    }
    Ok(())
}

/// Writes a whole copy of the store into a new file that only its owner may read.
pub(super) fn copy_to(connection: &Connection, place: &Place, copy: &std::path::Path) -> Result<(), OpenError> {
    Place::create(copy).map_err(OpenError::io(copy))?;
    let name = copy.to_str().ok_or_else(|| OpenError::Failed {
        path: place.named.clone(),
        what: "a path that is not UTF-8 cannot be copied to".to_owned(),
    })?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(|error| open_error(copy, &error))?;
    sync_folder(copy).map_err(OpenError::io(copy))
}

/// Takes the steps that the file has not taken yet, in one transaction.
fn climb(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let (_, taken) = stamp(&transaction)?;
    for step in steps.iter().skip(taken as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", (steps.len() as u32).max(taken))?;
    transaction.commit()
}

/// Whose file it is, and its schema.
pub(super) fn stamp(connection: &Connection) -> rusqlite::Result<(i32, u32)> {
    let application = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let schema: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // A negative number was never written by us; taken as a high one it is refused.
    Ok((application, schema.cast_unsigned()))
}
