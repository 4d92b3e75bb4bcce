//! Printable ASCII rotated by 47: `x8?@C6 2== AC6G:@FD`.

use super::super::decode::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Small letters from `a` to `h` become digits, so a text without any is none.
pub const DECODER: Decoder = Decoder { calls: Seen::DIGIT, find };

/// Letters that a stretch must give.
const LEAST: usize = 12;
/// Tokens within a stretch that do not look rotated, one after the other.
const MOST_PLAIN: usize = 1;

/// Reads the stretches of words that make words when they are rotated, and hardly do as they are.
fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut stretch: Option<(usize, usize)> = None;
    let (mut plain, mut letters, mut at) = (0, 0, 0);
    for token in text.as_bytes().split_inclusive(|byte| matches!(byte, b' ' | b'\n' | b'\t')) {
        let place = at;
        at += token.len();
        let word = text.get(place..at).unwrap_or_default().trim_end();
        if word.is_empty() {
            continue;
        }
        let (before, after) = count(word);
        if after * 10 >= word.len() * 8 && (before < word.len() || word.len() <= 3) && word.is_ascii() {
            stretch = Some((stretch.map_or(place, |(start, _)| start), place + word.len()));
            plain = 0;
            letters += after;
        } else {
            plain += 1;
            if plain > MOST_PLAIN {
                give(source, stretch.take(), letters, found);
                letters = 0;
            }
        }
    }
    give(source, stretch, letters, found);
}

fn give(source: &Source<'_>, stretch: Option<(usize, usize)>, letters: usize, found: &mut Found) {
    let Some((start, end)) = stretch.filter(|_| letters >= LEAST) else { return };
    let stretch = source.text.get(start..end).unwrap_or_default();
    let mut out = Rewriter::with_capacity(end - start);
    for (at, c) in stretch.char_indices() {
        let c = u8::try_from(c).map_or(c, |byte| char::from(rotate(byte)));
        out.push(c, start + at);
    }
    if source.lexicon.says_more(out.text(), stretch) {
        found.keep_rewritten(start..end, out, Step::Rot47);
    }
}

/// Letters of a word as it stands, and as it is rotated, in one pass over its bytes.
fn count(word: &str) -> (usize, usize) {
    word.bytes()
        .filter_map(|byte| LETTERS.get(usize::from(byte)))
        .fold((0, 0), |(before, after), letters| (before + usize::from(letters & 1), after + usize::from(letters >> 1)))
}

/// For each byte: 1 where it is a letter, and 2 where it is one when it is rotated.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would tell of an index out of bounds")]
static LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        let letter = byte as u8;
        letters[byte] = letter.is_ascii_alphabetic() as u8 | (rotate(letter).is_ascii_alphabetic() as u8) << 1;
        byte += 1;
    }
    letters
};

const fn rotate(byte: u8) -> u8 {
    match byte {
        b'!'..=b'~' => b'!' + (byte - b'!' + 47) % 94,
        _ => byte,
    }
}
