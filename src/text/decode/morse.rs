//! Morse: dots and dashes, as the signs of various scripts write them.

use super::readable::spoken;
use super::{Decoder, Found, Source};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::ALL, find };

/// Fewer letters say nothing that a rule could find.
const LEAST_LETTERS: usize = 10;

/// Whether `text` has signs for as many letters as are worth reading.
#[must_use]
pub fn may_hold(text: &[u8]) -> bool {
    // Of a dot or a dash outside of ASCII this is the first byte.
    let is_sign = |byte: &&u8| matches!(byte, b'.' | b'-' | b'_' | 0xC2 | 0xE2);
    text.len() >= LEAST_LETTERS * 2 && text.iter().filter(is_sign).count() >= LEAST_LETTERS * 2
}

/// Finds ten letters and more in Morse, with blanks between letters and `/`, `|`, a line break or several blanks between
/// words; where there are no blanks, with `/` between letters and `//` between words. Given is only what may be words.
///
/// Costs two looks at each byte; memory of a fraction of the text.
pub fn find(source: &Source<'_>, found: &mut Found) {
    if !may_hold(source.text.as_bytes()) {
        return;
    }
    let mut reading = Reading::default();
    for (at, c) in source.text.char_indices() {
        reading.take(c, at, found);
    }
    reading.give(found);
}

#[derive(Default)]
struct Reading {
    text: String,
    start: usize,
    end: usize,
    /// The letter being read: a one, and then a bit for each sign.
    code: usize,
    /// Blanks and strokes since the last sign.
    blanks: usize,
    strokes: usize,
    /// A blank was seen between letters, so a stroke ends a word.
    spaced: bool,
}

impl Reading {
    fn take(&mut self, c: char, at: usize, found: &mut Found) {
        let dash = match c {
            '.' | '·' | '•' | '∙' | '⋅' | '․' => false,
            '-' | '_' | '–' | '—' | '−' | '‐' | '‑' | '‒' | '―' => true,
            ' ' | '\t' | '\r' | '\u{A0}' => {
                self.end_letter();
                self.blanks += 1;
                return;
            }
            '/' | '|' | '\n' => {
                self.end_letter();
                // A line break ends a word even where no blanks stand.
                self.strokes += if c == '\n' { 2 } else { 1 };
                return;
            }
            _ => return self.give(found),
        };
        if self.code == 0 {
            if !self.text.is_empty() {
                self.spaced |= self.blanks > 0;
                let ends_word =
                    self.strokes > 1 || self.blanks > 2 || self.spaced && (self.strokes > 0 || self.blanks > 1);
                self.text.extend(ends_word.then_some(' '));
            } else {
                self.start = at;
            }
            (self.code, self.blanks, self.strokes) = (1, 0, 0);
        }
        // A run of many signs is no letter, whatever it ends in.
        self.code = (self.code << 1 | usize::from(dash)).min(1 << 12);
        self.end = at + c.len_utf8();
    }

    fn end_letter(&mut self) {
        if self.code > 0 {
            self.text.push(letter(self.code).unwrap_or('\u{FFFD}'));
            self.code = 0;
        }
    }

    fn give(&mut self, found: &mut Found) {
        self.end_letter();
        let letters = self.text.chars().filter(|c| *c != ' ').count();
        let known = self.text.chars().filter(char::is_ascii_alphanumeric).count();
        if known >= LEAST_LETTERS && known * 10 >= letters * 9 && spoken(&self.text) {
            found.keep(self.start..self.end, std::mem::take(&mut self.text), Step::Morse);
        }
        *self = Self::default();
    }
}

/// The letter or digit of a code: a one, then a zero for each dot and a one for each dash.
const fn letter(code: usize) -> Option<char> {
    Some(match code {
        0b1_0 => 'e',
        0b1_1 => 't',
        0b1_00 => 'i',
        0b1_01 => 'a',
        0b1_10 => 'n',
        0b1_11 => 'm',
        0b1_000 => 's',
        0b1_001 => 'u',
        0b1_010 => 'r',
        0b1_011 => 'w',
        0b1_100 => 'd',
        0b1_101 => 'k',
        0b1_110 => 'g',
        0b1_111 => 'o',
        0b1_0000 => 'h',
        0b1_0001 => 'v',
        0b1_0010 => 'f',
        0b1_0100 => 'l',
        0b1_0110 => 'p',
        0b1_0111 => 'j',
        0b1_1000 => 'b',
        0b1_1001 => 'x',
        0b1_1010 => 'c',
        0b1_1011 => 'y',
        0b1_1100 => 'z',
        0b1_1101 => 'q',
        0b1_11111 => '0',
        0b1_01111 => '1',
        0b1_00111 => '2',
        0b1_00011 => '3',
        0b1_00001 => '4',
        0b1_00000 => '5',
        0b1_10000 => '6',
        0b1_11000 => '7',
        0b1_11100 => '8',
        0b1_11110 => '9',
        0b1_010101 => '.',
        0b1_110011 => ',',
        0b1_001100 => '?',
        0b1_101011 => '!',
        0b1_011110 => '\'',
        0b1_100001 => '-',
        0b1_111000 => ':',
        _ => return None,
    })
}
