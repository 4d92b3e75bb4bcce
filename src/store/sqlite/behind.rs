//! Two threads of a store: one writes what waits, one listens for what other processes wrote.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::core::Core;
use super::queue::Batch;
use super::words::store_error;
use super::{durable, senders};
use crate::store::StoreError;

/// How long a delta waits at most before it is written. With the time that the disk takes it stays below the bound that
/// [`SqliteStore`](super::SqliteStore) states.
const WAITS: Duration = Duration::from_millis(500);
/// How often is looked whether another process has written.
const LOOKS: Duration = Duration::from_millis(50);

/// What is said to the two threads.
pub(super) struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    stop: bool,
    /// There is something to write, or to fetch.
    wake: bool,
    /// How often somebody asked to be told when everything is written, and which of these were answered.
    asked: u64,
    done: u64,
    outcome: Result<(), StoreError>,
}

impl Signal {
    pub(super) fn new() -> Self {
        let state = State { stop: false, wake: false, asked: 0, done: 0, outcome: Ok(()) };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    pub(super) fn wake(&self) {
        self.state().wake = true;
        self.changed.notify_all();
    }

    pub(super) fn stop(&self) {
        self.state().stop = true;
        self.changed.notify_all();
    }

    /// Waits until everything is written that waited when this was called, and tells how that went.
    pub(super) fn flush(&self) -> Result<(), StoreError> {
        let mut state = self.state();
        state.asked += 1;
        let ticket = state.asked;
        self.changed.notify_all();
        while state.done < ticket {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.outcome.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a time, or until it is the last time, and says whether it is.
    fn wait_quietly(&self, time: Duration) -> bool {
        let waited = self.changed.wait_timeout_while(self.state(), time, |state| !state.stop);
        waited.unwrap_or_else(PoisonError::into_inner).0.stop
    }

    /// Waits until something is to be done, at most `time`. Says whether it is the last time, and which requests it answers.
    fn wait(&self, time: Duration, until: impl Fn(&State) -> bool) -> (bool, u64) {
        let state = self.state();
        let waited = self.changed.wait_timeout_while(state, time, |state| !state.stop && !until(state));
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.wake = false;
        (state.stop, state.asked)
    }
}

/// Writes what waits, until it is told to stop.
pub(super) fn write(core: &Arc<Core>, mut connection: Connection, seq: i64) {
    let mut writer = Writer { seq, waiting: VecDeque::new() };
    loop {
        let (stop, asked) = core.signal.wait(WAITS, |state| state.wake || state.done < state.asked);
        // A fault of ours must not leave whoever waits waiting for ever.
        let outcome = catch_unwind(AssertUnwindSafe(|| writer.round(core, &mut connection)));
        let outcome = outcome.unwrap_or_else(|_| {
            Err(StoreError::Failed("writing broke down; this is a bug, please report it".to_owned()))
        });
        let mut state = core.signal.state();
        (state.done, state.outcome) = (asked, outcome);
        drop(state);
        core.signal.changed.notify_all();
        if stop {
            return;
        }
    }
}

struct Writer {
    /// The last change of senders in the file that the memory knows of.
    seq: i64,
    /// Batches that are not in the file yet. Until they are, no others are taken, so that what waits is bounded.
    waiting: VecDeque<Batch>,
}

impl Writer {
    fn round(&mut self, core: &Core, connection: &mut Connection) -> Result<(), StoreError> {
        let fail = |error: rusqlite::Error| store_error(&core.place.named, &error);
        // What an earlier round could not write goes first, then all that waits by now.
        for fresh in [false, true] {
            if fresh {
                self.waiting.extend(core.queue.take());
            }
            while let Some(batch) = self.waiting.front() {
                core.ours()?;
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fail)?;
                core.same_schema(&transaction)?;
                let others = senders::foreign(&transaction, self.seq).map_err(fail)?;
                let written = senders::apply(&transaction, batch, &core.memory).map_err(fail)?;
                senders::prune(&transaction, core.remembered, batch.now, &batch.terms).map_err(fail)?;
                let seq = senders::seq(&transaction).map_err(fail)?;
                transaction.commit().map_err(fail)?;
                let terms = batch.terms;
                self.waiting.pop_front();
                self.seen(core, seq);
                for (key, record) in others {
                    core.bring_in(&key, written.get(&key).cloned().unwrap_or(record), &terms)?;
                }
            }
        }
        // What others wrote, where there was nothing of our own.
        let transaction = connection.transaction().map_err(fail)?;
        let seq = senders::seq(&transaction).map_err(fail)?;
        if seq > self.seq {
            let others = senders::foreign(&transaction, self.seq).map_err(fail)?;
            self.seen(core, seq);
            for (key, record) in others {
                core.bring_in(&key, record, &super::TERMS)?;
            }
        }
        Ok(())
    }

    fn seen(&mut self, core: &Core, seq: i64) {
        self.seq = seq;
        core.seq.store(seq, Ordering::Relaxed);
    }
}

/// Looks whether another process has written, and tells, until it is told to stop.
pub(super) fn listen(core: &Arc<Core>, connection: &Connection) {
    let mut last = None;
    loop {
        if core.signal.wait_quietly(LOOKS) {
            return;
        }
        // What fails here fails for whoever asks, and is told there.
        let version = connection.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0)).ok();
        if version.is_none() || version == last {
            continue;
        }
        last = version;
        if let Ok(version) = durable::version(connection)
            && core.told.fetch_max(version, Ordering::AcqRel) < version
        {
            core.listeners.call();
        }
        if senders::seq(connection).is_ok_and(|seq| seq > core.seq.load(Ordering::Relaxed)) {
            core.signal.wake();
        }
    }
}
