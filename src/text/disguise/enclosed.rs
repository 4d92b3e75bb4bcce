//! Letters in circles, squares and parentheses, and those that flags are made of.

use super::maths::styled;
use super::texts::has_ascii_letters;
use super::{Disguise, Traits, UndoneBy};

pub(super) const CIRCLED: Disguise = Disguise {
    id: "B30",
    name: "circled",
    applies: has_ascii_letters,
    apply: |text| text.chars().map(circled).collect(),
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};
/// This one and those that follow have one case only.
pub(super) const SQUARED: Disguise =
    Disguise { id: "B31", name: "squared", apply: |text| in_row(text, 0x1F130), loses: Traits::CASE, ..CIRCLED };
pub(super) const NEGATIVE_SQUARED: Disguise =
    Disguise { id: "B32", name: "negative-squared", apply: |text| in_row(text, 0x1F170), ..SQUARED };
pub(super) const PARENTHESISED: Disguise =
    Disguise { id: "B34", name: "parenthesised", apply: |text| in_row(text, 0x249C), ..SQUARED };
pub(super) const REGIONAL: Disguise = Disguise { id: "B35", name: "regional-indicators", apply: regional, ..SQUARED };
pub(super) const NEGATIVE_CIRCLED: Disguise =
    Disguise { id: "X15", name: "negative-circled", apply: |text| in_row(text, 0x1F150), ..SQUARED };

pub(super) fn circled(c: char) -> char {
    styled(c, 0x24B6, 0x24D0, &[])
}

fn in_row(text: &str, first: u32) -> String {
    text.chars().map(|c| styled(c, first, first, &[])).collect()
}

/// A zero-width space keeps two of them from becoming a flag.
fn regional(text: &str) -> String {
    let mut out = String::new();
    let mut after_letter = false;
    for c in text.chars() {
        if after_letter && c.is_ascii_alphabetic() {
            out.push('\u{200B}');
        }
        after_letter = c.is_ascii_alphabetic();
        out.push(styled(c, 0x1F1E6, 0x1F1E6, &[]));
    }
    out
}
