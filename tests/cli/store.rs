//! The store as the owner meets it.
#![cfg(unix)]

use std::fs;
use std::sync::Arc;

use sluicegate::keys::{KeySource, Keys, Sealer};
use sluicegate::store::{Book, Expect, SqliteStore, Store, Table};

use crate::support::{Folder, Run, run, with_secret};

/// A folder as `init` leaves it, after a live check of one event.
fn begun() -> Folder {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init", "."]).code, Some(0));
    folder.write("secret", "four words by chance\n");
    let owner = with_secret(&folder, "owner init --secret-fd 3", "");
    assert_eq!(owner.code, Some(0), "{}", owner.err);
    let event = br#"{"id":"a","at":1764000000000,"channel":"telegram","sender":{"id":"@ana"},"text":"hello"}"#;
    assert_eq!(run(folder.path(), &["check", "--json", "--live"], event).code, Some(0));
    folder
}

/// Imports in the owner's name.
fn import(folder: &Folder, export: &str) -> Run {
    with_secret(folder, &format!("store import {export} --secret-fd 3"), "")
}

fn sealer(folder: &Folder) -> Sealer {
    Keys::load(&KeySource::File(folder.path().join("sluicegate.key"))).unwrap().sealer()
}

/// The records of people in the store of a folder.
fn people(folder: &Folder) -> Book<String> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("store.db"), 1_000).unwrap());
    Book::new(store, sealer(folder), Table::Person)
}

fn set(folder: &Folder, key: &[u8], value: Option<&str>) {
    let book = people(folder);
    let write = match value {
        Some(value) => book.put(key, Expect::Anything, &value.to_owned()).unwrap(),
        None => book.remove(key, Expect::Anything),
    };
    let _ = book.store().commit(&[write]).unwrap();
}

fn get(folder: &Folder, key: &[u8]) -> Option<String> {
    people(folder).read(key).unwrap().map(|kept| kept.value)
}

#[test]
fn looking_makes_no_store_and_a_live_check_does() {
    let folder = Folder::new();
    folder.run(&["init", "."]);
    folder.run(&["check", "--text", "hello"]);
    let missing = folder.run(&["store", "status"]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.contains("there is no store") && missing.err.contains("store.db"), "{}", missing.err);
    assert!(!folder.path().join("store.db").exists());

    let folder = begun();
    let status = folder.run(&["store", "status"]);
    assert_eq!((status.code, status.err.as_str()), (Some(0), ""), "{}", status.out);
    assert!(status.out.starts_with("store.db: schema 1, ") && status.out.contains("senders"), "{}", status.out);
    let json = folder.run(&["store", "status", "--json"]).verdicts().remove(0);
    assert_eq!((json["senders"].as_u64(), json["tables"]["person"]["records"].as_u64()), (Some(1), Some(0)));
    let check = folder.run(&["store", "check"]);
    assert_eq!((check.code, check.err.as_str()), (Some(0), ""), "{}", check.out);
}

#[test]
fn an_export_says_nothing_unless_it_is_asked_to() {
    let folder = begun();
    set(&folder, b"ana", Some("met at the market"));
    let sealed = folder.run(&["store", "export"]);
    assert_eq!((sealed.code, sealed.err.as_str()), (Some(0), ""));
    assert!(!sealed.out.contains("market") && sealed.out.contains("\"sealed\":"), "{}", sealed.out);
    let plain = folder.run(&["store", "export", "--plain", "plain.jsonl"]);
    assert_eq!(plain.code, Some(0), "{}", plain.err);
    assert!(plain.err.contains("keep it where you keep the key"), "{}", plain.err);
    assert!(fs::read_to_string(folder.path().join("plain.jsonl")).unwrap().contains("\"value\":\"met at the market\""));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(folder.path().join("plain.jsonl")).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o7777, 0o600);
    }
    let again = folder.run(&["store", "export", "plain.jsonl"]);
    assert!(again.code == Some(1) && again.err.contains("not overwritten"), "{}", again.err);
}

