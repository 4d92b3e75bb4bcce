//! Morse: `.. --. -. --- .-. .`, words parted by `/` or wider blanks.

use super::{Found, Source};
use crate::text::trace::Rewriter;
use crate::verdict::Step;

/// Letters of the shortest text.
const LEAST: usize = 10;
/// Signs of the longest letter.
const LONGEST: usize = 6;

const CODES: &[(&str, char)] = &[
    (".-", 'a'),
    ("-...", 'b'),
    ("-.-.", 'c'),
    ("-..", 'd'),
    (".", 'e'),
    ("..-.", 'f'),
    ("--.", 'g'),
    ("....", 'h'),
    ("..", 'i'),
    (".---", 'j'),
    ("-.-", 'k'),
    (".-..", 'l'),
    ("--", 'm'),
    ("-.", 'n'),
    ("---", 'o'),
    (".--.", 'p'),
    ("--.-", 'q'),
    (".-.", 'r'),
    ("...", 's'),
    ("-", 't'),
    ("..-", 'u'),
    ("...-", 'v'),
    (".--", 'w'),
    ("-..-", 'x'),
    ("-.--", 'y'),
    ("--..", 'z'),
    ("-----", '0'),
    (".----", '1'),
    ("..---", '2'),
    ("...--", '3'),
    ("....-", '4'),
    (".....", '5'),
    ("-....", '6'),
    ("--...", '7'),
    ("---..", '8'),
    ("----.", '9'),
    (".-.-.-", '.'),
    ("--..--", ','),
    ("..--..", '?'),
    (".----.", '\''),
    ("-.-.--", '!'),
    ("-..-.", '/'),
    ("---...", ':'),
    ("-....-", '-'),
    (".-..-.", '"'),
];

/// Decodes rows of letters in dots and dashes. Costs one look at each character.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let mut out = Rewriter::default();
    let (mut start, mut end, mut letters) = (0, 0, 0);
    let mut at = 0;
    for token in text.split_inclusive(char::is_whitespace) {
        let word = token.trim_end();
        let place = at;
        at += token.len();
        let parts = letters_of(word);
        match parts {
            Some(_) if word.is_empty() => {
                if letters > 0 {
                    out.push(' ', place);
                }
            }
            Some(parts) => {
                if letters == 0 {
                    out = Rewriter::default();
                    start = place;
                }
                letters += parts.chars().filter(|c| *c != ' ').count();
                out.push_str(&parts, place);
                if token.ends_with('\n') {
                    out.push(' ', place);
                }
                end = place + word.len();
            }
            None => {
                give(std::mem::take(&mut out), start..end, letters, found);
                letters = 0;
            }
        }
    }
    give(out, start..end, letters, found);
}

fn give(out: Rewriter, span: std::ops::Range<usize>, letters: usize, found: &mut Found) {
    // Dots and dashes alone draw lines.
    let kinds = out.text().chars().filter(|c| c.is_alphabetic()).collect::<std::collections::BTreeSet<_>>().len();
    if letters >= LEAST && kinds >= 4 {
        found.keep_rewritten(span, out, Step::Morse);
    }
}

/// A token of Morse: letters, parted by slashes; nothing for an empty one.
fn letters_of(word: &str) -> Option<String> {
    let mut out = String::new();
    for (index, part) in word.split(['/', '|']).enumerate() {
        if index > 0 {
            out.push(' ');
        }
        if part.is_empty() {
            continue;
        }
        let signs: Option<String> = part
            .chars()
            .take(LONGEST + 1)
            .map(|c| match c {
                '.' | '·' | '•' | '∙' => Some('.'),
                '-' | '−' | '–' | '—' | '_' => Some('-'),
                _ => None,
            })
            .collect();
        let signs = signs?;
        out.push(CODES.iter().find(|(code, _)| *code == signs)?.1);
    }
    Some(out)
}
