//! The head of a log: which record is the last, and where the log begins.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::chain::{ChainKeys, Link, Rank, Ring, seal};
use super::line::is_key_id;
use super::paths::{Paths, private};

/// A head has some 200 bytes; what is longer than this is none.
const MAX_BYTES: u64 = 4096;

/// What the head says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// The record before the first one that is still kept.
    pub(super) from: Link,
    /// The last record.
    pub(super) last: Link,
}

/// What was found in place of the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Missing,
    Damaged,
    OtherKey(String),
    /// With the age of the key that sealed it.
    Ours(Head, Rank),
}

#[derive(Serialize, Deserialize)]
struct Form {
    v: u8,
    key: String,
    from: Link,
    last: Link,
}

impl Head {
    /// Reads the head, and checks its seal.
    pub(super) fn read(path: &Path, ring: &Ring) -> io::Result<Found> {
        let file = match fs::File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Missing),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut bytes)?;
        let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let Ok(form) = serde_json::from_slice::<Form>(line) else { return Ok(Found::Damaged) };
        Ok(if let Some((rank, _)) = ring.unseal_head(line) {
            Found::Ours(Self { from: form.from, last: form.last }, rank)
        } else if is_key_id(&form.key) && !ring.knows(&form.key) {
            Found::OtherKey(form.key)
        } else {
            Found::Damaged
        })
    }

    /// Puts this head in the place of the old one, which stays whole until the new one is on the disk.
    pub(super) fn write(&self, paths: &Paths, keys: &ChainKeys) -> io::Result<()> {
        let form = Form { v: 1, key: keys.id.to_string(), from: self.from, last: self.last };
        let mut line = Vec::new();
        seal(&keys.head, &serde_json::to_vec(&form)?, &mut line);
        let beside = paths.beside(".head.new");
        let mut file = private().create(true).truncate(true).open(&beside)?;
        file.write_all(&line)?;
        file.sync_data()?;
        fs::rename(beside, paths.head())
    }
}
