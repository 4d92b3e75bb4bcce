//! Every change of durable state comes into the log, once for whoever reads it, and whatever breaks on the way.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sluicegate::audit::{self, AuditError, AuditLog, AuditSettings, Content, DeedRecord, Entry, Records, verify};
use sluicegate::config::Settings;
use sluicegate::diagnostic::Source;
use sluicegate::facts::Facts;
use sluicegate::store::{
    Actor, Arrival, Commit, Deed, Expect, Journal, Listener, MemoryStore, Person, Points, Presence, Record, Row,
    SenderKey, Store, StoreError, Table, Terms, Version, Write,
};
use sluicegate::{Event, Gate};

use crate::{Folder, START, assert_whole, check, keys, open, record_range};

fn journal(store: &Arc<dyn Store>) -> Journal {
    Journal::new(Arc::clone(store), keys(0).sealer())
}

fn commit(store: &Arc<dyn Store>, journal: &Journal, deed: &Deed) {
    // What is done, and the deed that tells of it.
    let done = Write { table: Table::Person, key: vec![1], expect: Expect::Anything, value: Some(vec![1]) };
    assert!(matches!(store.commit(&[done, journal.note(deed).unwrap()]), Ok(Commit::Done(_))));
}

fn person() -> Person {
    Person { channel: "whatsapp".into(), account: "main".into(), id: "+15550100123".into() }
}

fn waiting(store: &dyn Store) -> usize {
    store.changes(Table::Journal, 0, 100_000).unwrap().iter().filter(|row| row.value.is_some()).count()
}

/// The deeds of the log as they are read back.
fn deeds(log: &Path) -> Vec<DeedRecord> {
    let mut records = Records::open(log, Some(&keys(0))).unwrap();
    let mut deeds = Vec::new();
    while let Some(line) = records.next_line().unwrap() {
        match line.content {
            Content::Deed(deed) => deeds.push(*deed),
            Content::Unusable(why) => panic!("{}:{}: {why}", line.file, line.number),
            _ => {}
        }
    }
    deeds
}

#[test]
fn a_deed_stands_in_the_log_without_a_name_and_is_found_by_the_senders_pseudonym() {
    let folder = Folder::new();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let journal = journal(&store);
    let all = [
        Deed::new(START, "approved", Actor::OwnerInChat(person())).to(person()).with("hold", "0123456789abcdef"),
        // Nothing that is done can be taken for a check.
        Deed::new(START + 1, "check", Actor::Client { token: "laptop".into() }),
        Deed::new(START + 2, "x".repeat(5_000).as_str(), Actor::Gate).with(&"k".repeat(999), "\u{1}".repeat(99_999)),
        Deed::new(START + 3, "locked_down", Actor::Terminal),
        Deed::new(START + 4, "unlocked", Actor::OwnerAtTerminal),
    ];
    all.iter().for_each(|deed| commit(&store, &journal, deed));
    let log = open(&AuditSettings::new(folder.log()));
    assert_eq!(audit::drain(&log, &journal).unwrap(), 5);
    assert_eq!((audit::drain(&log, &journal).unwrap(), waiting(&*store)), (0, 0));
    drop(log);

    let verified = assert_whole(&folder, 5);
    assert_eq!(verified.deeds, 5);
    let line: serde_json::Value = serde_json::from_str(&folder.lines()[0]).unwrap();
    let sender = keys(0).pseudonyms().sender("whatsapp", "main", "+15550100123").to_string();
    let cases = [
        ("/what", "deed.approved"),
        ("/whom", sender.as_str()),
        ("/by/from", "owner_in_chat"),
        ("/by/sender", sender.as_str()),
        ("/with/hold", "0123456789abcdef"),
    ];
    for (pointer, expected) in cases {
        assert_eq!(line.pointer(pointer).and_then(|value| value.as_str()), Some(expected), "{pointer} in {line}");
    }
    let written = fs::read_to_string(folder.log()).unwrap();
    assert!(!written.contains("5550100123") && !written.contains("whatsapp"), "{written}");
    assert!(folder.lines().iter().all(|line| line.len() < 64 * 1024), "a line stays readable");
    assert_eq!(
        deeds(&folder.log()).iter().map(|deed| deed.by.from.as_str()).collect::<Vec<_>>(),
        ["owner_in_chat", "client", "gate", "terminal", "owner_at_terminal"]
    );
}

/// A store that stops giving answers to commits after some, as the process does that is killed there.
pub struct Killed {
    inner: Arc<dyn Store>,
    commits: AtomicI64,
}

impl Killed {
    /// A store over this one that answers so many commits.
    pub fn new(inner: &Arc<dyn Store>, commits: i64) -> Self {
        Self { inner: Arc::clone(inner), commits: commits.into() }
    }
}

