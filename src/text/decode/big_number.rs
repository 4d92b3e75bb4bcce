//! Base36, base58 and base62: the bytes of a text as one large number.

use super::pieces::{long_runs, runs};
use super::readable::plausible;
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::LONG_RUN, find };

/// Digits of a number that can hold a text worth reading, and of one that can be read in bounded time, since the work
/// grows with the square.
const DIGITS: std::ops::RangeInclusive<usize> = 20..=128;

/// A way to write large numbers.
struct Base {
    step: Step,
    digits: &'static [u8],
    /// Whether digits of either case are the same.
    caseless: bool,
}

const BASES: [Base; 5] = [
    Base { step: Step::Base36, digits: b"0123456789abcdefghijklmnopqrstuvwxyz", caseless: true },
    Base { step: Step::Base58, digits: b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", caseless: false },
    Base {
        step: Step::Base62,
        digits: b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        caseless: false,
    },
    Base {
        step: Step::Base62,
        digits: b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        caseless: false,
    },
    Base {
        step: Step::Base62,
        digits: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        caseless: false,
    },
];

/// Finds tokens of 20 to 128 letters and digits and reads each as a number in every base whose digits it keeps to. Given
/// is only what is text throughout and looks like words.
///
/// Costs a look at each byte, and for each of a token some three hundred steps at most, for those of one case or of 128
/// digits; memory of a few hundred bytes.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text.as_bytes();
    for long in long_runs(text, *DIGITS.start()) {
        let start = long.start;
        for run in runs(text.get(long).unwrap_or_default(), |byte| byte.is_ascii_alphanumeric()) {
            let span = start + run.start..start + run.end;
            let token = text.get(span.clone()).unwrap_or_default();
            // A word has no digits, and a number of this size always has some.
            if !DIGITS.contains(&token.len()) || !token.iter().any(u8::is_ascii_digit) {
                continue;
            }
            let cases = (token.iter().any(u8::is_ascii_uppercase), token.iter().any(u8::is_ascii_lowercase));
            for base in BASES.iter().filter(|base| base.caseless != (cases == (true, true))) {
                if let Some(text) = read(token, base) {
                    found.keep(span.clone(), text, base.step);
                    break;
                }
            }
        }
    }
}

fn read(token: &[u8], base: &Base) -> Option<String> {
    let radix = u32::try_from(base.digits.len()).ok()?;
    let mut table = [u8::MAX; 128];
    for (value, digit) in (0_u8..).zip(base.digits) {
        *table.get_mut(usize::from(*digit))? = value;
        if base.caseless {
            *table.get_mut(usize::from(digit.to_ascii_uppercase()))? = value;
        }
    }
    // The lowest 32 bits first. Five digits at a time fit into 32 bits in every base.
    let mut number: Vec<u32> = Vec::with_capacity(token.len() / 5 + 1);
    let mut digits = token;
    while !digits.is_empty() {
        let (group, rest) = digits.split_at_checked(match digits.len() % 5 {
            0 => 5,
            over => over,
        })?;
        digits = rest;
        let (mut factor, mut value) = (1_u32, 0_u32);
        for digit in group {
            let digit = table.get(usize::from(*digit)).copied().filter(|value| *value != u8::MAX)?;
            factor *= radix;
            value = value * radix + u32::from(digit);
        }
        let mut carry = u64::from(value);
        for limb in &mut number {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            number.push(carry as u32);
        }
    }
    let bytes: Vec<u8> =
        number.iter().rev().flat_map(|limb| limb.to_be_bytes()).skip_while(|byte| *byte == 0).collect();
    let text = String::from_utf8(bytes).ok()?;
    (!text.chars().any(|c| c.is_control() && !c.is_whitespace()) && plausible(&text)).then_some(text)
}
