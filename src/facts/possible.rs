//! Sets of facts: which values each may have.

use super::{Domain, FactId, Facts, Questions, TABLE};
use crate::event::Kind;

/// Words of a set of questions.
const WORDS: usize = Questions::MAX / 64;

/// All events of one kind whose facts have certain values: for each fact the values that it may have, for each question the
/// answers. A proof works with such sets instead of single events.
///
/// Facts that the kind of event does not have are fixed at zero.
///
/// ```
/// use sluicegate::Kind;
/// use sluicegate::facts::{FactId, Facts, Possible};
///
/// let mut possible = Possible::new(Kind::Message);
/// possible.keep(FactId::Score, |points| points >= 8);
/// let mut facts = Facts::new(Kind::Message);
/// facts.set(FactId::Score, 9);
/// assert!(possible.contains(&facts) && !possible.contains(&Facts::new(Kind::Message)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Possible {
    kind: Kind,
    /// For each fact, bit n stands for the nth value of its domain.
    values: [u64; TABLE.len()],
    /// Questions that may be answered with yes.
    yes: [u64; WORDS],
    /// Questions that may be answered with no.
    no: [u64; WORDS],
}

impl Possible {
    /// Every event of `kind`.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        let mut values = [1; TABLE.len()];
        for (slot, fact) in values.iter_mut().zip(TABLE) {
            if fact.kinds.contains(&kind) {
                *slot = all(fact.domain);
            }
        }
        Self { kind, values, yes: [u64::MAX; WORDS], no: [u64::MAX; WORDS] }
    }

    /// The one event with these facts.
    #[must_use]
    pub fn only(facts: &Facts) -> Self {
        let mut possible = Self::new(facts.kind());
        for fact in TABLE.iter().filter(|fact| fact.kinds.contains(&facts.kind())) {
            possible.keep(fact.id, |value| value == facts.get(fact.id));
        }
        for question in (0..Questions::MAX).filter_map(|number| u16::try_from(number).ok()) {
            possible.answer(question, facts.answer(question));
        }
        possible
    }

    /// The kind of event.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The values that a fact may have, rising.
    pub fn values(&self, fact: FactId) -> impl Iterator<Item = u16> + use<> {
        let mask = self.mask(fact);
        (0..u64::BITS).filter(move |place| mask >> place & 1 == 1).map(move |place| value_at(fact, place))
    }

    /// The smallest value that a fact may have; 0 if it has none left.
    #[must_use]
    pub fn least(&self, fact: FactId) -> u16 {
        value_at(fact, self.mask(fact).trailing_zeros())
    }

    /// The greatest value that a fact may have; 0 if it has none left.
    #[must_use]
    pub fn most(&self, fact: FactId) -> u16 {
        value_at(fact, 63_u32.saturating_sub(self.mask(fact).leading_zeros()))
    }

    /// The value of a fact that can have only one.
    #[must_use]
    pub fn fixed(&self, fact: FactId) -> Option<u16> {
        self.mask(fact).is_power_of_two().then(|| self.least(fact))
    }

    /// The answer to a question that can have only one.
    #[must_use]
    pub fn answered(&self, question: u16) -> Option<bool> {
        match (bit(&self.yes, question), bit(&self.no, question)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }

    /// Takes away the values of a fact that `keep` refuses. With none left, no event is possible.
    pub fn keep(&mut self, fact: FactId, keep: impl Fn(u16) -> bool) {
        let places = (0..u64::BITS).filter(|place| self.mask(fact) >> place & 1 == 1);
        let kept = places.filter(|place| keep(value_at(fact, *place))).fold(0, |kept, place| kept | 1 << place);
        self.keep_mask(fact, kept);
    }

    /// Takes away one of the two answers to a question.
    pub fn answer(&mut self, question: u16, yes: bool) {
        let (word, bit) = (usize::from(question) / 64, 1 << (question % 64));
        let other = if yes { &mut self.no } else { &mut self.yes };
        if let Some(word) = other.get_mut(word) {
            *word &= !bit;
        }
    }

    /// Whether some fact has no value left, or some question no answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.contains(&0) || self.yes.iter().zip(self.no).any(|(yes, no)| yes | no != u64::MAX)
    }

    /// Whether an event with these facts is among them. Facts that its kind does not have are not looked at.
    #[must_use]
    pub fn contains(&self, facts: &Facts) -> bool {
        let mut both = Self::only(facts);
        if both.kind != self.kind {
            return false;
        }
        both.meet(self);
        !both.is_empty()
    }

    /// Takes away what is not in `other`, which is about the same kind of event.
    pub fn meet(&mut self, other: &Self) {
        let pairs = self.values.iter_mut().zip(&other.values);
        let pairs = pairs.chain(self.yes.iter_mut().zip(&other.yes)).chain(self.no.iter_mut().zip(&other.no));
        for (own, others) in pairs {
            *own &= others;
        }
    }

    /// The event with the smallest values, and no for every question that may be answered with it. Whether the facts go
    /// together is the business of [`Relations`](super::Relations::example).
    pub(super) fn smallest(&self) -> Facts {
        let mut facts = Facts::new(self.kind);
        for fact in TABLE {
            facts.set(fact.id, self.least(fact.id).into());
        }
        for question in (0..Questions::MAX).filter_map(|number| u16::try_from(number).ok()) {
            if self.answered(question) == Some(true) {
                facts.answer_yes(question);
            }
        }
        facts
    }

    /// The values of a fact as bits, the lowest for the smallest.
    pub(crate) fn mask(&self, fact: FactId) -> u64 {
        self.values.get(fact as usize).copied().unwrap_or_default()
    }

    /// As [`keep`](Self::keep), with bits.
    pub(crate) fn keep_mask(&mut self, fact: FactId, mask: u64) {
        if let Some(values) = self.values.get_mut(fact as usize) {
            *values &= mask;
        }
    }
}

