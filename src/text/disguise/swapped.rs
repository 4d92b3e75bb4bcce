//! Letters that change places with their neighbours: one pair in each long word, or every pair.

use super::texts::{map_letters, plain_words};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const TRANSPOSED: Disguise = Disguise {
    id: "A13",
    name: "transposed-letters",
    applies: plain_words,
    apply: |text| map_letters(text, transpose),
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::RUNS.with(Traits::ORDER),
    undone_by: UndoneBy::Step(Step::Unscrambled),
};
pub(super) const SWAPPED: Disguise =
    Disguise { id: "X08", name: "swapped-letters", apply: |text| map_letters(text, swap_pairs), ..TRANSPOSED };

/// The second and the third letter of words of four letters and more.
fn transpose(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() >= 4 {
        letters.swap(1, 2);
    }
    letters.into_iter().collect()
}

fn swap_pairs(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(2).flat_map(|pair| pair.iter().rev()).collect()
}
