//! Full-width forms of ASCII, and the ideographic space.

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

fn widen(c: char) -> char {
    match c {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        c => c,
    }
}
