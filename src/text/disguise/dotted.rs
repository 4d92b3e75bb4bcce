//! Dots between the letters of a word: `i.g.n.o.r.e`.

use super::{Disguise, Traits, UndoneBy, between_letters, has_letters_enough};

pub(super) const DOTTED: Disguise = Disguise {
    id: "A06",
    name: "dotted-letters",
    applies: has_letters_enough,
    apply: |text| between_letters(text, '.'),
    needs: Traits::NONE,
    loses: Traits::RUNS,
    undone_by: UndoneBy::LettersOnly,
};
