//! Whole words in reverse order, and words with their letters in reverse order.

use super::reversed::reverse;
use super::texts::{map_words, plain_words};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const WORD_ORDER: Disguise = Disguise {
    id: "D02",
    name: "word-order-reversed",
    applies: plain_words,
    apply: |text| text.split_whitespace().rev().collect::<Vec<_>>().join(" "),
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::ORDER.with(Traits::BLANKS).with(Traits::LINES),
    undone_by: UndoneBy::Step(Step::WordOrder),
};
pub(super) const WORDS_REVERSED: Disguise = Disguise {
    id: "X02",
    name: "words-reversed",
    apply: |text| map_words(text, reverse),
    loses: Traits::ORDER,
    undone_by: UndoneBy::Step(Step::WordsReversed),
    ..WORD_ORDER
};
