//! Bold letters and digits of the mathematical alphabets.

use super::{Disguise, Traits, UndoneBy, has_ascii_letters};

pub(super) const MATHS_BOLD: Disguise = Disguise {
    id: "B25",
    name: "maths-bold",
    applies: has_ascii_letters,
    apply: |text| text.chars().map(embolden).collect(),
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};

fn embolden(c: char) -> char {
    let bold = match c {
        'A'..='Z' => 0x1D400 + u32::from(c) - u32::from('A'),
        'a'..='z' => 0x1D41A + u32::from(c) - u32::from('a'),
        '0'..='9' => 0x1D7CE + u32::from(c) - u32::from('0'),
        c => return c,
    };
    char::from_u32(bold).unwrap_or(c)
}
