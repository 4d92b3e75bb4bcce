//! Wrong guesses at the owner's secret.

use serde::{Deserialize, Serialize};

/// Wrong secrets in a row that cost nothing but their own work: a person mistypes.
const FREE: u32 = 5;
/// The longest wait, in milliseconds. Nobody can lock the owner out for longer than this.
const LONGEST: u64 = 30_000;

/// How often somebody was wrong since the owner was right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tries {
    /// Those in a row.
    pub(super) wrong: u32,
    /// When the last one was, in milliseconds since 1970.
    pub(super) last: u64,
}

impl Tries {
    /// Notes that somebody tries at a time, or says how long to wait.
    ///
    /// INVARIANT: a try is counted before it is looked at, or many at once would all be looked at as the first.
    pub(super) fn begin(self, at: u64) -> (Self, Result<(), u64>) {
        // A clock that was turned back counts from where it stands now, or the owner would wait until it has caught up.
        let last = self.last.min(at);
        let wait = last.saturating_add(self.pause()).saturating_sub(at);
        if wait > 0 {
            (Self { last, ..self }, Err(wait))
        } else {
            (Self { wrong: self.wrong.saturating_add(1), last: at }, Ok(()))
        }
    }

    /// Milliseconds from the last wrong one to the next that is looked at: after five 1 s, then twice as long each time.
    pub(super) fn pause(self) -> u64 {
        let beyond = self.wrong.checked_sub(FREE);
        beyond.map_or(0, |beyond| {
            1_000_u64.checked_shl(beyond).filter(|_| beyond < 32).map_or(LONGEST, |wait| wait.min(LONGEST))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_guesses_take_days_and_the_owner_waits_half_a_minute_at_most() {
        let (mut tries, mut at, mut waits) = (Tries::default(), 1_000_000, Vec::new());
        for _ in 0..10_000 {
            let (next, answer) = tries.begin(at);
            tries = next;
            if let Err(wait) = answer {
                at += wait;
                waits.push(wait);
                let (next, answer) = tries.begin(at);
                (tries, _) = (next, answer.unwrap());
            }
        }
        assert_eq!(&waits[..7], [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(waits.len(), 10_000 - 5);
        assert_eq!(waits.iter().max(), Some(&30_000));
        assert!(at > 3 * 24 * 60 * 60 * 1_000, "{at}");
        assert_eq!(tries.wrong, 10_000);
    }

    #[test]
    fn a_clock_that_jumps_never_makes_the_wait_longer() {
        const YEAR: u64 = 365 * 24 * 60 * 60 * 1_000;
        let tries = Tries { wrong: u32::MAX, last: 2 * YEAR };
        let (back, answer) = tries.begin(YEAR);
        assert_eq!(answer, Err(30_000));
        assert_eq!(back.begin(YEAR + 30_000).1, Ok(()), "half a minute later by the clock as it is now");
        assert_eq!(tries.begin(3 * YEAR).1, Ok(()));
        assert_eq!(tries.begin(u64::MAX).0, Tries { wrong: u32::MAX, last: u64::MAX });
    }
}
