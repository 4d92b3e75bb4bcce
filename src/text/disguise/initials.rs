//! The first letters of lines.

use super::texts::{has_only_ascii_letters, listed};
use super::traits::ALL_BUT_LETTERS;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const ACROSTIC: Disguise = Disguise {
    id: "F06",
    name: "acrostic",
    applies: has_only_ascii_letters,
    apply: |text| listed(text.chars().filter(char::is_ascii_alphabetic), "\n", |c| format!("{c} is for apple")),
    needs: Traits::LINES.with(Traits::WORDS).with(Traits::ORDER),
    loses: ALL_BUT_LETTERS,
    undone_by: UndoneBy::Step(Step::Initials),
};
