//! What SQLite says, in the words of a store.

use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::store::{OpenError, StoreError};

/// Why a file could not be opened.
pub(super) fn open_error(path: &Path, error: &Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotADatabase { path },
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Damaged { path, what: short(error) },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            OpenError::Locked { path }
        }
        // A folder that takes no files keeps SQLite from making its log.
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => OpenError::ReadOnly { path },
        Some(ErrorCode::DiskFull) => OpenError::Full { path },
        // A file that is shorter than its first page says.
        Some(ErrorCode::SystemIoFailure) if is_short(error) => OpenError::Damaged { path, what: short(error) },
        _ => OpenError::Failed { path, what: short(error) },
    }
}

/// Why a call gave no answer; nothing of it was done.
pub(super) fn store_error(path: &Path, error: &Error) -> StoreError {
    let path = path.display();
    StoreError::Failed(match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("{path} is locked by another process for too long; nothing was changed (`fuser {path}` names it)")
        }
        Some(ErrorCode::DiskFull) => format!("{path}: the disk is full, nothing was changed; make room"),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            format!("{path} cannot be written any more: the file, its folder and its disk must be writable")
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => format!(
            "{path} is damaged ({}): put a copy of it back, or stop every gateway that uses it and run `sluicegate store recover`",
            short(error)
        ),
        _ => format!("{path}: {}", short(error)),
    })
}

/// Why a commit may or may not have been done: the disk failed while it was made durable.
pub(super) fn commit_error(path: &Path, error: &Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::SystemIoFailure) => StoreError::Uncertain(format!("{}: {}", path.display(), short(error))),
        _ => store_error(path, error),
    }
}

fn is_short(error: &Error) -> bool {
    matches!(error, Error::SqliteFailure(code, _) if code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ)
}

/// In one line, without our own statement, which rusqlite would add.
fn short(error: &Error) -> String {
    match error {
        Error::SqliteFailure(_, Some(text)) => text.clone(),
        Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}
