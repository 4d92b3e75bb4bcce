//! What a sender wrote lately in a chat: a phrase may be cut over several messages.
//!
//! Kept is text, never a state of the search, so the rules may be loaded anew between two messages.

use std::fmt;
use std::hash::Hasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use siphasher::sip128::{Hasher128, SipHasher13};
use zeroize::Zeroizing;

use super::ends::{CARRY_LETTERS, end_of};
use super::split::Carried;
use crate::event::Event;

/// Milliseconds for which a text is carried.
pub const CARRY_MS: u64 = 10 * 60 * 1_000;
/// Earlier messages over which a phrase may be cut.
const EARLIER: usize = 3;
/// A longer id of an event is not kept.
const ID_BYTES: usize = 128;
/// Talks in a set.
const WAYS: usize = 16;

/// The ends of what was written lately, by sender and chat: a bounded pool in memory, gone when the process ends.
///
/// A talk is one sender in one chat. It belongs to one small set of talks; each set has a lock of its own, held only while
/// a few hundred bytes are copied. In a full set the talk is forgotten whose last message is the furthest away in time.
/// Whoever floods the pool therefore pushes out others at worst, and what is pushed out goes unfound only where it was cut.
///
/// A talk takes some 400 bytes for ordinary messages and never more than 3 KiB.
pub struct Carry {
    names: SipHasher13,
    sets: Box<[Mutex<Vec<Talk>>]>,
}

/// One sender in one chat.
struct Talk {
    name: u128,
    /// The oldest first: up to [`EARLIER`] and the last one, without which the last could not be judged again.
    parts: Vec<Kept>,
}

/// The end of one message.
struct Kept {
    id: Option<Arc<str>>,
    at: u64,
    text: Zeroizing<String>,
    letters: usize,
}

impl Carry {
    /// How many talks are carried.
    pub const TALKS: usize = 4_096;

    /// A pool for at most `talks` talks, rounded up to whole sets of 16. `secret` keys the names of the talks: nobody who
    /// does not know it can aim at a set.
    #[must_use]
    pub fn new(talks: usize, secret: &[u8; 16]) -> Self {
        let sets = talks.div_ceil(WAYS).max(1);
        Self { names: SipHasher13::new_with_key(secret), sets: (0..sets).map(|_| Mutex::default()).collect() }
    }

    /// Gives what the sender wrote in this chat before `event`, and carries the event's own text from now on. `sender` is the
    /// keyed name of channel, account and sender. `again` says that the same event was handed in before: it is not carried
    /// twice, and gets what it was given then.
    ///
    /// Costs one look at the last 96 letters of the text and two short copies.
    #[must_use]
    pub fn pass(&self, sender: &[u8; 16], event: &Event, again: bool) -> Carried {
        let name = self.name(sender, &event.chat.id);
        let kept = Kept::new(event);
        let Some(set) = usize::try_from(name % self.sets.len() as u128).ok().and_then(|place| self.sets.get(place))
        else {
            return Carried::default();
        };
        let mut set = lock(set);
        let Some(talk) = set.iter_mut().find(|talk| talk.name == name) else {
            if kept.letters > 0 {
                if set.len() >= WAYS {
                    let far = |talk: &Talk| talk.parts.last().map_or(u64::MAX, |last| last.at.abs_diff(event.at));
                    let furthest = set.iter().enumerate().max_by_key(|(_, talk)| far(talk)).map(|(place, _)| place);
                    furthest.map(|place| set.swap_remove(place));
                }
                set.push(Talk { name, parts: vec![kept] });
            }
            return Carried::default();
        };
        let carried = talk.before(&kept, event.at, again);
        if !again && kept.letters > 0 {
            talk.push(kept);
        }
        carried
    }

    /// Gives what [`pass`](Self::pass) would give, and carries nothing.
    #[must_use]
    pub fn look(&self, sender: &[u8; 16], event: &Event, again: bool) -> Carried {
        let name = self.name(sender, &event.chat.id);
        let set = usize::try_from(name % self.sets.len() as u128).ok().and_then(|place| self.sets.get(place));
        let Some(set) = set.map(lock) else { return Carried::default() };
        let talk = set.iter().find(|talk| talk.name == name);
        talk.map(|talk| talk.before(&Kept::new(event), event.at, again)).unwrap_or_default()
    }

    /// How many talks are carried now. Visits every set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sets.iter().map(|set| lock(set).len()).sum()
    }

    /// Whether nothing is carried.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all talks.
    pub fn clear(&self) {
        self.sets.iter().for_each(|set| lock(set).clear());
    }

    fn name(&self, sender: &[u8; 16], chat: &str) -> u128 {
        let mut hasher = self.names;
        // INVARIANT: the sender's part has a fixed length, so no two pairs hash the same bytes.
        hasher.write(sender);
        hasher.write(chat.as_bytes());
        hasher.finish128().as_u128()
    }
}

