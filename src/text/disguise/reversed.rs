//! The characters in reverse order.

use super::{Disguise, UndoneBy, has_letters_enough};
use crate::verdict::Step;

pub(super) const REVERSED: Disguise = Disguise {
    id: "reversed",
    applies: has_letters_enough,
    apply: |text| text.chars().rev().collect(),
    undone_by: UndoneBy::Step(Step::Reversed),
};
