//! What time it is, judged by the events alone.

/// How many times are remembered.
const COUNT: usize = 15;

/// The times of the last records.
///
/// The middle one of them is the present of a log. A clock that is wrong now and then, far ahead or far behind, does not move
/// it, so a few false times neither delete a file nor keep one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Recent {
    times: [u64; COUNT],
    count: usize,
}

impl Recent {
    /// Remembers the time of a record and forgets the oldest one.
    pub(super) fn add(&mut self, at: u64) {
        if let Some(slot) = self.times.get_mut(self.count % COUNT) {
            *slot = at;
        }
        // Counts on from COUNT, not from 0, so that it never overflows.
        self.count = if self.count + 1 == 2 * COUNT { COUNT } else { self.count + 1 };
    }

    /// The middle one of the remembered times; 0, for unknown, where there are none.
    pub(super) fn middle(&self) -> u64 {
        let mut times = self.times;
        let known = times.get_mut(..self.count.min(COUNT)).unwrap_or_default();
        known.sort_unstable();
        known.get(known.len() / 2).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_false_times_do_not_move_the_present() {
        let mut recent = Recent::default();
        assert_eq!(recent.middle(), 0, "unknown");
        for at in 1000..1100 {
            recent.add(at);
            if at % 5 == 0 {
                recent.add(u64::MAX);
                recent.add(1);
            }
            assert!(at < 1005 || recent.middle().abs_diff(at) < 10, "{at}: {}", recent.middle());
        }
    }
}
