//! Whom the owner knows: registry, direct chats and groups, who knocked, pairing. The first tests bear the names of defects of
//! other systems.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;

use proptest::prelude::*;
use sluicegate::config::Settings;
use sluicegate::diagnostic::Source;
use sluicegate::gate::BuildError;
use sluicegate::keys::Keys;
use sluicegate::sender::{
    Capabilities, Capability, Pairing, PairingRequest, People, PeopleError, Standing, Strangers, person,
};
use sluicegate::store::{Actor, Expect, Fault, FaultyStore, Journal, MemoryStore, Person, Store, Table, Write};
use sluicegate::{Decision, Event, Gate, Verdict};

const NOON: u64 = 1_764_000_000_000;
const HOUR: u64 = 3_600_000;
const ANN: &str = "+1 555 010-0123";
const OWNER: Actor = Actor::OwnerAtTerminal;

fn keys() -> Keys {
    Keys::new(std::array::from_fn(|index| index as u8)).unwrap()
}

fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::default())
}

fn open(store: &Arc<dyn Store>) -> Arc<People> {
    People::open(Arc::clone(store), &keys()).unwrap()
}

/// A gate with the starter policy and a single rule, over a store.
fn gate(store: &Arc<dyn Store>, settings: &str) -> Gate {
    built(store, settings).unwrap()
}

fn built(store: &Arc<dyn Store>, settings: &str) -> Result<Gate, BuildError> {
    let rule = "format = 1\n[[rule]]\nid = \"social.test\"\ncategory = \"social\"\npoints = 1\nclass = \"judgement\"\n\
        scope = [\"text\"]\nphrases = [\"quite an unlikely phrase\"]\nmatches = [\"quite an unlikely phrase\"]\n\
        passes = [\"hello\"]\n";
    let settings = Settings::parse("sluicegate.toml", &format!("format = 1\n{settings}")).unwrap();
    let builder = Gate::builder().settings(settings).keys(keys()).store(Arc::clone(store));
    builder.rules([Source::new("test.toml", rule)]).build()
}

fn who(id: &str) -> Person {
    person("whatsapp", Some("main"), id).unwrap()
}

fn message(id: &str, text: &str) -> Event {
    Event::message(NOON, text).channel("whatsapp").account("main").sender(id)
}

fn said(verdict: &Verdict) -> (Decision, &str) {
    (verdict.decision, &verdict.reason)
}

fn request(expires_in: u64) -> PairingRequest {
    PairingRequest {
        channel: "WhatsApp".to_owned(),
        account: Some("main".to_owned()),
        name: "Ann".to_owned(),
        capabilities: Capabilities::default(),
        expires_in,
    }
}

/// Makes a code, as it is shown.
fn code(people: &People, entropy: u8) -> String {
    let bytes = std::array::from_fn(|index| entropy.wrapping_mul(31).wrapping_add(index as u8 * 7));
    people.start_pairing(&request(HOUR), NOON, OWNER, bytes).unwrap().0.to_string()
}

/// Changes the bytes of every record of a table, as a broken disk would, and gives what was there.
fn damage(store: &Arc<dyn Store>, table: Table) -> Vec<Write> {
    let mut before = Vec::new();
    for row in store.changes(table, 0, usize::MAX).unwrap() {
        let Some(value) = row.value else { continue };
        let mut broken = value.clone();
        *broken.last_mut().unwrap() ^= 1;
        let write = |value| Write { table, key: row.key.clone(), expect: Expect::Anything, value: Some(value) };
        let _ = store.commit(&[write(broken)]).unwrap();
        before.push(write(value));
    }
    before
}

#[test]
fn corrupt_registry_never_becomes_empty() {
    let store = store();
    open(&store).block(&who("+15550100666"), NOON, Actor::Terminal).unwrap();
    let running = gate(&store, "");
    assert_eq!(said(&running.check(&message("+15550100666", "hello"))), (Decision::Drop, "blocked sender"));
    let rows = store.changes(Table::Person, 0, usize::MAX).unwrap().len();

    let sound = damage(&store, Table::Person);
    assert!(People::open(Arc::clone(&store), &keys()).is_err());
    for mode in ["", "mode = \"observe\""] {
        let began_after = gate(&store, &format!("{mode}\n[closed]\nmessage = \"hold\""));
        for gate in [&running, &began_after] {
            let verdict = gate.check(&message("+15550100666", "hello"));
            assert_ne!(verdict.decision, Decision::Allow, "{mode}");
            assert!(verdict.degraded.iter().any(|degraded| degraded.station == "people"), "{verdict:?}");
        }
        assert!(began_after.people().approve(&who("+15550100666"), Capabilities::ALL, NOON, OWNER).is_err());
    }
    assert_eq!(store.changes(Table::Person, 0, usize::MAX).unwrap().len(), rows, "nothing was written over it");

    let _ = store.commit(&sound).unwrap();
    let verdict = running.check(&message("+15550100666", "hello"));
    assert_eq!(said(&verdict), (Decision::Drop, "blocked sender"));
    assert!(verdict.degraded.is_empty(), "it goes on by itself once the record is whole: {verdict:?}");
}

