//! A new key: the chain goes on, verifies across, and nobody who has the old key can change either side of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;
use sluicegate::audit::{self, AuditError, AuditLog, AuditSettings, Content, HeadFound, Records, Verified, verify};
use sluicegate::keys::{KeyError, KeySource, Keys};
use sluicegate::rotation::{Rotation, RotationError};
use sluicegate::store::{Book, Commit, Expect, MemoryStore, Store, Table, Write};

use crate::{DAY, Folder, START, assert_fault, check, keys, record, record_range};

/// The key with this number, with those before it.
fn ring(number: u8) -> Keys {
    keys(number).with_older((0..number).rev().map(keys).collect())
}

fn write_under(keys: &Keys, folder: &Folder, range: std::ops::Range<u64>) {
    record_range(&AuditLog::open(&AuditSettings::new(folder.log()), keys).unwrap(), range);
}

fn across(folder: &Folder, number: u8) -> Verified {
    verify(&folder.log(), &ring(number)).unwrap()
}

/// A log that was written under three keys.
fn rotated() -> Folder {
    let folder = Folder::new();
    for number in 0..3 {
        write_under(&ring(number), &folder, u64::from(number) * 10..u64::from(number) * 10 + 10);
    }
    folder
}

#[test]
fn the_chain_goes_on_under_a_new_key_and_verifies_across() {
    let folder = rotated();
    let verified = across(&folder, 2);
    assert_eq!(verified.faults, []);
    assert_eq!((verified.records, verified.rekeyings, verified.recoveries), (34, 2, 0));
    assert_eq!(verified.keys, [0, 1, 2].map(|number| keys(number).id()));
    let value = |line: &String| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let lines: Vec<_> = folder.lines().iter().map(value).collect();
    let (old, new) = (keys(0).id().to_string(), keys(1).id().to_string());
    for (index, key) in [(10, &old), (11, &new)] {
        let line = &lines[index];
        assert_eq!((&line["what"], &line["key"]), (&"rekeyed".into(), &key.as_str().into()), "{line}");
        assert_eq!((&line["from"], &line["to"]), (&old.as_str().into(), &new.as_str().into()), "{line}");
        assert_eq!(line["prev"], lines[index - 1]["mac"], "each names the seal before");
    }
    // Opened again under the same key, nothing is announced again.
    write_under(&ring(2), &folder, 30..31);
    assert_eq!((across(&folder, 2).records, across(&folder, 2).faults), (35, vec![]));
    // Whoever has not all of the keys cannot verify all of it, and is told which is missing.
    let partly = verify(&folder.log(), &keys(2)).unwrap();
    assert!(partly.faults[0].what.contains(&format!("written with key {}", keys(0).id())), "{}", partly.faults[0]);
    assert!(matches!(verify(&folder.log(), &keys(7)), Err(AuditError::OtherKey { .. })));

    // Each record is read with the pseudonyms of its own key.
    let mut records = Records::open(&folder.log(), Some(&ring(2))).unwrap();
    let mut senders = Vec::new();
    while let Some(line) = records.next_line().unwrap() {
        if let Content::Check(check) = line.content {
            senders.push((check.key.unwrap(), check.sender.unwrap()));
        }
    }
    assert_eq!(senders.len(), 31);
    let all = ring(2).pseudonyms();
    for (key, sender) in senders {
        assert_eq!(all.under(key).unwrap().sender("whatsapp", "main", "+1 555 010-0123"), sender);
    }
}

