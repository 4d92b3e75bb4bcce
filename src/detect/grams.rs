//! Finds many short strings in one pass, without walking an automaton.
//!
//! Every string is represented by its rarest four bytes. The text is probed at every byte: one load, one multiplication and
//! one bit of a map that stays in the first-level cache, with no step depending on the one before and no branch. Only where
//! the bit is set is the text around compared, eight bytes at once. An automaton over the same strings took more than twenty
//! times the memory, and did not fit the cache (RATIONALE.md, "The index").

use std::ops::Range;

use crate::text::vector::{Map, PROBES, REACH, Vector, hash, place, probe};

use super::commonness::rarity;

/// Strings of three bytes and more, found wherever they stand among letters: small ones of ASCII, or of other scripts.
pub(super) struct Grams {
    /// Bit n: some four bytes with hash n represent a string, or begin with one of three.
    map: Box<Map>,
    /// Strings of four bytes and more, by their four rarest.
    long: Table<LONG_BUCKETS>,
    /// Strings of three bytes, by all of them.
    short: Table<SHORT_BUCKETS>,
    strings: Vec<Box<[u8]>>,
    vector: Option<Vector>,
}

const LONG_BUCKETS: usize = 1 << 14;
const SHORT_BUCKETS: usize = 1 << 6;

/// Entries in the order of the hashes of their grams, of which the upper bits choose a bucket.
struct Table<const BUCKETS: usize> {
    entries: Vec<Entry>,
    /// For each bucket, its first entry and the one after its last.
    buckets: Box<[[u32; 2]; BUCKETS]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    hash: u32,
    /// Where the gram stands in its string.
    offset: u32,
    string: u32,
    /// Whether the window holds the whole string.
    whole: bool,
    /// What stands in the [`window`] around the gram, and which of its bytes are the string's.
    letters: u64,
    mask: u64,
}

/// Bytes of a window before its gram.
const BEFORE: usize = 2;
/// Bytes of a window from its gram on.
const AFTER: usize = 8 - BEFORE;

/// Eight bytes around the gram at `at`, zeros where there are none.
#[inline]
fn window(text: &[u8], at: usize) -> u64 {
    if let Some(start) = at.checked_sub(BEFORE)
        && let Some(bytes) = text.get(start..).and_then(|rest| rest.first_chunk())
    {
        return u64::from_le_bytes(*bytes);
    }
    window_at_the_edge(text, at)
}

#[cold]
fn window_at_the_edge(text: &[u8], at: usize) -> u64 {
    let mut bytes = [0; 8];
    for (byte, place) in bytes.iter_mut().zip(at..) {
        *byte = place.checked_sub(BEFORE).and_then(|place| text.get(place)).copied().unwrap_or_default();
    }
    u64::from_le_bytes(bytes)
}

impl<const BUCKETS: usize> Table<BUCKETS> {
    const SHIFT: u32 = u32::BITS - BUCKETS.trailing_zeros();

    fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_unstable();
        let mut buckets = Box::new([[0; 2]; BUCKETS]);
        for (number, entry) in (0..).zip(&entries) {
            if let Some([first, end]) = buckets.get_mut((entry.hash >> Self::SHIFT) as usize) {
                if *end == 0 {
                    *first = number;
                }
                *end = number + 1;
            }
        }
        Self { entries, buckets }
    }

    #[inline]
    fn bucket(&self, gram: u32) -> &[Entry] {
        let [from, to] = self.buckets.get((hash(gram) >> Self::SHIFT) as usize).copied().unwrap_or_default();
        self.entries.get(from as usize..to as usize).unwrap_or_default()
    }

    fn memory(&self) -> usize {
        size_of_val(self.entries.as_slice()) + size_of_val(self.buckets.as_slice())
    }
}

