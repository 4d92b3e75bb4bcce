//! The spelling alphabet: Alfa, Bravo, Charlie.

use std::ops::Range;

use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::ALL, find };

/// Fewer letters say nothing that a rule could find.
const LEAST_WORDS: usize = 8;
/// Bytes from one look to the next. The shortest row of words covers one.
const STRIDE: usize = 32;
/// Bytes between two words, at most.
const WIDEST_GAP: usize = 8;

/// The words, as each may be written. The first letter of a word is what it stands for.
pub const WORDS: [&str; 32] = [
    "alfa", "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "juliett",
    "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor",
    "whisky", "whiskey", "x", "xray", "ray", "yankee", "zulu", "foxtrott",
];

const LONGEST: usize = 8;

/// For each letter the lengths of the words that begin with it, as bits.
const LENGTHS: [u16; 26] = {
    let mut lengths = [0; 26];
    let mut n = 0;
    while n < WORDS.len() {
        #[expect(clippy::indexing_slicing, reason = "evaluated when compiled; `get_mut` is not const")]
        {
            lengths[(WORDS[n].as_bytes()[0] - b'a') as usize] |= 1 << WORDS[n].len();
        }
        n += 1;
    }
    lengths
};

/// Finds rows of eight words of the alphabet and more, with anything short but letters between them, and gives their
/// letters without word marks.
///
/// Costs a look at a word for each 32 bytes, and two looks at each byte of a row; memory of a fraction of the text.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    let mut place = STRIDE / 2;
    while place < text.len() {
        let word = word_at(text, place);
        if letter(text, &word).is_none() {
            place += STRIDE;
            continue;
        }
        let start = row_start(text, word);
        let end = row(text, start, found);
        place = end.max(place) + STRIDE;
    }
}

/// The word at or behind a place.
fn word_at(text: &[u8], place: usize) -> Range<usize> {
    let gap = text.iter().skip(place).take(WIDEST_GAP).position(|byte| byte.is_ascii_alphabetic()).unwrap_or(0);
    let before = text.get(..place).unwrap_or_default().iter().rev().take(WIDEST_GAP + 1);
    let before = if gap > 0 { 0 } else { before.take_while(|byte| byte.is_ascii_alphabetic()).count() };
    let after =
        text.iter().skip(place + gap).take(WIDEST_GAP + 1).take_while(|byte| byte.is_ascii_alphabetic()).count();
    place + gap - before..place + gap + after
}

/// What a word of the alphabet stands for. `X-ray` is two words, of which the first stands for nothing.
fn letter(text: &[u8], word: &Range<usize>) -> Option<&'static str> {
    let word = text.get(word.clone())?;
    let first = word.first()?.to_ascii_lowercase();
    // Most words are told by their length and first letter.
    let lengths = LENGTHS.get(usize::from(first.checked_sub(b'a')?))?;
    if word.len() > LONGEST || lengths >> word.len() & 1 == 0 {
        return None;
    }
    let is_known = |known: &&&str| {
        known.len() == word.len()
            && known.as_bytes().first() == Some(&first)
            && known.as_bytes().eq_ignore_ascii_case(word)
    };
    let known = WORDS.iter().find(is_known)?;
    match *known {
        "x" => Some(""),
        "ray" => Some("x"),
        known => known.get(..1),
    }
}

/// Where the row begins to which a word belongs.
fn row_start(text: &[u8], word: Range<usize>) -> usize {
    let mut start = word.start;
    loop {
        let before = text.get(..start).unwrap_or_default();
        let gap = before.iter().rev().take_while(|byte| !byte.is_ascii_alphabetic()).take(WIDEST_GAP + 1).count();
        let word = before.get(..start - gap).unwrap_or_default();
        let length = word.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).take(WIDEST_GAP + 1).count();
        let word = start - gap - length..start - gap;
        if gap > WIDEST_GAP || gap == 0 || letter(text, &word).is_none() {
            return start;
        }
        start = word.start;
    }
}

/// Reads the row that begins at a word, gives it if it is long enough, and says where it ends.
fn row(text: &[u8], start: usize, found: &mut Found) -> usize {
    let (mut plain, mut end, mut place) = (String::new(), start, start);
    loop {
        let rest = text.get(place..).unwrap_or_default();
        let length = rest.iter().take(WIDEST_GAP + 1).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let Some(letter) = letter(text, &(place..place + length)) else { break };
        plain.push_str(letter);
        end = place + length;
        let rest = text.get(end..).unwrap_or_default();
        let gap = rest.iter().take(WIDEST_GAP + 1).take_while(|byte| !byte.is_ascii_alphabetic()).count();
        if gap == 0 || gap > WIDEST_GAP {
            break;
        }
        place = end + gap;
    }
    if plain.len() >= LEAST_WORDS {
        found.keep(start..end, plain, Step::Spelling);
    }
    end
}
