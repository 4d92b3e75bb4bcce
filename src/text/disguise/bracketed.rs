//! Each letter in brackets, alone or inside a word that has nothing to do with it.

use super::texts::{has_letters_enough, has_only_ascii_letters, listed, place_of};
use super::traits::ALL_BUT_LETTERS;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const BRACKETED: Disguise = Disguise {
    id: "X06",
    name: "bracketed-letters",
    applies: has_letters_enough,
    apply: |text| listed(text.chars(), "", |c| if c.is_alphabetic() { format!("[{c}]") } else { c.to_string() }),
    needs: Traits::NONE,
    loses: Traits::WORDS.with(Traits::RUNS).with(Traits::SYMBOLS),
    undone_by: UndoneBy::LettersOnly,
};
/// As in the attack "Disguise and Reconstruction".
pub(super) const BRACKETED_IN_WORDS: Disguise = Disguise {
    id: "X07",
    name: "bracketed-in-words",
    applies: has_only_ascii_letters,
    apply: |text| listed(text.chars().filter(char::is_ascii_alphabetic), " ", hide),
    needs: Traits::SYMBOLS.with(Traits::WORDS).with(Traits::RUNS).with(Traits::ORDER),
    loses: ALL_BUT_LETTERS,
    undone_by: UndoneBy::Step(Step::Bracketed),
};

/// A word for each letter of the alphabet, which holds it once.
const WORDS: &str = "table robin uncle order heron forest began other robin major broken palm money corner novel plant \
                     unique story basket water routine seven tower boxes loyal frozen";

/// The letter keeps its case.
fn hide(c: char) -> String {
    let place = place_of(c).and_then(|place| usize::try_from(place).ok()).unwrap_or_default();
    let word = WORDS.split_whitespace().nth(place).unwrap_or_default();
    word.replacen(c.to_ascii_lowercase(), &format!("({c})"), 1)
}
