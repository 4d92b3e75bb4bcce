//! What a sequence of two symbols says: text, eight bits a character or seven, or as many as stand together, or Bacon's
//! cipher.

use std::ops::Range;

use super::Found;
use super::readable::{plausible, readable, spoken};
use crate::verdict::Step;

/// Bits that are worth reading, as those of eight characters.
pub(super) const LEAST_BITS: usize = 56;
/// Letters in Bacon's cipher that are worth reading.
const LEAST_LETTERS: usize = 12;
/// Bytes that are worth reading.
const LEAST_BYTES: usize = 7;

/// Bits, and where they stand.
#[derive(Debug, Default)]
pub(super) struct Bits {
    bits: Vec<bool>,
    places: Vec<Range<usize>>,
    /// The bits behind which something else stands.
    breaks: Vec<usize>,
}

impl Bits {
    pub(super) fn push(&mut self, bit: bool, place: Range<usize>) {
        self.bits.push(bit);
        self.places.push(place);
    }

    pub(super) fn pop(&mut self) {
        self.bits.pop();
        self.places.pop();
    }

    /// A blank or a comma.
    pub(super) fn part(&mut self) {
        if self.breaks.last() != Some(&self.bits.len()) && !self.bits.is_empty() {
            self.breaks.push(self.bits.len());
        }
    }

    pub(super) fn clear(&mut self) {
        self.bits.clear();
        self.places.clear();
        self.breaks.clear();
    }

    pub(super) fn last_end(&self) -> usize {
        self.places.last().map_or(0, |place| place.end)
    }

    /// Reads bytes of eight bits, then of seven, at every offset, then those that stand together. True if one of them is
    /// text from end to end. `flip` exchanges the two symbols.
    pub(super) fn text(&self, flip: bool, found: &mut Found) -> bool {
        if self.bits.len() < LEAST_BITS {
            return false;
        }
        for width in [8, 7] {
            for skipped in 0..width {
                let bits = self.bits.get(skipped..).unwrap_or_default();
                let bytes: Vec<u8> =
                    bits.chunks(width).filter(|c| c.len() == width).map(|bits| value(bits, flip)).collect();
                let ends = |byte: usize| skipped + byte * width;
                if self.keep(&bytes, ends, found) {
                    return true;
                }
            }
        }
        !self.breaks.is_empty() && self.grouped(flip, found)
    }

    /// Reads what stands together as one character, however many leading zeros are missing.
    fn grouped(&self, flip: bool, found: &mut Found) -> bool {
        let mut bytes = Vec::with_capacity(self.breaks.len() + 1);
        let mut ends = vec![0];
        for end in self.breaks.iter().copied().chain([self.bits.len()]) {
            let start = ends.last().copied().unwrap_or_default();
            let bits = self.bits.get(start..end).unwrap_or_default();
            if !bits.is_empty() {
                bytes.push(if bits.len() <= 8 { value(bits, flip) } else { 0 });
                ends.push(end);
            }
        }
        self.keep(&bytes, |byte| ends.get(byte).copied().unwrap_or(usize::MAX), found)
    }

    /// Gives what in `bytes` looks like words. True if it is all of them. `ends` says how many bits stand before a byte.
    fn keep(&self, bytes: &[u8], ends: impl Fn(usize) -> usize, found: &mut Found) -> bool {
        let mut complete = false;
        for (range, text) in readable(bytes, LEAST_BYTES).parts {
            let first = self.places.get(ends(range.start));
            let last = ends(range.end).checked_sub(1).and_then(|last| self.places.get(last));
            if let (Some(first), Some(last)) = (first, last)
                && (plausible(&text)
                    || text.len() >= LEAST_BYTES && spoken(&text) && text.chars().all(char::is_alphanumeric))
            {
                found.keep(first.start..last.end, text, Step::Binary);
                complete = range.len() == bytes.len();
            }
        }
        complete
    }

    /// Reads Bacon's cipher with 24 letters, where I and J are one, and U and V, or with 26. True if something was given.
    pub(super) fn bacon(&self, flip: bool, found: &mut Found) -> bool {
        const SHORT: &[u8] = b"abcdefghiklmnopqrstuwxyz";
        const LONG: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
        if self.bits.len() < LEAST_LETTERS * 5 {
            return false;
        }
        let Some(first) = self.places.first() else { return false };
        let mut given = false;
        for alphabet in [SHORT, LONG] {
            let letters = self.bits.chunks_exact(5).map(|bits| alphabet.get(usize::from(value(bits, flip))));
            let text: Option<String> = letters.map(|letter| letter.map(|letter| char::from(*letter))).collect();
            // Which alphabet was meant cannot be told with certainty.
            if let Some(text) = text.filter(|text| spoken(text)) {
                found.keep(first.start..self.last_end(), text, Step::Bacon);
                given = true;
            }
        }
        given
    }
}

fn value(bits: &[bool], flip: bool) -> u8 {
    bits.iter().fold(0, |value, bit| value << 1 | u8::from(*bit != flip))
}
