//! Hexadecimal digits: in one run, spaced, as escapes, as numbers.

use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

const NEEDS: Traits = Traits::DIGITS.with(Traits::RUNS);
const UNDONE_BY: UndoneBy = UndoneBy::Step(Step::Hex);

pub(super) const CONTIGUOUS: Disguise = Disguise {
    id: "G20",
    name: "hex",
    needs: NEEDS,
    loses: Traits::NONE,
    applies,
    apply: |text| ::hex::encode(text),
    undone_by: UNDONE_BY,
};
pub(super) const ESCAPED: Disguise = Disguise {
    id: "G23",
    name: "hex-escaped",
    needs: NEEDS,
    loses: Traits::NONE,
    applies,
    apply: |text| bytes(text, "\\x", ""),
    undone_by: UNDONE_BY,
};
pub(super) const PREFIXED: Disguise = Disguise {
    id: "G24",
    name: "hex-prefixed",
    needs: NEEDS,
    loses: Traits::NONE,
    applies,
    apply: |text| bytes(text, "0x", ", "),
    undone_by: UNDONE_BY,
};
pub(super) const SPACED: Disguise = Disguise {
    id: "G22",
    name: "hex-spaced",
    needs: NEEDS,
    loses: Traits::NONE,
    applies,
    apply: |text| bytes(text, "", " "),
    undone_by: UNDONE_BY,
};

/// Shorter texts encode to what cannot be told from a few numbers.
fn applies(text: &str) -> bool {
    text.len() >= 8
}

fn bytes(text: &str, before: &str, between: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("{before}{byte:02x}")).collect();
    bytes.join(between)
}
