//! Bacon's cipher: five of the letters A and B for each letter, 26 of them.

use super::texts::{has_only_ascii_letters, listed, place_of};
use super::traits::ALL_BUT_LETTERS;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const BACON: Disguise = Disguise {
    id: "E10",
    name: "bacon",
    applies: has_only_ascii_letters,
    apply: |text| listed(text.chars().filter_map(place_of), " ", five),
    needs: Traits::RUNS.with(Traits::ORDER),
    loses: ALL_BUT_LETTERS,
    undone_by: UndoneBy::Step(Step::Bacon),
};

fn five(place: u32) -> String {
    (0..5).rev().map(|bit| if place >> bit & 1 == 0 { 'A' } else { 'B' }).collect()
}
