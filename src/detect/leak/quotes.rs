//! Words of one text that stand in a row in another, whatever stands between them there.
//!
//! At every word of the prompt its first twelve letters are known by a hash of the differences between them, as in
//! [`rotation`](super::super::rotation): so one look-up at each letter of a text finds them in any rotation of the alphabet.
//! Where they stand, letters are compared one by one. The prompt is known in the four directions in which phrases are searched.

use std::ops::Range;

use crate::text::view::View;

use super::super::commonness::is_everywhere;
use super::super::letters::Direction;

/// Letters by which a word and what follows it is known.
const SEED: usize = 12;
/// Halves of words in a row that are a quote.
const ENOUGH: usize = 16;
/// Halves of words in a row that are one although everybody uses each of them.
const ENOUGH_COMMON: usize = 24;
/// Words of a quote that not everybody uses, at least: `if you are not sure ask a person` is nobody's secret.
const TELLING: usize = 2;
/// Places that are looked at for one seed. Of what a prompt says more often, the words behind it still tell the place.
const MOST_PLACES: usize = 8;
/// Bytes of letters in a row that are one, however few words they are. Less than a reply scanner holds back.
const ENOUGH_LETTERS: usize = 80;
/// What stands between the directions; no view has it.
const GAP: u8 = 0;

/// A text whose quotes are looked for. Takes some 150 bytes a word.
pub(in crate::detect) struct Quotes {
    /// The letters in each direction.
    letters: Vec<u8>,
    /// Where each direction begins.
    parts: Vec<(usize, Direction)>,
    /// The words in these letters.
    words: Vec<Word>,
    /// By their hash, in order.
    seeds: Vec<(u64, Seed)>,
    /// The hashes, as a set that may say yes too often.
    filter: Vec<u64>,
}

/// A word, and what there is up to its end from the beginning of all letters.
#[derive(Clone, Copy, Default)]
struct Word {
    end: usize,
    /// Halves of words. A single character of a script without spaces is half a word.
    halves: usize,
    /// Words that not everybody uses.
    telling: usize,
}

/// The beginning of a word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seed {
    at: u32,
    /// The alphabet runs backwards.
    mirrored: bool,
}

/// A quote in a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::detect) struct Run {
    /// Where it stands in the view.
    pub(in crate::detect) kept: Range<usize>,
    /// Where it begins in the letters of the prompt.
    pub(in crate::detect) of_prompt: usize,
    pub(in crate::detect) direction: Direction,
    /// Whether the alphabet is turned.
    pub(in crate::detect) rotated: bool,
    /// Whether it runs backwards.
    pub(in crate::detect) mirrored: bool,
    halves: usize,
    telling: usize,
}

impl Run {
    /// Whole words.
    pub(in crate::detect) const fn words(&self) -> usize {
        self.halves / 2
    }

    /// Words beyond the seven that are no quote; at least one.
    pub(in crate::detect) fn beyond(&self) -> usize {
        self.words().saturating_sub(ENOUGH / 2 - 1).max(1)
    }

    fn is_quote(&self) -> bool {
        self.kept.len() >= ENOUGH_LETTERS
            || self.halves >= ENOUGH && self.telling >= TELLING
            || self.halves >= ENOUGH_COMMON
    }
}

impl Quotes {
    /// Prepares the search for quotes of the text of a view. `map` is what the letters are in the views that are searched.
    /// None where the text is too short for a quote.
    pub(in crate::detect) fn new(view: &View, map: fn(u8) -> u8) -> Option<Self> {
        let words: Vec<Vec<u8>> = view.words().map(<[u8]>::to_vec).collect();
        let mut quotes =
            Self { letters: Vec::new(), parts: Vec::new(), words: Vec::new(), seeds: Vec::new(), filter: Vec::new() };
        let mut count = Word::default();
        let directions = [Direction::Forward, Direction::Backward, Direction::WordsReversed, Direction::WordOrder];
        for direction in directions {
            quotes.parts.push((quotes.letters.len(), direction));
            let turned = matches!(direction, Direction::Backward | Direction::WordOrder);
            for number in 0..words.len() {
                let number = if turned { words.len() - 1 - number } else { number };
                let word = words.get(number).map(Vec::as_slice).unwrap_or_default();
                let letters = String::from_utf8_lossy(word);
                let single = word.len() >= 3 && letters.chars().nth(1).is_none();
                count.halves += if single { 1 } else { 2 };
                count.telling += usize::from(!is_everywhere(&letters));
                let spelled: String =
                    if direction.spells_forward() { letters.into_owned() } else { letters.chars().rev().collect() };
                quotes.letters.extend(spelled.bytes().map(map));
                count.end = quotes.letters.len();
                quotes.words.push(count);
            }
            quotes.letters.push(GAP);
            count.end = quotes.letters.len();
            quotes.words.push(count);
        }
        let forward = quotes.words.get(words.len())?;
        if forward.halves < ENOUGH && forward.end <= ENOUGH_LETTERS {
            return None;
        }
        quotes.seed();
        Some(quotes)
    }