/// A head that was noted before a rotation proves the log after it.
#[test]
fn a_head_from_before_a_rotation_is_found_after_it() {
    let folder = Folder::new();
    write_under(&ring(0), &folder, 0..10);
    let head = audit::head(&folder.log(), &ring(0), |_| None).unwrap().unwrap();
    write_under(&ring(1), &folder, 10..20);
    let (_, found) = audit::verify_heads(&folder.log(), &ring(1), std::slice::from_ref(&head)).unwrap();
    assert_eq!(found, [HeadFound::Unchanged]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_changed_byte_is_found_across_rotations(place in 0.0..1.0_f64, mask in 1..=255_u8) {
        let folder = rotated();
        let mut bytes = fs::read(folder.log()).unwrap();
        let index = ((bytes.len() - 1) as f64 * place) as usize;
        let line = bytes[..index].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        bytes[index] ^= mask;
        fs::write(folder.log(), bytes).unwrap();
        let faults = across(&folder, 2).faults;
        prop_assert!(!faults.is_empty(), "byte {index} ^ {mask:#x}");
        prop_assert_eq!(faults[0].line, line);
    }
}

/// What somebody can do who has got hold of the old key: write records that are sealed with it.
#[test]
fn an_old_key_changes_nothing_and_adds_nothing_after_a_rotation() {
    let folder = Folder::new();
    write_under(&ring(0), &folder, 0..10);
    let (old_log, old_head) = (fs::read(folder.log()).unwrap(), fs::read(folder.head()).unwrap());
    write_under(&ring(1), &folder, 10..20);
    let (log, head) = (fs::read(folder.log()).unwrap(), fs::read(folder.head()).unwrap());
    assert!(across(&folder, 1).is_whole());
    let restore = |log: &[u8], head: &[u8]| {
        fs::write(folder.log(), log).unwrap();
        fs::write(folder.head(), head).unwrap();
    };

    // Put back to the time before, and grown again under the old key: the head is no longer that of the key in use.
    restore(&old_log, &old_head);
    assert_fault(&across(&folder, 1), &folder.head(), 0, "sealed with the older key");
    write_under(&ring(0), &folder, 30..50);
    assert_fault(&across(&folder, 1), &folder.head(), 0, "sealed with the older key");

    // What stands before the rotation, written anew: the first record under the new key does not hold on to it.
    let forged = Folder::new();
    write_under(&ring(0), &forged, 100..110);
    write_under(&ring(1), &forged, 10..11);
    let announced: Vec<String> = forged.lines()[..11].to_vec();
    let mut lines: Vec<String> = String::from_utf8(log.clone()).unwrap().lines().map(str::to_owned).collect();
    lines.splice(..11, announced);
    restore((lines.join("\n") + "\n").as_bytes(), &head);
    assert_fault(&across(&folder, 1), &folder.log(), 12, "does not follow on the record 11");

    // A record under the old key after the rotation, in its place in every other way.
    let mut lines: Vec<String> = String::from_utf8(log.clone()).unwrap().lines().map(str::to_owned).collect();
    lines.push(forged.lines()[3].clone());
    restore((lines.join("\n") + "\n").as_bytes(), &head);
    assert_fault(&across(&folder, 1), &folder.log(), lines.len() as u64, "sealed with the older key");
    let mut records = Records::open(&folder.log(), Some(&ring(1))).unwrap();
    let mut unusable = 0;
    while let Some(line) = records.next_line().unwrap() {
        unusable += u32::from(matches!(line.content, Content::Unusable(_)));
    }
    assert_eq!(unusable, 1, "nor does any other command show it");
    write_under(&ring(1), &folder, 20..21);
    assert_fault(&across(&folder, 1), &folder.log(), lines.len() as u64, "sealed with the older key");

    // A head under the old key that says the beginning was deleted in time.
    restore(&log, &old_head);
    assert_fault(&across(&folder, 1), &folder.head(), 0, "sealed with the older key");
    let kept: Vec<&str> = std::str::from_utf8(&log).unwrap().lines().skip(10).collect();
    restore((kept.join("\n") + "\n").as_bytes(), &old_head);
    write_under(&ring(1), &folder, 20..21);
    assert!(!across(&folder, 1).is_whole(), "opening covers nothing up");

    // The log goes over only where it has said so.
    let mut lines: Vec<String> = String::from_utf8(log.clone()).unwrap().lines().map(str::to_owned).collect();
    lines.remove(10);
    restore((lines.join("\n") + "\n").as_bytes(), &head);
    assert_fault(&across(&folder, 1), &folder.log(), 11, "is missing before this line");
}

/// What a crash leaves while the log goes over: any part of what was to be written, and the head of before.
#[test]
fn a_crash_while_the_log_goes_over_is_continued() {
    let folder = Folder::new();
    write_under(&ring(0), &folder, 0..10);
    let (old, old_head) = (fs::read(folder.log()).unwrap(), fs::read(folder.head()).unwrap());
    write_under(&ring(1), &folder, 10..12);
    let new = fs::read(folder.log()).unwrap();
    for cut in old.len()..=new.len() {
        if cut % 29 != 0 && new[cut - 1] != b'\n' && new.get(cut) != Some(&b'\n') {
            continue;
        }
        let folder = Folder::new();
        fs::write(folder.log(), &new[..cut]).unwrap();
        fs::write(folder.head(), &old_head).unwrap();
        assert!(verify(&folder.log(), &ring(1)).is_ok(), "cut at {cut}: it can be read at any time");
        write_under(&ring(1), &folder, 20..21);
        let verified = across(&folder, 1);
        assert_eq!(verified.faults, [], "cut at {cut}");
        assert_eq!((verified.rekeyings, verified.recoveries), (1, u64::from(cut > old.len())), "cut at {cut}");
    }
}

#[test]
fn a_rotation_at_the_border_of_two_files_keeps_both_chains() {
    let folder = Folder::new();
    let mut settings = AuditSettings::new(folder.log());
    (settings.rotate_bytes, settings.keep_days) = (6_000, 10);
    for number in 0..20_u8 {
        let log = AuditLog::open(&settings, &ring(number / 4)).unwrap();
        for hour in 0..24 {
            let (mut event, verdict) = check(0);
            event.at = START + u64::from(number) * DAY + hour * DAY / 24;
            record(&log, &event, &verdict);
        }
        drop(log);
        let verified = across(&folder, number / 4);
        assert_eq!(verified.faults, [], "day {number}");
        // A crash between the two files.
        if number % 3 == 0 {
            let first = serde_json::from_str::<serde_json::Value>(&folder.lines()[0]).unwrap()["seq"].as_u64().unwrap();
            fs::rename(folder.log(), folder.0.join(format!("audit-{first:012}.jsonl"))).unwrap();
        }
    }
    // Files of the first keys are gone by now, and so the keys are needed no longer.
    let verified = across(&folder, 4);
    assert!(!verified.keys.contains(&keys(0).id()) && verified.keys.contains(&keys(4).id()), "{:?}", verified.keys);
    let without = keys(4).with_older((1..4).rev().map(keys).collect());
    assert_eq!(verify(&folder.log(), &without).unwrap().faults, []);
}

/// An installation: a key file, a log and a store, one of whose tables is named by the key.
struct Installation {
    folder: Folder,
    store: Arc<dyn Store>,
}

const RECORDS: u32 = 12;

fn entropy(seed: u8) -> [u8; 32] {
    std::array::from_fn(|index| index as u8 ^ seed)
}

fn name_of(keys: &Keys, text: &str) -> Vec<u8> {
    format!("{}-{text}", keys.id()).into_bytes()
}

fn naming(keys: &Keys, table: Table, name: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    if table == Table::Person {
        return Some(name_of(keys, serde_json::from_slice(text).ok()?));
    }
    Some(name.to_vec())
}

impl Installation {
    fn new() -> Self {
        let folder = Folder::new();
        let keys = Keys::create_file(&folder.0.join("key"), entropy(0)).unwrap();
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        for number in 0..RECORDS {
            let text = number.to_string();
            for (table, key) in [(Table::Person, name_of(&keys, &text)), (Table::Hold, text.clone().into_bytes())] {
                let book: Book<String> = Book::new(Arc::clone(&store), keys.sealer(), table);
                let write = book.put(&key, Expect::Nothing, &text).unwrap();
                assert!(matches!(store.commit(&[write]), Ok(Commit::Done(_))));
            }
        }
        write_under(&keys, &folder, 0..10);
        Self { folder, store }
    }

    fn key(&self) -> PathBuf {
        self.folder.0.join("key")
    }

    fn keys(&self) -> Keys {
        Keys::load(&KeySource::File(self.key())).unwrap()
    }

    /// Everything is there under the keys of the file, and what is new is under the newest alone.
    fn assert_sound(&self, is_done: bool, told: &str) {
        let keys = self.keys();
        let people: Book<String> = Book::new(Arc::clone(&self.store), keys.sealer(), Table::Person);
        let all = people.all().unwrap();
        assert_eq!(all.len(), RECORDS as usize, "{told}");
        let holds: Book<String> = Book::new(Arc::clone(&self.store), keys.sealer(), Table::Hold);
        assert_eq!(holds.all().unwrap().len(), RECORDS as usize, "{told}");
        if is_done {
            let newest = Keys::new(entropy(1)).unwrap();
            assert_eq!(keys.id(), newest.id(), "{told}");
            let people: Book<String> = Book::new(Arc::clone(&self.store), newest.sealer(), Table::Person);
            for number in 0..RECORDS {
                let name = name_of(&newest, &number.to_string());
                assert_eq!(people.read(&name).unwrap().unwrap().value, number.to_string(), "{told}");
            }
            assert_eq!(verify(&self.folder.log(), &keys).unwrap().faults, [], "{told}");
        } else {
            // The log can be read at every step; that it has not gone over yet is told, and nothing else.
            let faults = verify(&self.folder.log(), &keys).unwrap().faults;
            assert!(faults.iter().all(|fault| fault.what.contains("keys rotate --finish")), "{told}: {faults:?}");
        }
    }
}

#[test]
fn a_rotation_carries_everything_over() {
    let it = Installation::new();
    let settings = AuditSettings::new(it.folder.log());
    let rotation = Rotation::of(&it.key()).log(&settings).store(&*it.store, &naming).rotate(entropy(1));
    let rotated = rotation.unwrap();
    assert_eq!((rotated.key, rotated.sealed), (Keys::new(entropy(1)).unwrap().id(), 2 * u64::from(RECORDS)));
    assert_eq!((rotated.kept.len(), rotated.dropped.len(), rotated.left.len()), (1, 0, 0), "the log needs the old key");
    it.assert_sound(true, "done");
    let text = fs::read_to_string(it.key()).unwrap();
    assert_eq!(text, format!("{}\n{}\n", hex(entropy(1)), hex(entropy(0))), "the newest first");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(it.key()).unwrap().permissions().mode() & 0o7777, 0o600);
    }
    // A log that was begun anew needs the old key no longer.
    fs::remove_file(it.folder.log()).unwrap();
    fs::remove_file(it.folder.head()).unwrap();
    write_under(&it.keys(), &it.folder, 0..3);
    let finished = Rotation::of(&it.key()).log(&settings).store(&*it.store, &naming).finish().unwrap();
    assert_eq!((finished.kept.len(), &finished.dropped[..]), (0, &[Keys::new(entropy(0)).unwrap().id()][..]));
    assert_eq!(fs::read_to_string(it.key()).unwrap(), format!("{}\n", hex(entropy(1))));
    it.assert_sound(true, "dropped");
}

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Killed after each operation on a file and each commit: a rotation that is finished later ends as one that was never killed.
#[test]
fn a_rotation_killed_at_any_step_is_finished_later() {
    for commits in 0..=2 * i64::from(RECORDS) {
        let it = Installation::new();
        let settings = AuditSettings::new(it.folder.log());
        let killed = crate::deeds::Killed::new(&it.store, commits);
        let end = Rotation::of(&it.key()).log(&settings).store(&killed, &naming).rotate(entropy(1));
        let told = format!("killed after {commits} commits");
        assert_eq!(end.is_err(), commits < 2 * i64::from(RECORDS), "{told}: {end:?}");
        it.assert_sound(false, &told);
        Rotation::of(&it.key()).log(&settings).store(&*it.store, &naming).finish().unwrap();
        it.assert_sound(true, &told);
    }
    // Before the key file has its name: nothing has happened, and what was left behind is in nobody's way.
    let it = Installation::new();
    fs::write(it.folder.0.join("key.new"), "half a k").unwrap();
    it.assert_sound(false, "before the key file");
    let settings = AuditSettings::new(it.folder.log());
    // After it, and before the log: the log is still that of the old key.
    Keys::rotate_file(&it.key(), entropy(1)).unwrap();
    assert!(!it.folder.0.join("key.new").exists(), "no copy of a key is left");
    it.assert_sound(false, "between key file and log");
    assert!(!verify(&it.folder.log(), &it.keys()).unwrap().is_whole(), "and it is told");
    Rotation::of(&it.key()).log(&settings).store(&*it.store, &naming).finish().unwrap();
    it.assert_sound(true, "finished");
}

