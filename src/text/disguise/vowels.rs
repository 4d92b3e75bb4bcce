//! Vowels left out: `gnr ll prvs nstrctns`.

use super::texts::plain_words;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const DISEMVOWELLED: Disguise = Disguise {
    id: "A15",
    name: "disemvowelled",
    applies: plain_words,
    apply: |text| text.replace(is_vowel, ""),
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    // The letters that come back are those of words that rules are made of.
    loses: Traits::RUNS.with(Traits::WORDS).with(Traits::CASE),
    undone_by: UndoneBy::Step(Step::Vowels),
};

pub(super) const fn is_vowel(c: char) -> bool {
    matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u')
}
