//! Base45 (RFC 9285), which has a blank among its letters.

use super::{Decoder, Found, Source, tokens};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::DIGIT, find };

const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/// Characters of the shortest run.
const LEAST: usize = 18;

/// Decodes runs of capitals, digits and the signs of base45, from the first three places, since words may stand before.
/// Costs up to four looks at each byte.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let bytes = source.text.as_bytes();
    let is_letter = |byte: &u8| tokens::value(ALPHABET, *byte).is_some();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let len = rest.iter().take_while(|byte| is_letter(byte)).count();
        let run = rest.get(..len).unwrap_or_default();
        let capitals = run.iter().filter(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count();
        if len >= LEAST && capitals * 2 >= len {
            let lead = run.iter().take_while(|byte| matches!(byte, b' ' | b':' | b'.' | b'-')).count();
            let decoded = [lead, 0, 1, 2].into_iter().find_map(|skipped| {
                let text = decode(run.get(skipped..)?).and_then(tokens::text)?;
                Some((at + skipped, text))
            });
            if let Some((start, text)) = decoded {
                found.keep(start..at + len, text, Step::Base45);
            }
        }
        let skipped = rest.get(len..).unwrap_or_default().iter().take_while(|byte| !is_letter(byte)).count();
        at += len + skipped;
    }
}

fn decode(run: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(run.len());
    for group in run.chunks(3) {
        let values: Option<Vec<u32>> = group.iter().map(|byte| tokens::value(ALPHABET, *byte)).collect();
        match values?.as_slice() {
            [a, b, c] => out.extend_from_slice(&u16::try_from(a + b * 45 + c * 45 * 45).ok()?.to_be_bytes()),
            [a, b] => out.push(u8::try_from(a + b * 45).ok()?),
            // A blank or a stop behind the last group.
            _ => {}
        }
    }
    Some(out)
}
