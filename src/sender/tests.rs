//! What the seed systems did wrong, each under its name, and what an owner expects of the settings.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::event::{Event, Json, Kind};
use crate::store::{MemoryStore, Seen};

const START: u64 = 1_764_000_000_000;
const MINUTE: u64 = 60_000;

fn senders(settings: &str) -> Senders {
    let settings: SenderSettings = toml::from_str(settings).unwrap();
    Senders::new(&settings, &[7; 32], Arc::new(MemoryStore::new(settings.remembered)))
}

fn message(at: u64, sender: &str) -> Event {
    Event::message(START + at, "hello").channel("whatsapp").account("main").sender(sender)
}

fn standing(senders: &Senders, sender: &str) -> Standing {
    senders.meet(&message(0, sender)).unwrap().standing
}

/// Meets the event and adds points; tells the escalation.
fn escalation(senders: &Senders, event: &Event, points: u8) -> u8 {
    senders.escalate(&senders.meet(event).unwrap(), points).unwrap()
}

#[test]
fn one_senders_points_never_reach_another() {
    let senders = senders("");
    for second in 0..10 {
        escalation(&senders, &message(second, "+1 555 010-0001").group("g1"), 8);
    }
    let others = [
        ("another sender in the same group", message(99, "+1 555 010-0002").group("g1")),
        ("the same number on another account", message(99, "+1 555 010-0001").group("g1").account("work")),
        ("the same number on another channel", message(99, "+1 555 010-0001").group("g1").channel("signal")),
        ("nobody, in the same group", message(99, "").group("g1")),
    ];
    for (who, event) in others {
        assert_eq!(escalation(&senders, &event, 0), 0, "{who}");
    }
    let elsewhere = message(99, "15550100001@s.whatsapp.net").group("g2");
    assert_eq!(escalation(&senders, &elsewhere, 0), 31, "the same sender in another chat and another spelling");
}

#[test]
fn nobody_shares_points_with_the_nobodies_of_one_chat_only() {
    let senders = senders("");
    escalation(&senders, &message(0, "").group("g1"), 8);
    assert_eq!(escalation(&senders, &message(1, "120363@g.us").group("g1"), 0), 8);
    assert_eq!(escalation(&senders, &message(1, "").group("g2"), 0), 0);
}

#[test]
fn points_decay_while_the_sender_keeps_writing() {
    let senders = senders("");
    assert_eq!(escalation(&senders, &message(0, "a"), 8), 8);
    let mut before = 8;
    for second in 1..=600 {
        let now = escalation(&senders, &message(second * 1_000, "a"), 0);
        assert!(now <= before, "points rose by themselves");
        before = now;
    }
    assert_eq!(before, 2, "two half-lives later a quarter is left, however often the sender wrote");
}

#[test]
fn points_decay_while_the_sender_keeps_gathering_hints() {
    let senders = senders("");
    for round in 0..100 {
        let points = escalation(&senders, &message(round * 10 * MINUTE, "a"), 1);
        assert_eq!(points, 1, "a hint every ten minutes adds up to 1 1/3 and never to a threshold");
    }
}

#[test]
fn anybody_is_below_the_threshold_after_two_half_lives() {
    let senders = senders("");
    for second in 0..100 {
        escalation(&senders, &message(second, "a"), 255);
    }
    assert_eq!(escalation(&senders, &message(100, "a"), 0), 31, "the cap");
    assert_eq!(escalation(&senders, &message(101 + 10 * MINUTE, "a"), 0), 7);
}

#[test]
fn a_blocklist_applies_without_an_allowlist() {
    let senders = senders("[[sender]]\nchannel = \"whatsapp\"\nid = \"+1 555 010-0666\"\nstanding = \"blocked\"");
    assert_eq!(standing(&senders, "15550100666@s.whatsapp.net"), Standing::Blocked);
    assert_eq!(standing(&senders, "+15550100667"), Standing::Unknown);
}

