//! Which facts are known, where not all are.

use super::{FactId, Questions};

/// Which facts and answers somebody holds: those that a record of the audit log tells, of which a later policy may read more.
///
/// Begins empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    facts: u64,
    answers: [u64; Questions::MAX / 64],
}

impl Held {
    /// This fact is known.
    pub fn add(&mut self, fact: FactId) {
        self.facts |= 1 << fact as u64;
    }

    /// The answer to the question with this number is known.
    pub fn add_answer(&mut self, question: u16) {
        if let Some(word) = self.answers.get_mut(usize::from(question) / 64) {
            *word |= 1 << (question % 64);
        }
    }

    /// Whether this fact is known.
    #[must_use]
    pub const fn has(&self, fact: FactId) -> bool {
        self.facts >> fact as u64 & 1 == 1
    }

    /// Whether the answer to the question with this number is known.
    #[must_use]
    pub fn has_answer(&self, question: u16) -> bool {
        self.answers.get(usize::from(question) / 64).is_some_and(|word| word >> (question % 64) & 1 == 1)
    }
}
