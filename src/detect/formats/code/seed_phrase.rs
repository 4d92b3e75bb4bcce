//! Seed phrases of wallets (BIP-39): 12 to 24 English words of a list of 2,048, of which the last holds a checksum.

use std::ops::Range;

use sha2::{Digest as _, Sha256};

use crate::detect::formats::format::Match;
use crate::detect::formats::hay::Hay;
use crate::detect::formats::set::LETTER;

/// The English list of BIP-39, in its order, which is that of the alphabet.
static WORDS: std::sync::LazyLock<Vec<&'static str>> =
    std::sync::LazyLock::new(|| include_str!("bip39_english.txt").split_whitespace().collect());

/// Words that a phrase has at least.
const SHORTEST: usize = 12;
/// Words that a phrase may have, the longest first.
const LENGTHS: [usize; 5] = [24, 21, 18, 15, 12];
/// Words in a row that are tried for a phrase.
const LONGEST_ROW: usize = 96;
/// Bytes between two words: a blank, a comma, or the number of the next word on a line of its own.
const APART: usize = 8;

/// Every seed phrase.
///
/// A phrase covers one of every twelve words, so only these are looked up; where one is of the list, its neighbours are too.
pub(in crate::detect::formats) fn find(hay: &Hay<'_>, found: &mut dyn FnMut(Match)) {
    let mut words = Words { hay, at: 0 };
    let mut row: Vec<(Range<usize>, u16)> = Vec::new();
    // The words since the last that was looked up, and whether they may belong to a phrase that begins among them.
    let mut skipped: Vec<Range<usize>> = Vec::with_capacity(SHORTEST);
    while let Some((word, joined)) = words.next() {
        if !joined {
            phrases(&mut row, found);
            skipped.clear();
        }
        if word.end == hay.len() {
            // This word may go on, and be of the list then.
            try_row(hay, &row, &skipped, Some(&word));
        }
        if row.is_empty() {
            skipped.push(word.clone());
            if skipped.len() < SHORTEST {
                continue;
            }
            // The twelfth: back from it as far as the list goes.
            let known = skipped.iter().rev().map_while(|word| Some((word.clone(), number(hay, word)?)));
            row = known.collect();
            row.reverse();
            skipped.clear();
        } else if let Some(number) = number(hay, &word) {
            row.push((word, number));
        } else {
            phrases(&mut row, found);
        }
    }
    if hay.len() - words.at <= APART {
        try_row(hay, &row, &skipped, None);
    }
    phrases(&mut row, found);
}

/// Says from where on words may belong to a phrase if the text goes on: all of the row, or those of the list that were skipped
/// last; else the `last` word.
fn try_row(hay: &Hay<'_>, row: &[(Range<usize>, u16)], skipped: &[Range<usize>], last: Option<&Range<usize>>) {
    let known = skipped.iter().rev().take_while(|word| number(hay, word).is_some()).last();
    if let Some(first) = row.first().map(|(word, _)| word).or(known).or(last) {
        hay.try_at(first.start);
        hay.meet_end();
        hay.try_nothing();
    }
}

/// Finds a row of words of the list that holds a phrase. All of the row goes, for `seed` and `phrase` are of the list too, and
/// where a phrase begins is not certain.
fn phrases(row: &mut Vec<(Range<usize>, u16)>, found: &mut dyn FnMut(Match)) {
    let words = row.as_slice();
    let whole = || {
        words.windows(SHORTEST).enumerate().any(|(from, shortest)| {
            let is_same = shortest.iter().all(|(_, number)| Some(number) == words.first().map(|(_, first)| first));
            let rest = words.get(from..).unwrap_or_default();
            !is_same && LENGTHS.iter().any(|length| rest.get(..*length).is_some_and(is_phrase))
        })
    };
    // No prose has so many of these words in a row, and trying them all would let a long text cost what it likes.
    if let (Some((first, _)), Some((last, _))) = (words.first(), words.last())
        && (words.len() > LONGEST_ROW || whole())
    {
        found(Match::of(first.start..last.end));
    }
    row.clear();
}

/// Whether the checksum in the last word is right: the first bits of SHA-256 over the bits of the others, one bit for three
/// words.
fn is_phrase(words: &[(Range<usize>, u16)]) -> bool {
    let bits: Vec<bool> =
        words.iter().flat_map(|(_, number)| (0..11).rev().map(move |bit| number >> bit & 1 == 1)).collect();
    let Some((entropy, sum)) = bits.split_at_checked(words.len() / 3 * 32) else { return false };
    let byte = |bits: &[bool]| bits.iter().fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit));
    let bytes: Vec<u8> = entropy.chunks(8).map(byte).collect();
    let hash = Sha256::digest(&bytes);
    let expected = hash.first().copied().unwrap_or_default();
    sum.iter().zip((0..8).rev()).all(|(bit, place)| *bit == (expected >> place & 1 == 1))
}

/// The number of a word in the list.
fn number(hay: &Hay<'_>, word: &Range<usize>) -> Option<u16> {
    if !(3..=8).contains(&word.len()) {
        return None;
    }
    let word = hay.text(word.clone()).to_ascii_lowercase();
    WORDS.binary_search(&word.as_str()).ok().and_then(|number| u16::try_from(number).ok())
}

/// The words of a text.
struct Words<'h, 'a> {
    hay: &'h Hay<'a>,
    at: usize,
}

impl Words<'_, '_> {
    /// The next word, and whether it stands close behind the one before.
    fn next(&mut self) -> Option<(Range<usize>, bool)> {
        let start = self.hay.find(self.at, usize::MAX, |byte| LETTER.has(byte))?;
        let joined = start - self.at <= APART;
        let end = start + self.hay.run(start, LETTER, usize::MAX);
        self.at = end;
        Some((start..end, joined))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        find(&Hay::new(text), &mut |found| all.push(&text[found.span]));
        all
    }

    /// The first test vectors of BIP-39.
    #[test]
    fn finds_phrases_whose_checksum_is_right() {
        let phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        let long = "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel \
                    tennis maple dilemma loan word shrug inflict delay length";
        for lead in 0..14 {
            let text = format!("{}{phrase}. Is it so?", "the ".repeat(lead));
            assert_eq!(found(&text), [phrase], "{text}");
        }
        assert_eq!(found(&format!("It is: {long}")), [long]);
        assert_eq!(found(&format!("My seed phrase: {long}")), [&format!("seed phrase: {long}")]);
        let numbered: Vec<String> =
            phrase.split(' ').zip(1..).map(|(word, number)| format!("{number}. {}", word.to_uppercase())).collect();
        assert_eq!(found(&numbered.join("\n")), [&numbered.join("\n")["1. ".len()..]]);
    }

    #[test]
    fn passes_words_of_the_list_that_are_no_phrase() {
        let other = "legal winner thank year wave sausage worth useful legal winner thank year";
        assert_eq!(found(other), Vec::<&str>::new());
        assert_eq!(found("legal winner thank year wave sausage worth useful"), Vec::<&str>::new());
    }
}
