//! Escapes of programming languages and style sheets: `\u0049`, `\u{49}`, `\x49`, `\111`, `\49 `, and `U+0049`.

use super::{Decoder, Found, Source};
use crate::text::escape::{self, Escape};
use crate::text::seen::Seen;
use crate::verdict::Step;

/// See [`find`].
pub const DECODER: Decoder = Decoder { calls: Seen::BACKSLASH.with(Seen::PLUS), find };

/// Backslashes before one escape. A page of them would be read anew at each.
const MOST_MARKS: usize = 64;

/// Undoes escapes in place. Costs up to four looks at each byte.
///
/// A backslash before digits is read as octal where three octal digits follow, and as that of a style sheet otherwise;
/// a text in which that of a style sheet could be either is read both ways.
pub fn find(source: &Source<'_>, found: &mut Found) {
    if source.seen.any(Seen::BACKSLASH) {
        let (octal, style) = numbers(source.text);
        if octal || !style {
            escape::undo(source.text, '\\', 2, Step::Escapes, found, |rest| escape_of(rest, true));
        }
        if style {
            escape::undo(source.text, '\\', 6, Step::Escapes, found, |rest| escape_of(rest, false));
        }
    }
    if source.seen.any(Seen::PLUS) {
        escape::undo(source.text, 'U', 4, Step::Escapes, found, code_point);
        escape::undo(source.text, 'u', 4, Step::Escapes, found, code_point);
    }
}

/// Whether there are numbers behind a backslash that can be octal, and such that can only be those of a style sheet.
fn numbers(text: &str) -> (bool, bool) {
    let (mut octal, mut style) = (false, false);
    for (at, _) in text.match_indices('\\') {
        let digits = text.as_bytes().get(at + 1..at + 4).unwrap_or_default();
        let hex = digits.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let eight = digits.iter().take_while(|byte| matches!(byte, b'0'..=b'7')).count();
        octal |= eight == 3;
        style |= hex >= 2 && eight < 3;
    }
    (octal, style)
}

fn number(digits: &str, radix: u32) -> Option<u32> {
    let clean = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    if clean { u32::from_str_radix(digits, radix).ok() } else { None }
}

fn escape_of(rest: &str, octal: bool) -> Option<Escape> {
    // JSON within JSON doubles the backslashes.
    let marks = rest.bytes().take(MOST_MARKS + 1).take_while(|byte| *byte == b'\\').count();
    if marks > MOST_MARKS {
        return None;
    }
    let after = rest.get(marks..)?;
    let first = after.chars().next()?;
    let body = after.get(first.len_utf8()..)?;
    match first {
        'u' | 'U' if body.starts_with('{') => {
            let end = body.find('}').filter(|end| *end <= 9)?;
            Some(Escape::char(char::from_u32(number(body.get(1..end)?, 16)?)?, marks + 1 + end + 1))
        }
        'U' if body.get(..8).is_some_and(|digits| number(digits, 16).is_some()) => {
            Some(Escape::char(char::from_u32(number(body.get(..8)?, 16)?)?, marks + 9))
        }
        'u' | 'U' => Some(Escape::unit(number(body.get(..4)?, 16)?, marks + 5)),
        'x' | 'X' => {
            if let Some(inner) = body.strip_prefix('{') {
                let end = inner.find('}').filter(|end| *end <= 8)?;
                return Some(Escape::char(char::from_u32(number(inner.get(..end)?, 16)?)?, marks + end + 3));
            }
            Some(Escape::byte(u8::try_from(number(body.get(..2)?, 16)?).ok()?, marks + 3))
        }
        '0'..='7' if octal && after.get(..3).is_some_and(|digits| number(digits, 8).is_some()) => {
            Some(Escape::byte(u8::try_from(number(after.get(..3)?, 8)?).ok()?, marks + 3))
        }
        // A style sheet takes up to six digits, and a blank after them that belongs to the escape.
        _ if first.is_ascii_hexdigit() => {
            let len = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
            let c = char::from_u32(number(after.get(..len)?, 16)?).filter(|c| *c >= ' ')?;
            let blank = usize::from(after.get(len..).is_some_and(|rest| rest.starts_with([' ', '\t', '\n'])));
            (len >= 2).then(|| Escape::char(c, marks + len + blank))
        }
        'n' | 'r' | 't' => Some(Escape::char(' ', marks + 1)),
        _ => None,
    }
}

fn code_point(rest: &str) -> Option<Escape> {
    let digits = rest.get(1..)?.strip_prefix('+')?;
    let len = digits.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
    let c = char::from_u32(number(digits.get(..len)?, 16)?).filter(|_| len >= 4)?;
    // What parts two of them belongs to them, unless it is more than a blank.
    let blank = digits.get(len..).and_then(|rest| rest.strip_prefix([' ', ',']));
    let parted = blank.is_some_and(|rest| rest.trim_start().starts_with(['U', 'u']));
    Some(Escape::char(c, 2 + len + usize::from(parted)))
}
