//! Literals: text with its punctuation, such as `<|im_start|>` or `~/.ssh`.
//!
//! They are matched on the folded text without its blanks. One that begins or ends with a letter or digit must begin or end
//! a word there.

use std::ops::Range;

use crate::text::seen::is_rare_symbol;
use crate::text::view::{Flavour, View};

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

/// What tells that a text may hold a literal, without looking for the literal itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Its letters, all of them: wherever the literal stands, they follow one another in the letters of the text.
    Letters(String),
    /// A [rare symbol](is_rare_symbol).
    RareSymbol,
    /// A digit.
    Digit,
    /// Nothing; it must be looked for in every text.
    Nothing,
}

/// The sign of a literal.
pub(super) fn sign(text: &str) -> Sign {
    let mut view = View::new(Flavour::Letters);
    view.fill(text);
    let letters = view.bytes().len();
    if folded(text).iter().any(|byte| is_rare_symbol(*byte)) {
        Sign::RareSymbol
    } else if letters >= 3 {
        Sign::Letters(String::from_utf8_lossy(view.bytes()).into_owned())
    } else if folded(text).iter().any(u8::is_ascii_digit) {
        Sign::Digit
    } else {
        Sign::Nothing
    }
}

/// Whether the literal that stands at `at` begins and ends where it must.
pub(super) fn stands(view: &View, at: &Range<usize>) -> bool {
    let byte = |index: usize| view.bytes().get(index).copied().unwrap_or_default();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
    let joined =
        |index: usize| index > 0 && is_word(byte(index - 1)) && is_word(byte(index)) && !view.is_word_start(index);
    !joined(at.start) && !joined(at.end)
}
