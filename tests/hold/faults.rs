//! A store that fails at each step.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use sluicegate::gate::Release;
use sluicegate::hold::{HoldError, State};
use sluicegate::store::{
    Arrival, Commit, Fault, Listener, MemoryStore, Points, Presence, Record, Row, SenderKey, Store, StoreError, Table,
    Terms, Version, Write,
};
use sluicegate::verdict::Severity;
use sluicegate::{Decision, Event, Gate};

use super::support::{ASKS, NOW, OWNER, call, settings, with};

/// Tries until the store gives an answer, as somebody at a terminal would; none where it breaks at the same place each time.
fn insist<T>(mut work: impl FnMut() -> Result<T, HoldError>) -> Option<Result<T, HoldError>> {
    (0..100).find_map(|_| match work() {
        Err(HoldError::Store(_)) => None,
        other => Some(other),
    })
}

/// A store that breaks every nth call, from the moment on that it is told to: a gate is built while it works.
struct Breaks {
    inner: MemoryStore,
    fault: Fault,
    every: u64,
    calls: AtomicU64,
    on: AtomicBool,
}

impl Breaks {
    fn call<T>(&self, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.on.load(Ordering::Relaxed) || !number.is_multiple_of(self.every) {
            return work();
        }
        match self.fault {
            Fault::Stall => work().and(Err(StoreError::Stalled)),
            _ => Err(StoreError::Failed("injected by a test".to_owned())),
        }
    }
}

impl Store for Breaks {
    fn arrive(&self, key: &SenderKey, arrival: &Arrival, terms: &Terms) -> Result<Presence, StoreError> {
        self.call(|| self.inner.arrive(key, arrival, terms))
    }

    fn copy(&self, key: &SenderKey) -> Result<Record, StoreError> {
        self.call(|| self.inner.copy(key))
    }

    fn add_points(&self, key: &SenderKey, at: u64, points: i8, terms: &Terms) -> Result<Points, StoreError> {
        self.call(|| self.inner.add_points(key, at, points, terms))
    }

    fn read(&self, table: Table, key: &[u8]) -> Result<Option<Row>, StoreError> {
        self.call(|| self.inner.read(table, key))
    }

    fn changes(&self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError> {
        self.call(|| self.inner.changes(table, after, most))
    }

    fn commit(&self, writes: &[Write]) -> Result<Commit, StoreError> {
        self.call(|| self.inner.commit(writes))
    }

    fn subscribe(&self, listener: Listener) {
        self.inner.subscribe(listener);
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.inner.flush()
    }
}

fn broken(fault: Fault, every: u64) -> Gate {
    let (calls, on) = (AtomicU64::new(0), AtomicBool::new(false));
    let store = Arc::new(Breaks { inner: MemoryStore::default(), fault, every, calls, on });
    let shared: Arc<dyn Store> = Arc::clone(&store) as Arc<dyn Store>;
    let gate = with(&shared, ASKS, settings());
    store.on.store(true, Ordering::Relaxed);
    gate
}

fn hold(gate: &Gate, event: &Event) -> Option<sluicegate::hold::HoldId> {
    for number in 0..40 {
        let mut event = event.clone();
        event.at += number;
        let verdict = gate.check(&event);
        assert_eq!(verdict.decision, Decision::Hold, "closed means hold for a tool call");
        match verdict.hold {
            Some(ticket) => return Some(ticket.id.parse().unwrap()),
            None => assert!(verdict.degraded.iter().any(|degraded| degraded.severity == Severity::Failed)),
        }
    }
    None
}

#[test]
fn no_ticket_without_a_record() {
    for fault in [Fault::Fail, Fault::Stall] {
        let gate = broken(fault, 2);
        for number in 0..20 {
            let mut event = call("bash", r#"{"command":"ls"}"#);
            event.at += number;
            let verdict = gate.check(&event);
            assert_eq!(verdict.decision, Decision::Hold, "closed means hold for a tool call");
            let asks = verdict.notices.iter().any(|notice| notice.text.contains("!approve"));
            assert_eq!(asks, verdict.hold.is_some(), "the owner is asked for what can be answered: {verdict:?}");
        }
    }
}

#[test]
fn an_approval_is_used_at_most_once_whatever_the_store_does() {
    for fault in [Fault::Fail, Fault::Stall] {
        let mut used = 0;
        for every in 2..40 {
            let gate = broken(fault, every);
            let event = call("bash", r#"{"command":"ls"}"#);
            let Some(id) = hold(&gate, &event) else { continue };
            let Some(kept) = insist(|| gate.holds().get(&id)) else { continue };
            assert_eq!(kept.expect("a ticket has a record").state, State::Waiting);
            match insist(|| gate.approve(&id, &OWNER, NOW + 100)) {
                None => continue,
                Some(Ok(_)) => {}
                // The answer of the store was lost, and the approval was not.
                Some(Err(HoldError::Settled(State::Approved { .. }))) if fault == Fault::Stall => {}
                Some(other) => panic!("{fault:?} {every}: {other:?}"),
            }
            // Where something fails while it is judged again, it does not pass, and may be asked for again.
            let release = || match insist(|| gate.release(&id, NOW + 101))?.unwrap() {
                Release::Released(released) => Some(released),
                Release::Refused(refusal) => {
                    assert!(!refusal.verdict.degraded.is_empty(), "{refusal:?}");
                    None
                }
            };
            let Some(released) = (0..100).find_map(|_| release()) else { continue };
            let digest = released.event.digest();
            let redeemed = (0..50).filter(|_| gate.redeem(&released.token, &digest, NOW + 102).is_ok()).count();
            assert!(redeemed <= 1, "{fault:?} {every}: redeemed {redeemed} times");
            used += redeemed;
        }
        assert!(used >= 10, "{fault:?}: only {used} of 38 stores were good enough to use an approval at all");
    }
}
