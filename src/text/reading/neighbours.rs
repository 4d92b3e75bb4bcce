//! Letters of words that changed places: each with the next, or all of a word from the last to the first.

use super::super::decode::{Found, Source};
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Swaps the letters of each word two by two.
pub fn swapped(source: &Source<'_>, found: &mut Found) {
    each_word(source, found, Step::Unscrambled, |word| {
        let letters: Vec<char> = word.chars().collect();
        letters.chunks(2).flat_map(|pair| pair.iter().rev()).collect()
    });
}

/// Reads each word from its last letter to its first.
pub fn reversed(source: &Source<'_>, found: &mut Found) {
    each_word(source, found, Step::WordsReversed, |word| word.chars().rev().collect());
}

fn each_word(source: &Source<'_>, found: &mut Found, step: Step, change: impl Fn(&str) -> String) {
    let text = source.text;
    let mut out = Rewriter::with_capacity(text.len());
    let mut at = 0;
    for token in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        let word = token.trim_end_matches(|c: char| !c.is_alphabetic());
        out.push_str(&change(word), at);
        out.push_str(token.get(word.len()..).unwrap_or_default(), at + word.len());
        at += token.len();
    }
    if source.lexicon.says_more(out.text(), text) {
        found.keep_rewritten(0..text.len(), out, step);
    }
}