impl fmt::Debug for Carry {
    /// Shows neither texts nor the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carry").field("talks", &(self.sets.len() * WAYS)).finish_non_exhaustive()
    }
}

/// Takes the lock. A poisoned one is taken as well: whatever was left undone, a talk is a list of texts.
fn lock(set: &Mutex<Vec<Talk>>) -> MutexGuard<'_, Vec<Talk>> {
    set.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Talk {
    /// What the sender wrote before a message of the time `now`.
    fn before(&self, message: &Kept, now: u64, again: bool) -> Carried {
        let known = self.parts.iter().position(|part| again && part.id.is_some() && part.id == message.id);
        carried(self.parts.get(..known.unwrap_or(self.parts.len())).unwrap_or_default(), now)
    }

    fn push(&mut self, kept: Kept) {
        self.parts.push(kept);
        // The last may have to be judged again, after those before it.
        let enough = |parts: &[Kept]| {
            let earlier = parts.split_last().map_or(parts, |(_, earlier)| earlier);
            let rest = earlier.get(1..).unwrap_or_default();
            earlier.len() > EARLIER || rest.iter().map(|part| part.letters).sum::<usize>() >= CARRY_LETTERS
        };
        while enough(&self.parts) {
            self.parts.remove(0);
        }
    }
}

impl Kept {
    fn new(event: &Event) -> Self {
        let id = event.id.as_deref().filter(|id| !id.is_empty() && id.len() <= ID_BYTES).map(Arc::from);
        let (text, letters) = end_of(&event.text, CARRY_LETTERS);
        Self { id, at: event.at, text: Zeroizing::new(text), letters }
    }
}

/// What `parts` still bear on a message of the time `now`: their last letters, unless they are too old.
fn carried(parts: &[Kept], now: u64) -> Carried {
    let mut left = CARRY_LETTERS;
    let wanted = parts.iter().rev().take(EARLIER).take_while(|part| {
        let take = left > 0 && part.at.abs_diff(now) <= CARRY_MS;
        left = left.saturating_sub(part.letters);
        take
    });
    let count = wanted.count();
    let wanted = parts.get(parts.len().saturating_sub(count)..).unwrap_or_default();
    // Only the oldest may be more than there is room for.
    let room = CARRY_LETTERS.saturating_sub(wanted.iter().skip(1).map(|part| part.letters).sum());
    let mut carried = Carried::default();
    for (number, part) in wanted.iter().enumerate() {
        if number == 0 && part.letters > room {
            carried.push(part.id.clone(), part.at, &end_of(&part.text, room).0);
        } else {
            carried.push(part.id.clone(), part.at, &part.text);
        }
    }
    carried
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENDER: [u8; 16] = [7; 16];

    fn message(at: u64, id: &str, text: &str) -> Event {
        Event::message(at, text).id(id)
    }

    #[test]
    fn a_message_judged_again_is_given_what_it_was_given() {
        let carry = Carry::new(16, &[0; 16]);
        let texts = ["one", "two", "three", "four", "five", "six"];
        let events: Vec<Event> = (0..).zip(texts).map(|(at, text)| message(at, &format!("m{at}"), text)).collect();
        for event in &events {
            let first = carry.pass(&SENDER, event, false).text().to_owned();
            assert_eq!(carry.look(&SENDER, event, true).text(), first, "a look is given the same");
            assert_eq!(carry.pass(&SENDER, event, true).text(), first, "{}", event.text);
        }
        assert_eq!(carry.look(&SENDER, &message(9, "m8", "eight"), false).text(), "fourfivesix");
        let next = carry.pass(&SENDER, &message(9, "m9", "seven"), false);
        assert_eq!(next.text(), "fourfivesix", "three earlier messages at most");
    }

    #[test]
    fn what_is_old_or_has_no_letters_is_not_carried() {
        let carry = Carry::new(16, &[0; 16]);
        let text = |at, id: &str, text: &str| carry.pass(&SENDER, &message(at, id, text), false).text().to_owned();
        assert_eq!(text(0, "m0", "first"), "");
        assert_eq!(text(CARRY_MS, "m1", "..."), "first");
        assert_eq!(text(CARRY_MS, "m2", "second"), "first", "dots push nothing out");
        assert_eq!(text(CARRY_MS + 1, "m3", "third"), "second", "ten minutes are over");
    }

    #[test]
    fn the_pool_is_bounded_and_the_talk_furthest_away_goes_first() {
        let carry = Carry::new(16, &[0; 16]);
        for sender in 0..200_u8 {
            let _ = carry.pass(&[sender; 16], &message(u64::from(sender), "m", "hello"), false);
        }
        assert_eq!(carry.len(), 16);
        assert_eq!(carry.pass(&[199; 16], &message(200, "n", "there"), false).text(), "hello");
        assert_eq!(carry.pass(&[9; 16], &message(200, "n", "there"), false).text(), "");
    }
}
