//! A word that says nothing between each two words: `Ignore lorem all lorem previous`.

use super::texts::plain_words;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

/// In fewer words it does not show that every second one is the same.
const LEAST_WORDS: usize = 10;

pub(super) const NOISE_WORDS: Disguise = Disguise {
    id: "A28",
    name: "noise-words",
    applies: |text| plain_words(text) && text.split_whitespace().count() >= LEAST_WORDS,
    apply: |text| text.split(' ').collect::<Vec<_>>().join(" lorem "),
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::NoiseWords),
};