    /// Notes how the words begin.
    fn seed(&mut self) {
        let starts = std::iter::once(0).chain(self.words.iter().map(|word| word.end));
        for at in starts {
            let Some(letters) = self.letters.get(at..at + SEED).filter(|letters| !letters.contains(&GAP)) else {
                continue;
            };
            let Ok(at) = u32::try_from(at) else { break };
            for mirrored in [false, true] {
                let letters: Vec<u8> = letters.iter().map(|letter| image(*letter, 0, mirrored)).collect();
                let hash = differences(&letters).fold(0, Rolling::push);
                self.seeds.push((mixed(hash), Seed { at, mirrored }));
            }
        }
        self.seeds.sort_unstable();
        let mut kept: (u64, usize) = (0, 0);
        self.seeds.retain(|(hash, _)| {
            kept = if kept.0 == *hash { (*hash, kept.1 + 1) } else { (*hash, 1) };
            kept.1 <= MOST_PLACES
        });
        // Some sixteen bits for each, so that a letter of a text seldom passes that begins nothing.
        self.filter = vec![0; (self.seeds.len() / 4).next_power_of_two()];
        for (hash, _) in &self.seeds {
            let (word, bit) = place(*hash, self.filter.len());
            if let Some(word) = self.filter.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// The quotes in a view, from left to right; none overlaps another.
    ///
    /// Costs a few steps a letter. `steps` counts what is compared where something begins as in the prompt, in eights of
    /// letters; at 0 nothing is found any more.
    pub(in crate::detect) fn search(&self, view: &View, steps: &mut u64) -> Vec<Run> {
        let bytes = view.bytes();
        let (mut runs, mut hash, mut from) = (Vec::new(), 0, 0);
        let gone = std::iter::repeat_n(0, SEED - 1).chain(differences(bytes));
        for (last, (new, gone)) in differences(bytes).zip(gone).enumerate() {
            hash = Rolling::push(hash, new).wrapping_sub(Rolling::OUT.wrapping_mul(u64::from(gone)));
            let Some(start) = (last + 2).checked_sub(SEED) else { continue };
            let key = mixed(hash);
            let (word, bit) = place(key, self.filter.len());
            if start < from || self.filter.get(word).is_none_or(|word| word & bit == 0) {
                continue;
            }
            let first = self.seeds.partition_point(|(hash, _)| *hash < key);
            let same = self.seeds.get(first..).unwrap_or_default().iter().take_while(|(hash, _)| *hash == key);
            let mut best: Option<Run> = None;
            for (_, seed) in same {
                let Some(run) = self.run(bytes, start, *seed) else { continue };
                let Some(left) = steps.checked_sub(1 + run.kept.len() as u64 / 8) else {
                    *steps = 0;
                    return runs;
                };
                *steps = left;
                if run.is_quote() && best.as_ref().is_none_or(|best| best.kept.len() < run.kept.len()) {
                    best = Some(run);
                }
            }
            if let Some(run) = best {
                from = run.kept.end;
                runs.push(run);
            }
        }
        runs
    }

    /// How far the letters from `start` on are those of the prompt from a word on.
    fn run(&self, bytes: &[u8], start: usize, seed: Seed) -> Option<Run> {
        let Seed { at, mirrored } = seed;
        let at = usize::try_from(at).ok()?;
        let (text, prompt) = (bytes.get(start..)?, self.letters.get(at..)?);
        let shift = match (text.first()?, image(*prompt.first()?, 0, mirrored)) {
            (text, prompt) if text.is_ascii_lowercase() && prompt.is_ascii_lowercase() => (text + 26 - prompt) % 26,
            _ => 0,
        };
        let len = text
            .iter()
            .zip(prompt)
            .take_while(|(text, prompt)| **prompt != GAP && **text == image(**prompt, shift, mirrored))
            .count();
        let before = self.words.partition_point(|word| word.end <= at);
        let before = before.checked_sub(1).and_then(|word| self.words.get(word)).copied().unwrap_or_default();
        let whole = self.words.partition_point(|word| word.end <= at + len);
        let whole = whole.checked_sub(1).and_then(|word| self.words.get(word)).copied().unwrap_or_default();
        let part = self.parts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        Some(Run {
            kept: start..start + len,
            of_prompt: at,
            direction: self.parts.get(part)?.1,
            rotated: mirrored || shift != 0,
            mirrored,
            halves: whole.halves.saturating_sub(before.halves),
            telling: whole.telling.saturating_sub(before.telling),
        })
    }

    /// Bytes in memory.
    pub(in crate::detect) fn memory(&self) -> usize {
        self.letters.len()
            + size_of_val(self.words.as_slice())
            + size_of_val(self.seeds.as_slice())
            + size_of_val(self.filter.as_slice())
    }
}

/// A letter in a turned alphabet; what is no small letter of ASCII stays.
fn image(letter: u8, shift: u8, mirrored: bool) -> u8 {
    if !letter.is_ascii_lowercase() {
        return letter;
    }
    let place = if mirrored { b'z' - letter } else { letter - b'a' };
    b'a' + (place + shift) % 26
}

/// The differences between each letter and the next, which are the same in every rotation.
fn differences(letters: &[u8]) -> impl Iterator<Item = u8> {
    let next = letters.iter().skip(1);
    letters.iter().zip(next).map(|(a, b)| b.wrapping_sub(*a).wrapping_add(if b < a { 26 } else { 0 }))
}

/// A hash of the differences that a seed has.
struct Rolling;

impl Rolling {
    const BASE: u64 = 0x9fb2_1c65_1e98_df25;
    /// What the difference is worth that has just left.
    const OUT: u64 = Self::BASE.wrapping_pow(SEED as u32 - 1);

    fn push(hash: u64, difference: u8) -> u64 {
        hash.wrapping_mul(Self::BASE).wrapping_add(u64::from(difference))
    }
}

/// Lets the upper bits depend on all.
const fn mixed(hash: u64) -> u64 {
    (hash ^ hash >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Word and bit of a hash in a set of so many words, a power of two.
const fn place(hash: u64, words: usize) -> (usize, u64) {
    ((hash >> 40) as usize & (words - 1), 1 << (hash >> 34 & 63))
}
