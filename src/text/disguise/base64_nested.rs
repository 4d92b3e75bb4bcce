//! Base64 of what is disguised already: of base64, of UTF-16, of a rotation, of leet, of the reverse, of numbers.

use super::base64::base64;
use super::hex::hex;
use super::leet::{self, with_digits};
use super::reversed::{self, reverse};
use super::rotated::{self, rot13};
use super::texts::is_long_enough;
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy, entities};
use crate::verdict::Step;

pub(super) const TWICE: Disguise = Disguise {
    id: "G04",
    name: "base64-twice",
    applies: is_long_enough,
    apply: |text| base64(base64(text)),
    needs: ENCODED,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Base64),
};
pub(super) const THRICE: Disguise =
    Disguise { id: "G05", name: "base64-thrice", apply: |text| base64(base64(base64(text))), ..TWICE };
pub(super) const UTF16: Disguise = Disguise {
    id: "G06",
    name: "base64-utf-16",
    apply: |text| base64(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
    undone_by: UndoneBy::Step(Step::Utf16),
    ..TWICE
};
pub(super) const OF_ROT13: Disguise = Disguise {
    id: "G08",
    name: "base64-of-rot13",
    applies: rotated::ROT13.applies,
    apply: |text| base64(rot13(text)),
    ..TWICE
};
pub(super) const OF_LEET: Disguise = Disguise {
    id: "G14",
    name: "base64-of-leet",
    applies: leet::DIGITS.applies,
    apply: |text| base64(with_digits(text)),
    loses: leet::DIGITS.loses,
    ..TWICE
};
pub(super) const OF_REVERSED: Disguise = Disguise {
    id: "G15",
    name: "base64-of-reversed",
    applies: |text| is_long_enough(text) && (reversed::REVERSED.applies)(text),
    apply: |text| base64(reverse(text)),
    loses: reversed::REVERSED.loses,
    ..TWICE
};
pub(super) const OF_HEX: Disguise =
    Disguise { id: "G27", name: "base64-of-hex", apply: |text| base64(hex(text)), ..TWICE };
pub(super) const OF_ENTITIES: Disguise =
    Disguise { id: "G77", name: "base64-of-entities", apply: |text| base64(entities::decimal(text)), ..TWICE };
