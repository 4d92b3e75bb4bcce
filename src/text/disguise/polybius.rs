//! The square of Polybius: the row and the column of each letter, of which I and J are one.

use super::texts::{has_only_ascii_letters, listed, place_of};
use super::traits::{ALL_BUT_LETTERS, NUMBERS};
use super::{Disguise, UndoneBy};
use crate::verdict::Step;

pub(super) const POLYBIUS: Disguise = Disguise {
    id: "E09",
    name: "polybius",
    applies: |text| has_only_ascii_letters(text) && !text.contains(['j', 'J']),
    apply: |text| listed(text.chars().filter_map(place_of), " ", coordinates),
    needs: NUMBERS,
    loses: ALL_BUT_LETTERS,
    undone_by: UndoneBy::Step(Step::Polybius),
};

fn coordinates(place: u32) -> String {
    let place = if place > 8 { place - 1 } else { place };
    format!("{}{}", place / 5 + 1, place % 5 + 1)
}
