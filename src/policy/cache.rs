//! Rulings that were given before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Ruling;
use crate::facts::Facts;

/// How many rulings are kept: a power of two.
const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 10;

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
    entry: Option<(Facts, Arc<Ruling>)>,
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
    pub(super) fn get(&self, facts: &Facts) -> Option<Arc<Ruling>> {
        let mut slot = self.slot(facts)?;
        let known = match &slot.entry {
            Some((known, ruling)) if known == facts => Some(Arc::clone(ruling)),
            _ => None,
        };
        match known {
            Some(_) => slot.hits += 1,
            None => slot.misses += 1,
        }
        known
    }

    pub(super) fn put(&self, facts: Facts, ruling: Arc<Ruling>) {
        let entry = Some((facts, ruling));
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
        // Somebody who aims two sets of facts at one slot makes a policy run, as any new set of facts does.
        let index = usize::try_from(facts.fold() >> (u64::BITS - SLOT_BITS)).ok()?;
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
