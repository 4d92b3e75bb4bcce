//! A zero-width space between the letters of a word.

use super::{Disguise, UndoneBy, between_letters};

pub(super) const ZERO_WIDTH: Disguise =
    Disguise { id: "zero-width", applies: |text| hide(text) != text, apply: hide, undone_by: UndoneBy::Fold };

fn hide(text: &str) -> String {
    between_letters(text, '\u{200B}')
}
