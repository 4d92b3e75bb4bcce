//! A store that breaks on purpose.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    Arrival, Commit, Listener, Points, Presence, Record, Row, Seen, SenderKey, Store, StoreError, Table, Terms,
    Version, Write,
};

/// How a [`FaultyStore`] breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The call fails and its delta is not applied.
    Fail,
    /// The call reports that its time ran out. Its delta is applied all the same, as behind a slow network.
    Stall,
    /// The delta is applied, but the answer is wrong, in turn: the answer to an earlier call, perhaps of another sender;
    /// a sender of whom nothing is known; the highest values that the types can hold.
    Lie,
    /// Deltas are kept back until there are enough of them, then applied in reverse. Answers come from what was applied.
    Reorder,
}

/// Wraps a store and breaks every nth call, to test what an embedder's gate does then. Deterministic, and never sleeps.
#[derive(Debug)]
pub struct FaultyStore<S> {
    inner: S,
    fault: Fault,
    every: u64,
    state: Mutex<State>,
    calls: AtomicU64,
}

/// What lies and reordering need to remember.
#[derive(Debug, Default)]
struct State {
    earlier: Presence,
    kept_back: Vec<Delta>,
}

/// A delta that waits to be applied.
#[derive(Clone, Copy, Debug)]
enum Delta {
    Arrive(SenderKey, Arrival, Terms),
    AddPoints(SenderKey, u64, i8, Terms),
}

impl<S: Store> FaultyStore<S> {
    /// Breaks every nth call of `inner` (each one for 1; zero is taken as 1). For [`Fault::Reorder`] `every` is how many
    /// deltas are kept back before they are applied.
    #[must_use]
    pub fn new(inner: S, fault: Fault, every: u64) -> Self {
        Self { inner, fault, every: every.max(1), state: Mutex::default(), calls: AtomicU64::new(0) }
    }

    /// The store beneath.
    #[must_use]
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    /// How many calls there were.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Applies what [`Fault::Reorder`] has kept back, the last first.
    ///
    /// # Errors
    /// The first error of the store beneath; what then still waits is lost.
    pub fn flush(&self) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.state().kept_back);
        waiting.iter().rev().try_for_each(|delta| match delta {
            Delta::Arrive(key, arrival, terms) => self.inner.arrive(key, arrival, terms).map(|_| ()),
            Delta::AddPoints(key, at, points, terms) => self.inner.add_points(key, *at, *points, terms).map(|_| ()),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of this call, where it is one to break.
    fn breaks(&self) -> Option<u64> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        call.is_multiple_of(self.every).then_some(call / self.every)
    }

    fn keep_back(&self, delta: Delta) -> Result<(), StoreError> {
        let full = {
            let mut state = self.state();
            state.kept_back.push(delta);
            state.kept_back.len() as u64 >= self.every
        };
        if full { self.flush() } else { Ok(()) }
    }

    /// A call for durable records, broken where it is its turn.
    fn durable<T>(&self, call: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        match (self.fault, self.breaks()) {
            (Fault::Fail, Some(number)) => Err(failed(number)),
            (Fault::Stall, Some(_)) => call().and(Err(StoreError::Stalled)),
            _ => call(),
        }
    }

    /// What is known of a sender, changing nothing: an arrival before all time that does not count.
    fn look(&self, key: &SenderKey, terms: &Terms) -> Result<Presence, StoreError> {
        self.inner.arrive(key, &Arrival::default(), terms)
    }
}

fn failed(call: u64) -> StoreError {
    StoreError::Failed(format!("fault number {call}, injected by a test"))
}

impl<S: Store> Store for FaultyStore<S> {
    /// Looks never break.
    fn copy(&self, key: &SenderKey) -> Result<Record, StoreError> {
        self.inner.copy(key)
    }

    fn arrive(&self, key: &SenderKey, arrival: &Arrival, terms: &Terms) -> Result<Presence, StoreError> {
        let broken = self.breaks();
        match (self.fault, broken) {
            (Fault::Fail, Some(number)) => Err(failed(number)),
            (Fault::Stall, Some(_)) => self.inner.arrive(key, arrival, terms).and(Err(StoreError::Stalled)),
            (Fault::Reorder, _) => {
                self.keep_back(Delta::Arrive(*key, *arrival, *terms))?;
                self.look(key, terms)
            }
            (Fault::Lie, broken) => {
                let truth = self.inner.arrive(key, arrival, terms)?;
                let earlier = std::mem::replace(&mut self.state().earlier, truth);
                Ok(match broken {
                    None => truth,
                    Some(number) if number % 3 == 1 => earlier,
                    Some(number) if number % 3 == 2 => Presence::default(),
                    Some(_) => {
                        let points = Points::new(Points::CAP);
                        Presence { now: u64::MAX, seen: Seen::Same, messages: u32::MAX, points }
                    }
                })
            }
            (_, None) => self.inner.arrive(key, arrival, terms),
        }
    }

    fn add_points(&self, key: &SenderKey, at: u64, points: i8, terms: &Terms) -> Result<Points, StoreError> {
        let broken = self.breaks();
        match (self.fault, broken) {
            (Fault::Fail, Some(number)) => Err(failed(number)),
            (Fault::Stall, Some(_)) => self.inner.add_points(key, at, points, terms).and(Err(StoreError::Stalled)),
            (Fault::Reorder, _) => {
                self.keep_back(Delta::AddPoints(*key, at, points, *terms))?;
                self.look(key, terms).map(|presence| presence.points)
            }
            (Fault::Lie, Some(number)) => {
                self.inner.add_points(key, at, points, terms)?;
                let earlier = self.state().earlier.points;
                Ok(match number % 3 {
                    1 => earlier,
                    2 => Points::default(),
                    _ => Points::new(Points::CAP),
                })
            }
            (_, _) => self.inner.add_points(key, at, points, terms),
        }
    }

    /// Fails or stalls as the deltas do; a durable record is never answered with a lie, since it is sealed.
    fn read(&self, table: Table, key: &[u8]) -> Result<Option<Row>, StoreError> {
        self.durable(|| self.inner.read(table, key))
    }

    fn changes(&self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError> {
        self.durable(|| self.inner.changes(table, after, most))
    }

    fn commit(&self, writes: &[Write]) -> Result<Commit, StoreError> {
        self.durable(|| self.inner.commit(writes))
    }

    fn subscribe(&self, listener: Listener) {
        self.inner.subscribe(listener);
    }

    fn flush(&self) -> Result<(), StoreError> {
        Self::flush(self)?;
        self.inner.flush()
    }
}
