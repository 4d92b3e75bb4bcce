//! Who knocked: unknown senders who wrote lately.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::people::PeopleError;
use crate::keys::Sealer;
use crate::store::{Book, Commit, Expect, Person, SenderKey, Store, StoreError, Table, Version, Write};

/// How long a knock waits at most for others, to be written with them.
const GATHER: Duration = Duration::from_millis(500);
/// Knocks of different strangers that wait to be written at most; of more, only the number is kept.
const WAITING: usize = 1_024;
/// How often a batch is tried again when another process writes the same list.
const TRIES: usize = 32;
/// The key of the tally, which no stranger has: keys of senders have 16 bytes.
const TALLY: &[u8] = b"tally";
/// The longest name that is kept, in characters.
const NAME: usize = 64;

/// An unknown sender who wrote, in a direct chat. No text is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stranger {
    /// The number in the list. It stays, so whoever answers by number means whom they saw.
    pub number: u64,
    /// Channel, account and id.
    pub who: Person,
    /// The name that the sender shows, at most 64 characters. The sender chose it.
    #[serde(default)]
    pub name: String,
    /// When the first message came, in milliseconds since 1970.
    pub first: u64,
    /// When the last one came.
    pub last: u64,
    /// How many messages there were.
    pub count: u64,
    /// Whether the owner has seen the stranger in the list.
    #[serde(default)]
    pub seen: bool,
}

impl fmt::Debug for Stranger {
    /// Says nothing that names the sender.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, first, last, count, seen, .. } = self;
        f.debug_struct("Stranger")
            .field("number", number)
            .field("first", first)
            .field("last", last)
            .field("count", count)
            .field("seen", seen)
            .finish_non_exhaustive()
    }
}

/// The list as the owner gets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Knocked {
    /// The strangers, the last one who wrote first.
    pub strangers: Vec<Stranger>,
    /// Messages of strangers for whom there was no room, since the owner last saw the list.
    pub not_kept: u64,
}

/// What is kept beside the strangers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tally {
    /// The last number that was given.
    number: u64,
    not_kept: u64,
}

/// A record of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Row {
    Stranger(Stranger),
    Tally(Tally),
}

/// Whom a record of the table is about; the inner none where it is about nobody. None where it cannot be read.
pub(super) fn who_of(text: &[u8]) -> Option<Option<Person>> {
    match serde_json::from_slice(text).ok()? {
        Row::Stranger(stranger) => Some(Some(stranger.who)),
        Row::Tally(_) => Some(None),
    }
}

/// A bounded list of unknown senders who wrote, encrypted in the store.
///
/// A check notes a knock in memory; a thread of its own, which begins with the first one, writes what has gathered half a
/// second later. At most the knocks of that time are lost when the machine stops. Who is listed and not seen by the owner
/// is never pushed out: where all [`Strangers::MOST`] places are taken by such, further strangers are only counted, and the
/// owner is told how many messages those were.
pub struct Strangers {
    shared: Arc<Shared>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    book: Book<Row>,
    waiting: Mutex<Waiting>,
    bell: Condvar,
    /// Held while a batch is written.
    writing: Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    knocks: HashMap<SenderKey, Knock>,
    not_kept: u64,
    started: bool,
    closing: bool,
}

/// What came of one stranger since the last batch.
#[derive(Clone)]
struct Knock {
    who: Person,
    name: String,
    first: u64,
    last: u64,
    count: u64,
}

impl Waiting {
    /// Whether nobody has knocked since the last batch.
    fn are_none(&self) -> bool {
        self.knocks.is_empty() && self.not_kept == 0
    }
}

impl Strangers {
    /// The most strangers that are listed.
    pub const MOST: usize = 1_000;

    pub(super) fn new(store: Arc<dyn Store>, sealer: Sealer) -> Self {
        let shared = Shared {
            book: Book::new(store, sealer, Table::Stranger),
            waiting: Mutex::default(),
            bell: Condvar::new(),
            writing: Mutex::default(),
        };
        Self { shared: Arc::new(shared), writer: Mutex::default() }
    }