impl Store for Killed {
    fn arrive(&self, key: &SenderKey, arrival: &Arrival, terms: &Terms) -> Result<Presence, StoreError> {
        self.inner.arrive(key, arrival, terms)
    }
    fn copy(&self, key: &SenderKey) -> Result<Record, StoreError> {
        self.inner.copy(key)
    }
    fn add_points(&self, key: &SenderKey, at: u64, points: i8, terms: &Terms) -> Result<Points, StoreError> {
        self.inner.add_points(key, at, points, terms)
    }
    fn read(&self, table: Table, key: &[u8]) -> Result<Option<Row>, StoreError> {
        self.inner.read(table, key)
    }
    fn changes(&self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError> {
        self.inner.changes(table, after, most)
    }
    fn commit(&self, writes: &[Write]) -> Result<Commit, StoreError> {
        if self.commits.fetch_sub(1, Ordering::SeqCst) <= 0 {
            return Err(StoreError::Stalled);
        }
        self.inner.commit(writes)
    }
    fn subscribe(&self, listener: Listener) {
        self.inner.subscribe(listener);
    }
    fn flush(&self) -> Result<(), StoreError> {
        self.inner.flush()
    }
}

/// A crash at each step between journal and log: before the log has the deeds, after it has them and before they are removed
/// from the journal, and after some were removed. Each time all of them are in the log at last, and read once.
#[test]
fn a_crash_between_journal_and_log_loses_no_deed_and_shows_none_twice() {
    const DEEDS: u64 = 2_500;
    for removals in 0..4 {
        let folder = Folder::new();
        let settings = AuditSettings::new(folder.log());
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let whole = journal(&store);
        for number in 0..DEEDS {
            commit(
                &store,
                &whole,
                &Deed::new(START + number, "approved", Actor::Gate).with("number", number.to_string()),
            );
        }
        let killed: Arc<dyn Store> = Arc::new(Killed::new(&store, removals));
        let log = open(&settings);
        let crashed = audit::drain(&log, &journal(&killed));
        assert_eq!(crashed.is_err(), removals < 3, "{removals}: {crashed:?}");
        drop(log);
        let in_log = folder.lines().len() as u64;
        assert!(in_log + waiting(&*store) as u64 >= DEEDS, "none is lost at any time");
        assert_eq!(in_log + waiting(&*store) as u64 > DEEDS, removals < 3, "{removals}: the crash came in between");

        let log = open(&settings);
        audit::drain(&log, &whole).unwrap();
        drop(log);
        assert_eq!(waiting(&*store), 0);
        let read = deeds(&folder.log());
        let numbers: Vec<u64> = read.iter().map(|deed| deed.with["number"].parse().unwrap()).collect();
        assert_eq!(numbers, (0..DEEDS).collect::<Vec<_>>(), "{removals}");
        let verified = verify(&folder.log(), &keys(0)).unwrap();
        assert_eq!((verified.faults, verified.deeds), (vec![], DEEDS), "{removals}");
    }
}

/// The log cut off anywhere, as a crash leaves it: what is missing in the log still waits in the journal, for it is removed
/// only when it is on the disk.
#[test]
fn what_a_full_or_failing_log_does_not_take_waits_in_the_journal() {
    let folder = Folder::new();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let journal = journal(&store);
    commit(&store, &journal, &Deed::new(START, "approved", Actor::Gate));
    let mut settings = AuditSettings::new(folder.log());
    // A queue without room loses checks under a flood; a deed waits for its turn.
    settings.queue = 0;
    let log = open(&settings);
    let (event, verdict) = check(1);
    let facts = Facts::new(event.kind);
    let entry = Entry { event: &event, sender: "x", facts: &facts, questions: None, verdict: &verdict };
    let lost = std::thread::scope(|scope| {
        let flood = scope.spawn(|| (0..2_000).filter(|_| log.record(&entry).is_err()).count());
        audit::drain(&log, &journal).unwrap();
        flood.join().unwrap()
    });
    drop(log);
    assert!(lost > 0, "it was a flood");
    assert_eq!((deeds(&folder.log()).len(), waiting(&*store)), (1, 0));

    // A folder in the place of the next file: the disk takes nothing.
    commit(&store, &journal, &Deed::new(START, "blocked", Actor::Gate));
    settings.rotate_bytes = 1;
    let name = format!("audit-{:012}.jsonl", 1);
    let log = open(&settings);
    fs::create_dir(folder.0.join(&name)).unwrap();
    assert!(matches!(audit::drain(&log, &journal), Err(AuditError::Io { .. })));
    assert_eq!(waiting(&*store), 1, "it was not taken, so it stays");
    drop(log);
    fs::remove_dir(folder.0.join(&name)).unwrap();
    assert_eq!(audit::drain(&open(&settings), &journal).unwrap(), 1);
    assert_eq!((deeds(&folder.log()).len(), waiting(&*store)), (2, 0));
}

/// The gate's way: nobody drains, the writer's thread takes over what is committed, while checks are recorded.
#[test]
fn a_thousand_deeds_of_two_threads_come_into_the_log_by_themselves() {
    let folder = Folder::new();
    let mut settings = AuditSettings::new(folder.log());
    settings.rotate_bytes = 50_000;
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let journal = journal(&store);
    commit(&store, &journal, &Deed::new(START, "from_before", Actor::Gate));
    let log = open(&settings);
    log.follow(journal.clone());
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let (store, journal) = (&store, &journal);
            scope.spawn(move || {
                for number in 0..500 {
                    let name = format!("{thread}-{number}");
                    commit(store, journal, &Deed::new(START + number, "approved", Actor::Gate).with("number", name));
                }
            });
        }
        record_range(&log, 0..300);
    });
    log.flush().unwrap();
    assert_eq!(waiting(&*store), 0, "all is in the log when `flush` returns");
    drop(log);
    let read = deeds(&folder.log());
    assert_eq!((read.len(), read[0].word.as_str()), (1_001, "from_before"));
    for thread in 0..2 {
        let of_thread = read.iter().filter_map(|deed| deed.with.get("number")?.strip_prefix(&format!("{thread}-")));
        let numbers: Vec<u64> = of_thread.map(|number| number.parse().unwrap()).collect();
        assert_eq!(numbers, (0..500).collect::<Vec<_>>(), "in the order in which they were done");
    }
    let verified = verify(&folder.log(), &keys(0)).unwrap();
    assert_eq!((verified.faults, verified.deeds, verified.lost), (vec![], 1_001, 0));
}

