//! Bits written in two characters that nobody sees: invisible signs of mathematics, or spaces and tabs.

use super::texts::is_long_enough;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const INVISIBLE: Disguise = Disguise {
    id: "B53",
    name: "invisible-bits",
    applies: is_long_enough,
    apply: |text| format!("hi {}", bits(text, '\u{2062}', '\u{2064}')),
    needs: Traits::WIDE.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::InvisibleBits),
};
pub(super) const BLANK: Disguise = Disguise {
    id: "B55",
    name: "blank-bits",
    apply: |text| format!("hi{}", bits(text, ' ', '\t')),
    needs: Traits::BLANKS.with(Traits::RUNS).with(Traits::ORDER),
    undone_by: UndoneBy::Step(Step::BlankBits),
    ..INVISIBLE
};

/// Eight bits a byte, the highest first.
pub(super) fn bits(text: &str, zero: char, one: char) -> String {
    let bits = |byte: u8| (0..8).rev().map(move |place| if byte >> place & 1 == 0 { zero } else { one });
    text.bytes().flat_map(bits).collect()
}
