//! Wrong letters with a backspace behind each: `Ignx⌫ore`.

use super::texts::has_letters_enough;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const EDITED: Disguise = Disguise {
    id: "X05",
    name: "edited",
    applies: |text| has_letters_enough(text) && !text.contains('\u{8}'),
    apply: edit,
    needs: Traits::WIDE.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Edited),
};

/// After each third letter, a wrong one.
fn edit(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut letters = 0_usize;
    for c in text.chars() {
        out.push(c);
        if c.is_alphabetic() {
            letters += 1;
            out.push_str(if letters.is_multiple_of(3) { "x\u{8}" } else { "" });
        }
    }
    out
}
