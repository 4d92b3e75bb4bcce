//! Ascii85, base85 (RFC 1924, as git and Python write it) and Z85: five characters for four bytes.

use super::pieces::{long_runs, runs, unquoted};
use super::readable::{STRETCH, told};
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::LONG_RUN, find };

/// Fewer characters say nothing that a rule could find.
const LEAST: usize = 20;
/// Groups of ASCII in a row that are no noise.
const ASCII_GROUPS: usize = 5;
/// No digit of an alphabet.
const NONE: u8 = u8::MAX;
/// Four zero bytes in Ascii85.
const ZEROS: u8 = u8::MAX - 1;

const fn table(digits: &[u8; 85]) -> [u8; 128] {
    let mut table = [NONE; 128];
    let mut value = 0_u8;
    while value < 85 {
        #[expect(clippy::indexing_slicing, reason = "evaluated when compiled; `get_mut` is not const")]
        {
            table[digits[value as usize] as usize] = value;
        }
        value += 1;
    }
    table
}

const fn ascii85() -> [u8; 128] {
    let mut digits = [0; 85];
    let mut value = 0_u8;
    while value < 85 {
        #[expect(clippy::indexing_slicing, reason = "evaluated when compiled; `get_mut` is not const")]
        {
            digits[value as usize] = b'!' + value;
        }
        value += 1;
    }
    let mut table = table(&digits);
    #[expect(clippy::indexing_slicing, reason = "evaluated when compiled; `get_mut` is not const")]
    {
        table[b'z' as usize] = ZEROS;
    }
    table
}

static ALPHABETS: [(Step, [u8; 128]); 3] = [
    (Step::Ascii85, ascii85()),
    (Step::Base85, table(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~")),
    (Step::Z85, table(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#")),
];

/// Finds runs of 20 characters and more of one of the alphabets, and Ascii85 between `<~` and `~>` with white space in it,
/// and reads each from its first to fifth character on. Given is only what looks like words.
///
/// Costs four looks at each byte, and fifteen steps for each of a run; memory of ten times the longest run.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    let mut framed_until = 0;
    for long in long_runs(text, LEAST) {
        let run = text.get(long.clone()).unwrap_or_default();
        if long.start >= framed_until
            && run.contains(&b'~')
            && let Some(open) = run.windows(2).position(|pair| pair == b"<~")
        {
            framed_until = framed(text, long.start + open, found);
        }
        for (step, table) in &ALPHABETS {
            if *step == Step::Ascii85 && long.start < framed_until {
                continue;
            }
            for part in runs(run, |byte| digit(table, byte) != NONE) {
                let mut span = long.start + part.start..long.start + part.end;
                if matches!(text.get(span.start), Some(b'"' | b'\'' | b'(')) {
                    span = unquoted(text, span.start + 1..span.end);
                }
                if span.len() >= LEAST && decode(text, span.collect(), table, *step, found) {
                    break;
                }
            }
        }
    }
}

/// Reads Ascii85 in its frame. Where it ends if it was read, and else zero.
fn framed(text: &[u8], open: usize, found: &mut Found) -> usize {
    let (_, table) = &ALPHABETS[0];
    let start = open + 2;
    let rest = text.get(start..).unwrap_or_default();
    let end = start + rest.iter().position(|byte| *byte == b'~').unwrap_or(rest.len());
    let places = (start..end).filter(|place| text.get(*place).is_some_and(|byte| digit(table, *byte) != NONE));
    if decode(text, places.collect(), table, Step::Ascii85, found) { end } else { 0 }
}

fn digit(table: &[u8; 128], byte: u8) -> u8 {
    table.get(usize::from(byte)).copied().unwrap_or(NONE)
}

/// Decodes the characters at `places`. True if something was given.
fn decode(text: &[u8], places: Vec<usize>, table: &[u8; 128], step: Step, found: &mut Found) -> bool {
    let digits: Vec<u8> = places.iter().filter_map(|place| text.get(*place)).map(|byte| digit(table, *byte)).collect();
    let mut given = false;
    for skipped in 0..5 {
        let (bytes, ends) = bytes(digits.get(skipped..).unwrap_or_default());
        // Twelve bytes of text hold two whole groups. Hardly any noise does.
        let groups = bytes.as_chunks::<4>().0;
        let likely = groups.windows(2).any(|pair| pair.iter().all(|group| is_likely(*group)));
        // Nor is there ASCII for so long in noise: another encoding may lie under this one.
        let ascii = |group: &[u8; 4]| group.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t'));
        if !likely && !groups.windows(ASCII_GROUPS).any(|groups| groups.iter().all(ascii)) {
            continue;
        }
        let readable = told(&bytes, STRETCH);
        for (range, text) in readable.parts {
            let place = |at: Option<&usize>| at.and_then(|digit| places.get(skipped + digit)).copied();
            let first = if range.start < 4 { Some(0) } else { ends.get(range.start / 4 - 1).map(|digit| digit + 1) };
            let (start, end) = (place(first.as_ref()), place(ends.get((range.end - 1) / 4)));
            if let (Some(start), Some(end)) = (start, end) {
                found.keep(start..end + 1, text, step);
                given = true;
            }
        }
        if readable.complete {
            break;
        }
    }
    given
}

/// What digits decode to, and the last digit of each four bytes. A group that is no number of four bytes becomes four that
/// are no text.
fn bytes(digits: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::with_capacity(digits.len() * 4 / 5 + 4);
    let mut ends = Vec::with_capacity(digits.len() / 5 + 1);
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for (at, digit) in digits.iter().enumerate() {
        if *digit == ZEROS {
            group.clear();
            bytes.extend([0; 4]);
            ends.push(at);
            continue;
        }
        group.push(*digit);
        if group.len() == 5 {
            bytes.extend(number(&group));
            ends.push(at);
            group.clear();
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        bytes.extend(number(&group).iter().take(kept));
        ends.push(digits.len() - 1);
    }
    (bytes, ends)
}

/// Whether four bytes may come from a text: letters and the like, and beyond ASCII a byte that begins a character before
/// one that goes on with it, or behind the end of another.
fn is_likely(group: [u8; 4]) -> bool {
    let is_plain =
        |byte: &u8| !byte.is_ascii() || byte.is_ascii_alphanumeric() || b" \r\n\t.,:;!?'\"()-/".contains(byte);
    let begins = |pair: &[u8]| matches!(pair, [0xC2..=0xF4, 0x80..=0xBF]);
    let is_end = matches!(group, [0x80..=0xBF, 0x80..=0xBF, 0x80..=0xBF, 0xF0..=0xF4]);
    group.iter().all(is_plain) && (group.is_ascii() || is_end || group.windows(2).any(begins))
}

fn number(group: &[u8]) -> [u8; 4] {
    let number = group.iter().fold(0_u64, |number, digit| number * 85 + u64::from(*digit));
    u32::try_from(number).unwrap_or_default().to_be_bytes()
}