#[test]
fn another_key_is_told_and_not_taken_for_an_empty_registry() {
    let store = store();
    open(&store).block(&who(ANN), NOON, OWNER).unwrap();
    let other = Keys::new(std::array::from_fn(|index| index as u8 + 1)).unwrap();
    let error = People::open(Arc::clone(&store), &other).unwrap_err();
    assert!(error.to_string().contains("another key"), "{error}");
}

#[test]
fn lost_updates_between_cli_and_gateway() {
    let store = store();
    let (cli, gateway) = (open(&store), open(&store));
    thread::scope(|scope| {
        for (number, people) in [&cli, &gateway, &cli, &gateway].into_iter().enumerate() {
            scope.spawn(move || {
                for round in 0..50 {
                    let own = who(&format!("+1555010{number}{round:03}"));
                    people.approve(&own, Capabilities::default(), NOON, OWNER).unwrap();
                    let shared = who(ANN);
                    match number {
                        0 => people.rename(&shared, &format!("name {round}"), NOON, OWNER).map(|_| ()),
                        1 => people.note(&shared, &format!("note {round}"), NOON, OWNER).map(|_| ()),
                        2 => people.approve(&shared, Capabilities::ALL, NOON, OWNER).map(|_| ()),
                        _ => people.link(&shared, &who("+15550109999"), NOON, OWNER).map(|_| ()),
                    }
                    .unwrap();
                }
            });
        }
    });
    for people in [&cli, &gateway, &open(&store)] {
        assert_eq!(people.stats().approved, 202, "200 of their own, the shared one and the linked one");
        let shared = people.show(&who(ANN)).unwrap().unwrap();
        assert_eq!((&*shared.name, &*shared.note, shared.linked.len()), ("name 49", "note 49", 1));
        assert_eq!(people.standing(&who("+15550109999")), Standing::Approved);
    }
}

#[test]
fn pending_code_is_not_in_the_answer() {
    let store = store();
    let gate = gate(&store, "");
    let code = code(gate.people(), 1);
    let plain = code.replace('-', "");
    let mut told = String::new();
    for text in ["hello", "AAAA-AAAA", &code] {
        let event = message(ANN, text);
        told += &format!("{:?}\n", gate.inquire(&event).verdict());
        let verdict = gate.check(&event);
        told += &format!("{verdict:?}\n{}\n", serde_json::to_string(&verdict).unwrap());
    }
    assert_eq!(gate.people().standing(&who(ANN)), Standing::Approved);
    told += &format!("{:?} {:?}\n", gate.people(), gate.people().pairing().list(NOON));
    let journal = Journal::new(Arc::clone(&store), keys().sealer());
    journal
        .hand_over(|deeds| {
            for noted in deeds {
                told += &serde_json::to_string(&noted.deed).unwrap();
            }
            true
        })
        .unwrap();
    assert!(told.contains("pairing_started") && told.contains("\"paired\""), "the deeds are told: {told}");
    assert!(!told.contains(&code) && !told.contains(&plain), "{told}");
    for table in Table::ALL {
        for row in store.changes(table, 0, usize::MAX).unwrap() {
            let value = row.value.unwrap_or_default();
            assert!(!value.windows(8).any(|part| part == plain.as_bytes()), "in the table {}", table.name());
        }
    }
}

#[test]
fn prefix_of_an_id_is_somebody_else() {
    let store = store();
    let gate = gate(&store, "");
    gate.people().approve(&who("+1555010012"), Capabilities::default(), NOON, OWNER).unwrap();
    assert_eq!(
        gate.check(&message("+1 (555) 010-012", "hello")).decision,
        Decision::Allow,
        "the same in another dress"
    );
    for id in ["+15550100123", "+155501001", "1555010012@lid", "x+1555010012", ""] {
        assert_eq!(said(&gate.check(&message(id, "hello"))), (Decision::Drop, "unknown sender"), "{id}");
    }
    for other in [message("+1555010012", "hello").account("work"), message("+1555010012", "hello").channel("signal")] {
        assert_eq!(said(&gate.check(&other)), (Decision::Drop, "unknown sender"), "another account, another channel");
    }
}

#[test]
fn ids_that_differ_only_by_unicode_form_are_kept_apart_where_somebody_else_may_own_them() {
    let store = store();
    let gate = gate(&store, "");
    let composed = person("webchat", None, "J\u{e9}r\u{f4}me").unwrap();
    gate.people().approve(&composed, Capabilities::default(), NOON, OWNER).unwrap();
    let by = |id: &str| gate.check(&Event::message(NOON, "hello").channel("webchat").sender(id)).decision;
    assert_eq!(by("J\u{e9}r\u{f4}me"), Decision::Allow);
    assert_eq!(by("Je\u{301}ro\u{302}me"), Decision::Drop);
    assert_eq!(by("\u{ff2a}\u{e9}r\u{f4}me"), Decision::Drop);
}

#[test]
fn an_id_of_a_megabyte_is_nobody_and_costs_nothing() {
    let store = store();
    let gate = gate(&store, "");
    let id = "9".repeat(1 << 20);
    let error = person("whatsapp", None, &id).unwrap_err().to_string();
    assert!(error.len() < 300, "{} bytes", error.len());
    for channel in ["whatsapp", "webchat"] {
        let verdict = gate.check(&message(&id, "hello").channel(channel));
        assert_eq!(said(&verdict), (Decision::Drop, "unknown sender"));
    }
    assert!(
        gate.people().strangers().list().unwrap().strangers.is_empty(),
        "nobody is listed who could not be approved"
    );
}

