//! The store in a file: what survives, what is told, and what never happens to it.
//!
//! `KILLS=all cargo test --test store_file -- --nocapture kill` kills 500 times instead of 10.
#![cfg(all(feature = "sqlite", unix))]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use sluicegate::keys::Keys;
use sluicegate::store::{
    self, Arrival, Book, Commit, EventMark, Expect, OpenError, Points, Seen, SenderKey, SqliteStore, Store, StoreError,
    StoreReader, Table, Terms, Version, Write,
};

#[path = "store/support.rs"]
mod support;

use support::Folder;

const TERMS: Terms = Terms { window_ms: 60_000, half_life_ms: 300_000 };
const START: u64 = 1_764_000_000_000;
const REMEMBERED: usize = 1_000;
/// Longer than any disk takes, for what has to happen in the end.
const LONG: Duration = Duration::from_secs(60);

fn key(number: u64) -> SenderKey {
    let spread = (u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    SenderKey::from((spread ^ (spread >> 61)).to_le_bytes())
}

fn message(at: u64) -> Arrival {
    Arrival { at: START + at, mark: None, counts: true }
}

fn open(folder: &Folder) -> SqliteStore {
    SqliteStore::open_waiting(&folder.file(), REMEMBERED, LONG).unwrap()
}

fn points(store: &dyn Store, sender: u64) -> Points {
    store.arrive(&key(sender), &Arrival::default(), &TERMS).unwrap().points
}

fn write(table: Table, key: &[u8], expect: Expect, value: Option<&[u8]>) -> Write {
    Write { table, key: key.to_vec(), expect, value: value.map(<[u8]>::to_vec) }
}

fn put(store: &dyn Store, key: &[u8], value: &[u8]) -> Version {
    match store.commit(&[write(Table::Person, key, Expect::Anything, Some(value))]).unwrap() {
        Commit::Done(version) => version,
        Commit::Conflict => panic!("nothing was expected"),
    }
}

/// A store with people, a removed one, and senders.
fn filled(folder: &Folder) {
    let store = open(folder);
    for number in 0..200_u32 {
        put(&store, &number.to_le_bytes(), &[number as u8; 300]);
    }
    let _ = store.commit(&[write(Table::Person, &0_u32.to_le_bytes(), Expect::Anything, None)]).unwrap();
    for sender in 0..500 {
        store.arrive(&key(sender), &message(sender), &TERMS).unwrap();
        store.add_points(&key(sender), START, 2, &TERMS).unwrap();
    }
    store.flush().unwrap();
}

#[test]
fn everything_is_there_after_the_process() {
    let folder = Folder::new();
    let mark = Some(EventMark { id: 1, digest: 1 });
    {
        let store = open(&folder);
        put(&store, b"ana", b"approved");
        let before = store.arrive(&key(1), &Arrival { mark, ..message(0) }, &TERMS).unwrap();
        assert_eq!((before.seen, before.messages), (Seen::New, 1));
        store.add_points(&key(1), START, 8, &TERMS).unwrap();
    }
    let store = open(&folder);
    assert_eq!(store.read(Table::Person, b"ana").unwrap().unwrap().value.as_deref(), Some(&b"approved"[..]));
    let after = store.arrive(&key(1), &Arrival { mark, ..message(1_000) }, &TERMS).unwrap();
    assert_eq!((after.seen, after.messages, after.points), (Seen::Same, 1, Points::new(8)));
    assert_eq!(store.len(), 1);
}

#[test]
fn the_files_are_for_their_owner_alone() {
    let folder = Folder::new();
    let file = folder.path().join("state/store.db");
    let store = SqliteStore::open(&file, REMEMBERED).unwrap();
    put(&store, b"a", b"1");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(file.parent().unwrap()), 0o700);
    let mut names: Vec<_> = fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let ends: Vec<_> = names.iter().map(|name| name.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(ends, ["store.db", "store.db-shm", "store.db-wal"]);
    for name in &names {
        assert_eq!(mode(name), 0o600, "{}", name.display());
    }
}

#[test]
fn two_processes_lose_none_of_each_others_deltas_and_learn_of_them() {
    let folder = Folder::new();
    let (one, other) = (open(&folder), open(&folder));
    one.add_points(&key(1), START, 3, &TERMS).unwrap();
    other.add_points(&key(1), START, 4, &TERMS).unwrap();
    one.flush().unwrap();
    other.flush().unwrap();
    assert_eq!(points(&other, 1), Points::new(7));
    one.flush().unwrap();
    assert_eq!(points(&one, 1), Points::new(7));
    // Who takes points back elsewhere, as the command line does for an approved hold, is heard.
    other.add_points(&key(1), START, -7, &TERMS).unwrap();
    other.flush().unwrap();
    one.flush().unwrap();
    assert_eq!(points(&one, 1), Points::default());
    drop((one, other));
    assert_eq!(points(&open(&folder), 1), Points::default());
}

#[test]
fn listeners_hear_of_commits_of_others() {
    let folder = Folder::new();
    let (one, other) = (open(&folder), open(&folder));
    let (tell, heard) = mpsc::channel();
    one.subscribe(Box::new(move || tell.send(()).is_ok()));
    for number in 0..3_u8 {
        let version = put(&other, b"lockdown", &[number]);
        heard.recv_timeout(LONG).expect("the other handle hears of it");
        let row = one.read(Table::Person, b"lockdown").unwrap().unwrap();
        assert_eq!((row.version, row.value), (version, Some(vec![number])));
    }
}

#[test]
fn more_deltas_than_have_room_cost_nothing_but_the_order() {
    let folder = Folder::new();
    let store = open(&folder);
    // Somebody else writes without end, so nothing of ours gets through.
    let blocker = Connection::open(folder.file()).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    // One sender has one part of the queue, which has room for 1,024.
    for at in 0..3_000 {
        store.arrive(&key(1), &message(at), &TERMS).unwrap();
        store.add_points(&key(1), START, 1, &TERMS).unwrap();
    }
    assert!(store.backlog().whole <= 1 && store.backlog().left_out == 0, "{:?}", store.backlog());
    blocker.execute_batch("ROLLBACK").unwrap();
    store.flush().unwrap();
    assert_eq!(store.backlog(), store::Backlog::default());
    let here = store.copy(&key(1)).unwrap();
    drop(store);
    let again = open(&folder);
    let now = |record: &store::Record| record.clone().arrive(&message(3_000), &TERMS);
    let (here, there) = (now(&here), now(&again.copy(&key(1)).unwrap()));
    assert!(there.messages >= here.messages && there.points >= here.points, "{there:?} is milder than {here:?}");
}

#[test]
fn the_file_remembers_no_more_senders_than_it_may_and_first_those_with_points() {
    let folder = Folder::new();
    let store = SqliteStore::open(&folder.file(), 100).unwrap();
    for sender in 0..20 {
        store.add_points(&key(sender), START, 8, &TERMS).unwrap();
    }
    store.flush().unwrap();
    for sender in 100..1_000 {
        store.arrive(&key(sender), &message(1_000), &TERMS).unwrap();
    }
    store.flush().unwrap();
    let reader = StoreReader::open(&folder.file()).unwrap();
    assert_eq!(reader.senders().unwrap(), 100);
    let mut kept = Vec::new();
    reader.visit_senders(1_000, |key, _| kept.push(key)).unwrap();
    assert_eq!(kept.len(), 100);
    assert!((0..20).all(|sender| kept.contains(&key(sender))));
}

#[test]
fn a_copy_holds_everything_and_keeps_nothing() {
    let folder = Folder::new();
    let missing = SqliteStore::copy_of(&folder.file(), REMEMBERED).unwrap();
    assert!(missing.is_empty() && folder.names().is_empty(), "nothing is made by looking");
    filled(&folder);
    let before = fs::read(folder.file()).unwrap();
    let copy = SqliteStore::copy_of(&folder.file(), REMEMBERED).unwrap();
    let store = open(&folder);
    assert_eq!(copy.changes(Table::Person, 0, 1_000), store.changes(Table::Person, 0, 1_000));
    assert_eq!(points(&copy, 7), points(&store, 7));
    drop(store);
    let last = copy.changes(Table::Person, 0, 1_000).unwrap().last().unwrap().version;
    assert!(put(&copy, b"new", b"1") > last, "versions go on");
    copy.add_points(&key(7), START, 8, &TERMS).unwrap();
    assert_eq!(fs::read(folder.file()).unwrap(), before);
    assert_eq!(folder.names(), ["store.db"]);
}

#[test]
fn what_may_not_be_trusted_is_refused() {
    let folder = Folder::new();
    filled(&folder);
    let refused = |folder: &Folder| SqliteStore::open(&folder.file(), REMEMBERED).unwrap_err();
    for mode in [0o620, 0o602, 0o666] {
        fs::set_permissions(folder.file(), fs::Permissions::from_mode(mode)).unwrap();
        let told = refused(&folder).to_string();
        assert!(told.contains(&format!("mode {mode:04o}")) && told.contains("chmod 600"), "{told}");
    }
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o600)).unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(folder.file(), &elsewhere).unwrap();
    symlink(&elsewhere, folder.file()).unwrap();
    assert!(matches!(refused(&folder), OpenError::Link { .. }));
    fs::remove_file(folder.file()).unwrap();
    fs::rename(&elsewhere, folder.file()).unwrap();
    // Nor what lies beside it: a log that somebody else put there would be played into the store.
    let wal = folder.path().join("store.db-wal");
    symlink(&elsewhere, &wal).unwrap();
    assert!(matches!(refused(&folder), OpenError::Link { .. }));
    fs::remove_file(&wal).unwrap();
    let other = Folder::new();
    fs::create_dir(other.file()).unwrap();
    assert!(matches!(refused(&other), OpenError::NotAFile { .. }));
    // A folder on the way may be a link, as `/tmp` is on some systems.
    let link = Folder::new();
    symlink(folder.path(), link.path().join("there")).unwrap();
    SqliteStore::open(&link.path().join("there/store.db"), REMEMBERED).unwrap();
}

