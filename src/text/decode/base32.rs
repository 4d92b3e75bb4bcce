//! Base32 (RFC 4648), of either case, padded or not, wrapped or not.

use std::ops::Range;

use super::bytes::{Reader, Start};
use super::pieces::{Joining, groups, long_runs};
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::LONG_RUN, find };

/// Fewer letters say nothing that a rule could find.
const LEAST_LETTERS: usize = 16;
/// What the fewest letters decode to.
const LEAST_BYTES: usize = 10;
/// Fewer bytes must look like words: identifiers decode to a few characters of some script easily.
const LEAST_NOISE: usize = 24;

/// Whether `text` may hold base32: 16 graphic characters in a row, all of them letters of it.
#[must_use]
pub fn may_hold(text: &[u8]) -> bool {
    long_runs(text, LEAST_LETTERS).any(|span| {
        let run = text.get(span).unwrap_or_default();
        run.split(|byte| value(*byte).is_none()).any(|letters| letters.len() >= LEAST_LETTERS)
    })
}

/// Finds base32 in a text and decodes it: runs of 16 letters and more, and lines that make one run together. A run is also
/// read from each of its first eight letters on, so that letters glued to its front do not hide it.
///
/// Costs four looks at each byte, and for each letter of a run up to sixteen decoding steps besides what
/// `Reader::read` costs; memory of ten times the longest run.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    if !may_hold(text) {
        return;
    }
    let mut reader = Reader::default();
    // One encoding has letters of one case.
    let upper = |byte: u8| !byte.is_ascii_lowercase() && value(byte).is_some();
    let lower = |byte: u8| !byte.is_ascii_uppercase() && value(byte).is_some();
    groups(text, upper, Joining::EqualPieces, LEAST_LETTERS, |span| decode(text, span, &mut reader, found));
    groups(text, lower, Joining::EqualPieces, LEAST_LETTERS, |span| {
        if text.get(span.clone()).is_some_and(|run| run.iter().any(u8::is_ascii_lowercase)) {
            decode(text, span, &mut reader, found);
        }
    });
}

fn decode(text: &[u8], span: Range<usize>, reader: &mut Reader, found: &mut Found) {
    let (mut values, mut places) = (Vec::with_capacity(span.len()), Vec::with_capacity(span.len()));
    for (place, byte) in span.clone().zip(text.get(span.clone()).unwrap_or_default()) {
        if let Some(value) = value(*byte) {
            values.push(value);
            places.push(place);
        }
    }
    let padding = text.get(span.end..).unwrap_or_default().iter().take(6).take_while(|byte| **byte == b'=').count();
    for skipped in 0..8 {
        let Some(values) = values.get(skipped..).filter(|values| values.len() >= LEAST_LETTERS) else { return };
        let bytes = bytes(values);
        let start = if skipped == 0 { Start::Known } else { Start::Guessed };
        let reading = reader.read(&bytes, LEAST_BYTES, start, found);
        let complete = reading.is_complete();
        let noisy = !reading.is_worded();
        reading.keep(found, Step::Base32, |range| {
            if noisy && range.len() < LEAST_NOISE {
                return None;
            }
            let start = *places.get(skipped + range.start * 8 / 5)?;
            let end = *places.get(skipped + (range.end * 8).div_ceil(5) - 1)? + 1;
            Some(start..if end == span.end { end + padding } else { end })
        });
        if complete {
            return;
        }
    }
}

/// What letters decode to; bits over at the end carry nothing.
fn bytes(values: &[u8]) -> Vec<u8> {
    let (mut bytes, mut bits, mut count) = (Vec::with_capacity(values.len() * 5 / 8), 0_u32, 0);
    for value in values {
        bits = bits << 5 | u32::from(*value);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

const fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a'),
        b'2'..=b'7' => Some(byte - b'2' + 26),
        _ => None,
    }
}
