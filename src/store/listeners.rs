//! Who wants to hear of commits.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::durable::Listener;

/// The listeners of a store.
#[derive(Default)]
pub(super) struct Listeners(Mutex<Vec<Listener>>);

impl Listeners {
    pub(super) fn add(&self, listener: Listener) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Calls all of them, one after the other, and forgets those that want to hear no more. Who commits meanwhile waits, so
    /// every listener hears of changes in order.
    pub(super) fn call(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|listener| listener());
    }
}

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listeners(..)")
    }
}
