//! The words that matter: those that rules are made of.
//!
//! Some disguises cannot be undone by a rule of their own, because they lose what would be needed: letters of a word stand
//! in another order, or its vowels are gone. The words themselves can be told all the same, as long as there are few of
//! them that matter. A lexicon knows words by what such a disguise leaves of them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::decode::spelling;

/// Letters of the shortest word that is known by its letters in any order. Shorter ones are too easily each other.
pub const LEAST_SCRAMBLED: usize = 4;

/// Words by their keys. Immutable once built.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// Each word with its place, the one that comes most often first.
    words: HashMap<Box<str>, usize, BuildHasherDefault<Mixed>>,
    by_signature: HashMap<u64, Box<str>, BuildHasherDefault<Mixed>>,
    by_consonants: HashMap<Box<str>, Box<str>, BuildHasherDefault<Mixed>>,
    /// Words by their letters with each run of one letter taken for one.
    by_runs: HashMap<Box<str>, Box<str>, BuildHasherDefault<Mixed>>,
    /// What words become in disguises that change each letter by itself or with its neighbour, by the hash of the outcome.
    by_image: HashMap<u64, Hint, BuildHasherDefault<Mixed>>,
    /// The keys of signatures and images, as a set that may say yes too often: most words are in neither.
    known: Known,
}

/// Bits of the set of keys, as a power of two.
const KNOWN_BITS: u32 = 18;

#[derive(Clone, Debug, Default)]
struct Known(Vec<u64>);

impl Known {
    fn insert(&mut self, key: u64) {
        self.0.resize(1 << (KNOWN_BITS - 6), 0);
        let at = (key >> (64 - KNOWN_BITS)) as usize;
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    fn may_hold(&self, key: u64) -> bool {
        let at = (key >> (64 - KNOWN_BITS)) as usize;
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

/// What a word of a text is to a lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Nothing.
    None,
    /// One of its words.
    Word,
    /// One of its words with its inner letters in another order.
    Scrambled,
    /// One of its words, typed one key beside.
    Keyboard,
    /// A word of a spelling alphabet.
    Spelling,
    /// One of its words, with its letters swapped two by two.
    Swapped,
    /// One of its words, from the last letter to the first.
    Reversed,
}

/// A hash of words, and of signatures, which are mixed already.
#[derive(Clone, Copy, Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // FNV-1a. Only the owner's rules put words in, and looking up what is not there is no attack.
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3).rotate_left(23);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

impl Lexicon {
    /// A lexicon of `words`, in small ASCII letters; others are left out. Where two words share a key, the one that comes
    /// more often stands for it.
    #[must_use]
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for word in words.filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())) {
            *counts.entry(word).or_default() += 1;
        }
        let mut ordered: Vec<(&str, usize)> = counts.into_iter().collect();
        ordered.sort_unstable_by(|(a, count_a), (b, count_b)| count_b.cmp(count_a).then(a.cmp(b)));
        let mut lexicon = Self::default();
        for word in spelling::WORDS.iter().filter(|word| word.len() >= LEAST_IMAGE) {
            lexicon.by_image.insert(hashed(word.as_bytes()), Hint::Spelling);
        }
        for (place, (word, _)) in ordered.into_iter().enumerate() {
            lexicon.words.insert(word.into(), place);
            if word.len() >= LEAST_SCRAMBLED
                && let Some(signature) = signature(word.as_bytes())
            {
                lexicon.by_signature.entry(signature).or_insert_with(|| word.into());
            }
            for (image, hint) in images(word) {
                if image.len() >= LEAST_IMAGE && image != word.as_bytes() {
                    lexicon.by_image.entry(hashed(&image)).or_insert(hint);
                }
            }
            let consonants: String = word.chars().filter(|c| !is_vowel(*c)).collect();
            lexicon.by_runs.entry(without_runs(word).into()).or_insert_with(|| word.into());
            if !consonants.is_empty() && consonants != word {
                lexicon.by_consonants.entry(consonants.into()).or_insert_with(|| word.into());
            }
        }
        for key in lexicon.by_signature.keys().chain(lexicon.by_image.keys()) {
            lexicon.known.insert(*key);
        }
        lexicon
    }

    /// The words, in no order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(AsRef::as_ref)
    }

    /// Whether this is one of the words, in small letters.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// Which of the words this is, in small letters: 0 for the one that the rules have most often. Of several that a text may
    /// have been, the first is the likeliest.
    #[must_use]
    pub fn place(&self, word: &str) -> Option<usize> {
        self.words.get(word).copied()
    }

    /// The word that these letters are with those between the first and the last in another order; none for a word of the
    /// lexicon itself. Small ASCII letters. Costs a few steps a letter and a look-up.
    #[must_use]
    pub fn unscrambled(&self, letters: &[u8]) -> Option<&str> {
        let word = self.by_signature.get(&signature(letters)?)?;
        let other =
            word.as_bytes() != letters && std::str::from_utf8(letters).is_ok_and(|letters| !self.knows(letters));
        (other && is_permutation(word.as_bytes(), letters)).then_some(word)
    }

    /// Whether `made` says more in words that matter than `source` does: a guess at what a text may have been that makes no
    /// word is no good guess.
    #[must_use]
    pub fn says_more(&self, made: &str, source: &str) -> bool {
        let letters = self.known_letters(made);
        letters >= 6 && letters > self.known_letters(source)
    }

    /// Letters of the words of four and more that are known.
    fn known_letters(&self, text: &str) -> usize {
        let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| (4..=24).contains(&word.len()));
        words.filter(|word| self.knows(&word.to_ascii_lowercase())).map(str::len).sum()
    }

    /// What a word is, in small ASCII letters. Costs a few steps a letter and two look-ups.
    #[must_use]
    pub fn hint(&self, letters: &[u8]) -> Hint {
        if let Some(signature) = signature(letters).filter(|signature| self.known.may_hold(*signature))
            && let Some(word) = self.by_signature.get(&signature)
        {
            if word.as_bytes() == letters {
                return Hint::Word;
            }
            if self.unscrambled(letters).is_some() {
                return Hint::Scrambled;
            }
        }
        let image = hashed(letters);
        if self.known.may_hold(image) { self.by_image.get(&image).copied().unwrap_or(Hint::None) } else { Hint::None }
    }

    /// The word that these letters are with some of them repeated, each any number of times; none for a word of the lexicon
    /// itself. Small ASCII letters.
    #[must_use]
    pub fn unstretched(&self, letters: &str) -> Option<&str> {
        let word = self.by_runs.get(without_runs(letters).as_str())?;
        let longer = runs(letters).zip(runs(word)).all(|(stretched, meant)| stretched >= meant);
        (longer && letters.len() > word.len() && !self.knows(letters)).then_some(word)
    }

    /// The word that these letters are without its vowels. Small ASCII letters.
    #[must_use]
    pub fn with_vowels(&self, consonants: &str) -> Option<&str> {
        self.by_consonants.get(consonants).map(AsRef::as_ref)
    }
}

