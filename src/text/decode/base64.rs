//! Base64: standard or URL-safe letters, padded or not, wrapped or not.

use std::ops::Range;

use ::base64::Engine as _;
use ::base64::alphabet;
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::readable::readable;
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::LONG_RUN.with(Seen::INNER_CAPITAL), find };

/// Fewer letters say nothing that a rule could find.
const LEAST_LETTERS: usize = 16;
/// What the fewest letters decode to.
const LEAST_BYTES: usize = 12;
/// White space between two lines of one encoding, at most, in bytes: a line break and an indentation.
const WIDEST_GAP: usize = 40;

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
/// last may be shorter) with a space or a line break between them, and lines of any length that hold nothing else. A run
/// is also read from its second, third and fourth letter on, so that letters glued to its front do not hide it.
///
/// Costs a look at each byte, and for each letter of a run up to twelve decoding steps; memory of ten times the longest
/// run.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    if !may_hold(text.as_bytes()) {
        return;
    }
    // The groups that were read completely, to be left out of the second pass.
    let mut explained: Vec<Range<usize>> = Vec::new();
    groups(text.as_bytes(), Joining::EqualPieces, |span| {
        let known = explained.last().is_some_and(|last| span.start >= last.start && span.end <= last.end);
        if !known && decode(text.as_bytes(), span.clone(), found) {
            explained.push(span);
        }
    });
    if !text.contains('\n') {
        return;
    }
    let mut explained = explained.into_iter().peekable();
    groups(text.as_bytes(), Joining::WholeLines, |span| {
        let mut open = span.len();
        while let Some(range) = explained.next_if(|range| range.end <= span.end) {
            open = open.saturating_sub(range.end.saturating_sub(range.start.max(span.start)));
        }
        if open >= LEAST_LETTERS {
            decode(text.as_bytes(), span, found);
        }
    });
}

/// How pieces make a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joining {
    /// Pieces of one length, the last of which may be shorter, with a space or a line break between them.
    EqualPieces,
    /// Two pieces or more, of any length, with a line break between them.
    WholeLines,
}

/// What stands between two pieces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Space,
    Line,
    Other,
}

struct Group {
    span: Range<usize>,
    letters: usize,
    pieces: usize,
    /// Letters in the first piece.
    size: usize,
}

impl Group {
    const fn of(piece: Range<usize>) -> Self {
        let size = piece.end - piece.start;
        Self { span: piece, letters: size, pieces: 1, size }
    }

    fn add(&mut self, piece: &Range<usize>) {
        self.span.end = piece.end;
        self.letters += piece.len();
        self.pieces += 1;
    }
}

/// Calls `take` with the span of each group that is long enough, in order. A piece belongs to two groups at most.
fn groups(text: &[u8], joining: Joining, mut take: impl FnMut(Range<usize>)) {
    let least_pieces = if joining == Joining::WholeLines { 2 } else { 1 };
    let mut give = |group: Group| {
        if group.letters >= LEAST_LETTERS && group.pieces >= least_pieces {
            take(group.span);
        }
    };
    let mut open: Option<Group> = None;
    for piece in pieces(text) {
        let Some(mut group) = open.take() else {
            open = Some(Group::of(piece));
            continue;
        };
        let gap = text.get(group.span.end..piece.start).map_or(Gap::Other, gap);
        let (joins, ends) = match joining {
            Joining::WholeLines => (gap == Gap::Line, false),
            Joining::EqualPieces => (gap != Gap::Other && piece.len() <= group.size, piece.len() < group.size),
        };
        if joins {
            group.add(&piece);
        }
        if joins && !ends {
            open = Some(group);
        } else {
            // A shorter piece may be the last of this group, or the first of the next after a longer word.
            give(group);
            open = Some(Group::of(piece));
        }
    }
    open.into_iter().for_each(give);
}

/// The maximal runs of letters.
fn pieces(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut place = 0;
    std::iter::from_fn(move || {
        let start = place + text.get(place..)?.iter().position(|byte| is_letter(*byte))?;
        let rest = text.get(start..)?;
        place = start + rest.iter().position(|byte| !is_letter(*byte)).unwrap_or(rest.len());
        Some(start..place)
    })
}

fn gap(between: &[u8]) -> Gap {
    match between {
        b" " | b"\t" => Gap::Space,
        // `>` quotes a line in a mail or a chat.
        _ if between.len() <= WIDEST_GAP && between.iter().all(|byte| b" \t\r\n>".contains(byte)) => {
            if between.iter().filter(|byte| **byte == b'\n').count() == 1 { Gap::Line } else { Gap::Other }
        }
        _ => Gap::Other,
    }
}

/// Decodes the letters in `span`. True if they are text from end to end and nothing is left to try.
fn decode(text: &[u8], span: Range<usize>, found: &mut Found) -> bool {
    let (mut letters, mut places) = (Vec::with_capacity(span.len()), Vec::with_capacity(span.len()));
    for (place, byte) in span.clone().zip(text.get(span.clone()).unwrap_or_default()) {
        if is_letter(*byte) {
            places.push(place);
            letters.push(match byte {
                b'-' => b'+',
                b'_' => b'/',
                byte => *byte,
            });
        }
    }
    let padding = text.get(span.end..).unwrap_or_default().iter().take(2).take_while(|byte| **byte == b'=').count();
    for skipped in 0..4 {
        let Some(letters) = letters.get(skipped..).filter(|letters| letters.len() >= LEAST_LETTERS) else { break };
        // A single letter over carries no byte.
        let usable = if letters.len() % 4 == 1 { letters.len() - 1 } else { letters.len() };
        let Some(Ok(bytes)) = letters.get(..usable).map(|letters| ENGINE.decode(letters)) else { break };
        let readable = readable(&bytes, LEAST_BYTES);
        for (range, text) in readable.parts {
            let first = skipped + range.start * 4 / 3;
            let last = skipped + (range.end * 4).div_ceil(3) - 1;
            let (Some(start), Some(end)) = (places.get(first), places.get(last)) else { continue };
            let end = if end + 1 == span.end { span.end + padding } else { end + 1 };
            found.keep(*start..end, text, Step::Base64);
        }
        if readable.complete {
            return skipped == 0;
        }
    }
    false
}