/// Opens what `break_it` has made of a whole store: it is refused, told, and left as it was found; recovering sets it aside.
fn broken(what: &str, break_it: &dyn Fn(&Path), told: &str, aside: &str, least: u64) {
    let folder = Folder::new();
    filled(&folder);
    break_it(&folder.file());
    let before = fs::read(folder.file()).unwrap_or_default();
    for error in [
        SqliteStore::open(&folder.file(), REMEMBERED).map(|_| ()).expect_err(what),
        SqliteStore::copy_of(&folder.file(), REMEMBERED).map(|_| ()).expect_err(what),
    ] {
        let error = error.to_string();
        assert!(error.contains(told) && error.contains("sluicegate store recover"), "{what}: {error}");
    }
    assert_eq!(fs::read(folder.file()).unwrap_or_default(), before, "{what}: left as it was found");
    let recovered = store::recover(&folder.file()).expect(what);
    assert!(recovered.why.contains(told), "{what}: {}", recovered.why);
    assert!(recovered.aside.ends_with(aside), "{what}: {}", recovered.aside.display());
    assert_eq!(fs::read(&recovered.aside).unwrap_or_default(), before, "{what}: nothing is thrown away");
    assert!(recovered.records >= least, "{what}: {} records saved", recovered.records);
    let store = open(&folder);
    let saved = store.changes(Table::Person, 0, 1_000).unwrap();
    assert_eq!(saved.len() as u64, recovered.records, "{what}");
    for row in saved.iter().filter(|row| row.value.is_some()) {
        assert_eq!(row.value.as_ref().unwrap(), &vec![row.key[0]; 300], "{what}: nothing else than what was written");
    }
    put(&store, b"new", b"1");
    assert!(matches!(store::recover(&folder.file()), Err(OpenError::Whole { .. })), "{what}");
}

