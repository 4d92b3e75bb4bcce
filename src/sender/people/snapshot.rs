//! What a check needs to know of people, in memory.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::mem::size_of;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::{Capabilities, PersonRecord};
use crate::sender::Standing;
use crate::store::{Person, SenderKey};

/// Parts of the map, each replaced as a whole: a change copies one of them, and no check waits for it.
const SHARDS: usize = 256;

/// Standing, capabilities and whether there are linked ids, in two bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sender) struct State(u16);

impl State {
    const LINKED: u16 = 1 << 2;

    pub(super) fn of(record: &PersonRecord) -> Self {
        let standing = match record.standing {
            // See the invariant of the record: whatever the store says, it makes nobody an owner.
            Standing::Unknown | Standing::Owner => 0,
            Standing::Approved => 1,
            Standing::Pending => 2,
            Standing::Blocked => 3,
        };
        let linked = if record.linked.is_empty() { 0 } else { Self::LINKED };
        Self(standing | linked | u16::from(record.capabilities.bits()) << 8)
    }

    pub(in crate::sender) const fn standing(self) -> Standing {
        match self.0 & 3 {
            1 => Standing::Approved,
            2 => Standing::Pending,
            3 => Standing::Blocked,
            _ => Standing::Unknown,
        }
    }

    pub(in crate::sender) const fn capabilities(self) -> Capabilities {
        Capabilities::from_bits((self.0 >> 8) as u8)
    }

    pub(in crate::sender) const fn is_linked(self) -> bool {
        self.0 & Self::LINKED != 0
    }

    /// What holds of somebody of whom this is said for one account and `other` for every account: a block of either; else
    /// what is said for the one account, if anything is.
    pub(super) fn and(self, other: Self) -> Self {
        let linked = (self.0 | other.0) & Self::LINKED;
        let chosen = match (self.standing(), other.standing()) {
            (Standing::Blocked, _) | (_, Standing::Unknown) => self,
            (Standing::Unknown, _) | (_, Standing::Blocked) => other,
            _ => self,
        };
        Self(chosen.0 | linked)
    }
}

/// A hash of what is a keyed hash already.
#[derive(Clone, Copy, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(last) = bytes.last_chunk::<8>() {
            self.0 = u64::from_le_bytes(*last);
        }
    }

    /// The length of a key says nothing.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

type Shard = HashMap<SenderKey, State, BuildHasherDefault<Spread>>;

/// The state of everybody of whom the owner has said something. Reading takes some 20 ns, whatever is written meanwhile.
pub(super) struct Snapshot {
    shards: Box<[ArcSwap<Shard>]>,
    /// The linked ids of those who have any.
    links: ArcSwap<HashMap<SenderKey, Arc<[Person]>>>,
}

impl Snapshot {
    pub(super) fn new() -> Self {
        let empty = Arc::new(Shard::default());
        let shards = (0..SHARDS).map(|_| ArcSwap::new(Arc::clone(&empty))).collect();
        Self { shards, links: ArcSwap::default() }
    }

    pub(super) fn get(&self, key: &SenderKey) -> State {
        let shard = self.shards.get(place(key)).map(ArcSwap::load);
        shard.and_then(|shard| shard.get(key).copied()).unwrap_or_default()
    }

    pub(super) fn linked(&self, key: &SenderKey) -> Option<Arc<[Person]>> {
        self.links.load().get(key).map(Arc::clone)
    }

    /// Takes over what was changed. Of several changes of one key the last counts. One writer at a time.
    pub(super) fn apply(&self, changes: &[(SenderKey, State, Arc<[Person]>)]) {
        let mut by_shard: Vec<Vec<(SenderKey, State)>> = vec![Vec::new(); SHARDS];
        for (key, state, _) in changes {
            if let Some(changes) = by_shard.get_mut(place(key)) {
                changes.push((*key, *state));
            }
        }
        for (shard, changes) in self.shards.iter().zip(by_shard) {
            if changes.is_empty() {
                continue;
            }
            let mut fresh = Shard::clone(&shard.load());
            for (key, state) in changes {
                if state == State::default() {
                    fresh.remove(&key);
                } else {
                    fresh.insert(key, state);
                }
            }
            shard.store(Arc::new(fresh));
        }
        let known = self.links.load();
        if changes.iter().any(|(key, _, linked)| !linked.is_empty() || known.contains_key(key)) {
            let mut fresh = HashMap::clone(&known);
            for (key, _, linked) in changes {
                if linked.is_empty() {
                    fresh.remove(key);
                } else {
                    fresh.insert(*key, Arc::clone(linked));
                }
            }
            self.links.store(Arc::new(fresh));
        }
    }

    /// How many people are approved, pending and blocked, and how many ids are linked.
    pub(super) fn count(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for shard in &self.shards {
            for state in shard.load().values() {
                let place = match state.standing() {
                    Standing::Approved => Some(0),
                    Standing::Pending => Some(1),
                    Standing::Blocked => Some(2),
                    _ => None,
                };
                let linked = state.is_linked().then_some(3);
                for place in place.into_iter().chain(linked) {
                    if let Some(count) = counts.get_mut(place) {
                        *count += 1;
                    }
                }
            }
        }
        counts
    }

    /// About how many bytes it takes, from what the maps have reserved.
    pub(super) fn bytes(&self) -> usize {
        let entry = size_of::<(SenderKey, State)>() + 1;
        // A map holds at most seven of its eight slots.
        let shard = |shard: &ArcSwap<Shard>| shard.load().capacity() * 8 / 7 * entry + size_of::<Shard>() + 16;
        self.shards.iter().map(shard).sum()
    }
}

fn place(key: &SenderKey) -> usize {
    let [first, ..] = key.as_bytes();
    usize::from(*first)
}
