//! basE91.

use super::{Decoder, Found, Source, tokens};
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: tokens::CALLS, find };

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;<=>?@[]^_`{|}~\"";

/// Decodes tokens. Costs one look at each character.
pub fn find(source: &Source<'_>, found: &mut Found) {
    tokens::each(source, Step::Base91, found, |token| {
        let (mut bits, mut count, mut out) = (0_u32, 0, Vec::with_capacity(token.len()));
        let mut first: Option<u32> = None;
        for byte in token.bytes() {
            let value = tokens::value(ALPHABET, byte)?;
            let Some(low) = first.take() else {
                first = Some(value);
                continue;
            };
            let pair = low + value * 91;
            bits |= pair << count;
            count += if pair & 8191 > 88 { 13 } else { 14 };
            while count > 7 {
                out.push(bits as u8);
                bits >>= 8;
                count -= 8;
            }
        }
        if let Some(low) = first {
            out.push((bits | low << count) as u8);
        }
        Some(out)
    });
}
