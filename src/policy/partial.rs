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

impl PolicySet {
    /// As [`decide_uncached`](Self::decide_uncached), with only those `facts` that are `held`.
    ///
    /// # Errors
    /// What is missing, where the hook can read a fact that is not held: nothing is guessed.
    pub fn decide_held(&self, facts: &Facts, held: &Held) -> Result<Ruling, Missing> {
        let reads = self.reads.get(facts.kind() as usize).copied().unwrap_or(u64::MAX);
        let missing = TABLE.iter().find(|fact| reads >> fact.id as u64 & 1 == 1 && !held.has(fact.id));
        if let Some(fact) = missing {
            return Err(Missing::Fact(fact.id));
        }
        if let Some((number, _)) = self.questions.iter().find(|(number, _)| !held.has_answer(*number)) {
            return Err(Missing::Answer(number));
        }
        Ok(self.decide_uncached(facts))
    }
}
