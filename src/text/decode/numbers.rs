//! Rows of numbers, each of which is a character: decimal, octal, binary, and the squares of Polybius.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Decoder, Found, Source, tokens};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::DIGIT, find };

/// Numbers of the shortest row.
const LEAST: usize = 8;
/// Digits of the longest number but for binary ones.
const LONGEST: usize = 7;
/// Bytes between two numbers of a row.
const WIDEST_GAP: usize = 12;
/// Letters of Polybius, row by row; `i` is `j` too.
const SQUARE: &[u8; 25] = b"abcdefghiklmnopqrstuvwxyz";

/// A number of a row.
struct Number<'t> {
    digits: &'t str,
    span: Range<usize>,
}

/// Finds rows of numbers with blanks, commas, signs of joining or calls such as `chr(` between them, and reads them in every
/// base that their digits allow. Costs four looks at each byte.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut row: Vec<Number<'_>> = Vec::new();
    for number in numbers(text) {
        let gap = row.last().and_then(|last| text.get(last.span.end..number.span.start));
        if !gap.is_none_or(joins) {
            read(&row, found);
            row.clear();
        }
        row.push(number);
    }
    read(&row, found);
}

fn numbers(text: &str) -> impl Iterator<Item = Number<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|c: char| c.is_ascii_digit())?;
        let digits = text.get(start..)?;
        let len = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        at = start + len;
        Some(Number { digits: digits.get(..len)?, span: start..at })
    })
}

/// Whether what stands between two numbers only parts them.
fn joins(gap: &str) -> bool {
    let word = gap.trim_matches(|c: char| !c.is_ascii_alphabetic());
    let called = ["", "chr", "Chr", "CHR", "char", "CHAR", "String.fromCharCode", "b"].contains(&word);
    gap.len() <= WIDEST_GAP && called && !gap.chars().any(|c| matches!(c, '.' | '=' | '%' | '-'))
        || gap.len() <= 2 && gap.starts_with('-')
}

fn read(row: &[Number<'_>], found: &mut Found) {
    let (Some(first), Some(last)) = (row.first(), row.last()) else { return };
    let span = first.span.start..last.span.end;
    let all = |test: &dyn Fn(&str) -> bool| row.iter().all(|number| test(number.digits));
    let digits = row.iter().map(|number| number.digits.len()).sum::<usize>();
    if digits >= 56 && all(&|digits| digits.bytes().all(|byte| matches!(byte, b'0' | b'1'))) {
        if let Some(text) = binary(row) {
            found.keep(span, text, Step::Binary);
        }
        return;
    }
    if row.len() < LEAST || !all(&|digits| digits.len() <= LONGEST) {
        return;
    }
    if all(&|digits| digits.len() == 2 && digits.bytes().all(|byte| matches!(byte, b'1'..=b'5'))) {
        let letter = |number: &Number<'_>| {
            let [row, column] = number.digits.as_bytes() else { return None };
            SQUARE.get(usize::from((row - b'1') * 5 + (column - b'1'))).map(|letter| char::from(*letter))
        };
        if let Some(text) = row.iter().map(letter).collect() {
            found.keep(span.clone(), text, Step::Polybius);
        }
    }
    if let Some(text) = characters(row, 10) {
        found.keep(span.clone(), text, Step::Decimal);
    }
    if all(&|digits| (2..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte < b'8'))
        && let Some(text) = characters(row, 8)
    {
        found.keep(span, text, Step::Octal);
    }
}

/// The numbers as bytes of UTF-8 if they can be, else as characters.
fn characters(row: &[Number<'_>], radix: u32) -> Option<String> {
    let values: Option<Vec<u32>> = row.iter().map(|number| u32::from_str_radix(number.digits, radix).ok()).collect();
    let values = values?;
    let bytes: Option<Vec<u8>> = values.iter().map(|value| u8::try_from(*value).ok()).collect();
    let of_bytes = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = match of_bytes {
        Some(text) => text,
        None => values.into_iter().map(char::from_u32).collect::<Option<String>>()?,
    };
    // Grades and prices make characters too, but not letters for the most part, nor one and the same kind of sign.
    let letters = text.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).count();
    let few = text.chars().collect::<BTreeSet<_>>().len() <= 4;
    tokens::text(text.clone().into_bytes()).filter(|_| few || letters * 2 >= text.chars().count())
}

/// Groups of seven or eight digits, or all digits together.
fn binary(row: &[Number<'_>]) -> Option<String> {
    let value = |bits: &[u8]| bits.iter().fold(0_u32, |value, bit| value << 1 | u32::from(bit - b'0'));
    let size = row.first()?.digits.len();
    if row.len() > 1 && (6..=9).contains(&size) && row.iter().all(|number| (6..=9).contains(&number.digits.len())) {
        let bytes: Option<Vec<u8>> =
            row.iter().map(|number| u8::try_from(value(number.digits.as_bytes())).ok()).collect();
        return bytes.and_then(tokens::text);
    }
    let bits: Vec<u8> = row.iter().flat_map(|number| number.digits.bytes()).collect();
    [8, 7].into_iter().find_map(|size| {
        let bytes = bits.chunks_exact(size).map(|bits| value(bits) as u8).collect();
        tokens::text(bytes)
    })
}
