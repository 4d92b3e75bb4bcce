//! What the guesses among the decoders share: tokens that may be encoded, and whether bytes are text beyond doubt.

use super::{Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// What calls for a look at tokens.
pub(super) const CALLS: Seen = Seen::LONG_RUN;
/// Characters of the shortest token.
const LEAST: usize = 16;
/// Bytes that must come out of one.
const LEAST_BYTES: usize = 10;

/// Decodes every token without a blank in it, with and without the punctuation around it; what comes out is kept where it is
/// text throughout. Bytes that are none would be by chance once in a million.
pub(super) fn each(source: &Source<'_>, step: Step, found: &mut Found, decode: impl Fn(&str) -> Option<Vec<u8>>) {
    let mut at = 0;
    for token in source.text.split_inclusive(char::is_whitespace) {
        let word = token.trim_end();
        if word.len() >= LEAST && word.is_ascii() {
            let bare = word.trim_matches(['"', '\'', '`', '(', ')', ',', '.', ';', ':', '<', '>']);
            let start = at + (bare.as_ptr() as usize - word.as_ptr() as usize);
            if let Some(text) = decode(word).and_then(text) {
                found.keep(at..at + word.len(), text, step);
            } else if bare.len() >= LEAST && bare.len() < word.len() {
                if let Some(text) = decode(bare).and_then(text) {
                    found.keep(start..start + bare.len(), text, step);
                }
            }
        }
        at += token.len();
    }
}

/// Bytes as text, if they are text throughout.
pub(super) fn text(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok().filter(|text| text.len() >= LEAST_BYTES)?;
    text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\r')).then_some(text)
}

/// The value of a character in an alphabet.
pub(super) fn value(alphabet: &[u8], byte: u8) -> Option<u32> {
    alphabet.iter().position(|letter| *letter == byte).and_then(|value| u32::try_from(value).ok())
}
