//! Letters turned upside down, the last one first: `suoᴉʇɔnɹʇsuᴉ`.
//!
//! Folding knows the turned letters that are letters of their own. Some turn into other letters of the alphabet, as `n` into
//! `u`; these can only be told where the others are.

use super::super::decode::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::text::vector;
use crate::verdict::Step;

pub const DECODER: Decoder = Decoder { calls: Seen::WIDE, find };

/// Turned letters, and what they are; and those that turn into each other.
const TURNED: &[(char, char)] = &[
    ('ɐ', 'a'),
    ('ɔ', 'c'),
    ('ǝ', 'e'),
    ('ɟ', 'f'),
    ('ƃ', 'g'),
    ('ɓ', 'g'),
    ('ɥ', 'h'),
    ('ᴉ', 'i'),
    ('ı', 'i'),
    ('ɾ', 'j'),
    ('ʞ', 'k'),
    ('ɯ', 'm'),
    ('ɹ', 'r'),
    ('ʇ', 't'),
    ('ʌ', 'v'),
    ('ʍ', 'w'),
    ('ʎ', 'y'),
    ('q', 'b'),
    ('b', 'q'),
    ('p', 'd'),
    ('d', 'p'),
    ('u', 'n'),
    ('n', 'u'),
];
/// How many of the list above are no letters of ASCII.
const OWN: usize = 17;
/// Turned letters before the text is taken for turned.
const LEAST: usize = 4;

fn find(source: &Source<'_>, found: &mut Found) {
    // The first bytes of turned letters are those of few others: most text beyond ASCII is done with after this look.
    let begins = |byte: &u8| matches!(byte, 0xC4 | 0xC6 | 0xC7 | 0xC9 | 0xCA | 0xE1);
    if vector::run(|| source.text.bytes().map(|byte| usize::from(begins(&byte))).sum::<usize>()) < LEAST {
        return;
    }
    let is_turned = |c: &char| !c.is_ascii() && TURNED.iter().take(OWN).any(|(turned, _)| turned == c);
    if source.text.chars().filter(is_turned).take(LEAST).count() < LEAST {
        return;
    }
    let turn = |c: char| TURNED.iter().find(|(turned, _)| *turned == c).map_or(c, |(_, letter)| *letter);
    found.keep(0..source.text.len(), source.text.chars().rev().map(turn).collect(), Step::UpsideDown);
}