#[test]
fn block_beats_everything() {
    let blocked = (Decision::Drop, "blocked sender");
    let listed =
        |standing: &str| format!("[[sender]]\nchannel = \"whatsapp\"\nid = \"{ANN}\"\nstanding = \"{standing}\"\n");
    for standing in ["approved", "owner"] {
        let store = store();
        let gate = gate(&store, &listed(standing));
        assert_eq!(gate.check(&message(ANN, "hello")).decision, Decision::Allow);
        gate.people().block(&who(ANN), NOON, Actor::Terminal).unwrap();
        assert_eq!(said(&gate.check(&message(ANN, "hello"))), blocked, "{standing} by the settings");
    }
    let store = store();
    let gate = gate(&store, &listed("blocked"));
    gate.people().approve(&who(ANN), Capabilities::ALL, NOON, OWNER).unwrap();
    assert_eq!(said(&gate.check(&message(ANN, "hello"))), blocked, "blocked by the settings");

    let second = who("+1 555 010-0124");
    gate.people().approve(&second, Capabilities::ALL, NOON, OWNER).unwrap();
    assert_eq!(gate.check(&message("+15550100124", "hello")).decision, Decision::Allow);
    gate.people().link(&second, &who(ANN), NOON, OWNER).unwrap();
    assert_eq!(
        said(&gate.check(&message("+15550100124", "hello"))),
        blocked,
        "linked with one whom the settings block"
    );

    let everywhere = person("whatsapp", None, "+1 555 010-0125").unwrap();
    gate.people().approve(&who("+1 555 010-0125"), Capabilities::ALL, NOON, OWNER).unwrap();
    gate.people().block(&everywhere, NOON, OWNER).unwrap();
    assert_eq!(said(&gate.check(&message("+1 555 010-0125", "hello"))), blocked, "blocked on every account");
    assert_eq!(gate.people().approve(&everywhere, Capabilities::ALL, NOON, OWNER), Err(PeopleError::Blocked));
}

#[test]
fn unblocked_is_unknown_and_not_what_was_before() {
    let people = open(&store());
    let ann = who(ANN);
    people.approve(&ann, Capabilities::ALL, NOON, OWNER).unwrap();
    people.block(&ann, NOON + 1, OWNER).unwrap();
    assert!(!people.block(&ann, NOON + 2, OWNER).unwrap().changed);
    let outcome = people.unblock(&ann, NOON + 3, OWNER).unwrap();
    assert_eq!((outcome.before, outcome.after, outcome.changed), (Standing::Blocked, Standing::Unknown, true));
    assert_eq!(people.standing(&ann), Standing::Unknown);
    assert_eq!(people.unblock(&ann, NOON + 4, OWNER), Err(PeopleError::NotBlocked));
    assert_eq!(people.capabilities(&ann, Capabilities::ALL, NOON, OWNER), Err(PeopleError::NotApproved));
    assert_eq!(people.revoke(&ann, NOON, OWNER), Err(PeopleError::NotApproved));
    assert!(people.list().unwrap().is_empty(), "nothing is said of anybody any more");
}

/// A code lets in for one account; `sender block` is meant for all of them, and so is `unblock`.
#[test]
fn a_block_for_every_account_takes_back_what_single_ones_had_given() {
    let people = open(&store());
    let (everywhere, main) = (person("whatsapp", None, ANN).unwrap(), who(ANN));
    people.approve(&main, Capabilities::ALL, NOON, OWNER).unwrap();
    assert_eq!(people.accounts(&everywhere).unwrap(), std::slice::from_ref(&main));
    let outcome = people.block(&everywhere, NOON + 1, OWNER).unwrap();
    assert_eq!((outcome.after, outcome.linked), (Standing::Blocked, 0));
    people.unblock(&everywhere, NOON + 2, OWNER).unwrap();
    assert_eq!(people.standing(&main), Standing::Unknown, "nobody is let in again by the way");
    assert!(people.list().unwrap().is_empty());
}

#[test]
fn linked_ids_are_one_person() {
    let store = store();
    let people = open(&store);
    let ids: Vec<Person> = (0..18).map(|number| who(&format!("+155501001{number:02}"))).collect();
    let (phone, tablet, other) = (&ids[0], &ids[1], &ids[2]);
    people.approve(phone, Capabilities::ALL, NOON, OWNER).unwrap();
    let outcome = people.link(tablet, phone, NOON, OWNER).unwrap();
    assert_eq!((outcome.after, outcome.linked), (Standing::Approved, 1), "the one of whom nothing was said takes over");
    assert!(!people.link(phone, tablet, NOON, OWNER).unwrap().changed);
    people.link(phone, other, NOON, OWNER).unwrap();
    people.block(other, NOON, OWNER).unwrap();
    assert!(ids[..3].iter().all(|id| people.standing(id) == Standing::Blocked), "block of one blocks all");
    let outcome = people.unblock(phone, NOON, OWNER).unwrap();
    assert_eq!(outcome.linked, 2);
    people.approve(tablet, Capabilities::default(), NOON, OWNER).unwrap();
    let outcome = people.unlink(other, NOON, OWNER).unwrap();
    assert_eq!((outcome.after, outcome.linked), (Standing::Approved, 2), "it keeps what it had");
    people.block(other, NOON, OWNER).unwrap();
    assert_eq!(people.standing(phone), Standing::Approved, "and is somebody else from then on");
    assert_eq!(people.unlink(other, NOON, OWNER), Err(PeopleError::NotLinked));
    for id in &ids[3..17] {
        people.link(phone, id, NOON, OWNER).unwrap();
    }
    assert_eq!(people.link(phone, &ids[17], NOON, OWNER), Err(PeopleError::TooManyLinked));
    assert_eq!(people.standing(&ids[16]), Standing::Approved);
    assert_eq!(open(&store).stats(), people.stats(), "memory is what the store says");
}

