//! Every letter three times, or each another number of times: `IIIgggnnnooorrreee`, `Ignnnorreeee`.

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
pub(super) const DRAWN_OUT: Disguise = Disguise {
    id: "X17",
    name: "drawn-out-letters",
    apply: draw_out,
    // Words are known by their letters.
    needs: Traits::ORDER.with(Traits::WORDS),
    ..REPEATED
};

fn repeat(text: &str) -> String {
    let times = |c: char| std::iter::repeat_n(c, if c.is_alphabetic() { 3 } else { 1 });
    text.chars().flat_map(times).collect()
}

/// Letters by turns once, three times, once, twice and four times.
fn draw_out(text: &str) -> String {
    let mut turns = [1, 3, 1, 2, 4].into_iter().cycle();
    let times = |c: char| std::iter::repeat_n(c, if c.is_alphabetic() { turns.next().unwrap_or(1) } else { 1 });
    text.chars().flat_map(times).collect()
}
