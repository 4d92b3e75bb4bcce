//! Bacon's cipher: five of two letters for one, `ABAAA AABBA`.

use super::{Found, Source};
use crate::verdict::Step;

/// Letters that must come out.
const LEAST: usize = 8;
/// The old alphabet, in which `i` is `j` and `u` is `v` too.
const OLD: &[u8] = b"abcdefghiklmnopqrstuwxyz";

/// Decodes words of five `A` and `B`, in the alphabet of 26 letters and in the old one. Costs two looks at each byte.
pub fn find(source: &Source<'_>, found: &mut Found) {
    let text = source.text;
    let (mut values, mut start, mut end, mut at) = (Vec::new(), 0, 0, 0);
    for token in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '-')) {
        let word = token.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if !word.is_empty() {
            match value(word) {
                Some(more) => {
                    if values.is_empty() {
                        start = at;
                    }
                    values.extend(more);
                    end = at + word.len();
                }
                None => give(&mut values, start..end, found),
            }
        }
        at += token.len();
    }
    give(&mut values, start..end, found);
}

/// The values of a word of five letters, or of a whole number of fives.
fn value(word: &str) -> Option<Vec<u8>> {
    let groups = word.as_bytes().as_chunks::<5>();
    if !groups.1.is_empty() {
        return None;
    }
    let bit = |byte: &u8| match byte {
        b'a' | b'A' | b'0' => Some(0),
        b'b' | b'B' | b'1' => Some(1),
        _ => None,
    };
    let of_group = |group: &[u8; 5]| group.iter().try_fold(0, |value, byte| Some(value << 1 | bit(byte)?));
    groups.0.iter().map(of_group).collect()
}

fn give(values: &mut Vec<u8>, span: std::ops::Range<usize>, found: &mut Found) {
    let values = std::mem::take(values);
    if values.len() < LEAST {
        return;
    }
    let of_26: Option<String> = values.iter().map(|value| (*value < 26).then(|| char::from(b'a' + value))).collect();
    let of_24: Option<String> =
        values.iter().map(|value| OLD.get(usize::from(*value)).map(|letter| char::from(*letter))).collect();
    for text in [of_26, of_24].into_iter().flatten() {
        found.keep(span.clone(), text, Step::Bacon);
    }
}
