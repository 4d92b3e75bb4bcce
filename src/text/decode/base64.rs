//! Base64: standard or URL-safe letters, padded or not, wrapped or not, forwards or backwards.

use std::ops::Range;

use ::base64::Engine as _;
use ::base64::alphabet;
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::bytes::{Reader, Start};
use super::pieces::{Joining, groups, quoted, runs};
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::LONG_RUN.with(Seen::INNER_CAPITAL), find };

/// Fewer letters say nothing that a rule could find.
const LEAST_LETTERS: usize = 16;
/// What the fewest letters decode to.
const LEAST_BYTES: usize = 12;
/// Fewer letters are not worth a second try, backwards or rotated.
const LEAST_TURNED: usize = 24;
/// Different letters in what is worth that.
const LEAST_KINDS: u32 = 8;

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether `text` may hold base64: a run of letters that is long enough, or 32 bytes in which capitals and digits follow
/// upon small letters as they do in base64 that was cut into short groups, but not in words.
///
/// A run of twelve letters passes at some places of the text and at others not; one of sixteen always does.
#[must_use]
pub fn may_hold(text: &[u8]) -> bool {
    // The groups of four at the end of the block before, as the lowest bits.
    let mut before = 0u32;
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    for block in blocks {
        if holds(block, &mut before) {
            return true;
        }
    }
    let mut last = [b' '; BLOCK];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    holds(&last, &mut before)
}

/// Bytes that the gate looks at in one go. A run of 16 letters covers three aligned groups of four in a row, wherever it
/// begins.
const BLOCK: usize = 32;

fn holds(block: &[u8; BLOCK], before: &mut u32) -> bool {
    let letters = block.map(|byte| if is_letter(byte) { 0xFF } else { 0 });
    let mut groups = *before & 0b11;
    for group in letters.as_chunks::<4>().0 {
        groups = groups << 1 | u32::from(u32::from_ne_bytes(*group) == u32::MAX);
    }
    *before = groups;
    let heads: u8 = block.iter().map(|byte| u8::from(is_head(*byte))).sum();
    (groups & groups >> 1 & groups >> 2 != 0) || (heads >= 2 && turns(block) >= 2)
}

/// How often a capital or a digit follows upon a small letter.
fn turns(block: &[u8; BLOCK]) -> usize {
    block
        .iter()
        .zip(block.iter().skip(1))
        .filter(|(first, second)| first.is_ascii_lowercase() && is_head(**second))
        .count()
}

const fn is_head(byte: u8) -> bool {
    byte.is_ascii_uppercase() | byte.is_ascii_digit()
}

const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_lowercase()
        | byte.is_ascii_uppercase()
        | byte.is_ascii_digit()
        | (byte == b'+')
        | (byte == b'/')
        | (byte == b'-')
        | (byte == b'_')
}

/// Finds base64 in a text and decodes it.
///
/// Found are runs of 16 letters and more, and groups of pieces that make one run together: pieces of one length (the
/// last may be shorter) with a blank, a mark or a line break between them, lines of any length that hold nothing else, and
/// quoted pieces that follow one another. A run is also read from its second, third and fourth letter on, so that letters
/// glued to its front do not hide it. One of 24 letters and more that is no text from end to end is read backwards, with its
/// letters rotated by 13, and both, and without the `-`, `_`, `+` or `/` between pieces of one length.
///
/// Costs three looks at each byte, and for each letter of a run up to forty decoding steps besides what
/// `Reader::read` costs; memory of twelve times the longest run.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    if !may_hold(text) {
        return;
    }
    let mut reader = Reader::default();
    // The groups that were read completely, to be left out of the later passes.
    let mut explained: Vec<Range<usize>> = Vec::new();
    if source.seen.any(Seen::QUOTE) || text.contains(&b'\'') {
        quoted(text, is_letter, |pieces| {
            let letters: usize = pieces.iter().map(Range::len).sum();
            if letters >= LEAST_LETTERS && decode(text, pieces, &mut reader, Strictness::Likely, found) {
                explained.extend_from_slice(pieces);
            }
        });
    }
    let mut known = std::mem::take(&mut explained).into_iter().peekable();
    groups(text, is_letter, Joining::EqualPieces, LEAST_LETTERS, |span| {
        while known.next_if(|range| range.end < span.end).is_some() {}
        let within = |range: &Range<usize>| span.start >= range.start && span.end <= range.end;
        let marks = text.get(span.clone()).is_some_and(|run| run.iter().any(|byte| b".,|:;".contains(byte)));
        let strictness = if marks { Strictness::Likely } else { Strictness::Text };
        let is_known = known.peek().is_some_and(within) || explained.last().is_some_and(within);
        if is_known || decode(text, std::slice::from_ref(&span), &mut reader, strictness, found) {
            explained.push(span);
        }
    });
    if !source.seen.any(Seen::LINE) {
        return;
    }
    let mut explained = explained.into_iter().peekable();
    groups(text, is_letter, Joining::WholeLines, LEAST_LETTERS, |span| {
        let mut open = span.len();
        while let Some(range) = explained.next_if(|range| range.end <= span.end) {
            open = open.saturating_sub(range.end.saturating_sub(range.start.max(span.start)));
        }
        if open >= LEAST_LETTERS {
            decode(text, &[span], &mut reader, Strictness::Text, found);
        }
    });
}

