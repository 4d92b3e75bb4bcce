//! What a policy may know of an event.
//!
//! A fact is a named value from a finite, documented domain: a yes or no, a number in whole points, or the lower edge of a
//! bucket. There is no raw text among them. Since the domains are finite, a decision can be cached, replayed and proved.
//! One [table](TABLE) drives the getters of the policies, their lint, `sluicegate policy facts` and the audit.

mod extract;
mod mask;
mod possible;
mod question;
mod relations;
mod table;

pub use extract::Known;
pub(crate) use mask::Mask;
pub use possible::Possible;
pub use question::{Ask, Question, Questions, TooManyQuestions};
pub use relations::{Levels, Relations, Used};
pub use table::{Domain, Fact, FactId, TABLE};

use crate::event::Kind;

/// The facts of one event: the value of every fact of the table, and the answers to the questions of the loaded policies.
///
/// Small and without an allocation, so that it can be a cache key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Facts {
    kind: Kind,
    values: [u16; TABLE.len()],
    answers: [u64; Questions::MAX / 64],
}

impl Facts {
    /// Facts of an event of `kind`, all at zero or no.
    #[must_use]
    pub const fn new(kind: Kind) -> Self {
        Self { kind, values: [0; TABLE.len()], answers: [0; Questions::MAX / 64] }
    }

    /// The kind of event.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The value of a fact: 0 or 1 for a yes-or-no fact, the lower edge of its bucket for a number.
    #[must_use]
    pub fn get(&self, fact: FactId) -> u16 {
        self.values.get(fact as usize).copied().unwrap_or_default()
    }

    /// Sets a fact; a number falls into its bucket.
    pub fn set(&mut self, fact: FactId, value: usize) {
        let bucketed = fact.entry().domain.bucket(value);
        if let Some(slot) = self.values.get_mut(fact as usize) {
            *slot = bucketed;
        }
    }

    /// The answer to a question, by its number in [`Questions`].
    #[must_use]
    pub fn answer(&self, question: u16) -> bool {
        let (word, bit) = (usize::from(question) / 64, question % 64);
        self.answers.get(word).is_some_and(|answers| answers >> bit & 1 == 1)
    }

    /// Sets the answer to a question to yes.
    pub fn answer_yes(&mut self, question: u16) {
        let (word, bit) = (usize::from(question) / 64, question % 64);
        if let Some(answers) = self.answers.get_mut(word) {
            *answers |= 1 << bit;
        }
    }

    /// Sets the answer to a question.
    pub fn set_answer(&mut self, question: u16, yes: bool) {
        self.answer_yes(question);
        let (word, bit) = (usize::from(question) / 64, question % 64);
        if let Some(answers) = self.answers.get_mut(word).filter(|_| !yes) {
            *answers &= !(1 << bit);
        }
    }

    /// These facts with the answers under other numbers: those that `to` gives to the questions of `from`. A question that
    /// is not in `to` is left out.
    #[must_use]
    pub fn renumbered(&self, from: &Questions, to: &Questions) -> Self {
        let mut facts = Self { answers: Default::default(), ..*self };
        let yes = from.iter().filter(|(number, _)| self.answer(*number));
        for number in yes.filter_map(|(_, question)| to.number(question.ask, &question.literal)) {
            facts.answer_yes(number);
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_lower_edge_of_its_bucket() {
        let mut facts = Facts::new(Kind::Message);
        let cases = [(0, 0), (1, 1), (79, 20), (80, 80), (9_999, 5_000), (1_000_000, 10_000)];
        for (length, edge) in cases {
            facts.set(FactId::Length, length);
            assert_eq!(facts.get(FactId::Length), edge, "{length}");
        }
    }

    #[test]
    fn answers_are_kept_by_number() {
        let mut facts = Facts::new(Kind::Message);
        for question in [0, 63, 64, 255] {
            assert!(!facts.answer(question));
            facts.answer_yes(question);
            assert!(facts.answer(question));
        }
        assert!(!facts.answer(1) && !facts.answer(9_999));
    }
}