#[test]
fn what_is_imported_undoes_no_block_and_nothing_that_was_removed() {
    let folder = begun();
    set(&folder, b"ana", Some("approved"));
    set(&folder, b"bob", Some("approved"));
    set(&folder, b"cyd", Some("approved"));
    assert_eq!(folder.run(&["store", "export", "sealed.jsonl"]).code, Some(0));
    assert_eq!(folder.run(&["store", "export", "--plain", "plain.jsonl"]).code, Some(0));
    set(&folder, b"ana", Some("blocked"));
    set(&folder, b"bob", None);
    for export in ["sealed.jsonl", "plain.jsonl"] {
        let imported = import(&folder, export);
        assert_eq!(imported.code, Some(0), "{}", imported.err);
        let told =
            "0 records added, 4 there already, 1 kept as they are here, 1 removed here before, 1 sender joined\n";
        assert_eq!(imported.out, told);
        assert!(imported.err.contains("and did not"), "{}", imported.err);
        assert_eq!(get(&folder, b"ana").as_deref(), Some("blocked"));
        assert_eq!(get(&folder, b"bob"), None);
    }

    let unproved = folder.run(&["store", "import", "plain.jsonl"]);
    assert!(unproved.code == Some(2) && unproved.err.contains("only the owner may do this"), "{}", unproved.err);

    // Into a store of another key: only what was decrypted.
    let other = begun();
    for export in ["sealed.jsonl", "plain.jsonl"] {
        fs::copy(folder.path().join(export), other.path().join(export)).unwrap();
    }
    let refused = import(&other, "sealed.jsonl");
    assert!(refused.code == Some(1) && refused.err.contains("sealed.jsonl: line 2: "), "{}", refused.err);
    assert_eq!(get(&other, b"cyd"), None, "nothing of it was taken");
    let imported = import(&other, "plain.jsonl");
    assert_eq!(
        imported.out, "4 records added, 1 there already, 1 kept as they are here, 1 sender joined\n",
        "{}",
        imported.err
    );
    assert_eq!(get(&other, b"cyd").as_deref(), Some("approved"));
    let journal = other.run(&["store", "status", "--json"]).verdicts().remove(0);
    assert_eq!(journal["tables"]["journal"]["records"], 1, "the deed waits for the log");
}

#[test]
fn an_export_that_is_not_whole_changes_nothing() {
    let folder = begun();
    set(&folder, b"ana", Some("approved"));
    let whole = folder.run(&["store", "export"]).out;
    let lines: Vec<&str> = whole.lines().collect();
    let without = |from: usize, to: usize| [&lines[..from], &lines[to..]].concat().join("\n") + "\n";
    let last = lines.len() - 1;
    let cases = [
        ("no end", without(last, last + 1), "not whole"),
        ("one record less", without(1, 2), "not whole"),
        ("no beginning", without(0, 1), "line 1: the first line of an export is missing"),
        ("twice", whole.repeat(2), "something behind the end"),
        ("cut", whole[..whole.len() / 2].to_owned(), "line "),
        ("another format", whole.replacen("\"format\":1", "\"format\":2", 1), "line 1: format 2 is not known"),
        ("something else", "{\"hello\":1}\n".to_owned(), "line 1: this is no line of an export"),
        ("nothing", String::new(), "not whole"),
    ];
    let other = begun();
    fs::copy(folder.path().join("sluicegate.key"), other.path().join("sluicegate.key")).unwrap();
    for (what, text, told) in cases {
        other.write("export.jsonl", text);
        let imported = import(&other, "export.jsonl");
        assert!(imported.code == Some(1) && imported.err.contains(told), "{what}: {}", imported.err);
    }
    assert_eq!(get(&other, b"ana"), None);
}

#[test]
fn a_broken_store_closes_the_gate_until_somebody_decides() {
    let folder = begun();
    set(&folder, b"ana", Some("blocked"));
    let whole = folder.run(&["store", "recover"]);
    assert!(whole.code == Some(1) && whole.err.contains("nothing to recover"), "{}", whole.err);
    folder.write("store.db", "");
    for arguments in [&["check", "--live", "--text", "hello"][..], &["check", "--text", "hello"], &["store", "status"]]
    {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(run.err.contains("store.db is empty") && run.err.contains("store recover"), "{}", run.err);
    }
    let recovered = folder.run(&["store", "recover"]);
    assert_eq!(recovered.code, Some(0), "{}", recovered.err);
    assert!(
        recovered.out.contains("set aside as ") && recovered.out.contains("store.db.broken-empty"),
        "{}",
        recovered.out
    );
    assert!(folder.names().contains(&"store.db.broken-empty".to_owned()));
    assert_eq!(folder.run(&["check", "--live", "--text", "hello"]).code, Some(0));
}

#[test]
fn without_a_store_in_the_settings_the_commands_say_how_to_have_one() {
    let folder = Folder::new();
    for command in ["status", "check", "export", "recover"] {
        let run = folder.run(&["store", command]);
        assert!(run.code == Some(2) && run.err.contains("set `file` in `[store]`"), "{command}: {}", run.err);
    }
}
