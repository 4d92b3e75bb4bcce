//! The first letters of lines or of words.

use super::texts::{has_only_ascii_letters, listed, place_of, split_word};
use super::traits::ALL_BUT_LETTERS;
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const ACROSTIC: Disguise = Disguise {
    id: "F06",
    name: "acrostic",
    applies: has_only_ascii_letters,
    apply: |text| listed(text.chars().filter(char::is_ascii_alphabetic), "\n", |c| format!("{c} is for apple")),
    needs: Traits::LINES.with(Traits::WORDS).with(Traits::ORDER),
    loses: ALL_BUT_LETTERS,
    undone_by: UndoneBy::Step(Step::Initials),
};
pub(super) const INITIALS: Disguise = Disguise {
    id: "X10",
    name: "initials-of-words",
    apply: |text| listed(text.chars().filter(char::is_ascii_alphabetic), " ", word),
    needs: Traits::WORDS.with(Traits::RUNS).with(Traits::ORDER),
    ..ACROSTIC
};

const WORDS: &str = "apples bring calm days every friend gives his idle jokes kindly little mice never owe people quite \
                     rich soup these uncles value warm xenon yellow zebras";

/// The word for a letter, which keeps its case.
fn word(c: char) -> String {
    let place = place_of(c).and_then(|place| usize::try_from(place).ok()).unwrap_or_default();
    let (_, others) = split_word(WORDS.split_whitespace().nth(place).unwrap_or_default(), 1);
    format!("{c}{others}")
}
