//! Pairing, begun by the owner: a code that is told out of band, and makes known who writes it.
//!
//! # Why guessing leads nowhere
//!
//! A code has 40 bits. A sender has [five attempts](Pairing::ATTEMPTS) as long as any code waits, and wrong attempts of all
//! senders together are counted for each code: after [10,000](Pairing::GUESSES) the code is closed and the owner is told.
//! With the most codes that may wait, 100, whoever writes from any number of accounts finds one with a chance of less than
//! one in a million. Nobody burns a code by fewer than 2,000 senders; whoever has so many can keep others from being paired,
//! and gains nothing else by it: the owner can still approve whoever knocked. Both counts are in memory and begin anew with
//! the process.
//!
//! # Begun by the sender
//!
//! With `pairing.by_sender`, off by default, an unknown sender who writes in a direct chat is answered with a code, once, and
//! the owner approves it: whoever knows of the code by another way knows who it is. At most [three](Pairing::ASKED) wait for
//! each channel and account; everybody else meets silence. What it leaks: everybody who writes learns that a gate is there and
//! that they are not known to it; three strangers keep all others from being answered; and a code on a screen invites to be
//! approved without asking who it is. Writing such a code to the agent does nothing.
//!
//! # What a check does
//!
//! Only where codes wait for its channel and account, only for a message of an unknown sender in a direct chat. It compares
//! with all of them in constant time, and a message that is no code costs a glance. A code that is found is spent at once:
//! that check waits for the disk. Besides a check that ends in hold it is the only one, and only somebody with a code can
//! bring it about; with `pairing.by_sender` so does making a code.

mod ask;
mod code;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use serde::{Deserialize, Serialize};

use super::people::{Capabilities, EVERY_ACCOUNT, People, PeopleError};
use super::{Standing, channel};
use crate::keys::{MacKey, Sealer};
use crate::store::{Actor, Book, Commit, Deed, Expect, Person, SenderKey, Store, StoreError, Table, Version};

pub use code::Code;

/// How often a commit is tried again when others change the same records.
const TRIES: usize = 16;
/// Milliseconds that a clock may be behind the one by which a code was made. A code from further in the future means that the
/// clock was turned back, and then nobody knows whether it has expired.
const SLACK: u64 = 5 * 60 * 1_000;
/// Senders whose attempts are counted one by one; those of more count for the codes alone.
const COUNTED: usize = 4_096;

/// A code that waits to be written by somebody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PairingCode {
    /// By what the owner and the log call it: six hexadecimal digits, which say nothing of the code.
    pub id: String,
    /// The channel for which it is.
    pub channel: String,
    /// The account, or [`EVERY_ACCOUNT`].
    pub account: String,
    /// The owner's name for whoever will write it; the empty one where there is none.
    #[serde(default)]
    pub name: String,
    /// What the person may have done then.
    pub capabilities: Capabilities,
    /// When it was made, in milliseconds since 1970.
    pub created: u64,
    /// From when on it is worth nothing.
    pub expires: u64,
    /// Who has asked for it by writing to the agent (`pairing.by_sender`), and waits for the owner. A code that the owner has
    /// made is for whoever writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Person>,
    /// The keyed hash, in hexadecimal digits.
    hash: String,
}

impl fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PairingCode({})", self.id)
    }
}

/// What the owner wants a code for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairingRequest {
    /// The channel.
    pub channel: String,
    /// The account; every account where there is none.
    pub account: Option<String>,
    /// The owner's name for the person; may be empty.
    pub name: String,
    /// What the person may have done.
    pub capabilities: Capabilities,
    /// Milliseconds after which it expires.
    pub expires_in: u64,
}

/// The codes that wait, durable as keyed hashes, and in memory for checks.
pub struct Pairing {
    book: Book<PairingCode>,
    key: MacKey,
    pending: ArcSwap<BTreeMap<Vec<u8>, Arc<Pending>>>,
    /// The last change that is in memory.
    cursor: Mutex<Version>,
    attempts: Mutex<HashMap<SenderKey, u8>>,
}

struct Pending {
    code: PairingCode,
    hash: [u8; 32],
    version: Version,
    guesses: AtomicU32,
}

/// What a message has to do with pairing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Claim {
    /// Nothing that anybody needs to know of.
    #[default]
    None,
    /// It was a code; the sender is known from here on.
    Paired {
        /// Of the code.
        id: String,
        /// The owner's name for the person.
        name: String,
        /// What the sender is now: approved, or pending where the owner wants to confirm.
        standing: Standing,
    },
    /// It was one guess too many: these codes are closed.
    Closed(Vec<String>),
    /// It was a code, and the store did not take it. The code waits still.
    Failed(String),
}

/// Who claims what.
pub(super) struct Claimant<'a> {
    pub(super) who: Person,
    pub(super) key: SenderKey,
    pub(super) text: &'a str,
    pub(super) at: u64,
    /// Whether the owner confirms before the sender is approved.
    pub(super) confirm: bool,
}

