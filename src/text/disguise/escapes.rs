//! Escapes of programming languages and style sheets.

use super::texts::{is_long_ascii, is_long_enough, listed};
use super::traits::ESCAPES;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

/// Beyond ASCII, some number bytes and some characters.
pub(super) const OCTAL: Disguise = Disguise {
    id: "G34",
    name: "escapes-octal",
    applies: is_long_ascii,
    apply: |text| listed(text.bytes(), "", |byte| format!("\\{byte:03o}")),
    needs: ESCAPES,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Escapes),
};
pub(super) const UNITS: Disguise = Disguise {
    id: "G67",
    name: "escapes-units",
    applies: is_long_enough,
    apply: |text| listed(text.encode_utf16(), "", |unit| format!("\\u{unit:04x}")),
    ..OCTAL
};
pub(super) const BRACED: Disguise = Disguise {
    id: "G68",
    name: "escapes-braced",
    apply: |text| listed(text.chars(), "", |c| format!("\\u{{{:x}}}", u32::from(c))),
    ..UNITS
};
pub(super) const CODE_POINTS: Disguise = Disguise {
    id: "G69",
    name: "code-points",
    apply: |text| listed(text.chars(), " ", |c| format!("U+{:04X}", u32::from(c))),
    ..UNITS
};
pub(super) const STYLE_SHEET: Disguise = Disguise {
    id: "G70",
    name: "escapes-style-sheet",
    apply: |text| listed(text.chars(), "", |c| format!("\\{:x} ", u32::from(c))),
    needs: ESCAPES.with(Traits::BLANKS),
    ..UNITS
};
pub(super) const JSON_TWICE: Disguise = Disguise {
    id: "G80",
    name: "escapes-json-twice",
    apply: |text| format!("{{\"m\":\"{}\"}}", listed(text.encode_utf16(), "", |unit| format!("\\\\u{unit:04x}"))),
    ..UNITS
};
