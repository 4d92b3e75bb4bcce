//! Rulings that were given before.

use std::hash::{Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Ruling;
use crate::facts::Facts;

/// How many rulings are kept.
const SLOTS: usize = 1024;

/// Rulings by the facts that the policies read: at most 1,024, about half a mebibyte.
///
/// Every set of facts has one slot, and a newcomer takes it over: a miss costs microseconds, and a stranger who tries to
/// fill the cache with rare facts gains nothing by it. The cache belongs to one set of policies, so a reload starts afresh.
/// No lock is held while a policy runs, and two events wait for each other only where they share a slot.
///
/// INVARIANT: a ruling is given only for facts that are equal, value by value, to those it was made for; the hash only
/// chooses the slot.
pub(super) struct Cache(Box<[Mutex<Slot>]>);

#[derive(Default)]
struct Slot {
    entry: Option<Box<(Facts, Ruling)>>,
    /// Counted under the lock that is taken anyway: a counter for all slots would be fetched from processor to processor.
    hits: u64,
    misses: u64,
}

/// How often an answer was known already, since the policies were loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Questions that were answered from the cache.
    pub hits: u64,
    /// Questions for which the policies ran.
    pub misses: u64,
}

impl CacheStats {
    /// The part of the questions that was answered from the cache, 0 to 1; 0 where nothing was asked.
    #[must_use]
    pub fn rate(&self) -> f64 {
        match self.hits.saturating_add(self.misses) {
            0 => 0.0,
            asked => self.hits as f64 / asked as f64,
        }
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self((0..SLOTS).map(|_| Mutex::default()).collect())
    }
}

impl Cache {
    pub(super) fn get(&self, facts: &Facts) -> Option<Ruling> {
        let mut slot = self.slot(facts)?;
        let known = match slot.entry.as_deref() {
            Some((known, ruling)) if known == facts => Some(ruling.clone()),
            _ => None,
        };
        match known {
            Some(_) => slot.hits += 1,
            None => slot.misses += 1,
        }
        known
    }

    pub(super) fn put(&self, facts: Facts, ruling: &Ruling) {
        let entry = Some(Box::new((facts, ruling.clone())));
        let before = self.slot(&facts).map(|mut slot| std::mem::replace(&mut slot.entry, entry));
        // Freed when the lock is gone.
        drop(before);
    }

    /// Adds up what the slots counted. Takes each lock once: some microseconds.
    pub(super) fn stats(&self) -> CacheStats {
        self.0.iter().map(locked).fold(CacheStats::default(), |sum, slot| CacheStats {
            hits: sum.hits + slot.hits,
            misses: sum.misses + slot.misses,
        })
    }

    fn slot(&self, facts: &Facts) -> Option<MutexGuard<'_, Slot>> {
        let mut hasher = Fold(MIX);
        facts.hash(&mut hasher);
        let index = usize::try_from(hasher.finish() % SLOTS as u64).ok()?;
        self.0.get(index).map(locked)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.iter().filter(|slot| locked(slot).entry.is_some()).count()
    }
}

fn locked(slot: &Mutex<Slot>) -> MutexGuard<'_, Slot> {
    // Nothing runs under the lock that could leave half a change behind.
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A hash for choosing a slot: cheap, and without a secret. Somebody who aims two sets of facts at one slot
/// makes a policy run, as any new set of facts does.
struct Fold(u64);

/// An odd number whose bits look like chance: 2^64 by the golden ratio.
const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

impl Fold {
    fn word(&mut self, word: u64) {
        // Both halves of a long product, so that every bit of the word reaches the low ones.
        let product = u128::from(self.0 ^ word) * u128::from(MIX);
        let (low, high) = (product as u64, (product >> 64) as u64);
        self.0 = low ^ high;
    }
}

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.word(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.word(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, value: u8) {
        self.word(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.word(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.word(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.word(value.cast_unsigned() as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
