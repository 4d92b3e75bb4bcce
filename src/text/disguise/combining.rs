//! Combining marks on every letter: a stroke through it, an accent above it.

use super::{Disguise, Traits, UndoneBy, has_ascii_letters};

pub(super) const COMBINING: Disguise = Disguise {
    id: "X01",
    name: "combining-marks",
    applies: has_ascii_letters,
    apply: mark,
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};

fn mark(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5);
    for c in text.chars() {
        out.push(c);
        if c.is_ascii_alphabetic() {
            out.push_str("\u{301}\u{336}");
        }
    }
    out
}