#[test]
fn a_broken_file_is_told_and_never_emptied() {
    let overwrite = |path: &Path, at: usize, with: &[u8]| {
        let mut bytes = fs::read(path).unwrap();
        bytes[at..at + with.len()].copy_from_slice(with);
        fs::write(path, bytes).unwrap();
    };
    let cut = |path: &Path, part: usize| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / part]).unwrap();
    };
    broken("zero bytes", &|path| fs::write(path, "").unwrap(), "has lost all that it held", "store.db.broken-empty", 0);
    broken(
        "text",
        &|path| fs::write(path, "hello ".repeat(2_000)).unwrap(),
        "no database",
        "store.db.broken-no-database",
        0,
    );
    broken("cut in half", &|path| cut(path, 2), "damaged", "store.db.broken-damaged", 50);
    broken(
        "cut to 100 bytes",
        &|path| fs::write(path, &fs::read(path).unwrap()[..100]).unwrap(),
        "damaged",
        "store.db.broken-damaged",
        0,
    );
    broken("no header", &|path| overwrite(path, 0, &[0; 100]), "no database", "store.db.broken-no-database", 0);
    broken(
        "only its log is left",
        &|path| {
            fs::remove_file(path).unwrap();
            fs::write(path.with_file_name("store.db-wal"), [7; 4_152]).unwrap();
        },
        "still lies beside its place",
        "store.db.broken-torn",
        0,
    );
}

