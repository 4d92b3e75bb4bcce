//! When what is silent is answered.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A fixed tick. What is dropped or held is answered on the next one, so the time of an answer tells a far side nothing of
/// what was done for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tick {
    began: Instant,
    every: Duration,
}

impl Tick {
    /// Ticks every so many milliseconds; never waits where that is 0.
    pub(super) fn new(every_ms: u16) -> Self {
        Self { began: Instant::now(), every: Duration::from_millis(u64::from(every_ms)) }
    }

    /// Waits for the next tick.
    pub(super) async fn wait(&self) {
        if let Some(next) = self.next(Instant::now()) {
            sleep_until(next).await;
        }
    }

    /// The first tick after `now`; none where nothing waits.
    fn next(&self, now: Instant) -> Option<Instant> {
        let every = self.every.as_nanos();
        let passed = now.saturating_duration_since(self.began).as_nanos().checked_div(every)?;
        let nanos = u64::try_from((passed + 1) * every).ok()?;
        self.began.checked_add(Duration::from_nanos(nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_lie_on_one_grid_and_always_ahead() {
        let tick = Tick::new(5);
        let at = |micros: u64| tick.next(tick.began + Duration::from_micros(micros)).unwrap() - tick.began;
        for (micros, next) in [(0, 5), (1, 5), (4_999, 5), (5_000, 10), (12_345, 15)] {
            assert_eq!(at(micros), Duration::from_millis(next), "{micros} µs");
        }
        assert_eq!(Tick::new(0).next(Instant::now()), None);
    }
}
