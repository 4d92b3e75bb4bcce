//! Polybius square: two digits for a letter, its row and its column; I and J are one.

use super::numbers::{lists, may_hold};
use super::pieces::runs;
use super::readable::spoken;
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::DIGIT, find };

/// Fewer letters say nothing that a rule could find.
const LEAST_LETTERS: usize = 10;
const LETTERS: [&[u8; 5]; 5] = [b"abcde", b"fghik", b"lmnop", b"qrstu", b"vwxyz"];

/// Finds lists of numbers from 11 to 55 whose digits are 1 to 5, and runs of such digits, and reads them as letters. Given
/// is only what may be words.
///
/// Costs three looks at each byte; memory of forty bytes a number of the longest list.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    if !may_hold(text) {
        return;
    }
    lists(text, |numbers| {
        let (mut plain, mut span) = (String::new(), 0..0);
        for number in numbers {
            match text.get(number.clone()).and_then(|digits| <[u8; 2]>::try_from(digits).ok()).and_then(letter) {
                Some(letter) => {
                    if plain.is_empty() {
                        span.start = number.start;
                    } else if text.get(span.end..number.start).is_some_and(|gap| gap.len() > 1 && gap != b", ") {
                        plain.push(' ');
                    }
                    span.end = number.end;
                    plain.push(letter);
                }
                None => give(&mut plain, span.clone(), found),
            }
        }
        give(&mut plain, span, found);
    });
    for span in runs(text, |byte| matches!(byte, b'1'..=b'5')).filter(|span| span.len() >= LEAST_LETTERS * 2) {
        let pairs = text.get(span.clone()).unwrap_or_default().as_chunks::<2>().0;
        let mut plain: String = pairs.iter().filter_map(|pair| letter(*pair)).collect();
        give(&mut plain, span, found);
    }
}

fn give(plain: &mut String, span: std::ops::Range<usize>, found: &mut Found) {
    let plain = std::mem::take(plain);
    if plain.len() >= LEAST_LETTERS && spoken(&plain) {
        found.keep(span, plain, Step::Polybius);
    }
}

fn letter([row, column]: [u8; 2]) -> Option<char> {
    let at = |digit: u8| usize::from(digit).checked_sub(usize::from(b'1'));
    LETTERS.get(at(row)?)?.get(at(column)?).map(|letter| char::from(*letter))
}
