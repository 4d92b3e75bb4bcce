//! What a character stands for: compatibility form, lower case, look-alikes and invisible characters in one look-up.
//!
//! No normalisation runs at run time. The integration test `tests/fold_table.rs` computes, for every code point, NFKD,
//! full lower case, removal of combining marks and the confusables of UTS #39 (with small lists of its own for what
//! these leave out), and writes the outcome to `table.rs`. To change the folding, change the lists there and run
//! `SLUICEGATE_BLESS=1 cargo test --test fold_table`.
//!
//! The map looks at one code point at a time, so it cannot compose: conjoining Hangul jamo stay jamo. Letters of other
//! alphabets that look like Latin ones become Latin ones, which mixes alphabets in Russian or Greek text; this does no
//! harm, as the phrases of the rules are folded by the same map.

mod table;

use table::{ENTRIES, INDEX, TARGETS};

/// What one character becomes. See [`fold`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// A letter of a script that is written with spaces between words.
    Letter(char),
    /// A letter of a script that is written without spaces (Han, kana, Thai, Lao, Khmer, Burmese …). Each is a word of
    /// its own.
    Wide(char),
    /// A vowel sign or other mark that its script cannot be read without (Indic scripts, Thai …). It belongs to the
    /// letter before it; after an ASCII letter it is only decoration and should be dropped.
    Mark(char),
    /// Several characters, such as `fi` for the ligature, `ss` for `ß`, `1/2` for `½`. Each folds to itself (a space
    /// among them to [`Folded::Blank`]), so a caller may feed them to [`fold`] one by one without recursion.
    Sequence(&'static str),
    /// Punctuation, digits, emoji and the rest.
    Symbol(char),
    /// White space.
    Blank,
    /// Nothing: combining marks, invisible characters, controls, glyphs without ink, private characters.
    Drop,
}

/// Code points in one block of the table.
const BLOCK: usize = 128;

// Entries below `FIRST_TARGET` need no target. INVARIANT: the generator numbers them in the same way.
const SELF_SYMBOL: u16 = 0;
const SELF_LETTER: u16 = 1;
const SELF_WIDE: u16 = 2;
const SELF_MARK: u16 = 3;
const BLANK: u16 = 4;
const DROP: u16 = 5;
const FIRST_TARGET: u16 = 6;

/// What `c` stands for.
///
/// Folding is idempotent: every character that comes out folds to itself. It is meant for characters from U+0080 on;
/// a caller on a hot path should look ASCII up in a table of its own, but the answers for ASCII are the same.
///
/// Costs two dependent loads from some 150 KB of tables (most text touches a few cache lines of them), and a third for
/// characters that do not stay themselves. No allocation.
#[inline]
#[must_use]
pub fn fold(c: char) -> Folded {
    if c.is_ascii() {
        return ascii(c);
    }
    let code = c as usize;
    let Some(&block) = INDEX.get(code / BLOCK) else { return beyond(c) };
    let entry = ENTRIES.get(usize::from(block) * BLOCK + code % BLOCK).copied().unwrap_or(SELF_SYMBOL);
    match entry {
        SELF_SYMBOL => Folded::Symbol(c),
        SELF_LETTER => Folded::Letter(c),
        SELF_WIDE => Folded::Wide(c),
        SELF_MARK => Folded::Mark(c),
        BLANK => Folded::Blank,
        DROP => Folded::Drop,
        target => TARGETS.get(usize::from(target - FIRST_TARGET)).copied().unwrap_or(Folded::Symbol(c)),
    }
}

/// What `c` stands for, with a capital where `c` is one: `I` for `𝐈`, where [`fold`] says `i`. Base64 in styled letters
/// can be read afterwards.
///
/// Letters of styles with one case only are what Unicode calls them: `🄸` is a capital, `ɪ` is none. Letters of scripts
/// without cases are what they look like. Sequences stay in small letters. Costs what [`fold`] does, and a search in the
/// tables of the standard library for each letter.
#[must_use]
pub fn fold_keeping_case(c: char) -> Folded {
    match fold(c) {
        Folded::Letter(small) if looks_capital(c) => {
            let mut capitals = small.to_uppercase();
            let first = capitals.next().unwrap_or(small);
            Folded::Letter(if capitals.next().is_none() { first } else { small })
        }
        folded => folded,
    }
}

/// Whether a letter looks like a capital, after the shapes of the Unicode charts where its script has no cases.
fn looks_capital(c: char) -> bool {
    match c {
        // Cherokee letters are capitals by name, but some have the shape of a small one: i, h, b.
        '\u{13A5}' | '\u{13C2}' | '\u{13CF}' => false,
        // Of the syllabics, those that look like b, d, q and x.
        '\u{146F}' | '\u{1472}' | '\u{14C7}' | '\u{1541}' | '\u{157D}' | '\u{15AF}' => false,
        // Canadian syllabics and Lisu.
        '\u{1400}'..='\u{167F}' | '\u{A4D0}'..='\u{A4F7}' => true,
        c => c.is_uppercase(),
    }
}

const fn ascii(c: char) -> Folded {
    match c {
        'A'..='Z' | 'a'..='z' => Folded::Letter(c.to_ascii_lowercase()),
        '\t'..='\r' | ' ' => Folded::Blank,
        '\0'..='\x1f' | '\x7f' => Folded::Drop,
        _ => Folded::Symbol(c),
    }
}

/// What stands beyond the table: unassigned characters, then tags and variation selectors, then private ones.
#[cold]
const fn beyond(c: char) -> Folded {
    match c as u32 {
        0xE0000..=0xE0FFF | 0xF0000.. => Folded::Drop,
        _ => Folded::Symbol(c),
    }
}

#[cfg(test)]
mod tests;
