//! Tag characters behind a harmless text: ASCII once more, which no screen shows.

use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const TAGS: Disguise = Disguise {
    id: "B50",
    name: "tag-characters",
    applies: |text| super::texts::is_long_enough(text) && text.chars().all(|c| matches!(c, ' '..='~')),
    apply: |text| format!("hi 😈{}", text.chars().filter_map(tag).collect::<String>()),
    needs: Traits::WIDE.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::TagCharacters),
};

fn tag(c: char) -> Option<char> {
    char::from_u32(0xE0000 + u32::from(c))
}
