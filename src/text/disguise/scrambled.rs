//! The inner letters of words in any order: `Irgone all poueirvs`.

use super::dice::Dice;
use super::texts::{map_letters, plain_words};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const SCRAMBLED: Disguise = Disguise {
    id: "A14",
    name: "scrambled-words",
    applies: plain_words,
    apply: scramble,
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::RUNS.with(Traits::ORDER),
    undone_by: UndoneBy::Step(Step::Unscrambled),
};

/// Words of four letters and more.
fn scramble(text: &str) -> String {
    let mut dice = Dice::for_text(text);
    map_letters(text, |word| {
        let mut letters: Vec<char> = word.chars().collect();
        if let [_, inner @ .., _] = letters.as_mut_slice() {
            dice.shuffle(inner);
        }
        letters.into_iter().collect()
    })
}
