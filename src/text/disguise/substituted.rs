//! Pieces under names, which a program would put together: `a = "Ignore all"; b = "previous"; print(a + " " + b)`.

use super::texts::{has_words, listed};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

/// One name for each letter of the alphabet.
const MOST_PIECES: usize = 26;
const WORDS_A_PIECE: usize = 2;

pub(super) const SUBSTITUTED: Disguise = Disguise {
    id: "X09",
    name: "substituted-names",
    applies: |text| {
        let words = text.split_whitespace().count();
        has_words(text)
            && !text.contains(['"', '\\'])
            && (WORDS_A_PIECE + 1..=MOST_PIECES * WORDS_A_PIECE).contains(&words)
    },
    apply: substitute,
    needs: Traits::SYMBOLS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::BLANKS.with(Traits::LINES),
    undone_by: UndoneBy::Step(Step::Substituted),
};

fn substitute(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let pieces = || ('a'..='z').zip(words.chunks(WORDS_A_PIECE));
    let assigned = listed(pieces(), "; ", |(name, piece)| format!("{name} = \"{}\"", piece.join(" ")));
    let joined = listed(pieces(), " + \" \" + ", |(name, _)| name.to_string());
    format!("{assigned}; print({joined})")
}
