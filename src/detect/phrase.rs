//! The phrase language: `(ignore|disregard) [all] [of] the ... instruct*`.
//!
//! A phrase is a row of slots. A word must stand there; `(a|b c)` is one of several, each a word or a few; `[a|b]` is at
//! most one of them; `word*` is a word with any ending; `...` is a gap of up to three words, `... ...` one of up to six.

use std::fmt;

use crate::text::view::{Flavour, View};

/// Slots that one phrase may have.
pub const MAX_SLOTS: usize = 24;
/// Alternatives that one slot may have.
pub const MAX_ALTERNATIVES: usize = 64;
/// Gaps that may follow one another, each of up to three words.
pub const MAX_GAPS: usize = 3;
/// Bytes of letters that one alternative may have.
pub const MAX_PIECE: usize = 63;

/// A parsed phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The slots, in order.
    pub slots: Vec<Slot>,
}

/// One place in a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// One of these.
    One(Vec<Piece>),
    /// At most one of these.
    Maybe(Vec<Piece>),
    /// Up to three words of any kind.
    Gap,
}

/// One alternative: the folded letters of a word or a few.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Piece {
    /// Folded letters, in UTF-8, nothing between the words.
    pub letters: Box<str>,
    /// Bit n: a word begins at byte n. Bit 0 is always set.
    pub starts: u64,
    /// Whether the last word may have any ending.
    pub stem: bool,
}

/// Whether bit `at` is set. The letters of a literal can be more than the marks have bits.
pub(super) fn is_marked(marks: u64, at: usize) -> bool {
    at < 64 && marks >> at & 1 == 1
}

impl Piece {
    /// The words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let len = self.letters.len();
        let starts = move |at: usize| at == len || at < len && is_marked(self.starts, at);
        let mut at = 0;
        std::iter::from_fn(move || {
            let end = (at + 1..=len).find(|end| starts(*end))?;
            let word = self.letters.get(at..end);
            at = end;
            word
        })
    }
}

/// Why a phrase cannot be used, and at which byte of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseError {
    /// Byte offset in the phrase.
    pub at: usize,
    /// What is wrong: a lower-case fragment.
    pub why: String,
}

impl fmt::Display for PhraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl Phrase {
    /// The words of all its alternatives, but for those that may have any ending.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let pieces = self.slots.iter().flat_map(|slot| match slot {
            Slot::One(pieces) | Slot::Maybe(pieces) => pieces.as_slice(),
            Slot::Gap => &[],
        });
        pieces.filter(|piece| !piece.stem).flat_map(Piece::words)
    }

    /// Reads a phrase.
    ///
    /// # Errors
    /// When it does not follow the language, or is larger than its limits; with the place and how to mend it.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let mut slots = Vec::new();
        let mut rest = text;
        loop {
            rest = rest.trim_start();
            let at = text.len() - rest.len();
            let fail = |why: String| Err(PhraseError { at, why });
            let Some(first) = rest.chars().next() else { break };
            let (slot, len) = match first {
                '(' | '[' => {
                    let close = if first == '(' { ')' } else { ']' };
                    let Some(end) = rest.find(close) else {
                        return fail(format!("`{first}` is never closed by `{close}`"));
                    };
                    let inner = rest.get(1..end).unwrap_or_default();
                    if let Some(nested) = inner.find(['(', '[', ')', ']']) {
                        return Err(PhraseError { at: at + 1 + nested, why: "groups cannot be nested".to_owned() });
                    }
                    let pieces = alternatives(inner).map_err(|why| PhraseError { at, why })?;
                    (if first == '(' { Slot::One(pieces) } else { Slot::Maybe(pieces) }, end + 1)
                }
                ')' | ']' | '|' => return fail(format!("`{first}` stands outside of a group")),
                _ => {
                    let len = rest.find([' ', '\t', '\n', '(', '[', ')', ']', '|']).unwrap_or(rest.len());
                    let word = rest.get(..len).unwrap_or_default();
                    let slot = if word == "..." {
                        Slot::Gap
                    } else {
                        Slot::One(vec![piece(word).map_err(|why| PhraseError { at, why })?])
                    };
                    (slot, len)
                }
            };
            if slots.len() >= MAX_SLOTS {
                return fail(format!("a phrase has at most {MAX_SLOTS} slots; make two of it"));
            }
            if slot == Slot::Gap && slots.is_empty() {
                return fail("a gap `...` stands between two words".to_owned());
            }
            let gaps = slots.iter().rev().take_while(|slot| **slot == Slot::Gap).count();
            if slot == Slot::Gap && gaps >= MAX_GAPS {
                return fail(format!("at most {MAX_GAPS} gaps may follow one another"));
            }
            slots.push(slot);
            rest = rest.get(len..).unwrap_or_default();
        }
        if slots.is_empty() {
            return Err(PhraseError { at: 0, why: "the phrase is empty".to_owned() });
        }
        if slots.last() == Some(&Slot::Gap) {
            return Err(PhraseError { at: text.len(), why: "a gap `...` stands between two words".to_owned() });
        }
        Ok(Self { slots })
    }
}