impl Grams {
    /// Prepares to find `strings` of letters. Those of fewer than three bytes are never found.
    pub(super) fn new<'a>(strings: impl Iterator<Item = &'a [u8]>) -> Self {
        Self::by_rarity(strings, rarity)
    }

    /// The same for strings of which `rarity` tells how rare four bytes are in what is searched.
    pub(super) fn by_rarity<'a>(strings: impl Iterator<Item = &'a [u8]>, rarity: impl Fn(&[u8]) -> u32) -> Self {
        let strings: Vec<Box<[u8]>> = strings.map(Into::into).collect();
        let mut map = Box::new([0; _]);
        let mut add = |gram: u32| {
            let (word, bit) = place(gram);
            if let Some(word) = map.get_mut(word) {
                *word |= 1 << bit;
            }
        };
        let (mut long, mut short) = (Vec::with_capacity(strings.len()), Vec::new());
        for (number, string) in (0..).zip(&strings) {
            if let [a, b, c] = string.as_ref() {
                let gram = u32::from_le_bytes([*a, *b, *c, 0]);
                let letters = (b'a'..=b'z').chain(0x80..=u8::MAX);
                letters.for_each(|fourth| add(gram | u32::from(fourth) << 24));
                short.push(Entry::new(gram, string, 0, number));
            } else if let Some((gram, offset)) = rarest(string, &rarity) {
                add(gram);
                long.push(Entry::new(gram, string, offset, number));
            }
        }
        Self { map, long: Table::new(long), short: Table::new(short), strings, vector: Vector::of_this_machine() }
    }

    /// Calls `hit` with the number and the place of every string that stands in `text`; overlapping ones too, and the same
    /// string as often as it stands there. `steps` counts the comparisons down; at 0 the search ends.
    #[inline]
    pub(super) fn search(&self, text: &[u8], steps: &mut u64, mut hit: impl FnMut(usize, Range<usize>, &mut u64)) {
        let mut start = 0;
        while let Some(rest) = text.get(start..)
            && rest.len() >= 4
            && *steps > 0
        {
            let mut hot = if let Some(reach) = rest.first_chunk() {
                self.probe(reach)
            } else {
                let mut padded = [0; REACH];
                if let Some(part) = padded.get_mut(..rest.len()) {
                    part.copy_from_slice(rest);
                }
                let grams = rest.len() - 3;
                self.probe(&padded) & u32::MAX >> PROBES.saturating_sub(grams)
            };
            while hot != 0 {
                self.compare(text, start + hot.trailing_zeros() as usize, steps, &mut hit);
                hot &= hot - 1;
            }
            start += PROBES;
        }
        // The last three bytes have no fourth.
        if let Some(at) = text.len().checked_sub(3)
            && !self.short.entries.is_empty()
        {
            self.compare(text, at, steps, &mut hit);
        }
    }

    /// For each of the first 32 bytes, whether a string may be represented by the four from there.
    #[inline]
    fn probe(&self, text: &[u8; REACH]) -> u32 {
        match self.vector {
            Some(vector) => vector.probe(&self.map, text),
            None => probe(&self.map, text),
        }
    }

    /// Compares what stands at `at` with all that it may be.
    #[inline]
    fn compare(&self, text: &[u8], at: usize, steps: &mut u64, hit: &mut impl FnMut(usize, Range<usize>, &mut u64)) {
        let window = window(text, at);
        let gram = (window >> (8 * BEFORE)) as u32;
        // Whatever comes after the last three bytes, it is no gram of four.
        let long = if at + 4 <= text.len() { self.long.bucket(gram) } else { &[] };
        for entries in [long, self.short.bucket(gram & 0x00ff_ffff)] {
            // A bucket is paid for at once; one that is more than what is left is not looked into.
            *steps = steps.saturating_sub(entries.len() as u64);
            if *steps == 0 {
                return;
            }
            for entry in entries {
                if window & entry.mask == entry.letters {
                    self.confirm(entry, text, at, steps, hit);
                    if *steps == 0 {
                        return;
                    }
                }
            }
        }
    }

    #[inline(never)]
    fn confirm(
        &self,
        entry: &Entry,
        text: &[u8],
        at: usize,
        steps: &mut u64,
        hit: &mut impl FnMut(usize, Range<usize>, &mut u64),
    ) {
        let Some(string) = self.strings.get(entry.string as usize) else { return };
        let Some(start) = at.checked_sub(entry.offset as usize) else { return };
        let place = start..start + string.len();
        if entry.whole && place.end <= text.len() || text.get(place.clone()) == Some(string) {
            hit(entry.string as usize, place, steps);
        }
    }

    /// Bytes in memory.
    pub(super) fn memory(&self) -> usize {
        let strings = self.strings.iter().map(|string| string.len() + size_of::<Box<[u8]>>());
        size_of_val(&*self.map) + self.long.memory() + self.short.memory() + strings.sum::<usize>()
    }
}

