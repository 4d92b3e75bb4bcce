//! uuencode: lines of 45 bytes, each with its length in front.

use super::texts::{is_long_enough, listed};
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const UUENCODE: Disguise = Disguise {
    id: "G51",
    name: "uuencode",
    applies: is_long_enough,
    apply: |text| listed(text.as_bytes().chunks(45), "\n", line),
    needs: ENCODED.with(Traits::LINES),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Uuencode),
};

fn line(bytes: &[u8]) -> String {
    let mut out = String::new();
    out.extend(digit(u32::try_from(bytes.len()).unwrap_or_default()));
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0, |number, place| number << 8 | group.get(place).copied().map_or(0, u32::from));
        out.extend([18, 12, 6, 0].into_iter().filter_map(|shift| digit(number >> shift & 63)));
    }
    out
}

/// A grave accent stands for zero, as blanks get lost.
fn digit(place: u32) -> Option<char> {
    if place == 0 { Some('`') } else { char::from_u32(place + 32) }
}
