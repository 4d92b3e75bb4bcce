//! Telephone numbers: international ones with their `+` (ITU-T E.164), national ones behind a word that says what they are.

use std::ops::Range;

use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::{ALNUM, DIGIT, Set};

/// Country codes of one and two digits; all others have three, and begin with these two: ITU-T, List of assigned country codes.
const SHORT: &[&str] = &[
    "1", "7", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
    "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
    "86", "90", "91", "92", "93", "94", "95", "98",
];
const LONG: &[&str] = &[
    "21", "22", "23", "24", "25", "26", "29", "35", "37", "38", "42", "50", "59", "67", "68", "69", "85", "88", "96",
    "97", "99",
];

/// What a number is written with besides digits.
const MARKS: Set = Set::of(" ().-/");

/// The number behind the gate, which is a `+`.
pub(in crate::detect::formats) fn international(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    let before = hay.before(gate.start);
    if ALNUM.with(Set::of("+/=-_.)")).has(before) || !DIGIT.has(hay.at(gate.end)) {
        return None;
    }
    let (digits, end) = number(hay, gate.end, 15)?;
    let code = SHORT.iter().chain(LONG).any(|code| digits.starts_with(code.as_bytes()));
    // In sums and differences of lines a number has nothing but digits, and a line of its own.
    let parted = hay.slice(gate.end..end).iter().any(|byte| MARKS.has(*byte));
    let is_line = matches!(before, b'\n' | 0) && !parted;
    let is_counting = digits.iter().all(|digit| Some(digit) == digits.first());
    (digits.len() >= 8 && code && !is_line && !is_counting).then(|| Match::of(gate.start..end))
}

/// The number behind the gate, which is a word such as `phone`: with marks between its groups, so that no other number is
/// taken for it.
pub(in crate::detect::formats) fn national(hay: &Hay<'_>, gate: Range<usize>) -> Option<Match> {
    if ALNUM.has(hay.before(gate.start)) {
        return None;
    }
    let start = hay.find(gate.end, 24, |byte| DIGIT.has(byte) || matches!(byte, b'(' | b'\n' | b'+'))?;
    if matches!(hay.at(start), b'\n' | b'+')
        || hay.at(start) == b'(' && !DIGIT.has(hay.at(start + 1))
        || hay.before(start) == b'.'
    {
        return None;
    }
    let (digits, end) = number(hay, start, 12)?;
    let written = hay.slice(start..end);
    let parted = written.iter().any(|byte| MARKS.has(*byte));
    // A date and an address of the internet are parted too.
    let groups: Vec<usize> = written.split(|byte| MARKS.has(*byte)).map(<[u8]>::len).filter(|len| *len > 0).collect();
    let is_date = groups.len() == 3 && matches!(groups.as_slice(), [1..=2, 1..=2, 4] | [4, 1..=2, 1..=2]);
    let is_address = written.iter().filter(|byte| **byte == b'.').count() == 3
        && groups.iter().all(|len| *len <= 3)
        && groups.len() == 4;
    let repeated = digits.iter().all(|digit| Some(digit) == digits.first());
    ((7..=12).contains(&digits.len()) && parted && !is_date && !is_address && !repeated).then(|| Match::of(start..end))
}

/// The digits of a number from `start` on, at most `most`, and where it ends. None where more digits follow.
fn number(hay: &Hay<'_>, start: usize, most: usize) -> Option<(Vec<u8>, usize)> {
    let mut digits = Vec::with_capacity(most);
    let mut at = start;
    let mut end = start;
    loop {
        let run = hay.run(at, DIGIT, most + 1);
        digits.extend_from_slice(hay.slice(at..at + run));
        end = if run > 0 { at + run } else { end };
        at += run;
        let marks = hay.run(at, MARKS, 4);
        if digits.len() > most || marks == 0 || marks > 3 || !DIGIT.has(hay.at(at + marks)) {
            break;
        }
        at += marks;
    }
    let goes_on = matches!(hay.at(end), b':' | b'%' | b'_' | b'=') && ALNUM.has(hay.at(end + 1));
    let ends = !ALNUM.has(hay.at(end)) && !goes_on;
    (digits.len() <= most && ends).then_some((digits, end))
}
