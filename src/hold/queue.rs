//! How much waits, and who has to make room.

use std::collections::HashMap;

use super::{HeldEvent, HoldId, HoldSettings, State};
use crate::store::Version;

/// Events that may have to make room for one.
const MOST_VICTIMS: usize = 64;

/// What is held, without the events: enough to count. Kept in memory, and brought up to date before anything is added.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// The last change that is in it.
    pub(super) seen: Version,
    slots: HashMap<HoldId, Slot>,
}

/// One held event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    by: [u8; 16],
    known: bool,
    waits: bool,
    bytes: u64,
    at: u64,
    changed: Version,
    /// When it lapses; none where nothing more becomes of it.
    lapses: Option<u64>,
}

/// What one sender has in the queue.
#[derive(Clone, Copy, Debug)]
struct Share {
    known: bool,
    count: usize,
    bytes: u64,
    newest: (u64, Version, Option<HoldId>),
}

impl Slot {
    pub(super) fn of(held: &HeldEvent, changed: Version) -> Self {
        Self {
            by: held.by,
            known: held.known,
            waits: held.state == State::Waiting,
            bytes: held.bytes,
            at: held.at,
            changed,
            lapses: held.state.lapses(held.expires),
        }
    }
}

impl Queue {
    /// Notes what has become of a hold; none where it was removed.
    pub(super) fn note(&mut self, id: HoldId, slot: Option<Slot>) {
        match slot {
            Some(slot) => self.slots.insert(id, slot),
            None => self.slots.remove(&id),
        };
    }

    pub(super) fn holds(&self, id: &HoldId) -> bool {
        self.slots.contains_key(id)
    }

    /// Open holds whose time is up, at most `most`.
    pub(super) fn lapsed(&self, at: u64, most: usize) -> Vec<HoldId> {
        let lapsed = |slot: &Slot| slot.lapses.is_some_and(|end| at >= end);
        self.slots.iter().filter(|(_, slot)| lapsed(slot)).map(|(id, _)| *id).take(most).collect()
    }

    /// Ended holds beyond as many as are kept to be looked at, those that ended first.
    pub(super) fn past(&self, kept: usize, most: usize) -> Vec<(Version, HoldId)> {
        let mut ended: Vec<(Version, HoldId)> =
            self.slots.iter().filter(|(_, slot)| slot.lapses.is_none()).map(|(id, slot)| (slot.changed, *id)).collect();
        if ended.len() <= kept {
            return Vec::new();
        }
        ended.sort_unstable();
        ended.truncate((ended.len() - kept).min(most));
        ended
    }

    /// Who has to make room for a new event: the newest of the noisiest sender, strangers before those whom the owner has
    /// approved, until there is room. None where the new event is that one itself, or nobody can make enough room.
    ///
    /// INVARIANT: what the owner has approved makes room for nothing.
    pub(super) fn room_for(&self, new: &Slot, now: u64, limits: &HoldSettings) -> Option<Vec<HoldId>> {
        // What has lapsed takes no room, though nobody may have written it down yet.
        let open = |slot: &&Slot| slot.lapses.is_some_and(|end| now < end);
        let mut count = self.slots.values().filter(open).count() + 1;
        let mut bytes = self.slots.values().filter(open).fold(new.bytes, |sum, slot| sum.saturating_add(slot.bytes));
        let mut victims: Vec<HoldId> = Vec::new();
        while count > limits.most || bytes > limits.most_bytes {
            let by_bytes = count <= limits.most;
            let victim = self.noisiest(new, now, &victims, by_bytes)?;
            let slot = self.slots.get(&victim)?;
            count -= 1;
            bytes = bytes.saturating_sub(slot.bytes);
            victims.push(victim);
            if victims.len() > MOST_VICTIMS {
                return None;
            }
        }
        Some(victims)
    }

