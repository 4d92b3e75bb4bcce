//! Letters turned upside down, in reverse order, so that the screen can be turned round: `ɯǝʇsʎs ɹnoʎ`.

use super::texts::{has_only_ascii_letters, replaced};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const UPSIDE_DOWN: Disguise = Disguise {
    id: "B43",
    name: "upside-down",
    applies: has_only_ascii_letters,
    apply: |text| replaced(&text.to_ascii_lowercase(), PAIRS).chars().rev().collect(),
    needs: Traits::WIDE,
    loses: Traits::CASE.with(Traits::ORDER),
    undone_by: UndoneBy::Step(Step::Reversed),
};

/// Letters that are missing look like a letter either way: `o`, `s`, `x`, `z`, `l`.
const PAIRS: &[(char, char)] = &[
    ('a', 'ɐ'),
    ('b', 'q'),
    ('c', 'ɔ'),
    ('d', 'p'),
    ('e', 'ǝ'),
    ('f', 'ɟ'),
    ('g', 'ƃ'),
    ('h', 'ɥ'),
    ('i', 'ᴉ'),
    ('j', 'ɾ'),
    ('k', 'ʞ'),
    ('m', 'ɯ'),
    ('n', 'u'),
    ('p', 'd'),
    ('q', 'b'),
    ('r', 'ɹ'),
    ('t', 'ʇ'),
    ('u', 'n'),
    ('v', 'ʌ'),
    ('w', 'ʍ'),
    ('y', 'ʎ'),
];
