//! Which messages came before.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use super::Check;

/// Remembers signed messages, so that each is taken once. Shared between threads; kept over a reload.
///
/// It keeps the nonces of every agent whose messages are still within the window, as many as the settings allow; what is more
/// is refused, and no agent takes the room of another. What was sent before it began, or before something that it has
/// forgotten, is refused: so neither a new start nor a clock that is set back opens a way for repetitions.
#[derive(Debug, Default)]
pub struct Nonces {
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    /// The time when it began, or else that of the first message.
    began: Option<u64>,
    agents: HashMap<Box<str>, Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// When it was sent, and its nonce; the oldest first.
    messages: BTreeSet<(u64, [u8; 16])>,
    /// INVARIANT: every message that was forgotten was sent at this time or before.
    forgotten: Option<u64>,
}

/// A message to be remembered.
pub(super) struct Message<'a> {
    /// Whose it is: a name that no other agent has.
    pub(super) agent: &'a str,
    pub(super) sent_at: u64,
    pub(super) nonce: [u8; 16],
    pub(super) received_at: u64,
}

impl Nonces {
    /// Remembers from this time on, in milliseconds since 1970. What was sent before, is refused.
    #[must_use]
    pub fn since(began: u64) -> Self {
        Self { memory: Mutex::new(Memory { began: Some(began), ..Memory::default() }) }
    }

    /// Remembers from the first message on. That one is refused itself if it was sent before it was received.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a message that is within the window.
    ///
    /// # Errors
    /// Where it came before, may have come before, or cannot be remembered.
    pub(super) fn note(&self, message: &Message<'_>, window_ms: u64, most: usize) -> Result<(), Check> {
        let Message { agent, sent_at, nonce, received_at } = *message;
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let began = *memory.began.get_or_insert(received_at);
        if sent_at < began {
            return Err(Check::Before);
        }
        if !memory.agents.contains_key(agent) {
            memory.agents.insert(agent.into(), Seen::default());
        }
        let Some(seen) = memory.agents.get_mut(agent) else { return Err(Check::Broken) };
        seen.forget(received_at.saturating_sub(window_ms));
        if seen.forgotten.is_some_and(|forgotten| sent_at <= forgotten) {
            return Err(Check::Before);
        }
        if seen.messages.contains(&(sent_at, nonce)) {
            return Err(Check::Replayed);
        }
        if seen.messages.len() >= most {
            return Err(Check::Full);
        }
        seen.messages.insert((sent_at, nonce));
        Ok(())
    }
}

impl Seen {
    /// Forgets what was sent before `time`.
    fn forget(&mut self, time: u64) {
        while let Some(&(sent_at, _)) = self.messages.first().filter(|(sent_at, _)| *sent_at < time) {
            self.messages.pop_first();
            self.forgotten = Some(sent_at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: u64 = 300_000;
    const YEAR: u64 = 365 * 24 * 60 * 60 * 1_000;
    const NOW: u64 = 1_764_000_000_000;

    fn note(nonces: &Nonces, agent: &str, sent_at: u64, nonce: u8, received_at: u64) -> Result<(), Check> {
        let message = Message { agent, sent_at, nonce: [nonce; 16], received_at };
        nonces.note(&message, WINDOW, 3)
    }

    #[test]
    fn a_message_is_taken_once_and_each_agent_has_its_own_room() {
        let nonces = Nonces::since(NOW);
        assert_eq!(note(&nonces, "a", NOW + 1, 1, NOW + 1), Ok(()));
        assert_eq!(note(&nonces, "a", NOW + 1, 1, NOW + 2), Err(Check::Replayed));
        assert_eq!(note(&nonces, "a", NOW + 1, 2, NOW + 2), Ok(()));
        assert_eq!(note(&nonces, "a", NOW + 2, 3, NOW + 2), Ok(()));
        assert_eq!(note(&nonces, "a", NOW + 3, 4, NOW + 3), Err(Check::Full), "no more are remembered");
        assert_eq!(note(&nonces, "b", NOW + 1, 1, NOW + 3), Ok(()), "another agent's nonce is another message");
        let later = NOW + WINDOW + 2;
        assert_eq!(note(&nonces, "a", later, 4, later), Ok(()), "the window has gone on");
    }

    #[test]
    fn a_restart_opens_no_window() {
        let (sent, again) = (NOW, NOW + 1_000);
        assert_eq!(note(&Nonces::since(NOW - 1), "a", sent, 1, NOW), Ok(()));
        assert_eq!(note(&Nonces::since(again), "a", sent, 1, again), Err(Check::Before));
        let untold = Nonces::new();
        assert_eq!(note(&untold, "a", sent, 1, again), Err(Check::Before), "the first message tells when it began");
        assert_eq!(note(&untold, "a", again, 2, again + 5), Ok(()));
    }

    #[test]
    fn a_clock_that_jumps_opens_no_window() {
        let nonces = Nonces::since(NOW - 10);
        assert_eq!(note(&nonces, "a", NOW, 1, NOW), Ok(()));
        assert_eq!(note(&nonces, "a", NOW + YEAR, 2, NOW + YEAR), Ok(()), "a year ahead");
        assert_eq!(note(&nonces, "a", NOW, 1, NOW), Err(Check::Before), "and back: forgotten is not unseen");
        assert_eq!(note(&nonces, "a", NOW + 1, 3, NOW + 1), Ok(()), "what is newer passes");
        assert_eq!(note(&nonces, "a", NOW - YEAR, 4, NOW - YEAR), Err(Check::Before), "a year back");
    }
}
