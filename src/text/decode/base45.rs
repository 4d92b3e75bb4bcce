//! Base45 (RFC 9285): three characters for two bytes, blanks among them.

use super::pieces::{long_runs, runs};
use super::readable::{STRETCH, told};
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::LONG_RUN, find };

/// Fewer characters say nothing that a rule could find.
const LEAST: usize = 20;
/// Characters without a blank between them that a text of base45 has somewhere: it has a blank in some fifty.
const LEAST_RUN: usize = 12;

/// Finds runs of the alphabet with a blank or a mark in them, and reads them from their first, second and third character
/// on. Given is only what looks like words.
///
/// Costs two looks at each byte, and six steps for each of a run; memory of the longest run.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    let is_dense = |long: std::ops::Range<usize>| {
        let run = text.get(long).unwrap_or_default();
        run.split(|byte| value(*byte).is_none()).any(|run| run.len() >= LEAST_RUN && run.iter().any(u8::is_ascii_digit))
    };
    if !long_runs(text, LEAST_RUN).any(is_dense) {
        return;
    }
    for span in runs(text, |byte| value(byte).is_some()) {
        let run = text.get(span.clone()).unwrap_or_default();
        if span.len() < LEAST || run.iter().all(u8::is_ascii_alphanumeric) {
            continue;
        }
        // Blanks at either end are rather those of the text around.
        let blanks = run.iter().take_while(|byte| **byte == b' ').count();
        for skipped in blanks..blanks + 3 {
            let (bytes, complete) = decode(run.get(skipped..).unwrap_or_default());
            let readable = told(&bytes, STRETCH);
            let is_done = readable.complete && complete;
            let given = !readable.parts.is_empty();
            for (range, text) in readable.parts {
                let start = span.start + skipped + range.start * 3 / 2;
                let end = span.start + skipped + (range.end * 3).div_ceil(2);
                found.keep(start..end.min(span.end), text, Step::Base45);
            }
            if is_done || given && skipped == blanks {
                break;
            }
        }
    }
}

/// Decodes characters. What is no number of two bytes becomes two that are no text. True if there was none.
fn decode(run: &[u8]) -> (Vec<u8>, bool) {
    let mut bytes = Vec::with_capacity(run.len() * 2 / 3 + 2);
    let mut complete = true;
    let (triples, rest) = run.as_chunks::<3>();
    for triple in triples {
        let [low, middle, high] = triple.map(|byte| u32::from(value(byte).unwrap_or_default()));
        let number = u16::try_from(low + 45 * middle + 45 * 45 * high);
        complete &= number.is_ok();
        bytes.extend(number.unwrap_or_default().to_be_bytes());
    }
    if let [low, high] = rest {
        let number = u32::from(value(*low).unwrap_or_default()) + 45 * u32::from(value(*high).unwrap_or_default());
        bytes.extend(u8::try_from(number).ok());
    }
    (bytes, complete)
}

const fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        b' ' => 36,
        b'$' => 37,
        b'%' => 38,
        b'*' => 39,
        b'+' => 40,
        b'-' => 41,
        b'.' => 42,
        b'/' => 43,
        b':' => 44,
        _ => return None,
    })
}
