//! The queue of held events in the store.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::queue::{Queue, Slot};
use super::{HeldEvent, HoldError, HoldId, HoldSettings, State, Token};
use crate::event::Digest;
use crate::keys::{Keys, MacKey, Purpose};
use crate::store::{Actor, Book, Commit, Deed, Expect, Journal, Store, StoreError, Table, Write};

/// How often a change is tried again when others change the same at the same time.
const TRIES: usize = 64;
/// Rows that are read at a time.
const PAGE: usize = 64;
/// Lapsed and ended holds that one new hold tidies up.
const TIDIED: usize = 16;
/// Milliseconds that an approval may be used, if the hold itself does not last longer.
const APPROVAL_LASTS: u64 = 10 * 60 * 1_000;
/// Milliseconds after which an event that was denied may be put to the owner again. Until then whoever sends it again, as gateways
/// do that got no answer, has the owner's.
const DENIAL_LASTS: u64 = 10 * 60 * 1_000;
/// Where it is counted how many events were refused.
const REFUSED: &[u8] = b"holds refused";

/// Events that wait for the owner, in a [`Store`]. Shared between threads, and by the store between processes.
///
/// Everything here waits for the disk. Times are milliseconds since 1970 and are handed in.
///
/// ```
/// use std::sync::Arc;
/// use sluicegate::hold::Holds;
/// use sluicegate::keys::Keys;
/// use sluicegate::store::MemoryStore;
///
/// let keys = Keys::new(std::array::from_fn(|index| index as u8))?;
/// let holds = Holds::new(Arc::new(MemoryStore::default()), &keys);
/// assert!(holds.list()?.is_empty());
/// assert!(holds.id("the last one").is_err(), "an answer names one hold, by its whole id");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Holds {
    book: Book<HeldEvent>,
    counts: Book<Refused>,
    journal: Journal,
    key: MacKey,
    queue: Mutex<Queue>,
    bell: Arc<Bell>,
}

/// What became of an event that was to be held.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Put {
    /// It waits now. `made_room` tells how many others had to make room for it.
    Held {
        /// Events of the noisiest senders that were refused for it.
        made_room: usize,
    },
    /// It was held before: this is the same hold.
    Again(Box<HeldEvent>),
    /// The queue is full, and its sender is the noisiest.
    Full,
}

/// How many events the queue had no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refused {
    /// How many, since the store was made.
    pub count: u64,
    /// When the last was refused, in milliseconds since 1970.
    pub at: u64,
}

/// Wakes those who wait for an answer.
#[derive(Default)]
struct Bell {
    rung: Mutex<u64>,
    waits: Condvar,
}

