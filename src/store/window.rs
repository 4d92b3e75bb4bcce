//! How many messages a sender wrote lately.

/// Slots of the window. Eleven of them are as long as the window; the twelfth is the one that time is in.
pub(super) const SLOTS: usize = 12;

/// Messages counted in slots of time, the newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Window([u16; SLOTS]);

impl Window {
    /// Moves from the time `from` to the time `to`, both in milliseconds. Time that goes back moves nothing.
    pub(super) fn advance(&mut self, from: u64, to: u64, window_ms: u64) {
        let width = window_ms.div_ceil(SLOTS as u64 - 1).max(1);
        let slots = (to / width).saturating_sub(from / width);
        let slots = usize::try_from(slots).unwrap_or(SLOTS).min(SLOTS);
        self.0.rotate_right(slots);
        self.0.iter_mut().take(slots).for_each(|count| *count = 0);
    }

    /// Counts one message in the newest slot.
    pub(super) fn count(&mut self) {
        if let Some(newest) = self.0.first_mut() {
            *newest = newest.saturating_add(1);
        }
    }

    /// The greater number of each slot of two windows that end at one time.
    pub(super) fn larger(&self, other: &Self) -> Self {
        let mut larger = *self;
        larger.0.iter_mut().zip(&other.0).for_each(|(count, other)| *count = (*count).max(*other));
        larger
    }

    /// The counts, the newest slot first.
    pub(super) const fn slots(&self) -> &[u16; SLOTS] {
        &self.0
    }

    /// A window of these counts.
    pub(super) const fn from_slots(slots: [u16; SLOTS]) -> Self {
        Self(slots)
    }

    /// The messages of all slots.
    pub(super) fn total(&self) -> u32 {
        self.0.iter().copied().map(u32::from).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_each_message_for_the_window_and_at_most_a_slot_longer(
            mut times in prop::collection::vec(0_u64..200_000, 1..60), window_ms in 1_u64..100_000,
        ) {
            times.sort_unstable();
            let (mut window, mut clock) = (Window::default(), 0);
            for (index, now) in times.iter().copied().enumerate() {
                window.advance(clock, now, window_ms);
                window.count();
                clock = now;
                let within = |age: u64| times[..=index].iter().filter(|at| now - **at <= age).count() as u32;
                prop_assert!(window.total() >= within(window_ms - 1), "a message of the window was forgotten");
                let longest = 12 * window_ms.div_ceil(11);
                prop_assert!(window.total() <= within(longest), "an old message still counts");
            }
        }
    }
}
