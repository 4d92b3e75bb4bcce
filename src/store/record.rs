//! What is kept of one sender.

mod bytes;

use super::window::Window;
use super::{Arrival, EventMark, Points, Presence, Seen, Terms};

/// What is kept of one sender, and the arithmetic of deltas. Pure, without an allocation, about 120 bytes.
///
/// # Time
/// The sender's clock is the latest time of any of the sender's events, so time never runs backwards: an event that is
/// dated before it counts at the clock. An event that is dated far ahead moves the clock there for good. Points then fade
/// too early, once, and afterwards time stands still for this sender until the real time has caught up: nothing fades and
/// all messages count as if written at once, so the answers are closed rather than open. Only this sender is touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    clock: u64,
    /// The time that `points` are as of.
    points_at: u64,
    marks: [EventMark; Self::MARKS],
    window: Window,
    points: Points,
    /// How many of `marks` are in use.
    marked: u8,
    /// Which of `marks` is written next.
    next: u8,
}

impl Record {
    /// How many events of a sender are known again.
    pub const MARKS: usize = 8;

    /// Applies an arrival and tells what is known of the sender, this arrival included. Constant time.
    pub fn arrive(&mut self, arrival: &Arrival, terms: &Terms) -> Presence {
        let now = self.clock.max(arrival.at);
        self.window.advance(self.clock, now, terms.window_ms);
        self.clock = now;
        let seen = arrival.mark.map_or(Seen::New, |mark| self.mark(mark));
        if arrival.counts && seen != Seen::Same {
            self.window.count();
        }
        Presence { now, seen, messages: self.window.total(), points: self.points(now, terms) }
    }

    /// Adds whole points that the sender got at the time `at`, or takes them back where negative; tells what the sender
    /// has then, as of `at` or of the last addition, whichever is later. Constant time.
    pub fn add_points(&mut self, at: u64, points: i8, terms: &Terms) -> Points {
        let as_of = self.points_at.max(at);
        let before = self.points(as_of, terms);
        // What comes late has faded, too.
        let delta = Points::new(points.unsigned_abs()).faded(at, as_of, terms.half_life_ms);
        self.points = if points < 0 { before.minus(delta) } else { before.plus(delta) };
        self.points_at = as_of;
        self.points
    }

    /// The sender's points at the time `now`.
    #[must_use]
    pub fn points(&self, now: u64, terms: &Terms) -> Points {
        self.points.faded(self.points_at, now, terms.half_life_ms)
    }

    /// Both records as one that is never milder than either: the later clock, the greater number in every slot of the
    /// window, the more points (up to the rounding of 2/256), the events of both as far as there is room, this record's first.
    /// For where the deltas that led from one to the other are gone.
    #[must_use]
    pub fn joined(&self, other: &Self, terms: &Terms) -> Self {
        let (mut one, mut two) = (self.clone(), other.clone());
        let now = one.clock.max(two.clock);
        for record in [&mut one, &mut two] {
            record.window.advance(record.clock, now, terms.window_ms);
            record.clock = now;
        }
        one.window = one.window.larger(&two.window);
        let as_of = one.points_at.max(two.points_at);
        one.points = one.points(as_of, terms).max(two.points(as_of, terms));
        one.points_at = as_of;
        for mark in two.marks.iter().take(usize::from(two.marked)) {
            let known = one.marks.iter().take(usize::from(one.marked)).any(|known| known.id == mark.id);
            if !known && usize::from(one.marked) < Self::MARKS {
                one.mark(*mark);
            }
        }
        one
    }

    /// The latest time of any of the sender's events, in milliseconds since 1970.
    #[cfg(feature = "sqlite")]
    pub(super) const fn clock(&self) -> u64 {
        self.clock
    }

    /// How far the sender's clock is from `now`, in either direction: a clock that stands far in the future is as little
    /// worth as one far in the past.
    pub(super) fn distance(&self, now: u64) -> u64 {
        self.clock.abs_diff(now)
    }

    /// Looks for an event among the last ones, and remembers it. An event that is known takes no new place, so handing
    /// one in again and again pushes out no other.
    fn mark(&mut self, mark: EventMark) -> Seen {
        let known = self.marks.iter_mut().take(usize::from(self.marked)).find(|known| known.id == mark.id);
        match known {
            Some(known) if known.digest == mark.digest => Seen::Same,
            Some(known) => {
                known.digest = mark.digest;
                Seen::Edited
            }
            None => {
                if let Some(place) = self.marks.get_mut(usize::from(self.next)) {
                    *place = mark;
                }
                self.next = (self.next + 1) % Self::MARKS as u8;
                self.marked = (self.marked + 1).min(Self::MARKS as u8);
                Seen::New
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_cache_lines_hold_a_sender() {
        let size = size_of::<Record>() + size_of::<super::super::SenderKey>();
        assert!(size <= 128, "a million senders should take some 128 MB, not {size} bytes each");
    }
}
