//! Deltas on their way to the file.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::TERMS;
use crate::store::{Arrival, Record, SenderKey, Terms};

/// Parts of the queue, each with a lock of its own.
const SHARDS: usize = 64;
/// Deltas that one part holds; all of them together 65,536, in 4 MiB.
const ROOM: usize = 1_024;
/// Senders that one part notes whose deltas had no room; all of them together 65,536.
const OVER: usize = 1_024;
/// Deltas that are written in one transaction, so that nobody waits long for the file.
const AT_ONCE: usize = 4_096;

/// What an event adds to a sender's record.
#[derive(Clone, Copy, Debug)]
pub(super) enum Delta {
    Arrive(Arrival, Terms),
    AddPoints(u64, i8, Terms),
}

impl Delta {
    pub(super) fn apply(&self, record: &mut Record) {
        match self {
            Self::Arrive(arrival, terms) => {
                record.arrive(arrival, terms);
            }
            Self::AddPoints(at, points, terms) => {
                record.add_points(*at, *points, terms);
            }
        }
    }

    const fn when(&self) -> (u64, Terms) {
        match self {
            Self::Arrive(arrival, terms) => (arrival.at, *terms),
            Self::AddPoints(at, _, terms) => (*at, *terms),
        }
    }
}

/// Deltas that wait for the file, by parts of senders.
///
/// INVARIANT: whoever changes a record in memory holds the lock of its part while the delta is put here. So a record that is
/// brought in from the file can be completed by exactly those deltas that the file does not have yet.
pub(super) struct Queue {
    first: Mutex<Shard>,
    others: Box<[Mutex<Shard>]>,
}

/// One part.
#[derive(Default)]
pub(super) struct Shard {
    deltas: Vec<(SenderKey, Delta)>,
    /// Senders whose deltas had no room: their records are written as they are in memory.
    over: BTreeSet<SenderKey>,
    /// Deltas that had no room at all: they are in memory, and in the file only once their sender writes again.
    lost: u64,
    terms: Option<Terms>,
}

/// Deltas that are written together.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) deltas: BTreeMap<SenderKey, Vec<Delta>>,
    pub(super) over: BTreeSet<SenderKey>,
    /// The latest time of the deltas, and terms on which records are kept.
    pub(super) now: u64,
    pub(super) terms: Terms,
}

impl Default for Batch {
    fn default() -> Self {
        Self { deltas: BTreeMap::new(), over: BTreeSet::new(), now: 0, terms: TERMS }
    }
}

impl Queue {
    pub(super) fn new() -> Self {
        Self { first: Mutex::default(), others: (1..SHARDS).map(|_| Mutex::default()).collect() }
    }

    /// The part of a sender.
    pub(super) fn shard(&self, key: &SenderKey) -> MutexGuard<'_, Shard> {
        // The memory chooses its sets by the remainder of the whole number, so its highest bits are free for this.
        let place = (key.number() >> 122) as usize % SHARDS;
        self.others.get(place).unwrap_or(&self.first).lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shards(&self) -> impl Iterator<Item = MutexGuard<'_, Shard>> {
        let shards = self.others.iter().chain([&self.first]);
        shards.map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes everything that waits, in batches for one transaction each.
    pub(super) fn take(&self) -> Vec<Batch> {
        let (mut batches, mut batch, mut count) = (Vec::new(), Batch::default(), 0);
        for mut shard in self.shards() {
            let (deltas, over, terms) = (mem::take(&mut shard.deltas), mem::take(&mut shard.over), shard.terms);
            drop(shard);
            if let Some(terms) = terms {
                batch.terms = terms;
            }
            count += deltas.len() + over.len();
            batch.over.extend(over);
            for (key, delta) in deltas {
                batch.now = batch.now.max(delta.when().0);
                batch.deltas.entry(key).or_default().push(delta);
            }
            if count >= AT_ONCE {
                let terms = batch.terms;
                batches.push(mem::replace(&mut batch, Batch { terms, ..Batch::default() }));
                count = 0;
            }
        }
        if count > 0 {
            batches.push(batch);
        }
        batches
    }

    /// Deltas and senders that wait, and deltas that had no room.
    pub(super) fn count(&self) -> (usize, usize, u64) {
        self.shards().fold((0, 0, 0), |(deltas, over, lost), shard| {
            (deltas + shard.deltas.len(), over + shard.over.len(), lost + shard.lost)
        })
    }
}

impl Shard {
    /// Puts a delta behind the others. Says whether this part is half full from here on, so that somebody should write.
    pub(super) fn push(&mut self, key: SenderKey, delta: Delta) -> bool {
        self.terms = Some(delta.when().1);
        if self.deltas.len() < ROOM && !self.over.contains(&key) {
            self.deltas.push((key, delta));
            return self.deltas.len() == ROOM / 2;
        }
        if self.over.len() < OVER || self.over.contains(&key) {
            self.over.insert(key);
        } else {
            self.lost += 1;
        }
        false
    }

    /// Completes a record from the file by what waits for it here; none where that does not suffice.
    pub(super) fn complete(&self, key: &SenderKey, mut record: Record) -> Option<Record> {
        if self.over.contains(key) {
            return None;
        }
        self.deltas.iter().filter(|(of, _)| of == key).for_each(|(_, delta)| delta.apply(&mut record));
        Some(record)
    }
}