impl Entry {
    fn new(gram: u32, string: &[u8], offset: u32, number: u32) -> Self {
        let at = offset as usize;
        let mask = (0..8).zip((at..).map(|place| place.checked_sub(BEFORE))).fold(0, |mask, (byte, place)| {
            if place.is_some_and(|place| place < string.len()) { mask | 0xff << (8 * byte) } else { mask }
        });
        let whole = at <= BEFORE && string.len() <= at + AFTER;
        Self { hash: hash(gram), offset, string: number, whole, letters: window_at_the_edge(string, at), mask }
    }
}

/// The four bytes of a string that are rarest in ordinary text, and where they stand; none in a shorter string.
fn rarest(string: &[u8], rarity: impl Fn(&[u8]) -> u32) -> Option<(u32, u32)> {
    let (offset, window) = (0_u32..).zip(string.windows(4)).max_by_key(|(_, window)| rarity(window))?;
    Some((u32::from_le_bytes(window.try_into().ok()?), offset))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aho_corasick::{AhoCorasick, MatchKind};
    use proptest::prelude::*;

    use super::*;

    fn found(strings: &[String], text: &str) -> BTreeSet<(usize, usize, usize)> {
        let grams = Grams::new(strings.iter().map(String::as_bytes));
        let mut seen = BTreeSet::new();
        grams.search(text.as_bytes(), &mut u64::MAX.clone(), |string, at, _| {
            assert!(seen.insert((string, at.start, at.end)), "told twice");
        });
        seen
    }

    proptest! {
        /// Aho-Corasick is the reference.
        #[test]
        fn finds_what_an_automaton_finds(
            strings in prop::collection::btree_set("[ab]{3,5}|[a-c]{3,9}|[xé忽]{1,4}xxx", 1..30),
            text in "[abc]{0,60}|[abcxé忽]{0,40}",
        ) {
            let strings: Vec<String> = strings.into_iter().collect();
            let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&strings).unwrap();
            let expected: BTreeSet<_> = automaton
                .find_overlapping_iter(&text)
                .map(|found| (found.pattern().as_usize(), found.start(), found.end()))
                .collect();
            prop_assert_eq!(found(&strings, &text), expected);
        }
    }

    proptest! {
        /// The vector probe and its scalar twin.
        #[test]
        fn many_probes_at_once_are_the_same_as_one_by_one(
            strings in prop::collection::vec("[a-e]{3,6}", 1..60),
            text in prop::array::uniform32(b'a'..b'g'),
        ) {
            let grams = Grams::new(strings.iter().map(String::as_bytes));
            let mut reach = [b'a'; REACH];
            reach[..32].copy_from_slice(&text);
            let fast = grams.vector.map(|vector| vector.probe(&grams.map, &reach));
            prop_assert_eq!(fast.unwrap_or_else(|| probe(&grams.map, &reach)), probe(&grams.map, &reach));
        }
    }

    #[test]
    fn stops_when_the_steps_are_spent() {
        let grams = Grams::new([b"abcd".as_slice()].into_iter());
        let (mut steps, mut hits) = (3, 0);
        grams.search("abcd".repeat(10).as_bytes(), &mut steps, |_, _, _| hits += 1);
        assert_eq!((steps, hits), (0, 2));
    }
}
