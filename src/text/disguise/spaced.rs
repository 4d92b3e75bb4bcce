//! Blanks between letters: with wider ones between words, without, or one letter a line.

use super::texts::{between_letters, grouped, has_letters_enough};
use super::{Disguise, Traits, UndoneBy};

pub(super) const SPACED: Disguise = Disguise {
    id: "A04",
    name: "spaced-letters",
    applies: has_letters_enough,
    apply: |text| between_letters(&text.replace(' ', "   "), ' '),
    needs: Traits::NONE,
    loses: Traits::WORDS.with(Traits::RUNS).with(Traits::BLANKS),
    undone_by: UndoneBy::LettersOnly,
};
pub(super) const SPACED_EVENLY: Disguise = Disguise {
    id: "A05",
    name: "spaced-letters-evenly",
    apply: space_evenly,
    loses: SPACED.loses.with(Traits::LINES),
    ..SPACED
};
pub(super) const ONE_A_LINE: Disguise = Disguise {
    id: "A22",
    name: "one-letter-a-line",
    apply: |text| grouped(text, 1, "\n"),
    // A digit on a line of its own is not taken for a letter.
    loses: SPACED.loses.with(Traits::LINES).with(Traits::DIGITS),
    ..SPACED
};

/// Nothing is left of where words began.
pub(super) fn space_evenly(text: &str) -> String {
    let joined: String = text.split_whitespace().collect();
    grouped(&joined, 1, " ")
}
