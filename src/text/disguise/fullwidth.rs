//! Full-width forms of ASCII with the ideographic space, and the same with blanks between them.

use super::texts::{between_letters, has_letters_enough};
use super::{Disguise, Traits, UndoneBy};

pub(super) const FULLWIDTH: Disguise = Disguise {
    id: "B24",
    name: "fullwidth",
    applies: |text| text.contains(|c: char| c.is_ascii_graphic()),
    apply: |text| text.chars().map(widen).collect(),
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};
pub(super) const VAPORWAVE: Disguise = Disguise {
    id: "X11",
    name: "vaporwave",
    applies: has_letters_enough,
    apply: |text| between_letters(&text.replace(' ', "   "), ' ').chars().map(widen_graphic).collect(),
    needs: Traits::WIDE,
    loses: Traits::WORDS.with(Traits::RUNS).with(Traits::BLANKS),
    undone_by: UndoneBy::LettersOnly,
};

pub(super) fn widen(c: char) -> char {
    if c == ' ' { '\u{3000}' } else { widen_graphic(c) }
}

fn widen_graphic(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        c => c,
    }
}
