//! The text in which formats are looked for.

use std::cell::Cell;
use std::ops::Range;

use super::set::Set;

/// A text, and how many of its bytes were looked at. Every loop over the text goes through here, so that the count tells what
/// a search took.
#[derive(Debug)]
pub(super) struct Hay<'a> {
    bytes: &'a [u8],
    looked: Cell<u64>,
}

impl<'a> Hay<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), looked: Cell::new(0) }
    }

    pub(super) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Bytes that were looked at so far.
    pub(super) const fn looked(&self) -> u64 {
        self.looked.get()
    }

    fn look(&self, bytes: usize) {
        self.looked.set(self.looked.get().saturating_add(bytes as u64));
    }

    /// The byte there; NUL beyond the end.
    pub(super) fn at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    /// The byte before; NUL before the start.
    pub(super) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.at(at))
    }

    /// The bytes of a range; none where it is not within the text.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// The bytes of a range as text.
    pub(super) fn text(&self, range: Range<usize>) -> &'a str {
        std::str::from_utf8(self.slice(range)).unwrap_or_default()
    }

    /// Whether the text goes on with these bytes there.
    pub(super) fn starts(&self, at: usize, text: &str) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }

    /// The same, whatever the case.
    pub(super) fn starts_folded(&self, at: usize, text: &str) -> bool {
        self.slice(at..at.saturating_add(text.len())).eq_ignore_ascii_case(text.as_bytes()) && !text.is_empty()
    }

    /// How many bytes from there on are of the set, `most` at most.
    pub(super) fn run(&self, at: usize, set: Set, most: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let run = rest.iter().take(most).take_while(|byte| set.has(**byte)).count();
        self.look(run + 1);
        run
    }

    /// How many bytes up to there are of the set, `most` at most.
    pub(super) fn run_back(&self, at: usize, set: Set, most: usize) -> usize {
        let rest = self.bytes.get(..at).unwrap_or_default();
        let run = rest.iter().rev().take(most).take_while(|byte| set.has(**byte)).count();
        self.look(run + 1);
        run
    }

    /// Where the first byte for which `is` holds stands, from `at` on, within `most` bytes.
    pub(super) fn find(&self, at: usize, most: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let found = rest.iter().take(most).position(|byte| is(*byte));
        self.look(found.unwrap_or(most.min(rest.len())) + 1);
        found.map(|found| at + found)
    }

    /// Whether one of `words` stands in a range, whatever the case. The words are in small letters.
    pub(super) fn holds(&self, range: Range<usize>, words: &[&str]) -> bool {
        let part = self.slice(range);
        self.look(part.len());
        holds(part, words)
    }
}

/// Whether one of `words`, which are in small letters, stands in `bytes`, whatever the case.
pub(super) fn holds(bytes: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}
