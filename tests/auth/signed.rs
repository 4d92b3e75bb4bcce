//! The format of `docs/agents.md`.

use proptest::prelude::*;
use sluicegate::auth::{Check, MAX_BYTES, Nonces, Outgoing, Signer, SignerError};
use sluicegate::keys::SharedSecret;

use super::support::*;

#[test]
fn both_implementations_write_and_read_the_same() {
    for vector in vectors()["vectors"].as_array().unwrap() {
        let name = text(vector, "name");
        let key = text(vector, "key");
        let secret = SharedSecret::new(hex::decode(text(vector, "secret")).unwrap()).unwrap();
        let message = Outgoing {
            to: text(vector, "to"),
            sent_at: vector["sent_at"].as_u64().unwrap(),
            nonce: hex::decode(text(vector, "nonce")).unwrap().try_into().unwrap(),
            body: text(vector, "body").as_bytes(),
        };
        let signer = Signer::new(key, &secret).unwrap();
        let encrypted = vector["encrypted"] == true;
        let signed = if encrypted { signer.sign_encrypted(&message) } else { signer.sign(&message) }.unwrap();
        assert_eq!(signed, text(vector, "message"), "{name}");

        let folder = Folder::new();
        let agents = format!("[[agent]]\nid = \"x\"\nkey = [{{ id = \"{key}\", file = \"one\" }}]");
        let mut settings = settings(&folder, &agents);
        settings.auth.audience = Some(message.to.to_owned());
        let verified =
            Receiver::of(&settings, folder).verify(&signed).unwrap_or_else(|check| panic!("{name}: {check}"));
        let said: sluicegate::Event = serde_json::from_slice(message.body).unwrap();
        let event = verified.event();
        assert_eq!((&event.text, &event.quoted), (&said.text, &said.quoted), "{name}");
    }
}

#[test]
fn every_forgery_of_the_vectors_is_refused_for_its_reason() {
    let receiver = Receiver::billing();
    let forgeries = vectors()["refused"].as_array().unwrap();
    assert!(forgeries.len() > 30);
    for forgery in forgeries {
        let check = receiver.verify(text(forgery, "message")).expect_err(text(forgery, "name"));
        assert_eq!(check.name(), text(forgery, "check"), "{}: {check}", text(forgery, "name"));
    }
    let good = text(&vectors()["vectors"][0], "message");
    assert!(receiver.verify(good).is_ok(), "none of them has used up the true one");
}

#[test]
fn the_same_message_three_times_passes_once() {
    let receiver = Receiver::billing();
    let message = signer("billing-2026", 0).sign(&outgoing(b"{}", 1)).unwrap();
    assert!(receiver.verify(&message).is_ok());
    assert_eq!(receiver.verify(&message).unwrap_err(), Check::Replayed);
    assert_eq!(receiver.verify_at(&message, NOW + 299_999).unwrap_err(), Check::Replayed);
    assert_eq!(receiver.verify_at(&message, NOW + 300_001).unwrap_err(), Check::Late);
}

#[test]
fn fifty_threads_with_one_message_pass_once() {
    let receiver = Receiver::billing();
    let message = signer("billing-2026", 0).sign(&outgoing(b"{}", 1)).unwrap();
    let passed = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..50).map(|_| scope.spawn(|| receiver.verify(&message).is_ok())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|passed| *passed).count()
    });
    assert_eq!(passed, 1);
}

#[test]
fn a_missing_timestamp_is_refused() {
    let receiver = Receiver::billing();
    let message = signer("billing-2026", 0).sign(&outgoing(b"{}", 1)).unwrap();
    let without = message.replace(&format!("\"sent_at\":{NOW},"), "");
    assert_ne!(without, message);
    assert!(matches!(receiver.verify(&without).unwrap_err(), Check::Form { .. }));
}

#[test]
fn a_short_mac_is_an_answer_and_no_panic() {
    let receiver = Receiver::billing();
    let message = signer("billing-2026", 0).sign(&outgoing(b"{}", 1)).unwrap();
    let (before, code) = message.rsplit_once("\"mac\":\"").unwrap();
    for length in 0..64 {
        let short = format!("{before}\"mac\":\"{}\"}}", &code[..length]);
        assert!(matches!(receiver.verify(&short).unwrap_err(), Check::Form { .. }), "{length}");
    }
}

