//! One byte xored onto every byte, in hexadecimal.

use super::texts::{is_long_ascii, listed};
use super::traits::NUMBERS;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

const KEY: u8 = 0x2A;

/// The key is guessed from the commonest byte, so the text has to look like one.
pub(super) const XOR: Disguise = Disguise {
    id: "E08",
    name: "xor-hex",
    applies: |text| is_long_ascii(text) && super::texts::has_words(text),
    apply: |text| listed(text.bytes(), "", |byte| format!("{:02x}", byte ^ KEY)),
    needs: NUMBERS,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Xor),
};
