//! A letter too many behind every character: `Iagdnhocraeg`.

use super::dice::Dice;
use super::texts::plain_words;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const EVERY_SECOND: Disguise = Disguise {
    id: "D05",
    name: "every-second-character",
    applies: plain_words,
    apply: |text| {
        let mut dice = Dice::for_text(text);
        text.chars().flat_map(|c| [c, dice.letter()]).collect()
    },
    needs: Traits::WORDS.with(Traits::BLANKS).with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::EverySecond),
};
