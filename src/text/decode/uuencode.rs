//! uuencode: lines that begin with their length, with or without `begin` and `end` around them.

use super::{Decoder, Found, Source, tokens};
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: tokens::CALLS, find };

/// Decodes rows of lines whose first character tells how many bytes the line gives. Costs one look at each character.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let (mut out, mut start, mut end, mut at) = (Vec::new(), 0, 0, 0);
    for line in source.text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if let Some(bytes) = decode(content) {
            if out.is_empty() {
                start = at;
            }
            out.extend(bytes);
            end = at + content.len();
        } else {
            give(&mut out, start..end, found);
            // One line among words, behind the last blank.
            if let Some(blank) = content.rfind(' ')
                && let Some(bytes) = content.get(blank + 1..).and_then(decode)
            {
                out = bytes;
                give(&mut out, at + blank + 1..at + content.len(), found);
            }
        }
        at += line.len();
    }
    give(&mut out, start..end, found);
}

fn give(out: &mut Vec<u8>, span: std::ops::Range<usize>, found: &mut Found) {
    if let Some(text) = tokens::text(std::mem::take(out)) {
        found.keep(span, text, Step::Uuencode);
    }
}

/// One line, if its length is what its first character says.
fn decode(line: &str) -> Option<Vec<u8>> {
    let value = |byte: &u8| (b' '..=b'`').contains(byte).then(|| (byte - b' ') & 63);
    let (first, rest) = line.as_bytes().split_first()?;
    let len = usize::from(value(first)?);
    if len == 0 || rest.len() != len.div_ceil(3) * 4 {
        return None;
    }
    let mut out = Vec::with_capacity(len + 2);
    for group in rest.as_chunks::<4>().0 {
        let mut bits = 0_u32;
        for byte in group {
            bits = bits << 6 | u32::from(value(byte)?);
        }
        out.extend_from_slice(bits.to_be_bytes().get(1..)?);
    }
    out.truncate(len);
    Some(out)
}
