//! Base64: standard, URL-safe without padding, in lines or groups, backwards, rotated, in pieces, in an address.

use ::base64::Engine as _;
use ::base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::reversed::reverse;
use super::rotated::rot13;
use super::texts::{grouped, is_long_enough, split_word};
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const STANDARD: Disguise = Disguise {
    id: "G00",
    name: "base64",
    applies: is_long_enough,
    apply: |text| base64(text),
    // It is read backwards as well, so its order is no need.
    needs: Traits::CASE.with(Traits::DIGITS).with(Traits::SYMBOLS).with(Traits::RUNS),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Base64),
};
pub(super) const URL_SAFE: Disguise =
    Disguise { id: "G01", name: "base64-url-safe", apply: |text| BASE64_URL_SAFE_NO_PAD.encode(text), ..STANDARD };
pub(super) const WRAPPED: Disguise = Disguise {
    id: "G02",
    name: "base64-wrapped",
    apply: |text| grouped(&base64(text), 16, "\n"),
    needs: ENCODED,
    ..STANDARD
};
pub(super) const GROUPED: Disguise =
    Disguise { id: "G03", name: "base64-grouped", apply: |text| grouped(&base64(text), 4, " "), ..WRAPPED };
pub(super) const REVERSED: Disguise =
    Disguise { id: "G07", name: "base64-reversed", apply: |text| reverse(&base64(text)), ..STANDARD };
pub(super) const ROTATED: Disguise =
    Disguise { id: "G09", name: "base64-rotated", apply: |text| rot13(&base64(text)), needs: ENCODED, ..STANDARD };
pub(super) const IN_PIECES: Disguise =
    Disguise { id: "G11", name: "base64-in-pieces", apply: in_pieces, needs: ENCODED, ..STANDARD };
pub(super) const DATA_ADDRESS: Disguise = Disguise {
    id: "G12",
    name: "base64-data-address",
    apply: |text| format!("data:text/plain;base64,{}", base64(text)),
    needs: ENCODED,
    ..STANDARD
};

pub(super) fn base64(text: impl AsRef<[u8]>) -> String {
    BASE64_STANDARD.encode(text)
}

fn in_pieces(text: &str) -> String {
    let encoded = base64(text);
    let (first, second) = split_word(&encoded, encoded.len() / 2 / 4 * 4);
    format!("a=\"{first}\"; b=\"{second}\"")
}
