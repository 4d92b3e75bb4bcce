//! Finds many short strings in one pass, without walking an automaton.
//!
//! Every string is represented by its rarest four bytes. The text is probed at every byte: one load, one multiplication and
//! one bit of a map that stays in the first-level cache, with no step depending on the one before. Only where the bit is
//! set are strings compared. An automaton over the same strings took more than twenty times the memory, and did not fit the
//! cache (RATIONALE.md, "The index").

use std::ops::Range;

/// Bits of the map, as a power of two: 32 KiB.
const MAP_BITS: u32 = 18;
const WORDS: usize = 1 << (MAP_BITS - 6);
/// Bits of the hash that choose a bucket.
const BUCKET_BITS: u32 = 14;

/// Strings of three bytes and more, found wherever they stand.
pub(super) struct Grams {
    /// Bit n: some four bytes with hash n represent a string.
    map: Box<[u64; WORDS]>,
    /// The same for strings of three bytes, by the hash of all three.
    short: Option<Box<[u64; WORDS]>>,
    /// The representatives, in the order of their hashes.
    entries: Vec<Entry>,
    /// For each bucket of hashes, its first entry.
    buckets: Vec<u32>,
    strings: Vec<Box<[u8]>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    hash: u32,
    /// The representative, in the low three or all four bytes.
    gram: u32,
    /// Where it stands in its string.
    offset: u32,
    string: u32,
}

const fn hash(gram: u32) -> u32 {
    gram.wrapping_mul(0x9e37_79b1)
}

impl Grams {
    /// Prepares to find `strings`. Those of fewer than three bytes are never found.
    pub(super) fn new<'a>(strings: impl Iterator<Item = &'a [u8]>) -> Self {
        let strings: Vec<Box<[u8]>> = strings.map(Into::into).collect();
        let mut map = Box::new([0; WORDS]);
        let mut short: Option<Box<[u64; WORDS]>> = None;
        let mut entries = Vec::with_capacity(strings.len());
        for (number, string) in (0..).zip(&strings) {
            let (gram, offset) = match string.as_ref() {
                [a, b, c] => (u32::from_le_bytes([*a, *b, *c, 0]), 0),
                string => match rarest(string) {
                    Some(found) => found,
                    None => continue,
                },
            };
            let map = if string.len() == 3 { short.get_or_insert_with(|| Box::new([0; WORDS])) } else { &mut map };
            let hash = hash(gram);
            if let Some(word) = map.get_mut((hash >> (32 - MAP_BITS + 6)) as usize) {
                *word |= 1 << (hash >> (32 - MAP_BITS) & 63);
            }
            entries.push(Entry { hash, gram, offset, string: number });
        }
        entries.sort_unstable();
        let mut buckets = vec![0; (1 << BUCKET_BITS) + 1];
        for entry in &entries {
            if let Some(count) = buckets.get_mut((entry.hash >> (32 - BUCKET_BITS)) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut buckets {
            sum += *count;
            *count = sum;
        }
        Self { map, short, entries, buckets, strings }
    }

    /// Calls `hit` with the number and the place of every string that stands in `text`; overlapping ones too, and the same
    /// string as often as it stands there. `steps` counts the comparisons down; at 0 the search ends.
    #[inline]
    pub(super) fn search(&self, text: &[u8], steps: &mut u64, mut hit: impl FnMut(usize, Range<usize>, &mut u64)) {
        for (at, window) in text.windows(4).enumerate() {
            let Ok(bytes) = <[u8; 4]>::try_from(window) else { return };
            let gram = u32::from_le_bytes(bytes);
            if is_set(&self.map, gram) {
                self.compare(text, at, gram, false, steps, &mut hit);
            }
            if let Some(short) = &self.short
                && is_set(short, gram & 0x00ff_ffff)
            {
                self.compare(text, at, gram & 0x00ff_ffff, true, steps, &mut hit);
            }
        }
        // The last three bytes have no fourth.
        if let (Some(_), Some(at)) = (&self.short, text.len().checked_sub(3))
            && let Some([a, b, c]) = text.get(at..)
        {
            self.compare(text, at, u32::from_le_bytes([*a, *b, *c, 0]), true, steps, &mut hit);
        }
    }

    #[inline(never)]
    fn compare(
        &self,
        text: &[u8],
        at: usize,
        gram: u32,
        short: bool,
        steps: &mut u64,
        hit: &mut impl FnMut(usize, Range<usize>, &mut u64),
    ) {
        let hash = hash(gram);
        let bucket = (hash >> (32 - BUCKET_BITS)) as usize;
        let (Some(from), Some(to)) = (self.buckets.get(bucket), self.buckets.get(bucket + 1)) else { return };
        for entry in self.entries.get(*from as usize..*to as usize).unwrap_or_default() {
            if entry.gram != gram {
                continue;
            }
            let Some(left) = steps.checked_sub(1) else { return };
            *steps = left;
            let Some(string) = self.strings.get(entry.string as usize) else { continue };
            let Some(start) = at.checked_sub(entry.offset as usize) else { continue };
            let place = start..start + string.len();
            if (string.len() == 3) == short && text.get(place.clone()) == Some(string) {
                hit(entry.string as usize, place, steps);
            }
        }
    }

    /// Bytes in memory.
    pub(super) fn memory(&self) -> usize {
        let maps = size_of_val(&*self.map) * (1 + usize::from(self.short.is_some()));
        let tables = size_of_val(self.entries.as_slice()) + size_of_val(self.buckets.as_slice());
        maps + tables + self.strings.iter().map(|string| string.len() + size_of::<Box<[u8]>>()).sum::<usize>()
    }
}

#[inline]
fn is_set(map: &[u64; WORDS], gram: u32) -> bool {
    let hash = hash(gram);
    map.get((hash >> (32 - MAP_BITS + 6)) as usize).is_some_and(|word| word >> (hash >> (32 - MAP_BITS) & 63) & 1 == 1)
}

/// The four bytes of a string that are rarest in ordinary text, and where they stand; none in a shorter string.
fn rarest(string: &[u8]) -> Option<(u32, u32)> {
    let common = |window: &[u8]| window.iter().map(|byte| commonness(*byte)).sum::<u32>();
    let (offset, window) = (0_u32..).zip(string.windows(4)).min_by_key(|(_, window)| common(window))?;
    Some((u32::from_le_bytes(window.try_into().ok()?), offset))
}

/// How common a letter is in English, in eighths of a bit from the rarest.
const fn commonness(byte: u8) -> u32 {
    match byte {
        b'e' => 56,
        b't' => 53,
        b'a' | b'o' => 51,
        b'i' | b'n' => 50,
        b's' | b'h' | b'r' => 49,
        b'd' | b'l' => 44,
        b'c' | b'u' | b'm' => 40,
        b'w' | b'f' | b'g' | b'y' => 38,
        b'p' | b'b' => 36,
        b'v' => 30,
        b'k' => 28,
        b'j' | b'x' | b'q' | b'z' => 10,
        // Bytes of other scripts repeat within a script, so each says little.
        0x80..=0xff => 30,
        _ => 0,
    }
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

    #[test]
    fn stops_when_the_steps_are_spent() {
        let grams = Grams::new([b"abcd".as_slice()].into_iter());
        let (mut steps, mut hits) = (3, 0);
        grams.search("abcd".repeat(10).as_bytes(), &mut steps, |_, _, _| hits += 1);
        assert_eq!((steps, hits), (0, 3));
    }
}
