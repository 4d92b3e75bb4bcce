//! What was changed, by whom, on its way into the log.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::{Book, Expect, Store, StoreError, Table, Write};
use crate::keys::Sealer;

/// About how many deeds are handed over at a time.
const PAGE: usize = 1_024;

/// One change of durable state: what the owner, or the gate in the owner's name, has done.
///
/// Names and ids stand here as they are, since the store seals them; the log gets pseudonyms of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Deed {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// What was done, in one word of the log, such as `approved`.
    pub what: String,
    /// Who did it.
    pub by: Actor,
    /// Whom it was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whom: Option<Person>,
    /// More of it that is not private: numbers, ids of holds, names of settings. It stands in the log as it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, String>,
}

/// Who changes durable state, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Actor {
    /// Somebody with the owner's secret, by the command line.
    OwnerAtTerminal,
    /// A sender of owner standing, in a direct chat.
    OwnerInChat(Person),
    /// A client of the sidecar, by the name of its token.
    Client {
        /// The token's name.
        token: String,
    },
    /// The gate itself, such as when time is up.
    Gate,
    /// Somebody at the command line, for what needs no secret, such as closing the gate.
    Terminal,
}

/// A person on a channel, as written in a [`Deed`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// The channel, in its one spelling.
    pub channel: String,
    /// The gateway's account; the empty string where there is none.
    #[serde(default)]
    pub account: String,
    /// The id in its normal form.
    pub id: String,
}

impl Deed {
    /// What was done at a time, by somebody.
    #[must_use]
    pub fn new(at: u64, what: &str, by: Actor) -> Self {
        Self { at, what: what.to_owned(), by, whom: None, with: BTreeMap::new() }
    }

    /// To whom.
    #[must_use]
    pub fn to(mut self, whom: Person) -> Self {
        self.whom = Some(whom);
        self
    }

    /// With what. Nothing private: it stands in the log as it is.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.with.insert(key.to_owned(), value.into());
        self
    }
}

/// Deeds that are not in the log yet.
///
/// INVARIANT: a deed is part of the commit that does it, so neither is there without the other. Whoever holds the log takes
/// deeds over and removes them once the log has them on the disk; a crash in between writes one twice, and loses none.
#[derive(Clone, Debug)]
pub struct Journal {
    book: Book<Deed>,
    names: Arc<Names>,
}

#[derive(Debug, Default)]
struct Names {
    random: RandomState,
    count: AtomicU64,
}

impl Journal {
    /// The journal in a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, sealer: Sealer) -> Self {
        Self { book: Book::new(store, sealer, Table::Journal), names: Arc::default() }
    }

    /// The write that belongs into the commit of the deed.
    ///
    /// # Errors
    /// When the deed cannot be written as JSON.
    pub fn note(&self, deed: &Deed) -> Result<Write, StoreError> {
        // A name that no other process gives: the seeds differ from one to the next.
        let count = self.names.count.fetch_add(1, Ordering::Relaxed);
        let name = [self.names.random.hash_one(count), self.names.random.hash_one((count, deed.at))];
        let key: Vec<u8> = name.iter().flat_map(|half| half.to_le_bytes()).collect();
        self.book.put(&key, Expect::Nothing, deed)
    }

    /// Hands the deeds that wait to `write`, in the order in which they were done and at most some thousand at a time, and
    /// removes them once it says that they are on the disk. Goes on until none is left, or `write` says no. Tells how many
    /// there were.
    ///
    /// A deed that cannot be read stays where it is, and keeps none after it from being handed over.
    ///
    /// # Errors
    /// When the store gives no answer; or once all others are handed over, when a deed is damaged.
    pub fn hand_over(&self, mut write: impl FnMut(&[Noted]) -> bool) -> Result<usize, StoreError> {
        let (mut after, mut count, mut damaged) = (0, 0, None);
        loop {
            let rows = self.book.store().changes(Table::Journal, after, PAGE)?;
            let Some(last) = rows.last() else { break };
            after = last.version;
            let mut waiting = Vec::with_capacity(rows.len());
            for row in rows {
                match self.book.value(&row) {
                    Ok(Some(deed)) => waiting.push(Noted { key: row.key, deed }),
                    Ok(None) => {}
                    Err(error) => damaged = Some(error),
                }
            }
            if waiting.is_empty() {
                continue;
            }
            if !write(&waiting) {
                return Ok(count);
            }
            for done in waiting.chunks(super::MAX_WRITES) {
                let gone: Vec<Write> = done.iter().map(|done| self.book.remove(&done.key, Expect::Anything)).collect();
                let _: super::Commit = self.book.store().commit(&gone)?;
            }
            count += waiting.len();
        }
        damaged.map_or(Ok(count), Err)
    }

    /// Whether no deed waits.
    ///
    /// # Errors
    /// When the store gives no answer.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.book.store().changes(Table::Journal, 0, PAGE)?.iter().all(|row| row.value.is_none()))
    }

    /// The store that keeps them.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        self.book.store()
    }
}

/// A deed that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Noted {
    /// Its key in the journal, which no other deed has.
    pub key: Vec<u8>,
    /// What was done.
    pub deed: Deed,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keys;
    use crate::store::MemoryStore;

    #[test]
    fn deeds_are_handed_over_in_order_and_once() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let sealer = Keys::new(std::array::from_fn(|index| index as u8)).unwrap().sealer();
        let journal = Journal::new(Arc::clone(&store), sealer);
        for number in 0..5_000_u64 {
            let deed = Deed::new(number, "approved", Actor::OwnerAtTerminal);
            let _ = store.commit(&[journal.note(&deed).unwrap()]).unwrap();
        }
        assert_eq!(journal.hand_over(|_| false), Ok(0), "the log did not take them");
        let mut seen = Vec::new();
        let count = journal.hand_over(|deeds| {
            seen.extend(deeds.iter().map(|noted| noted.deed.at));
            true
        });
        assert_eq!(count, Ok(5_000));
        assert_eq!(seen, (0..5_000).collect::<Vec<_>>());
        assert_eq!(journal.hand_over(|_| true), Ok(0));
    }

    /// Whoever can write into the file could stop the log otherwise, by one byte.
    #[test]
    fn a_damaged_deed_is_told_and_stays_and_keeps_none_back() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let sealer = Keys::new(std::array::from_fn(|index| index as u8)).unwrap().sealer();
        let journal = Journal::new(Arc::clone(&store), sealer);
        for number in 0..3_u64 {
            let mut write = journal.note(&Deed::new(number, "approved", Actor::Gate)).unwrap();
            if number == 1 {
                write.value.as_mut().unwrap()[20] ^= 1;
            }
            let _ = store.commit(&[write]).unwrap();
        }
        let mut seen = Vec::new();
        for _ in 0..2 {
            let told = journal.hand_over(|deeds| {
                seen.extend(deeds.iter().map(|noted| noted.deed.at));
                true
            });
            assert_eq!(told, Err(StoreError::Damaged { table: Table::Journal }));
        }
        assert_eq!(seen, [0, 2]);
    }
}
