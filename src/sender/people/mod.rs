//! The people whom the owner knows, and those who knocked.
//!
//! [`People`] keeps what the owner says of senders: who is approved, blocked or has begun to pair, with a name, a note and
//! [capabilities](Capabilities). Every change is durable when the call returns, and its [deed](crate::store::Deed) is part of
//! the same commit. What a check needs is kept in memory, some 40 bytes for each person, and follows every commit of the
//! store, also those of other processes; a check never waits for the disk.
//!
//! # What counts
//!
//! * A block beats everything, wherever it is written: in the settings or in the store, for one account or for every
//!   account, for this id or for one that is linked with it.
//! * The owner is named in the settings alone.
//! * What the store approves holds in direct chats. In a group only the settings approve.
//!
//! # Linked ids
//!
//! The owner can [link](People::link) several ids of one person, on any channels. They have one standing and one set of
//! capabilities from then on: whatever is done to one is done to all of them in the same commit. Where one of them is
//! blocked, also by the settings, all are. Points and rate stay with each id. Nobody but the owner links, so no claim to be
//! somebody else's second phone leads to anything.
//!
//! # When the store fails
//!
//! Where a single record cannot be read, a gate must not go on as if it were not there: it might have lost a block. What is in
//! memory stays, [`People::behind`] says that it may be old or nothing at all, and every event gets the closed decision, also
//! in observe mode, until the store can be read again. So it is from the start on. Nothing is ever written over what cannot
//! be read.

mod capabilities;
mod changes;
mod outcome;
mod record;
mod snapshot;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use zeroize::Zeroizing;

use super::Standing;
use super::keyring::Keyring;
use super::pairing::Pairing;
use super::strangers::Strangers;
use crate::keys::{Keys, Purpose};
use crate::store::{Book, Journal, Person, SenderKey, Store, StoreError, Table, Version};

pub use capabilities::{Capabilities, Capability};
pub use outcome::{Outcome, PeopleError};
pub use record::{EVERY_ACCOUNT, PersonRecord, person};
use snapshot::Snapshot;
pub(super) use snapshot::State;

/// Changes that are read from the store at once.
const PAGE: usize = 4_096;

/// What the owner says of senders, durable, and in memory for checks. Shared between threads; it outlives every reload.
///
/// ```
/// use std::sync::Arc;
/// use sluicegate::keys::Keys;
/// use sluicegate::sender::{Capabilities, People, Standing, person};
/// use sluicegate::store::{Actor, MemoryStore};
///
/// let keys = Keys::new(std::array::from_fn(|index| index as u8))?;
/// let people = People::open(Arc::new(MemoryStore::default()), &keys)?;
/// let ann = person("whatsapp", Some("main"), "+1 555 010-0123")?;
/// let now = 1_764_000_000_000;
/// let outcome = people.approve(&ann, Capabilities::default(), now, Actor::OwnerAtTerminal)?;
/// assert_eq!((outcome.before, outcome.after), (Standing::Unknown, Standing::Approved));
/// assert_eq!(people.standing(&ann), Standing::Approved);
/// people.block(&ann, now, Actor::Terminal)?;
/// assert!(people.approve(&ann, Capabilities::default(), now, Actor::OwnerAtTerminal).is_err(), "block beats approval");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct People {
    memory: Arc<Memory>,
    journal: Journal,
    keyring: Keyring,
    strangers: Strangers,
}

/// What follows the store. Apart from the rest, since a listener may be the last that holds it, and its end must wait for
/// no thread.
struct Memory {
    book: Book<PersonRecord>,
    snapshot: Snapshot,
    /// The last change that the snapshot holds. Held while it is brought up to date.
    cursor: Mutex<Version>,
    behind: ArcSwapOption<String>,
    pairing: Pairing,
}

/// How many people there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeopleStats {
    /// Approved by the store.
    pub approved: usize,
    /// Waiting for the owner.
    pub pending: usize,
    /// Blocked by the store.
    pub blocked: usize,
    /// Ids that are linked with another.
    pub linked: usize,
    /// About how many bytes of memory checks need for them.
    pub bytes: usize,
}

impl People {
    /// Reads everybody from the store, and follows it from then on. About 3 µs a person.
    ///
    /// # Errors
    /// When the store gives no answer or a record cannot be read. Nobody must then go on with an empty registry: a block
    /// would be lost.
    pub fn open(store: Arc<dyn Store>, keys: &Keys) -> Result<Arc<Self>, StoreError> {
        let people = Self::follow(store, keys);
        people.refresh()?;
        Ok(people)
    }