#[test]
fn a_log_that_follows_a_journal_ends_and_takes_what_came_last() {
    let folder = Folder::new();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let journal = journal(&store);
    let log: AuditLog = open(&AuditSettings::new(folder.log()));
    log.follow(journal.clone());
    commit(&store, &journal, &Deed::new(START, "approved", Actor::Gate));
    // The store lives on, with its listener; the log must not wait for it.
    drop(log);
    assert_eq!((deeds(&folder.log()).len(), waiting(&*store)), (1, 0));
    commit(&store, &journal, &Deed::new(START, "blocked", Actor::Gate));
    assert_eq!(waiting(&*store), 1, "and the next log takes over what comes after");
    let log = open(&AuditSettings::new(folder.log()));
    log.follow(journal);
    drop(log);
    assert_eq!((deeds(&folder.log()).len(), waiting(&*store)), (2, 0));
}

#[test]
fn a_store_that_fails_is_told_and_stops_no_check() {
    let folder = Folder::new();
    let inner: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let whole = journal(&inner);
    commit(&inner, &whole, &Deed::new(START, "approved", Actor::Gate));
    let killed: Arc<dyn Store> = Arc::new(Killed::new(&inner, 0));
    let log = open(&AuditSettings::new(folder.log()));
    log.follow(journal(&killed));
    record_range(&log, 0..10);
    let error = log.flush().unwrap_err();
    assert!(error.to_string().contains("gave no answer"), "{error}");
    record_range(&log, 10..20);
    // However often it is tried, the deed is written once as long as the process lives.
    assert!(log.flush().is_err() && log.flush().is_err());
    drop(log);
    let lines = folder.lines();
    assert_eq!(lines.iter().filter(|line| line.contains("\"what\":\"deed.approved\"")).count(), 1);
    assert_eq!(lines.iter().filter(|line| line.contains("\"what\":\"check\"")).count(), 20);
}

#[test]
fn a_gate_brings_what_is_done_in_its_store_into_its_log() {
    let folder = Folder::new();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let journal = journal(&store);
    let mut settings = Settings::default();
    settings.audit.file = Some(folder.log());
    let gate = Gate::builder()
        .settings(settings)
        .rules([])
        .policies([Source::new("p.rhai", "fn on_message(m) { allow() }")])
        .keys(keys(0))
        .store(Arc::clone(&store))
        .audit(true)
        .build()
        .unwrap();
    let deed = journal.note(&Deed::new(START, "approved", Actor::Gate).to(person())).unwrap();
    assert!(matches!(store.commit(&[deed]), Ok(Commit::Done(_))));
    let event = Event::message(START, "hello").channel("whatsapp").account("main").sender("+1 555 010-0123");
    assert!(gate.check(&event).degraded.is_empty());
    gate.flush().unwrap();
    let read = deeds(&folder.log());
    assert_eq!((read.len(), waiting(&*store)), (1, 0));
    let line = folder.lines().into_iter().find(|line| line.contains("\"what\":\"check\"")).unwrap();
    let check: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(check["sender"], read[0].whom.unwrap().to_string(), "the two are found together");
}
