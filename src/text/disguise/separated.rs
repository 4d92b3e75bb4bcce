//! A sign between the letters of a word: `i.g.n.o.r.e`, `i_g_n_o_r_e`.

use super::texts::{between_letters, has_letters_enough};
use super::{Disguise, Traits, UndoneBy};

pub(super) const DOTTED: Disguise = Disguise {
    id: "A06",
    name: "dotted-letters",
    applies: has_letters_enough,
    apply: |text| between_letters(text, '.'),
    needs: Traits::NONE,
    loses: Traits::WORDS.with(Traits::RUNS),
    undone_by: UndoneBy::LettersOnly,
};
pub(super) const UNDERSCORED: Disguise =
    Disguise { id: "A27", name: "underscored-letters", apply: |text| between_letters(text, '_'), ..DOTTED };
