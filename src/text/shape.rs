//! The classes that more than one character makes: long runs, capitals within words, letters three times in a row.

use super::seen::Seen;
use super::vector::Block;

/// Characters without a blank that count as a long run.
const LONG_RUN: u32 = 16;

/// What the bytes before are to those that follow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// Graphic characters up to here.
    run: u32,
    /// Whether the byte before is a small letter.
    small: bool,
    /// The byte before, as a small letter; 0 if it is none.
    last: u8,
    /// Whether the two bytes before are one letter.
    double: bool,
}

impl Shape {
    /// The byte before, as a small letter; 0 if it is none.
    pub(super) const fn last(self) -> u8 {
        self.last
    }

    /// Goes on over bytes.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Seen {
        let mut seen = Seen::NONE;
        for byte in bytes {
            self.run = if byte.is_ascii_graphic() { self.run + 1 } else { 0 };
            if self.run == LONG_RUN {
                seen |= Seen::LONG_RUN;
            }
            if self.small && (byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
                seen |= Seen::INNER_CAPITAL;
            }
            self.small = byte.is_ascii_lowercase();
            let letter = small_letter(*byte);
            let double = letter != 0 && letter == self.last;
            if double && self.double {
                seen |= Seen::TRIPLE;
            }
            (self.last, self.double) = (letter, double);
        }
        seen
    }

    /// Goes on over a block, of which `end` is the last byte.
    #[inline]
    pub(super) const fn block(&mut self, block: &Block, end: u8) -> Seen {
        let mut seen = Seen::NONE;
        let graphic = block.graphic;
        // Ones of 2, 4, 8 and 16 in a row.
        let rows = graphic & graphic >> 1;
        let rows = rows & rows >> 2;
        let rows = rows & rows >> 4;
        if rows & rows >> 8 != 0 || self.run.saturating_add(graphic.trailing_ones()) >= LONG_RUN {
            seen = seen.with(Seen::LONG_RUN);
        }
        self.run = if graphic == u64::MAX { self.run.saturating_add(u64::BITS) } else { graphic.leading_ones() };
        if (block.small << 1 | self.small as u64) & block.heads != 0 {
            seen = seen.with(Seen::INNER_CAPITAL);
        }
        self.small = block.small >> 63 == 1;
        if (block.doubles << 1 | self.double as u64) & block.doubles != 0 {
            seen = seen.with(Seen::TRIPLE);
        }
        self.double = block.doubles >> 63 == 1;
        self.last = small_letter(end);
        seen
    }
}

const fn small_letter(byte: u8) -> u8 {
    if byte.is_ascii_alphabetic() { byte | 0x20 } else { 0 }
}