/// Letters that must be left of a word in a disguise so that it is known by them.
const LEAST_IMAGE: usize = 5;

/// What becomes of a word in the disguises of which a [`Hint`] tells.
fn images(word: &str) -> [(Vec<u8>, Hint); 5] {
    let typed = |keys: Keys| word.bytes().map(|byte| keys.typed(byte)).collect();
    // Beside the last letter of a row stands a sign, which is no letter.
    let with_signs =
        word.bytes().filter(|byte| !matches!(byte, b'p' | b'l' | b'm')).map(|byte| Keys::Right.typed(byte));
    let swapped = word.as_bytes().chunks(2).flat_map(|pair| pair.iter().rev().copied()).collect();
    let reversed = word.bytes().rev().collect();
    [
        (typed(Keys::Right), Hint::Keyboard),
        (typed(Keys::Left), Hint::Keyboard),
        (with_signs.collect(), Hint::Keyboard),
        (swapped, Hint::Swapped),
        (reversed, Hint::Reversed),
    ]
}

/// Which key is hit instead of the right one, on a keyboard with the letters `qwerty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// The one to the right.
    Right,
    /// The one to the left.
    Left,
}

/// The letters of a keyboard, row by row, and the signs that follow each row.
const ROWS: [(&[u8], u8, u8); 3] = [(b"qwertyuiop", b'[', b'{'), (b"asdfghjkl", b';', b':'), (b"zxcvbnm", b',', b'<')];

impl Keys {
    /// What is typed instead of `byte`, if it is a letter. The last letter of a row becomes the first one; a person at a
    /// keyboard hits the sign beside it.
    #[must_use]
    pub fn typed(self, byte: u8) -> u8 {
        beside(byte, self == Self::Right)
    }

    /// The letter that was meant where `byte` was typed, or `byte` if none was.
    #[must_use]
    pub fn meant(self, byte: u8) -> u8 {
        let sign = |(row, small, large): &(&[u8], u8, u8)| {
            let last = row.last().copied().filter(|_| self == Self::Right)?;
            (byte == *small).then_some(last).or((byte == *large).then_some(last.to_ascii_uppercase()))
        };
        ROWS.iter().find_map(sign).unwrap_or_else(|| beside(byte, self == Self::Left))
    }
}

