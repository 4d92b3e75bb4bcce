//! Waiting for the store to change, without a thread for each who waits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::store::Store;

/// Rings whenever something was committed, by this process or another.
pub(super) struct Changes {
    bell: Arc<watch::Sender<()>>,
    stopped: watch::Receiver<bool>,
}

impl Changes {
    /// `stopped` is true once nobody is to wait any more.
    pub(super) fn of(store: &Arc<dyn Store>, stopped: watch::Receiver<bool>) -> Self {
        let bell = Arc::new(watch::Sender::new(()));
        let weak = Arc::downgrade(&bell);
        store.subscribe(Box::new(move || {
            weak.upgrade().is_some_and(|bell| {
                bell.send_replace(());
                true
            })
        }));
        Self { bell, stopped }
    }

    /// Looks at once, and after every change, until something is found or so long has passed; then tells what was found last.
    /// Whoever does not want to know any more drops this, and nothing is left of it.
    pub(super) async fn wait<T, E, F>(&self, longest: Duration, look: impl Fn() -> F) -> Result<T, E>
    where
        F: Future<Output = Result<Looked<T>, E>>,
    {
        let mut end = Instant::now() + longest;
        let (mut bell, mut stopped) = (self.bell.subscribe(), self.stopped.clone());
        loop {
            // Marked before the look, so that nothing is missed in between.
            bell.mark_unchanged();
            match look().await? {
                Looked::Found(it) => return Ok(it),
                Looked::NotYet(it, _) if Instant::now() >= end => return Ok(it),
                Looked::NotYet(_, changes_in) => {
                    let next = changes_in.map_or(end, |changes_in| end.min(Instant::now() + changes_in));
                    tokio::select! {
                        // The bell is never gone before this is; that the time is up shows after one look more.
                        _ = timeout_at(next, bell.changed()) => {}
                        _ = stopped.wait_for(|stopped| *stopped) => end = Instant::now(),
                    }
                }
            }
        }
    }
}

/// What a look found.
pub(super) enum Looked<T> {
    Found(T),
    /// Not what is waited for, but what there is; and when it will be something else by itself, if it will.
    NotYet(T, Option<Duration>),
}
