//! Waiting for the store to change, without a thread for each who waits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::store::Store;

/// Rings whenever something was committed, by this process or another.
pub(super) struct Changes(Arc<watch::Sender<()>>);

impl Changes {
    pub(super) fn of(store: &Arc<dyn Store>) -> Self {
        let bell = Arc::new(watch::Sender::new(()));
        let weak = Arc::downgrade(&bell);
        store.subscribe(Box::new(move || {
            weak.upgrade().is_some_and(|bell| {
                bell.send_replace(());
                true
            })
        }));
        Self(bell)
    }

    /// Looks at once, and after every change, until something is found or so long has passed; then tells what was found last.
    /// Whoever does not want to know any more drops this, and nothing is left of it.
    pub(super) async fn wait<T, E, F>(&self, longest: Duration, look: impl Fn() -> F) -> Result<T, E>
    where
        F: Future<Output = Result<Looked<T>, E>>,
    {
        let end = Instant::now() + longest;
        let mut bell = self.0.subscribe();
        loop {
            // Marked before the look, so that nothing is missed in between.
            bell.mark_unchanged();
            match look().await? {
                Looked::Found(it) => return Ok(it),
                Looked::NotYet(it) if Instant::now() >= end || longest.is_zero() => return Ok(it),
                Looked::NotYet(_) => {}
            }
            // The bell is never gone before this is; that the time is up shows after one look more.
            let _ = timeout_at(end, bell.changed()).await;
        }
    }
}

/// What a look found.
pub(super) enum Looked<T> {
    Found(T),
    /// Not what is waited for, but what there is.
    NotYet(T),
}
