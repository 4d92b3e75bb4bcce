//! Games with syllables: Rövarspråket puts `o` between each consonant and itself, ubbi dubbi puts `ub` before each vowel.

use super::texts::plain_words;
use super::vowels::is_vowel;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const ROVARSPRAKET: Disguise = Disguise {
    id: "F05",
    name: "rovarspraket",
    applies: plain_words,
    apply: |text| text.chars().map(robber).collect(),
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Rovarspraket),
};
pub(super) const UBBI_DUBBI: Disguise = Disguise {
    id: "X03",
    name: "ubbi-dubbi",
    apply: |text| text.chars().map(ubbi).collect(),
    undone_by: UndoneBy::Step(Step::UbbiDubbi),
    ..ROVARSPRAKET
};

fn robber(c: char) -> String {
    if c.is_ascii_alphabetic() && !is_vowel(c) { format!("{c}o{}", c.to_ascii_lowercase()) } else { c.to_string() }
}

fn ubbi(c: char) -> String {
    if is_vowel(c) { format!("ub{c}") } else { c.to_string() }
}
