//! A new master key, and everything that depends on the old one carried over.
//!
//! What is made of the master key, and what becomes of it:
//!
//! | made of it | by a rotation |
//! |---|---|
//! | seals of the audit log | the chain goes on: the last record under the old key names the new one, the first under the new key holds on to it |
//! | pseudonyms in the log | a sender has another one from then on; `audit show` looks for both as long as the old key is kept |
//! | encrypted records of the store | sealed anew, each in one commit |
//! | their names, where these are keyed hashes of ids | named anew, in the same commit; without knowing how, a rotation is refused |
//! | senders' points and rates | forgotten, as after a long silence |
//! | ids of holds and answers | what is there keeps its id; the same event held again, or the same answer given again, gets another one |
//! | tokens of approvals, pairing codes that wait | are worth nothing any more: approve, or make a code, once more |
//! | the canary | there is a new one, to be put into the system prompt |
//!
//! Each step may be the last before a crash. The key file is changed first, in one step: from then on it holds the new key
//! above the old ones, which still read. [`Rotation::finish`] does what is left, and may be called at any time and again.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::audit::Lock;
use crate::audit::{self, AuditError, AuditLog, AuditSettings};
use crate::keys::{KeyError, KeyId, KeySource, Keys};
use crate::store::{self, Store, StoreError, Table};

/// Gives the name that a record has under these keys, from its table, its name until now and what it says; none where that
/// cannot be told. See [`store::Naming`].
pub type NamingUnder<'a> = &'a dyn Fn(&Keys, Table, &[u8], &[u8]) -> Option<Vec<u8>>;

/// What depends on the master key of an installation.
#[derive(Clone, Copy)]
pub struct Rotation<'a> {
    key: &'a Path,
    log: Option<&'a AuditSettings>,
    store: Option<(&'a dyn Store, NamingUnder<'a>)>,
}

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rotated {
    /// The key since.
    pub key: KeyId,
    /// The keys before that something still needs, the newest first.
    pub kept: Vec<KeyId>,
    /// The keys before that nothing needs any more. They are gone.
    pub dropped: Vec<KeyId>,
    /// So many records of the store were sealed anew.
    pub sealed: u64,
    /// Records of the store that could not be carried over.
    pub left: Vec<(Table, u64)>,
}

/// Why a rotation was not done, or not finished.
#[derive(Debug)]
#[non_exhaustive]
pub enum RotationError {
    /// The key file.
    Key(KeyError),
    /// Somebody else rotates the key just now.
    Busy {
        /// The key file.
        path: PathBuf,
    },
    /// The log. Where a gate holds it: a gate that runs has the old key in its memory, and has to be stopped.
    Audit(AuditError),
    /// The store.
    Store(StoreError),
    /// Records of the store could not be carried over, so nothing was changed.
    NotPossible {
        /// How many of which table.
        left: Vec<(Table, u64)>,
    },
}

impl<'a> Rotation<'a> {
    /// The rotation of the key in this file.
    #[must_use]
    pub const fn of(key: &'a Path) -> Self {
        Self { key, log: None, store: None }
    }

    /// With the log that the key seals.
    #[must_use]
    pub const fn log(mut self, log: &'a AuditSettings) -> Self {
        self.log = Some(log);
        self
    }

    /// With the store whose records the key encrypts, and how these are named.
    #[must_use]
    pub const fn store(mut self, store: &'a dyn Store, naming: NamingUnder<'a>) -> Self {
        self.store = Some((store, naming));
        self
    }

    /// Makes a new key of 32 random bytes, and carries everything over to it.
    ///
    /// # Errors
    /// When nothing was changed: somebody holds the log, a record could not be carried over, or the key file cannot be
    /// written. When it was interrupted: whatever the system or the store refused after the key file was changed; then
    /// [`finish`](Self::finish) does the rest.
    pub fn rotate(&self, entropy: [u8; 32]) -> Result<Rotated, RotationError> {
        let _lock = self.lock()?;
        let keys = self.keys()?;
        // Whoever holds the log would go on with the old key. It is opened with that first: what a crash left is told under
        // the key that it happened under.
        if let Some(log) = self.log {
            drop(AuditLog::open(log, &keys)?);
        }
        if let Some((store, naming)) = self.store {
            let naming = |table, name: &[u8], text: &[u8]| naming(&keys, table, name, text);
            let left = store::not_resealable(store, &keys.sealer(), &naming)?;
            if !left.is_empty() {
                return Err(RotationError::NotPossible { left });
            }
        }
        self.carry_over(&Keys::rotate_file(self.key, entropy)?, false)
    }

