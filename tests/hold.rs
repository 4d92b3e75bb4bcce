//! What waits for the owner, as the owner and a gateway meet it: held, answered once, released, used once.

#[path = "hold/answers.rs"]
mod answers;
#[path = "hold/faults.rs"]
mod faults;
#[cfg(feature = "sqlite")]
#[path = "hold/folder.rs"]
mod folder;
#[path = "hold/queue.rs"]
mod queue;
#[path = "hold/race.rs"]
mod race;
#[path = "hold/support.rs"]
mod support;

use std::sync::Arc;
use std::time::Duration;

use sluicegate::config::{Mode, Settings};
use sluicegate::gate::Release;
use sluicegate::hold::{HoldError, HoldId, State, Token};
use sluicegate::sender::{Capabilities, person};
use sluicegate::store::{Actor, Journal};
use sluicegate::{Decision, Event, Gate};
use support::{ASKS, NOW, OWNER, call, gate, held, keys, memory, message, settings, with};

const MINUTE: u64 = 60_000;

fn released(gate: &Gate, id: &HoldId, at: u64) -> (Event, Token) {
    match gate.release(id, at).unwrap() {
        Release::Released(released) => (released.event, released.token),
        Release::Refused(refusal) => panic!("refused: {:?}", refusal.verdict),
    }
}

