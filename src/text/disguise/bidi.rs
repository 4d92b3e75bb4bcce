//! Controls that make a screen show a text in another order than it is written in.

use super::texts::has_letters_enough;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const OVERRIDDEN: Disguise = Disguise {
    id: "B56",
    name: "right-to-left-override",
    applies: has_letters_enough,
    apply: |text| format!("\u{202E}{}\u{202C}", text.chars().rev().collect::<String>()),
    needs: Traits::WIDE,
    loses: Traits::ORDER,
    undone_by: UndoneBy::Step(Step::Reversed),
};
/// As in "Trojan Source". Only in ASCII is it certain what the screen shows.
pub(super) const SWAPPED: Disguise = Disguise {
    id: "B57",
    name: "bidi-swapped-pairs",
    applies: |text| has_letters_enough(text) && text.is_ascii(),
    apply: swap,
    needs: Traits::WIDE.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Bidi),
};

fn swap(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let shown = |pair: &[char]| match pair {
        [first, second] => {
            format!("\u{202D}\u{2066}\u{202E}\u{2066}{second}\u{2069}\u{2066}{first}\u{2069}\u{202C}\u{2069}\u{202C}")
        }
        single => single.iter().collect(),
    };
    chars.chunks(2).map(shown).collect()
}