fn beside(byte: u8, right: bool) -> u8 {
    let small = byte.to_ascii_lowercase();
    let neighbour = ROWS.iter().find_map(|(row, _, _)| {
        let at = row.iter().position(|key| *key == small)?;
        row.get((at + if right { 1 } else { row.len() - 1 }) % row.len()).copied()
    });
    match neighbour {
        Some(key) if byte.is_ascii_uppercase() => key.to_ascii_uppercase(),
        Some(key) => key,
        None => byte,
    }
}

/// A hash of a word, eight letters at a time. Of those of more than 24 it takes the first and the last.
#[inline]
pub(crate) fn hashed(letters: &[u8]) -> u64 {
    let eight =
        |at: usize| letters.get(at..).and_then(|rest| rest.first_chunk().copied()).map_or(0, u64::from_le_bytes);
    let four = |at: usize| letters.get(at..).and_then(|rest| rest.first_chunk().copied()).map_or(0, u32::from_le_bytes);
    let len = letters.len();
    let (first, middle, last) = match len {
        0..4 => (letters.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0, 0),
        4..8 => (u64::from(four(0)) << 32 | u64::from(four(len - 4)), 0, 0),
        8..=16 => (eight(0), 0, eight(len - 8)),
        _ => (eight(0), eight(8), eight(len - 8)),
    };
    let sum = first.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ last.rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed(sum ^ middle.wrapping_mul(0x94d0_49bb_1331_11eb) ^ len as u64)
}

/// The lengths of the runs of one letter.
fn runs(word: &str) -> impl Iterator<Item = usize> {
    word.as_bytes().chunk_by(|a, b| a == b).map(<[u8]>::len)
}

/// Letters, each run of one taken for one.
fn without_runs(word: &str) -> String {
    word.as_bytes().chunk_by(|a, b| a == b).filter_map(|run| run.first()).map(|byte| char::from(*byte)).collect()
}

/// Whether a disemvowelled text lacks this letter.
#[must_use]
pub const fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// The same for all words with these letters that begin and end alike.
fn signature(letters: &[u8]) -> Option<u64> {
    let (first, rest) = letters.split_first()?;
    let (last, middle) = rest.split_last()?;
    // Commutative, so the order does not matter.
    let weight = |letter: &u8| MIXED.get(usize::from(*letter)).copied().unwrap_or_default();
    let sum = middle.iter().fold(0_u64, |sum, letter| sum.wrapping_add(weight(letter)));
    Some(mixed(sum ^ u64::from(*first) << 8 ^ u64::from(*last) << 16 ^ (letters.len() as u64) << 24))
}

/// A number for each byte, so that sums of them tell what was added.
static MIXED: [u64; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::indexing_slicing, reason = "`byte` is below 256; `get_mut` is not const")]
        {
            table[byte] = mixed(byte as u64);
        }
        byte += 1;
    }
    table
};

/// The finaliser of SplitMix64.
const fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}

fn is_permutation(a: &[u8], b: &[u8]) -> bool {
    let sorted = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes.sort_unstable();
        bytes
    };
    a.first() == b.first() && a.last() == b.last() && sorted(a) == sorted(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_by_what_is_left_of_them() {
        let lexicon = Lexicon::new(["ignore", "previous", "instructions", "all", "your", "year", "your"].into_iter());
        let cases = [
            ("ingore", Some("ignore")),
            ("pveriuos", Some("previous")),
            ("ignore", None),
            ("gnoire", None),
            ("", None),
            ("a", None),
        ];
        for (letters, word) in cases {
            assert_eq!(lexicon.unscrambled(letters.as_bytes()), word, "{letters}");
        }
        for (letters, word) in [
            ("prvs", Some("previous")),
            ("yr", Some("your")),
            ("nstrctns", Some("instructions")),
            ("ll", Some("all")),
            ("x", None),
        ] {
            assert_eq!(lexicon.with_vowels(letters), word, "{letters}");
        }
        for (letters, word) in [
            ("iiignnore", Some("ignore")),
            ("aalllll", Some("all")),
            ("all", None),
            ("al", None),
            ("ignr", None),
            ("", None),
        ] {
            assert_eq!(lexicon.unstretched(letters), word, "{letters}");
        }
        assert!(lexicon.knows("all") && !lexicon.knows("everything"));
    }
}
