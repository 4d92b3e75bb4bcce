//! Capitals and small letters by turns: `iGnOrE aLl`.

use super::texts::has_ascii_letters;
use super::{Disguise, Traits, UndoneBy};

pub(super) const ALTERNATING: Disguise = Disguise {
    id: "A01",
    name: "alternating-case",
    applies: has_ascii_letters,
    apply: alternate,
    needs: Traits::NONE,
    loses: Traits::CASE,
    undone_by: UndoneBy::Fold,
};

fn alternate(text: &str) -> String {
    let change =
        |(place, c): (usize, char)| if place % 2 == 0 { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
    text.chars().enumerate().map(change).collect()
}
