//! The owner, who is the one with the secret: what only the owner can do, and what somebody can who writes into the store.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use sluicegate::gate::{BuildError, Builder};
use sluicegate::keys::{Cost, Keys, Owner, OwnerSecret, Sealer};
use sluicegate::owner::{Authority, Lock, Lockdown, OwnerError, Seals};
use sluicegate::store::{
    Actor, Arrival, Commit, Expect, Journal, Listener, MemoryStore, Points, Presence, Record, Row, SenderKey, Store,
    StoreError, Table, Terms, Version, Write,
};
use sluicegate::verdict::{Severity, Station};
use sluicegate::{Decision, Event, Gate};

const NOON: u64 = 1_764_000_000_000;
const SECOND: u64 = 1_000;
/// What a guess costs in tests that are not about what it costs.
const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
const SECRET: &str = "four words by chance";
const OPEN: &str = "fn on_message(m) { allow() }\nfn on_reply(r) { allow() }\nfn on_tool_call(c) { allow() }\n\
                    fn on_tool_result(r) { allow() }\n";

fn secret(text: &str) -> OwnerSecret {
    OwnerSecret::new(text).unwrap()
}

fn key_bytes() -> [u8; 32] {
    std::array::from_fn(|index| index as u8 ^ 0x5a)
}

fn sealer() -> Sealer {
    Keys::new(key_bytes()).unwrap().sealer()
}

/// A store, and a folder with settings, a policy and a rule, for gates that let everything pass.
struct Place {
    folder: PathBuf,
    store: Arc<dyn Store>,
}

impl Place {
    fn new() -> Self {
        Self::with(Arc::new(MemoryStore::new(64)))
    }

