//! Digits, or digits and symbols, in place of letters: `1gn0r3`, `!gn0r3 @ll`.

use super::{Disguise, Traits, UndoneBy, has_letters_enough, replaced};
use crate::verdict::Step;

const NEEDS: Traits = Traits::DIGITS.with(Traits::SYMBOLS);
const UNDONE_BY: UndoneBy = UndoneBy::Step(Step::Leet);

pub(super) const DIGITS: Disguise = Disguise {
    id: "C00",
    name: "leet-digits",
    needs: NEEDS,
    loses: Traits::DIGITS,
    applies,
    apply: |text| replaced(text, WITH_DIGITS),
    undone_by: UNDONE_BY,
};
pub(super) const SYMBOLS: Disguise = Disguise {
    id: "C01",
    name: "leet-symbols",
    needs: NEEDS,
    loses: Traits::DIGITS,
    applies,
    apply: |text| replaced(text, WITH_SYMBOLS),
    undone_by: UNDONE_BY,
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
    ('e', '3'),
    ('i', '!'),
    ('o', '0'),
    ('s', '$'),
    ('t', '+'),
    ('A', '@'),
    ('E', '3'),
    ('I', '!'),
    ('O', '0'),
    ('S', '$'),
    ('T', '+'),
];

/// There are letters to replace, and enough in all to know the phrase by. A digit in the text itself would be read as a
/// letter afterwards.
fn applies(text: &str) -> bool {
    has_letters_enough(text)
        && text.contains(|c| WITH_DIGITS.iter().any(|(from, _)| *from == c))
        && !text.contains(|c: char| c.is_ascii_digit())
}
