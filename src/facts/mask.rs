//! The part of the facts that somebody can see.

use super::{FactId, Facts, Questions, TABLE};

/// Which facts and which answers somebody can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mask {
    /// All bits of a fact that is seen, none of the others.
    values: [u16; TABLE.len()],
    answers: [u64; Questions::MAX / 64],
}

impl Mask {
    /// Sees nothing.
    pub(crate) const NOTHING: Self = Self { values: [0; TABLE.len()], answers: [0; Questions::MAX / 64] };
    /// Sees everything.
    #[cfg(test)]
    pub(crate) const ALL: Self = Self { values: [u16::MAX; TABLE.len()], answers: [u64::MAX; Questions::MAX / 64] };

    /// Sees this fact too.
    pub(crate) fn fact(&mut self, fact: FactId) {
        if let Some(value) = self.values.get_mut(fact as usize) {
            *value = u16::MAX;
        }
    }

    /// Sees the answer to this question too, by its number in [`Questions`].
    pub(crate) fn answer(&mut self, question: u16) {
        if let Some(answers) = self.answers.get_mut(usize::from(question) / 64) {
            *answers |= 1 << (question % 64);
        }
    }
}

/// An odd number whose bits look like chance: 2^64 by the golden ratio.
const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

impl Facts {
    /// A number that tells facts apart, most of the time, by its upper bits: cheap, and without a secret.
    ///
    /// Every word is multiplied by a number of its place, and no step waits for the one before.
    #[must_use]
    pub(crate) fn fold(&self) -> u64 {
        let (fours, rest) = self.values.as_chunks::<4>();
        let joined = |values: &[u16]| values.iter().fold(0_u64, |word, value| (word << 16) | u64::from(*value));
        let words = fours.iter().map(|four| joined(four)).chain([joined(rest)]).chain(self.answers);
        let weights = (1..).step_by(2).map(|place: u64| place.wrapping_mul(MIX));
        let sum = words.zip(weights).fold(self.kind as u64, |sum, (word, weight)| {
            // The lower half of a word reaches the upper bits by itself, its upper half by way of the lower.
            sum.wrapping_add((word ^ (word >> 29)).wrapping_mul(weight))
        });
        (sum ^ (sum >> 32)).wrapping_mul(MIX)
    }

    /// These facts with everything at zero or no that `mask` does not see.
    #[must_use]
    pub(crate) fn seen_by(mut self, mask: &Mask) -> Self {
        self.values.iter_mut().zip(&mask.values).for_each(|(value, mask)| *value &= mask);
        self.answers.iter_mut().zip(&mask.answers).for_each(|(answers, mask)| *answers &= mask);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;

    #[test]
    fn what_is_not_seen_makes_no_difference() {
        let mut mask = Mask::NOTHING;
        mask.fact(FactId::Score);
        mask.answer(65);
        let mut facts = Facts::new(Kind::Message);
        facts.set(FactId::Score, 8);
        facts.answer_yes(65);
        let seen = facts;
        facts.set(FactId::Length, 500);
        facts.answer_yes(1);
        facts.answer_yes(64);
        assert_eq!(facts.seen_by(&mask), seen);
        assert_eq!(facts.seen_by(&Mask::ALL), facts);
    }

    /// Of 1,024 places, as many sets of facts that differ in little meet about 647, if chance chooses.
    #[test]
    fn facts_that_differ_in_little_meet_at_many_places() {
        let bools = TABLE.iter().filter(|fact| fact.domain == crate::facts::Domain::Bool).map(|fact| fact.id);
        let bools: Vec<FactId> = bools.take(10).collect();
        let mut of_facts = std::collections::HashSet::new();
        let mut of_answers = std::collections::HashSet::new();
        for number in 0..1024_u32 {
            let (mut facts, mut answers) = (Facts::new(Kind::Reply), Facts::new(Kind::Reply));
            for bit in (0..10).filter(|bit| number >> bit & 1 == 1) {
                facts.set(bools[bit], 1);
                answers.answer_yes(20 * bit as u16);
            }
            of_facts.insert(facts.fold() >> 54);
            of_answers.insert(answers.fold() >> 54);
        }
        assert!(of_facts.len() > 550 && of_answers.len() > 550, "{} and {}", of_facts.len(), of_answers.len());
    }
}