    fn with(store: Arc<dyn Store>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("sluicegate-owner-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let place = Self { folder, store };
        place.settings("");
        place.policy(OPEN);
        place.write(
            "r.toml",
            "format = 1\n[[rule]]\nid = \"custom.word\"\ncategory = \"custom\"\npoints = 8\nclass = \"artifact\"\n\
             scope = [\"text\"]\nphrases = [\"magic elephant\"]\n",
        );
        place
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    fn settings(&self, more: &str) {
        self.write(
            "s.toml",
            &format!("format = 1\npolicies = [\"p.rhai\"]\nrules = [\"r.toml\"]\n{more}\n[detect]\nmodel = false\n"),
        );
    }

    fn policy(&self, text: &str) {
        self.write("p.rhai", text);
    }

    fn builder(&self) -> Builder {
        let keys = Keys::new(key_bytes()).unwrap();
        Gate::builder().config(self.folder.join("s.toml")).keys(keys).store(Arc::clone(&self.store))
    }

    fn gate(&self) -> Gate {
        self.builder().build().unwrap()
    }

    /// What keeps a gate from starting.
    fn refused(&self) -> String {
        match self.builder().build().map(|_| ()) {
            Err(BuildError::Load(error)) => error.to_string(),
            other => panic!("{other:?}"),
        }
    }

    fn authority(&self) -> Authority {
        Authority::new(&self.store, &sealer())
    }

    fn lockdown(&self) -> Lockdown {
        Lockdown::new(&self.store, &sealer())
    }

    fn init(&self) -> Owner {
        self.authority().init(&secret(SECRET), [1; 16], NOON, CHEAP).unwrap()
    }

    /// Seals what the files say now.
    fn seal(&self, owner: &Owner, at: u64) {
        let contents = self.builder().trial(true).build().unwrap().contents();
        Seals::new(&self.store, &sealer()).seal(owner, &contents, at).unwrap();
    }

    fn row(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.store.read(Table::Gate, key).unwrap().and_then(|row| row.value)
    }

    /// What somebody does who can write into the store.
    fn put(&self, key: &[u8], value: Option<Vec<u8>>) {
        let write = Write { table: Table::Gate, key: key.to_vec(), expect: Expect::Anything, value };
        assert!(matches!(self.store.commit(&[write]).unwrap(), Commit::Done(_)));
    }

    fn deeds(&self) -> Vec<String> {
        let mut found = Vec::new();
        let journal = Journal::new(Arc::clone(&self.store), sealer());
        journal
            .hand_over(|deeds| {
                found.extend(deeds.iter().map(|noted| format!("{} {:?}", noted.deed.what, noted.deed.by)));
                false
            })
            .unwrap();
        found
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn passes(gate: &Gate) -> bool {
    gate.check(&Event::message(NOON, "hello").channel("whatsapp").sender("+1 555 010-0101")).decision == Decision::Allow
}

// The secret.

#[test]
fn a_secret_is_set_once_and_proves_the_owner_in_every_process() {
    let place = Place::new();
    assert_eq!(place.authority().unlock(&secret(SECRET), NOON).unwrap_err(), OwnerError::Unset);
    let owner = place.init();
    let again = place.authority().init(&secret("another secret"), [2; 16], NOON, CHEAP);
    assert_eq!(again.unwrap_err(), OwnerError::AlreadySet);
    assert_eq!(place.authority().unlock(&secret(SECRET), NOON).unwrap().public(), owner.public());
    let wrong = place.authority().unlock(&secret("four words by guess"), NOON).unwrap_err();
    assert_eq!(wrong, OwnerError::Wrong { in_a_row: 1, wait_ms: 0 });
    assert_eq!(place.deeds(), ["owner_set OwnerAtTerminal", "owner_refused Terminal"]);
    let kept = place.store.changes(Table::Gate, 0, 100).unwrap();
    let holds = |row: &Row| row.value.as_ref().is_some_and(|value| value.windows(4).any(|part| part == b"four"));
    assert!(!kept.iter().any(holds), "the secret is kept nowhere");
}

#[test]
fn ten_thousand_wrong_secrets_take_days_and_the_right_one_works_all_the_same() {
    let place = Place::new();
    place.init();
    let (authority, wrong) = (place.authority(), secret("four words by guess"));
    let (mut at, mut looked_at, mut longest) = (NOON, 0_u32, 0);
    for _ in 0..10_000 {
        match authority.unlock(&wrong, at).unwrap_err() {
            OwnerError::Wrong { in_a_row, wait_ms } => {
                looked_at += 1;
                assert_eq!(in_a_row, looked_at);
                longest = longest.max(wait_ms);
                at += wait_ms;
            }
            other => panic!("{other}"),
        }
    }
    assert!(at - NOON > 3 * 24 * 60 * 60 * SECOND, "{}", at - NOON);
    assert_eq!(longest, 30 * SECOND);
    // Too early: not looked at, and it says how long.
    let early = authority.unlock(&secret(SECRET), at - SECOND).unwrap_err();
    assert_eq!(early, OwnerError::Wait { in_a_row: 10_000, wait_ms: SECOND });
    assert!(early.to_string().contains("try again in 1 s"), "{early}");
    assert!(authority.unlock(&secret(SECRET), at).is_ok());
    assert_eq!(authority.unlock(&wrong, at).unwrap_err(), OwnerError::Wrong { in_a_row: 1, wait_ms: 0 });
}

#[test]
fn many_at_once_get_no_more_guesses_than_one_after_the_other() {
    let place = Place::new();
    place.init();
    let looked_at = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                // 50 changes of one record at once: some give up, which is no guess either.
                if let Err(OwnerError::Wrong { .. }) = place.authority().unlock(&secret("four words by guess"), NOON) {
                    looked_at.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(looked_at.load(Ordering::Relaxed), 5);
}

#[test]
fn a_clock_that_jumps_a_year_locks_nobody_out() {
    const YEAR: u64 = 365 * 24 * 60 * 60 * SECOND;
    let place = Place::new();
    place.init();
    let (authority, wrong) = (place.authority(), secret("four words by guess"));
    for _ in 0..20 {
        let _ = authority.unlock(&wrong, NOON + YEAR);
    }
    let back = authority.unlock(&secret(SECRET), NOON).unwrap_err();
    let OwnerError::Wait { wait_ms, .. } = back else { panic!("{back}") };
    assert!(wait_ms <= 30 * SECOND, "{wait_ms}");
    assert!(authority.unlock(&secret(SECRET), NOON + wait_ms).is_ok());
}

#[test]
fn who_cannot_count_the_tries_looks_at_none() {
    let failing = Arc::new(Failing::default());
    let place = Place::with(Arc::clone(&failing) as Arc<dyn Store>);
    place.init();
    failing.fails.store(true, Ordering::Release);
    let error = place.authority().unlock(&secret(SECRET), NOON).unwrap_err();
    assert!(matches!(error, OwnerError::Store(_)), "{error}");
}

#[test]
fn a_changed_secret_is_the_only_one_and_what_the_old_one_opened_stays_open() {
    let place = Place::new();
    let owner = place.init();
    place.settings("seal = true");
    place.seal(&owner, NOON);
    place.lockdown().close(Actor::Terminal, NOON).unwrap();
    place.lockdown().lift(&owner, NOON).unwrap();
    let running = place.gate();
    let successor = place.authority().change(&owner, &secret("another secret"), [2; 16], NOON, CHEAP).unwrap();
    assert!(matches!(place.authority().unlock(&secret(SECRET), NOON), Err(OwnerError::Wrong { .. })));
    assert!(place.authority().unlock(&secret("another secret"), NOON).is_ok());
    assert!(passes(&running) && passes(&place.gate()), "nothing was closed by it");
    // A gate that knew the old owner takes the new one's word.
    place.policy(&format!("{OPEN}// changed\n"));
    place.seal(&successor, NOON + 1);
    running.reload().unwrap();
    place.lockdown().close(Actor::Terminal, NOON + 2).unwrap();
    assert!(!passes(&running));
    place.lockdown().lift(&successor, NOON + 3).unwrap();
    assert!(passes(&running));
    // And the old one's no more.
    place.lockdown().close(Actor::Terminal, NOON + 4).unwrap();
    place.lockdown().lift(&owner, NOON + 5).unwrap();
    assert!(!passes(&running) && !passes(&place.gate()));
    let late = place.authority().change(&owner, &secret("a third secret"), [3; 16], NOON, CHEAP);
    assert!(late.is_err(), "only the owner changes the secret");
}

// The lockdown.

#[test]
fn a_lockdown_closes_every_gate_at_once_and_when_it_starts_again() {
    let place = Place::new();
    let owner = place.init();
    let gates = [place.gate(), place.gate()];
    assert!(gates.iter().all(passes));
    assert_eq!(place.lockdown().close(Actor::Terminal, NOON), Ok(true));
    assert_eq!(place.lockdown().close(Actor::Terminal, NOON + 9), Ok(false), "closed already");
    assert_eq!(place.lockdown().since(), Ok(Some(NOON)));
    for gate in gates.iter().chain([&place.gate()]) {
        assert_eq!(gate.status().lockdown, Lock::Closed);
        for (event, decision) in
            [(Event::message(NOON, "hello"), Decision::Drop), (Event::reply(NOON, "hello"), Decision::Hold)]
        {
            let verdict = gate.check(&event);
            assert_eq!(
                (verdict.decision, &*verdict.reason, verdict.by.station),
                (decision, "lockdown", Station::Override)
            );
        }
    }
    assert_eq!(place.lockdown().lift(&owner, NOON + 10), Ok(true));
    assert_eq!(place.lockdown().since(), Ok(None));
    assert!(gates.iter().chain([&place.gate()]).all(passes));
    assert_eq!(place.deeds(), ["owner_set OwnerAtTerminal", "locked_down Terminal", "lockdown_lifted OwnerAtTerminal"]);
}

#[test]
fn neither_observing_nor_the_settings_open_what_is_locked_down() {
    let place = Place::new();
    place.settings("mode = \"observe\"");
    let gate = place.gate();
    assert!(passes(&gate));
    place.lockdown().close(Actor::Terminal, NOON).unwrap();
    assert!(!passes(&gate));
    place.settings("mode = \"observe\"\nlockdown = false");
    gate.reload().unwrap();
    assert!(!passes(&gate));
}

/// Whoever has a shell as the same user can write into the store, and knows its key, but not the owner's secret.
#[test]
fn a_lockdown_is_not_lifted_by_whoever_can_write_into_the_store() {
    let place = Place::new();
    let owner = place.init();
    let stranger = Authority::new(&(Arc::new(MemoryStore::new(1)) as Arc<dyn Store>), &sealer())
        .init(&secret("somebody else's"), [9; 16], NOON, CHEAP)
        .unwrap();
    place.lockdown().close(Actor::Terminal, NOON).unwrap();
    place.lockdown().lift(&owner, NOON + 1).unwrap();
    let old_lift = place.row(b"lockdown");
    let gate = place.gate();
    place.lockdown().close(Actor::Terminal, NOON + 2).unwrap();

    place.lockdown().lift(&stranger, NOON + 3).unwrap();
    let verdict = gate.check(&Event::message(NOON, "hello"));
    assert_eq!((verdict.decision, verdict.by.station), (Decision::Drop, Station::Failure), "signed by somebody else");
    assert_eq!((verdict.degraded[0].severity, verdict.degraded[0].station), (Severity::Failed, "lockdown"));
    place.put(b"lockdown", old_lift);
    assert!(!passes(&gate), "the owner's word for an earlier lockdown");
    place.put(b"lockdown", Some(b"garbage".to_vec()));
    assert!(!passes(&gate), "a record that nobody can read");
    place.put(b"lockdown", None);
    assert!(!passes(&gate), "a record that is gone");
    // A key of one's own changes nothing: this gate knows the owner from its start.
    place.put(b"owner", None);
    place.authority().init(&secret("somebody else's"), [9; 16], NOON, CHEAP).unwrap();
    place.lockdown().lift(&stranger, NOON + 4).unwrap();
    assert!(!passes(&gate), "another owner");
    place.lockdown().lift(&owner, NOON + 5).unwrap();
    assert!(passes(&gate), "the owner lifts it, whatever was done to the record");
}

#[test]
fn a_damaged_switch_is_closed_and_can_be_closed_and_lifted() {
    let place = Place::new();
    let owner = place.init();
    place.put(b"lockdown", Some(vec![0; 40]));
    let gate = place.gate();
    assert_eq!(gate.status().lockdown, Lock::Unreadable);
    assert!(!passes(&gate));
    assert!(place.lockdown().since().is_err());
    assert_eq!(place.lockdown().close(Actor::Terminal, NOON), Ok(true));
    assert_eq!(gate.status().lockdown, Lock::Closed);
    place.put(b"lockdown", Some(vec![0; 40]));
    assert_eq!(place.lockdown().lift(&owner, NOON + 1), Ok(true));
    assert!(passes(&gate));
}

#[test]
fn a_switch_that_cannot_be_read_is_closed_until_it_can() {
    let failing = Arc::new(Failing::default());
    failing.fails.store(true, Ordering::Release);
    let place = Place::with(Arc::clone(&failing) as Arc<dyn Store>);
    let gate = place.gate();
    assert!(!passes(&gate));
    failing.fails.store(false, Ordering::Release);
    assert!(!passes(&gate), "nobody has read it yet, and a check never waits for that");
    gate.reload().unwrap();
    assert!(passes(&gate));
    // It fails just when there is something to hear of.
    failing.fails_reading.store(true, Ordering::Release);
    place.put(b"something", Some(vec![1]));
    assert!(!passes(&gate));
    failing.fails_reading.store(false, Ordering::Release);
    place.put(b"something", Some(vec![2]));
    assert!(passes(&gate));
}

#[test]
fn a_gate_that_began_without_its_store_stays_closed_where_it_had_to_be_sealed() {
    let failing = Arc::new(Failing::default());
    let place = Place::with(Arc::clone(&failing) as Arc<dyn Store>);
    place.settings("seal = true");
    let owner = place.init();
    place.seal(&owner, NOON);
    place.settings("seal = false");
    failing.fails.store(true, Ordering::Release);
    let gate = place.gate();
    failing.fails.store(false, Ordering::Release);
    assert!(gate.reload().is_ok() && !passes(&gate), "the files were changed without a seal");
    place.seal(&owner, NOON + 1);
    assert!(passes(&gate));
    failing.fails.store(true, Ordering::Release);
    place.settings("seal = true");
    assert!(place.refused().contains("cannot be read"), "and none begins that asks for a seal");
}

// The seal.

#[test]
fn a_gate_starts_and_reloads_with_what_the_owner_has_sealed_and_nothing_else() {
    let place = Place::new();
    place.settings("seal = true");
    let told = place.refused();
    assert!(told.contains("S009") && told.contains("sluicegate owner init"), "{told}");
    let owner = place.init();
    let told = place.refused();
    assert!(told.contains("nothing is sealed yet") && told.contains("sluicegate policy seal"), "{told}");
    place.seal(&owner, NOON);
    let gate = place.gate();
    let sealed = gate.revision();
    assert!(passes(&gate));

    place.policy("fn on_message(m) { drop(\"changed\") }");
    let Err(error) = gate.reload() else { panic!("taken without a seal") };
    assert_eq!(error.diagnostics[0].code, "S009");
    assert!(error.to_string().contains("changed since") && error.to_string().contains("s.toml"), "{error}");
    assert_eq!(gate.revision(), sealed, "the sealed one goes on");
    assert!(passes(&gate));
    assert!(place.refused().contains("changed since"));

    place.seal(&owner, NOON + 1);
    gate.reload().unwrap();
    assert!(!passes(&gate) && !passes(&place.gate()));
    place.policy(OPEN);
    assert!(gate.reload().is_err(), "what was sealed once is not sealed for ever");
    assert_eq!(place.deeds(), ["owner_set OwnerAtTerminal", "sealed OwnerAtTerminal", "sealed OwnerAtTerminal"]);
}

#[test]
fn a_settings_file_alone_does_not_switch_sealing_off() {
    let place = Place::new();
    place.settings("seal = true");
    let owner = place.init();
    place.seal(&owner, NOON);
    let gate = place.gate();
    place.settings("seal = false");
    assert!(gate.reload().is_err());
    assert!(place.refused().contains("changed since"));
    // A gate that runs knows of it also where the record is gone.
    let record = place.row(b"seal");
    place.put(b"seal", None);
    assert!(gate.reload().is_err());
    place.put(b"seal", record);
    place.seal(&owner, NOON + 1);
    gate.reload().unwrap();
    place.policy(&format!("{OPEN}// not sealed\n"));
    gate.reload().unwrap();
    assert!(passes(&place.gate()));
}

#[test]
fn whoever_can_write_into_the_store_cannot_activate_a_policy() {
    let place = Place::new();
    place.settings("seal = true");
    let owner = place.init();
    place.policy("fn on_message(m) { drop(\"old\") }");
    place.seal(&owner, NOON);
    let old = place.row(b"seal");
    place.policy(OPEN);
    place.seal(&owner, NOON + 1);
    let gate = place.gate();

    place.policy("fn on_message(m) { drop(\"old\") }");
    place.put(b"seal", old);
    assert!(gate.reload().is_err(), "an older seal");
    let stranger = Authority::new(&(Arc::new(MemoryStore::new(1)) as Arc<dyn Store>), &sealer())
        .init(&secret("somebody else's"), [9; 16], NOON, CHEAP)
        .unwrap();
    place.seal(&stranger, NOON + 2);
    assert!(gate.reload().is_err(), "a seal of somebody else");
    assert!(place.refused().contains("not the owner's"));
    place.put(b"owner", None);
    place.authority().init(&secret("somebody else's"), [9; 16], NOON, CHEAP).unwrap();
    assert!(gate.reload().is_err(), "this gate knows the owner from its start");
    assert!(passes(&gate));
    place.put(b"seal", Some(vec![7; 50]));
    assert!(gate.reload().is_err(), "a damaged seal");
}

#[test]
fn trying_things_out_needs_no_seal() {
    let place = Place::new();
    place.settings("seal = true");
    let gate = place.builder().trial(true).build().unwrap();
    place.policy(&format!("{OPEN}// changed\n"));
    gate.reload().unwrap();
}

#[test]
fn what_is_sealed_is_every_part_of_the_revision() {
    let place = Place::new();
    let parts = |place: &Place| place.builder().build().unwrap().contents();
    let before = parts(&place);
    let names: Vec<&str> = before.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["sluicegate itself", "settings", "canary of the key", "policy p.rhai", "rules r.toml"]);
    let changed = |place: &Place| -> Vec<String> {
        let now = parts(place);
        let differs =
            |(old, new): (&sluicegate::owner::Part, &sluicegate::owner::Part)| (old != new).then(|| new.name.clone());
        before.parts.iter().zip(&now.parts).filter_map(differs).collect()
    };
    place.settings("# a comment");
    assert!(changed(&place).is_empty(), "a comment judges nothing");
    place.settings("seal = false\nlockdown = true");
    assert_eq!(changed(&place), ["settings"]);
    place.settings("");
    place.policy(&format!("{OPEN}// a comment\n"));
    assert_eq!(changed(&place), ["policy p.rhai"]);
}

#[cfg(feature = "watch")]
#[test]
fn a_watched_gate_takes_what_it_refused_as_soon_as_it_is_sealed() {
    use std::sync::mpsc;

    use sluicegate::gate::{ReloadOutcome, WatchSettings, Watcher};

    let place = Place::new();
    place.settings("seal = true");
    let owner = place.init();
    place.seal(&owner, NOON);
    let gate = Arc::new(place.gate());
    let (tell, told) = mpsc::channel();
    let watcher = Watcher::start(&gate, WatchSettings::default(), move |status| {
        let _ = tell.send(status.outcome.clone());
    })
    .unwrap();
    place.policy("fn on_message(m) { drop(\"changed\") }");
    assert!(matches!(told.recv().unwrap(), ReloadOutcome::Refused(_)));
    assert!(passes(&gate));
    place.seal(&owner, NOON + 1);
    assert!(matches!(told.recv().unwrap(), ReloadOutcome::Changed(_)));
    assert!(!passes(&gate));
    drop(watcher);
}

/// A store that fails with the owner's switches when it is told to.
#[derive(Default)]
struct Failing {
    inner: MemoryStore,
    fails: AtomicBool,
    /// Whether durable records cannot be read, though they can be written.
    fails_reading: AtomicBool,
}

impl Failing {
    fn gives<T>(&self, table: Table, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        let fails = table == Table::Gate && self.fails.load(Ordering::Acquire);
        if fails { Err(StoreError::Stalled) } else { answer }
    }

    fn reads<T>(&self, table: Table, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        let fails = table == Table::Gate && self.fails_reading.load(Ordering::Acquire);
        if fails { Err(StoreError::Stalled) } else { self.gives(table, answer) }
    }
}

impl Store for Failing {
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
        self.reads(table, self.inner.read(table, key))
    }

    fn changes(&self, table: Table, after: Version, most: usize) -> Result<Vec<Row>, StoreError> {
        self.reads(table, self.inner.changes(table, after, most))
    }

    fn commit(&self, writes: &[Write]) -> Result<Commit, StoreError> {
        let gate = writes.iter().find(|write| write.table == Table::Gate);
        let table = gate.map_or(Table::Journal, |write| write.table);
        self.gives(table, self.inner.commit(writes))
    }

    fn subscribe(&self, listener: Listener) {
        self.inner.subscribe(listener);
    }

    fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