    /// Notes that an unknown sender wrote. For checks: some memory is written, no disk.
    pub(super) fn note(&self, key: SenderKey, who: Person, name: &str, at: u64) {
        let mut waiting = self.shared.waiting();
        // The thread waits for the first knock alone. To wake it at each was a call to the system for every message of somebody
        // unknown, and told such messages from those of the blocked by the time they took.
        let wakes = waiting.are_none();
        let full = waiting.knocks.len() >= WAITING;
        match waiting.knocks.get_mut(&key) {
            Some(knock) => knock.again(name, at, at, 1),
            None if full => waiting.not_kept = waiting.not_kept.saturating_add(1),
            None => {
                let name = name.chars().take(NAME).collect();
                waiting.knocks.insert(key, Knock { who, name, first: at, last: at, count: 1 });
            }
        }
        let started = std::mem::replace(&mut waiting.started, true);
        drop(waiting);
        if wakes {
            self.shared.bell.notify_one();
        }
        if !started {
            let shared = Arc::clone(&self.shared);
            let thread = std::thread::Builder::new().name("sluicegate-strangers".to_owned());
            // Without a thread the list is written by whoever reads it.
            let writer = thread.spawn(move || shared.write_behind()).ok();
            *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = writer;
        }
    }

    /// Waits until everybody who knocked so far is in the store.
    ///
    /// # Errors
    /// When the store gives no answer; nobody is forgotten then.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.shared.write()
    }

    /// Who knocked. Waits for the disk.
    ///
    /// # Errors
    /// When the store gives no answer or a record cannot be read.
    pub fn list(&self) -> Result<Knocked, StoreError> {
        self.flush()?;
        let (strangers, tally, _) = self.shared.read()?;
        let mut strangers: Vec<Stranger> = strangers.into_values().map(|(stranger, _)| stranger).collect();
        strangers.sort_by_key(|stranger| (std::cmp::Reverse(stranger.last), stranger.number));
        Ok(Knocked { strangers, not_kept: tally.not_kept })
    }

    /// The stranger under a number. Waits for the disk.
    ///
    /// # Errors
    /// Where there is none, or the store gives no answer.
    pub fn find(&self, number: u64) -> Result<Stranger, PeopleError> {
        let listed = self.list()?.strangers.into_iter().find(|stranger| stranger.number == number);
        listed.ok_or(PeopleError::NoStranger(number))
    }

    /// Says that the owner has seen these: they may make room for others from now on, and what was not kept until then is
    /// told. Waits for the disk.
    ///
    /// # Errors
    /// When the store gives no answer.
    pub fn mark_seen(&self, knocked: &Knocked) -> Result<(), StoreError> {
        self.shared.retry(|strangers, tally| {
            tally.not_kept = tally.not_kept.saturating_sub(knocked.not_kept);
            for (stranger, _) in strangers.values_mut() {
                stranger.seen |= knocked.strangers.iter().any(|seen| seen.number == stranger.number);
            }
        })
    }

    /// The write that takes a sender off the list, if there is anything to take off.
    pub(super) fn removal(&self, key: &SenderKey) -> Result<Option<Write>, StoreError> {
        self.shared.waiting().knocks.remove(key);
        let listed = self.shared.book.read(key.as_bytes())?;
        Ok(listed.map(|_| self.shared.book.remove(key.as_bytes(), Expect::Anything)))
    }
}

impl Drop for Strangers {
    fn drop(&mut self) {
        self.shared.waiting().closing = true;
        self.shared.bell.notify_one();
        if let Some(writer) = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = writer.join();
        }
    }
}

impl Knock {
    fn again(&mut self, name: &str, first: u64, last: u64, count: u64) {
        if !name.is_empty() {
            self.name = name.chars().take(NAME).collect();
        }
        (self.first, self.last) = (self.first.min(first), self.last.max(last));
        self.count = self.count.saturating_add(count);
    }
}