    /// The newest event of the noisiest sender; none where that is the new one.
    fn noisiest(&self, new: &Slot, now: u64, gone: &[HoldId], by_bytes: bool) -> Option<HoldId> {
        let mut shares: HashMap<[u8; 16], Share> = HashMap::new();
        let lives = |slot: &Slot| slot.waits && slot.lapses.is_some_and(|end| now < end);
        let waiting = self.slots.iter().filter(|(id, slot)| lives(slot) && !gone.contains(id));
        // The new event is the newest of all.
        let newest = (None, new, (u64::MAX, Version::MAX));
        let all = waiting.map(|(id, slot)| (Some(*id), slot, (slot.at, slot.changed))).chain([newest]);
        for (id, slot, (at, changed)) in all {
            let empty = Share { known: slot.known, count: 0, bytes: 0, newest: (0, 0, None) };
            let share = shares.entry(slot.by).or_insert(empty);
            share.count += 1;
            share.bytes = share.bytes.saturating_add(slot.bytes);
            if (at, changed) >= (share.newest.0, share.newest.1) {
                (share.newest, share.known) = ((at, changed, id), slot.known);
            }
        }
        let noise = |share: &Share| {
            let (first, then) =
                if by_bytes { (share.bytes, share.count as u64) } else { (share.count as u64, share.bytes) };
            // Of two who are as noisy, the one who came last.
            (!share.known, first, then, share.newest)
        };
        shares.values().max_by_key(|share| noise(share)).and_then(|share| share.newest.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(by: u8, known: bool, at: u64) -> Slot {
        Slot { by: [by; 16], known, waits: true, bytes: 100, at, changed: at, lapses: Some(1_000) }
    }

    fn queue(slots: &[(u8, Slot)]) -> Queue {
        let mut queue = Queue::default();
        slots.iter().for_each(|(id, slot)| queue.note(HoldId::from([*id; 16]), Some(*slot)));
        queue
    }

    #[test]
    fn the_newest_of_the_noisiest_makes_room_and_strangers_first() {
        let limits = HoldSettings { most: 3, ..HoldSettings::default() };
        let known = |by, at| slot(by, true, at);
        let stranger = |by, at| slot(by, false, at);
        let id = |byte| HoldId::from([byte; 16]);
        type Case<'a> = (&'a str, &'a [(u8, Slot)], Slot, Option<Vec<HoldId>>);
        let cases: [Case<'_>; 5] = [
            ("there is room", &[(1, known(1, 1)), (2, known(1, 2))], known(1, 3), Some(vec![])),
            (
                "the noisy one loses its newest",
                &[(1, known(1, 1)), (2, known(1, 3)), (3, known(2, 2))],
                known(3, 9),
                Some(vec![id(2)]),
            ),
            ("who is noisiest is refused", &[(1, known(1, 1)), (2, known(1, 2)), (3, known(2, 3))], known(1, 9), None),
            (
                "strangers go before the owner's people, however many those have",
                &[(1, known(1, 1)), (2, known(1, 2)), (3, stranger(2, 3))],
                known(1, 9),
                Some(vec![id(3)]),
            ),
            (
                "a stranger pushes nobody out whom the owner knows",
                &[(1, known(1, 1)), (2, known(1, 2)), (3, known(2, 3))],
                stranger(4, 9),
                None,
            ),
        ];
        for (name, slots, new, victims) in cases {
            assert_eq!(queue(slots).room_for(&new, 9, &limits), victims, "{name}");
        }
    }

    #[test]
    fn what_is_approved_makes_no_room() {
        let limits = HoldSettings { most: 1, ..HoldSettings::default() };
        let approved = Slot { waits: false, ..slot(1, false, 1) };
        assert_eq!(queue(&[(1, approved)]).room_for(&slot(2, true, 2), 9, &limits), None);
    }

    #[test]
    fn bytes_count_as_well() {
        let limits = HoldSettings { most: 100, most_bytes: 350 };
        let large = Slot { bytes: 250, ..slot(1, false, 1) };
        let waiting = queue(&[(1, large), (2, slot(2, false, 2))]);
        assert_eq!(waiting.room_for(&slot(2, false, 3), 9, &limits), Some(vec![HoldId::from([1; 16])]));
        assert_eq!(
            waiting.room_for(&Slot { bytes: 400, ..slot(3, true, 3) }, 9, &limits),
            None,
            "it alone is too large"
        );
    }
}
