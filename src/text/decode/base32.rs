//! Base32 (RFC 4648), in capitals or small letters, padded or not.

use super::{Decoder, Found, Source, tokens};
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: tokens::CALLS, find };

/// Decodes runs of letters and the digits 2 to 7, all of one case. Costs one look at each character.
pub fn find(source: &Source<'_>, found: &mut Found) {
    tokens::each(source, Step::Base32, found, |token| {
        let token = token.trim_end_matches('=');
        let upper = token.bytes().any(|byte| byte.is_ascii_uppercase());
        let (mut bits, mut count, mut out) = (0_u32, 0, Vec::with_capacity(token.len()));
        for byte in token.bytes() {
            let value = match byte {
                b'A'..=b'Z' if upper => byte - b'A',
                b'a'..=b'z' if !upper => byte - b'a',
                b'2'..=b'7' => byte - b'2' + 26,
                _ => return None,
            };
            bits = bits << 5 | u32::from(value);
            count += 5;
            if count >= 8 {
                count -= 8;
                out.push((bits >> count) as u8);
            }
        }
        Some(out)
    });
}