impl Holds {
    /// The queue in a store. Another key finds nothing in it.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, keys: &Keys) -> Self {
        let bell = Arc::new(Bell::default());
        let heard = Arc::downgrade(&bell);
        store.subscribe(Box::new(move || heard.upgrade().is_some_and(|bell| bell.ring())));
        Self {
            book: Book::new(Arc::clone(&store), keys.sealer(), Table::Hold),
            counts: Book::new(Arc::clone(&store), keys.sealer(), Table::Gate),
            journal: Journal::new(store, keys.sealer()),
            key: keys.derive(Purpose::Hold),
            queue: Mutex::default(),
            bell,
        }
    }

    /// Keeps an event until the owner has answered. The same id is the same hold as long as the owner's answer to it holds: once
    /// it was used, or nobody answered in time, or ten minutes after it was denied, it is asked anew.
    ///
    /// Two processes that put at the same time may each take the last place, so the bounds can be exceeded by as many events
    /// as there are processes.
    ///
    /// # Errors
    /// When the store gives no answer, or the event is larger than a store takes. Nothing is held then, or it is not known.
    pub fn put(&self, id: &HoldId, held: &HeldEvent, limits: &HoldSettings) -> Result<Put, StoreError> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..TRIES {
            self.catch_up(&mut queue)?;
            let before = if queue.holds(id) { self.book.read(id.as_bytes())? } else { None };
            let mut writes = self.tidy(&queue, held.at, limits, id)?;
            let mut lapsed = false;
            let expect = match before {
                None => Expect::Nothing,
                Some(kept) if !is_over(&kept.value, held.at) => return Ok(Put::Again(Box::new(kept.value))),
                Some(kept) => {
                    lapsed = kept.value.state.is_open();
                    Expect::Version(kept.version)
                }
            };
            let victims = queue.room_for(&Slot::of(held, 0), held.at, limits);
            let made_room = victims.as_ref().map_or(1, Vec::len);
            let put = match victims {
                Some(victims) => {
                    for victim in &victims {
                        self.end(victim, held.at, |at| State::Denied { at, by: Actor::Gate }, &mut writes)?;
                    }
                    if lapsed {
                        writes.push(self.journal.note(&deed(held.at, "hold_expired", Actor::Gate, id))?);
                    }
                    writes.push(self.book.put(id.as_bytes(), expect, held)?);
                    Put::Held { made_room }
                }
                None => Put::Full,
            };
            if made_room > 0 {
                writes.push(self.count_refused(made_room, held.at)?);
            }
            if let Commit::Done(_) = self.book.store().commit(&writes)? {
                return Ok(put);
            }
        }
        Err(StoreError::Failed("the holds are changed by others without end".to_owned()))
    }

    /// Approves a hold: `by` is the owner. What was approved may be [released](crate::Gate::release) until it lapses, at least
    /// for ten minutes. Gives the event as it was held, and the points that its sender got for it.
    ///
    /// [`Gate::approve`](crate::Gate::approve) also takes these points back.
    ///
    /// # Errors
    /// When nothing is held under this id, somebody else has answered first, or its time is up.
    pub fn approve(&self, id: &HoldId, by: &Actor, at: u64) -> Result<HeldEvent, HoldError> {
        self.change(id, at, |held| match &held.state {
            State::Waiting => {
                let until = held.expires.max(at.saturating_add(APPROVAL_LASTS));
                held.state = State::Approved { at, by: by.clone(), until };
                Ok(Some(deed(at, "hold_approved", by.clone(), id)))
            }
            other => Err(HoldError::Settled(other.clone())),
        })
    }

    /// Denies a hold. Nothing more becomes of the event, and its text is forgotten.
    ///
    /// # Errors
    /// As [`approve`](Self::approve).
    pub fn deny(&self, id: &HoldId, by: &Actor, at: u64) -> Result<HeldEvent, HoldError> {
        self.change(id, at, |held| match &held.state {
            State::Waiting => {
                held.end(State::Denied { at, by: by.clone() });
                Ok(Some(deed(at, "hold_denied", by.clone(), id)))
            }
            other => Err(HoldError::Settled(other.clone())),
        })
    }

    /// The gateway waits no more, as where a tool call had to be answered in time: nothing becomes of the event, whatever the
    /// owner says afterwards. `by` is the gateway's client; it needs no secret, since this can let nothing pass.
    ///
    /// # Errors
    /// As [`approve`](Self::approve), and where it was released already.
    pub fn withdraw(&self, id: &HoldId, by: &Actor, at: u64) -> Result<HeldEvent, HoldError> {
        self.change(id, at, |held| match &held.state {
            State::Waiting | State::Approved { .. } => {
                held.end(State::Denied { at, by: by.clone() });
                Ok(Some(deed(at, "hold_withdrawn", by.clone(), id)))
            }
            other => Err(HoldError::Settled(other.clone())),
        })
    }

    /// The event that is approved and not used yet.
    pub(crate) fn approved(&self, id: &HoldId, at: u64) -> Result<HeldEvent, HoldError> {
        let held = self.get(id)?;
        match held.state_at(at) {
            State::Approved { .. } | State::Released { .. } => Ok(held),
            State::Waiting => Err(HoldError::NotApproved),
            other => Err(HoldError::Settled(other)),
        }
    }

    /// Notes that an approved event was judged again and goes to the gateway, and makes its token. Whoever asks again gets the
    /// same token, so a gateway that broke down in between loses nothing.
    pub(crate) fn hand_out(&self, id: &HoldId, at: u64) -> Result<(HeldEvent, Token), HoldError> {
        let held = self.change(id, at, |held| match &held.state {
            State::Approved { until, .. } => {
                held.state = State::Released { at, until: *until };
                Ok(Some(deed(at, "hold_released", Actor::Gate, id)))
            }
            State::Released { .. } => Ok(None),
            State::Waiting => Err(HoldError::NotApproved),
            other => Err(HoldError::Settled(other.clone())),
        })?;
        let until = held.state.lapses(held.expires).unwrap_or_default();
        let token = Token::new(&self.key, *id, &held.digest, until);
        Ok((held, token))
    }

    /// Redeems a token: true exactly once, whoever else tries, in this process or another. `digest` is that of the event which
    /// the gateway is about to act on. Once it is redeemed, the event is forgotten.
    ///
    /// # Errors
    /// When it is no token of this gate or for another event, or it was redeemed before, or its time is up. Where the store
    /// gives no answer, the token may have been used up: the gateway must not act.
    pub fn redeem(&self, token: &Token, digest: &Digest, at: u64) -> Result<(), HoldError> {
        if !token.is_for(&self.key, digest) {
            // Whose it is, is told only to who has a whole token.
            let held = self.get(&token.id()).map_err(|_| HoldError::NoToken)?;
            let ours = token.is_for(&self.key, &held.digest);
            return Err(if ours { HoldError::OtherEvent } else { HoldError::NoToken });
        }
        let id = token.id();
        self.change(&id, at, |held| match &held.state {
            State::Released { until, .. } if *until == token.until() && held.digest == *digest => {
                held.end(State::Used { at });
                Ok(Some(deed(at, "hold_used", Actor::Gate, &id)))
            }
            State::Waiting | State::Approved { .. } => Err(HoldError::NotApproved),
            State::Released { .. } => Err(HoldError::NoToken),
            other => Err(HoldError::Settled(other.clone())),
        })
        .map(|_| ())
    }

    /// Waits until `look` finds something, at most for `longest`: it looks at once, and after every change of the store. Costs
    /// nothing meanwhile. `longest` is measured on the system's clock, by the system.
    ///
    /// # Errors
    /// The first error of `look`.
    pub fn wait_for<T>(
        &self,
        longest: Duration,
        mut look: impl FnMut(&Self) -> Result<Option<T>, HoldError>,
    ) -> Result<Option<T>, HoldError> {
        let end = Instant::now().checked_add(longest);
        loop {
            // Taken before the look, so that nothing is missed in between.
            let rung = self.bell.count();
            let found = look(self)?;
            let left = end.map_or(Duration::from_secs(3_600), |end| end.saturating_duration_since(Instant::now()));
            if found.is_some() || left.is_zero() {
                return Ok(found);
            }
            self.bell.sleep(rung, left);
        }
    }

    /// Waits until a hold is answered, at most for `longest`, and gives it as it is then. Woken by the store, so it costs
    /// nothing meanwhile. `longest` is measured on the system's clock, by the system.
    ///
    /// # Errors
    /// When nothing is held under this id, or the store gives no answer.
    pub fn wait(&self, id: &HoldId, longest: Duration) -> Result<HeldEvent, HoldError> {
        let answered = |holds: &Self| Ok(Some(holds.get(id)?).filter(|held| held.state != State::Waiting));
        match self.wait_for(longest, answered)? {
            Some(held) => Ok(held),
            None => self.get(id),
        }
    }

    /// Writes down that a hold has lapsed, if it has by now, and tells its state. Nothing depends on it: what has lapsed can
    /// never be approved.
    ///
    /// # Errors
    /// When nothing is held under this id, or the store gives no answer.
    pub fn lapse(&self, id: &HoldId, at: u64) -> Result<HeldEvent, HoldError> {
        match self.change(id, at, |_| Ok(None)) {
            Err(HoldError::Settled(State::Expired { .. })) => self.get(id),
            other => other,
        }
    }

    /// The hold with this id, as it is written down. [`HeldEvent::state_at`] tells its state now.
    ///
    /// # Errors
    /// When nothing is held under this id, or the store gives no answer.
    pub fn get(&self, id: &HoldId) -> Result<HeldEvent, HoldError> {
        self.book.read(id.as_bytes())?.map(|kept| kept.value).ok_or(HoldError::Unknown(*id))
    }

    /// Everything that is held, and what was answered lately, the oldest first. Decrypts all of it.
    ///
    /// # Errors
    /// When the store gives no answer.
    pub fn list(&self) -> Result<Vec<(HoldId, HeldEvent)>, StoreError> {
        let all = self.book.all()?;
        let mut holds: Vec<(HoldId, HeldEvent)> =
            all.into_iter().filter_map(|changed| Some((id_of(&changed.key)?, changed.value?))).collect();
        holds.sort_by_key(|(id, held)| (held.at, *id));
        Ok(holds)
    }

    /// The hold that a person means who wants to look at it: by its id or the beginning of one, at least four digits, where only
    /// one begins so. Never to answer: that takes [`id`](Self::id).
    ///
    /// # Errors
    /// When none or several begin so, or the store gives no answer.
    pub fn find(&self, beginning: &str) -> Result<(HoldId, HeldEvent), HoldError> {
        if let Ok(id) = beginning.parse() {
            return self.get(&id).map(|held| (id, held));
        }
        let mut found = self.list()?.into_iter().filter(|(id, _)| id.begins_with(beginning));
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            _ => {
                Err(HoldError::NoId(beginning.parse::<HoldId>().err().unwrap_or(super::NoHoldId { begins_one: true })))
            }
        }
    }

    /// The id that somebody wrote who wants to answer. The whole of it is needed.
    ///
    /// # Errors
    /// When it is no whole id.
    pub fn id(&self, text: &str) -> Result<HoldId, HoldError> {
        Ok(text.parse()?)
    }

    /// How many events the queue had no room for.
    ///
    /// # Errors
    /// When the store gives no answer.
    pub fn refused(&self) -> Result<Refused, StoreError> {
        Ok(self.counts.read(REFUSED)?.map(|kept| kept.value).unwrap_or_default())
    }

    /// Changes one hold, and writes down who did, as one commit. What has lapsed is ended instead, and told so.
    ///
    /// INVARIANT: the commit expects the very record that `step` has seen, so of many who answer one is first, and all others
    /// see what that one did.
    fn change(
        &self,
        id: &HoldId,
        at: u64,
        mut step: impl FnMut(&mut HeldEvent) -> Result<Option<Deed>, HoldError>,
    ) -> Result<HeldEvent, HoldError> {
        for _ in 0..TRIES {
            let kept = self.book.read(id.as_bytes())?.ok_or(HoldError::Unknown(*id))?;
            let (mut held, expect) = (kept.value, Expect::Version(kept.version));
            let state = held.state_at(at);
            let lapsed = state != held.state;
            let deed = if lapsed {
                held.end(state.clone());
                Some(deed(at, "hold_expired", Actor::Gate, id))
            } else {
                step(&mut held)?
            };
            let Some(deed) = deed else { return Ok(held) };
            let writes = [self.book.put(id.as_bytes(), expect, &held)?, self.journal.note(&deed)?];
            if let Commit::Done(_) = self.book.store().commit(&writes)? {
                return if lapsed { Err(HoldError::Settled(state)) } else { Ok(held) };
            }
        }
        Err(StoreError::Failed("a hold is changed by others without end".to_owned()).into())
    }

    /// The writes that end a hold in the name of the gate, if it is open.
    fn end(
        &self,
        id: &HoldId,
        at: u64,
        state: impl Fn(u64) -> State,
        writes: &mut Vec<Write>,
    ) -> Result<(), StoreError> {
        let Some(kept) = self.book.read(id.as_bytes())? else { return Ok(()) };
        let mut held = kept.value;
        let state = match held.state_at(at) {
            lapsed @ State::Expired { .. } if held.state.is_open() => lapsed,
            State::Waiting => state(at),
            _ => return Ok(()),
        };
        let what = if matches!(state, State::Expired { .. }) { "hold_expired" } else { "hold_refused" };
        held.end(state);
        writes.push(self.book.put(id.as_bytes(), Expect::Version(kept.version), &held)?);
        writes.push(self.journal.note(&deed(at, what, Actor::Gate, id))?);
        Ok(())
    }

    /// The writes that end what has lapsed and forget what ended long ago: as many ended holds are kept as may wait. `but` is
    /// left alone.
    fn tidy(&self, queue: &Queue, at: u64, limits: &HoldSettings, but: &HoldId) -> Result<Vec<Write>, StoreError> {
        let mut writes = Vec::new();
        for id in queue.lapsed(at, TIDIED).into_iter().filter(|id| id != but) {
            self.end(&id, at, |at| State::Expired { at }, &mut writes)?;
        }
        for (version, id) in queue.past(limits.most, TIDIED).into_iter().filter(|(_, id)| id != but) {
            // It may have been put anew meanwhile: only the very record that had ended is forgotten.
            writes.push(self.book.remove(id.as_bytes(), Expect::Version(version)));
        }
        Ok(writes)
    }

    fn count_refused(&self, count: usize, at: u64) -> Result<Write, StoreError> {
        let kept = self.counts.read(REFUSED)?;
        let expect = kept.as_ref().map_or(Expect::Nothing, |kept| Expect::Version(kept.version));
        let before = kept.map(|kept| kept.value).unwrap_or_default();
        let refused = Refused { count: before.count.saturating_add(count as u64), at: at.max(before.at) };
        self.counts.put(REFUSED, expect, &refused)
    }

    /// Brings the queue up to date with the store.
    fn catch_up(&self, queue: &mut MutexGuard<'_, Queue>) -> Result<(), StoreError> {
        loop {
            let page = self.book.changes(queue.seen, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            let seen = last.version;
            for changed in &page {
                let Some(id) = id_of(&changed.key) else { continue };
                queue.note(id, changed.value.as_ref().map(|held| Slot::of(held, changed.version)));
            }
            queue.seen = seen;
        }
    }
}

/// Whether the answer to a hold has had its effect, so that the same event is another one from now on.
fn is_over(held: &HeldEvent, at: u64) -> bool {
    match held.state_at(at) {
        State::Used { .. } | State::Expired { .. } => true,
        State::Denied { at: denied, .. } => at >= denied.saturating_add(DENIAL_LASTS),
        State::Waiting | State::Approved { .. } | State::Released { .. } => false,
    }
}

fn deed(at: u64, what: &str, by: Actor, id: &HoldId) -> Deed {
    Deed::new(at, what, by).with("hold", id.to_string())
}

fn id_of(key: &[u8]) -> Option<HoldId> {
    <[u8; 16]>::try_from(key).ok().map(HoldId::from)
}

impl Bell {
    fn ring(&self) -> bool {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.waits.notify_all();
        true
    }

    fn count(&self) -> u64 {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sleeps until it has rung more than `rung` times, or for `longest`.
    fn sleep(&self, rung: u64, longest: Duration) {
        let count = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.waits.wait_timeout_while(count, longest, |count| *count == rung);
    }
}

impl fmt::Debug for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Holds(..)")
    }
}
