//! Bits written in two invisible characters, such as U+2062 and U+2064, or U+200B and U+200C.

use super::super::decode::{Decoder, Found, Source};
use super::of_bits;
use crate::text::seen::Seen;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::INVISIBLE, find };

/// Characters in which bits are written.
const CARRIERS: [char; 9] =
    ['\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{2061}', '\u{2062}', '\u{2063}', '\u{2064}', '\u{FEFF}'];
/// Fewer bits say nothing.
const LEAST_BITS: usize = 28;
/// Invisible operators of mathematics one after the other: no formula has as many.
const MOST_OPERATORS: usize = 16;

/// Takes the two carriers that come most often as 0 and 1, either way round, and a third one as a blank. A long run of
/// invisible operators is told even where it cannot be read.
fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut counts = [0_usize; CARRIERS.len()];
    let mut sequence = Vec::new();
    let (mut first, mut end) = (0, 0);
    let (mut operators, mut most_operators) = (0, 0);
    for (at, c) in text.char_indices() {
        let Some(carrier) = CARRIERS.iter().position(|carrier| *carrier == c) else {
            operators = 0;
            continue;
        };
        if sequence.is_empty() {
            first = at;
        }
        end = at + c.len_utf8();
        sequence.push(carrier);
        if let Some(count) = counts.get_mut(carrier) {
            *count += 1;
        }
        operators = if matches!(c, '\u{2061}'..='\u{2064}') { operators + 1 } else { 0 };
        most_operators = most_operators.max(operators);
    }
    let mut order: Vec<usize> =
        (0..CARRIERS.len()).filter(|carrier| counts.get(*carrier).is_some_and(|count| *count > 0)).collect();
    order.sort_by_key(|carrier| std::cmp::Reverse(counts.get(*carrier).copied().unwrap_or_default()));
    let [a, b, ..] = order.as_slice() else { return };
    let (zero, one) = if a < b { (*a, *b) } else { (*b, *a) };
    if sequence.iter().filter(|carrier| **carrier == zero || **carrier == one).count() < LEAST_BITS {
        return;
    }
    let read = |one: usize, zero: usize| {
        let words = sequence.split(|carrier| *carrier != zero && *carrier != one);
        let parts = words.filter(|word| !word.is_empty()).map(|word| {
            let bits: Vec<bool> = word.iter().map(|carrier| *carrier == one).collect();
            of_bits(&bits).or_else(|| loose(&bits))
        });
        let parts: Option<Vec<String>> = parts.collect();
        parts
            .map(|parts| parts.join(" "))
            .filter(|text| text.chars().filter(|c| c.is_alphanumeric()).count() >= super::LEAST)
    };
    if let Some(text) = read(one, zero).or_else(|| read(zero, one)) {
        found.keep(first..end, text, Step::InvisibleBits);
    } else if most_operators >= MOST_OPERATORS {
        let shown = sequence.iter().map(|carrier| if *carrier == one { '1' } else { '0' }).collect();
        found.keep(first..end, shown, Step::InvisibleBits);
    }
}

/// A word of a few letters of seven bits each.
fn loose(bits: &[bool]) -> Option<String> {
    let letters = bits.chunks(7).map(|bits| {
        let byte = bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        (bits.len() >= 6 && (b' '..0x7f).contains(&byte)).then(|| char::from(byte))
    });
    letters.collect()
}