/// What the agent may have done is what the owner has said, and no more.
#[test]
fn capabilities_are_facts_that_the_starter_policy_obeys() {
    let store = store();
    let gate = gate(&store, "");
    let call = |name: &str, arguments: &str| {
        let mut event = Event::tool_call(NOON, name, serde_json::from_str(arguments).unwrap());
        event = event.channel("whatsapp").account("main").sender(ANN);
        gate.check(&event).reason.to_string()
    };
    let cases = [
        ("bash", "{\"command\":\"ls\"}", Capability::RunJobs, "sender may not have commands run"),
        ("read_file", "{\"path\":\"notes.txt\"}", Capability::Files, "sender may not have files touched"),
        ("fetch", "{\"url\":\"https://example.org\"}", Capability::Network, "sender may not reach the network"),
    ];
    gate.people().approve(&who(ANN), Capabilities::default(), NOON, OWNER).unwrap();
    for (name, arguments, _, reason) in cases {
        assert_eq!(call(name, arguments), reason);
    }
    for (name, arguments, capability, _) in cases {
        let more = Capabilities::default().with(capability);
        gate.people().capabilities(&who(ANN), more, NOON, OWNER).unwrap();
        assert_eq!(call(name, arguments), "", "{name} with {more}");
    }
    gate.people().capabilities(&who(ANN), Capabilities::NONE, NOON, OWNER).unwrap();
    assert_eq!(said(&gate.check(&message(ANN, "hello"))), (Decision::Drop, "sender may not chat"));
}

#[test]
fn what_the_store_approves_opens_no_group() {
    let store = store();
    let group = "[[group]]\nchannel = \"whatsapp\"\nid = \"g1\"\nrequire_mention = false\nsenders = [\"+15550100777\"]\n\
        [[group]]\nchannel = \"whatsapp\"\nid = \"g2\"\nmention_patterns = [\"hey bot\"]\nsenders = [\"+15550100777\"]\n";
    let gate = gate(&store, group);
    gate.people().approve(&who(ANN), Capabilities::ALL, NOON, OWNER).unwrap();
    let there = |id: &str, group: &str, text: &str| gate.check(&message(id, text).group(group)).reason.to_string();
    assert_eq!(there(ANN, "g1", "hello"), "unknown sender");
    assert_eq!(there("+15550100777", "g1", "hello"), "");
    assert_eq!(there("+15550100777", "g2", "hello"), "not addressed");
    assert_eq!(there("+15550100777", "g2", "Hey BOT, hello"), "");
    assert_eq!(there("+15550100777", "g3", "hey bot"), "unknown sender", "approved in its groups alone");
    assert_eq!(said(&gate.check(&message("+15550100777", "hello"))).1, "unknown sender", "and not in direct chats");
    gate.people().block(&who("+15550100777"), NOON, OWNER).unwrap();
    assert_eq!(there("+15550100777", "g1", "hello"), "blocked sender");
    let code = code(gate.people(), 1);
    assert_eq!(there("+15550100888", "g1", &code), "unknown sender");
    assert_eq!(gate.people().standing(&who("+15550100888")), Standing::Unknown, "no code is read in a group");
}

