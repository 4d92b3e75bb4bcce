//! The end and the beginning of a text, measured in letters.

use crate::text::fold::{Folded, fold};

/// Letters and digits that are carried from one message to the next.
pub const CARRY_LETTERS: usize = 96;
/// Bytes of one message that are carried at most.
const BYTES: usize = 512;
/// Characters in a row that are no letters and still carried. What goes beyond would push the letters out.
const IDLE: usize = 32;

/// The end of a text from its `wanted`-last letter on, at most [`BYTES`], and how many letters that is. Of a long stretch
/// without letters only a part is kept.
pub(super) fn end_of(text: &str, wanted: usize) -> (String, usize) {
    if let Some((start, letters)) = end_of_ascii(text, wanted) {
        return (text.get(start..).unwrap_or_default().to_owned(), letters);
    }
    let (mut start, mut bytes, mut letters) = (text.len(), 0, 0);
    for (at, c, letter) in from_the_end(text, wanted) {
        (start, bytes, letters) = (at, bytes + c.len_utf8(), letters + usize::from(letter));
    }
    match text.get(start..) {
        Some(end) if end.len() == bytes => (end.to_owned(), letters),
        _ => {
            let kept: Vec<char> = from_the_end(text, wanted).map(|(_, c, _)| c).collect();
            (kept.into_iter().rev().collect(), letters)
        }
    }
}

/// The same for what most texts are: where the end begins, and its letters. None where it is not all ASCII, or long.
fn end_of_ascii(text: &str, wanted: usize) -> Option<(usize, usize)> {
    let (mut idle, mut letters) = (0, 0);
    for (at, byte) in text.bytes().enumerate().rev().take(BYTES) {
        if byte.is_ascii_alphanumeric() {
            if letters == wanted {
                return Some((at + 1, letters));
            }
            (idle, letters) = (0, letters + 1);
        } else {
            idle += 1;
            if idle > IDLE || !byte.is_ascii() {
                return None;
            }
        }
    }
    (text.len() <= BYTES).then_some((0, letters))
}

/// The characters to keep, the last first: each with its place and whether it is a letter.
fn from_the_end(text: &str, wanted: usize) -> impl Iterator<Item = (usize, char, bool)> {
    let (mut idle, mut bytes, mut letters) = (0, 0, 0);
    let kept = text.char_indices().rev().filter_map(move |(at, c)| {
        let letter = is_letter(c);
        idle = if letter { 0 } else { idle + 1 };
        (idle <= IDLE).then_some((at, c, letter))
    });
    kept.take_while(move |(_, c, letter)| {
        bytes += c.len_utf8();
        letters += usize::from(*letter);
        bytes <= BYTES && letters <= wanted
    })
}

/// The beginning of a text up to its letter number [`CARRY_LETTERS`]. What is no letter is not counted, however much of it
/// there is: the text is searched anyway, so this costs no more than that once again.
pub(super) fn beginning_of(text: &str) -> &str {
    let end = text.char_indices().filter(|(_, c)| is_letter(*c)).nth(CARRY_LETTERS).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// Letters and digits, which are what phrases and encodings are made of.
pub(super) fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || !c.is_ascii() && matches!(fold(c), Folded::Letter(_) | Folded::Wide(_) | Folded::Sequence(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_whole_characters_and_holds_the_letters_whatever_stands_between() {
        let long = "x".repeat(200);
        let cases = [
            ("", String::new(), 0),
            ("grün 9", "grün 9".to_owned(), 5),
            (&long, "x".repeat(CARRY_LETTERS), CARRY_LETTERS),
            (&format!("ab{}", "\u{200b}".repeat(900)), format!("ab{}", "\u{200b}".repeat(IDLE)), 2),
            (&format!("a{}b", "-".repeat(900)), format!("a{}b", "-".repeat(IDLE)), 2),
        ];
        for (text, end, letters) in cases {
            assert_eq!(end_of(text, CARRY_LETTERS), (end, letters), "{text}");
        }
        let mixed = format!("{long} é. {}", "ab 1-".repeat(30));
        let (end, letters) = end_of(&mixed, CARRY_LETTERS);
        let plain: String = from_the_end(&mixed, CARRY_LETTERS).map(|(_, c, _)| c).collect();
        assert_eq!((end.chars().rev().collect::<String>(), letters), (plain, CARRY_LETTERS), "both ways agree");
        let (end, letters) = end_of(&"𝐢\u{200b}\u{200b}".repeat(300), CARRY_LETTERS);
        assert!(end.len() <= BYTES && letters >= 48, "{letters} letters in {} bytes", end.len());
        assert_eq!(beginning_of(&long).len(), CARRY_LETTERS);
        assert_eq!(beginning_of("a b"), "a b");
    }
}
