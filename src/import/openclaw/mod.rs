//! OpenClaw: whom its pairing has let in.

mod files;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::{ImportError, Imported};
use crate::sender::Listing;

/// The first bytes of a SQLite file.
const SQLITE: &[u8; 16] = b"SQLite format 3\0";

/// Reads `openclaw.sqlite`, the folder `credentials`, or one file of it.
pub(super) fn read(path: &Path) -> Result<Imported, ImportError> {
    let io = |error| ImportError::Io { path: path.to_owned(), error };
    let metadata = std::fs::metadata(path).map_err(io)?;
    if metadata.is_dir() {
        return files::folder(path);
    }
    if !metadata.is_file() {
        return Err(ImportError::NotThis { path: path.to_owned(), why: "this is no file" });
    }
    let mut first = Vec::new();
    File::open(path).map_err(io)?.take(SQLITE.len() as u64).read_to_end(&mut first).map_err(io)?;
    if first != SQLITE {
        return files::file(path);
    }
    #[cfg(feature = "sqlite")]
    return sqlite::read(path);
    #[cfg(not(feature = "sqlite"))]
    Err(ImportError::NotThis { path: path.to_owned(), why: "this build has no SQLite (feature `sqlite`)" })
}

/// One entry of an allow list.
fn allowed(imported: &mut Imported, place: &str, channel: &str, account: Option<&str>, entry: &str) {
    let entry = entry.trim();
    if entry.contains('*') {
        let why =
            "let everybody in; nobody is approved for it: approve people, or see `[dm]` of the settings for open chats";
        imported.remark(place, entry, why);
    } else if entry.starts_with("accessGroup:") {
        imported.remark(
            place,
            entry,
            "a group of people that stands in OpenClaw's settings; approve its members by hand",
        );
    } else {
        // Some entries have the channel in front.
        let own = entry.split_once(':').filter(|(before, _)| before.eq_ignore_ascii_case(channel));
        imported.person(place, channel, account, own.map_or(entry, |(_, id)| id), Listing::Approved);
    }
}

/// A request that waited when the store was left.
fn waiting(imported: &mut Imported, place: &str, id: &str) {
    imported.remark(place, id, "had asked to be let in: not approved; make a code with `sluicegate pair new`");
}
