//! Base45 (RFC 9285): three characters for two bytes.

use super::texts::is_long_enough;
use super::traits::ENCODED;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const BASE45: Disguise = Disguise {
    id: "G43",
    name: "base45",
    applies: is_long_enough,
    apply: encode,
    // A space is one of the digits.
    needs: ENCODED.with(Traits::BLANKS),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Base45),
};

const DIGITS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

fn encode(text: &str) -> String {
    let mut out = String::new();
    for pair in text.as_bytes().chunks(2) {
        let mut number = pair.iter().fold(0, |number, byte| number * 256 + usize::from(*byte));
        for _ in 0..=pair.len() {
            out.extend(DIGITS.chars().nth(number % 45));
            number /= 45;
        }
    }
    out
}
