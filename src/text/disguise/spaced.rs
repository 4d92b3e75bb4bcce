//! A space between the letters of a word, three between words: `i g n o r e   a l l`.

use super::{Disguise, Traits, UndoneBy, between_letters, has_letters_enough};

pub(super) const SPACED: Disguise = Disguise {
    id: "A04",
    name: "spaced-letters",
    applies: has_letters_enough,
    apply: |text| between_letters(&text.replace(' ', "   "), ' '),
    needs: Traits::NONE,
    loses: Traits::WORDS.with(Traits::RUNS).with(Traits::BLANKS),
    undone_by: UndoneBy::LettersOnly,
};
