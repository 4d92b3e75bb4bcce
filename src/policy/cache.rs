//! Rulings that were given before.

use std::hash::{DefaultHasher, Hash, Hasher};
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
pub(super) struct Cache(Box<[Mutex<Slot>]>);

type Slot = Option<Box<(Facts, Ruling)>>;

impl Default for Cache {
    fn default() -> Self {
        Self((0..SLOTS).map(|_| Mutex::default()).collect())
    }
}

impl Cache {
    pub(super) fn get(&self, facts: &Facts) -> Option<Ruling> {
        match self.slot(facts)?.as_deref() {
            Some((known, ruling)) if known == facts => Some(ruling.clone()),
            _ => None,
        }
    }

    pub(super) fn put(&self, facts: Facts, ruling: &Ruling) {
        let entry = Some(Box::new((facts, ruling.clone())));
        if let Some(mut slot) = self.slot(&facts) {
            *slot = entry;
        }
    }

    fn slot(&self, facts: &Facts) -> Option<MutexGuard<'_, Slot>> {
        let mut hasher = DefaultHasher::new();
        facts.hash(&mut hasher);
        let index = usize::try_from(hasher.finish() % SLOTS as u64).ok()?;
        // Nothing runs under the lock that could leave half a change behind.
        Some(self.0.get(index)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.iter().filter(|slot| slot.lock().unwrap().is_some()).count()
    }
}
