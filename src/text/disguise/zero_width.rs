//! A zero-width space between the letters of a word.

use super::{Disguise, Traits, UndoneBy, between_letters};

pub(super) const ZERO_WIDTH: Disguise = Disguise {
    id: "B00",
    name: "zero-width",
    applies: |text| hide(text) != text,
    apply: hide,
    needs: Traits::WIDE,
    loses: Traits::RUNS,
    undone_by: UndoneBy::Fold,
};

fn hide(text: &str) -> String {
    between_letters(text, '\u{200B}')
}
