//! Letters of the mathematical alphabets.

use super::texts::{has_ascii_letters, nth_letter, partner, place_of};
use super::{Disguise, Traits, UndoneBy};

pub(super) const BOLD: Disguise = Disguise {
    id: "B25",
    name: "maths-bold",
    applies: has_ascii_letters,
    apply: |text| text.chars().map(embolden).collect(),
    needs: Traits::WIDE,
    loses: Traits::NONE,
    undone_by: UndoneBy::Fold,
};
pub(super) const SCRIPT: Disguise =
    Disguise { id: "B26", name: "maths-script", apply: |text| text.chars().map(script).collect(), ..BOLD };
pub(super) const FRAKTUR: Disguise =
    Disguise { id: "B27", name: "maths-fraktur", apply: |text| text.chars().map(fraktur).collect(), ..BOLD };
pub(super) const DOUBLE_STRUCK: Disguise = Disguise {
    id: "B28",
    name: "maths-double-struck",
    apply: |text| text.chars().map(double_struck).collect(),
    ..BOLD
};
pub(super) const MONOSPACE: Disguise =
    Disguise { id: "B29", name: "maths-monospace", apply: |text| text.chars().map(monospace).collect(), ..BOLD };

/// Letters that Unicode had before it had the alphabet.
const SCRIPT_HOLES: &[(char, char)] = &[
    ('B', '\u{212C}'),
    ('E', '\u{2130}'),
    ('F', '\u{2131}'),
    ('H', '\u{210B}'),
    ('I', '\u{2110}'),
    ('L', '\u{2112}'),
    ('M', '\u{2133}'),
    ('R', '\u{211B}'),
    ('e', '\u{212F}'),
    ('g', '\u{210A}'),
    ('o', '\u{2134}'),
];
const FRAKTUR_HOLES: &[(char, char)] =
    &[('C', '\u{212D}'), ('H', '\u{210C}'), ('I', '\u{2111}'), ('R', '\u{211C}'), ('Z', '\u{2128}')];
const DOUBLE_STRUCK_HOLES: &[(char, char)] = &[
    ('C', '\u{2102}'),
    ('H', '\u{210D}'),
    ('N', '\u{2115}'),
    ('P', '\u{2119}'),
    ('Q', '\u{211A}'),
    ('R', '\u{211D}'),
    ('Z', '\u{2124}'),
];

pub(super) fn embolden(c: char) -> char {
    match c {
        '0'..='9' => nth_letter(0x1D7CE, u32::from(c) - u32::from('0')).unwrap_or(c),
        c => styled(c, 0x1D400, 0x1D41A, &[]),
    }
}

pub(super) fn script(c: char) -> char {
    styled(c, 0x1D49C, 0x1D4B6, SCRIPT_HOLES)
}

pub(super) fn fraktur(c: char) -> char {
    styled(c, 0x1D504, 0x1D51E, FRAKTUR_HOLES)
}

pub(super) fn double_struck(c: char) -> char {
    styled(c, 0x1D538, 0x1D552, DOUBLE_STRUCK_HOLES)
}

pub(super) fn monospace(c: char) -> char {
    styled(c, 0x1D670, 0x1D68A, &[])
}

/// `c` in the alphabet whose capitals begin at `capitals` and whose small letters begin at `small`.
pub(super) fn styled(c: char, capitals: u32, small: u32, holes: &[(char, char)]) -> char {
    let first = if c.is_ascii_uppercase() { capitals } else { small };
    let regular = || place_of(c).and_then(|place| nth_letter(first, place));
    partner(c, holes).or_else(regular).unwrap_or(c)
}
