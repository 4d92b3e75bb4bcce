//! Digits, or digits and symbols, in place of letters: `1gn0r3`, `!9n0r3 @||`, `1 g n 0 r 3`.

use super::spaced::space_evenly;
use super::texts::{has_letters_enough, partner, replaced};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const DIGITS: Disguise = Disguise {
    id: "C00",
    name: "leet-digits",
    applies: |text| applies(text, WITH_DIGITS),
    apply: with_digits,
    needs: Traits::DIGITS.with(Traits::SYMBOLS),
    loses: Traits::DIGITS.with(Traits::CASE),
    undone_by: UndoneBy::Step(Step::Leet),
};
pub(super) const SYMBOLS: Disguise = Disguise {
    id: "C01",
    name: "leet-symbols",
    applies: |text| applies(text, WITH_SYMBOLS),
    apply: |text| replaced(text, WITH_SYMBOLS),
    loses: DIGITS.loses.with(Traits::SYMBOLS),
    ..DIGITS
};
pub(super) const SPACED: Disguise = Disguise {
    id: "C04",
    name: "leet-spaced",
    apply: |text| space_evenly(&with_digits(text)),
    needs: DIGITS.needs.with(Traits::WORDS).with(Traits::RUNS).with(Traits::BLANKS),
    loses: DIGITS.loses.with(Traits::WORDS).with(Traits::RUNS).with(Traits::BLANKS).with(Traits::LINES),
    ..DIGITS
};

const WITH_DIGITS: &[(char, char)] = &[
    ('i', '1'),
    ('e', '3'),
    ('a', '4'),
    ('o', '0'),
    ('s', '5'),
    ('t', '7'),
    ('I', '1'),
    ('E', '3'),
    ('A', '4'),
    ('O', '0'),
    ('S', '5'),
    ('T', '7'),
];

const WITH_SYMBOLS: &[(char, char)] = &[
    ('a', '@'),
    ('b', '8'),
    ('e', '3'),
    ('g', '9'),
    ('i', '!'),
    ('l', '|'),
    ('o', '0'),
    ('s', '$'),
    ('t', '+'),
    ('z', '2'),
    ('A', '@'),
    ('B', '8'),
    ('E', '3'),
    ('G', '9'),
    ('I', '!'),
    ('L', '|'),
    ('O', '0'),
    ('S', '$'),
    ('T', '+'),
    ('Z', '2'),
];

/// There are letters to replace, enough in all to know the phrase by, and side by side: a digit far from any letter is
/// just a digit. One in the text itself would be read as a letter afterwards, and so would some symbols.
fn applies(text: &str, pairs: &[(char, char)]) -> bool {
    has_letters_enough(text)
        && stand_in_words(text)
        && text.contains(|c| partner(c, pairs).is_some())
        && !text.contains(|c: char| c.is_ascii_digit() || "@$+|".contains(c))
}

/// Two letters of ASCII and more in a row, on average.
fn stand_in_words(text: &str) -> bool {
    let rows = text.split(|c: char| !c.is_ascii_alphabetic()).map(str::len).filter(|letters| *letters > 0);
    let (rows, letters) = rows.fold((0, 0), |(rows, letters), row| (rows + 1, letters + row));
    letters >= rows * 2
}

pub(super) fn with_digits(text: &str) -> String {
    replaced(text, WITH_DIGITS)
}
