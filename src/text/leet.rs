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
    let meets = |pair: &[u8]| match pair {
        [a, b'!'] => *a != b'!' && is_sign(*a) && a.is_ascii(),
        [a, b] => is_sign(*a) && b.is_ascii_alphabetic() || a.is_ascii_alphabetic() && is_sign(*b),
        _ => false,
    };
    (0..).zip(text.windows(2)).any(|(at, pair)| meets(pair) && !is_unit(text, at)) || is_spaced(text)
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

/// Whether letters and digits stand one by one, as in `1 g n 0 r 3`.
fn is_spaced(text: &[u8]) -> bool {
    let joined = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    (0_usize..).zip(text.windows(5)).any(|(at, five)| match five {
        [a, b' ', b, b' ', c] => {
            let single = [a, b, c];
            single.iter().all(|byte| byte.is_ascii_alphanumeric())
                && single.iter().any(|byte| byte.is_ascii_digit())
                && single.iter().any(|byte| byte.is_ascii_alphabetic())
                && !joined(at.checked_sub(1))
                && !joined(Some(at + 5))
        }
        _ => false,
    })
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