#[test]
fn a_rotation_that_cannot_be_done_changes_nothing() {
    let it = Installation::new();
    let settings = AuditSettings::new(it.folder.log());
    let path = it.key();
    let before = fs::read(&path).unwrap();
    let rotation = Rotation::of(&path).log(&settings).store(&*it.store, &naming);

    let gateway = AuditLog::open(&settings, &it.keys()).unwrap();
    let error = rotation.rotate(entropy(1)).unwrap_err();
    assert!(matches!(error, RotationError::Audit(AuditError::Locked { .. })), "{error}");
    drop(gateway);

    let nameless = |keys: &Keys, table: Table, name: &[u8], text: &[u8]| {
        if table == Table::Person { None } else { naming(keys, table, name, text) }
    };
    let error = Rotation::of(&path).log(&settings).store(&*it.store, &nameless).rotate(entropy(1)).unwrap_err();
    assert!(error.to_string().contains(&format!("nothing was changed: these records of the store could not be read or named under another key: {RECORDS} of person")), "{error}");

    let foreign = Write { table: Table::Answer, key: vec![1], expect: Expect::Nothing, value: Some(vec![7; 60]) };
    assert!(matches!(it.store.commit(&[foreign]), Ok(Commit::Done(_))));
    let error = rotation.rotate(entropy(1)).unwrap_err();
    assert!(error.to_string().ends_with("1 of answer"), "{error}");
    let error = rotation.rotate([7; 32]).unwrap_err();
    assert!(!matches!(error, RotationError::Busy { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before, "the key file is as it was");
    it.assert_sound(false, "refused");
}

#[test]
fn a_key_file_takes_so_many_keys_and_no_key_twice() {
    let folder = Folder::new();
    let path: &Path = &folder.0.join("key");
    Keys::create_file(path, entropy(0)).unwrap();
    assert!(matches!(Keys::rotate_file(path, entropy(0)), Err(KeyError::Known { .. })));
    for number in 1..Keys::MOST as u8 {
        let keys = Keys::rotate_file(path, entropy(number)).unwrap();
        assert_eq!(keys.older().len(), usize::from(number));
    }
    assert!(matches!(Keys::rotate_file(path, entropy(99)), Err(KeyError::TooMany { .. })));
    let keys = Keys::load(&KeySource::File(path.to_owned())).unwrap();
    let ids: Vec<_> = keys.all().map(|keys| keys.id()).collect();
    let expected: Vec<_> = (0..Keys::MOST as u8).rev().map(|number| Keys::new(entropy(number)).unwrap().id()).collect();
    assert_eq!(ids, expected);
    let dropped = [ids[1], ids[5]];
    let left = Keys::drop_older(path, &dropped).unwrap();
    assert_eq!(left.all().count(), Keys::MOST - 2);
    assert!(left.all().all(|keys| !dropped.contains(&keys.id())));
}
