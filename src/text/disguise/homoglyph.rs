//! Letters of other alphabets in place of Latin ones that look the same.

use super::texts::{map_words, partner, replaced};
use super::{Disguise, Traits, UndoneBy};

pub(super) const CYRILLIC: Disguise = Disguise {
    id: "B20",
    name: "homoglyph-cyrillic",
    applies: |text| holds(text, CYRILLIC_PAIRS),
    apply: |text| replaced(text, CYRILLIC_PAIRS),
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};
pub(super) const GREEK: Disguise = Disguise {
    id: "B21",
    name: "homoglyph-greek",
    applies: |text| holds(text, GREEK_PAIRS),
    apply: |text| replaced(text, GREEK_PAIRS),
    ..CYRILLIC
};
pub(super) const ONE_A_WORD: Disguise = Disguise {
    id: "B23",
    name: "homoglyph-one-a-word",
    applies: |text| holds(text, CYRILLIC_SMALL),
    apply: |text| map_words(text, replace_first),
    ..CYRILLIC
};
pub(super) const CYRILLIC_RARE: Disguise = Disguise {
    id: "X13",
    name: "homoglyph-cyrillic-rare",
    applies: |text| holds(text, CYRILLIC_PAIRS) || holds(text, CYRILLIC_RARE_PAIRS),
    apply: |text| replaced(&replaced(text, CYRILLIC_PAIRS), CYRILLIC_RARE_PAIRS),
    ..CYRILLIC
};
pub(super) const MANY_SCRIPTS: Disguise = Disguise {
    id: "X14",
    name: "homoglyph-many-scripts",
    applies: |text| holds(text, MANY_PAIRS),
    apply: |text| replaced(text, MANY_PAIRS),
    ..CYRILLIC
};

const CYRILLIC_SMALL: &[(char, char)] = &[
    ('a', '\u{430}'),
    ('c', '\u{441}'),
    ('e', '\u{435}'),
    ('i', '\u{456}'),
    ('o', '\u{43E}'),
    ('p', '\u{440}'),
    ('s', '\u{455}'),
    ('x', '\u{445}'),
    ('y', '\u{443}'),
];

const CYRILLIC_PAIRS: &[(char, char)] = &[
    ('a', '\u{430}'),
    ('c', '\u{441}'),
    ('e', '\u{435}'),
    ('i', '\u{456}'),
    ('o', '\u{43E}'),
    ('p', '\u{440}'),
    ('s', '\u{455}'),
    ('x', '\u{445}'),
    ('y', '\u{443}'),
    ('A', '\u{410}'),
    ('B', '\u{412}'),
    ('C', '\u{421}'),
    ('E', '\u{415}'),
    ('H', '\u{41D}'),
    ('I', '\u{406}'),
    ('K', '\u{41A}'),
    ('M', '\u{41C}'),
    ('O', '\u{41E}'),
    ('P', '\u{420}'),
    ('T', '\u{422}'),
    ('X', '\u{425}'),
];

/// Letters of languages that few keyboards have.
const CYRILLIC_RARE_PAIRS: &[(char, char)] = &[
    ('d', '\u{501}'),
    ('h', '\u{4BB}'),
    ('j', '\u{458}'),
    ('l', '\u{4CF}'),
    ('q', '\u{51B}'),
    ('w', '\u{51D}'),
    ('J', '\u{408}'),
    ('S', '\u{405}'),
    ('Y', '\u{423}'),
];

/// Without capitals that look like one Latin letter while the small ones look like another: `Ν` and `ν`, `Υ` and `υ`.
/// Folding them apart would part Greek words in capitals from the same words in small letters.
const GREEK_PAIRS: &[(char, char)] = &[
    ('a', '\u{3B1}'),
    ('e', '\u{3B5}'),
    ('i', '\u{3B9}'),
    ('k', '\u{3BA}'),
    ('o', '\u{3BF}'),
    ('p', '\u{3C1}'),
    ('t', '\u{3C4}'),
    ('u', '\u{3C5}'),
    ('v', '\u{3BD}'),
    ('x', '\u{3C7}'),
    ('A', '\u{391}'),
    ('B', '\u{392}'),
    ('E', '\u{395}'),
    ('H', '\u{397}'),
    ('I', '\u{399}'),
    ('K', '\u{39A}'),
    ('M', '\u{39C}'),
    ('O', '\u{39F}'),
    ('P', '\u{3A1}'),
    ('T', '\u{3A4}'),
    ('X', '\u{3A7}'),
    ('Z', '\u{396}'),
];

/// Armenian, Cherokee, Lisu, Coptic, Deseret and Canadian syllabics, and Latin letters of phonetics.
const MANY_PAIRS: &[(char, char)] = &[
    ('a', '\u{251}'),
    ('c', '\u{2CA5}'),
    ('g', '\u{581}'),
    ('h', '\u{570}'),
    ('i', '\u{13A5}'),
    ('l', '\u{1E37}'),
    ('n', '\u{578}'),
    ('o', '\u{585}'),
    ('p', '\u{2CA3}'),
    ('q', '\u{566}'),
    ('r', '\u{280}'),
    ('s', '\u{10448}'),
    ('u', '\u{57D}'),
    ('A', '\u{13AA}'),
    ('B', '\u{A4D0}'),
    ('C', '\u{A4DA}'),
    ('D', '\u{A4D3}'),
    ('E', '\u{13AC}'),
    ('F', '\u{A4DD}'),
    ('I', '\u{A4F2}'),
    ('M', '\u{A4DF}'),
    ('P', '\u{146D}'),
    ('R', '\u{A4E3}'),
    ('S', '\u{10420}'),
    ('T', '\u{13A2}'),
    ('W', '\u{13B3}'),
];

fn holds(text: &str, pairs: &[(char, char)]) -> bool {
    text.contains(|c| partner(c, pairs).is_some())
}

/// The first letter of `word` that has a Cyrillic look-alike.
fn replace_first(word: &str) -> String {
    let first = word.chars().position(|c| partner(c, CYRILLIC_SMALL).is_some());
    let replace = |(place, c)| partner(c, CYRILLIC_SMALL).filter(|_| Some(place) == first).unwrap_or(c);
    word.chars().enumerate().map(replace).collect()
}
