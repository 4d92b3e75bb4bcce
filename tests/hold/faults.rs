//! A store that fails at each step.

use std::sync::Arc;

use sluicegate::gate::Release;
use sluicegate::hold::{HoldError, State};
use sluicegate::store::{Fault, FaultyStore, MemoryStore, Store};
use sluicegate::verdict::Severity;
use sluicegate::{Decision, Event, Gate};

use super::support::{ASKS, NOW, OWNER, builder, call, settings};

/// Tries until the store gives an answer, as somebody at a terminal would.
fn insist<T>(mut work: impl FnMut() -> Result<T, HoldError>) -> Result<T, HoldError> {
    for _ in 0..100 {
        match work() {
            Err(HoldError::Store(_)) => {}
            other => return other,
        }
    }
    panic!("the store never answers");
}

fn broken(fault: Fault, every: u64) -> Gate {
    let store: Arc<dyn Store> = Arc::new(FaultyStore::new(MemoryStore::default(), fault, every));
    // A gate that cannot read what the owner has sealed is not built; the next try comes later in the count.
    let build = || builder(&store, ASKS, settings()).build();
    (0..100).find_map(|_| build().ok()).expect("a gate is built when the store answers")
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
        for every in 2..24 {
            let gate = broken(fault, every);
            let event = call("bash", r#"{"command":"ls"}"#);
            let Some(id) = hold(&gate, &event) else { continue };
            let kept = insist(|| gate.holds().get(&id)).expect("a ticket has a record");
            assert_eq!(kept.state, State::Waiting);
            match insist(|| gate.approve(&id, &OWNER, NOW + 100)) {
                Ok(_) => {}
                // The answer of the store was lost, and the approval was not.
                Err(HoldError::Settled(State::Approved { .. })) if fault == Fault::Stall => {}
                other => panic!("{fault:?} {every}: {other:?}"),
            }
            // Where something fails while it is judged again, it does not pass, and may be asked for again.
            let release = || {
                (0..100).find_map(|_| match insist(|| gate.release(&id, NOW + 101)).unwrap() {
                    Release::Released(released) => Some(released),
                    Release::Refused(refusal) => {
                        assert!(!refusal.verdict.degraded.is_empty(), "{refusal:?}");
                        None
                    }
                })
            };
            let Some(released) = release() else { continue };
            let digest = released.event.digest();
            let redeemed = (0..50).filter(|_| gate.redeem(&released.token, &digest, NOW + 102).is_ok()).count();
            let right = if fault == Fault::Fail { redeemed == 1 } else { redeemed <= 1 };
            assert!(right, "{fault:?} {every}: redeemed {redeemed} times");
        }
    }
}
