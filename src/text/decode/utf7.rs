//! UTF-7: base64 of UTF-16 between `+` and `-`.

use std::ops::Range;

use super::readable::is_text;
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::PLUS, find };

/// Characters that were encoded, of which there are fewer by chance.
const LEAST_CHARACTERS: usize = 4;

/// Finds shifts to base64 and back, and gives the text from the line of the first to that of the
/// last with each of them decoded.
///
/// Costs four looks at each byte; memory of three times the text.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut shifts: Vec<(Range<usize>, String)> = Vec::new();
    let mut place = 0;
    while let Some(offset) = text.as_bytes().get(place..).and_then(|rest| rest.iter().position(|byte| *byte == b'+')) {
        let start = place + offset;
        let rest = text.as_bytes().get(start + 1..).unwrap_or_default();
        let count = rest.iter().position(|byte| value(*byte).is_none()).unwrap_or(rest.len());
        let letters = rest.get(..count).unwrap_or_default();
        place = start + 1 + count;
        let ends = rest.get(count) == Some(&b'-');
        // A `+` is a letter too, so that of the shift is the first after anything else.
        if let Some(plain) = decode(letters, ends) {
            place += usize::from(ends);
            shifts.push((start..place, plain));
        }
    }
    let (Some((first, _)), Some((last, _))) = (shifts.first(), shifts.last()) else { return };
    let line = |byte: &u8| *byte == b'\n';
    let before = text.as_bytes().get(..first.start).unwrap_or_default();
    let after = text.as_bytes().get(last.end..).unwrap_or_default();
    let start = before.iter().rposition(line).map_or(0, |at| at + 1);
    let end = last.end + after.iter().position(line).unwrap_or(after.len());
    let characters: usize = shifts.iter().map(|(_, plain)| plain.chars().count()).sum();
    if characters < LEAST_CHARACTERS {
        return;
    }
    let mut rewriter = Rewriter::with_capacity(end - start);
    let mut place = start;
    for (range, plain) in shifts {
        rewriter.copy(text, place..range.start);
        for c in plain.chars() {
            rewriter.push(c, range.start);
        }
        place = range.end;
    }
    rewriter.copy(text, place..end);
    found.keep_rewritten(start..end, rewriter, Step::Utf7);
}

/// What a shift says. What ends without a dash may have been cut off anywhere, so it must be longer.
fn decode(letters: &[u8], ends: bool) -> Option<String> {
    const LEAST_OPEN: usize = 16;
    if letters.len() < 3 || !ends && letters.len() < LEAST_OPEN {
        return None;
    }
    let (mut units, mut bits, mut count) = (Vec::with_capacity(letters.len() * 3 / 8), 0_u32, 0);
    for letter in letters {
        bits = bits << 6 | u32::from(value(*letter)?);
        count += 6;
        if count >= 16 {
            count -= 16;
            units.push((bits >> count) as u16);
            bits &= (1 << count) - 1;
        }
    }
    if ends && (count >= 6 || bits != 0) {
        return None;
    }
    let plain: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    // Of two bytes taken at random, most are a character of some kind; in a text most have the same high byte.
    let common = plain.chars().filter(|c| u32::from(*c) < 0x600).count();
    (plain.chars().all(is_text) && common * 2 >= plain.chars().count()).then_some(plain)
}

const fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