#[test]
fn block_beats_every_other_standing() {
    let entry =
        |standing| format!("[[sender]]\nchannel = \"whatsapp\"\nid = \"+15550100123\"\nstanding = \"{standing}\"\n");
    for (first, second) in [("blocked", "owner"), ("owner", "blocked"), ("approved", "blocked")] {
        let senders = senders(&[entry(first), entry(second)].concat());
        assert_eq!(standing(&senders, "+15550100123"), Standing::Blocked, "{first}, {second}");
    }
    assert_eq!(standing(&senders(&[entry("owner"), entry("approved")].concat()), "+15550100123"), Standing::Owner);
}

#[test]
fn entry_plus123_does_not_admit_plus12345() {
    let senders = senders("[[sender]]\nchannel = \"whatsapp\"\nid = \"+123\"\nstanding = \"approved\"");
    assert_eq!(standing(&senders, "+123"), Standing::Approved);
    for id in ["+12345", "+12", "9+123", "+123@g.us", ""] {
        assert_eq!(standing(&senders, id), Standing::Unknown, "{id:?}");
    }
}

#[test]
fn a_standing_holds_for_its_channel_and_account() {
    let senders = senders(
        "[[sender]]\nchannel = \"WhatsApp\"\naccount = \"main\"\nid = \"+15550100123\"\nstanding = \"approved\"",
    );
    let event = message(0, "+15550100123");
    assert_eq!(senders.standing(&event), Standing::Approved);
    assert_eq!(senders.standing(&event.clone().account("work")), Standing::Unknown);
    assert_eq!(senders.standing(&event.channel("signal")), Standing::Unknown);
}

#[test]
fn the_limit_holds_for_a_sliding_minute() {
    let senders = senders("");
    let over = |at| senders.meet(&message(at, "a")).unwrap().rate_exceeded;
    for second in 0..20 {
        assert!(!over(second * 1_000), "message {second}");
    }
    assert!(over(20_000), "the 21st within a minute");
    assert!(over(59_000), "no fixed window begins anew");
    assert!(!over(3 * MINUTE));
}

#[test]
fn only_messages_count_and_each_one_once() {
    let senders = senders("[rate]\nmessages = 2");
    let met = |event: &Event| senders.meet(event).unwrap();
    let first = message(0, "a").id("m1");
    assert_eq!(met(&first).seen, Seen::New);
    assert_eq!(escalation(&senders, &first, 5), 0, "handed in again, it adds nothing");
    for _ in 0..9 {
        let again = met(&first);
        assert!(again.seen == Seen::Same && !again.rate_exceeded && !again.counts);
    }
    for kind in [Kind::Reply, Kind::ToolCall, Kind::ToolResult] {
        let event = Event { kind, ..message(0, "a") };
        assert_eq!(escalation(&senders, &event, 8), 0, "the text of a {kind:?} never counts against the sender");
    }
    let call = Event::tool_call(START, "bash", Json::Null).channel("whatsapp").account("main").sender("a");
    assert!(!met(&call).rate_exceeded);
    let edited = Event { text: "changed".into(), ..first };
    assert_eq!(met(&edited).seen, Seen::Edited, "an edit is a new event");
    assert!(met(&message(0, "a")).rate_exceeded, "the third message that counts");
}

#[test]
fn an_event_without_an_id_is_never_taken_for_another() {
    let senders = senders("");
    for event in [message(0, "a"), message(0, "a").id("")] {
        assert_eq!(senders.meet(&event).unwrap().seen, Seen::New);
        assert_eq!(senders.meet(&event).unwrap().seen, Seen::New);
    }
    let event = message(0, "a").id("m1");
    senders.meet(&event).unwrap();
    for other in [event.clone().group("g9"), Event { kind: Kind::Reply, ..event.clone() }, event.account("work")] {
        assert_eq!(senders.meet(&other).unwrap().seen, Seen::New, "same id elsewhere: {other:?}");
    }
}

