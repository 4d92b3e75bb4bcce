//! A sender on the screen: enough to tell senders apart, never the whole id.

use super::visible;

/// The id with its middle hidden, for a screen that others may see: `+1•••0123`, `@wa•••in`. At most ten columns.
///
/// What stands behind the `@` of an address names a service, not a person, and is left out. At least two characters are
/// always hidden; of an id that is too short for that, only the first is shown.
pub fn masked(id: &str) -> String {
    let id = id.trim();
    // A longer id is no name; its middle is hidden anyway, and `end` must not be asked of a megabyte.
    let person = match id.rfind('@') {
        Some(at) if at > 0 => id.get(..at).unwrap_or(id),
        _ => id,
    };
    let digits = || person.chars().filter(char::is_ascii_digit);
    let is_phone = person.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')' | '/'));
    if is_phone && digits().count() >= 7 {
        let plus = if person.starts_with('+') { "+" } else { "" };
        let count = digits().count();
        let (first, last): (String, String) = (digits().take(1).collect(), digits().skip(count - 4).collect());
        return format!("{plus}{first}•••{last}");
    }
    let (sign, name) = person.strip_prefix('@').map_or(("", person), |name| ("@", name));
    let letters: Vec<char> = name.chars().take(64).collect();
    let shown = match letters.len() {
        0 => return String::new(),
        1..=2 => "•••".to_owned(),
        3..=5 => letters.iter().take(1).chain(&['•'; 3]).collect(),
        _ => {
            let end: Vec<char> = name.chars().rev().take(2).collect();
            letters.iter().take(2).chain(&['•'; 3]).chain(end.iter().rev()).collect::<String>()
        }
    };
    visible::cut(&format!("{sign}{shown}"), 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_the_middle() {
        let cases = [
            ("+1 555 010-0123", "+1•••0123"),
            ("+15550100123", "+1•••0123"),
            ("15550100123@s.whatsapp.net", "1•••0123"),
            ("123456789", "1•••6789"),
            ("@walk_in", "@wa•••in"),
            ("anna.example@mail.example", "an•••le"),
            ("U024BE7LH", "U0•••LH"),
            ("bob", "b•••"),
            ("jo", "•••"),
            ("12345", "1•••"),
            ("@", ""),
            ("", ""),
            ("漢字漢字漢字", "漢字•••漢…"),
            ("a\x1b[2Jb\u{202e}", "a␛•••b…"),
        ];
        for (id, shown) in cases {
            assert_eq!(masked(id), shown, "{id}");
        }
    }

    #[test]
    fn never_shows_a_whole_id() {
        for length in 1..40 {
            let id: String = ('a'..='z').cycle().take(length).collect();
            let shown = masked(&id).replace('•', "");
            assert!(shown.len() + 2 <= length || shown.is_empty(), "{id} became {shown}");
        }
    }
}