#[test]
fn direct_chats_are_as_the_settings_say_of_channel_and_account() {
    let settings = "dm_policy = \"allowlist\"\n\
        [[dm]]\nchannel = \"whatsapp\"\npolicy = \"disabled\"\n\
        [[dm]]\nchannel = \"whatsapp\"\naccount = \"main\"\npolicy = \"allowlist\"\nallow = [\"+15550100777\"]\n\
        [[dm]]\nchannel = \"webchat\"\npolicy = \"open\"\nallow = [\"*\"]\n";
    let store = store();
    let gate = gate(&store, settings);
    gate.people().approve(&person("whatsapp", None, ANN).unwrap(), Capabilities::default(), NOON, OWNER).unwrap();
    let cases = [
        (message(ANN, "hello"), ""),
        (message("+15550100777", "hello"), ""),
        (message("+15550100778", "hello"), "unknown sender"),
        (message(ANN, "hello").account("work"), "direct messages are disabled"),
        (message("+15550100777", "hello").account("work"), "unknown sender"),
        (message("anybody", "hello").channel("webchat"), ""),
        (message("anybody", "hello").channel("webchat").group("g"), "unknown sender"),
        (message("@ana", "hello").channel("telegram"), "unknown sender"),
    ];
    for (event, reason) in cases {
        assert_eq!(&*gate.check(&event).reason, reason, "{event:?}");
    }
    let code = code(gate.people(), 1);
    assert_eq!(&*gate.check(&message("+15550100779", &code)).reason, "unknown sender", "no codes with an allowlist");
    for (wrong, part) in [
        ("[[dm]]\nchannel = \"webchat\"\npolicy = \"open\"", "needs `allow = [\"*\"]`"),
        ("[[dm]]\nchannel = \"webchat\"\npolicy = \"open\"\nallow = [\"ann\"]", "needs `allow = [\"*\"]`"),
        ("[[dm]]\nchannel = \"webchat\"\nallow = [\"*\"]", "needs `policy = \"open\"`"),
        ("[[dm]]\nchannel = \"webchat\"\nallow = [\"a*\"]", "whole id"),
        ("[[dm]]\nchannel = \"webchat\"\n[[dm]]\nchannel = \"WebChat\"", "two [[dm]]"),
        ("dm_policy = \"open\"", "open one channel"),
        ("[[group]]\nchannel = \"webchat\"\nid = \"*\"", "no wildcards"),
        ("[[group]]\nchannel = \"webchat\"\nid = \"g\"\nmention_patterns = [\"@\"]", "no letter or digit"),
        (
            "[[sender]]\nchannel = \"x\"\nid = \"y\"\nstanding = \"approved\"\ncapabilities = [\"fly\"]",
            "no capability `fly`",
        ),
    ] {
        let error = Settings::parse("sluicegate.toml", &format!("format = 1\n{wrong}")).unwrap_err().to_string();
        assert!(error.contains(part), "{wrong}: {error}");
    }
}

#[test]
fn a_code_is_read_however_it_is_written_and_works_once() {
    let store = store();
    let gate = gate(&store, "");
    for (number, dress) in ["as is", "lower", "blanks", "no dash", "long dash"].into_iter().enumerate() {
        let code = code(gate.people(), number as u8);
        let written = match dress {
            "lower" => code.to_lowercase(),
            "blanks" => format!("  {}\n", code.chars().map(|c| format!("{c} ")).collect::<String>()),
            "no dash" => code.replace('-', ""),
            "long dash" => code.replace('-', "\u{2014}"),
            _ => code,
        };
        let id = format!("+1555010020{number}");
        let verdict = gate.check(&message(&id, &written));
        assert_eq!(said(&verdict), (Decision::Drop, "has paired"), "{dress}");
        assert_eq!(verdict.reply.as_deref(), Some("You are connected."));
        assert!(verdict.notices.iter().any(|notice| notice.text.starts_with("Ann has written the pairing code")));
        assert_eq!(gate.check(&message(&id, "hello")).decision, Decision::Allow);
        assert_eq!(gate.people().show(&who(&id)).unwrap().unwrap().name, "Ann");
        assert_eq!(said(&gate.check(&message("+15550100299", &written))).1, "unknown sender", "used up");
    }
    assert!(gate.people().pairing().list(NOON).is_empty());
}

