//! The neighbour of each key on a keyboard, to the right or to the left.

use super::texts::plain_words;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const RIGHT: Disguise = Disguise {
    id: "E06",
    name: "keyboard-right",
    applies: plain_words,
    apply: |text| text.chars().map(|c| neighbour(c, true)).collect(),
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Keyboard),
};
pub(super) const LEFT: Disguise = Disguise {
    id: "X04",
    name: "keyboard-left",
    apply: |text| text.chars().map(|c| neighbour(c, false)).collect(),
    ..RIGHT
};

const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Beyond the end of a row of letters its other end follows, as not every key there writes a character.
fn neighbour(c: char, right: bool) -> char {
    let small = c.to_ascii_lowercase();
    let Some(row) = ROWS.iter().find(|row| row.contains(small)) else { return c };
    let turned: String = if right { (*row).to_owned() } else { row.chars().rev().collect() };
    let other = turned.chars().cycle().skip_while(|key| *key != small).nth(1).unwrap_or(small);
    if c.is_ascii_uppercase() { other.to_ascii_uppercase() } else { other }
}
