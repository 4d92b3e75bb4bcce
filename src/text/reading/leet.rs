//! Digits and symbols undone as letters, for what else the text may hide: `/\|_|_` and `1gn0r3`.
//!
//! The detector has a view for single signs, which is cheaper and reads `1` as `i` and as `l`. This reading is for texts in
//! which a letter takes several signs, and for those in which something else lies under the signs.

use super::super::decode::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::trace::Rewriter;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::DIGIT.with(Seen::RARE_SYMBOL), find };

/// What takes several signs, the longest first.
const GLYPHS: &[(&str, char)] = &[
    ("\\/\\/", 'w'),
    ("|\\/|", 'm'),
    ("/\\/\\", 'm'),
    ("|-|", 'h'),
    ("|_|", 'u'),
    ("|\\|", 'n'),
    ("/-\\", 'a'),
    ("(_)", 'u'),
    ("]-[", 'h'),
    ("}{", 'x'),
    ("/\\", 'a'),
    ("\\/", 'v'),
    ("|)", 'd'),
    ("|<", 'k'),
    ("|>", 'p'),
    ("|2", 'r'),
    ("|3", 'b'),
    ("|=", 'f'),
    ("|_", 'l'),
    ("()", 'o'),
    ("><", 'x'),
    ("ph", 'f'),
];
/// Those of the list above that are no letters themselves.
const SIGNS: usize = GLYPHS.len() - 1;

/// Words with signs in them before the text is read so; they are a third of all words, too.
const LEAST_WORDS: usize = 3;
/// Bytes of a word. What is longer is a key or a number.
const LONGEST_WORD: usize = 24;
/// Glyphs of several signs that do as well.
const LEAST_GLYPHS: usize = 3;

fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let glyphs = text.contains('|') || text.contains("/\\") || text.contains("\\/");
    let (mut words, mut all) = (0, 0);
    for word in text.as_bytes().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
        all += 1;
        words += usize::from(is_signed(word));
    }
    let leet = words >= LEAST_WORDS && words * 3 >= all;
    if !leet && !glyphs {
        return;
    }
    // Most texts with a bar in them are tables: they are read once without being written.
    if !leet && readings(text, true).filter(|(_, _, glyph)| *glyph).nth(LEAST_GLYPHS - 1).is_none() {
        return;
    }
    let mut out = Rewriter::with_capacity(text.len());
    readings(text, glyphs).for_each(|(at, c, _)| out.push(c, at));
    found.keep_rewritten(0..text.len(), out, Step::Leet);
}

/// Whether a word may be written with signs: some of it is, and the rest has letters.
fn is_signed(word: &[u8]) -> bool {
    if word.len() > LONGEST_WORD {
        return false;
    }
    let (mut signs, mut letters) = (0, 0);
    for byte in word {
        signs += usize::from(is_sign(*byte));
        letters += usize::from(byte.is_ascii_alphabetic());
    }
    signs > 0 && (letters > 0 || word.len() == signs)
}

/// What each character or glyph of a text is read as: its place, the letter, and whether it is a glyph of several signs.
fn readings(text: &str, glyphs: bool) -> impl Iterator<Item = (usize, char, bool)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let rest = text.get(start..)?;
        let c = rest.chars().next()?;
        let glyph = (glyphs && begins_glyph(c))
            .then(|| GLYPHS.iter().take(SIGNS).find(|(sign, _)| rest.starts_with(sign)))
            .flatten();
        at += glyph.map_or(c.len_utf8(), |(sign, _)| sign.len());
        let single = || u8::try_from(c).ok().and_then(letter).map_or(c, char::from);
        Some((start, glyph.map_or_else(single, |(_, letter)| *letter), glyph.is_some()))
    })
}

/// Whether a glyph of several signs may begin so.
const fn begins_glyph(c: char) -> bool {
    matches!(c, '\\' | '/' | '|' | '(' | ']' | '}' | '>')
}

const fn is_sign(byte: u8) -> bool {
    letter(byte).is_some()
}

const fn letter(byte: u8) -> Option<u8> {
    Some(match byte {
        b'0' => b'o',
        b'1' | b'!' | b'|' => b'i',
        b'2' => b'z',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'6' | b'9' => b'g',
        b'7' | b'+' => b't',
        b'8' => b'b',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_glyph_of_signs_begins_with_a_sign_that_is_looked_at() {
        for (sign, letter) in GLYPHS.iter().take(SIGNS) {
            assert_eq!(readings(sign, true).collect::<Vec<_>>(), [(0, *letter, true)], "{sign}");
        }
        let (name, _) = GLYPHS[SIGNS];
        assert!(name.bytes().all(|byte| byte.is_ascii_alphabetic()), "{name} is no sign");
    }
}
