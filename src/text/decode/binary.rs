//! Binary digits, and any two symbols in their place.

use super::bits::{Bits, LEAST_BITS};
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::DIGIT, find };
/// See [`find_symbols`].
pub const SYMBOLS: Decoder = Decoder { calls: Seen::ALL, find: find_symbols };

/// Bytes between two digits, at most.
const WIDEST_GAP: usize = 16;
/// Symbols that a text of two has at least.
const LEAST_SYMBOLS: usize = 56;
/// Characters of the sample by which most texts are left alone.
const SAMPLE: usize = 24;

/// Whether `text` has as many zeros and ones as a text worth reading takes.
#[must_use]
pub fn may_hold(text: &[u8]) -> bool {
    text.len() >= LEAST_BITS && text.iter().filter(|byte| matches!(byte, b'0' | b'1')).count() >= LEAST_BITS
}

/// Finds sequences of 56 zeros and ones and more, with or without blanks, commas and the like between them, and reads them
/// as eight bits a character, or seven, or as many as stand together. Given is only what looks like words.
///
/// Costs two looks at each byte, and eighteen steps for each digit; memory of thirty times the longest sequence.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    if !may_hold(text) {
        return;
    }
    let mut bits = Bits::default();
    let mut give = |bits: &mut Bits| {
        bits.text(false, found);
        bits.clear();
    };
    for (place, byte) in text.iter().enumerate() {
        match byte {
            b'0' | b'1' => {
                if place > bits.last_end() + WIDEST_GAP {
                    give(&mut bits);
                }
                bits.push(*byte == b'1', place..place + 1);
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b';' | b'|' | b'-' | b'_' | b'.' | b':' | b'/' | b'"' | b'\'' => {
                bits.part()
            }
            // The mark of a binary number: its zero is none of its digits.
            b'b' | b'B' if text.get(place.wrapping_sub(1)) == Some(&b'0') => {
                bits.pop();
                bits.part();
            }

            _ => give(&mut bits),
        }
    }
    give(&mut bits);
}

/// Finds two symbols of which the text consists, but for one character in ten and blanks, and reads them as bits, either
/// way round, and as Bacon's cipher. Given is only what looks like words.
///
/// Costs a look at 24 characters, and where these are of few kinds three looks at each, and forty steps for each symbol;
/// memory of forty times the text.
pub fn find_symbols(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    if text.len() < LEAST_SYMBOLS || !is_of_few(text) {
        return;
    }
    let Some((zero, one)) = symbols(text) else { return };
    // Digits are read wherever they stand, see `find`.
    let are_digits = matches!((zero, one), ('0', '1') | ('1', '0'));
    let mut bits = Bits::default();
    for (place, c) in text.char_indices() {
        if c == zero || c == one {
            bits.push(c == one, place..place + c.len_utf8());
        } else if c.is_whitespace() {
            bits.part();
        }
    }
    for flip in [zero > one, zero < one] {
        if !are_digits && bits.text(flip, found) || bits.bacon(flip, found) {
            return;
        }
    }
}

/// Whether some bytes of the text, spread over it evenly, are of few kinds. Those of two characters are of seven at most,
/// and one in ten may be something else.
fn is_of_few(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut kinds = [0_u8; 10];
    let mut count = 0;
    for byte in (0..SAMPLE).filter_map(|n| bytes.get(n * bytes.len() / SAMPLE)).filter(|byte| !is_frequent(**byte)) {
        if kinds.iter().take(count).all(|kind| kind != byte) {
            let Some(kind) = kinds.get_mut(count) else { return false };
            *kind = *byte;
            count += 1;
        }
    }
    true
}

/// Blanks, and the bytes of what follows an emoji to say how it looks.
const fn is_frequent(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, 0xEF | 0xB8 | 0x8F)
}

/// The two symbols that make up nine tenths of what is no blank.
fn symbols(text: &str) -> Option<(char, char)> {
    // The two with the most votes, by Misra and Gries: what takes more than a quarter is among three candidates.
    let mut candidates = [('\0', 0_usize); 3];
    for c in text.chars().filter(|c| !is_filler(*c)) {
        if let Some((_, votes)) = candidates.iter_mut().find(|(candidate, votes)| *candidate == c && *votes > 0) {
            *votes += 1;
        } else if let Some(free) = candidates.iter_mut().find(|(_, votes)| *votes == 0) {
            *free = (c, 1);
        } else {
            candidates.iter_mut().for_each(|(_, votes)| *votes -= 1);
        }
    }
    let mut counts = candidates.map(|(candidate, _)| (0_usize, candidate));
    let mut all = 0;
    for c in text.chars().filter(|c| !is_filler(*c)) {
        all += 1;
        if let Some((count, _)) = counts.iter_mut().find(|(_, candidate)| *candidate == c) {
            *count += 1;
        }
    }
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let [(first, zero), (second, one), _] = counts;
    (second > 0 && first + second >= LEAST_SYMBOLS && (first + second) * 10 >= all * 9).then_some((zero, one))
}

/// Blanks, and what follows an emoji to say how it looks.
const fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FE0F}' | '\u{FE0E}' | '\u{200D}' | '\u{200B}')
}