#[test]
fn an_older_time_does_not_turn_the_clock_back() {
    let senders = senders("");
    escalation(&senders, &message(10 * MINUTE, "a"), 8);
    let late = senders.meet(&message(0, "a")).unwrap();
    assert_eq!((late.now, late.escalation_before), (START + 10 * MINUTE, 8));
    assert_eq!(escalation(&senders, &message(0, "a"), 1), 9);
}

#[test]
fn an_approved_hold_takes_its_points_back_and_no_more() {
    let senders = senders("");
    escalation(&senders, &message(0, "a"), 4);
    let held = senders.meet(&message(1, "a")).unwrap();
    assert_eq!(senders.escalate(&held, 8).unwrap(), 12);
    let later = message(5 * MINUTE, "a");
    assert_eq!(escalation(&senders, &later, 0), 6);
    senders.forgive(&held.key, held.now, 8).unwrap();
    assert_eq!(escalation(&senders, &later, 0), 2, "half of the four that came before");
}

#[test]
fn settings_are_refused_where_they_cannot_be_meant() {
    let entry = |id: &str| format!("[[sender]]\nchannel = \"whatsapp\"\nid = {id:?}\nstanding = \"approved\"");
    let cases = [
        (entry("*"), "no wildcards"),
        (entry("+1555*"), "no wildcards"),
        (entry(""), "names nobody"),
        (entry("120363@g.us"), "names nobody"),
        (entry("+15550100123").replace("whatsapp", " "), "`channel` is empty"),
        (entry("+15550100123").replace("approved", "aproved"), "unknown variant"),
        (entry("+15550100123").replace("approved", "pending"), "unknown variant"),
        (entry("+15550100123") + "\nnam = \"x\"", "unknown field"),
        ("[rate]\nmessages = 0".to_owned(), "from 1 to 60000"),
        ("[rate]\nseconds = 90000".to_owned(), "from 1 to 86400"),
        ("[escalation]\nthreshold = 32".to_owned(), "from 1 to 31"),
        ("[escalation]\nhalf_life_seconds = -1".to_owned(), "from 1 to 2592000"),
        ("remembered = 0".to_owned(), "from 1 to 16777216"),
        ("[escalation]\nhalf_life = 5".to_owned(), "unknown field"),
    ];
    for (text, expected) in cases {
        let error = toml::from_str::<SenderSettings>(&text).unwrap_err();
        assert!(error.message().contains(expected), "{text}\ngave: {error}");
        assert!(error.span().is_some(), "the owner is told where: {text}");
    }
    assert_eq!(toml::from_str::<SenderSettings>("").unwrap(), SenderSettings::default());
}

#[test]
fn debug_lines_hold_no_id_and_no_secret() {
    let senders = senders("[[sender]]\nchannel = \"whatsapp\"\nid = \"+15550100123\"\nstanding = \"owner\"\n");
    let met = senders.meet(&message(0, "+15550100123")).unwrap();
    let shown = format!("{senders:?} {met:?}");
    assert!(!shown.contains("5550100123") && !shown.contains("7, 7"), "{shown}");
}

proptest! {
    #[test]
    fn a_listed_id_matches_only_ids_with_the_same_normal_form(
        channel in prop::sample::select(vec!["whatsapp", "sms", "telegram", "matrix", "email", "webchat"]),
        listed in "[+0-9a-c@]{1,8}", other in "[+0-9a-c@ ]{0,10}",
    ) {
        let Ok(entry) = Listed::new(channel, &listed, Listing::Approved) else { return Ok(()) };
        let settings = SenderSettings { listed: vec![entry.clone()], ..SenderSettings::default() };
        let senders = Senders::new(&settings, &[7; 32], Arc::new(MemoryStore::new(1)));
        for id in [other.clone(), format!("{listed}{other}"), format!("{other}{listed}"), listed.clone()] {
            let met = senders.meet(&Event::message(START, "x").channel(channel).sender(id.clone())).unwrap();
            let same = SenderId::normalise(channel, &id).as_ref() == Some(&entry.id);
            prop_assert_eq!(met.standing == Standing::Approved, same, "{} listed, {} met", listed, id);
        }
    }
}