#[test]
fn every_page_that_is_flipped_is_told() {
    let folder = Folder::new();
    filled(&folder);
    let whole = fs::read(folder.file()).unwrap();
    let (mut at_open, mut pages) = (0, 0);
    for page in whole.chunks(4_096).enumerate().map(|(page, _)| page) {
        let mut bytes = whole.clone();
        bytes[page * 4_096..(page + 1) * 4_096].iter_mut().for_each(|byte| *byte = !*byte);
        fs::write(folder.file(), bytes).unwrap();
        pages += 1;
        if SqliteStore::open(&folder.file(), REMEMBERED).is_err() {
            at_open += 1;
        } else {
            // An index that is only searched for one sender or another, or a page that nothing is on.
            let faults = StoreReader::open(&folder.file()).and_then(|reader| reader.faults());
            assert!(faults.is_err() || faults.is_ok_and(|faults| !faults.is_empty()), "page {page}");
        }
        for beside in ["store.db-wal", "store.db-shm"] {
            let _ = fs::remove_file(folder.path().join(beside));
        }
    }
    assert!(at_open * 2 > pages, "{at_open} of {pages} pages were told when the store was opened");
}

#[test]
fn a_value_that_was_changed_is_no_value() {
    let folder = Folder::new();
    let sealer = Keys::new(std::array::from_fn(|index| index as u8)).unwrap().sealer();
    let sealed = {
        let store: Arc<dyn Store> = Arc::new(open(&folder));
        let book: Book<String> = Book::new(Arc::clone(&store), sealer.clone(), Table::Person);
        let _ = store.commit(&[book.put(b"ana", Expect::Nothing, &"blocked".to_owned()).unwrap()]).unwrap();
        store.read(Table::Person, b"ana").unwrap().unwrap().value.unwrap()
    };
    let mut bytes = fs::read(folder.file()).unwrap();
    let place = bytes.windows(sealed.len()).position(|part| part == sealed).unwrap();
    bytes[place + sealed.len() - 1] ^= 1;
    fs::write(folder.file(), bytes).unwrap();
    let book: Book<String> = Book::new(Arc::new(open(&folder)), sealer, Table::Person);
    assert_eq!(book.read(b"ana"), Err(StoreError::Damaged { table: Table::Person }));
}

#[test]
fn a_newer_file_and_one_of_another_program_are_refused_and_left_alone() {
    let folder = Folder::new();
    filled(&folder);
    let change = |sql: &str| Connection::open(folder.file()).unwrap().execute_batch(sql).unwrap();
    change("PRAGMA user_version = 7");
    let error = SqliteStore::open(&folder.file(), REMEMBERED).unwrap_err();
    let told = error.to_string();
    assert!(matches!(error, OpenError::Newer { found: 7, .. }) && told.contains("newer version"), "{told}");
    assert!(matches!(store::recover(&folder.file()), Err(OpenError::Newer { .. })), "nothing is broken");
    change("PRAGMA user_version = 1; PRAGMA application_id = 1");
    assert!(matches!(SqliteStore::open(&folder.file(), REMEMBERED), Err(OpenError::Foreign { .. })));
    assert!(matches!(store::recover(&folder.file()), Err(OpenError::Foreign { .. })));
    assert_eq!(folder.names(), ["store.db"]);
}

#[test]
fn a_newer_program_that_migrates_meanwhile_ends_our_writing() {
    let folder = Folder::new();
    let store = open(&folder);
    put(&store, b"a", b"1");
    Connection::open(folder.file()).unwrap().execute_batch("PRAGMA user_version = 2").unwrap();
    let error = store.commit(&[write(Table::Person, b"a", Expect::Anything, Some(b"2"))]).unwrap_err();
    assert!(error.to_string().contains("schema 2"), "{error}");
    assert_eq!(store.read(Table::Person, b"a").unwrap().unwrap().value.as_deref(), Some(&b"1"[..]));
}

