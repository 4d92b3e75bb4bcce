//! Asking the policies about an event of which not every fact is known.

use super::{PolicySet, Ruling};
use crate::facts::{FactId, Facts, Held, TABLE};

/// The fact that a policy would have to read, and that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Missing {
    /// A fact of the table.
    Fact(FactId),
    /// The answer to a question, by its number in [`PolicySet::questions`].
    Answer(u16),
}

/// Asks policies about events of which not every fact is known. Made by [`PolicySet::asker`].
#[derive(Debug)]
pub struct Asker<'s> {
    set: &'s PolicySet,
}

impl PolicySet {
    /// Prepares to ask about events of which not every fact is known.
    #[must_use]
    pub fn asker(&self) -> Asker<'_> {
        Asker { set: self }
    }
}

impl<'s> Asker<'s> {
    /// The policies that are asked.
    #[must_use]
    pub const fn policies(&self) -> &'s PolicySet {
        self.set
    }

    /// What the policies say about an event with these `facts`, of which only those count that are `held`.
    ///
    /// # Errors
    /// What is missing, where the hook can read a fact that is not held: nothing is guessed.
    pub fn decide(&self, facts: &Facts, held: &Held) -> Result<Ruling, Missing> {
        let reads = self.set.reads.get(facts.kind() as usize).copied().unwrap_or(u64::MAX);
        let missing = TABLE.iter().find(|fact| reads >> fact.id as u64 & 1 == 1 && !held.has(fact.id));
        if let Some(fact) = missing {
            return Err(Missing::Fact(fact.id));
        }
        if let Some((number, _)) = self.set.questions.iter().find(|(number, _)| !held.has_answer(*number)) {
            return Err(Missing::Answer(number));
        }
        Ok(self.set.decide_uncached(facts))
    }
}
