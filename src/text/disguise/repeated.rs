//! Every letter three times: `IIIgggnnnooorrreee`.

use super::texts::has_letters_enough;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const REPEATED: Disguise = Disguise {
    id: "A12",
    name: "repeated-letters",
    applies: has_letters_enough,
    apply: repeat,
    needs: Traits::ORDER,
    // A letter that stood there twice comes back once.
    loses: Traits::RUNS,
    undone_by: UndoneBy::Step(Step::Repeated),
};

fn repeat(text: &str) -> String {
    let times = |c: char| std::iter::repeat_n(c, if c.is_alphabetic() { 3 } else { 1 });
    text.chars().flat_map(times).collect()
}
