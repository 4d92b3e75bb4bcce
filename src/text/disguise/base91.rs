//! basE91: two of 91 digits for 13 or 14 bits.

use super::texts::is_long_enough;
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const BASE91: Disguise = Disguise {
    id: "G50",
    name: "base91",
    applies: is_long_enough,
    apply: encode,
    needs: ENCODED,
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Base91),
};

const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;<=>?@[]^_`{|}~\"";

fn encode(text: &str) -> String {
    let mut out = String::new();
    let mut digit = |place: usize| out.extend(DIGITS.chars().nth(place));
    let (mut queue, mut bits) = (0_usize, 0);
    for byte in text.bytes() {
        queue |= usize::from(byte) << bits;
        bits += 8;
        if bits > 13 {
            // A number of 13 bits that leaves room takes one bit more.
            let taken = if queue & 8191 > 88 { 13 } else { 14 };
            let number = queue & ((1 << taken) - 1);
            queue >>= taken;
            bits -= taken;
            digit(number % 91);
            digit(number / 91);
        }
    }
    if bits > 0 {
        digit(queue % 91);
        if bits > 7 || queue > 90 {
            digit(queue / 91);
        }
    }
    out
}
