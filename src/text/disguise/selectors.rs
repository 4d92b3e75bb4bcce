//! Variation selectors behind a harmless text: characters or bytes, which no screen shows.

use super::texts::{is_long_ascii, is_long_enough};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const CHARACTERS: Disguise = Disguise {
    id: "B51",
    name: "variation-selectors",
    applies: is_long_ascii,
    apply: |text| format!("hi {}", text.bytes().filter_map(|byte| nth(0xE0100, byte)).collect::<String>()),
    needs: Traits::WIDE.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::VariationSelectors),
};
/// As Paul Butler showed: sixteen selectors for the lowest bytes, the supplementary ones for the others.
pub(super) const BYTES: Disguise = Disguise {
    id: "B52",
    name: "variation-selector-bytes",
    applies: is_long_enough,
    apply: |text| format!("hi 😊{}", text.bytes().filter_map(selector).collect::<String>()),
    ..CHARACTERS
};

fn selector(byte: u8) -> Option<char> {
    byte.checked_sub(16).map_or_else(|| nth(0xFE00, byte), |byte| nth(0xE0100, byte))
}

fn nth(first: u32, place: u8) -> Option<char> {
    char::from_u32(first + u32::from(place))
}
