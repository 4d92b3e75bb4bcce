//! Phone numbers.

/// Most digits of an international number (E.164).
const LONGEST: usize = 15;
/// Fewest digits of a number that is taken for an international one without `+` or `00`; shorter ones are short codes.
const SHORTEST: usize = 7;

/// A phone number in its one spelling, from plain ASCII: `+` and digits where it is international, digits alone where it is
/// a national number (a single leading `0`) or a short code. None where it is no number.
///
/// Gateways hand over international numbers, some without the `+`. No country's code begins with 0, so `00` can only be
/// the prefix that stands for `+`; and a national number stays apart from every international one.
pub(super) fn number(id: &str) -> Option<String> {
    let (plus, rest) = match id.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, id),
    };
    let mut digits = String::with_capacity(id.len());
    for c in rest.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '.' | '(' | ')' | '/' => {}
            _ => return None,
        }
    }
    let international = match digits.strip_prefix("00") {
        Some(rest) if !plus && !rest.is_empty() && !rest.starts_with('0') => Some(rest),
        _ if plus || (digits.len() >= SHORTEST && !digits.starts_with('0')) => Some(digits.as_str()),
        _ => None,
    };
    match international {
        _ if digits.is_empty() => None,
        Some(number) if number.len() <= LONGEST => Some(format!("+{number}")),
        Some(_) => None,
        None => Some(digits),
    }
}
