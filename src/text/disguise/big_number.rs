//! The whole text as one large number, written with 36, 58 or 62 digits.

use super::texts::is_long_enough;
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

/// Reading a number takes time that grows with the square of its length, so longer ones are not read: the digits of these
/// bytes are 128 at most, except that base36 needs 140.
const MOST_BYTES: usize = 90;
/// Bytes whose number has 128 digits in base36.
const MOST_BYTES_36: usize = 82;

pub(super) const BASE36: Disguise = Disguise {
    id: "G42",
    name: "base36",
    applies: |text| applies(text, MOST_BYTES_36),
    apply: |text| encode(text, "0123456789abcdefghijklmnopqrstuvwxyz"),
    needs: ENCODED,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Base36),
};
pub(super) const BASE58: Disguise = Disguise {
    id: "G44",
    name: "base58",
    applies: |text| applies(text, MOST_BYTES),
    apply: |text| encode(text, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
    undone_by: UndoneBy::Step(Step::Base58),
    ..BASE36
};
pub(super) const BASE62: Disguise = Disguise {
    id: "G45",
    name: "base62",
    apply: |text| encode(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    undone_by: UndoneBy::Step(Step::Base62),
    ..BASE58
};

/// Zeros at the front of a number are lost.
fn applies(text: &str, most: usize) -> bool {
    is_long_enough(text) && text.len() <= most && !text.starts_with('\0')
}

fn encode(text: &str, digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let base = digits.len().max(2);
    let mut number = text.as_bytes().to_vec();
    let mut out: Vec<char> = Vec::new();
    while number.iter().any(|byte| *byte != 0) {
        let mut rest = 0;
        for byte in &mut number {
            let dividend = rest * 256 + usize::from(*byte);
            *byte = u8::try_from(dividend / base).unwrap_or_default();
            rest = dividend % base;
        }
        out.extend(digits.get(rest));
    }
    out.into_iter().rev().collect()
}
