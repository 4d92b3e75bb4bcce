//! Cyrillic letters in place of Latin ones that look the same.

use super::{Disguise, Traits, UndoneBy, replaced};

pub(super) const HOMOGLYPH: Disguise = Disguise {
    id: "B20",
    name: "homoglyph-cyrillic",
    applies: |text| text.contains(|c| PAIRS.iter().any(|(from, _)| *from == c)),
    apply: |text| replaced(text, PAIRS),
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};

const PAIRS: &[(char, char)] = &[
    ('a', '\u{430}'),
    ('c', '\u{441}'),
    ('d', '\u{501}'),
    ('e', '\u{435}'),
    ('h', '\u{4BB}'),
    ('i', '\u{456}'),
    ('j', '\u{458}'),
    ('l', '\u{4CF}'),
    ('o', '\u{43E}'),
    ('p', '\u{440}'),
    ('q', '\u{51B}'),
    ('s', '\u{455}'),
    ('w', '\u{51D}'),
    ('x', '\u{445}'),
    ('y', '\u{443}'),
    ('A', '\u{410}'),
    ('B', '\u{412}'),
    ('C', '\u{421}'),
    ('E', '\u{415}'),
    ('H', '\u{41D}'),
    ('I', '\u{406}'),
    ('J', '\u{408}'),
    ('K', '\u{41A}'),
    ('M', '\u{41C}'),
    ('O', '\u{41E}'),
    ('P', '\u{420}'),
    ('S', '\u{405}'),
    ('T', '\u{422}'),
    ('X', '\u{425}'),
    ('Y', '\u{423}'),
];
