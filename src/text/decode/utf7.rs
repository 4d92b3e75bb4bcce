//! UTF-7: `+AEkAZwBu-`.

use ::base64::Engine as _;
use ::base64::alphabet;
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::PLUS, find };

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Letters of the shortest run: one character.
const LEAST: usize = 3;
/// Characters that must come out in all.
const LEAST_CHARACTERS: usize = 6;

/// Decodes the runs behind a plus sign in place. Costs two looks at each byte.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut out = Rewriter::default();
    let (mut copied, mut count) = (0, 0);
    for (at, _) in text.match_indices('+') {
        if at < copied {
            continue;
        }
        let run = text.get(at + 1..).unwrap_or_default();
        let len = run.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).count();
        let closed = run.get(len..).is_some_and(|rest| rest.starts_with('-'));
        let Some(decoded) = run.get(..len).filter(|_| len >= LEAST).and_then(decode) else { continue };
        // A plus sign within base64 begins noise, which has characters of all scripts.
        let alphabetic = decoded.chars().filter(|c| *c < '\u{2000}').count() * 10 >= decoded.chars().count() * 8;
        if !alphabetic && !closed {
            continue;
        }
        out.copy(text, copied..at);
        out.push_str(&decoded, at);
        count += decoded.chars().count();
        copied = at + 1 + len + usize::from(closed);
    }
    if count >= LEAST_CHARACTERS {
        out.copy(text, copied..text.len());
        found.keep_rewritten(0..text.len(), out, Step::Utf7);
    }
}

fn decode(run: &str) -> Option<String> {
    // A single letter over carries no bits.
    let usable = if run.len() % 4 == 1 { run.len() - 1 } else { run.len() };
    let bytes = ENGINE.decode(run.get(..usable)?).ok()?;
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    let text = String::from_utf16(&units).ok()?;
    text.chars()
        .all(|c| (!c.is_control() || matches!(c, '\n' | '\t' | '\r')) && !matches!(c, '\u{E000}'..='\u{F8FF}'))
        .then_some(text)
}