impl Pairing {
    /// Attempts of one sender, as long as any code waits.
    pub const ATTEMPTS: u8 = 5;
    /// Wrong attempts of all senders together after which a code is closed.
    pub const GUESSES: u32 = 10_000;
    /// The most codes that may wait.
    pub const MOST: usize = 100;

    pub(super) fn new(store: Arc<dyn Store>, sealer: Sealer, key: MacKey) -> Self {
        Self {
            book: Book::new(store, sealer, Table::Pairing),
            key,
            pending: ArcSwap::default(),
            cursor: Mutex::new(0),
            attempts: Mutex::default(),
        }
    }

    /// Brings memory up to date with the store.
    pub(super) fn refresh(&self) -> Result<(), StoreError> {
        let mut cursor = self.cursor.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = self.book.changes(*cursor, usize::MAX)?;
        let Some(last) = changes.last() else { return Ok(()) };
        let last = last.version;
        let mut pending = BTreeMap::clone(&self.pending.load());
        for changed in changes {
            let hash = changed.value.as_ref().and_then(|code| hex::decode(&code.hash).ok()?.try_into().ok());
            match changed.value.zip(hash) {
                Some((code, hash)) => {
                    let known = pending.get(&changed.key).map_or(0, |known| known.guesses.load(Ordering::Relaxed));
                    let guesses = AtomicU32::new(known);
                    let waits = Pending { code, hash, version: changed.version, guesses };
                    pending.insert(changed.key, Arc::new(waits));
                }
                None => {
                    pending.remove(&changed.key);
                }
            }
        }
        if pending.is_empty() {
            self.attempts.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        self.pending.store(Arc::new(pending));
        *cursor = last;
        Ok(())
    }

    /// The codes that wait at a time, the oldest first. From memory.
    #[must_use]
    pub fn list(&self, at: u64) -> Vec<PairingCode> {
        let pending = self.pending.load();
        let mut codes: Vec<PairingCode> =
            pending.values().filter(|waits| at < waits.code.expires).map(|waits| waits.code.clone()).collect();
        codes.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
        codes
    }

    fn hash(&self, code: &Code) -> [u8; 32] {
        self.key.mac(&[b"code", code.as_bytes()])
    }
}

impl People {
    /// Makes a pairing code. `entropy` is random bytes that nobody else knows. What is returned is the only copy.
    ///
    /// # Errors
    /// [`PeopleError::TooManyCodes`] where [`Pairing::MOST`] wait, [`PeopleError::Nobody`] where the channel is empty. Or when
    /// the store fails.
    pub fn start_pairing(
        &self,
        request: &PairingRequest,
        at: u64,
        by: Actor,
        entropy: [u8; 8],
    ) -> Result<(Code, PairingCode), PeopleError> {
        let channel = channel::name(&request.channel).into_owned();
        if channel.is_empty() {
            return Err(PeopleError::Nobody("the channel is empty: name the messaging system".to_owned()));
        }
        if request.name.len() > super::PersonRecord::LONGEST_NAME {
            return Err(PeopleError::TooLong(super::PersonRecord::LONGEST_NAME));
        }
        let pairing = self.pairing();
        let code = Code::of(entropy);
        let key = pairing.key.half(&[b"id", code.as_bytes()]);
        let mut id = hex::encode(key);
        id.truncate(6);
        let made = PairingCode {
            id: id.clone(),
            channel: channel.clone(),
            account: request.account.clone().unwrap_or_else(|| EVERY_ACCOUNT.to_owned()),
            name: request.name.clone(),
            capabilities: request.capabilities,
            created: at,
            expires: at.saturating_add(request.expires_in),
            asked: None,
            hash: hex::encode(pairing.hash(&code)),
        };
        for _ in 0..TRIES {
            let kept = pairing.book.all()?;
            let mut writes = Vec::new();
            let mut waiting = 0;
            for changed in kept {
                // Whoever makes a new one clears away the old ones.
                match changed.value {
                    Some(old) if at < old.expires => waiting += 1,
                    _ => writes.push(pairing.book.remove(&changed.key, Expect::Version(changed.version))),
                }
            }
            if waiting >= Pairing::MOST {
                return Err(PeopleError::TooManyCodes(Pairing::MOST));
            }
            writes.push(pairing.book.put(&key, Expect::Nothing, &made)?);
            let deed = Deed::new(at, "pairing_started", by.clone()).with("code", &*id);
            writes.push(self.deed(&deed)?);
            if let Commit::Done(_) = pairing.book.store().commit(&writes)? {
                return Ok((code, made));
            }
        }
        Err(PeopleError::Busy)
    }

