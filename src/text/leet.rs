//! Whether digits and symbols stand in for letters.

/// Whether a byte can stand for a letter: a digit, `@ $ ! | +`, or part of a character outside of ASCII, which may fold to
/// one of them.
#[must_use]
pub const fn is_sign(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'@' | b'$' | b'!' | b'|' | b'+') || byte >= 0x80
}

/// Whether a text is worth reading as leet: a digit or symbol stands next to a letter, and it is no number with its unit
/// (`3pm`, `2nd`, `10km`) and no exclamation mark at the end of a word; or letters and digits stand one by one. One pass.
#[must_use]
pub fn has_leet(text: &[u8]) -> bool {
    let mut start = 0;
    text.chunks(CHUNK).any(|chunk| {
        let at = start;
        start += chunk.len();
        // Without a branch on the single byte, so that many are looked at in one go.
        chunk.iter().fold(false, |any, byte| any | is_ascii_sign(*byte))
            && (at..).zip(chunk).any(|(at, byte)| is_ascii_sign(*byte) && (stands_in(text, at) || is_spaced(text, at)))
    })
}

/// Bytes that are looked at in one go.
const CHUNK: usize = 32;

const fn is_ascii_sign(byte: u8) -> bool {
    byte.is_ascii_digit() | (byte == b'@') | (byte == b'$') | (byte == b'!') | (byte == b'|') | (byte == b'+')
}

/// Whether the sign at `at` stands next to a letter, in a word of which it may be a letter.
fn stands_in(text: &[u8], at: usize) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let (before, after) = (letter(at.checked_sub(1)), letter(Some(at + 1)));
    let exclamation = text.get(at) == Some(&b'!');
    after && !is_unit(text, at) || before && !after && !exclamation
}

/// Whether the letter at `at + 1` belongs to the unit of a number that ends at `at`.
fn is_unit(text: &[u8], at: usize) -> bool {
    let (before, after) = text.split_at_checked(at + 1).unwrap_or_default();
    let number = before.last().is_some_and(u8::is_ascii_digit);
    let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let glued = before.iter().rev().nth(digits).is_some_and(u8::is_ascii_alphanumeric);
    let letters = after.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let ended = after.get(letters).is_none_or(|byte| !is_sign(*byte) || *byte == b'!');
    number && !glued && ended && is_unit_name(after.get(..letters).unwrap_or_default())
}

/// What stands behind a number without making it a word.
fn is_unit_name(letters: &[u8]) -> bool {
    const UNITS: [&str; 24] = [
        "am", "pm", "st", "nd", "rd", "th", "km", "kg", "cm", "mm", "gb", "mb", "kb", "tb", "ms", "h", "m", "s", "x",
        "k", "g", "d", "min", "px",
    ];
    UNITS.iter().any(|unit| letters.eq_ignore_ascii_case(unit.as_bytes()))
}

/// Whether the digit at `at` and its neighbours stand one by one, as in `g n 0 r e`.
fn is_spaced(text: &[u8], at: usize) -> bool {
    let Some(start) = at.checked_sub(2) else { return false };
    let joined = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    match text.get(start..at + 3) {
        Some([a, b' ', b, b' ', c]) => {
            let single = [a, b, c];
            single.iter().all(|byte| byte.is_ascii_alphanumeric())
                && (a.is_ascii_alphabetic() || c.is_ascii_alphabetic())
                && !joined(start.checked_sub(1))
                && !joined(Some(at + 3))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_leet_from_numbers_with_units() {
        let cases = [
            ("1gn0re", true),
            ("ignore 4ll rules", true),
            ("rul35", true),
            ("@ll of it", true),
            ("1 g n 0 r 3", true),
            ("see you at 3pm on the 2nd, 10km away", false),
            ("Hello! Great!!", false),
            ("room 12 at 5 o'clock", false),
            ("1 + 2 = 3", false),
            ("100%", false),
            ("covid19 and mp3", true),
            ("3pm!", false),
            ("4ll", true),
            ("", false),
        ];
        for (text, expected) in cases {
            assert_eq!(has_leet(text.as_bytes()), expected, "{text}");
        }
    }
}
