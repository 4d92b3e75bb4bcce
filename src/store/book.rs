//! Durable records of one type, encrypted.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Commit, Expect, Store, StoreError, Table, Version, Write};
use crate::keys::Sealer;

/// How often an update is tried again when others change the same record at the same time.
const TRIES: usize = 64;

/// The records of one table, as values of one type: written as JSON, sealed for their place, kept by a [`Store`].
///
/// A record that was changed by anybody else, or that lies where it does not belong, is an error and never a value.
pub struct Book<T> {
    store: Arc<dyn Store>,
    sealer: Sealer,
    table: Table,
    of: PhantomData<fn() -> T>,
}

/// A record as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    /// What it says.
    pub value: T,
    /// The change that wrote it.
    pub version: Version,
}

/// A record that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed<T> {
    /// Its key.
    pub key: Vec<u8>,
    /// What it says now; none where it was removed.
    pub value: Option<T>,
    /// The change that wrote it.
    pub version: Version,
}

impl<T: Serialize + DeserializeOwned> Book<T> {
    /// The records of a table.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, sealer: Sealer, table: Table) -> Self {
        Self { store, sealer, table, of: PhantomData }
    }

    /// The record under a key.
    ///
    /// # Errors
    /// When the store gives no answer, or the record is [damaged](StoreError::Damaged).
    pub fn read(&self, key: &[u8]) -> Result<Option<Kept<T>>, StoreError> {
        let Some(row) = self.store.read(self.table, key)? else { return Ok(None) };
        let Some(value) = &row.value else { return Ok(None) };
        Ok(Some(Kept { value: self.open(key, value)?, version: row.version }))
    }

    /// What changed after a change, in the order of the changes, at most `most` records; all that there is after change 0.
    /// Whoever asks for more goes on from the last version, and has everything once nothing comes back.
    ///
    /// # Errors
    /// When the store gives no answer, or a record is [damaged](StoreError::Damaged).
    pub fn changes(&self, after: Version, most: usize) -> Result<Vec<Changed<T>>, StoreError> {
        let rows = self.store.changes(self.table, after, most)?;
        let open = |row: super::Row| {
            let value = self.value(&row)?;
            Ok(Changed { key: row.key, value, version: row.version })
        };
        rows.into_iter().map(open).collect()
    }

    /// Everything that there is, in the order of its last change.
    ///
    /// # Errors
    /// As [`changes`](Self::changes).
    pub fn all(&self) -> Result<Vec<Changed<T>>, StoreError> {
        const PAGE: usize = 4_096;
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let page = self.changes(after, PAGE)?;
            let Some(last) = page.last() else { return Ok(all) };
            after = last.version;
            all.extend(page.into_iter().filter(|changed| changed.value.is_some()));
        }
    }

    /// A write for [`Store::commit`], alone or together with others.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn put(&self, key: &[u8], expect: Expect, value: &T) -> Result<Write, StoreError> {
        let text = serde_json::to_vec(value).map_err(|error| StoreError::Failed(error.to_string()))?;
        let sealed = self.sealer.seal(&self.place(key), &text);
        Ok(Write { table: self.table, key: key.to_vec(), expect, value: Some(sealed) })
    }

    /// A write that removes the record.
    #[must_use]
    pub fn remove(&self, key: &[u8], expect: Expect) -> Write {
        Write { table: self.table, key: key.to_vec(), expect, value: None }
    }

    /// Changes one record as `change` says, which gets what is there and gives what shall be there, and an answer. Where
    /// somebody else was faster, it is asked again with what is there by then; so of many who try at once, each sees what
    /// those before it did.
    ///
    /// # Errors
    /// When the store gives no answer, or the record is [damaged](StoreError::Damaged).
    pub fn update<A>(
        &self,
        key: &[u8],
        mut change: impl FnMut(Option<T>) -> (Option<T>, A),
    ) -> Result<(A, Version), StoreError> {
        for _ in 0..TRIES {
            let before = self.read(key)?;
            let (expect, value) = match before {
                Some(kept) => (Expect::Version(kept.version), Some(kept.value)),
                None => (Expect::Nothing, None),
            };
            let (after, answer) = change(value);
            let write = match &after {
                Some(value) => self.put(key, expect, value)?,
                None => self.remove(key, expect),
            };
            if let Commit::Done(version) = self.store.commit(&[write])? {
                return Ok((answer, version));
            }
        }
        Err(StoreError::Failed("a record is changed by others without end".to_owned()))
    }

    /// The store that keeps them.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// What a row of this table says; none where it was removed.
    ///
    /// # Errors
    /// When the record is [damaged](StoreError::Damaged).
    pub fn value(&self, row: &super::Row) -> Result<Option<T>, StoreError> {
        row.value.as_deref().map(|value| self.open(&row.key, value)).transpose()
    }

    fn place<'a>(&self, key: &'a [u8]) -> [&'a [u8]; 2] {
        place(self.table, key)
    }

    fn open(&self, key: &[u8], sealed: &[u8]) -> Result<T, StoreError> {
        let damaged = || StoreError::Damaged { table: self.table };
        let text = self.sealer.open(&self.place(key), sealed).ok_or_else(damaged)?;
        serde_json::from_slice(&text).map_err(|_| damaged())
    }
}

/// Where a record lies, as its seal is bound to it.
pub(super) fn place(table: Table, key: &[u8]) -> [&[u8]; 2] {
    [table.name().as_bytes(), key]
}

impl<T> Clone for Book<T> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store), sealer: self.sealer.clone(), table: self.table, of: PhantomData }
    }
}

impl<T> fmt::Debug for Book<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Book({})", self.table.name())
    }
}
