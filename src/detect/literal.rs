//! Literals: text with its punctuation, such as `<|im_start|>` or `~/.ssh`.
//!
//! They are matched on the folded text without its blanks. One that begins or ends with a letter or digit must begin or end
//! a word there.

use std::ops::Range;

use crate::text::view::{Flavour, View, is_rare_symbol};

/// Bytes that one literal may have.
const MAX_LEN: usize = 128;

/// Whether a literal can be used.
///
/// # Errors
/// Says why not, as a lower-case fragment.
pub(super) fn check(text: &str) -> Result<(), String> {
    match folded(text).len() {
        0 => Err("the literal is empty once blanks are left out".to_owned()),
        1 => Err(format!("the literal `{text}` is a single character, which is everywhere")),
        2..=MAX_LEN => Ok(()),
        _ => Err(format!("the literal is longer than {MAX_LEN} bytes")),
    }
}

/// The literal as it stands in a [`Flavour::Symbols`] view.
pub(super) fn folded(text: &str) -> Vec<u8> {
    let mut view = View::new(Flavour::Symbols);
    view.fill(text);
    view.bytes().to_vec()
}

/// Whether text without a [rare symbol](is_rare_symbol) can hold this folded literal.
pub(super) fn is_plain(folded: &[u8]) -> bool {
    !folded.iter().any(|byte| is_rare_symbol(*byte))
}

/// Whether the literal that stands at `at` begins and ends where it must.
pub(super) fn stands(view: &View, at: &Range<usize>) -> bool {
    let byte = |index: usize| view.bytes().get(index).copied().unwrap_or_default();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
    let joined =
        |index: usize| index > 0 && is_word(byte(index - 1)) && is_word(byte(index)) && !view.is_word_start(index);
    !joined(at.start) && !joined(at.end)
}
