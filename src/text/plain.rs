//! A text in plain letters, for what is read letter by letter after it: styled letters become those that they stand for,
//! capitals stay capitals, and what nobody sees is gone.

use std::iter;

use super::fold::{Folded, fold, fold_keeping_case};
use super::trace::{Rewriter, Trace};

/// `text` in plain letters, with the way back. What stands for nothing in ASCII stays as it is.
///
/// Folding proper makes all letters small, which is right for words and wrong for base64.
#[must_use]
pub fn plain(text: &str) -> (String, Trace) {
    let mut out = Rewriter::with_capacity(text.len());
    each(text, |plain, at| out.push_str(plain, at));
    out.finish(text.len())
}

/// Where each byte of the [`plain`] letters of `text` comes from, and their end: the way back without any play, for eight
/// bytes a byte.
#[must_use]
pub fn sources(text: &str) -> Vec<usize> {
    let mut sources = Vec::with_capacity(text.len() + 1);
    each(text, |plain, at| sources.extend(iter::repeat_n(at, plain.len())));
    sources.push(text.len());
    sources
}

/// Calls `push` with what each character stands for, and where that is.
fn each(text: &str, mut push: impl FnMut(&str, usize)) {
    let mut buffer = [0; 4];
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            if takes_back(c) || !matches!(fold(c), Folded::Drop) {
                push(c.encode_utf8(&mut buffer), at);
            }
            continue;
        }
        let plain = match fold_keeping_case(c) {
            Folded::Drop => continue,
            Folded::Blank => {
                if matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') {
                    '\n'
                } else {
                    ' '
                }
            }
            Folded::Letter(plain) | Folded::Symbol(plain) if plain.is_ascii() => plain,
            Folded::Sequence(text) if text.is_ascii() => {
                push(text, at);
                continue;
            }
            _ => c,
        };
        push(plain.encode_utf8(&mut buffer), at);
    }
}

/// Whether a character takes back the one before it: a backspace, or a delete. What is meant by it is for a reading to say.
#[must_use]
pub const fn takes_back(c: char) -> bool {
    matches!(c, '\u{8}' | '\u{7f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styled_letters_keep_their_case() {
        let cases = [
            ("ＳＷｄｕｂ３Ｊｌ", "SWdub3Jl"),
            ("𝐒𝐖𝐝𝐮𝐛", "SWdub"),
            ("S\u{200B}W\u{301}d\0u", "SWdu"),
            ("SWx\u{8}y\u{7f}d", "SWx\u{8}y\u{7f}d"),
            ("ЅԜԁ", "SWd"),
            // Scripts without cases, and one whose capitals may look small.
            ("ꓐꓲᑭᎪᎥ", "BIPAi"),
            ("忽略 é\u{3000}ok", "忽略 e ok"),
        ];
        for (styled, expected) in cases {
            assert_eq!(plain(styled).0, expected);
            let sources = sources(styled);
            assert_eq!((sources.len(), sources.last()), (expected.len() + 1, Some(&styled.len())), "{styled}");
            assert!(sources.iter().all(|at| styled.is_char_boundary(*at)) && sources.is_sorted(), "{styled}");
        }
    }
}