#[test]
fn a_file_that_is_locked_for_ever_fails_in_time() {
    let folder = Folder::new();
    let store = SqliteStore::open_waiting(&folder.file(), REMEMBERED, Duration::from_millis(20)).unwrap();
    put(&store, b"a", b"1");
    let blocker = Connection::open(folder.file()).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.commit(&[write(Table::Person, b"a", Expect::Anything, Some(b"2"))]).unwrap_err();
    assert!(error.to_string().contains("locked by another process"), "{error}");
    store.add_points(&key(1), START, 1, &TERMS).unwrap();
    assert!(store.flush().is_err(), "senders' records do not get through either, and whoever asks is told");
    assert!(store.read(Table::Person, b"a").unwrap().is_some(), "reading goes on");
    let second = SqliteStore::open_waiting(&folder.file(), REMEMBERED, Duration::from_millis(20));
    assert!(matches!(second, Err(OpenError::Locked { .. })));
    blocker.execute_batch("ROLLBACK").unwrap();
    store.flush().unwrap();
    put(&store, b"a", b"2");
    drop(store);
    assert_eq!(points(&open(&folder), 1), Points::new(1), "nothing was lost by waiting");
}

#[test]
fn nothing_is_written_into_a_file_that_was_taken_away() {
    let folder = Folder::new();
    let store = open(&folder);
    put(&store, b"a", b"1");
    fs::rename(folder.file(), folder.path().join("away")).unwrap();
    for put_back in [false, true] {
        if put_back {
            fs::copy(folder.path().join("away"), folder.file()).unwrap();
        }
        let error = store.commit(&[write(Table::Person, b"a", Expect::Anything, Some(b"2"))]).unwrap_err();
        assert!(error.to_string().contains("was removed or replaced"), "{error}");
    }
}

/// As root every file can be written, so this is tried as somebody else there.
#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = Folder::new();
    filled(&folder);
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o400)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    let opened = SqliteStore::open(&folder.file(), REMEMBERED);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    // Whoever may write everything, as root may, meets no such folder.
    let may_write_all = fs::OpenOptions::new().write(true).open(folder.file()).is_ok();
    match opened {
        Err(error) => assert!(matches!(error, OpenError::ReadOnly { .. }), "{error}"),
        Ok(_) => assert!(may_write_all),
    }
}

// What follows runs this program again as another process.

/// Starts the test of this name in another process, with a variable that tells it what to do there.
fn child(test: &str, variable: &str, file: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(variable, file);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap()
}

const COUNT: &str = "SLUICEGATE_TEST_COUNT";

#[test]
fn processes_that_count_together_lose_nothing() {
    const EACH: u64 = 50;
    let count = |file: &Path| {
        let store = SqliteStore::open_waiting(file, REMEMBERED, LONG).unwrap();
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..EACH {
                        store.arrive(&key(1), &message(0), &TERMS).unwrap();
                        loop {
                            let row = store.read(Table::Hold, b"count").unwrap();
                            let before = row.as_ref().map_or(0, |row| number(row.value.as_deref().unwrap()));
                            let expect = row.map_or(Expect::Nothing, |row| Expect::Version(row.version));
                            let value = (before + 1).to_le_bytes();
                            let one = write(Table::Hold, b"count", expect, Some(&value));
                            if store.commit(&[one]).unwrap() != Commit::Conflict {
                                break;
                            }
                        }
                    }
                });
            }
        });
        store.flush().unwrap();
    };
    if let Some(file) = std::env::var_os(COUNT) {
        return count(Path::new(&file));
    }
    let folder = Folder::new();
    let children = [(); 2].map(|()| child("processes_that_count_together_lose_nothing", COUNT, &folder.file()));
    count(&folder.file());
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let store = open(&folder);
    let row = store.read(Table::Hold, b"count").unwrap().unwrap();
    assert_eq!(number(&row.value.unwrap()), 6 * EACH);
    assert_eq!(store.arrive(&key(1), &Arrival::default(), &TERMS).unwrap().messages, 6 * EACH as u32);
}

fn number(value: &[u8]) -> u64 {
    u64::from_le_bytes(value.try_into().unwrap())
}

const LOAD: &str = "SLUICEGATE_TEST_LOAD";
const THREADS: u8 = 4;

/// Four threads write without end, or `most` times each: in every commit two records that belong together, a note that it
/// was done, and a record that comes and goes. A commit is said once it has been acknowledged.
fn load(file: &Path, most: u64) {
    let store = SqliteStore::open_waiting(file, REMEMBERED, LONG).unwrap();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || {
                let first = done(store, thread) + 1;
                for step in (first..).take(usize::try_from(most).unwrap_or(usize::MAX)) {
                    store.arrive(&key(step % 100), &message(step), &TERMS).unwrap();
                    let value = step.to_le_bytes();
                    let comes = (step % 2 == 1).then_some(&value[..]);
                    let writes = [
                        write(Table::Person, &[thread], Expect::Anything, Some(&value)),
                        write(Table::Hold, &[thread], Expect::Anything, Some(&[7; 2_000])),
                        write(Table::Journal, &note(thread, step), Expect::Nothing, Some(&value)),
                        write(Table::Answer, &[thread], Expect::Anything, comes),
                        write(Table::Stranger, &[thread], Expect::Anything, Some(&value)),
                    ];
                    assert_ne!(store.commit(&writes).unwrap(), Commit::Conflict);
                    println!("said {thread} {step}");
                }
            });
        }
    });
}

