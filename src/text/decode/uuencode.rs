//! uuencode: lines of four characters for three bytes, each with its length before it.

use std::ops::Range;

use super::pieces::{long_runs, runs};
use super::readable::told;
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::LONG_RUN, find };

/// Fewer characters say nothing that a rule could find.
const LEAST: usize = 17;
/// Bytes that are worth reading.
const LEAST_BYTES: usize = 10;
/// Bytes of a full line.
const FULL: u8 = 45;

/// Finds lines of uuencode, one or several that follow one another, with or without `begin` and `end`; the first may stand
/// behind other words. Given is only what looks like words.
///
/// Costs three looks at each byte, and two steps for each of a line; memory of the longest sequence of lines.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    if !long_runs(text, LEAST)
        .any(|run| text.get(run).is_some_and(|run| run.iter().filter(|b| is_digit(**b)).count() >= LEAST))
    {
        return;
    }
    let mut open: Option<Lines> = None;
    // A line ends at what is no digit: a small letter, or the line break.
    for span in runs(text, is_digit) {
        let run = text.get(span.clone()).unwrap_or_default();
        let starts_line = span.start == 0 || text.get(span.start - 1) == Some(&b'\n');
        let continues = open.as_ref().is_some_and(|lines| starts_line && lines.end + 2 >= span.start);
        // Behind other words a blank comes first, and marks that belong to the words may come before it.
        let words = if starts_line { 0 } else { run.iter().position(|byte| *byte == b' ').unwrap_or_default() };
        let blanks = run.iter().skip(words).take_while(|byte| **byte == b' ').count();
        let at = if continues { 0 } else { words + blanks };
        let line = Line::read(run.get(at..).unwrap_or_default());
        if !continues && let Some(lines) = open.take() {
            lines.give(found);
        }
        let Some(line) = line else {
            open.take().into_iter().for_each(|lines| lines.give(found));
            continue;
        };
        let start = span.start + at;
        let lines = open.get_or_insert_with(|| Lines { start, end: start, bytes: Vec::new() });
        lines.bytes.extend(line.bytes);
        lines.end = start + line.length;
        if line.length + at < run.len() || line.is_last {
            open.take().into_iter().for_each(|lines| lines.give(found));
        }
    }
    open.into_iter().for_each(|lines| lines.give(found));
}

struct Lines {
    start: usize,
    end: usize,
    bytes: Vec<u8>,
}

impl Lines {
    fn give(self, found: &mut Found) {
        for (range, text) in told(&self.bytes, LEAST_BYTES).parts {
            // Where a line begins within the bytes is not kept, so what is no whole is placed by the whole.
            let span: Range<usize> = self.start..self.end;
            debug_assert!(range.end <= self.bytes.len());
            found.keep(span, text, Step::Uuencode);
        }
    }
}

struct Line {
    bytes: Vec<u8>,
    /// Characters of it.
    length: usize,
    is_last: bool,
}

impl Line {
    fn read(run: &[u8]) -> Option<Self> {
        let (length, digits) = run.split_first()?;
        let count = usize::from(value(*length));
        if !(1..=usize::from(FULL)).contains(&count) || (digits.len() < LEAST && digits.len() < count.div_ceil(3) * 4) {
            return None;
        }
        let digits = digits.get(..count.div_ceil(3) * 4).unwrap_or(digits);
        let mut bytes = Vec::with_capacity(digits.len());
        for group in digits.chunks(4) {
            let number = group.iter().fold(0_u32, |number, digit| number << 6 | u32::from(value(*digit)));
            let number = number << (6 * (4 - group.len())) << 8;
            bytes.extend(number.to_be_bytes().iter().take(group.len() * 3 / 4));
        }
        bytes.truncate(count);
        Some(Self { bytes, length: digits.len() + 1, is_last: count < usize::from(FULL) })
    }
}

const fn is_digit(byte: u8) -> bool {
    matches!(byte, b' '..=b'`')
}

const fn value(digit: u8) -> u8 {
    digit.wrapping_sub(b' ') & 0x3F
}
