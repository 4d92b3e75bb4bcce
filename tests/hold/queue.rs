//! More than may wait.

use sluicegate::hold::State;
use sluicegate::store::Actor;
use sluicegate::verdict::Severity;
use sluicegate::{Decision, Event, Gate};

use super::support::{ASKS, NOW, OWNER, held, memory, settings, with};

fn full() -> Gate {
    let mut settings = settings();
    settings.hold.most = 3;
    with(&memory(), ASKS, settings)
}

fn from(sender: &str, number: u64) -> Event {
    Event::message(NOW + number, format!("message {number}")).channel("telegram").sender(sender)
}

#[test]
fn a_full_queue_refuses_the_noisiest_and_says_so() {
    let gate = full();
    let noisy = ["1", "2"].map(|_| "@noisy");
    let first = held(&gate, &from(noisy[0], 1));
    let second = held(&gate, &from(noisy[1], 2));
    let quiet = held(&gate, &from("@quiet", 3));

    // The noisy one is refused, without a ticket, and the owner hears of it.
    let verdict = gate.check(&from("@noisy", 4));
    assert_eq!((verdict.decision, verdict.hold.clone()), (Decision::Drop, None), "the closed decision of a message");
    assert_eq!((verdict.degraded[0].station, verdict.degraded[0].severity), ("hold", Severity::Failed));
    assert!(verdict.notices[0].text.contains("too much waits"), "{:?}", verdict.notices);

    // Somebody else gets the place of the noisy one's newest.
    let verdict = gate.check(&from("@other", 5));
    assert_eq!(verdict.decision, Decision::Hold);
    assert_eq!((verdict.degraded[0].station, verdict.degraded[0].severity), ("hold", Severity::Partial));
    let state = |id| gate.holds().get(id).unwrap().state;
    assert_eq!(state(&second), State::Denied { at: NOW + 5, by: Actor::Gate });
    assert_eq!((state(&first), state(&quiet)), (State::Waiting, State::Waiting));
    assert_eq!((gate.holds().refused().unwrap().count, gate.holds().refused().unwrap().at), (2, NOW + 5));
}

#[test]
fn what_is_answered_or_has_lapsed_makes_room() {
    let gate = full();
    let ids = [1, 2, 3].map(|number| held(&gate, &from("@a", number)));
    gate.deny(&ids[0], &OWNER, NOW + 4).unwrap();
    held(&gate, &from("@a", 5));
    // A day later all of it has lapsed.
    let mut tomorrow = from("@a", 6);
    tomorrow.at += 25 * 3_600_000;
    held(&gate, &tomorrow);
    assert_eq!(gate.holds().refused().unwrap().count, 0);
    let states: Vec<_> = gate.holds().list().unwrap().iter().map(|(_, held)| held.state.name()).collect();
    assert_eq!(states, ["denied", "expired", "expired", "expired", "waiting"]);
}

#[test]
fn what_was_answered_long_ago_is_forgotten() {
    let gate = full();
    for number in 0..40 {
        let id = held(&gate, &from("@a", number));
        gate.deny(&id, &OWNER, NOW + number).unwrap();
    }
    let list = gate.holds().list().unwrap();
    assert!(list.len() <= 5, "{} are kept", list.len());
}

#[test]
fn a_flood_of_strangers_leaves_room_for_the_owners_people() {
    let gate = full();
    for number in 0..20 {
        let _ = gate.check(&from(&format!("@stranger{number}"), number));
    }
    let friend = Event::message(NOW + 30, "hello").channel("whatsapp").sender(super::support::SENDER);
    let verdict = gate.check(&friend);
    assert!(verdict.hold.is_some(), "{verdict:?}");
    for number in 40..60 {
        let _ = gate.check(&from(&format!("@stranger{number}"), number));
    }
    let id = verdict.hold.unwrap().id.parse().unwrap();
    assert_eq!(gate.holds().get(&id).unwrap().state, State::Waiting);
}
