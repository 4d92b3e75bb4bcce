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

impl Facts {
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
}
