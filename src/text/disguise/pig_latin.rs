//! Pig Latin: consonants at the front go to the end with `ay` behind them; words with a vowel at the front get `way`.

use super::texts::{map_letters, plain_words, split_word};
use super::vowels::is_vowel;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const PIG_LATIN: Disguise = Disguise {
    id: "F03",
    name: "pig-latin",
    applies: plain_words,
    apply: |text| map_letters(text, word),
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::CASE.with(Traits::RUNS).with(Traits::ORDER),
    undone_by: UndoneBy::Step(Step::PigLatin),
};

fn word(word: &str) -> String {
    // A y is a consonant at the front only.
    let stays = |(place, c): (usize, char)| is_vowel(c) || place > 0 && c.eq_ignore_ascii_case(&'y');
    let consonants = word.chars().enumerate().position(stays).unwrap_or_default();
    let (front, back) = split_word(word, consonants);
    if front.is_empty() { format!("{word}way") } else { format!("{back}{front}ay") }
}
