//! Hexadecimal digits: in one run, spaced, with `0x` or `\x`, with colons or commas.

use super::bytes::{Reader, Start};
use super::readable::words;
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::DIGIT, find };

/// Fewer bytes say nothing that a rule could find.
const LEAST_BYTES: usize = 8;
/// What may stand between two groups of digits, at most, in bytes: a comma, a line break and an indentation.
const WIDEST_GAP: usize = 16;

/// Whether `text` may hold hexadecimal digits that make a text: 32 bytes with four pairs of digits, in each of them a
/// decimal one, or with nothing in them that does not belong to such digits. ASCII in hexadecimal has a decimal digit in
/// every byte and other text in some, while a time of day makes two pairs, so ordinary talk seldom passes.
#[must_use]
pub fn may_hold(text: &[u8]) -> bool {
    const BLOCK: usize = 32;
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    blocks.iter().any(|block| holds(block)) || holds(rest)
}

fn holds(block: &[u8]) -> bool {
    // Four pairs may share their decimal digits, but then they are no text. Counting digits first spares the pairs.
    let decimal: u8 = block.iter().map(|byte| u8::from(byte.is_ascii_digit())).sum();
    let pairs = || block.iter().zip(block.iter().skip(1)).filter(|(first, second)| pairs(**first, **second)).count();
    let all = || block.len() >= 2 * LEAST_BYTES && block.iter().all(|byte| belongs(*byte));
    decimal >= 4 && pairs() >= 4 || decimal >= 2 && all()
}

const fn belongs(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'x' | b'X') || parts(byte)
}

const fn pairs(first: u8, second: u8) -> bool {
    first.is_ascii_hexdigit() & second.is_ascii_hexdigit() & (first.is_ascii_digit() | second.is_ascii_digit())
}

/// Finds hexadecimal text of eight bytes and more and decodes it.
///
/// Read are digits of either case in one run (at either alignment, should a letter be glued to its front), and groups of
/// an even number of digits with white space, commas, colons, semicolons, dashes, quotes or backslashes between them;
/// each group may begin with `0x` or `\x`, and is then allowed a single digit.
///
/// A sequence that is no text from end to end is read backwards as well.
///
/// Costs three looks at each byte and three decoding steps for each digit besides what `Reader::read` costs; memory of
/// ten times the longest sequence.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let bytes = source.text.as_bytes();
    if !may_hold(bytes) {
        return;
    }
    let (mut sequence, mut reader) = (Sequence::default(), Reader::default());
    for piece in pieces(bytes) {
        let gap = bytes.get(sequence.end..piece.start).unwrap_or_default();
        let joins = sequence.even && piece.is_even() && gap.len() <= WIDEST_GAP && gap.iter().all(|byte| parts(*byte));
        if !joins {
            sequence.decode(&mut reader, found);
            sequence.clear();
        }
        sequence.add(bytes, &piece);
    }
    sequence.decode(&mut reader, found);
}

const fn parts(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b';' | b'-' | b'\'' | b'"' | b'\\')
}

/// A run of digits with what marks it as hexadecimal.
struct Piece {
    /// Where the `0x` or `\x` begins, or the digits if there is none.
    start: usize,
    /// Where the digits begin and end.
    digits: usize,
    end: usize,
}

impl Piece {
    /// Whether the digits make whole bytes. A single digit does where a mark shows that it is meant to.
    const fn is_even(&self) -> bool {
        let count = self.end - self.digits;
        count.is_multiple_of(2) || (count == 1 && self.start < self.digits)
    }
}

/// The maximal runs of hexadecimal digits, in order. The `0` of a mark belongs to the mark.
fn pieces(text: &[u8]) -> impl Iterator<Item = Piece> {
    let is_digit = |place: usize| text.get(place).is_some_and(u8::is_ascii_hexdigit);
    let is_x = |place: usize| text.get(place).is_some_and(|byte| matches!(byte, b'x' | b'X'));
    let mut place = 0;
    std::iter::from_fn(move || {
        loop {
            let digits = place + text.get(place..)?.iter().position(u8::is_ascii_hexdigit)?;
            let rest = text.get(digits..)?;
            let mut end = digits + rest.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(rest.len());
            place = end;
            if is_x(end) && is_digit(end + 1) && text.get(end - 1) == Some(&b'0') {
                end -= 1;
            }
            let mark = digits
                .checked_sub(2)
                .filter(|mark| is_x(mark + 1) && text.get(*mark).is_some_and(|byte| matches!(byte, b'0' | b'\\')));
            if digits < end {
                return Some(Piece { start: mark.unwrap_or(digits), digits, end });
            }
        }
    })
}

/// Pieces that belong together.
#[derive(Default)]
struct Sequence {
    digits: Vec<u8>,
    /// Where each of the digits stands.
    places: Vec<usize>,
    start: usize,
    end: usize,
    pieces: usize,
    /// All pieces make whole bytes, so another may follow.
    even: bool,
}

impl Sequence {
    fn clear(&mut self) {
        self.digits.clear();
        self.places.clear();
        self.pieces = 0;
    }

    fn add(&mut self, text: &[u8], piece: &Piece) {
        if self.pieces == 0 {
            self.start = piece.start;
        }
        self.pieces += 1;
        self.end = piece.end;
        self.even = piece.is_even();
        if self.even && piece.end - piece.digits == 1 {
            self.digits.push(b'0');
            self.places.push(piece.digits);
        }
        self.digits.extend_from_slice(text.get(piece.digits..piece.end).unwrap_or_default());
        self.places.extend(piece.digits..piece.end);
    }

    fn decode(&self, reader: &mut Reader, found: &mut Found) {
        // Only a run of its own can begin in the middle of a byte.
        let alignments = if self.pieces == 1 { 2 } else { 1 };
        for skipped in 0..alignments {
            let Some(digits) = self.digits.get(skipped..) else { return };
            if digits.len() < LEAST_BYTES * 2 {
                return;
            }
            let Some(Ok(bytes)) = digits.get(..digits.len() & !1).map(::hex::decode) else { return };
            let start = if skipped == 0 { Start::Known } else { Start::Guessed };
            let reading = reader.read(&bytes, LEAST_BYTES, start, found);
            let complete = reading.is_complete();
            reading.keep(found, Step::Hex, |range| {
                let first = skipped + range.start * 2;
                let last = skipped + range.end * 2 - 1;
                let start = if first == 0 { self.start } else { *self.places.get(first)? };
                Some(start..self.places.get(last)? + 1)
            });
            if complete {
                return;
            }
        }
        self.decode_backwards(found);
    }

    fn decode_backwards(&self, found: &mut Found) {
        let digits: Vec<u8> = self.digits.iter().rev().copied().collect();
        let Some(Ok(bytes)) = digits.get(..digits.len() & !1).map(::hex::decode) else { return };
        // A hash has as many digits as a short text, so this is strict.
        if let Ok(text) = String::from_utf8(bytes)
            && words(&text)
        {
            found.keep(self.start..self.end, text, Step::Hex);
        }
    }
}