fn alternatives(inner: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    for part in inner.split('|') {
        if part.trim().is_empty() {
            return Err("an alternative is empty; write `[a|b]` for at most one of them".to_owned());
        }
        let piece = piece(part)?;
        if !pieces.contains(&piece) {
            pieces.push(piece);
        }
    }
    if pieces.len() > MAX_ALTERNATIVES {
        return Err(format!("a group has at most {MAX_ALTERNATIVES} alternatives; make two phrases of it"));
    }
    Ok(pieces)
}

/// Folds a word or a few just as a text is folded, so that the two meet whatever the table does to a script.
fn piece(text: &str) -> Result<Piece, String> {
    let text = text.trim();
    let (body, stem) = text.strip_suffix('*').map_or((text, false), |body| (body, true));
    for c in body.chars() {
        if c.is_ascii_digit() {
            return Err(format!("`{text}` holds a digit; phrases are letters only, so make it a literal"));
        }
        if c.is_ascii_punctuation() && !matches!(c, '\'' | '-') {
            return Err(format!("`{text}` holds `{c}`; phrases are letters only, so make it a literal"));
        }
    }
    let mut view = View::new(Flavour::Letters);
    view.fill(body);
    let letters = std::str::from_utf8(view.bytes()).unwrap_or_default();
    if letters.is_empty() {
        return Err(format!("`{text}` has no letter"));
    }
    if letters.len() > MAX_PIECE {
        return Err(format!("`{text}` is longer than {MAX_PIECE} bytes"));
    }
    let starts = view.word_starts(0) & ((1 << letters.len()) - 1);
    Ok(Piece { letters: letters.into(), starts, stem })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        let shown = |pieces: &[Piece]| {
            let names = pieces.iter().map(|p| format!("{}{}", p.letters, if p.stem { "*" } else { "" }));
            names.collect::<Vec<_>>().join("|")
        };
        let slots = Phrase::parse(text).expect("is a phrase").slots;
        let parts = slots.iter().map(|slot| match slot {
            Slot::One(pieces) => format!("({})", shown(pieces)),
            Slot::Maybe(pieces) => format!("[{}]", shown(pieces)),
            Slot::Gap => "...".to_owned(),
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn reads_words_groups_gaps_and_endings() {
        let cases = [
            ("Ignore all", "(ignore) (all)"),
            (
                "(ignore|disregard)[all|any] of the ... instruct*",
                "(ignore|disregard) [all|any] (of) (the) ... (instruct*)",
            ),
            ("(system prompt|Don't tell*)", "(systemprompt|donttell*)"),
            ("(a|a|b)", "(a|b)"),
            ("Игнорируй всё", "(игнорируи) (все)"),
        ];
        for (text, expected) in cases.iter().take(4) {
            assert_eq!(shape(text), *expected, "{text}");
        }
        assert_eq!(Phrase::parse(cases[4].0).expect("is a phrase").slots.len(), 2);
    }

    #[test]
    fn words_of_an_alternative_keep_their_marks() {
        let Slot::One(pieces) = &Phrase::parse("(your system prompt)").expect("is a phrase").slots[0] else { panic!() };
        assert_eq!(pieces[0].starts, 1 | 1 << 4 | 1 << 10);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let long = "a".repeat(70);
        let many = vec!["abc"; 30].join(" ");
        let cases = [
            ("", 0, "empty"),
            ("... all", 0, "between two words"),
            ("all ...", 7, "between two words"),
            ("all ... ... ... ... of", 16, "at most 3 gaps"),
            ("say (a|b", 4, "never closed by `)`"),
            ("say (a|(b)", 7, "nested"),
            ("say a|b", 5, "outside of a group"),
            ("say (a||b)", 4, "alternative is empty"),
            ("gpt4 now", 0, "digit"),
            ("say <system>", 4, "make it a literal"),
            ("say -", 4, "no letter"),
            (long.as_str(), 0, "longer than 63 bytes"),
            (many.as_str(), 96, "at most 24 slots"),
        ];
        for (text, at, why) in cases {
            let error = Phrase::parse(text).expect_err(text);
            assert!(error.why.contains(why), "{text}: {error}");
            assert_eq!(error.at, at, "{text}: {error}");
        }
    }
}
