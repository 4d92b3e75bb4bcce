//! Something other than one space between words: two spaces, a new line, a hyphen, a space of another width, nothing.

use super::texts::{has_blanks, has_words, split_word};
use super::{Disguise, Traits, UndoneBy};

pub(super) const DOUBLE_SPACES: Disguise = Disguise {
    id: "A02",
    name: "double-spaces",
    applies: has_blanks,
    apply: |text| text.replace(' ', "  "),
    needs: Traits::NONE,
    loses: Traits::BLANKS,
    undone_by: UndoneBy::Fold,
};
pub(super) const LINE_BREAKS: Disguise = Disguise {
    id: "A03",
    name: "line-breaks",
    apply: |text| text.replace(' ', "\n\t"),
    loses: Traits::BLANKS.with(Traits::LINES),
    ..DOUBLE_SPACES
};
pub(super) const NO_BREAK_SPACES: Disguise = Disguise {
    id: "A23",
    name: "no-break-spaces",
    apply: |text| text.replace(' ', "\u{A0}"),
    needs: Traits::WIDE,
    ..DOUBLE_SPACES
};
pub(super) const IDEOGRAPHIC_SPACES: Disguise =
    Disguise { id: "A24", name: "ideographic-spaces", apply: |text| text.replace(' ', "\u{3000}"), ..NO_BREAK_SPACES };
pub(super) const CAMEL_CASE: Disguise = Disguise {
    id: "A10",
    name: "camel-case",
    applies: has_words,
    apply: |text| text.split(' ').map(capitalised).collect(),
    needs: Traits::NONE,
    loses: Traits::CASE.with(Traits::WORDS).with(Traits::BLANKS),
    undone_by: UndoneBy::LettersOnly,
};
pub(super) const KEBAB_CASE: Disguise = Disguise {
    id: "A11",
    name: "kebab-case",
    apply: |text| text.replace(' ', "-"),
    loses: Traits::WORDS.with(Traits::BLANKS),
    ..CAMEL_CASE
};

fn capitalised(word: &str) -> String {
    let (first, others) = split_word(word, 1);
    first.to_uppercase() + others
}
