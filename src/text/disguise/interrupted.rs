//! Something inside each word: a hyphen, stars, emphasis, a tag, a comment.

use super::texts::{has_letters_enough, map_words, split_word};
use super::{Disguise, Traits, UndoneBy};
use crate::verdict::Step;

pub(super) const HYPHENATED: Disguise = Disguise {
    id: "A07",
    name: "hyphenated-words",
    applies: has_letters_enough,
    apply: hyphenate,
    needs: Traits::NONE,
    loses: Traits::WORDS.with(Traits::RUNS),
    undone_by: UndoneBy::LettersOnly,
};
pub(super) const SPLAT: Disguise = Disguise {
    id: "A08",
    name: "splat",
    apply: splat,
    loses: HYPHENATED.loses.with(Traits::BLANKS).with(Traits::LINES),
    ..HYPHENATED
};
pub(super) const EMPHASIS: Disguise =
    Disguise { id: "A17", name: "emphasis-in-words", apply: |text| map_words(text, emphasise), ..HYPHENATED };
pub(super) const TAGS: Disguise = Disguise {
    id: "A18",
    name: "tags-in-words",
    applies: |text| has_letters_enough(text) && !text.contains(['<', '>']),
    apply: |text| map_words(text, |word| interrupt(word, "<b></b>")),
    needs: Traits::SYMBOLS.with(Traits::RUNS).with(Traits::ORDER),
    loses: Traits::NONE,
    undone_by: UndoneBy::Step(Step::Stripped),
};
pub(super) const COMMENTS: Disguise = Disguise {
    id: "A19",
    name: "comments-in-words",
    apply: |text| map_words(text, |word| interrupt(word, "<!-- x -->")),
    needs: TAGS.needs.with(Traits::BLANKS),
    ..TAGS
};

fn hyphenate(text: &str) -> String {
    map_words(text, |word| {
        let (front, back) = split_word(word, word.chars().count() / 2);
        if front.is_empty() { back.to_owned() } else { format!("{front}-{back}") }
    })
}

fn splat(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            let (front, back) = split_word(word, 2);
            format!("*{front}*{back}*")
        })
        .collect();
    words.join(" * ")
}

fn emphasise(word: &str) -> String {
    let (front, back) = split_word(word, 2);
    format!("{front}**{back}**")
}

fn interrupt(word: &str, with: &str) -> String {
    let (front, back) = split_word(word, 2);
    format!("{front}{with}{back}")
}
