//! Quoted-printable: `=49`, and lines that end in `=`.

use super::readable::readable;
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::EQUALS, find };

/// Escapes, of which there are fewer by chance.
const LEAST_ESCAPES: usize = 4;

/// Finds four escapes and more and gives the text from the line of the first to that of the last with each of them decoded,
/// if what they decode to is text. Encoded words of mail headers are left alone: see [`super::mime_words`].
///
/// Costs five looks at each byte; memory of three times the text.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    if text.iter().filter(|byte| **byte == b'=').count() < LEAST_ESCAPES {
        return;
    }
    let (mut escapes, mut decoded, mut likely) = (Vec::new(), Vec::new(), 0);
    let mut place = 0;
    while let Some(offset) = text.get(place..).and_then(|rest| rest.iter().position(|byte| *byte == b'=')) {
        let at = place + offset;
        let rest = text.get(at..).unwrap_or_default();
        place = at + 1;
        if let Some(length) = super::mime_words::length(rest) {
            place = at + length;
        } else if let Some(byte) = escape(rest) {
            place = at + 3;
            // What ends at an ampersand or a quote is a value of an address or of an element.
            likely += usize::from(!matches!(rest.get(3), Some(b'&' | b'"' | b'\'')));
            escapes.push(at);
            decoded.push(byte);
        }
    }
    // The bytes of one character may stand in several escapes, which is why they are judged together.
    let is_text = readable(&decoded, 1).parts.first().is_some_and(|(range, _)| range.len() == decoded.len());
    let (Some(first), Some(last)) = (escapes.first(), escapes.last()) else { return };
    if likely < LEAST_ESCAPES || !is_text {
        return;
    }
    let line = |byte: &u8| *byte == b'\n';
    let start = text.get(..*first).and_then(|before| before.iter().rposition(line)).map_or(0, |at| at + 1);
    let after = text.get(*last..).unwrap_or_default();
    let end = *last + after.iter().position(line).unwrap_or(after.len());
    let mut rewriter = Rewriter::with_capacity(end - start);
    decode(text, start..end, &mut rewriter);
    found.keep_rewritten(start..end, rewriter, Step::QuotedPrintable);
}

/// Writes a range of `text` with its escapes decoded and its soft line breaks left out.
pub(super) fn decode(text: &[u8], range: std::ops::Range<usize>, rewriter: &mut Rewriter) {
    // Bytes that wait for the rest of their character, and where they begin.
    let mut bytes: Vec<(u8, usize)> = Vec::new();
    let mut place = range.start;
    while place < range.end {
        let rest = text.get(place..range.end).unwrap_or_default();
        let (byte, length) = match rest {
            [b'=', b'\n', ..] => (None, 2),
            [b'=', b'\r', b'\n', ..] => (None, 3),
            [byte, ..] => match escape(rest) {
                Some(byte) => (Some(byte), 3),
                None => (Some(*byte), 1),
            },
            [] => break,
        };
        bytes.extend(byte.map(|byte| (byte, place)));
        place += length;
        if bytes.last().is_some_and(|(byte, _)| byte.is_ascii()) || bytes.len() >= 4 {
            flush(&mut bytes, rewriter, false);
        }
    }
    flush(&mut bytes, rewriter, true);
}

/// Writes the bytes that wait. What may be the beginning of a character goes on waiting, unless the text is at its end.
fn flush(bytes: &mut Vec<(u8, usize)>, rewriter: &mut Rewriter, ended: bool) {
    let joined: Vec<u8> = bytes.iter().map(|(byte, _)| *byte).collect();
    let mut at = 0;
    for chunk in joined.utf8_chunks() {
        for c in chunk.valid().chars() {
            rewriter.push(c, bytes.get(at).map_or(0, |(_, place)| *place));
            at += c.len_utf8();
        }
        let invalid = chunk.invalid();
        let is_last = at + invalid.len() == joined.len();
        if !ended && is_last && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none()) {
            break;
        }
        // What is no UTF-8 is the older encoding of the west.
        for byte in invalid {
            rewriter.push(char::from(*byte), bytes.get(at).map_or(0, |(_, place)| *place));
            at += 1;
        }
    }
    bytes.drain(..at);
}

/// The byte of the escape at the start of `rest`.
fn escape(rest: &[u8]) -> Option<u8> {
    let [b'=', high, low, ..] = rest else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()
}