#[test]
fn of_many_who_write_a_code_at_once_one_is_paired() {
    let store = store();
    let gates = [gate(&store, ""), gate(&store, "")];
    let code = code(gates[0].people(), 3);
    let paired: usize = thread::scope(|scope| {
        let tries: Vec<_> = (0..16)
            .map(|number| {
                let (gate, code) = (&gates[number % 2], &code);
                scope.spawn(move || {
                    let verdict = gate.check(&message(&format!("+155501003{number:02}"), code));
                    usize::from(&*verdict.reason == "has paired")
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!((paired, open(&store).stats().approved), (1, 1));
}

#[test]
fn a_code_is_worth_nothing_elsewhere_later_or_once_it_is_taken_back() {
    let store = store();
    let gate = gate(&store, "");
    let code = code(gate.people(), 4);
    let unknown = "unknown sender";
    for (event, what) in [
        (message(ANN, &code).account("work"), "another account"),
        (message(ANN, &code).channel("signal"), "another channel"),
        (message("", &code), "nobody"),
        (message(ANN, &format!("my code is {code}")), "more than the code"),
    ] {
        assert_eq!(&*gate.check(&event).reason, unknown, "{what}");
    }
    for (at, what) in [(NOON + HOUR, "expired"), (NOON - 365 * 24 * HOUR, "the clock was turned back by a year")] {
        let mut event = message(ANN, &code);
        event.at = at;
        assert_eq!(&*gate.check(&event).reason, unknown, "{what}");
    }
    gate.people().block(&who("+15550100666"), NOON, OWNER).unwrap();
    assert_eq!(&*gate.check(&message("+15550100666", &code)).reason, "blocked sender", "a code lifts no block");
    let id = gate.people().pairing().list(NOON)[0].id.clone();
    gate.people().revoke_pairing(&id, NOON, Actor::Terminal).unwrap();
    assert_eq!(gate.people().revoke_pairing(&id, NOON, Actor::Terminal), Err(PeopleError::NoCode));
    assert_eq!(&*gate.check(&message(ANN, &code)).reason, unknown, "taken back");
}

#[test]
fn a_sender_has_five_attempts_and_burns_no_code_of_others() {
    let store = store();
    let gate = gate(&store, "");
    let code = code(gate.people(), 5);
    for attempt in 0..Pairing::ATTEMPTS {
        let verdict = gate.check(&message(ANN, &format!("AAAA-AAA{}", char::from(b'A' + attempt))));
        assert_eq!(&*verdict.reason, "unknown sender");
        assert!(verdict.notices.is_empty());
    }
    assert_eq!(&*gate.check(&message(ANN, &code)).reason, "unknown sender", "the sixth, and right");
    assert_eq!(&*gate.check(&message("+15550100124", &code)).reason, "has paired", "somebody else's first");
}

#[test]
fn guessing_from_many_accounts_closes_the_code_and_tells_the_owner() {
    let store = store();
    let gate = gate(&store, "[[dm]]\nchannel = \"webchat\"");
    let request = PairingRequest { channel: "webchat".to_owned(), account: None, ..request(HOUR) };
    let (code, made) = gate.people().start_pairing(&request, NOON, OWNER, [9; 8]).unwrap();
    let write = |sender: u32, text: &str| {
        gate.check(&Event::message(NOON, text).channel("webchat").sender(format!("s{sender}")))
    };
    let mut notices = Vec::new();
    for guess in 0..Pairing::GUESSES {
        notices.extend(write(guess / 5, "BBBB BBBB").notices);
    }
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].text.contains(&made.id) && !notices[0].text.contains(&code.to_string()));
    assert_eq!(&*write(999_999, &code.to_string()).reason, "unknown sender", "closed");
}

#[test]
fn with_confirm_the_sender_waits_for_the_owner() {
    let store = store();
    let gate = gate(&store, "[pairing]\nconfirm = true");
    let code = code(gate.people(), 6);
    let verdict = gate.check(&message(ANN, &code));
    assert_eq!(said(&verdict), (Decision::Drop, "sender waits for approval"));
    assert!(verdict.reply.is_none() && verdict.notices[0].text.contains("waits until you approve"));
    assert_eq!(gate.people().standing(&who(ANN)), Standing::Pending);
    gate.people().approve(&who(ANN), Capabilities::default(), NOON, OWNER).unwrap();
    assert_eq!(gate.check(&message(ANN, "hello")).decision, Decision::Allow);
}

#[test]
fn at_most_a_hundred_codes_wait_and_old_ones_make_room() {
    let people = open(&store());
    let new =
        |number: u8, at| people.start_pairing(&request(HOUR), at, OWNER, [number / 32, number % 32, 1, 2, 3, 4, 5, 6]);
    for number in 0..100 {
        new(number, NOON).unwrap();
    }
    assert_eq!(new(100, NOON).unwrap_err(), PeopleError::TooManyCodes(100));
    assert_eq!(people.pairing().list(NOON).len(), 100);
    new(100, NOON + HOUR).unwrap();
    assert_eq!(people.pairing().list(NOON + HOUR).len(), 1);
}

/// From outside, and in the verdict too: a wrong code is a message as any other, whether codes wait or not.
#[test]
fn a_stranger_cannot_tell_whether_codes_wait() {
    let (none, some) = (store(), store());
    let (without, with) = (gate(&none, ""), gate(&some, ""));
    code(with.people(), 7);
    for text in ["hello", "AAAA-AAAA", "thursday"] {
        let event = message("+15550100300", text).id("m");
        let answers = [&without, &with].map(|gate| serde_json::to_string(&gate.check(&event)).unwrap());
        assert_eq!(answers[0], answers[1], "{text}");
    }
}

/// Whatever call of the store fails: the code waits still, or it was spent for one sender who is approved.
#[test]
fn a_store_that_breaks_half_way_loses_no_code_and_pairs_at_most_one() {
    let mut tried = 0;
    for every in [2, 3, 5, 7, 11, 13] {
        let store: Arc<dyn Store> = Arc::new(FaultyStore::new(MemoryStore::default(), Fault::Fail, every));
        let again = || (0..100).find_map(|_| People::open(Arc::clone(&store), &keys()).ok()).unwrap();
        // A gate that cannot read whether it has to be sealed does not begin.
        let Some(gate) = (0..100).find_map(|_| built(&store, "").ok()) else { continue };
        let make = || gate.people().start_pairing(&request(HOUR), NOON, OWNER, [3; 8]).ok();
        let Some((code, _)) = (0..100).find_map(|_| make()) else { continue };
        tried += 1;
        let mut told = 0;
        for number in 0..40 {
            let _ = gate.people().refresh();
            let verdict = gate.check(&message(&format!("+155501004{number:02}"), &code.to_string()));
            told += usize::from(&*verdict.reason == "has paired");
        }
        let people = again();
        let (approved, waiting) = (people.stats().approved, people.pairing().list(NOON).len());
        assert_eq!(approved + waiting, 1, "every {every}th call: {approved} approved, {waiting} waiting");
        assert!(told <= approved, "every {every}th call");
    }
    assert!(tried >= 3, "only {tried} of the gates could begin");
}

#[test]
fn where_the_settings_want_it_a_stranger_is_answered_with_a_code_for_the_owner() {
    let store = store();
    let silent = gate(&store, "");
    assert_eq!(silent.check(&message(ANN, "hello")).reply, None, "off by default");
    let gate = gate(&store, "[pairing]\nby_sender = true");
    let ask = |id: &str| gate.check(&message(id, "hello")).reply;
    let reply = ask(ANN).unwrap();
    let code = reply.rsplit(' ').next().unwrap();
    assert_eq!(ask(ANN), None, "once");
    assert!(ask("+15550100601").is_some() && ask("+15550100602").is_some());
    assert_eq!(ask("+15550100603"), None, "three wait");
    assert!(gate.check(&message("+15550100603", "hello").account("work")).reply.is_some(), "for each account");
    assert_eq!(gate.check(&message("+15550100604", "hello").account("club").group("g")).reply, None);
    assert_eq!(&*gate.check(&message("+15550100601", code)).reason, "unknown sender", "to write it does nothing");
    assert_eq!(gate.people().standing(&who(ANN)), Standing::Unknown);
    assert_eq!(gate.people().approve_pairing("AAAAAAAA", Capabilities::ALL, NOON, OWNER), Err(PeopleError::NoCode));
    assert_eq!(gate.people().approve_pairing(code, Capabilities::ALL, NOON + HOUR, OWNER), Err(PeopleError::NoCode));
    assert_eq!(gate.people().approve_pairing(&code.to_lowercase(), Capabilities::ALL, NOON, OWNER), Ok(who(ANN)));
    assert_eq!(gate.check(&message(ANN, "hello")).decision, Decision::Allow);
    let owners = gate.people().start_pairing(&request(HOUR), NOON, OWNER, [5; 8]).unwrap().0.to_string();
    assert_eq!(gate.people().approve_pairing(&owners, Capabilities::ALL, NOON, OWNER), Err(PeopleError::NoCode));
}

#[test]
fn who_knocked_is_listed_without_a_word_of_the_text() {
    let store = store();
    let gate = gate(&store, "");
    let mut event = message("+1 555 010-0301", "a secret text");
    event.sender.as_mut().unwrap().name = "N".repeat(500);
    for minute in 0..3 {
        event.at = NOON + minute * 60_000;
        let _ = gate.check(&event);
    }
    let _ = gate.check(&message("+1 555 010-0302", "x").group("g1"));
    let _ = gate.check(&Event::reply(NOON, "x").channel("whatsapp").sender("+1 555 010-0303"));
    let knocked = gate.people().strangers().list().unwrap();
    let [stranger] = knocked.strangers.as_slice() else { panic!("{knocked:?}") };
    assert_eq!((stranger.count, stranger.first, stranger.last), (3, NOON, NOON + 120_000));
    assert_eq!((&*stranger.who.id, stranger.name.len(), stranger.seen), ("+15550100301", 64, false));
    assert!(!serde_json::to_string(stranger).unwrap().contains("secret text"));
    let found = gate.people().strangers().find(stranger.number).unwrap();
    gate.people().approve(&found.who, Capabilities::default(), NOON, OWNER).unwrap();
    assert!(gate.people().strangers().list().unwrap().strangers.is_empty(), "no stranger any more");
    assert_eq!(gate.people().strangers().find(stranger.number), Err(PeopleError::NoStranger(stranger.number)));
}

/// Every message of a stranger is either listed or counted, and whom the owner has not seen stays. 20,000 strangers;
/// `STRANGERS=all` for a million.
#[test]
fn a_flood_of_strangers_pushes_out_nobody_unseen_without_saying_so() {
    let all = std::env::var("STRANGERS").is_ok_and(|all| all == "all");
    let flood: u64 = if all { 1_000_000 } else { 20_000 };
    let store = store();
    let gate = gate(&store, "");
    let write = |id: String| gate.check(&Event::message(NOON, "x").channel("webchat").sender(id));
    let _ = write("first".to_owned());
    let _ = gate.people().strangers().list().unwrap();
    for number in 0..flood {
        let _ = write(format!("flood {number}"));
    }
    let knocked = gate.people().strangers().list().unwrap();
    assert_eq!(knocked.strangers.len(), Strangers::MOST);
    assert!(knocked.strangers.iter().any(|stranger| stranger.who.id == "first"), "unseen, so it stays");
    let listed: u64 = knocked.strangers.iter().map(|stranger| stranger.count).sum();
    assert_eq!(listed + knocked.not_kept, flood + 1, "nobody is lost without being counted");

    gate.people().strangers().mark_seen(&knocked).unwrap();
    let _ = write("later".to_owned());
    let knocked = gate.people().strangers().list().unwrap();
    assert_eq!((knocked.strangers.len(), knocked.not_kept), (Strangers::MOST, 0));
    assert!(knocked.strangers.iter().any(|stranger| stranger.who.id == "later"), "who was seen makes room");
}

#[test]
fn strangers_reach_the_store_by_themselves_and_at_the_end() {
    let store = store();
    let gate = gate(&store, "");
    let _ = gate.check(&message("+1 555 010-0301", "x"));
    drop(gate);
    assert_eq!(open(&store).strangers().list().unwrap().strangers.len(), 1);
}

#[test]
fn every_change_has_its_deed_and_no_change_has_none() {
    let store = store();
    let people = open(&store);
    let (ann, bob) = (who(ANN), who("+15550100124"));
    people.approve(&ann, Capabilities::default(), NOON, OWNER).unwrap();
    people.approve(&ann, Capabilities::default(), NOON, OWNER).unwrap();
    people.capabilities(&ann, Capabilities::ALL, NOON, OWNER).unwrap();
    people.rename(&ann, "Ann", NOON, OWNER).unwrap();
    people.note(&ann, "met at the market", NOON, OWNER).unwrap();
    people.link(&ann, &bob, NOON, OWNER).unwrap();
    people.unlink(&bob, NOON, OWNER).unwrap();
    people.revoke(&ann, NOON, OWNER).unwrap();
    people.block(&ann, NOON, Actor::Terminal).unwrap();
    people.unblock(&ann, NOON, OWNER).unwrap();
    let mut done = Vec::new();
    let journal = Journal::new(Arc::clone(&store), keys().sealer());
    journal
        .hand_over(|deeds| {
            done.extend(deeds.iter().map(|noted| noted.deed.what.clone()));
            true
        })
        .unwrap();
    let expected =
        ["approved", "capabilities", "named", "noted", "linked", "unlinked", "revoked", "blocked", "unblocked"];
    assert_eq!(done, expected);
}

/// What a check needs to know of a person takes little memory. 2,000 people; `PEOPLE=all` for a million.
#[test]
fn a_person_takes_at_most_150_bytes_of_memory() {
    let all = std::env::var("PEOPLE").is_ok_and(|all| all == "all");
    let count = if all { 1_000_000 } else { 2_000 };
    let people = open(&store());
    for number in 0..count {
        people
            .approve(&person("webchat", None, &format!("p{number}")).unwrap(), Capabilities::ALL, NOON, OWNER)
            .unwrap();
    }
    let stats = people.stats();
    println!("{} bytes for {} people", stats.bytes, stats.approved);
    // The parts of the map take some room of their own, which does not grow.
    assert!(stats.approved == count && stats.bytes <= 150 * count + 32_768, "{stats:?}");
}

#[derive(Clone, Debug)]
enum Op {
    Approve(usize),
    Block(usize),
    Unblock(usize),
    Revoke(usize),
    Link(usize, usize),
    Unlink(usize),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    /// However people are approved, blocked and linked, each standing is what a plain list of groups says, in memory, in the
    /// store and in another process; and nobody becomes blocked or unblocked by anything else.
    #[test]
    fn standings_are_those_of_a_plain_list(ops in prop::collection::vec(
        (0..6_usize, 0..5_usize, 0..5_usize).prop_map(|(op, one, other)| match op {
            0 => Op::Approve(one), 1 => Op::Block(one), 2 => Op::Unblock(one), 3 => Op::Revoke(one),
            4 => Op::Link(one, other), _ => Op::Unlink(one),
        }), 1..24)) {
        let store = store();
        let (people, other_process) = (open(&store), open(&store));
        let ids: Vec<Person> = (0..5).map(|number| who(&format!("+155501005{number:02}"))).collect();
        // The group of each id, and the standing of each group.
        let mut group: Vec<usize> = (0..5).collect();
        let mut standing: BTreeMap<usize, Standing> = (0..5).map(|number| (number, Standing::Unknown)).collect();
        let mut next = 5;
        for op in ops {
            match op {
                Op::Approve(id) => {
                    let blocked = standing[&group[id]] == Standing::Blocked;
                    let done = people.approve(&ids[id], Capabilities::default(), NOON, OWNER);
                    prop_assert_eq!(done.is_err(), blocked);
                    if !blocked { standing.insert(group[id], Standing::Approved); }
                }
                Op::Block(id) => {
                    people.block(&ids[id], NOON, OWNER).unwrap();
                    standing.insert(group[id], Standing::Blocked);
                }
                Op::Unblock(id) => {
                    if people.unblock(&ids[id], NOON, OWNER).is_ok() {
                        prop_assert_eq!(standing.insert(group[id], Standing::Unknown), Some(Standing::Blocked));
                    }
                }
                Op::Revoke(id) => {
                    if people.revoke(&ids[id], NOON, OWNER).is_ok() {
                        prop_assert_eq!(standing.insert(group[id], Standing::Unknown), Some(Standing::Approved));
                    }
                }
                Op::Link(one, other) => {
                    people.link(&ids[one], &ids[other], NOON, OWNER).unwrap();
                    let (kept, gone) = (group[one], group[other]);
                    let both = [standing[&kept], standing[&gone]];
                    let strongest = [Standing::Blocked, Standing::Approved].into_iter().find(|one| both.contains(one));
                    standing.insert(kept, strongest.unwrap_or(Standing::Unknown));
                    group.iter_mut().filter(|of| **of == gone).for_each(|of| *of = kept);
                }
                Op::Unlink(id) => {
                    let alone = group.iter().filter(|of| **of == group[id]).count() < 2;
                    prop_assert_eq!(people.unlink(&ids[id], NOON, OWNER).is_err(), alone);
                    let had = standing[&group[id]];
                    group[id] = next;
                    standing.insert(next, had);
                    next += 1;
                }
            }
            for (id, of) in ids.iter().zip(&group) {
                for people in [&people, &other_process] {
                    prop_assert_eq!(people.standing(id), standing[of]);
                }
            }
        }
        let fresh = open(&store);
        for (id, of) in ids.iter().zip(&group) {
            prop_assert_eq!(fresh.standing(id), standing[of]);
        }
    }
}
