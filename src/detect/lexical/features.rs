//! What the lexical model sees of a text: words, pairs and triples of words, each as a number.

use std::ops::Range;

use crate::text::lexicon::hashed;
use crate::text::view::View;

/// Bits of the number of a feature.
pub(super) const BITS: u32 = 18;
/// Words of a window. A text is seen through windows, so that an attack in a long document weighs what it weighs alone.
pub const WINDOW: usize = 64;
/// Words from the beginning of one window to that of the next.
pub const STRIDE: usize = WINDOW / 2;

/// The features of one window, each once: its number, the number of its words, and the place of the last of them among the
/// words of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Feature {
    pub(super) number: u32,
    pub(super) words: usize,
    pub(super) last: usize,
}

/// The words of a text, and which features of a window were seen. Buffers of one thread, kept from text to text.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    /// The hash of each word, and where it ends in the view.
    words: Vec<(u64, usize)>,
    /// Features of the window at hand, by the lower bits of their numbers: the number below, the mark of the window above.
    seen: [u32; SLOTS],
    window: u32,
}

/// Slots of the table of what was seen: a power of two, several times the features of a window.
const SLOTS: usize = 1 << 10;

impl Words {
    pub(crate) const fn new() -> Self {
        Self { words: Vec::new(), seen: [0; SLOTS], window: 0 }
    }

    /// Takes the words of a view. One pass over its marks, and a hash of each word.
    pub(super) fn fill(&mut self, view: &View) {
        self.words.clear();
        let (bytes, mut start) = (view.bytes(), 0);
        for block in (0..=bytes.len()).step_by(64) {
            // The text begins with a word, which ends none.
            let mut marks = view.word_starts(block) & if block == 0 { !1 } else { u64::MAX };
            while marks != 0 {
                let end = block + marks.trailing_zeros() as usize;
                marks &= marks - 1;
                self.words.push((hashed(bytes.get(start..end).unwrap_or_default()), end));
                start = end;
            }
        }
    }

    /// The windows, as ranges of words. Every text has one.
    pub(super) fn windows(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let count = self.words.len();
        let starts = (0..).step_by(STRIDE).take_while(move |start| *start == 0 || start + STRIDE < count);
        starts.map(move |start| start..(start + WINDOW).min(count))
    }

    /// Shows the features of a window, each once. Costs some dozen steps a word.
    #[inline]
    pub(super) fn features(&mut self, window: Range<usize>, mut show: impl FnMut(Feature)) {
        // Marks of windows are what is left of 32 bits; when they are used up, the table is cleared.
        if self.window == 0 || self.window >= u32::MAX >> BITS {
            self.seen = [0; SLOTS];
            self.window = 0;
        }
        self.window += 1;
        let mark = self.window << BITS;
        let (mut before, mut first) = (None, None);
        for (last, (word, _)) in window.clone().zip(self.words.get(window).unwrap_or_default()) {
            let pair = before.map(|before: u64| before.rotate_left(21).wrapping_mul(FACTOR) ^ word);
            let triple = first.map(|first: u64| first.rotate_left(21).wrapping_mul(FACTOR) ^ word);
            for (words, hash) in (1..).zip([Some(*word), pair, triple]) {
                let Some(hash) = hash else { continue };
                let number = number(hash, words);
                if is_new(&mut self.seen, number | mark) {
                    show(Feature { number, words, last });
                }
            }
            (before, first) = (Some(*word), pair);
        }
    }

    /// Where the words of a feature stand in the view.
    pub(super) fn place(&self, feature: Feature) -> Range<usize> {
        let end = |word: usize| self.words.get(word).map_or(0, |(_, end)| *end);
        let start = (feature.last + 1).checked_sub(feature.words).and_then(|first| first.checked_sub(1)).map_or(0, end);
        start..end(feature.last)
    }

    /// Where each word of a feature stands in the view.
    pub(super) fn places(&self, feature: Feature) -> impl Iterator<Item = Range<usize>> {
        let first = (feature.last + 1).saturating_sub(feature.words);
        (first..=feature.last).map(move |last| self.place(Feature { words: 1, last, ..feature }))
    }
}

/// An odd number without a pattern.
const FACTOR: u64 = 0x9fb2_1c65_1e98_df25;

/// The number of a feature: the upper bits of a product, which every bit of the hash reaches.
const fn number(hash: u64, words: usize) -> u32 {
    (hash.wrapping_add(words as u64).wrapping_mul(FACTOR) >> (u64::BITS - BITS)) as u32
}

/// Whether a feature is seen for the first time; from now on it is not.
///
/// Of two features with one slot the later takes it, so that one which comes again after the other counts twice. That is rare,
/// and the same where weights are made and where they are used.
#[inline]
fn is_new(seen: &mut [u32; SLOTS], entry: u32) -> bool {
    let Some(held) = seen.get_mut(entry as usize % SLOTS) else { return true };
    let new = *held != entry;
    *held = entry;
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::view::Flavour;

    fn words(text: &str) -> Words {
        let mut view = View::new(Flavour::Letters);
        view.fill(text);
        let mut words = Words::new();
        words.fill(&view);
        words
    }

    fn features(words: &mut Words, window: Range<usize>) -> Vec<Feature> {
        let mut features = Vec::new();
        words.features(window, |feature| features.push(feature));
        features
    }

    #[test]
    fn words_pairs_and_triples_are_seen_once_a_window() {
        let mut words = words("Go on, go on! Go?");
        let found = features(&mut words, 0..5);
        let shapes: Vec<(usize, usize)> = found.iter().map(|feature| (feature.words, feature.last)).collect();
        // go, on, go on, (go) on go, go on go, (on go) on go on; the rest repeats.
        assert_eq!(shapes, [(1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3)]);
        assert_eq!(features(&mut words, 0..5), found, "the window before leaves nothing behind");
        let place = words.place(found[4]);
        assert_eq!(place, 0..6);
    }

    #[test]
    fn the_order_of_words_tells() {
        let numbers = |text: &str| {
            let found = features(&mut words(text), 0..3);
            found.into_iter().filter(|feature| feature.words > 1).map(|feature| feature.number).collect::<Vec<_>>()
        };
        assert_ne!(numbers("all previous rules"), numbers("rules previous all"));
    }

    #[test]
    fn windows_overlap_by_half_and_cover_the_text() {
        let cases: [(usize, &[(usize, usize)]); 4] =
            [(0, &[(0, 0)]), (5, &[(0, 5)]), (64, &[(0, 64)]), (97, &[(0, 64), (32, 96), (64, 97)])];
        for (count, windows) in cases {
            let found = words(&"a ".repeat(count)).windows().map(|window| (window.start, window.end));
            assert_eq!(found.collect::<Vec<_>>(), windows, "{count}");
        }
    }

    #[test]
    fn marks_of_windows_begin_anew_when_they_are_used_up() {
        let mut words = words("one two three");
        let found = features(&mut words, 0..3);
        for _ in 0..(1 << (32 - BITS)) + 3 {
            assert_eq!(features(&mut words, 0..3).len(), found.len());
        }
    }
}
