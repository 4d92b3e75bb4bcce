//! The alphabet rotated or mirrored: ROT13, Caesar, ROT47, Atbash.

use super::texts::{nth_letter, place_of, plain_words};
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const ROT13: Disguise = Disguise {
    id: "E00",
    name: "rot13",
    applies: plain_words,
    apply: rot13,
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Rotated),
};
pub(super) const CAESAR_3: Disguise =
    Disguise { id: "E02", name: "caesar-3", apply: |text| map_places(text, |place| (place + 3) % 26), ..ROT13 };
pub(super) const CAESAR_7: Disguise =
    Disguise { id: "E03", name: "caesar-7", apply: |text| map_places(text, |place| (place + 7) % 26), ..ROT13 };
pub(super) const ATBASH: Disguise = Disguise {
    id: "E04",
    name: "atbash",
    apply: |text| map_places(text, |place| 25 - place),
    undone_by: UndoneBy::Step(Step::Atbash),
    ..ROT13
};
pub(super) const ROT47: Disguise = Disguise {
    id: "E01",
    name: "rot47",
    apply: |text| text.chars().map(rot47).collect(),
    needs: ENCODED,
    undone_by: UndoneBy::Step(Step::Rot47),
    ..ROT13
};

pub(super) fn rot13(text: &str) -> String {
    map_places(text, |place| (place + 13) % 26)
}

/// Gives each ASCII letter another place in the alphabet and leaves it its case.
fn map_places(text: &str, place: fn(u32) -> u32) -> String {
    let first = |c: char| u32::from(if c.is_ascii_uppercase() { 'A' } else { 'a' });
    text.chars().map(|c| place_of(c).and_then(|old| nth_letter(first(c), place(old))).unwrap_or(c)).collect()
}

/// Printable ASCII has 94 characters besides the space.
fn rot47(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(33 + (u32::from(c) - 33 + 47) % 94).unwrap_or(c),
        c => c,
    }
}
