//! Tells decoded text from decoded noise.

use std::ops::Range;

/// A readable stretch has at least this many bytes. In random bytes one of this length begins at about one place in
/// 100,000, so a page of hashes yields next to nothing, and what it yields is harmless.
pub(super) const STRETCH: usize = 12;

/// What can be read in some bytes.
pub(super) struct Readable {
    /// Ranges of the bytes with their text, in order.
    pub(super) parts: Vec<(Range<usize>, String)>,
    /// Every byte is part of the text; no other reading is needed.
    pub(super) complete: bool,
}

/// Reads `bytes` as one text if it has `least` bytes of which nine in ten are text, else the stretches in it that are
/// text throughout. Stretches are what is left of a text between letters that do not belong to it.
pub(super) fn readable(bytes: &[u8], least: usize) -> Readable {
    let mut stretches = Vec::new();
    let mut stretch = 0..0;
    let mut good = 0;
    for (range, is_good) in characters(bytes) {
        if is_good {
            good += range.len();
            stretch.end = range.end;
            continue;
        }
        stretches.extend((stretch.len() >= STRETCH).then_some(stretch));
        stretch = range.end..range.end;
    }
    stretches.extend((stretch.len() >= STRETCH).then_some(stretch));
    if bytes.len() >= least && good * 10 >= bytes.len() * 9 {
        stretches.clear();
        stretches.push(0..bytes.len());
    }
    let text = |range: Range<usize>| bytes.get(range).map(|text| String::from_utf8_lossy(text).into_owned());
    let parts = stretches.into_iter().filter_map(|range| Some((range.clone(), text(range)?))).collect();
    Readable { parts, complete: good == bytes.len() }
}

/// As [`readable`], but only what looks like words: for encodings in which anything can be decoded.
pub(super) fn worded(bytes: &[u8], least: usize) -> Readable {
    let mut readable = readable(bytes, least);
    readable.parts.retain(|(_, text)| words(text));
    readable.complete &= !readable.parts.is_empty();
    readable
}

/// As [`readable`], but only what is [no noise](plausible): for encodings in which anything can be decoded, and what was
/// encoded may be encoded once more.
pub(super) fn told(bytes: &[u8], least: usize) -> Readable {
    let mut readable = readable(bytes, least);
    readable.parts.retain(|(_, text)| plausible(text));
    readable.complete &= !readable.parts.is_empty();
    readable
}

/// Bytes from which on a text is none by chance: every byte of noise is a character of ASCII in one case of three.
const NO_CHANCE: usize = 16;

/// Whether a text is one, and not noise that can be read by chance: it looks like words, or it is long enough and ASCII
/// throughout, or it holds whole characters outside of ASCII. Under one encoding may lie another, which is no words yet.
pub(super) fn plausible(text: &str) -> bool {
    let wide = text.chars().filter(|c| !c.is_ascii()).count();
    text.len() >= NO_CHANCE && text.chars().all(is_text) && (wide == 0 || wide >= 4 && !text.contains('\u{FFFD}'))
        || words(text)
}

/// Whether a text looks like words: nine in ten of its characters are letters, digits, blanks or ordinary punctuation, six
/// in ten are letters, and there is a blank behind a letter or a word of twelve letters, five of them different, with a vowel.
pub(super) fn words(text: &str) -> bool {
    let (mut all, mut plain, mut letters, mut parted) = (0_usize, 0_usize, 0_usize, false);
    // The letters of the word being read: how many, whether there is a vowel, and which of ASCII.
    let (mut run, mut vowel, mut kinds) = (0_usize, false, 0_u32);
    for c in text.chars() {
        all += 1;
        if c.is_alphabetic() {
            letters += 1;
            plain += 1;
            run += 1;
            vowel |= !c.is_ascii() || is_vowel(c);
            kinds |= 1 << (u32::from(c) % 32);
            parted |= run >= STRETCH && vowel && kinds.count_ones() >= 5;
            continue;
        }
        let blank = matches!(c, ' ' | '\n' | '\r' | '\t');
        parted |= blank && run > 0;
        (run, vowel, kinds) = (0, false, 0);
        plain += usize::from(blank || c.is_ascii_digit() || ".,:;!?'\"()-/".contains(c));
    }
    parted && plain * 10 >= all * 9 && letters * 10 >= all * 6
}

/// Whether letters without word marks may be words of a European language: by the share of vowels, of the most frequent letter, and of those that
/// are the most frequent in all of them. Of random letters two in five are among these, of words three in four.
pub(super) fn spoken(text: &str) -> bool {
    let (mut all, mut vowels, mut frequent) = (0_usize, 0_usize, 0_usize);
    let mut counts = [0_usize; 32];
    for c in text.chars().filter(char::is_ascii_alphabetic) {
        all += 1;
        vowels += usize::from(is_vowel(c));
        frequent += usize::from("etaoinshrdl".contains(c.to_ascii_lowercase()));
        if let Some(count) = counts.get_mut(c as usize % 32) {
            *count += 1;
        }
    }
    let most = counts.into_iter().max().unwrap_or_default();
    all >= 8 && most * 3 <= all && vowels * 4 >= all && vowels * 5 <= all * 3 && frequent * 100 >= all * 55
}

const fn is_vowel(c: char) -> bool {
    matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The characters of `bytes` with their ranges and whether they belong in a text. What is no UTF-8 does not.
fn characters(bytes: &[u8]) -> impl Iterator<Item = (Range<usize>, bool)> {
    let mut place = 0;
    bytes.utf8_chunks().flat_map(move |chunk| {
        let start = place;
        let invalid = start + chunk.valid().len();
        place = invalid + chunk.invalid().len();
        let valid = chunk.valid().char_indices().map(move |(offset, c)| {
            let at = start + offset;
            (at..at + c.len_utf8(), is_text(c))
        });
        valid.chain((!chunk.invalid().is_empty()).then_some((invalid..place, false)))
    })
}

/// Whether a character belongs in a text: none for private use, and of the controls only white space.
pub(super) fn is_text(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => false,
        c => !c.is_control(),
    }
}