    /// The same for a gate, which has to begin also where the store cannot be read: it is [`behind`](Self::behind) then from
    /// the first event on, so that every event gets the closed decision until [`refresh`](Self::refresh) succeeds.
    #[must_use]
    pub fn follow(store: Arc<dyn Store>, keys: &Keys) -> Arc<Self> {
        let sealer = keys.sealer();
        let secret = Zeroizing::new(keys.derive(Purpose::SenderRecord).mac(&[]));
        let memory = Arc::new(Memory {
            book: Book::new(Arc::clone(&store), sealer.clone(), Table::Person),
            snapshot: Snapshot::new(),
            cursor: Mutex::new(0),
            behind: ArcSwapOption::empty(),
            pairing: Pairing::new(Arc::clone(&store), sealer.clone(), keys.derive(Purpose::Pairing)),
        });
        // First listen, then read: what is committed in between is seen at least once.
        let weak = Arc::downgrade(&memory);
        store.subscribe(Box::new(move || {
            weak.upgrade().is_some_and(|memory| {
                // What cannot be read is told by `behind`.
                let _ = memory.refresh();
                true
            })
        }));
        // What cannot be read is told by `behind`.
        let _ = memory.refresh();
        let journal = Journal::new(Arc::clone(&store), sealer.clone());
        Arc::new(Self { memory, journal, keyring: Keyring::new(&secret), strangers: Strangers::new(store, sealer) })
    }

    /// Brings memory up to date with the store. It is called after every commit; an embedder calls it where
    /// [`behind`](Self::behind) tells that it failed. Waits for the disk.
    ///
    /// # Errors
    /// When the store gives no answer or a record cannot be read. What was in memory stays.
    pub fn refresh(&self) -> Result<(), StoreError> {
        self.memory.refresh()
    }

    /// Why what is in memory may be older than the store; none where it is not.
    #[must_use]
    pub fn behind(&self) -> Option<Arc<String>> {
        self.memory.behind.load_full()
    }

    /// The standing that the store gives a person: exactly this channel, account and id, or what holds for every account.
    /// Settings are not asked. From memory.
    #[must_use]
    pub fn standing(&self, who: &Person) -> Standing {
        self.state(&who.channel, &who.id, self.keyring.person(who)).0.standing()
    }

    /// What is said of an id, and the ids that are linked with it. `key` is that of the id on its account.
    pub(super) fn state(&self, channel: &str, id: &str, key: SenderKey) -> (State, [Option<Arc<[Person]>>; 2]) {
        let everywhere = self.keyring.named(channel, EVERY_ACCOUNT, id);
        let (one, every) = (self.memory.snapshot.get(&key), self.memory.snapshot.get(&everywhere));
        let linked = |state: State, key| if state.is_linked() { self.memory.snapshot.linked(key) } else { None };
        (one.and(every), [linked(one, &key), linked(every, &everywhere)])
    }

    /// What the store holds of a person; none where the owner has said nothing. Waits for the disk.
    ///
    /// # Errors
    /// When the store gives no answer or the record cannot be read.
    pub fn show(&self, who: &Person) -> Result<Option<PersonRecord>, StoreError> {
        Ok(self.memory.book.read(self.keyring.person(who).as_bytes())?.map(|kept| kept.value))
    }

    /// Everybody of whom the owner has said something and has not taken it back, the last changed first. Waits for the disk.
    ///
    /// # Errors
    /// When the store gives no answer or a record cannot be read.
    pub fn list(&self) -> Result<Vec<PersonRecord>, StoreError> {
        let mut all: Vec<PersonRecord> =
            self.memory.book.all()?.into_iter().filter_map(|changed| changed.value).collect();
        all.retain(|record| !record.says_nothing());
        all.reverse();
        Ok(all)
    }

    /// How many there are, from memory.
    #[must_use]
    pub fn stats(&self) -> PeopleStats {
        let [approved, pending, blocked, linked] = self.memory.snapshot.count();
        PeopleStats { approved, pending, blocked, linked, bytes: self.memory.snapshot.bytes() }
    }

    /// Those who knocked.
    #[must_use]
    pub const fn strangers(&self) -> &Strangers {
        &self.strangers
    }

    /// The pairing codes that wait.
    #[must_use]
    pub fn pairing(&self) -> &Pairing {
        &self.memory.pairing
    }

    pub(super) fn key(&self, who: &Person) -> SenderKey {
        self.keyring.person(who)
    }
}

impl Memory {
    fn refresh(&self) -> Result<(), StoreError> {
        let done = self.catch_up().and_then(|()| self.pairing.refresh());
        self.behind.store(done.as_ref().err().map(|error| Arc::new(error.to_string())));
        done
    }

    fn catch_up(&self) -> Result<(), StoreError> {
        let mut cursor = self.cursor.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut changes, mut last) = (Vec::new(), *cursor);
        loop {
            let page = self.book.changes(last, PAGE)?;
            let Some(end) = page.last() else { break };
            last = end.version;
            for changed in page {
                // Keys are those of the keyring; anything else is no person.
                let Ok(key) = <[u8; 16]>::try_from(changed.key.as_slice()) else { continue };
                let (state, linked) = match &changed.value {
                    Some(record) => (State::of(record), record.linked.as_slice().into()),
                    None => (State::default(), Arc::default()),
                };
                changes.push((SenderKey::from(key), state, linked));
            }
        }
        self.snapshot.apply(&changes);
        *cursor = last;
        Ok(())
    }
}

impl fmt::Debug for People {
    /// Shows numbers, never a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("People").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
