//! The text in which formats are looked for, and where it was looked beyond its end.

use std::cell::Cell;
use std::ops::Range;

use super::set::Set;

/// A text, and how many of its bytes were looked at. Every loop over the text goes through here, so that the count tells what
/// a search took.
///
/// INVARIANT: whoever's answer could be another if the text went on has met its end here. So what a format says at a place
/// without meeting the end, it says there whatever follows; and what may still be found begins at [`begun`](Self::begun) at
/// the earliest.
#[derive(Debug)]
pub(super) struct Hay<'a> {
    bytes: &'a [u8],
    looked: Cell<u64>,
    /// Where what is tried now may begin.
    tried: Cell<usize>,
    /// The first place of those that were tried and met the end.
    begun: Cell<usize>,
}

impl<'a> Hay<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        Self { bytes, looked: Cell::new(0), tried: Cell::new(bytes.len()), begun: Cell::new(bytes.len()) }
    }

    pub(super) fn len(&self) -> usize {
        self.meet_end();
        self.bytes.len()
    }

    /// From here on something is tried that may begin at `at`, and not before.
    pub(super) fn try_at(&self, at: usize) {
        self.tried.set(at);
    }

    /// From here on nothing is tried until the next place to try is found.
    pub(super) fn try_nothing(&self) {
        self.tried.set(self.bytes.len());
    }

    /// What is tried now may be found if the text goes on.
    pub(super) fn meet_end(&self) {
        self.begun.set(self.begun.get().min(self.tried.get()));
    }

    /// Where something may begin that is not found, or is found otherwise, if the text goes on; its end, where nothing may.
    pub(super) const fn begun(&self) -> usize {
        self.begun.get()
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
        self.bytes.get(at).copied().unwrap_or_else(|| {
            self.meet_end();
            0
        })
    }

    /// The byte before; NUL before the start.
    pub(super) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.at(at))
    }

    /// The bytes of a range; none where it is not within the text.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a [u8] {
        if range.end > self.bytes.len() {
            self.meet_end();
        }
        self.bytes.get(range).unwrap_or_default()
    }

    /// The bytes of a range as text.
    pub(super) fn text(&self, range: Range<usize>) -> &'a str {
        std::str::from_utf8(self.slice(range)).unwrap_or_default()
    }

    /// Whether the text goes on with these bytes there.
    pub(super) fn starts(&self, at: usize, text: &str) -> bool {
        let rest = self.bytes.get(at..).unwrap_or_default();
        if rest.len() < text.len() && text.as_bytes().starts_with(rest) {
            self.meet_end();
        }
        rest.starts_with(text.as_bytes())
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
        if run == rest.len() && run < most {
            self.meet_end();
        }
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
        if found.is_none() && rest.len() < most {
            self.meet_end();
        }
        found.map(|found| at + found)
    }

    /// The next place from `at` on where something may begin: the first byte for which `is` holds. It is tried from then on.
    pub(super) fn next(&self, at: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
        self.try_nothing();
        let found = self.find(at, usize::MAX, is)?;
        self.try_at(found);
        Some(found)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::formats::set::DIGIT;

    #[test]
    fn who_looks_beyond_the_end_has_met_it() {
        // (what is done with `ab12`, whether the answer could be another if the text went on)
        type Case = (fn(&Hay<'_>), bool);
        let cases: &[Case] = &[
            (|hay| _ = hay.at(3), false),
            (|hay| _ = hay.at(4), true),
            (|hay| _ = hay.slice(1..4), false),
            (|hay| _ = hay.slice(1..5), true),
            (|hay| _ = hay.starts(2, "12"), false),
            (|hay| _ = hay.starts(2, "123"), true),
            (|hay| _ = hay.starts(2, "133"), false),
            (|hay| _ = hay.starts_folded(0, "AB123"), true),
            (|hay| _ = hay.run(0, DIGIT, 9), false),
            (|hay| _ = hay.run(2, DIGIT, 2), false),
            (|hay| _ = hay.run(2, DIGIT, 3), true),
            (|hay| _ = hay.run_back(4, DIGIT, 9), false),
            (|hay| _ = hay.find(0, 9, |byte| byte == b'1'), false),
            (|hay| _ = hay.find(0, 4, |byte| byte == b'x'), false),
            (|hay| _ = hay.find(0, 5, |byte| byte == b'x'), true),
            (|hay| _ = hay.holds(0..5, &["x"]), true),
            (|hay| _ = hay.next(0, |byte| byte == b'x'), false),
        ];
        for (number, (ask, meets)) in cases.iter().enumerate() {
            let hay = Hay::new("ab12");
            hay.try_at(1);
            ask(&hay);
            assert_eq!(hay.begun(), if *meets { 1 } else { 4 }, "case {number}");
        }
    }
}