#[test]
fn a_message_says_nothing_of_who_sent_it_when_and_where() {
    let receiver = Receiver::new(
        "[[agent]]\nid = \"billing\"\nchannel = \"mesh\"\naccount = \"main\"\nkey = [{ id = \"k\", file = \"one\" }]",
    );
    let body = br#"{"id":"m1","at":5,"sent_at":6,"channel":"whatsapp","account":"other","session":"owner","to":"x","text":"hello",
        "chat":{"id":"c","group":true,"mentioned":true},"sender":{"id":"owner","name":"The owner"},
        "quoted":"q","attachments":[{"name":"a.txt","text":"t"}],"tool":{"name":"bash"}}"#;
    let message = signer("k", 0).sign(&Outgoing { sent_at: NOW - 1, ..outgoing(body, 1) }).unwrap();
    let verified = receiver.verify(&message).unwrap();
    assert_eq!(verified.agent(), "billing");
    let event = serde_json::to_value(verified.event()).unwrap();
    let expected = serde_json::json!({
        "id": "m1", "kind": "message", "at": NOW, "sent_at": NOW - 1, "channel": "mesh", "account": "main",
        "chat": {"id": "", "group": false, "mentioned": false}, "sender": {"id": "billing", "name": ""},
        "text": "hello", "quoted": "q", "attachments": [{"name": "a.txt", "mime": "", "text": "t"}],
    });
    assert_eq!(event, expected);
}

#[test]
fn several_keys_are_valid_while_they_are_changed() {
    let receiver = Receiver::new(
        "[[agent]]\nid = \"billing\"\n\
         [[agent.key]]\nid = \"old\"\nfile = \"one\"\nnot_after = 2025-11-24T16:00:00Z\n\
         [[agent.key]]\nid = \"new\"\nfile = \"two\"\n\
         [[agent]]\nid = \"other\"\nkey = [{ id = \"other\", file = \"three\" }]",
    );
    let sign = |key: &str, seed, nonce| signer(key, seed).sign(&outgoing(b"{}", nonce)).unwrap();
    for (key, seed, agent) in [("old", 0, "billing"), ("new", 40, "billing"), ("other", 80, "other")] {
        assert_eq!(receiver.verify(&sign(key, seed, 1 + seed)).unwrap().agent(), agent, "{key}");
    }
    assert_eq!(receiver.verify_at(&sign("old", 0, 2), NOW + 1).unwrap_err(), Check::Expired, "a moment later");
    assert!(receiver.verify_at(&sign("new", 40, 2), NOW + 1).is_ok());
    // One key under the name of another: of the same agent, of another one, of none.
    for (key, seed, check) in [("new", 0, Check::Code), ("other", 40, Check::Code), ("none", 0, Check::Key)] {
        assert_eq!(receiver.verify(&sign(key, seed, 3)).unwrap_err(), check, "{key}");
    }
}

