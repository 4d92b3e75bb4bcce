//! What a running gate knows of the owner's switches without asking the store.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::lockdown::{Lock, Switch};
use super::seal::Seal;
use super::{Authority, Lockdown, Seals, place};
use crate::keys::{OwnerKey, PublicKey, Sealer};
use crate::store::{Book, Store, StoreError, Table, Version};

/// Why a revision may not judge, and what to do.
type Refusal = (String, &'static str);

const SEAL: &str = "look at what changed, and run `sluicegate policy seal` if you want it";
const INIT: &str = "set a secret with `sluicegate owner init`, then run `sluicegate policy seal`";

/// The switches of one gate, kept up to date by the store.
///
/// INVARIANT: a check reads the one atomic number in here, and never waits: neither for the store nor for a lock.
pub(crate) struct Switches {
    lock: AtomicU8,
    /// Whether the store has not been read to its end since it changed.
    behind: AtomicBool,
    /// How often there was another seal.
    seals: AtomicU64,
    memory: Mutex<Memory>,
    store: Arc<dyn Store>,
    sealer: Sealer,
    keys: Book<OwnerKey>,
    lockdown: Book<Switch>,
    seal: Book<Seal>,
}

/// What this gate has seen; records that say something older are not believed.
#[derive(Default)]
struct Memory {
    /// How far the store has been read.
    seen: Version,
    /// The owner whom this gate knows: the first that it met, and whom that one named as its successor.
    owner: Option<PublicKey>,
    /// The greatest number of a lockdown.
    lockdown: u64,
    /// The greatest number of a seal that was this owner's.
    seal: u64,
    /// The newest seal's version, whoever made it.
    seal_version: Version,
    /// Whether only sealed revisions are taken. Nothing but a seal of the owner's switches it off again.
    sealing: bool,
    /// The revision that the gate began with, where it could not be read whether it has to be sealed.
    unproven: Option<String>,
    /// Who wants to hear of another seal.
    wake: Vec<SyncSender<()>>,
}

impl Switches {
    /// The switches in a store, as they stand there. Waits for the disk.
    pub(crate) fn new(store: &Arc<dyn Store>, sealer: &Sealer) -> Arc<Self> {
        let switches = Arc::new(Self {
            // Closed until the store has said otherwise.
            lock: AtomicU8::new(Lock::Unreadable as u8),
            behind: AtomicBool::new(true),
            seals: AtomicU64::new(0),
            memory: Mutex::default(),
            store: Arc::clone(store),
            sealer: sealer.clone(),
            keys: book(store, sealer),
            lockdown: book(store, sealer),
            seal: book(store, sealer),
        });
        let weak = Arc::downgrade(&switches);
        store.subscribe(Box::new(move || {
            let Some(switches) = weak.upgrade() else { return false };
            switches.behind.store(true, Ordering::Release);
            switches.catch_up();
            true
        }));
        switches.catch_up();
        switches
    }

    /// How the lockdown stands.
    pub(crate) fn lock(&self) -> Lock {
        Lock::from_number(self.lock.load(Ordering::Acquire))
    }

    /// Reads what changed in the store, if anything did that was not read yet. Waits for the disk.
    pub(crate) fn catch_up(&self) {
        if self.behind.load(Ordering::Acquire) {
            let mut memory = self.memory();
            // Whatever changes from here on is read by whoever hears of it.
            self.behind.store(false, Ordering::Release);
            if self.read(&mut memory).is_err() {
                self.lock.store(Lock::Unreadable as u8, Ordering::Release);
                self.behind.store(true, Ordering::Release);
            }
        }
    }

    fn read(&self, memory: &mut Memory) -> Result<(), StoreError> {
        const PAGE: usize = 64;
        let mut newest = memory.seen;
        loop {
            let rows = self.store.changes(Table::Gate, newest, PAGE)?;
            let Some(last) = rows.last() else { break };
            newest = last.version;
        }
        let unread = self.lock() == Lock::Unreadable;
        if newest == memory.seen && !unread {
            return Ok(());
        }
        self.read_owner(memory)?;
        let mut lock = self.read_lockdown(memory)?;
        let seal = self.read_seal(memory)?;
        if let Some(revision) = memory.unproven.take()
            && memory.admit(seal.as_ref(), &revision, false).is_err()
        {
            memory.unproven = Some(revision);
            lock = Lock::Unreadable;
        }
        // INVARIANT: only what was read in full opens anything.
        self.lock.store(lock as u8, Ordering::Release);
        memory.seen = newest;
        Ok(())
    }

    fn read_owner(&self, memory: &mut Memory) -> Result<(), StoreError> {
        let Some(kept) = self.keys.read(place::KEY)? else { return Ok(()) };
        let key = kept.value;
        // A key that nobody vouches for whom this gate knows is not the owner's, whatever the store says.
        if memory.owner.as_ref().is_none_or(|known| key.follows(known)) {
            memory.owner = Some(*key.public());
        }
        Ok(())
    }

    fn read_lockdown(&self, memory: &mut Memory) -> Result<Lock, StoreError> {
        let Some(kept) = self.lockdown.read(place::LOCKDOWN)? else {
            // Where there was one, somebody has removed it, and that lifts nothing.
            return Ok(if memory.lockdown > 0 { Lock::Closed } else { Lock::Open });
        };
        let switch = kept.value;
        let older = switch.number < memory.lockdown;
        memory.lockdown = memory.lockdown.max(switch.number);
        if switch.is_on() {
            return Ok(Lock::Closed);
        }
        let by_the_owner = memory.owner.as_ref().is_some_and(|owner| switch.lifted_by(owner));
        Ok(if by_the_owner && !older { Lock::Open } else { Lock::Unreadable })
    }

    fn read_seal(&self, memory: &mut Memory) -> Result<Option<Seal>, StoreError> {
        let Some(kept) = self.seal.read(place::SEAL)? else { return Ok(None) };
        if kept.version != memory.seal_version {
            memory.seal_version = kept.version;
            self.seals.fetch_add(1, Ordering::Release);
            memory
                .wake
                .retain(|wake| !matches!(wake.try_send(()), Err(std::sync::mpsc::TrySendError::Disconnected(()))));
        }
        if memory.trusts(&kept.value) {
            // Only a reload to what was sealed switches it off: see `admit`.
            memory.sealing |= kept.value.sealing;
        }
        Ok(Some(kept.value))
    }

    /// Whether a gate may start with a revision whose settings say `wants` of seals. Reads the store.
    ///
    /// Where the store cannot be read and the settings ask for no seal, the gate may start, and is closed until it is known
    /// that none is asked for.
    ///
    /// # Errors
    /// As [`admit`](Self::admit).
    pub(crate) fn admit_first(&self, revision: &str, wants: bool) -> Result<(), Refusal> {
        let admitted = self.admit(revision, wants);
        if self.lock() == Lock::Unreadable && !wants && admitted.is_err() {
            self.memory().unproven = Some(revision.to_owned());
            return Ok(());
        }
        admitted
    }

    /// Whether a revision may take the place of another, whose settings say `wants` of seals. Reads the store.
    ///
    /// # Errors
    /// Why it may not, and what to do, for the owner.
    pub(crate) fn admit(&self, revision: &str, wants: bool) -> Result<(), Refusal> {
        self.catch_up();
        let mut memory = self.memory();
        let seal = self.seal.read(place::SEAL);
        let seal =
            seal.map_err(|error| (format!("whether the owner has sealed this cannot be read: {error}"), SEAL))?;
        memory.admit(seal.as_ref().map(|kept| &kept.value), revision, wants)?;
        memory.unproven = None;
        Ok(())
    }

    /// How often there was another seal so far.
    #[cfg(feature = "watch")]
    pub(crate) fn seals(&self) -> u64 {
        self.seals.load(Ordering::Acquire)
    }

    /// Sends a message whenever there is another seal, until nobody receives it.
    #[cfg(feature = "watch")]
    pub(crate) fn wake(&self, wake: SyncSender<()>) {
        self.memory().wake.push(wake);
    }

    /// The lockdown in the store.
    pub(crate) fn lockdown(&self) -> Lockdown {
        Lockdown::new(&self.store, &self.sealer)
    }

    /// The owner in the store.
    pub(crate) fn authority(&self) -> Authority {
        Authority::new(&self.store, &self.sealer)
    }

    /// The seal in the store.
    pub(crate) fn seal_book(&self) -> Seals {
        Seals::new(&self.store, &self.sealer)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn book<T: Serialize + DeserializeOwned>(store: &Arc<dyn Store>, sealer: &Sealer) -> Book<T> {
    Book::new(Arc::clone(store), sealer.clone(), Table::Gate)
}

impl Memory {
    fn admit(&mut self, seal: Option<&Seal>, revision: &str, wants: bool) -> Result<(), Refusal> {
        if !wants && !self.sealing && !seal.is_some_and(|seal| seal.sealing) {
            return Ok(());
        }
        let refusal = |why, help| Err((format!("only what the owner has sealed may judge, and {why}"), help));
        match seal {
            None if self.owner.is_none() => refusal("nothing is sealed yet", INIT),
            None => refusal("nothing is sealed yet", SEAL),
            Some(seal) if !self.trusts(seal) => refusal("the seal is not the owner's, or an old one", SEAL),
            Some(seal) if *seal.revision != *revision => refusal("this was changed since", SEAL),
            Some(seal) => {
                (self.seal, self.sealing) = (seal.number, seal.sealing);
                Ok(())
            }
        }
    }

    /// Whether a seal is of the owner whom this gate knows, and no older than one that it has seen.
    fn trusts(&self, seal: &Seal) -> bool {
        seal.number >= self.seal && self.owner.as_ref().is_some_and(|owner| seal.is_of(owner))
    }
}

impl fmt::Debug for Switches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Switches").field("lock", &self.lock()).finish_non_exhaustive()
    }
}
