//! Bits written in blanks and tabs.

use super::super::decode::{Decoder, Found, Source};
use super::of_bits;
use crate::text::seen::Seen;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::TAB, find };

/// Fewer blanks and tabs in a row are indentation.
const LEAST_BITS: usize = 64;

/// Reads each long run of blanks and tabs; what is no text then was none.
fn find(source: &Source<'_>, found: &mut Found) {
    let bytes = source.text.as_bytes();
    let is_bit = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let len = rest.iter().take_while(|byte| is_bit(byte)).count();
        let run = rest.get(..len).unwrap_or_default();
        if len >= LEAST_BITS && run.contains(&b'\t') && run.contains(&b' ') {
            let bits: Vec<bool> = run.iter().map(|byte| *byte == b'\t').collect();
            // A blank that belongs to the talk may stand before the first bit.
            let read = (0..4).find_map(|skipped| of_bits(bits.get(skipped..).unwrap_or_default()));
            if let Some(text) = read {
                found.keep(at..at + len, text, Step::BlankBits);
            }
        }
        let skipped = rest.get(len..).unwrap_or_default().iter().take_while(|byte| !is_bit(byte)).count();
        at += len + skipped;
    }
}
