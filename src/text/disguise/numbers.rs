//! The numbers of characters: binary, octal and decimal, as lists and as calls of functions.

use super::bits::bits;
use super::texts::{grouped, is_long_ascii, is_long_enough, listed};
use super::traits::{ESCAPES, NUMBERS};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const BINARY: Disguise = Disguise {
    id: "G30",
    name: "binary-spaced",
    applies: is_long_enough,
    apply: |text| grouped(&bits(text, '0', '1'), 8, " "),
    needs: NUMBERS,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Binary),
};
pub(super) const BINARY_RUN: Disguise =
    Disguise { id: "G31", name: "binary", apply: |text| bits(text, '0', '1'), ..BINARY };
/// Beyond ASCII, some number bytes and some characters.
pub(super) const OCTAL: Disguise = Disguise {
    id: "G32",
    name: "octal",
    applies: is_long_ascii,
    apply: |text| listed(text.bytes(), " ", |byte| format!("{byte:o}")),
    undone_by: UndoneBy::Step(Step::Octal),
    ..BINARY
};
pub(super) const DECIMAL: Disguise = Disguise {
    id: "G33",
    name: "decimal",
    apply: |text| listed(text.bytes(), " ", |byte| byte.to_string()),
    undone_by: UndoneBy::Step(Step::Decimal),
    ..OCTAL
};
pub(super) const FROM_CHAR_CODE: Disguise = Disguise {
    id: "G78",
    name: "from-char-code",
    apply: |text| format!("String.fromCharCode({})", listed(text.bytes(), ",", |byte| byte.to_string())),
    ..DECIMAL
};
pub(super) const CHR: Disguise = Disguise {
    id: "G79",
    name: "chr-calls",
    apply: |text| listed(text.bytes(), "+", |byte| format!("chr({byte})")),
    needs: ESCAPES,
    ..DECIMAL
};
