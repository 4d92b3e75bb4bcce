//! Combining marks: heaps of them, a stroke through every character, a key cap around it.

use super::dice::Dice;
use super::texts::has_ascii_letters;
use super::{Disguise, Traits, UndoneBy};

pub(super) const ZALGO: Disguise = Disguise {
    id: "B40",
    name: "zalgo",
    applies: has_ascii_letters,
    apply: zalgo,
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};
pub(super) const STRUCK_THROUGH: Disguise = Disguise {
    id: "B41",
    name: "strikethrough",
    apply: |text| text.chars().flat_map(|c| [c, '\u{336}']).collect(),
    // The stroke stands between digits and symbols as well.
    loses: Traits::RUNS,
    ..ZALGO
};
pub(super) const KEYCAPS: Disguise =
    Disguise { id: "B42", name: "keycaps", apply: |text| after_letters(text, || "\u{20E3}".to_owned()), ..ZALGO };
pub(super) const COMBINING: Disguise = Disguise {
    id: "X01",
    name: "combining-marks",
    apply: |text| after_letters(text, || "\u{301}\u{336}".to_owned()),
    ..ZALGO
};

const MARKS_A_LETTER: usize = 5;

fn zalgo(text: &str) -> String {
    let mut dice = Dice::for_text(text);
    after_letters(text, || {
        let mut mark = || char::from_u32(0x300 + u32::try_from(dice.below(0x70)).unwrap_or_default());
        (0..MARKS_A_LETTER).filter_map(|_| mark()).collect()
    })
}

fn after_letters(text: &str, mut marks: impl FnMut() -> String) -> String {
    let mut out = String::with_capacity(text.len() * 5);
    for c in text.chars() {
        out.push(c);
        if c.is_ascii_alphabetic() {
            out.push_str(&marks());
        }
    }
    out
}
