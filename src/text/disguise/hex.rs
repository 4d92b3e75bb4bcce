//! Hexadecimal digits: in one run, in capitals, spaced, with dashes, as escapes, as numbers, of base64.

use super::base64::base64;
use super::texts::{is_long_enough, listed};
use super::traits::NUMBERS;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const CONTIGUOUS: Disguise = Disguise {
    id: "G20",
    name: "hex",
    applies: is_long_enough,
    apply: hex,
    needs: NUMBERS,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Hex),
};
pub(super) const CAPITALS: Disguise =
    Disguise { id: "G21", name: "hex-capitals", apply: |text| ::hex::encode_upper(text), ..CONTIGUOUS };
pub(super) const SPACED: Disguise =
    Disguise { id: "G22", name: "hex-spaced", apply: |text| bytes(text, "", " "), ..CONTIGUOUS };
pub(super) const ESCAPED: Disguise =
    Disguise { id: "G23", name: "hex-escaped", apply: |text| bytes(text, "\\x", ""), ..CONTIGUOUS };
pub(super) const PREFIXED: Disguise =
    Disguise { id: "G24", name: "hex-prefixed", apply: |text| bytes(text, "0x", ", "), ..CONTIGUOUS };
pub(super) const OF_BASE64: Disguise =
    Disguise { id: "G26", name: "hex-of-base64", apply: |text| hex(&base64(text)), ..CONTIGUOUS };
pub(super) const DASHED: Disguise =
    Disguise { id: "G28", name: "hex-dashed", apply: |text| bytes(text, "", "-"), ..CONTIGUOUS };

pub(super) fn hex(text: &str) -> String {
    ::hex::encode(text)
}

fn bytes(text: &str, before: &str, between: &str) -> String {
    listed(text.bytes(), between, |byte| format!("{before}{byte:02x}"))
}