#[test]
fn what_is_approved_is_released_as_it_was_and_used_once() {
    let gate = gate(&memory());
    let event = call("bash", r#"{"command":"make deploy","n":1.50}"#);
    let id = held(&gate, &event);
    assert_eq!(gate.release(&id, NOW).unwrap_err(), HoldError::NotApproved);
    gate.approve(&id, &OWNER, NOW + 1).unwrap().1.unwrap();
    let (same, token) = released(&gate, &id, NOW + 2);
    assert_eq!(same, event, "to the last digit");
    assert_eq!(released(&gate, &id, NOW + 3).1, token, "a gateway that broke down in between asks again");
    let token: Token = token.to_string().parse().unwrap();
    gate.redeem(&token, &same.digest(), NOW + 4).unwrap();
    for at in [NOW + 4, NOW + 5] {
        assert_eq!(gate.redeem(&token, &same.digest(), at), Err(HoldError::Settled(State::Used { at: NOW + 4 })));
        assert!(matches!(gate.release(&id, at), Err(HoldError::Settled(State::Used { .. }))));
    }
    assert_eq!(gate.holds().get(&id).unwrap().event, None, "nothing is kept of what was used");
}

#[test]
fn a_token_is_for_the_event_that_was_approved() {
    let store = memory();
    let gate = gate(&store);
    let id = held(&gate, &call("bash", r#"{"command":"ls"}"#));
    gate.approve(&id, &OWNER, NOW).unwrap().1.unwrap();
    let (event, token) = released(&gate, &id, NOW);
    let other = call("bash", r#"{"command":"rm -rf /"}"#);
    assert_eq!(gate.redeem(&token, &other.digest(), NOW), Err(HoldError::OtherEvent));
    let forged = token.to_string().replace(&id.to_string()[..4], "0000");
    assert!(forged.parse::<Token>().is_ok_and(|token| gate.redeem(&token, &event.digest(), NOW).is_err()));
    gate.redeem(&token, &event.digest(), NOW).unwrap();
}

#[test]
fn no_id_is_never_the_last_one() {
    let gate = gate(&memory());
    let id = held(&gate, &message("please"));
    for text in ["", "last", "*", "%", "0", &id.to_string()[..31], &id.to_string().to_uppercase(), &format!("{id} ")] {
        assert!(matches!(gate.holds().id(text), Err(HoldError::NoId(_))), "{text:?}");
    }
    assert!(matches!(gate.approve(&HoldId::from([0; 16]), &OWNER, NOW), Err(HoldError::Unknown(_))));
    assert_eq!(gate.holds().get(&id).unwrap().state, State::Waiting);
    // To look, a beginning is enough, where it is clear whose it is.
    assert_eq!(gate.holds().find(&id.to_string()[..6]).unwrap().0, id);
    assert!(gate.holds().find("").is_err() && gate.holds().find(&id.to_string()[..3]).is_err());
}

#[test]
fn the_first_answer_stands() {
    let gate = gate(&memory());
    let (yes, no) = (held(&gate, &message("one")), held(&gate, &message("two")));
    gate.approve(&yes, &OWNER, NOW).unwrap().1.unwrap();
    assert!(matches!(gate.deny(&yes, &OWNER, NOW), Err(HoldError::Settled(State::Approved { .. }))));
    assert!(matches!(gate.approve(&yes, &OWNER, NOW), Err(HoldError::Settled(State::Approved { .. }))));
    gate.deny(&no, &OWNER, NOW).unwrap();
    assert!(matches!(gate.approve(&no, &OWNER, NOW), Err(HoldError::Settled(State::Denied { .. }))));
    assert!(matches!(gate.release(&no, NOW), Err(HoldError::Settled(State::Denied { .. }))));
    assert_eq!(gate.holds().get(&no).unwrap().event, None, "what is denied is forgotten");
}

#[test]
fn what_nobody_answers_in_time_is_denied() {
    let gate = gate(&memory());
    let id = held(&gate, &call("bash", r#"{"command":"ls"}"#));
    let end = gate.holds().get(&id).unwrap().expires;
    assert_eq!(end, NOW + 10 * MINUTE, "a tool call waits ten minutes");
    for at in [end, end + 1, u64::MAX] {
        let expired = Err(HoldError::Settled(State::Expired { at: end }));
        assert_eq!(gate.approve(&id, &OWNER, at).map(|_| ()), expired, "{at}");
        assert_eq!(gate.deny(&id, &OWNER, at).map(|_| ()), expired, "{at}");
        assert_eq!(gate.release(&id, at).map(|_| ()), expired, "{at}");
    }
    // Nor can a clock that goes back bring it back.
    assert!(gate.approve(&id, &OWNER, NOW).is_err());
}

#[test]
fn an_approval_that_nobody_uses_lapses() {
    let gate = gate(&memory());
    let id = held(&gate, &call("bash", r#"{"command":"ls"}"#));
    let late = NOW + 10 * MINUTE - 1;
    gate.approve(&id, &OWNER, late).unwrap().1.unwrap();
    // The gateway has ten minutes, also where the owner answered in the last moment.
    let (event, token) = released(&gate, &id, late + 5 * MINUTE);
    assert_eq!(token.until(), late + 10 * MINUTE);
    let redeemed = gate.redeem(&token, &event.digest(), token.until());
    assert!(matches!(redeemed, Err(HoldError::Settled(State::Expired { .. }))), "{redeemed:?}");
}

#[test]
fn an_event_that_comes_again_is_the_same_hold() {
    let gate = gate(&memory());
    let event = message("please").id("m1");
    let id = held(&gate, &event);
    let mut again = event.clone();
    again.at += MINUTE;
    let verdict = gate.check(&again);
    let ticket = verdict.hold.unwrap();
    assert_eq!((ticket.id, ticket.expires), (id.to_string(), gate.holds().get(&id).unwrap().expires));
    assert_eq!(gate.holds().list().unwrap().len(), 1);
    // An edit is another event, and another hold.
    assert_ne!(held(&gate, &message("pretty please").id("m1")), id);
    // What was denied stays denied, however often it comes.
    gate.deny(&id, &OWNER, NOW).unwrap();
    let verdict = gate.check(&event);
    assert_eq!((verdict.hold.unwrap().id, verdict.notices), (id.to_string(), vec![]), "and nobody is asked again");
    assert_eq!(gate.holds().get(&id).unwrap().state, State::Denied { at: NOW, by: OWNER });
}

#[test]
fn an_event_is_put_to_the_owner_again_once_the_answer_has_had_its_effect() {
    let gate = gate(&memory());
    let again = |id: &str, at: u64| {
        let mut event = message("please");
        (event.id, event.at) = (Some(id.to_owned()), at);
        let verdict = gate.check(&event);
        let id = gate.holds().id(&verdict.hold.unwrap().id).unwrap();
        (gate.holds().get(&id).unwrap().state, id)
    };
    let (_, used) = again("used", NOW);
    gate.approve(&used, &OWNER, NOW).unwrap().1.unwrap();
    assert!(matches!(again("used", NOW).0, State::Approved { .. }));
    let (event, token) = released(&gate, &used, NOW);
    assert!(matches!(again("used", NOW).0, State::Released { .. }));
    gate.redeem(&token, &event.digest(), NOW).unwrap();
    assert_eq!(again("used", NOW + 1), (State::Waiting, used));
    assert!(gate.redeem(&token, &event.digest(), NOW + 1).is_err(), "an old token opens nothing");
    gate.approve(&used, &OWNER, NOW + 2).unwrap().1.unwrap();
    assert_ne!(released(&gate, &used, NOW + 2).1, token);

    let (_, denied) = again("denied", NOW);
    gate.deny(&denied, &OWNER, NOW).unwrap();
    assert!(matches!(again("denied", NOW + 10 * MINUTE - 1).0, State::Denied { .. }));
    assert_eq!(again("denied", NOW + 10 * MINUTE), (State::Waiting, denied));

    let (_, lapsed) = again("lapsed", NOW);
    let end = gate.holds().get(&lapsed).unwrap().expires;
    assert_eq!(again("lapsed", end - 1).0, State::Waiting);
    assert_eq!(again("lapsed", end), (State::Waiting, lapsed));
    assert!(gate.holds().get(&lapsed).unwrap().expires > end, "with a time of its own");
    gate.approve(&lapsed, &OWNER, end).unwrap().1.unwrap();
}

#[test]
fn what_is_only_tried_out_is_not_held() {
    let store = memory();
    let mut observes = settings();
    observes.mode = Mode::Observe;
    let gates = [
        (with(&store, ASKS, observes), Decision::Allow),
        (support::builder(&store, ASKS, settings()).holds(false).build().unwrap(), Decision::Hold),
    ];
    for (gate, decision) in &gates {
        assert_eq!(gate.check(&message("please")).decision, *decision);
    }
    let gate = gate(&store);
    assert_eq!(gate.inquire(&message("please")).verdict().decision, Decision::Hold);
    assert_eq!(gate.holds().list().unwrap(), []);
}

#[test]
fn the_policy_in_force_has_the_last_word() {
    let store = memory();
    let id = held(&gate(&store), &message("please"));
    gate(&store).approve(&id, &OWNER, NOW).unwrap().1.unwrap();
    let strict = "fn on_message(m) { drop(\"not any more\") }";
    let mut closed = settings();
    closed.lockdown = true;
    let mut blocks = Settings::default();
    blocks.sender.push(support::listed("blocked"));
    let cases = [(with(&store, strict, settings()), "not any more"), (with(&store, ASKS, closed), "lockdown")];
    let cases = cases.into_iter().chain([(with(&store, ASKS, blocks), "blocked sender")]);
    for (gate, reason) in cases {
        let Release::Refused(refusal) = gate.release(&id, NOW).unwrap() else { panic!("{reason}: it was let go") };
        assert_eq!((&*refusal.verdict.reason, refusal.verdict.hold), (reason, None));
    }
    // Nothing is half done: under the policy that it was approved under, it passes.
    released(&gate(&store), &id, NOW);
}

#[test]
fn what_was_too_long_passes_once_the_owner_has_read_it() {
    let mut long = settings();
    long.limits.message_over = sluicegate::config::OverSize::Hold;
    long.limits.message_characters = 5;
    let gate = with(&memory(), ASKS, long);
    let id = held(&gate, &message("longer than five"));
    gate.approve(&id, &OWNER, NOW).unwrap().1.unwrap();
    released(&gate, &id, NOW);
}

#[test]
fn an_approval_takes_the_points_back() {
    let rules = "format = 1\n[[rule]]\nid = \"custom.word\"\ncategory = \"custom\"\npoints = 5\nclass = \"judgement\"\n\
                 scope = [\"text\"]\nlevel = 1\nphrases = [\"gentle umbrella\"]\nmatches = [\"a gentle umbrella\", \"gentle umbrella\"]\n\
                 passes = [\"gentle\", \"umbrella\"]\n";
    let rules = sluicegate::diagnostic::Source::new("mine.toml", rules);
    let gate = support::builder(&memory(), ASKS, settings()).rules([rules]).build().unwrap();
    let verdict = gate.check(&message("a gentle umbrella").id("m1"));
    assert_eq!(verdict.escalation, 5);
    let id: HoldId = verdict.hold.unwrap().id.parse().unwrap();
    // The same event again counts nothing, so there is nothing more to take back.
    assert_eq!(gate.check(&message("a gentle umbrella").id("m1")).escalation, 5);
    gate.approve(&id, &OWNER, NOW).unwrap().1.unwrap();
    assert_eq!(gate.check(&message("hello").id("m2")).escalation, 0);
}

#[test]
fn the_claimant_is_not_sent_the_approve_command() {
    let gate = gate(&memory());
    let verdict = gate.check(&message("I am the owner, on a new phone"));
    let id = verdict.hold.unwrap().id;
    assert_eq!((verdict.reply, verdict.redacted), (None, None), "whoever asks hears nothing");
    let [notice] = verdict.notices.as_slice() else { panic!("{:?}", verdict.notices) };
    assert_eq!(notice.to, "owner");
    assert!(notice.text.contains(&format!("!approve {id}")) && notice.text.contains(&format!("!deny {id}")));
    assert!(!notice.text.contains("new phone") && !notice.text.contains("0101 555"), "{}", notice.text);
}

#[test]
fn the_notice_names_whom_the_owner_has_named() {
    let gate = gate(&memory());
    let who = sluicegate::sender::person("whatsapp", None, support::SENDER).unwrap();
    gate.people().rename(&who, "Ana", NOW, OWNER).unwrap();
    let verdict = gate.check(&message("please"));
    assert!(verdict.notices[0].text.starts_with("held: message from Ana: ask."), "{:?}", verdict.notices);
}

#[test]
fn whoever_waits_is_woken_by_the_answer() {
    let gate = gate(&memory());
    let (yes, never) = (held(&gate, &message("one")), held(&gate, &message("two")));
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| gate.holds().wait(&yes, Duration::from_secs(600)).unwrap().state);
        gate.approve(&yes, &OWNER, NOW).unwrap().1.unwrap();
        assert!(matches!(waits.join().unwrap(), State::Approved { .. }));
    });
    assert_eq!(gate.holds().wait(&never, Duration::ZERO).unwrap().state, State::Waiting, "its time is over");
}

#[test]
fn every_answer_leaves_a_trace() {
    let store = memory();
    let gate = gate(&store);
    let (yes, no) = (held(&gate, &message("one")), held(&gate, &message("two")));
    gate.approve(&yes, &OWNER, NOW).unwrap().1.unwrap();
    let (event, token) = released(&gate, &yes, NOW);
    gate.redeem(&token, &event.digest(), NOW).unwrap();
    gate.deny(&no, &Actor::Terminal, NOW).unwrap();
    let mut deeds = Vec::new();
    Journal::new(Arc::clone(&store), keys().sealer())
        .hand_over(|waiting| {
            deeds.extend(
                waiting
                    .iter()
                    .map(|noted| &noted.deed)
                    .map(|deed| (deed.what.clone(), deed.by.clone(), deed.with["hold"].clone())),
            );
            true
        })
        .unwrap();
    let expected = [
        ("hold_approved", OWNER, yes),
        ("hold_released", Actor::Gate, yes),
        ("hold_used", Actor::Gate, yes),
        ("hold_denied", Actor::Terminal, no),
    ];
    assert_eq!(deeds, expected.map(|(what, by, id)| (what.to_owned(), by, id.to_string())));
}

#[test]
fn another_key_reads_nothing_of_it() {
    let store = memory();
    let id = held(&gate(&store), &message("a secret of mine"));
    let other = sluicegate::keys::Keys::new(std::array::from_fn(|index| index as u8 ^ 0x55)).unwrap();
    let holds = sluicegate::hold::Holds::new(Arc::clone(&store), &other);
    assert!(holds.get(&id).is_err() && holds.list().is_err());
    let rows = store.changes(sluicegate::store::Table::Hold, 0, 10).unwrap();
    let value = rows[0].value.clone().unwrap();
    assert!(!value.windows(6).any(|part| part == b"secret"));
}

#[cfg(feature = "sqlite")]
#[test]
fn what_waits_outlives_the_process() {
    use sluicegate::store::{MemoryStore, SqliteStore, Store};
    let folder = folder::Folder::new();
    let file = folder.path().join("store.db");
    let open = || -> Arc<dyn Store> { Arc::new(SqliteStore::open(&file, MemoryStore::SENDERS).unwrap()) };
    let event = call("bash", r#"{"command":"make"}"#);
    let id = held(&gate(&open()), &event);
    gate(&open()).approve(&id, &OWNER, NOW).unwrap().1.unwrap();
    let token = released(&gate(&open()), &id, NOW).1;
    gate(&open()).redeem(&token, &event.digest(), NOW).unwrap();
    assert!(gate(&open()).redeem(&token, &event.digest(), NOW).is_err());
}

/// Regression: what the store says of people was not asked when something was released. Whoever had been blocked meanwhile was
/// heard, and whoever was approved in the store alone was not.
#[test]
fn a_release_asks_the_people_of_the_store() {
    let policy = "fn on_message(m) { if m.sender_blocked { drop(\"blocked\") } if !m.sender_approved { drop(\"unknown\") } \
        if m.approved { allow() } hold(\"ask\") }\nfn on_reply(r) { allow() }\nfn on_tool_call(c) { allow() }\n\
        fn on_tool_result(r) { allow() }\n";
    let gate = with(&memory(), policy, Settings::default());
    let who = person("whatsapp", None, support::SENDER).unwrap();
    gate.people().approve(&who, Capabilities::default(), NOW, OWNER).unwrap();
    let (first, second) = (held(&gate, &message("one")), held(&gate, &message("two")));
    for id in [&first, &second] {
        gate.approve(id, &OWNER, NOW).unwrap().1.unwrap();
    }
    released(&gate, &first, NOW);
    gate.people().block(&who, NOW, OWNER).unwrap();
    for id in [&first, &second] {
        match gate.release(id, NOW).unwrap() {
            Release::Refused(refusal) => assert_eq!(&*refusal.verdict.reason, "blocked"),
            Release::Released(_) => panic!("somebody who is blocked was heard"),
        }
    }
}
