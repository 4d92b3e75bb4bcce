//! `keys rotate`: a new key, and nobody who was blocked comes in by it.

use std::fs;
use std::sync::Arc;

use sluicegate::keys::{KeySource, Keys};
use sluicegate::sender::{Capabilities, People, Standing, person};
use sluicegate::store::{Actor, SqliteStore, Store};

use crate::support::{Folder, run};

const AT: u64 = 1_764_000_000_000;

fn open(folder: &Folder) -> (Arc<dyn Store>, Keys, Arc<People>) {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("store.db"), 1_000).unwrap());
    let keys = Keys::load(&KeySource::File(folder.path().join("key"))).unwrap();
    let people = People::open(Arc::clone(&store), &keys).unwrap();
    (store, keys, people)
}

/// A folder with a fixed key, a log and a store that knows two people.
fn folder() -> Folder {
    let folder = Folder::new();
    let settings =
        "format = 1\nkey = \"key\"\nrules = []\n[audit]\nfile = \"audit.jsonl\"\n[store]\nfile = \"store.db\"\n";
    folder.write("sluicegate.toml", settings);
    let key: [u8; 32] = std::array::from_fn(|index| index as u8);
    Keys::create_file(&folder.path().join("key"), key).unwrap();
    let (_, _, people) = open(&folder);
    let (bad, good) = ids();
    people.block(&bad, AT, Actor::OwnerAtTerminal).unwrap();
    people.approve(&good, Capabilities::default(), AT, Actor::OwnerAtTerminal).unwrap();
    folder
}

fn ids() -> (sluicegate::store::Person, sluicegate::store::Person) {
    (person("telegram", None, "@mallory").unwrap(), person("whatsapp", Some("main"), "+1 555 010-0123").unwrap())
}

fn check(folder: &Folder) -> String {
    let event = format!(
        "{{\"at\":{AT},\"channel\":\"telegram\",\"sender\":{{\"id\":\"@mallory\"}},\"chat\":{{\"id\":\"1\"}},\"text\":\"hello\"}}\n"
    );
    let run = run(folder.path(), &["check", "--json", "--live"], event.as_bytes());
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    run.verdicts()[0]["decision"].as_str().unwrap().to_owned()
}

#[test]
fn whoever_is_blocked_stays_blocked_under_a_new_key_and_the_log_tells_of_both() {
    let folder = folder();
    assert_eq!(check(&folder), "drop");
    let head = folder.run(&["audit", "head"]).out;
    let before = fs::read_to_string(folder.path().join("key")).unwrap();

    let rotated = folder.run(&["keys", "rotate"]);
    assert_eq!((rotated.code, rotated.err.as_str()), (Some(0), ""), "{}", rotated.out);
    let after = fs::read_to_string(folder.path().join("key")).unwrap();
    assert!(after.ends_with(&before) && after.lines().count() == 2, "the new key above the old one");
    let (store, keys, people) = open(&folder);
    let (bad, good) = ids();
    assert_eq!((people.standing(&bad), people.standing(&good)), (Standing::Blocked, Standing::Approved));
    drop((people, store));
    for told in [
        format!("key now holds the new key {}", keys.id()).as_str(),
        "sealed anew",
        "kept to read what is older: ec0f2b4d",
    ] {
        assert!(rotated.out.contains(told), "{told}: {}", rotated.out);
    }

    assert_eq!(check(&folder), "drop");
    let verified = folder.run(&["audit", "verify", "--head", head.trim()]);
    assert_eq!((verified.code, verified.err.as_str()), (Some(0), ""), "{}", verified.out);
    assert!(verified.out.contains("1 change of keys"), "{}", verified.out);
    assert!(verified.out.contains("the record is in the log as it was"), "{}", verified.out);
    // Under both pseudonyms: what was judged before and after; and what the owner did.
    let shown = folder.run(&["audit", "show", "--json", "telegram:@mallory"]).verdicts();
    let whats: Vec<_> = shown.iter().map(|record| record["what"].as_str().unwrap()).collect();
    assert_eq!(whats.iter().filter(|what| **what == "check").count(), 2, "{whats:?}");

    assert!(whats.contains(&"deed.blocked"), "{whats:?}");

    // Nothing is left to do; the old key is still needed by the log.
    let finished = folder.run(&["keys", "rotate", "--finish"]);
    assert_eq!((finished.code, finished.err.as_str()), (Some(0), ""), "{}", finished.out);
    assert!(finished.out.contains("kept to read what is older: ec0f2b4d"), "{}", finished.out);
    assert!(!finished.out.contains("sealed anew"), "{}", finished.out);
}

/// A process that had only the old key wrote once more after the rotation: its block must not be lost.
#[test]
fn a_block_by_a_process_with_the_old_key_is_found_at_the_next_start() {
    let folder = folder();
    let (store, _, people) = open(&folder);
    assert_eq!(folder.run(&["keys", "rotate"]).code, Some(0));
    let late = person("telegram", None, "@late").unwrap();
    let (_, good) = ids();
    for who in [&late, &good] {
        people.block(who, AT, Actor::OwnerAtTerminal).unwrap();
    }
    drop((people, store));
    check(&folder);
    let (_store, _, people) = open(&folder);
    assert_eq!([&late, &good].map(|who| people.standing(who)), [Standing::Blocked; 2], "what was said last holds");
}

#[test]
fn a_rotation_is_refused_while_a_gateway_holds_the_log() {
    let folder = folder();
    let keys = Keys::load(&KeySource::File(folder.path().join("key"))).unwrap();
    let settings = sluicegate::audit::AuditSettings::new(folder.path().join("audit.jsonl"));
    let log = sluicegate::audit::AuditLog::open(&settings, &keys).unwrap();
    let before = fs::read(folder.path().join("key")).unwrap();
    let refused = folder.run(&["keys", "rotate"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("another process writes the audit log"), "{}", refused.err);
    assert_eq!(fs::read(folder.path().join("key")).unwrap(), before);
    drop(log);
    assert_eq!(folder.run(&["keys", "rotate"]).code, Some(0));
}

/// Where no gateway holds the log, a command that changes something brings that into the log itself.
#[test]
fn what_a_command_changes_is_in_the_log_when_it_ends() {
    let folder = folder();
    let locked = folder.run(&["lockdown", "on"]);
    assert_eq!(locked.code, Some(0), "{}", locked.err);
    let tail = folder.run(&["audit", "tail"]);
    assert_eq!((tail.code, tail.err.as_str()), (Some(0), ""));
    // The two people of before, and the lockdown.
    assert_eq!(tail.out.lines().filter(|line| line.contains(" deed ")).count(), 3, "{}", tail.out);
    assert!(tail.out.contains("by somebody at the terminal"), "{}", tail.out);
    let verified = folder.run(&["audit", "verify"]);
    assert!(verified.out.contains("3 changes of state"), "{}", verified.out);
}
