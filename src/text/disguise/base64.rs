//! Base64: standard, URL-safe without padding, wrapped.

use ::base64::Engine as _;
use ::base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

const NEEDS: Traits = Traits::CASE.with(Traits::DIGITS).with(Traits::SYMBOLS).with(Traits::RUNS);
const UNDONE_BY: UndoneBy = UndoneBy::Step(Step::Base64);
/// Letters in a line of wrapped base64. A whole number of groups, as every encoder does it.
const LINE: usize = 20;

pub(super) const STANDARD: Disguise = Disguise {
    id: "G00",
    name: "base64",
    needs: NEEDS,
    loses: Traits::NONE,
    applies,
    apply: |text| BASE64_STANDARD.encode(text),
    undone_by: UNDONE_BY,
};
pub(super) const URL_SAFE: Disguise = Disguise {
    id: "G01",
    name: "base64-url-safe",
    needs: NEEDS,
    loses: Traits::NONE,
    applies,
    apply: |text| BASE64_URL_SAFE_NO_PAD.encode(text),
    undone_by: UNDONE_BY,
};
pub(super) const WRAPPED: Disguise = Disguise {
    id: "G02",
    name: "base64-wrapped",
    needs: NEEDS,
    loses: Traits::NONE,
    applies,
    apply: wrap,
    undone_by: UNDONE_BY,
};

/// Shorter texts encode to what cannot be told from a word.
fn applies(text: &str) -> bool {
    text.len() >= 12
}

fn wrap(text: &str) -> String {
    let mut out = String::new();
    for (place, letter) in BASE64_STANDARD.encode(text).chars().enumerate() {
        if place > 0 && place % LINE == 0 {
            out.push('\n');
        }
        out.push(letter);
    }
    out
}
