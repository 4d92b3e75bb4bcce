//! Policies that take too long.

use std::sync::atomic::{AtomicU32, Ordering};

/// How often in a row a set of policies was ended by its deadline, whatever the hook and the thread.
///
/// Runs alone count: an answer from the cache says nothing of how long the policies take.
#[derive(Debug, Default)]
pub(super) struct Overdue(AtomicU32);

impl Overdue {
    /// A run ended, by the deadline or by itself.
    pub(super) fn note(&self, missed: bool) {
        if missed {
            // One that saturates is not needed: billions of runs of a millisecond and more are weeks, and the set is out
            // of use after a few.
            self.0.fetch_add(1, Ordering::Relaxed);
        } else if self.0.load(Ordering::Relaxed) != 0 {
            self.0.store(0, Ordering::Relaxed);
        }
    }

    pub(super) fn in_a_row(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}
