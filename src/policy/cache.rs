//! Rulings that were given before.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Ruling;
use crate::facts::Facts;

/// Locks, so that threads seldom wait for each other.
const SHARDS: usize = 8;
/// Rulings kept under one lock.
const PER_SHARD: usize = 128;

/// Rulings by the facts that the policies read: at most 1,024, about half a mebibyte with the reasons shared.
///
/// It belongs to one set of policies, so a reload starts afresh. No lock is held while a policy runs.
#[derive(Debug, Default)]
pub(super) struct Cache([Mutex<HashMap<Facts, Ruling>>; SHARDS]);

impl Cache {
    pub(super) fn get(&self, facts: &Facts) -> Option<Ruling> {
        self.shard(facts)?.get(facts).cloned()
    }

    pub(super) fn put(&self, facts: Facts, ruling: &Ruling) {
        let Some(mut shard) = self.shard(&facts) else { return };
        // Starting afresh is as good as choosing a victim: a miss costs microseconds, and a stranger who tries to fill the
        // cache with rare facts gains nothing by it.
        if shard.len() >= PER_SHARD {
            shard.clear();
        }
        shard.insert(facts, ruling.clone());
    }

    fn shard(&self, facts: &Facts) -> Option<MutexGuard<'_, HashMap<Facts, Ruling>>> {
        let mut hasher = DefaultHasher::new();
        facts.hash(&mut hasher);
        let index = usize::try_from(hasher.finish() % SHARDS as u64).ok()?;
        // Nothing runs under the lock that could leave half a change behind.
        Some(self.0.get(index)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|shard| shard.lock().unwrap().len()).sum()
    }
}
