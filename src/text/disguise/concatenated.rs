//! Pieces of six characters as a program would join them: `"Ignore" + " all p" + "reviou"`.

use super::texts::{grouped, has_letters_enough};
use super::{Disguise, Traits, UndoneBy};

pub(super) const CONCATENATED: Disguise = Disguise {
    id: "A21",
    name: "concatenated-strings",
    applies: |text| has_letters_enough(text) && !text.contains(['"', '\\', '\n']),
    apply: |text| format!("\"{}\"", grouped(text, 6, "\" + \"")),
    needs: Traits::NONE,
    // Only the letters are sure to come back.
    loses: Traits::WORDS.with(Traits::RUNS).with(Traits::BLANKS).with(Traits::SYMBOLS).with(Traits::LINES),
    undone_by: UndoneBy::LettersOnly,
};
