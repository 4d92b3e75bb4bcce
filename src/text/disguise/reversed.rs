//! The characters in reverse order.

use super::{Disguise, Traits, UndoneBy, has_letters_enough};
use crate::verdict::Step;

pub(super) const REVERSED: Disguise = Disguise {
    id: "D00",
    name: "reversed",
    applies: has_letters_enough,
    apply: |text| text.chars().rev().collect(),
    needs: Traits::NONE,
    loses: Traits::ORDER,
    undone_by: UndoneBy::Step(Step::Reversed),
};