#[test]
fn what_has_to_be_encrypted_is_not_taken_in_plain() {
    let agent = "[[agent]]\nid = \"billing\"\nencrypted = true\nkey = [{ id = \"k\", file = \"one\" }]";
    let receiver = Receiver::new(agent);
    let (signer, body) = (signer("k", 0), br#"{"text":"hello"}"#);
    assert_eq!(receiver.verify(&signer.sign(&outgoing(body, 1)).unwrap()).unwrap_err(), Check::Plain);
    let sealed = signer.sign_encrypted(&outgoing(body, 1)).unwrap();
    assert_eq!(receiver.verify(&sealed).unwrap().event().text, "hello");
    // The same text encrypted twice looks different, and is as long.
    let again = signer.sign_encrypted(&outgoing(body, 2)).unwrap();
    let body_of = |message: &str| message.split("\"body\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_ne!(body_of(&sealed), body_of(&again));
    assert_eq!(body_of(&sealed).len(), body_of(&again).len());
}

#[test]
fn an_agent_that_floods_is_refused_and_takes_no_other_ones_room() {
    let receiver = Receiver::new(
        "nonces = 2\n[[agent]]\nid = \"a\"\nkey = [{ id = \"a\", file = \"one\" }]\n\
         [[agent]]\nid = \"b\"\nkey = [{ id = \"b\", file = \"two\" }]",
    );
    let sign = |key: &str, seed, nonce| signer(key, seed).sign(&outgoing(b"{}", nonce)).unwrap();
    assert!(receiver.verify(&sign("a", 0, 1)).is_ok());
    assert!(receiver.verify(&sign("a", 0, 2)).is_ok());
    assert_eq!(receiver.verify(&sign("a", 0, 3)).unwrap_err(), Check::Full);
    assert!(receiver.verify(&sign("b", 40, 1)).is_ok());
    // Who has no key fills nothing.
    let forged = sign("b", 0, 4);
    for _ in 0..10 {
        assert_eq!(receiver.verify(&forged).unwrap_err(), Check::Code);
    }
    assert!(receiver.verify(&sign("b", 40, 2)).is_ok());
}

#[test]
fn a_restart_opens_no_window() {
    let mut receiver = Receiver::billing();
    let message = signer("billing-2026", 0).sign(&outgoing(b"{}", 1)).unwrap();
    assert!(receiver.verify(&message).is_ok());
    receiver.nonces = Nonces::since(NOW + 1_000);
    assert_eq!(receiver.verify_at(&message, NOW + 1_000).unwrap_err(), Check::Before);
}

#[test]
fn what_is_too_long_is_neither_signed_nor_read() {
    let body = vec![b' '; MAX_BYTES];
    assert_eq!(signer("k", 0).sign(&outgoing(&body, 1)).unwrap_err(), SignerError::Size);
    assert_eq!(Receiver::billing().verify(&"x".repeat(MAX_BYTES + 1)).unwrap_err(), Check::Size);
}

#[test]
fn names_that_a_message_could_not_carry_are_refused() {
    let secret = SharedSecret::new((0..32).collect::<Vec<u8>>()).unwrap();
    for key in ["", "Key", "a b", "a\"b", "ä", &"k".repeat(65)] {
        assert_eq!(Signer::new(key, &secret).unwrap_err(), SignerError::KeyId, "{key}");
    }
    let signer = Signer::new("k", &secret).unwrap();
    for to in ["", "a b", "a\"", "a/b", "a\\", "ä", &"t".repeat(129)] {
        let message = Outgoing { to, ..outgoing(b"{}", 1) };
        assert_eq!(signer.sign(&message).unwrap_err(), SignerError::Audience, "{to}");
    }
    let late = Outgoing { sent_at: 1_000_000_000_000_000, ..outgoing(b"{}", 1) };
    assert_eq!(signer.sign(&late).unwrap_err(), SignerError::Time);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_change_of_one_byte_is_refused(vector in 0..5_usize, at: prop::sample::Index, byte: u8) {
        let message = text(&vectors()["vectors"][vector], "message");
        let mut bytes = message.as_bytes().to_vec();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        RECEIVERS.with(|[billing, other]| {
            let receiver = if vector < 3 { billing } else { other };
            prop_assert!(receiver.agents.verify(&bytes, NOW, &receiver.nonces).is_err(), "byte {at} as {byte}");
            Ok(())
        })?;
    }

    #[test]
    fn whatever_comes_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        RECEIVERS.with(|[receiver, _]| {
            prop_assert!(receiver.agents.verify(&bytes, NOW, &receiver.nonces).is_err());
            Ok(())
        })?;
    }
}

thread_local! {
    /// One that would take the first three vectors, and one that would take the others.
    static RECEIVERS: [Receiver; 2] = {
        let folder = Folder::new();
        let key = "[[agent]]\nid = \"x\"\nkey = [{ id = \"k.1_x-2\", file = \"one\" }]";
        let mut other = settings(&folder, key);
        other.auth.audience = Some("Home:2@example.org".to_owned());
        [Receiver::billing(), Receiver::of(&other, folder)]
    };
}
