//! Dots between the letters of a word: `i.g.n.o.r.e`.

use super::{Disguise, UndoneBy, between_letters, has_letters_enough};

pub(super) const DOTTED: Disguise = Disguise {
    id: "dotted-letters",
    applies: has_letters_enough,
    apply: |text| between_letters(text, '.'),
    undone_by: UndoneBy::LettersOnly,
};
