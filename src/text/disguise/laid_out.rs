//! Words in the cells of a table and in the items of a list.

use super::texts::{has_words, listed};
use super::{Disguise, Traits, UndoneBy};

pub(super) const TABLE: Disguise = Disguise {
    id: "K04",
    name: "table-cells",
    applies: has_words,
    apply: table,
    needs: Traits::NONE,
    loses: Traits::WORDS.with(Traits::BLANKS).with(Traits::LINES).with(Traits::SYMBOLS).with(Traits::DIGITS),
    undone_by: UndoneBy::LettersOnly,
};
pub(super) const NUMBERED_LIST: Disguise = Disguise {
    id: "K05",
    name: "numbered-list",
    apply: |text| listed((1..).zip(text.split_whitespace()), "\n", |(number, word)| format!("{number}. {word}")),
    ..TABLE
};

/// Two words a row.
fn table(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    listed(words.chunks(2), "\n", |row| format!("| {} |", row.join(" | ")))
}
