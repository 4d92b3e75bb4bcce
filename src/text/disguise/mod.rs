//! Disguises: ways to hide a text that the detector sees through.
//!
//! A disguise is a promise: whatever a rule finds in `text` it also finds in `apply(text)`, provided that
//! `applies(text)`. Tests, fuzz targets and reports go through [`all`] and hold the detector to it; the detector itself
//! never uses this module. To add a disguise, add a file and a line to [`all`].
//!
//! A disguise has no dice: the same text gives the same outcome, so that a report can be repeated.

mod alternating;
mod base64;
mod combining;
mod dotted;
mod fullwidth;
mod hex;
mod homoglyph;
mod leet;
mod maths_bold;
mod reversed;
mod spaced;
mod traits;
mod zero_width;

use crate::verdict::Step;

pub use traits::Traits;

/// A way to hide a text.
#[derive(Clone, Copy, Debug)]
pub struct Disguise {
    /// Its id in the catalogue of disguises that the project was built from, such as `A04`; `X` and a number for those
    /// that it lacks. Unique and stable.
    pub id: &'static str,
    /// Its name, unique and stable, such as `hex-spaced`.
    pub name: &'static str,
    /// Whether it hides such a text in a way that can be undone: its precondition. Where this is false, `apply` promises
    /// nothing.
    pub applies: fn(&str) -> bool,
    /// The text, disguised.
    pub apply: fn(&str) -> String,
    /// What must survive of the outcome so that it can be undone.
    pub needs: Traits,
    /// What does not survive of the text.
    pub loses: Traits,
    /// What undoes it.
    pub undone_by: UndoneBy,
}

impl Disguise {
    /// Whether `self`, put on a text that wears `inner`, leaves what undoes `inner`.
    #[must_use]
    pub const fn goes_over(&self, inner: &Self) -> bool {
        !self.loses.any(inner.needs)
    }
}

/// What undoes a disguise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoneBy {
    /// The view of raw characters: nothing that a rule looks at was changed.
    Nothing,
    /// The folding of characters. Words, digits and punctuation stay what they are, so literals survive as well.
    Fold,
    /// The view of letters only. Words run together: short phrases and what is not made of letters do not survive.
    LettersOnly,
    /// A view of its own, which a finding names in `via`.
    Step(Step),
}

/// All disguises, in the order of the alphabet.
#[must_use]
pub const fn all() -> &'static [Disguise] {
    &[
        alternating::ALTERNATING,
        base64::STANDARD,
        base64::URL_SAFE,
        base64::WRAPPED,
        combining::COMBINING,
        dotted::DOTTED,
        fullwidth::FULLWIDTH,
        hex::CONTIGUOUS,
        hex::ESCAPED,
        hex::PREFIXED,
        hex::SPACED,
        homoglyph::HOMOGLYPH,
        leet::DIGITS,
        leet::SYMBOLS,
        maths_bold::MATHS_BOLD,
        reversed::REVERSED,
        spaced::SPACED,
        zero_width::ZERO_WIDTH,
    ]
}

/// The detector finds phrases of this many letters without their words' boundaries; shorter ones may not survive a
/// disguise that destroys these.
const LEAST_LETTERS: usize = 12;

fn has_letters_enough(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_LETTERS
}

fn has_ascii_letters(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_alphabetic())
}

/// Puts `between` between letters that stand side by side.
fn between_letters(text: &str, between: char) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut after_letter = false;
    for c in text.chars() {
        if after_letter && c.is_alphabetic() {
            out.push(between);
        }
        after_letter = c.is_alphabetic();
        out.push(c);
    }
    out
}

/// Replaces each character by its partner in `pairs`.
fn replaced(text: &str, pairs: &[(char, char)]) -> String {
    let partner = |c| pairs.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
    text.chars().map(partner).collect()
}

#[cfg(test)]
mod tests;