    /// Does what an interrupted rotation left undone, and drops the keys that nothing needs any more: those whose records the
    /// log has deleted by now, as soon as no record of the store is sealed with them.
    ///
    /// # Errors
    /// As [`rotate`](Self::rotate).
    pub fn finish(&self) -> Result<Rotated, RotationError> {
        let _lock = self.lock()?;
        self.carry_over(&self.keys()?, true)
    }

    /// INVARIANT: the key before is never dropped by the rotation that replaces it. A process that was overlooked may write
    /// under it once more, and that must stay readable.
    fn carry_over(&self, keys: &Keys, drops: bool) -> Result<Rotated, RotationError> {
        if let Some(log) = self.log {
            AuditLog::open(log, keys)?.flush()?;
        }
        let (mut sealed, mut left) = (0, Vec::new());
        if let Some((store, naming)) = self.store {
            let naming = |table, name: &[u8], text: &[u8]| naming(keys, table, name, text);
            let done = store::reseal(store, &keys.sealer(), &naming)?;
            store.flush()?;
            (sealed, left) = (done.sealed, done.left);
        }
        let needed = if drops { self.needed(keys, &left)? } else { None };
        let (mut kept, mut dropped) = (Vec::new(), Vec::new());
        for older in keys.older() {
            if needed.as_ref().is_none_or(|needed| needed.contains(&older.id())) { &mut kept } else { &mut dropped }
                .push(older.id());
        }
        if !dropped.is_empty() {
            Keys::drop_older(self.key, &dropped)?;
        }
        Ok(Rotated { key: keys.id(), kept, dropped, sealed, left })
    }

    /// The keys that the log is sealed with; none where all have to be kept: what they are needed for is not known, or not in
    /// order.
    fn needed(&self, keys: &Keys, left: &[(Table, u64)]) -> Result<Option<Vec<KeyId>>, RotationError> {
        let (Some(log), Some(_), true) = (self.log, self.store, left.is_empty()) else { return Ok(None) };
        let verified = audit::verify(&log.file, keys)?;
        Ok(verified.is_whole().then_some(verified.keys))
    }

    fn keys(&self) -> Result<Keys, RotationError> {
        Ok(Keys::load(&KeySource::File(self.key.to_owned()))?)
    }

    fn lock(&self) -> Result<Lock, RotationError> {
        let mut path = self.key.as_os_str().to_owned();
        path.push(".lock");
        let io = |error| KeyError::Io { path: self.key.to_owned(), error };
        Lock::take(Path::new(&path)).map_err(io)?.ok_or_else(|| RotationError::Busy { path: self.key.to_owned() })
    }
}

impl fmt::Debug for Rotation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rotation").field("key", &self.key).field("log", &self.log).finish_non_exhaustive()
    }
}

impl fmt::Display for RotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(error) => error.fmt(f),
            Self::Busy { path } => write!(f, "another process rotates the key {} just now", path.display()),
            Self::Audit(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::NotPossible { left } => {
                f.write_str(
                    "nothing was changed: these records of the store could not be read or named under another key: ",
                )?;
                let tables: Vec<String> =
                    left.iter().map(|(table, count)| format!("{count} of {}", table.name())).collect();
                f.write_str(&tables.join(", "))
            }
        }
    }
}

impl std::error::Error for RotationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            Self::Audit(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::Busy { .. } | Self::NotPossible { .. } => None,
        }
    }
}

impl From<KeyError> for RotationError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<AuditError> for RotationError {
    fn from(error: AuditError) -> Self {
        Self::Audit(error)
    }
}

impl From<StoreError> for RotationError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
