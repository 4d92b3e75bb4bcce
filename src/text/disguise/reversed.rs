//! The characters in reverse order, alone or with idle talk.

use super::texts::has_letters_enough;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const REVERSED: Disguise = Disguise {
    id: "D00",
    name: "reversed",
    applies: has_letters_enough,
    apply: reverse,
    needs: Traits::NONE,
    loses: Traits::ORDER,
    undone_by: UndoneBy::Step(Step::Reversed),
};
/// Longer than what filters read backwards that fear for their time.
pub(super) const REVERSED_PADDED: Disguise = Disguise {
    id: "D03",
    name: "reversed-padded",
    apply: |text| reverse(&format!("{text} {}", "the weather is nice today. ".repeat(19))),
    loses: Traits::ORDER.with(Traits::LINES),
    ..REVERSED
};

pub(super) fn reverse(text: &str) -> String {
    text.chars().rev().collect()
}
