//! Spelling alphabets: Alfa Bravo Charlie.

use super::{Found, Source};
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Words of the shortest row.
const LEAST: usize = 8;

/// The alphabet of NATO and ICAO, with the spellings in use. The first letter of a word is what it stands for.
pub const WORDS: &[&str] = &[
    "alfa", "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "juliet",
    "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor",
    "whiskey", "whisky", "xray", "yankee", "zulu",
];

/// Puts the first letters of rows of spelling words together. Costs a comparison with a short list for each word.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let mut out = Rewriter::default();
    let (mut start, mut end, mut count, mut at) = (0, 0, 0, 0);
    for token in source.text.split_inclusive(char::is_whitespace) {
        let place = at;
        at += token.len();
        let word: String = token.chars().filter(|c| c.is_ascii_alphabetic()).map(|c| c.to_ascii_lowercase()).collect();
        if word.is_empty() {
            continue;
        }
        match WORDS.iter().find(|known| **known == word).and_then(|word| word.chars().next()) {
            Some(letter) => {
                if count == 0 {
                    out = Rewriter::default();
                    start = place;
                }
                count += 1;
                out.push(letter, place);
                end = place + token.trim_end().len();
            }
            None => {
                give(std::mem::take(&mut out), start..end, count, found);
                count = 0;
            }
        }
    }
    give(out, start..end, count, found);
}

fn give(out: Rewriter, span: std::ops::Range<usize>, count: usize, found: &mut Found) {
    if count >= LEAST {
        found.keep_rewritten(span, out, Step::Spelling);
    }
}
