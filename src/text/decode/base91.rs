//! basE91: two characters for 13 or 14 bits.

use super::pieces::{long_runs, runs, unquoted};
use super::readable::{STRETCH, told};
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::LONG_RUN, find };

/// Fewer characters say nothing that a rule could find.
const LEAST: usize = 20;

/// Finds runs of 20 characters and more, and decodes each from its start, or behind a quote or a bracket there. Given is
/// only what looks like words, and only if it is nearly all of the run.
///
/// Costs two looks at each byte, and two steps for each of a run; memory of the longest run.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    for long in long_runs(text, LEAST) {
        for run in runs(text.get(long.clone()).unwrap_or_default(), |byte| value(byte).is_some()) {
            if run.len() < LEAST {
                continue;
            }
            let start = long.start + run.start;
            let opens = matches!(text.get(start), Some(b'"' | b'`' | b'(' | b'[' | b'{' | b'<' | b':' | b'='));
            let whole = start..long.start + run.end;
            for span in std::iter::once(whole.clone()).chain(opens.then(|| unquoted(text, start + 1..whole.end))) {
                let bytes = decode(text.get(span.clone()).unwrap_or_default());
                let Some((range, text)) = told(&bytes, STRETCH).parts.into_iter().next() else { continue };
                if range.start == 0 && range.len() * 10 >= bytes.len() * 9 {
                    found.keep(span, text, Step::Base91);
                    break;
                }
            }
        }
    }
}

/// Decodes characters, until eight bytes of noise show that nothing is meant.
fn decode(run: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::with_capacity(run.len());
    let (mut queue, mut bits) = (0_u32, 0);
    for pair in run.chunks(2) {
        let mut values = pair.iter().map(|byte| value(*byte).unwrap_or_default());
        let low = values.next().unwrap_or_default();
        // A character of its own at the end holds the bits that are left.
        let number = low + 91 * values.next().unwrap_or_default();
        queue |= number << bits;
        bits += if pair.len() == 1 {
            8_u32.saturating_sub(bits)
        } else if number & 8191 > 88 {
            13
        } else {
            14
        };
        while bits >= 8 {
            bytes.push(queue as u8);
            queue >>= 8;
            bits -= 8;
        }
        if (8..10).contains(&bytes.len()) && bytes.iter().filter(|byte| byte.is_ascii_control()).count() > 1 {
            return Vec::new();
        }
    }
    // The last pair may have held fewer bits than a pair can.
    while bytes.last() == Some(&0) {
        bytes.pop();
    }
    bytes
}

const fn value(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'!' => 62,
        b'#'..=b'&' => byte - b'#' + 63,
        b'('..=b',' => byte - b'(' + 67,
        b'.' | b'/' => byte - b'.' + 72,
        b':'..=b'@' => byte - b':' + 74,
        b'[' => 81,
        b']'..=b'`' => byte - b']' + 82,
        b'{'..=b'~' => byte - b'{' + 86,
        b'"' => 90,
        _ => return None,
    };
    Some(value as u32)
}