/// The bits of all values of a domain.
fn all(domain: Domain) -> u64 {
    let count = match domain {
        Domain::Bool => 2,
        Domain::Number(edges) => edges.len(),
    };
    // INVARIANT: a domain has at most 64 values; a test of the table asserts it.
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

/// The value at a place of a fact's domain; 0 where it has none.
fn value_at(fact: FactId, place: u32) -> u16 {
    match fact.entry().domain {
        Domain::Bool => u16::from(place == 1),
        Domain::Number(edges) => {
            usize::try_from(place).ok().and_then(|place| edges.get(place)).copied().unwrap_or_default()
        }
    }
}

fn bit(words: &[u64; WORDS], question: u16) -> bool {
    words.get(usize::from(question) / 64).is_some_and(|word| word >> (question % 64) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_another_kind_are_fixed_and_others_are_open() {
        let possible = Possible::new(Kind::Reply);
        assert_eq!(possible.fixed(FactId::ToolDestructive), Some(0));
        assert_eq!((possible.fixed(FactId::Unread), possible.values(FactId::Links).count()), (None, 5));
        assert_eq!((possible.answered(0), possible.is_empty()), (None, false));
    }

    #[test]
    fn what_is_taken_away_stays_away() {
        let mut possible = Possible::new(Kind::Message);
        possible.keep(FactId::Length, |length| length >= 5_000);
        assert_eq!(possible.values(FactId::Length).collect::<Vec<_>>(), [5_000, 10_000]);
        possible.answer(70, true);
        assert_eq!((possible.answered(70), possible.answered(6)), (Some(true), None));
        let smallest = possible.smallest();
        assert!(possible.contains(&smallest) && smallest.answer(70) && smallest.get(FactId::Length) == 5_000);
        assert!(!possible.contains(&Facts::new(Kind::Message)) && !possible.contains(&Facts::new(Kind::Reply)));
        let mut none = possible;
        none.answer(70, false);
        assert!(none.is_empty() && !possible.is_empty());
        possible.keep(FactId::Length, |length| length < 5_000);
        assert!(possible.is_empty());
    }
}
