//! A text in plain letters, for what is read letter by letter after it: styled letters become those that they stand for,
//! capitals stay capitals, and what nobody sees is gone.

use super::fold::{Folded, fold, fold_keeping_case};
use super::trace::{Rewriter, Trace};

/// `text` in plain letters, with the way back. What stands for nothing in ASCII stays as it is.
///
/// Folding proper makes all letters small, which is right for words and wrong for base64.
#[must_use]
pub fn plain(text: &str) -> (String, Trace) {
    let mut out = Rewriter::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if c.is_ascii() {
            if takes_back(c) || !matches!(fold(c), Folded::Drop) {
                out.push(c, at);
            }
            continue;
        }
        match fold_keeping_case(c) {
            Folded::Drop => {}
            Folded::Blank => out.push(if matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') { '\n' } else { ' ' }, at),
            Folded::Letter(plain) | Folded::Symbol(plain) if plain.is_ascii() => out.push(plain, at),
            Folded::Sequence(text) if text.is_ascii() => out.push_str(text, at),
            _ => out.push(c, at),
        }
    }
    out.finish(text.len())
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
        }
    }
}
