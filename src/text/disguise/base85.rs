//! Five of 85 digits for four bytes: Ascii85, RFC 1924 as git writes it, Z85.

use super::texts::is_long_enough;
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const ASCII85: Disguise = Disguise {
    id: "G46",
    name: "ascii85",
    applies: is_long_enough,
    apply: ascii85,
    needs: ENCODED,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Ascii85),
};
pub(super) const BASE85: Disguise = Disguise {
    id: "G48",
    name: "base85",
    apply: |text| with_digits(text, RFC_1924),
    undone_by: UndoneBy::Step(Step::Base85),
    ..ASCII85
};
/// It knows whole groups only; blanks fill the last one.
pub(super) const Z85: Disguise = Disguise {
    id: "G49",
    name: "z85",
    apply: |text| with_digits(&format!("{text}{}", " ".repeat(text.len().next_multiple_of(4) - text.len())), ZEROMQ),
    undone_by: UndoneBy::Step(Step::Z85),
    ..ASCII85
};

const RFC_1924: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const ZEROMQ: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// A group of zeros is a `z`.
fn ascii85(text: &str) -> String {
    let mut out = String::new();
    for group in text.as_bytes().chunks(4) {
        if group == [0; 4] {
            out.push('z');
        } else {
            out.extend(places(group).filter_map(|place| char::from_u32(33 + place)));
        }
    }
    out
}

fn with_digits(text: &str, digits: &str) -> String {
    let digit = |place| usize::try_from(place).ok().and_then(|place| digits.chars().nth(place));
    text.as_bytes().chunks(4).flat_map(places).filter_map(digit).collect()
}

/// The digits of a group; a group that is cut short has as many fewer digits as it has bytes.
fn places(group: &[u8]) -> impl Iterator<Item = u32> + use<> {
    let number = (0..4).fold(0_u32, |number, place| number << 8 | group.get(place).copied().map_or(0, u32::from));
    let powers = [85_u32.pow(4), 85_u32.pow(3), 85_u32.pow(2), 85, 1];
    powers.into_iter().take(group.len() + 1).map(move |power| number / power % 85)
}