fn note(thread: u8, step: u64) -> Vec<u8> {
    [&[thread], &step.to_le_bytes()[..]].concat()
}

/// How many commits of a thread there are.
fn done(store: &SqliteStore, thread: u8) -> u64 {
    store.read(Table::Person, &[thread]).unwrap().map_or(0, |row| number(row.value.as_deref().unwrap()))
}

/// Everything that was said is there, and nothing that is there is half done.
fn nothing_is_missing(file: &Path, said: &BTreeMap<u8, u64>, seen: &mut BTreeMap<u8, u64>) {
    let store = SqliteStore::open(file, REMEMBERED).unwrap();
    for thread in 0..THREADS {
        let steps = done(&store, thread);
        let said = said.get(&thread).copied().unwrap_or(0);
        assert!(steps >= said, "thread {thread}: {said} commits were said, {steps} are there");
        let before = seen.insert(thread, steps).unwrap_or(0);
        // A thread waits for each of its commits, so at most one was done and not said.
        assert!(steps <= said.max(before) + 1, "thread {thread}: {said} said, {before} there before, {steps} now");
        if steps == 0 {
            continue;
        }
        let row = |table, key: &[u8]| store.read(table, key).unwrap().unwrap();
        let version = row(Table::Person, &[thread]).version;
        assert_eq!(row(Table::Hold, &[thread]).version, version);
        let stranger = row(Table::Stranger, &[thread]);
        assert_eq!((stranger.version, number(&stranger.value.unwrap())), (version, steps));
        let answer = row(Table::Answer, &[thread]);
        assert_eq!((answer.version, answer.value.is_some()), (version, steps % 2 == 1));
        for step in before + 1..=steps {
            assert!(store.read(Table::Journal, &note(thread, step)).unwrap().is_some(), "note {step} of {thread}");
        }
        assert_eq!(store.read(Table::Journal, &note(thread, steps + 1)).unwrap(), None);
    }
    assert_eq!(StoreReader::open(file).unwrap().faults().unwrap(), Vec::<String>::new());
}

#[test]
fn four_threads_write_what_they_say() {
    if let Some(file) = std::env::var_os(LOAD) {
        return load(Path::new(&file), u64::MAX);
    }
    let folder = Folder::new();
    load(&folder.file(), 10);
    let said = (0..THREADS).map(|thread| (thread, 10)).collect();
    nothing_is_missing(&folder.file(), &said, &mut BTreeMap::new());
}

#[test]
fn after_a_kill_at_any_point_everything_that_was_said_is_there() {
    let rounds = if std::env::var("KILLS").is_ok_and(|kills| kills == "all") { 500 } else { 10 };
    let folder = Folder::new();
    let (mut said, mut seen) = (BTreeMap::new(), BTreeMap::new());
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let mut all = 0_u64;
    for round in 0..rounds {
        let mut child = child("four_threads_write_what_they_say", LOAD, &folder.file());
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut hear = |lines: &mut BufReader<_>| {
            let mut line = String::new();
            let count = lines.read_line(&mut line).unwrap();
            if let Some((_, words)) = line.split_once("said ").filter(|_| line.ends_with('\n')) {
                let (thread, step) = words.trim().split_once(' ').unwrap();
                said.insert(thread.parse::<u8>().unwrap(), step.parse::<u64>().unwrap());
                all += 1;
            }
            count > 0
        };
        // Now and then before anything was said, so also while the store is made or opened.
        for _ in 0..next(60) {
            assert!(hear(&mut lines), "the child ended by itself");
        }
        (0..next(100_000)).for_each(|_| std::hint::spin_loop());
        child.kill().unwrap();
        child.wait().unwrap();
        // What it had said before it was killed counts.
        while hear(&mut lines) {}
        nothing_is_missing(&folder.file(), &said, &mut seen);
        if rounds > 10 && (round + 1) % 50 == 0 {
            println!("{} kills, {all} commits said, none missing", round + 1);
        }
    }
    assert!(all > 0);
}
