//! What of a text a disguise lives on, and what it takes away.

use std::ops::BitOr;

/// Properties of a text that a disguise may need or lose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits(u16);

impl Traits {
    /// None.
    pub const NONE: Self = Self(0);
    /// Which letters are capitals.
    pub const CASE: Self = Self(1);
    /// The digits.
    pub const DIGITS: Self = Self(1 << 1);
    /// The punctuation of ASCII.
    pub const SYMBOLS: Self = Self(1 << 2);
    /// Where words begin.
    pub const WORDS: Self = Self(1 << 3);
    /// Which blanks stand between words, and how many.
    pub const BLANKS: Self = Self(1 << 4);
    /// Where lines begin.
    pub const LINES: Self = Self(1 << 5);
    /// Characters that stood side by side still do.
    pub const RUNS: Self = Self(1 << 6);
    /// Characters outside of ASCII, as they are, invisible ones too.
    pub const WIDE: Self = Self(1 << 7);
    /// The order of the characters.
    pub const ORDER: Self = Self(1 << 8);

    /// Both.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether one of `others` is among these.
    #[must_use]
    pub const fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }
}

impl BitOr for Traits {
    type Output = Self;

    fn bitor(self, others: Self) -> Self {
        self.with(others)
    }
}

/// What encodings with letters of both cases, digits and symbols live on.
pub(super) const ENCODED: Traits =
    Traits::CASE.with(Traits::DIGITS).with(Traits::SYMBOLS).with(Traits::RUNS).with(Traits::ORDER);
/// What numbers live on.
pub(super) const NUMBERS: Traits = Traits::DIGITS.with(Traits::RUNS).with(Traits::ORDER);
/// What numbers with signs around them live on: escapes, entities, percent signs.
pub(super) const ESCAPES: Traits = NUMBERS.with(Traits::SYMBOLS);
/// What codes that know nothing but letters lose.
pub(super) const ALL_BUT_LETTERS: Traits = Traits::CASE
    .with(Traits::DIGITS)
    .with(Traits::SYMBOLS)
    .with(Traits::WORDS)
    .with(Traits::BLANKS)
    .with(Traits::LINES)
    .with(Traits::WIDE);