type Listed = BTreeMap<SenderKey, (Stranger, Option<Version>)>;

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread: waits for a knock, gathers others, writes them.
    fn write_behind(&self) {
        loop {
            let mut waiting = self.waiting();
            while waiting.are_none() && !waiting.closing {
                waiting = self.bell.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            }
            let gathered = self.bell.wait_timeout_while(waiting, GATHER, |waiting| !waiting.closing);
            let closing = gathered.unwrap_or_else(PoisonError::into_inner).0.closing;
            // What cannot be written waits for the next turn.
            let _ = self.write();
            if closing {
                return;
            }
        }
    }

    /// Writes what waits.
    fn write(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let (knocks, not_kept) = {
            let mut waiting = self.waiting();
            (std::mem::take(&mut waiting.knocks), std::mem::take(&mut waiting.not_kept))
        };
        if knocks.is_empty() && not_kept == 0 {
            return Ok(());
        }
        let mut in_order: Vec<(&SenderKey, &Knock)> = knocks.iter().collect();
        in_order.sort_by_key(|(key, knock)| (knock.first, **key));
        let done = self.retry(|strangers, tally| {
            tally.not_kept = tally.not_kept.saturating_add(not_kept);
            in_order.iter().for_each(|(key, knock)| enter(strangers, tally, **key, knock));
        });
        if done.is_err() {
            let mut waiting = self.waiting();
            waiting.not_kept = waiting.not_kept.saturating_add(not_kept);
            for (key, knock) in knocks {
                let full = waiting.knocks.len() >= WAITING;
                match waiting.knocks.get_mut(&key) {
                    Some(newer) => newer.again("", knock.first, knock.last, knock.count),
                    None if !full => {
                        waiting.knocks.insert(key, knock);
                    }
                    None => waiting.not_kept = waiting.not_kept.saturating_add(knock.count),
                }
            }
        }
        done
    }

    /// Everybody who is listed, with the tally and its version.
    fn read(&self) -> Result<(Listed, Tally, Option<Version>), StoreError> {
        let (mut listed, mut tally, mut of_tally) = (Listed::new(), Tally::default(), None);
        for changed in self.book.all()? {
            match (changed.value, <[u8; 16]>::try_from(changed.key)) {
                (Some(Row::Stranger(stranger)), Ok(key)) => {
                    listed.insert(SenderKey::from(key), (stranger, Some(changed.version)));
                }
                (Some(Row::Tally(read)), Err(_)) => (tally, of_tally) = (read, Some(changed.version)),
                _ => {}
            }
        }
        Ok((listed, tally, of_tally))
    }

    /// Changes the list in one commit; where another process was faster, again with what is there then.
    fn retry(&self, change: impl Fn(&mut Listed, &mut Tally)) -> Result<(), StoreError> {
        let expect = |version: Option<Version>| version.map_or(Expect::Nothing, Expect::Version);
        for _ in 0..TRIES {
            let (before, tally_before, of_tally) = self.read()?;
            let (mut after, mut tally) = (before.clone(), tally_before);
            change(&mut after, &mut tally);
            let mut writes = Vec::new();
            for (key, (stranger, version)) in &after {
                if before.get(key).is_none_or(|(before, _)| before != stranger) {
                    writes.push(self.book.put(key.as_bytes(), expect(*version), &Row::Stranger(stranger.clone()))?);
                }
            }
            for (key, (_, version)) in before.iter().filter(|(key, _)| !after.contains_key(key)) {
                writes.push(self.book.remove(key.as_bytes(), expect(*version)));
            }
            if tally != tally_before {
                writes.push(self.book.put(TALLY, expect(of_tally), &Row::Tally(tally))?);
            }
            if writes.is_empty() || matches!(self.book.store().commit(&writes)?, Commit::Done(_)) {
                return Ok(());
            }
        }
        Err(StoreError::Failed("the list of strangers is changed by others without end".to_owned()))
    }
}

/// Enters a knock, at the cost of the stranger whom the owner has seen and who wrote the longest ago.
fn enter(strangers: &mut Listed, tally: &mut Tally, key: SenderKey, knock: &Knock) {
    let Knock { who, name, first, last, count } = knock;
    if let Some((known, _)) = strangers.get_mut(&key) {
        (known.first, known.last) = (known.first.min(*first), known.last.max(*last));
        known.count = known.count.saturating_add(*count);
        if !name.is_empty() {
            known.name.clone_from(name);
        }
        return;
    }
    if strangers.len() >= Strangers::MOST {
        let seen = strangers.iter().filter(|(_, (stranger, _))| stranger.seen);
        let oldest = seen.min_by_key(|(_, (stranger, _))| (stranger.last, stranger.number)).map(|(key, _)| *key);
        match oldest {
            Some(oldest) => strangers.remove(&oldest),
            None => {
                tally.not_kept = tally.not_kept.saturating_add(*count);
                return;
            }
        };
    }
    tally.number += 1;
    let (who, name) = (who.clone(), name.clone());
    let stranger = Stranger { number: tally.number, who, name, first: *first, last: *last, count: *count, seen: false };
    strangers.insert(key, (stranger, None));
}

impl fmt::Debug for Strangers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Strangers(..)")
    }
}
