//! The last decisions, in memory: what `!logs` tells.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::event::Kind;
use crate::store::SenderKey;
use crate::verdict::Decision;

/// How many are kept.
const KEPT: usize = 64;

/// A decision as it is remembered: nothing of the event but what a log may say.
#[derive(Clone)]
pub(super) struct Decided {
    pub(super) at: u64,
    pub(super) kind: Kind,
    /// The name of the sender's record: a keyed hash.
    pub(super) sender: Option<SenderKey>,
    pub(super) decision: Decision,
    pub(super) reason: Arc<str>,
}

/// The last decisions. Each has a lock of its own, held for one copy, so checks do not wait for each other.
pub(super) struct Recent {
    slots: [Mutex<Option<(usize, Decided)>>; KEPT],
    next: AtomicUsize,
}

impl Default for Recent {
    fn default() -> Self {
        Self { slots: std::array::from_fn(|_| Mutex::default()), next: AtomicUsize::new(0) }
    }
}

impl Recent {
    pub(super) fn note(&self, decided: Decided) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if let Some(slot) = self.slots.get(number % KEPT) {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some((number, decided));
        }
    }

    /// The last `count`, the newest first.
    pub(super) fn last(&self, count: usize) -> Vec<Decided> {
        let slot = |slot: &Mutex<Option<_>>| slot.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut all: Vec<(usize, Decided)> = self.slots.iter().filter_map(slot).collect();
        all.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        all.into_iter().map(|(_, decided)| decided).take(count).collect()
    }
}