    /// Takes a code back, by its id. Needs no secret: it only closes.
    ///
    /// # Errors
    /// [`PeopleError::NoCode`] where none waits under the id. Or when the store fails.
    pub fn revoke_pairing(&self, id: &str, at: u64, by: Actor) -> Result<PairingCode, PeopleError> {
        let pairing = self.pairing();
        for _ in 0..TRIES {
            let found = pairing.book.all()?.into_iter().find_map(|changed| {
                let code = changed.value.filter(|code| code.id.eq_ignore_ascii_case(id.trim()))?;
                Some((changed.key, changed.version, code))
            });
            let (key, version, code) = found.ok_or(PeopleError::NoCode)?;
            let deed = Deed::new(at, "pairing_revoked", by.clone()).with("code", &*code.id);
            let writes = [pairing.book.remove(&key, Expect::Version(version)), self.deed(&deed)?];
            if let Commit::Done(_) = pairing.book.store().commit(&writes)? {
                return Ok(code);
            }
        }
        Err(PeopleError::Busy)
    }

    /// Whether codes wait for a channel and account, so that a message may be one. From memory.
    pub(super) fn pairs_on(&self, channel: &str, account: &str) -> bool {
        let pending = self.pairing().pending.load();
        pending.values().any(|waits| waits.is_for(channel, account) && waits.code.asked.is_none())
    }

    /// What a message of an unknown sender in a direct chat has to do with pairing. Waits for the disk only if it is a code.
    pub(super) fn claim(&self, claimant: &Claimant<'_>) -> Claim {
        let Some(code) = Code::in_message(claimant.text) else { return Claim::None };
        let pairing = self.pairing();
        let Claimant { who, key, at, .. } = claimant;
        {
            let mut attempts = pairing.attempts.lock().unwrap_or_else(PoisonError::into_inner);
            let full = attempts.len() >= COUNTED;
            match attempts.get_mut(key) {
                Some(count) if *count >= Pairing::ATTEMPTS => return Claim::None,
                Some(count) => *count += 1,
                None if full => {}
                None => {
                    attempts.insert(*key, 1);
                }
            }
        }
        let hash = pairing.hash(&code);
        let pending = pairing.pending.load();
        let mut found = None;
        let mut closed = Vec::new();
        // All of them are compared, whatever is found.
        for (place, waits) in pending.iter().filter(|(_, waits)| waits.is_open(&who.channel, &who.account, *at)) {
            if same(&waits.hash, &hash) {
                found = Some((place, waits));
            }
        }
        let Some((place, waits)) = found else {
            for waits in pending.values().filter(|waits| waits.is_open(&who.channel, &who.account, *at)) {
                if waits.guesses.fetch_add(1, Ordering::Relaxed) + 1 == Pairing::GUESSES {
                    closed.push(waits.code.id.clone());
                }
            }
            return if closed.is_empty() { Claim::None } else { Claim::Closed(closed) };
        };
        self.spend(claimant, place, waits)
    }

    /// Makes the sender known and the code worthless, in one commit.
    fn spend(&self, claimant: &Claimant<'_>, place: &[u8], waits: &Pending) -> Claim {
        let standing = if claimant.confirm { Standing::Pending } else { Standing::Approved };
        let Claimant { who, at, .. } = claimant;
        let PairingCode { id, name, capabilities, .. } = &waits.code;
        let attempt = || -> Result<Option<Commit>, PeopleError> {
            // Somebody may have used it, or the owner taken it back, since memory was brought up to date.
            if self.pairing().book.read(place)?.is_none_or(|kept| kept.version != waits.version) {
                return Ok(None);
            }
            let Some(mut writes) = self.admission(who, standing, *capabilities, name, *at)? else { return Ok(None) };
            writes.push(self.pairing().book.remove(place, Expect::Version(waits.version)));
            let deed = Deed::new(*at, "paired", Actor::Gate).to(who.clone()).with("code", &**id);
            writes.push(self.deed(&deed)?);
            Ok(Some(self.pairing().book.store().commit(&writes)?))
        };
        for _ in 0..TRIES {
            match attempt() {
                Ok(Some(Commit::Done(_))) => return Claim::Paired { id: id.clone(), name: name.clone(), standing },
                Ok(Some(Commit::Conflict)) => {}
                Ok(None) => return Claim::None,
                Err(error) => return Claim::Failed(error.to_string()),
            }
        }
        Claim::Failed(PeopleError::Busy.to_string())
    }
}

impl Pending {
    fn is_for(&self, channel: &str, account: &str) -> bool {
        self.code.channel == channel && (self.code.account == EVERY_ACCOUNT || self.code.account == account)
    }

    fn is_open(&self, channel: &str, account: &str, at: u64) -> bool {
        self.is_for(channel, account)
            && self.code.asked.is_none()
            && at < self.code.expires
            && at.saturating_add(SLACK) >= self.code.created
            && self.guesses.load(Ordering::Relaxed) < Pairing::GUESSES
    }
}

/// Whether two hashes are equal; takes the same time wherever they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differs = one.iter().zip(other).fold(0, |differs, (one, other)| differs | (one ^ other));
    one.len() == other.len() && std::hint::black_box(differs) == 0
}

impl fmt::Debug for Pairing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pairing({} codes)", self.pending.load().len())
    }
}
