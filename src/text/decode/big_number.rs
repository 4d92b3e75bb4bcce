//! Base36, base58 and base62: the bytes of a text as one large number.

use super::{Decoder, Found, Source, tokens};
use crate::verdict::Step;

/// Base36.
pub const BASE36: Decoder = Decoder { calls: tokens::CALLS, find: base36 };
/// Base58, as Bitcoin writes it.
pub const BASE58: Decoder = Decoder { calls: tokens::CALLS, find: base58 };
/// Base62: digits, capitals, small letters; and digits, small letters, capitals.
pub const BASE62: Decoder = Decoder { calls: tokens::CALLS, find: base62 };

/// Digits of the longest number: the work grows with the square of them.
const LONGEST: usize = 128;

const ALPHABET_36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const ALPHABET_58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const ALPHABET_62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ALPHABET_62_SMALL: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn base36(source: &Source<'_>, found: &mut Found) {
    tokens::each(source, Step::Base36, found, |token| bytes(&token.to_ascii_lowercase(), ALPHABET_36));
}

fn base58(source: &Source<'_>, found: &mut Found) {
    tokens::each(source, Step::Base58, found, |token| bytes(token, ALPHABET_58));
}

fn base62(source: &Source<'_>, found: &mut Found) {
    tokens::each(source, Step::Base62, found, |token| {
        let readable = |bytes: &Vec<u8>| bytes.iter().all(|byte| *byte >= b' ' || byte.is_ascii_whitespace());
        bytes(token, ALPHABET_62).filter(readable).or_else(|| bytes(token, ALPHABET_62_SMALL))
    });
}

/// The bytes of a number, the highest first.
fn bytes(token: &str, alphabet: &[u8]) -> Option<Vec<u8>> {
    if token.len() > LONGEST {
        return None;
    }
    let base = u32::try_from(alphabet.len()).ok()?;
    // The lowest byte first, so that a carry runs to the end.
    let mut number: Vec<u8> = Vec::with_capacity(token.len());
    for byte in token.bytes() {
        let mut carry = tokens::value(alphabet, byte)?;
        for digit in &mut number {
            carry += u32::from(*digit) * base;
            *digit = carry as u8;
            carry >>= 8;
        }
        while carry > 0 {
            number.push(carry as u8);
            carry >>= 8;
        }
    }
    number.reverse();
    Some(number)
}
