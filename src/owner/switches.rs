//! What a running gate knows of the owner's switches without asking the store.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::lockdown::{Lock, Switch};
use super::seal::Seal;
use super::{Authority, Lockdown, Seals, place};
use crate::keys::{OwnerKey, PublicKey, Sealer};
use crate::store::{Book, Store, StoreError, Table, Version};

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
    /// Who wants to hear of another seal.
    wake: Vec<SyncSender<()>>,
}

impl Switches {
    /// The switches in a store, as they stand there. Waits for the disk.
    pub(crate) fn new(store: &Arc<dyn Store>, sealer: &Sealer) -> Arc<Self> {
        let book = || (Arc::clone(store), sealer.clone());
        let ((a, b), (c, d), (e, f)) = (book(), book(), book());
        let switches = Arc::new(Self {
            // Closed until the store has said otherwise.
            lock: AtomicU8::new(Lock::Unreadable as u8),
            behind: AtomicBool::new(true),
            seals: AtomicU64::new(0),
            memory: Mutex::default(),
            store: Arc::clone(store),
            sealer: sealer.clone(),
            keys: Book::new(a, b, Table::Gate),
            lockdown: Book::new(c, d, Table::Gate),
            seal: Book::new(e, f, Table::Gate),
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
        let lock = self.read_lockdown(memory)?;
        self.read_seal(memory)?;
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

    fn read_seal(&self, memory: &mut Memory) -> Result<(), StoreError> {
        let Some(kept) = self.seal.read(place::SEAL)? else { return Ok(()) };
        if kept.version != memory.seal_version {
            memory.seal_version = kept.version;
            self.seals.fetch_add(1, Ordering::Release);
            memory.wake.retain(|wake| !matches!(wake.try_send(()), Err(std::sync::mpsc::TrySendError::Disconnected(()))));
        }
        if memory.trusts(&kept.value) {
            // Only a reload to what was sealed switches it off: see `admit`.
            memory.sealing |= kept.value.sealing;
        }
        Ok(())
    }

    /// Whether a revision may judge whose settings say `wants` of seals. Reads the store.
    ///
    /// # Errors
    /// Why it may not, and what to do, for the owner.
    pub(crate) fn admit(&self, revision: &str, wants: bool) -> Result<(), (String, &'static str)> {
        const SEAL: &str = "look at what changed, and run `sluicegate policy seal` if you want it";
        self.catch_up();
        let mut memory = self.memory();
        let seal = match self.seal.read(place::SEAL) {
            Ok(kept) => kept.map(|kept| kept.value),
            Err(error) => {
                return Err((format!("whether the owner has sealed this cannot be read: {error}"), SEAL));
            }
        };
        let required = wants || memory.sealing || seal.as_ref().is_some_and(|seal| seal.sealing);
        if !required {
            return Ok(());
        }
        let Some(seal) = seal else {
            let help = if memory.owner.is_some() {
                SEAL
            } else {
                "set a secret with `sluicegate owner init`, then run `sluicegate policy seal`"
            };
            return Err(("only what the owner has sealed may judge, and nothing is sealed yet".to_owned(), help));
        };
        if !memory.trusts(&seal) {
            let what = "only what the owner has sealed may judge, and the seal is not the owner's or is an old one";
            return Err((what.to_owned(), SEAL));
        }
        if *seal.revision != *revision {
            let what = "only what the owner has sealed may judge, and this was changed since";
            return Err((what.to_owned(), SEAL));
        }
        (memory.seal, memory.sealing) = (seal.number, seal.sealing);
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

impl Memory {
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