/// The letters from which on a run is read.
const STARTS: [(usize, Start); 4] = [(0, Start::Known), (1, Start::Guessed), (2, Start::Guessed), (3, Start::Guessed)];

/// Letters of one encoding, and where they stand.
struct Letters<'a> {
    text: &'a [u8],
    letters: Vec<u8>,
    places: Vec<usize>,
}

impl<'a> Letters<'a> {
    fn of(text: &'a [u8], spans: &[Range<usize>]) -> Self {
        let length = spans.iter().map(Range::len).sum();
        let mut all = Self { text, letters: Vec::with_capacity(length), places: Vec::with_capacity(length) };
        for span in spans {
            for (place, byte) in span.clone().zip(text.get(span.clone()).unwrap_or_default()) {
                if is_letter(*byte) {
                    all.places.push(place);
                    all.letters.push(match byte {
                        b'-' => b'+',
                        b'_' => b'/',
                        byte => *byte,
                    });
                }
            }
        }
        all
    }

    /// Where the letters from `first` to `last` stand, with the padding on either side.
    fn span(&self, first: usize, last: usize) -> Option<Range<usize>> {
        let (start, mut end) = (*self.places.get(first)?, *self.places.get(last)? + 1);
        if last + 1 == self.places.len() {
            end += self.text.get(end..)?.iter().take(2).take_while(|byte| **byte == b'=').count();
        }
        Some(start..end)
    }
}

/// What is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    /// What is text.
    Text,
    /// What is no noise: for pieces that need not belong together.
    Likely,
}

/// Decodes the letters in `spans`. True if they are text from end to end and nothing is left to try.
fn decode(text: &[u8], spans: &[Range<usize>], reader: &mut Reader, strictness: Strictness, found: &mut Found) -> bool {
    let all = Letters::of(text, spans);
    for (skipped, start) in STARTS {
        let Some(letters) = all.letters.get(skipped..).filter(|letters| letters.len() >= LEAST_LETTERS) else { break };
        let Some(bytes) = bytes(letters) else { break };
        // UTF-7 is base64 of UTF-16 behind a plus, and has a decoder of its own.
        let plus = all.places.first().and_then(|first| text.get(*first)) == Some(&b'+');
        if skipped == 1 && plus && bytes.first() <= Some(&6) {
            continue;
        }
        let reading = reader.read(&bytes, LEAST_BYTES, start, found);
        if strictness == Strictness::Likely && !reading.is_likely() {
            continue;
        }
        let complete = reading.is_complete();
        reading.keep(found, Step::Base64, |range| {
            all.span(skipped + range.start * 4 / 3, skipped + (range.end * 4).div_ceil(3) - 1)
        });
        if complete {
            return skipped == 0;
        }
    }
    strictness == Strictness::Text && all.letters.len() >= LEAST_TURNED && turned(&all, reader, found)
}

/// Reads letters in the other ways. True if one of them gave text.
fn turned(all: &Letters<'_>, reader: &mut Reader, found: &mut Found) -> bool {
    // Laughter and rows of dashes come to a text in one way or another.
    let kinds = all.letters.iter().fold(0_u128, |kinds, letter| kinds | 1 << (letter & 127));
    if kinds.count_ones() < LEAST_KINDS {
        return false;
    }
    let backwards: Vec<u8> = all.letters.iter().rev().copied().collect();
    let rotate = |letters: &[u8]| letters.iter().map(|letter| rot13(*letter)).collect::<Vec<u8>>();
    let (rotated, both) = (rotate(&all.letters), rotate(&backwards));
    let joined = without_marks(&all.letters);
    let padding = all.places.first().and_then(|first| all.text.get(..*first)).unwrap_or_default();
    let padding = padding.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    let span = all.span(0, all.places.len().saturating_sub(1)).map(|span| span.start - padding..span.end);
    for letters in [backwards, rotated, both].into_iter().chain(joined) {
        for (skipped, start) in STARTS {
            let Some(bytes) = letters.get(skipped..).and_then(bytes) else { continue };
            let reading = reader.read(&bytes, LEAST_BYTES, start, found);
            if reading.is_whole() || reading.is_likely() {
                reading.keep(found, Step::Base64, |_| span.clone());
                return true;
            }
        }
    }
    false
}

/// The letters without the marks that stand between pieces of one length, the last of which may be shorter.
fn without_marks(letters: &[u8]) -> Option<Vec<u8>> {
    let mark = letters.iter().copied().find(|letter| matches!(letter, b'+' | b'/'))?;
    let pieces: Vec<Range<usize>> = runs(letters, |letter| letter != mark).collect();
    let size = pieces.first()?.len();
    let (last, whole) = pieces.split_last()?;
    let are_equal = whole.iter().enumerate().all(|(n, piece)| *piece == (n * (size + 1)..n * (size + 1) + size));
    (whole.len() > 1 && are_equal && last.len() <= size)
        .then(|| letters.iter().copied().filter(|letter| *letter != mark).collect())
}

const fn rot13(letter: u8) -> u8 {
    match letter {
        b'a'..=b'm' | b'A'..=b'M' => letter + 13,
        b'n'..=b'z' | b'N'..=b'Z' => letter - 13,
        _ => letter,
    }
}

/// What letters of the standard alphabet decode to. A single letter over carries no byte.
fn bytes(letters: &[u8]) -> Option<Vec<u8>> {
    let usable = if letters.len() % 4 == 1 { letters.len() - 1 } else { letters.len() };
    ENGINE.decode(letters.get(..usable)?).ok()
}
