//! What the folding pass saw on its way: the classes of characters of a text.
//!
//! Every step after folding that not every text needs asks here first, so that plain talk pays for none of them.

use std::ops::{BitOr, BitOrAssign};

/// Classes of characters, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seen(u32);

impl Seen {
    /// A digit.
    pub const DIGIT: Self = Self(1);
    /// A symbol that can stand for a letter: `@ $ ! | +`.
    pub const LEET_SYMBOL: Self = Self(1 << 1);
    /// A symbol that chat hardly uses, see [`is_rare_symbol`].
    pub const RARE_SYMBOL: Self = Self(1 << 2);
    /// `%`.
    pub const PERCENT: Self = Self(1 << 3);
    /// `&`.
    pub const AMPERSAND: Self = Self(1 << 4);
    /// `\`.
    pub const BACKSLASH: Self = Self(1 << 5);
    /// `=`.
    pub const EQUALS: Self = Self(1 << 6);
    /// `<`.
    pub const ANGLE: Self = Self(1 << 7);
    /// `+`.
    pub const PLUS: Self = Self(1 << 8);
    /// A tab.
    pub const TAB: Self = Self(1 << 9);
    /// `"` or `` ` ``: what quotes pieces of a text. The apostrophe is none, since talk is full of it.
    pub const QUOTE: Self = Self(1 << 10);
    /// A line feed.
    pub const LINE: Self = Self(1 << 11);
    /// An opening bracket: `(`, `[` or `{`.
    pub const BRACKET: Self = Self(1 << 12);
    /// `/`.
    pub const SLASH: Self = Self(1 << 13);
    /// A control character that is no white space.
    pub const CONTROL: Self = Self(1 << 14);
    /// A character outside of ASCII.
    pub const WIDE: Self = Self(1 << 15);
    /// A character outside of ASCII that folds to a letter, digit or symbol of ASCII.
    pub const STYLED: Self = Self(1 << 16);
    /// A character outside of ASCII that nobody sees: it folds to nothing.
    pub const INVISIBLE: Self = Self(1 << 17);
    /// 16 graphic characters of ASCII, or more, without a blank between them.
    pub const LONG_RUN: Self = Self(1 << 18);
    /// A capital or a digit right behind a small letter.
    pub const INNER_CAPITAL: Self = Self(1 << 19);
    /// A letter of ASCII three times in a row, whatever its case.
    pub const TRIPLE: Self = Self(1 << 20);

    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Everything: for a step that no text may skip.
    pub const ALL: Self = Self((1 << 21) - 1);

    /// Whether one of `others` is in the set.
    #[must_use]
    pub const fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Both sets.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// The set as bits, for the tables of the folding pass.
    pub(super) const fn bits(self) -> u32 {
        self.0
    }

    /// The set with these bits.
    pub(super) const fn from_bits(bits: u32) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// The classes of an ASCII character.
    pub(super) const fn of_ascii(byte: u8) -> Self {
        let mut seen = match byte {
            b'0'..=b'9' => Self::DIGIT,
            b'@' | b'$' | b'!' | b'|' => Self::LEET_SYMBOL,
            b'+' => Self::LEET_SYMBOL.with(Self::PLUS),
            b'%' => Self::PERCENT,
            b'&' => Self::AMPERSAND,
            b'\\' => Self::BACKSLASH,
            b'=' => Self::EQUALS,
            b'<' => Self::ANGLE,
            b'\t' => Self::TAB,
            b'"' | b'`' => Self::QUOTE,
            b'\n' => Self::LINE,
            b'(' | b'[' | b'{' => Self::BRACKET,
            b'/' => Self::SLASH,
            b'\r' => Self::NONE,
            _ if byte.is_ascii_control() => Self::CONTROL,
            _ => Self::NONE,
        };
        if is_rare_symbol(byte) {
            seen = seen.with(Self::RARE_SYMBOL);
        }
        seen
    }
}

impl BitOr for Seen {
    type Output = Self;

    fn bitor(self, others: Self) -> Self {
        self.with(others)
    }
}

impl BitOrAssign for Seen {
    fn bitor_assign(&mut self, others: Self) {
        *self = self.with(others);
    }
}

/// Whether this is one of the symbols that mark-up, code and chat templates live on and ordinary talk hardly uses.
#[must_use]
pub const fn is_rare_symbol(byte: u8) -> bool {
    matches!(
        byte,
        b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'|' | b'~' | b'#' | b'$' | b'=' | b'/' | b'\\' | b'`' | b'_'
    )
}

/// The classes of a text, found without folding it into a view.
#[must_use]
pub fn seen(text: &str) -> Seen {
    let mut view = super::view::View::new(super::view::Flavour::Letters);
    view.fill(text);
    view.seen()
}
