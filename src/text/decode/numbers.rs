//! Lists of numbers that stand for characters: decimal, octal, and of rows and columns.

use std::ops::Range;

use super::readable::{is_text, plausible};
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::DIGIT, find };

/// Fewer characters say nothing that a rule could find.
const LEAST_NUMBERS: usize = 8;
/// Digits of the largest number of a character.
const MOST_DIGITS: usize = 7;
/// What may stand between two numbers, at most, in bytes: a quote, a comma, a line break and an indentation, or the name of
/// a function.
const WIDEST_GAP: usize = 24;

/// Whether `text` has as many digits as eight characters take.
#[must_use]
pub fn may_hold(text: &[u8]) -> bool {
    text.len() >= 2 * LEAST_NUMBERS && text.iter().filter(|byte| byte.is_ascii_digit()).count() >= 2 * LEAST_NUMBERS
}

/// Finds lists of eight numbers and more and reads each as a character, decimal and octal. Between them may stand white
/// space, commas, plus signs, quotes, brackets, dashes and the like, and `chr` or `char`. Given is only what looks like
/// words.
///
/// Costs three looks at each byte, and a few steps for each number; memory of fifty bytes a number of the longest list.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    if !may_hold(text) {
        return;
    }
    lists(text, |numbers| {
        let before = found.decoded.len();
        read(text, numbers, 10, Step::Decimal, found);
        if found.decoded.len() == before {
            read(text, numbers, 8, Step::Octal, found);
        }
    });
}

/// Calls `take` with the spans of the numbers of each list of eight and more, in order.
pub(super) fn lists(text: &[u8], mut take: impl FnMut(&[Range<usize>])) {
    let mut numbers: Vec<Range<usize>> = Vec::new();
    for number in super::pieces::runs(text, |byte| byte.is_ascii_digit()) {
        // Of `0o` and an octal number only the number is one.
        if number.len() == 1 && text.get(number.start..=number.end).is_some_and(|mark| mark.eq_ignore_ascii_case(b"0o"))
        {
            continue;
        }
        let joins = numbers.last().is_some_and(|last| text.get(last.end..number.start).is_some_and(parts));
        if !joins {
            if numbers.len() >= LEAST_NUMBERS {
                take(&numbers);
            }
            numbers.clear();
        }
        numbers.push(number);
    }
    if numbers.len() >= LEAST_NUMBERS {
        take(&numbers);
    }
}

fn parts(gap: &[u8]) -> bool {
    gap.len() <= WIDEST_GAP
        && gap.iter().all(|byte| {
            matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b';' | b':' | b'+' | b'&' | b'|' | b'-' | b'_' | b'.')
                || matches!(byte, b'/' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'"' | b'\'' | b'>')
                || matches!(byte.to_ascii_lowercase(), b'c' | b'h' | b'a' | b'r' | b'o' | b'0')
        })
}

/// Reads numbers in one base; what is no character of a text ends a stretch.
fn read(text: &[u8], numbers: &[Range<usize>], radix: u32, step: Step, found: &mut Found) {
    let mut stretch: Vec<(char, &Range<usize>)> = Vec::new();
    for number in numbers {
        match character(text.get(number.clone()).unwrap_or_default(), radix) {
            Some(c) => stretch.push((c, number)),
            None => give(&mut stretch, step, found),
        }
    }
    give(&mut stretch, step, found);
}

fn character(digits: &[u8], radix: u32) -> Option<char> {
    if digits.len() > MOST_DIGITS {
        return None;
    }
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    // Bytes of UTF-8 above ASCII are controls when taken for characters.
    char::from_u32(number).filter(|c| is_text(*c) || (0x80..0xA0).contains(&number))
}

fn give(stretch: &mut Vec<(char, &Range<usize>)>, step: Step, found: &mut Found) {
    if let [(_, first), .., (_, last)] = stretch.as_slice()
        && stretch.len() >= LEAST_NUMBERS
    {
        // Where all numbers are bytes and make UTF-8, they are meant as that.
        let bytes: Option<Vec<u8>> = stretch.iter().map(|(c, _)| u8::try_from(*c).ok()).collect();
        let text = bytes
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_else(|| stretch.iter().map(|(c, _)| *c).collect());
        if plausible(&text) && text.chars().all(is_text) {
            found.keep(first.start..last.end, text, step);
        }
    }
    stretch.clear();
}
