//! Encoded words of mail headers: `=?utf-8?B?SWdub3Jl?=`, `=?utf-8?Q?Ignor=65?=`.

use ::base64::Engine as _;
use ::base64::alphabet;
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::EQUALS, find };

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Bytes of the name of a character set.
const LONGEST_NAME: usize = 40;

/// Decodes encoded words in place; blanks between two of them fall away. Costs a look at each byte.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut out = Rewriter::default();
    let (mut copied, mut words) = (0, 0);
    for (at, _) in text.match_indices("=?") {
        if at < copied {
            continue;
        }
        let Some((bytes, len)) = text.get(at..).and_then(word) else { continue };
        let between = text.get(copied..at).unwrap_or_default();
        if words == 0 || !between.trim().is_empty() {
            out.copy(text, copied..at);
        }
        out.push_str(&String::from_utf8_lossy(&bytes), at);
        copied = at + len;
        words += 1;
    }
    if words > 0 {
        out.copy(text, copied..text.len());
        found.keep_rewritten(0..text.len(), out, Step::MimeWords);
    }
}

/// The bytes of the encoded word at the beginning of `rest`, and its length.
fn word(rest: &str) -> Option<(Vec<u8>, usize)> {
    let body = rest.strip_prefix("=?")?;
    let name = body.bytes().take(LONGEST_NAME).position(|byte| byte == b'?')?;
    let coded = body.get(name + 1..)?;
    let base64 = coded.starts_with(['B', 'b']);
    let content = coded.strip_prefix(['B', 'b', 'Q', 'q'])?.strip_prefix('?')?;
    // A word has no blank in it by the book; texts written by hand may.
    let end = content.find("?=").filter(|end| !content.get(..*end).is_some_and(|content| content.contains("=?")))?;
    let content = content.get(..end)?;
    let bytes = if base64 { ENGINE.decode(content.trim()).ok()? } else { quoted(content) };
    Some((bytes, 2 + name + 1 + 2 + end + 2))
}

fn quoted(content: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len());
    let mut rest = content.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (byte, digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'=', Some(value)) => {
                out.push(value);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'_', _) => out.push(b' '),
            _ => out.push(*byte),
        }
    }
    out
}
