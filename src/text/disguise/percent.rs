//! Percent signs, as in addresses: for every byte, for vowels, twice, for units of UTF-16.

use super::texts::{is_long_enough, listed};
use super::traits::ESCAPES;
use super::vowels::is_vowel;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const ALL: Disguise = Disguise {
    id: "G61",
    name: "percent",
    applies: is_long_enough,
    apply: |text| listed(text.bytes(), "", |byte| format!("%{byte:02X}")),
    needs: ESCAPES,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Percent),
};
pub(super) const VOWELS: Disguise = Disguise {
    id: "G62",
    name: "percent-vowels",
    applies: |text| is_long_enough(text) && text.chars().filter(|c| hides(*c)).count() >= 3 && !text.contains('%'),
    apply: |text| listed(text.chars(), "", |c| if hides(c) { format!("%{:02x}", u32::from(c)) } else { c.to_string() }),
    ..ALL
};
pub(super) const TWICE: Disguise = Disguise {
    id: "G63",
    name: "percent-twice",
    apply: |text| listed(text.bytes(), "", |byte| format!("%25{byte:02X}")),
    ..ALL
};
pub(super) const UNITS: Disguise = Disguise {
    id: "G71",
    name: "percent-units",
    apply: |text| listed(text.encode_utf16(), "", |unit| format!("%u{unit:04x}")),
    ..ALL
};

fn hides(c: char) -> bool {
    c == ' ' || is_vowel(c)
}
